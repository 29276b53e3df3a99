"""The logistic function by its name, and at opposite points."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import Facts
from derive.kernel.apply import Spot
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, by_roles, with_head
from derive.rulebook.model import Rule
from derive.terms import Path, Term, neg, same, subterms


def _of_opposite(rule: Rule) -> bool:
    return rule.claim.head == "Eq" and rule.claim.args[0].head == "Sigmoid" and rule.role == "evaluate" and rule.when_asked


def complemented(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """What is left of 1, where the values at a point and at the opposite one stand in one line."""
    t = Spot(path).get(line)
    if t.head != "Sigmoid" or not any(u.head == "Sigmoid" and same(neg(u.args[0]), t.args[0]) for u in subterms(line)):
        return
    for side in rw.library.table("opposite", _of_opposite).candidates(t, facts):
        for step in rw.fits(side, line, Spot(path), facts):
            yield Spot(path), step


def _negative(rw: Rewriter, t: Term, facts: Facts) -> bool:
    number = t.args[0].args[0] if t.head == "Sigmoid" and t.args[0].head == "Mul" else None
    return number is not None and number.head == "Num" and number.value < 0


LOGISTIC = by_roles("the logistic function", {"fold"}, lambda r: r.claim.head == "Eq" and r.claim.args[1].head == "Sigmoid")
COMPLEMENT = Phase("at opposite points", complemented, with_head("Sigmoid"))
OPPOSITE = by_roles("at the opposite point", {"evaluate"}, _of_opposite, at=_negative, asked=True)

__all__ = ["COMPLEMENT", "LOGISTIC", "OPPOSITE"]
