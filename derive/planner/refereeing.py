"""Every step looked at by other means than the rules, before anyone sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import combinations
from typing import Any

from derive.kernel.step import Checked, Step
from derive.language.model import Definition, Problem, Task
from derive.planner.desk import Desk
from derive.terms import Term, call, free, num, shape, subst, subterms


def setting_of(desk: Desk) -> Any:
    """The referee's setting for the task's givens; tasks that are told the same share one, and its worlds."""
    from derive.referee.setting import Setting

    got = desk.extra.get("setting")
    if got is None:
        told = _told(desk.problem, desk.task)
        problem = _with_found(replace(told, givens=(*told.givens, *desk.sizes)), desk)
        key = ("setting", tuple(problem.symbols.values()), tuple(g.prop for g in problem.givens), problem.definitions)
        if key not in desk.shared:
            desk.shared[key] = Setting.of(problem)
        got = desk.extra["setting"] = desk.shared[key]
    return got


def _told(problem: Problem, task: Task) -> Problem:
    """The problem as far as the task knows it, and what is said later of names that nothing has mentioned yet.

    That restricts nothing here, and the worlds of this task are then those of the tasks that follow.
    """
    givens, definitions = problem.givens[: task.givens], problem.definitions[: task.definitions]
    tasks = tuple(t for t in problem.tasks if t.line <= task.line)
    mentioned = {s.name for t in _terms_of((givens, definitions, tasks)) for s in free(t)}
    later = tuple(d for d in problem.definitions[task.definitions :] if d.symbol.name not in mentioned)
    closed = mentioned | {d.symbol.name for d in problem.definitions}
    known = tuple(g for g in problem.givens[task.givens :] if not any(s.name in closed for s in free(g.prop)))
    return replace(problem, givens=givens + known, definitions=definitions + later)


def _terms_of(x: Any) -> Iterator[Term]:
    if isinstance(x, Term):
        yield x
    elif isinstance(x, tuple):
        for y in x:
            yield from _terms_of(y)
    elif is_dataclass(x):
        for f in fields(x):
            yield from _terms_of(getattr(x, f.name))


def _with_found(problem: Problem, desk: Desk) -> Problem:
    """Unknowns that earlier tasks have found stand for their values."""
    symbols, definitions = dict(problem.symbols), problem.definitions
    for a, u, value in desk.meant:
        symbols[u.name] = replace(symbols[u.name], role="defined")
        definitions = (*definitions, Definition(u, value, a.task.line, a.task.text))
    givens = tuple(g for g in problem.givens if not (g.kind == "task" and any(d.symbol in free(g.prop) for d in definitions)))
    return replace(problem, symbols=symbols, definitions=definitions, givens=givens)


def refereed(steps: tuple[Step, ...], desk: Desk) -> tuple[tuple[Step, ...], Step | None]:
    """The steps with what was checked; and the first that numbers contradict, if any."""
    if not steps:
        return steps, None
    setting = setting_of(desk)
    out: list[Step] = []
    for s in steps:
        checked, bad = judged(s, setting, desk)
        if bad is not None:
            return steps, bad
        out.append(checked)
    return tuple(out), None


def judged(step: Step, setting: Any, desk: Desk, of_condition: bool = False, apart: tuple[Term, ...] = ()) -> tuple[Step, Step | None]:
    """The step with what was checked, or the step in it that numbers contradict.

    The indices of ``apart`` differ. A condition is proved at a place whose indices may be kept apart; a line of its proof
    (``of_condition``) that fails where they coincide is judged again where they do not, and says so.
    """
    if step.checked.cases or step.checked.because != Checked.UNSEEN:
        return step, None  # looked at already, before it was put into a larger line
    inner: list[Step] = []
    for s in step.steps:
        got, bad = judged(s, setting, desk, of_condition, apart)
        if bad is not None:
            return step, bad
        inner.append(got)
    seen = _chained(step, inner)
    if seen is None:
        v, where = _looked_at(step, setting, desk, apart), ""
        if v.agrees is False and of_condition and (differ := _kept_apart(step, desk)):
            v, where = _looked_at(step, setting, desk, (*apart, *differ)), APART
        if v.agrees is False:
            return step, step
        seen = Checked(v.how, v.cases, where) if v.agrees else Checked("not evaluated", because=v.because or "outside the referee's reach")
    conditions = []
    for c in step.conditions:
        looked = []
        for s in c.steps:
            got, bad = judged(s, setting, desk, True, (*apart, *c.apart))
            if bad is not None:
                return step, bad
            looked.append(got)
        conditions.append(replace(c, steps=tuple(looked)) if looked else c)
    return step.shown(checked=seen, steps=tuple(inner), conditions=tuple(conditions)), None


def _chained(step: Step, inner: list[Step]) -> Checked | None:
    """Of equations that follow one another from the first side of a step to its other: what was checked of each of them."""
    whole = step.relation == "=" and len(inner) > 1 and inner[0].before == step.before and inner[-1].after == step.after
    if not whole or any(s.relation != "=" or not s.checked.cases or s.checked.because for s in inner):
        return None
    if any(a.after != b.before for a, b in zip(inner, inner[1:], strict=False)):
        return None
    return min((s.checked for s in inner), key=lambda c: c.cases)


APART = "where its indices differ, as they do here"


def _kept_apart(step: Step, desk: Desk) -> tuple[Term, ...]:
    """That the indices of one range which stand open in a step differ from one another."""
    ranges: dict[Term, set[Term]] = {}
    for t in (*subterms(step.before), *subterms(step.after)):
        if t.head == "At":
            for i, size in zip(t.args[1:], shape(t.args[0]), strict=False):
                ranges.setdefault(i, set()).add(size)
    open_ = sorted((s for s in free(step.before) | free(step.after) if s.name not in desk.problem.symbols), key=lambda s: s.name)
    return tuple(Term("Ne", (i, k)) for i, k in combinations(open_, 2) if ranges.get(i, set()) & ranges.get(k, set()))


def _looked_at(step: Step, setting: Any, desk: Desk, apart: tuple[Term, ...] = ()) -> Any:
    """The referee's verdict; tasks that see the same givens share it."""
    from derive.referee.judge import judge

    growth = step.relation in ("~", "Theta", "O", "Omega") or (step.relation in ("iff", "=") and contains_class(step.before))
    growing = tuple(s for s in desk.task.sizes if s not in desk.constant) if growth else ()
    if growth and desk.constant and not growing:
        growing = tuple(s.term for s in desk.problem.symbols.values() if s.role == "dimension" and s.term not in desk.constant)
    assuming = (*desk.apart, *apart)
    k = ("judged", step.relation, step.before, step.after, id(setting), growing, assuming, desk.constant)
    if k not in desk.shared:
        desk.shared[k] = judge(step.relation, step.before, step.after, setting, free=growing, assuming=assuming)
    return desk.shared[k]


def contains_class(p: Term) -> bool:
    """Whether a line says how something grows."""
    return p.head in ("Theta", "BigO", "BigOmega") or p.head == "Eq" and contains_class(p.args[1])


def value_at_least(desk: Desk, a: Term, b: Term) -> tuple[dict[str, Any], float, float] | None:
    """The smallest sizes at which two closed forms differ, with both values."""
    from derive.kernel.numbers import evaluate

    names = sorted({s for s in free(a) | free(b)}, key=lambda s: s.name)
    if any(s.sort.shape for s in names):
        from derive.referee.instances import find_counterexample

        got = find_counterexample(call("Eq", a, b), setting_of(desk))
        return (got["where"], got["left"], got["right"]) if got is not None else None
    for n in (1, 2, 3):
        table = {s: num(n) for s in names}
        x, y = evaluate(subst(a, table)), evaluate(subst(b, table))
        fx, fy = number(x), number(y)
        if fx is not None and fy is not None and abs(fx - fy) > 1e-9 * (1 + abs(fx)):
            return {s.name: n for s in names}, fx, fy
    return None


def number(t: Term) -> float | None:
    """A closed number as a float; None for what is none."""
    from math import e, pi

    from derive.kernel.algebra import Algebra

    alg = Algebra()
    total = 0.0
    for m, c in alg.normal(t).items():
        v = float(c)
        for k, x in m:
            atom = alg.atoms[k]
            base = {"Pi": pi, "E": e}.get(atom.head)
            if base is None and atom.head == "Num":
                base = float(atom.value)
            if base is None:
                return None
            v *= base ** float(x)
        total += v
    return total
