"""Averages: sums over the values that stand for what is random."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee import heads, placed
from derive.referee.evaluate import MAX_CASES
from derive.referee.grids import Grid, bound, grid
from derive.referee.laws import FINE, Need
from derive.referee.sharp import sharp
from derive.referee.touch import touched
from derive.referee.weights import density_value, weighted
from derive.referee.world import BeyondReach, Frame
from derive.terms import Term, add, binder, call, mul, num, shape, sym

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
ENOUGH = 60  # values between two points at which what is averaged is not smooth


def _expect(ev: Evaluator, t: Term, frame: Frame) -> Array:
    body = t.args[0]
    if body.head == "Given":
        return _conditional(ev, body, frame, _mean)
    return expectation(ev, body, frame)


def expectation(ev: Evaluator, body: Term, frame: Frame) -> Array:
    try:
        g = grid(ev, (body,), frame)
    except BeyondReach as reason:
        return _apart(ev, body, frame, reason)
    return ev.value(body, frame) if g is None else g.average(ev.value(body, g.frame))


def _apart(ev: Evaluator, body: Term, frame: Frame, reason: BeyondReach) -> Array:
    """Where too many values would be combined: sums are averaged term by term, products by groups drawn apart."""
    if body.head == "Add":
        return _fold(heads.add, [expectation(ev, a, frame) for a in body.args])
    if body.head == "Sum":
        terms = [expectation(ev, body.body, frame.step(body.var.name, k)) for k in ev.range(body, frame)]
        if terms:
            return _fold(heads.add, terms)
        if not shape(body):
            return np.zeros(1)
    if body.head == "Mul":
        groups: list[tuple[frozenset[int], list[Term]]] = []
        for a in body.args:
            atoms = touched(ev, a, frame)
            joined = [g for g in groups if g[0] & atoms]
            groups = [g for g in groups if not g[0] & atoms]
            new = frozenset(atoms).union(*(g[0] for g in joined)), [*(x for g in joined for x in g[1]), a]
            groups.append(new)
        if len(groups) > 1:
            return _fold(heads.mul, [expectation(ev, mul(*g[1]), frame) for g in groups])
    raise reason


def _fold(f: Callable[[Array, Array], Array], parts: list[Array]) -> Array:
    out = parts[0]
    for p in parts[1:]:
        out = f(out, p)
    return out


def _mean(v: Array, w: Array) -> Array:
    return np.tensordot(w, v, axes=(0, 0)) / w.sum()


def _variance(v: Array, w: Array) -> Array:
    gap = v - _mean(v, w)
    return _mean(heads.outer(gap, gap), w)


def known_sources(ev: Evaluator, knowns: tuple[Term, ...]) -> frozenset[str] | None:
    """The random symbols that are known, where whole ones are and nothing else is drawn together with them."""
    sources = ev.world.sources
    names = frozenset(k.name for k in knowns if k.head == "Sym")
    if len(names) != len(knowns) or not names <= sources.keys():
        return None
    mine = {a for n in names for a in sources[n].atoms}
    return names if all(mine.isdisjoint(s.atoms) for n, s in sources.items() if n not in names) else None


def _conditional(ev: Evaluator, t: Term, frame: Frame, of: Callable[[Array, Array], Array]) -> Array:
    """E or Var given something: over the combinations of values that agree with it."""
    body, *knowns = t.args
    names = known_sources(ev, tuple(knowns)) if ev.drawn is None else None
    if names is not None and all(frame.lookup(n) is not None for n in names):
        free_of = grid(ev, (body,), frame, names)  # all else is drawn as it is without
        if free_of is None:
            return ev.value(body, frame) if of is _mean else heads.outer(ev.value(body, frame), ev.value(body, frame)) * 0.0
        v = ev.value(body, free_of.frame)
        return free_of.average(v) if of is _mean else free_of.average(heads.outer(v, v)) - heads.outer(free_of.average(v), free_of.average(v))
    outside = {n: v for n, v in bound(frame, frozenset(ev.world.sources)).items() if isinstance(v, int) or len(v) == 1}
    g = grid(ev, (body, *knowns), Frame(ev.base, outside) if outside else ev.base)
    if g is None:
        return ev.value(body, frame)
    n = g.weights.shape[1]
    v = ev.value(body, g.frame)
    v = np.broadcast_to(v, (n, *v.shape[1:]))

    def rows(f: Frame, size: int) -> Array:
        parts = [ev.value(k, f) for k in knowns]
        return np.concatenate([np.broadcast_to(p.reshape(len(p), -1), (size, p[0].size)) for p in parts], axis=1)

    inside, here = rows(g.frame, n), rows(frame, frame.batch)
    stacked = np.round(np.concatenate([inside, here]), 9) + 0.0
    label = np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1)
    out = {}
    w = g.weights[0]
    for k in set(label[n:].tolist()):
        mine = label[:n] == k
        if not mine.any():
            raise BeyondReach("what is known has no value with weight here")
        out[k] = of(v[mine], w[mine])
    return np.stack([out[k] for k in label[n:].tolist()])


def _var(ev: Evaluator, t: Term, frame: Frame) -> Array:
    body = t.args[0]
    if body.head == "Given":
        return _conditional(ev, body, frame, _variance)
    return covariance(ev, body, body, frame)


def covariance(ev: Evaluator, a: Term, b: Term, frame: Frame) -> Array:
    try:
        g = grid(ev, (a, b), frame)
    except BeyondReach:
        if shape(a) or shape(b):
            raise
        apart = expectation(ev, mul(a, b), frame) - expectation(ev, a, frame) * expectation(ev, b, frame)
        return apart
    if g is None:
        return heads.outer(ev.value(a, frame), ev.value(b, frame)) * 0.0
    n = g.weights.shape[1]
    gaps = []
    for x in (a, b):
        v = ev.value(x, g.frame)
        mean = g.average(v)
        gaps.append(v - (mean if len(mean) == 1 else mean.repeat(n, axis=0)))
    return g.average(heads.outer(*gaps))


def _cov(ev: Evaluator, t: Term, frame: Frame) -> Array:
    if t.args[0].head == "Given":
        (a, *known), (b, *_) = (x.args for x in t.args)
        if shape(a) or shape(b):
            raise BeyondReach("a covariance of arrays given something")
        one, two, both = (_conditional(ev, call("Given", x, *known), frame, _mean) for x in (a, b, mul(a, b)))
        return both - one * two
    return covariance(ev, t.args[0], t.args[1], frame)


def _prob(ev: Evaluator, t: Term, frame: Frame) -> Array:
    event = t.args[0]
    if event.head == "Given":
        return _conditional(ev, call("Given", call("Indicator", event.args[0]), *event.args[1:]), frame, _mean)
    return expectation(ev, call("Indicator", event), frame)


def over(ev: Evaluator, var: Term, law: Term, frame: Frame, body: Term | None = None) -> Grid:
    """The values of a variable that has a law, as a frame; as many as ``body``, which is averaged over them, asks for."""
    need = ev.need("~" + var.name)
    if body is not None and need.degree == FINE and (points := sharp(ev, body, var, frame)):
        need = Need(FINE, need.breaks | points, max(need.fineness, ENOUGH))
    k = ("over", var.name, ev.key(law), need)
    if k not in frame.spread:
        frame.spread[k] = _over(ev, var, law, need, frame)
    got: Grid = frame.spread[k]
    return got


def _over(ev: Evaluator, var: Term, law: Term, need: Need, frame: Frame) -> Grid:
    x, w = weighted(ev, law, need, frame)
    n = x.shape[1]
    if n * frame.batch > 2 * MAX_CASES:
        raise BeyondReach("too many combinations of values")
    x = np.broadcast_to(x, (frame.batch, *x.shape[1:]))
    flat = x.reshape(-1, *x.shape[2:])
    if var.sort.shape and flat.ndim == 1:
        flat = flat[:, None]
    elif not var.sort.shape and flat.ndim == 2:
        flat = flat[:, 0]
    return Grid(frame.along(var.name, flat, n), w)


def _expect_over(ev: Evaluator, t: Term, frame: Frame) -> Array:
    body = call("Indicator", t.body) if t.head == "ProbOver" else t.body
    if t.head == "ExpectOver" and placed.quotient(t) and (known := _of_quotient(ev, t, frame)) is not None:
        return known
    g = over(ev, t.var, t.domain[0], frame, body)
    v = ev.value(body, g.frame)
    if len(v) > 1:
        return g.average(v)
    return v * np.sum(g.weights, axis=1)[(..., *(None,) * (v.ndim - 1))]


def _of_quotient(ev: Evaluator, t: Term, frame: Frame) -> Array | None:
    """The average of what grows faster than the values for its law can follow; None where there is no other way."""
    law = t.domain[0]
    known = placed.integral(ev, t, mul(t.body, call("Density", law, t.var)), frame, (law,))
    if known is None and placed.places(ev, t, frame, (law,)):
        raise BeyondReach("an average of a quotient of densities on too large a space, or one that does not settle")
    return known


def _density(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return density_value(ev, t.args[0], ev.value(t.args[1], frame), frame)


def law_shape(law: Term) -> tuple[Term, ...]:
    if law.head == "Normal":
        return shape(law.args[0])
    symbol = law.args[0] if law.head == "Apply" else law
    return symbol.sort.shape if symbol.head == "Sym" else ()


def _divergence(ev: Evaluator, t: Term, frame: Frame) -> Array:
    from derive.referee.calculus import edges

    p = t.args[0]
    x = sym("x_of_law", law_shape(p))
    body = call("Ln", call("Density", p, x))
    if t.head == "Entropy":
        body = mul(num(-1), body)
    else:
        body = add(body, mul(num(-1), call("Ln", call("Density", t.args[1], x))))
    kinks = frozenset({0.0}).union(*(edges(ev, law, frame) for law in t.args)) if not x.sort.shape else frozenset()
    ev.plan = {**ev.plan, "~x_of_law": Need(FINE, kinks, 60 if kinks else 40)}
    return ev.value(binder("ExpectOver", x, body, p), frame)


HEADS = {
    "Expect": _expect, "Mean": _expect, "Var": _var, "Cov": _cov, "Prob": _prob, "ExpectOver": _expect_over,
    "ProbOver": _expect_over, "Density": _density, "KL": _divergence, "Entropy": _divergence,
}  # fmt: skip

__all__ = ["HEADS", "covariance", "expectation", "law_shape", "over"]
