"""The counts of a network that stores every k-th activation, by going through its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee.world import BeyondReach, Frame
from derive.terms import Term

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
COSTS = ("Network", "ForwardCost", "LoadCost", "DiskCost", "StorageCost")


def _said(ev: Evaluator, head: str, frame: Frame) -> list[float]:
    for p in ev.world.memo.get("network", ()):
        if p.head == head:
            return [ev.number(a, frame) for a in p.args]
    raise BeyondReach("the document says nothing of such a network")


def _walk(ev: Evaluator, frame: Frame) -> tuple[int, int, int]:
    """Forward operations, loads and stored activations, layer by layer, last first."""
    depth, interval = (round(v) for v in _said(ev, "Network", frame))
    forwards = loads = 0
    for layer in range(depth, 0, -1):
        start = layer
        while start > 0 and start % interval:
            start -= 1
            forwards += 1
        loads += 1
    return forwards, loads, sum(1 for layer in range(1, depth + 1) if layer % interval == 0)


def _count(ev: Evaluator, t: Term, frame: Frame) -> Array:
    forwards, loads, stored = _walk(ev, frame)
    if t.head == "ForwardOperations":
        out: float = forwards
    elif t.head == "MemoryLoads":
        out = loads
    else:
        out = forwards * _said(ev, "ForwardCost", frame)[0] + loads * _said(ev, "LoadCost", frame)[0]
        if t.head == "TotalTime":
            out += stored * _said(ev, "StorageCost", frame)[0]
    return np.array([float(out)])


def _unit(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return ev.value(t.args[0], frame)


HEADS = {h: _count for h in ("ForwardOperations", "MemoryLoads", "BackwardTime", "TotalTime")} | {"Unit": _unit}
