"""An unknown that has to scale (a constant too): the quantity with the unknown held at what is right at one size, and as answered."""

from __future__ import annotations

from derive.planner.solution import Answer, Solution
from derive.rendering.pictures.experiment import Experiment, Value
from derive.rendering.pictures.model import Axis, Curve, Dot, Dots, Panel, Picture, Plot
from derive.rendering.pictures.sizes import TUNED, Latex, Moving, Sizes, base_of, described
from derive.rendering.pictures.words import listed, short, told
from derive.terms import Term, free, same


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
    if wanted.head in ("BigO", "BigOmega"):  # a bound leaves more than one law
        return None
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
        asked = _wanted(sizes, m, wanted, anchor if task.kind == "must_scale" else None, latex(condition.args[1]))
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


def _wanted(sizes: Sizes, m: Moving, wanted: Term, anchor: float | None, said: str) -> Curve | None:
    """What is asked for: its value, simulated where it has no closed form; or a multiple of an order, through ``anchor``."""
    label = f"what is asked for: ${said}$"
    curve = sizes.curve("asked", label if anchor is None else f"{label}, up to a factor", m, wanted)
    if curve is None and anchor is None and sizes.experiment.possible(wanted):
        values = [(x, sizes.experiment.value(wanted, *sizes.at(m, x))) for x in m.dots]
        points = tuple((x, v.value) for x, v in values if v is not None and v.value > 0)
        return Curve("asked", label, points) if len(points) > 1 else None
    there = dict(curve.points).get(float(TUNED)) if curve else None
    if curve is None or anchor is None or not there:
        return curve
    return Curve("asked", curve.label, tuple((x, y * anchor / there) for x, y in curve.points))


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
