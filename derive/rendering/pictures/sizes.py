"""What moves along the horizontal axes of an answer's plots, and the values of everything that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.planner.solution import Answer
from derive.rendering.pictures.experiment import Experiment, Value
from derive.rendering.pictures.model import Axis, Curve, Dot, Dots, Panel
from derive.rendering.pictures.words import counted, short
from derive.terms import Term

HELD = 4  # the size of a dimension that does not move
WHOLE = tuple(2**k for k in range(10))  # sizes with a dot
WHOLE_COSTLY = WHOLE[:7]
BETWEEN = tuple(sorted({round(2 ** (k / 4)) for k in range(37)}))  # sizes of the curves
REAL = tuple(2.0**k for k in range(-4, 5))  # the same of a positive number that is no size
TUNED = 8  # the size at which an unknown that has to scale is right
MOST = 3  # panels side by side

Latex = Callable[[Term], str]


@dataclass(frozen=True)
class Moving:
    """One thing on a horizontal axis, and the values that it takes."""

    symbol: Term
    whole: bool
    dots: tuple[float, ...]
    between: tuple[float, ...]


class Sizes:
    """The axes of one answer, and the values of everything that stands still."""

    def __init__(self, experiment: Experiment, answer: Answer, latex: Latex, *terms: Term) -> None:
        self.experiment, self.latex = experiment, latex
        self.costly = experiment.costly(*terms)
        names = experiment.names(*terms)
        listed = answer.task.sizes or tuple(experiment.symbols[d].term for d in experiment.dims if d in experiment.symbols)
        self.moving = tuple(self._moving(s) for s in listed if s.name in names and s.name not in experiment.table)[:MOST]
        self.held = {d: float(HELD) for d in experiment.dims}

    def _moving(self, s: Term) -> Moving:
        if s.name in self.experiment.dims:
            return Moving(s, True, tuple(map(float, WHOLE_COSTLY if self.costly else WHOLE)),
                          tuple(float(x) for x in BETWEEN if not self.costly or x <= WHOLE_COSTLY[-1]))  # fmt: skip
        return Moving(s, False, REAL, REAL)

    def at(self, m: Moving, x: float) -> tuple[dict[str, float], dict[str, float]]:
        """Sizes and other numbers where ``m`` is ``x``."""
        if m.whole:
            return {**self.held, m.symbol.name: x}, {}
        return dict(self.held), {m.symbol.name: x}

    def axis(self, m: Moving) -> Axis:
        return Axis(f"{'size' if m.whole else 'value'} ${self.latex(m.symbol)}$", "no unit", m.whole)

    def standing(self, m: Moving, *terms: Term, without: frozenset[str] = frozenset()) -> str:
        """What does not move: ``$d_2 = 4$, $\\sigma = 1$``."""
        names = self.experiment.names(*terms, *(g for g in self.experiment.givens if self._law(g, terms))) - {m.symbol.name} - without
        ev = self.experiment.plain(self.at(m, m.dots[0])[0], {})
        if ev is None:
            return ""
        said = []
        for name in sorted(names & ev.world.values.keys() & self.experiment.symbols.keys()):
            s = self.experiment.symbols[name]
            if not s.term.sort.shape and name not in self.experiment.table:
                said.append(f"${self.latex(s.term)} = {short(float(ev.world.values[name]))}$")
        return ", ".join(said)

    def _law(self, g: Term, terms: tuple[Term, ...]) -> bool:
        drawn = {s.term.name for s in self.experiment.random(*terms)}
        return bool(self.experiment.names(g) & drawn)

    def curve(self, kind: str, label: str, m: Moving, t: Term) -> Curve | None:
        points = [(x, v) for x in m.between if (v := self.experiment.closed(t, *self.at(m, x))) is not None and v > 0]
        return Curve(kind, label, tuple(points)) if len(points) > 1 else None  # type: ignore[arg-type]


def dots_of(dots: list[tuple[float, Value]]) -> tuple[Dots, ...]:
    if not dots:
        return ()
    chance = any(v.drawn for _, v in dots)
    return (Dots("exact", "simulated, with two standard errors" if chance else "computed for an example", tuple(Dot(x, v.value, v.error) for x, v in dots)),)


def base_of(unknown: Term) -> Term:
    """The symbol whose power an unknown is."""
    return unknown.args[0] if unknown.head == "Pow" else unknown


def described(y: Axis, panels: list[Panel]) -> str:
    """A plot in words, for those who do not see it."""
    parts = []
    for p in panels:
        said = [f"{c.label}, from {short(c.points[0][1])} to {short(c.points[-1][1])}" for c in p.curves]
        said += [f"{counted(len(d.points), 'dot')} ({d.label}), from {short(d.points[0].y)} to {short(d.points[-1].y)}" for d in p.dots]
        ends = [c.points[i][0] for c in p.curves for i in (0, -1)] + [d.points[i].x for d in p.dots for i in (0, -1)]
        parts.append(f"over {p.x.name} from {short(min(ends))} to {short(max(ends))}: {'; '.join(said)}")
    return f"{y.name}, on logarithmic axes, {'; and '.join(parts)}."
