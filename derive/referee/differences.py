"""Derivatives by central differences, and the frames in which what is differentiated stands.

A frame of differences holds, for each case of its parent, the points around one value of a name. An integral in such a frame may run
outside of it (`centre`, `around`): then the points of the differences are its inner cases, what depends on the variable of
integration alone is worked out once for all of them, and a derivative of an integral meets the values of an integral of derivatives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee.evaluate import MAX_CASES
from derive.referee.world import BeyondReach, Frame, Undefined
from derive.terms import Term

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
STEP = 2.5e-3
OFFSETS = (-2, -1, 0, 1, 2)
COEFFICIENTS = (1 / 12, -2 / 3, 0.0, 2 / 3, -1 / 12)  # of the 4th order first difference
CLOSER = (1, 8, 64)  # how many times closer the points are taken where a function changes fast
APART = 2e-4  # how far the differences of 2nd order may be from those of 4th, whose error is about the square of this
AT_ONCE = MAX_CASES // 8  # points up to which all coordinates are shifted in one frame


def _gradient(ev: Evaluator, t: Term, frame: Frame) -> Array:
    """The first differences in each coordinate of the point; those axes come last."""
    point = np.asarray(ev.value(t.domain[0], frame), float)
    out = _differences(ev, t.body, t.var, point, frame)
    return out.reshape(*out.shape[:-1], *point.shape[1:])


def _derivative(ev: Evaluator, t: Term, frame: Frame) -> Array:
    point = np.asarray(ev.value(t.domain[0], frame), float)
    if point[0].size != 1:
        raise BeyondReach("a derivative in something that is no number")
    return _differences(ev, t.body, t.var, point, frame)[..., 0]


def _hessian(ev: Evaluator, t: Term, frame: Frame) -> Array:
    inner = Term("Grad", (t.var, t.body, t.var))
    return ev.value(Term("Grad", (t.var, inner, t.domain[0])), frame)


def _differences(ev: Evaluator, body: Term, var: Term, point: Array, frame: Frame) -> Array:
    """The derivative in each entry of ``point``: (cases, …, entries)."""
    entries = point[0].size
    if var.name not in ev.world.depends(body):
        v = 0.0 * ev.value(body, frame)  # exactly, where differences would leave noise
        return np.repeat(v[..., None], entries, axis=-1)
    if entries > 1 and frame.batch * entries * len(OFFSETS) > AT_ONCE:
        columns = [_along(ev, body, var, point, (k,), frame) for k in range(entries)]
        return np.concatenate(columns, axis=-1)
    return _along(ev, body, var, point, tuple(range(entries)), frame)


def _along(ev: Evaluator, body: Term, var: Term, point: Array, coordinates: tuple[int, ...], frame: Frame) -> Array:
    for closer in CLOSER:
        out, other = _estimates(ev, body, var, point, coordinates, frame, closer)
        if (abs(out - other) <= APART * np.maximum(abs(out), 1.0)).all() or not np.isfinite(out).all():
            return out
    raise Undefined("a derivative of what changes too fast")


def _estimates(ev: Evaluator, body: Term, var: Term, point: Array, coordinates: tuple[int, ...], frame: Frame, closer: float) -> tuple[Array, Array]:
    """The differences of 4th order, and those of 2nd order of the same values: where these are close, those are much closer."""
    cases, n, k = frame.batch, len(OFFSETS), len(coordinates)
    centre = np.broadcast_to(point, (cases, *point.shape[1:]))
    shifted = np.repeat(centre, k * n, axis=0)
    each = shifted.reshape(cases, k, n, -1)
    steps = np.stack([_step(centre.reshape(cases, -1)[:, c]) for c in coordinates], axis=1) / closer
    for i, c in enumerate(coordinates):
        each[:, i, :, c] += np.array(OFFSETS) * steps[:, i, None]
    v = ev.value(body, frame.along(var.name, shifted, k * n, about=point))
    if len(v) == 1:
        none = np.zeros((1, *v.shape[1:], k))
        return none, none
    v = v.reshape(cases, k, n, *v.shape[1:])
    if bent(v):
        raise Undefined("a derivative at a kink")
    out: Array = sum(v[:, :, i] * a for i, a in enumerate(COEFFICIENTS) if a)
    second = (v[:, :, 3] - v[:, :, 1]) / 2
    steps = steps.reshape(cases, k, *(1,) * (out.ndim - 2))
    return np.moveaxis(out / steps, 1, -1), np.moveaxis(second / steps, 1, -1)


def _step(x: Array) -> Array:
    """How far apart the points of a difference are: closer where the value is small, for ``1/x^2`` bends more the nearer 0 is."""
    return STEP * np.clip(abs(x), 0.1, 1.0)


def bent(v: Array) -> bool:
    """Whether values (cases, coordinates, `OFFSETS`, …) come from a function with a kink among the points.

    Of a smooth function the fourth difference is next to nothing beside the second; at a kink it is twice as large.
    """
    near = v[:, :, 1] + v[:, :, 3]
    far = v[:, :, 0] + v[:, :, 4]
    middle = v[:, :, 2]
    fourth = np.abs(far - 4 * near + 6 * middle)
    large = fourth > 1e-3 * np.abs(v[:, :, 3] - v[:, :, 1]) + 1e-5 * STEP + 1e-12 * np.abs(middle)
    return bool(large.any() and np.any(large & (fourth > 0.5 * np.abs(near - 2 * middle))))


def centre(ev: Evaluator, frame: Frame) -> tuple[Frame, Frame, list[Frame]]:
    """Of a frame inside of frames of differences: the frame with their names at the points that they are around, the frame outside
    of them, and they (with the frames of indices among them), outermost first."""
    levels: list[Frame] = []
    at = frame
    while at.parent is not None and (at.about is not None or at.index):
        levels.append(at)
        at = at.parent
    while levels and levels[-1].about is None:
        at = levels.pop()
    levels.reverse()
    here, row = at, 0
    for f in levels:
        if f.about is None:
            here = here.indexed(f.index)
            continue
        (name,) = f.names
        here = _at_point(ev, here, name, f.about if len(f.about) == 1 else _rows(f.about, at.batch)[:, row])
        row = row * f.repeat + OFFSETS.index(0)
    return here, at, levels


def _at_point(ev: Evaluator, here: Frame, name: str, point: Array) -> Frame:
    found = here.lookup(name)
    known = found[0] if found is not None else None
    if found is None and name in ev.world.values:
        known = np.asarray(ev.world.values[name], float)[None]
    if isinstance(known, np.ndarray) and known.shape == point.shape and (known == point).all():
        return here
    return here.along(name, np.broadcast_to(point, (here.batch, *point.shape[1:])), 1)


def around(frame: Frame, outside: int, levels: list[Frame], n: int) -> Frame:
    """``levels`` again inside ``frame``, which holds ``n`` values for each of the ``outside`` cases around the levels."""

    def spread(v: Array) -> Array:
        each = _rows(v, outside)
        return np.broadcast_to(each[:, None], (outside, n, *each.shape[1:])).reshape(-1, *v.shape[1:])

    for f in levels:
        if f.about is None:
            frame = frame.indexed(f.index)
            continue
        ((name, v),) = f.names.items()
        frame = frame.along(name, spread(v), f.repeat, about=f.about if len(f.about) == 1 else spread(f.about))
    return frame


def _rows(v: Array, outside: int) -> Array:
    """Values by the case outside that they belong to: (outside, each, …)."""
    return v.reshape(outside, -1, *v.shape[1:])


HEADS = {"Grad": _gradient, "Jac": _gradient, "Deriv": _derivative, "Hess": _hessian}
