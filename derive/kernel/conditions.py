"""Whether one hypothesis of a rule, with this step's terms in it, holds at this place, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.facts.definite import definite
from derive.facts.facts import Bound, Facts, atoms, is_random
from derive.facts.growths import growths
from derive.facts.independence import independent, independent_entries, separate
from derive.facts.indices import difference, distinct, in_range, is_integer
from derive.facts.laws import same_law
from derive.facts.signs import compared, positive
from derive.facts.smooth import differentiable, exchange
from derive.facts.stated import GROWTH, given_value, law_of
from derive.facts.supports import DISCRETE, has_density, positive_wherever
from derive.facts.verdict import UNKNOWN, Verdict, both, no, yes
from derive.kernel import algebra
from derive.terms import (
    ONE,
    ZERO,
    Term,
    call,
    equal_shapes,
    expect,
    free,
    fresh,
    is_num,
    mul,
    names,
    same,
    shape,
    sub,
    subst,
    subterms,
)  # fmt: skip

# A derivation of an equation by the planner's means; None where it finds none.
Prover = Callable[[Term, Facts], Verdict]


def never(_: Term, __: Facts) -> Verdict:
    return UNKNOWN


def holds(p: Term, facts: Facts, prove: Prover = never) -> Verdict:
    """The verdict on a proposition."""
    check = _CHECKS.get(p.head)
    v = check(p, facts, prove) if check else UNKNOWN
    return v if v or v.holds is False else stated(p, facts) or v


def stated(p: Term, facts: Facts) -> Verdict:
    """The proposition is itself a line of the document."""
    spelled = [p]
    if p.head == "SameLaw" and len(p.args) == 2:
        spelled.append(Term(p.head, p.args[::-1]))
    for g in facts.givens:
        if any(same(g.prop, q) or g.prop.head == "ForAll" and _instance(g.prop, q) for q in spelled):
            return yes(f"line {g.line} says so", g.line)
    return UNKNOWN


def _instance(every: Term, p: Term) -> bool:
    """Whether ``p`` is what is said of every index or number, said of one that stands in ``p``."""
    if every.head != "ForAll":
        return same(every, p)
    if every.var.sort.shape or every.body.head == "Implies":
        return False
    used = {i for t in subterms(p) if t.head in ("At", "Apply") for i in t.args[1:] if not shape(i)}
    return any(_instance(subst(every.body, {every.var: i}), p) for i in used)


def _independent(p: Term, facts: Facts, _: Prover) -> Verdict:
    parts = p.args
    if len(parts) == 1:
        f = parts[0]
        if f.head == "List":
            parts = f.args
        else:
            return _family(f, facts)
    return independent(facts, tuple(parts))


def _family(f: Term, facts: Facts) -> Verdict:
    """Joint independence of ``X_j`` over its range: no entry is touched by two of them."""
    if f.head != "Over":
        return UNKNOWN
    fam, size = f.args
    if fam.head == "List":
        return independent(facts, fam.args)
    one, other, here = _two(fam, size, facts)
    v = independent(here, (one, other))
    if not v:
        return v
    found, _ = atoms(here, one)
    parts = [v]
    for a in found:
        w = independent_entries(here, a.source)
        if not w:
            return UNKNOWN
        parts.append(w)
    sources = {a.source for a in found}
    if len(sources) > 1:  # pairwise is not joint: the sources must be independent of one another too
        v = independent(here, tuple(sources))
        if not v:
            return UNKNOWN
        parts.append(v)
    return both(parts)


def _entries(p: Term, facts: Facts, _: Prover) -> Verdict:
    """The entries of arrays: independent, or i.i.d., as a line says of them."""
    verdicts = []
    whole = [_whole(s) for s in p.args]
    for s in whole:
        if p.head == "Iid":
            line = next((g.line for g in facts.givens if g.prop.head == "Iid" and s in g.prop.args and s.head == "Sym"), None)
            verdicts.append(UNKNOWN if line is None else yes(f"line {line} says so", line))
        else:
            verdicts.append(independent_entries(facts, s))
    return both([*verdicts, separate(facts, [frozenset((s,)) for s in whole])]) if len(whole) > 1 else both(verdicts)


def _whole(s: Term) -> Term:
    """The array that a family of its members makes up: of what is said of all its entries, these have a part."""
    if s.head == "Over" and s.args[0].head == "Lambda" and s.args[0].body.head == "At" and s.args[0].body.args[1:] == (s.args[0].var,):
        return s.args[0].body.args[0]
    return s


def _two(fam: Term, size: Term, facts: Facts) -> tuple[Term, Term, Facts]:
    """Two different members of a family, and the facts in which their indices differ."""
    taken = names([fam]) | facts.symbols.keys() | {b.var.name for b in facts.scope}
    j = fresh(fam.var, taken - {fam.var.name} | {b.var.name for b in facts.scope})
    k = fresh(fam.var, taken | {j.name})
    lo, hi, *out = size.args if size.head == "IndexRange" else (ONE, size)
    scope = (*facts.scope, Bound(j, lo, hi, tuple(out)), Bound(k, lo, hi, (*out, j)))
    here = replace(facts, scope=scope)
    return subst(fam.body, {fam.var: j}), subst(fam.body, {fam.var: k}), here


def _uncorrelated(p: Term, facts: Facts, prove: Prover) -> Verdict:
    parts = p.args
    if len(parts) == 1 and parts[0].head == "Over":
        fam, size = parts[0].args
        if fam.head == "Lambda":
            one, other, facts = _two(fam, size, facts)
            parts = (one, other)
        else:
            parts = fam.args
    verdicts = []
    for n, a in enumerate(parts):
        for b in parts[n + 1 :]:
            v = independent(facts, (a, b))
            if not v and (shape(a) or shape(b)):
                return v
            if not v:
                s = stated(Term("Uncorrelated", (a, b)), facts) or _uncorrelated_members(a, b, facts)
                if s:
                    v = s
                else:
                    v = _zero_covariance(a, b, facts, prove)
            if not v:
                return v
            verdicts.append(v)
    return both(verdicts)


def _uncorrelated_members(a: Term, b: Term, facts: Facts) -> Verdict:
    """Two different members of a family that a line calls uncorrelated."""
    if a.head == b.head == "At" and a.args[0] == b.args[0] and len(a.args) == len(b.args) == 2:
        for g in facts.givens:
            if g.prop.head == "Uncorrelated" and g.prop.args == (a.args[0],):
                v = distinct(facts, a.args[1], b.args[1])
                return both([yes(f"line {g.line} says so", g.line), v]) if v else UNKNOWN
    return UNKNOWN


def _differentiable(p: Term, facts: Facts, _: Prover) -> Verdict:
    """Of a declared function, or of what stands for one, in one argument or in each."""
    f, times = p.args[:2]
    if f.head != "Lambda":  # by name: what is said, or more
        said = (g for g in facts.givens if g.prop.head == "Differentiable" and g.prop.args[0] == f and g.prop.args[2:] == p.args[2:])
        line = next((g.line for g in said if g.prop.args[1].value >= times.value), None)
        return UNKNOWN if line is None else yes(f"line {line} says so", line)
    args: list[Term] = []
    while f.head == "Lambda":
        args.append(f.var)
        f = f.body
    which = [args[int(n.value) - 1] for n in p.args[2:] if n.head == "Num" and n.value <= len(args)] or args
    if not any(x in free(f) for x in which):
        return yes(f"{facts.tex(f)} does not depend on " + " or ".join(facts.tex(x) for x in which)) if all(
            facts.hides(f, x) is None for x in which) else UNKNOWN
    v = both(differentiable(facts, f, x, int(times.value)) for x in which)
    return v if v.holds is not True or v.because else yes("it is made of differentiable operations")


def _mass(p: Term, facts: Facts, _: Prover) -> Verdict:
    if p.args[0].head in DISCRETE:
        return yes("")
    return _said_of_law(p, facts)


def _probabilities(p: Term, facts: Facts, _: Prover) -> Verdict:
    """That the entries of a vector are probabilities that add up to 1."""
    return yes("the entries of a softmax are positive and add up to $1$") if p.args[0].head == "Softmax" else UNKNOWN


def _positive_definite(p: Term, facts: Facts, _: Prover) -> Verdict:
    return definite(facts, p.args[0])


def _said_of_law(p: Term, facts: Facts, _: Prover = never) -> Verdict:
    """What a declaration says of a density: that it is a mass function, where it lives."""
    law = p.args[0].args[0] if p.args[0].head == "Apply" else p.args[0]
    for g in facts.givens:
        if g.prop.head == p.head and g.prop.args[0] == law and all(same(a, b) for a, b in zip(g.prop.args[1:], p.args[1:], strict=True)):
            return yes(f"line {g.line} says so", g.line)
    return UNKNOWN


def _exchange(p: Term, facts: Facts, _: Prover) -> Verdict:
    return exchange(facts, p.args[0]) if p.args else UNKNOWN


def _zero_covariance(a: Term, b: Term, facts: Facts, prove: Prover) -> Verdict:
    cov = sub(expect(mul(a, b)), mul(expect(a), expect(b)))
    v = prove(call("Eq", cov, ZERO), facts)
    if not v:
        return UNKNOWN
    pair = f"{facts.tex(a)} and {facts.tex(b)}"
    lines = [int(f[5:]) for f in v.facts if f.startswith("line ")]
    return Verdict(True, f"{pair} have covariance $0$: {v.because}" if v.because else f"{pair} have covariance $0$",
                   tuple(f"line {n}" for n in lines), v.steps)  # fmt: skip


def _sign(p: Term, facts: Facts, prove: Prover) -> Verdict:
    a, b = p.args
    head = p.head
    d = difference(a, b)
    if d is not None:
        ok = {"Gt": d > 0, "Ge": d >= 0, "Lt": d < 0, "Le": d <= 0, "Ne": d != 0}[head]
        return yes("") if ok else no("")
    if head == "Ne" and not shape(a) and (v := distinct(facts, a, b)):
        return v
    if head in ("Lt", "Le"):
        a, b, head = b, a, {"Lt": "Gt", "Le": "Ge"}[head]
    if not is_num(b, 0):
        a = sub(a, b)
    v = compared(facts, head, a)
    return v if v or shape(a) else prove(call(head, a, ZERO), facts)


def _equal(p: Term, facts: Facts, prove: Prover) -> Verdict:
    a, b = p.args
    if b.head in GROWTH:
        return _grows(p, facts, prove)
    if same(a, b):
        return yes("")
    got = given_value(facts, a)
    if got is not None and same(got[0], b):
        return yes(f"line {got[1]} says so", got[1])
    if a.head == "Expect" and shape(a) == ():
        got2 = law_of(facts, a.args[0])
        if got2 is not None and got2[0].head == "Normal" and same(got2[0].args[0], b):
            return yes(f"{facts.tex(a.args[0])} has the distribution {facts.tex(got2[0])}", got2[1])
    ok, needs = algebra.equal(a, b)
    if ok:
        return both(need(what, t, facts) for what, t in needs)
    return prove(p, facts)


IMPLIED = {"Theta": ("Theta",), "BigO": ("Theta", "BigO"), "BigOmega": ("Theta", "BigOmega")}


def _grows(p: Term, facts: Facts, prove: Prover) -> Verdict:
    """That something is of an order: a line says so, it is a closed form of that order, or a derivation shows it."""
    from derive.kernel.chain import proves
    from derive.kernel.growth import compare

    a, cls = p.args
    u = cls.args[0]
    for q, line in growths(facts, a):
        w = q.args[1].args[0]
        if q.args[1].head in IMPLIED[cls.head] and (same(w, u) or compare(GROWTH[cls.head], w, u, facts)):
            return yes(f"line {line} says {facts.tex(q)}", line)
    if compare(GROWTH[cls.head], a, u, facts):
        return yes("")
    v = prove(p, facts)
    return v if v and proves(tuple(v.steps), p, facts) else UNKNOWN


def _asymptotic(p: Term, facts: Facts, _: Prover) -> Verdict:
    from derive.kernel.growth import compare

    return yes("the other terms are of lower order") if compare("~", p.args[0], p.args[1], facts) else UNKNOWN


def need(what: str, t: Term, facts: Facts) -> Verdict:
    """What `algebra` took for granted."""
    return compared(facts, what, t)


def _dist(p: Term, facts: Facts, _: Prover) -> Verdict:
    a, law = p.args
    got = law_of(facts, a)
    if got is not None and (same(got[0], law) or _equal_laws(got[0], law) or same(facts.seen(got[0]), facts.seen(law))):
        said = facts.tex(Term("Dist", (a, got[0])))
        if not got[1]:
            drawn = any(g.kind == "average" and g.prop == call("Dist", a, got[0]) for g in facts.givens)
            return yes(f"{said} is how it is drawn" if drawn else "it is shown above")
        return yes(f"line {got[1]} says {said}", got[1])
    return UNKNOWN


def _equal_laws(a: Term, b: Term) -> bool:
    return a.head == b.head and len(a.args) == len(b.args) and all(
        algebra.equal(x, y)[0] for x, y in zip(a.args, b.args, strict=True)
    )


def _in(p: Term, facts: Facts, _: Prover) -> Verdict:
    a, where = p.args
    if where.head == "IndexRange":
        lo, hi, *out = where.args
        return in_range(facts, a, lo, hi, tuple(out))
    if where.head in ("Integers", "Naturals"):
        if not is_integer(facts, a):
            return UNKNOWN
        return yes("") if where.head == "Integers" else positive(facts, a)
    if where.head == "Reals":
        return yes("")
    return UNKNOWN


def _same_law(p: Term, facts: Facts, _: Prover) -> Verdict:
    return both(same_law(facts, p.args[0], b) for b in p.args[1:])


def _every(p: Term, facts: Facts, prove: Prover) -> Verdict:
    """A claim about every index of a range: about one of which nothing else is known."""
    var, body, lo, hi, *out = p.args
    return holds(body, replace(facts, scope=(*facts.scope, Bound(var, lo, hi, tuple(out)))), prove)


def _forall(p: Term, facts: Facts, prove: Prover) -> Verdict:
    """A claim about every index of an array's axis, or about every number: about one of which nothing else is known."""
    i, body = p.args
    if i.sort.shape or body.head == "Implies":
        return UNKNOWN
    for u in subterms(body):
        if u.head != "At" or i not in u.args[1:]:
            continue
        n = u.args[1:].index(i)
        size = shape(u.args[0])
        if n < len(size):
            k = fresh(i, facts.symbols.keys() | {b.var.name for b in facts.scope} | {s.name for s in free(body)} - {i.name})
            return holds(subst(body, {i: k}), replace(facts, scope=(*facts.scope, Bound(k, ONE, size[n], (), "here"))), prove)
    return _any_number(i, body, facts, prove)


def _any_number(x: Term, body: Term, facts: Facts, prove: Prover) -> Verdict:
    """A bound about every number, derived for one of which nothing is known."""
    from derive.kernel.chain import proves

    if body.head not in ("Le", "Ge", "Lt", "Gt") or shape(body.args[0]):
        return UNKNOWN
    one = fresh(x, facts.symbols.keys() | {b.var.name for b in facts.scope} | {s.name for s in free(body)} - {x.name})
    p = subst(body, {x: one})
    v = prove(p, facts)
    return v if v and proves(v.steps, p, facts) else UNKNOWN


def _and(p: Term, facts: Facts, prove: Prover) -> Verdict:
    return both(holds(a, facts, prove) for a in p.args)


def fixed(t: Term, facts: Facts) -> Verdict:
    """That chance has no say in ``t``."""
    if is_random(facts, t):
        return no(f"{facts.tex(t)} is random")
    return yes(f"{facts.tex(t)} is not random")


def fits(name_shape, t: Term) -> bool:
    return equal_shapes(name_shape, shape(t))


_CHECKS = {
    "Independent": _independent, "Uncorrelated": _uncorrelated, "Gt": _sign, "Ge": _sign, "Lt": _sign, "Le": _sign,
    "Ne": _sign, "Eq": _equal, "Asym": _asymptotic, "Dist": _dist, "In": _in, "SameLaw": _same_law, "And": _and,
    "HasDensity": lambda p, facts, _: has_density(facts, *p.args), "PositiveWherever": lambda p, facts, _: positive_wherever(facts, *p.args),
    "Mass": _mass, "Domain": _said_of_law, "ProbabilityVector": _probabilities, "Differentiable": _differentiable, "Exchange": _exchange, "Iid": _entries, "IndependentEntries": _entries,
    "PositiveDefinite": _positive_definite, "Every": _every, "ForAll": _forall,
}  # fmt: skip

__all__ = ["Prover", "fits", "fixed", "holds", "need", "never"]
