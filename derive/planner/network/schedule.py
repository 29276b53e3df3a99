"""What a network that stores every k-th activation does in its backward pass, layer by layer, as data to show.

Nothing is proved from it: the counts are derived by rules. It is the table beside them, and what a picture is drawn from.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.facts.facts import Facts
from derive.terms import Term, add, fresh, mul, names, num, sym

INPUT = 0  # the network's input, as a place to start from
MAX_ROWS = 64  # layers of a table that still helps


@dataclass(frozen=True)
class LayerRow:
    """One layer of the backward pass.

    stored : its activation was kept, so it is fetched.
    start : what is fetched: the layer itself, the nearest stored one below, or 0 for the network's input.
    recomputed : the layers whose forward operation is done again, first to last; the last of them is this one.
    loads : one, for the start.
    """

    layer: int
    stored: bool
    start: int
    recomputed: tuple[int, ...]
    loads: int = 1

    @property
    def forwards(self) -> int:
        return len(self.recomputed)


@dataclass(frozen=True)
class Schedule:
    """A whole backward pass, last layer first."""

    layers: int
    interval: int
    rows: tuple[LayerRow, ...]

    @property
    def stored(self) -> tuple[int, ...]:
        """The layers whose activation is kept."""
        return tuple(r.layer for r in reversed(self.rows) if r.stored)

    @property
    def forwards(self) -> int:
        return sum(r.forwards for r in self.rows)

    @property
    def loads(self) -> int:
        return sum(r.loads for r in self.rows)


@dataclass(frozen=True)
class PatternRow:
    """The layers of one kind, where depth or interval are symbols: ``layer`` is one of them, ``where`` says which."""

    layer: Term
    where: Term | None
    stored: bool
    start: Term
    forwards: Term
    loads: Term


@dataclass(frozen=True)
class Pattern:
    """The kinds of layers: layer $q k$, and $q k + r$ with $0 < r < k$."""

    layers: Term
    interval: Term
    rows: tuple[PatternRow, ...]


@dataclass(frozen=True)
class IntervalRow:
    """One interval, and what the network does and costs with it.

    beyond : this interval and every larger one.
    least : no interval takes less; with ``when``, where that holds of a cost that is left open.
    """

    interval: int
    forwards: int
    loads: int
    stored: int
    time: Term
    least: bool
    beyond: bool = False
    when: Term | None = None


@dataclass(frozen=True)
class Comparison:
    """All intervals of a network of ``layers`` layers."""

    layers: int
    rows: tuple[IntervalRow, ...]
    unit: str | None = None


def schedule(layers: int, interval: int) -> Schedule:
    """The backward pass of a network of ``layers`` layers that stores every ``interval``-th activation."""
    rows = []
    for layer in range(layers, 0, -1):
        start = layer - layer % interval
        rows.append(LayerRow(layer, start == layer, start, tuple(range(start + 1, layer + 1))))
    return Schedule(layers, interval, tuple(rows))


def network_of(facts: Facts) -> tuple[Term, Term, int] | None:
    """Depth, interval and the line that tells of the network; None where there is none."""
    for g in facts.givens:
        if g.prop.head == "Network":
            return g.prop.args[0], g.prop.args[1], g.line
    return None


def schedule_of(facts: Facts) -> Schedule | Pattern | None:
    """The document's network: row by row where depth and interval are numbers and not too many, its pattern otherwise."""
    found = network_of(facts)
    if found is None:
        return None
    layers, interval = facts.seen(found[0]), facts.seen(found[1])
    if layers.head == interval.head == "Num" and layers.value <= MAX_ROWS:
        return schedule(int(layers.value), int(interval.value))
    return pattern(layers, interval, facts)


def pattern(layers: Term, interval: Term, facts: Facts) -> Pattern:
    taken = facts.symbols.keys() | names([layers, interval])
    q = fresh(sym("q"), taken)
    r = fresh(sym("r"), taken | {q.name})
    start = mul(q, interval)
    between = Term("And", (Term("Lt", (num(0), r)), Term("Lt", (r, interval))))
    return Pattern(layers, interval, (
        PatternRow(start, None, True, start, num(0), num(1)),
        PatternRow(add(start, r), between, False, start, r, num(1)),
    ))  # fmt: skip


__all__ = ["INPUT", "Comparison", "IntervalRow", "LayerRow", "Pattern", "PatternRow", "Schedule", "network_of", "pattern", "schedule", "schedule_of"]
