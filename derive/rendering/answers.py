"""The answer itself: one formula or table, and the sentences beside it."""

from __future__ import annotations

from collections.abc import Callable

from derive.planner.solution import Answer
from derive.rendering.page import TableView
from derive.rendering.prose import Prose
from derive.terms import Term, call, free

Latex = Callable[[Term], str]
_PROPOSITIONS = frozenset({"Eq", "Le", "Ge", "Lt", "Gt", "Ne", "Dist", "And", "In", "Tuple", "List", "Iff", "Implies", "Or"})


def answer_latex(answer: Answer, latex: Latex) -> str:
    """The answer as a person would write it under the question; empty where it is a word or a table."""
    result, task = answer.result, answer.task
    if result is None or result.head in ("True", "False", "Table"):
        return ""
    if result.head in _PROPOSITIONS:
        return latex(result)
    if task.kind in ("constant", "must_scale", "minimise") and task.unknown is not None:
        return latex(call("Eq", task.unknown, result))
    if task.kind in ("scale", "distribution") and len(task.objects) == 1:
        return latex(call("Dist" if task.kind == "distribution" else "Eq", task.objects[0], result))
    return latex(result)


def answer_notes(answer: Answer, latex: Latex) -> list[str]:
    """Sentences beside the answer: the solver's own, and what a growth does not depend on."""
    out = [answer.note] if answer.note else []
    if answer.task.kind in ("scale", "must_scale") and answer.result is not None and answer.status == "solved":
        inside = {s.name for s in free(answer.result)}
        left_out = [f"${latex(s)}$" for s in answer.task.sizes if s.name not in inside]
        if left_out and len(left_out) < len(answer.task.sizes):
            out.append(f"It does not grow with {' or '.join(left_out)}.")
    return out


def table(answer: Answer, latex: Latex, prose: Callable[[str], Prose], tasks: frozenset[str]) -> TableView | None:
    """The table of a `Tabulate` task; its columns come from the tasks that it names (those in ``tasks`` are shown)."""
    if answer.result is None or answer.result.head != "Table":
        return None
    rows = [[cell_source(cell, latex) for cell in row.args] for row in answer.result.args]
    sources = tuple(n if n in tasks else "" for n in map(str, answer.task.objects))
    heading, *body = ([prose(c) for c in row] for row in rows)
    return TableView(tuple(heading), tuple(map(tuple, body)), sources)


def cell_source(cell: Term, latex: Latex) -> str:
    """A cell as prose: words as they are, mathematics between dollars."""
    return cell.args[0].name if cell.head == "Text" else f"${latex(cell)}$"
