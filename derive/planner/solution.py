"""What solving gives, and all that a page needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from derive.kernel.step import Step
from derive.language.model import Problem, Task
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


@dataclass(frozen=True)
class Solution:
    """A document with its answers."""

    problem: Problem
    answers: tuple[Answer, ...]
    rules_used: dict[str, Any] = field(default_factory=dict)  # name -> rulebook.model.Rule
