"""What is said of random vectors as wholes (the members of families among them), settled once all givens are read."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import numpy as np

from derive.referee.said import Index, Reading, Said
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term, at, call, expect, num, power, shape

Array = Any


class Members(Reading):
    """A `Reading` in which it is settled how each array is drawn: entry by entry, or each member as a whole."""

    def __init__(
        self, world: World, symbols: list[Term], givens: tuple[Term, ...], variant: int, families: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(world, symbols, givens, variant, families)
        self.vectors: set[str] = set()  # normal vectors with dependent entries
        self.drawn_whole: dict[str, int] = {}  # how many indices name a member of it
        for name in self.normal:
            self._normal(name)
        for names in (*self.iid_members, *((n,) for n in self.whole if not self._kin(n))):
            self._settle(names)
        for names in self.iid:
            self._share([(n, i) for n in names for i in self.indices(n)])
        for names in self.iid_members:
            for rest in self.indices(names[0])[: self._inner(names[0])]:
                self._share([(n, (*i, *rest[self.lead(names[0]) :])) for n in names for i in self.leads(n)])

    # -- parts of arrays
    def indices(self, name: str) -> list[Index]:
        return list(product(*(range(1, n + 1) for n in self.sizes[name])))

    def lead(self, name: str) -> int:
        """How many indices name a member: none where the array is one thing."""
        if name in self.drawn_whole:
            return self.drawn_whole[name]
        return max([int(name in self.families), *(len(i) for i in self.whole.get(name, ()))])

    def leads(self, name: str) -> list[Index]:
        return list(product(*(range(1, n + 1) for n in self.sizes[name][: self.lead(name)])))

    def _inner(self, name: str) -> int:
        """How many entries a member has."""
        return prod(self.sizes[name][self.lead(name) :])

    def draws(self, name: str) -> list[Index]:
        """What is drawn for an array, by its indices: its entries, or its members as wholes."""
        return self.leads(name) if name in self.drawn_whole else self.indices(name)

    def _kin(self, name: str) -> tuple[str, ...]:
        """The arrays whose members have one law with those of ``name``, itself among them."""
        return next((names for names in self.iid_members if name in names), ())

    def model(self, name: str, i: Index) -> tuple[str, Index]:
        """One and the same for all draws that are known to have one law."""
        for names in self.iid:
            if name in names:
                return names[0], ()
        kin = self._kin(name)
        return (kin[0], i[self.lead(name) :]) if kin else (name, i)

    # -- normal vectors
    def _normal(self, name: str) -> None:
        """Entries of their own where every covariance is diagonal."""
        laws = self.normal[name]
        covs = [self.ev.value(law.args[1], Frame(self.ev.base, dict(index)))[0] for law, index in laws.values()]
        if any((c * (1 - np.eye(len(c)))).any() for c in covs):
            if len(laws) < prod(self.sizes[name][:-1]):
                raise BeyondReach("a family some of whose members are normal vectors with dependent entries")
            self.vectors.add(name)
        else:
            for i, (law, index) in laws.items():
                for k in range(1, self.sizes[name][-1] + 1):
                    said = self.said[name, (*i, k)]
                    said.law, said.index = law, index
        self.apart_within.add(name)

    # -- arrays known by the moments of their members, or by having one law
    def _settle(self, names: tuple[str, ...]) -> None:
        for n in names:
            if self._inner(n) > 1 and self._by_entries(n):
                break
        else:
            if all(self._inner(n) > 1 for n in names):
                self.drawn_whole.update({n: self.lead(n) for n in names})
                return
        for n in names:
            self._entrywise(n)

    def _by_entries(self, name: str) -> bool:
        """Whether something is said of the entries, so that each is drawn by its own law."""
        if name in self.entries_apart or name in self.tables or name in self.vectors or any(name in pair for pair in self.uncorrelated):
            return True
        said = [self.said[name, i] for i in self.indices(name)]
        return any(replace(s, symmetric=False) != Said() or s.symmetric != said[0].symmetric for s in said)

    def _entrywise(self, name: str) -> None:
        """What is said of a vector, as said of its entries; that others of its covariance are 0 is looked at when the world is made."""
        symbol = next(s for s in self.symbols if s.name == name)
        for i, moments in self.whole.get(name, {}).items():
            for rest in product(*(range(1, n + 1) for n in self.sizes[name][len(i) :])):
                entry, place = at(symbol, *map(num, (*i, *rest))), tuple(map(num, rest))
                for kind, right, index in moments:
                    if kind != "mean" and len(rest) > 1:
                        raise BeyondReach("a covariance of matrices")
                    left = {"mean": expect(entry), "variance": call("Var", entry), "second": expect(power(entry, 2))}[kind]
                    where = place if kind == "mean" else place * 2
                    self.said[name, (*i, *rest)].moments.append((left, at(right, *where) if shape(right) else right, index))

    def _share(self, entries: list[tuple[str, Index]]) -> None:
        """Entries with one law: what is said of one of them is said of all."""
        if any(n in self.drawn_whole or n in self.tables or n in self.vectors for n, _ in entries):
            return
        all_said = [self.said[e] for e in entries]
        common = Said()
        kinds: set[object] = set()
        for s in all_said:
            if common.law is None:
                common.law, common.index = s.law, s.index
            for m in s.moments:
                if (k := _kind(m[0])) not in kinds:
                    kinds.add(k)
                    common.moments.append(m)
            common.nonneg, common.symmetric = common.nonneg or s.nonneg, common.symmetric or s.symmetric
            common.range = common.range or s.range
        for s in all_said:
            known = s.nonneg, s.symmetric, s.range, s.law is None, {_kind(m[0]) for m in s.moments}
            if s.like is None and s.above is None and known != (common.nonneg, common.symmetric, common.range, common.law is None, kinds):
                s.like = common

    def about(self, name: str, i: Index) -> dict[str, Array]:
        """The numbers said of one member: of one with its law too."""
        out: dict[str, Array] = {}
        for kind, right, index, beyond in self._statements(name, i):
            v = self.ev.value(right, Frame(self.ev.base, dict(index)))[0]
            if beyond and kind != "mean":
                raise BeyondReach("a covariance of a family as a whole")
            out.setdefault(kind, v[tuple(k - 1 for k in beyond)] if beyond and v.ndim else v)
        return out

    def _statements(self, name: str, i: Index) -> list[tuple[str, Term, tuple[tuple[str, int], ...], Index]]:
        """(kind, value, what indices stand in it, the member's indices that are not written) of all that is said of a member."""
        found = [(*m, i[len(w) :]) for w, moments in self.whole.get(name, {}).items() if i[: len(w)] == w for m in moments]
        for other in self._kin(name):
            found += [(*m, j[len(w) :]) for j in self.leads(other) for w, moments in self.whole.get(other, {}).items()
                      if j[: len(w)] == w for m in moments]  # fmt: skip
        return found

    def moved(self, name: str, i: Index) -> frozenset[str]:
        """The names in what is said of a draw by its moments."""
        if name in self.drawn_whole:
            return frozenset().union(*(self.world.depends(right) - {n for n, _ in index} for _, right, index, _ in self._statements(name, i)))
        said = self.said[name, i]
        moments = said.moments + (said.like.moments if said.like is not None else [])
        return frozenset().union(*(self.world.depends(right) - {n for n, _ in index} for _, right, index in moments))


def _kind(left: Term) -> object:
    """Which moment of an entry ``left`` is."""
    body = left.args[0]
    power_of = body.args[1] if body.head == "Pow" else num(1)
    return left.head, power_of, body.head == "Abs" or (body.head == "Pow" and body.args[0].head == "Abs")


__all__ = ["Members"]
