"""What is not 0 with probability 1: a continuous law gives no single value any chance."""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.facts.independence import independent, independent_entries
from derive.facts.indices import is_dimension
from derive.facts.signs import CONTINUOUS, nonzero
from derive.facts.stated import law_of
from derive.facts.verdict import UNKNOWN, Verdict, both, yes
from derive.terms import Term, is_num


def almost_surely_nonzero(facts: Facts, t: Term) -> Verdict:
    """A continuous law gives no single value any chance: enough below an expectation."""
    got = law_of(facts, t)
    if got is not None:
        law, line = got
        if law.head in CONTINUOUS or law.head == "Rademacher":
            why = "a continuous distribution" if law.head in CONTINUOUS else "only the values $\\pm 1$"
            return yes(f"{facts.tex(t)} has {why}, so it is $0$ with probability $0$", line)
    if t.head == "Sum":
        return _spread_sum(facts, t)
    return _spread(facts, t) if t.head == "Add" else UNKNOWN


def _spread_sum(facts: Facts, t: Term) -> Verdict:
    """A sum, of at least one term, of different independent entries with continuous laws."""
    z = t.body
    if len(t.domain) != 2 or not is_num(t.domain[0], 1) or not is_dimension(facts, t.domain[1]):
        return UNKNOWN
    x = z
    while x.head == "At":
        x = x.args[0]
    got = law_of(facts.enter(t), z)
    if x == z or x.head != "Sym" or not _picks(z, t.var) or got is None or got[0].head not in CONTINUOUS:
        return UNKNOWN
    entries = any(g.prop.head in ("Iid", "IndependentEntries") and x in g.prop.args for g in facts.givens) or len(x.sort.shape) == 1
    if not entries and _first(z) != t.var:  # of a family whose members are independent, the sum has to run over these
        return UNKNOWN
    apart = independent_entries(facts, x)
    said = f"the terms {facts.tex(z)} have continuous distributions, so no sum of the others gives one the chance to cancel it"
    return both([yes(said, got[1]), apart]) if apart else UNKNOWN


def _first(z: Term) -> Term:
    """The first index of an entry."""
    while z.args[0].head == "At":
        z = z.args[0]
    return z.args[1]


def _picks(z: Term, i: Term) -> bool:
    """Whether ``i`` is by itself one of the indices of an entry, so that each value of it picks another."""
    return z.head == "At" and (i in z.args[1:] or _picks(z.args[0], i))


def _spread(facts: Facts, t: Term) -> Verdict:
    """A sum in which one term moves continuously whatever the others are: no value of theirs gives it the chance to cancel them."""
    for n, a in enumerate(t.args):
        for z in a.args if a.head == "Mul" else (a,):
            got = law_of(facts, z)
            if got is None or got[0].head not in CONTINUOUS:
                continue
            times = [c for c in (a.args if a.head == "Mul" else ()) if c is not z]
            others = (*times, *(b for m, b in enumerate(t.args) if m != n))
            apart = independent(facts, (z, others[0] if len(others) == 1 else Term("Add", others)))
            sizes = [nonzero(facts, c) for c in times]
            if apart and all(sizes):
                said = f"{facts.tex(z)} has a continuous distribution whatever the other terms are, so the sum is $0$ with probability $0$"
                return both([yes(said, got[1]), apart, *sizes])
    return UNKNOWN


__all__ = ["almost_surely_nonzero"]
