"""What solving gives, and all that a page needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from derive.kernel.step import Step
from derive.language.model import Problem, Task
from derive.planner.network.schedule import Comparison, Pattern, Schedule
from derive.terms import Term

Status = Literal["solved", "shown", "refuted", "undecided", "refused"]


@dataclass(frozen=True)
class Evidence:
    """An instance that satisfies everything given and breaks a claim, or two values that differ.

    ``where`` maps names to numbers, nested lists or terms; ``left`` and ``right`` are the two sides there.
    """

    where: dict[str, Any]
    left: Any
    right: Any
    quantity: str = ""
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """One task, answered.

    result : a term: the value; `Theta(e)`; the proved relation; for truth `Eq`-less words ``True()`` / ``False()``.
    method : the profile's name, as a reader would call it ("entry by entry", "norms of rank-one matrices").
    alternatives : other methods' answers to the same task (``--methods``), each an Answer without alternatives.
    """

    task: Task
    status: Status
    result: Term | None = None
    steps: tuple[Step, ...] = ()
    method: str = ""
    assumed: tuple[str, ...] = ()
    reason: str = ""
    missing: str = ""
    evidence: Evidence | None = None
    note: str = ""  # a sentence or two that the reader gets beside the answer
    alternatives: tuple[Answer, ...] = ()
    schedule: Schedule | Pattern | Comparison | None = None  # of a task about a network's backward pass: its table, layer by layer

    def step(self, number: str) -> Step:
        """The step ``"1.2"`` (the task, then the step), or ``"1.2.1"`` inside it.

        Raises
        ------
        KeyError
            There is no such step.
        """
        first, *rest = [p for p in number.split(".") if p]
        if first != self.task.id or not rest or not all(p.isdigit() for p in rest):
            raise KeyError(number)
        steps = self.steps
        found: Step | None = None
        for p in rest:
            if not 1 <= int(p) <= len(steps):
                raise KeyError(number)
            found = steps[int(p) - 1]
            steps = found.steps
        assert found is not None
        return found

    def sympy(self) -> Any:
        """The result as a sympy expression.

        Raises
        ------
        ValueError
            There is no result, or it is no closed form.
        """
        from derive.terms.to_sympy import to_sympy

        if self.result is None:
            raise ValueError(f"task {self.task.id} is {self.status}")
        return to_sympy(self.result)


@dataclass(frozen=True)
class Solution:
    """A document with its answers."""

    problem: Problem
    answers: tuple[Answer, ...]
    rules_used: dict[str, Any] = field(default_factory=dict)  # name -> rulebook.model.Rule

    def __getitem__(self, task: int | str) -> Answer:
        """The answer to a task, by its number."""
        for a in self.answers:
            if a.task.id == str(task):
                return a
        raise KeyError(task)

    def __str__(self) -> str:
        from derive.language.unicode import unicode
        from derive.language.writer import latex

        rows = []
        for a in self.answers:
            said = a.status if a.result is None else f"{a.status}: {unicode(latex(a.result, self.problem.symbols))}"
            rows.append(f"{a.task.id}. {said}")
        return "\n".join(rows)
