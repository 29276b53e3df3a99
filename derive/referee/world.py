"""A small world: every name of a problem as something concrete, and what of it is random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from derive.language.model import Definition
from derive.referee.laws import Law, Need
from derive.terms import Term, free
from derive.terms.walk import heads, mask

Array = Any
AVERAGES = mask("Expect", "Mean", "Var", "Cov", "Prob", "ExpectOver", "ProbOver", "KL", "Entropy", "Given")


class BeyondReach(Exception):
    """The value cannot be had exactly by the referee's means. ``reason`` is a sentence's end."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undefined(BeyondReach):
    """The value does not exist in this world (an index out of range, a root of a negative number)."""


@dataclass(frozen=True)
class Atom:
    """One thing drawn: a number, or (``laws`` several) numbers drawn together so that each has its law.

    ``signs`` orients each of several, ``mixture`` holds the weights of drawing them (all alike, alternately opposed, apart).
    ``table`` (values and weights) is used as it stands. ``terms`` are the laws as written where there are such, with the indices
    that they are written for, so that a derivative in their parameters can be taken; ``moved`` are the names in what else is said.
    """

    laws: tuple[Law, ...]
    terms: tuple[tuple[Term | None, tuple[tuple[str, int], ...]], ...] = ()
    moved: frozenset[str] = frozenset()
    mixture: tuple[float, ...] = (0.5, 0.0, 0.5)
    table: tuple[Array, Array] | None = None
    need: Any = None  # how finely ``table`` follows its law


@dataclass(frozen=True)
class Source:
    """A random symbol: where each of its entries (flat) is drawn: (atom, place in it).

    With ``mean`` and ``root``, both member by member, the entries of a member are ``mean + root z`` of the ``z`` drawn: normal
    vectors; ``laws`` are then their laws, with the indices that they are written for. With ``points`` (members, m, entries) a member
    is drawn as a whole: ``entries`` has one place for it, and the number there, from 0, says which of its points it is. The last
    ``inner`` axes are those of a member.
    """

    name: str
    shape: tuple[int, ...]
    entries: tuple[tuple[int, int], ...]
    mean: Array = None
    root: Array = None
    laws: tuple[tuple[Term, tuple[tuple[str, int], ...]], ...] = ()
    points: Array = None
    inner: int = 0

    @property
    def atoms(self) -> tuple[int, ...]:
        return tuple(sorted({a for a, _ in self.entries}))

    @property
    def plain(self) -> bool:
        """Whether what is drawn are the entries themselves."""
        return self.mean is None and self.points is None

    def placed(self, drawn: Array, mean: Array = None, root: Array = None) -> Array:
        """The entries (…, flat) at what is drawn (…, flat); not numbers where that is not. A mean and a root may stand for its own."""
        if self.points is not None:
            known = np.isfinite(drawn)
            k = np.where(known, drawn, 0).round().astype(int)
            out = np.where(known[..., None], self.points[np.arange(len(self.points)), k], np.nan)
            return out.reshape(*drawn.shape[:-1], -1)
        if self.mean is None:
            return drawn
        mean, root = self.mean if mean is None else mean, self.root if root is None else root
        members, n = mean.shape[-2:]
        z = drawn.reshape(*drawn.shape[:-1], members, n)
        out = np.stack([z[..., k, :] @ root[..., k, :, :].swapaxes(-1, -2) for k in range(members)], axis=-2) + mean
        return out.reshape(*out.shape[:-2], -1)


@dataclass(frozen=True)
class TestDensity:
    """A declared density: normal components with weight, and mean and deviation at a parameter's value.

    ``components(theta)`` gives, for an array of parameters, a list of (weight, means, deviations); ``points`` is a mass
    function instead: the values, and the weights at a parameter.
    """

    components: Callable[[Array], list[tuple[float, Array, Array]]] | None = None
    points: tuple[Array, Callable[[Array], Array]] | None = None
    law: Term | None = None  # where the document names it
    parameter: Term | None = None  # of ``law``
    positive: bool = False  # exp of what the components give


@dataclass
class World:
    """Values for every name. ``values`` holds fixed numbers and arrays, sizes included."""

    values: dict[str, Array] = field(default_factory=dict)
    functions: dict[str, TestFunction] = field(default_factory=dict)
    densities: dict[str, TestDensity] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    atoms: list[Atom] = field(default_factory=list)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    sizes: tuple[str, ...] = ()  # the names of the dimensions among ``values``
    dependence: dict[Term, frozenset[str]] = field(default_factory=dict)
    plain: set[Term] = field(default_factory=set)  # what no average stands in, through definitions either
    lines: dict[Any, Any] = field(default_factory=dict)  # what is found out of the terms of a line by their names alone
    memo: dict[Any, Any] = field(default_factory=dict)

    def join(self, other: World) -> None:
        """Share with another world of the setting what is the same in both: which names a value depends on."""
        alike = all(getattr(self, kind).keys() == getattr(other, kind).keys() for kind in ("values", "functions", "densities", "sources"))
        if alike and all(self.law_names(n) == other.law_names(n) for n in self.sources):
            self.dependence, self.lines, self.plain = other.dependence, other.lines, other.plain

    @cached_property
    def averaging(self) -> frozenset[str]:
        """The names that are defined by averages."""
        return frozenset(n for n, d in self.definitions.items() if heads(d.body) & AVERAGES)

    def has(self, s: Term) -> bool:
        """Whether something stands for the symbol here."""
        n = s.name
        known = n in self.values or n in self.sources or n in self.definitions or n in self.functions or n in self.densities
        return known or s.sort.takes is not None

    def depends(self, t: Term) -> frozenset[str]:
        """The names that the value of ``t`` depends on, through definitions and the laws averaged over too."""
        got = self.dependence.get(t)
        if got is None:
            got = self.dependence[t] = self._depends(t)
        return got

    def _depends(self, t: Term) -> frozenset[str]:
        h = t.head
        if h == "Num":
            return NOTHING
        if h == "Sym":
            return self._of_symbol(t)
        if h in ("Expect", "Var", "Prob", "Cov", "Independent", "Uncorrelated", "Dist"):
            return self._averaged(t)
        if h in COUNTS:
            return NOTHING.union(*(self.depends(a) for p in self.memo.get("network", ()) for a in p.args))
        if t.is_binder:
            out = self.depends(t.body) - {t.var.name}
            for d in t.domain:
                out |= self.depends(d)
            for d in t.var.sort.shape:
                out |= self.depends(d)
            return out
        out = NOTHING
        for a in t.args:
            out |= self.depends(a)
        return out

    def _of_symbol(self, t: Term) -> frozenset[str]:
        out = frozenset(s.name for s in free(t))
        d = self.definitions.get(t.name)
        if d is not None:
            own = {p.name for p in (*d.params, *d.index)}
            out |= self.depends(d.body) - own
        density = self.densities.get(t.name)
        if density is not None and density.law is not None:
            out |= self.depends(density.law)
        return out

    def _averaged(self, t: Term) -> frozenset[str]:
        """Of an average over everything random: what is known stays, and what the laws depend on comes in."""
        out = NOTHING
        known = NOTHING
        for a in t.args:
            if a.head == "Given":
                out |= self.depends(a.args[0])
                known |= NOTHING.union(*(self.depends(y) for y in a.args[1:]))
            else:
                out |= self.depends(a)
        random = out & self.sources.keys()
        out -= random
        for name in random:
            out |= self.law_names(name)
        return out | known

    def law_names(self, source: str) -> frozenset[str]:
        """The names in the law of a random symbol."""
        known = self.memo.get(("law names", source))
        if known is not None:
            return known
        out = NOTHING
        s = self.sources[source]
        for law, index in s.laws:
            out |= self.depends(law) - {name for name, _ in index}
        for a in s.atoms:
            out |= self.atoms[a].moved
            for term, index in self.atoms[a].terms:
                if term is not None:
                    out |= self.depends(term) - {name for name, _ in index}
        self.memo["law names", source] = out
        return out


NOTHING: frozenset[str] = frozenset()
COUNTS = frozenset({"ForwardOperations", "MemoryLoads", "BackwardTime", "TotalTime"})


@dataclass(frozen=True)
class TestFunction:
    """A concrete function: ``value`` of arrays with a leading axis; ``degree`` where it is a polynomial."""

    value: Callable[..., Array]
    degree: float
    words: str = ""


class _Values:
    """An array as a key: looked up by its first few numbers, and then compared whole (hashing all of a large one is slow)."""

    __slots__ = ("array", "hash")

    def __init__(self, array: Array) -> None:
        self.array, self.hash = array, hash((array.shape, array.ravel()[:6].tobytes()))

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Values) and (self.array is other.array or np.array_equal(self.array, other.array))


Plan = Mapping[str, Need]
Index = tuple[tuple[str, int], ...]
MOST_KEPT = 4096  # cases, up to which frames of indices are kept


class Frame:
    """Values for bound names, inside a parent. ``repeat`` values stand here for each one of the parent's.

    What does not depend on the names of a frame is evaluated, and remembered, further out. Frames of indices alone (`within`) are
    made once for each choice of indices, so that one line finds there what another has evaluated.
    """

    __slots__ = ("parent", "names", "repeat", "batch", "memo", "index", "kept", "steps", "spread", "about")

    def __init__(
        self, parent: Frame | None, names: Mapping[str, Any], repeat: int = 1, index: Index = (), about: Array | None = None
    ) -> None:
        self.parent, self.names, self.repeat = parent, names, repeat
        self.batch: int = (parent.batch if parent else 1) * repeat
        self.memo: dict[Term, Array] = {}
        self.index = index  # (name, value) of each, in order, where all names here are indices
        self.kept: dict[Index, Frame] = {}
        self.steps: dict[tuple[str, int], Frame] = {}
        self.spread: dict[Any, Any] = {}  # frames in which a name runs through values, and what else is made for this frame alone
        self.about = about  # where the one name here runs through the points of differences: what they are around

    def step(self, name: str, k: int) -> Frame:
        """The frame in which one index more has a value."""
        got = self.steps.get((name, k))
        if got is None:
            got = self.within({name: k})
            if self.batch <= MOST_KEPT:
                self.steps[name, k] = got
        return got

    def within(self, names: Mapping[str, int]) -> Frame:
        """The frame in which these indices have these values, and all else is as here."""
        if self.index:
            assert self.parent is not None
            return self.parent.indexed(tuple(sorted({**self.names, **names}.items())))
        return self.indexed(tuple(sorted(names.items()))) if names else self

    def indexed(self, index: Index) -> Frame:
        if not index:
            return self
        got = self.kept.get(index)
        if got is None:
            got = Frame(self, dict(index), index=index)
            if self.batch <= MOST_KEPT:
                self.kept[index] = got
        return got

    def along(self, name: str, values: Array, repeat: int, about: Array | None = None) -> Frame:
        """The frame in which a bound name runs through values (those of differences ``about`` a point): one for each choice, so that
        lines share what they evaluate there."""
        k = (name, repeat, about is None, _Values(values))
        got = self.spread.get(k)
        if got is None:
            got = self.spread[k] = Frame(self, {name: values}, repeat, about=about)
        return got

    def inside(self, names: Mapping[str, Any]) -> Frame:
        """A frame for names of any kind: indices, and arrays that are the same in all cases."""
        frame = self.within({n: v for n, v in names.items() if isinstance(v, int)})
        for n, v in names.items():
            if not isinstance(v, int):
                frame = frame.along(n, v, 1)
        return frame

    def lookup(self, name: str) -> tuple[Any, Frame] | None:
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return frame.names[name], frame
            frame = frame.parent
        return None
