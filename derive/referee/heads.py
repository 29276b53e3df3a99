"""Values of the plain heads: arithmetic, entrywise functions, arrays, norms.

Every value is a numpy array with a leading axis of cases, of length 1 where all cases agree.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gamma, inf, lgamma
from typing import Any

import numpy as np

from derive.referee.world import BeyondReach, Undefined

Array = Any
SHORT = 8  # entries of an axis, below which numpy too adds them in order


def align(a: Array, b: Array) -> tuple[Array, Array]:
    """Two values with axes added so that a number meets an array entry by entry."""
    if a.ndim < b.ndim:
        a = a.reshape(a.shape + (1,) * (b.ndim - a.ndim))
    elif b.ndim < a.ndim:
        b = b.reshape(b.shape + (1,) * (a.ndim - b.ndim))
    return a, b


def add(a: Array, b: Array) -> Array:
    if a.ndim != b.ndim:
        a, b = align(a, b)
    return a + b


def mul(a: Array, b: Array) -> Array:
    if a.ndim != b.ndim:
        a, b = align(a, b)
    return a * b


def power(a: Array, b: Array) -> Array:
    if b.ndim == 1 and len(b) == 1:
        e = b.item()
        if e == 2:
            return a * a
        if not abs(e) < inf:
            return a * np.nan
        if abs(e) < 64 and e == int(e):
            return a ** int(e) if e >= 0 else 1 / a ** int(-e)
        if e == 0.5:
            return np.sqrt(np.where((a < 0) & (a > -1e-13), 0.0, a))
    a, b = align(a, b)
    return np.power(a, b)


def matrix(a: Array) -> Array:
    """A number as 1 by 1, a vector as a column."""
    return a[:, None, None] if a.ndim == 1 else a[:, :, None] if a.ndim == 2 else a


def matmul(parts: list[Array]) -> Array:
    out = matrix(parts[0])
    for p in parts[1:]:
        q = matrix(p)
        if out.shape[1:] == (1, 1) and q.shape[1] != 1:
            raise Undefined("the inner sizes differ")
        out = out @ q
    return out[:, :, 0] if parts[-1].ndim == 2 else out


def across(a: Array) -> Array:
    """The sums along the last axis. Of a short one entry by entry over all cases: the same sum, and much quicker."""
    n = a.shape[-1]
    if not 0 < n < SHORT or a.dtype != np.float64:
        return a.sum(-1)
    out = a[..., 0].copy()
    for k in range(1, n):
        out += a[..., k]
    return out


def dot(a: Array, b: Array) -> Array:
    return across((a * b).reshape(max(len(a), len(b)), -1))


def transpose(a: Array) -> Array:
    return matrix(a).swapaxes(1, 2)


def outer(a: Array, b: Array) -> Array:
    """All products of entries, the axes of ``a`` first."""
    x = a.reshape(*a.shape, *(1,) * (b.ndim - 1))
    return x * b.reshape(len(b), *(1,) * (a.ndim - 1), *b.shape[1:])


def _flat(a: Array) -> Array:
    return a.reshape(len(a), -1)


def norm(a: Array) -> Array:
    f = _flat(a)
    return np.sqrt(across(f * f))


_SEEN: dict[Any, Array] = {}


def spectral(a: Array) -> Array:
    m = matrix(a)
    if 1 in m.shape[1:]:
        return norm(m)
    gram = m @ m.swapaxes(1, 2) if m.shape[1] < m.shape[2] else m.swapaxes(1, 2) @ m
    if gram.shape[1] == 2:  # closed form: far quicker on many cases
        t, d = gram[:, 0, 0] + gram[:, 1, 1], (gram[:, 0, 0] - gram[:, 1, 1]) / 2
        return np.sqrt(t / 2 + np.sqrt(d * d + gram[:, 0, 1] ** 2))
    k = (gram.shape, hash(gram.tobytes()))  # large arrays come back, in one line after the other
    if k not in _SEEN:
        if len(_SEEN) > 4000:
            _SEEN.clear()
        _SEEN[k] = np.sqrt(np.maximum(np.linalg.eigvalsh(gram)[:, -1], 0)) if np.isfinite(gram).all() else np.full(len(gram), np.inf)
    return _SEEN[k]


def induced_rms(a: Array) -> Array:
    m = matrix(a)
    return spectral(a) * (m.shape[2] / m.shape[1]) ** 0.5


def rms(a: Array) -> Array:
    f = _flat(a)
    return ((f * f).mean(-1)) ** 0.5


def diag(a: Array) -> Array:
    if a.ndim == 3:
        return np.diagonal(a, axis1=1, axis2=2)
    return a[:, :, None] * np.eye(a.shape[1])


def rank(a: Array) -> Array:
    return np.linalg.matrix_rank(matrix(a), tol=1e-9).astype(float)


def softmax(a: Array) -> Array:
    e = np.exp(a - a.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def inverse(a: Array) -> Array:
    m = matrix(a)
    if (abs(np.linalg.det(m)) < 1e-9).any():
        raise Undefined("the matrix has no inverse")
    return np.linalg.inv(m).reshape(a.shape)


def _each(f: Callable[[float], float]) -> Callable[[Array], Array]:
    def g(a: Array) -> Array:
        try:
            return np.array([f(float(x)) for x in a.ravel()]).reshape(a.shape)
        except (ValueError, OverflowError):
            raise Undefined("the Gamma function is not defined there") from None

    return g


def _factorial(x: float) -> float:
    if x < 0:
        raise Undefined("the factorial of a negative number")
    return gamma(x + 1)


def binomial(n: Array, k: Array) -> Array:
    n, k = np.broadcast_arrays(n, k)
    out = []
    for a, b in zip(n.ravel(), k.ravel(), strict=True):
        if b < 0 or b > a:
            out.append(0.0)
        else:
            out.append(float(np.exp(lgamma(a + 1) - lgamma(b + 1) - lgamma(a - b + 1))))
    return np.array(out).reshape(n.shape)


def _numpy(name: str) -> Callable[[Array], Array]:
    def f(a: Array) -> Array:
        return getattr(np, name)(a)

    return f


def _sigmoid(a: Array) -> Array:
    return (1 + np.tanh(a / 2)) / 2


def _log(a: Array) -> Array:
    return np.log(a)  # not a number where it is not defined


def _floor(a: Array) -> Array:
    return np.floor(a + 1e-9)


def _ceil(a: Array) -> Array:
    return np.ceil(a - 1e-9)


def _sign(a: Array) -> Array:
    return np.where(abs(a) < 1e-13, 0.0, np.sign(a))


def _det(a: Array) -> Array:
    return np.linalg.det(matrix(a))


def _trace(a: Array) -> Array:
    return np.trace(matrix(a), axis1=1, axis2=2)


UNARY: dict[str, Callable[[Array], Array]] = {
    "Abs": abs, "Sign": _sign, "ReLU": lambda a: a * (a > 0), "Step": lambda a: (a > 0) * 1.0, "Sigmoid": _sigmoid,
    "Exp": _numpy("exp"), "Ln": _log, "Sin": _numpy("sin"), "Cos": _numpy("cos"), "Tan": _numpy("tan"),
    "Tanh": _numpy("tanh"), "Floor": _floor, "Ceil": _ceil, "Softmax": softmax, "Gamma": _each(gamma),
    "Factorial": _each(_factorial), "Transpose": transpose, "Trace": _trace, "Det": _det, "Rank": rank, "Diag": diag,
    "Inverse": inverse, "Norm": norm, "Frobenius": norm, "Norm1": lambda a: abs(_flat(a)).sum(-1),
    "NormInf": lambda a: abs(_flat(a)).max(-1), "Spectral": spectral, "InducedRMS": induced_rms, "RMS": rms,
}  # fmt: skip
EXTREME: dict[str, Callable[[Array, Array], Array]] = {
    "Max": lambda a, b: _numpy2("maximum", a, b),
    "Min": lambda a, b: _numpy2("minimum", a, b),
}


def _numpy2(name: str, a: Array, b: Array) -> Array:
    a, b = align(a, b)
    return getattr(np, name)(a, b)


__all__ = ["UNARY", "EXTREME", "BeyondReach", "add", "align", "binomial", "dot", "matmul", "matrix", "mul", "outer", "power"]
