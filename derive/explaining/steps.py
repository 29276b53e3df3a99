"""The explanation of one step, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from derive.explaining.example import example
from derive.explaining.model import AnyStep, Explanation
from derive.explaining.numbering import UnknownStep, nearest, numbered, walk
from derive.explaining.proofs import Opener
from derive.facts.facts import Facts
from derive.kernel.apply import HOLE, RELATION, instance
from derive.kernel.conditioning import taken_given
from derive.kernel.instantiate import Instance, Misfit
from derive.kernel.numbers import tidy
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.refereeing import setting_of
from derive.planner.solution import Answer, Solution
from derive.rulebook.model import Rule
from derive.terms import Path, Term, call, same


def explained(solution: Solution, rulebook: Mapping[str, Rule], step_id: str, deeper: int = 0) -> Explanation:
    solution = numbered(solution)
    wanted = step_id.strip().strip("()")
    found = next(((a, s) for a in _answers(solution) for s in walk(a.steps) if s.id == wanted), None)
    if found is None:
        raise UnknownStep(step_id, nearest(solution, wanted))
    answer, step = found
    desk = Desk(solution.problem, rulebook, answer.task, solution.answers[: solution.answers.index(_main(solution, answer))])
    setting = setting_of(desk)
    numbers = example(step, setting, desk.facts, answer.task.sizes)
    rule = rulebook.get(step.rule)
    if rule is None:
        return Explanation(
            step, step.rule, solution.problem, _became(step), conditions=step.conditions, example=numbers,
        )  # fmt: skip
    first = _single(step)
    here = _scope(first, desk.facts)
    statement: Term | None
    inst: Instance | None
    try:
        inst = instance(rule, first.bindings, here, first.before)
        statement = taken_given(inst.of(rule.claim), first.given)
    except Misfit:  # a size that is certain only where the step was made: the rule's own words stand alone
        inst, statement = None, _became(first)
    opener = Opener(rulebook, here, setting, deeper, given=first.given)
    proof = opener.proof(rule, inst)
    names = {s.rule for s in _all(proof)}
    return Explanation(
        step, rule, solution.problem, statement, dict(first.bindings), step.conditions, tuple(f.text for f in rule.fails),
        proof, numbers, {n: r for n, r in rulebook.items() if n in names},
    )  # fmt: skip


def _answers(solution: Solution) -> Iterator[Answer]:
    for a in solution.answers:
        yield a
        yield from a.alternatives


def _main(solution: Solution, answer: Answer) -> Answer:
    """The answer that another method's answer stands beside."""
    return next(a for a in solution.answers if a is answer or any(b is answer for b in a.alternatives))


def _all(steps: Iterable[AnyStep]) -> Iterator[AnyStep]:
    for s in steps:
        yield s
        yield from _all(s.steps)


def _single(step: Step) -> Step:
    """The step itself, or, of several by one rule, the first."""
    while step.steps and not step.bindings and step.steps[0].rule == step.rule:
        step = step.steps[0]
    return step


def _scope(step: Step, facts: Facts) -> Facts:
    """The facts at the place of a step, with the indices that are bound around it."""
    if step.context is None:
        return facts
    path = _path(step.context, HOLE)
    return facts if path is None else facts.at(step.context, path)


def _path(t: Term, wanted: Term) -> Path | None:
    if t == wanted:
        return ()
    for i, c in t.children():
        inner = _path(c, wanted)
        if inner is not None:
            return (i, *inner)
    return None


def _became(step: Step) -> Term | None:
    """What changed into what, where that is less than the whole line."""
    from derive.checking.lines import places

    if step.relation not in ("=", "iff"):
        return None
    head = next(h for h, r in RELATION.items() if r == step.relation)
    for spot, want in places(step.before, step.after, ()):
        old = spot.get(step.before)
        if not same(tidy(spot.fill(step.before, want)), tidy(step.after)):
            continue  # more than this has changed
        return None if same(old, step.before) else call("Eq" if spot.path else head, old, want)
    return None


__all__ = ["explained"]
