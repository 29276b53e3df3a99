"""How everything random is drawn: what is drawn together, and from what.

What the document does not call independent is drawn together, so that an unjustified use of independence shows.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

from derive.referee.choosing import Choosing
from derive.referee.laws import Law, Need, nodes, points
from derive.referee.said import Index, Said
from derive.referee.weights import root
from derive.referee.world import Atom, Source
from derive.terms import Term, power, sym

Array = Any
MIXTURES = ((0.5, 0.0, 0.5), (0.2, 0.5, 0.3), (0.7, 0.3, 0.0), (1.0, 0.0, 0.0))
GROUP = 3  # how many are drawn together at most, of arrays
SCALARS = 5  # the same of numbers
APART = 400  # combinations of what is drawn together that are taken one by one


class Drawing(Choosing):
    """The random part of one world."""

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
        if self.world.memo.get("readable"):
            groups = [g for g in groups if not self._squared(g)]
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
            if self.alike or (self.world.memo.get("readable") and all(self.correlated(a, b) for a in g for b in g)):
                mixture = MIXTURES[3]
            atom = Atom(tuple(law for law, _, _ in chosen), chosen[0][1], chosen[0][2], mixture)
            if len(g) > 1:
                atom = Atom(atom.laws, None, (), mixture)
            for k, e in enumerate(g):
                place[e] = len(self.world.atoms), k
            self.world.atoms.append(atom)
        for s in self.symbols:
            if s.name not in self.world.sources:
                self._source(s, place)
        users: dict[int, list[str]] = {}
        for source in self.world.sources.values():
            for a in source.atoms:
                users.setdefault(a, []).append(source.name)
        self.world.memo["users"] = users
        self.world.memo["lawful"] = {n for (n, _), said in self.said.items() if said.law is not None} | set(self.tables)
        self.world.dependence.clear()

    def _squared(self, g: list[tuple[str, Index]]) -> bool:
        """Two numbers that are uncorrelated and no more, as one on -1, 0, 1 and its square: a table of their own."""
        import numpy as np

        free = all(not i and self.said[n, i] == Said() for n, i in g)
        if len(g) != 2 or not free or self.correlated(*g):
            return False
        (one, _), (other, _) = g
        x, w = np.array([[-1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]), np.array([0.25, 0.5, 0.25])
        a = len(self.world.atoms)
        self.world.atoms.append(Atom((points(x[:, 0], w), points(x[:, 1], w)), table=(x, w)))
        for k, name in enumerate((one, other)):
            self.world.sources[name] = Source(name, (), ((a, k),))
        shown = self.world.memo.setdefault("shown", {})
        shown.update({one: [[-1, 0.25], [0, 0.5], [1, 0.25]], other: power(sym(one), 2)})
        return True

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


__all__ = ["Drawing"]
