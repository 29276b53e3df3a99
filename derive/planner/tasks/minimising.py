"""``Find c that minimises …``: where the derivative is zero, and why that is the least value."""

from __future__ import annotations

from derive.kernel.apply import HOLE, Refused
from derive.kernel.combining import also, inside
from derive.language.model import Given
from derive.planner.desk import Desk
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.tasks.finding import ABOUT, domain, isolate
from derive.planner.tasks.minimising_vectors import minimise_vector
from derive.planner.values.value import Found, unbounded
from derive.terms import ZERO, Term, call, free, shape

DIFFERENTIATING = ("by the rules of calculus", "rule by rule")


def minimise(desk: Desk) -> Answer:
    """The stationary point of a function of one number, with the sign of its second derivative."""
    t = desk.task
    u = t.unknown
    if len(t.objects) != 1 or u is None or u.head != "Sym" or len(shape(u)) > 1:
        return Answer(t, "refused", reason="One quantity is minimised at a time, in one number or one vector.")
    e = t.objects[0]
    bound = bounded(desk, u)
    if bound is not None:
        return Answer(t, "refused", reason=f"A least value is sought among all values, and line {bound.line} restricts {desk.facts.tex(u)}: {bound.text}")
    if shape(u):
        return minimise_vector(desk, e, u)
    tex = desk.facts.tex
    slope = Term("Deriv", (u, e, u))
    first, second = derived(desk, slope), derived(desk, Term("Deriv", (u, slope, u)))
    if first is None or second is None:
        return Answer(t, "refused", reason=f"The derivative of {tex(e)} in {tex(u)} was not worked out.")
    wild = unbounded(second.value, desk.facts)
    if wild is not None:
        return Answer(t, "refused", reason=f"{tex(e)} is not finite: nothing says that {tex(wild)} is.", missing=f"{tex(wild)} is finite")
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
    outside, assumed = domain(desk, u, value, [*steps, *made])
    if outside:
        return Answer(t, "refused", reason=f"The derivative is $0$ only at {tex(call('Eq', u, value))}, which is none of the values allowed for {tex(u)}.")
    curved = last.conditions[-1].status == "holds"
    note = (f"There the value is {word}: the second derivative in {tex(u)} is {tex(second.value)}"
            + (f", which is {'positive' if least else 'negative'} whatever {tex(u)} is." if curved else "."))  # fmt: skip
    return Answer(t, "solved", value, (*steps, *made[:-1], last), "where the derivative is zero", assumed=assumed, note=note)


def bounded(desk: Desk, u: Term) -> Given | None:
    """A line that says more of the unknown than a sign or a kind of number: then the least value may lie elsewhere."""
    for g in desk.facts.givens:
        for p in g.prop.args if g.prop.head == "And" else (g.prop,):
            inner = p
            while inner.head == "ForAll":
                inner = inner.body
            if u in free(p) and inner.head in (*ABOUT, "Eq") and (bool(shape(u)) or free(p) != {u} or inner.head == "Eq"):
                return g
    return None


def derived(desk: Desk, line: Term) -> Found | None:
    """The derivative worked out, by the first method that leaves none."""
    for m in DIFFERENTIATING:
        found = desk.finder.by(m, line, desk.facts)
        if desk.finder.open(found.value, desk.facts) is None or not _has_derivative(found.value, line.var):
            return found
    return None


def _has_derivative(t: Term, var: Term) -> bool:
    return (t.head == "Deriv" and t.var == var) or any(_has_derivative(c, var) for _, c in t.children())
