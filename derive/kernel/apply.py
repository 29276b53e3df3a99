"""Where steps are made. Nothing here searches: what is to be done is handed in, and checked.

A step by a rule is given the rule, its direction, a binding for every name, the line and the place. The rule's text is
instantiated; its one side must be, by the key, what stands at the place; every hypothesis must hold in the scope
of the place; then the other side stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from derive.facts.densities import law_defined
from derive.facts.facts import DERIVATIVES, Facts, is_random
from derive.facts.indices import count
from derive.facts.signs import wanting
from derive.facts.stated import GROWTH, given_value
from derive.kernel import algebra as ring
from derive.kernel.conditions import Prover, need, never
from derive.kernel.hypotheses import check, spread
from derive.kernel.instantiate import Bindings, Instance, Misfit
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
    mul,
    names,
    num,
    replace,
    same,
    shape,
    subst,
    subterms,
    sym,
)  # fmt: skip
from derive.terms.shapes import ShapeError

HOLE = sym("Hole")
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
    right = as_called(right, left, target)
    try:
        fits = equal_shapes(shape(left), shape(right))
    except ShapeError:
        fits = False
    if not fits:
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
        conditions=conditions, known=facts.known, seal=_SEAL,
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
        drawn = sorted(here.tex(v) for v in free(b) - bound if here.is_source(v) and target.var in here.behind(v))
        why = f"{here.tex(target.var)} does not occur in it" + (
            f"; {' and '.join(inside)} is only what is integrated or averaged over" if inside else "") + (
            f"; {' and '.join(drawn)} is held where it is, and only its distribution depends on {here.tex(target.var)}" if drawn else "")
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
        A bound name is one of the document's, whose facts are not about it; or the place has a derivative of what
        depends on its variable only by a definition or a law, which has to be put in first. (Below a derivative an
        equation stands for one at every point near: what is known there is ``Facts.moving``.)
    """
    t, around = get(line, spot.path), _binders(line, spot.path)
    for b in around:
        own = b.head in DERIVATIVES and b.domain[0] == b.var
        if not own and not facts.nothing_said(b.var.name):
            raise Refused(f"{b.var.name} is bound here and declared in the document")
    if not any(contains(t, h) for h in DERIVATIVES):
        return
    for b in (u for u in subterms(t) if u.head in DERIVATIVES):
        hidden = facts.hides(b.body, b.var)
        if hidden is not None:
            raise Refused(f"{facts.tex(hidden)} depends on {facts.tex(b.var)}, which does not show")


def as_called(right: Term, left: Term, target: Term) -> Term:
    """``right`` with what ``left`` binds called as the line calls it, which has ``target`` for ``left``."""
    if not (target.is_binder and left.is_binder) or left.var == target.var or left.var.sort != target.var.sort:
        return right
    if left.var in free(right) or target.var.name in names([right]):
        return right
    return _respelled(right, left.var, target.var)


def _respelled(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    return t if t.head in ("Num", "Sym") else Term(t.head, tuple(_respelled(a, old, new) if isinstance(a, Term) else a for a in t.args))


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
              for q in (spread(h.prop, rule, inst),) if q.head == "Every"]  # fmt: skip
    given += [inst.of(h.prop) for h in rule.hypotheses if h.prop.head == "ForAll" and h.prop.body.head == "Dist"
              and spread(h.prop, rule, inst).head == "ForAll"]  # fmt: skip
    before = given[0] if len(given) == 1 else call("And", *given)
    return Step("implies", before, claim, rule.name, "left to right", dict(bindings), conditions=conditions, known=facts.known, seal=_SEAL)


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
    return Step("=", line, kept(spot.fill(line, new), here, line), "algebra", conditions=tuple(out), known=facts.known, seal=_SEAL)


def by_numbers(line: Term, spot: Spot, facts: Facts) -> Step:
    """What stands at ``spot`` calculated, as far as it is made of numbers."""
    old = spot.get(line)
    return Step("=", line, spot.fill(line, evaluate(old)), "numbers", known=facts.known, seal=_SEAL)


def by_writing_out(line: Term, spot: Spot, facts: Facts) -> Step:
    """A sum of numbers at ``spot`` term by term, each term calculated."""
    old = spot.get(line)
    if old.head != "Sum" or not all(d.head == "Num" and d.value.denominator == 1 for d in old.domain):
        raise Refused("no sum over a range of numbers")
    lo, hi, *out = (int(d.value) for d in old.domain)
    terms = [evaluate(subst(old.body, {old.var: num(k)})) for k in range(lo, hi + 1) if k not in out]
    if len(terms) < 2 or any(t.head != "Num" for t in terms):
        raise Refused("its terms are no numbers")
    return Step("=", line, spot.fill(line, Term("Add", tuple(terms))), "numbers", known=facts.known, seal=_SEAL)


def by_definition(line: Term, spot: Spot, d: Definition, facts: Facts) -> Step:
    """A defined name at ``spot`` replaced by what it stands for."""
    t = spot.get(line)
    if t == d.symbol and not d.params and not d.index:
        new = d.body
    elif (law := law_defined(t, d, facts)) is not None:
        new = law
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
    return Step("=", line, spot.fill(line, new), f"definition of {name}", conditions=(said,), known=facts.known, seal=_SEAL)


def by_given(line: Term, spot: Spot, facts: Facts) -> Step:
    """A quantity at ``spot`` whose value the document states."""
    here = facts.at(line, spot.path)
    t = spot.get(line)
    got = given_value(here, t)
    if got is None:
        raise Refused("no line states this value")
    value, n = got
    said = Condition(here.tex(call("Eq", t, value)), "holds", f"line {n} says so", (f"line {n}",))
    return Step("=", line, kept(spot.fill(line, value), here), "given", conditions=(said,), known=facts.known, seal=_SEAL)


def by_earlier(line: Term, spot: Spot, task: str, proof: Sequence[Step], facts: Facts, *, begin: int = 0) -> Step:
    """What stands at ``spot`` replaced by what an earlier task found for it.

    Either ``proof`` comes to it in its line ``begin`` (0: began with it) and by equations to a value, or its last line is the equation.
    Names bound around the place must be such that the document says nothing of: then the proof holds for every value of them.
    Below a derivative nothing may depend on its variable without showing it: the proof is of one value of that variable.

    Raises
    ------
    Refused
        The proof is of something else, or of what has another meaning at this place, such as an average given something.
    """
    t, rest = spot.get(line), proof[begin:]
    if facts.known:
        raise Refused("the earlier task is about averages with nothing given")
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
        moves = next((s for s in free(t) | free(new) if binder.var in facts.behind(s)), None) if binder.head in DERIVATIVES else None
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


__all__ = ["HOLE", "Refused", "Spot", "by_algebra", "by_definition", "by_earlier", "by_given", "by_law", "by_numbers", "by_rule", "by_writing_out"]
