"""How far one can go: which derivatives and averages are left as they stand, and whether calculus is asked for at all."""

from __future__ import annotations

from derive.facts.densities import by_name, formula
from derive.facts.facts import DERIVATIVES, Facts
from derive.planner.methods.densities import named
from derive.planner.methods.laws_shown import drawn
from derive.terms import Term, free, same, subterms
from derive.terms.walk import heads, mask

AVERAGES = frozenset({"Integral", "Sum", "ExpectOver", "Expect"})
CALCULUS = DERIVATIVES | {"ExpectOver", "Integral", "KL", "Entropy"}


def uses_calculus(t: Term, facts: Facts, seen: frozenset[Term] = frozenset()) -> bool:
    """Whether derivatives, integrals or averages over a bound variable stand in ``t``, or behind what it names."""
    if heads(t) & mask(*CALCULUS):
        return True
    named = [s for s in free(t) if s in facts.definitions and s not in seen]
    return any(uses_calculus(facts.definitions[s].body, facts, seen | {s}) for s in named)


def digamma(t: Term) -> bool:
    """The slope of log Γ at a point, which is as far as it goes."""
    u = t.body
    return t.head in DERIVATIVES and u.head == "Ln" and u.args[0].head == "Gamma" and u.args[0].args[0] == t.var


def settled(t: Term, facts: Facts) -> bool:
    """As far as one can go: a derivative of a declared function or of a declared density's logarithm, an average of such."""
    if t.head == "ExpectOver":
        law = t.domain[0]
        declared = law.head in ("Sym", "Apply") and not named(law, facts) or any(
            u.head in ("Apply", "Density") and u.args[0].head in ("Sym", "Apply") and formula(u.args[0], facts) is None for u in subterms(t.body))
        return declared and not any(u.head in CALCULUS and not settled(u, facts) for u in subterms(t.body))
    if t.head not in DERIVATIVES:
        return False
    if digamma(t) or (t.head == "Grad" and t.body.head == "At" and t.body.args[0] == t.var):  # a unit vector
        return True
    u = t.body.args[0] if t.body.head == "Ln" else t.body
    if u.head == "Density":
        law = u.args[0]
        return law.head in ("Sym", "Apply") and (law if law.head == "Sym" else law.args[0]) not in facts.definitions
    if u.head in DERIVATIVES and u.var == u.domain[0] == t.var == t.domain[0] and u.body.head == "Ln" and u.body.args[0].head == "Density":
        return settled(u, facts)
    if u.head in DERIVATIVES and u.domain[0] == t.var and u.body.head == "Apply":  # the slope of a slope
        twice = any(g.prop.head == "Differentiable" and g.prop.args[0] == u.body.args[0] and g.prop.args[1].value >= 2 for g in facts.givens)
        return twice and settled(u, facts)
    smooth = any(g.prop.head == "Differentiable" and g.prop.args[0] == u.args[0] for g in facts.givens) if u.head == "Apply" else False
    return (smooth and u.args[0] not in facts.definitions and t.var in u.args[1:]
            and all(a == t.var or t.var not in free(a) for a in u.args[1:]))


def _score(t: Term, average: Term) -> bool:
    """The gradient of the logarithm of the probability with which an average draws its value."""
    law = average.domain[0]
    return law.head == "Categorical" and t.head in DERIVATIVES and t.body == Term("Ln", (Term("At", (law.args[0], average.var)),))


def average_of(t: Term, law: Term, facts: Facts) -> bool:
    """Whether ``t`` is made of averages over ``law``, with nothing in or beside them that still has to be worked out."""
    if t.head == "Expect":
        _, own = drawn(t, facts)
        return own is not None and same(by_name(own, facts), by_name(law, facts)) and not any(u.head in CALCULUS and not settled(u, facts) for u in subterms(t.args[0]))
    if t.head == "ExpectOver":
        return same(by_name(t.domain[0], facts), by_name(law, facts)) and not any(u.head in CALCULUS and not settled(u, facts) and not _score(u, t) for u in subterms(t.body))
    if t.head in ("Add", "Mul", "MatMul"):
        return any(average_of(a, law, facts) for a in t.args) and all(
            average_of(a, law, facts) or not any(u.head in CALCULUS and (u.head in AVERAGES or not settled(u, facts)) for u in subterms(a))
            for a in t.args)
    return False


__all__ = ["AVERAGES", "CALCULUS", "average_of", "digamma", "settled", "uses_calculus"]
