"""Averages of arrays: fixed factors taken out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derive.facts.facts import Facts, is_random
from derive.kernel.apply import Spot, by_rule
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, with_head
from derive.rulebook.model import Rule
from derive.terms import Path, Term, mul, shape


def fixed_out(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The fixed factors of an average of an array, taken out together."""
    t = Spot(path).get(line)
    if t.head != "Expect" or not shape(t) or t.args[0].head != "Mul":
        return
    fixed = [a for a in t.args[0].args if not shape(a) and not is_random(facts, a)]
    rest = [a for a in t.args[0].args if not any(a is b for b in fixed)]
    if not fixed or not any(is_random(facts, a) for a in rest):
        return
    for side in rw.library.table("fixed out", _multiple_of_array).candidates(t, facts):
        a, x = side.term.args[0].args
        if len(x.sort.shape) != len(shape(t)):
            continue
        bound = {a.name: mul(*fixed), x.name: mul(*rest), **{d.name: s for d, s in zip(x.sort.shape, shape(t), strict=True)}}
        yield from rw.hit(Spot(path), partial(by_rule, side.rule, bound, line, Spot(path), rw.facts, prove=rw.prove))


def _multiple_of_array(rule: Rule) -> bool:
    """``E[a x] = a E[x]`` for an array x."""
    left = rule.claim.args[0]
    return (rule.role == "linear" and left.head == "Expect" and left.args[0].head == "Mul"
            and [a.head for a in left.args[0].args] == ["Sym", "Sym"] and [bool(a.sort.shape) for a in left.args[0].args] == [False, True])


FIXED_OUT = Phase("fixed factors out", fixed_out, with_head("Expect"))

__all__ = ["FIXED_OUT"]
