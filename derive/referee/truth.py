"""Propositions in a world: true, false, or (an array with cases) here and there; undecided where too close to call."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee import heads
from derive.referee.world import BeyondReach, Frame, Undefined
from derive.terms import Term, add, call, mul, num, shape

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
TOLERANCE = 1e-9


def sides(ev: Evaluator, a: Term, b: Term, frame: Frame) -> tuple[Array, Array]:
    """Two values in one form: numbers meet arrays of one entry, a literal 0 meets any array."""
    x, y = ev.value(a, frame), ev.value(b, frame)
    if x.ndim == 1 == y.ndim:
        return x, y
    if x.ndim > 1 and y.ndim > 1 and x.shape[1:] != y.shape[1:] and x[0].size == y[0].size:
        x, y = x.reshape(len(x), -1), y.reshape(len(y), -1)
    x, y = heads.align(x, y)
    if x.shape[1:] != y.shape[1:] and 1 not in (x[0].size, y[0].size):
        raise Undefined("two sides of different shapes")
    return x, y


_ONE_CASE = {True: np.array([True]), False: np.array([False])}  # made once: most values compared are single numbers
for _known in _ONE_CASE.values():
    _known.flags.writeable = False


def alike(a: float, b: float, tolerance: float = TOLERANCE) -> bool:
    """Two numbers, relative to their size."""
    return a == b or abs(a - b) <= tolerance * max(abs(a), abs(b), 1.0)


def close(x: Array, y: Array, tolerance: float = TOLERANCE) -> Array:
    """Entry by entry, relative to the size of what is compared."""
    if x.size == 1 and x.shape == y.shape:
        near = alike(x.item(), y.item(), tolerance)
        return _ONE_CASE[near] if x.ndim == 1 else np.full(x.shape, near)
    scale = np.maximum(np.maximum(abs(x), abs(y)), 1.0)
    return (abs(x - y) <= tolerance * scale) | (x == y)


def per_case(v: Array) -> Array:
    return v if v.ndim == 1 else v.reshape(len(v), -1).all(axis=-1)


def everywhere(v: Array) -> bool:
    """Whether all of some truth values are true."""
    return bool(v.item()) if v.size == 1 else bool(v.all())


def truth(ev: Evaluator, p: Term, frame: Frame) -> Array:
    """Whether ``p`` holds, one truth value a case."""
    h = p.head
    if h in _RELATIONS:
        right = p.args[1]
        if right.head in ("Theta", "BigO", "BigOmega"):
            raise BeyondReach("growth is not seen in one world")
        x, y = sides(ev, p.args[0], right, frame)
        if x.size == 1 == y.size:
            a, b = x.item(), y.item()
            if isnan(a) or isnan(b) or (h not in ("Eq", "Ne") and not isfinite(a - b)):
                raise Undefined("a value that is not defined")
            if x.ndim == 1 == y.ndim:
                return _ONE_CASE[_NUMBERS[h](a, b, alike(a, b))]
        elif np.isnan(x).any() or np.isnan(y).any() or (h not in ("Eq", "Ne") and not np.isfinite(x - y).all()):
            raise Undefined("a value that is not defined")
        return _RELATIONS[h](x, y)
    if h == "In":
        return _member(ev, p, frame)
    if h in ("And", "Or"):
        parts = [truth(ev, a, frame) for a in p.args]
        out = parts[0]
        for q in parts[1:]:
            out = out & q if h == "And" else out | q
        return out
    if h == "Not":
        return ~truth(ev, p.args[0], frame)
    if h == "Implies":
        return _implies(ev, p, frame)
    if h == "Iff":
        return truth(ev, p.args[0], frame) == truth(ev, p.args[1], frame)
    if h == "ForAll":
        return for_all(ev, p, frame)
    if h in _OTHERS:
        return np.array([_OTHERS[h](ev, p, frame)])
    raise BeyondReach(f"there is no way to judge {h}")


def _implies(ev: Evaluator, p: Term, frame: Frame) -> Array:
    a = truth(ev, p.args[0], frame)
    return ~a | truth(ev, p.args[1], frame) if a.any() else ~a


def _eq(x: Array, y: Array) -> Array:
    return per_case(close(x, y))


_RELATIONS = {
    "Eq": _eq,
    "Ne": lambda x, y: ~_eq(x, y) if x[0].size > 1 else ~per_case(close(x, y)),
    "Lt": lambda x, y: per_case((x < y) & ~close(x, y)),
    "Le": lambda x, y: per_case((x <= y) | close(x, y)),
    "Gt": lambda x, y: per_case((x > y) & ~close(x, y)),
    "Ge": lambda x, y: per_case((x >= y) | close(x, y)),
}


_NUMBERS: dict[str, Callable[[float, float, bool], bool]] = {  # the same of two numbers, and whether they are close
    "Eq": lambda a, b, near: near, "Ne": lambda a, b, near: not near,
    "Lt": lambda a, b, near: a < b and not near, "Le": lambda a, b, near: a <= b or near,
    "Gt": lambda a, b, near: a > b and not near, "Ge": lambda a, b, near: a >= b or near,
}  # fmt: skip


def _whole(a: float) -> bool:
    return isfinite(a) and alike(a, round(a))


_KINDS: dict[str, Callable[[float], bool]] = {
    "Reals": lambda a: not isnan(a), "Integers": _whole, "Naturals": lambda a: _whole(a) and a > 0.5
}  # fmt: skip


def _member(ev: Evaluator, p: Term, frame: Frame) -> Array:
    x, s = ev.value(p.args[0], frame), p.args[1]
    if x.size == 1 == x.ndim and s.head in _KINDS:
        return _ONE_CASE[_KINDS[s.head](x.item())]
    if s.head == "Reals":
        return per_case(x == x)
    whole = close(x, x.round())
    if s.head == "Integers":
        return per_case(whole)
    if s.head == "Naturals":
        return per_case(whole & (x > 0.5))
    if s.head in ("Interval", "IndexRange"):
        lo, hi = (ev.value(a, frame) for a in s.args[:2])
        x, lo = heads.align(x, lo)
        inside = (x >= lo - 1e-12) & (x <= hi + 1e-12)
        return per_case(inside & whole if s.head == "IndexRange" else inside)
    if s.head == "Set":
        hit = [close(*heads.align(x, ev.value(a, frame))) for a in s.args]
        return per_case(sum(h.astype(int) for h in hit) > 0)
    raise BeyondReach(f"there is no way to judge membership in {s.head}")


# -- for every


def for_all(ev: Evaluator, p: Term, frame: Frame) -> Array:
    """For every index in its range, or for several values of any other kind."""
    var, body = p.var, p.body
    if body.head == "Implies" and body.args[0].head == "Dist" and body.args[0].args[0] == var:
        return np.array([_when(ev, var, body.args[0].args[1], body.args[1], frame)])
    out = np.array([True])
    for v in candidates(ev, var, body, frame):
        out = out & truth(ev, body, frame.inside({var.name: v}))
        if not out.any():
            break
    return out


def candidates(ev: Evaluator, var: Term, body: Term, frame: Frame) -> list[Any]:
    """Values for a name that a claim is made for."""
    size = index_range(ev, var, body, frame)
    if size is not None:
        return list(range(1, size + 1))
    dims = [ev.integer(d, frame) for d in var.sort.shape]
    n = int(np.prod(dims)) if dims else 1
    base = np.array([0.7, -1.3, 2.1, 0.4, -0.6, 1.7, -2.3, 0.9])
    out: list[Any] = [np.roll(np.resize(base, max(n, 8)), k)[:n].reshape(1, *dims) for k in range(5)]
    return [np.zeros((1, *dims)), *out, *(10 * out[k] for k in range(2))] if not dims else out


def index_range(ev: Evaluator, var: Term, body: Term, frame: Frame) -> int | None:
    """The largest value of an index, from the arrays that it is an index of."""
    from derive.terms import subterms

    found: list[int] = []
    for s in subterms(body):
        if s.head == "At":
            try:
                sizes = shape(s.args[0])
            except Exception:
                continue
            for i, d in zip(s.args[1:], sizes, strict=False):
                if i == var:
                    found.append(ev.integer(d, frame))
        elif s.head in ("Sum", "Prod") and var in s.domain[2:]:
            found.append(ev.integer(s.domain[1], frame))
    return min(found) if found else None


# -- laws


def _when(ev: Evaluator, var: Term, law: Term, claim: Term, frame: Frame) -> bool:
    from derive.referee.chance import over

    inner = over(ev, var, law, frame)
    parts = claim.args if claim.head == "And" else (claim,)
    for c in parts:
        if c.head == "Dist":
            if any(gap is not None for gap in law_gaps(ev, c, frame, inner)):
                return False
        elif not truth(ev, c, inner.frame).all():
            return False
    return True


def _dist(ev: Evaluator, p: Term, frame: Frame) -> bool:
    return all(gap is None for gap in law_gaps(ev, p, frame))


def law_gaps(ev: Evaluator, p: Term, frame: Frame, within: Any = None) -> Any:
    """For each moment up to the sixth (of several projections): None, or (order, left, right) where it differs."""
    from derive.referee.grids import grid
    from derive.referee.laws import Need
    from derive.referee.weights import weighted

    e, law = p.args
    g = within or grid(ev, (e,), frame)
    left = ev.value(e, g.frame if g else frame)
    x, w = weighted(ev, law, Need(12), frame)
    if len(x) != 1:
        raise BeyondReach("a law that depends on something random")
    lw = g.weights[0] if g else np.ones(1)
    left = np.broadcast_to(left, (len(lw), *left.shape[1:])).reshape(len(lw), -1)
    right = x[0].reshape(x.shape[1], -1)
    if left.shape[1] != right.shape[1]:
        raise Undefined("the law is of another shape")
    n = left.shape[1]
    directions = [np.eye(n)[k] for k in range(n)]
    if n > 1:
        directions += [np.resize([1.0, -0.6, 0.8, 1.3], n), np.resize([0.5, 1.1, -0.9, 0.7], n)]
    for d in directions:
        a, b = left @ d, right @ d
        for k in range(1, 7):
            m, r = float(lw @ a**k), float(w[0] @ b**k)
            yield None if close(np.array(m), np.array(r), 1e-7) else (k, m, r)


def _independent(ev: Evaluator, p: Term, frame: Frame) -> bool:
    """By mixed moments of powers and signs of the parts' entries."""
    parts = [a.args if a.head == "Group" else (a,) for a in p.args]
    entries = [[x for a in part for x in scalars(ev, a, frame)] for part in parts]
    if len(entries) == 1:
        entries = [[x] for x in entries[0]]
    powers = (1, 2, 3) if p.head != "Uncorrelated" else (1,)
    for i, first in enumerate(entries):
        for second in entries[i + 1 :]:
            for a in first:
                for b in second:
                    for j in powers:
                        for k in powers:
                            if not _factors(ev, call("Pow", a, num(j)), call("Pow", b, num(k)), frame):
                                return False
    if p.head == "Independent" and len(entries) > 2:  # jointly, not only in pairs
        first = [e[0] for e in entries]
        for k in (1, 2):
            powers_of = [call("Pow", a, num(k)) for a in first]
            for r in range(2, len(powers_of)):
                if not _factors(ev, mul(*powers_of[:r]), powers_of[r], frame):
                    return False
    return True


def _factors(ev: Evaluator, a: Term, b: Term, frame: Frame) -> bool:
    from derive.referee.chance import covariance

    return bool(close(covariance(ev, a, b, frame), 0.0 * covariance(ev, a, a, frame), 1e-8).all())


def scalars(ev: Evaluator, t: Term, frame: Frame) -> list[Term]:
    """The entries of an array as terms (at most six)."""
    from itertools import product

    from derive.terms import at

    sizes = [ev.integer(d, frame) for d in shape(t)]
    if not sizes:
        return [t]
    return [at(t, *(num(k) for k in index)) for index in product(*(range(1, n + 1) for n in sizes))][:6]


def _positive_definite(ev: Evaluator, p: Term, frame: Frame) -> bool:
    a = ev.value(p.args[0], frame)
    return bool((np.linalg.eigvalsh(heads.matrix(a)) > 1e-9).all())


def _probability_vector(ev: Evaluator, p: Term, frame: Frame) -> bool:
    v = ev.value(p.args[0], frame)
    return bool((v >= 0).all() and (abs(v.sum(-1) - 1) < 1e-9).all())


def _positive_wherever(ev: Evaluator, p: Term, frame: Frame) -> bool:
    """At values that stand for the second law."""
    from derive.referee.laws import Need
    from derive.referee.weights import density_value, weighted

    q, law = p.args
    x, w = weighted(ev, law, Need(12), frame)
    if len(x) != 1:
        raise BeyondReach("a law that depends on something random")
    values = x[0][w[0] > 0]
    return bool((density_value(ev, q, values, Frame(frame, {}, len(values))) > 0).all())


def _monotone(ev: Evaluator, p: Term, frame: Frame) -> bool:
    x = np.linspace(-4, 4, 161)
    y = ev.world.functions[p.args[0].name].value(x)
    second = np.diff(y, 2) if p.head == "Convex" else np.diff(y)
    return bool((second >= -1e-12).all())


def _same_law(ev: Evaluator, p: Term, frame: Frame) -> bool:
    """By moments and mixed moments, up to the fourth."""
    from derive.referee.chance import expectation

    parts = [x for a in p.args for x in ([scalars(ev, a, frame)] if a.head != "Group" else [list(a.args)])]
    for k in range(1, 5):
        first = None
        for entries in parts:
            here = [expectation(ev, call("Pow", e, num(k)), frame) for e in entries]
            here += [expectation(ev, mul(call("Pow", e, num(k)), f), frame) for e, f in zip(entries, entries[1:], strict=False)]
            if first is not None and not all(close(a, b, 1e-8).all() for a, b in zip(first, here, strict=True)):
                return False
            first = here
    return True


def _iid(ev: Evaluator, p: Term, frame: Frame) -> bool:
    """All entries of all the arrays: one law, and independent."""
    entries = [x for a in p.args for x in scalars(ev, a, frame)][:6]
    return _same_law(ev, call("SameLaw", *entries), frame) and _independent(ev, call("Independent", *entries), frame)


def _taken(ev: Evaluator, p: Term, frame: Frame) -> bool:
    return True  # how a world is built sees to it: smooth functions, finite moments


_OTHERS: dict[str, Any] = {
    "Dist": _dist, "Independent": _independent, "Uncorrelated": _independent, "PairwiseIndependent": _independent,
    "PositiveDefinite": _positive_definite, "ProbabilityVector": _probability_vector, "Increasing": _monotone,
    "Convex": _monotone, "SameLaw": _same_law, "Iid": _iid, "PositiveWherever": _positive_wherever,
}  # fmt: skip
for _head in ("IidMembers", "IndependentEntries", "Differentiable", "Exchange", "FiniteMeanOnly",
              "Domain", "Mass", "HasDensity", "Network", "ForwardCost", "LoadCost", "DiskCost", "StorageCost", "LayerStorageCost"):  # fmt: skip
    _OTHERS[_head] = _taken


def _indicator(ev: Evaluator, t: Term, frame: Frame) -> Array:
    return truth(ev, t.args[0], frame) * 1.0


HEADS = {"Indicator": _indicator}
__all__ = ["HEADS", "truth", "sides", "close", "add"]
