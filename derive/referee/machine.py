"""A machine that runs a backward pass: it keeps what is stored, fetches, recomputes, and counts what it does.

It knows neither quotients nor sums: what it may start from is what lies in its memory, and every activation that it arrives
at is compared with the one of the forward pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from derive.referee.world import BeyondReach

MOST = 500_000  # forward operations that are still run one by one
INPUT = 0


@dataclass
class Machine:
    """``memory`` holds activations by layer, the input under 0; an activation is told by how it came about."""

    memory: dict[int, int] = field(default_factory=lambda: {INPUT: 1})
    forwards: int = 0
    loads: int = 0

    @staticmethod
    def apply(layer: int, activation: int) -> int:
        return (activation * 1_000_003 + layer) % (2**61 - 1)

    def forward(self, layer: int, activation: int) -> int:
        self.forwards += 1
        return self.apply(layer, activation)

    def load(self, layer: int) -> int:
        self.loads += 1
        return self.memory[layer]


@dataclass(frozen=True)
class Counts:
    forwards: int
    loads: int
    kept: tuple[int, ...]  # the layers whose activation was stored

    @property
    def stored(self) -> int:
        return len(self.kept)


@lru_cache(maxsize=4096)
def run(layers: int, interval: int) -> Counts:
    """The backward pass of a network of ``layers`` layers that stores every ``interval``-th activation."""
    if layers * min(layers, interval) > 2 * MOST:
        raise BeyondReach("too many operations to run one by one")
    machine = Machine()
    activations = [machine.memory[INPUT]]
    until = interval
    for layer in range(1, layers + 1):  # the forward pass, which is not counted
        activations.append(machine.apply(layer, activations[-1]))
        until -= 1
        if until == 0:
            machine.memory[layer] = activations[-1]
            until = interval
    kept = tuple(layer for layer in machine.memory if layer != INPUT)
    for layer in range(layers, 0, -1):
        start = layer
        while start not in machine.memory:
            start -= 1
        activation = machine.load(start)
        for again in range(start + 1, layer + 1):
            activation = machine.forward(again, activation)
        assert activation == activations[layer], "the machine recomputed something else"
    return Counts(machine.forwards, machine.loads, kept)


__all__ = ["Counts", "Machine", "run"]
