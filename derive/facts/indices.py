"""Ranges of indices: which lie in which, which are certainly different, how many there are."""

from __future__ import annotations

from derive.facts.facts import Bound, Facts
from derive.facts.verdict import UNKNOWN, Verdict, no, yes
from derive.terms import ONE, Term, add, is_num, mul, num, same, shape, sub


def difference(a: Term, b: Term):
    """``a - b`` as a fraction, if it is a number whatever the symbols are."""
    from derive.kernel.algebra import normal_form

    d = normal_form(sub(a, b))
    return d.value if d.head == "Num" else None


def distinct(facts: Facts, a: Term, b: Term, inner: dict[Term, Bound] | None = None) -> Verdict:
    """Whether two indices certainly differ."""
    bounds = facts.bounds() | (inner or {})
    for x, y in ((a, b), (b, a)):
        if x in bounds and any(same(e, y) for e in bounds[x].excluded):
            return yes(f"${_tex(facts, x)} \\ne {_tex(facts, y)}$ {bounds[x].place}")
        if x in bounds:  # beyond the range of the one
            above, below = difference(y, bounds[x].hi), difference(bounds[x].lo, y)
            if above is not None and above > 0 or below is not None and below > 0:
                return yes(f"${_tex(facts, y)}$ lies outside the range of ${_tex(facts, x)}$")
    for g in facts.givens:
        p = g.prop
        if p.head == "Ne" and {p.args[0], p.args[1]} == {a, b}:
            return yes(f"line {g.line} says ${_tex(facts, a)} \\ne {_tex(facts, b)}$", g.line)
    if same(a, b):
        return no("they are the same index")
    d = difference(a, b)
    if d is not None and d != 0:
        return yes(f"${_tex(facts, a)} \\ne {_tex(facts, b)}$")
    return UNKNOWN


def _tex(facts: Facts, t: Term) -> str:
    s = facts.tex(t)[1:-1]
    return s.split("'")[0] if t.head == "Sym" else s


def in_range(facts: Facts, i: Term, lo: Term, hi: Term, excluded: tuple[Term, ...] = ()) -> Verdict:
    """Whether the index ``i`` lies in ``lo..hi`` and is none of the excluded."""
    bounds = facts.bounds()
    text = f"{facts.tex(i)} runs over the same range"
    if i in bounds:
        b = bounds[i]
        inside = same(b.lo, lo) and same(b.hi, hi)
    elif i.head == "Num":
        low, high = difference(i, lo), difference(hi, i)
        inside = low is not None and low >= 0 and high is not None and high >= 0
        if not inside and low is not None and low >= 0 and is_dimension(facts, hi):
            inside = True  # the text speaks of this entry, so it is there
        text = f"{facts.tex(i)} lies between {facts.tex(lo)} and {facts.tex(hi)}"
    else:
        s = facts.symbols.get(i.name) if i.head == "Sym" else None
        if s is not None and s.role == "random" and not excluded and _drawn(facts, i, lo, hi):
            return yes(f"{facts.tex(i)} is drawn from this range")
        inside = i.head == "Sym" and (s is None or s.role == "index")
        text = f"{facts.tex(i)} stands for any index of this range"
    if not inside:
        return UNKNOWN
    for e in excluded:
        if not distinct(facts, i, e):
            return UNKNOWN
    return yes(text)


def _drawn(facts: Facts, i: Term, lo: Term, hi: Term) -> bool:
    """Whether ``i`` is drawn from a categorical law with just these values."""
    laws = (g.prop.args[1] for g in facts.givens if g.prop.head == "Dist" and g.prop.args[0] == i)
    return is_num(lo, 1) and any(law.head == "Categorical" and same(shape(law.args[0])[0], hi) for law in laws)


def is_dimension(facts: Facts, t: Term) -> bool:
    """Whether ``t`` is a positive integer."""
    if t.head == "Num":
        return t.value.denominator == 1 and t.value >= 1
    if t.head == "Sym":
        return facts.role(t) == "dimension" or any(
            g.prop.head == "In" and g.prop.args[0] == t and g.prop.args[1].head == "Naturals" for g in facts.givens
        ) or is_integer(facts, t) and any(
            g.prop.head == "Ge" and g.prop.args[0] == t and g.prop.args[1].head == "Num" and g.prop.args[1].value >= 1
            for g in facts.givens
        )
    return t.head == "Mul" and all(is_dimension(facts, a) for a in t.args)


def is_integer(facts: Facts, t: Term) -> bool:
    if t.head == "Num":
        return t.value.denominator == 1
    if t.head in ("Add", "Mul"):
        return all(is_integer(facts, a) for a in t.args)
    if t.head == "Pow":
        return is_integer(facts, t.args[0]) and t.args[1].head == "Num" and t.args[1].value.denominator == 1 and t.args[1].value >= 0
    if t.head == "Sym" and (t in facts.bounds() or facts.role(t) == "dimension"):
        return True
    s = facts.symbols.get(t.name) if t.head == "Sym" else None
    return s is not None and s.integer or any(
        g.prop.head == "In" and g.prop.args[0] == t and g.prop.args[1].head in ("Integers", "Naturals")
        for g in facts.givens
    )


def count(facts: Facts, lo: Term, hi: Term, excluded: tuple[Term, ...]) -> Term | None:
    """How many indices there are; None where that is not certain (an excluded one out of range, two that may coincide)."""
    for n, e in enumerate(excluded):
        if not in_range(facts, e, lo, hi):
            return None
        if any(not distinct(facts, e, other) for other in excluded[:n]):
            return None
    total = hi if is_num(lo, 1) else add(hi, mul(num(-1), lo), ONE)
    return total if not excluded else add(total, num(-len(excluded)))
