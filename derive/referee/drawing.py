"""How everything random is drawn: what is drawn together, and from what.

What the document does not call independent is drawn together, so that an unjustified use of independence shows.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

from derive.referee.choosing import Choosing
from derive.referee.laws import Law, Need, nodes, points
from derive.referee.said import Index, Said
from derive.referee.weights import root
from derive.referee.world import Atom, Frame, Source
from derive.terms import Term, call, mul, power, sym

Array = Any
Entry = tuple[str, Index]
MIXTURES = ((0.5, 0.0, 0.5), (0.2, 0.5, 0.3))
ALIKE = (1.0, 0.0, 0.0)
GROUP = 3  # how many are drawn together at most, of arrays
SCALARS = 5  # the same of numbers
APART = 400  # combinations of what is drawn together that are taken one by one


class Drawing(Choosing):
    """The random part of one world."""

    def independent(self, a: Entry, b: Entry) -> bool:
        (n, i), (m, j) = a, b
        if n != m:
            return frozenset((n, m)) in self.apart
        if n in self.tables or (n in self.apart_within and i[:-1] == j[:-1]):
            return True
        return n in self.entries_apart or (n in self.members_apart and i[0] != j[0])

    def correlated(self, a: Entry, b: Entry) -> bool:
        return frozenset((a[0], b[0])) not in self.uncorrelated

    def draw(self) -> None:
        """Put sources and atoms into the world."""
        self.points: dict[Entry, Array] = {}  # what a member that is drawn as a whole may be
        groups = self._groups()
        laws = self._laws()
        place: dict[Entry, tuple[int, int]] = {}
        for g in groups:
            for k, e in enumerate(g):
                place[e] = len(self.world.atoms), k
            self.world.atoms.append(self._atom(g, laws))
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

    def _groups(self) -> list[list[Entry]]:
        """What is drawn together: nothing of a group is known to be independent of the rest of it."""
        groups: list[list[Entry]] = []
        taken: set[Entry] = set()
        for triple in self.loose if self.variant % 2 == 0 else ():
            if taken.isdisjoint(triple) and self._parity(triple):
                taken.update(triple)
        for one, other in sorted(sorted(p) for p in self.uncorrelated if len(p) == 2):
            for i, j in zip(self.indices(one), self.indices(other), strict=False):
                pair = [(one, i), (other, j)]
                if not self.independent(*pair) and taken.isdisjoint(pair):
                    taken.update(pair)
                    if not (self.world.memo.get("readable") and self._squared(pair)):
                        groups.append(pair)
        order = [s.name for s in self.symbols if s.name not in self.tables]
        turn = 2 * self.variant % max(len(order), 1)
        order = order[turn:] + order[:turn]
        for name in order[::-1] if self.variant % 2 else order:
            for e in ((name, i) for i in self.draws(name)):
                if e in taken:
                    continue
                for g in groups:
                    if len(g) < self._most(g, e) and all(not self.independent(e, other) for other in g) and not self._mixed([*g, e]):
                        g.append(e)
                        break
                else:
                    groups.append([e])
        return groups

    def _mixed(self, g: list[Entry]) -> bool:
        """Whether entries of a member, the law of which others have too, are with something else: they would depend on each other as
        in no other member. Where a member is one draw, what it is drawn with is no matter."""
        for n, i in g if self.iid_members else ():
            apart = n in self.apart_within or n in self.entries_apart or n in self.drawn_whole
            if any(n in names for names in self.iid_members) and not apart and prod(self.sizes[n][self.lead(n) :]) > 1:
                return any(m != n or j[: self.lead(n)] != i[: self.lead(n)] for m, j in g)
        return False

    def _laws(self) -> dict[Entry, tuple[Law, Term | None, tuple[tuple[str, int], ...]]]:
        """A law for each draw; those known to be alike have one."""
        laws: dict[Entry, tuple[Law, Term | None, tuple[tuple[str, int], ...]]] = {}
        orders = self._orders()
        for (name, i), order in orders.items():
            if name in self.vectors:
                laws[name, i] = Law("Normal", (0.0, 1.0)), None, ()
            elif name in self.drawn_whole:
                law, self.points[name, i] = self.whole_law(name, i, order)
                laws[name, i] = law, None, ()
            elif name not in self.tables:
                laws[name, i] = self.entry_law(name, i, order)
        return laws

    def _orders(self) -> dict[Entry, int]:
        """A number for each draw, by which laws differ that nothing more is known of: one for all that are known to be alike."""
        orders: dict[Entry, int] = {}
        known: dict[Entry, int] = {}
        counter = 0
        for s in self.symbols:
            one = any(s.name in names for names in self.iid)
            for i in self.draws(s.name):
                model = self.model(s.name, i)
                if model not in known:
                    known[model] = counter
                    counter += 0 if one else 1
                orders[s.name, i] = known[model]
            counter += 1
        return orders

    def _atom(self, g: list[Entry], all_laws: dict[Entry, Any]) -> Atom:
        chosen = [all_laws[e] for e in g]
        laws = tuple(law for law, _, _ in chosen)
        terms = tuple((term, index) for _, term, index in chosen)
        moved = self._moved(g)
        if len(g) == 1:
            return Atom(laws, terms, moved)
        mixture = MIXTURES[self.variant % 2 if len(g) == 2 else 0]
        if len(g) == 2 and not self.correlated(*g):
            mixture = self._balanced(list(laws))
        if 0 < mixture[2] < 1 and prod(_values(law) for law in laws) > APART:
            up = 0.5 if self.correlated(*g[:2]) else mixture[0] / (mixture[0] + mixture[1])  # so that a covariance of 0 stays 0
            mixture = (mixture[0] + up * mixture[2], mixture[1] + (1 - up) * mixture[2], 0.0)
        if self.alike or (self.world.memo.get("readable") and all(self.correlated(a, b) for a in g for b in g)):
            mixture = ALIKE
        return Atom(laws, terms, moved, mixture)

    def _moved(self, g: list[Entry]) -> frozenset[str]:
        """The names in the moments that are said."""
        return frozenset().union(*(self.moved(*e) for e in g))

    def _parity(self, triple: tuple[Entry, ...]) -> bool:
        """Three numbers independent in pairs and not together: three signs whose product is 1, shifted and scaled."""
        if any(said.nonneg or said.range or said.law is not None for said in (self.said[e] for e in triple)):
            return False
        moments = [self.mean_and_variance(self.said[e]) for e in triple]
        if any(m is None for m in moments):
            return False
        signs = np.array([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
        w = np.full(4, 0.25)
        plain = bool(self.world.memo.get("readable")) and all(m is not None and m[0] in (None, 0) and m[1] in (None, 1) for m in moments)
        if plain:
            names = [name for name, _ in triple]
            coin = call("Rademacher")
            self.world.memo.setdefault("shown", {}).update(zip(names, (coin, coin, mul(sym(names[0]), sym(names[1]))), strict=True))
        centre = 0.0 if plain else 0.5
        x = np.stack([(centre if m[0] is None else m[0]) + (1.0 if m[1] is None else m[1] ** 0.5) * signs[:, k]
                      for k, m in enumerate(moments) if m is not None], axis=1)  # fmt: skip
        a = len(self.world.atoms)
        self.world.atoms.append(Atom(tuple(points(x[:, k], w) for k in range(3)), moved=self._moved(list(triple)), table=(x, w)))
        for k, (name, _) in enumerate(triple):
            self.world.sources[name] = Source(name, (), ((a, k),))
        return True

    def _squared(self, g: list[Entry]) -> bool:
        """Two numbers that are uncorrelated and no more, as one on -1, 0, 1 and its square: a table of their own."""
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

    def _most(self, g: list[Entry], e: Entry) -> int:
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

    def _source(self, s: Term, place: dict[Entry, tuple[int, int]]) -> None:
        name, shape = s.name, self.sizes[s.name]
        if name in self.tables:
            x, w, drawn, need = self.tables[name]
            a = len(self.world.atoms)
            laws = tuple(points(x[:, k], w) for k in range(x.shape[1]))
            self.world.atoms.append(Atom(laws, ((drawn, ()),), table=(x, w), need=need))
            self.world.sources[name] = Source(name, shape, tuple((a, k) for k in range(x.shape[1])))
            return
        entries = tuple(place[name, i] for i in self.draws(name))
        if name in self.drawn_whole:
            values = np.stack([self.points[name, i] for i in self.draws(name)])
            self.world.sources[name] = Source(name, shape, entries, points=values, inner=len(shape) - self.lead(name))
        elif name in self.vectors:
            self.world.sources[name] = self._normal_source(name, entries)
        else:
            self.world.sources[name] = Source(name, shape, entries)

    def _normal_source(self, name: str, entries: tuple[tuple[int, int], ...]) -> Source:
        laws = tuple(self.normal[name][i] for i in product(*(range(1, n + 1) for n in self.sizes[name][:-1])))
        frames = [Frame(self.ev.base, dict(index)) for _, index in laws]
        mean, cov = (np.concatenate([self.ev.value(law.args[k], f) for (law, _), f in zip(laws, frames, strict=True)]) for k in (0, 1))
        return Source(name, self.sizes[name], entries, mean, root(cov), laws, inner=1)


def _values(law: Law) -> int:
    return len(nodes(law, Need(4))[0]) if law.discrete and not law.compressed else 8


__all__ = ["Drawing"]
