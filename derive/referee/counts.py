"""The counts of a network that stores every k-th activation, by running its backward pass on a machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee.machine import run
from derive.referee.world import BeyondReach, Frame
from derive.terms import Term

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
COSTS = ("Network", "ForwardCost", "LoadCost", "DiskCost", "StorageCost", "LayerStorageCost")


def _said(ev: Evaluator, head: str, frame: Frame) -> list[float]:
    for p in ev.world.memo.get("network", ()):
        if p.head == head:
            return [ev.number(a, frame) for a in p.args]
    raise BeyondReach("the document says nothing of such a network")


def _count(ev: Evaluator, t: Term, frame: Frame) -> Array:
    layers, interval = (round(v) for v in _said(ev, "Network", frame))
    done = run(layers, interval)
    if t.head == "ForwardOperations":
        out: float = done.forwards
    elif t.head == "MemoryLoads":
        out = done.loads
    else:
        out = done.forwards * _said(ev, "ForwardCost", frame)[0] + done.loads * _said(ev, "LoadCost", frame)[0]
        if t.head == "TotalTime":
            out += _storing(ev, done.kept, frame)
    return np.array([float(out)])


def _storing(ev: Evaluator, stored: tuple[int, ...], frame: Frame) -> float:
    """What it costs to store these layers' activations: alike for each, or each its own."""
    for p in ev.world.memo.get("network", ()):
        if p.head == "LayerStorageCost":
            layer, body = p.args[0].var, p.args[0].body
            return sum(ev.number(body, frame.step(layer.name, n)) for n in stored)
    return len(stored) * _said(ev, "StorageCost", frame)[0]


def _unit(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return ev.value(t.args[0], frame)


HEADS = {h: _count for h in ("ForwardOperations", "MemoryLoads", "BackwardTime", "TotalTime")} | {"Unit": _unit}
