"""Values for what is not random: irregular numbers and arrays that satisfy what is given of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from derive.language.model import Symbol
from derive.referee.evaluate import Evaluator
from derive.referee.truth import everywhere, truth
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term, add, mul, neg, num, shape, subst, sym
from derive.terms.walk import heads, mask

Array = Any
IRREGULAR = (0.8, 1.3, 0.6, 1.7, 1.1, 2.3, 0.45, 1.9, 0.7, 1.45, 2.7, 0.35)
UNIT = (0.3, 0.6, 0.45, 0.8, 0.15, 0.7)
SMALL = (1, 2, 3, 5, 4, 8, 6, 10)
READABLE = (1, 2, -1, 3, 0.5, -2, 0.25, 4, 0)
RANDOM_HEADS = ("Expect", "Var", "Cov", "Prob", "Independent", "Iid", "Dist", "Theta", "BigO", "BigOmega")


def choose(world: World, symbols: list[Symbol], givens: tuple[Term, ...], variant: int, readable: bool) -> bool:
    """Put a value for every symbol into ``world``; False where none was found."""
    ev = Evaluator(world)
    free_names = {s.term.name for s in symbols}
    ours = [g for g in givens if not (world.depends(g) & world.memo["random"]) and not _random(g)]
    for k, s in enumerate(symbols):
        name = s.term.name
        free_names.discard(name)
        if name in world.values:
            continue
        relevant = [g for g in ours if name in world.depends(g) and not (world.depends(g) & free_names)]
        try:
            sizes = [ev.integer(d, ev.base) for d in s.term.sort.shape]
        except BeyondReach:
            return False
        found, nothing = False, None
        for v in chain(_said(ev, s.term, relevant, sizes), _candidates(sizes, s.integer, k, variant, readable, relevant)):
            if sizes and not v.any():
                nothing = v  # 0 satisfies many an equation, and shows little
                continue
            world.values[name] = v
            ev = Evaluator(world)
            if all(holds(ev, g) for g in relevant):
                found = True
                break
        if not found:
            found = _fitted(world, name, sizes, k, variant, relevant) if sizes else _solved(world, name, relevant)
            ev = Evaluator(world)
        if not found and sizes and 0 not in sizes:
            found = any(_scaled(world, s.term, relevant, b) for b in (irregular(sizes, k, variant), abs(irregular(sizes, k, variant))))
            ev = Evaluator(world)
        if not found and nothing is not None:
            world.values[name] = nothing
            ev = Evaluator(world)
            found = all(holds(ev, g) for g in relevant)
        if not found:
            return False
    return True


def _said(ev: Evaluator, x: Term, relevant: list[Term], sizes: list[int]) -> Iterator[Array]:
    """What an equation says that ``x`` is."""
    for g in relevant:
        for a, b in (g.args, g.args[::-1]) if g.head == "Eq" else ():
            if a == x and x.name not in ev.world.depends(b):
                try:
                    v = np.asarray(ev.value(b))
                except BeyondReach:
                    continue
                if v.shape == (1, *sizes):
                    yield v[0].astype(float)


def _random(t: Term) -> bool:
    from derive.terms import subterms

    return any(x.head in RANDOM_HEADS for x in subterms(t))


def holds(ev: Evaluator, g: Term, frame: Frame | None = None) -> bool:
    """Whether a given holds; what cannot be judged counts as holding, what is undefined as not."""
    from derive.referee.world import Undefined

    try:
        return everywhere(truth(ev, g, frame or ev.base))
    except Undefined:
        return False
    except BeyondReach:
        return True


def _candidates(sizes: list[int], integer: bool, k: int, variant: int, readable: bool, relevant: list[Term]
                ) -> Iterator[Array]:  # fmt: skip
    if integer:
        start = (variant + k) % 3
        yield from (np.array(float(v)) for v in (*SMALL[start:], *SMALL[:start], 0, -1, -2))
        return
    if not sizes:
        if readable:
            start = (2 * variant) % len(READABLE)
            yield from (np.array(float(v)) for v in READABLE[start:] + READABLE[:start])
        at = (5 * k + 3 * variant) % len(IRREGULAR)
        order = (*IRREGULAR[at:], *IRREGULAR[:at])
        signs = (1, -1) if (variant + k) % 2 == 0 or not relevant else (-1, 1)
        yield from (np.array(s * v) for v in order[:3] for s in signs)
        yield from (np.array(u) for u in UNIT[(k + variant) % 6 :] + UNIT[: (k + variant) % 6])
        yield from (np.array(s * v) for v in order[3:] for s in signs)
        yield from (np.array(float(v)) for v in (*SMALL, 0, -1, 20, 100))
        return
    yield from _arrays(sizes, k, variant, readable, relevant)


def irregular(sizes: list[int], k: int, variant: int) -> Array:
    """An array whose entries show no pattern, of both signs."""
    n = int(np.prod(sizes))
    at = np.arange(n) * 7 + 5 * k + 3 * variant
    values = np.array(IRREGULAR)[at % len(IRREGULAR)] + 0.013 * np.arange(n)
    signs = np.where((np.arange(n) * 5 + k + variant) % 3 == 1, -1.0, 1.0)
    return (values * signs).reshape(sizes)


def _arrays(sizes: list[int], k: int, variant: int, readable: bool, relevant: list[Term]) -> Iterator[Array]:
    if 0 in sizes:
        yield np.zeros(sizes)
        return
    if readable:
        n = int(np.prod(sizes))
        for start in range(4):
            yield np.resize(np.array([1.0, -1, 2, 3, -2][start % 5 :] + [1.0, 2, -1]), n).reshape(sizes)
        yield np.ones(sizes)
    a = irregular(sizes, k, variant)
    yield a
    yield abs(a)
    if not relevant:
        return
    for b in (a, abs(a)):
        size = float(np.sqrt((b * b).sum()))
        yield b / size  # of norm 1
        yield b / size * np.sqrt(b.size)  # of RMS 1
        yield b / abs(b).sum()  # a probability vector, or of 1-norm 1
        yield b / abs(b).max()
        yield b - b.mean()
    if len(sizes) == 2 and sizes[0] == sizes[1]:
        yield (a + a.T) / 2
        yield a @ a.T / sizes[0] + 0.4 * np.eye(sizes[0])
        q = np.linalg.qr(a + 2.5 * np.eye(sizes[0]))[0]
        yield q
        yield np.diag(np.diag(abs(a)))
        yield np.eye(sizes[0])
        p = q[:, :1] @ q[:, :1].T
        yield p
    if len(sizes) == 2:
        yield np.linalg.qr(a)[0] if sizes[0] >= sizes[1] else np.linalg.qr(a.T)[0].T
        yield np.outer(a[:, 0], a[0])
    if len(sizes) == 3:
        yield np.stack([np.linalg.qr(m + 2.5 * np.eye(*m.shape))[0] if m.shape[0] == m.shape[1] else m for m in a])
        if sizes[1] == sizes[2]:
            yield np.stack([m @ m.T / sizes[1] + 0.4 * np.eye(sizes[1]) for m in a])
    yield np.zeros(sizes)
    yield np.ones(sizes)


def _fitted(world: World, name: str, sizes: list[int], k: int, variant: int, relevant: list[Term]) -> bool:
    """An array moved by Newton's steps until every equation given of it holds."""
    import numpy as np

    gaps = [add(g.args[0], neg(g.args[1])) for g in relevant if g.head == "Eq" and not shape(g.args[0])]
    if not gaps or 0 in sizes:
        return False

    def at(v: Array) -> Array:
        world.values[name] = v
        ev = Evaluator(world)
        return np.array([ev.number(g) for g in gaps])

    v = irregular(sizes, k, variant)
    try:
        for _ in range(40):
            gap = at(v)
            if abs(gap).max() < 1e-14:
                break
            step = 1e-6
            slope = np.stack([(at(v + step * e) - at(v - step * e)) / (2 * step)
                              for e in np.eye(v.size).reshape(-1, *sizes)], axis=1)  # fmt: skip
            v = v - (np.linalg.pinv(slope) @ gap).reshape(sizes)
        at(v)
    except (BeyondReach, np.linalg.LinAlgError):
        return False
    ev = Evaluator(world)
    return all(holds(ev, g) for g in relevant)


def _solved(world: World, name: str, relevant: list[Term]) -> bool:
    """The value of one number from an equation given of it."""
    for g in relevant:
        if g.head == "Eq":
            root = solve_for(Evaluator(world), name, add(g.args[0], neg(g.args[1])))
            if root is not None:
                world.values[name] = np.array(root)
                ev = Evaluator(world)
                if all(holds(ev, other) for other in relevant):
                    return True
    return False


def _scaled(world: World, x: Term, relevant: list[Term], direction: Array) -> bool:
    """The multiple of an array of which an equation holds (its length is 3)."""
    t = sym("multiple'")
    for g in relevant:
        if g.head == "Eq":
            world.values[x.name] = direction
            root = solve_for(Evaluator(world), t.name, subst(add(g.args[0], neg(g.args[1])), {x: mul(t, x)}))
            if root:
                world.values[x.name] = root * direction
                ev = Evaluator(world)
                if all(holds(ev, other) for other in relevant):
                    return True
    return False


TRIED = (-6.0, -2.0, -1.0, -0.3, 0.0, 0.01, 0.05, 0.2, 0.35, 0.5, 0.8, 1.0, 1.3, 2.0, 3.0, 5.0, 10.0, 40.0)
DEAR = mask("ExpectOver", "ProbOver", "Integral")  # every value of these costs a quadrature
SECANTS = 10
PARTS = 600  # of an interval with a root, in each of which the sign is looked up


def solve_for(ev: Evaluator, name: str, gap: Term, tried: tuple[float, ...] = TRIED) -> float | None:
    """A value of ``name`` at which ``gap`` is 0: between two (of ``tried``, in order) where it has opposite signs."""
    if heads(gap) & DEAR:
        return _by_secants(ev, name, gap)
    x = np.array(tried)
    f = _along(ev, name, gap, x)
    if (f == 0).any():
        return float(x[np.argmax(f == 0)])
    known = np.isfinite(f)
    x, f = x[known], f[known]
    for k in np.flatnonzero(f[1:] * f[:-1] < 0):
        root = _between(ev, name, gap, float(x[k]), float(x[k + 1]))
        if root is not None:
            return root
    return None


def _by_secants(ev: Evaluator, name: str, gap: Term) -> float | None:
    """A root by few values: at once where ``gap`` is affine, in a few steps where it is smooth; else none."""
    a, b = 0.35, 1.3
    f, g = _along(ev, name, gap, np.array([a, b]))
    large = max(abs(f), abs(g))
    for _ in range(SECANTS):
        if not np.isfinite(f) or not np.isfinite(g) or abs(g) <= 1e-13 * large or f == g:
            break
        a, b, f = b, b - g * (b - a) / (g - f), g
        (g,) = _along(ev, name, gap, np.array([b]))
    return b if np.isfinite(g) and abs(g) <= 1e-9 * large and large > 0 else None


def _between(ev: Evaluator, name: str, gap: Term, a: float, b: float) -> float | None:
    """The root in an interval, narrowed down as far as numbers go; None where the sign changes at a pole."""
    x = np.linspace(a, b, PARTS + 1)
    f = _together(ev, name, gap, x)
    if f is None:
        return _slowly(ev, name, gap, a, b)
    large = max(abs(f[0]), abs(f[-1]))
    while np.isfinite(f).all():
        if (f == 0).any():
            return float(x[np.argmax(f == 0)])
        change = np.flatnonzero(f[1:] * f[:-1] < 0)
        if not len(change) or x[1] - x[0] < 1e-15 * max(abs(a), abs(b)):
            k = int(np.argmin(abs(f)))
            return float(x[k]) if abs(f[k]) <= 1e-6 * large else None
        k = change[0]
        a, b = float(x[k]), float(x[k + 1])
        rise = np.diff(f[max(k - 1, 0) : k + 3])
        if abs(rise - rise.mean()).max() < 1e-3 * abs(rise.mean()):  # straight enough that its chord finds the root
            slope = (f[k + 1] - f[k]) / (b - a)
            root = b - f[k + 1] / slope
            (left,) = _along(ev, name, gap, np.array([root]))
            if abs(left) <= 1e-13 * abs(slope * root):
                return float(root)
        x = np.linspace(a, b, PARTS + 1)
        f = _along(ev, name, gap, x)
    return None


def _slowly(ev: Evaluator, name: str, gap: Term, a: float, b: float) -> float | None:
    """The same where one value at a time can be had, each of them dear: by secants that keep the root between (Illinois)."""
    f, g = _along(ev, name, gap, np.array([a, b]))
    large = max(abs(f), abs(g))
    for _ in range(60):
        c = b - g * (b - a) / (g - f)
        (h,) = _along(ev, name, gap, np.array([c]))
        if not np.isfinite(h):
            return None
        if abs(h) <= 1e-13 * large or abs(b - a) < 1e-15 * max(abs(a), abs(b)):
            return c
        if (h < 0) != (g < 0):
            a, f = b, g
        else:
            f /= 2
        b, g = c, h
    return b if abs(g) <= 1e-6 * large else None


def _together(ev: Evaluator, name: str, gap: Term, x: Array) -> Array | None:
    """The values along all of ``x`` at once, where that can be."""
    try:
        v = ev.value(gap, Frame(ev.base, {name: x}, len(x)))
    except BeyondReach:
        return None
    return np.broadcast_to(v.reshape(-1), x.shape) if v.size in (1, len(x)) else None


def _along(ev: Evaluator, name: str, gap: Term, x: Array) -> Array:
    """The values of a number along values of ``name``; not a number where it has none."""
    v = _together(ev, name, gap, x)
    if v is not None:
        return v
    out = np.full(x.shape, np.nan)
    for k in range(len(x)):
        try:
            out[k] = ev.number(gap, Frame(ev.base, {name: x[k : k + 1]}))
        except BeyondReach:
            continue
    return out


__all__ = ["choose", "holds", "irregular", "solve_for", "num"]
