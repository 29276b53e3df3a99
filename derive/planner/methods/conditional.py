"""Averages given something: worked out where that is known, by the same method, and then said of ``E[· | Y]``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.facts.facts import CHANCE, Facts
from derive.facts.knowing import knowing
from derive.kernel.apply import Refused, Spot
from derive.kernel.conditioning import given, said
from derive.kernel.step import Step
from derive.planner.methods.rewriting import Hit, Phase, Rewriter
from derive.terms import Path, Term, key
from derive.terms.walk import heads, mask

GIVEN = mask("Given")


def conditional(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The next step towards the value of an average that is taken given something."""
    t = Spot(path).get(line)
    found = _started(rw, t)
    if found is None:
        return
    step, known = found
    try:
        made = given(step, line, Spot(path), known, rw.facts)
    except Refused:
        return
    if key(made.after) not in rw.seen:
        yield Spot(path), made


def _started(rw: Rewriter, t: Term) -> tuple[Step, Facts] | None:
    """The step that leads on from ``t``: of a derivation that has come so far, or the first of a new one."""
    begun: dict[Term, tuple[Step, Facts]] = rw.here
    if t in begun:
        return begun[t]
    if t.head in CHANCE and all(a.head == "Given" for a in t.args) and len({a.args[1:] for a in t.args}) == 1:
        known = knowing(rw.facts, t.args[0].args[1:], Term("Tuple", tuple(a.args[0] for a in t.args)))
        if known is None:
            return None
        inner = replace(rw, facts=known, seen=set(), quiet=set(), found=(), here={})
        for step in inner.run(Term(t.head, tuple(a.args[0] for a in t.args))):
            try:
                begun.setdefault(said(step.before, known.known), (step, known))
            except Refused:
                break
    return begun.get(t)


CONDITIONAL = Phase("given what is known", conditional, lambda rw, t, facts: heads(t) & GIVEN != 0)

__all__ = ["CONDITIONAL"]
