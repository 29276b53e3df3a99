"""A value that is found is brought to the form a person would write: sums over all indices, norms, traces, counts.

What is left of an expectation is often a heap of sums in sums, with indices left out. Each such sum is made a sum over all indices
less the terms left out, so that equal sums meet and cancel; what is then a norm, a product or a trace is called so. The whole is kept
only if it reads shorter than what it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.facts.facts import CHANCE, Facts
from derive.facts.stated import given_value
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Refused, Spot, by_algebra, by_rule
from derive.kernel.step import Step
from derive.planner.methods.logistic import COMPLEMENT
from derive.planner.methods.rewriting import (
    Hit,
    Phase,
    Rewriter,
    by_roles,
    gather_powers,
    is_chance,
    is_scalar,
    rearranged,
    with_head,
)
from derive.planner.values import pretty
from derive.planner.values.pretty import neat, reading
from derive.rulebook.model import Rule
from derive.terms import Path, Term, add, call, contains, free, is_num, key, num, same, shape, subterms

SIZES = ("Norm", "RMS", "Norm1", "Frobenius", "Spectral", "InducedRMS", "Dot", "Trace")
UNSPLIT = "unsplit"  # the table of rules that put a left-out index back


def collected(line: Term, facts: Facts, rewriter: Rewriter, stated: Phase) -> list[Step]:
    """Steps from ``line`` to a form that reads shorter; none where there is no such form. ``stated`` puts stated values in."""
    if any(contains(line, h) for h in CHANCE) or not any(u.head == "Sum" or _sizes(u) for u in subterms(line)):
        return []
    def length(t: Term) -> int:
        return reading(t if shape(t) else neat(t))

    for phases in ((FOLD,),) if shape(line) else (ALL, SUMS_AS_THEY_ARE):  # of an array, the numbers in it
        rw = replace(rewriter, facts=facts, phases=(stated, *phases), seen=set(), refusals={}, quiet=set(), fired=set())
        steps = rw.run(line)
        if steps and (length(steps[-1].after) < length(line) or _kept_in(rw, steps[-1].after) > _kept_in(rw, line)):
            return steps
    return []


def _kept_in(rw: Rewriter, t: Term) -> int:
    """How many of the quantities that the answer is asked in are there."""
    return sum(any(same(u, k) for u in subterms(t)) for k in rw.keep)


def multiplied_out(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The body of a sum as a sum of products, so that each can be summed on its own."""
    t = Spot(path).get(line)
    if t.head != "Sum" or t.body.head not in ("Mul", "Pow") or not any(
        u.head == "Add" and t.var in free(u) for u in (*t.body.args, *(a for b in t.body.args if b.head == "Pow" for a in b.args))
    ):
        return
    spot = Spot((*path, 1))
    try:
        new = Algebra().simplify(t.body)
        step = by_algebra(line, spot, new, rw.facts)
    except (Refused, TooLarge):
        return
    if new.head == "Add" and key(step.after) not in rw.seen:
        yield spot, step


def like_terms(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """Terms of a sum that differ by a number only, put together: ``a + b - a`` is ``b``."""
    t = Spot(path).get(line)
    if t.head == "Add" and len(parts := pretty.like_terms(t.args)) < len(t.args):
        yield from rearranged(rw, line, Spot(path), add(*parts) if parts or not shape(t) else call("Zeros", *shape(t)))


def whole_powers(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    if any(b.var in free(Spot(path).get(line)) for b in facts.scope):
        yield from gather_powers(rw, line, path, replace(facts, under_chance=True))


def all_indices(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A sum that leaves an index out as the sum over all of them less that one term."""
    t = Spot(path).get(line)
    if t.head != "Sum" or len(t.domain) < 3 or any(u.head == "Sum" and len(u.domain) > 2 for u in subterms(t.body)):
        return  # from the inside out
    lo, hi, *out = t.domain
    for n, left_out in enumerate(out):
        others = (*out[:n], *out[n + 1 :])
        for rule in (side.rule for side in rw.library.table(UNSPLIT, _puts_back).candidates(t, facts)):
            family = next(name for name, x in rule.names.items() if x.role == "family")
            index = next(name for name, x in rule.names.items() if x.role == "index")
            count = next(name for name, x in rule.names.items() if x.role == "integer")
            b = {family: Term("Lambda", (t.var, t.body)), index: left_out, count: Term("IndexRange", (lo, hi, *others))}
            try:
                step = by_rule(rule, b, line, Spot(path), rw.facts)
            except Refused:
                continue
            if key(step.after) not in rw.seen:
                yield Spot(path), step


def _puts_back(rule: Rule) -> bool:
    return rule.role == "restate" and rule.claim.args[0].head == "Sum" and len(rule.claim.args[0].domain) > 2


def _sizes(t: Term) -> bool:
    base = t.args[0] if t.head == "Pow" else t
    return base.head in SIZES


def _into_stated(rw: Rewriter, rule: Rule, t: Term, facts: Facts, step: Step) -> bool:
    """A size in terms of another one only where a line states the other, or the answer is asked in it."""
    old = {key(u) for u in subterms(step.before)}
    new = [u for u in subterms(step.after) if _sizes(u) and u.head != "Pow" and key(u) not in old]
    return any(given_value(facts, u) is not None or given_value(facts, call("Pow", u, num(2))) is not None or _kept(rw, u) for u in new)


def _kept(rw: Rewriter, t: Term) -> bool:
    return any(same(t, k) for k in rw.keep)


def _of_square(rw: Rewriter, rule: Rule, t: Term, facts: Facts, step: Step) -> bool:
    """A root is taken apart only where one part is the root of a square."""
    def roots(u: Term) -> int:
        return sum(v.head == "Pow" and v.args[0].head == "Pow" and is_num(v.args[1]) and v.args[1].value.denominator == 2
                   and is_num(v.args[0].args[1], 2) for v in subterms(u))  # fmt: skip

    return roots(step.after) > roots(step.before)


def _over_sums(rule: Rule) -> bool:
    return not is_chance(rule) and rule.claim.args[0].head == "Sum"


def _of_product(rule: Rule) -> bool:
    lhs = rule.claim.args[0]
    return lhs.head == "Pow" and lhs.args[0].head == "Prod"


def _part_is_constant(rw: Rewriter, t: Term, facts: Facts) -> bool:
    """A power of a product in a sum, with a factor that is the same in all terms."""
    return bool(facts.scope) and t.head == "Pow" and t.args[0].head == "Mul" and any(facts.scope[-1].var not in free(a) for a in t.args[0].args)


APART = by_roles("powers apart", {"expand"}, _of_product, at=_part_is_constant)
LINEAR = by_roles("sums apart", {"linear"}, _over_sums, at=lambda rw, t, f: t.head == "Sum" and t.var in free(t.body))
SCALAR = by_roles("scalar parts", {"evaluate"}, lambda r: not is_chance(r) and is_scalar(r))
LIKE = Phase("like terms", like_terms, with_head("Add"))
COUNT = by_roles("count", {"count"})
FOLD = by_roles("sizes folded", {"fold"})
RESTATE = by_roles("sizes stated", {"restate"}, guard=_into_stated)
ROOTS = by_roles("roots", {"restate"}, lambda r: r.claim.args[0].head == "Pow", guard=_of_square)
MULTIPLY = Phase("multiplied out", multiplied_out, with_head("Sum"))
POWERS = Phase("powers in sums", whole_powers, with_head("Mul"))
COMPLETE = Phase("all indices", all_indices, with_head("Sum"))

ALL = (APART, LINEAR, LIKE, MULTIPLY, POWERS, SCALAR, COUNT, COMPLETE, FOLD, COMPLEMENT, RESTATE, ROOTS)
SUMS_AS_THEY_ARE = (APART, LINEAR, LIKE, POWERS, SCALAR, COUNT, FOLD, COMPLEMENT, RESTATE, ROOTS)

__all__ = ["COUNT", "LIKE", "collected"]
