"""What each law's values must be exact for, read off the expressions: degrees, and kinks at 0.

A value is followed as a polynomial in what is random (``Poly``). ``|x|``, ``sign x`` and ReLU of a product of single
entries are polynomials on each side of 0; of a sum they are not, and no choice of values is exact for them: ``exact`` is then
false for the average that meets them, and the judge refines instead.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derive.referee.laws import FINE, Need
from derive.referee.poly import CONST, Poly, raised, smooth, times, total
from derive.referee.world import BeyondReach, Frame, Source, World
from derive.terms import Term, is_num, sub

TRIED = np.array([0.0, 1.0, 2.0])
ZERO = frozenset({0.0})
Found = tuple[dict[str, Need], bool, str, bool]  # needs, exact, why not, local

class Analysis:
    """What the expressions of one world's checks need, each part followed once."""

    def __init__(self, world: World, evaluator: Any) -> None:
        self.world, self.ev = world, evaluator
        self.needs: dict[str, Need] = {}
        self.exact = True
        self.why = ""
        self.local = False  # what was found hangs on more of this world than its laws' kinds, and sizes up to its own
        self.bound: dict[str, Poly] = {}
        self.seen: dict[Any, tuple[Poly, Found]] = {}  # by the term, and what the names bound around it are there

    def found(self) -> Found:
        return self.needs, self.exact, self.why, self.local

    def start(self, at: Found | None = None) -> None:
        self.needs, self.exact, self.why, self.local = at or ({}, True, "", False)

    def take(self, found: Found) -> None:
        """What was found before of a part."""
        needs, exact, why, local = found
        for name, need in needs.items():
            self.add(name, need)
        self.exact, self.why, self.local = self.exact and exact, self.why or why, self.local or local

    # -- at an average
    def met(self, p: Poly, only: frozenset[str] | None = None) -> None:
        for name, d in p.degrees.items():
            if only is not None and name not in only:
                continue
            self.add(name, Need(max(d, 3), ZERO if name in p.kinked else frozenset()))
            if d == FINE:
                self.fail("what is averaged is no polynomial")

    def add(self, name: str, need: Need) -> None:
        old = self.needs.get(name)
        self.needs[name] = need if old is None or old == need else old | need

    def fail(self, why: str) -> None:
        self.exact, self.why = False, self.why or why

    # -- one term
    def poly(self, t: Term) -> Poly:
        if t.head in ("Num", "Sym"):
            return self._poly(t)
        mine = self.world.depends(t) & self.bound.keys() if self.bound else ()
        k = (t, *((n, self.bound[n].key) for n in sorted(mine))) if mine else t
        got = self.seen.get(k)
        if got is None:
            outer = self.found()
            self.start()
            p = self._poly(t)
            got = self.seen[k] = p, self.found()
            self.start(outer)
        self.take(got[1])
        return got[0]

    def _poly(self, t: Term) -> Poly:
        h = t.head
        if h == "Num":
            return Poly(nonneg=t.value >= 0)
        if h == "Sym":
            return self._symbol(t)
        rule = getattr(self, "_" + h.lower(), None) or _ALIKE.get(h)
        if rule is not None:
            return rule(t) if h not in _ALIKE else rule(self, t)
        parts = [self.poly(a) for a in t.args]
        return smooth(parts) if any(not p.fixed for p in parts) else CONST

    def _symbol(self, t: Term) -> Poly:
        name = t.name
        if name in self.bound:
            return self.bound[name]
        s = self.world.sources.get(name)
        if s is not None:
            if finite(self.world, s):
                return Poly(nonneg=nonneg(self.world, s))
            return Poly({name: 1}, single=s.mean is None or plain_normal(s), nonneg=nonneg(self.world, s))
        d = self.world.definitions.get(name)
        if d is not None and not d.params:
            return self.poly(d.body)
        v = self.world.values.get(name)
        return Poly(nonneg=v is not None and bool((v >= 0).all() if hasattr(v, "all") else v >= 0))

    # -- arithmetic
    def _add(self, t: Term) -> Poly:
        return total([self.poly(a) for a in t.args])

    def _mul(self, t: Term) -> Poly:
        return times([self.poly(a) for a in t.args])

    _hadamard = _mul

    def _pow(self, t: Term) -> Poly:
        base, e = self.poly(t.args[0]), t.args[1]
        if base.fixed:
            return replace(base, nonneg=base.nonneg) if self.poly(e).fixed else smooth([base, self.poly(e)])
        value = self._exponent(e)
        if value is None:
            return smooth([base, self.poly(e)])
        return raised(base, value)

    def _exponent(self, e: Term) -> float | None:
        if e.head == "Num":
            return float(e.value)
        self.local = True
        try:
            return self.ev.number(e)
        except BeyondReach:
            return None

    # -- kinks
    def kinked(self, p: Poly, degree: float) -> Poly:
        if p.fixed or p.nonneg:
            return replace(p, nonneg=True) if degree else Poly(nonneg=True) if p.fixed else Poly(
                {n: 0 for n in p.degrees}, p.kinked, True, True)  # fmt: skip
        degrees = {n: d * degree for n, d in p.degrees.items()}
        if p.finite_valued:
            return Poly(degrees, p.kinked, p.single)
        if not p.single:
            self.why = self.why or "a kink of a sum, |a + b| and the like"
            return Poly({n: FINE for n in degrees}, p.kinked | p.degrees.keys(), single=False)
        return Poly(degrees, p.kinked | p.degrees.keys(), True)

    def turned(self, t: Term, p: Poly, degree: float) -> Poly:
        """The same for ``t``, whose polynomial is ``p``: where it is linear in one number, that turns at one value of it."""
        if p.fixed or p.nonneg or p.finite_valued or p.single:
            return self.kinked(p, degree)
        at = self._zero(t)
        if at is None:
            return self.kinked(p, degree)
        name, value = at
        self.add(name, Need(3, frozenset({value})))
        return Poly({n: d * degree for n, d in p.degrees.items()}, p.kinked, single=False)

    def _zero(self, t: Term) -> tuple[str, float] | None:
        """The one random number in ``t`` and its value at which ``t``, linear in it, is 0."""
        names = self.world.depends(t)
        drawn = names & self.world.sources.keys()
        if len(drawn) != 1 or not names.isdisjoint(self.bound.keys()):
            return None
        (name,) = drawn
        s = self.world.sources[name]
        if s.shape or not s.plain or len(s.entries) != 1:
            return None
        self.local = True
        try:
            v = self.ev.value(t, Frame(self.ev.base, {name: TRIED}, len(TRIED)))
        except BeyondReach:
            return None
        if v.shape != TRIED.shape or not np.isfinite(v).all() or abs(v[2] - 2 * v[1] + v[0]) > 1e-12 * (1 + abs(v).max()) or v[1] == v[0]:
            return None
        return name, float(-v[0] / (v[1] - v[0]))

    def _abs(self, t: Term) -> Poly:
        p = self.poly(t.args[0])
        if p.fixed or p.single or p.nonneg:
            return replace(self.kinked(p, 1), nonneg=True)
        if not p.finite_valued and self._zero(t.args[0]) is not None:
            return replace(self.turned(t.args[0], p, 1), nonneg=True)
        square = replace(times([p, p]), nonneg=True, square=None)
        return replace(self.kinked(p, 1), nonneg=True, square=square)

    def _relu(self, t: Term) -> Poly:
        return replace(self.turned(t.args[0], self.poly(t.args[0]), 1), nonneg=True)

    def _sign(self, t: Term) -> Poly:
        p = self.poly(t.args[0])
        # what is never negative may still be 0, and there its sign is another
        return replace(self.turned(t.args[0], replace(p, nonneg=False), 0), nonneg=p.nonneg)

    _step = _sign

    def _max(self, t: Term) -> Poly:
        parts = [self.poly(a) for a in t.args]
        if all(p.finite_valued for p in parts):
            return total(parts)
        if len(t.args) == 2 and any(is_num(a, 0) for a in t.args):
            other = next((p for p, a in zip(parts, t.args, strict=True) if not is_num(a, 0)), CONST)
            return replace(self.kinked(other, 1), nonneg=False)
        return self.kinked(replace(total(parts), nonneg=False), 1)

    _min = _max

    def _indicator(self, t: Term) -> Poly:
        return replace(self.proposition(t.args[0]), nonneg=True)

    def proposition(self, p: Term) -> Poly:
        """The truth value, as a number."""
        if p.head in ("Eq", "Ne", "Lt", "Le", "Gt", "Ge"):
            left, right = (self.poly(a) for a in p.args)
            if left.fixed and right.fixed:
                return CONST
            if is_num(p.args[1], 0) or is_num(p.args[0], 0):
                return self.kinked(replace(left if is_num(p.args[1], 0) else right, nonneg=False), 0)
            return self.turned(sub(*p.args), replace(total([left, right]), nonneg=False), 0)
        parts = [self.proposition(a) for a in p.args] if p.head in ("And", "Or", "Not") else []
        return times(parts) if parts else CONST

    # -- arrays
    def _at(self, t: Term) -> Poly:
        return self.poly(t.args[0])

    def inner(self, t: Term, parts: list[Poly]) -> Poly:
        """A product that sums over an axis, single only where that axis has one entry."""
        out = times(parts)
        return out if self._size_one(t) else replace(out, single=not out.degrees, square=None)

    def _size_one(self, t: Term) -> bool:
        from derive.terms import shape

        try:
            if t.head == "Dot":
                return self.ev.integer(shape(t.args[0])[0], self.ev.base) == 1
            sizes = [shape(a) for a in t.args]
            return all(self.ev.integer(s[-1] if len(s) == 2 else _one(), self.ev.base) == 1 for s in sizes[:-1])
        except Exception:
            return False

    def _matmul(self, t: Term) -> Poly:
        return self.inner(t, [self.poly(a) for a in t.args])

    def _dot(self, t: Term) -> Poly:
        out = self.inner(t, [self.poly(a) for a in t.args])
        return replace(out, nonneg=t.args[0] == t.args[1])

    def norm(self, t: Term) -> Poly:
        """The root of a sum of squares."""
        p = self.poly(t.args[0])
        if p.fixed:
            return Poly(nonneg=True)
        if self._entries(t.args[0]) == 1 and p.single:
            return replace(self.kinked(p, 1), nonneg=True)
        square = replace(times([p, p]), single=False, nonneg=True, square=None)
        return replace(smooth([p]), square=square, nonneg=True)

    _norm = _rms = _frobenius = norm

    def _spectral(self, t: Term) -> Poly:
        from derive.terms import shape

        try:
            sizes = [self.ev.integer(d, self.ev.base) for d in shape(t.args[0])]
        except Exception:
            sizes = [2, 2]
        return self.norm(t) if 1 in sizes else replace(smooth([self.poly(t.args[0])]), nonneg=True)

    _inducedrms = _spectral

    def _norm1(self, t: Term) -> Poly:
        p = replace(self.kinked(self.poly(t.args[0]), 1), nonneg=True)
        return replace(p, single=p.single and self._entries(t.args[0]) == 1)

    def _norminf(self, t: Term) -> Poly:
        return self._norm1(t) if self._entries(t.args[0]) == 1 else replace(smooth([self.poly(t.args[0])]), nonneg=True)

    def _entries(self, t: Term) -> int:
        from derive.terms import shape

        out = 1
        try:
            for d in shape(t):
                out *= self.ev.integer(d, self.ev.base)
        except Exception:
            return 99
        return out

    def _trace(self, t: Term) -> Poly:
        p = self.poly(t.args[0])
        return p if self._entries(t.args[0]) == 1 else replace(p, single=not p.degrees, square=None)

    def _det(self, t: Term) -> Poly:
        p = self.poly(t.args[0])
        n = round(self._entries(t.args[0]) ** 0.5)
        return p if n == 1 else replace(raised(replace(p, square=None), n), single=not p.degrees, nonneg=False)

    def _transpose(self, t: Term) -> Poly:
        return self.poly(t.args[0])

    _diag = _transpose

    # -- binders
    def _sum(self, t: Term) -> Poly:
        p = self.poly(t.body)
        return p if self._terms(t) == 1 else replace(p, single=not p.degrees, square=None)

    def _prod(self, t: Term) -> Poly:
        n = self._terms(t)
        return raised(self.poly(t.body), n) if n else CONST

    _matprod = _prod

    def _terms(self, t: Term) -> int:
        try:
            return len(self.ev.range(t, self.ev.base))
        except BeyondReach:
            try:
                lo, hi = (self.ev.integer(d, self.ev.base) for d in t.domain[:2])
                return max(hi - lo + 1, 0)
            except BeyondReach:
                return 4

    def _averaged(self, t: Term) -> Poly:
        """Over everything random; what is known, and variables bound outside, stay."""
        kept: dict[str, float] = {}
        body = t.args
        for a in body:
            if a.head == "Given":
                self.local = True
                p = self.poly(a.args[0])
                self.met(p)
                known = self.poly(a.args[1])
                kept.update({n: (max(p.degrees.values(), default=0) or 1) for n in known.degrees})
                continue
            p = self.proposition(a) if t.head == "Prob" else self.poly(a)
            if t.head == "Var":
                p = times([p, p])
            self.met(p, frozenset(self.world.sources))
            kept.update({n: d for n, d in p.degrees.items() if n in self.bound})
        if t.head == "Cov":
            self.met(times([self.poly(a) for a in body]), frozenset(self.world.sources))
        return Poly(kept, single=not kept)

    _expect = _var = _prob = _cov = _mean = _averaged

    def _expectover(self, t: Term) -> Poly:
        self.local = True
        name, outer = "~" + t.var.name, self.bound
        law = t.domain[0]
        of_law = smooth([self.poly(a) for a in law.args]) if law.args and law.head not in ("Apply", "Sym") else CONST
        discrete = law.head in ("Rademacher", "Bernoulli", "Categorical")
        single = not t.var.sort.shape or (law.head == "Normal" and self._centred(law))
        self.bound = {**outer, t.var.name: CONST if discrete else Poly({name: 1}, single=single)}
        try:
            p = self.proposition(t.body) if t.head == "ProbOver" else self.poly(t.body)
        finally:
            self.bound = outer
        self.met(p, frozenset({name}))
        left = {n: d for n, d in p.degrees.items() if n != name}
        left.update(of_law.degrees)
        return Poly(left, p.kinked - {name}, single=not left)

    _probover = _expectover

    def _centred(self, law: Term) -> bool:
        try:
            return not abs(self.ev.value(law.args[0], self.ev.base)).any()
        except BeyondReach:
            return False

    def _differentiated(self, t: Term) -> Poly:
        self.local = True
        outer = self.bound
        name = "'" + t.var.name
        self.bound = {**outer, t.var.name: Poly({name: 1})}
        try:
            p = self.poly(t.body)
        finally:
            self.bound = outer
        point = self.poly(t.domain[0])
        inner = p.degrees.get(name, 0)
        degrees = {n: d for n, d in p.degrees.items() if n != name}
        for n, d in point.degrees.items():
            degrees[n] = degrees.get(n, 0) + d * inner
        kinked = (p.kinked - {name}) | (frozenset(point.degrees) if name in p.kinked else frozenset()) | point.kinked
        return Poly(degrees, kinked, single=False)

    _grad = _jac = _hess = _deriv = _differentiated

    def _integral(self, t: Term) -> Poly:
        self.local = True
        outer = self.bound
        self.bound = {**outer, t.var.name: CONST}
        try:
            p = self.poly(t.body)
        finally:
            self.bound = outer
        limits = [self.poly(d) for d in t.domain]
        return total([p, *limits]) if all(x.fixed for x in limits) else smooth([p, *limits])

    def _apply(self, t: Term) -> Poly:
        self.local = True
        f = t.args[0]
        parts = [self.poly(a) for a in t.args[1:]]
        d = self.world.definitions.get(f.name) if f.head == "Sym" else None
        if d is not None and len(d.params) == len(parts):
            outer = self.bound
            self.bound = {**outer, **{q.name: p for q, p in zip(d.params, parts, strict=True)}}
            try:
                return self.poly(d.body)
            finally:
                self.bound = outer
        if all(p.fixed for p in parts):
            return CONST
        given = self.world.functions.get(f.name) if f.head == "Sym" else None
        if given is None or given.degree == FINE:
            return smooth(parts)
        out = raised(replace(total(parts), square=None), given.degree)
        return replace(out, single=False, nonneg=False)

    def _density(self, t: Term) -> Poly:
        self.local = True
        p = self.poly(t.args[1])
        return CONST if p.fixed else replace(smooth([p]), nonneg=True)


def _given(a: Analysis, t: Term) -> Poly:
    return a.poly(t.args[0])


_ALIKE: dict[str, Any] = {"Given": _given}


def finite(world: World, s: Source) -> bool:
    """Whether a random symbol takes finitely many values, all of which are taken."""
    return s.mean is None and all(law.discrete and not law.compressed for law in (world.atoms[a].laws[k] for a, k in s.entries))


def nonneg(world: World, s: Source) -> bool:
    """Whether no entry is ever negative."""
    if s.points is not None:
        return bool((s.points >= 0).all())
    return s.mean is None and all(world.atoms[a].laws[k].support[0] >= 0 for a, k in s.entries)


def plain_normal(s: Source) -> bool:
    """Whether normal vectors are their own draws, scaled: mean 0 and a diagonal covariance."""
    return not s.mean.any() and not (s.root * (1 - np.eye(s.root.shape[-1]))).any()


def _one() -> Term:
    from derive.terms import ONE

    return ONE


__all__ = ["Analysis", "Poly", "finite", "nonneg", "plain_normal"]
