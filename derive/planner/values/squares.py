"""Closed forms with their squares: ``(m - l)^2 / 2``, not ``m^2/2 + l^2/2 - l m``. What is proposed here, the kernel's algebra judges."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, isqrt, lcm

from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.numbers import tidy
from derive.kernel.polynomials import Monomial, Poly
from derive.planner.values.pretty import in_order, pretty, reading
from derive.terms import Term, add, mul, num, power, shape

MOST = 24  # monomials that are still looked through


def squared(t: Term) -> Term:
    """An equal form of ``t`` that reads shorter because squares of sums stand in it, or fractions over one line; or ``t``."""
    if shape(t) or t.head in ("Num", "Sym"):
        return t
    alg = Algebra()
    try:
        p = alg.normal(t)
        new = in_order(over_lines(alg, p)) if 3 <= len(p) <= MOST and _squares(alg, p)[0] else t
    except TooLarge:
        return t
    return new if reading(new) < reading(t) else t


def over_lines(alg: Algebra, p: Poly) -> Term:
    """The sum with what has one denominator over one line, each such part with its squares."""
    groups: dict[Monomial, Poly] = {}
    for m, c in p.items():
        below = tuple((k, -e) for k, e in m if e < 0)
        groups.setdefault(below, {})[tuple(x for x in m if x[1] > 0)] = c
    parts: list[Term] = []
    for below, inner in sorted(groups.items(), key=lambda g: not g[0]):
        parts += _fraction(alg, inner, below)
    first = next((a for a in parts if not _minus(a)), parts[0])
    rest = sorted((a for a in parts if a is not first), key=lambda a: (a.head == "Num", _minus(a)))
    return tidy(add(first, *rest))


def _fraction(alg: Algebra, inner: Poly, below: Monomial) -> list[Term]:
    """The terms over one denominator: squares, and what is left, over one line where there is one."""
    found, rest = _squares(alg, inner)
    number = rest.pop((), Fraction(0)) if not below and not _like(rest) else Fraction(0)  # a number mostly stands by itself
    if not below and rest and not found and len({c.denominator for c in rest.values()}) > 1:  # nothing would be gained by one line
        return [*pretty(alg.term(rest)).args, *([num(number)] if number else [])]
    coefficients = [c for c, _ in found] + list(rest.values())
    alone = [num(number)] if number else []
    if not coefficients:
        return alone
    d = lcm(*(c.denominator for c in coefficients))
    n = gcd(*(int(c * d) for c in coefficients)) if len(coefficients) == 1 or below else 1
    scale = Fraction(n, d) * (-1 if all(c < 0 for c in coefficients) else 1)
    above = [mul(*([num(c / scale)] if c != scale else []), s) for c, s in found]
    above += [pretty(alg.term(rest))] if rest and scale == 1 else [pretty(alg.term({m: c / scale for m, c in rest.items()}))] if rest else []
    line = mul(*([num(d)] if d != 1 else []), *(power(alg.atoms[k], num(e)) if e != 1 else alg.atoms[k] for k, e in below))
    whole = above[0] if len(above) == 1 else add(*above)
    top = scale * d
    factors = [num(top)] if top != 1 else []
    return [mul(*factors, whole, *([power(line, num(-1))] if line != num(1) else [])), *alone]


def _like(p: Poly) -> bool:
    """Whether the number in a sum has the denominator of all its terms, which is not 1."""
    return p.get((), Fraction(1)).denominator != 1 and len({c.denominator for c in p.values()}) == 1


def _squares(alg: Algebra, p: Poly) -> tuple[list[tuple[Fraction, Term]], Poly]:
    """Squares of sums in ``p``, each with its number in front, and what is left."""
    out: list[tuple[Fraction, Term]] = []
    rest, order = dict(p), {m: n for n, m in enumerate(p)}
    for cross in sorted(p, key=lambda m: (-sum((e for _, e in m), Fraction(0)), m)):
        pair = _pair(rest, cross)
        if pair is None:
            continue
        a, b, shared = pair
        x, y = rest[a], rest[b]
        ratio = _root(y / x)
        if ratio is None or abs(rest[cross]) != 2 * abs(x) * ratio:
            continue
        sign = 1 if (rest[cross] > 0) == (x > 0) else -1
        if not a or b and order[b] < order[a]:  # in the order in which they stand, a number last
            a, b, x, y, ratio = b, a, y, x, 1 / ratio
        one, roots = Fraction(1), (_root(abs(x)), _root(abs(y)))
        first, second = one, ratio
        if ratio.denominator != 1 and roots[0] is not None and roots[1] is not None:
            first, second, x = roots[0], roots[1], one if x > 0 else -one
        elif ratio.denominator != 1 and ratio.numerator == 1:
            a, b, x, second = b, a, y, 1 / ratio
        u, v = (_times(n, _half(alg, m, shared)) for n, m in ((first, a), (sign * second, b)))
        common = alg.monomial(shared, Fraction(1)) if shared else None
        square = power(add(u, v), num(2))
        out.append((x, mul(common, square) if common is not None else square))
        for m in (a, b, cross):
            del rest[m]
    return out, rest


def _pair(p: Poly, cross: Monomial) -> tuple[Monomial, Monomial, Monomial] | None:
    """Two monomials of ``p`` with the product ``cross`` squared that are, but for a factor of both, squares."""
    if cross not in p:
        return None
    double = {k: 2 * e for k, e in cross}
    for a in p:
        b = dict(double)
        for k, e in a:
            b[k] = b.get(k, Fraction(0)) - e
        other = tuple(sorted((k, e) for k, e in b.items() if e))
        if other <= a or other not in p or a == cross:
            continue
        low = {k: min(dict(a).get(k, Fraction(0)), e) for k, e in other}
        shared = tuple(sorted((k, e) for k, e in low.items() if e))
        if all((e - low.get(k, 0)) % 2 == 0 for m in (a, other) for k, e in m):
            return (a, other, shared) if p[a] * p[other] > 0 else None
    return None


def _times(n: Fraction, t: Term) -> Term:
    return t if n == 1 else num(n * t.value) if t.head == "Num" else mul(num(n), t)


def _half(alg: Algebra, m: Monomial, shared: Monomial) -> Term:
    left = dict(m)
    for k, e in shared:
        left[k] -= e
    return alg.monomial(tuple((k, e / 2) for k, e in sorted(left.items()) if e), Fraction(1))


def _root(x: Fraction) -> Fraction | None:
    if x <= 0:
        return None
    n, d = isqrt(x.numerator), isqrt(x.denominator)
    return Fraction(n, d) if n * n == x.numerator and d * d == x.denominator else None


def _minus(t: Term) -> bool:
    first = t.args[0] if t.head == "Mul" else t
    return first.head == "Num" and first.value < 0


__all__ = ["over_lines", "squared"]
