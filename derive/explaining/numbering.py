"""The numbers of steps (``1.4``, ``1.4.2``), and finding a step by its number.

Lines of an opened proof are numbered and walked like steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derive.kernel.step import Step
from derive.planner.solution import Answer, Solution


def numbered(solution: Solution) -> Solution:
    """The same solution in which every step has its number: the task's, then its place, level by level."""
    return replace(solution, answers=tuple(_answer(a, a.task.id) for a in solution.answers))


def _answer(answer: Answer, prefix: str) -> Answer:
    others = tuple(_answer(a, f"{prefix}{chr(ord('a') + i)}") for i, a in enumerate(answer.alternatives, 1))
    return replace(answer, steps=number_steps(answer.steps, prefix), alternatives=others)


def number_steps(steps: tuple[Any, ...], prefix: str) -> tuple[Any, ...]:
    """``steps`` numbered ``prefix.1``, ``prefix.2``, …, and what is inside each alike.

    The steps that show a condition have its letter: ``1.4.a.1``.
    """
    out = []
    for k, step in enumerate(steps, 1):
        name = f"{prefix}.{k}"
        conditions = tuple(
            replace(c, steps=number_steps(c.steps, f"{name}.{_letter(i)}")) for i, c in enumerate(step.conditions)
        )
        out.append(replace(step, id=name, steps=number_steps(step.steps, name), conditions=conditions))
    return tuple(out)


def _letter(i: int) -> str:
    return chr(ord("a") + i) if i < 26 else f"z{i}"


def walk(steps: tuple[Any, ...]) -> Iterator[Any]:
    """All steps, each before those inside it and those that show its conditions."""
    for step in steps:
        yield step
        yield from walk(step.steps)
        for condition in step.conditions:
            yield from walk(condition.steps)


def all_steps(solution: Solution) -> Iterator[Step]:
    for answer in solution.answers:
        yield from walk(answer.steps)
        for other in answer.alternatives:
            yield from walk(other.steps)


class UnknownStep(KeyError):
    """There is no step of that number; ``nearest`` are numbers that there are."""

    def __init__(self, number: str, nearest: tuple[str, ...]) -> None:
        super().__init__(number)
        self.number, self.nearest = number, nearest

    def __str__(self) -> str:
        return f"there is no step {self.number}" + (f"; one of {', '.join(self.nearest)}" if self.nearest else "")


def nearest(solution: Solution, number: str) -> tuple[str, ...]:
    """The numbers beside one that there is not: inside the same step, else in the same task, else of all tasks."""
    numbers = [s.id for s in all_steps(solution)]
    parts = number.split(".")
    for k in range(len(parts) - 1, 0, -1):
        start = ".".join(parts[:k]) + "."
        beside = [n for n in numbers if n.startswith(start) and n.count(".") == k]
        if beside:
            return tuple(beside)
    return tuple(s.id for a in solution.answers for s in a.steps)


def find_step(solution: Solution, number: str) -> Step | None:
    """The step of that number, in a numbered solution."""
    return next((s for s in all_steps(solution) if s.id == number), None)
