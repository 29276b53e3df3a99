"""Orders of growth: the ratio of the two sides as the sizes grow, along several rays.

Closed forms are evaluated at huge sizes, where what is of lower order has gone. Where arrays are involved they are built at
moderate sizes, in several families (all ones, the identity, a projection, irregular entries) scaled to what is given of them; random
ones are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product
from math import log, prod
from typing import Any

import numpy as np

from derive.language.model import Symbol
from derive.referee.evaluate import Evaluator
from derive.referee.families import Family, draw, families
from derive.referee.instances import plain
from derive.referee.setting import Setting
from derive.referee.world import BeyondReach, Undefined, World
from derive.referee.worlds import build, dimensions
from derive.terms import Term, call, contains, mul, num, power

Array = Any
NORMS = frozenset({"Norm", "Norm1", "NormInf", "RMS", "Spectral", "Frobenius", "InducedRMS"})
HUGE = (1e4, 1e8, 1e12)
MODERATE = (12, 48, 192)
CLASSES = {"Theta": "Theta", "BigO": "O", "BigOmega": "Omega"}
STRICT, LOOSE = 0.02, 0.12  # largest slope of a bounded ratio on a log-log scale: of closed forms, of built arrays
MAX_ENTRIES = 400_000  # of one array
FIRST, MAX_FAMILIES, MAX_ROWS = 8, 36, 24  # choices of arrays: for each ray, for one ray when a claim is to be broken, and in all for a step


def judge_growth(relation: str, before: Term, after: Term, setting: Setting, growing: tuple[Term, ...] = (), thorough: bool = False) -> Any:
    """``before`` is of the order of ``after`` (``~ Theta O Omega``); ``growing``: what grows, by default every dimension.

    ``thorough``: more choices of arrays are tried, to break a claim that nobody has shown.
    """
    from derive.referee.judge import Verdict

    problem = _Growth(setting, growing)
    try:
        problem.restrict((before, after))
        problem.reachable((before, after))
        closed = problem.closed((before, after))
        with np.errstate(all="ignore"):  # what divides by 0 in one family of arrays says nothing there
            rows = list(islice(problem.rows(relation, before, after, closed, thorough), None if thorough else MAX_ROWS))
    except BeyondReach as reason:
        return Verdict(None, "not evaluated", because=reason.reason)
    how = "leading order" if closed else "families of arrays"
    bad = next((r for r in rows if r[0] is False), None)
    if bad is not None:
        return Verdict(False, how, len(rows), "the ratio of the two sides is not bounded so", bad[1], bad[2], bad[3])
    if rows and all(r[0] for r in rows):
        return Verdict(True, how, len(rows))
    return Verdict(None, "not evaluated", because="no family of arrays that satisfies everything given settles the growth")


class _Growth:
    def __init__(self, setting: Setting, growing: tuple[Term, ...]) -> None:
        self.setting = setting
        self.table = {d.symbol.name: d for d in setting.definitions}
        self.dims = dimensions(setting.symbols, setting.givens, self.table)
        names = [g.name for g in growing if g.head == "Sym"]
        self.others = [n for n in names if n not in self.dims]
        self.grow = [n for n in names if n in self.dims] or ([] if self.others else list(self.dims))
        self.symbols = {s.term.name: s for s in setting.symbols}
        self.claims = [g for g in setting.givens if _growth_given(g)]
        self.plain = tuple(g for g in setting.givens if not _growth_given(g))
        self.factors: dict[str, dict[float, float]] = {}  # what arrays were scaled by to be as large as is given
        self.probe = World(definitions=self.table)

    def reachable(self, terms: tuple[Term, ...]) -> None:
        """Whether what is given of the growth of what occurs can be met."""
        names = self.names(terms) - set(self.dims)
        for g in self.plain:
            if any(contains(g, h) for h in CLASSES) and self.names((g,)) & names:
                raise BeyondReach("how every member of a family grows")

    def names(self, terms: tuple[Term, ...]) -> frozenset[str]:
        return frozenset().union(*(self.probe.depends(t) for t in terms))

    def restrict(self, terms: tuple[Term, ...]) -> None:
        """Only what occurs needs to grow."""
        used = self.names(terms)
        self.grow = [d for d in self.grow if d in used] or self.grow[:1]
        self.others = [n for n in self.others if n in used]

    def closed(self, terms: tuple[Term, ...]) -> bool:
        """Whether numbers alone occur."""
        for n in self.names(terms):
            s = self.symbols.get(n)
            if s is not None and (s.role == "random" or s.term.sort.shape or s.term.sort.takes is not None) and n not in self.table:
                return False
        return True

    def small(self, ray: dict[str, float], terms: tuple[Term, ...]) -> bool:
        """Whether the arrays that occur have no more entries on a ray than can be worked with."""
        needed = self.names((*terms, *self.linked(terms)))
        axes = [s.term.sort.shape for n, s in self.symbols.items() if n in needed and s.role == "fixed" and n not in self.table]
        at = {d: max(2, round(MODERATE[-1] ** ray[d])) if d in ray else 3 for d in self.dims}
        return all(prod(at.get(d.name, 3) if d.head == "Sym" else 3 for d in axis) <= MAX_ENTRIES for axis in axes)

    def rays(self, closed: bool) -> Iterator[dict[str, float]]:
        """Exponents of t for everything that grows."""
        k = len(self.grow)
        if k == 1:
            shapes: list[tuple[float, ...]] = [(1.0,)]
        elif k == 2:
            shapes = [(1, 1), (1, 0.5), (0.5, 1), (1, 0.25), (0.25, 1)] if closed else [(1, 1), (1, 0.3), (0.3, 1)]
        else:
            shapes = [(1,) * k, *(tuple(0.5 if j == i else 1.0 for j in range(k)) for i in range(k))]
        for s in shapes:
            for extra in product((0.0, -0.5, 0.5), repeat=len(self.others)):
                yield dict(zip(self.grow, s, strict=True)) | dict(zip(self.others, extra, strict=True))

    # -- one ray
    def rows(self, relation: str, before: Term, after: Term, closed: bool, thorough: bool = False) -> Iterator[tuple[bool | None, dict[str, Any], Any, Any]]:
        if not self.grow and not (closed and self.others):
            raise BeyondReach("nothing grows")
        rays = [r for r in self.rays(closed) if closed or self.small(r, (before, after))]
        for ray in rays:
            if closed:
                for slack in (0.0, 0.5) if any(g.args[1].head != "Theta" and g.args[0].head == "Sym" for g in self.claims) else (0.0,):
                    try:
                        pairs = [self.at(before, after, ray, t, slack) for t in HUGE]
                        at, tolerance = HUGE, STRICT
                    except Undefined:
                        raise
                    except BeyondReach:
                        pairs = [self.at(before, after, ray, t, slack) for t in MODERATE]
                        at, tolerance = MODERATE, LOOSE
                    where: dict[str, Any] = {n: round(at[-1] ** e) for n, e in ray.items() if n in self.dims}
                    used = self.names((before, after))
                    where |= {n: v for n, v in self.said(ray, at[-1], slack).items() if n in used}
                    yield self.verdict(relation, pairs, at, tolerance), where, *pairs[-1]
            else:
                yield from self.families(relation, before, after, ray, 0, FIRST)
        if thorough and not closed and rays:
            try:
                yield from self.families(relation, before, after, rays[0], FIRST, MAX_FAMILIES)
            except BeyondReach:
                return

    def at(self, before: Term, after: Term, ray: dict[str, float], t: float, slack: float = 0.0) -> tuple[float, float]:
        w = World(definitions=self.table)
        k = 0
        for name, s in self.symbols.items():
            if s.term.sort.shape or s.term.sort.takes is not None or name in self.table:
                continue
            k += 1
            w.values[name] = np.array(0.7 + 0.31 * (k % 4))
        for d in self.dims:
            w.values[d] = np.array(float(round(t ** ray[d])) if d in ray else 3.0)
        for n in self.others:
            w.values[n] = np.array(1.3 * t ** ray[n])
        self.scaled(w, slack)
        ev = Evaluator(w)
        with np.errstate(all="ignore"):
            return ev.number(before), ev.number(after)

    def said(self, ray: dict[str, float], t: float, slack: float) -> dict[str, float]:
        """The numbers whose growth is given, at one size."""
        w = World(definitions=self.table)
        w.values.update({d: np.array(float(round(t ** ray[d])) if d in ray else 3.0) for d in self.dims})
        self.scaled(w, slack)
        return {n: float(v) for n, v in w.values.items() if n not in self.dims}

    def scaled(self, w: World, slack: float) -> None:
        """Numbers as large as a line says they are; where it bounds them from one side, ``slack`` of the way to the other."""
        import numpy as np

        for g in self.claims:
            s = g.args[0]
            if s.head == "Sym" and not s.sort.shape and s.name not in self.dims:
                size = Evaluator(w).number(g.args[1].args[0])
                loose = {"Theta": 1.0, "BigO": abs(size) ** -slack, "BigOmega": abs(size) ** slack}[g.args[1].head]
                w.values[s.name] = np.array((0.7 + 0.31 * (len(s.name) % 4)) * size * loose)

    @staticmethod
    def verdict(relation: str, pairs: list[tuple[float, float]], at: tuple[float, ...], tolerance: float, bounded: bool = False
                ) -> bool | None:  # fmt: skip
        """Whether the ratios of the pairs behave; ``bounded``: the arrays were scaled to given bounds, with constants 1."""
        ratios = []
        for a, b in pairs:
            if not (abs(a) < 1e300 and abs(b) < 1e300):
                return None
            if abs(a) < 1e-12 * max(abs(b), 1e-290):
                return relation == "O"
            if b == 0:
                return None
            ratios.append(a / b)
        first = ratios[0] if tolerance == LOOSE else ratios[-2]
        start = at[0] if tolerance == LOOSE else at[-2]
        slope = (log(abs(ratios[-1])) - log(abs(first))) / (log(at[-1]) - log(start))
        latest = (log(abs(ratios[-1])) - log(abs(ratios[-2]))) / (log(at[-1]) - log(at[-2]))
        if abs(latest) < 0.6 * abs(slope):  # settling
            slope = latest
        if relation == "~":
            gap, before = abs(ratios[-1] - 1), abs(ratios[-2] - 1)
            if gap < 1e-3 or (gap < 0.05 and gap < 0.3 * before):
                return True
            return None if tolerance == LOOSE and gap < 0.7 * before else False
        over = slope if relation == "O" else -slope if relation == "Omega" else abs(slope)
        if over <= tolerance:
            return True
        if tolerance == LOOSE and bounded and not _far(ratios, slope):
            return True if relation != "Theta" else None
        return None if tolerance == LOOSE and over < 0.25 else False

    # -- arrays
    def families(self, relation: str, before: Term, after: Term, ray: dict[str, float], start: int, stop: int
                 ) -> Iterator[tuple[bool | None, dict[str, Any], Any, Any]]:  # fmt: skip
        claims = self.linked((before, after))
        needed = self.names((before, after, *claims))
        arrays = [s for n, s in self.symbols.items() if n in needed and s.term.sort.shape and s.role == "fixed"
                  and n not in self.table]  # fmt: skip
        kinds = [families(s) for s in arrays]
        found = False
        for chosen in mixed(kinds)[start:stop]:
            try:
                self.factors = {}
                evaluators = [self.world(ray, t, arrays, chosen, needed) for t in MODERATE]
                if not all(self.given(g, evaluators) for g in claims) or not self.fits(evaluators[0], needed):
                    continue
                pairs = [(_mean(ev, before), _mean(ev, after)) for ev in evaluators]
            except Undefined:
                continue
            result = self.verdict(relation, pairs, tuple(map(float, MODERATE)), LOOSE, bool(claims))
            found = True
            yield result, self.where(ray, arrays, chosen, evaluators[0]), plain(pairs[0][0]), plain(pairs[0][1])
            if result is False:
                return
        if not found:
            raise BeyondReach("no family of arrays satisfies everything given")

    def world(self, ray: dict[str, float], t: float, arrays: list[Symbol], chosen: tuple[Family, ...], needed: frozenset[str]
              ) -> Evaluator:  # fmt: skip
        sizes = {d: max(2, round(t ** ray[d])) if d in ray else 3 for d in self.dims}
        random = [s for n, s in self.symbols.items() if s.role == "random" and n in needed]
        left_out = [s for s in self.symbols.values() if s.role == "random" or (s.role == "fixed" and s.term.sort.shape)]
        scalars = tuple(s for s in self.setting.symbols if s not in left_out)
        w = build(scalars, tuple(g for g in self.plain if not _mentions(self, g, left_out)), self.table, sizes, 0)
        if w is None:
            raise Undefined("no such sizes")
        for n in self.others:
            w.values[n] = np.array(1.3 * t ** ray[n])
        ev = Evaluator(w)
        for k, (s, f) in enumerate(zip(arrays, chosen, strict=True)):
            w.values[s.term.name] = f.build([ev.integer(d, ev.base) for d in s.term.sort.shape], k)
            for g in self.claims:
                if g.args[1].head == "Theta" and g.args[0].args and g.args[0].args[0] == s.term:
                    size = ev.number(g.args[0])
                    if size > 1e-12:
                        factor = Evaluator(w).number(g.args[1].args[0]) / size
                        self.factors.setdefault(s.term.name, {})[t] = factor
                        w.values[s.term.name] = w.values[s.term.name] * factor
            for factor in self.shrunk(s, w):
                self.factors.setdefault(s.term.name, {})[t] = self.factors.get(s.term.name, {}).get(t, 1.0) * factor
                w.values[s.term.name] = w.values[s.term.name] * factor
            ev = Evaluator(w)
        if random:
            draw(w, ev, random, self.plain)
        return ev

    def shrunk(self, s: Symbol, w: World) -> Iterator[float]:
        """What an array is multiplied by to keep to a bound of its norm (whether it then does is looked at afterwards)."""
        for g in self.plain:
            if g.head in ("Le", "Lt") and g.args[0].head in NORMS and g.args[0].args[0] == s.term:
                ev = Evaluator(w)
                try:
                    size, bound = ev.number(g.args[0]), ev.number(g.args[1])
                except BeyondReach:
                    continue
                if size > bound > 0:
                    yield bound / size * (1.0 if g.head == "Le" else 0.9)

    def linked(self, terms: tuple[Term, ...]) -> list[Term]:
        """The growth givens about arrays that occur, or that share an array with one that does."""
        out: list[Term] = []
        names = {n for n in self.names(terms) if n not in self.dims}
        while True:
            new = [g for g in self.claims if g not in out and (self.names((g,)) - set(self.dims)) & names]
            if not new:
                return out
            out += new
            names |= {n for g in new for n in self.names((g,)) if n not in self.dims}

    def fits(self, ev: Evaluator, needed: frozenset[str]) -> bool:
        """Whether the other givens hold of the arrays built."""
        from derive.referee.fixed import holds

        random = {n for n, s in self.symbols.items() if s.role == "random"}
        ours = [g for g in self.plain if (names := self.names((g,))) & needed and not names & random]
        return all(holds(ev, g) for g in ours)

    def given(self, g: Term, evaluators: list[Evaluator]) -> bool:
        pairs = [(_mean(ev, g.args[0]), _mean(ev, g.args[1].args[0])) for ev in evaluators]
        return self.verdict(CLASSES[g.args[1].head], pairs, tuple(map(float, MODERATE)), LOOSE) is True

    def factor(self, name: str, size: Term | None) -> Term | None:
        """What an array was scaled by, as a power of the size; None where it is none."""
        found = self.factors.get(name, {})
        if not found:
            return num(1)
        if size is None or len(found) < 2:
            return None
        a, b = min(found), max(found)
        e = Fraction(round(4 * log(found[b] / found[a]) / log(round(b) / round(a)))) / 4
        if all(abs(f / max(2, round(t)) ** float(e) - 1) < 1e-6 for t, f in found.items()):
            return power(size, num(e)) if e else num(1)
        return None

    def where(self, ray: dict[str, float], arrays: list[Symbol], chosen: tuple[Family, ...], ev: Evaluator) -> dict[str, Any]:
        """The family as terms in the sizes where there are such, else its first member."""
        out: dict[str, Any] = {}
        grown = [d for d in self.dims if d in ray]
        first = self.symbols[grown[0]].term if grown and grown[0] in self.symbols else None
        factors = {s.term.name: self.factor(s.term.name, first) for s in arrays}
        symbolic = len({ray[d] for d in grown}) == 1 and all(f.term is not None for f in chosen) and None not in factors.values()
        for k, d in enumerate(grown):
            if not symbolic:
                out[d] = int(ev.world.values[d])
            elif k:
                out[d] = self.symbols[grown[0]].term if grown[0] in self.symbols else grown[0]
        for s, f in zip(arrays, chosen, strict=True):
            if len(s.term.sort.shape) == 3 and f.term is not None:  # all members alike
                index = next(i for i in ("l", "j", "i", "k") if i not in self.symbols)
                out[f"{s.term.name}_{index}"] = f.term(s.term.sort.shape)
                continue
            value = ev.world.values[s.term.name]
            out[s.term.name] = times(factors[s.term.name], f.term(s.term.sort.shape)) if symbolic else plain(value if value.size < 40 else value.ravel()[:6])
        return out


def mixed(kinds: list[list[Family]]) -> list[tuple[Family, ...]]:
    """Choices of one family for each array, those that come first in their lists before others."""
    found = sorted(product(*(range(len(k)) for k in kinds)), key=lambda c: (sum(c), c))
    return [tuple(k[i] for k, i in zip(kinds, c, strict=True)) for c in found[:MAX_FAMILIES]]


def times(factor: Term | None, array: Term) -> Term:
    return array if factor is None or factor == num(1) else mul(factor, array)


def _far(ratios: list[float], slope: float) -> bool:
    """Whether the ratio has left what constants near 1 explain."""
    last = abs(ratios[-1])
    return last > 4 if slope > 0 else last < 0.25


def _growth_given(g: Term) -> bool:
    return g.head == "Eq" and g.args[1].head in CLASSES


def _mentions(growth: _Growth, g: Term, symbols: list[Symbol]) -> bool:
    names = {s.term.name for s in symbols}
    return bool(growth.names((g,)) & names) or g.head in ("Iid", "Independent")


def _mean(ev: Evaluator, t: Term) -> float:
    """The value; of something random its mean size over the draws."""
    if ev.drawn is not None and ev.world.depends(t) & ev.world.sources.keys():
        v = ev.value(call("Abs", t), ev.drawn.frame)
        return float(v.mean())
    return ev.number(t)
