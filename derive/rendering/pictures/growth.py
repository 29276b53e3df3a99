"""Values over sizes: what was derived as curves, what the problem itself gives as dots.

Of an answer to ``How does … scale``: the exact value and the leading term that its steps show, against the quantity that was
asked about. Of a constant: the formula against the value at which the simulated condition holds.
"""

from __future__ import annotations

from dataclasses import replace

from derive.planner.solution import Answer, Solution
from derive.rendering.pictures.experiment import Experiment, Value
from derive.rendering.pictures.model import Axis, Curve, Panel, Picture, Plot
from derive.rendering.pictures.sizes import Latex, Moving, Sizes, base_of, described, dots_of
from derive.rendering.pictures.words import told
from derive.terms import Term, free, key, same


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
            panels.append(Panel(sizes.axis(m), tuple(curves), dots_of(dots), standing))
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
            panels.append(Panel(sizes.axis(m), tuple(curves), dots_of(dots), sizes.standing(m, condition, without=own)))
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
    from derive.planner.values.pretty import pretty

    if not m.whole:
        return None
    facts = replace(Facts.of(solution.problem, answer.task.givens, answer.task.definitions), growing=(m.symbol,))
    try:
        after = by_leading(value, facts, pretty).after
    except Refused:
        return None
    return None if same(after, value) else after
