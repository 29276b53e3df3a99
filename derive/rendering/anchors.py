"""Names of steps that survive edits elsewhere in the document."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from derive.explaining.numbering import all_steps
from derive.kernel.step import Step
from derive.planner.solution import Solution
from derive.rendering.mathjson import to_math


def anchors(steps: Iterable[Step]) -> dict[str, str]:
    """Number of a step -> its anchor, which depends on what the step says only (a second equal one ends in -2)."""
    seen: Counter[str] = Counter()
    out: dict[str, str] = {}
    for step in steps:
        content = json.dumps([step.relation, to_math(step.before), to_math(step.after), step.rule])
        name = f"s-{sha256(content.encode()).hexdigest()[:10]}"
        seen[name] += 1
        out[step.id] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return out


def step_number(solution: Solution, name: str) -> str | None:
    """The number of the step that ``name`` means in a numbered solution: a number (``1.4``, ``(1.4)``) or an anchor."""
    wanted = name.strip().strip("()").removeprefix("#")
    names = anchors(all_steps(solution))
    if wanted in names:
        return wanted
    return next((number for number, anchor in names.items() if anchor == wanted), None)
