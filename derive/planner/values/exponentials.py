"""Exponentials of one quantity put together: ``e^{4 a} / (e^{2 a})^2`` is 1."""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.kernel.apply import Refused, Spot, by_algebra
from derive.kernel.step import Step
from derive.planner.methods.profiles import SCALAR
from derive.planner.methods.rewriting import Rewriter
from derive.planner.values.pretty import neat, reading
from derive.terms import Term, key, shape, subterms


def one_exponential(line: Term, rw: Rewriter, facts: Facts) -> list[Step]:
    """Steps to a form with fewer exponentials; none where there is no such form."""
    if shape(line) or _count(line) < 2:
        return []
    steps = Rewriter(rw.library, rw.facts, (SCALAR,), rw.prove, without=rw.without).run(line)
    if not steps:
        return []
    end = steps[-1].after
    new = neat(end)
    if key(new) != key(end):
        try:
            steps.append(by_algebra(end, Spot(), new, facts))
        except Refused:
            pass
    return steps if (_count(steps[-1].after), reading(steps[-1].after)) < (_count(line), reading(line)) else []


def _count(t: Term) -> int:
    return sum(u.head == "Exp" for u in subterms(t))


__all__ = ["one_exponential"]
