"""Tasks about a network that recomputes activations: counts, times, the disk load time, each with the schedule beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from derive.kernel.apply import HOLE, Refused, Spot, by_earlier
from derive.kernel.combining import gather, inside
from derive.kernel.conditions import holds
from derive.kernel.step import Step
from derive.kernel.units import by_unit
from derive.planner.desk import Desk
from derive.planner.methods.rewriting import Rewriter, by_roles
from derive.planner.network.schedule import network_of, schedule_of
from derive.planner.solution import Answer
from derive.planner.tasks.finding import domain, evaluated, isolate, together
from derive.terms import Term, call, contains, get
from derive.terms.walk import paths

COUNTED = ("ForwardOperations", "MemoryLoads", "BackwardTime", "TotalTime")
TIMES = frozenset({"BackwardTime", "TotalTime"})
TAKES = frozenset({"ForwardCost", "LoadCost", "DiskCost", "StorageCost", "LayerStorageCost"})
OPEN_TIMES = by_roles("times", {"unfold"}, lambda r: r.claim.args[0].head in TIMES)
METHOD = "layer by layer"


def concerns(desk: Desk) -> bool:
    """Whether the task asks about a network's counts or times."""
    return any(contains(o, h) for o in desk.task.objects for h in COUNTED)


def answered(desk: Desk, otherwise: Callable[[Desk], Answer]) -> Answer:
    """The answer with its schedule; ``otherwise`` answers what is asked in the words of any problem."""
    t = desk.task
    doubtful = next((x for x in (network_of(desk.facts) or ())[:2] if not holds(call("In", x, call("Naturals")), desk.facts)), None)
    if doubtful is not None:
        said = f"{desk.facts.tex(doubtful)} is a positive integer"
        return Answer(t, "refused", reason=f"The text does not say that {said}, as a number of layers and an interval are.", missing=said)
    if t.kind in ("find", "time") and len(t.objects) == 1:
        e = t.objects[0]
        answer = equation(desk, e) if e.head == "Eq" else quantity(desk, e)
    else:
        answer = otherwise(desk)
        if t.kind == "constant" and answer.status == "solved":
            answer = in_unit(desk, answer)
        if answer.status == "refuted" and not answer.steps:
            answer = replace(answer, **counted(desk))
    if answer.schedule is not None or answer.status == "refused" or t.kind == "minimise":
        return answer
    return replace(answer, schedule=schedule_of(desk.facts))


def counted(desk: Desk) -> dict[str, Any]:
    """What a refuted claim about a count says of it, worked out beside the evidence."""
    p = desk.task.objects[0]
    side = next((a for a in p.args if a.head in COUNTED), None) if len(desk.task.objects) == 1 and p.head == "Eq" else None
    found = value(desk, side) if side is not None else []
    if isinstance(found, Answer) or not found or side is None:
        return {}
    tex = desk.facts.tex
    reason = f"{_capital(tex(side))} is {tex(found[-1].after)}, not {tex(next(a for a in p.args if a is not side))}."
    return {"steps": tuple(found), "method": METHOD, "reason": reason}


def _capital(words: str) -> str:
    """Words in a formula as words of a sentence."""
    said = words.removeprefix("$\\text{").removesuffix("}$")
    return said[:1].upper() + said[1:]


def in_unit(desk: Desk, answer: Answer) -> Answer:
    """A cost that was sought, with the unit of the costs."""
    sought = desk.task.unknown
    if desk.problem.unit is None or not answer.steps or not any(g.prop.args == (sought,) and g.prop.head in TAKES for g in desk.facts.givens):
        return answer
    steps = with_unit(list(answer.steps), answer.steps[-1].after, Spot((1,)), desk)
    return replace(answer, steps=tuple(steps), result=steps[-1].after.args[1])


def quantity(desk: Desk, e: Term) -> Answer:
    """A count, or a time with its unit."""
    found = value(desk, e)
    if isinstance(found, Answer):
        return found
    steps = found
    end = steps[-1].after if steps else e
    if e.head in TIMES and desk.problem.unit is not None:
        steps = with_unit(steps, end, Spot(), desk)
        end = steps[-1].after
    return Answer(desk.task, "solved", end, tuple(steps), METHOD)


def equation(desk: Desk, line: Term) -> Answer:
    """A time that makes two times equal: the one worked out, then the equation solved."""
    t = desk.task
    left, right = line.args
    assert t.unknown is not None
    found = value(desk, right)
    if isinstance(found, Answer):
        return found
    steps = [inside(s, call("Eq", left, HOLE), "iff") for s in found]
    line = steps[-1].after if steps else line
    made = isolate(desk, line, t.unknown)
    if isinstance(made, Refused):
        return Answer(t, "refused", reason=made.why, missing=made.missing)
    steps += made
    end = steps[-1].after
    outside, assumed = domain(desk, t.unknown, end.args[1], steps)
    if outside:
        return Answer(t, "refused", reason=outside)
    if desk.problem.unit is not None:
        steps = with_unit(steps, end, Spot((1,)), desk)
        end = steps[-1].after
    note = f"Loading every activation from disk takes one disk load for each layer: {desk.facts.tex(left)}."
    return Answer(t, "solved", end.args[1], tuple(steps), "solving for the unknown", assumed, note=note)


def with_unit(steps: list[Step], end: Term, spot: Spot, desk: Desk) -> list[Step]:
    """The unit put to the value at the end, in one line with what gave the value."""
    try:
        last = by_unit(end, spot, desk.problem)
    except Refused:
        return steps
    if steps and steps[-1].relation == last.relation:
        return [*steps[:-1], gather([*(steps[-1].steps or (steps[-1],)), last], steps[-1].rule)]
    return [*steps, last]


def value(desk: Desk, e: Term) -> list[Step] | Answer:
    """Steps to a value: the times opened, what earlier tasks have found put in, the rest counted."""
    steps: list[Step] = []
    line = e
    for _ in range(4):
        before = earlier(desk, line)
        if before is not None:
            steps.append(before)
            line = before.after
        if not any(contains(line, h) for h in TIMES):
            break
        opened = Rewriter(desk.finder.library, desk.facts, (OPEN_TIMES,), desk.finder.prover()).round(line)
        if opened is None:
            return Answer(desk.task, "refused", reason=untold(desk, line) or "No rule says what this time is made of.", missing=untold(desk, line))
        steps.append(opened)
        line = opened.after
    best = evaluated(desk, line)
    if isinstance(best, Answer):
        return best
    return [*steps, *best.steps]


COSTS = {"ForwardCost": "how long a forward operation takes", "LoadCost": "how long a memory load takes"}


def untold(desk: Desk, line: Term) -> str:
    """What a time cannot be worked out without."""
    said = {g.prop.head for g in desk.facts.givens}
    said |= {"StorageCost"} if "LayerStorageCost" in said else set()
    wanted = {**COSTS, **({"StorageCost": "what storing an activation costs"} if contains(line, "TotalTime") else {})}
    missing = [words for head, words in wanted.items() if head not in said]
    return f"The document does not say {' or '.join(missing)}." if missing else ""


def earlier(desk: Desk, line: Term) -> Step | None:
    """Counts and times that earlier tasks have found, put into the line."""
    steps: list[Step] = []
    for a in desk.before:
        asked = a.task.objects[0] if a.task.objects else None
        if a.status != "solved" or asked is None or asked.head not in COUNTED or a.task.kind not in ("find", "time"):
            continue
        proof = [s for whole in a.steps for s in (whole.steps or (whole,))]
        while proof and proof[-1].after.head == "Unit":
            proof.pop()
        path = next((p for p in paths(line) if get(line, p) == asked), None)
        if path is None or not proof:
            continue
        try:
            step = by_earlier(line, Spot(path), a.task.id, proof, desk.facts)
        except Refused:
            continue
        steps.append(step)
        line = step.after
    return together(steps) if steps else None


__all__ = ["METHOD", "answered", "concerns", "untold", "value"]
