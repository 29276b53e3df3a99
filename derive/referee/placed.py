"""Grids that are placed where the densities in a term have their weight: for integrals of densities, and averages of their ratios.

The rule of one law serves what grows like a polynomial. A quotient of two densities grows faster, and a narrow density lies between
the values that were chosen for another place; here the values lie in the reach of all of them, as close as the narrowest asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee import heads
from derive.referee.differences import around, centre
from derive.referee.evaluate import MAX_CASES
from derive.referee.weights import test_density
from derive.referee.world import BeyondReach, Frame
from derive.terms import Term, subterms

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
REACH = 8.0  # deviations on both sides of a mean
STEPS = (0.55, 0.4)  # of the smallest deviation: the second where products and quotients of densities are narrower than they
MOST = (4_000, 220)  # values on an axis: on one axis, on each of two
Place = tuple[Array, Array]  # means and deviations (cases, k)


def quotient(t: Term) -> bool:
    """Whether an average has a density outside of logarithms in it, so that what is averaged may grow faster than any polynomial."""
    return _bare(t.body, t.var)


def _bare(t: Term, x: Term) -> bool:
    if t.head == "Density":
        return t.args[1] == x
    return t.head != "Ln" and any(_bare(c, x) for _, c in t.children())


@dataclass(frozen=True)
class Placed:
    """The values of a variable of integration, the same for all cases.

    x : (n, …). cell : the weight of each of them. counts : how many an axis has; their product is n.
    """

    x: Array
    cell: float
    counts: tuple[int, ...]

    @cached_property
    def checks(self) -> Array:
        """1 and -1 by turns along every axis."""
        return np.where(np.indices(self.counts).sum(axis=0).ravel() % 2, -1.0, 1.0)

    @cached_property
    def ends(self) -> Array:
        """Which of the values are outermost."""
        index = np.indices(self.counts).reshape(len(self.counts), -1)
        last = np.array(self.counts)[:, None] - 1
        return np.flatnonzero(((index == 0) | (index == last)).any(axis=0))


def integral(ev: Evaluator, t: Term, body: Term, frame: Frame, laws: tuple[Term, ...] = ()) -> Array | None:
    """The integral of ``body`` over what ``t`` binds, where the densities in ``t`` (and ``laws``) have their weight; None where one of
    them is not normal, the values would be too many, or the sum does not settle on the finest grid."""
    here, outside, levels = centre(ev, frame)
    shape = tuple(ev.integer(d, frame) for d in t.var.sort.shape)
    for step in STEPS:
        k = ("placed", shape, step, *(ev.key(law) for law in _laws(t, laws)))
        if k not in here.spread:
            here.spread[k] = _placed(places(ev, t, here, laws), shape, step)
        grid: Placed | None = here.spread[k]
        if grid is None or len(grid.x) * frame.batch > MAX_CASES:
            return None
        got = _summed(ev, body, t.var, outside, grid, levels)
        if got is not None:
            return got
    return None


def places(ev: Evaluator, t: Term, frame: Frame, laws: tuple[Term, ...] = ()) -> list[Place]:
    """Where the densities of the variable that ``t`` binds have their weight; nothing where one of them is not normal."""
    out: list[Place] = []
    for law in _laws(t, laws):
        here = _places(ev, law, frame)
        if not here:
            return []
        out += here
    return out


def _laws(t: Term, more: tuple[Term, ...]) -> tuple[Term, ...]:
    found = (u.args[0] for u in subterms(t.body) if u.head == "Density" and u.args[1] == t.var)
    return tuple(dict.fromkeys((*more, *found)))


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


def _placed(some: list[Place], shape: tuple[int, ...], step: float) -> Placed | None:
    k = int(np.prod(shape)) if shape else 1
    if not some or k > 2 or not all(np.isfinite(m).all() and np.isfinite(d).all() and (d > 0).all() for m, d in some):
        return None
    low = np.min([np.broadcast_to((m - REACH * d).min(0), (k,)) for m, d in some], axis=0)
    high = np.max([np.broadcast_to((m + REACH * d).max(0), (k,)) for m, d in some], axis=0)
    least = np.min([np.broadcast_to(d.min(0), (k,)) for _, d in some], axis=0)
    counts = tuple(2 * int(np.ceil((b - a) / (2 * step * d)) + 1) for a, b, d in zip(low, high, least, strict=True))
    if max(counts) > MOST[k - 1]:
        return None
    axes = [np.linspace(a, b, n) for a, b, n in zip(low, high, counts, strict=True)]
    x = np.stack([x.ravel() for x in np.meshgrid(*axes, indexing="ij")], axis=-1)
    return Placed(x.reshape(len(x), *shape), float(np.prod([a[1] - a[0] for a in axes])), counts)


def _summed(ev: Evaluator, body: Term, var: Term, frame: Frame, grid: Placed, levels: Sequence[Frame]) -> Array | None:
    """The integral of ``body`` on a grid; None where it does not settle.

    With ``levels``, frames of differences that stand in ``frame``, for each of their points: (cases times points, …).
    """
    cases, n = frame.batch, len(grid.x)
    x = np.broadcast_to(grid.x, (cases, *grid.x.shape)).reshape(-1, *grid.x.shape[1:])
    inner = frame.along(var.name, x, n)
    if levels:
        inner = around(inner, cases, list(levels), n)
    with np.errstate(all="ignore"):
        v = ev.value(body, inner)
    terms = np.broadcast_to(v, (inner.batch, *v.shape[1:])).reshape(cases, n, -1)
    total = np.ones(n) @ terms  # (cases, points and entries)
    if not _settled(terms, total, grid):
        return None
    return (total * grid.cell).reshape(-1, *v.shape[1:])


def _settled(terms: Array, total: Array, grid: Placed) -> bool:
    """Whether half of the values give the same, and what the outermost add is nothing.

    Of something smooth, the error that half of the values make is at least about the root of that of all of them.
    """
    if not np.isfinite(total).all():
        return False
    size = (np.ones(len(grid.x)) @ abs(terms)).max() + 1e-300
    return abs(grid.checks @ terms).max() <= 1e-5 * size and abs(terms[:, grid.ends]).max() <= 1e-10 * size
