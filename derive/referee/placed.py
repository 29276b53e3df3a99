"""Grids that are placed where the densities in a term have their weight: for integrals of densities, and averages of their ratios.

The rule of one law serves what grows like a polynomial. A quotient of two densities grows faster, and a narrow density lies between
the values that were chosen for another place; here the values lie in the reach of all of them, as close as the narrowest asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee import heads
from derive.referee.weights import test_density
from derive.referee.world import BeyondReach, Frame
from derive.terms import Term, subterms

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
REACH = 8.0  # deviations on both sides of a mean
STEP = 0.4  # of the smallest deviation
MOST = (4_000, 220)  # values on an axis: on one axis, on each of two
Place = tuple[Array, Array]  # means and deviations (cases, k)


def quotient(t: Term) -> bool:
    """Whether an average has a density outside of logarithms in it, so that what is averaged may grow faster than any polynomial."""
    return _bare(t.body, t.var)


def _bare(t: Term, x: Term) -> bool:
    if t.head == "Density":
        return t.args[1] == x
    return t.head != "Ln" and any(_bare(c, x) for _, c in t.children())


def places(ev: Evaluator, t: Term, frame: Frame, laws: tuple[Term, ...] = ()) -> list[Place]:
    """Where the densities of the variable that ``t`` binds have their weight; nothing where one of them is not normal."""
    found = [u.args[0] for u in subterms(t.body) if u.head == "Density" and u.args[1] == t.var]
    out: list[Place] = []
    for law in dict.fromkeys((*laws, *found)):
        here = _places(ev, law, frame)
        if not here:
            return []
        out += here
    return out


def _places(ev: Evaluator, law: Term, frame: Frame) -> list[Place]:
    if law.head == "Normal":
        mean, cov = (ev.value(a, frame) for a in law.args)
        if cov.ndim == 1:
            return [(mean.reshape(len(mean), -1), np.sqrt(cov)[:, None])]
        return [(mean.reshape(len(mean), -1), np.sqrt(np.diagonal(heads.matrix(cov), axis1=1, axis2=2)))]
    if law.head not in ("Sym", "Apply"):
        return []
    try:
        found, args = test_density(ev, law, frame)
    except BeyondReach:
        return []
    if found is None:
        return []
    if found.law is not None:
        return _places(ev, found.law, Frame(frame, {found.parameter.name: args[0]}) if found.parameter is not None else frame)
    if found.components is None or found.positive:
        return []
    return [(mean, deviation) for _, mean, deviation in found.components(args[0] if args else np.zeros((1, 1)))]


def placed(some: list[Place], cases: int, shape: tuple[int, ...]) -> tuple[Array, Array, int] | None:
    """Values (cases, n, …), weights (cases, n), and how many values an axis has; None where they would be too many."""
    k = int(np.prod(shape)) if shape else 1
    if not some or k > 2 or not all(np.isfinite(m).all() and np.isfinite(d).all() and (d > 0).all() for m, d in some):
        return None
    low = np.min([np.broadcast_to((m - REACH * d).min(0), (k,)) for m, d in some], axis=0)
    high = np.max([np.broadcast_to((m + REACH * d).max(0), (k,)) for m, d in some], axis=0)
    step = STEP * min(float(d.min()) for _, d in some)
    n = int(np.ceil((high - low).max() / step)) + 1
    n += n % 2
    if n > MOST[k - 1]:
        return None
    axes = [np.linspace(a, b, n) for a, b in zip(low, high, strict=True)]
    index = np.indices([n] * k).reshape(k, -1)
    x = np.stack([axis[i] for axis, i in zip(axes, index, strict=True)], axis=-1)
    w = np.full(len(x), float(np.prod([(a[1] - a[0]) for a in axes])))
    return np.broadcast_to(x.reshape(len(x), *shape), (cases, len(x), *shape)), np.broadcast_to(w, (cases, len(w))), n


def weighed(ev: Evaluator, body: Term, var: Term, frame: Frame, x: Array, w: Array) -> Array:
    """The terms of an integral: ``body`` at the values ``x`` of ``var`` (cases, n, …), each times its weight in ``w`` (cases, n)."""
    with np.errstate(all="ignore"):
        v = ev.value(body, frame.along(var.name, x.reshape(-1, *x.shape[2:]), w.shape[1]))
        v = np.broadcast_to(v, (w.size, *v.shape[1:])).reshape(*w.shape, *v.shape[1:])
        return v * w[(..., *(None,) * (v.ndim - 2))]


def summed(ev: Evaluator, body: Term, var: Term, frame: Frame, grid: tuple[Array, Array, int]) -> Array | None:
    """The integral of ``body`` on a grid that `placed` made; None where it does not settle."""
    x, w, n = grid
    terms = weighed(ev, body, var, frame, x, w)
    return terms.sum(axis=1) if settled(terms, n) else None


def settled(terms: Array, n: int) -> bool:
    """Whether half of the values give the same, and what the outermost add is nothing."""
    if not np.isfinite(terms).all():
        return False
    cases, count = terms.shape[:2]
    k = 1 if count == n else 2
    grid = terms.reshape(cases, *[n] * k, -1)
    size = abs(terms).sum(axis=1).max() + 1e-300
    checks = np.where(np.indices([n] * k).sum(axis=0) % 2, -1.0, 1.0)
    if abs(np.tensordot(grid, checks, axes=(tuple(range(1, k + 1)), tuple(range(k))))).max() > 1e-6 * size:
        return False
    return all(abs(np.take(grid, [0, -1], axis=a)).max() <= 1e-12 * size for a in range(1, k + 1))
