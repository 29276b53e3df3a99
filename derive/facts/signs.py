"""Signs: positive, nonnegative, nonzero, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import exp, pi

from derive.facts.factors import common_factor
from derive.facts.facts import Facts
from derive.facts.indices import distinct, is_dimension
from derive.facts.stated import Said, law_of
from derive.facts.verdict import UNKNOWN, Verdict, both, yes
from derive.terms import ONE, Term, add, free, is_num, mul, neg, num, same, subst

POSITIVE = frozenset({"Exponential", "GammaLaw", "BetaLaw", "ChiSquared"})  # with probability 1
NONNEGATIVE = POSITIVE | {"Bernoulli", "BinomialLaw", "Geometric", "Poisson"}
CONTINUOUS = frozenset({"Normal", "Uniform", "Exponential", "Laplace", "GammaLaw", "BetaLaw", "ChiSquared"})


def positive(facts: Facts, t: Term) -> Verdict:
    h = t.head
    if h == "Num":
        return yes("") if t.value > 0 else UNKNOWN
    if h in ("Pi", "E", "Exp", "Sigmoid"):
        return yes("")
    if h == "Sym" and is_dimension(facts, t):
        return yes(f"{facts.tex(t)} is a positive integer")
    if h == "Density":
        from derive.facts.supports import positive_density

        return positive_density(facts, t)
    if h == "At" and t.args[0].head in ("Sigmoid", "Softmax"):
        return yes(f"{facts.tex(t)} is positive, as what lies between $0$ and $1$")
    given = _given(facts, t, ("Gt",)) or _degrees(facts, t)
    if given:
        return given
    if h == "Mul":
        return _product(facts, t, positive)
    if h == "Add":
        parts = [nonnegative(facts, a) for a in t.args]
        if all(parts) and any(positive(facts, a) for a in t.args):
            return both(parts)
        v = _below_one(facts, t) or _moved(facts, t, True) or _ordered(facts, t) or _drawn(facts, t, positive) or _shifted(facts, t)
        return v if v or (factors := common_factor(t)) is None else both(positive(facts, a) for a in factors)
    if h == "Pow":
        base = positive(facts, t.args[0])
        if base:
            return base
        if is_num(t.args[1]) and t.args[1].value.denominator == 1 and t.args[1].value % 2 == 0:
            return nonzero(facts, t.args[0])
    if facts.almost_surely and h in ("At", "Sym"):
        return supported(facts, t, POSITIVE, "is positive with probability $1$")
    if h == "Sum" and is_num(t.domain[0], 1) and len(t.domain) == 2 and is_dimension(facts, t.domain[1]):
        # at least one term, and every term positive
        return positive(facts.enter(t), t.body) or _of_all_entries(facts, t)
    if h == "Integral" and (not t.domain or t.domain[1].head == "Infinity") and not any(t.var in free(g.prop) for g in facts.givens):
        return positive(facts.enter(t), t.body)  # over the whole space, or a half line; nothing that is said is of what it binds
    if h in ("Expect", "ExpectOver"):
        return positive(facts.enter(t), t.args[0] if h == "Expect" else t.body)
    if h == "Prod":
        return positive(facts.enter(t), t.body)  # 1 where there is no factor
    if h in NORMS:
        return nonzero(facts, t) or (_some_entry(facts, t.args[0]) if t.args[0].head == "Sym" else UNKNOWN)
    if h in ("Trace", "Det") or (h == "At" and len(t.args) == 3 and same(*t.args[1:])):
        return _definite(facts, t)
    if h in ("Max", "Min"):
        parts = [positive(facts, a) for a in t.args]
        return both(parts) if h == "Min" else next((v for v in parts if v), UNKNOWN)
    if h in ("Gamma", "Factorial"):
        return positive(facts, t.args[0]) or (nonnegative(facts, t.args[0]) if h == "Factorial" else UNKNOWN)
    return UNKNOWN


NORMS = frozenset({"Norm", "Norm1", "NormInf", "RMS", "Spectral", "Frobenius", "InducedRMS"})


def _some_entry(facts: Facts, x: Term) -> Verdict:
    """That an array is not 0, as a line says of it or of its entries: its norms are positive."""
    for g in facts.givens:
        p = g.prop
        while p.head == "ForAll":
            p = p.body
        if p.head == "Ne" and (p.args[0] == x and p.args[1].head == "Zeros" or (
                p.args[0].head == "At" and p.args[0].args[0] == x and is_num(p.args[1], 0))):  # fmt: skip
            return yes(f"line {g.line} says {facts.tex(p)}", g.line)
    return UNKNOWN


def _of_all_entries(facts: Facts, t: Term) -> Verdict:
    """The sum of the squares (even powers, absolute values) of all entries of an array that is not 0, times what is not 0 either."""
    found = _squares(t)
    if found is None:
        return UNKNOWN
    x, rest, beside = found
    bound = _bound(t)
    if any(b in free(a) for a in beside for b in bound):
        return UNKNOWN
    others = [*(nonzero(facts, a) for a in rest), *(positive(facts, a) for a in beside)]  # a bound index in them has no facts: not known
    some = _some_entry(facts, x)
    return both([some, *others, yes(f"not all entries of {facts.tex(x)} are $0$")]) if some and all(others) else UNKNOWN


def _squares(t: Term) -> tuple[Term, tuple[Term, ...], tuple[Term, ...]] | None:
    """The array of which a sum runs over an even power, or the size, of every entry; what stands beside the entry; what stands beside the power."""
    ranges: dict[Term, Term] = {}
    while t.head == "Sum" and len(t.domain) == 2 and is_num(t.domain[0], 1):
        ranges[t.var] = t.domain[1]
        t = t.body
    beside: tuple[Term, ...] = ()
    if t.head == "Mul":
        powers = [a for a in t.args if a.head in ("Pow", "Abs") and any(b in free(a) for b in ranges)]
        if len(powers) != 1:
            return None
        beside = tuple(a for a in t.args if a is not powers[0])
        (t,) = powers
    even = t.head == "Abs" or t.head == "Pow" and is_num(t.args[1]) and t.args[1].value > 0 and t.args[1].value % 2 == 0
    factors = (t.args[0].args if t.args[0].head == "Mul" else (t.args[0],)) if even else ()
    entries = [a for a in factors if a.head == "At" and a.args[0].head == "Sym" and set(a.args[1:]) == ranges.keys()]
    if len(entries) != 1:
        return None
    x, index = entries[0].args[0], entries[0].args[1:]
    if len(index) != len(ranges) or not all(same(ranges[i], d) for i, d in zip(index, x.sort.shape, strict=True)):
        return None
    return x, tuple(a for a in factors if a != entries[0]), beside


def _definite(facts: Facts, t: Term) -> Verdict:
    """The trace, the determinant or a diagonal entry of a positive definite matrix."""
    from derive.facts.definite import definite

    v = definite(facts, t.args[0])
    what = "determinant" if t.head == "Det" else "diagonal"
    return both([v, yes(f"a positive definite matrix has a positive {what}")]) if v else UNKNOWN


def _product(facts: Facts, t: Term, test: Callable[[Facts, Term], Verdict]) -> Verdict:
    """A product in which evenly many factors have the other sign."""
    verdicts, turned = [], 0
    for a in t.args:
        v = test(facts, a)
        if not v:
            v = test(facts, num(-a.value)) if a.head == "Num" else _below(facts, a, test is positive)
            turned += 1
        verdicts.append(v)
    return both(verdicts) if turned % 2 == 0 else UNKNOWN


def _below(facts: Facts, t: Term, strict: bool) -> Verdict:
    """That ``t`` is negative (or not positive), as a line says."""
    return _given(facts, t, ("Lt",) if strict else ("Lt", "Le"), other=True)


def _moved(facts: Facts, t: Term, strict: bool) -> Verdict:
    """``x + 1`` where a line says ``x > -1``."""
    number = sum((a.value for a in t.args if a.head == "Num"), Fraction(0))
    rest = add(*(a for a in t.args if a.head != "Num"))
    for g in facts.givens:
        if g.prop.head in ("Gt", "Ge") and is_num(g.prop.args[1]) and same(g.prop.args[0], rest):
            gap = g.prop.args[1].value + number
            if gap > 0 or gap == 0 and (not strict or g.prop.head == "Gt"):
                return yes(f"line {g.line} says {facts.tex(g.prop)}", g.line)
    return UNKNOWN


def _bounded(facts: Facts, t: Term) -> Verdict:
    """An index of a sum, above its lower limit or below its upper one."""
    for b in facts.scope:
        if same(add(b.hi, neg(b.var)), t) or same(add(b.var, neg(b.lo)), t) or (t == b.var and is_num(b.lo) and b.lo.value >= 0):
            return yes(f"{facts.tex(b.var)} runs from {facts.tex(b.lo)} to {facts.tex(b.hi)}")
    return UNKNOWN


def _below_one(facts: Facts, t: Term) -> Verdict:
    """``1 - sigmoid(a)``."""
    number, *rest = sorted(t.args, key=lambda a: a.head != "Num")
    if len(rest) == 1 and is_num(number) and number.value >= 1 and rest[0].head == "Mul":
        sign, *factors = rest[0].args
        if is_num(sign, -1) and len(factors) == 1 and factors[0].head == "Sigmoid":
            return yes(f"{facts.tex(factors[0])} is smaller than $1$")
    return UNKNOWN


def _ordered(facts: Facts, t: Term, strict: bool = True) -> Verdict:
    """``b - a`` where a line says ``a < b``, or draws from an interval from ``a`` to ``b``."""
    less, more = (("Lt",), ("Gt",)) if strict else (("Lt", "Le"), ("Gt", "Ge"))
    for g in facts.givens:
        p = g.prop
        a, b = p.args[:2] if p.head in less else p.args[1::-1] if p.head in more else (None, None)
        if p.head == "Dist" and p.args[1].head == "Uniform":
            a, b = p.args[1].args
        if a is not None and b is not None and same(add(b, neg(a)), t):
            if g.line == 0:
                return yes(f"{facts.tex(p)} where {facts.tex(a if free(a) else b)} runs")
            return yes(f"line {g.line} says {facts.tex(p)}", g.line)
    return UNKNOWN


def _drawn(facts: Facts, t: Term, test: Callable[[Facts, Term], Verdict]) -> Verdict:
    """``x - c`` where ``x`` is drawn from what lies above ``a``, and ``a - c`` has that sign; ``c - x`` alike."""
    for g in facts.givens:
        if g.kind != "average" or g.prop.head not in ("Gt", "Ge", "Lt", "Le"):
            continue
        x, end = g.prop.args
        drawn = law_of(facts, x) if facts.almost_surely else None
        mine = nonnegative if drawn is not None and drawn[0].head in CONTINUOUS else test  # an end of its range has no weight
        beside = [a for a in t.args if a != (x if g.prop.head in ("Gt", "Ge") else neg(x))]
        if len(beside) == len(t.args) - 1 and not any(x in free(a) for a in beside):
            v = mine(facts, add(*beside, end if g.prop.head in ("Gt", "Ge") else neg(end)))
            if v:
                return both([v, yes(f"{facts.tex(g.prop)} where {facts.tex(x)} is drawn")])
    return UNKNOWN


def _occupied(facts: Facts, t: Term) -> Verdict:
    """``n - k`` where k different indices of ``1, ..., n`` are at hand."""
    for n in (a for a in t.args if a.head == "Sym" and is_dimension(facts, a)):
        k = -sum(a.value for a in t.args if a.head == "Num")
        if len(t.args) != 2 or k <= 0:
            continue
        found: list[Term] = []
        for b in facts.scope:
            if is_num(b.lo, 1) and b.hi == n and all(distinct(facts, b.var, v) for v in found):
                found.append(b.var)
        if len(found) >= k:
            return yes(f"{', '.join(facts.tex(v) for v in found)} are {len(found)} different indices up to {facts.tex(n)}")
    return UNKNOWN


def _degrees(facts: Facts, t: Term) -> Verdict:
    """Degrees of freedom of a chi squared law are at least 1."""
    for g in facts.givens:
        if g.prop.head == "Dist" and g.prop.args[1].head == "ChiSquared" and same(g.prop.args[1].args[0], t):
            return yes(f"line {g.line} says {facts.tex(g.prop)}", g.line)
    return UNKNOWN


def _shifted(facts: Facts, t: Term, strict: bool = True) -> Verdict:
    """Positive integers are 1 plus something nonnegative: with that put in, no coefficient may be negative."""
    from derive.kernel.algebra import Algebra, TooLarge

    alg = Algebra()
    dims = [s for s in free(t) if is_dimension(facts, s)]
    try:
        p = alg.normal(subst(t, {s: add(ONE, s) for s in dims}))
    except TooLarge:
        return UNKNOWN
    totals: dict[tuple, float] = {}
    for m, c in p.items():
        value, rest = float(c), []
        for k, e in m:
            atom = alg.atoms[k]
            if atom.head in ("Pi", "Num", "E"):
                value *= {"Pi": pi, "E": exp(1)}.get(atom.head, float(atom.args[0]) if atom.args else 0.0) ** float(e)
            elif atom in dims and e > 0:
                rest.append((k, e))
            elif atom not in dims and (positive(facts, atom) or not strict and e > 0 and nonnegative(facts, atom)):
                rest.append((k, e))
            else:
                return UNKNOWN
        totals[tuple(rest)] = totals.get(tuple(rest), 0.0) + value
    if any(v < -1e-12 for v in totals.values()):
        return UNKNOWN
    least = totals.get((), 0.0)
    others = any(v > 1e-12 and not any(alg.atoms[k] in dims for k, _ in m) for m, v in totals.items() if m)
    if strict and not (least > 1e-12 or others):
        return UNKNOWN
    names = ", ".join(facts.tex(s) for s in sorted(dims, key=lambda s: s.name))
    return yes(f"{names} {'is' if len(dims) == 1 else 'are'} at least $1$") if dims else yes("multiplied out, it has no negative term")


def nonnegative(facts: Facts, t: Term) -> Verdict:
    h = t.head
    if h == "Num":
        return yes("") if t.value >= 0 else UNKNOWN
    if h in ("Abs", "Norm", "Norm1", "NormInf", "Spectral", "Frobenius", "InducedRMS", "RMS", "ReLU", "Var", "Prob", "Indicator", "Rank"):
        return yes(f"{facts.tex(t)} is never negative")
    p = positive(facts, t)
    if p:
        return p
    given = _given(facts, t, ("Ge", "Gt")) or (_bounded(facts, t) if h == "Sym" else UNKNOWN) or (_share(facts, t) if h == "At" else UNKNOWN)
    if given:
        return given
    if h == "Mul":
        return _product(facts, t, nonnegative)
    if h == "Add":
        parts = [nonnegative(facts, a) for a in t.args]
        if all(parts):
            return both(parts)
        v = (_moved(facts, t, False) or _ordered(facts, t, strict=False) or _drawn(facts, t, nonnegative) or _bounded(facts, t)
             or _shifted(facts, t, strict=False) or _occupied(facts, t))
        return v if v or (factors := common_factor(t)) is None else both(nonnegative(facts, a) for a in factors)
    if h == "Pow":
        e = t.args[1]
        if is_num(e) and e.value.denominator == 1 and e.value % 2 == 0 and e.value > 0:
            return yes(f"{facts.tex(t)} is a square")
        return nonnegative(facts, t.args[0])
    if facts.almost_surely and h in ("At", "Sym"):
        return supported(facts, t, NONNEGATIVE, "is never negative")
    if h in ("Max", "Min"):
        parts = [nonnegative(facts, a) for a in t.args]
        return both(parts) if h == "Min" else next((v for v in parts if v), UNKNOWN)
    if h in ("Expect", "Sum", "Prod", "ExpectOver"):
        inner = t.args[0] if h == "Expect" else t.body
        v = nonnegative(facts.enter(t), inner)
        return v if v else UNKNOWN
    return UNKNOWN


def _share(facts: Facts, t: Term) -> Verdict:
    """An entry of what a line calls a probability vector."""
    g = next((g for g in facts.givens if g.prop.head == "ProbabilityVector" and g.prop.args[0] == t.args[0]), None)
    return yes(f"no entry of a probability vector such as {facts.tex(t.args[0])} is negative", g.line) if g is not None else UNKNOWN


def nonzero(facts: Facts, t: Term) -> Verdict:
    h = t.head
    if h == "Num":
        return yes("") if t.value != 0 else UNKNOWN
    p = positive(facts, t) if h not in NORMS else UNKNOWN
    if p:
        return p
    given = _given(facts, t, ("Ne", "Gt", "Lt"))
    if given:
        return given
    if h == "Mul":
        return both(nonzero(facts, a) for a in t.args)
    if h == "Add" and (parts := common_factor(t)) is not None:
        return both(nonzero(facts, a) for a in parts)
    if h == "Pow":
        return nonzero(facts, t.args[0])
    if h in ("Sign", "Abs"):
        return nonzero(facts, t.args[0])
    if h in NORMS:
        for g in facts.givens:
            if g.prop.head == "Ne" and g.prop.args[1].head == "Zeros" and same(g.prop.args[0], t.args[0]):
                return yes(f"line {g.line} says {facts.tex(g.prop)}", g.line) if g.line else yes(f"{facts.tex(g.prop)} where {facts.tex(t.args[0])} runs")
        if t.args[0].head in ("Sign", "Abs", "Transpose"):
            return positive(facts, Term(h, t.args[0].args))
        if t.args[0].head == "Sym":  # one entry that is not 0 is enough
            return nonzero(facts, Term("At", (t.args[0], *(ONE for _ in t.args[0].sort.shape))))
    if facts.almost_surely:
        from derive.facts.chances import almost_surely_nonzero

        return almost_surely_nonzero(facts, t)
    return UNKNOWN


def compared(facts: Facts, head: str, t: Term) -> Verdict:
    """``t`` compared with 0: greater (``Gt``), not less (``Ge``), not equal (``Ne``)."""
    test = {"Gt": positive, "Ge": nonnegative, "Ne": nonzero}[head]
    v = test(facts, t)
    if v or not any(s in facts.definitions for s in free(t)):
        return v
    seen = facts.seen(t)
    w = test(facts, seen) if seen != t else UNKNOWN
    return both([yes(f"{facts.tex(t)} is {facts.tex(seen)}"), w]) if w else v


def wanting(facts: Facts, t: Term, head: str = "Gt") -> Term:
    """What would make ``t`` positive (or, with ``Ne``, not zero): said of the part whose sign is not known."""
    if t.head == "Mul":
        test = nonzero if head == "Ne" else positive
        open_ = [a for a in t.args if not test(facts, a)]
        if len(open_) == 1:
            return wanting(facts, open_[0], head)
    if t.head == "Add":  # what is taken away stands on the other side
        less = [a for a in t.args if a.head == "Num" and a.value < 0 or a.head == "Mul" and a.args[0].head == "Num" and a.args[0].value < 0]
        if less and len(less) < len(t.args):
            return Term(head, (add(*(a for a in t.args if a not in less)), add(*(_negated(a) for a in less))))
    if t.head == "Sum" and (found := _squares(t)) is not None and not any(b in free(a) for a in (*found[1], *found[2]) for b in _bound(t)):
        return Term("Ne", (found[0], Term("Zeros", found[0].sort.shape)))
    if t.head == "Pow" and is_num(t.args[1]) and t.args[1].value.denominator == 1:
        return wanting(facts, t.args[0], "Ne" if t.args[1].value % 2 == 0 else head)
    return Term(head, (t, num(0)))


def _bound(t: Term) -> list[Term]:
    return [t.var, *_bound(t.body)] if t.head == "Sum" else []


def _negated(t: Term) -> Term:
    if t.head == "Num":
        return num(-t.value)
    first, *rest = t.args
    return mul(*rest) if first.value == -1 else mul(num(-first.value), *rest)


def supported(facts: Facts, t: Term, laws: frozenset[str], words: str) -> Verdict:
    """A sign that the law of a random thing alone gives."""


    got = law_of(facts, t)
    if got is not None and (got[0].head in laws or got[0].head == "Uniform" and nonnegative(facts, got[0].args[0])):
        return yes(f"{facts.tex(t)} has the distribution {facts.tex(got[0])}, so it {words}", got[1])
    return UNKNOWN


def _given(facts: Facts, t: Term, heads: tuple[str, ...], other: bool = False) -> Verdict:
    for s in _compared(facts):
        table = s.at(t)
        if table is None:
            continue
        q = subst(s.body, table)
        a, b, head = q.args[0], q.args[1], q.head
        if is_num(a) and not is_num(b):
            a, b, head = b, a, {"Lt": "Gt", "Le": "Ge", "Gt": "Lt", "Ge": "Le"}.get(head, head)
        if s.line == 0 and head == "Gt" and not other and "Gt" in heads and same(a, t) and is_num(b, 0):  # no line: the range of an integral
            return yes(f"{facts.tex(t)} runs over positive numbers")
        if s.line == 0 and head in heads and same(a, t) and is_num(b, 0):  # no line: what a supremum runs over
            return yes(f"{facts.tex(Term(head, (t, b)))} where {facts.tex(t)} runs")
        if head in heads and same(a, t) and is_num(b, 0):
            return yes(f"line {s.line} says {facts.tex(Term(head, (t, b)))}", s.line)
        if not other and head in ("Gt", "Ge") and same(a, t) and is_num(b) and (b.value > 0 or b.value >= 0 and "Ge" in heads):
            return yes(f"line {s.line} says {facts.tex(Term(head, (t, b)))}", s.line)
    return UNKNOWN


def _compared(facts: Facts) -> list[Said]:
    """The givens, or parts of them, that compare two things."""
    got = facts.cache.get("compared")
    if got is None:
        said = [Said.of(p, g.line) for g in facts.givens for p in conjuncts(g.prop)]
        got = facts.cache["compared"] = [s for s in said if s.body.head in ("Gt", "Ge", "Ne", "Lt", "Le")]
    return got


def conjuncts(p: Term) -> list[Term]:
    return [q for a in p.args for q in conjuncts(a)] if p.head == "And" else [p]


__all__ = ["compared", "conjuncts", "positive", "nonnegative", "nonzero"]
