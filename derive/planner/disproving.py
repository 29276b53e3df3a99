"""A claim on growth that the value itself contradicts: another power of a size."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Refused
from derive.kernel.growth import by_order
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.finding import evaluated, with_earlier
from derive.planner.refereeing import number
from derive.planner.solution import Answer, Evidence
from derive.terms import Term, call, div, free, key, num, subst

FAILS = {"Theta": lambda e: e != 0, "BigO": lambda e: e > 0, "BigOmega": lambda e: e < 0}
LARGE = 1000


def other_order(desk: Desk, p: Term, grow: tuple[Term, ...], shared: tuple[Term, ...]) -> Answer | None:
    """The refutation of ``e = \\Theta(f)`` (``O``, ``\\Omega``) by the order that ``e`` has."""
    e, f = p.args[0], p.args[1].args[0]
    before = with_earlier(desk, e)
    if isinstance(before, Answer):
        return None
    best = evaluated(desk, before[-1].after if before else e)
    if isinstance(best, Answer):
        return None
    try:
        order = by_order(best.value, replace(desk.facts, growing=grow, others=shared))
    except Refused:
        return None
    g = order.after.args[0]
    exponents = _exponents(div(g, f), grow)
    if exponents is None:
        return None
    size = next((s for s in grow if FAILS[p.args[1].head](exponents.get(key(s), Fraction(0)))), None)
    if size is None:
        return None
    tex = desk.facts.tex
    way = "grows without bound" if exponents[key(size)] > 0 else "tends to $0$"
    reason = f"{tex(e)} is {tex(order.after)}, and its quotient by {tex(f)} {way} as {tex(size)} grows."
    steps: tuple[Step, ...] = (*before, *best.steps, order)
    return Answer(desk.task, "refuted", call("False"), steps, "comparing the orders of growth", reason=reason,
                  evidence=_evidence(best.value, f, size, tex(e)[1:-1]))  # fmt: skip


def _exponents(t: Term, grow: tuple[Term, ...]) -> dict[str, Fraction] | None:
    """The powers of the sizes in ``t``, if that is one monomial and nothing else in it moves with them."""
    alg = Algebra()
    try:
        p = alg.normal(t)
    except TooLarge:
        return None
    if len(p) != 1:
        return None
    ((m, _),) = p.items()
    sizes = {key(s) for s in grow}
    if any(k not in sizes and free(alg.atoms[k]) & frozenset(grow) for k, _ in m):
        return None
    return {k: e for k, e in m if k in sizes}


def _evidence(value: Term, f: Term, size: Term, said: str) -> Evidence:
    """Both sides at a large size; every other symbol is 1 there."""
    table = {s: num(LARGE if s == size else 1) for s in free(value) | free(f) if not s.sort.shape}
    where = {s.name: int(v.value) for s, v in table.items()}
    return Evidence(where, number(subst(value, table)), number(subst(f, table)), said)
