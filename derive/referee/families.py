"""Arrays of every size: families that a bound may break on, and draws of random ones."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from derive.language.model import Symbol
from derive.referee.evaluate import Evaluator
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term, add, call, mul, neg, num, power

Array = Any
DRAWS, MAX_DRAWN = 48, 40_000  # draws of what is random, and entries drawn in all


@dataclass(frozen=True)
class Family:
    """Arrays of every size: how to build one, and (for square sizes) the term that says so; of a family of arrays, each member's."""

    build: Any
    term: Any = None


def draw(w: World, ev: Evaluator, random: list[Symbol], givens: tuple[Term, ...]) -> None:
    """Draws of arrays with i.i.d. entries, for every average."""
    from derive.referee.grids import Grid
    from derive.referee.laws import Need
    from derive.referee.weights import weighted
    from derive.referee.world import Source

    generator = np.random.Generator(np.random.PCG64(20240601))
    values: dict[str, Array] = {}
    entries = sum(prod(ev.sizes(s.term, ev.base)) for s in random)
    draws = min(DRAWS, max(4, MAX_DRAWN // entries))
    for s in random:
        law = next((x for g in givens if (x := _law_of(g, s.term)) is not None), None)
        shape = [ev.integer(d, ev.base) for d in s.term.sort.shape]
        if law is None:
            raise BeyondReach("the growth of something random whose law is not given")
        u = generator.random((draws, *shape))
        x, weights = weighted(ev, law, Need(60), ev.base)
        if x.ndim != 2:
            raise BeyondReach("the growth of a random vector with a law of its own")
        if law.head == "Normal":
            m, v = ev.number(law.args[0]), ev.number(law.args[1])
            values[s.term.name] = m + v**0.5 * generator.standard_normal((draws, *shape))
        else:
            order = np.argsort(x[0])
            cumulative = np.cumsum(weights[0][order])
            values[s.term.name] = x[0][order][np.minimum(np.searchsorted(cumulative, u), x.shape[1] - 1)]
        w.sources[s.term.name] = Source(s.term.name, tuple(shape), ())
    w.dependence.clear()
    ev.drawn = Grid(Frame(ev.base, values, draws), np.full((1, draws), 1 / draws))


def _law_of(g: Term, symbol: Term) -> Term | None:
    while g.head == "ForAll":
        g = g.body
    if g.head == "Dist" and (g.args[0] == symbol or (g.args[0].head == "At" and g.args[0].args[0] == symbol)):
        return g.args[1]
    return None


def families(s: Symbol) -> list[Family]:
    from derive.referee.fixed import irregular

    def rough(sizes: list[int], k: int) -> Array:
        n = int(np.prod(sizes))
        u = (0.6180339887 * np.arange(1, n + 1) * (k + 1) + 0.37 * np.arange(n) ** 2 * 0.7548776662) % 1
        return (2 * u - 1).reshape(sizes)

    if len(s.term.sort.shape) == 1:
        return [
            Family(lambda z, k: np.ones(z), lambda d: call("Ones", *d)),
            Family(rough),
            Family(lambda z, k: np.eye(1, z[0])[0]),
            Family(lambda z, k: np.zeros(z), lambda d: call("Zeros", *d)),
            Family(lambda z, k: -np.ones(z), lambda d: neg(call("Ones", *d))),
        ]
    if len(s.term.sort.shape) == 3:  # matrices, all of them alike first
        return [
            Family(lambda z, k: np.broadcast_to(np.eye(*z[1:]), z), lambda d: call("Identity", d[1])),
            Family(rough),
            Family(lambda z, k: np.broadcast_to(-np.eye(*z[1:]), z), lambda d: neg(call("Identity", d[1]))),
            Family(lambda z, k: np.zeros(z), lambda d: call("Zeros", *d[1:])),
            Family(lambda z, k: irregular(z, k, 0)),
        ]
    if len(s.term.sort.shape) != 2:
        return [Family(lambda z, k: irregular(z, k, 0))]

    def projection(z: list[int], k: int) -> Array:
        return np.eye(z[0], z[1]) - np.ones(z) / max(z)

    def projected(d: tuple[Term, ...]) -> Term:
        ones = call("Ones", d[0])
        return add(call("Identity", d[0]), neg(mul(power(d[0], num(-1)), call("MatMul", ones, call("Transpose", ones)))))

    return [
        Family(projection, projected),
        Family(lambda z, k: np.ones(z), lambda d: call("MatMul", call("Ones", d[0]), call("Transpose", call("Ones", d[1])))),
        Family(lambda z, k: np.eye(*z), lambda d: call("Identity", d[0])),
        Family(rough),
        Family(lambda z, k: -np.eye(*z), lambda d: neg(call("Identity", d[0]))),
        Family(lambda z, k: np.eye(1, z[0])[0][:, None] * np.eye(1, z[1])[0]),
    ]
