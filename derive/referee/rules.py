"""Rules in small worlds: the claim where the hypotheses hold, what fails without each, and the examples.

Families have 0 to 3 members, arrays 1 to 3 entries along an axis, and laws are such as the hypotheses allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

import numpy as np

from derive.language.model import Definition, Role, Symbol
from derive.language.names import latex
from derive.referee.counts import COSTS
from derive.referee.judge import Verdict, judge_claim
from derive.referee.setting import Setting, evaluator, plan_for, sampled
from derive.referee.world import BeyondReach, Undefined, World
from derive.rulebook.model import Instance, Rule
from derive.terms import Term, add, call, expect, free, mul, num, power, same, sub, subst, subterms, sym

Array = Any
ROLES: dict[str, Role] = {
    "value": "fixed", "random": "random", "function": "function", "family": "fixed", "dimension": "dimension", "shape": "dimension",
    "integer": "fixed", "index": "fixed", "law": "density",
}  # fmt: skip
WORLDS = 6


def symbols(rule: Rule) -> dict[str, Symbol]:
    """The rule's names as declared symbols."""
    ranged = {h.prop.args[0] for h in rule.hypotheses if h.prop.head == "In"}
    out = {}
    for name, n in rule.names.items():
        role = "random" if n.random and n.role != "function" else ROLES[n.role]
        if n.role == "index" and n.term not in ranged:
            role = "index"
        whole = n.role in ("integer", "index", "dimension", "shape")
        out[name] = Symbol(n.term, role, 0, latex(name), n.role == "family", whole)
    return out


def counts(rule: Rule) -> list[Term]:
    """The numbers of members of the rule's families: 0 is one of them."""
    found = [d for n in rule.names.values() if n.role == "family" for d in n.term.sort.shape]
    return [s for s in dict.fromkeys(found) if s.head == "Sym" and s.name in rule.names
            and rule.names[s.name].role == "integer"]  # fmt: skip


# -- the claim
@dataclass
class RuleSetting(Setting):
    """The worlds of a rule: those of its hypotheses, empty families among them."""

    empty: tuple[str, ...] = ()
    made: list[World] = field(default_factory=list)

    def worlds(self) -> Iterator[World]:
        from derive.referee.worlds import worlds

        if not self.made:
            none = worlds(self.symbols, self.givens, sizes=dict.fromkeys(self.empty, 0)) if self.empty else iter(())
            some = worlds(self.symbols, self.givens, variants=range(WORLDS))
            self.made.extend(chain(islice(none, 1), islice(some, WORLDS)))
        yield from self.made


def judge_rule(rule: Rule) -> Verdict:
    """Whether the claim holds wherever the hypotheses do."""
    from derive.referee import growth_rules

    if growth_rules.about_growth(rule):
        agrees, cases, where = growth_rules.judge(rule)
        return Verdict(agrees, "growing sizes", cases, "" if agrees else "the claim fails there", where)
    given = tuple(h.prop for h in rule.hypotheses)
    setting = RuleSetting(tuple(symbols(rule).values()), given, empty=tuple(n.name for n in counts(rule)))
    return judge_claim(rule.claim, setting)


# -- instances
class Cannot(Exception):
    """An instance that the referee cannot evaluate."""


@dataclass(frozen=True)
class Placed:
    """An instance as a world, and the rule's propositions as they read in it."""

    world: World
    excluded: tuple[Term, ...]
    counted: frozenset[Term]

    def read(self, t: Term) -> Term:
        """``t`` with what the family's range leaves out."""
        if not self.excluded or t.head in ("Num", "Sym"):
            return t
        args = tuple(self.read(a) if isinstance(a, Term) else a for a in t.args)
        if t.head in ("Sum", "Prod") and t.domain[1] in self.counted:
            args = (*args, *self.excluded)
        return Term(t.head, args)


def place(rule: Rule, case: Instance) -> Placed:
    """The world of an instance.

    Raises
    ------
    Cannot
        It does not say enough, or something that has no small world.
    """
    from derive.referee.worlds import build, dimensions

    names = symbols(rule)
    sizes = {n: int(v.value) for n, v in case.values.items() if v.head == "Num" and n in sizing(rule)}
    givens: list[Term] = []
    excluded: tuple[Term, ...] = ()
    parts: dict[str, dict[int, Term]] = {}
    for g in case.givens:
        if g.head == "Over":
            excluded += (g.args[0].args[1],)
        elif g.head == "Eq" and g.args[0].head == "At" and all(i.head == "Num" for i in g.args[0].args[1:]):
            parts.setdefault(g.args[0].args[0].name, {})[int(g.args[0].args[1].value)] = g.args[1]
        else:
            givens.append(g)
    drawn = [g.args[0] for g in givens if g.head == "Dist"]
    for x in drawn:  # members that are drawn one by one
        if x.head == "At" and all(i.head == "Num" for i in x.args[1:]):
            parts.setdefault(x.args[0].name, {})
    members: dict[Term, Term] = {}
    for name, found in parts.items():
        for x in drawn:
            if x.head == "At" and x.args[0].name == name:
                new = sym(f"{name}_member_{x.args[1]}")
                members[x] = new
                names[new.name] = Symbol(new, "random", 0, new.name)
                found[int(x.args[1].value)] = new
    for name, found in parts.items():
        parts[name] = {k: swap(v, members) for k, v in found.items()}
    givens = [swap(g, members) for g in givens]
    definitions: list[Definition] = []
    for name, v in case.values.items():
        if name in sizes:
            continue
        s = names.get(name)
        if s is None:
            raise Cannot(f"{name} is no name of the rule")
        if s.role == "density":
            givens.append(call("Eq", s.term, v))
        else:
            definitions.append(defined(s, swap(v, members)))
    for name, found in parts.items():
        i = sym("member")
        definitions.append(Definition(names[name].term, listed(i, found), 0, "", index=(i,)))
    for g in givens:
        if g.head == "Dist":
            x = g.args[0].args[0] if g.args[0].head == "At" else g.args[0]
            old = names.get(x.name)
            names[x.name] = replace(old, role="random") if old else Symbol(x, "random", 0, x.name)
    told = {*case.values, *parts, *(x.name for g in givens if g.head == "Dist" for x in (g.args[0].args[0] if g.args[0].head == "At" else g.args[0],))}
    for k, h in enumerate(rule.hypotheses):
        open_ = any(x.name not in told and x.name in rule.names for x in free(h.prop))
        if k != case.hypothesis and (open_ or h.prop.head in COSTS):  # a network is told of by its lines alone
            givens.append(h.prop)
    known = {d.symbol.name for d in definitions}
    left = tuple(s for s in names.values() if s.term.name not in known)
    table = {d.symbol.name: d for d in definitions}
    for n in dimensions(left, tuple(givens), table):
        sizes.setdefault(n, 2)
    for n in sizing(rule):
        sizes.setdefault(n, 2)
    try:
        world = build(left, tuple(givens), table, sizes, 0, False)
    except BeyondReach as e:
        raise Cannot(e.reason) from None
    if world is None:
        raise Cannot("no small world is like this instance")
    return Placed(world, excluded, frozenset(counts(rule)))


def sizing(rule: Rule) -> set[str]:
    """The names that are sizes of arrays or families."""
    out: set[str] = set()
    for n in rule.names.values():
        for d in (*n.term.sort.shape, *(d for t in n.term.sort.takes or () for d in t)):
            out |= {x.name for x in free(d)}
    for h in rule.hypotheses:
        if h.prop.head == "Domain" and h.prop.args[-1].head == "IndexRange":
            out |= {x.name for x in free(h.prop.args[-1])}
    return out


def defined(s: Symbol, v: Term) -> Definition:
    bound = []
    i = sym("entry")
    if v.head == "List":
        return Definition(s.term, listed(i, {k + 1: x for k, x in enumerate(v.args)}), 0, "", index=(i,))
    if s.term.sort.shape and v.head == "Num":
        bound = [sym(f"entry_{k}") for k in range(len(s.term.sort.shape))]
        return Definition(s.term, v, 0, "", index=tuple(bound))
    while v.head == "Lambda":
        bound.append(v.var)
        v = v.body
    if s.term.sort.takes is not None:
        return Definition(s.term, v, 0, "", params=tuple(bound))
    return Definition(s.term, v, 0, "", index=tuple(bound))


def listed(i: Term, found: dict[int, Term]) -> Term:
    """The member ``i`` of a written list, as a polynomial in ``i`` (so that nothing is lost in exactness)."""
    out = []
    for k, v in found.items():
        others = [m for m in found if m != k]
        weight = [mul(sub(i, num(m)), power(num(k - m), num(-1))) for m in others]
        out.append(mul(*weight, v) if weight else v)
    return add(*out)


def swap(t: Term, table: dict[Term, Term]) -> Term:
    if t in table:
        return table[t]
    if not table or t.head in ("Num", "Sym"):
        return t
    return Term(t.head, tuple(swap(a, table) if isinstance(a, Term) else a for a in t.args))


def names_law(rule: Rule, p: Term) -> bool:
    """Whether ``p`` says which law a name stands for: the world is made so."""
    return p.head == "Eq" and p.args[0].head == "Sym" and p.args[0].name in rule.names and rule.names[p.args[0].name].role == "law"


# -- what holds, and what comes out
def holds(w: World, p: Term) -> bool:
    """Whether a proposition holds in a world."""
    from derive.referee.truth import truth

    if p.head == "ForAll" and p.body.head == "SameLaw":
        k = next((u for u in subterms(p.body) if u.head == "At" and p.var in u.args[1:]), None)
        if k is None:
            raise Cannot("nothing says for which it is said")
        size = k.args[0].sort.shape[k.args.index(p.var) - 1]
        n = int(w.values[size.name]) if size.head == "Sym" else int(size.value)
        return all(holds(w, subst(p.body, {p.var: num(j)})) for j in range(1, n + 1))
    if p.head == "SameLaw":
        first, *others = p.args
        return all(
            close(value(w, call("Expect", power(first, k))), value(w, call("Expect", power(o, k)))) for o in others for k in range(1, 7)
        )
    plan = plan_for(w, (p,))
    ev = evaluator(w, plan)
    return bool(truth(ev, p, sampled(ev, (p,))).all())


def value(w: World, t: Term) -> Array:
    plan = plan_for(w, (t,))
    ev = evaluator(w, plan)
    v = ev.value(t, sampled(ev, (t,)))
    if not plan.exact and len(v) == 1:  # a mean that refining the quadrature does not settle
        rough = evaluator(w, plan_for(w, (t,), 0))
        if abs(rough.value(t, sampled(rough, (t,))) - v).max() > 1e-3 * abs(v).max():
            raise Undefined("a mean that is not finite")
    return v


def close(a: Array, b: Array, tolerance: float = 1e-6) -> bool:
    x, y = np.asarray(a, float), np.asarray(b, float)
    if x.ndim and y.ndim and x.shape != y.shape and 1 not in (x.size, y.size):
        return False
    return bool((abs(x - y) <= tolerance * np.maximum(1, np.maximum(abs(x), abs(y)))).all())


def check_failure(rule: Rule, case: Instance) -> tuple[bool | None, str]:
    """Whether the instance meets all other hypotheses and breaks the claim, with the values that it states."""
    if case.cited:
        return None, "cited"
    from derive.referee import growth_rules

    if growth_rules.about_growth(rule):
        return growth_rules.failure(rule, case)
    assert case.left is not None and case.right is not None
    try:
        with np.errstate(all="ignore"):
            at_ = place(rule, case)
            for k, h in enumerate(rule.hypotheses):
                if k != case.hypothesis and not names_law(rule, h.prop) and not holds(at_.world, at_.read(h.prop)):
                    return False, f"it does not meet “{h.text.strip()}”"
            for name, side, stated in (("left", 0, case.left), ("right", 1, case.right)):
                ok, got = comes_to(at_, rule.claim, side, stated)
                if not ok:
                    return False, f"the {name} side is {got}, not {stated}"
    except (Cannot, BeyondReach) as e:
        return None, str(e)
    if not broken(rule.claim.head, case.left, case.right):
        return False, "the claim holds there"
    return True, ""


def comes_to(at_: Placed, claim: Term, side: int, stated: Term) -> tuple[bool, str]:
    from derive.referee.instances import plain

    w = at_.world
    if claim.head in ("Iff", "Implies"):
        try:
            truth = holds(w, at_.read(claim.args[side]))
        except Undefined as e:
            if stated.head == "Undefined":
                return True, ""
            raise Cannot(e.reason) from None
        return stated.head == str(truth), str(truth).lower()
    if claim.head == "Uncorrelated":  # what has to be equal
        x, y = claim.args
        t = expect(mul(x, y)) if side == 0 else mul(expect(x), expect(y))
    elif claim.head in ("Eq", "Le", "Ge", "Lt", "Gt", "Dist", "SameLaw"):
        t = claim.args[side]
    else:
        raise Cannot(f"sides of a claim with {claim.head}")
    t = at_.read(t)
    if claim.head == "Dist" and side == 1:
        x = sym("drawn")
        mean = Term("ExpectOver", (x, x, t))
        t = sub(Term("ExpectOver", (x, power(x, num(2)), t)), power(mean, num(2))) if stated.head == "HasVariance" else mean
    elif stated.head in ("HasVariance", "HasMean"):
        t = call("Var" if stated.head == "HasVariance" else "Expect", t)
    if stated.head in ("HasVariance", "HasMean"):
        stated = stated.args[0]
    try:
        got = value(w, t)
    except Undefined as e:
        if stated.head == "Undefined" or stated.head == "Infinity" and "finite" in e.reason:
            return True, ""
        raise Cannot(e.reason) from None
    if not np.isfinite(got).all():
        if stated.head == "Infinity" and not np.isinf(got).all():
            raise Cannot("whether a value is infinite is not seen")
        return stated.head in ("Undefined", "Infinity"), "not finite"
    if stated.head == "Undefined":
        return False, str(plain(got[0]))
    if stated.head == "Infinity":
        raise Cannot("whether a value is infinite is not seen")
    return close(got, value(w, at_.read(stated)), rounding(stated)), str(plain(got[0]))


def rounding(stated: Term) -> float:
    """How far a value may be from one written with three or more decimals."""
    if stated.head == "Num":
        for k in range(3, 9):
            if (stated.value * 10**k).denominator == 1 and (stated.value * 10 ** (k - 1)).denominator != 1:
                return 0.51 * 10**-k / max(1.0, abs(float(stated.value)))
    return 1e-6


def broken(head: str, left: Term, right: Term) -> bool:
    """Whether these two sides contradict the relation."""
    if left.head == "Num" and right.head == "Num" and head in ("Le", "Ge", "Lt", "Gt"):
        a, b = left.value, right.value
        return not {"Le": a <= b, "Ge": a >= b, "Lt": a < b, "Gt": a > b}[head]
    return not same(left, right)


def check_example(rule: Rule, case: Instance) -> tuple[bool | None, str]:
    """Whether the hypotheses hold there and what the example says comes out."""
    assert case.claim is not None
    from derive.referee import growth_rules

    if growth_rules.about_growth(rule):
        return growth_rules.example(rule, case)
    try:
        with np.errstate(all="ignore"):
            at_ = place(rule, replace(case, hypothesis=-1))
            for h in rule.hypotheses:
                if not names_law(rule, h.prop) and not holds(at_.world, at_.read(h.prop)):
                    return False, f"it does not meet “{h.text.strip()}”"
            if case.claim.head == "Eq":
                left, right = (value(at_.world, at_.read(t)) for t in case.claim.args)
                if not close(left, right):
                    from derive.referee.instances import plain

                    shown = [plain(x[0]) if np.isfinite(x).all() else "nothing finite" for x in (left, right)]
                    return False, f"{shown[0]} comes out, not {shown[1]}"
                return True, ""
            return (True, "") if holds(at_.world, at_.read(case.claim)) else (False, "what it says does not come out")
    except (Cannot, BeyondReach) as e:
        return None, str(e)


__all__ = ["check_example", "check_failure", "counts", "judge_rule", "symbols"]
