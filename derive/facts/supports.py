"""Where laws put their weight: whether one has a density, and whether it is positive wherever another one is."""

from __future__ import annotations

from derive.facts.densities import by_name
from derive.facts.facts import Facts
from derive.facts.indices import is_integer
from derive.facts.signs import POSITIVE, compared, nonnegative, positive
from derive.facts.stated import law_of
from derive.facts.verdict import UNKNOWN, Verdict, both, no, yes
from derive.language.notation import law_shape
from derive.terms import ONE, ZERO, Sort, Term, add, at, binder, fresh, is_num, neg, same, shape, sub, subst, support

DISCRETE = frozenset({"Bernoulli", "BinomialLaw", "Geometric", "Poisson", "Rademacher", "Categorical"})
CONTINUOUS = frozenset({"Normal", "Uniform", "Exponential", "Laplace", "GammaLaw", "BetaLaw", "ChiSquared"})


def discrete(facts: Facts, law: Term) -> bool | None:
    """Whether a law has probabilities of single values (True) or a density (False); None where neither is known."""
    law = by_name(law, facts)
    if law.head in DISCRETE or law.head in CONTINUOUS:
        return law.head in DISCRETE
    p = law.args[0] if law.head == "Apply" else law
    if p.head != "Sym" or facts.role(p) != "density":
        return None
    return any(g.prop.head == "Mass" and g.prop.args[0] == p for g in facts.givens)


def has_density(facts: Facts, law: Term) -> Verdict:
    """Whether a law has a density, or probabilities of its values, of which a logarithm may be taken at what is drawn from it.

    Not a categorical one: what its probabilities of 0 stand for, its own rules say.
    """
    kind = discrete(facts, law)
    return UNKNOWN if kind is None or law.head == "Categorical" else yes("its values have probabilities" if kind else "")


def positive_wherever(facts: Facts, q: Term, p: Term) -> Verdict:
    """Whether the density of ``q`` is positive at (almost) everything that is drawn from ``p``."""
    q, p = by_name(q, facts), by_name(p, facts)
    kinds = discrete(facts, q), discrete(facts, p)
    if None in kinds:
        return UNKNOWN
    if kinds[0] != kinds[1]:
        return no("one has a density, the other gives single values a probability")
    z = fresh(Term("Sym", ("x", Sort(law_shape(p)))), facts.symbols.keys() | {b.var.name for b in facts.scope})
    here = facts.enter(binder("ExpectOver", z, ZERO, p))
    v = positive(here, Term("Density", (q, z)))
    return v if v else _beyond(facts, q, p)


def _beyond(facts: Facts, q: Term, p: Term) -> Verdict:
    """Which values of ``p`` lie outside of where ``q`` lives, as far as the ends of both show it."""
    z = Term("Sym", ("x", Sort()))
    ends = {_side(b): b.args[1] for b in support(z, p) if b.head != "In"}
    for b in support(z, q):
        if b.head == "In":
            continue
        side, limit = _side(b), b.args[1]
        end = ends.get(side)
        gap = None if end is None else sub(end, limit) if side == "Ge" else sub(limit, end)
        if gap is None or compared(facts, "Gt", sub(ZERO, gap)):
            word = "below" if side == "Ge" else "above"
            return no(f"{facts.tex(p)} has values {word} {facts.tex(limit)}, where {facts.tex(q)} has none")
        if end is not None and not compared(facts, "Ge", gap):
            return Verdict(None, f"nothing says that {facts.tex(Term(side, (end, limit)))}")
    return UNKNOWN


def _side(b: Term) -> str:
    return "Ge" if b.head in ("Ge", "Gt") else "Le"


def _domain(facts: Facts, law: Term) -> Term | None:
    """Where a declaration says that a density lives."""
    p = law.args[0] if law.head == "Apply" else law
    return next((g.prop.args[1] for g in facts.givens if g.prop.head == "Domain" and g.prop.args[0] == p), None)


def _runs_in(facts: Facts, x: Term, domain: Term) -> bool:
    """Whether something is one of just the whole numbers that a law lives on: an index, or drawn from a law on the same."""
    if domain.head != "IndexRange":
        return False
    if any(b.var == x and same(b.lo, domain.args[0]) and same(b.hi, domain.args[1]) for b in facts.scope):
        return True
    drawn = [_domain(facts, g.prop.args[1]) for g in facts.givens if g.prop.head == "Dist" and g.prop.args[0] == x and g.prop.args[1].head in ("Sym", "Apply")]
    return any(d is not None and same(d, domain) for d in drawn)


def positive_density(facts: Facts, t: Term) -> Verdict:
    """A declared density is positive on its whole space; a defined one where its formula is."""
    law = t.args[0]
    p = law.args[0] if law.head == "Apply" else law
    if p.head == "Sym":
        d = facts.definitions.get(p)
        if d is not None:
            args = (*(law.args[1:] if law.head == "Apply" else ()), *t.args[1:])
            return positive(facts, subst(d.body, dict(zip(d.params, args, strict=True)))) if len(args) == len(d.params) else UNKNOWN
        domain = _domain(facts, p)
        if p.name not in facts.symbols or (domain is not None and not _runs_in(facts, t.args[1], domain)):
            return UNKNOWN
        return yes(f"{facts.tex(t)} is a density, positive on its whole space", facts.symbols[p.name].line)
    if law.head in ("Normal", "Laplace"):
        return yes(f"the density of {facts.tex(law)} is positive everywhere")
    if law.head in POSITIVE - {"BetaLaw"} and positive(facts, t.args[1]):
        return yes(f"the density of {facts.tex(law)} is positive for positive values")
    if law.head == "BetaLaw" and positive(facts, t.args[1]) and positive(facts, add(ONE, neg(t.args[1]))):
        return yes(f"the density of {facts.tex(law)} is positive between $0$ and $1$")
    if facts.almost_surely and (got := law_of(facts, t.args[1])) is not None and same(got[0], law):
        return yes(f"{facts.tex(t.args[1])} has the distribution {facts.tex(law)}", got[1])
    if law.head == "Uniform":
        lo, hi = law.args
        inside = [positive(facts, add(hi, neg(lo))), nonnegative(facts, add(t.args[1], neg(lo))), nonnegative(facts, add(hi, neg(t.args[1])))]
        return both([*inside, yes(f"the density of {facts.tex(law)} is positive from {facts.tex(lo)} to {facts.tex(hi)}")])
    if law.head == "Categorical":
        return _of_category(facts, law.args[0], t.args[1])
    if law.head in ("Bernoulli", "BinomialLaw", "Geometric", "Poisson") and _a_value(facts, law, t.args[1]):
        chance = law.args[-1]
        parts = [positive(facts, chance)] + ([positive(facts, add(ONE, neg(chance)))] if law.head != "Poisson" else [])
        return both([*parts, yes(f"every value of {facts.tex(law)} has a positive probability")])
    return UNKNOWN


def _a_value(facts: Facts, law: Term, x: Term) -> bool:
    """Whether ``x`` is one of the whole numbers that a law lives on."""
    return all(is_integer(facts, x) if b.head == "In" else bool(nonnegative(facts, add(x, neg(b.args[1])) if b.head == "Ge" else add(b.args[1], neg(x))))
               for b in support(x, law))


def _of_category(facts: Facts, q: Term, x: Term) -> Verdict:
    """The probability of the category ``x``, where it is one of those of ``q``."""
    if x.head != "Sym":
        return UNKNOWN
    runs = any(b.var == x and is_num(b.lo, 1) and same(b.hi, shape(q)[0]) for b in facts.scope)
    drawn = law_of(facts, x)
    if runs or (drawn is not None and drawn[0].head == "Categorical" and same(shape(drawn[0].args[0])[0], shape(q)[0])):
        return positive(facts, at(q, x))
    return UNKNOWN


__all__ = ["CONTINUOUS", "DISCRETE", "has_density", "positive_density", "positive_wherever"]
