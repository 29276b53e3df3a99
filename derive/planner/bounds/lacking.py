"""What a claim that is not shown lacks: hypotheses tried in turn, until one makes it provable.

Nothing here is proved: a hypothesis is taken up only to see whether it is what stands in the way, and is named in the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from derive.facts.facts import is_random
from derive.facts.indices import is_integer
from derive.facts.signs import nonnegative, nonzero, positive
from derive.kernel.conditions import holds
from derive.language.model import Given
from derive.planner.desk import Desk
from derive.planner.refereeing import setting_of
from derive.terms import ZERO, Term, call, free

MOST = 4  # hypotheses tried: each is a whole search


def lacking(desk: Desk, p: Term, works: Callable[[Desk], bool]) -> Term | None:
    """The first hypothesis under which the claim ``p`` is reached."""
    for n, h in enumerate(hypotheses(desk, p)):
        if n == MOST:
            break
        there = supposing(desk, h)
        if next(setting_of(there).worlds(), None) is not None and works(there):
            return h
    return None


def hypotheses(desk: Desk, p: Term) -> Iterator[Term]:
    """What is not said of the names in ``p``: that a function leaves 0 where it is, the sign of a number."""
    facts = desk.facts
    named = sorted(free(facts.seen(p)), key=lambda s: s.name)
    for f in named:
        at_zero = call("Eq", call("Apply", f, ZERO), ZERO)
        if f.sort.takes == ((),) and not f.sort.shape and not holds(at_zero, facts):
            yield at_zero
    for a in named:
        if a.sort.shape or a.sort.takes is not None or facts.role(a) != "fixed" or is_integer(facts, a) or is_random(facts, a):
            continue
        if not nonnegative(facts, a):
            yield call("Ge", a, ZERO)
        if not nonzero(facts, a) and not positive(facts, a):
            yield call("Gt" if nonnegative(facts, a) else "Ne", a, ZERO)


def supposing(desk: Desk, p: Term) -> Desk:
    """The same task where ``p`` is given besides."""
    t, said = desk.task, desk.problem.givens
    problem = replace(desk.problem, givens=(*said[: t.givens], Given(p, t.line, t.text, "task"), *said[t.givens :]))
    return Desk(problem, desk.rulebook, replace(t, givens=t.givens + 1), desk.before, False, {k: x for k, x in desk.shared.items() if k == "library"}, {}, desk.constant)


__all__ = ["lacking", "supposing"]
