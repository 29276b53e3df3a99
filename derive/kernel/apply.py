"""Where steps are made. Nothing here searches: what is to be done is handed in, and checked.

A step by a rule is given the rule, its direction, a binding for every name, the line and the place. The rule's text is
instantiated; its one side must be, by the key, what stands at the place; every hypothesis must hold in the scope
of the place; then the other side stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from derive.facts.facts import DERIVATIVES, Facts, is_random
from derive.facts.indices import count
from derive.facts.signs import nonnegative, positive, wanting
from derive.facts.stated import GROWTH, given_value
from derive.facts.verdict import Verdict, both
from derive.kernel import algebra as ring
from derive.kernel.conditions import Prover, fixed, holds, need, never
from derive.kernel.instantiate import Bindings, Instance, Misfit, axes
from derive.kernel.numbers import evaluate, tidy
from derive.kernel.polarity import FLIPPED, carried
from derive.kernel.step import _SEAL, Condition, Refused, Step
from derive.language.model import Definition
from derive.rulebook.model import Rule
from derive.terms import (
    ZERO,
    Path,
    Term,
    add,
    call,
    contains,
    equal_shapes,
    free,
    get,
    is_num,
    mul,
    names,
    neg,
    num,
    replace,
    same,
    shape,
    subst,
    subterms,
    sym,
)  # fmt: skip

HOLE = sym("Hole")
SAID_OF_NETWORKS = ("Network", "ForwardCost", "LoadCost", "StorageCost", "DiskCost")
RELATION = {"Eq": "=", "Le": "<=", "Ge": ">=", "Lt": "<", "Gt": ">", "Iff": "iff", "Asym": "~"}


class Spot(NamedTuple):
    """A place in a line: a path, and, inside a sum or product, which of its parts (all, if empty)."""

    path: Path = ()
    take: tuple[int, ...] = ()

    def get(self, line: Term) -> Term:
        t = line
        for i in self.path:
            if t.head in ("Num", "Sym") or i >= len(t.args):
                raise Refused("the line has no such place")
            t = t.args[i]
        if not self.take:
            return t
        if t.head not in ("Add", "Mul") or self.take[-1] >= len(t.args):
            raise Refused("the line has no such place")
        parts = tuple(t.args[i] for i in self.take)
        return parts[0] if len(parts) == 1 else Term(t.head, parts)

    def fill(self, line: Term, new: Term) -> Term:
        if not self.take:
            return replace(line, self.path, new)
        t = get(line, self.path)
        out: list[Term] = []
        for i, a in enumerate(t.args):
            if i == self.take[0]:
                out.append(new)
            elif i not in self.take:
                out.append(a)
        whole = add(*out) if t.head == "Add" else mul(*out) if t.head == "Mul" else out[0] if len(out) == 1 else Term(t.head, tuple(out))
        return replace(line, self.path, whole)


def instance(rule: Rule, bindings: Bindings, facts: Facts, line: Term | None = None) -> Instance:
    def size(r: Term) -> Term:
        lo, hi, *out = r.args
        n = count(facts, lo, hi, tuple(out))
        if n is None:
            raise Misfit("the number of indices is not certain")
        return n

    inside = free(line) if line is not None else ()
    avoid = chain((n for n in facts.symbols if not facts.nothing_said(n)), (b.var.name for b in facts.scope), (s.name for s in inside))
    return Instance(rule, bindings, avoid, size, facts.letters())


def by_rule(
    rule: Rule, bindings: Bindings, line: Term, spot: Spot, facts: Facts, *,
    direction: str = "left to right", prove: Prover = never,
) -> Step:  # fmt: skip
    """``line`` with one side of the rule's claim replaced by the other at ``spot``.

    A bound is carried to the whole line only through operators that keep order; a growth claim is about a whole line.

    Raises
    ------
    Refused
        The rule does not say that, or one of its hypotheses does not hold here.
    """
    target = spot.get(line)
    here = facts.at(line, spot.path)
    claim = rule.claim
    average = target if averages(rule, target) else None
    if average is not None:
        here = here.averaging(average)
    if claim.head not in RELATION or (claim.head in ("Iff", "Asym") and spot.path):
        raise Refused(f"{rule.name} is no equation")
    grows = GROWTH.get(claim.args[1].head) if claim.head == "Eq" else None
    if grows is not None and (spot.path or spot.take or direction != "left to right"):
        raise Refused("an order of growth is said of a whole line")
    shown(line, spot, facts)
    inst = instance(rule, bindings, here, line)
    try:
        left, right = inst.of(claim.args[0]), inst.of(claim.args[1])
    except Misfit as e:
        raise Refused(str(e)) from None
    if direction != "left to right":
        left, right = right, left
    if average is not None:
        left, right = over(left, average), over(right, average)
        if average.var in free(right):
            raise Refused(f"{here.tex(average.var)} would stand outside its average")
    if not same(left, target):
        raise Refused(f"{rule.name} does not fit here")
    if not equal_shapes(shape(left), shape(right)):
        raise Refused("the shapes do not fit")
    conditions = check(rule, inst, here, prove) + still(rule, inst, line, spot, here)
    after = kept(spot.fill(line, right), here)
    relation = grows or RELATION[claim.head]
    if relation in FLIPPED:
        if direction != "left to right":
            relation = FLIPPED[relation]
        if spot.take:  # some parts of a sum or product: first among its parts, then outwards
            whole = get(line, spot.path)
            rest = [a for k, a in enumerate(whole.args) if k not in spot.take]
            inner = Term(whole.head, (target, *rest))
            relation, first = carried(inner, (0,), target, right, relation, here)
            conditions += first
            target, right = inner, Term(whole.head, (right, *rest))
        relation, more = carried(line, spot.path, target, right, relation, facts)
        conditions += more
    return Step(
        relation, line, after, rule.name, direction, dict(bindings), spot.fill(line, HOLE) if shape(left) == () else None,
        conditions=conditions, seal=_SEAL,
    )  # fmt: skip


def kept(line: Term, facts: Facts, before: Term | None = None) -> Term:
    """``line`` tidied; an average of which nobody knows whether it exists may not fall away beside a 0.

    Raises
    ------
    Refused
        One does.
    """
    after = tidy(line)
    if before is not None or after != line:
        risky = _risky(line if before is None else before, facts)
        if len(risky) > len(_risky(after, facts)):
            raise Refused(f"whether {facts.tex(risky[0])} exists is not known")
    return after


def _risky(t: Term, facts: Facts) -> list[Term]:
    """The averages in ``t`` of something that may grow without bound: a quotient by something random, a logarithm of it."""
    def unbounded(u: Term) -> bool:
        if u.head == "Pow":
            return u.args[1].head == "Num" and u.args[1].value < 0 and is_random(facts, u.args[0])
        return u.head in ("Ln", "Tan", "Gamma", "Inverse") and is_random(facts, u.args[0])

    return [u for u in subterms(t) if u.head == "Expect" and any(unbounded(v) for v in subterms(u.args[0]))]


def still(rule: Rule, inst: Instance, line: Term, spot: Spot, here: Facts) -> tuple[Condition, ...]:
    """Why what a rule takes for fixed under a derivative does not move: said of each name that is no number."""
    d = rule.claim.args[0]
    if d.head not in DERIVATIVES:
        return ()
    target = spot.get(line)
    if target.head not in DERIVATIVES:
        return ()
    bound = {b.var for b in _binders(line, spot.path) if b.head not in DERIVATIVES}
    out = []
    for name, n in rule.names.items():
        b = inst.b.get(name)
        if n.role != "value" or n.term == d.var or b is None or b.head in ("Num", "Lambda") or not free(b):
            continue
        inside = sorted(here.tex(v) for v in bound & free(b))
        why = f"{here.tex(target.var)} does not occur in it" + (
            f"; {' and '.join(inside)} is only what is integrated or averaged over" if inside else "")
        out.append(Condition(f"{here.tex(b)} does not depend on {here.tex(target.var)}", "holds", why))
    return tuple(out)


def _binders(line: Term, path: Path) -> list[Term]:
    out: list[Term] = []
    for i in path:
        if line.is_binder and i == 1:
            out.append(line)
        line = line.args[i]
    return out


def averages(rule: Rule, target: Term) -> bool:
    """Whether a rule about ``E`` is used for ``E_{z ~ p}``, in which only ``z`` is random."""
    return target.head == "ExpectOver" and contains(rule.claim, "Expect") and not contains(rule.claim, "ExpectOver")


def over(t: Term, average: Term) -> Term:
    """``t`` with every ``E`` an average over what ``average`` binds."""
    if t.head in ("Num", "Sym"):
        return t
    if t.head == "Expect":
        return Term("ExpectOver", (average.var, over(t.args[0], average), *average.domain))
    if t.is_binder:
        return Term(t.head, (t.var, over(t.body, average), *(over(d, average) for d in t.domain)))
    return Term(t.head, tuple(over(a, average) for a in t.args))


def shown(line: Term, spot: Spot, facts: Facts) -> None:
    """That the names bound at a place hide nothing of the document, and that nothing hides what they are.

    Raises
    ------
    Refused
        A bound name is one of the document's, whose facts are not about it; or a derivative is taken of what
        depends on its variable only by a definition or a law, which has to be put in first.
    """
    t, around = get(line, spot.path), _binders(line, spot.path)
    for b in around:
        own = b.head in DERIVATIVES and b.domain[0] == b.var
        if not own and not facts.nothing_said(b.var.name):
            raise Refused(f"{b.var.name} is bound here and declared in the document")
    if not any(contains(line, h) for h in DERIVATIVES):
        return
    for b in (*(b for b in around if b.head in DERIVATIVES), *(u for u in subterms(t) if u.head in DERIVATIVES)):
        hidden = facts.hides(b.body, b.var)
        if hidden is not None:
            raise Refused(f"{facts.tex(hidden)} depends on {facts.tex(b.var)}, which does not show")


def check(rule: Rule, inst: Instance, here: Facts, prove: Prover) -> tuple[Condition, ...]:
    """Every hypothesis, and what the scope of names demands, each with why it holds here."""
    out: list[Condition] = []
    grows = rule.grows  # of something random it is said of the mean size
    chance = grows or rule.chance
    for name, n in rule.names.items():
        b = inst.b.get(name)
        if b is None:
            continue
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
        if named in inst.by_term and not any(h.prop.head in ("Eq", "Domain") and h.prop.args[0] in (density, named) for h in rule.hypotheses):
            law = inst.of(density)
            if not on_whole_space(law, here):
                raise Refused(f"{rule.name} needs that {here.tex(law)} has a density on the whole space", f"{here.tex(law)} has a density")
    for h in rule.hypotheses:
        try:
            prop = _over(h.prop, rule, inst) if h.prop.head != "Exchange" else call("Exchange", inst.of(rule.claim.args[0]))
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
            out.append(Condition(_words(prop, here), "holds", v.because or "by calculation", v.facts, v.steps))
    return tuple(out)


def _needs(rule: Rule, prop: Term, here: Facts, v: Verdict) -> Refused:
    """The refusal for a hypothesis that does not hold here."""
    def said() -> str:
        return _words(lacked(prop, here), here)

    return Refused(lambda: f"{rule.name} needs that {said()}" + (f": {v.because}" if v.because else ""), said)


def averaged(t: Term) -> bool:
    return any(contains(t, h) for h in ("Expect", "ExpectOver"))


def on_whole_space(law: Term, here: Facts) -> bool:
    """Whether a law has a density that integrals over the whole space may be taken of."""
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
    return "nothing random is in it" if inside else "it is a number"


def _worth_saying(p: Term) -> bool:
    """Not of numerals alone, nor of an index in its own range: a reader would ask why it is said."""
    if p.head == "In":
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


def _over(p: Term, rule: Rule, inst: Instance) -> Term:
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


def by_law(rule: Rule, bindings: Bindings, facts: Facts, prove: Prover = never, of: Term | None = None) -> Step:
    """What is given implies the law that a rule states: ``e ~ D``, with ``e`` written as ``of``.

    Raises
    ------
    Refused
        The rule states no law, or a hypothesis does not hold.
    """
    if rule.claim.head != "Dist":
        raise Refused(f"{rule.name} states no distribution")
    inst = instance(rule, bindings, facts)
    try:
        claim = inst.of(rule.claim)
    except Misfit as e:
        raise Refused(str(e)) from None
    if of is not None:
        if not same(claim.args[0], of):
            raise Refused(f"{rule.name} does not fit here")
        claim = call("Dist", of, claim.args[1])
    conditions = check(rule, inst, facts, prove)
    given = [inst.of(h.prop) for h in rule.hypotheses if h.prop.head == "Dist"]
    given += [Term("ForAll", (q.args[0], q.args[1])) for h in rule.hypotheses if h.prop.head == "ForAll"
              for q in (_over(h.prop, rule, inst),) if q.head == "Every"]  # fmt: skip
    given += [inst.of(h.prop) for h in rule.hypotheses if h.prop.head == "ForAll" and h.prop.body.head == "Dist"
              and _over(h.prop, rule, inst).head == "ForAll"]  # fmt: skip
    before = given[0] if len(given) == 1 else call("And", *given)
    return Step("implies", before, claim, rule.name, "left to right", dict(bindings), conditions=conditions, seal=_SEAL)


# -- computations
def by_algebra(line: Term, spot: Spot, new: Term, facts: Facts) -> Step:
    """``new`` for what stands at ``spot``, equal by `algebra`."""
    here = facts.at(line, spot.path)
    old = spot.get(line)
    if not equal_shapes(shape(old), shape(new)):
        raise Refused("the shapes do not fit")
    ok, needs = ring.equal(old, new)
    if not ok:
        raise Refused("not equal by algebra")
    out = []
    for what, t in needs:
        v = need(what, t, here)
        if not v:
            said = here.tex(wanting(here, t, what))
            raise Refused(f"algebra needs that {said}", said)
        if v.because and free(t):
            out.append(Condition(here.tex(call(what, t, ZERO)), "holds", v.because, v.facts))
    return Step("=", line, kept(spot.fill(line, new), here, line), "algebra", conditions=tuple(out), seal=_SEAL)


def by_numbers(line: Term, spot: Spot, facts: Facts) -> Step:
    """What stands at ``spot`` calculated, as far as it is made of numbers."""
    old = spot.get(line)
    return Step("=", line, spot.fill(line, evaluate(old)), "numbers", seal=_SEAL)


def by_writing_out(line: Term, spot: Spot) -> Step:
    """A sum of numbers at ``spot`` term by term, each term calculated."""
    old = spot.get(line)
    if old.head != "Sum" or not all(d.head == "Num" and d.value.denominator == 1 for d in old.domain):
        raise Refused("no sum over a range of numbers")
    lo, hi, *out = (int(d.value) for d in old.domain)
    terms = [evaluate(subst(old.body, {old.var: num(k)})) for k in range(lo, hi + 1) if k not in out]
    if len(terms) < 2 or any(t.head != "Num" for t in terms):
        raise Refused("its terms are no numbers")
    return Step("=", line, spot.fill(line, Term("Add", tuple(terms))), "numbers", seal=_SEAL)


def by_definition(line: Term, spot: Spot, d: Definition, facts: Facts) -> Step:
    """A defined name at ``spot`` replaced by what it stands for."""
    t = spot.get(line)
    if t == d.symbol and not d.params and not d.index:
        new = d.body
    elif t.head in ("Apply", "Density") and d.params:
        args = t.args[1:] if t.head == "Apply" else (*t.args[0].args[1:], *t.args[1:])
        head = t.args[0] if t.head == "Apply" else t.args[0].args[0] if t.args[0].head == "Apply" else t.args[0]
        if head != d.symbol or len(args) != len(d.params):
            raise Refused("another function")
        new = subst(d.body, dict(zip(d.params, args, strict=True)))
    elif t.head == "At" and t.args[0] == d.symbol and d.index and len(t.args) - 1 == len(d.index):
        new = subst(d.body, dict(zip(d.index, t.args[1:], strict=True)))
    else:
        raise Refused("nothing defined stands here")
    name = f"${facts.tex(d.symbol)[1:-1]}$"
    said = Condition(f"{name} is defined so", "holds", f"line {d.line}: {d.text}", (f"line {d.line}",))
    return Step("=", line, spot.fill(line, new), f"definition of {name}", conditions=(said,), seal=_SEAL)


def by_given(line: Term, spot: Spot, facts: Facts) -> Step:
    """A quantity at ``spot`` whose value the document states."""
    here = facts.at(line, spot.path)
    t = spot.get(line)
    got = given_value(here, t)
    if got is None:
        raise Refused("no line states this value")
    value, n = got
    said = Condition(here.tex(call("Eq", t, value)), "holds", f"line {n} says so", (f"line {n}",))
    return Step("=", line, kept(spot.fill(line, value), here), "given", conditions=(said,), seal=_SEAL)


def by_earlier(line: Term, spot: Spot, task: str, proof: Sequence[Step], facts: Facts, *, begin: int = 0) -> Step:
    """What stands at ``spot`` replaced by what an earlier task found for it.

    Either ``proof`` comes to it in its line ``begin`` (0: began with it) and by equations to a value, or its last line is the equation.
    Names bound around the place must be such that the document says nothing of: then the proof holds for every value of them.
    Below a derivative nothing may depend on its variable without showing it: the proof is of one value of that variable.

    Raises
    ------
    Refused
        The proof is of something else, or of what has another meaning at this place.
    """
    t, rest = spot.get(line), proof[begin:]
    for a, b in zip(rest, rest[1:], strict=False):
        if a.after != b.before:
            raise Refused("the earlier task's steps do not follow one another")
    if rest and same(rest[0].before, t) and all(s.relation == "=" for s in rest):
        new = rest[-1].after
    elif rest and rest[-1].after.head == "Eq" and same(rest[-1].after.args[0], t):
        new = rest[-1].after.args[1]
    else:
        raise Refused("the earlier task says something else")
    for binder in _binders(line, spot.path):
        hidden = binder.var not in free(t) or binder.head in DERIVATIVES or not facts.nothing_said(binder.var.name)
        if hidden and binder.var in free(t) | free(new):
            raise Refused(f"{facts.tex(binder.var)} is bound here")
        moves = (facts.hides(t, binder.var) or facts.hides(new, binder.var)) if binder.head in DERIVATIVES else None
        if moves is not None:
            raise Refused(f"{facts.tex(moves)} depends on {facts.tex(binder.var)}, which does not show")
    met = f"task {task} meets it in step {task}.{begin}, and finds its value" if begin else f"found in task {task}"
    said = Condition(facts.tex(call("Eq", t, new)), "holds", met, (f"task {task}",))
    assumed = tuple(dict.fromkeys(c for s in rest for c in _conditions(s) if c.status == "assumed"))
    return Step("=", line, spot.fill(line, new), f"earlier task {task}", conditions=(said, *assumed), seal=_SEAL)


def _conditions(step: Step) -> Iterator[Condition]:
    """Those of a step and of all inside it."""
    yield from step.conditions
    for s in (*step.steps, *(s for c in step.conditions for s in c.steps)):
        yield from _conditions(s)


def gather(steps: Sequence[Step], rule: str | None = None) -> Step:
    """Steps that follow one another, shown as one."""
    if len(steps) == 1:
        return steps[0]
    for a, b in zip(steps, steps[1:], strict=False):
        if a.after != b.before:
            raise Refused("the steps do not follow one another")
    relations = {s.relation for s in steps} - {"="}
    if len(relations) > 1:
        raise Refused("the relations do not compose")
    seen, conditions = set(), []
    for s in steps:
        for c in s.conditions:
            if (c.text, c.because) not in seen:
                seen.add((c.text, c.because))
                conditions.append(c)
    return Step(
        relations.pop() if relations else "=", steps[0].before, steps[-1].after, rule or steps[0].rule,
        steps[0].direction if rule is None else "left to right",
        conditions=tuple(conditions), steps=tuple(steps), seal=_SEAL,
    )  # fmt: skip


def reverse(step: Step) -> Step:
    """An equation, an equivalence, or a bound (which turns round) read from its other end."""
    if step.relation not in ("=", "iff", *FLIPPED):
        raise Refused("an order of growth has one direction")
    other = "right to left" if step.direction == "left to right" else "left to right"
    return Step(
        FLIPPED.get(step.relation, step.relation), step.after, step.before, step.rule, other, step.bindings, step.context, step.why, step.conditions,
        step.checked, tuple(reverse(s) for s in reversed(step.steps)), seal=_SEAL,
    )  # fmt: skip


def placed(step: Step, line: Term, spot: Spot, facts: Facts) -> Step:
    """An equation shown under ``facts``, used for what stands at ``spot``.

    Raises
    ------
    Refused
        Another thing stands there, or what is known at that place differs (below a derivative a stated value is not).
    """
    if step.before != spot.get(line):
        raise Refused("the step is about something else")
    t, around = line, set[Term]()
    for i in spot.path:
        around |= {t.var} if t.is_binder and i == 1 else set()
        t = t.args[i]
    if facts.at(line, spot.path).givens != facts.givens or around & (free(step.before) | free(step.after)):
        raise Refused("something else is known at this place")
    shown(line, spot, facts)
    return inside(step, spot.fill(line, HOLE))


def inside(step: Step, context: Term, relation: str = "=") -> Step:
    """An equation put into a larger expression: both lines stand for ``Hole`` in ``context``."""
    if step.relation != "=":
        raise Refused("only equations pass under any operator")

    def wrap(t: Term) -> Term:
        return subst(context, {HOLE: t})

    return Step(
        relation, wrap(step.before), wrap(step.after), step.rule, step.direction, step.bindings, None, step.why, step.conditions,
        step.checked, tuple(inside(s, context, relation) for s in step.steps), seal=_SEAL,
    )  # fmt: skip


def also(step: Step, curvature: tuple[Step, ...], e: Term, u: Term, facts: Facts, least: bool) -> Step:
    """A step that ends in ``u = value``, with the reason why ``e`` is least (or greatest) there: ``curvature`` works out its
    second derivative, which has one sign everywhere (T. M. Apostol, Calculus, vol. 1, §4.17)."""
    start = Term("Deriv", (u, Term("Deriv", (u, e, u)), u))
    for a, b in zip(curvature, curvature[1:], strict=False):
        if a.after != b.before:
            raise Refused("the steps do not follow one another")
    if not curvature or not same(curvature[0].before, start) or any(s.relation != "=" for s in curvature):
        raise Refused("this is another second derivative")
    value = curvature[-1].after
    sign = call("Gt" if least else "Lt", value, ZERO)
    bent = value if least else neg(value)
    v = positive(facts.moving(u, u), bent)
    said = f"{facts.tex(call('Eq', start, value))}, and {facts.tex(sign)}"
    if v:
        why = "so the slope grows all the way, and the value is least where it is 0" if least else "so the slope falls all the way, and the value is greatest where it is 0"
        reason = Condition(said, "holds", f"{v.because}; {why}" if v.because else why, v.facts, curvature)
    elif nonnegative(facts.moving(u, u), bent):
        reason = Condition(said, "assumed", "it is never negative; that it is not 0 is assumed, for otherwise the value does not depend on it", (), curvature)
    else:
        raise Refused(f"the sign of {facts.tex(value)} is not known", facts.tex(sign))
    return Step(step.relation, step.before, step.after, step.rule, step.direction, step.bindings, step.context, step.why,
                (*step.conditions, reason), step.checked, step.steps, seal=_SEAL)  # fmt: skip


__all__ = ["HOLE", "also", "Refused", "Spot", "both", "by_algebra", "by_definition", "by_earlier", "by_given", "by_law", "by_numbers",
           "by_rule", "by_writing_out", "gather", "inside", "is_random", "names", "reverse", "tidy"]  # fmt: skip
