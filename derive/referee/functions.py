"""Concrete functions and densities to stand for declared ones: smooth, and with no property that was not asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from derive.referee.fixed import holds
from derive.referee.laws import FINE
from derive.referee.world import TestDensity, TestFunction, World
from derive.terms import Term, is_num

Array = Any


def _flat(args: tuple[Array, ...], takes: tuple[tuple[int, ...], ...]) -> Array:
    """All arguments side by side: (…, total entries)."""
    cases = max(len(a) for a in args)
    parts = [np.broadcast_to(a.reshape(len(a), -1) if t else a.reshape(len(a), 1), (cases, _count(t)))
             for a, t in zip(args, takes, strict=True)]  # fmt: skip
    return np.concatenate(parts, axis=1)


def _count(sizes: tuple[int, ...]) -> int:
    out = 1
    for s in sizes:
        out *= s
    return out


def _made(outer: Callable[[Array], Array], takes: tuple[tuple[int, ...], ...], gives: tuple[int, ...], seed: int
          ) -> Callable[..., Array]:  # fmt: skip
    """``outer`` of an irregular combination of the arguments, for each entry of the value."""
    n, m = sum(_count(t) for t in takes), _count(gives)
    coefficients = 0.35 + 0.6 * np.abs(np.sin(1.7 * np.arange(1, n * m + 1) + seed)).reshape(n, m)
    coefficients *= np.where((np.arange(n * m).reshape(n, m) + seed) % 3 == 1, -1.0, 1.0)
    shifts = 0.2 + 0.1 * np.arange(m)

    def f(*args: Array) -> Array:
        if takes == ((),) and not gives:  # a function of numbers applies entry by entry
            return outer(coefficients[0, 0] * args[0] + shifts[0])
        out = outer(_flat(args, takes) @ coefficients + shifts)
        return out.reshape(len(out), *gives)

    return f


def _entrywise(f: Callable[[Array], Array]) -> Callable[..., Array]:
    return lambda x: f(x)


def function_candidates(takes: tuple[tuple[int, ...], ...], gives: tuple[int, ...], variant: int, kind: str = ""
                        ) -> Iterator[TestFunction]:  # fmt: skip
    """Functions to try, most general first; ``kind``: such as can be integrated, or depend on a direction alone."""
    seed = variant
    if kind == "decaying":
        decay = _damped(_made(lambda u: 0.3 + u - 0.4 * u * u, takes, gives, seed), takes, gives)
        yield TestFunction(decay, FINE, "a quadratic polynomial times exp(-|x|^2)")
        for words, damped in (("x exp(-x^2)", lambda x: x), ("exp(-x^2)", lambda x: 1 + 0 * x)):
            if takes == ((),) and not gives:
                yield TestFunction(_damped(damped, takes, gives), FINE, words)
    if kind == "direction":
        yield TestFunction(_made_of_direction(takes, gives, seed), FINE, "a quadratic polynomial of x/|x|")
    quadratic = TestFunction(_made(lambda u: 0.3 + u - 0.4 * u * u, takes, gives, seed), 2, "a quadratic polynomial")
    cubic = TestFunction(_made(lambda u: 0.3 + u - 0.4 * u * u + 0.15 * u**3, takes, gives, seed), 3, "a cubic polynomial")
    smooth = TestFunction(_made(lambda u: np.sin(u) + 0.3 * u * u, takes, gives, seed), FINE, "sin with a quadratic")
    order = (cubic, quadratic, smooth)
    yield from order[variant % 3 :] if sum(_count(t) for t in takes) < 3 else order[:2]
    yield from order
    if takes == ((),) and not gives:
        for words, degree, f in _ONE:
            yield TestFunction(_entrywise(f), degree, words)
    positive = TestFunction(_made(lambda u: 0.6 + u * u, takes, gives, seed), 2, "a positive quadratic polynomial")
    yield positive
    yield TestFunction(_made(lambda u: u, takes, gives, seed), 1, "an affine function")
    yield TestFunction(_made(lambda u: 0.5 + 0 * u, takes, gives, seed), 0, "a constant")


def _damped(f: Callable[..., Array], takes: tuple[tuple[int, ...], ...], gives: tuple[int, ...]) -> Callable[..., Array]:
    def g(*args: Array) -> Array:
        if takes == ((),) and not gives:
            return f(*args) * np.exp(-args[0] ** 2)
        square = (_flat(args, takes) ** 2).sum(axis=1)
        return f(*args) * np.exp(-square).reshape(-1, *(1,) * len(gives))

    return g


def _made_of_direction(takes: tuple[tuple[int, ...], ...], gives: tuple[int, ...], seed: int) -> Callable[..., Array]:
    f = _made(lambda u: 0.3 + u - 0.4 * u * u, takes, gives, seed)

    def g(*args: Array) -> Array:
        norm = np.sqrt((_flat(args, takes) ** 2).sum(axis=1))
        return f(*(a / norm.reshape(-1, *(1,) * (a.ndim - 1)) for a in args))

    return g


def _np(name: str) -> Callable[[Array], Array]:
    def f(x: Array) -> Array:
        return getattr(np, name)(x)

    return f


_ONE: tuple[tuple[str, float, Callable[[Array], Array]], ...] = (
    ("tanh", FINE, _np("tanh")),
    ("t/2 + sin(t)/3", FINE, lambda x: x / 2 + _np("sin")(x) / 3),
    ("ReLU", FINE, lambda x: x * (x > 0)),
    ("sin", FINE, _np("sin")),
    ("exp", FINE, _np("exp")),
    ("t^3 + t", 3, lambda x: x**3 + x),
    ("t^2", 2, lambda x: x * x),
    ("|t|", FINE, lambda x: abs(x)),
    ("t/2", 1, lambda x: x / 2),
    ("t", 1, lambda x: x),
    ("t + 1", 1, lambda x: x + 1),
    ("t/2 + 1", 1, lambda x: x / 2 + 1),
    ("sigmoid", FINE, lambda x: (1 + _np("tanh")(x / 2)) / 2),
    ("0", 0, lambda x: 0 * x),
)


def put_functions(world: World, symbols: list[Term], givens: tuple[Term, ...], sizes: Any, variant: int, kind: str = ""
                  ) -> bool:  # fmt: skip
    """A concrete function for every declared one, satisfying what is given of it."""
    from derive.referee.evaluate import Evaluator

    for k, f in enumerate(symbols):
        takes = tuple(tuple(sizes(d) for d in s) for s in f.sort.takes or ())
        gives = tuple(sizes(d) for d in f.sort.shape)
        others = {g.name for g in symbols[k + 1 :]}
        relevant = [g for g in givens if f.name in world.depends(g) and not world.depends(g) & (others | world.memo["random"])]
        for candidate in function_candidates(takes, gives, variant + k, kind):
            world.functions[f.name] = candidate
            if all(holds(Evaluator(world), g) for g in relevant):
                break
        else:
            return False
    return True


# -- densities


def normal_mixture(n: int, p: int, variant: int, positive: bool) -> TestDensity:
    """Two normal components (their logarithm's, where positive) whose means and deviations move with the parameter."""
    n, p = max(n, 1), max(p, 1)
    a = 0.4 + 0.3 * np.sin(1.3 * np.arange(1, n * p + 1) + variant).reshape(p, n)
    b = 0.15 * np.cos(2.1 * np.arange(1, n * p + 1) + variant).reshape(p, n)
    shift = 0.2 * np.arange(1, n + 1) - 0.1
    scale = 0.5 if positive else 1.0

    def components(theta: Array) -> list[tuple[float, Array, Array]]:
        t = theta.reshape(len(theta), -1)
        mean, dev = t @ a + shift, np.exp(np.clip(t @ b, -3, 3))
        return [(0.65, scale * mean, scale * dev), (0.35, scale * (mean - 0.9), 0.8 * scale * dev)]

    return TestDensity(components=components, positive=positive)


def mass(p: int, variant: int, values: Array) -> TestDensity:
    """A mass function on some values whose weights move with the parameter."""
    p, n = max(p, 1), len(values)
    tilt = np.sin(1.9 * np.arange(1, n * p + 1) + variant).reshape(p, n)

    def weights(theta: Array) -> Array:
        e = np.exp(theta.reshape(len(theta), -1) @ tilt + 0.3 * np.arange(n))
        return e / e.sum(-1, keepdims=True)

    return TestDensity(points=(values, weights))


def _values(limits: tuple[Term, ...] | None, sizes: Any) -> Array:
    """What a mass function is positive at: a range of whole numbers, or 0, 1, 2, 3 where the text says nothing."""
    return np.arange(4.0) if limits is None else np.arange(float(sizes(limits[0])), float(sizes(limits[1])) + 1)


def put_densities(world: World, symbols: list[Term], givens: tuple[Term, ...], sizes: Any, variant: int) -> None:
    """A concrete density for every declared one that the document does not define by a formula of its own."""
    named = {}
    for d in world.definitions.values():  # by the formula of a named law
        if d.law is not None and d.law.head not in ("Sym", "Apply") and len(d.params) < 3:
            named[d.symbol.name] = (d.law, d.params[0] if len(d.params) == 2 else None)
    for g in givens:
        if g.head == "Eq" and g.args[0].head in ("Sym", "Apply"):
            s = g.args[0].args[0] if g.args[0].head == "Apply" else g.args[0]
            named[s.name] = (g.args[1], g.args[0].args[1] if g.args[0].head == "Apply" else None)
    masses = {g.args[0].name for g in givens if g.head == "Mass"}
    ranges = {g.args[0].name: g.args[1].args for g in givens if g.head == "Domain" and g.args[-1].head == "IndexRange" and len(g.args) == 2}
    inside = {g.args[0].name: g.args[-1].args for g in givens if g.head == "Domain" and g.args[-1].head == "Interval"}
    positive = {n for n, ends in inside.items() if is_num(ends[0], 0) and ends[1].head == "Infinity"}
    for p in symbols:
        if p.name in named and p.name not in world.densities:
            world.densities[p.name] = TestDensity(law=named[p.name][0], parameter=named[p.name][1])
            continue
        if p.name in world.definitions or p.name in world.densities or (p.name in inside and p.name not in positive):
            continue  # nothing here stands for a density on a bounded interval
        n = _count(tuple(sizes(d) for d in p.sort.shape))
        taken = _count(tuple(sizes(d) for d in p.sort.takes[0])) if p.sort.takes else 0
        world.densities[p.name] = (
            mass(taken, variant, _values(ranges.get(p.name), sizes)) if p.name in masses or p.name in ranges else normal_mixture(n, taken, variant, p.name in positive)
        )
    world.dependence.clear()


def put_pushforwards(world: World, givens: tuple[Term, ...], sizes: Any, variant: int) -> bool:
    """Where a given says that g(z, θ) has the law p_θ when z has the law p: all three, made to fit."""
    for g in givens:
        if not (g.head == "ForAll" and g.body.head == "Implies" and g.body.args[0].head == "Dist"):
            continue
        base, claim = g.body.args[0].args[1], g.body.args[1]
        if claim.head != "Dist" or claim.args[0].head != "Apply" or claim.args[0].args[0].head != "Sym":
            continue
        f, arguments, target = claim.args[0].args[0], claim.args[0].args[1:], claim.args[1]
        if f.name not in world.functions or f.name in world.definitions:
            continue
        takes = tuple(tuple(sizes(d) for d in s) for s in f.sort.takes or ())
        symbol = target.args[0] if target.head == "Apply" else target
        n = _count(tuple(sizes(d) for d in f.sort.shape))
        m = _count(takes[0])
        p = sum(_count(t) for t in takes[1:])
        if arguments[0] != g.var or base.head != "Sym" or symbol.head != "Sym" or m != n:
            return False
        made = normal_mixture(n, p, variant, False).components
        assert made is not None
        gives = tuple(sizes(d) for d in f.sort.shape)

        def move(z: Array, *theta: Array, made: Any = made, gives: Any = gives) -> Array:
            t = np.concatenate([x.reshape(len(x), -1) for x in theta], axis=1) if theta else np.zeros((1, 1))
            _, mean, dev = made(t)[0]
            out = mean + dev * z.reshape(len(z), -1)
            return out.reshape(len(out), *gives)

        def one(theta: Array, made: Any = made) -> list[tuple[float, Array, Array]]:
            _, mean, dev = made(theta)[0]
            return [(1.0, mean, dev)]

        world.functions[f.name] = TestFunction(move, FINE, "a shift and scaling of z")
        world.densities[symbol.name] = TestDensity(components=one)
        def standard(theta: Any, n: int = n) -> list[tuple[float, Any, Any]]:
            return [(1.0, np.zeros((1, n)), np.ones((1, n)))]

        world.densities[base.name] = TestDensity(components=standard)
    return True
