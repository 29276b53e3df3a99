"""The value of a term in a world, by numbers only: none of the rules is used here.

Averages are sums over the finitely many values that stand for each law (`chance`), derivatives are differences
(`differences`), integrals quadrature (`calculus`), truth values are comparisons (`truth`). What cannot be had so raises `BeyondReach`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import e, inf, pi
from typing import Any

import numpy as np

from derive.referee import heads
from derive.referee.laws import Need
from derive.referee.world import AVERAGES, BeyondReach, Frame, Plan, Undefined, World
from derive.terms import Term
from derive.terms.walk import heads as heads_of

Array = Any
DEFAULT = Need(4)
MAX_TERMS = 4000
MAX_CASES = 400_000  # values held at once


class Evaluator:
    """Values in one world, with one choice of values for each law."""

    def __init__(self, world: World, plan: Plan | None = None, base: Frame | None = None) -> None:
        """``base``: a frame that evaluators with other plans use too; what depends on no plan is worked out once for all of them."""
        self.world, self.plan = world, dict(plan or {})
        self.unplanned: set[str] = set()
        self.base = base or Frame(None, {})
        self.plain = world.plain
        self.keys: dict[Term, Any] = {}  # under which the frames keep an average
        self.grids: dict[Any, Any] = {}
        self.solutions: dict[tuple[str, Term], float | None] = {}  # of equations, in one unknown
        self.work = 0  # how many numbers have been worked out
        self.limit = inf  # and how many may be
        self.drawn: Any = None  # a `grids.Grid` of draws, used for every average where sizes are large

    def need(self, name: str) -> Need:
        """What the values that stand for a law must be exact for."""
        got = self.plan.get(name)
        if got is None:
            self.unplanned.add(name)
            return DEFAULT
        return got

    def takes(self, needs: Plan) -> bool:
        """Whether these needs are met; names not yet met are taken in."""
        if any(self.plan.get(n, need) != need or n in self.unplanned for n, need in needs.items()):
            return False
        self.plan.update(needs)
        return True

    # -- the way in
    def value(self, t: Term, frame: Frame | None = None) -> Array:
        """The value of ``t``: an array with a leading axis of cases."""
        here = frame or self.base
        k = t if t in self.plain else self.key(t)
        v = here.memo.get(k)
        if v is None:
            at, repeat = self._place(t, here)
            v = at.memo.get(k) if at is not here else None
            if v is None:
                v = at.memo[k] = self._compute(t, at)
                self.spent(v.size)
            if at is not here:
                if repeat > 1 and len(v) > 1:
                    v = np.repeat(v, repeat, axis=0)
                here.memo[k] = v
        return v

    def spent(self, numbers: int) -> None:
        """Count numbers that were worked out.

        Raises
        ------
        BeyondReach
            They are more than may be.
        """
        self.work += numbers
        if self.work > self.limit:
            raise BeyondReach("more numbers than a line is given in one world")

    def key(self, t: Term) -> Any:
        """What a frame keeps the value of ``t`` under: of an average, this evaluator's own, for the plan is in it."""
        if t in self.plain:
            return t
        got = self.keys.get(t)
        if got is None:
            if not heads_of(t) & AVERAGES and self.world.averaging.isdisjoint(self.world.depends(t)):
                self.plain.add(t)
                return t
            got = self.keys[t] = (t, self)
        return got

    def _place(self, t: Term, frame: Frame) -> tuple[Frame, int]:
        """The outermost frame in which ``t`` has its value, and how many cases here stand for one there."""
        repeat = 1
        if frame.parent is not None:
            names = self.world.depends(t)
            while (outer := frame.parent) is not None:
                if not frame.index:
                    if not names.isdisjoint(frame.names):
                        break
                    repeat *= frame.repeat
                    frame = outer
                    continue
                mine = tuple([p for p in frame.index if p[0] in names])
                if not mine:
                    frame = outer
                elif outer.parent is not None and not outer.index and names.isdisjoint(outer.names):
                    repeat *= outer.repeat  # the indices matter, and what they stand in does not
                    further = outer.parent
                    frame = further.within(dict(mine))
                else:
                    if len(mine) < len(frame.index):
                        frame = outer.indexed(mine)
                    break
        return frame, repeat

    def number(self, t: Term, frame: Frame | None = None) -> float:
        """The value of a number that is the same in all cases."""
        v = self.value(t, frame)
        if v.size != 1:
            raise BeyondReach("a number that varies stands where a fixed one is needed")
        return float(v.item())

    def integer(self, t: Term, frame: Frame) -> int:
        if t.head == "Num":
            n = t.value
            if n.denominator != 1:
                raise Undefined("an index or size that is no integer")
            return n.numerator
        if t.head == "Sym" and (found := frame.lookup(t.name)) is not None and isinstance(found[0], int):
            return found[0]
        v = self.number(t, frame)
        if not abs(v) < inf or abs(v - round(v)) > 1e-9:
            raise Undefined("an index or size that is no integer")
        return round(v)

    # -- one node
    def _compute(self, t: Term, frame: Frame) -> Array:
        h = t.head
        special = _SPECIAL.get(h)
        if special is None:
            unary = heads.UNARY.get(h)
            if unary is not None:
                return unary(self.value(t.args[0], frame))
            self._load()
            special = _SPECIAL.get(h)
            if special is None:
                raise BeyondReach(f"there is no way to evaluate {h}")
        return special(self, t, frame)

    @staticmethod
    def _load() -> None:
        """The heads of the other modules of the evaluator, which import this one."""
        from derive.referee import calculus, chance, counts, differences, truth

        for module in (calculus, chance, counts, differences, truth):
            _SPECIAL.update(module.HEADS)

    def _symbol(self, t: Term, frame: Frame) -> Array:
        name = t.name
        found = frame.lookup(name)
        if found is not None:
            v, where = found
            if isinstance(v, int):
                return np.array([float(v)])
            return v if where is frame or len(v) == 1 else np.repeat(v, frame.batch // where.batch, axis=0)
        d = self.world.definitions.get(name)
        if d is not None:
            if d.index:
                return self._by_entries(d.body, d.index, self.sizes(t, frame), frame)
            return self.value(d.body, frame)
        fixed = self.world.values.get(name)
        if fixed is not None:
            return np.asarray(fixed, float)[None]
        if name in self.world.sources:
            raise BeyondReach("something random stands where nothing is averaged")
        raise BeyondReach(f"nothing stands for {name} in this world")

    def sizes(self, t: Term, frame: Frame) -> list[int]:
        return [self.integer(d, frame) for d in t.sort.shape]

    def _by_entries(self, body: Term, index: tuple[Term, ...], sizes: list[int], frame: Frame) -> Array:
        """An array defined by its entries."""
        if not index:
            return self.value(body, frame)
        rows = [
            self._by_entries(body, index[1:], sizes[1:], frame.step(index[0].name, k)) for k in range(1, sizes[0] + 1)
        ]
        if not rows:
            return np.zeros((1, *sizes))
        cases = max(len(r) for r in rows)
        return np.stack([np.broadcast_to(r, (cases, *r.shape[1:])) for r in rows], axis=1)

    def range(self, t: Term, frame: Frame) -> list[int]:
        """The indices that a sum or product runs over."""
        lo, hi = (self.integer(d, frame) for d in t.domain[:2])
        if hi - lo >= MAX_TERMS:
            raise BeyondReach("too many terms to add")
        out = {self.integer(d, frame) for d in t.domain[2:]}
        return [k for k in range(lo, hi + 1) if k not in out]


# -- heads


def _add(ev: Evaluator, t: Term, frame: Frame) -> Array:
    out = ev.value(t.args[0], frame)
    for a in t.args[1:]:
        out = heads.add(out, ev.value(a, frame))
    return out


def _mul(ev: Evaluator, t: Term, frame: Frame) -> Array:
    out = ev.value(t.args[0], frame)
    for a in t.args[1:]:
        out = heads.mul(out, ev.value(a, frame))
    return out


def _hadamard(ev: Evaluator, t: Term, frame: Frame) -> Array:
    out = ev.value(t.args[0], frame)
    for a in t.args[1:]:
        out = out * ev.value(a, frame)
    return out


def _power(ev: Evaluator, t: Term, frame: Frame) -> Array:
    base, exponent = t.args
    return heads.power(ev.value(base, frame), ev.value(exponent, frame))


def _at(ev: Evaluator, t: Term, frame: Frame) -> Array:
    array = t.args[0]
    d = ev.world.definitions.get(array.name) if array.head == "Sym" else None
    if d is not None and d.index and len(d.index) == len(t.args) - 1 and frame.lookup(array.name) is None:
        size = ev.sizes(array, frame)
        index = [ev.integer(i, frame) for i in t.args[1:]]
        if any(not 1 <= k <= n for k, n in zip(index, size, strict=False)):
            raise Undefined("an index outside its range")
        return ev.value(d.body, frame.within({i.name: k for i, k in zip(d.index, index, strict=True)}))
    v = ev.value(array, frame)
    if v.ndim == 1 and all(ev.integer(i, frame) == 1 for i in t.args[1:]):
        return v
    if len(t.args) == 2 and v.ndim >= 2 and (drawn := _drawn_index(ev, t.args[1], frame)) is not None:
        if not (1 <= drawn.min() and drawn.max() <= v.shape[1]):
            raise Undefined("an index outside its range")
        v, drawn = np.broadcast_to(v, (max(len(v), len(drawn)), *v.shape[1:])), np.broadcast_to(drawn, max(len(v), len(drawn)))
        return v[np.arange(len(v)), drawn - 1]
    index = [ev.integer(i, frame) for i in t.args[1:]]
    if v.ndim <= len(index) or not all(1 <= k <= n for k, n in zip(index, v.shape[1:], strict=False)):
        raise Undefined("an index outside its range")
    return v[(slice(None), *(k - 1 for k in index))]


def _drawn_index(ev: Evaluator, i: Term, frame: Frame) -> Array | None:
    """The values of an index that is drawn; None for one that is the same in every case."""
    if i.head != "Sym" or (found := frame.lookup(i.name)) is None or isinstance(found[0], int):
        return None
    k = ev.value(i, frame)
    if k.ndim != 1 or len(k) < 2:
        return None
    if not np.isfinite(k).all() or (abs(k - k.round()) > 1e-9).any():
        raise Undefined("an index that is no integer")
    return k.round().astype(int)


def _matmul(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return heads.matmul([ev.value(a, frame) for a in t.args])


def _dot(ev: Evaluator, t: Term, frame: Frame) -> Array:
    a, b = (ev.value(x, frame) for x in t.args)
    if a.shape[1:] != b.shape[1:]:
        raise Undefined("the two vectors have different sizes")
    return heads.dot(a, b)


def _sum(ev: Evaluator, t: Term, frame: Frame) -> Array:
    if t.domain[1].head == "Infinity":
        return _series(ev, t, frame)
    out = None
    for k in ev.range(t, frame):
        v = ev.value(t.body, frame.step(t.var.name, k))
        out = v if out is None else heads.add(out, v)
    return np.zeros((1, *_shape_of(ev, t.body, frame))) if out is None else out


def _shape_of(ev: Evaluator, body: Term, frame: Frame) -> tuple[int, ...]:
    from derive.terms import shape

    return tuple(ev.integer(d, frame) for d in shape(body))


def _series(ev: Evaluator, t: Term, frame: Frame) -> Array:
    lo = ev.integer(t.domain[0], frame)
    out = ev.value(t.body, frame.step(t.var.name, lo))
    quiet = 0
    for k in range(lo + 1, lo + 2000):
        try:
            v = ev.value(t.body, frame.step(t.var.name, k))
        except OverflowError:
            break
        out = heads.add(out, v)
        quiet = quiet + 1 if abs(v).max() <= 1e-17 * max(abs(out).max(), 1e-30) else 0
        if quiet > 3:
            return out
    raise BeyondReach("the infinite sum converges too slowly")


def _product(ev: Evaluator, t: Term, frame: Frame) -> Array:
    out = np.ones(1)
    for k in ev.range(t, frame):
        out = heads.mul(out, ev.value(t.body, frame.step(t.var.name, k)))
    return out


def _matrix_product(ev: Evaluator, t: Term, frame: Frame) -> Array:
    """The highest index leftmost."""
    parts = [ev.value(t.body, frame.step(t.var.name, k)) for k in reversed(ev.range(t, frame))]
    return heads.matmul(parts) if parts else np.eye(_shape_of(ev, t.body, frame)[0])[None]


def _identity(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return np.eye(ev.integer(t.args[0], frame))[None]


def _filled(value: float) -> Callable[[Evaluator, Term, Frame], Array]:
    def make(ev: Evaluator, t: Term, frame: Frame) -> Array:
        return np.full((1, *(ev.integer(d, frame) for d in t.args)), value)

    return make


def _apply(ev: Evaluator, t: Term, frame: Frame) -> Array:
    f = t.args[0]
    args = [ev.value(a, frame) for a in t.args[1:]]
    if f.head == "Lambda":
        return ev.value(f.body, Frame(frame, {f.var.name: args[0]}))
    d = ev.world.definitions.get(f.name)
    if d is not None:
        if len(d.params) != len(args):
            raise BeyondReach(f"{f.name} is a law here, not a number")
        batched = [_spread(v, frame) for v in args]
        return ev.value(d.body, Frame(frame, {p.name: v for p, v in zip(d.params, batched, strict=True)}))
    given = ev.world.functions.get(f.name)
    if given is None:
        raise BeyondReach(f"nothing stands for {f.name} in this world")
    takes = f.sort.takes or ((),) * len(args)
    ready = []
    for v, s in zip(args, takes, strict=True):
        if not s and v.ndim > 1 and v[0].size == 1:  # an array with one entry used as a number
            v = v.reshape(len(v))
        ready.append(v)
    return given.value(*ready)


def _spread(v: Array, frame: Frame) -> Array:
    return v if len(v) in (1, frame.batch) else np.repeat(v, frame.batch // len(v), axis=0)


def _extreme(ev: Evaluator, t: Term, frame: Frame) -> Array:
    out = ev.value(t.args[0], frame)
    for a in t.args[1:]:
        out = heads.EXTREME[t.head](out, ev.value(a, frame))
    return out


def _binomial(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return heads.binomial(*(ev.value(a, frame) for a in t.args))


def _number(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return np.array([float(t.value)])


def _constant(value: float) -> Callable[[Evaluator, Term, Frame], Array]:
    return lambda ev, t, frame: np.array([value])


def _log(ev: Evaluator, t: Term, frame: Frame) -> Array:
    """The logarithm of products, powers and densities from their parts, where the value itself is too small to be a number."""
    a = t.args[0]
    direct = np.log(ev.value(a, frame))
    if direct.ndim > 1 or np.isfinite(direct).all():
        return direct
    parts = _log_of_parts(ev, a, frame)
    return np.where(np.isfinite(direct), direct, parts) if parts is not None else direct


def _log_of_parts(ev: Evaluator, a: Term, frame: Frame) -> Array | None:
    if a.head == "Exp":
        return ev.value(a.args[0], frame)
    if a.head == "Mul":
        parts = [_log_of_parts(ev, f, frame) for f in a.args]
        logs = [p if p is not None else np.log(ev.value(f, frame)) for p, f in zip(parts, a.args, strict=True)]
        return sum(logs[1:], logs[0]) if any(p is not None for p in parts) else None
    if a.head == "Pow":
        inner = _log_of_parts(ev, a.args[0], frame)
        return None if inner is None else ev.value(a.args[1], frame) * inner
    if a.head == "Density":
        from derive.referee.weights import log_density

        return log_density(ev, a.args[0], ev.value(a.args[1], frame), frame)
    return None


_SPECIAL: dict[str, Callable[[Evaluator, Term, Frame], Array]] = {
    "Num": _number, "Sym": Evaluator._symbol, "Pi": _constant(pi), "E": _constant(e), "Infinity": _constant(inf),
    "Add": _add, "Mul": _mul, "Hadamard": _hadamard, "Pow": _power, "At": _at, "MatMul": _matmul, "Dot": _dot,
    "Sum": _sum, "Prod": _product, "MatProd": _matrix_product, "Identity": _identity, "Ones": _filled(1.0),
    "Zeros": _filled(0.0), "Apply": _apply, "Ln": _log, "Max": _extreme, "Min": _extreme, "Binomial": _binomial,
}  # fmt: skip

__all__ = ["DEFAULT", "Evaluator", "MAX_CASES"]
