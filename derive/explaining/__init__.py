"""One step opened: its rule with the rule's own proof, why its conditions hold, the step in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from derive.explaining.model import Explanation
    from derive.planner.solution import Solution
    from derive.rulebook.model import Rule


def explain(solution: Solution, rulebook: Mapping[str, Rule], step_id: str, deeper: int = 0) -> Explanation:
    """The step of that number; the steps of its rule's proof are opened ``deeper`` levels down.

    Raises
    ------
    derive.explaining.numbering.UnknownStep
        There is no such step; the error names the nearest.
    """
    from derive.explaining.steps import explained

    return explained(solution, rulebook, step_id, deeper)
