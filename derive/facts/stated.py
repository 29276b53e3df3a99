"""What a line of the document states of one entry: its law, its mean, a moment."""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.terms import Term, same, subst, subterms


def strip(p: Term, t: Term) -> tuple[Term | None, dict[Term, Term]]:
    """A given with its ``ForAll`` indices put to those of the entry ``t``."""
    table: dict[Term, Term] = {}
    bound: list[Term] = []
    while p.head == "ForAll":
        bound.append(p.var)
        p = p.body
    if not bound:
        return p, table
    pattern = next((u for u in subterms(p) if u.head == "At" and set(u.args[1:]) & set(bound)), None)
    target = t if t.head == "At" else next((u for u in subterms(t) if u.head == "At"), None)
    if pattern is None or target is None or pattern.args[0] != target.args[0] or len(pattern.args) != len(target.args):
        return None, table
    for a, b in zip(pattern.args[1:], target.args[1:], strict=True):
        if a in bound:
            table[a] = b
        elif not same(a, b):
            return None, table
    return subst(p, table), table


def law_of(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """The law that the document states for ``t`` (an entry, a member, a symbol), and the line."""
    for g in facts.givens:
        p, _ = strip(g.prop, t)
        if p is not None and p.head == "Dist" and same(p.args[0], t):
            return p.args[1], g.line
    return None


def given_value(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """The value that a given equation states for ``t`` (a mean, a variance, a moment)."""
    for g in facts.givens:
        p, _ = strip(g.prop, t)
        if p is not None and p.head == "Eq" and same(p.args[0], t):
            return p.args[1], g.line
    return None
