"""Equations in an unknown: a solution of one side of an equivalence, tried in the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from derive.referee.evaluate import Evaluator
from derive.referee.fixed import TRIED, holds, solve_for
from derive.referee.instances import plain
from derive.referee.truth import everywhere, truth
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term, add, neg

START = (0.003, 0.02, 0.1, 0.4, 0.7, 1.0, 1.6, 2.7, 5.0, 20.0, 200.0)


def mismatch(ev: Evaluator, givens: tuple[Term, ...], relation: str, before: Term, after: Term) -> tuple[dict[str, Any], Any, Any] | None:
    """A value of an unknown at which one equation holds and the other does not: (where, before, after there)."""
    pairs = [(before, after)] if relation == "implies" else [(before, after), (after, before)]
    for a, b in pairs:
        if a.head != "Eq":
            continue
        found = _at_array(ev, givens, a, b)
        if found is not None:
            where, one, other = found
            return (where, one, other) if a is before else (where, other, one)
        for name in sorted(_unknowns(ev.world, a) & _unknowns(ev.world, b)):
            found = _at_solution(ev, givens, name, a, b)
            if found is not None:
                where, one, other = found
                return (where, one, other) if a is before else (where, other, one)
    return None


def _at_array(ev: Evaluator, givens: tuple[Term, ...], a: Term, b: Term) -> tuple[dict[str, Any], bool, bool] | None:
    """The same for an array which the one equation says outright."""
    x, value = a.args
    if x.head != "Sym" or not x.sort.shape or x.name not in ev.world.values or x.name in ev.world.depends(value):
        return None
    try:
        v = np.asarray(ev.value(value))
        if v.shape != (1, *np.shape(ev.world.values[x.name])) or not np.isfinite(v).all():
            return None
        there = Frame(ev.base, {x.name: v})
        if everywhere(truth(ev, b, there)) or not all(holds(ev, g, there) for g in givens if x.name in ev.world.depends(g)):
            return None
    except BeyondReach:
        return None
    return {x.name: plain(v[0])} | {s: int(ev.world.values[s]) for s in ev.world.sizes}, True, False


def _unknowns(world: World, p: Term) -> set[str]:
    return {
        n for n in world.depends(p)
        if n in world.values and n not in world.sizes and getattr(world.values[n], "ndim", 1) == 0
    }  # fmt: skip


def _at_solution(ev: Evaluator, givens: tuple[Term, ...], name: str, a: Term, b: Term) -> tuple[dict[str, Any], bool, bool] | None:
    try:
        v = _solution(ev, name, a)
        if v is None:
            return None
        there = Frame(ev.base, {name: np.array([v])})
        if everywhere(truth(ev, b, there)) or not all(holds(ev, g, there) for g in givens if name in ev.world.depends(g)):
            return None
        return {name: plain(v)} | {s: int(ev.world.values[s]) for s in ev.world.sizes}, True, False
    except BeyondReach:
        return None


def _solution(ev: Evaluator, name: str, a: Term) -> float | None:
    """A value that solves an equation, found once."""
    key = (name, a)
    if key not in ev.solutions:
        left, right = a.args
        if left.head == "Sym" and left.name == name and name not in ev.world.depends(right):
            ev.solutions[key] = ev.number(right)
        else:
            positive = float(ev.world.values[name]) > 0
            ev.solutions[key] = solve_for(ev, name, add(left, neg(right)), START if positive else TRIED)
    return ev.solutions[key]
