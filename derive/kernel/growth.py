"""The computation ``leading terms``: what a sum comes to when its dimensions grow.

Every growing dimension is at least 1, so a monomial is at most another when its exponents are, one by one; it is of lower
order when, besides, one exponent is smaller. Atoms that do not grow take part as equal or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.facts.facts import Facts
from derive.facts.signs import positive, wanting
from derive.kernel.algebra import Algebra, Monomial, Poly, equal
from derive.kernel.apply import Refused
from derive.kernel.numbers import tidy
from derive.kernel.step import _SEAL, Step
from derive.terms import Term, add, call, free, key, mul, num, power


def _powers(alg: Algebra, m: Monomial, grow: set[str]) -> tuple[dict[str, Fraction], Monomial]:
    """A monomial's exponents in the growing dimensions, and the rest of it."""
    return {k: e for k, e in m if k in grow}, tuple((k, e) for k, e in m if k not in grow)


def _dominated(small: Monomial, big: Monomial, alg: Algebra, grow: set[str], shared: set[str]) -> bool:
    """Whether ``small`` is of lower order than ``big`` however the dimensions grow."""
    a, fixed_a = _powers(alg, small, grow)
    b, fixed_b = _powers(alg, big, grow)
    keep_a = tuple(x for x in fixed_a if x[0] in shared)
    keep_b = tuple(x for x in fixed_b if x[0] in shared)
    if keep_a != keep_b:
        return False
    exps = [(a.get(k, Fraction(0)), b.get(k, Fraction(0))) for k in a.keys() | b.keys()]
    return all(x <= y for x, y in exps) and any(x < y for x, y in exps)


class Leading:
    """Leading terms of one expression. ``grow``: the dimensions that grow; ``shared``: other symbols that may take any value."""

    def __init__(self, facts: Facts, grow: tuple[Term, ...], shared: tuple[Term, ...] = ()) -> None:
        self.facts, self.alg = facts, Algebra()
        self.grow, self.free = {key(s) for s in grow}, {key(s) for s in shared}

    def reduced(self, t: Term) -> Poly:
        """``t``'s polynomial with every sum inside a power cut to its leading term."""
        p = self.alg.normal(t)
        out: Poly = {}
        for m, c in p.items():
            part: Poly = {(): c}
            for k, e in m:
                atom = self.alg.atoms[k]
                if k not in self.grow and atom.head != "Add" and any(key(s) in self.grow for s in free(atom)):
                    said = self.facts.tex(atom)
                    raise Refused(f"nothing says how {said} grows", f"how {said} grows")
                if atom.head == "Add":
                    lead = self.lead(self.alg.normal(atom))
                    if len(lead) != 1:
                        raise Refused("no single leading term")
                    part = self.alg.times(part, self.alg.numeric_power(lead, e))
                else:
                    part = self.alg.times(part, {((k, e),): Fraction(1)})
            for mono, coeff in part.items():
                out[mono] = out.get(mono, Fraction(0)) + coeff
        return {m: c for m, c in out.items() if c}

    def lead(self, p: Poly) -> Poly:
        """The monomials that no other dominates."""
        return {m: c for m, c in p.items()
                if not any(_dominated(m, n, self.alg, self.grow, self.free) for n in p if n != m)}  # fmt: skip

    def term(self, p: Poly) -> Term:
        return self.alg.term(p)


def by_leading(
    line: Term, facts: Facts, grow: tuple[Term, ...], shared: tuple[Term, ...] = (), form: Callable[[Term], Term] = lambda t: t,
) -> Step:  # fmt: skip
    """``line ~`` its one leading monomial, written as ``form`` gives it (checked to be equal)."""
    lead = Leading(facts, grow, shared)
    p = lead.lead(lead.reduced(line))
    if len(p) != 1:
        raise Refused("no single leading term")
    (coefficient,) = p.values()
    if coefficient <= 0:
        raise Refused("the leading coefficient is not positive")
    plain = lead.term(p)
    shown = form(plain)
    return Step("~", line, shown if equal(shown, plain)[0] else plain, "leading terms", seal=_SEAL)


def by_order(line: Term, facts: Facts, grow: tuple[Term, ...], shared: tuple[Term, ...] = ()) -> Step:
    """``line = Theta(e)``: ``e`` the leading monomials without what is held fixed.

    Raises
    ------
    Refused
        A leading monomial is not positive, or has a factor whose sign is not known.
    """
    lead = Leading(facts, grow, shared)
    p = lead.lead(lead.reduced(line))
    parts: dict[Monomial, Poly] = {}
    for m, c in p.items():
        kept = tuple(x for x in m if x[0] in lead.grow or x[0] in lead.free)
        parts.setdefault(kept, {})[tuple(x for x in m if x not in kept)] = c
    if not parts:
        raise Refused("the expression is 0")
    terms = []
    for kept, fixed in parts.items():
        coefficient = lead.term(fixed)
        for t in (coefficient, *(lead.alg.atoms[k] for k, _ in kept)):
            if not positive(facts, t):
                said = facts.tex(wanting(facts, t))
                raise Refused(f"This needs that {said}, and nothing says so.", said)
        terms.append(mul(*(power(lead.alg.atoms[k], num(e)) if e != 1 else lead.alg.atoms[k] for k, e in kept)))
    whole = add(*terms)
    return Step("Theta", line, call("Theta", tidy(whole)), "leading terms", seal=_SEAL)
