"""That a function of a vector is least (or greatest) where its gradient is 0: a condition beside the step that finds the place."""

from __future__ import annotations

from derive.facts.definite import definite, semidefinite
from derive.facts.facts import Facts
from derive.kernel.algebra import Algebra
from derive.kernel.step import _SEAL, Condition, Refused, Step
from derive.terms import Term, free, neg, same


def least_there(step: Step, curvature: tuple[Step, ...], e: Term, u: Term, facts: Facts, least: bool) -> Step:
    """A step that ends in ``u = value``, with the reason why ``e`` is least (or greatest) there: ``curvature`` works out its
    Hessian, which is semidefinite everywhere (S. Boyd and L. Vandenberghe, Convex Optimization, §3.1.3 and §3.1.4)."""
    start = Term("Hess", (u, e, u))
    for a, b in zip(curvature, curvature[1:], strict=False):
        if a.after != b.before:
            raise Refused("the steps do not follow one another")
    if not curvature or not same(curvature[0].before, start) or any(s.relation != "=" for s in curvature):
        raise Refused("this is another Hessian")
    if step.relation != "iff" or step.after.head != "Eq" or step.after.args[0] != u or u in free(step.after.args[1]):
        raise Refused("the step does not end in the place where the gradient is zero")
    value = curvature[-1].after
    bent = value if least else Algebra().simplify(neg(value))
    here = facts.moving(u, u)
    strict = definite(here, bent)
    v = strict or semidefinite(here, bent)
    word = ("positive" if least else "negative") + (" definite" if strict else " semidefinite")
    if not v:
        said = f"{facts.tex(value)} is {'positive' if least else 'negative'} semidefinite"
        raise Refused(f"it is not known that {said}", said)
    which = "lies nowhere below its tangent planes, and is least where one of them is level" if least else (
        "lies nowhere above its tangent planes, and is greatest where one of them is level")
    text = f"{facts.tex(Term('Eq', (start, value)))} is {word}"
    why = f"{v.because}; so the function {which}" if v.because else f"so the function {which}"
    reason = Condition(text, "holds", why, v.facts, curvature)
    return Step(step.relation, step.before, step.after, step.rule, step.direction, step.bindings, step.context, step.why,
                (*step.conditions, reason), step.checked, step.steps, seal=_SEAL)  # fmt: skip


__all__ = ["least_there"]
