"""How everything random is drawn: a law for each entry, and what is drawn together.

What the document does not call independent is drawn together, so that an unjustified use of independence shows.
A thing known by its moments alone gets a lopsided law on a few values: an identity that holds for normal laws only shows too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

from derive.referee.evaluate import Evaluator
from derive.referee.laws import CONTINUOUS, DISCRETE, FINE, Law, Need, nodes, points
from derive.referee.weights import check, root, weighted
from derive.referee.world import Atom, BeyondReach, Frame, Source, Undefined, World
from derive.terms import Term, at, same

Array = Any
Index = tuple[int, ...]
MIXTURES = ((0.5, 0.0, 0.5), (0.2, 0.5, 0.3), (0.7, 0.3, 0.0), (1.0, 0.0, 0.0))
GROUP = 3  # how many are drawn together at most, of arrays
SCALARS = 5  # the same of numbers
APART = 400  # combinations of what is drawn together that are taken one by one


@dataclass
class Said:
    """What the givens say of one entry."""

    law: Term | None = None
    index: tuple[tuple[str, int], ...] = ()
    moments: list[tuple[Term, Term, tuple[tuple[str, int], ...]]] = field(default_factory=list)
    nonneg: bool = False
    range: tuple[float, float] | None = None
    symmetric: bool = False
    like: Said | None = None  # the entry whose law it shares
    above: Said | None = None  # the entry that it is at least


class Drawing:
    """The random part of one world, from its givens."""

    def __init__(self, world: World, symbols: list[Term], givens: tuple[Term, ...], variant: int) -> None:
        self.world, self.symbols, self.variant = world, symbols, variant
        self.ev = Evaluator(world)
        self.sizes = {s.name: tuple(self.ev.integer(d, self.ev.base) for d in s.sort.shape) for s in symbols}
        self.names = set(self.sizes)
        self.said: dict[tuple[str, Index], Said] = {
            (n, i): Said() for n, size in self.sizes.items() for i in product(*(range(1, k + 1) for k in size))
        }
        self.vectors: dict[str, Term] = {}
        self.chosen: dict[int, Law] = {}
        self.alike = False  # everything drawn together goes up and down together
        self.tables: dict[str, tuple[Array, Array]] = {}
        self.apart: set[frozenset[str]] = set()  # pairs of names called independent
        self.entries_apart: set[str] = set()
        self.members_apart: set[str] = set()
        self.uncorrelated: set[frozenset[str]] = set()
        for g in givens:
            self.read(g, {})

    # -- givens
    def read(self, p: Term, bound: dict[str, Term]) -> None:
        if p.head == "ForAll":
            self.read(p.body, {**bound, p.var.name: p.var})
        elif p.head == "And":
            for a in p.args:
                self.read(a, bound)
        elif p.head == "Dist":
            self.law(p.args[0], p.args[1], bound)
        elif p.head in ("Iid", "IndependentEntries"):
            self.entries_apart.update(a.name for a in p.args if a.head == "Sym")
            self.pairs([self.inside(a) for a in p.args], self.apart)
        elif p.head == "IidMembers":
            self.members_apart.update(a.name for a in p.args if a.head == "Sym")
            self.pairs([self.inside(a) for a in p.args], self.apart)
        elif p.head in ("Independent", "PairwiseIndependent"):
            self.pairs([self.inside(a) for a in p.args], self.apart)
            if len(p.args) == 1:
                self.members_apart.update(self.inside(p.args[0]))
                self.entries_apart.update(n for n in self.inside(p.args[0]) if len(self.sizes[n]) == 1)
                names = sorted(self.inside(p.args[0]))
                self.apart.update(frozenset((a, b)) for a in names for b in names if a != b)
        elif p.head == "Uncorrelated":
            self.pairs([self.inside(a) for a in p.args], self.uncorrelated)
            if len(p.args) == 1:
                names = sorted(self.inside(p.args[0]))
                self.uncorrelated.update(frozenset((a, b)) for a in names for b in names)
        elif p.head == "SameLaw":
            self.same_law(p.args, bound)
        elif p.head in ("Eq", "Ge", "Gt", "Le", "Lt", "In"):
            self.moment(p, bound)

    def inside(self, t: Term) -> set[str]:
        return set(self.world.depends(t) & self.names)

    def pairs(self, groups: list[set[str]], into: set[frozenset[str]]) -> None:
        for i, a in enumerate(groups):
            for b in groups[i + 1 :]:
                into.update(frozenset((x, y)) for x in a for y in b if x != y)

    def match(self, e: Term, bound: dict[str, Term]) -> Iterator[tuple[Said, tuple[tuple[str, int], ...]]]:
        """The entries that ``e`` (an entry of a random array, indices bound or literal) stands for."""
        symbol, index = (e.args[0], e.args[1:]) if e.head == "At" else (e, ())
        if symbol.head != "Sym" or symbol.name not in self.sizes:
            return
        for i in product(*(range(1, n + 1) for n in self.sizes[symbol.name])):
            if len(index) > len(i):
                return
            table: dict[str, int] = {}
            ok = True
            for want, k in zip(index, i, strict=False):
                if want.head == "Sym" and want.name in bound:
                    ok = ok and table.setdefault(want.name, k) == k
                else:
                    ok = ok and self.ev.integer(want, self.ev.base) == k
            if ok:
                yield self.said[symbol.name, i], tuple(table.items())

    def law(self, e: Term, law: Term, bound: dict[str, Term]) -> None:
        symbol = e.args[0] if e.head == "At" else e
        if symbol.head != "Sym" or symbol.name not in self.sizes:
            return
        depth = len(self.sizes[symbol.name]) - (len(e.args) - 1 if e.head == "At" else 0)
        if self.world.depends(law) & self.names:
            raise BeyondReach("a law that depends on something random")
        if depth == 0 or (depth == 1 and self.sizes[symbol.name][-1] == 1 and not self._vector(law)):
            for said, index in self.match(e, bound):
                said.law, said.index = law, index
        elif law.head == "Normal":
            self._normal(symbol, e, law, bound, depth)
        else:
            if e.head == "At":
                raise BeyondReach("a family of vectors with a declared density")
            axes = self.sizes[symbol.name][-1]
            fine = Need(FINE, fineness=20 if axes == 1 else 12) if axes < 3 else Need(6)
            x, w = weighted(self.ev, law, fine, self.ev.base)
            self.tables[symbol.name] = x[0].reshape(x.shape[1], -1), w[0]

    @staticmethod
    def _vector(law: Term) -> bool:
        from derive.referee.chance import law_shape

        return bool(law_shape(law))

    def _normal(self, symbol: Term, e: Term, law: Term, bound: dict[str, Term], depth: int) -> None:
        """A normal vector: entries of their own where the covariance is diagonal."""
        import numpy as np

        if depth != 1:
            raise BeyondReach("a normal law of a matrix")
        cov = self.ev.value(law.args[1], Frame(self.ev.base, {n: 1 for n in bound}))[0]
        if (cov * (1 - np.eye(len(cov)))).any():
            if e.head == "At":
                raise BeyondReach("a family of normal vectors with dependent entries")
            self.vectors[symbol.name] = law
            return
        for said, index in self.match(e, bound):
            said.law, said.index = law, index
        self.entries_apart.add(symbol.name)
        if self.sizes[symbol.name][:-1] and symbol.name not in self.members_apart:
            self.members_apart.add(symbol.name)

    def same_law(self, args: tuple[Term, ...], bound: dict[str, Term]) -> None:
        """Entries with one law among them; with its own negative, a symmetric law."""
        together: list[Said] = []
        for a in args:
            if a.head == "Mul" and len(a.args) == 2 and a.args[0].head == "Num" and a.args[0].value == -1:
                for said, _ in self.match(a.args[1], bound):
                    said.symmetric = True
            else:
                together += [said for said, _ in self.match(a, bound)]
        for said in together:
            said.like = together[0] if together[0].like is None else together[0].like

    def moment(self, p: Term, bound: dict[str, Term]) -> None:
        left, right = p.args
        if p.head in ("Le", "Lt", "Ge", "Gt") and self.ordered(p, bound):
            return
        if p.head in ("Ge", "Gt", "In"):
            for said, _ in self.match(left, bound):
                if p.head == "In":
                    said.range = self._interval(right)
                else:
                    said.nonneg = True
            return
        if p.head in ("Le", "Lt"):
            for said, _ in self.match(right, bound):
                said.nonneg = True
            return
        if left.head in ("Expect", "Var"):
            body = left.args[0]
            entry = body.args[0] if body.head in ("Pow", "Abs") else body
            if body.head == "Pow" and entry.head == "Abs":
                entry = entry.args[0]
            for said, index in self.match(entry, bound):
                said.moments.append((left, right, index))

    def ordered(self, p: Term, bound: dict[str, Term]) -> bool:
        """``X ≤ Y`` between two random entries: Y is drawn with X, above it."""
        low, high = p.args if p.head in ("Le", "Lt") else p.args[::-1]
        pairs = list(zip(self.match(low, bound), self.match(high, bound), strict=False))
        for (a, _), (b, _) in pairs:
            b.above = a
            self.alike = True
        return bool(pairs)

    def _interval(self, s: Term) -> tuple[float, float] | None:
        if s.head != "Interval":
            return None
        return self.ev.number(s.args[0]), self.ev.number(s.args[1])

    # -- laws
    def entry_law(self, name: str, index: Index, order: int) -> tuple[Law, Term | None, tuple[tuple[str, int], ...]]:
        said = self.said[name, index]
        if said.law is None and said.like is not None:
            said = said.like
        if said.law is None:
            key = id(said)
            if key not in self.chosen and said.above is not None and said.above.law is None:
                low = self.chosen.setdefault(id(said.above), self.generic(said.above, order))
                x, w = nodes(low, Need(4))
                self.chosen[key] = points(x + 0.3 + 0.2 * abs(x), w)
            elif key not in self.chosen:
                self.chosen[key] = self.generic(said, order)
            return self.chosen[key], None, ()
        frame = Frame(self.ev.base, dict(said.index))
        law = said.law
        if law.head == "Normal" and self._vector(law):  # an entry of a normal vector with a diagonal covariance
            from derive.terms import call, num

            k = num(index[-1])
            law = call("Normal", at(law.args[0], k), at(law.args[1], k, k))
        if law.head in CONTINUOUS or law.head in DISCRETE:
            params = [self.ev.value(a, frame) for a in law.args]
            flat = [float(v) for p in params for v in p.ravel()]
            return check(Law(law.head, tuple(flat))), law, said.index
        x, w = weighted(self.ev, law, Need(FINE, fineness=20), frame)
        return points(x[0].ravel(), w[0].ravel()), None, ()

    def generic(self, said: Said, order: int) -> Law:
        """A lopsided law with the moments said."""
        import numpy as np

        mean, variance, second, rest = None, None, None, []
        for left, right, index in said.moments:
            frame = Frame(self.ev.base, dict(index))
            body = left.args[0]
            power = float(body.args[1].value) if body.head == "Pow" and body.args[1].head == "Num" else 1.0
            absolute = body.head == "Abs" or (body.head == "Pow" and body.args[0].head == "Abs")
            if left.head == "Var":
                variance = self.ev.number(right, frame)
            elif power == 1 and not absolute:
                mean = self.ev.number(right, frame)
            elif power == 2:
                second = self.ev.number(right, frame)
            else:
                rest.append((power, absolute, right, self.ev.number(right, frame)))
        lo, hi = said.range or ((0.0, np.inf) if said.nonneg else (-np.inf, np.inf))
        k = order % 5
        if mean is None:
            mean = (lo + hi) / 2 if hi < np.inf else (0.9 + 0.2 * k if lo == 0 else 0.45 - 0.3 * k + 0.2 * self.variant)
        if second is not None and variance is None:
            variance = second - mean * mean
        if variance is None:
            variance = ((hi - lo) / 5) ** 2 if hi < np.inf else min(0.8 + 0.25 * k, (mean / 1.5) ** 2 if lo == 0 else 9.0)
        if said.symmetric:
            mean = 0.0
        if variance < -1e-12:
            raise Undefined("a negative variance")
        s = float(np.sqrt(max(variance, 0.0)))
        if s == 0:
            return points([mean], [1.0])
        if said.symmetric and not rest:
            return points([-1.6 * s, -0.4 * s, 0.4 * s, 1.6 * s], [w / 2 for w in (0.35, 0.65, 0.65, 0.35)])
        if not rest:
            shape = np.array((-1.0 + 0.06 * k, 0.3 - 0.05 * k, 1.9 + 0.15 * k))
            if (k + self.variant) % 2 and lo == -np.inf:
                shape = -shape[::-1]
            x = mean + s * shape
            if x[0] < lo or x[-1] > hi:
                x = np.array([max(lo, mean - s), mean, min(hi, mean + 3 * s)])
                if x[0] >= mean or x[2] <= mean:
                    raise Undefined("no law has these moments")
            w = np.linalg.solve(np.vander((x - mean) / s, increasing=True).T, [1.0, 0.0, 1.0])
            if (w > -1e-12).all():
                return points(x, np.maximum(w, 0))
            rest = []
        x = mean + s * np.linspace(-4, 4, 33)
        if lo > -np.inf:
            x = lo + np.linspace(0, min(hi - lo, mean - lo + 5 * s), 33)
        known = [r for r in rest if not self._name_of(r[2])]
        rows = [np.ones_like(x), (x - mean) / s, ((x - mean) / s) ** 2]
        wanted = [1.0, 0.0, 1.0]
        for power, absolute, _, value in known:
            rows.append((abs(x) if absolute else x) ** power)
            wanted.append(value)
        w = nonnegative(np.array(rows), np.array(wanted))
        law = points(x[w > 0], w[w > 0])
        for power, absolute, right, _ in rest:
            if self._name_of(right):  # a name for a moment: it is what it is
                z = abs(x) if absolute else x
                self.world.values[right.name] = np.array(float(w @ z**power))
                self.ev = Evaluator(self.world)
        return law

    def _name_of(self, t: Term) -> bool:
        return t.head == "Sym" and t.name in self.world.values and t.name not in self.world.sizes

    # -- what is drawn together
    def independent(self, a: tuple[str, Index], b: tuple[str, Index]) -> bool:
        (n, i), (m, j) = a, b
        if n != m:
            return frozenset((n, m)) in self.apart
        if n in self.vectors or n in self.tables:
            return True
        return n in self.entries_apart or (n in self.members_apart and i[0] != j[0])

    def correlated(self, a: tuple[str, Index], b: tuple[str, Index]) -> bool:
        return frozenset((a[0], b[0])) not in self.uncorrelated

    def draw(self) -> None:
        """Put sources and atoms into the world."""
        order = [s.name for s in self.symbols]
        turn = 2 * self.variant % max(len(order), 1)
        order = order[turn:] + order[:turn]
        if self.variant % 2:
            order.reverse()
        groups: list[list[tuple[str, Index]]] = []
        taken: set[tuple[str, Index]] = set()
        for one, other in sorted(sorted(p) for p in self.uncorrelated if len(p) == 2):
            for i, j in zip(self._indices(one), self._indices(other), strict=False):
                pair = [(one, i), (other, j)]
                if not self.independent(*pair) and taken.isdisjoint(pair):
                    groups.append(pair)
                    taken.update(pair)
        for name in order:
            if name in self.tables:
                continue
            for index in product(*(range(1, n + 1) for n in self.sizes[name])):
                e = (name, index)
                if e in taken:
                    continue
                for g in groups:
                    if len(g) < self._most(g, e) and all(not self.independent(e, other) for other in g):
                        g.append(e)
                        break
                else:
                    groups.append([e])
        place: dict[tuple[str, Index], tuple[int, int]] = {}
        counter = 0
        laws: dict[tuple[str, Index], tuple[Law, Term | None, tuple[tuple[str, int], ...]]] = {}
        for s in self.symbols:
            alike = s.name in self.entries_apart and not any(
                self.said[s.name, i].law is not None for i in self._indices(s.name)
            )
            for index in self._indices(s.name):
                if s.name in self.vectors:
                    laws[s.name, index] = Law("Normal", (0.0, 1.0)), None, ()
                elif s.name not in self.tables:
                    laws[s.name, index] = self.entry_law(s.name, index, counter)
                    counter += 0 if alike else 1
            counter += 1
        for g in groups:
            chosen = [laws[e] for e in g]
            mixture = MIXTURES[(self.variant + len(g)) % 2 if len(g) == 2 else 0]
            if len(g) == 2 and not self.correlated(*g):
                mixture = self._balanced([law for law, _, _ in chosen])
            if mixture[2] and prod(_values(law) for law, _, _ in chosen) > APART:
                mixture = (mixture[0], mixture[1] + mixture[2], 0.0)
            if self.alike:
                mixture = MIXTURES[3]
            atom = Atom(tuple(law for law, _, _ in chosen), chosen[0][1], chosen[0][2], mixture)
            if len(g) > 1:
                atom = Atom(atom.laws, None, (), mixture)
            for k, e in enumerate(g):
                place[e] = len(self.world.atoms), k
            self.world.atoms.append(atom)
        for s in self.symbols:
            self._source(s, place)
        users: dict[int, list[str]] = {}
        for source in self.world.sources.values():
            for a in source.atoms:
                users.setdefault(a, []).append(source.name)
        self.world.memo["users"] = users
        self.world.dependence.clear()

    def _indices(self, name: str) -> list[Index]:
        return list(product(*(range(1, n + 1) for n in self.sizes[name])))

    def _most(self, g: list[tuple[str, Index]], e: tuple[str, Index]) -> int:
        together = (*g, e)
        if any(not self.correlated(a, b) for i, a in enumerate(together) for b in together[i + 1 :]):
            return 2
        if all(not i for _, i in together):
            return SCALARS
        return GROUP if len({n for n, _ in together}) > 1 else 4

    def _balanced(self, laws: list[Law]) -> tuple[float, float, float]:
        """Weights of `alike` and `opposed` at which the covariance is 0."""
        from derive.referee.grids import coupled

        def covariance(mixture: tuple[float, float, float]) -> float:
            x, w = coupled(Atom(tuple(laws), mixture=mixture), Need(4))
            gap = x - w @ x
            return float(w @ (gap[:, 0] * gap[:, 1]))

        up, down = covariance((1.0, 0.0, 0.0)), covariance((0.0, 1.0, 0.0))
        if up - down < 1e-12:
            return 0.0, 0.0, 1.0
        p = -down / (up - down)
        return 0.8 * p, 0.8 * (1 - p), 0.2

    def _source(self, s: Term, place: dict[tuple[str, Index], tuple[int, int]]) -> None:
        name, shape = s.name, self.sizes[s.name]
        if name in self.tables:
            x, w = self.tables[name]
            a = len(self.world.atoms)
            laws = tuple(points(x[:, k], w) for k in range(x.shape[1]))
            self.world.atoms.append(Atom(laws, table=(x, w)))
            self.world.sources[name] = Source(name, shape, tuple((a, k) for k in range(x.shape[1])))
            return
        entries = tuple(place[name, i] for i in self._indices(name))
        law = self.vectors.get(name)
        if law is None:
            self.world.sources[name] = Source(name, shape, entries)
            return
        mean, cov = self.ev.value(law.args[0])[0], self.ev.value(law.args[1])
        self.world.sources[name] = Source(name, shape, entries, mean, root(cov)[0], law)


def _values(law: Law) -> int:
    return len(nodes(law, Need(4))[0]) if law.discrete and not law.compressed else 8


def nonnegative(a: Array, b: Array) -> Array:
    """Weights at least 0 with ``a w = b`` (Lawson and Hanson); none: no law has these moments."""
    import numpy as np

    scale = np.maximum(abs(a).max(axis=1), 1e-12)
    a, b = a / scale[:, None], b / scale
    m = a.shape[1]
    x, passive = np.zeros(m), np.zeros(m, bool)
    for _ in range(6 * m):
        gradient = a.T @ (b - a @ x)
        gradient[passive] = -np.inf
        if gradient.max() <= 1e-13:
            break
        passive[int(np.argmax(gradient))] = True
        while True:
            s = np.zeros(m)
            s[passive] = np.linalg.lstsq(a[:, passive], b, rcond=None)[0]
            if (s[passive] > 0).all():
                break
            bad = passive & (s <= 0)
            step = min(float(x[k] / (x[k] - s[k])) for k in np.flatnonzero(bad))
            x = x + step * (s - x)
            passive &= x > 1e-14
        x = s
    if abs(a @ x - b).max() > 1e-10:
        raise Undefined("no law has these moments")
    return x


__all__ = ["Drawing", "FINE", "same"]
