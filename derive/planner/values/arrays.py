"""The value of an average that is an array: worked out in one place, put together, and proved place by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derive.facts.facts import CHANCE, Bound, Facts
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Refused, Spot, by_algebra
from derive.kernel.entries import letters
from derive.kernel.numbers import tidy
from derive.kernel.step import Step
from derive.planner.methods.rewriting import Rewriter
from derive.planner.values.pretty import pretty
from derive.terms import ONE, Path, Term, add, at, call, free, is_num, mul, names, num, rebuild, same, shape, subst
from derive.terms.walk import heads, mask

AVERAGES = mask(*CHANCE)


def entries(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[tuple[Spot, Step]]:
    """An expectation, variance or covariance of arrays that no rule gives as a whole."""
    t = Spot(path).get(line)
    if t.head not in CHANCE or len(shape(t)) not in (1, 2) or any(same(t, k) for k in rw.keep):
        return
    from derive.planner.values.joining import place_by_place
    from derive.planner.values.value import Finder

    finder = Finder(rw.library, without=rw.without, depth=rw.depth + 1)
    if finder.depth > 1:
        return
    new = whole(finder, t, facts, names([line]))
    if new is None:
        return
    step = place_by_place(finder, line, Spot(path), new, rw.facts)
    if step is not None:
        yield Spot(path), step


def averages_of_arrays(rw: Rewriter, t: Term, facts: Facts) -> bool:
    return heads(t) & AVERAGES != 0


def whole(finder, t: Term, facts: Facts, used: set[str]) -> Term | None:
    """The array whose entries are those of ``t``, if they have values and these have a form that is known."""
    size = shape(t)
    index = letters(facts, size, used)
    square = len(size) == 2 and same(*size)

    def value(place: tuple[Term, ...], apart: bool) -> Term | None:
        scope = facts.scope
        for n, i in enumerate(dict.fromkeys(place)):
            scope = (*scope, Bound(i, ONE, size[n], (place[0],) if apart and n else (), "here"))
        here = replace(facts, scope=scope)
        line = tidy(at(t, *place))
        found = finder.all(line, here)[0]
        return found.value if finder.open(found.value, here) is None else None

    off = value(index, square)
    if off is None:
        return None
    folded = fold(off, index, size)
    if folded is None or not square:
        return folded
    on = value((index[0], index[0]), False)
    if on is None:
        return None
    more = pretty(add(on, mul(num(-1), subst(off, {index[1]: index[0]}))))
    if any(i in free(more) for i in index):
        return None
    if is_num(more, 0):
        return folded
    identity = mul(more, call("Identity", size[0])) if not is_num(more, 1) else call("Identity", size[0])
    return identity if folded.head == "Zeros" else add(folded, identity)


def fold(value: Term, index: tuple[Term, ...], size: tuple[Term, ...]) -> Term | None:
    """The array with entries ``value`` (in terms of ``index``), where each term of it has the form of an entry."""
    alg = Algebra()
    try:
        p = alg.normal(value)
    except TooLarge:
        return None
    if not p:
        return call("Zeros", *size)
    groups: dict[Term, list[Term]] = {}
    for m, c in p.items():
        inside = [(k, e) for k, e in m if any(i in free(alg.atoms[k]) for i in index)]
        array = _array([(alg.atoms[k], e) for k, e in inside], index, size)
        if array is None:
            return None
        groups.setdefault(array, []).append(alg.monomial(tuple(x for x in m if x not in inside), c))
    return add(*(array if is_num(c, 1) else mul(c, array) for array, parts in groups.items() for c in (pretty(add(*parts)),)))


def _array(factors: list[tuple[Term, Fraction]], index: tuple[Term, ...], size: tuple[Term, ...]) -> Term | None:
    ones = [call("Ones", n) for n in size]
    if len(index) == 1:
        if not factors:
            return ones[0]
        parts = [_vector(a, index[0]) for a, e in factors for _ in range(int(e)) if e.denominator == 1 and e > 0]
        known = [v for v in parts if v is not None]
        if any(e.denominator != 1 or e <= 0 for _, e in factors) or len(known) != len(parts):
            return None
        return known[0] if len(known) == 1 else call("Hadamard", *known)
    if any(e != 1 for _, e in factors):
        return None
    i, j = index
    if len(factors) == 1 and i in free(factors[0][0]) and j in free(factors[0][0]):
        return _matrix(factors[0][0], i, j)
    sides: list[Term] = []
    for k, n in ((i, 0), (j, 1)):
        mine = [a for a, _ in factors if k in free(a)]
        v = ones[n] if not mine else _vector(mine[0], k) if len(mine) == 1 else None
        if v is None:
            return None
        sides.append(v)
    return call("MatMul", sides[0], call("Transpose", sides[1]))


def _vector(t: Term, i: Term) -> Term | None:
    """``a`` with ``t = a_i``."""
    if t.head == "At" and t.args[-1] == i and not any(i in free(a) for a in t.args[:-1]):
        return t.args[0] if len(t.args) == 2 else Term("At", t.args[:-1])
    return _product(t, (i,))


def _matrix(t: Term, i: Term, j: Term) -> Term | None:
    """``A`` with ``t = A_{ij}``."""
    if t.head == "At" and not any(x in free(a) for x in (i, j) for a in t.args[:-2]):
        base = t.args[0] if len(t.args) == 3 else Term("At", t.args[:-2])
        if t.args[-2:] == (i, j):
            return base
        if t.args[-2:] == (j, i):
            return call("Transpose", base)
    return _product(t, (i, j))


def _product(t: Term, index: tuple[Term, ...]) -> Term | None:
    """``A B`` with ``t = (A B)_{ij}``, or ``A x`` with ``t = (A x)_i``, where ``t`` is the sum that says so."""
    if t.head != "Sum" or t.body.head != "Mul" or len(t.body.args) != 2 or len(t.domain) != 2:
        return None
    k = t.var
    for a, b in (t.body.args, t.body.args[::-1]):
        left = _matrix(a, index[0], k)
        right = _vector(b, k) if len(index) == 1 else _matrix(b, k, index[1])
        if left is not None and right is not None and left.head != "Sum" and same(shape(right)[0], t.domain[1]):
            return call("MatMul", left, right)
    return None


def collected(end: Term, facts: Facts) -> list[Step]:
    """An array in its normal form: products multiplied out, each with its number in front."""
    alg = Algebra()
    try:
        p = alg.normal(end)
    except TooLarge:
        return []
    groups: dict[str, list[Term]] = {}
    for m, c in p.items():
        array = next((k for k, _ in m if shape(alg.atoms[k])), None)
        if array is None:
            return []
        groups.setdefault(array, []).append(alg.monomial(tuple(x for x in m if x[0] != array), c))
    parts = [alg.atoms[k] if is_num(c, 1) else mul(c, alg.atoms[k]) for k, cs in groups.items() for c in (pretty(add(*cs)),)]
    new = add(*parts) if parts else call("Zeros", *shape(end))
    if new == end or same(new, end):
        return []
    try:
        return [by_algebra(end, Spot(), new, facts)]
    except Refused:
        return []


def in_front(t: Term) -> Term:
    """``t`` with what does not depend on the index of a sum of arrays in front of the sum."""
    if t.head in ("Num", "Sym") or t.is_binder and t.head != "Sum":
        return t
    if t.head == "Sum":
        body = in_front(t.body)
        if shape(body) and body.head == "Mul":
            out = [a for a in body.args if not shape(a) and t.var not in free(a)]
            if out and len(out) < len(body.args):
                rest = [a for a in body.args if not any(a is b for b in out)]
                return mul(*out, Term("Sum", (t.var, mul(*rest), *t.domain)))
        return Term("Sum", (t.var, body, *t.domain))
    return rebuild(t, tuple(in_front(a) for a in t.args))
