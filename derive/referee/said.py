"""What the givens say of what is random: the law and moments of each entry, what is independent of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

import numpy as np

from derive.referee.evaluate import Evaluator
from derive.referee.laws import FINE, Law, Need
from derive.referee.weights import weighted
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term

Array = Any
Index = tuple[int, ...]


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


class Reading:
    """The givens about what is random, entry by entry."""

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
        self.tables: dict[str, tuple[Array, Array, Term, Need]] = {}  # values, weights, the law, how finely they follow it
        self.apart: set[frozenset[str]] = set()  # pairs of names called independent
        self.entries_apart: set[str] = set()
        self.members_apart: set[str] = set()
        self.uncorrelated: set[frozenset[str]] = set()
        self.jointly: list[list[set[str]]] = []  # the groups of each statement of joint independence
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
            self.jointly.append([self.inside(a) for a in p.args])
        elif p.head == "IidMembers":
            self.members_apart.update(a.name for a in p.args if a.head == "Sym")
            self.pairs([self.inside(a) for a in p.args], self.apart)
        elif p.head in ("Independent", "PairwiseIndependent"):
            self.pairs([self.inside(a) for a in p.args], self.apart)
            if p.head == "Independent":
                self.jointly.append([self.inside(a) for a in p.args] if len(p.args) > 1 else [{n} for n in self.inside(p.args[0])])
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

    @property
    def loose(self) -> list[tuple[tuple[str, Index], ...]]:
        """Three numbers each two of which are independent, while nothing says that all three are."""
        numbers = [n for n, size in self.sizes.items() if size == ()]
        out: list[tuple[tuple[str, Index], ...]] = []
        for triple in combinations(numbers, 3):
            if all(frozenset(pair) in self.apart for pair in combinations(triple, 2)) and not any(
                sum(bool(g & set(triple)) for g in groups) > 1 and set(triple) <= set().union(*groups) for groups in self.jointly
            ):
                out.append(tuple((n, ()) for n in triple))
        return out

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
            fine = Need(FINE, fineness=40 if axes == 1 else 26) if axes < 3 else Need(6)
            x, w = weighted(self.ev, law, fine, self.ev.base)
            self.tables[symbol.name] = x[0].reshape(x.shape[1], -1), w[0], law, fine

    @staticmethod
    def _vector(law: Term) -> bool:
        from derive.referee.chance import law_shape

        return bool(law_shape(law))

    def _normal(self, symbol: Term, e: Term, law: Term, bound: dict[str, Term], depth: int) -> None:
        """A normal vector: entries of their own where the covariance is diagonal."""
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
