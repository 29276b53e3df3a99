"""A claim about a density that moves with a parameter, by its score: what averages to 0 may be added."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import DERIVATIVES, Facts
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra
from derive.kernel.combining import inside, reverse
from derive.kernel.step import Step
from derive.planner.methods.calculus import BY_TERMS
from derive.planner.values.value import Finder, Found
from derive.terms import ZERO, Sort, Term, add, call, free, fresh, mul, num, same, shape, sub, subst, subterms

ENDS = 4  # lines of each side that are tried


def by_score(finder: Finder, p: Term, lefts: list[Found], rights: list[Found], facts: Facts) -> list[Step] | None:
    """A chain from the left side of ``p`` to the right over ``right + c E[score]``."""
    if shape(p.args[0]):
        return None
    for score in _scores(p, facts):
        nothing = finder.by("one integral", score, facts)
        if not same(nothing.value, ZERO):
            continue
        worked = finder.by(BY_TERMS, score, facts)
        for a in _ends(p.args[0], lefts):
            for b in _ends(p.args[1], rights):
                chain = _over(p, a, b, worked, nothing, facts)
                if chain is not None:
                    return chain
    return None


def _scores(p: Term, facts: Facts) -> Iterator[Term]:
    """The averages of the scores of the densities that ``p`` averages over, in their parameters."""
    seen = set()
    for u in subterms(p):
        law = u.domain[0] if u.head == "ExpectOver" else None
        if law is None or law.head != "Apply" or law in seen or any(b.is_binder and b.head not in DERIVATIVES and b.var in free(law) for b in subterms(p)):
            continue
        seen.add(law)
        for parameter in law.args[1:]:
            if parameter.head == "Sym" and not shape(parameter):
                x = fresh(Term("Sym", ("x", Sort(law.args[0].sort.shape))), facts.symbols.keys() | {s.name for s in free(p)})
                log = call("Ln", Term("Density", (law, x)))
                yield Term("ExpectOver", (x, Term("Deriv", (parameter, log, parameter)), law))


def _ends(side: Term, found: list[Found]) -> list[list[Step] | Term]:
    ends: list[list[Step] | Term] = [side]
    for f in found[:ENDS]:
        if f.steps:
            ends.append(f.steps)
    return ends


def _over(p: Term, a: list[Step] | Term, b: list[Step] | Term, worked: Found, nothing: Found, facts: Facts) -> list[Step] | None:
    left, first = (a, []) if isinstance(a, Term) else (a[-1].after, a)
    right, last = (b, []) if isinstance(b, Term) else (b[-1].after, b)
    for front in _fronts(sub(left, right), worked.value):
        context = add(right, mul(front, HOLE) if front != num(1) else HOLE)
        try:
            start = by_algebra(left, Spot(), subst(context, {HOLE: worked.value}), facts)
            middle = [inside(s, context) for s in (*(reverse(s) for s in reversed(worked.steps)), *nothing.steps)]
            end = by_algebra(middle[-1].after, Spot(), right, facts)
        except Refused:
            continue
        return [*first, start, *middle, end, *(reverse(s) for s in reversed(last))]
    return None


def _fronts(difference: Term, value: Term) -> Iterator[Term]:
    """What ``value`` may have to be multiplied with to be ``difference``."""
    alg = Algebra()
    try:
        d, v = alg.normal(difference), alg.normal(value)
    except TooLarge:
        return
    if not d or not v or len(d) % len(v):
        return
    m, c = next(iter(d.items()))
    for n, e in v.items():
        powers = dict(m)
        for k, x in n:
            powers[k] = powers.get(k, num(0).value) - x
        if all(x >= 0 for x in powers.values()):
            yield alg.monomial(tuple(sorted((k, x) for k, x in powers.items() if x)), c / e)


__all__ = ["by_score"]
