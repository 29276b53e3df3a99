"""What explaining a step gives, and all that a page about it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.kernel.step import Condition, Step
from derive.language.model import Problem
from derive.terms import Term


@dataclass(frozen=True)
class Explanation:
    """One step alone.

    step : the step, with its number.
    rule : the rule (`rulebook.model.Rule`), or the name of one of the kernel's computations.
    problem : the document that the step belongs to (its symbols and lines).
    statement : the rule's claim with this step's symbols put in; None for a computation.
    bindings : the rule's name -> what stands for it here.
    without : the rule's `Fails without` texts.
    proof : the rule's own proof with this step's symbols put in, opened as deep as was asked; its steps chain.
    example : a numeric example: both sides of the step at one instance, as prose with ``$…$`` mathematics.
    rules_used : the rules that the proof names.
    """

    step: Step
    rule: Any
    problem: Problem
    statement: Term | None = None
    bindings: dict[str, Term] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    without: tuple[str, ...] = ()
    proof: tuple[Step, ...] = ()
    example: str = ""
    rules_used: dict[str, Any] = field(default_factory=dict)
