r"""What each document in this folder must give: status and, where there is a value, an independent formula.

The formulas were worked out by hand and checked by sampling or enumeration. A formula's parameters are the symbols that the answer
may use, and no others: sizes, positive numbers, and the fixed arrays of ``ARRAYS``. ``fails`` says what stands in the way today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cosh, exp, gamma, lgamma, log, pi, sqrt

import numpy as np


@dataclass(frozen=True)
class Expected:
    status: str
    formula: Callable[..., float | np.ndarray] | None = None
    says: str = ""  # words that the reason or the missing hypothesis has to have
    fails: str = ""
    holds: bool = False  # the answer is a relation that holds of arrays without pattern
    rows: tuple[tuple[Callable[..., float], ...], ...] = ()  # the orders in the cells of a table


def value(formula: Callable[..., float | np.ndarray], fails: str = "") -> Expected:
    return Expected("solved", formula, fails=fails)


def refused(says: str = "", fails: str = "") -> Expected:
    return Expected("refused", says=says, fails=fails)


def shown(fails: str = "") -> Expected:
    return Expected("shown", fails=fails)


def refuted(says: str = "", fails: str = "") -> Expected:
    return Expected("refuted", says=says, fails=fails)


def bound(fails: str = "") -> Expected:
    return Expected("solved", holds=True, fails=fails)


def table(*rows: tuple[Callable[..., float], ...]) -> Expected:
    return Expected("solved", rows=rows)


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def softmax(x: np.ndarray) -> np.ndarray:
    return np.exp(x) / np.exp(x).sum()


def square(x: np.ndarray) -> float:
    return float((x**2).sum())


def integral(f: Callable[[np.ndarray], np.ndarray], low: float, high: float, panels: int = 60) -> float:
    """By Gauss-Legendre rules side by side."""
    x, w = np.polynomial.legendre.leggauss(40)
    edges = np.linspace(low, high, panels + 1)
    return float(sum((b - a) / 2 * (w @ f((a + b) / 2 + (b - a) / 2 * x)) for a, b in zip(edges, edges[1:], strict=False)))


def normal(x: np.ndarray, m: float, s: float) -> np.ndarray:
    return np.exp(-((x - m) ** 2) / (2 * s * s)) / (s * sqrt(2 * pi))


def normals_apart(m: float, s: float, c: float, t: float) -> float:
    """The divergence of one normal density from another, by its definition."""
    return integral(lambda x: normal(x, m, s) * ((x - c) ** 2 / (2 * t * t) - (x - m) ** 2 / (2 * s * s) + log(t / s)), m - 12 * s, m + 12 * s)


def apart(p: Callable[[np.ndarray], np.ndarray], q: Callable[[np.ndarray], np.ndarray], values: np.ndarray) -> float:
    """The same for probabilities of values."""
    a, b = p(values), q(values)
    return float((a * np.log(a / b)).sum())


def slope(f: Callable[[float], float], x: float) -> float:
    """By differences of rising order (Richardson)."""
    table = [(f(x + h) - f(x - h)) / (2 * h) for h in (0.04, 0.02, 0.01, 0.005)]
    for k in range(1, 4):
        table = [(4**k * b - a) / (4**k - 1) for a, b in zip(table, table[1:], strict=False)]
    return table[0]


def poisson(k: np.ndarray, rate: float) -> np.ndarray:
    return np.exp(k * log(rate) - rate - np.array([lgamma(j + 1) for j in k]))


def geometric(k: np.ndarray, p: float) -> np.ndarray:
    return p * (1 - p) ** (k - 1)


WHOLE, COUNTED = np.arange(40.0), np.arange(1.0, 120.0)


def backward(layers: float, interval: float) -> tuple[int, int, int]:
    """Forward operations, loads and stored activations of a backward pass, gone through layer by layer."""
    kept = {0} | {layer for layer in range(1, int(layers) + 1) if layer % int(interval) == 0}
    forwards = loads = 0
    for layer in range(int(layers), 0, -1):
        at = layer
        while at not in kept:
            at -= 1
            forwards += 1
        loads += 1
    return forwards, loads, len(kept) - 1


def costs(layers: float, interval: float, a: float, b: float, c: float = 0) -> float:
    f, m, s = backward(layers, interval)
    return a * f + b * m + c * s


def cheapest(layers: int, a: float, b: float, c: float) -> int:
    times = {k: costs(layers, k, a, b, c) for k in range(1, 3 * layers)}
    (best,) = [k for k, t in times.items() if t == min(times.values())]
    return best
def mean_norm(d: float) -> float:
    """The mean length of a standard normal vector."""
    return sqrt(2) * gamma((d + 1) / 2) / gamma(d / 2)


# the fixed arrays of a document, by their sizes
ARRAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "what-stays": {"w": ("n",)},
    "losses-over-data": {"w": ("d",)}, "softmax-policy": {"r": ("K",), "theta": ("K",)},
    "noisy-line": {"w": ("n",), "w_star": ("n",), "x": ("n",)},
    "declared-normal-vector": {"mu": ("k",), "a": ("k",)},
    "averages-given": {"x": ("n",), "W": ("m", "n")},
    "divergences-of-normals": {"u": ("n",), "w": ("n",)},
    "rademacher-weights": {"x": ("d",)},
    "sums-of-normals": {"u": ("d",)},
    "zero-arrays": {"x": ("n",)},
    "orthonormal-columns": {"x": ("n",), "z": ("r",)},
    "quadratic-form": {"A": ("n", "n")},
    "over-its-rms": {"x": ("n",)},
    "relu-readout": {"x": ("d",), "g": ("n",)},
    "dropout-layer": {"x": ("n",)},
    "random-layers": {"x": ("n",)},
    "logistic-by-formula": {"x": ("d",), "w": ("d",)},
    "random-regressors": {"w": ("d",), "v": ("d",), "Sigma": ("d", "d")},
    "weighted-rows": {"q": ("n",)},
    "vectors-as-wholes": {"a": ("n",), "b": ("n",), "mu": ("n",), "Sigma": ("n", "n"), "A": ("n", "n")},
    "frobenius-and-spectral": {"x": ("n",)},
    "symbolic-powers": {"x": ("n",)},
    "cross-entropy": {"z": ("K",), "y": ("K",), "a": ("K",)},
    "batch-mean": {"mu": ("d",), "Sigma": ("d", "d")},
    "fixed-input": {"x": ("d",)},
    "dropout": {"x": ("d",)},
    "backward": {"g": ("n",)},
    "two-inputs": {"g": ("n",)},
    "covariance-matrices": {"A": ("n", "d")},
    "hadamard-gates": {"z": ("d",)},
    "gram-matrices": {"x": ("d",)},
    "mean-may-vanish": {"x": ("d",)},
    "sign-of-zero": {"g": ("n",)},
    "two-norm-hint": {"g": ("n",)},
    "normal-vectors": {"A": ("n", "d"), "B": ("d", "d"), "Sigma": ("d", "d"), "mu": ("d",), "b": ("n",)},
    "isotropic": {"B": ("d", "d"), "a": ("d",)},
    "moments-of-vectors": {"A": ("n", "d"), "Sigma": ("d", "d"), "mu": ("d",)},
    "random-matrices": {"x": ("d",)},
    "orthogonal-inputs": {"y": ("d",)},
    "power-sums": {"x": ("d",)},
    "weighted-layer": {"u": ("d",), "w": ("d",)},
    "forms": {"A": ("n", "n")},
    "non-centred-powers": {"a": ("d",)},
}

NOT_BUILT = "no method for this kind of question yet"
NO_MATRIX = "no expectation or covariance of a whole array"
NO_LAW_RULE = "no rule gives this law"

EXPECTED: dict[str, list[Expected]] = {
    "affine-layer": [
        value(lambda n, d, m, v, s: n * (d * (m * m + v) / 3 + s)),
        value(lambda d, m, v, s: d * (m * m + v) / 3 + s),
        value(lambda d: d),
        value(lambda n, m, v, s: m * m + v + n * s / 3),
        value(lambda: 0),
        value(lambda d, m, v: d * (m * m + v)),
    ],
    "two-layers-and-a-mask": [
        value(lambda n, d: n * d),
        value(lambda n, d, p: n * d * p),
        value(lambda n, d, p: 1 / sqrt(n * d * p)),
        value(lambda d, p: d * p + d * (d - 1) * p * p),
        value(lambda n, d: n * d / 2),
    ],
    "sign-step-exponential": [
        value(lambda d, lambda_: (2 * d + d * (d - 1)) / lambda_**2),
        value(lambda d, lambda_: 20 * d / lambda_**4),
        Expected("solved"),
        shown(),
    ],
    "fourth-moments": [
        value(lambda d: 2 * d), value(lambda d: 1 + 2 / d), value(lambda d: d * d + 2 * d),
        shown(), refuted(), refuted(), shown(), shown(),
    ],
    "moments-only": [
        value(lambda n, d, v: n * d * v), shown(), value(lambda n, d, v: 1 / (sqrt(n * d) * v)), refuted(),
    ],
    "not-said-to-be-independent": [refused("independent"), refuted(), shown(), shown(), refuted()],
    "what-nothing-determines": [refused("determines"), value(lambda m, v: m * m + v), refused(), value(lambda: 1), shown(), refuted()],
    "shared-factor": [
        value(lambda d: d), value(lambda d: d + d * (d - 1) * 2 / pi), refuted(), shown(), value(lambda d: d * d),
    ],
    "rademacher-weights": [
        value(lambda n, x: n * square(x)),
        value(lambda x: square(x)),
        shown(),
        value(lambda n, d: n * d),
        shown(),
        refuted(),
    ],
    "leaky-unit": [
        value(lambda a: (1 - a) / sqrt(2 * pi)),
        value(lambda a: (1 + a**2) / 2),
        value(lambda a: (1 + a**2) / 2 - (1 - a) ** 2 / (2 * pi)),
        value(lambda a: sqrt(2 / (1 + a**2))),
    ],
    "over-its-rms": [
        value(lambda: 1.0),
        value(lambda: 1.0),
        value(lambda m: m),
        value(lambda n: sqrt(n)),
        value(lambda n, x: sqrt(n * square(x))),
    ],
    "relu-readout": [
        value(lambda d, x: sqrt(square(x) / (pi * d))),
        value(lambda d, x: square(x) / d),
        value(lambda d, x: square(x) / d * (1 - 1 / pi)),
        value(lambda x: float(np.mean(x**2))),
        value(lambda beta, x, g: (1 - beta) ** 2 * square(x) + 2 * beta**2 * square(g)),
        value(lambda: 1.0),
        value(lambda g: np.abs(g).sum() * np.sign(g)),
    ],
    "uniform-features": [
        value(lambda a: a / 2), value(lambda a: a * a / 12),
        value(lambda d, a: d * a * a / 3 + d * (d - 1) * a * a / 4),
        value(lambda d, a: 1 / sqrt(d * a * a / 3 + d * (d - 1) * a * a / 4)),
        value(lambda d: 1 / d),
        value(lambda d, a: d * a**4 / 5 + d * (d - 1) * a**4 / 9),
        value(lambda d, a: 4 * d * a**4 / 45),
        value(lambda d: d),
    ],
    "kurtosis": [
        value(lambda n, d, v, kappa: n * d * (kappa - v * v)),
        value(lambda n, d, v, kappa: n * d * kappa + n * d * (n * d - 1) * v * v),
        value(lambda v: v * v),
        shown(),
        refused(r"\kappa"),  # a Rademacher law has kappa = v^2
    ],
    "nonzero-means": [
        value(lambda d, m, mu: d * m * mu),
        value(lambda d, m, mu, s, v: d * ((m * m + s) * (mu * mu + v) - (m * mu) ** 2)),
        value(lambda d, m, mu, s, v: d * (m * m + s) * (mu * mu + v) + d * (d - 1) * (m * mu) ** 2),
        value(lambda d, m, v: d * m * m * v),
        value(lambda n, d, m, mu, s, v: d * (m * m * n * n * v + mu * mu * n * s + n * s * v)),
    ],
    "nonzero-means-growth": [
        value(lambda d: d * d), value(lambda d: d), value(lambda d: 1 / sqrt(d * d + 3 * d)),
        refuted(),
    ],
    "quadratic-form": [
        value(lambda A, v: v * float(np.trace(A))), value(lambda: 0), value(lambda n: n * n + 2 * n), shown(), refuted(),
    ],
    "dot-products": [
        value(lambda d: d), value(lambda d: d), value(lambda d: 3 * d * d + 6 * d), refuted(), value(lambda: 0),
        value(lambda d: d * d), value(lambda d: 1 / sqrt(d)), refuted(), value(lambda d: 2 * d),
    ],
    "residual": [
        value(lambda: 2), value(lambda d: d), value(lambda: 1), value(lambda d: d), value(lambda: 1 / sqrt(2)),
        value(lambda d: d), value(lambda: 0),
    ],
    "fixed-input": [
        value(lambda: 1), shown(), shown(),
    ],
    "random-input-rows": [shown(), refuted(), refuted()],
    "dropout": [
        shown(), shown(), value(lambda x, p: p * square(x)), value(lambda d, p: d * p), refuted(),
        value(lambda d, p: d * p * (1 - p)), shown("m_j^2 = m_j is not known outside an expectation"),
    ],
    "relu-he": [
        value(lambda d, sigma: d * sigma**2 / 2),
        value(lambda d: 2 / d),
        value(lambda d: 1 / sqrt(d)),
    ],
    "no-independence": [
        refused(r"$W$ and $x$ are independent"),
        value(lambda n, d: n * d),
        refuted(),
        refused(r"$W$ and $x$ are independent"),
        value(lambda n, d: d + n * d),
        refuted(),
        refused(r"$W$ and $x$ are independent"),
    ],
    "pairwise-missing": [
        value(lambda: 2), value(lambda: 1), refused("$X$ and $Z$"), refused("independent"), refuted(), refuted(),
    ],
    "uncorrelated-only": [
        value(lambda: 2),
        value(lambda: 0),
        refused("$X$ and $Y$ are independent"),
        refuted(),
        value(lambda: 0),
    ],
    "wording": [
        value(lambda n, d: n * d), value(lambda d: d), value(lambda d: d), value(lambda n, d: n * d), value(lambda d: 2 * d),
        shown(), shown(), value(lambda n, d: n * d), refuted(), shown(),
    ],
    "claims-about-signs": [
        shown(), shown(), refuted(), refuted(), shown(), shown(), refuted(), shown(), refuted(), value(lambda: 0), value(lambda: 0),
    ],
    "signs-and-sizes": [
        shown(), refuted(), shown(), shown("the sign and the size of a symmetric variable"), shown(), refuted(),
        shown(), value(lambda: 2), refuted(), shown(), value(lambda: 2 * sqrt(2 / pi)),
    ],
    "sample-mean": [
        value(lambda m: m), value(lambda n, v: v / n), value(lambda n, m, v: m * m + v / n),
        value(lambda n, v: v / n), value(lambda n, v: (n - 1) * v), value(lambda n: 1 / n), value(lambda v: 2 * v),
        refuted(),
    ],
    "powers-of-one-variable": [
        value(lambda lambda_: 4 / lambda_**3), value(lambda: 0), value(lambda lambda_: 2 / lambda_**2),
        value(lambda lambda_: 2 / lambda_**2), value(lambda: 0), value(lambda lambda_: 3 / lambda_ + 6 / lambda_**3), refuted(),
        value(lambda lambda_: 1 / lambda_**2),
    ],
    "laplace-features": [
        value(lambda b: b), value(lambda d, b: b * b * (d * d + d)), value(lambda d, b: 1 / (b * sqrt(d * d + d))),
        value(lambda d, b: b * d), value(lambda d, b: b * b * d),
    ],
    "bernoulli-weights": [
        value(lambda n, d, p: n * (d * p + d * (d - 1) * p * p)),
        value(lambda d, p, v: d * p * (1 + v) + d * (d - 1) * p * p),
        value(lambda d, p, v: d * (p * (1 + v) - p * p)),
        value(lambda n, d, p: n * d * p + n * d * (n * d - 1) * p * p),
    ],
    "must-scale": [
        value(lambda d: 3 / d), value(lambda d: 1 / sqrt(d)), value(lambda n: 1 / sqrt(n)),
        value(lambda n: 1 / sqrt(n)),
    ],
    "means-and-squares": [*(shown() for _ in range(14)), *(refuted() for _ in range(7))],
    "deep-products-growth": [shown(), refuted(), refuted(), refuted(), shown(), shown()],
    "orders-by-bounds": [*(shown() for _ in range(8)), *(refuted() for _ in range(6))],
    "orthonormal-columns": [
        value(lambda x: sqrt(square(x))), value(lambda z: sqrt(square(z))), value(lambda r: sqrt(r)), value(lambda r: r), value(lambda r, n: sqrt(r / n)),
        value(lambda r: sqrt(r)), shown(), shown(), shown(), shown(), shown(), refuted(), refuted(), refuted(),
    ],
    "zero-arrays": [*(value(lambda: 0) for _ in range(8)), value(lambda x: sqrt(square(x)))],
    "sums-of-normals": [
        *(shown() for _ in range(6)), value(lambda: 2 / sqrt(pi)), value(lambda: 1 / sqrt(pi)), value(lambda u, s: sqrt(2 / pi * (square(u) + s))),
        value(lambda: sqrt(5) / sqrt(2 * pi)), value(lambda: 1), value(lambda: 1),
        refused("a = b"), refused(r"u \ne 0"), refused(r"c \ne 0"), refused("$x$ is fixed"), refused("independent"), refused(), refused(), refuted(), refuted(),
        refuted(),
    ],
    "network-unequal-storage": [value(lambda c: 500 + c * (5 + 10)), value(lambda: 3), value(lambda: 500), refuted("15 c + 500")],
    "network-unequal-interval": [
        value(lambda: 3 * backward(24, 5)[0] + 24 + (5 + 10 + 15 + 20) / 2),
        value(lambda: min(range(1, 26), key=lambda k: 3 * backward(24, k)[0] + 24 + sum(range(k, 25, k)) / 2)),
    ],
    "network-unequal-blocks": [
        value(lambda s, k, a, b, c: a * s * (k * (k - 1) / 2) + b * s * k + c * k * s * (s + 1) / 2), refused("For an interval"),
    ],
    "must-be-bounded": [
        value(lambda n: 1 / n), value(lambda n: 1 / n), value(lambda n: 1 / n), value(lambda n: 1 / n), value(lambda n: 1 / n),
        value(lambda n: 1 / sqrt(n)), value(lambda n: n), value(lambda n: 1 / n), value(lambda n: n),
        refused("no factor of the whole"), refused("would have to be positive"), refused("both sides"), refused(r"how $\|h\|$ grows"),
    ],
    "backward": [
        value(lambda g: square(g)), value(lambda d, g: d * square(g)), value(lambda d, g: (d * d + 2 * d) * square(g)),
        value(lambda g: square(g)),
    ],
    "l1-growth": [
        value(lambda d, v: d * sqrt(2 * v / pi)), value(lambda d, v: v * (d + d * (d - 1) * 2 / pi)),
        value(lambda d, v: d * v * (1 - 2 / pi)), value(lambda d: d * d), value(lambda d, v: sqrt(pi / (2 * v)) / d),
        value(lambda d, v: d * sqrt(2 / pi) * v**1.5),
        shown(), shown(),
    ],
    "no-solution": [
        refused(), refused("determines"), refused("determines"), refused("determines"), refused("determines"), refused("no solution"),
        refused("determines"),
    ],
    "infinite-variance": [
        refused(), refused(), Expected("undecided"), refused(), refused(),
    ],
    "two-inputs": [
        value(lambda d: d), value(lambda n, d, g: d / n * square(g)),
        value(lambda d: 2 * d + d * (d - 1) * 2 / pi),
        value(lambda: 0), value(lambda: 0),
    ],
    "counting-laws": [
        value(lambda d, lambda_: d * (lambda_ + lambda_**2)), value(lambda d, lambda_: d * lambda_ + (d * lambda_) ** 2),
        value(lambda p: (1 - p) / p**2),
        value(lambda d, lambda_, p: d * (lambda_ + lambda_**2) * (2 - p) / p**2 + d * (d - 1) * lambda_**2 / p**2),
        value(lambda p: 10 * p * (1 - p) + 100 * p * p), value(lambda d, lambda_: d * lambda_),
        Expected("solved"),
        value(lambda lambda_, p: (10 * p + 90 * p * p) * (lambda_ + lambda_**2) - (10 * p * lambda_) ** 2),
    ],
    "covariance-matrices": [
        shown(), value(lambda A, v: v * square(A)), shown(), shown(), shown(), value(lambda A, v: (v + 1) * square(A)), shown(),
    ],
    "shared-scalar-chance": [
        value(lambda d: 4 * d), value(lambda: 0), refuted(), value(lambda: 1), value(lambda d: d * d + 2 * d), value(lambda: 10),
    ],
    "independent-pieces": [
        value(lambda n, d: n * d), value(lambda n, d: n * d), refused("independent"), value(lambda n, d: n * d),
        value(lambda: 2), value(lambda: 1), refused("independent"),
    ],
    "hadamard-gates": [value(lambda n, z: n * square(z) ** 2), value(lambda: 0), value(lambda: 0), value(lambda n, d: n * d)],
    "sign-step": [
        value(lambda d, eta: 1 + eta**2 * (d + d * (d - 1) * 2 / pi)),
        value(lambda n, d, eta: n * d * eta**2),
        value(lambda d: d * d),
    ],
    "gram-matrices": [
        shown(), shown(), refuted(), value(lambda n, d, x: n * (n + d + 1) * square(x)),
    ],
    "deep-linear": [shown(), shown()],
    "stated-bounds": [
        shown(), shown(), shown(), shown(), shown(), value(lambda m: sqrt(m)), refuted(), shown(),
    ],
    "residual-claims": [shown(), shown(), shown(), refuted(), refuted(), refuted(), shown()],
    "residual-weights": [
        value(lambda n: 1 / sqrt(n)), value(lambda n: 1 / n), value(lambda n: n * n), value(lambda n: 1 / sqrt(n)), shown(),
    ],
    "deep-stack": [
        shown(), shown(), shown(), shown(), shown(), value(lambda: 1), shown(), shown(), refuted(), refuted("grows without bound"),
    ],
    "deep-mean-squares": [
        value(lambda n, L, sigma: n * (n * sigma**2) ** L), value(lambda n, L, sigma: (n * sigma**2) ** L),
        value(lambda n, L, sigma: n * (n * sigma**2) ** L), value(lambda: 0), refuted(), shown(),
    ],
    "deep-critical": [value(lambda n: n), shown(), refuted(), refused("independent")],
    "equal-keys": [shown(), shown(), value(lambda d: d), value(lambda d: 1 / d), value(lambda: 1)],
    "score-bounds": [shown(), shown(), shown(), value(lambda d: 1 / sqrt(d)), refuted(), refused("distribution")],
    "rates": [
        value(lambda m, n: n / m), value(lambda m, eta: eta * sqrt(m)), value(lambda m, n: sqrt(n / m)), refused("grows"),
        value(lambda: 1), value(lambda n: n), value(lambda m, n: n / m), value(lambda m: 1 / m),
        table((lambda n: n, lambda n: n, lambda: 1), (lambda: 1, lambda: 1, lambda m: 1 / m), (lambda m: 1 / m, lambda m: 1 / m, lambda m: 1 / m)),
    ],
    "embedding": [
        value(lambda sigma: sigma**2), value(lambda: 1), value(lambda: 1), value(lambda eta: eta), value(lambda: 1),
    ],
    "ranks": [
        shown(), shown(), shown(), shown(), value(lambda: 1), refuted(), shown(), shown(), shown(), refuted(),
    ],
    "norm-inequalities": [*[shown()] * 13, refuted(), refuted(), refuted()],
    "bounded-maps": [shown(), shown(), shown(), shown(), shown(), shown(), refuted(), shown(), shown(), refuted()],
    "orthogonal-maps": [shown(), shown(), shown(), shown(), shown(), value(lambda n: n), value(lambda: 1), refuted()],
    "network-growth": [
        value(lambda m: m**3), value(lambda m: m**3), value(lambda m: m**2), value(lambda m: m**3), shown(), shown(), refuted(),
        value(lambda m: backward(m * m, m)[0]),
    ],
    "indices": [
        value(lambda: 0), refuted(), value(lambda: 1), shown(), refuted(), shown(), refused(),
    ],
    "sign-of-zero": [
        value(lambda d, p: d * p),
        refuted(), refuted(),
        value(lambda n, d, p: n * d * p),
        value(lambda d, p: d * p + d * (d - 1) * p * p),
        value(lambda n, d, p, g: (d * p + d * (d - 1) * p * p) * square(np.sign(g)) / n),
        value(lambda lambda_: 1 - exp(-lambda_)), shown(), shown(),
    ],
    "real-scalars": [
        value(lambda d, a: abs(a) * d * sqrt(2 / pi)), value(lambda a: abs(a) * sqrt(2 / pi)), refuted(), value(lambda a: a * a),
        value(lambda d, a: a * a * d), Expected("undecided"), value(lambda a: float(np.sign(a)) * sqrt(2 / pi)), refuted(),
        value(lambda a: float(np.sign(a)) * sqrt(2 / pi)), refused(r"a \ne 0"),
    ],
    "mean-may-vanish": [
        refused("m"), refused("m"), refused(), refused("determines"), value(lambda m, v: v * v + 2 * m * m * v), value(lambda d: d),
        value(lambda x, m: m * float(x.sum())), refused("determines"),
    ],
    "roots-of-expectations": [
        value(lambda d: mean_norm(d) / sqrt(d)), value(lambda d: mean_norm(d)), value(lambda d: 1 / mean_norm(d)), refused(),
        value(lambda: 2**0.25 * gamma(0.75) / sqrt(pi)), refused(),
        value(lambda: 2 * sqrt(2 / pi)), value(lambda: 15), refused(), value(lambda: 0, "a symmetric ratio is not seen to have mean 0"),
        value(lambda: exp(0.5)),
        value(lambda d: sqrt(d), "how a quotient of gamma functions grows is not known"),
    ],
    "scope": [
        refused("$X$ and $Y$ are independent"), value(lambda: 1), refuted(), value(lambda: 2), value(lambda: 1 / sqrt(2)),
        value(lambda: 0.5), refuted(), value(lambda: 1),
    ],
    "dependent-products": [
        value(lambda: 1), value(lambda d: d + 2), value(lambda: 2), value(lambda: 0), value(lambda: 4),
        value(lambda: 2), value(lambda: 1), value(lambda: 0), value(lambda d: 3 * d * d),
    ],
    "square-matrix-powers": [value(lambda n: n), value(lambda n: n * n), value(lambda: 0), value(lambda n: n)],
    "relu-laws": [
        value(lambda: 2 / 3), value(lambda: 5 / 6), value(lambda: 1), refused(),
        value(lambda a: a * a / 6), value(lambda: 0), value(lambda: 0.5), value(lambda: 1), value(lambda: 0),
        value(lambda: 1 / 3),
    ],
    "coupled-mask": [
        value(lambda m, p, v: p * (m * m + v) - (p * m) ** 2), value(lambda m, p: m * m * p * (1 - p)),
        value(lambda d, m, p, v: p * (d * v + (d * m) ** 2) - (p * d * m) ** 2), value(lambda m, p, v: p * (m * m + v)),
        value(lambda p: p), value(lambda m, p: -m * m * p * (1 - p)),
    ],
    "two-norm-hint": [
        value(lambda n, d: n * (d / 3 + d * (d - 1) / 4)), value(lambda n, d: n * (d / 3 + d * (d - 1) / 4)),
        value(lambda n, d: sqrt(n * d)), value(lambda: 1 / 3), value(lambda g: float(np.abs(g).sum()) ** 2),
    ],
    "cauchy-schwarz": [shown(), shown(), shown(), shown(), refuted(), refuted(), bound(), shown()],
    # growth, bounds and tables
    "table-embedding": [
        value(lambda m, n: 1 / (sqrt(n) + sqrt(m))), value(lambda n: sqrt(n)), value(lambda m: 1 / sqrt(m)), value(lambda n: 1 / sqrt(n)),
        table(
            (lambda n: n**-0.5, lambda n: n**0.5, lambda: 1, lambda n: n**-0.5),
            (lambda m: m**-0.5, lambda m: m**0.5, lambda m: m**-0.5, lambda m: m**-0.5),
            (lambda m: 1 / m, lambda m: m, lambda m: m**-0.5, lambda m: 1 / m),
            (lambda m: m**-0.5, lambda: 1, lambda m: m**-0.5, lambda: 1),
        ),
    ],
    "normalised-update": [
        value(lambda eta: eta), value(lambda eta: eta), value(lambda m, eta: eta * sqrt(m)), value(lambda m, n: sqrt(n / m)), shown(),
    ],
    "residual-bound": [shown(), bound(), shown(), refuted(), shown()],
    "small-branch": [shown(), shown(), shown(), shown(), shown()],
    "low-rank": [shown(), shown(), shown(), shown(), shown(), refuted("Omega"), bound()],
    "two-layer-contraction": [shown(), shown(), shown(), refuted(), bound(), bound()],
    "maps-that-may-move-zero": [
        refuted(r"follow from $\phi(0) = 0$"), refuted(r"follow from $\phi(0) = 0$"), shown(), bound(), refuted(r"follow from $\phi(0) = 0$"), shown(), refuted(),
    ],
    "maps-that-keep-zero": [shown(), shown(), shown(), shown(), refuted(), Expected("solved")],
    "signs-not-said": [refuted(r"follow from $a \ge 0$"), refuted(r"follow from $b \ge 0$"), refuted(), shown(), shown()],
    "deep-residual": [shown(), shown(), shown(), refuted(), shown(), refuted(), shown(), Expected("solved"), refuted()],
    "two-residual-blocks": [shown(), bound(), shown(), refuted(), bound(), shown(), refuted("Omega"), shown()],
    "attention-scale": [shown(), shown(), shown(), refuted(), value(lambda d: 1 / d)],
    "aligned-attention": [value(lambda d: sqrt(d)), value(lambda: 1), value(lambda d: 1 / d), value(lambda d: d**0.25)],
    "bias-output": [shown(), shown(), refuted("Omega"), bound(), shown()],
    "norm-chains": [shown(), shown(), shown(), shown(), shown(), shown(), refuted(), shown(), shown()],
    "sums-of-growth": [
        value(lambda n: n), value(lambda n: n**1.5), value(lambda n: n), value(lambda n: n**1.5), value(lambda n: sqrt(n)),
        value(lambda n: n), shown(), value(lambda n: n), refuted("c = "), value(lambda n, d: n * d + d * d),
        value(lambda n, d: n * d / (n + d)), refused("c = "),
    ],
    "sign-momentum-free": [
        value(lambda m, n, eta: eta * m * sqrt(n)), value(lambda m, n, eta: eta * sqrt(m * n)), value(lambda m: 1 / m),
        value(lambda m, n: 1 / sqrt(m * n)), shown(), value(lambda m: 1 / m),
    ],
    "gaussian-layer": [
        value(lambda n, m, sigma: sigma * (sqrt(n) + sqrt(m))), value(lambda n, m, sigma: sigma * sqrt(n * m)),
        value(lambda n, m: sqrt(n / m) / (sqrt(n) + sqrt(m))), value(lambda m: 1 / m),
    ],
    "deep-linear-bound": [shown(), Expected("solved")],
    "orthogonal-layer": [shown(), value(lambda: 1), value(lambda n: sqrt(n)), shown(), shown(), refuted("Omega"), value(lambda: 1)],
    "growth-with-chance": [
        value(lambda n, m: sqrt(m) * (sqrt(n) + sqrt(m))), value(lambda n, m: sqrt(n) + sqrt(m)), refuted("Omega"), refuted(), refused("c = "),
        refuted(), value(lambda n, m: sqrt(n) + sqrt(m)), shown(), refused("grows"), shown(), shown(), refuted("Omega"), refused("from above"),
    ],
    "deep-members": [Expected("undecided"), shown(), refused("grows"), Expected("solved")],
    "layer-conditions": [
        value(lambda n: 1 / sqrt(n)), refused("no single order"), refused("does not depend"), refused("grows"),
        shown(), refuted(), refused("from below"), refuted(), refuted(), shown(),
        value(lambda: 1), shown(),
    ],
    "what-no-order-is-given": [
        refused("grows"), refused("Omega"), refused("grows"), value(lambda n: n * n), refuted("Omega"), refused("does not depend"),
    ],
    "network-deep": [
        value(lambda: costs(24, 7, 3, 0.5) / 24), value(lambda: costs(24, 7, 3, 0.5)), value(lambda: backward(24, 7)[1]),
        value(lambda: backward(24, 7)[0]),
    ],
    "network-all-stored": [value(lambda: 0), value(lambda: 9), value(lambda: costs(9, 1, 7, 2, 5)), refuted()],
    "network-none-stored": [
        value(lambda: backward(6, 9)[0]), value(lambda: 6), value(lambda: costs(6, 9, 2, 1, 100)), value(lambda: costs(6, 9, 2, 1) / 6),
    ],
    "network-blocks": [
        value(lambda n, k: backward(n * k, k)[0]), value(lambda n, k: n * k), value(lambda n, k, a, b: costs(n * k, k, a, b)),
        value(lambda n, k, a, b, c: costs(n * k, k, a, b, c)), value(lambda n, k, a, b: costs(n * k, k, a, b) / (n * k)), shown(),
    ],
    "network-any": [
        value(lambda L, k, a, b, c: costs(L, k, a, b, c)), value(lambda L: L), value(lambda L, k: backward(L, k)[0]), refuted(),
        refused("number $L$ of layers"),
    ],
    "network-rest": [
        value(lambda n, k: backward(n * k + 1, k)[0]), value(lambda n, k: n * k + 1), value(lambda n, k: costs(n * k + 1, k, 4, 2)),
    ],
    "network-two-more-depths": [
        value(lambda m: backward(2 * m + 1, 2)[0]), value(lambda m, a, b, c: costs(2 * m + 1, 2, a, b, c)), value(lambda m: m),
        refused("$c$ is no interval"), refuted(), refused("number $2 m + 1$ of layers"),
    ],
    "network-interval": [
        value(lambda: cheapest(16, 5, 2, 37)), value(lambda: costs(16, 2, 5, 2, 37)), value(lambda: backward(16, 2)[0]),
    ],
    "network-break-even": [
        value(lambda: (1000 - costs(14, 4, 0, 10)) / backward(14, 4)[0]),
        value(lambda a: (1000 - costs(14, 4, a, 10)) / backward(14, 4)[2]), refused("no solution"),
        shown(),
    ],
    "network-claims": [refuted(), shown(), shown(), refuted(), shown(), refused("how long a forward operation takes")],
    "network-large": [
        value(lambda: backward(20000, 300)[0]), value(lambda: 20000), value(lambda: costs(20000, 300, 2, 1, 1000)),
    ],
    "network-powers": [
        value(lambda n: backward(n**3 + 1, n)[0]), value(lambda n: n**3 + 1), value(lambda n, a, b: costs(n**3 + 1, n, a, b)), refuted(),
    ],
    "network-compound": [value(lambda n: backward(6 * n, 2 * n)[0]), value(lambda n, c: costs(6 * n, 2 * n, 3, 2, c)), shown()],
    "network-below": [value(lambda n: backward(n + 1, n + 3)[0]), value(lambda n: n + 1)],
    "network-sixth": [value(lambda L: backward(L, 6)[0]), value(lambda L: L)],
    "network-ties": [value(lambda: 1), value(lambda c: costs(4, 2, c, 1))],
    "normal-vectors": [
        value(lambda A, mu, b: A @ mu + b), value(lambda A, Sigma: A @ Sigma @ A.T), shown(), refuted(),
        value(lambda Sigma, mu: Sigma + np.outer(mu, mu)), value(lambda Sigma, mu: float(np.trace(Sigma)) + square(mu)),
        value(lambda Sigma: float(Sigma[0, 1])), value(lambda B, Sigma, mu: float(np.trace(B @ Sigma) + mu @ B @ mu)),
        value(lambda Sigma: float(Sigma[0, 0])), shown(), shown(),
    ],
    "isotropic": [
        value(lambda d, s: d * s), value(lambda B, s: s * float(np.trace(B))), value(lambda d, s: s * s * (d * d + 2 * d)), shown(),
        value(lambda B, s: s * B.T), shown(), refuted(), value(lambda a, s: s * square(a)),
        value(lambda a, s: s * np.eye(len(a)) + np.outer(a, a)), shown(), value(lambda d, s: d * sqrt(2 * s / pi)),
    ],
    "moments-of-vectors": [
        value(lambda A, mu: A @ mu), value(lambda A, Sigma: A @ Sigma @ A.T), value(lambda mu: float(mu[0])),
        value(lambda Sigma: float(Sigma[0, 0])), value(lambda Sigma, mu: Sigma + np.outer(mu, mu)),
        value(lambda Sigma, mu: float(np.trace(Sigma)) + square(mu)), value(lambda Sigma, mu: float(Sigma[0, 1] + mu[0] * mu[1])),
        refused("determines"),
    ],
    "random-matrices": [
        value(lambda n, d: n * np.eye(d)), value(lambda n, d: d * np.eye(n)), value(lambda n, m, x: m * float(x.sum()) * np.ones(n)),
        value(lambda n, x: square(x) * np.eye(n)), value(lambda n, x: square(x) * np.eye(n)), value(lambda: 0), value(lambda: 0),
        value(lambda n, d, m: m * n * np.ones(d)), value(lambda n, d, m: 2 * m * np.ones((n, d))), shown(),
        value(lambda d, v: v * np.eye(d)), refused("$W$ and $z$ are independent"),
    ],
    "claims-about-arrays": [
        refuted(), shown(), shown(), refuted(), shown(), shown(), refuted(), shown(), shown(), shown(), refuted(), shown(),
    ],
    "stated-sizes": [
        value(lambda n: n), value(lambda d: d), value(lambda t, v: t * v), value(lambda: 1), value(lambda n, d: 1 / sqrt(n * d)),
        value(lambda: 2), shown(), refuted(), value(lambda n, d: n * (1 + d)), value(lambda n: n / 2),
    ],
    "orthogonal-inputs": [value(lambda: 1), value(lambda: 0), value(lambda y: 1 + square(y)), shown(), shown(), refuted()],
    "what-is-missing": [
        refused("$A$ and $h$ are independent"), refused("$a$ and $b$ are independent"), refused("$a$, $b$ and $h$ are independent"),
        refused("uncorrelated would be enough"), refused("$A$ and $h$ are independent"), refused("determines"), refused("determines"),
        refused("$A$ and $h$ are independent"), value(lambda: 2), refused(r"i \ne j"),
    ],
    "growth-claims": [refuted(), refuted(), refuted(), refuted(), refuted()],
    "zeros-and-signs": [refuted(), refuted(), shown(), refuted(), shown(), refuted(), refuted(), refuted(), shown()],
    "powers-to-solve": [
        value(lambda: 1), value(lambda v, w: sqrt((v + w) / 3)), value(lambda v, w: sqrt(v / w)), refused("no solution"), refused("w > v"), value(lambda: 2),
        refused("q > 0"), value(lambda: 1), value(lambda v, w: sqrt(v / w)), value(lambda v, w: v / w), value(lambda v, w: (w / v) ** 2),
        value(lambda v, w: (v / w) ** 2),
    ],
    "random-layers": [
        value(lambda x, d, k, m, n, v: d * k * v * m * square(x) / (3 * n)), value(lambda x, k, m, n, v: k * v * m * square(x) / (3 * n)),
        value(lambda d, k, m, v: d * k * v * m), value(lambda x, k, m, n, v: k * v * m * square(x) / (3 * n)),
    ],
    "three-layers": [
        value(lambda: 1 / 2), value(lambda: 1 / 2), value(lambda: 0), value(lambda n: 1 / (2 * n)), value(lambda: 1), value(lambda: 0), value(lambda n: 1 / n), refuted(),
    ],
    "normalised-input": [
        value(lambda: 1), value(lambda n: sqrt(n)), value(lambda n: n), value(lambda: 1), value(lambda n: n), value(lambda n: sqrt(2 * n / pi)),
    ],
    "three-laws": [
        value(lambda: 1), value(lambda lambda_: 1 / lambda_**2 + 4 * lambda_), value(lambda lambda_, p: 2 / lambda_**2 - 2 * p / lambda_ + p),
        value(lambda lambda_, p: p / lambda_**2), value(lambda lambda_: lambda_ + lambda_**2), value(lambda lambda_, p: p * (2 - p) / lambda_**2),
        refuted(), shown(), value(lambda lambda_: 6 / lambda_**3),
    ],
    "batch-mean": [
        value(lambda mu: mu), value(lambda Sigma, n: Sigma / n), value(lambda Sigma, n: np.trace(Sigma) / n), value(lambda mu, Sigma, n: square(mu) + np.trace(Sigma) / n),
        value(lambda mu, Sigma, n: square(mu) + np.trace(Sigma) / n), value(lambda Sigma, n: Sigma[0, 1] / n), value(lambda n: 1 / n),
    ],
    "dropout-layer": [value(lambda m: np.zeros(int(m))), value(lambda x, m, n, p: 2 * m * square(x) / (n * p)), value(lambda x, n, p: 2 * square(x) / (n * p)), value(lambda: 0)],
    "random-sign": [
        value(lambda mu, sigma: sigma**2 + mu**2), value(lambda mu, sigma: sigma**2 + mu**2),
        value(lambda mu, sigma: mu**4 + 6 * mu**2 * sigma**2 + 3 * sigma**4), refuted("fourth moment"), value(lambda: 0),
    ],
    "uniform-readout": [
        value(lambda: 0), value(lambda n, a, sigma: n * a * a * sigma**2 / 6), value(lambda n, sigma: sqrt(6 / n) / sigma), value(lambda n: 1 / sqrt(n)),
        value(lambda sigma: sigma / sqrt(2 * pi)),
    ],
    "residual-start": [value(lambda alpha: 1 + alpha**2), value(lambda n: n), value(lambda: 1), shown()],
    "sign-of-a-solution": [refused("m > 0"), value(lambda m: 1 / m), value(lambda v: 1 / sqrt(v))],
    "power-sums": [
        value(lambda x: square(x)), value(lambda x: 3 * square(x) ** 2 - 2 * square(x**2)), value(lambda d, m: d * (d - 1) * m * m),
        value(lambda d, m, v: d * v + d * d * m * m), value(lambda v: v), value(lambda d, m: m * sum(range(d + 1))), shown(),
    ],
    "sample-variance": [
        value(lambda n, m, v: m * m + v / n), value(lambda n, v: v / n), value(lambda n, v: v * (n - 1) / n), value(lambda n, v: (n - 1) * v),
        value(lambda: 0), shown(),
    ],
    "weighted-layer": [
        value(lambda n, sigma, u: n * sigma**2 * square(u)), value(lambda n, sigma, u: n * (n + 2) * sigma**4 * square(u) ** 2),
        value(lambda n, sigma, u: 2 * n * sigma**4 * square(u) ** 2), value(lambda n, sigma, u, w: n * sigma**2 * float(u @ w)),
        value(lambda: 0), shown(), refused(r"u \ne 0"), value(lambda n, sigma, u: n * sigma * sqrt(2 * square(u) / pi)),
        value(lambda sigma, u: 15 * sigma**6 * square(u) ** 3), value(lambda sigma, u: sigma * sqrt(square(u) / (2 * pi))),
    ],
    "forms": [
        value(lambda A, v: v * float(np.trace(A))), value(lambda A, v: v * v * square(A)), value(lambda A, v: v * square(A)),
        value(lambda A: float((A * A + A * A.T).sum())), value(lambda A, v: v * square(A)),
    ],
    "generating-functions": [
        value(lambda m, s, t: exp(t * m + t * t * s * s / 2)), value(lambda m, s: (exp(s * s) - 1) * exp(2 * m + s * s)),
        value(lambda p, t: 1 - p + p * exp(t)), value(lambda lambda_, t: exp(lambda_ * (exp(t) - 1))), value(lambda t: cosh(t)),
        value(lambda: exp(1) - 1), value(lambda s: s * sqrt(2 / pi)),
    ],
    "almost-surely": [shown(), shown(), shown(), shown(), refuted(), value(lambda d: d)],
    "non-centred-powers": [
        value(lambda d: d * (d + 1) * (d + 2)), value(lambda d: d * (d + 1) * (d + 2) * (d + 3)),
        value(lambda a: float(a.sum()) ** 3 + 3 * float(a.sum()) * square(a) + 2 * float((a**3).sum())),
        value(lambda d, mu: d * (2 + 4 * mu * mu)), value(lambda d, mu: (d * mu) ** 4 + 6 * (d * mu) ** 2 * d + 3 * d * d), value(lambda d: d),
    ],
    "lengths": [
        value(lambda d, sigma: sigma * mean_norm(d)), value(lambda d, sigma: d * sigma**2),
        value(lambda d, sigma: sigma**3 * 2**1.5 * gamma((d + 3) / 2) / gamma(d / 2)), value(lambda d, sigma: d * (d + 2) * sigma**4),
        value(lambda d, sigma: sigma**2 * (d - mean_norm(d) ** 2)), value(lambda d, sigma: 1 / (sigma * mean_norm(d))),
        value(lambda d, sigma: (d + 2) * sigma**4),
    ],
    "laws-of-sums": [
        Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved"), refused("distribution"), shown(),
    ],
    "averages-given": [
        value(lambda m, x: m * square(x)), value(lambda: 0), value(lambda x: 3 * square(x) ** 2), value(lambda x: sqrt(2 / pi) * sqrt(square(x))),
        value(lambda x: square(x)), value(lambda s, W: s**2 * square(W)), value(lambda m, n, s: m * n * s**2), value(lambda n, s: n * s**2),
        value(lambda: 0), value(lambda: 0), shown(), refuted(), shown(), refused("the distribution of $x$ given $y$"),
        refused("$x_1 > 0$ is a statement"),
    ],
    "averages-of-averages": [
        value(lambda Y, m: Y * m), value(lambda Y, m, v: v + m**2 + Y**2 + 2 * Y * m), value(lambda Y, v: Y**2 * v), value(lambda m, w: m**2 * w),
        value(lambda v, w: v * w), shown(), shown(), shown(), shown(), refused("$Z$ and $Y$ are independent"), refuted(), shown(),
    ],
    "pairwise-only": [refused("$X$, $Z$ and $Y$ are independent"), value(lambda: 0), refuted(), value(lambda: 0), refuted(), refuted()],
    "laws-with-parameters": [
        value(lambda lambda_: -4 / lambda_**3), value(lambda lambda_: -2 / lambda_**3), value(lambda a, s: 12 * a * s**2 + 4 * a**3),
        value(lambda: sqrt(2 / pi)), value(lambda a: 2 * a), value(lambda x: x), value(lambda a: 3 * a**2), value(lambda: 1),
        value(lambda a, s: exp(a + s**2 / 2)), value(lambda a, z: 2 * a * z),
    ],
    "declared-normal": [
        shown(), shown(), shown(), refuted(), Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved"), refuted(), shown(),
        shown(), value(lambda: 0), refuted(),
    ],
    "two-actions": [
        value(lambda r_0, r_1, theta: r_0 + (r_1 - r_0) * sigmoid(theta)),
        value(lambda r_0, r_1, theta: (r_1 - r_0) * sigmoid(theta) * (1 - sigmoid(theta))),
        value(lambda r_0, r_1, theta: (r_1 - r_0) ** 2 * sigmoid(theta) * (1 - sigmoid(theta))), shown(),
        value(lambda r_0, r_1, theta: r_0 + (r_1 - r_0) * sigmoid(theta)),
    ],
    "noisy-line": [
        value(lambda w, w_star, sigma: square(w - w_star) + sigma**2), value(lambda w, w_star: 2 * (w - w_star)), value(lambda w_star: w_star),
        value(lambda n: 2 * np.eye(n)), value(lambda w, w_star: w - w_star), value(lambda w_star, sigma: square(w_star) + sigma**2),
        value(lambda w_star, x: w_star @ x), value(lambda sigma: sigma**2), value(lambda w_star, x, sigma: (w_star @ x) ** 2 + sigma**2),
    ],
    "normal-or-not": [
        refuted("3 n^2"), refuted("3 n^2"), refuted("3 n^2"), shown(), shown(), refuted("$9$"), refuted(), refuted(), shown(), refuted(),
        Expected("undecided"),
    ],
    "named-densities": [
        value(lambda theta, x: 1 / theta - x), Expected("solved"), value(lambda: 0), refuted(), value(lambda mu, sigma, x: (x - mu) / sigma**2),
        value(lambda mu, sigma, x: (x - mu) ** 2 / sigma**3 - 1 / sigma), value(lambda k, lambda_: k / lambda_ - 1), value(lambda lambda_: lambda_),
        value(lambda theta: 1 / theta**2), refused("support"), shown(), value(lambda: 1), Expected("undecided"), value(lambda a, theta: a * theta / 2 - log(a * theta)),
    ],
    "logistic-by-formula": [
        value(lambda t: sigmoid(t) * (1 - sigmoid(t))), shown(), shown(), shown(), value(lambda w, x, y: (sigmoid(w @ x) - y) * x),
        value(lambda w, x: sigmoid(w @ x) * (1 - sigmoid(w @ x)) * np.outer(x, x)), shown(), value(lambda w, x, c: -c * sigmoid(-c * (w @ x)) * x),
        shown(), shown(), refuted(),
    ],
    "random-regressors": [
        value(lambda w, v, Sigma, s: w @ Sigma @ w + v @ Sigma @ v - 2 * w @ Sigma @ v + s**2), value(lambda w, v, Sigma: 2 * Sigma @ (w - v)), value(lambda Sigma: 2 * Sigma),
        value(lambda v: v), shown(), shown(),
    ],
    "uncorrelated-entries": [value(lambda d: d), refuted()],
    "weighted-rows": [value(lambda s, q: s**2 * square(q)), shown(), shown(), value(lambda: 1), refuted()],
    "reparametrised": [Expected("solved"), Expected("solved"), shown(), refuted(), shown()],
    "vectors-as-wholes": [
        value(lambda a, mu, Sigma: a @ Sigma @ a + (a @ mu) ** 2), value(lambda a, b, mu, Sigma: a @ Sigma @ b + (a @ mu) * (b @ mu)),
        value(lambda a, Sigma: a @ Sigma @ a), value(lambda a, b, Sigma: a @ Sigma @ b), value(lambda A, mu, Sigma: np.trace(A @ Sigma) + mu @ A @ mu),
        value(lambda a, mu, Sigma: Sigma @ a + (a @ mu) * mu), refuted(),
    ],
    "frobenius-and-spectral": [shown(), shown(), shown(), refuted(), shown(), value(lambda m, x: m * np.abs(x).sum()),
                               value(lambda c, x: abs(1 - c) * sqrt(np.mean(x**2))), value(lambda c, x: abs(4 - c) * np.abs(x).max())],
    "symbolic-powers": [value(lambda c, L, x: c**L * square(x)), value(lambda: 1), value(lambda L: 2 ** (1 / L)), refused()],
    "cross-entropy": [
        value(lambda z, y: softmax(z) - y), value(lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z))), shown(), value(lambda: 1), shown(), shown(),
        refuted(), shown(), shown(), shown(), value(lambda a: a), value(lambda z, a: 3 * a + 2 * a.sum() * z),
    ],
    "declared-density": [Expected("solved"), shown(), shown(), refuted(), refuted()],
    "declared-support": [
        value(lambda theta: 2 * theta / 3), refused("moves with"), refused("moves with"), value(lambda: 0.5), value(lambda: 1.5),
        value(lambda theta: 13 * theta / 6), value(lambda: 1.5), Expected("solved"), Expected("solved"),
    ],
    "declared-normal-vector": [
        Expected("solved"), Expected("solved"), shown(), value(lambda mu: 2 * mu), value(lambda k, sigma: 2 * k * sigma),
        value(lambda a, mu: 2 * (a @ mu) * a), Expected("solved"), Expected("solved"), value(lambda mu: 0 * mu),
        value(lambda a, mu, sigma: exp(float(a @ mu) + sigma**2 * square(a) / 2)), Expected("solved"),
    ],
    "second-derivatives": [Expected("solved"), Expected("solved"), shown(), shown(), shown(), refuted(), shown()],
    "hessian-of-average": [Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved")],
    "losses-over-data": [
        Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved"), Expected("solved"), refused("> 0"),
        value(lambda w: square(w)), shown(), refuted(),
    ],
    "softmax-policy": [
        value(lambda r, theta: float(r @ softmax(theta))), value(lambda r, theta: softmax(theta) * (r - r @ softmax(theta))), shown(), shown(),
        value(lambda r, theta: float(r @ softmax(theta))), value(lambda r, theta: float(r**2 @ softmax(theta) - (r @ softmax(theta)) ** 2)),
    ],
    "probabilities": [
        value(lambda: 0.5), value(lambda lambda_: exp(-lambda_)), value(lambda theta: 1 / theta), value(lambda p: p), value(lambda mu: exp(-mu)),
        value(lambda n, p: (1 - p) ** n), value(lambda q: (1 - q) ** 3), value(lambda lambda_: 1 - exp(-2 * lambda_)), refuted(), value(lambda: 0.5),
        refused(r"2 \le \theta"), refused(), value(lambda: 0.5), value(lambda lambda_: 1 - exp(-2 * lambda_)), value(lambda n, p: n * p * (1 - p) ** (n - 1)),
    ],
    "probabilities-of-sums": [value(lambda: 0.5), value(lambda: 0.5), value(lambda: 0.5), refused(r"s \ne 0"), refused()],
    "chains-of-values": [shown(), shown(), refuted(), refuted()],
    "members-only": [refused(), value(lambda: 1), value(lambda: 1)],
    "what-stays": [
        value(lambda: 1), value(lambda: 1), value(lambda mu: 2 * mu), value(lambda w: 2 * w), value(lambda theta: 2 * theta), value(lambda: 0), refuted(),
        value(lambda: 0), value(lambda theta: 3 * theta**2), value(lambda: 0), Expected("undecided"), refuted(), value(lambda: 2),
    ],
    "sizes-of-inputs": [
        value(lambda n: n), value(lambda: 4), value(lambda n: n * n + 2 * n), value(lambda: 0), value(lambda: 4), value(lambda d: 5 * d),
    ],
    "divergences-of-normals": [
        value(lambda m, c: normals_apart(m, 1, c, 1)), value(lambda m, s: normals_apart(m, s, 0, 1)), value(lambda m, s, c, t: normals_apart(m, s, c, t)),
        value(lambda s: -integral(lambda x: normal(x, 0, s) * np.log(normal(x, 0, s)), -12 * s, 12 * s)), shown(), shown(), refuted(), shown(),
        value(lambda u, w: square(u - w) / 2), value(lambda u, w, s, t: sum(normals_apart(a, s, b, t) for a, b in zip(u, w, strict=True))),
        shown(), refuted(), value(lambda m, c, t: (m - c) / t**2), value(lambda s, t: slope(lambda r: normals_apart(0, r, 0, t), s)),
    ],
    "entropies": [
        value(lambda a: -integral(lambda x: a * np.exp(-a * x) * np.log(a * np.exp(-a * x)), 0, 50 / a)),
        value(lambda a, b: integral(lambda x: a * np.exp(-a * x) * (log(a / b) + (b - a) * x), 0, 50 / a)),
        value(lambda a: log(a)), value(lambda a: -2 * integral(lambda x: np.exp(-x / a) / (2 * a) * (-x / a - log(2 * a)), 0, 50 * a)),
        value(lambda a, b: apart(lambda k: poisson(k, a), lambda k: poisson(k, b), WHOLE)),
        value(lambda p: -(p * log(p) + (1 - p) * log(1 - p))),
        value(lambda p, q: apart(lambda k: np.where(k == 1, p, 1 - p), lambda k: np.where(k == 1, q, 1 - q), np.arange(2))),
        value(lambda p: -float((geometric(COUNTED, p) * np.log(geometric(COUNTED, p))).sum())),
        value(lambda p, q: apart(lambda k: geometric(k, p), lambda k: geometric(k, q), COUNTED)),
        value(lambda a, b, c: c * (log(b / a) + a / b - 1)), value(lambda: log(2)), refused("has values above"), refused("has values below"),
        refused("has values below"),
        value(lambda a, m: integral(lambda x: a * np.exp(-a * x) * (log(a) - a * x + (x - m) ** 2 / 2 + log(2 * pi) / 2), 0, 60 / a)),
        refused("one has a density"), refused(r"a \le b"), refused("r > 0"), refuted(), refuted(), value(lambda p: log((1 - p) / p)), refused(),
    ],
}  # fmt: skip

# documents that cannot be read: line of the fault and words of the message; the third says what happens today instead
UNREADABLE: dict[str, tuple[int, str, str]] = {
    "bad-symbol": (5, "`u` is not declared", ""),
    "bad-shape-sum": (6, "`x` has d entries, `W x` has n entries", ""),
    "bad-shape-form": (6, "`W` is n × d", ""),
    "bad-shape-mask": (7, "`m` has d entries, `W x` has n entries", ""),
    "bad-sentence": (4, "not understood", ""),
    "bad-trace": (5, "`W` is n × d", ""),
    "bad-norm": (5, "`W` is n × d", ""),
    "bad-derivative": (5, "may be of `w^\\top` alone or of all that follows: use brackets", ""),
    "out-of-range": (5, "the index `4` is out of range", ""),
}
