"""Pictures of a solution, made only when they are asked for.

What a picture shows is plain data (`model`), made from a solution without any plotting library; `draw` alone imports
matplotlib.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.planner.solution import Solution
    from derive.rendering.pictures.model import Picture


def pictures(solution: Solution) -> dict[str, tuple[Picture, ...]]:
    """The pictures of each task, by its number: values over sizes, a network's layers, the graph of the steps."""
    from derive.explaining.numbering import numbered
    from derive.language.writer import latex
    from derive.rendering.pictures.both import rules_picture
    from derive.rendering.pictures.growth import scale_picture, value_picture
    from derive.rendering.pictures.network import layers_picture
    from derive.rendering.pictures.steps import steps_picture

    solution = numbered(solution)
    write = partial(latex, symbols=solution.problem.symbols)
    out: dict[str, tuple[Picture, ...]] = {}
    drawn_before: set[object] = set()
    for answer in solution.answers:
        found = [make(solution, answer, write) for make in (scale_picture, value_picture, rules_picture)]
        found += [layers_picture(solution, answer), steps_picture(solution, answer, write)]
        mine = [p for p in found if p is not None and p.drawing not in drawn_before]
        drawn_before |= {p.drawing for p in mine}
        out[answer.task.id] = tuple(mine)
    return out
