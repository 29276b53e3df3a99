"""Integrals by quadrature, derivatives by central differences, suprema where a norm says what they are."""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, Any

from derive.referee import heads
from derive.referee.evaluate import MAX_CASES
from derive.referee.world import BeyondReach, Frame
from derive.terms import Term, call, same, shape

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
STEP = 4e-3
OFFSETS = (-3, -2, -1, 1, 2, 3)
COEFFICIENTS = (-1 / 60, 3 / 20, -3 / 4, 3 / 4, -3 / 20, 1 / 60)  # of the 6th order first difference


# -- integrals


@lru_cache(maxsize=32)
def line(n: int) -> tuple[Array, Array]:
    """Points and weights for the half line (0, ∞): double exponential, so that decay and poles at 0 may be mild."""
    import numpy as np

    t = np.linspace(-3.6, 3.2, n)
    x = np.exp(np.pi / 2 * np.sinh(t))
    w = x * np.pi / 2 * np.cosh(t) * (t[1] - t[0])
    keep = (x < 1e12) & (x > 1e-14)
    return x[keep], w[keep]


@lru_cache(maxsize=32)
def interval(n: int) -> tuple[Array, Array]:
    """Points and weights on (0, 1): double exponential, so that poles at the ends may be mild."""
    import numpy as np

    t = np.linspace(-3.4, 3.4, n)
    u = np.pi / 2 * np.sinh(t)
    x = 1 / (1 + np.exp(-2 * u))
    w = np.pi / 2 * np.cosh(t) / np.cosh(u) ** 2 / 2 * (t[1] - t[0])
    return x, w


def space(sizes: list[int]) -> tuple[Array, Array]:
    """Points and weights for a whole space: (n, *sizes) and (n). On one axis split at 0, where a kink may be."""
    import numpy as np

    k = int(np.prod(sizes)) if sizes else 1
    if k == 1:
        x, w = line(160)
        x, w = np.concatenate([-x[::-1], x]), np.concatenate([w[::-1], w])
        return x.reshape(-1, *sizes), w
    if k > 2:
        raise BeyondReach("an integral over a space of more than two dimensions")
    t = np.arange(-4.4, 4.41, 0.1) + 0.03
    axis, weight = np.sinh(t), np.cosh(t) * 0.1  # wide, and fine in the middle
    index = np.indices([len(axis)] * k).reshape(k, -1)
    return axis[index].T.reshape(-1, *sizes), weight[index].prod(axis=0)


def _integral(ev: Evaluator, t: Term, frame: Frame) -> Array:
    import numpy as np

    cases = frame.batch
    if not t.domain:
        x, w = space([ev.integer(d, frame) for d in t.var.sort.shape])
        xs, ws = np.broadcast_to(x, (cases, *x.shape)), np.broadcast_to(w, (cases, len(w)))
    else:
        lo, hi = (np.broadcast_to(ev.value(d, frame), (cases,)).astype(float) for d in t.domain[:2])
        rows = [_between(float(a), float(b)) for a, b in zip(lo, hi, strict=True)]
        xs, ws = np.stack([r[0] for r in rows]), np.stack([r[1] for r in rows])
    n = ws.shape[1]
    if cases * n > MAX_CASES:
        raise BeyondReach("an integral for too many cases")
    child = Frame(frame, {t.var.name: xs.reshape(-1, *xs.shape[2:])}, n)
    with np.errstate(all="ignore"):
        v = ev.value(t.body, child)
    v = np.broadcast_to(v, (cases * n, *v.shape[1:])).reshape(cases, n, *v.shape[1:])
    terms = v * ws[(..., *(None,) * (v.ndim - 2))]
    terms = np.where(np.isfinite(terms), terms, 0.0)
    if t.domain or xs[0].size == len(xs[0]):
        _converged(terms)
    return terms.sum(axis=1)


def _converged(terms: Array) -> None:
    """Whether what the outermost points add is next to nothing."""
    size = abs(terms).sum(axis=1).max() + 1e-30
    if max(abs(terms[:, 0]).max(), abs(terms[:, -1]).max()) > 1e-7 * size:
        raise BeyondReach("an integral that does not settle")


def _between(a: float, b: float) -> tuple[Array, Array]:
    import numpy as np

    if a > b:
        x, w = _between(b, a)
        return x, -w
    if a == -inf and b == inf:
        x, w = line(160)
        return np.concatenate([-x[::-1], x]), np.concatenate([w[::-1], w])
    if b == inf:
        x, w = line(160)
        y, v = interval(160)
        if a < 0:
            return np.concatenate([a * y[::-1], x]), np.concatenate([-a * v[::-1], w])
        return np.concatenate([a + x]), w
    if a == -inf:
        x, w = _between(-b, inf)
        return -x[::-1], w[::-1]
    if a < 0 < b:
        x, w = interval(120)
        return np.concatenate([a * x[::-1], b * x]), np.concatenate([-a * w[::-1], b * w])
    x, w = interval(240)
    return a + (b - a) * x, (b - a) * w


# -- derivatives


def _gradient(ev: Evaluator, t: Term, frame: Frame) -> Array:
    """The first differences in each coordinate of the point; those axes come last."""
    import numpy as np

    point = np.asarray(ev.value(t.domain[0], frame), float)
    entries = point[0].size
    columns = [_difference(ev, t.body, t.var, point, k, frame) for k in range(entries)]
    out = np.stack(columns, axis=-1)
    return out.reshape(*out.shape[:-1], *point.shape[1:])


def _difference(ev: Evaluator, body: Term, var: Term, point: Array, k: int, frame: Frame) -> Array:
    import numpy as np

    cases, n = frame.batch, len(OFFSETS)
    shifted = np.repeat(np.broadcast_to(point, (cases, *point.shape[1:])), n, axis=0)
    if shifted.ndim == 1:
        shifted += np.tile(np.array(OFFSETS) * STEP, cases)
    else:
        shifted.reshape(len(shifted), -1)[:, k] += np.tile(np.array(OFFSETS) * STEP, cases)
    v = ev.value(body, Frame(frame, {var.name: shifted}, n))
    if len(v) == 1:
        return np.zeros((1, *v.shape[1:]))
    v = v.reshape(cases, n, *v.shape[1:])
    return np.tensordot(v, np.array(COEFFICIENTS) / STEP, axes=(1, 0))


def _derivative(ev: Evaluator, t: Term, frame: Frame) -> Array:
    import numpy as np

    point = np.asarray(ev.value(t.domain[0], frame), float)
    if point[0].size != 1:
        raise BeyondReach("a derivative in something that is no number")
    return _difference(ev, t.body, t.var, point, 0, frame)


def _hessian(ev: Evaluator, t: Term, frame: Frame) -> Array:
    inner = Term("Grad", (t.var, t.body, t.var))
    return ev.value(Term("Grad", (t.var, inner, t.domain[0])), frame)


# -- suprema


def _extremum(ev: Evaluator, t: Term, frame: Frame) -> Array:
    """``\\sup_{x ≠ 0}`` of a ratio of norms ``‖A x‖ / ‖x‖``, A independent of x: the largest singular value."""
    import numpy as np

    body = t.body.args[0] if t.body.head == "Where" else t.body
    if t.head != "Sup" or len(t.var.sort.shape) != 1:
        raise BeyondReach("a supremum")
    n = ev.integer(t.var.sort.shape[0], frame)
    one = Frame(frame, {t.var.name: np.full((1, n), 0.7) + 0.1 * np.arange(n)})
    two = Frame(frame, {t.var.name: 3 * (np.full((1, n), 0.7) + 0.1 * np.arange(n))})
    a, b = ev.value(body, one), ev.value(body, two)
    parts = _ratio(body, t.var)
    if parts is None or not np.allclose(a, b):
        raise BeyondReach("a supremum")
    (top, image), factor, below = parts
    columns = [ev.value(image, Frame(frame, {t.var.name: np.eye(n)[None, k]})) for k in range(n)]
    matrix = np.stack(columns, axis=-1)
    scale = ev.value(factor, frame)
    rows = 1 if top == "Norm" else matrix.shape[1]
    size = 1 if below == "Norm" else n
    return heads.mul(scale, heads.spectral(matrix) * (size / rows) ** 0.5)


def _ratio(body: Term, x: Term) -> tuple[tuple[str, Term], Term, str] | None:
    """(head, image of x) above, the fixed factors, head below; None where it is no such ratio."""
    from derive.terms import free, mul

    above: tuple[str, Term] | None = None
    below: str | None = None
    fixed: list[Term] = []
    for f in body.args if body.head == "Mul" else (body,):
        if f.head in ("Norm", "RMS") and x in free(f) and above is None and _linear(f.args[0], x):
            above = f.head, f.args[0]
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
    if t.head == "MatMul":
        return all(x not in free(a) for a in t.args[:-1]) and _linear(t.args[-1], x)
    return t.head == "Add" and all(_linear(a, x) for a in t.args)


HEADS = {
    "Integral": _integral, "Grad": _gradient, "Jac": _gradient, "Deriv": _derivative, "Hess": _hessian, "Sup": _extremum,
    "Inf": _extremum,
}  # fmt: skip

__all__ = ["HEADS", "space", "call", "shape"]
