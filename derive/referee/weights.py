"""A law written as a term, as values with weights: for each case of its parameters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import floor, inf
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee import heads
from derive.referee.laws import CONTINUOUS, DISCRETE, FINE, Law, Need, density, nodes
from derive.referee.world import BeyondReach, Frame, TestDensity, Undefined
from derive.terms import Term, shape

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
Weighted = tuple[Array, Array]  # values (cases, n, …), weights (cases, n)
MAX_GRID = 60_000  # values that stand for one vector
FULL = 40  # the fineness at which all of that is used


def weighted(ev: Evaluator, law: Term, need: Need, frame: Frame) -> Weighted:
    """The values and weights that stand for ``law`` in ``frame``."""
    if law.head == "Normal":
        mean, cov = (ev.value(a, frame) for a in law.args)
        if mean.ndim == 1 and cov.ndim == 1:
            return scalar(Law("Normal"), [mean, cov], need)
        return normal_vector(mean, heads.matrix(cov), need)
    if law.head in CONTINUOUS or law.head in DISCRETE:
        params = [ev.value(a, frame) for a in law.args]
        if law.head == "Categorical":
            params = [params[0][:, k] for k in range(params[0].shape[1])]
        return scalar(Law(law.head), params, need)
    if law.head == "Lambda":
        raise BeyondReach("a law that depends on something else")
    return _declared(ev, law, need, frame)


def check(law: Law) -> Law:
    """The law, if its parameters are ones that such a law can have."""
    p = law.params
    bad = False
    if law.kind in ("Normal", "Laplace"):
        bad = p[1] <= 0
    elif law.kind in ("Exponential", "GammaLaw", "BetaLaw", "ChiSquared", "Poisson"):
        bad = min(p) <= 0
    elif law.kind in ("Bernoulli", "Geometric"):
        bad = not 0 <= p[0] <= 1 or (law.kind == "Geometric" and p[0] == 0)
    elif law.kind == "BinomialLaw":
        bad = p[0] < 0 or abs(p[0] - round(p[0])) > 1e-9 or not 0 <= p[1] <= 1
    elif law.kind == "Uniform":
        bad = p[0] >= p[1]
    elif law.kind == "Categorical":
        bad = min(p) < 0 or abs(sum(p) - 1) > 1e-9
    if bad or not all(abs(x) < inf for x in p):
        raise Undefined("a law with parameters that it cannot have")
    return law


def scalar(law: Law, params: list[Array], need: Need) -> Weighted:
    cases = max((len(p) for p in params), default=1)
    rows = [tuple(float(p[c if len(p) > 1 else 0]) for p in params) for c in range(cases)]
    for row in rows if cases < 64 else (rows[0], rows[-1]):
        check(Law(law.kind, row))
    if cases > 1 and law.kind in _AFFINE and not need.breaks:
        x, w = nodes(Law(law.kind, _AFFINE[law.kind]), need)
        a, b = _placed(law.kind, [np.asarray(p, float) for p in params])
        return a[:, None] + b[:, None] * x, w[None]
    pairs = [nodes(Law(law.kind, row), need) for row in rows]
    n = max(len(x) for x, _ in pairs)
    xs = np.stack([np.pad(x, (0, n - len(x)), mode="edge") for x, _ in pairs])
    return xs, np.stack([np.pad(w, (0, n - len(w))) for _, w in pairs])


_AFFINE: dict[str, tuple[float, ...]] = {
    "Normal": (0.0, 1.0), "Uniform": (0.0, 1.0), "Exponential": (1.0,), "Laplace": (0.0, 1.0),
}  # fmt: skip


def _placed(kind: str, p: list[Array]) -> tuple[Array, Array]:
    if kind == "Normal":
        return np.broadcast_arrays(p[0], np.sqrt(p[1]))  # type: ignore[return-value]
    if kind == "Uniform":
        return np.broadcast_arrays(p[0], p[1] - p[0])  # type: ignore[return-value]
    if kind == "Exponential":
        return 0 * p[0], 1 / p[0]
    return np.broadcast_arrays(p[0], p[1])  # type: ignore[return-value]


def product_grid(axes: list[Array], weights: list[Array]) -> Weighted:
    """All combinations of values on several axes: (n, k) and (n)."""
    index = np.indices([len(a) for a in axes]).reshape(len(axes), -1)
    w = np.ones(index.shape[1])
    for i, v in zip(index, weights, strict=True):
        w = w * v[i]
    return np.stack([a[i] for a, i in zip(axes, index, strict=True)], axis=-1), w


def thinned(need: Need, axes: int, limit: float = MAX_GRID) -> Need:
    """``need`` with a fineness such that the grid of so many axes stays small."""
    if need.degree != FINE or axes < 2:
        return need
    halves = len(need.breaks) + 1
    most = limit ** (1 / axes) / halves * min(1.0, need.fineness / FULL)  # still fewer where less is asked for
    return Need(FINE, need.breaks, max(2, min(need.fineness, floor(most))))


def root(cov: Array) -> Array:
    """The Cholesky factor of covariances."""
    try:
        return np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        raise Undefined("a covariance that is not positive definite") from None


def normal_vector(mean: Array, cov: Array, need: Need) -> Weighted:
    if mean.ndim == 1:
        mean = mean[:, None]
    k = mean.shape[1]
    need = thinned(need, k)
    diagonal = not (cov * (1 - np.eye(k))).any()
    if need.breaks and diagonal and len(mean) == len(cov) == 1:
        pairs = [nodes(check(Law("Normal", (float(mean[0, i]), float(cov[0, i, i])))), need) for i in range(k)]
        x, w = product_grid([p[0] for p in pairs], [p[1] for p in pairs])
        return x[None], w[None]
    z, v = nodes(Law("Normal", (0.0, 1.0)), need)
    grid, w = product_grid([z] * k, [v] * k)
    return mean[:, None, :] + grid @ root(cov).swapaxes(1, 2), w[None]


def _declared(ev: Evaluator, law: Term, need: Need, frame: Frame) -> Weighted:
    """The law of a declared or defined density."""
    found, args = test_density(ev, law, frame)
    if found is None:
        from derive.referee.calculus import space

        symbol = law.args[0] if law.head == "Apply" else law
        sizes = [ev.integer(d, frame) for d in symbol.sort.shape]
        x, dx = space(sizes)
        child = Frame(frame, {}, len(x))
        return x[None], _defined_density(ev, law, np.tile(x, (frame.batch, *(1,) * (x.ndim - 1))), child, frame
                                         ).reshape(-1, len(x)) * dx  # fmt: skip
    if found.law is not None:
        inner = Frame(frame, {found.parameter.name: args[0]}) if found.parameter is not None else frame
        return weighted(ev, found.law, need, inner)
    theta = args[0] if args else np.zeros((1, 1))
    if found.points is not None:
        values, weights = found.points
        return np.asarray(values, float)[None], weights(theta)
    assert found.components is not None
    xs, ws = [], []
    for weight, mean, deviation in found.components(theta):
        k = mean.shape[1]
        fine = thinned(need, k, MAX_GRID / 2)
        z, v = nodes(Law("Normal", (0.0, 1.0)), Need(fine.degree, frozenset(), fine.fineness))
        grid, w = product_grid([z] * k, [v] * k)
        x = mean[:, None, :] + deviation[:, None, :] * grid
        xs.append(np.exp(x) if found.positive else x)
        ws.append(weight * w)
    x = np.concatenate(xs, axis=1)
    symbol = law.args[0] if law.head == "Apply" else law
    return (x if symbol.sort.shape else x[:, :, 0]), np.concatenate(ws)[None]


def test_density(ev: Evaluator, law: Term, frame: Frame) -> tuple[TestDensity | None, list[Array]]:
    """What stands for a density's symbol, and its parameters here; None where the document defines it."""
    symbol = law.args[0] if law.head == "Apply" else law
    if symbol.head != "Sym":
        raise BeyondReach(f"there is no way to average over {law.head}")
    args = [ev.value(a, frame) for a in law.args[1:]] if law.head == "Apply" else []
    found = ev.world.densities.get(symbol.name)
    if found is None and symbol.name not in ev.world.definitions:
        raise BeyondReach(f"nothing stands for the law {symbol.name} in this world")
    return found, args


def _defined_density(ev: Evaluator, law: Term, x: Array, child: Frame, frame: Frame) -> Array:
    """The values of a defined density at ``x``, whose cases are those of ``child``."""
    symbol, given = (law.args[0], law.args[1:]) if law.head == "Apply" else (law, ())
    d = ev.world.definitions[symbol.name]
    names: dict[str, Array] = {}
    for p, a in zip(d.params, given, strict=False):
        v = ev.value(a, frame)
        n = child.batch // frame.batch
        names[p.name] = np.repeat(v, n, axis=0) if len(v) > 1 else v
    names[d.params[-1].name] = x
    v = ev.value(d.body, Frame(child, names))
    return np.broadcast_to(v, (child.batch, *v.shape[1:]))


def density_value(ev: Evaluator, law: Term, x: Array, frame: Frame) -> Array:
    """The density (mass) of ``law`` at ``x``."""
    if law.head == "Normal":
        mean, cov = (ev.value(a, frame) for a in law.args)
        if mean.ndim == 1 and cov.ndim == 1:
            x = x.reshape(len(x))
            return np.exp(-((x - mean) ** 2) / (2 * cov)) / np.sqrt(2 * np.pi * cov)
        cov = heads.matrix(cov)
        k = cov.shape[1]
        gap = np.atleast_2d(x.reshape(len(x), -1) - mean.reshape(len(mean), -1))
        solved = np.linalg.solve(cov, gap[..., None])[..., 0]
        return np.exp(-(gap * solved).sum(-1) / 2) / np.sqrt((2 * np.pi) ** k * np.linalg.det(cov))
    if law.head in CONTINUOUS or law.head in DISCRETE:
        params = [ev.value(a, frame) for a in law.args]
        if law.head == "Categorical":
            params = [params[0][:, k] for k in range(params[0].shape[1])]
        if all(len(p) == 1 for p in params):
            return density(check(Law(law.head, tuple(float(p[0]) for p in params))), x)
        x, *params = np.broadcast_arrays(x, *params)
        rows = zip(x, *params, strict=True)
        return np.array([float(density(check(Law(law.head, tuple(map(float, r[1:])))), r[0])) for r in rows])
    found, args = test_density(ev, law, frame)
    if found is None:
        return _defined_density(ev, law, x, frame, frame)
    if found.law is not None:
        inner = Frame(frame, {found.parameter.name: args[0]}) if found.parameter is not None else frame
        return density_value(ev, found.law, x, inner)
    theta = args[0] if args else np.zeros((1, 1))
    if found.points is not None:
        values, weights = found.points
        hit = abs(x[:, None] - np.asarray(values, float)) < 1e-9
        return (hit * weights(theta)).sum(-1)
    assert found.components is not None
    x = x.reshape(len(x), -1)
    jacobian = np.ones(1)
    if found.positive:
        if (x <= 0).any():
            return np.where((x <= 0).any(-1), 0.0, np.nan)
        jacobian, x = 1 / x.prod(-1), np.log(x)
    few, layout = few_rows(theta) if len(x) == len(theta) else (theta, (-1,))
    out = np.zeros(1)
    for weight, mean, deviation in found.components(few):
        power: Array = 0.0
        for k in range(x.shape[1]):  # one axis after the other: much quicker than a sum along a short one
            m, d = mean[:, k].reshape(-1, *layout[2:]), (0.5**0.5 / deviation[:, k]).reshape(-1, *layout[2:])
            z = (x[:, k].reshape(layout[:2]) - m) * d
            z *= z
            power = z if k == 0 else np.add(power, z, out=power)
        scale = weight / ((2 * np.pi) ** (x.shape[1] / 2) * deviation.prod(-1))
        np.exp(np.negative(power, out=power), out=power)
        power *= scale.reshape(-1, *layout[2:])
        out = out + power
    return out.reshape(-1) * jacobian


def log_density(ev: Evaluator, law: Term, x: Array, frame: Frame) -> Array | None:
    """The logarithm of a density far out, where it is too small for a number; None where there is no formula for it."""
    if law.head == "Normal" and not shape(law.args[0]):
        mean, v = (ev.value(a, frame) for a in law.args)
        return -((x.reshape(len(x)) - mean) ** 2) / (2 * v) - np.log(2 * np.pi * v) / 2
    if law.head in ("Sym", "Apply"):
        found, args = test_density(ev, law, frame)
        if found is None:
            symbol, given = (law.args[0], law.args[1:]) if law.head == "Apply" else (law, ())
            d = ev.world.definitions[symbol.name]
            values = {p.name: ev.value(a, frame) for p, a in zip(d.params, given, strict=False)}
            return ev.value(Term("Ln", (d.body,)), Frame(frame, {**values, d.params[-1].name: x}))
        if found.components is not None and not found.positive:
            x = x.reshape(len(x), -1)
            logs = [
                np.log(w) - heads.across(((x - mean) / dev) ** 2) / 2 - heads.across(np.log(dev)) - x.shape[1] / 2 * np.log(2 * np.pi)
                for w, mean, dev in found.components(args[0] if args else np.zeros((1, 1)))
            ]
            return np.logaddexp.reduce(np.stack(np.broadcast_arrays(*logs)), axis=0)
    return None


def few_rows(theta: Array) -> tuple[Array, tuple[int, ...]]:
    """The rows of a parameter that differ, where each stands in a block or they take turns (as points of a difference do), and the
    shape in which the cases stand against them: (cases) alike, (turns, rows), or (rows, block, 1)."""
    n = len(theta)
    if n > 1:
        columns = theta.reshape(n, -1).T
        like_first = _all(c == c[0] for c in columns)
        if like_first[1]:
            block = n if like_first.all() else int(np.argmin(like_first))
            if block < n and n % block == 0 and _all((c.reshape(-1, block) == c[::block, None]).ravel() for c in columns).all():
                return theta[::block], (n // block, -1, 1)
        else:
            turns = int(np.argmax(like_first[1:])) + 1
            if like_first[turns] and n % turns == 0 and np.array_equal(theta[:-turns], theta[turns:]):
                return theta[:turns], (-1, turns)
    return theta, (-1,)


def _all(columns: Iterable[Array]) -> Array:
    """Where all of a few columns hold: column by column, much quicker than along a short axis."""
    return reduce(np.logical_and, columns)
