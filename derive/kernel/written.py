"""A sign from another way to write a number: ``a^2 + b^2 - 2 a b`` is ``(a - b)^2``, and a square is never negative."""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.facts.signs import compared
from derive.facts.verdict import UNKNOWN, Verdict
from derive.kernel.apply import Refused, Spot, by_algebra
from derive.terms import ZERO, Term, is_num, same, shape, subterms


def sign_as(p: Term, form: Term, facts: Facts) -> Verdict:
    """``p``, a comparison with 0, by ``form``, which must be equal by `algebra` and of that sign by what is known of its parts.

    What the form has and ``p`` has not must be known to exist: ``s`` is no square of a root of ``s`` where ``s`` may be negative.
    """
    if p.head not in ("Ge", "Gt", "Ne") or not same(p.args[1], ZERO) or shape(p.args[0]) or shape(form):
        return UNKNOWN
    old = frozenset(subterms(p.args[0]))
    if not all(u in old or _exists(u, facts) for u in subterms(form)):
        return UNKNOWN
    v = compared(facts, p.head, form)
    if not v:
        return UNKNOWN
    try:
        step = by_algebra(p.args[0], Spot(), form, facts)
    except Refused:
        return UNKNOWN
    said = "; ".join(dict.fromkeys((f"it is {facts.tex(form)}", *filter(None, v.because.split("; ")))))
    lines = tuple(dict.fromkeys((*v.facts, *(f for c in step.conditions for f in c.facts))))
    return Verdict(True, said, lines, (step,))


def _exists(u: Term, facts: Facts) -> bool:
    """Whether a part exists once its own parts do."""
    if u.head in ("Num", "Add", "Mul"):
        return True
    if u.head != "Pow" or not is_num(u.args[1]):
        return False
    e = u.args[1].value
    if e.denominator == 1:
        return e >= 0 or bool(compared(facts, "Ne", u.args[0]))
    return bool(compared(facts, "Ge" if e > 0 else "Gt", u.args[0]))


__all__ = ["sign_as"]
