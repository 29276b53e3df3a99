"""A solution as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from derive.explaining.numbering import all_steps, numbered
from derive.kernel.step import Condition, Step
from derive.planner.solution import Answer, Evidence, Solution
from derive.rendering.anchors import anchors
from derive.rendering.answers import answer_latex, answer_notes, table
from derive.rendering.page import (
    Chain,
    ConditionView,
    EvidenceView,
    Line,
    Page,
    PictureView,
    RuleView,
    StepView,
    TableView,
    TaskView,
)
from derive.rendering.prose import Piece, Prose, prose, resolved
from derive.rendering.schedules import schedule_table
from derive.rendering.words import (
    GROWTH,
    RELATIONS,
    answered,
    computation,
    is_computation,
    is_term,
    listed,
    number_latex,
    rule_title,
    verdict,
)
from derive.terms import Term, call


def page(solution: Solution, detail: str = "full", pictures: Drawn | None = None) -> Page:
    """The page of a solution; ``detail`` is "full" or "brief". ``pictures`` draws those of each task, given the page's places."""
    return Builder(numbered(solution), detail == "full", pictures).page()


Drawn = Callable[[frozenset[str]], Mapping[str, tuple[PictureView, ...]]]


class Builder:
    """Turns what solving gave into what is shown, all with one notation."""

    def __init__(self, solution: Solution, full: bool = True, drawn: Drawn | None = None) -> None:
        self.solution, self.full, self.drawn = solution, full, drawn
        self.problem = solution.problem

    @cached_property
    def latex(self) -> Callable[[Term], str]:
        from derive.language.writer import latex

        return lambda term: latex(term, self.problem.symbols)

    @cached_property
    def anchors(self) -> dict[str, str]:
        return anchors(all_steps(self.solution))

    @cached_property
    def known(self) -> dict[str, frozenset[str]]:
        """What a reference may refer to on this page."""
        lines = {str(n) for _, n in self.problem.declarations} | {str(t.line) for t in self.problem.tasks}
        shown = self.solution.answers
        return {
            "line": frozenset(lines),
            "task": frozenset(a.task.id for a in shown),
            "step": frozenset(s.id for s in all_steps(self.solution)),
            "rule": frozenset(self.solution.rules_used if self.full else ()),  # only a full page prints them
        }

    def prose(self, source: str) -> Prose:
        return resolved(prose(source), self.known)

    @cached_property
    def pictures(self) -> Mapping[str, tuple[PictureView, ...]]:
        if self.drawn is None:
            return {}
        return self.drawn(frozenset(f"{kind}-{name}" for kind, names in self.known.items() for name in names))

    def page(self) -> Page:
        problem, answers = self.problem, self.solution.answers
        return Page(
            title=problem.title,
            file=problem.file or "",
            source=problem.source,
            given=self.given(),
            questions=tuple(Line(t.line, self.prose(t.text)) for t in problem.tasks),
            tasks=tuple(self.task(a) for a in answers),
            rules=tuple(rule_view(r, self.known) for r in self.solution.rules_used.values() if self.full),
        )

    def given(self) -> tuple[Line, ...]:
        return tuple(Line(n, self.prose(text)) for text, n in self.problem.declarations)

    # Tasks
    def task(self, answer: Answer) -> TaskView:
        p = self.prose
        return TaskView(
            id=answer.task.id,
            statement=p(answer.task.text),
            verdict=verdict(answer),
            good=answered(answer),
            answer=answer_latex(answer, self.latex),
            notes=tuple(map(p, answer_notes(answer, self.latex))),
            method=answer.method,
            assumed=tuple(map(p, answer.assumed)),
            reason=p(answer.reason),
            missing=p(answer.missing),
            evidence=evidence(answer.evidence, self.latex, p) if answer.evidence else None,
            table=table(answer, self.latex, p, self.known["task"]) or self.schedule(answer),
            chains=self.chains(answer.steps),
            alternatives=tuple(self.task(a) for a in answer.alternatives),
            pictures=self.pictures.get(answer.task.id, ()),
        )

    def schedule(self, answer: Answer) -> TableView | None:
        """The table of a network's schedule, where it is first needed."""
        if answer.schedule is None or any(a.schedule == answer.schedule for a in self.before(answer)):
            return None
        return schedule_table(answer.schedule, self.latex, self.prose)

    def before(self, answer: Answer) -> tuple[Answer, ...]:
        shown = self.solution.answers
        return shown[: next((n for n, a in enumerate(shown) if a is answer), 0)]

    def chains(self, steps: tuple[Step, ...]) -> tuple[Chain, ...]:
        """The steps as chains: a new one for each part, and wherever a line does not follow on."""
        runs: list[list[Step]] = []
        for step in steps:
            last = runs[-1][-1] if runs else None
            if last is not None and last.part == step.part and last.after == step.before:
                runs[-1].append(step)
            else:
                runs.append([step])
        return tuple(self.chain(run) for run in runs)

    def chain(self, run: list[Step]) -> Chain:
        statements = any(s.relation in ("iff", "implies") for s in run)
        shown = tuple(map(self.step, run))
        first = self.latex(run[0].before)
        return Chain(first, shown if self.full else essential(shown), statements, run[0].part)

    def step(self, step: Step) -> StepView:
        after = call(GROWTH[step.relation], step.after) if step.relation in GROWTH else step.after
        if step.after.head in GROWTH.values():
            after = step.after
        return StepView(
            id=step.id,
            anchor=self.anchors.get(step.id, ""),
            relation=RELATIONS[step.relation],
            line=self.latex(after),
            name=step.rule,
            title=self.title(step.rule),
            rule_known=step.rule in self.known["rule"],
            growth=after.head in GROWTH.values(),
            backwards=step.direction == "right to left",
            why=self.prose(step.why or computation(step.rule)),
            conditions=tuple(map(self.condition, step.conditions)),
            checked=checked(step) if self.full else "",
            chains=self.chains(step.steps) if self.full else (),
        )

    def title(self, name: str) -> Prose:
        """A rule's title; in "definition of y_prime" the name is mathematics."""
        first, _, rest = name.partition("definition of ")
        if is_computation(name) and not first and rest and "$" not in rest:
            symbol = self.problem.symbols.get(rest)
            return (Piece("text", "definition of "), Piece("math", symbol.latex if symbol else rest))
        return prose(rule_title(name))

    def condition(self, condition: Condition) -> ConditionView:
        assumed = condition.status == "assumed"
        if not (self.full or assumed):
            return ConditionView(self.prose(condition.text), (), assumed)
        because = self.prose(condition.because)
        said = {(p.kind, p.target) for p in because}
        missing = [f for f in map(self.fact, condition.facts) if (f.kind, f.target) not in said]
        if missing:
            commas = [x for f in missing for x in (Piece("text", ", "), f)][1:]
            because = (*_without_stop(because), Piece("text", " ("), *commas, Piece("text", ")"))
        return ConditionView(self.prose(condition.text), because, assumed, self.chains(condition.steps))

    def fact(self, name: str) -> Piece:
        pieces = self.prose(name)
        return pieces[0] if len(pieces) == 1 else Piece("text", name)


def essential(steps: tuple[StepView, ...]) -> tuple[StepView, ...]:
    """The lines without the kernel's computations: each is merged into the line before it (at the start, after it)."""
    out: list[StepView] = []
    for i, step in enumerate(steps):
        quiet = is_computation(step.name) and not step.name.startswith("earlier task") and step.relation in ("=", r"\iff") and not step.growth
        if quiet and out:
            out[-1] = replace(out[-1], line=step.line)
        elif not quiet or i == len(steps) - 1:
            out.append(step)
    return tuple(out)


def _without_stop(pieces: Prose) -> Prose:
    if pieces and pieces[-1].kind == "text" and pieces[-1].text.endswith("."):
        return (*pieces[:-1], replace(pieces[-1], text=pieces[-1].text[:-1]))
    return pieces


def checked(step: Step) -> str:
    """What the referee did, in small print."""
    c = step.checked
    if c.how == "not evaluated":
        return f"not evaluated: {c.because}" if c.because else "not evaluated"
    if not c.how:
        return ""
    instances = f", {c.cases} instance{'s' if c.cases != 1 else ''}" if c.cases else ""
    return f"✓ {c.how}{instances}" + (f" ({c.because})" if c.because else "")


def evidence(e: Evidence, latex: Callable[[Term], str], p: Callable[[str], Prose]) -> EvidenceView:
    from derive.terms import sym

    where = tuple(rf"{latex(sym(name))} = {value_latex(value, latex)}" for name, value in e.where.items())
    return EvidenceView(where, p(e.quantity), value_latex(e.left, latex), value_latex(e.right, latex), p(e.note))


def value_latex(value: Any, latex: Callable[[Term], str]) -> str:
    """A number, an array (a column or rows of numbers), a term, or words."""
    if value is None:
        return ""
    if is_term(value):
        return latex(value)
    value = listed(value)
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            body = r" \\ ".join(" & ".join(value_latex(x, latex) for x in row) for row in value)
            return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
        return "(" + ", ".join(value_latex(x, latex) for x in value) + ")"
    if isinstance(value, (str, bool)):
        return rf"\text{{{value}}}"
    return number_latex(value)


def rule_view(rule: Any, known: Mapping[str, frozenset[str]] | None = None) -> RuleView:
    """A rule's words: the only place where they are taken from it. Its lines are its chapter's, not the page's."""
    elsewhere = {**(known or {}), "line": frozenset[str](), "task": frozenset[str](), "step": frozenset[str]()}

    def words(source: str) -> Prose:
        return resolved(prose(source), elsewhere)

    return RuleView(
        name=rule.name,
        title=rule_title(rule.name),
        kind={"cited": "cited theorem", "proved": "theorem"}.get(rule.kind, rule.kind),
        chapter=rule.chapter,
        statement=words(rule.statement),
        why=words(rule.why),
        proof=words(rule.proof_text),
        fails=tuple(words(i.text) for i in rule.fails),
        examples=tuple(words(i.text) for i in rule.examples),
        source=words(rule.source),
    )
