"""The worlds of a problem, kept for all its checks; the values that a check in one of them needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from derive.language.model import Definition, Problem, Symbol
from derive.referee.evaluate import Evaluator
from derive.referee.laws import FINE, Need, nodes
from derive.referee.poly import raised
from derive.referee.reach import Analysis, finite, nonneg, plain_normal
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term, free, subterms
from derive.terms.walk import contains, heads, mask

Array = Any
DEGREES = (3, 5, 7, 9, 13, 17, 25, 41)
SAMPLES = 12
JUMPS = mask("Sign", "Indicator", "Step", "Floor", "Ceil")
VARIED = 9
SIMPLE = (2.0, -1.0, 1.0, 3.0, 0.5, -2.0, 0.25)
LIMITS = (20_000, 160_000)  # combinations of values at the two finenesses of a quadrature
CAPS = (20, 36)
KINKED = (44, 60)  # of each side of a kink
KEPT = 24  # evaluators kept in one world


@dataclass
class Setting:
    """What a problem declares, for the referee. Its worlds are made once, when first asked for."""

    symbols: tuple[Symbol, ...]
    givens: tuple[Term, ...] = ()
    definitions: tuple[Definition, ...] = ()
    most: int = 5
    zeros: frozenset[str] = frozenset()  # sizes that may be 0
    kind: str = ""  # of functions (`functions.function_candidates`)
    whole: bool = False  # values are small whole numbers where they can be, laws named ones
    _plain: Setting | None = field(default=None, repr=False)
    _whole: Setting | None = field(default=None, repr=False)
    _kinds: dict[str, Setting] = field(default_factory=dict, repr=False)
    _worlds: list[World] = field(default_factory=list, repr=False)
    _source: Iterator[World] | None = field(default=None, repr=False)
    _ended: bool = field(default=False, repr=False)  # there are no more

    @classmethod
    def of(cls, problem: Problem, givens: Iterable[Term] | None = None, definitions: int | None = None) -> Setting:
        """The setting of a document: all that it says, or with ``givens`` those propositions instead."""
        said = tuple(g.prop for g in problem.givens) if givens is None else tuple(givens)
        return cls(tuple(problem.symbols.values()), said, problem.definitions[:definitions])

    def worlds(self) -> Iterator[World]:
        """The worlds, smallest first."""
        from derive.referee.worlds import worlds

        k = 0
        while True:
            if k < len(self._worlds):
                yield self._worlds[k]
                k += 1
                continue
            if len(self._worlds) >= self.most or self._ended:
                return
            if self._source is None:
                self._source = worlds(self.symbols, self.givens, self.definitions, variants=range(5 if self.whole else 3), zeros=self.zeros, kind=self.kind,
                                      readable=self.whole)  # fmt: skip
            new = next(self._source, None)
            if new is None:
                self._ended = True
            else:
                if self._worlds:
                    new.join(self._worlds[0])
                self._worlds.append(new)
            if len(self._worlds) == self.most or self._ended:
                lead(self._worlds)

    def plain(self) -> Iterator[World]:
        """Worlds of larger sizes, in which there are numbers alone: for closed forms."""
        if self._plain is None:
            names = {s.term.name for s in self.symbols if s.term.sort.shape or s.term.sort.takes is not None or s.role == "random"}
            probe = World(definitions={d.symbol.name: d for d in self.definitions})
            symbols = tuple(s for s in self.symbols if s.term.name not in names)
            givens = tuple(g for g in self.givens if not probe.depends(g) & names and not any(a.name in names for a in free(g)))
            definitions = tuple(d for d in self.definitions if not probe.depends(d.symbol) & names)
            self._plain = Setting(symbols, givens, definitions, most=4)
        yield from self._plain.worlds()

    def readable(self) -> Setting:
        """The same setting in worlds that a person is shown."""
        if self._whole is None:
            self._whole = Setting(self.symbols, self.givens, self.definitions, self.most, self.zeros, whole=True)
        return self._whole

    def with_functions(self, kind: str) -> Setting:
        """The same setting with functions of another kind."""
        got = self._kinds.get(kind)
        if got is None:
            got = self._kinds[kind] = Setting(self.symbols, self.givens, self.definitions, self.most, self.zeros, kind, self.whole)
        return got


# -- the values that a check needs


@dataclass(frozen=True)
class Planned:
    needs: dict[str, Need]
    exact: bool
    why: str = ""
    local: bool = False  # good for the one world alone

    @cached_property
    def key(self) -> frozenset[tuple[str, Need]]:
        return frozenset(self.needs.items())


NO_PLAN = Planned({}, True)


def plan_for(world: World, terms: tuple[Term, ...], level: int = 1) -> Planned:
    """What the laws' values must be exact for, for these terms; where nothing is exact, a fineness."""
    key = ("plan", terms, level)
    got = world.memo.get(key)
    if got is None:
        leader = world.memo.get("leader")
        if leader is not None:
            got = plan_for(leader, terms, level)
        if got is None or got.local:
            got = _planned(world, terms, level)
        world.memo[key] = got
    return got


def _planned(world: World, terms: tuple[Term, ...], level: int) -> Planned:
    analysis = world.memo.get("analysis")
    if analysis is None:
        analysis = world.memo["analysis"] = Analysis(world, Evaluator(world))
    analysis.start()
    for t in terms:
        _analysed(analysis, t)
        _varied(world, t, analysis)
    needs = {name: _rounded(world, name, n, analysis, level) for name, n in analysis.needs.items()}
    return Planned(needs, analysis.exact, analysis.why, analysis.local or not analysis.exact)


def lead(made: list[World]) -> None:
    """Worlds that differ in their sizes alone, as far as plans go, take the plans of the largest."""
    alike: dict[Any, list[World]] = {}
    for w in made:
        alike.setdefault(_kind(w), []).append(w)
    for group in alike.values():
        sizes = [tuple(float(w.values[n]) for n in w.sizes) for w in group]
        largest = max(range(len(group)), key=lambda k: sizes[k])
        for w, s in zip(group, sizes, strict=True):
            if w is not group[largest] and all(a <= b for a, b in zip(s, sizes[largest], strict=True)):
                w.memo["leader"] = group[largest]


def _kind(world: World) -> Any:
    """What of a world, besides sizes, decides which polynomials what is random gives."""
    laws = []
    for name, s in sorted(world.sources.items()):
        laws.append((name, finite(world, s), s.mean is None or plain_normal(s), s.plain, nonneg(world, s)))
    signs = [(n, bool((v >= 0).all())) for n, v in sorted(world.values.items()) if n not in world.sizes]
    return tuple(laws), tuple(signs), world.sizes


def _varied(world: World, t: Term, analysis: Analysis) -> None:
    """What stands outside every average takes enough values there that no two powers agree on all of them."""
    outside = world.depends(t) & world.sources.keys()
    if not outside:
        return
    analysis.local = True
    given = contains(t, "Given")
    for name in outside:
        if given or any(len(world.atoms[a].laws) > 1 for a in world.sources[name].atoms):
            analysis.add(name, Need(VARIED))


def _analysed(analysis: Analysis, t: Term) -> None:
    """Expressions below a proposition are each followed."""
    if t.head in _PROPOSITIONS or t.head == "ForAll":
        for _, c in t.children():
            _analysed(analysis, c)
        if t.head == "Dist":
            p = analysis.poly(t.args[0])
            analysis.met(raised(p, 6))
    elif t.head not in ("Theta", "BigO", "BigOmega", *_LAWS):
        analysis.poly(t)


_PROPOSITIONS = frozenset({"Eq", "Ne", "Lt", "Le", "Gt", "Ge", "And", "Or", "Not", "Implies", "Iff", "Dist", "In",
                           "Independent", "Uncorrelated", "PairwiseIndependent", "Group", "Iid", "Asym"})  # fmt: skip
_LAWS = frozenset({"Normal", "Uniform", "Rademacher", "Bernoulli", "BinomialLaw", "Geometric", "Exponential", "Laplace", "Poisson",
                   "GammaLaw", "BetaLaw", "ChiSquared", "Categorical", "Naturals", "Integers", "Reals", "Interval",
                   "IndexRange", "Set"})  # fmt: skip


def _rounded(world: World, name: str, need: Need, analysis: Analysis, level: int) -> Need:
    if need.degree != FINE:
        return Need(next((d for d in DEGREES if d >= need.degree), need.degree), need.breaks)
    if name.startswith("~"):
        return Need(FINE, need.breaks, KINKED[level] if need.breaks else CAPS[level] + 4)
    fine = {a for n, x in analysis.needs.items() if x.degree == FINE and n in world.sources for a in world.sources[n].atoms}
    count = LIMITS[level] ** (1 / max(len(fine), 1))
    if need.breaks:
        return Need(FINE, need.breaks, max(2, min(KINKED[level] if len(fine) < 3 else CAPS[level], int(count) // 2)))
    return Need(FINE, need.breaks, max(2, int(min(CAPS[level], count))))


def evaluator(world: World, planned: Planned) -> Evaluator:
    """An evaluator that fits a plan, with all that it has evaluated before."""
    kept: dict[Any, Evaluator] = world.memo.setdefault("evaluators", {})
    got = kept.get(planned.key)
    if got is None:
        got = next((ev for ev in kept.values() if ev.takes(planned.needs)), None) if planned.exact else None
        if got is None:
            if len(kept) >= KEPT:
                kept.clear()
            got = Evaluator(world, planned.needs, world.memo.setdefault("base", Frame(None, {})))
        kept[planned.key] = got
    return got


# -- what stands free, and what is random outside every average


def unknowns(world: World, terms: tuple[Term, ...]) -> list[Term]:
    """The free symbols of ``terms`` for which the world has nothing."""
    got: list[Term] | None = world.lines.get(("unknown", terms))
    if got is None:
        found = {s.name: s for t in reversed(terms) for s in free(t) if not world.has(s)}
        got = world.lines["unknown", terms] = [found[n] for n in sorted(found)]
    return got


def _random(world: World, terms: tuple[Term, ...]) -> frozenset[str]:
    """The names of what is random outside every average."""
    got: frozenset[str] | None = world.lines.get(("random", terms))
    if got is None:
        got = world.lines["random", terms] = frozenset(n for t in terms for n in world.depends(t) if n in world.sources)
    return got


def choices(ev: Evaluator, terms: tuple[Term, ...]) -> list[dict[str, Any]]:
    """Values for what stands free: every value of an index, two of anything else."""
    loose = unknowns(ev.world, terms)
    if not loose:
        return [{}]
    from derive.referee.fixed import irregular
    from derive.referee.truth import index_range

    axes: list[tuple[str, list[Any]]] = []
    for k, s in enumerate(loose):
        sizes = [index_range(ev, s, t, ev.base) for t in terms] if not s.sort.shape else []
        found = [n for n in sizes if n is not None]
        if found:
            axes.append((s.name, list(range(1, min(found) + 1))))
            continue
        shape = ev.sizes(s, ev.base)
        axes.append((s.name, [np.asarray(irregular(shape or [1], k + 3, v)).reshape(1, *shape) for v in range(2)]))
    out = [dict(zip((n for n, _ in axes), values, strict=True)) for values in product(*(v for _, v in axes))]
    return out[:24]


def sampled(ev: Evaluator, terms: tuple[Term, ...], frame: Frame | None = None) -> Frame:
    """A frame in which what is random outside every average takes several values that it may take."""
    frame = frame or ev.base
    names = _random(ev.world, terms)
    if not names:
        return frame
    from derive.referee.chance import known_sources
    from derive.referee.grids import atom_nodes, grid

    atoms = sorted({a for n in names for a in ev.world.sources[n].atoms})
    finite = 1
    jumps = any(heads(t) & JUMPS for t in terms)
    apart = {a for a in atoms if jumps and _moves(ev, a)}  # what lies on a jump has no chance: two things drawn apart meet nowhere
    for a in atoms:
        whole = a not in apart and _finite(ev, a) and not (ev.world.atoms[a].laws[0].compressed and len(ev.world.atoms[a].laws) == 1)
        finite *= len(atom_nodes(ev, a, names)[1]) if whole else 1000  # nodes of a compressed law are not its values
    if finite <= 64 or any(known_sources(ev, u.args[1:]) is None for t in terms for u in subterms(t) if u.head == "Given"):
        g = grid(ev, terms, frame)
        assert g is not None
        return g.frame
    drawn: dict[int, Array] = {}
    for order, a in enumerate(atoms):
        pick = (np.arange(SAMPLES) * (2 * order + 3) + 5 * order + 1) * 7
        law = ev.world.atoms[a].laws[0]
        if _finite(ev, a):
            x, w = atom_nodes(ev, a, names)
            if law.compressed and len(ev.world.atoms[a].laws) == 1:
                x, w = nodes(law, Need(FINE))
                x = x[:, None]
            x = x[w > 1e-6]
            pick[order % SAMPLES] = 0  # the lowest value, which is a sign's or a root's own case
            drawn[a] = x[pick % len(x)]
            if a in apart:
                inward = np.array([0.0 if law.discrete else 0.011 + 0.0073 * (order % 8) for law in ev.world.atoms[a].laws])
                drawn[a] = drawn[a] + inward * (x.mean(axis=0) - drawn[a])
        elif ev.world.memo.get("readable"):
            x = np.array([v for v in SIMPLE if law.support[0] <= v <= law.support[1]] or [sum(law.support) / 2])
            drawn[a] = x[(np.arange(SAMPLES) + order) % len(x)][:, None]
        else:
            x = nodes(law, Need(FINE, fineness=16))[0]
            t = 0.13 + 0.7 * ((0.618034 * (order + 1) + 0.31 * np.arange(SAMPLES)) % 1)
            i = pick % (len(x) - 1)
            drawn[a] = ((1 - t) * x[i] + t * x[i + 1])[:, None]
    values: dict[str, Array] = {}
    for n in names:
        s = ev.world.sources[n]
        flat = np.stack([drawn[a][:, place] for a, place in s.entries], axis=1) if s.entries else np.zeros((SAMPLES, 0))
        values[n] = np.repeat(s.placed(flat)[None], frame.batch, 0).reshape(-1, *s.shape)
    return Frame(frame, values, SAMPLES)


def _moves(ev: Evaluator, a: int) -> bool:
    """Whether several numbers are drawn together, some of them from continuous laws, whose nodes are no values of theirs."""
    atom = ev.world.atoms[a]
    return atom.table is None and len(atom.laws) > 1 and any(not law.discrete for law in atom.laws)


def _finite(ev: Evaluator, a: int) -> bool:
    atom = ev.world.atoms[a]
    return atom.table is not None or len(atom.laws) > 1 or atom.laws[0].discrete


__all__ = ["Setting", "BeyondReach", "evaluator", "plan_for", "choices", "sampled", "unknowns"]
