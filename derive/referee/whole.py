"""Laws of whole vectors that are known by their moments: on a few points, lopsided, with entries that depend on each other.

Entries that are uncorrelated are not drawn apart here, so that a use of independence which nobody has given shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from derive.referee.world import BeyondReach, Undefined

Array = Any
SPARE = 3  # points of a law besides as many as a vector has entries


def standard(n: int, order: int, variant: int, symmetric: bool = False) -> tuple[Array, Array]:
    """Points (m, n) and weights with mean 0 and covariance I; ``order`` and ``variant`` tell laws apart."""
    from derive.referee.fixed import irregular

    m = n + SPARE
    x = irregular([m, n], order, variant) + 0.4 * np.eye(m, n)
    w = abs(irregular([m], order + 2, variant))
    if symmetric:
        x, w = np.concatenate([x, -x]), np.concatenate([w, w])
    w = w / w.sum()
    x = x - w @ x
    x = np.linalg.solve(np.linalg.cholesky((x * w[:, None]).T @ x), x.T).T
    up = np.argsort(x[:, 0], kind="stable")  # so that what is drawn alike with it goes up with the first entry
    return x[up], w[up]


def cross(n: int) -> tuple[Array, Array]:
    """The same on the axes: for a world that a person is shown."""
    x = np.concatenate([-np.eye(n), np.eye(n)[::-1]]) * n**0.5
    return x, np.full(2 * n, 0.5 / n)


def moments(said: Mapping[str, Array], inner: tuple[int, ...], order: int, variant: int, symmetric: bool) -> tuple[Array, Array]:
    """A mean (n) and a factor of a covariance (n, n) as said, irregular where nothing is."""
    from derive.referee.fixed import irregular

    n = int(np.prod(inner))
    mean = _mean(said["mean"], inner) if "mean" in said else np.zeros(n) if symmetric else None
    second = _square(said["second"], n) if "second" in said else None
    if "variance" in said:
        cov = _square(said["variance"], n)
    elif second is not None:
        if mean is None:
            mean = 0.5 * factor(second)[:, 0]
        cov = second - np.outer(mean, mean)
    else:
        b = irregular([n, n], order + 1, variant)
        cov = b @ b.T / n + 0.4 * np.eye(n)
    if mean is None:
        mean = 0.6 * irregular([n], order, variant)
    return mean, factor(cov)


def _mean(v: Array, inner: tuple[int, ...]) -> Array:
    if v.shape not in ((), inner):
        raise BeyondReach("a mean of another shape")
    return np.broadcast_to(v, inner).reshape(-1)


def _square(v: Array, n: int) -> Array:
    if v.shape != (n, n):
        raise BeyondReach("a covariance of another shape")
    if abs(v - v.T).max() > 1e-12 * abs(v).max():
        raise Undefined("a covariance that is not symmetric")
    return v


def factor(cov: Array) -> Array:
    """``b`` with ``b b^T = cov``; of a singular covariance too."""
    try:
        return np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        size, axes = np.linalg.eigh(cov)
        if size[0] < -1e-12 * max(size[-1], 1.0):
            raise Undefined("a covariance that is not positive semidefinite") from None
        out: Array = axes * np.sqrt(np.maximum(size, 0.0))
        return out


__all__ = ["standard", "cross", "moments", "factor"]
