"""``Tabulate … for …``: each cell is its task answered anew in the regime of its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from derive.language.model import Definition, Given, Problem, Symbol, Task
from derive.planner.desk import Desk
from derive.planner.solution import Answer
from derive.terms import Term, call, free, subst, sym

Kinds = Mapping[str, Callable[[Desk], Answer]]


def tabulate(desk: Desk, kinds: Kinds, finished: Callable[[Answer, Desk], Answer]) -> Answer:
    """A row for each regime, a column for each task; refused with the first cell that is."""
    t = desk.task
    columns = [next(x for x in desk.problem.tasks if x.id == str(o)) for o in t.objects]
    heading = call("List", _text(""), *(_heading(desk, c) for c in columns))
    rows = [heading]
    for name, conditions in t.rows:
        here = regime(desk, conditions)
        if isinstance(here, str):
            return Answer(t, "refused", reason=here)
        cells = []
        for c in columns:
            cell = _cell(here, c, kinds, finished)
            if isinstance(cell, str):
                return Answer(t, "refused", reason=f"Task {c.id} has no answer for {name}: {cell}")
            cells.append(cell)
        rows.append(call("List", _text(f"{name} ({_said(desk, conditions)})"), *cells))
    return Answer(t, "solved", call("Table", *rows), (), "each cell derived anew in the regime of its row", note=(
        "Each cell is its task solved again under what its row says: what is constant there does not grow, in the assumptions either."))  # fmt: skip


def _text(words: str) -> Term:
    return call("Text", sym(words))


def _heading(desk: Desk, task: Task) -> Term:
    if task.unknown is not None:
        return task.unknown
    return task.objects[0] if task.objects else _text(f"task {task.id}")


def _said(desk: Desk, conditions: tuple[Term, ...]) -> str:
    return ", ".join(f"{desk.facts.tex(p.args[0])} constant" if p.head == "Constant" else desk.facts.tex(p) for p in conditions)


def regime(desk: Desk, conditions: tuple[Term, ...]) -> Desk | str:
    """The desk with what a row says: dimensions that do not grow, and one given by others."""
    constant: list[Term] = []
    table: dict[Term, Term] = {}
    for p in conditions:
        if p.head == "Constant":
            constant.append(p.args[0])
        elif p.head == "Eq" and p.args[0].head == "Sym" and p.args[0] not in free(p.args[1]):
            table[p.args[0]] = p.args[1]
        else:
            return f"The regime {desk.facts.tex(p)} gives no dimension by the others."
    problem = within(desk.problem, table) if table else desk.problem
    return Desk(problem, desk.rulebook, desk.task, (), False, desk.shared if not table else {k: v for k, v in desk.shared.items() if k in ("library", "bounding")},
                constant=tuple(constant))  # fmt: skip


def within(problem: Problem, table: dict[Term, Term]) -> Problem:
    """The problem with dimensions replaced everywhere, shapes included."""
    def put(x: Any) -> Any:
        return subst(x, table) if isinstance(x, Term) else tuple(put(y) for y in x) if isinstance(x, tuple) else x

    symbols: dict[str, Symbol] = {n: replace(s, term=put(s.term)) for n, s in problem.symbols.items() if s.term not in table}
    givens: tuple[Given, ...] = tuple(replace(g, prop=put(g.prop)) for g in problem.givens)
    definitions: tuple[Definition, ...] = tuple(
        replace(d, symbol=put(d.symbol), body=put(d.body), params=put(d.params), index=put(d.index)) for d in problem.definitions)
    tasks = tuple(replace(t, objects=put(t.objects), unknown=put(t.unknown), sizes=_sizes(t.sizes, table), terms=put(t.terms)) for t in problem.tasks)
    return replace(problem, symbols=symbols, givens=givens, definitions=definitions, tasks=tasks)


def _sizes(sizes: tuple[Term, ...], table: dict[Term, Term]) -> tuple[Term, ...]:
    """The symbols that grow, without those that others give."""
    out: dict[Term, None] = {}
    for s in sizes:
        for x in sorted(free(table[s]), key=lambda x: x.name) if s in table else (s,):
            out[x] = None
    return tuple(out)


def _cell(here: Desk, column: Task, kinds: Kinds, finished: Callable[[Answer, Desk], Answer]) -> Term | str:
    task = next(t for t in here.problem.tasks if t.id == column.id)
    kind = kinds.get(task.kind)
    if kind is None:
        return f"no method for this kind of question ({task.kind})"
    desk = Desk(here.problem, here.rulebook, task, (), False, here.shared, constant=here.constant)
    answer = finished(kind(desk), desk)
    if answer.status not in ("solved", "shown") or answer.result is None:
        return answer.reason
    return answer.result


__all__ = ["regime", "tabulate", "within"]
