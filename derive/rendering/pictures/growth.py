"""Values over sizes: what was derived as curves, what the problem itself gives as dots.

Of an answer to ``How does … scale``: the exact value and the leading term that its steps show, against the quantity that was
asked about. Of a constant: the formula against the value at which the simulated condition holds. Of an unknown that has to scale
(a constant too): the quantity with the unknown held at what is right at one size, and with the unknown as answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.planner.solution import Answer, Solution
from derive.rendering.pictures.experiment import Experiment, Value
from derive.rendering.pictures.model import Axis, Curve, Dot, Dots, Panel, Picture, Plot
from derive.rendering.pictures.words import counted, listed, short, told
from derive.terms import Term, free, key, same

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


def scale_picture(solution: Solution, answer: Answer, latex: Latex) -> Picture | None:
    """What ``How does … scale`` found."""
    if answer.task.kind != "scale" or answer.status != "solved" or answer.result is None or len(answer.task.objects) != 1:
        return None
    asked = answer.task.objects[0]
    order = answer.result.args[0]
    exact, lead = found(answer)
    experiment = Experiment(solution.problem, answer.task)
    sizes = Sizes(experiment, answer, latex, asked, *([exact] if exact is not None else []))
    earlier = _earlier(solution, answer, asked)
    panels, drawn = [], 0
    for m in sizes.moving:
        values = [(x, _asked(experiment, asked, earlier, *sizes.at(m, x))) for x in m.dots]
        dots = [(x, v) for x, v in values if v is not None and v.value > 0]
        drawn = max([drawn, *(v.drawn for _, v in dots)])
        curves = [c for c in (_exact(sizes, m, exact, lead, order), _leading(sizes, m, exact, lead, order, dots)) if c is not None]
        if curves and (dots or len(curves[0].points) > 2):
            standing = sizes.standing(m, asked, without=frozenset(u.name for u in earlier))
            panels.append(Panel(sizes.axis(m), tuple(curves), _dots(dots), standing))
    if not panels:
        return None
    title = f"How ${latex(asked)}$ grows"
    how = told(drawn, bool(panels[0].dots))
    caption = f"{title}. {how}".strip()
    y = Axis(f"${latex(asked)}$")
    return Picture(f"{answer.task.id}-growth", title, described(y, panels), caption, Plot(y, tuple(panels)))


def _earlier(solution: Solution, answer: Answer, asked: Term) -> dict[Term, Answer]:
    """Unknowns in what is asked that an earlier task has found."""
    inside = free(asked)
    before = solution.answers[: solution.answers.index(answer)]
    return {base_of(a.task.unknown): a for a in before if a.task.kind == "constant" and a.status == "solved"
            and a.task.unknown is not None and base_of(a.task.unknown) in inside}  # fmt: skip


def _asked(experiment: Experiment, asked: Term, earlier: dict[Term, Answer], sizes: dict[str, float], scalars: dict[str, float]) -> Value | None:
    """What is asked, evaluated; an unknown that an earlier task has found is sought again here, where it is asked for alone."""
    own = earlier.get(asked)
    if own is not None:
        condition = own.task.objects[0]
        good = own.task.unknown == asked and condition.head == "Eq" and experiment.possible(*condition.args)
        return experiment.root(condition, asked, sizes, scalars) if good else None
    for symbol, a in earlier.items():
        v = None if a.result is None or a.task.unknown != symbol else experiment.closed(a.result, sizes, scalars)
        if v is None:
            return None
        scalars = {**scalars, symbol.name: v}
    return experiment.value(asked, sizes, scalars) if experiment.possible(asked) else None


def found(answer: Answer) -> tuple[Term | None, Term | None]:
    """The last exact value that the steps reach, and the leading term after it."""
    exact, lead = None, None
    for s in answer.steps:
        if s.relation == "=" and lead is None:
            exact = s.after
        elif s.relation == "~":
            lead = s.after
        else:
            break
    if exact is None and answer.steps and answer.steps[0].relation == "~":
        exact = answer.steps[0].before
    return exact, lead


def _exact(sizes: Sizes, m: Moving, exact: Term | None, lead: Term | None, order: Term) -> Curve | None:
    if exact is None:
        return None
    alone = same(exact, lead) if lead is not None else key(exact) == key(order)
    return sizes.curve("exact", f"exact value{', which is its leading term,' if alone else ''} ${sizes.latex(exact)}$", m, exact)


def _leading(sizes: Sizes, m: Moving, exact: Term | None, lead: Term | None, order: Term, dots: list[tuple[float, Value]]) -> Curve | None:
    """The leading term; where only the order is known, a multiple of it through the value at the largest size."""
    if lead is not None:
        same_as_exact = exact is not None and same(exact, lead)
        return None if same_as_exact else sizes.curve("leading", f"leading term ${sizes.latex(lead)}$", m, lead)
    if exact is not None and key(exact) == key(order):
        return None
    raw = sizes.curve("leading", f"a multiple of the order ${sizes.latex(order)}$", m, order)
    if raw is None:
        return None
    end = raw.points[-1][0]
    last = sizes.experiment.closed(exact, *sizes.at(m, end)) if exact is not None else None
    if last is None and dots:
        end, last = dots[-1][0], dots[-1][1].value
    there = dict(raw.points).get(end)
    if last is None or there is None:
        return raw
    return Curve(raw.kind, raw.label, tuple((x, y * last / there) for x, y in raw.points))


def _dots(dots: list[tuple[float, Value]]) -> tuple[Dots, ...]:
    if not dots:
        return ()
    chance = any(v.drawn for _, v in dots)
    return (Dots("exact", "simulated, with two standard errors" if chance else "computed for an example", tuple(Dot(x, v.value, v.error) for x, v in dots)),)


# -- constants


def value_picture(solution: Solution, answer: Answer, latex: Latex) -> Picture | None:
    """The constant over the sizes that it depends on, against where the simulated condition holds."""
    task, result = answer.task, answer.result
    if task.kind != "constant" or answer.status != "solved" or result is None or task.unknown is None or len(task.objects) != 1:
        return None
    condition, unknown = task.objects[0], task.unknown
    experiment = Experiment(solution.problem, task)
    sizes = Sizes(experiment, answer, latex, result)
    possible = condition.head == "Eq" and experiment.possible(*condition.args)
    own = frozenset({base_of(unknown).name})
    panels, drawn = [], 0
    for m in sizes.moving:
        where = m.dots if not experiment.costly(*condition.args) else m.dots[:5]
        dots = [(x, v) for x in where if possible and (v := experiment.root(condition, unknown, *sizes.at(m, x))) is not None]
        drawn = max([drawn, *(v.drawn for _, v in dots)])
        exact = sizes.curve("exact", f"exact value ${latex(result)}$", m, result)
        lead = leading(solution, answer, result, m)
        curves = [c for c in (exact, None if lead is None else sizes.curve("leading", f"leading term ${latex(lead)}$", m, lead)) if c]
        if curves:
            panels.append(Panel(sizes.axis(m), tuple(curves), _dots(dots), sizes.standing(m, condition, without=own)))
    if not panels:
        return None
    title = f"The ${latex(unknown)}$ that is asked for"
    how = told(drawn, bool(panels[0].dots))
    if panels[0].dots:
        how += " Each dot is the value at which the simulated condition holds."
    y = Axis(f"${latex(unknown)}$")
    return Picture(f"{task.id}-value", title, described(y, panels), f"{title}, over the sizes. {how}".strip(), Plot(y, tuple(panels)))


def leading(solution: Solution, answer: Answer, value: Term, m: Moving) -> Term | None:
    """The leading term of a closed form as one dimension grows; None where it is the whole, or not had."""
    from derive.facts.facts import Facts
    from derive.kernel.apply import Refused
    from derive.kernel.growth import by_leading
    from derive.planner.pretty import pretty

    if not m.whole:
        return None
    facts = Facts.of(solution.problem, answer.task.givens, answer.task.definitions)
    try:
        after = by_leading(value, facts, (m.symbol,), (), pretty).after
    except Refused:
        return None
    return None if same(after, value) else after


def base_of(unknown: Term) -> Term:
    """The symbol whose power an unknown is."""
    return unknown.args[0] if unknown.head == "Pow" else unknown


# -- both rules, side by side


def rules_picture(solution: Solution, answer: Answer, latex: Latex) -> Picture | None:
    """The quantity with the unknown held, and with the unknown as answered."""
    task, result = answer.task, answer.result
    if task.kind not in ("constant", "must_scale") or answer.status != "solved" or result is None or task.unknown is None:
        return None
    condition, unknown = task.objects[0], task.unknown
    law = _law_of(result, unknown)
    if len(task.objects) != 1 or condition.head != "Eq" or law is None or base_of(unknown) in free(condition.args[1]):
        return None
    quantity, wanted = condition.args
    if wanted.head == "Theta":
        wanted = wanted.args[0]
    experiment = Experiment(solution.problem, task)
    if not experiment.possible(quantity):
        return None
    sizes = Sizes(experiment, answer, latex, quantity, law)
    symbol = base_of(unknown)
    shown_over: list[Moving] = []
    panels, drawn = [], 0
    for m in sizes.moving:
        if m.symbol == symbol or not m.whole:
            continue
        rows = _both(experiment, sizes, m, unknown, law, quantity, task.kind == "constant")
        if rows is None:
            continue
        held, scaled, tuned = rows
        drawn = max([drawn, *(v.drawn for _, v in (*held, *scaled))])
        anchor = next((v.value for x, v in scaled if x == TUNED), None)
        there = experiment.closed(wanted, *sizes.at(m, TUNED))
        asked = None
        if anchor and there and there > 0:
            asked = sizes.curve("asked", f"what is asked for: ${latex(condition.args[1])}${', up to a factor' if task.kind == 'must_scale' else ''}", m, wanted)
            factor = 1.0 if task.kind == "constant" else anchor / there
            asked = asked and Curve("asked", asked.label, tuple((x, y * factor) for x, y in asked.points))
        name = latex(unknown)
        proportional = task.kind == "must_scale"
        shown = rf"{name} \propto {latex(law)}" if proportional else f"{name} = {latex(law)}"
        dots = (
            Dots("constant", f"${name}$ held at ${short(tuned)}$", tuple(Dot(x, v.value, v.error) for x, v in held)),
            Dots("answered", f"${shown}$", tuple(Dot(x, v.value, v.error) for x, v in scaled)),
        )
        standing = sizes.standing(m, quantity, without=frozenset({symbol.name}))
        shown_over.append(m)
        panels.append(Panel(sizes.axis(m), (asked,) if asked else (), dots, standing))
    if not panels:
        return None
    title = f"${latex(unknown)}$ held, and ${latex(unknown)}$ as answered"
    sized = listed([f"${latex(m.symbol)} = {TUNED}$" for m in shown_over])
    caption = f"{title}: both are the same at {sized}.{_lesson(panels, shown_over, latex)} {told(drawn, True)}".strip()
    y = Axis(f"${latex(quantity)}$")
    return Picture(f"{task.id}-rules", title, described(y, panels), caption, Plot(y, tuple(panels)))


def _lesson(panels: list[Panel], moving: list[Moving], latex: Latex) -> str:
    """How far off the held value ends, against what is asked for."""
    said = []
    for panel, m in zip(panels, moving, strict=True):
        held = panel.dots[0].points[-1]
        asked = dict(panel.curves[0].points).get(held.x) if panel.curves else None
        if asked and not 0.8 < held.y / asked < 1.25:
            ratio = held.y / asked
            times, way = (ratio, "large") if ratio > 1 else (1 / ratio, "small")
            said.append(f"${short(times)}$ times too {way} at ${latex(m.symbol)} = {short(held.x)}$")
    return f" Held, it ends {listed(said)}." if said else ""


def _law_of(result: Term, unknown: Term) -> Term | None:
    """What the unknown was found to be, or to be of the order of."""
    if result.head == "Eq" and len(result.args) == 2 and same(result.args[0], unknown):
        result = result.args[1]
    if result.head == "Theta":
        result = result.args[0]
    return None if base_of(unknown) in free(result) or result.head in ("Tuple", "And", "Eq") else result


Row = list[tuple[float, Value]]


def _both(experiment: Experiment, sizes: Sizes, m: Moving, unknown: Term, law: Term, quantity: Term, exact: bool
          ) -> tuple[Row, Row, float] | None:  # fmt: skip
    """The quantity under both rules, and the value at which the unknown is held."""
    at = {x: experiment.closed(law, *sizes.at(m, x)) for x in {*m.dots, float(TUNED)}}
    right = at[float(TUNED)]
    if right is None or right <= 0:
        return None
    tuned = right if exact else 1.0 / TUNED
    exponent = float(unknown.args[1].value) if unknown.head == "Pow" else 1.0
    name = base_of(unknown).name
    held: Row = []
    scaled: Row = []
    for x in m.dots:
        here = at[x]
        if here is None or here <= 0:
            continue
        for row, value in ((held, tuned), (scaled, tuned * here / right)):
            whole, others = sizes.at(m, x)
            v = experiment.value(quantity, whole, {**others, name: value ** (1 / exponent)})
            if v is not None and v.value > 0:
                row.append((x, v))
    varies = len(held) > 1 and len(scaled) > 1 and len({here for here in at.values() if here is not None}) > 1
    return (held, scaled, tuned) if varies else None


def described(y: Axis, panels: list[Panel]) -> str:
    """A plot in words, for those who do not see it."""
    parts = []
    for p in panels:
        said = [f"{c.label}, from {short(c.points[0][1])} to {short(c.points[-1][1])}" for c in p.curves]
        said += [f"{counted(len(d.points), 'dot')} ({d.label}), from {short(d.points[0].y)} to {short(d.points[-1].y)}" for d in p.dots]
        ends = [c.points[i][0] for c in p.curves for i in (0, -1)] + [d.points[i].x for d in p.dots for i in (0, -1)]
        parts.append(f"over {p.x.name} from {short(min(ends))} to {short(max(ends))}: {'; '.join(said)}")
    return f"{y.name}, on logarithmic axes, {'; and '.join(parts)}."
