"""A network's backward pass: what is stored, what is computed again and what is loaded, layer by layer."""

from __future__ import annotations

from typing import Any

from derive.planner.network.schedule import Pattern, Schedule, schedule
from derive.planner.solution import Answer, Solution
from derive.rendering.pictures.model import LayerRow, Layers, Picture
from derive.rendering.pictures.words import counted, listed

EXAMPLE = (3, 4)  # blocks and interval that are drawn where the document has symbols


def layers_picture(solution: Solution, answer: Answer) -> Picture | None:
    """The backward pass that an answer is about; None where it is about something else."""
    found: Any = answer.schedule
    if not isinstance(found, (Schedule, Pattern)):
        return None
    example = isinstance(found, Pattern)
    if isinstance(found, Pattern):
        blocks, interval = EXAMPLE
        if found.interval.head == "Num":
            interval = int(found.interval.value)
        found = schedule(blocks * interval, interval)
    drawing = layers_of(found)
    stored = [str(r.layer) for r in reversed(drawing.rows) if r.stored]
    title = "The backward pass, layer by layer"
    such = f" (drawn for {drawing.layers} layers of which every {ordinal(drawing.interval)} is stored)" if example else ""
    caption = (
        f"{title}{such}: each row is one layer's turn, the last layer first. What is fetched (a square: stored; a triangle: the "
        f"network's input) is where the row starts, and each arrow is one forward operation. In all {counted(drawing.forwards, 'forward operation')} "
        f"and {counted(drawing.loads, 'load')}."
    )
    alt = (
        f"{counted(drawing.layers, 'layer')}, the activations of {('layers ' + listed(stored)) if stored else 'none'} stored. "
        + " ".join(_row(r) for r in drawing.rows)
        + f" In all {counted(drawing.forwards, 'forward operation')} and {counted(drawing.loads, 'load')}."
    )
    return Picture(f"{answer.task.id}-layers", title, alt, caption, drawing)


def layers_of(s: Schedule) -> Layers:
    rows = tuple(LayerRow(r.layer, r.stored, r.start, r.recomputed, r.loads) for r in s.rows)
    return Layers(s.layers, s.interval, rows, s.forwards, s.loads)


def _row(r: LayerRow) -> str:
    start = f"layer {r.start}" if r.start else "the input"
    if not r.recomputed:
        return f"Layer {r.layer}: loaded."
    ran = f"layer {r.layer}" if len(r.recomputed) == 1 else f"layers {r.recomputed[0]} to {r.recomputed[-1]}"
    return f"Layer {r.layer}: {start} loaded, {ran} computed again."


def ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
