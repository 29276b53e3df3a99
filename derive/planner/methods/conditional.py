"""Averages given something: worked out where that is known, by the same method, and then said of ``E[· | Y]``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from derive.facts.facts import CHANCE, Facts, is_random
from derive.facts.knowing import knowing
from derive.kernel.apply import Refused, Spot, by_rule
from derive.kernel.conditioning import given, taken_given
from derive.kernel.step import Step
from derive.planner.methods.rewriting import Hit, Phase, Rewriter
from derive.rulebook.model import Rule
from derive.terms import Path, Term, fresh, mul, names, shape, subst
from derive.terms.walk import heads, mask

GIVEN = mask("Given")


def conditional(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The next step towards the value of an average that is taken given something."""
    t = Spot(path).get(line)
    found = _started(rw, t)
    if found is None:
        return
    step, known = found
    yield from rw.hit(Spot(path), lambda: given(step, line, Spot(path), known, rw.facts))


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
                begun.setdefault(taken_given(step.before, known.known), (step, known))
            except Refused:
                break
    return begun.get(t)


def known_factor(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """What is known by itself, beside an average given it: by the rule that takes the two together."""
    t = Spot(path).get(line)
    if t.head != "Expect" or t.args[0].head != "Mul":
        return
    for n, a in enumerate(t.args[0].args):
        if a.head != "Expect" or a.args[0].head != "Given" or len(a.args[0].args) != 2 or a.args[0].args[1].head != "Sym":
            continue
        x, y = a.args[0].args
        var = fresh(y, facts.symbols.keys() | names([line]))
        rest = subst(mul(*(b for k, b in enumerate(t.args[0].args) if k != n)), {y: var})
        if is_random(facts, rest):
            continue
        for side in rw.library.table("known factors", _takes_factor).candidates(t, facts):
            (g, _), inner = side.term.args[0].args[0].args, side.term.args[0].args[1].args[0]
            b = {g.name: Term("Lambda", (var, rest)), inner.args[0].name: x, inner.args[1].name: y,
                 inner.args[1].sort.shape[0].name: Term("Shape", shape(y))}  # fmt: skip
            yield from rw.hit(Spot(path), partial(by_rule, side.rule, b, line, Spot(path), rw.facts, prove=rw.prove))


def _takes_factor(rule: Rule) -> bool:
    """``E[g(Y) E[X | Y]] = E[g(Y) X]``."""
    left = rule.claim.args[0]
    return (left.head == "Expect" and left.args[0].head == "Mul" and [a.head for a in left.args[0].args] == ["Apply", "Expect"]
            and left.args[0].args[1].args[0].head == "Given")


KNOWN_FACTOR = Phase("known factors", known_factor, lambda rw, t, facts: heads(t) & GIVEN != 0)
CONDITIONAL = Phase("given what is known", conditional, lambda rw, t, facts: heads(t) & GIVEN != 0)

__all__ = ["CONDITIONAL", "KNOWN_FACTOR"]
