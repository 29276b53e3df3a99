"""Integrals by quadrature, suprema where a norm says what they are."""

from __future__ import annotations

from functools import lru_cache
from math import inf, prod
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee import heads, placed
from derive.referee.evaluate import MAX_CASES
from derive.referee.world import BeyondReach, Frame, Undefined
from derive.terms import Term, call, same, shape, subterms

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any


# -- integrals


@lru_cache(maxsize=32)
def line(n: int) -> tuple[Array, Array]:
    """Points and weights for the half line (0, ∞): double exponential, so that decay and poles at 0 may be mild."""
    t = np.linspace(-3.6, 3.2, n)
    x = np.exp(np.pi / 2 * np.sinh(t))
    w = x * np.pi / 2 * np.cosh(t) * (t[1] - t[0])
    keep = (x < 1e12) & (x > 1e-14)
    return x[keep], w[keep]


@lru_cache(maxsize=32)
def interval(n: int) -> tuple[Array, Array]:
    """Points and weights on (0, 1): double exponential, so that poles at the ends may be mild."""
    t = np.linspace(-3.4, 3.4, n)
    u = np.pi / 2 * np.sinh(t)
    x = 1 / (1 + np.exp(-2 * u))
    w = np.pi / 2 * np.cosh(t) / np.cosh(u) ** 2 / 2 * (t[1] - t[0])
    return x, w


def space(sizes: list[int]) -> tuple[Array, Array]:
    """Points and weights for a whole space: (n, *sizes) and (n). On one axis split at 0, where a kink may be."""
    k = int(np.prod(sizes)) if sizes else 1
    if k == 1:
        x, w = line(160)
        x, w = np.concatenate([-x[::-1], x]), np.concatenate([w[::-1], w])
        return x.reshape(-1, *sizes), w
    if k > 2:
        raise BeyondReach("an integral over a space of more than two dimensions")
    t = np.arange(-4.0, 4.01, 0.15) + 0.03
    axis, weight = np.sinh(t), np.cosh(t) * 0.15  # wide, and fine in the middle
    index = np.indices([len(axis)] * k).reshape(k, -1)
    return axis[index].T.reshape(-1, *sizes), weight[index].prod(axis=0)


def _integral(ev: Evaluator, t: Term, frame: Frame) -> Array:
    cases = frame.batch
    if not t.domain and (known := _of_densities(ev, t, frame)) is not None:
        return known
    if not t.domain and prod(sizes := [ev.integer(d, frame) for d in t.var.sort.shape]) > 1:
        x, w = space(sizes)
        return _summed(ev, t, frame, np.broadcast_to(x, (cases, *x.shape)), np.broadcast_to(w, (cases, len(w))), plane=True)
    shape = tuple(ev.integer(d, frame) for d in t.var.sort.shape)
    if t.domain:
        lo, hi = (np.broadcast_to(ev.value(d, frame), (cases,)).astype(float) for d in t.domain[:2])
    else:
        lo, hi = np.full(cases, -inf), np.full(cases, inf)
    _pole_at_one(ev, t, frame)
    breaks = kinks(ev, t.body, t.var, frame) if cases == 1 and not shape else set()
    rows = [pieces(float(a), float(b), breaks) for a, b in zip(lo, hi, strict=True)]
    if any(len(r) != len(rows[0]) for r in rows):
        raise BeyondReach("an integral whose pieces differ from case to case")
    total = None
    for part in zip(*rows, strict=True):
        xs, ws = np.stack([p[0] for p in part]), np.stack([p[1] for p in part])
        v = _summed(ev, t, frame, xs.reshape(*xs.shape, *shape), ws, settle=True)
        total = v if total is None else total + v
    assert total is not None
    return total


def _pole_at_one(ev: Evaluator, t: Term, frame: Frame) -> None:
    """Numbers lie no closer to 1 than 1e-16, and a steep pole there has weight closer still."""
    for u in subterms(t.body):
        if u.head == "Density" and u.args[1] == t.var:
            found = ev.world.densities.get(u.args[0].name) if u.args[0].head == "Sym" else None
            law = found.law if found is not None and found.law is not None else u.args[0]
            if law.head == "BetaLaw" and float(ev.value(law.args[1], frame).min()) < 0.7:
                raise BeyondReach("a pole of a density at 1")


def _of_densities(ev: Evaluator, t: Term, frame: Frame) -> Array | None:
    """The integral over the whole space of what has densities in it, where it settles on a grid that is placed by them."""
    shape = tuple(ev.integer(d, frame) for d in t.var.sort.shape)
    if prod(shape) == 1 and kinks(ev, t.body, t.var, frame) != {0.0}:
        return None
    return placed.integral(ev, t, t.body, frame)


def _summed(ev: Evaluator, t: Term, frame: Frame, xs: Array, ws: Array, settle: bool = False, plane: bool = False
            ) -> Array:  # fmt: skip
    cases, n = ws.shape
    if cases * n > MAX_CASES:
        raise BeyondReach("an integral for too many cases")
    with np.errstate(all="ignore"):
        v = ev.value(t.body, frame.along(t.var.name, xs.reshape(-1, *xs.shape[2:]), n))
        v = np.broadcast_to(v, (ws.size, *v.shape[1:])).reshape(*ws.shape, *v.shape[1:])
        terms = v * ws[(..., *(None,) * (v.ndim - 2))]
    if np.isnan(terms).any():
        if settle:
            raise Undefined("an integral of something that is not defined everywhere")
        terms = np.where(np.isfinite(terms), terms, 0.0)
    if settle:
        _settled(terms)
    elif plane:
        side = round(n**0.5)
        checks = np.where(np.indices((side, side)).sum(axis=0).ravel() % 2, -1.0, 1.0)
        size = abs(terms).sum(axis=1).max() + 1e-30
        if abs(np.tensordot(checks, terms, axes=(0, 1))).max() > 1e-7 * size:
            raise BeyondReach("an integral over a plane that half of the points give otherwise")
    return terms.sum(axis=1)


def _settled(terms: Array) -> None:
    """Whether half of the points give the same, and what the outermost add is next to nothing."""
    size = abs(terms).sum(axis=1).max() + 1e-30
    halves = 2 * terms[:, ::2].sum(axis=1) - 2 * terms[:, 1::2].sum(axis=1)
    ends = max(abs(terms[:, 0]).max(), abs(terms[:, -1]).max())
    if np.isfinite(size) and abs(halves).max() <= 1e-5 * size and ends <= 1e-7 * size:
        return
    if (terms >= 0).all() or (terms <= 0).all():
        raise Undefined("an integral that is not finite")
    raise BeyondReach("an integral that does not settle")


def kinks(ev: Evaluator, body: Term, x: Term, frame: Frame) -> set[float]:
    """Where ``body`` has a kink or a jump in ``x``: the roots of what stands in |·|, sign, …, and the ends of densities."""
    from derive.terms import add, free, neg

    probes = np.array([0.0, 1.0, 2.0])
    inner = Frame(frame, {x.name: probes}, 3)
    out = {0.0}
    for s in subterms(body):
        arguments: list[Term] = []
        if s.head in ("Abs", "Sign", "ReLU", "Step"):
            arguments = [s.args[0]]
        elif s.head in ("Max", "Min", "Gt", "Lt", "Ge", "Le") and len(s.args) == 2:
            arguments = [add(s.args[0], neg(s.args[1]))]
        elif s.head == "Density":
            out |= edges(ev, s.args[0], frame)
        for a in arguments:
            if x not in free(a):
                continue
            try:
                v = ev.value(a, inner)
            except BeyondReach:
                continue
            if v.shape == (3,) and v[1] != v[0] and abs(v[2] - 2 * v[1] + v[0]) < 1e-9 * (1 + abs(v).max()):
                out.add(float(-v[0] / (v[1] - v[0])))
    return out


def edges(ev: Evaluator, law: Term, frame: Frame) -> set[float]:
    """Where a density is not smooth."""
    symbol = law.args[0] if law.head == "Apply" else law
    found = ev.world.densities.get(symbol.name) if symbol.head == "Sym" else None
    if found is not None and found.law is not None:
        law = found.law
    try:
        if law.head == "Laplace":
            return {ev.number(law.args[0], frame)}
        if law.head == "Uniform":
            return {ev.number(a, frame) for a in law.args}
    except BeyondReach:
        return set()
    return {1.0} if law.head == "BetaLaw" else set()


def pieces(a: float, b: float, breaks: set[float]) -> list[tuple[Array, Array]]:
    """Points and weights on (a, b), in pieces between the breaks."""
    if a > b:
        return [(x, -w) for x, w in pieces(b, a, breaks)]
    if a == b:
        return [(_array([a]), _array([0.0]))]
    inside = sorted(c for c in breaks if a < c < b)
    if a == -inf and b == inf and not inside:
        inside = [0.0]
    ends = [a, *inside, b]
    return [_piece(lo, hi) for lo, hi in zip(ends, ends[1:], strict=False)]


def _array(values: list[float]) -> Array:
    return np.array(values)


def _piece(a: float, b: float) -> tuple[Array, Array]:
    if b == inf:
        x, w = line(160)
        return a + x, w
    if a == -inf:
        x, w = line(160)
        return b - x[::-1], w[::-1]
    x, w = interval(160)
    return a + (b - a) * x, (b - a) * w


# -- suprema


def _extremum(ev: Evaluator, t: Term, frame: Frame) -> Array:
    """``\\sup_{x ≠ 0}`` of a ratio of norms ``‖A x‖ / ‖x‖``, A independent of x: the largest singular value."""
    body = t.body.args[0] if t.body.head == "Where" else t.body
    if frame.batch > 1 or len(t.var.sort.shape) > 1:
        raise BeyondReach("a supremum")
    n = ev.integer(t.var.sort.shape[0], frame) if t.var.sort.shape else 1
    parts = _ratio(body, t.var) if t.head == "Sup" and t.var.sort.shape else None
    if parts is None:
        return _by_directions(ev, t, body, n, frame)
    (top, image), factor, below = parts
    columns = [ev.value(image, Frame(frame, {t.var.name: np.eye(n)[None, k]})) for k in range(n)]
    matrix = np.stack(columns, axis=-1)
    matrix = matrix[:, None, :] if matrix.ndim == 2 else matrix
    scale = ev.value(factor, frame)
    if (scale < 0).any():
        raise BeyondReach("a supremum")
    rows = 1 if top == "Norm" else matrix.shape[1]
    size = 1 if below == "Norm" else n
    return heads.mul(scale, heads.spectral(matrix) * (size / rows) ** 0.5)


def _by_directions(ev: Evaluator, t: Term, body: Term, n: int, frame: Frame) -> Array:
    """Of something that depends on the direction of x alone, in at most two dimensions: over all directions."""
    sign = 1 if t.head == "Sup" else -1

    def at(x: Array) -> Array:
        v = ev.value(body, Frame(frame, {t.var.name: x if t.var.sort.shape else x[:, 0]}, len(x)))
        return sign * np.broadcast_to(v, (len(x), *v.shape[1:]))

    if n > 2:
        raise BeyondReach("a supremum over more than two dimensions")
    if n == 1:
        directions = np.array([[1.0], [-1.0]])
        angles = None
    else:
        angles = np.linspace(0, 2 * np.pi, 2881)
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    v = at(directions)
    if v.ndim > 1 or not all(np.allclose(at(c * directions), v, atol=1e-9) for c in (0.2, 3.0, 40.0)):
        raise BeyondReach("a supremum")
    if angles is not None:
        best, width = float(angles[int(np.argmax(v))]), 0.01
        for _ in range(6):
            near = best + np.linspace(-width, width, 201)
            w = at(np.stack([np.cos(near), np.sin(near)], axis=1))
            best, width = float(near[int(np.argmax(w))]), width / 40
            v = np.concatenate([v, w])
    return np.array([sign * v.max()])


def _ratio(body: Term, x: Term) -> tuple[tuple[str, Term], Term, str] | None:
    """(head, image of x) above, the fixed factors, head below; None where it is no such ratio."""
    from derive.terms import free, mul

    above: tuple[str, Term] | None = None
    below: str | None = None
    fixed: list[Term] = []
    for f in body.args if body.head == "Mul" else (body,):
        if f.head in ("Norm", "RMS", "Abs") and x in free(f) and above is None and _linear(f.args[0], x):
            above = "RMS" if f.head == "RMS" else "Norm", f.args[0]
        elif f.head == "Pow" and f.args[0].head in ("Norm", "RMS") and same(f.args[0].args[0], x) and below is None:
            below = f.args[0].head
            if f.args[1].head != "Num" or f.args[1].value != -1:
                return None
        elif x in free(f):
            return None
        else:
            fixed.append(f)
    return (above, mul(*fixed), below) if above is not None and below is not None else None


def _linear(t: Term, x: Term) -> bool:
    """Whether ``t`` is a fixed matrix times x, by its form."""
    from derive.terms import free

    if x not in free(t):
        return False
    if t == x:
        return True
    if t.head == "Mul":
        return sum(x in free(a) for a in t.args) == 1 and all(_linear(a, x) for a in t.args if x in free(a))
    if t.head == "Dot":
        return sum(x in free(a) for a in t.args) == 1 and all(_linear(a, x) for a in t.args if x in free(a))
    if t.head == "MatMul":
        return all(x not in free(a) for a in t.args[:-1]) and _linear(t.args[-1], x)
    return t.head == "Add" and all(_linear(a, x) for a in t.args)


HEADS = {"Integral": _integral, "Sup": _extremum, "Inf": _extremum}

__all__ = ["HEADS", "space", "call", "shape"]
