"""``How does … scale with …``, and what grows in a task."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Facts
from derive.kernel.apply import Refused
from derive.kernel.growth import by_leading, by_order
from derive.kernel.step import Step
from derive.planner.bounds.norms import in_norms
from derive.planner.desk import Desk
from derive.planner.growth.orders import Orders
from derive.planner.solution import Answer
from derive.planner.tasks.finding import evaluated, with_earlier
from derive.planner.values.pretty import pretty
from derive.terms import Term, call, free, same


def sizes(desk: Desk) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The dimensions that grow, and symbols that take every declared value: listed ones, and what is sought."""
    symbols = desk.problem.symbols
    listed = desk.task.sizes or tuple(s.term for s in symbols.values() if s.role == "dimension")
    grow = tuple(s for s in listed if s.name in symbols and symbols[s.name].role == "dimension")
    grow = tuple(s for s in grow if s not in desk.constant)
    other = [s for s in listed if s not in grow and s.head == "Sym" and s not in desk.constant]
    u = desk.task.unknown if desk.task.kind == "must_scale" else None
    if u is not None:
        base = u.args[0] if u.head == "Pow" else u
        other += [base] if base not in other else []
    return grow, tuple(other)


def growing(desk: Desk) -> Facts:
    """The task's facts with what grows in it."""
    got = desk.extra.get("growing")
    if got is None:
        grow, other = sizes(desk)
        got = desk.extra["growing"] = replace(desk.facts, growing=grow, others=other)
    return got


def orders(desk: Desk, level: int = 0) -> Orders:
    """What the rules say of growth; at a higher level a quantity may be bounded first, by what the level below can do."""
    k = f"orders {level}"
    if k not in desk.extra:
        from derive.planner.growth.comparing import bounded

        down = (lambda t, relation: bounded(desk, t, relation, orders(desk, level - 1))) if level else None
        desk.extra[k] = Orders(desk.rulebook, growing(desk), down)
    return desk.extra[k]


def scale(desk: Desk) -> Answer:
    t = desk.task
    if len(t.objects) != 1:
        return Answer(t, "refused", reason="One quantity at a time can be scaled.")
    e = t.objects[0]
    facts = growing(desk)
    first = with_earlier(desk, e)
    if isinstance(first, Answer):
        return first
    line = first[-1].after if first else e
    best = evaluated(desk, line)
    why: Answer | None = best if isinstance(best, Answer) else None
    if not isinstance(best, Answer):
        try:
            return _answer(desk, [*first, *best.steps, *to_order(best.value, facts)], best.method)
        except Refused as r:
            why = Answer(t, "refused", reason=r.why, missing=r.missing)
        last = orders(desk).of(best.value)
        if last is not None:
            return _answer(desk, [*first, *best.steps, last], best.method)
    for steps in in_norms(desk, line):
        end = steps[-1].after if steps else line
        last = orders(desk).of(end) or orders(desk, 2).of(end)
        if last is not None:
            return _answer(desk, [*first, *steps, last], "norms and orders of growth")
    missing = orders(desk).missing
    if missing and (why is None or not why.missing or why.missing.startswith("how ")):
        return Answer(t, "refused", reason=not_said(missing) + _one_sided(desk, line), missing=missing)
    assert why is not None
    return why


def not_said(missing: str) -> str:
    return f"Nothing that is given says {missing}." if missing.startswith("how ") else f"It is not given {missing}."


def _one_sided(desk: Desk, line: Term) -> str:
    """What follows all the same: a bound from one side."""
    for relation, words in (("O", "from above"), ("Omega", "from below")):
        steps = orders(desk, 1).chain(line, relation)
        if steps is not None:
            return f" What follows is a bound {words} only: {desk.facts.tex(call('Eq', line, steps[-1].after))}."
    return ""


def to_order(value: Term, facts: Facts) -> list[Step]:
    """From a closed form to its leading term, where it has one, and to its order."""
    steps: list[Step] = []
    try:
        lead = by_leading(value, facts, pretty)
        if not same(lead.after, value):
            steps.append(lead)
            value = lead.after
    except Refused:
        pass
    return [*steps, by_order(value, facts)]


def _answer(desk: Desk, steps: list[Step], method: str) -> Answer:
    result = steps[-1].after
    constant = [s for s in growing(desk).growing or () if s not in free(result)]
    note = ""
    if constant:
        note = "It does not change with " + " and ".join(desk.facts.tex(s) for s in constant) + "."
    return Answer(desk.task, "solved", result, tuple(steps), method, note=note)


__all__ = ["growing", "not_said", "orders", "scale", "sizes", "to_order"]
