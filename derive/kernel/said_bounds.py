"""A bound that a line of the document states, used for what stands at a place and carried to the whole line."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import Facts
from derive.facts.signs import conjuncts
from derive.facts.stated import Said
from derive.kernel.apply import RELATION, Spot, kept, shown
from derive.kernel.polarity import FLIPPED, carried
from derive.kernel.step import _SEAL, Condition, Refused, Step
from derive.terms import Term, call, same, subst

ORDER = ("Le", "Ge", "Lt", "Gt")
HEAD = {v: k for k, v in RELATION.items()}


def said_bounds(facts: Facts, t: Term) -> Iterator[tuple[str, Term, int]]:
    """What lines say of ``t`` in the order of numbers: relation, the other side, line."""
    k = ("said bounds",)
    if k not in facts.cache:
        facts.cache[k] = [s for g in facts.givens for p in conjuncts(g.prop) if (s := Said.of(p, g.line)).body.head in ORDER and g.line > 0]
    for s in facts.cache[k]:
        table = s.at(t)
        if table is None:
            continue
        a, b = (subst(x, table) for x in s.body.args)
        relation = RELATION[s.body.head]
        if same(a, t):
            yield relation, b, s.line
        elif same(b, t):
            yield FLIPPED[relation], a, s.line


def by_said_bound(line: Term, spot: Spot, new: Term, facts: Facts) -> Step:
    """``line`` with ``new`` at ``spot``, where a line of the document says which of the two is larger.

    Raises
    ------
    Refused
        No line says so, or an operator around the place does not keep order.
    """
    if spot.take:
        raise Refused("a part of a sum or product is no quantity of the document")
    t = spot.get(line)
    here = facts.at(line, spot.path)
    shown(line, spot, facts)
    found = next(((r, n) for r, b, n in said_bounds(here, t) if same(b, new)), None)
    if found is None:
        raise Refused("no line states this bound")
    relation, n = found
    said = Condition(here.tex(call(HEAD[relation], t, new)), "holds", f"line {n} says so", (f"line {n}",))
    relation, more = carried(line, spot.path, t, new, relation, facts)
    return Step(relation, line, kept(spot.fill(line, new), here), "given", conditions=(said, *more), seal=_SEAL)


__all__ = ["by_said_bound", "said_bounds"]
