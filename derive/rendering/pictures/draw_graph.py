"""Steps and what they use: boxes and the lines between them."""

from __future__ import annotations

import re
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch
from matplotlib.path import Path

from derive.rendering.breaking import broken
from derive.rendering.pictures.layout import GAP_X, Box, Laid, laid
from derive.rendering.pictures.mathtext import escaped, mathtext, measured, pieces
from derive.rendering.pictures.model import Graph, Node
from derive.rendering.pictures.style import BLUE, INK, VERMILLION
from derive.rendering.words import is_computation

MARGIN, HEADING = 8.0, 22.0
ROOM = 46.0  # letters of a formula on one line of a box
COLOURS = {"fact": BLUE, "start": INK, "step": INK, "rule": VERMILLION}
LINES = {"fact": "-", "start": (0, (1, 2)), "step": "-", "rule": (0, (4, 2))}
HEADINGS = {"fact": "what is given", "step": "steps", "rule": "rules"}


def graph_figure(graph: Graph, links: bool = False) -> Figure:
    """With ``links``, each box leads to its place on the page."""
    plan = laid(graph, measured, lines_of)
    wide, high = plan.width + 2 * MARGIN, plan.height + 2 * MARGIN + HEADING
    fig = Figure(figsize=(wide / 72, high / 72))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set_xlim(-MARGIN, plan.width + MARGIN)
    ax.set_ylim(plan.height + MARGIN, -MARGIN - HEADING)
    ax.axis("off")
    _edges(ax, plan)
    for box in plan.boxes:
        _box(ax, box, links)
    for kind, x, width in {(b.node.kind, b.x, b.width): None for b in plan.boxes if b.node.kind != "start"}:
        ax.text(x + width / 2, -HEADING / 2 - 2, HEADINGS[kind], ha="center", va="center", fontsize=10, style="italic", color=COLOURS[kind])
    return fig


def lines_of(node: Node) -> list[list[str]]:
    """What stands in a box, as lines of pieces."""
    if node.kind == "fact":
        return [[escaped(node.name)], pieces(node.text)]
    if node.kind == "rule":
        return [pieces(node.text)] if is_computation(node.name) else [re.findall(r"[^._]+[._]?", node.name)]
    first, *rest = (mathtext(p) for p in broken(node.formula, ROOM))
    return [[f"{node.name} ", first] if node.name else [first], *([" " * 8, p] for p in rest)]


def _box(ax: Any, box: Box, links: bool) -> None:
    kind = box.node.kind
    ax.add_patch(FancyBboxPatch(
        (box.x, box.y), box.width, box.height, boxstyle="round,pad=0,rounding_size=4" if kind == "fact" else "square,pad=0",
        facecolor="none", edgecolor=COLOURS[kind], linewidth=1.0, linestyle=LINES[kind], gid=box.node.id,
    ))  # fmt: skip
    for t in box.lines:
        ax.text(box.x + t.x, box.y + t.y, t.text, fontsize=t.size, va="center", ha="left", url=f"#{box.node.id}" if links else None,
                color=COLOURS[kind] if t.bold else INK, fontweight="bold" if t.bold else "normal")  # fmt: skip


def _edges(ax: Any, plan: Laid) -> None:
    boxes = {b.node.id: b for b in plan.boxes}
    for one, other in plan.edges:
        a, b = boxes[one], boxes[other]
        if a.node.kind in ("start", "step"):
            ax.add_patch(FancyArrowPatch(
                (a.x + a.width / 2, a.y + a.height), (b.x + b.width / 2, b.y), arrowstyle="-|>", mutation_scale=7, color=INK,
                linewidth=0.9, shrinkA=0, shrinkB=0, gid=f"{one}--{other}",
            ))  # fmt: skip
            continue
        right = a.x < b.x
        start, end = (a.x + a.width, b.x) if right else (a.x, b.x + b.width)
        bend = GAP_X * 0.55 * (1 if right else -1)
        y0, y1 = a.middle, _arrival(plan, boxes, one, other)
        ax.add_patch(PathPatch(
            Path([(start, y0), (start + bend, y0), (end - bend, y1), (end, y1)], [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]),
            facecolor="none", edgecolor=COLOURS[a.node.kind], linewidth=0.8, alpha=0.75, linestyle=LINES[a.node.kind], gid=f"{one}--{other}",
        ))  # fmt: skip
        ax.plot([end], [y1], marker="o" if right else "D", markersize=2.6, color=COLOURS[a.node.kind], clip_on=False)


def _arrival(plan: Laid, boxes: dict[str, Box], one: str, other: str) -> float:
    """Where on a step's side an edge ends: those from one side spread over it, in the order of where they come from."""
    step, side = boxes[other], boxes[one].node.kind
    coming = sorted((boxes[s] for s, t in plan.edges if t == other and boxes[s].node.kind == side), key=lambda b: (b.middle, b.node.id))
    k = coming.index(boxes[one])
    return step.y + step.height * (k + 1) / (len(coming) + 1)


__all__ = ["graph_figure", "lines_of"]
