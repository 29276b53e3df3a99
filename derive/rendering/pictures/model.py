"""What a picture shows, as plain frozen data: made without a plotting library, drawn by `draw`.

Words are short prose: ``$…$`` is mathematics. Axes have a name and a unit, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["exact", "leading", "constant", "answered", "asked"]


@dataclass(frozen=True)
class Axis:
    """``name`` as prose; ``unit`` in words ("no unit" where it is a pure number)."""

    name: str
    unit: str = "no unit"
    whole: bool = False  # whole numbers only

    @property
    def label(self) -> str:
        return f"{self.name} ({self.unit})"


@dataclass(frozen=True)
class Curve:
    kind: Kind
    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Dot:
    """A value found by evaluating the problem itself; ``error`` is two standard errors (0: nothing was drawn by chance)."""

    x: float
    y: float
    error: float = 0.0


@dataclass(frozen=True)
class Dots:
    kind: Kind
    label: str
    points: tuple[Dot, ...]


@dataclass(frozen=True)
class Panel:
    """One pair of axes, both logarithmic; ``held`` says what does not move in it."""

    x: Axis
    curves: tuple[Curve, ...]
    dots: tuple[Dots, ...] = ()
    held: str = ""


@dataclass(frozen=True)
class Plot:
    """Panels side by side with one axis of values."""

    y: Axis
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Node:
    """kind : fact (a line of the document, or an earlier task), start (what a chain begins with), step, rule.

    ``text`` is prose, ``formula`` LaTeX; ``id`` is also the place of what is meant on a page.
    """

    id: str
    kind: Literal["fact", "start", "step", "rule"]
    name: str
    text: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Graph:
    """Which step uses what; an edge goes from what is used to the step that uses it, or from a step to the next."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    def of(self, kind: str) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.kind == kind)


@dataclass(frozen=True)
class LayerRow:
    """One layer's turn in a backward pass: what is fetched, what is computed again."""

    layer: int
    stored: bool
    start: int
    recomputed: tuple[int, ...]
    loads: int


@dataclass(frozen=True)
class Layers:
    """A backward pass, last layer first."""

    layers: int
    interval: int
    rows: tuple[LayerRow, ...]
    forwards: int
    loads: int


@dataclass(frozen=True)
class Picture:
    """``name`` is unique in a document and makes ids and file names; ``alt`` says in words what is seen."""

    name: str
    title: str
    alt: str
    caption: str
    drawing: Plot | Graph | Layers
