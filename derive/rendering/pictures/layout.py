"""Where the boxes of a graph stand: facts, steps and rules in three columns, so that nothing can overlap.

Steps go from top to bottom in their order. A fact stands as near as it can to the middle of the steps that use it, facts in the
order of those middles; rules alike. Edges run between two neighbouring columns only, so none passes behind a box.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.rendering.pictures.model import Graph, Node

WIDE = {"fact": 190.0, "step": 330.0, "rule": 150.0}  # points, at most
GAP_X, GAP_Y, PAD, LEADING = 46.0, 10.0, 6.0, 1.3
SLACK = 5.0  # letters that a browser has may be a little wider than those measured
SIZE = 9.0  # of letters
SMALLEST = 6.5

Measure = Callable[[str, float], tuple[float, float]]  # a string for the plotting library and a size: its width and height


@dataclass(frozen=True)
class Text:
    """A piece of a line of a box: its left end and middle, from the box's upper left corner (y downward)."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Box:
    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Text, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Laid:
    """A whole drawing; y goes downward."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    edges: tuple[tuple[str, str], ...]


def laid(graph: Graph, measure: Measure, cut: Callable[[Node], list[list[str]]]) -> Laid:
    """``cut`` gives a node's lines, each as pieces that may be parted."""
    spine = [n for n in graph.nodes if n.kind in ("start", "step")]
    found = {"fact": list(graph.of("fact")), "step": spine, "rule": list(graph.of("rule"))}
    x, left, width = 0.0, {}, {}
    text: dict[str, tuple[tuple[Text, ...], float]] = {}
    for kind, nodes in found.items():
        if not nodes:
            continue
        made = {n.id: filled(WIDE[kind], measure, cut(n), kind == "fact") for n in nodes}
        text |= {i: (lines, high) for i, (lines, _, high) in made.items()}
        left[kind], width[kind] = x, max(wide for _, wide, _ in made.values())
        x += width[kind] + GAP_X

    def box(n: Node, kind: str, y: float) -> Box:
        lines, high = text[n.id]
        return Box(n, left[kind], y, width[kind], high, lines)

    boxes: dict[str, Box] = {}
    y = 0.0
    for n in spine:
        boxes[n.id] = box(n, "step", y)
        y += boxes[n.id].height + GAP_Y + 6
    for kind in ("fact", "rule"):
        boxes |= _beside([box(n, kind, 0.0) for n in found[kind]], graph, boxes)
    top = min(b.y for b in boxes.values())
    placed = tuple(Box(b.node, b.x, b.y - top, b.width, b.height, b.lines) for b in boxes.values())
    return Laid(x - GAP_X, max(b.y + b.height for b in placed), placed, graph.edges)


def filled(most: float, measure: Measure, lines: list[list[str]], headed: bool) -> tuple[tuple[Text, ...], float, float]:
    """Text broken to a width of at most ``most``, with the width and height that it takes; what is wider still is set smaller."""
    room = most - 2 * PAD - SLACK
    out: list[Text] = []
    at, widest = PAD, 0.0
    for n, pieces in enumerate(lines):
        for line in _wrapped(pieces, room, measure):
            sizes = [measure(p, SIZE) for p in line]
            wide = sum(w for w, _ in sizes)
            shrunk = max(SMALLEST / SIZE, min(1.0, room / wide)) if wide else 1.0
            high = max([SIZE, *(h * shrunk for _, h in sizes)]) + (LEADING - 1) * SIZE
            x = PAD
            for text, (w, _) in zip(line, sizes, strict=True):
                out.append(Text(x, at + high / 2, text, SIZE * shrunk, bold=headed and n == 0))
                x += w * shrunk
            at += high
            widest = max(widest, wide * shrunk)
    return tuple(out), widest + 2 * PAD + SLACK, at + PAD


def _wrapped(pieces: list[str], room: float, measure: Measure) -> list[list[str]]:
    """Lines of pieces; plain words next to each other are one piece."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for p in pieces:
        wide = measure(p, SIZE)[0]
        if lines[-1] and used + wide - (measure(" ", SIZE)[0] if p.endswith(" ") else 0) > room:
            lines.append([])
            used = 0.0
        last = lines[-1]
        if last and not is_math(p) and not is_math(last[-1]):
            last[-1] += p
        else:
            last.append(p)
        used += wide
    return lines


def is_math(piece: str) -> bool:
    return piece.startswith("$")


def _beside(column: list[Box], graph: Graph, boxes: dict[str, Box]) -> dict[str, Box]:
    """Boxes of one column as near as may be to the steps that use them, none on another."""
    wish: dict[str, float] = {}
    for b in column:
        users = [boxes[t].middle for s, t in graph.edges if s == b.node.id]
        wish[b.node.id] = sum(users) / len(users)
    order = sorted(column, key=lambda b: (wish[b.node.id], b.node.id))
    groups: list[tuple[list[Box], float, float]] = []  # boxes that touch, their top and height
    for b in order:
        group, top, high = [b], wish[b.node.id] - b.height / 2, b.height
        while groups and groups[-1][1] + groups[-1][2] + GAP_Y > top:
            before, t, h = groups.pop()
            share = len(before) / (len(before) + len(group))
            top = share * t + (1 - share) * (top - h - GAP_Y)
            group, high = before + group, h + GAP_Y + high
        groups.append((group, top, high))
    out = {}
    for group, top, _ in groups:
        for b in group:
            out[b.node.id] = Box(b.node, b.x, top, b.width, b.height, b.lines)
            top += b.height + GAP_Y
    return out


def overlaps(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
