"""The problem itself, evaluated at given sizes: everything random drawn by a generator with a fixed seed.

None of the rules is used, and none of the referee's small exact worlds: what is drawn here is an ordinary simulation. Only
what is drawn faithfully is drawn: where the document says something of a random thing that is not understood here, there
is no dot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from derive.language.model import Problem, Symbol, Task
from derive.referee.evaluate import Evaluator
from derive.referee.families import families
from derive.referee.fixed import holds
from derive.referee.grids import Grid
from derive.referee.world import BeyondReach, Frame, Source, Undefined, World
from derive.referee.worlds import build, dimensions
from derive.rendering.pictures.laws import Law, law_of, understood
from derive.terms import Term, call, subterms

Array = Any
BATCHES = 16  # how far their values differ says how far the mean may be off
ENTRIES = 2_000_000  # numbers drawn for one dot, in all batches
DRAWS = (4, 200)  # least and most draws of one batch
# Out of reach, or no number: overflow, division by zero, a matrix that has no inverse (a ValueError of numpy's).
FAILURES = (BeyondReach, ArithmeticError, ValueError)
GROWTH = ("Theta", "BigO", "BigOmega")
COSTLY = frozenset({"Spectral", "InducedRMS", "Inverse", "Det", "Rank", "Sup", "Inf", "MatProd", "Prod"})


@dataclass(frozen=True)
class Value:
    """The mean over the batches and two standard errors; ``drawn``: how many draws in all (0: nothing is random)."""

    value: float
    error: float = 0.0
    drawn: int = 0


@dataclass
class Experiment:
    """One task's problem. ``scalars`` are values for numbers that are not sizes."""

    problem: Problem
    task: Task
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def table(self) -> dict[str, Any]:
        return {d.symbol.name: d for d in self.problem.definitions[: self.task.definitions]}

    @cached_property
    def givens(self) -> tuple[Term, ...]:
        return tuple(g.prop for g in self.problem.givens[: self.task.givens])

    @cached_property
    def symbols(self) -> dict[str, Symbol]:
        return {s.term.name: s for s in self.problem.symbols.values()}

    @cached_property
    def dims(self) -> tuple[str, ...]:
        return tuple(dimensions(tuple(self.symbols.values()), self.givens, self.table))

    @cached_property
    def _probe(self) -> World:
        return World(definitions=self.table)

    def names(self, *terms: Term) -> frozenset[str]:
        """The names that terms depend on, through definitions too."""
        return frozenset().union(*(self._probe.depends(t) for t in terms))

    def _needed(self, *terms: Term) -> list[Symbol]:
        """The arrays and random things that terms depend on, and what is given of their sizes."""
        names = self.names(*terms)
        return [s for n, s in self.symbols.items() if n in names and n not in self.table and n not in self.dims
                and (s.role == "random" or s.term.sort.shape)]  # fmt: skip

    def random(self, *terms: Term) -> list[Symbol]:
        return [s for s in self._needed(*terms) if s.role == "random"]

    def possible(self, *terms: Term) -> bool:
        """Whether the terms can be evaluated here at all."""
        if any(s.head == "Given" for t in terms for s in subterms(t)):
            return False
        names = self.names(*terms)
        if any(s.role in ("function", "density") for n, s in self.symbols.items() if n in names and n not in self.table):
            return False
        drawn = {s.term.name for s in self.random(*terms)}
        return all(understood(g, drawn) for g in self.givens if self.names(g) & drawn)

    # -- worlds
    def plain(self, sizes: Mapping[str, float], scalars: Mapping[str, float]) -> Evaluator | None:
        """Numbers alone: sizes and scalars, all that is given of them alone holding."""
        import numpy as np

        whole = tuple(sorted((n, int(v)) for n, v in sizes.items()))
        if whole not in self._kept:
            skipped = {n for n, s in self.symbols.items() if s.role == "random" or s.term.sort.shape or s.term.sort.takes is not None}
            left = tuple(s for s in self.symbols.values() if s.term.name not in skipped)
            said = tuple(g for g in self.givens if not self.names(g) & skipped and not any(x.head in GROWTH for x in subterms(g)))
            try:
                self._kept[whole] = build(left, said, self.table, dict(whole), 0, readable=True)
            except BeyondReach:
                self._kept[whole] = None
        made = self._kept[whole]
        if made is None:
            return None
        w = World(values=dict(made.values), definitions=self.table, sizes=made.sizes)
        for name, v in scalars.items():
            w.values[name] = np.array(float(v))
        for k, index in enumerate(self._loose(w), 1):
            w.values[index] = np.array(float(k))
        return Evaluator(w)

    def _loose(self, w: World) -> list[str]:
        """Indices that the task leaves open: they get different values, from 1 on."""
        from derive.terms import free

        known = w.values.keys() | self.table.keys() | self.symbols.keys() - {n for n, s in self.symbols.items() if s.role == "index"}
        return sorted({s.name for t in self.task.objects for s in free(t) if s.name not in known and not s.sort.shape})

    def closed(self, t: Term, sizes: Mapping[str, float], scalars: Mapping[str, float]) -> float | None:
        """The value of a closed form; None where it has none here."""
        import numpy as np

        ev = self.plain(sizes, scalars)
        if ev is None:
            return None
        try:
            with np.errstate(all="ignore"):
                v = ev.number(t)
        except FAILURES:
            return None
        return v if abs(v) < 1e290 and v == v else None

    def _worlds(self, terms: tuple[Term, ...], sizes: Mapping[str, float], scalars: Mapping[str, float],
                batches: Iterable[int] = range(BATCHES)) -> Iterator[tuple[Evaluator, int]]:  # fmt: skip
        """One evaluator for each batch (a single one where nothing is random), and its draws."""
        base = self.plain(sizes, scalars)
        if base is None:
            return
        linked = self._linked(terms)
        needed = self._needed(*terms, *linked)
        for s in needed:
            if s.role != "random":
                self._put(base, s, needed, linked)
        random = [s for s in needed if s.role == "random"]
        if not random:
            yield base, 0
            return
        laws = {s.term.name: law_of(s.term, self.givens) for s in random}
        entries = sum(prod(base.sizes(s.term, base.base)) for s in random)
        n = max(DRAWS[0], min(DRAWS[1], ENTRIES // (BATCHES * max(entries, 1))))
        for batch in batches:
            yield self._drawn(base, random, laws, n, batch), n

    def _drawn(self, base: Evaluator, random: list[Symbol], laws: Mapping[str, Law], n: int, batch: int) -> Evaluator:
        import numpy as np

        w = World(values=base.world.values, definitions=self.table, sizes=base.world.sizes)
        ev = Evaluator(w)
        values = {}
        for k, s in enumerate(random):
            shape = tuple(base.sizes(s.term, base.base))
            generator = np.random.Generator(np.random.PCG64([2024, batch, k, *shape]))
            values[s.term.name] = laws[s.term.name].draw(base, generator, (n, *shape))
            w.sources[s.term.name] = Source(s.term.name, shape, ())
        ev.drawn = Grid(Frame(ev.base, values, n), np.full((1, n), 1 / n))
        return ev

    def _linked(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """What is given of the growth of arrays that occur."""
        names = self.names(*terms) - set(self.dims)
        return tuple(g for g in self.givens if g.head == "Eq" and g.args[1].head in GROWTH and self.names(g.args[0]) & names)

    def _put(self, ev: Evaluator, s: Symbol, needed: list[Symbol], linked: tuple[Term, ...]) -> None:
        """An example of a fixed array into the world: scaled to the growth that is given of it, and meeting all else.

        Raises
        ------
        Undefined
            None of the examples does.
        """
        import numpy as np

        name, sizes = s.term.name, ev.sizes(s.term, ev.base)
        rows = {x.term.name for x in needed} - ev.world.values.keys() - {name}
        ours = [g for g in self.givens if name in self.names(g) and not self.names(g) & rows and g not in linked]
        k = [x.term.name for x in needed].index(name)
        candidates = families(s)
        for family in [*candidates[1:2], *candidates[:1], *candidates[2:]]:  # an irregular one first
            value = np.asarray(family.build(sizes, k), float)
            value = np.where(value == 0, 0.5, value) if len(sizes) == 1 and family is candidates[1] else value
            ev.world.values[name] = value
            for g in linked:
                if g.args[0].args and g.args[0].args[0] == s.term and g.args[1].head == "Theta":
                    here = Evaluator(ev.world)
                    size = here.number(g.args[0])
                    if size > 1e-12:
                        ev.world.values[name] = ev.world.values[name] * (here.number(g.args[1].args[0]) / size)
            if all(holds(Evaluator(ev.world), g) for g in ours):
                return
        del ev.world.values[name]
        raise Undefined("no example of a fixed array")

    # -- values
    def value(self, t: Term, sizes: Mapping[str, float], scalars: Mapping[str, float]) -> Value | None:
        """``t`` as the problem has it; of what is random outside every average, its mean size. None: it cannot be had."""
        import numpy as np

        values, drawn = [], 0
        try:
            with np.errstate(all="ignore"):
                for ev, n in self._worlds((t,), sizes, scalars):
                    values.append(_mean(ev, t))
                    drawn += n
        except FAILURES:
            return None
        if not values or not np.isfinite(values).all():
            return None
        error = 2 * float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
        return Value(float(np.mean(values)), error, drawn)

    def root(self, equation: Term, unknown: Term, sizes: Mapping[str, float], scalars: Mapping[str, float]) -> Value | None:
        """The positive value of ``unknown`` (a symbol, or a power of one) at which both sides are equal, found by trying."""
        import numpy as np

        symbol, exponent = (unknown.args[0], float(unknown.args[1].value)) if unknown.head == "Pow" else (unknown, 1.0)
        found, drawn = [], 0
        try:
            with np.errstate(all="ignore"):
                for batch in range(BATCHES):
                    x = _crossing(lambda v, b=batch: self._ratio(equation, symbol.name, v, sizes, scalars, b))
                    if x is None:
                        return None
                    found.append(x**exponent)
                    drawn = self._draws
                    if not drawn:
                        break
        except FAILURES:
            return None
        error = 2 * float(np.std(found, ddof=1)) / len(found) ** 0.5 if len(found) > 1 else 0.0
        return Value(float(np.mean(found)), error, drawn * len(found))

    def _ratio(self, equation: Term, name: str, v: float, sizes: Mapping[str, float], scalars: Mapping[str, float], batch: int) -> float:
        for ev, n in self._worlds(equation.args, sizes, {**scalars, name: v}, (batch,)):
            self._draws = n
            return _mean(ev, equation.args[0]) / _mean(ev, equation.args[1])
        raise Undefined("no world of these sizes")

    _draws: int = 0

    def costly(self, *terms: Term) -> bool:
        """Whether the terms take long to evaluate at large sizes."""
        seen: set[str] = set()
        todo = list(terms)
        while todo:
            t = todo.pop()
            for s in subterms(t):
                if s.head in COSTLY:
                    return True
                if s.head == "Sym" and s.name in self.table and s.name not in seen:
                    seen.add(s.name)
                    todo.append(self.table[s.name].body)
        return False


def _mean(ev: Evaluator, t: Term) -> float:
    if ev.drawn is not None and ev.world.depends(t) & ev.world.sources.keys():
        return float(ev.value(call("Abs", t), ev.drawn.frame).mean())
    return ev.number(t)


def _crossing(ratio: Any) -> float | None:
    """Where a positive function of a positive number is 1: secants on logarithmic axes, where powers are straight."""
    from math import exp, log

    def at(u: float) -> float | None:
        r = ratio(exp(u))
        return log(r) if 0 < r < 1e300 else None

    a, b = 0.0, 0.5
    fa, fb = at(a), at(b)
    for _ in range(40):
        if fa is None or fb is None or fa == fb:
            return None
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        if abs(b) > 200:
            return None
        fb = at(b)
        if fb is not None and abs(fb) < 1e-12 * max(1.0, abs(b)):
            return exp(b)
        if abs(b - a) < 1e-13:
            return exp(b)
    return None
