"""A solution, an explanation, a rule as JSON: what programs read (``trace.schema.json``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from derive.explaining.model import Explanation
from derive.explaining.numbering import all_steps, number_steps, numbered, walk
from derive.kernel.step import Checked, Condition, Step
from derive.language.model import Symbol
from derive.planner.solution import Answer, Evidence, Solution
from derive.rendering.anchors import anchors
from derive.rendering.mathjson import Json, changed, to_math
from derive.rendering.schedules import schedule_json
from derive.rendering.words import computation, is_term, listed, number
from derive.terms import Term


class Writer:
    """Terms and steps of one document as JSON."""

    def __init__(self, symbols: Mapping[str, Symbol], names: Mapping[str, str]) -> None:
        self.symbols, self.names = symbols, names
        self.families = frozenset(n for n, s in symbols.items() if s.family)

    @property
    def latex(self) -> Callable[[Term], str]:
        from derive.language.writer import latex

        return lambda term: latex(term, self.symbols)

    def math(self, term: Term) -> Json:
        return to_math(term, self.families)

    def term(self, term: Term) -> dict[str, Json]:
        return {"latex": self.latex(term), "math": self.math(term)}

    def step(self, s: Step) -> dict[str, Any]:
        before, after = self.term(s.before), self.term(s.after)
        left, right = changed(before["math"], after["math"])
        out: dict[str, Any] = {"id": s.id, "anchor": self.names.get(s.id, "")}
        if s.part is not None:
            out["part"] = s.part
        out |= {
            "relation": s.relation, "before": before, "after": after, "changed": {"before": left, "after": right},
            "rule": s.rule, "direction": s.direction,
            "bindings": {name: self.term(value) for name, value in s.bindings.items()},
        }  # fmt: skip
        if s.context is not None:
            out["context"] = self.math(s.context)
        return out | {
            "why": s.why or computation(s.rule),
            "conditions": [self.condition(c) for c in s.conditions],
            "checked": checked(s.checked),
            "steps": [self.step(inner) for inner in s.steps],
        }

    def condition(self, c: Condition) -> dict[str, Any]:
        out: dict[str, Any] = {"text": c.text, "status": c.status, "because": c.because, "facts": list(c.facts)}
        return out | ({"steps": [self.step(s) for s in c.steps]} if c.steps else {})

    def evidence(self, e: Evidence) -> dict[str, Any]:
        out = {
            "where": {name: self.value(v) for name, v in e.where.items()},
            "left": self.value(e.left), "right": self.value(e.right), "quantity": e.quantity,
        }  # fmt: skip
        return out | ({"note": e.note} if e.note else {})

    def value(self, value: Any) -> Json:
        """A number, an array, mathematics, or words."""
        if is_term(value):
            return self.math(value)
        value = listed(value)
        if isinstance(value, list):
            return [self.value(v) for v in value]
        return value if value is None or isinstance(value, (str, bool)) else number(value)

    def answer(self, a: Answer) -> dict[str, Any]:
        out: dict[str, Any] = {
            "id": a.task.id, "kind": a.task.kind, "text": a.task.text, "status": a.status,
            "result": None if a.result is None else self.result(a.result), "assumed": list(a.assumed),
            "method": a.method,
        }  # fmt: skip
        out |= {name: text for name, text in (("reason", a.reason), ("missing", a.missing), ("note", a.note)) if text}
        if a.status not in ("solved", "shown"):
            out.setdefault("reason", "")
        if a.evidence is not None:
            out["evidence"] = self.evidence(a.evidence)
        if a.task.kind == "table":
            out["columns"] = [{"task": str(o)} for o in a.task.objects]
        if a.schedule is not None:
            out["schedule"] = schedule_json(a.schedule, self.term)
        out["steps"] = [self.step(s) for s in a.steps]
        if a.alternatives:
            out["alternatives"] = [self.answer(other) for other in a.alternatives]
        return out

    def result(self, result: Term) -> dict[str, Json]:
        if result.head == "Table":
            return {"latex": self.table(result), "math": self.math(result)}
        if result.head in ("True", "False") and not result.args:
            return {"latex": rf"\text{{{'yes' if result.head == 'True' else 'no'}}}", "math": result.head}
        return self.term(result)

    def table(self, table: Term) -> str:
        def cell(c: Term) -> str:
            return rf"\text{{{c.args[0].name}}}" if c.head == "Text" else self.latex(c)

        rows = " \\\\ ".join(" & ".join(cell(c) for c in row.args) for row in table.args)
        return rf"\begin{{array}}{{{'l' * len(table.args[0].args)}}} {rows} \end{{array}}"


def checked(c: Checked) -> dict[str, Any]:
    out: dict[str, Any] = {"how": c.how}
    if c.cases:
        out["cases"] = c.cases
    return out | ({"because": c.because} if c.because else {})


def trace(solution: Solution) -> dict[str, Any]:
    """The JSON trace of a solution."""
    solution = numbered(solution)
    problem = solution.problem
    writer = Writer(problem.symbols, anchors(all_steps(solution)))
    return {
        "schema": "derive-trace/1",
        "document": {"title": problem.title, "file": problem.file},
        "given": [{"text": text, "line": line} for text, line in problem.declarations],
        "tasks": [writer.answer(a) for a in solution.answers],
    }


def explanation(e: Explanation) -> dict[str, Any]:
    """The JSON of one step explained."""
    step = replace(e.step, conditions=e.conditions or e.step.conditions)
    proof = number_steps(e.proof, f"{step.id}.p")
    writer = Writer(e.problem.symbols, anchors(walk((step, *proof))))
    return {
        "schema": "derive-explanation/1",
        "step": writer.step(step),
        "rule": rule(e.rule) if hasattr(e.rule, "statement") else {"name": e.rule, "kind": "computation"},
        "statement": None if e.statement is None else writer.term(e.statement),
        "bindings": {name: writer.term(value) for name, value in e.bindings.items()},
        "conditions": [writer.condition(c) for c in e.conditions],
        "without": list(e.without),
        "proof": [writer.step(s) for s in proof],
        "example": e.example,
    }


def rule(r: Any) -> dict[str, Any]:
    """A rule's words."""
    return {
        "name": r.name, "chapter": r.chapter, "kind": r.kind, "file": r.file, "line": r.line,
        "statement": r.statement, "why": r.why, "proof": r.proof_text, "fails": [i.text for i in r.fails],
        "examples": [i.text for i in r.examples], "source": r.source,
    }  # fmt: skip
