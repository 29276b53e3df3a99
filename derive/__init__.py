"""Worked solutions in which every step names its rule and says why it applies.

>>> import derive
>>> worked = derive.solve("problem.md")           # doctest: +SKIP
>>> worked[1].result, worked[1].step("1.2").why   # doctest: +SKIP

What is heavy is imported when first used, so that ``import derive`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.explaining.model import Explanation
    from derive.planner.solution import Solution

__all__ = ["explain", "rules", "solve"]


def solve(document: Any, *, task: str | None = None, using: str | None = None, methods: bool = False) -> Solution:
    """The worked solution of a document: its text, or (a `Path`, or one line ending in ``.md`` or ``.tex``) its file.

    Raises
    ------
    derive.language.model.ReadError
        The document cannot be read; the error says where, what, and what would be understood.
    """
    from derive.language.reading import read_problem
    from derive.planner.solve import solve as answer
    from derive.rulebook.load import load

    return answer(read_problem(document), load(), task=task, using=using, methods=methods)


def explain(solution: Solution, step: str, deeper: int = 0) -> Explanation:
    """One step (``"1.4"``) alone: its rule, bindings, conditions and, ``deeper`` levels down, its proof."""
    from derive.explaining import explain as opened
    from derive.rulebook.load import load

    return opened(solution, load(), step, deeper)


def __getattr__(name: str) -> Any:
    if name == "rules":
        from derive.rulebook.load import load

        return load()
    raise AttributeError(f"module 'derive' has no attribute {name!r}")
