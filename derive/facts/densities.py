"""Densities that a document defines, and the named laws that they are the densities of."""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.language.model import Definition
from derive.terms import Term, subst


def formula(law: Term, facts: Facts) -> Definition | None:
    """The formula by which the document defines a density."""
    return facts.definitions.get(law.args[0] if law.head == "Apply" else law)


def by_name(law: Term, facts: Facts) -> Term:
    """The named law that a density stands for which is defined by that law's formula; any other law as it is."""
    d = formula(law, facts)
    got = law_defined(law, d, facts) if d is not None else None
    return facts.seen(law if got is None else got)


def law_defined(t: Term, d: Definition, facts: Facts) -> Term | None:
    """The named law that a density stands for which is defined by that law's formula: ``p_theta(x) = N(x; theta, 1)``."""
    symbol, args = (t.args[0], t.args[1:]) if t.head == "Apply" else (t, ())
    if d.law is None or symbol != d.symbol or facts.role(symbol) != "density" or len(args) != len(d.params) - 1:
        return None
    return subst(d.law, dict(zip(d.params, args, strict=False)))
