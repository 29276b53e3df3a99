"""One step, opened: the page that `derive explain` shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derive.explaining.model import Explanation
from derive.explaining.numbering import number_steps
from derive.planner.solution import Solution
from derive.rendering.build import Builder, rule_view
from derive.rendering.page import ExplanationPage
from derive.rendering.prose import Piece, prose
from derive.rendering.words import computation
from derive.terms import Term, sym


def explanation_page(e: Explanation) -> ExplanationPage:
    """The page of an explained step; the lines of the rule's proof are numbered after the step: ``1.4.p.1``."""
    # A solution without answers: the builder needs the document and the rules, and finds no other step to refer to.
    builder = Builder(Solution(e.problem, (), e.rules_used))
    step = replace(e.step, conditions=e.conditions or e.step.conditions)
    proof = number_steps(e.proof, f"{step.id}.p")
    known: Any = e.rule if hasattr(e.rule, "statement") else None
    view = builder.step(step)
    return ExplanationPage(
        title=(Piece("text", f"Step {step.id}: "), *view.title),
        file=e.problem.file or "",
        step=view,
        before=builder.latex(step.before),
        rule=rule_view(known, builder.known) if known else None,
        computation=() if known else prose(computation(step.rule)),
        statement=builder.latex(e.statement) if e.statement is not None else "",
        bindings=tuple(bound(builder, name_of(e.rule, n), v) for n, v in e.bindings.items()),
        without=tuple(map(prose, e.without)),
        proof=builder.chains(proof),
        example=prose(e.example),
        given=builder.given(),
        rules=tuple(rule_view(r, builder.known) for r in e.rules_used.values() if r is not known),
    )


def bound(builder: Builder, name: Term, value: Term) -> tuple[str, str]:
    """A name and what stands for it, as mathematics: a family by its member, a size by what is counted."""
    left, members = builder.latex(name), []
    while value.head == "Lambda":
        members.append(builder.latex(value.var))
        value = value.body
    if members:
        left = f"{left}({', '.join(members)})" if name.sort.takes is not None else f"{left}_{{{''.join(members)}}}"
    if value.head == "List":
        return left, ",\\; ".join(map(builder.latex, value.args))
    if value.head == "IndexRange":
        lo, hi, *out = map(builder.latex, value.args)
        left = rf"1, \ldots, {left}"
        return left, rf"{lo}, \ldots, {hi}" + (rf" \text{{ without }} {', '.join(out)}" if out else "")
    return left, builder.latex(value)


def name_of(rule: Any, name: str) -> Any:
    """The rule's symbol of that name, to be printed as the rule prints it."""
    declared = getattr(rule, "names", {}).get(name)
    return declared.term if declared is not None else sym(name)
