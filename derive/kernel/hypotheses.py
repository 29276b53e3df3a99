"""The hypotheses of a rule at one place: each in the scope of the place, with why it holds there or what is missing."""

from __future__ import annotations

from derive.facts.densities import by_name
from derive.facts.facts import Facts
from derive.facts.knowing import listed
from derive.facts.signs import nonnegative, wanting
from derive.facts.verdict import Verdict
from derive.kernel import algebra as ring
from derive.kernel.conditions import Prover, fixed, holds
from derive.kernel.instantiate import Instance, Misfit, axes
from derive.kernel.numbers import tidy
from derive.kernel.step import Condition, Refused
from derive.rulebook.model import Rule
from derive.terms import (
    ZERO,
    Term,
    call,
    contains,
    equal_shapes,
    free,
    is_num,
    shape,
    subst,
    subterms,
)  # fmt: skip
from derive.terms.shapes import PROPOSITIONS

ABOUT_CHANCE = frozenset({"Dist", "Independent", "Uncorrelated", "SameLaw", "Iid", "IndependentEntries"})
SAID_OF_NETWORKS = ("Network", "ForwardCost", "LoadCost", "StorageCost", "LayerStorageCost", "DiskCost")


SAY_WHERE = ("HasDensity", "PositiveWherever")  # hypotheses that say themselves where a density is used


def check(rule: Rule, inst: Instance, here: Facts, prove: Prover) -> tuple[Condition, ...]:
    """Every hypothesis, and what the scope of names demands, each with why it holds here."""
    out: list[Condition] = []
    grows = rule.grows  # of something random it is said of the mean size
    chance = grows or rule.chance
    for name, n in rule.names.items():
        b = inst.b.get(name)
        if b is None:
            continue
        if b.head == "Given" or b.head in PROPOSITIONS:
            raise Refused(f"{rule.name}: a statement, or an average's body with what is given, is no value")
        if grows and b.head == "IndexRange" and not _bounded(b, inst, here):
            raise Refused(f"{rule.name}: how many terms there are must not grow")
        if grows and b.head == "List":
            for x in b.args:
                if not fixed(x, here) and not n.random:
                    raise Refused(f"{rule.name}: {here.tex(x)} is random", f"{here.tex(x)} is fixed")
            continue
        if chance and not n.random and n.role in ("family", "function"):
            inner = b
            while inner.head == "Lambda":
                inner = inner.body
            v = fixed(inner, here)
            if not v:
                raise Refused(f"{rule.name}: {v.because}", v.because)
        if chance and n.role == "value" and not n.random:
            v = fixed(b, here)
            if not v:
                raise Refused(f"{rule.name}: {v.because}", v.because)
            if b.head not in ("Num", "Zeros", "Identity") and not grows:
                out.append(Condition(f"{here.tex(b)} is fixed", "holds", _reason(v, here, b), v.facts))
        if n.role == "value" and b.head != "List":
            want = axes(tuple(inst.of(d) for d in n.term.sort.shape))
            if not equal_shapes(want, shape(b)):
                raise Refused(f"{rule.name}: {here.tex(b)} has another shape")
    for d in subterms(rule.claim):
        if d.head != "Density":
            continue
        density = d.args[0]
        named = density.args[0] if density.head == "Apply" else density
        if named in inst.by_term and not any(
                h.prop.head in ("Eq", "Domain") and h.prop.args[0] in (density, named) or h.prop.head in SAY_WHERE and density in h.prop.args
                for h in rule.hypotheses):  # fmt: skip
            law = inst.of(density)
            if not on_whole_space(law, here):
                raise Refused(f"{rule.name} needs that {here.tex(law)} has a density on the whole space", f"{here.tex(law)} has a density")
    for h in rule.hypotheses:
        try:
            prop = spread(h.prop, rule, inst) if h.prop.head != "Exchange" else call("Exchange", inst.of(rule.claim.args[0]))
        except Misfit as e:
            raise Refused(str(e)) from None
        prop, there = _where_it_runs(h.prop, prop, rule, inst, here)
        v = holds(prop, there, prove)
        if v.holds is None and prop.head == "Ne" and is_num(prop.args[1], 0) and averaged(prop.args[0]) and nonnegative(here, prop.args[0]):
            out.append(Condition(_words(prop, here), "assumed", "it is never negative; that it is not $0$ is assumed here"))
            continue
        if v.holds is None and prop.head in ASSUMABLE:
            out.append(Condition(_words(prop, here), "assumed", "nothing that is given says so, so it is assumed here"))
            continue
        if not v:
            raise _needs(rule, prop, here, v)
        if _worth_saying(prop):
            out.append(Condition(_words(prop, here) + _given(prop, here), "holds", v.because or "by calculation", v.facts, v.steps))
    return tuple(out)


def _needs(rule: Rule, prop: Term, here: Facts, v: Verdict) -> Refused:
    """The refusal for a hypothesis that does not hold here."""
    def said() -> str:
        return _words(lacked(prop, here), here)

    return Refused(lambda: f"{rule.name} needs that {said()}" + (f": {v.because}" if v.because else ""), said)


def _given(p: Term, here: Facts) -> str:
    """What is known, where something is said of chance that is true because of it."""
    chance = p.head in ABOUT_CHANCE or averaged(p)
    return f", given {listed([here.tex(y) for y in here.known])}" if chance and free(p) & {s for y in here.known for s in free(y)} else ""


def averaged(t: Term) -> bool:
    return any(contains(t, h) for h in ("Expect", "ExpectOver"))


def on_whole_space(law: Term, here: Facts) -> bool:
    """Whether a law has a density that integrals over the whole space may be taken of."""
    law = by_name(law, here)
    p = law.args[0] if law.head == "Apply" else law
    if p.head == "Sym":
        return here.role(p) == "density" and not any(g.prop.head in ("Mass", "Domain") and g.prop.args[0] == p for g in here.givens)
    return law.head in ("Normal", "Laplace")


def _bounded(rng: Term, inst: Instance, facts: Facts) -> bool:
    """Whether the number of indices stays the same while the dimensions grow."""
    from derive.kernel.growth import compare

    try:
        return compare("O", inst.size(rng), Term("Num", (ring.Fraction(1),)), facts)
    except Misfit:
        return False


def _reason(v: Verdict, here: Facts, b: Term) -> str:
    inside = sorted({s.name for s in free(b) if s.name in here.symbols})
    if here.known:
        return f"given {listed([here.tex(y) for y in here.known])}, nothing random is in it"
    return "nothing random is in it" if inside else "it is a number"


def _worth_saying(p: Term) -> bool:
    """Not of numerals alone, nor of an index in its own range: a reader would ask why it is said."""
    if p.head == "In" or p.head == "Eq" and p.args[0] == p.args[1]:
        return False
    return bool(free(p)) or p.head in ("Independent", "Uncorrelated", "Exchange", *SAID_OF_NETWORKS)


def lacked(p: Term, here: Facts) -> Term:
    """A hypothesis about a sign, as one about the part whose sign is not known."""
    if p.head in ("Gt", "Ne") and p.args[1] == ZERO and not shape(p.args[0]):
        return wanting(here, p.args[0], p.head)
    return p


def _where_it_runs(p: Term, prop: Term, rule: Rule, inst: Instance, here: Facts) -> tuple[Term, Facts]:
    """That a function is differentiable, where the claim sums or averages over its first argument: for the values that this takes."""
    if p.head != "Differentiable" or len(p.args) < 3 or prop.args[0].head != "Lambda":
        return prop, here
    for u in subterms(rule.claim.args[0]):
        if u.head in ("Sum", "Integral", "ExpectOver") and any(
                w.head == "Apply" and w.args[0] == p.args[0] and w.args[1] == u.var for w in subterms(u.body)):  # fmt: skip
            bound, lam = inst.of(u), prop.args[0]
            if bound.head == u.head and bound.var not in free(lam) and bound.var.sort.shape == lam.var.sort.shape:
                f = Term("Lambda", (bound.var, subst(lam.body, {lam.var: bound.var})))
                return Term("Differentiable", (f, *prop.args[1:])), here.enter(bound)
    return prop, here


def spread(p: Term, rule: Rule, inst: Instance) -> Term:
    """A hypothesis instantiated; a whole family is named with its range."""
    if p.head in ("Independent", "Uncorrelated", "Iid") and any(a in inst.by_term for a in p.args):
        parts = []
        for a in p.args:
            name = inst.by_term.get(a)
            if name is not None and rule.names[name].role == "family":
                size = inst.b[inst.by_term[a.sort.shape[0]]]
                parts.append(Term("Over", (inst.b[name], size)))
            else:
                parts.append(inst.of(a))
        return Term(p.head, tuple(parts))
    if p.head == "ForAll":
        for u in subterms(p.body):
            if u.head == "At" and u.args[0] in inst.by_term and p.var in u.args[1:] and not p.var.sort.shape:
                family = rule.names[inst.by_term[u.args[0]]]
                size_name = inst.by_term.get(family.term.sort.shape[u.args.index(p.var) - 1])
                bound = inst.b.get(size_name) if size_name is not None and family.role == "family" else None
                if bound is not None and bound.head == "IndexRange":  # every member of the family
                    var = inst.rename(p.var, inst.display(p.body, p.var) or p.var.name, {})
                    return Term("Every", (var, tidy(inst.put(p.body, {p.var: var})), *bound.args))
                if bound is not None and bound.head == "Num":
                    return call("And", *(tidy(inst.put(p.body, {p.var: Term("Num", (ring.Fraction(k),))}))
                                         for k in range(1, int(bound.value) + 1)))  # fmt: skip
    if p.head == "In" and p.args[1].head == "IndexRange":
        counted = inst.by_term.get(p.args[1].args[1])
        bound = inst.b.get(counted) if counted is not None else None
        if bound is not None and bound.head == "IndexRange":  # the family's own range, with what it leaves out
            return call("In", inst.of(p.args[0]), bound)
    return inst.of(p)


# What a text may assume aloud: it is said with the step and with the answer.
ASSUMABLE = frozenset({"Exchange"})


def _words(p: Term, facts: Facts) -> str:
    if p.head == "Exchange":
        return "differentiation and integration may be exchanged"
    if p.head == "Differentiable":
        f, times, *which = p.args
        args = []
        while f.head == "Lambda":
            args.append(f.var)
            f = f.body
        kind = "twice differentiable" if times.value > 1 else "differentiable"
        inside = [args[int(n.value) - 1] for n in which if n.head == "Num" and n.value <= len(args)] or args
        return f"{facts.tex(f)} is {kind}" + (f" in {facts.tex(inside[0])}" if len(inside) == 1 else "")
    if p.head in ("Independent", "Uncorrelated"):
        parts: list[Term] = []
        for a in p.args:
            if a.head == "Over" and a.args[0].head == "Lambda":
                lam, size = a.args
                if size.head != "IndexRange":
                    return f"the terms {facts.tex(lam.body)} are {'independent' if p.head == 'Independent' else 'uncorrelated'}"
                var = facts.tex(lam.var)[1:-1]
                lo, hi, *_ = size.args
                return (f"the terms {facts.tex(lam.body)} for ${var} = {facts.tex(lo)[1:-1]}, \\ldots, {facts.tex(hi)[1:-1]}$ are "
                        + ("independent" if p.head == "Independent" else "pairwise uncorrelated"))  # fmt: skip
            parts.extend(a.args[0].args if a.head == "Over" else [a])
        shown = [facts.tex(a) for a in parts]
        return ", ".join(shown[:-1]) + f" and {shown[-1]} are " + ("independent" if p.head == "Independent" else "uncorrelated")
    if p.head in ("Iid", "IndependentEntries"):
        word = "i.i.d." if p.head == "Iid" else "independent"
        return "the entries of " + " and ".join(facts.tex(a) for a in p.args) + f" are {word}"
    if p.head == "SameLaw":
        return f"{facts.tex(p.args[0])} and {facts.tex(p.args[1])} have the same distribution"
    if p.head == "ForAll" and p.body.head == "ForAll":
        return f"{_words(p.body, facts)} and {facts.tex(p.var)}"
    if p.head == "ForAll" and p.body.head != "Implies":
        return f"{_words(p.body, facts)} for every {facts.tex(p.var)}"
    if p.head == "Every":
        return f"{_words(p.args[1], facts)} for every {facts.tex(p.args[0])}"
    if p.head == "And":
        return ", ".join(_words(a, facts) for a in p.args)
    return facts.tex(p)
