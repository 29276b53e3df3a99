"""Steps made of steps: several as one, one read backwards, one in another line or inside another claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.facts.facts import DERIVATIVES, Facts
from derive.facts.signs import nonnegative, positive
from derive.kernel.apply import HOLE, Spot, shown
from derive.kernel.polarity import FLIPPED
from derive.kernel.step import _SEAL, Condition, Refused, Step
from derive.terms import (
    ZERO,
    Term,
    call,
    free,
    neg,
    same,
    subst,
)  # fmt: skip


def gather(steps: Sequence[Step], rule: str | None = None) -> Step:
    """Steps that follow one another, shown as one."""
    if len(steps) == 1:
        return steps[0]
    for a, b in zip(steps, steps[1:], strict=False):
        if a.after != b.before:
            raise Refused("the steps do not follow one another")
    _one_world(steps)
    relations = {s.relation for s in steps} - {"="}
    if len(relations) > 1:
        raise Refused("the relations do not compose")
    seen, conditions = set(), []
    for s in steps:
        for c in s.conditions:
            if (c.text, c.because) not in seen:
                seen.add((c.text, c.because))
                conditions.append(c)
    return Step(
        relations.pop() if relations else "=", steps[0].before, steps[-1].after, rule or steps[0].rule,
        steps[0].direction if rule is None else "left to right",
        conditions=tuple(conditions), steps=tuple(steps), known=steps[0].known, given=steps[0].given if rule is None else (), seal=_SEAL,
    )  # fmt: skip


def _one_world(steps: Sequence[Step]) -> None:
    if any(s.known != steps[0].known for s in steps):
        raise Refused("the averages are taken given different things")


def reverse(step: Step) -> Step:
    """An equation, an equivalence, or a bound (which turns round) read from its other end."""
    if step.relation not in ("=", "iff", *FLIPPED):
        raise Refused("an order of growth has one direction")
    other = "right to left" if step.direction == "left to right" else "left to right"
    return Step(
        FLIPPED.get(step.relation, step.relation), step.after, step.before, step.rule, other, step.bindings, step.context, step.why, step.conditions,
        step.checked, tuple(reverse(s) for s in reversed(step.steps)), known=step.known, given=step.given, seal=_SEAL,
    )  # fmt: skip


def placed(step: Step, line: Term, spot: Spot, facts: Facts) -> Step:
    """An equation shown under ``facts``, used for what stands at ``spot``.

    Raises
    ------
    Refused
        Another thing stands there, or what is known at that place differs (below a derivative a stated value is not).
    """
    if step.before != spot.get(line):
        raise Refused("the step is about something else")
    t, around = line, set[Term]()
    for i in spot.path:
        own = t.head in DERIVATIVES and t.domain[0] == t.var  # the document's own name, of which less is known below
        around |= {t.var} if t.is_binder and i == 1 and not own else set()
        t = t.args[i]
    if facts.at(line, spot.path).givens != facts.givens or around & (free(step.before) | free(step.after)):
        raise Refused("something else is known at this place")
    shown(line, spot, facts)
    if step.relation != "=":
        raise Refused("only equations pass under any operator")
    return within(step, line, spot)


def within(step: Step, line: Term, spot: Spot) -> Step:
    """An equation for what stands at a place, as one between lines: names that are bound around it stay the names that they are."""
    return replace(step, before=spot.fill(line, step.before), after=spot.fill(line, step.after), context=None,
                   steps=tuple(within(s, line, spot) for s in step.steps))  # fmt: skip


def inside(step: Step, context: Term, relation: str = "=") -> Step:
    """An equation put into a larger expression: both lines stand for ``Hole`` in ``context``."""
    if step.relation != "=":
        raise Refused("only equations pass under any operator")

    def wrap(t: Term) -> Term:
        return subst(context, {HOLE: t})

    return Step(
        relation, wrap(step.before), wrap(step.after), step.rule, step.direction, step.bindings, None, step.why, step.conditions,
        step.checked, tuple(inside(s, context, relation) for s in step.steps), known=step.known, given=step.given, seal=_SEAL,
    )  # fmt: skip


def also(step: Step, curvature: tuple[Step, ...], e: Term, u: Term, facts: Facts, least: bool) -> Step:
    """A step that ends in ``u = value``, with the reason why ``e`` is least (or greatest) there: ``curvature`` works out its
    second derivative, which has one sign everywhere (T. M. Apostol, Calculus, vol. 1, §4.17)."""
    start = Term("Deriv", (u, Term("Deriv", (u, e, u)), u))
    for a, b in zip(curvature, curvature[1:], strict=False):
        if a.after != b.before:
            raise Refused("the steps do not follow one another")
    if not curvature or not same(curvature[0].before, start) or any(s.relation != "=" for s in curvature):
        raise Refused("this is another second derivative")
    value = curvature[-1].after
    sign = call("Gt" if least else "Lt", value, ZERO)
    bent = value if least else neg(value)
    v = positive(facts.moving(u, u), bent)
    said = f"{facts.tex(call('Eq', start, value))}, and {facts.tex(sign)}"
    if v:
        why = "so the slope grows all the way, and the value is least where it is 0" if least else "so the slope falls all the way, and the value is greatest where it is 0"
        reason = Condition(said, "holds", f"{v.because}; {why}" if v.because else why, v.facts, curvature)
    elif nonnegative(facts.moving(u, u), bent):
        reason = Condition(said, "assumed", "it is never negative; that it is not 0 is assumed, for otherwise the value does not depend on it", (), curvature)
    else:
        raise Refused(f"the sign of {facts.tex(value)} is not known", facts.tex(sign))
    return Step(step.relation, step.before, step.after, step.rule, step.direction, step.bindings, step.context, step.why,
                (*step.conditions, reason), step.checked, step.steps, known=step.known, given=step.given, seal=_SEAL)  # fmt: skip
