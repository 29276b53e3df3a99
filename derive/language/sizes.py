"""Sizes and indices as sums with rational coefficients: by how much one exceeds another, where that is a number."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.terms import ONE, Term, add, mul, num

Range = tuple[Term, Term]
Linear = dict[Term, Fraction]  # the coefficient of each part; of the constant, that of 1


def linear(t: Term) -> Linear:
    """``t`` as a combination of parts that are no sums and no multiples by a number."""
    out: Linear = {}
    for a in t.args if t.head == "Add" else (t,):
        factor = Fraction(1)
        rest = a
        if a.head == "Num":
            factor, rest = a.value, ONE
        elif a.head == "Mul" and a.args[0].head == "Num" and len(a.args) == 2:
            factor, rest = a.args[0].value, a.args[1]
        parts = linear(rest) if rest.head == "Add" else {rest: Fraction(1)}
        for part, c in parts.items():
            out[part] = out.get(part, Fraction(0)) + factor * c
    return {part: c for part, c in out.items() if c}


def excess(a: Term, b: Term) -> Fraction | None:
    """``a - b`` where it is a number."""
    return _constant(_minus(linear(a), linear(b)))


def _minus(a: Linear, b: Linear) -> Linear:
    out = dict(a)
    for part, c in b.items():
        out[part] = out.get(part, Fraction(0)) - c
    return {part: c for part, c in out.items() if c}


def _constant(a: Linear) -> Fraction | None:
    if not a:
        return Fraction(0)
    return a[ONE] if len(a) == 1 and ONE in a else None


def shifted(t: Term, by: Fraction) -> Term:
    """``t`` moved by a number, the number last."""
    parts = _minus(linear(t), {ONE: -by})
    constant = parts.pop(ONE, Fraction(0))
    terms = [part if c == 1 else mul(num(c), part) for part, c in parts.items()]
    return add(*terms, *([num(constant)] if constant or not terms else []))


def extreme(t: Term, ranges: Mapping[str, Range], highest: bool) -> Linear:
    """The highest (or lowest) value of ``t`` when each letter in it runs over its range."""
    found = linear(t)
    for _ in range(8):  # a range may end at another letter: 1 <= k <= j - 1
        letter = next((p for p in found if p.head == "Sym" and p.name in ranges), None)
        if letter is None:
            return found
        c = found.pop(letter)
        low, high = ranges[letter.name]
        end = linear(high if (c > 0) == highest else low)
        found = _minus(found, {part: -c * x for part, x in end.items()})
    return found


def outside(t: Term, within: Range, ranges: Mapping[str, Range]) -> Fraction | None:
    """A value by which the index ``t`` leaves its range (0 where it is no whole number); None where none is known."""
    if t.head == "Num" and t.value.denominator != 1:
        return Fraction(0)
    low, high = within
    above = _constant(_minus(extreme(t, ranges, True), linear(high)))
    if above is not None and above > 0:
        return above
    below = _constant(_minus(extreme(t, ranges, False), linear(low)))
    return below if below is not None and below < 0 else None


def at_least(a: Term, b: Term) -> list[tuple[Term, Fraction]]:
    """What ``a >= b`` says of the one positive integer in it, if it says more than that this is positive."""
    parts = _minus(linear(a), linear(b))
    least = -parts.pop(ONE, Fraction(0))
    (name, c), *more = list(parts.items()) or [(ONE, Fraction(0))]
    return [(name, least)] if not more and c == 1 and least > 1 and name.head == "Sym" else []
