"""Constructors of terms.

`add` and `mul` flatten, and nothing else: numerals are folded by `tidy`, never by building.
``a - b`` is ``Add(a, Mul(-1, b))``, ``a / b`` is ``Mul(a, Pow(b, -1))``, a square root is
``Pow(a, 1/2)``: the writer puts minus signs, fractions and roots back.
"""

from __future__ import annotations

from derive.terms.term import BINDERS, HALF, MINUS_ONE, ONE, ZERO, Term, num


def _flat(head: str, parts: tuple[Term, ...], unit: Term) -> Term:
    out: list[Term] = []
    for p in parts:
        if p.head == head:
            out.extend(p.args)
        else:
            out.append(p)
    if not out:
        return unit
    return out[0] if len(out) == 1 else Term(head, tuple(out))


def add(*parts: Term) -> Term:
    """A sum; nested sums are flattened. No part: 0."""
    return _flat("Add", parts, ZERO)


def mul(*parts: Term) -> Term:
    """A product of numbers, of which at most one may be an array. No part: 1."""
    return _flat("Mul", parts, ONE)


def neg(a: Term) -> Term:
    return num(-a.value) if a.head == "Num" else mul(MINUS_ONE, a)


def sub(a: Term, b: Term) -> Term:
    return add(a, neg(b))


def power(a: Term, b: Term | int) -> Term:
    return Term("Pow", (a, num(b) if isinstance(b, int) else b))


def div(a: Term, b: Term) -> Term:
    if a.head == "Num" and b.head == "Num" and b.value != 0:
        return num(a.value / b.value)
    below = power(b, MINUS_ONE)
    return below if a == ONE else mul(a, below)


def sqrt(a: Term) -> Term:
    return power(a, HALF)


def at(array: Term, *index: Term) -> Term:
    """The entry (or, with fewer indices than axes, the member) of an array."""
    if array.head == "At":
        return Term("At", (*array.args, *index))
    return Term("At", (array, *index))


def call(head: str, *args: Term) -> Term:
    """A node of any plain head."""
    return Term(head, args)


def binder(head: str, var: Term, body: Term, *domain: Term) -> Term:
    assert head in BINDERS and var.head == "Sym"
    return Term(head, (var, body, *domain))


def sum_(var: Term, body: Term, lo: Term, hi: Term, *excluded: Term) -> Term:
    r"""``\sum_{var=lo}^{hi}`` without the excluded indices."""
    return binder("Sum", var, body, lo, hi, *excluded)


def expect(body: Term) -> Term:
    """The expectation over everything random in ``body``."""
    return Term("Expect", (body,))


def rebuild(t: Term, args: tuple) -> Term:
    """``t`` with other arguments, flattened where sums and products are."""
    if t.head == "Add":
        return add(*args)
    if t.head == "Mul":
        return mul(*args)
    if t.head == "At":
        return at(*args)
    return Term(t.head, args)
