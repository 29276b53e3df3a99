"""Equations in an unknown: a solution of one side of an equivalence, tried in the other."""

from __future__ import annotations

from typing import Any

from derive.referee.evaluate import Evaluator
from derive.referee.fixed import holds, solve_for
from derive.referee.instances import plain
from derive.referee.setting import plan_for
from derive.referee.truth import truth
from derive.referee.world import BeyondReach, World
from derive.terms import Term, add, neg


def mismatch(world: World, givens: tuple[Term, ...], relation: str, before: Term, after: Term) -> tuple[dict[str, Any], Any, Any] | None:
    """A value of an unknown at which one equation holds and the other does not: (where, before, after there)."""
    pairs = [(before, after)] if relation == "implies" else [(before, after), (after, before)]
    for a, b in pairs:
        if a.head != "Eq":
            continue
        for name in sorted(_unknowns(world, a) & _unknowns(world, b)):
            found = _at_solution(world, givens, name, a, b)
            if found is not None:
                where, one, other = found
                return (where, one, other) if a is before else (where, other, one)
    return None


def _unknowns(world: World, p: Term) -> set[str]:
    return {
        n for n in world.depends(p)
        if n in world.values and n not in world.sizes and getattr(world.values[n], "ndim", 1) == 0
    }  # fmt: skip


def _at_solution(world: World, givens: tuple[Term, ...], name: str, a: Term, b: Term) -> tuple[dict[str, Any], bool, bool] | None:
    old = world.values[name]
    try:
        world.memo["plan"] = plan_for(world, (a, b)).needs
        gap = add(a.args[0], neg(a.args[1]))
        start = (0.003, 0.02, 0.1, 0.4, 0.7, 1.0, 1.6, 2.7, 5.0, 20.0, 200.0)
        v = solve_for(world, name, gap, start if float(old) > 0 else ())
        if v is None:
            return None
        ev = Evaluator(world, world.memo["plan"])
        if bool(truth(ev, b, ev.base).all()) or not all(holds(ev, g) for g in givens if name in world.depends(g)):
            return None
        return {name: plain(v)} | {s: int(world.values[s]) for s in world.sizes}, True, False
    except BeyondReach:
        return None
    finally:
        world.values[name] = old
