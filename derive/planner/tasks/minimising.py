"""``Find c that minimises …``: where the derivative is zero, and why that is the least value."""

from __future__ import annotations

from derive.kernel.apply import HOLE, Refused, also, inside
from derive.planner.desk import Desk
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.tasks.finding import isolate
from derive.planner.values.value import Found
from derive.terms import ZERO, Term, call, shape

DIFFERENTIATING = ("by the rules of calculus", "rule by rule")


def minimise(desk: Desk) -> Answer:
    """The stationary point of a function of one number, with the sign of its second derivative."""
    t = desk.task
    u = t.unknown
    if len(t.objects) != 1 or u is None or u.head != "Sym" or shape(u):
        return Answer(t, "refused", reason="One quantity is minimised at a time, in one number.")
    e = t.objects[0]
    tex = desk.facts.tex
    slope = Term("Deriv", (u, e, u))
    first, second = derived(desk, slope), derived(desk, Term("Deriv", (u, slope, u)))
    if first is None or second is None:
        return Answer(t, "refused", reason=f"The derivative of {tex(e)} in {tex(u)} was not worked out.")
    least = t.direction != "maximises"
    context = call("Eq", HOLE, ZERO)
    looked_at, broken = refereed(tuple(first.steps), desk)
    if broken is not None:
        return Answer(t, "refused", reason=f"A step by {broken.rule} is contradicted by numbers.")
    steps = [inside(s, context, "iff") for s in looked_at]
    made = isolate(desk, call("Eq", first.value, ZERO), u)
    if isinstance(made, Refused):
        return Answer(t, "refused", reason=made.why, missing=made.missing)
    word = "least" if least else "greatest"
    try:
        last = also(made[-1], tuple(second.steps), e, u, desk.facts, least)
    except Refused as r:
        return Answer(t, "refused", reason=f"Where the derivative is $0$, nothing shows that the value is {word}: {r.why}.", missing=r.missing)
    value = last.after.args[1]
    curved = last.conditions[-1].status == "holds"
    note = (f"There the value is {word}: the second derivative in {tex(u)} is {tex(second.value)}"
            + (f", which is {'positive' if least else 'negative'} whatever {tex(u)} is." if curved else "."))  # fmt: skip
    return Answer(t, "solved", value, (*steps, *made[:-1], last), "where the derivative is zero", note=note)


def derived(desk: Desk, line: Term) -> Found | None:
    """The derivative worked out, by the first method that leaves none."""
    for m in DIFFERENTIATING:
        found = desk.finder.by(m, line, desk.facts)
        if desk.finder.open(found.value, desk.facts) is None or not _has_derivative(found.value, line.var):
            return found
    return None


def _has_derivative(t: Term, var: Term) -> bool:
    return (t.head == "Deriv" and t.var == var) or any(_has_derivative(c, var) for _, c in t.children())
