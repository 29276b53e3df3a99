"""Why a step applies here: the rule's own reason, and what makes its conditions hold at this place."""

from __future__ import annotations

from collections.abc import Mapping

from derive.kernel.step import Step
from derive.rulebook.model import Rule

COMPUTATIONS = {
    "algebra": "Both sides are the same expression by the rules of arithmetic: expanding, collecting, cancelling.",
    "numbers": "Only numbers are calculated.",
    "given": "The text of the problem states this value.",
    "earlier": "An earlier task found this value.",
    "leading terms": "Every dimension is at least $1$, so each term left out is of lower order than one that is kept.",
}


def explained(step: Step, rules: Mapping[str, Rule]) -> Step:
    """The step with its ``why``, and so every step inside it."""
    rule = rules.get(step.rule)
    if rule is not None:
        base = rule.why.strip()
    elif step.rule.startswith("definition of"):
        base = f"This is what {step.rule.removeprefix('definition of ')} stands for."
    else:
        base = COMPUTATIONS.get(step.rule, "")
    here = _here(step)
    inner = tuple(explained(s, rules) for s in step.steps)
    return step.shown(why=" ".join(x for x in (base, here) if x), steps=inner)


def _here(step: Step) -> str:
    said = [c for c in step.conditions if c.because and c.text]
    if not said or step.rule.startswith(("definition", "given", "earlier")):
        return f"Here: {said[0].because}." if said and not said[0].because.endswith(".") else f"Here: {said[0].because}" if said else ""
    first = said[0]
    more = "" if len(said) == 1 else " (and so for the others)"
    return f"Here: {first.text}, since {first.because}{more}." if len(first.because) < 200 else f"Here: {first.text}."
