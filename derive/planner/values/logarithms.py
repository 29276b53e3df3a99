"""Closed forms with logarithms: as few as there can be, ``p log(p/q)`` and not ``p log p - p log q``.

A form is proposed by calculation alone. It stands only where the rules for logarithms take both it and what it comes from apart to
the same: they ask what has to be positive.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from derive.facts.facts import DERIVATIVES, Facts
from derive.facts.signs import positive
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Refused, Spot, by_algebra, by_rule
from derive.kernel.numbers import tidy
from derive.kernel.polynomials import Poly
from derive.kernel.step import Step
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, by_roles, with_head
from derive.planner.values.pretty import in_order, pretty, reading
from derive.planner.values.squares import over_lines
from derive.rulebook.model import Rule
from derive.terms import ONE, Path, Term, add, contains, mul, num, power, shape, subterms
from derive.terms.term import BINDERS

MORE = 5  # how much longer to read the form by logarithms may be
APART = frozenset({"Mul", "Pow", "Exp", "E", "Sym"})


def takes_apart(rule: Rule) -> bool:
    """A rule for the logarithm of a product, a quotient, a power, of 1 or e."""
    left = rule.claim.args[0]
    return rule.claim.head == "Eq" and left.head == "Ln" and left.args[0].head in APART and rule.role in ("expand", "collect", "evaluate") and not rule.when_asked


def whole_number(rw: Rewriter, line: Term, path: Path, facts: Facts) -> list[Hit]:
    """The logarithm of a number that is no prime, by its factors."""
    t = Spot(path).get(line)
    parts = factors(t.args[0].value) if t.head == "Ln" and t.args[0].head == "Num" else []
    if not parts or parts == [(int(parts[0][0]), 1)]:
        return []
    (p, k), rest = parts[0], parts[1:]
    first = Fraction(p) ** k
    for name, b in (("logarithm.of_product", {"a": num(first), "b": num(t.args[0].value / first)}), ("logarithm.of_power", {"a": num(p), "r": num(k)})):
        rule = rw.library.by_name.get(name)
        if rule is not None and bool(rest) == (name == "logarithm.of_product") and name not in rw.without:
            try:
                return [(Spot(path), by_rule(rule, b, line, Spot(path), rw.facts))]
            except Refused:
                pass
    return []


def _of_quotient(rule: Rule) -> bool:
    inside = rule.claim.args[0].args[0]
    return inside.head == "Mul" and any(a.head == "Pow" for a in inside.args)


QUOTIENTS = by_roles("logarithms of quotients", {"expand"}, lambda r: takes_apart(r) and _of_quotient(r))
LOGS = by_roles("logarithms apart", {"expand", "collect", "evaluate"}, takes_apart)
NUMBERS = Phase("logarithms of numbers", lambda rw, line, path, facts: iter(whole_number(rw, line, path, facts)), with_head("Ln"))


def apart(rw: Rewriter, line: Term) -> list[Step]:
    """The steps that take the logarithms in ``line`` apart."""
    return Rewriter(rw.library, rw.facts, (QUOTIENTS, LOGS, NUMBERS), rw.prove, without=rw.without).run(line)


def gathered(t: Term, facts: Facts) -> Term | None:
    """``t`` with logarithms whose numbers in front have one ratio put together; None where it is no sum of multiples of logarithms."""
    if shape(t) or not contains(t, "Ln") or any(u.head in BINDERS - DERIVATIVES and contains(u, "Ln") for u in subterms(t)):
        return None
    alg = Algebra()
    try:
        p = alg.normal(_apart(t))
    except TooLarge:
        return None
    fronts: dict[str, Poly] = {}
    rest: Poly = {}
    for m, c in p.items():
        logs = [(k, e) for k, e in m if alg.atoms[k].head not in DERIVATIVES and contains(alg.atoms[k], "Ln")]
        if not logs:
            rest[m] = c
        elif len(logs) == 1 and logs[0][1] == 1 and alg.atoms[logs[0][0]].head == "Ln":
            fronts.setdefault(logs[0][0], {})[tuple(x for x in m if x != logs[0])] = c
        else:
            return None
    groups: list[tuple[Poly, list[tuple[Term, Fraction]]]] = []
    for k, front in fronts.items():
        for base, members in groups:
            ratio = _ratio(front, base)
            if ratio is not None:
                members.append((alg.atoms[k].args[0], ratio))
                break
        else:
            groups.append((front, [(alg.atoms[k].args[0], Fraction(1))]))
    parts = sorted((_together(alg, base, members, facts) for base, members in groups), key=reading)
    other = over_lines(alg, rest) if rest else None
    parts += list(other.args if other.head == "Add" else (other,)) if other is not None else []
    parts.sort(key=lambda a: (_number(a).head == "Num" and a.head != "Mul", _negative(a)))
    if not parts:
        return num(0)
    first = next((a for a in parts if not _negative(a)), parts[0])
    return tidy(in_order(add(first, *(a for a in parts if a is not first))))


def _together(alg: Algebra, base: Poly, members: list[tuple[Term, Fraction]], facts: Facts) -> Term:
    """One logarithm with what stands in front of it, as positive as that can be said to be."""
    scale = Fraction(gcd(*(e.numerator for _, e in members)), lcm(*(e.denominator for _, e in members)))
    front, turned = (_line({m: c * s for m, c in base.items()}, alg) for s in (scale, -scale))
    if positive(facts, turned) or _negative(front) and not positive(facts, front):
        front, scale = turned, -scale
    sign = -1 if all(e / scale < 0 for _, e in members) else 1
    exponents = [(_argument(a), sign * e / scale) for a, e in members]
    above = [power(a, num(e)) if e != 1 else a for a, e in exponents if e > 0]
    below = [power(a, num(-e)) if e != -1 else a for a, e in exponents if e < 0]
    inside = mul(*_folded(above), *([power(mul(*_folded(below)), num(-1))] if below else []))
    factors_ = [num(sign)] if sign < 0 else []
    factors_ += [] if front == ONE else list(front.args) if front.head == "Mul" else [front]
    if len(factors_) > 1 and factors_[1].head == "Num":
        factors_[:2] = [num(-factors_[1].value)]
    return mul(*factors_, Term("Ln", (inside,)))


def _argument(t: Term) -> Term:
    """What a logarithm is taken of, with a minus not first."""
    return pretty(t) if t.head == "Add" else t


def _line(p: Poly, alg: Algebra) -> Term:
    """A factor over one line."""
    low: dict[str, Fraction] = {}
    for m in p:
        for k, e in m:
            if e < 0:
                low[k] = min(low.get(k, Fraction(0)), e)
    if not low or len(p) == 1:
        return pretty(alg.term(p))
    above = {}
    for m, c in p.items():
        exps = dict(m)
        for k, e in low.items():
            exps[k] = exps.get(k, Fraction(0)) - e
        above[tuple(sorted((k, e) for k, e in exps.items() if e))] = c
    return mul(pretty(alg.term(above)), power(mul(*(power(alg.atoms[k], num(-e)) if e != -1 else alg.atoms[k] for k, e in low.items())), num(-1)))


def _folded(parts: list[Term]) -> list[Term]:
    """The numbers of a product as one, in front."""
    number = Fraction(1)
    rest = []
    for a in parts:
        if a.head == "Num" or a.head == "Pow" and a.args[0].head == a.args[1].head == "Num" and a.args[1].value.denominator == 1:
            number *= a.value if a.head == "Num" else a.args[0].value ** int(a.args[1].value)
        else:
            rest.append(a)
    return [*([num(number)] if number != 1 or not rest else []), *sorted(rest, key=lambda a: a.head != "Pi")]


def _ratio(a: Poly, b: Poly) -> Fraction | None:
    if a.keys() != b.keys():
        return None
    ratios = {a[m] / b[m] for m in a}
    return ratios.pop() if len(ratios) == 1 else None


def _apart(t: Term) -> Term:
    """``t`` with its logarithms taken apart, whether or not that is right."""
    if t.head in ("Num", "Sym") or t.head in DERIVATIVES:
        return t
    if t.head != "Ln" or shape(t):
        return Term(t.head, tuple(_apart(a) if isinstance(a, Term) else a for a in t.args))
    a = t.args[0]
    if a.head == "Mul":
        return add(*(_apart(Term("Ln", (x,))) for x in a.args))
    if a.head == "Pow":
        return mul(a.args[1], _apart(Term("Ln", (a.args[0],))))
    if a.head in ("Exp", "E"):
        return a.args[0] if a.head == "Exp" else ONE
    if a.head == "Num" and a.value > 0:
        return add(*(mul(num(k), Term("Ln", (num(p),))) for p, k in factors(a.value))) if a.value != 1 else num(0)
    return t


def factors(x: Fraction) -> list[tuple[int, int]]:
    """The primes of a positive number, each with its power; none of what is too large."""
    out: list[tuple[int, int]] = []
    for n, sign in ((x.numerator, 1), (x.denominator, -1)):
        p = 2
        while n > 1 and p <= 1000:
            k = 0
            while n % p == 0:
                n, k = n // p, k + 1
            if k:
                out.append((p, sign * k))
            p += 1
        if n > 1:
            out.append((n, sign))
    return sorted(out) if x > 0 else []


def _number(t: Term) -> Term:
    return t.args[0] if t.head == "Mul" else t


def _negative(t: Term) -> bool:
    return _number(t).head == "Num" and _number(t).value < 0


def in_logarithms(line: Term, rw: Rewriter, facts: Facts) -> list[Step]:
    """Steps from ``line`` to a form with fewer logarithms, or one that reads no longer; none where there is no such form."""
    from derive.planner.values.joining import between

    new = gathered(line, facts)
    if new is None or new == line or (_count(new), reading(new)) > (_count(line), reading(line) + MORE) or facts.tex(new) == facts.tex(line):
        return []
    try:
        return [by_algebra(line, Spot(), new, facts)]
    except Refused:
        pass
    return between(Term("Eq", (line, new)), apart(rw, line), apart(rw, new), facts) or []


def _count(t: Term) -> int:
    return sum(u.head == "Ln" for u in subterms(t))


__all__ = ["LOGS", "NUMBERS", "apart", "gathered", "in_logarithms"]
