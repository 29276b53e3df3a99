"""A claim on growth that the value itself contradicts: another power of a size."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Refused
from derive.kernel.growth import by_order
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.growth.orders import Orders
from derive.planner.refereeing import number
from derive.planner.solution import Answer, Evidence
from derive.planner.tasks.finding import evaluated, with_earlier
from derive.terms import Term, call, div, free, key, num, shape, subst, subterms

FAILS = {"Theta": lambda e: e != 0, "BigO": lambda e: e > 0, "BigOmega": lambda e: e < 0}
LARGE = 1000
SQUARE = 100  # where a root of the size is wanted


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


def bounded_away(desk: Desk, p: Term, known: Orders) -> Answer | None:
    """The refutation of an order of a number by a bound from the other side: what grows at least like ``n`` is not ``O(1)``."""
    e, f = p.args[0], p.args[1].args[0]
    if not is_closed(e) or not is_closed(f):
        return None
    for way, head in (("Omega", "BigO"), ("O", "BigOmega")):
        if p.args[1].head not in ("Theta", head):
            continue
        steps = known.chain(e, way)
        exponents = _exponents(div(steps[-1].after.args[0], f), known.facts.growing or ()) if steps else None
        size = next((s for s in known.facts.growing or () if FAILS[head]((exponents or {}).get(key(s), Fraction(0)))), None)
        if steps is None or size is None:
            continue
        tex = desk.facts.tex
        said = "grows without bound" if way == "Omega" else "tends to $0$"
        reason = f"{tex(e)} is {tex(steps[-1].after)}, so its quotient by {tex(f)} {said} as {tex(size)} grows."
        return Answer(desk.task, "refuted", call("False"), tuple(steps), "a bound from the other side", reason=reason,
                      evidence=_evidence(e, f, size, tex(e)[1:-1]))  # fmt: skip
    return None


def is_closed(t: Term) -> bool:
    """Whether numbers alone stand in it."""
    return all(u.head in ("Num", "Sym", "Add", "Mul", "Pow", "Exp", "E", "Pi") and not shape(u) for u in subterms(t))


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
    for large in (LARGE, SQUARE):
        table = {s: num(large if s == size else 1) for s in free(value) | free(f) if not s.sort.shape}
        where = {s.name: int(v.value) for s, v in table.items()}
        left = number(subst(value, table))
        if left is not None:
            break
    return Evidence(where, left, number(subst(f, table)), said)
