"""Scalar laws as finitely many values with weights.

A discrete law is enumerated. A continuous one is replaced by a Gauss rule, a law with a few values that has the
same moments up to a degree; with a kink at some points (``|x|``, ``sign x``, ReLU) by one Gauss rule on each side of them,
so that piecewise polynomials are exact too. What neither covers is asked for at a fineness, and refined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, comb, exp, inf, lgamma, log, pi, sqrt
from typing import Any

import numpy as np

Array = Any
FINE = inf  # the degree of what is no polynomial
TAIL = 1e-15
LOST = 1e-9  # weight that lies between an end and the number next to it
STRONG = 40  # from this fineness on, values crowd at the kinks
COMPRESSED = frozenset({"Poisson", "Geometric", "BinomialLaw"})


@dataclass(frozen=True)
class Law:
    """A named law with numbers for parameters; ``Points`` carries its own values and weights."""

    kind: str
    params: tuple[float, ...] = ()

    @property
    def discrete(self) -> bool:
        return self.kind in DISCRETE

    @property
    def compressed(self) -> bool:
        """Whether fewer values than the law has may stand for it."""
        return self.kind in COMPRESSED

    @property
    def one_sign(self) -> bool:
        """Whether the values have one sign, so that a kink at 0 does not matter."""
        lo, hi = self.support
        return lo >= 0 or hi <= 0

    @property
    def support(self) -> tuple[float, float]:
        return _SUPPORT[self.kind](*self.params) if self.kind in _SUPPORT else (-inf, inf)

    @property
    def at_zero(self) -> bool:
        """Whether a kink at 0 is a kink of the law's own: the density is symmetric about 0."""
        return self.kind in ("Normal", "Laplace") and self.params[0] == 0


@dataclass(frozen=True)
class Need:
    """What a rule must be exact for: polynomials up to ``degree`` on each side of every point in ``breaks``."""

    degree: float = 1
    breaks: frozenset[float] = frozenset()
    fineness: int = 24  # values taken where the degree is `FINE`

    def __or__(self, other: Need) -> Need:
        return Need(max(self.degree, other.degree), self.breaks | other.breaks, max(self.fineness, other.fineness))


def points(values: Array, weights: Array) -> Law:
    """The law with these values and weights."""
    return Law("Points", (*(float(v) for v in values), *(float(w) for w in weights)))


@lru_cache(maxsize=4096)
def nodes(law: Law, need: Need) -> tuple[Array, Array]:
    """Values and weights of ``law``, exact for ``need`` where its degree is finite."""
    if law.kind in DISCRETE:
        x, w = DISCRETE[law.kind](*law.params)
        x, w = np.asarray(x, float), np.asarray(w, float)
        if law.compressed and need.degree <= len(x) and not need.breaks:
            n = _count(need)
            return _stieltjes(x, w, n) if n < len(x) else (x, w)
        return x, w
    lo, hi = law.support
    if need.degree == FINE and need.breaks and need.fineness >= STRONG:
        return _double_exponential(law, sorted({b for b in need.breaks if lo < b < hi} | _own_breaks(law)), need.fineness)
    breaks = sorted({b for b in need.breaks if lo < b < hi} | _own_breaks(law))
    n = _count(need)
    if not breaks:
        return _plain(law, n + n % 2)  # an even number: no value at the centre
    if law.kind == "Normal" and law.params[0] == 0 and breaks == [0.0]:
        x, w = _half_normal(n)
        x = x * sqrt(law.params[1])
        return np.concatenate([-x[::-1], x]), np.concatenate([w[::-1], w]) / 2
    if law.kind == "Laplace" and len(breaks) == 1:
        x, w = _gauss([2 * k + 1.0 for k in range(n)], [float(k * k) for k in range(n)])
        m, b = law.params
        return np.concatenate([m - b * x[::-1], m + b * x]), np.concatenate([w[::-1], w]) / 2
    density, low, high = _density(law)
    edges = [max(lo, low), *breaks, min(hi, high)]
    parts = [_piece(density, a, b, n) for a, b in zip(edges, edges[1:], strict=False) if b > a]
    x, w = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
    return x, w / w.sum()


def _double_exponential(law: Law, breaks: list[float], n: int) -> tuple[Array, Array]:
    """Values that crowd at each break and at the ends, so that any integrable power there is met."""
    density, low, high = _density(law)
    lo, hi = law.support
    edges = [max(lo, low), *breaks, min(hi, high)]
    xs, ws = [], []
    for a, b in zip(edges, edges[1:], strict=False):
        t = np.linspace(-3.3, 3.3, 2 * n)
        u = np.pi / 2 * np.sinh(t)
        y = np.exp(u - abs(u)) / (np.exp(u - abs(u)) + np.exp(-u - abs(u)))  # 1 / (1 + exp(-2u))
        left = np.where(u < 0, np.exp(2 * np.minimum(u, 0)) / (1 + np.exp(2 * np.minimum(u, 0))), y)
        x = np.where(u < 0, a + (b - a) * left, b - (b - a) / (1 + np.exp(2 * np.maximum(u, 0))))
        w = (b - a) * np.pi / 2 * np.cosh(t) / np.cosh(u) ** 2 / 2 * (t[1] - t[0])
        keep = (x > a) & (x < b)
        xs.append(x[keep])
        ws.append(w[keep] * density(x[keep]))
    x, w = np.concatenate(xs), np.concatenate(ws)
    if abs(w.sum() - 1) > LOST:
        from derive.referee.world import BeyondReach

        raise BeyondReach("a density with weight too near to an end")
    return x, w / w.sum()


def moment(law: Law, k: int) -> float:
    """The k-th raw moment."""
    x, w = nodes(law, Need(degree=max(k, 2)))
    return float(w @ x**k)


def _count(need: Need) -> int:
    return need.fineness if need.degree == FINE else max(1, ceil((need.degree + 1) / 2))


# -- Gauss rules


def _gauss(alpha: list[float], beta: list[float]) -> tuple[Array, Array]:
    """Golub and Welsch: the rule of the orthogonal polynomials with this recurrence, weights summing to 1."""
    off = np.sqrt(np.asarray(beta[1:], float))
    x, v = np.linalg.eigh(np.diag(np.asarray(alpha, float)) + np.diag(off, 1) + np.diag(off, -1))
    w = v[0] ** 2
    return x, w / w.sum()


def _stieltjes(x: Array, w: Array, n: int) -> tuple[Array, Array]:
    """The n-value Gauss rule of a finite law."""
    w = w / w.sum()
    before, now = np.zeros_like(x), np.ones_like(x)
    alpha, beta, norm = [], [], 1.0
    for k in range(n):
        new = float(w @ (now * now))
        beta.append(new / norm if k else 1.0)
        alpha.append(float(w @ (x * now * now)) / new)
        before, now = now, (x - alpha[-1]) * now - (beta[-1] if k else 0.0) * before
        norm = new
    return _gauss(alpha, beta)


@lru_cache(maxsize=64)
def legendre(n: int) -> tuple[Array, Array]:
    """Gauss–Legendre on (-1, 1), weights summing to 1: Newton's iteration from Tricomi's estimate, one half by symmetry."""
    k = np.arange(1, (n + 1) // 2 + 1)
    x = (1 - (1 - 1 / n) / (8 * n * n)) * np.cos(np.pi * (4 * k - 1) / (4 * n + 2))
    for _ in range(5):
        before, now = np.ones_like(x), x
        for m in range(2, n + 1):
            before, now = now, ((2 * m - 1) * x * now - (m - 1) * before) / m
        slope = n * (x * now - before) / (x * x - 1)
        step = now / slope
        x = x - step
        if abs(step).max() < 1e-15:
            break
    if n % 2:
        x[-1] = 0.0
    w = 1 / ((1 - x * x) * slope * slope)
    right = slice(n % 2, None)
    return np.concatenate([-x, x[::-1][right]]), np.concatenate([w, w[::-1][right]]) / (2 * w.sum() - (w[-1] if n % 2 else 0.0))


@lru_cache(maxsize=256)
def _half_normal(n: int) -> tuple[Array, Array]:
    x, w = _piece(lambda x: _np_exp(-x * x / 2), 0.0, 13.0 + n / 4, n)
    return x, w / w.sum()


def _np_exp(x: Array) -> Array:
    return np.exp(x)


def _piece(density: Callable[[Array], Array], a: float, b: float, n: int) -> tuple[Array, Array]:
    """The Gauss rule of a density restricted to (a, b); the weights sum to its mass there."""
    t, w = legendre(240)
    x = (a + b) / 2 + (b - a) / 2 * t
    mass = w * (b - a) * density(x)
    keep = mass > mass.max() * 1e-40
    total = float(mass.sum())
    y, v = _stieltjes(x[keep], mass[keep], min(n, int(keep.sum())))
    return y, v * total


def _plain(law: Law, n: int) -> tuple[Array, Array]:
    p = law.params
    if law.kind == "Normal":
        x, w = _hermite(n)
        return p[0] + sqrt(p[1]) * x, w
    if law.kind == "Uniform":
        x, w = legendre(n)
        return (p[0] + p[1]) / 2 + (p[1] - p[0]) / 2 * x, w
    if law.kind == "Exponential":
        x, w = _laguerre(n, 1.0)
        return x / p[0], w
    if law.kind == "GammaLaw":
        x, w = _laguerre(n, p[0])
        return p[1] * x, w
    if law.kind == "ChiSquared":
        x, w = _laguerre(n, p[0] / 2)
        return 2 * x, w
    x, w = _jacobi(n, p[1] - 1, p[0] - 1)  # BetaLaw
    return (1 + x) / 2, w


@lru_cache(maxsize=64)
def _hermite(n: int) -> tuple[Array, Array]:
    return _gauss([0.0] * n, [float(k) for k in range(n)])


@lru_cache(maxsize=64)
def _laguerre(n: int, shape: float) -> tuple[Array, Array]:
    return _gauss([2 * k + shape for k in range(n)], [k * (k + shape - 1) for k in range(n)])


@lru_cache(maxsize=64)
def _jacobi(n: int, a: float, b: float) -> tuple[Array, Array]:
    alpha = [(b - a) / (a + b + 2)]
    beta = [1.0]
    for k in range(1, n):
        s = 2 * k + a + b
        alpha.append((b * b - a * a) / (s * (s + 2)))
        if k == 1:
            beta.append(4 * (a + 1) * (b + 1) / ((a + b + 2) ** 2 * (a + b + 3)))
        else:
            beta.append(4 * k * (k + a) * (k + b) * (k + a + b) / (s * s * (s + 1) * (s - 1)))
    return _gauss(alpha, beta)


# -- the laws


def _own_breaks(law: Law) -> set[float]:
    return {law.params[0]} if law.kind == "Laplace" else set()


def _density(law: Law) -> tuple[Callable[[Array], Array], float, float]:
    """A density (up to nothing: normalised) and the interval outside which it is negligible."""
    p = law.params
    if law.kind == "Normal":
        s = sqrt(p[1])
        return (lambda x: _np_exp(-((x - p[0]) ** 2) / (2 * p[1])) / sqrt(2 * pi * p[1])), p[0] - 14 * s, p[0] + 14 * s
    if law.kind == "Laplace":
        return (lambda x: _np_exp(-abs(x - p[0]) / p[1]) / (2 * p[1])), p[0] - 60 * p[1], p[0] + 60 * p[1]
    if law.kind == "Uniform":
        return (lambda x: 0 * x + 1 / (p[1] - p[0])), p[0], p[1]
    if law.kind == "BetaLaw":
        c = exp(lgamma(p[0] + p[1]) - lgamma(p[0]) - lgamma(p[1]))
        return (lambda x: c * x ** (p[0] - 1) * (1 - x) ** (p[1] - 1)), 0.0, 1.0
    k, scale = {"Exponential": (1.0, 1 / p[0]), "ChiSquared": (p[0] / 2, 2.0)}.get(law.kind) or (p[0], p[1])
    c = lgamma(k) + k * log(scale)
    return (lambda x: x ** (k - 1) * _np_exp(-x / scale - c)), 0.0, scale * (k + 60 + 8 * sqrt(k))


def density(law: Law, x: Array) -> Array:
    """The density (mass, where discrete) of ``law`` at an array of numbers."""
    x = np.asarray(x, float)
    if law.discrete:
        out = np.zeros_like(x)
        for v, w in zip(*nodes(law, Need(FINE)), strict=True):
            out = out + np.where(np.abs(x - v) < 1e-9, w, 0.0)
        return out
    lo, hi = law.support
    inside = (x >= lo) & (x <= hi) if law.kind == "Uniform" else (x > lo) & (x < hi)
    return np.where(inside, _density(law)[0](np.where(inside, x, (max(lo, -1.0) + min(hi, 1.0)) / 2)), 0.0)


def _binomial(n: float, p: float) -> tuple[list[float], list[float]]:
    m = round(n)
    return [float(k) for k in range(m + 1)], [comb(m, k) * p**k * (1 - p) ** (m - k) for k in range(m + 1)]


def _geometric(p: float) -> tuple[list[float], list[float]]:
    if p >= 1:
        return [1.0], [1.0]
    n = min(400, ceil(log(TAIL) / log(1 - p)))
    return [float(k) for k in range(1, n + 1)], [p * (1 - p) ** (k - 1) for k in range(1, n + 1)]


def _poisson(rate: float) -> tuple[list[float], list[float]]:
    n = ceil(rate + 12 * sqrt(rate) + 16)
    return [float(k) for k in range(n)], [exp(-rate + k * log(rate) - lgamma(k + 1)) for k in range(n)]


def _points(*params: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    n = len(params) // 2
    return params[:n], params[n:]


DISCRETE: dict[str, Callable[..., tuple[Any, Any]]] = {
    "Points": _points,
    "Rademacher": lambda: ([-1.0, 1.0], [0.5, 0.5]),
    "Bernoulli": lambda p: ([0.0, 1.0], [1 - p, p]),
    "BinomialLaw": _binomial,
    "Geometric": _geometric,
    "Poisson": _poisson,
    "Categorical": lambda *p: ([k + 1.0 for k in range(len(p))], list(p)),
}
_SUPPORT: dict[str, Callable[..., tuple[float, float]]] = {
    "Uniform": lambda a, b: (a, b),
    "Exponential": lambda rate: (0.0, inf),
    "GammaLaw": lambda k, theta: (0.0, inf),
    "ChiSquared": lambda n: (0.0, inf),
    "BetaLaw": lambda a, b: (0.0, 1.0),
    "Points": lambda *p: (min(p[: len(p) // 2]), max(p[: len(p) // 2])),
    "Bernoulli": lambda p: (0.0, 1.0),
    "BinomialLaw": lambda n, p: (0.0, n),
    "Geometric": lambda p: (1.0, inf),
    "Poisson": lambda rate: (0.0, inf),
    "Categorical": lambda *p: (1.0, float(len(p))),
    "Rademacher": lambda: (-1.0, 1.0),
}
CONTINUOUS = frozenset({"Normal", "Uniform", "Exponential", "Laplace", "GammaLaw", "BetaLaw", "ChiSquared"})
