"""What explaining a step gives, and all that a page about it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from derive.kernel.step import Checked, Condition, Step
from derive.language.model import Problem
from derive.terms import Term


@dataclass(frozen=True)
class ProofStep:
    """A line of a rule's own proof with a step's symbols put in: shown like a `Step`, but the kernel has not made it.

    rule : the reason that the line gives: a rule, a computation, ``induction``, ``assumption``.
    steps : that rule's own proof, opened in its turn.
    """

    relation: str
    before: Term
    after: Term
    rule: str
    why: str = ""
    bindings: dict[str, Term] = field(default_factory=dict)
    direction: str = "left to right"
    context: Term | None = None
    conditions: tuple[Condition, ...] = ()
    checked: Checked = Checked("not evaluated", because=Checked.UNSEEN)
    steps: tuple[ProofStep, ...] = ()
    id: str = ""
    part: int | None = None


AnyStep = Step | ProofStep


@dataclass(frozen=True)
class Explanation:
    """One step alone.

    step : the step, with its number.
    rule : the rule (`rulebook.model.Rule`), or the name of one of the kernel's computations.
    problem : the document that the step belongs to (its symbols and lines).
    statement : what the rule claims with this step's symbols put in; of a computation, what becomes what.
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
    proof: tuple[AnyStep, ...] = ()
    example: str = ""
    rules_used: dict[str, Any] = field(default_factory=dict)
