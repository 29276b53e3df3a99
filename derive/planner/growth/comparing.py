"""``Show that … = Θ(…)``: equations, bounds, then an order; and what is missing where an instance breaks a claim."""

from __future__ import annotations

from collections.abc import Callable

from derive.kernel.apply import Refused
from derive.kernel.chain import CLASSES, proves
from derive.kernel.growth import compare, reordered
from derive.kernel.step import Step
from derive.planner.bounds.bounding import DOWN, UP, Goal, chain
from derive.planner.bounds.norms import in_norms
from derive.planner.desk import Desk
from derive.planner.growth.growing import growing, orders, to_order
from derive.planner.growth.orders import Orders
from derive.planner.solution import Answer
from derive.planner.tasks.finding import evaluated
from derive.terms import Term, call, same

WAYS = {"O": UP, "Omega": DOWN}


def growth(desk: Desk, p: Term) -> list[Step] | None:
    """A chain from the left side to the class on the right."""
    left, cls = p.args
    relation = CLASSES[cls.head]
    facts = growing(desk)
    out = _closed(desk, left, cls)
    for level in (0, 2):
        if out is not None:
            break
        goal = _goal(desk, relation, cls.args[0], orders(desk, level))
        if relation in WAYS and level == 0:
            out = _first(desk, left, WAYS[relation], goal)
            continue
        for steps in in_norms(desk, left):
            end = steps[-1].after if steps else left
            last = goal(end)
            if last is None and relation in WAYS:
                last = orders(desk, level).chain(end, relation)
            if last is not None:
                out = [*steps, *last]
                break
    if out is None:
        return None
    last_line = out[-1].after
    if last_line.head == cls.head and not same(last_line.args[0], cls.args[0]):
        try:
            out = [*out, reordered(last_line, cls.args[0], facts)]
        except Refused:
            return None
    return out if proves(out, p, facts) else None


def _goal(desk: Desk, relation: str, target: Term, known: Orders) -> Goal:
    facts = growing(desk)

    def goal(line: Term) -> list[Step] | None:
        for r in dict.fromkeys((relation, "Theta")):
            step = known.of(line, r)
            if step is not None and compare(relation, step.after.args[0], target, facts):
                return [step]
        return None

    return goal


def _first(desk: Desk, left: Term, wanted: frozenset[str], goal: Goal) -> list[Step] | None:
    """A chain by the rules that come to mind first, else by all."""
    sound = _sound(desk, left)
    found = chain(desk, left, wanted, goal, asked=False, sound=sound)
    return found if found is not None else chain(desk, left, wanted, goal, sound=sound)


def _sound(desk: Desk, left: Term) -> Callable[[list[Step]], bool]:
    """Whether a chain shows the order that it ends in (a bound from below must itself be of one sign)."""
    return lambda steps: proves(steps, call("Eq", left, steps[-1].after), growing(desk))


def bounded(desk: Desk, t: Term, relation: str, known: Orders) -> list[Step] | None:
    """A chain of bounds from ``t`` to an order."""

    def goal(line: Term) -> list[Step] | None:
        step = known.of(line, relation) or known.of(line, "Theta")
        return [step] if step is not None else None

    return chain(desk, t, WAYS[relation], goal, asked=relation == "Omega" or t.head in ("Pow", "Abs"), wide=12, sound=_sound(desk, t))


def _closed(desk: Desk, left: Term, cls: Term) -> list[Step] | None:
    """Where the left side has a value in the sizes."""
    best = evaluated(desk, left)
    if isinstance(best, Answer):
        return None
    facts = growing(desk)
    try:
        steps = to_order(best.value, facts)
    except Refused:
        last = orders(desk).chain(best.value, CLASSES[cls.head])
        return [*best.steps, *last] if last is not None and best.steps else None
    return [*best.steps, *steps]


def missing(desk: Desk, p: Term) -> str:
    """What the claim would follow from: the bound that goes the other way, made good up to constants.

    Where the left side can be bounded only from the wrong side, the step that loses is the one that a hypothesis must replace.
    """
    left, cls = p.args
    facts, known = growing(desk), orders(desk)
    if cls.head == "BigO":
        return f"how {known.missing.removeprefix('how ')}" if known.missing else ""
    for steps in in_norms(desk, left):
        line = steps[-1].after if steps else left

        def goal(end: Term) -> list[Step] | None:
            step = known.of(end, "Theta")
            return [step] if step is not None and compare("Omega", step.after.args[0], cls.args[0], facts) else None

        found = chain(desk, line, UP, goal, asked=False)
        if found and any(s.relation in UP for s in found):
            end = found[-1].before
            return f"that {facts.tex(line)} is not much smaller than its bound {facts.tex(end)}: {facts.tex(Term('Eq', (line, Term('BigOmega', (end,)))))}"
    return known.missing


__all__ = ["Orders", "growth", "missing"]
