"""Phases for sums in which the index is calculated with: written out where short, and in closed form."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import Facts
from derive.facts.indices import is_integer
from derive.kernel.algebra import Algebra, normal_form
from derive.kernel.apply import Refused, Spot, by_algebra, by_rule, by_writing_out
from derive.kernel.numbers import tidy
from derive.kernel.step import Step
from derive.planner.library import Side
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, with_head
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Path, Term, add, free, is_num, key, mul, num, power, same, size, subst, subterms

SHORT = 24  # terms that still help when each is written
CLOSED_FORMS = "closed forms"  # the table of rules about such sums


def counts(rule: Rule) -> bool:
    """Whether a rule is about a sum over numbers and not over a family."""
    lhs = rule.claim.args[0]
    return rule.role == "count" and not rule.when_asked and lhs.head == "Sum" and lhs.body.head != "At" and lhs.var in free(lhs.body)


def calculated(t: Term) -> bool:
    """A sum whose index is a number in its terms, and no subscript."""
    return t.head == "Sum" and t.var in free(t.body) and not any(u.head == "At" for u in subterms(t.body))


def written(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    t = Spot(path).get(line)
    if not calculated(t) or not all(d.head == "Num" for d in t.domain) or t.domain[1].value - t.domain[0].value >= SHORT:
        return
    try:
        step = by_writing_out(line, Spot(path), facts)
    except Refused:
        return
    i, lo, hi = (facts.tex(x)[1:-1] for x in (t.var, *t.domain[:2]))
    step = step.shown(why=f"The terms for ${i} = {lo}, \\ldots, {hi}$ one after the other, each calculated.")
    if key(step.after) not in rw.seen:
        yield Spot(path), step


def added(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A written-out sum of numbers inside a longer line added up, before anything else is done to the line."""
    t = Spot(path).get(line)
    if path and t.head == "Add" and all(is_num(a) for a in t.args):
        yield Spot(path), by_algebra(line, Spot(path), num(sum(a.value for a in t.args)), rw.facts)


def closed(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The closed form of a sum: of several that fit, the shortest."""
    t = Spot(path).get(line)
    if not calculated(t):
        return
    found: list[Step] = []
    # numbers that are folded together hide what a side is made of, so that no side is left out for its looks
    sides = {s.rule.name: s for row in rw.library.table(CLOSED_FORMS, counts).rows.values() for s in row}
    for side in sides.values():
        if side.rule.name not in rw.without:
            step = next(_forms(rw, side, line, path, t, facts), None)
            if step is not None:
                found.append(step)
    for step in sorted(found, key=lambda s: size(s.after))[:1]:
        yield Spot(path), step


def _forms(rw: Rewriter, side: Side, line: Term, path: Path, t: Term, facts: Facts) -> Iterator[Step]:
    """As the rule stands; or with what an index is divided by for one of its names, where that is folded together with more."""
    yield from rw.fits(side, line, Spot(path), facts)
    rule, lhs = side.rule, side.term
    for name, n in rule.names.items():
        if n.role != "integer" or n.term not in free(lhs.body):
            continue
        for value in divisors(t):
            # the document's names are not the rule's, even where they are spelled alike
            other = {s: Term("Sym", (f"{s.name}'", s.sort)) for s in free(t) | free(value) if s.name in rule.names}
            back = {v: s for s, v in other.items()}
            pattern = tidy(subst(lhs, {n.term: subst(value, other)}))
            for b in Matcher(rule, facts).match(pattern, subst(t, other), {}, {}):
                b = {m: subst(x, back) for m, x in b.items()}
                try:
                    step = by_rule(rule, {**b, name: value}, line, Spot(path), rw.facts, prove=rw.prove)
                except Refused:
                    continue
                if key(step.after) not in rw.seen:
                    yield step


def quotient(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """What stands in an integer part divided out, where that sets a whole number apart."""
    t = Spot(path).get(line)
    if t.head != "Floor":
        return
    alg = Algebra()
    parts = [alg.monomial(m, c) for m, c in alg.normal(t.args[0]).items()]
    whole = [a for a in parts if is_integer(facts, a)]
    new = add(*whole, *(a for a in parts if a not in whole))
    if not whole or same(new, t.args[0]):
        return
    try:
        step = by_algebra(line, Spot(path), Term("Floor", (new,)), rw.facts)
    except Refused:
        return
    if key(step.after) not in rw.seen:
        yield Spot(path), step


def divisors(t: Term) -> list[Term]:
    """What the index of a sum is divided by inside integer parts."""
    out: list[Term] = []
    for u in subterms(t.body):
        if u.head == "Floor" and u.args[0].head == "Mul" and t.var in u.args[0].args:
            by = [normal_form(power(a, num(-1))) for a in u.args[0].args if a != t.var]
            whole = mul(*(x for a in by for x in (a.args if a.head == "Mul" else (a,))))
            if t.var not in free(whole) and whole not in out:
                out.append(whole)
    return out


WRITTEN = Phase("written out", written, with_head("Sum"))
ADDED = Phase("added up", added, with_head("Add"))
QUOTIENT = Phase("divided out", quotient, with_head("Floor"))
CLOSED = Phase("closed form of a sum", closed, with_head("Sum"))

__all__ = ["ADDED", "CLOSED", "QUOTIENT", "WRITTEN"]
