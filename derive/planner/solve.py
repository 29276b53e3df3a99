"""Answering the tasks of a problem, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.facts.knowing import listed
from derive.kernel.step import Step
from derive.language.model import Problem, Task
from derive.planner.bounds.bounding import bound
from derive.planner.desk import Desk, UnknownMethod
from derive.planner.growth.growing import scale
from derive.planner.growth.solving import must_scale
from derive.planner.network import networks
from derive.planner.network.intervals import least_interval
from derive.planner.solution import Answer, Solution
from derive.planner.tasks.distributing import distribution
from derive.planner.tasks.finding import constant, find
from derive.planner.tasks.mapping import maps
from derive.planner.tasks.minimising import minimise
from derive.planner.tasks.showing import show, truth
from derive.planner.tasks.tabulating import tabulate
from derive.planner.why import explained, what_is_known
from derive.rulebook.model import Rule

KINDS = {
    "find": find, "constant": constant, "scale": scale, "must_scale": must_scale, "show": show, "truth": truth, "map": maps, "minimise": minimise,
    "distribution": distribution, "bound": bound,
}  # fmt: skip


def solve(
    problem: Problem, rulebook: Mapping[str, Rule], *, task: str | None = None, using: str | None = None, methods: bool = False,
) -> Solution:  # fmt: skip
    """Every task (or the one named), each step made by the kernel and looked at by the referee.

    Raises
    ------
    derive.language.model.ReadError
        ``using`` names no rule, chapter or method, or there is no such task.
    """
    answers: list[Answer] = []
    shared: dict = {}
    for t in problem.tasks:
        if using is not None:
            t = replace(t, using=using)
        wanted = task is None or t.id == str(task)
        desk = Desk(problem, rulebook, t, tuple(answers), methods, shared)
        try:
            answer = _answer(desk)
        except UnknownMethod as e:
            raise e.at(t.line) from None
        answer = _finished(answer, desk)
        answers.append(answer)
        if task is not None and wanted:
            break  # what comes after it has no part in it
    shown = tuple(a for a in answers if task is None or a.task.id == str(task))
    used = {n: rulebook[n] for a in shown for b in (a, *a.alternatives) for n in _names(b.steps) if n in rulebook}
    return Solution(problem, shown, used)


def _answer(desk: Desk) -> Answer:
    if desk.task.kind == "table":
        return tabulate(desk, KINDS, _finished)
    plain = KINDS.get(desk.task.kind, lambda desk: _beyond(desk.task))
    if not networks.concerns(desk):
        return plain(desk)
    return networks.answered(desk, least_interval if desk.task.kind == "minimise" else plain)


def _beyond(t: Task) -> Answer:
    return Answer(t, "refused", reason=f"No method for this kind of question ({t.kind.replace('_', ' ')}) has been built yet.")


ANSWERED = ("solved", "shown", "refuted")


def _finished(answer: Answer, desk: Desk) -> Answer:
    """Whys filled in, every step refereed; an answer with a step that numbers contradict is withdrawn."""
    from derive.planner.refereeing import refereed

    steps = what_is_known(tuple(explained(s, desk.rulebook, desk.facts) for s in answer.steps))
    steps, broken = refereed(steps, desk)
    if broken is not None:
        return Answer(answer.task, "refused", reason=(
            f"A step by {broken.rule} was found, and numbers contradict it, so nothing built on it is shown. This is a fault of the program: "
            "please report the problem."))  # fmt: skip
    assumed = tuple(dict.fromkeys((*answer.assumed, *(c.text for s in _all(steps) for c in s.conditions if c.status == "assumed"))))
    answer = replace(answer, assumed=assumed, note=" ".join(x for x in (answer.note, _where(desk) if answer.status in ANSWERED else "") if x))
    others = tuple(_finished(a, desk) for a in answer.alternatives)
    return replace(answer, steps=steps, alternatives=tuple(a for a in others if a.status != "refused"))


def _where(desk: Desk) -> str:
    """For which values of the arguments of densities the answer is, where they run through a part of the numbers."""
    said = [desk.facts.tex(g.prop) for g in desk.task.local if desk.facts.role(g.prop.args[0]) == "fixed"]
    return f"This is for {listed(said)}, where the distribution has its weight." if said else ""


def _all(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Every step, and those inside steps and conditions."""
    for s in steps:
        yield s
        yield from _all(s.steps)
        for c in s.conditions:
            yield from _all(c.steps)


def _names(steps: tuple[Step, ...]) -> list[str]:
    out: list[str] = []
    for s in steps:
        out.append(s.rule)
        out += _names(s.steps)
        for c in s.conditions:
            out += _names(c.steps)
    return out
