"""What the givens say of what is random: the law and moments of each entry, what is independent of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from derive.referee.evaluate import Evaluator
from derive.referee.laws import FINE, Law, Need
from derive.referee.weights import weighted
from derive.referee.world import BeyondReach, World
from derive.terms import Term, call, shape

Array = Any
Index = tuple[int, ...]
Bound = tuple[tuple[str, int], ...]  # the bound indices that are written, and their values
Written = tuple[Term, Bound]
Moment = tuple[str, Term, Bound]  # `mean`, `variance` (of a vector: its covariance) or `second` (E[x x^T]); what it is said to be


@dataclass
class Said:
    """What the givens say of one entry."""

    law: Term | None = None
    index: Bound = ()
    moments: list[tuple[Term, Term, Bound]] = field(default_factory=list)
    nonneg: bool = False
    range: tuple[float, float] | None = None
    symmetric: bool = False
    like: Said | None = None  # the entry whose law it shares
    above: Said | None = None  # the entry that it is at least


class Reading:
    """The givens about what is random, entry by entry."""

    def __init__(
        self, world: World, symbols: list[Term], givens: tuple[Term, ...], variant: int, families: frozenset[str] = frozenset()
    ) -> None:
        """``families``: the names that stand for several things each, with an index for which of them."""
        self.world, self.symbols, self.variant, self.families = world, symbols, variant, families
        self.ev = Evaluator(world)
        self.sizes = {s.name: tuple(self.ev.integer(d, self.ev.base) for d in s.sort.shape) for s in symbols}
        self.names = set(self.sizes)
        self.said: dict[tuple[str, Index], Said] = {
            (n, i): Said() for n, size in self.sizes.items() for i in product(*(range(1, k + 1) for k in size))
        }
        self.normal: dict[str, dict[Index, Written]] = {}  # the law of a whole vector, member by member
        self.whole: dict[str, dict[Index, list[Moment]]] = {}  # what is said of arrays as wholes, by what indices are written
        self.iid: list[tuple[str, ...]] = []  # arrays whose entries all have one law
        self.iid_members: list[tuple[str, ...]] = []  # those whose members have one
        self.chosen: dict[int, Law] = {}
        self.alike = False  # everything drawn together goes up and down together
        self.tables: dict[str, tuple[Array, Array, Term, Need]] = {}  # values, weights, the law, how finely they follow it
        self.apart: set[frozenset[str]] = set()  # pairs of names called independent
        self.entries_apart: set[str] = set()
        self.apart_within: set[str] = set()  # where the entries of a member are independent
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
            names = tuple(a.name for a in p.args if a.head == "Sym")
            self.entries_apart.update(names)
            if p.head == "Iid":
                self.iid.append(names)
            self.pairs([self.inside(a) for a in p.args], self.apart)
            self.jointly.append([self.inside(a) for a in p.args])
        elif p.head == "IidMembers":
            names = tuple(a.name for a in p.args if a.head == "Sym")
            self.members_apart.update(n for n in names if n in self.families)
            self.iid_members.append(names)
            self.pairs([self.inside(a) for a in p.args], self.apart)
        elif p.head in ("Independent", "PairwiseIndependent"):
            self.pairs([self.inside(a) for a in p.args], self.apart)
            if p.head == "Independent":
                self.jointly.append([self.inside(a) for a in p.args] if len(p.args) > 1 else [{n} for n in self.inside(p.args[0])])
            if len(p.args) == 1:
                self.members_apart.update(self.inside(p.args[0]))
                self.entries_apart.update(n for n in self.inside(p.args[0]) if len(self.sizes[n]) == 1)
                inside = sorted(self.inside(p.args[0]))
                self.apart.update(frozenset((a, b)) for a in inside for b in inside if a != b)
        elif p.head == "Uncorrelated":
            self.pairs([self.inside(a) for a in p.args], self.uncorrelated)
            if len(p.args) == 1:
                inside = sorted(self.inside(p.args[0]))
                self.uncorrelated.update(frozenset((a, b)) for a in inside for b in inside)
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

    def match(self, e: Term, bound: dict[str, Term]) -> Iterator[tuple[Said, Bound]]:
        """The entries that ``e`` (an entry of a random array, indices bound or literal) stands for."""
        for name, i, table in self.members(e, bound):
            for rest in product(*(range(1, n + 1) for n in self.sizes[name][len(i) :])):
                yield self.said[name, (*i, *rest)], table

    def members(self, e: Term, bound: dict[str, Term]) -> Iterator[tuple[str, Index, Bound]]:
        """The parts of a random array that ``e`` stands for, by as many indices as it writes."""
        symbol, index = (e.args[0], e.args[1:]) if e.head == "At" else (e, ())
        if symbol.head != "Sym" or symbol.name not in self.sizes or len(index) > len(self.sizes[symbol.name]):
            return
        for i in product(*(range(1, n + 1) for n in self.sizes[symbol.name][: len(index)])):
            table: dict[str, int] = {}
            ok = True
            for want, k in zip(index, i, strict=False):
                if want.head == "Sym" and want.name in bound:
                    ok = ok and table.setdefault(want.name, k) == k
                else:
                    ok = ok and self.ev.integer(want, self.ev.base) == k
            if ok:
                yield symbol.name, i, tuple(table.items())

    def depth(self, e: Term) -> int:
        """How many axes ``e``, a random array or a part of one, has; 0 of anything else."""
        symbol = e.args[0] if e.head == "At" else e
        size = self.sizes.get(symbol.name, ()) if symbol.head == "Sym" else ()
        return max(len(size) - (len(e.args) - 1 if e.head == "At" else 0), 0)

    def law(self, e: Term, law: Term, bound: dict[str, Term]) -> None:
        symbol = e.args[0] if e.head == "At" else e
        if symbol.head != "Sym" or symbol.name not in self.sizes:
            return
        depth = self.depth(e)
        if self.world.depends(law) & self.names:
            raise BeyondReach("a law that depends on something random")
        if depth == 0 or (depth == 1 and self.sizes[symbol.name][-1] == 1 and not self._vector(law)):
            for said, index in self.match(e, bound):
                said.law, said.index = law, index
        elif law.head == "Normal":
            if depth != 1:
                raise BeyondReach("a normal law of a matrix")
            for name, i, table in self.members(e, bound):
                self.normal.setdefault(name, {})[i] = law, table
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
            part = _squared(body) if left.head == "Expect" else None
            if self.depth(part or body):
                kind = "second" if part is not None else "mean" if left.head == "Expect" else "variance"
                for name, i, table in self.members(part or body, bound):
                    self.whole.setdefault(name, {}).setdefault(i, []).append((kind, right, table))
                return
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


def covariances(g: Term) -> list[Term]:
    """What a given asks of a named matrix that is a covariance by it, or the mean of some ``x x^T``."""
    if g.head == "ForAll":
        return [Term("ForAll", (g.var, p)) for p in covariances(g.body)]
    if g.head == "And":
        return [p for a in g.args for p in covariances(a)]
    if g.head == "Dist" and g.args[1].head == "Normal":
        said, s = True, g.args[1].args[1]
    elif g.head == "Eq" and g.args[0].head in ("Var", "Expect"):
        left, s = g.args
        said = bool(shape(left.args[0])) if left.head == "Var" else _squared(left.args[0]) is not None
    else:
        return []
    if not said or not shape(s) or (s.args[0] if s.head == "At" else s).head != "Sym":
        return []
    return [call("Eq", call("Transpose", s), s), call("PositiveDefinite", s)]


def _squared(t: Term) -> Term | None:
    """``x`` where ``t`` is ``x x^T``."""
    if t.head == "MatMul" and len(t.args) == 2 and t.args[1] == call("Transpose", t.args[0]):
        return t.args[0]
    return None
