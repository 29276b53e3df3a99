"""``How does … scale with …``: the value, its leading term, its class."""

from __future__ import annotations

from derive.kernel.apply import Refused
from derive.kernel.growth import by_leading, by_order
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.finding import evaluated, with_earlier
from derive.planner.pretty import pretty
from derive.planner.solution import Answer
from derive.terms import Term, free, same


def sizes(desk: Desk) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The dimensions that grow, and listed symbols that are no dimensions."""
    symbols = desk.problem.symbols
    listed = desk.task.sizes or tuple(s.term for s in symbols.values() if s.role == "dimension")
    grow = tuple(s for s in listed if s.name in symbols and symbols[s.name].role == "dimension")
    return grow, tuple(s for s in listed if s not in grow)


def scale(desk: Desk) -> Answer:
    t = desk.task
    if len(t.objects) != 1:
        return Answer(t, "refused", reason="One quantity at a time can be scaled.")
    e = t.objects[0]
    steps: list[Step] = with_earlier(desk, e)
    line = steps[-1].after if steps else e
    best = evaluated(desk, line)
    if isinstance(best, Answer):
        return best
    steps += best.steps
    line = best.value
    grow, other = sizes(desk)
    try:
        lead = by_leading(line, desk.facts, grow, other, pretty)
        if not same(lead.after, line):
            steps.append(lead)
            line = lead.after
    except Refused:
        pass
    try:
        steps.append(by_order(line, desk.facts, grow, other))
    except Refused as r:
        return Answer(t, "refused", reason=r.why, missing=r.missing)
    result = steps[-1].after
    constant = [s for s in grow if s not in free(result)]
    note = ""
    if constant:
        note = "It does not change with " + " and ".join(desk.facts.tex(s) for s in constant) + "."
    return Answer(t, "solved", result, tuple(steps), best.method, note=note)


def must_scale(desk: Desk) -> Answer:
    return Answer(desk.task, "refused", reason="Solving a growth condition for its unknown has not been built yet.")
