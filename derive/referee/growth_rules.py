"""Rules about growth: names as functions of a size, each hypothesis and the claim judged by how ratios move.

Every name is tried as several powers of the size, of either sign, and as such powers that nearly cancel; where all hypotheses
hold the claim must. Instances of a rule are written in its size ``n`` and looked at along ever larger values of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product
from math import log
from typing import Any

from derive.rulebook.model import Instance, Rule
from derive.terms import Term, num, subst, subterms

SIZES = (1e3, 1e6, 1e9, 1e12)
CLASSES = {"Theta": (True, True), "BigO": (True, False), "BigOmega": (False, True)}  # bounded above, below
MEMBERS = 2  # of a family
TRIED = 30_000
FLAT = 0.02  # the largest slope of a bounded ratio on a log-log scale
PLAIN: dict[str, Callable[..., float]] = {"Abs": abs, "Max": max, "Min": min}
Function = Callable[[float], float]
Names = Mapping[str, Any]


class Undefined(Exception):
    """A root of a negative number."""


def about_growth(rule: Rule) -> bool:
    """Whether a rule is about growth and about numbers alone, so that it is judged here."""
    return rule.grows and not any(n.term.sort.shape and n.role != "family" for n in rule.names.values())


# -- values
def value(t: Term, at: Mapping[str, Any], size: float) -> float:
    h, a = t.head, t.args
    if h == "Num":
        return float(t.value)
    if h == "Sym":
        got = at[t.name]
        return got(size) if callable(got) else float(got)
    if h == "At":
        return at[a[0].name](int(value(a[1], at, size)))(size)
    if h in ("Sum", "Prod"):
        var, body, low, high = a[:4]
        out = 0.0 if h == "Sum" else 1.0
        for k in range(int(value(low, at, size)), int(value(high, at, size)) + 1):
            v = value(body, {**at, var.name: k}, size)
            out = out + v if h == "Sum" else out * v
        return out
    args = [value(x, at, size) for x in a]
    if any(isinstance(x, complex) for x in args):
        raise Undefined
    if h == "Add":
        return sum(args)
    if h == "Mul":
        out = 1.0
        for x in args:
            out *= x
        return out
    if h == "Pow":
        out = args[0] ** args[1]
        if isinstance(out, complex):
            raise Undefined
        return out
    return float(PLAIN[h](*args))


def holds(p: Term, at: Names, sizes: tuple[float, ...] = SIZES) -> bool:
    """Whether a proposition holds, at all sizes or from their trend."""
    h = p.head
    if h == "ForAll":
        return all(holds(p.body, {**at, p.var.name: k}, sizes) for k in range(1, MEMBERS + 1))
    if h in ("In", "Independent"):  # numbers are independent
        return True
    if h == "Iff":
        return holds(p.args[0], at, sizes) == holds(p.args[1], at, sizes)
    a, b = p.args
    if h == "Eq" and b.head in CLASSES:
        above, below = CLASSES[b.head]
        pairs = [(value(a, at, n), value(b.args[0], at, n)) for n in sizes]
        if min(y for _, y in pairs) <= 0:
            return False
        ratios = [abs(x) / y for x, y in pairs]
        if min(ratios) == 0:
            return not below
        slope = log(ratios[-1] / ratios[-2]) / log(sizes[-1] / sizes[-2])
        return not (above and slope > FLAT) and not (below and slope < -FLAT)
    if h == "Asym":
        return abs(_ratio(value(a, at, sizes[-1]), value(b, at, sizes[-1])) - 1) < 1e-2
    pairs = [(value(a, at, n), value(b, at, n)) for n in sizes]
    return {"Gt": all(x > y for x, y in pairs), "Ge": all(x >= y for x, y in pairs), "Lt": all(x < y for x, y in pairs),
            "Le": all(x <= y for x, y in pairs), "Ne": all(x != y for x, y in pairs)}[h]  # fmt: skip


def _ratio(a: float, b: float) -> float:
    return abs(a / b) if b else float("inf")


# -- the claim
def judge(rule: Rule) -> tuple[bool | None, int, dict[str, Any]]:
    """Whether the claim holds, in how many instances, and the one that breaks it."""
    cases = 0
    for names, said in islice(instances(rule), TRIED):
        try:
            if not all(holds(h.prop, names) for h in rule.hypotheses):
                continue
            cases += 1
            if not holds(rule.claim, names):
                return False, cases, said
        except (OverflowError, ZeroDivisionError, Undefined):
            continue
    return (True if cases else None), cases, {}


def instances(rule: Rule) -> Iterator[tuple[Names, dict[str, Any]]]:
    orders = {u for h in rule.hypotheses for p in subterms(h.prop) if p.head in CLASSES for u in _names(p.args[0])}
    exponents = _exponents(rule)
    kinds: list[list[tuple[str, Any, Any]]] = []
    for name, n in rule.names.items():
        if n.role == "family":
            some = _orders() if name in orders else _quantities()
            kinds.append([(name, _members(tuple(f for _, f in pick)), [s for s, _ in pick]) for pick in product(some, repeat=MEMBERS)])
        elif n.role == "integer":
            kinds.append([(name, float(MEMBERS), MEMBERS) if name in _counts(rule) else (name, lambda size: size, "n")])
        elif name in exponents:
            kinds.append([(name, p, p) for p in (2.0, 0.5, -1.0)])
        else:
            kinds.append([(name, f, s) for s, f in (_orders() if name in orders else _quantities())])
    for chosen in product(*kinds):
        yield {k: f for k, f, _ in chosen}, {k: s for k, _, s in chosen}


def _exponents(rule: Rule) -> set[str]:
    """The names that stand in powers."""
    return {x.name for t in (rule.claim, *(h.prop for h in rule.hypotheses)) for u in subterms(t) if u.head == "Pow"
            for x in _symbols(u.args[1])}  # fmt: skip


def _members(functions: tuple[Function, ...]) -> Callable[[int], Function]:
    return lambda k: functions[min(k, len(functions)) - 1]


def _names(t: Term) -> Iterator[str]:
    for u in subterms(t):
        if u.head == "Sym":
            yield u.name


def _symbols(t: Term) -> list[Term]:
    return [u for u in subterms(t) if u.head == "Sym"]


def _orders() -> list[tuple[str, Function]]:
    return [("n", lambda n: n), ("1", lambda n: 1.0), ("sqrt(n)", lambda n: n**0.5)]


def _quantities() -> list[tuple[str, Function]]:
    return [("2 n", lambda n: 2 * n), ("1 - n", lambda n: 1 - n), ("sqrt(n)", lambda n: n**0.5), ("-1/2", lambda n: -0.5),
            ("3", lambda n: 3.0), ("0", lambda n: 0.0)]  # fmt: skip


# -- instances in the text
def failure(rule: Rule, case: Instance) -> tuple[bool | None, str]:
    """Whether the instance meets all other hypotheses, comes to what it states at every size, and breaks the claim."""
    got = _placed(rule, case)
    if got is None:
        return None, "an instance that is not written in the size"
    sizes = _sizes(rule, case)
    for k, h in enumerate(rule.hypotheses):
        if k != case.hypothesis and not holds(h.prop, got, sizes):
            return False, f"it does not meet “{h.text.strip()}”"
    for name, t, stated in (("left", rule.claim.args[0], case.left), ("right", rule.claim.args[1], case.right)):
        if stated is None:
            return None, "nothing is stated of a side"
        try:
            if rule.claim.head == "Iff":
                if stated.head != str(holds(t, got, sizes)):
                    return False, f"the {name} side is not {stated.head.lower()}"
                continue
            inner = t.args[0] if t.head in CLASSES else t
            for n in sizes:
                x, y = value(inner, got, n), value(stated, got, n)
                if abs(x - y) > 1e-6 * max(1e-300, abs(x), abs(y)):
                    return False, f"the {name} side is {x:g} at {n:g}"
        except Undefined:
            if stated.head != "Undefined":
                return False, f"the {name} side is undefined"
    try:
        return (False, "the claim holds there") if holds(rule.claim, got, sizes) else (True, "")
    except Undefined:
        return True, ""


def _sizes(rule: Rule, case: Instance) -> tuple[float, ...]:
    """Small ones where how many terms there are, or a power, grows with them."""
    large = (_counts(rule) | _exponents(rule)) & {n for n, t in case.values.items() if _symbols(t)}
    return (8.0, 16.0, 32.0, 64.0) if large else SIZES


def example(rule: Rule, case: Instance) -> tuple[bool | None, str]:
    """Whether the hypotheses hold there and what the example says comes out."""
    got = _placed(rule, case)
    if got is None or case.claim is None:
        return None, "an instance that is not written in the size"
    for h in rule.hypotheses:
        if not holds(h.prop, got):
            return False, f"it does not meet “{h.text.strip()}”"
    p = case.claim
    if p.head == "Eq" and p.args[1].head not in CLASSES:
        ok = all(abs(value(p.args[0], got, n) - value(p.args[1], got, n)) <= 1e-6 * max(1.0, abs(value(p.args[1], got, n))) for n in SIZES)
    else:
        ok = holds(p, got)
    return (True, "") if ok else (False, "what it says does not come out")


def _placed(rule: Rule, case: Instance) -> Names | None:
    """The instance's names as functions of the size; None where one is missing."""
    out: dict[str, Any] = {}
    table = dict(case.values)
    members: dict[str, dict[int, Term]] = {}
    for g in case.givens:
        if g.head == "Eq" and g.args[0].head == "At" and g.args[0].args[1].head == "Num":
            members.setdefault(g.args[0].args[0].name, {})[int(g.args[0].args[1].value)] = g.args[1]
    growing = [n for n, x in rule.names.items() if x.role == "integer" and n not in table and n not in _counts(rule)]

    def function(t: Term) -> Function:
        def f(size: float) -> float:
            return value(t, {**out, **dict.fromkeys(growing, size)}, size)

        return f

    def indexed(t: Term) -> Callable[[int], Function]:
        if t.head == "Lambda":
            return lambda k: function(subst(t.body, {t.var: num(k)}))
        return lambda k: function(t)

    for n in growing:
        out[n] = lambda size: size
    for name, x in rule.names.items():
        if name in growing:
            continue
        if name in members:
            out[name] = _members(tuple(function(t) for _, t in sorted(members[name].items())))
        elif name in table:
            t = table[name]
            if x.role == "family":
                out[name] = indexed(t)
            else:
                out[name] = function(t)
        elif name in _counts(rule):
            out[name] = float(MEMBERS)
        else:
            return None
    return out


def _counts(rule: Rule) -> set[str]:
    return {s.name for n in rule.names.values() if n.role == "family" for d in n.term.sort.shape for s in _symbols(d)}


__all__ = ["about_growth", "example", "failure", "judge"]
