"""A polynomial as a sum of what is never negative: squares completed in one quantity after another.

``A x^2 + B x + C`` is ``A (x + B/(2A))^2 + (C - B^2/(4A))``, where ``A`` is positive, and the rest has one quantity less. Before that the
denominators and the common powers are taken out, and, where a whole has no such form, its factors are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import lcm

from derive.facts.facts import Facts
from derive.facts.signs import nonnegative, positive
from derive.facts.verdict import UNKNOWN, Verdict
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.polynomials import Monomial, Poly, merge
from derive.kernel.written import sign_as
from derive.planner.values.pretty import pretty
from derive.terms import ONE, Term, add, mul, num, power, shape

Part = tuple[Poly, Term]
Items = tuple[tuple[Monomial, Fraction], ...]
QUANTITIES, MONOMIALS, ORDER = 6, 24, 12  # beyond which no form is looked for
UNIT: Monomial = ()


def by_squares(p: Term, facts: Facts) -> Verdict:
    """A comparison with 0 by a form that shows it."""
    if p.head not in ("Ge", "Gt") or shape(p.args[0]):
        return UNKNOWN
    form = squares(p.args[0], facts)
    return sign_as(p, form, facts) if form is not None else UNKNOWN


def squares(t: Term, facts: Facts) -> Term | None:
    """``t`` as a product of sums of squares and of what is known not to be negative."""
    alg = Algebra()
    try:
        front, rest = _cleared(alg, alg.normal(t))
        if len(rest) < 2 or len(rest) > MONOMIALS or len({k for m in rest for k, _ in m}) > QUANTITIES:
            return None
        for factors in _ways(rest):
            sums: list[list[Part]] = []
            for f, times in factors:
                if times > 1:
                    sums.append([({UNIT: Fraction(1)}, power(pretty(alg.term(f)), num(times - times % 2)))])
                found = _parts(alg, f, facts, QUANTITIES) if times % 2 else []
                if found is None:
                    break
                sums += [found] if found else []
            else:
                return _product(alg, front, sums)
    except TooLarge:
        pass
    return None


def _product(alg: Algebra, front: Poly, sums: list[list[Part]]) -> Term:
    """What stands in front, then the sums; the coefficient of a sum of one term goes to the front."""
    factors = []
    for parts in sums:
        if len(parts) == 1:
            front = alg.times(front, parts[0][0])
            factors.append(parts[0][1])
        else:
            factors.append(add(*(mul(pretty(alg.term(c)), x) for c, x in parts)))
    return mul(pretty(alg.term(front)), *factors)


# -- before the squares
def _cleared(alg: Algebra, p: Poly) -> tuple[Poly, Poly]:
    """Denominators that are sums, and the lowest power of every quantity, in front; and what they leave."""
    front: Poly = {UNIT: Fraction(1)}
    for _ in range(ORDER):
        lowest: dict[str, Fraction] = {}
        for k in {k for m in p for k, _ in m}:
            e = min(dict(m).get(k, Fraction(0)) for m in p)
            if e:
                lowest[k] = e
        if not lowest and not any(_opened(alg, k, e) for m in p for k, e in m):
            break
        front = alg.times(front, {tuple(sorted(lowest.items())): Fraction(1)})
        out: Poly = {}
        for m, c in p.items():
            here = dict(m)
            term: Poly = {UNIT: c}
            for k in lowest.keys() | here.keys():
                e = here.get(k, Fraction(0)) - lowest.get(k, Fraction(0))
                if e:
                    term = alg.times(term, alg.numeric_power(alg.normal(alg.atoms[k]), e) if _opened(alg, k, e) else {((k, e),): Fraction(1)})
            merge(out, term)
        p = out
    return front, p


def _opened(alg: Algebra, k: str, e: Fraction) -> bool:
    """Whether a power of a sum is multiplied out."""
    return alg.atoms[k].head == "Add" and e.denominator == 1 and 0 < e <= 4


def _ways(p: Poly) -> Iterator[list[tuple[Poly, int]]]:
    """The whole, and its factors with how often each stands there; only of what has terms that may take away from one another."""
    cuts = (_quadratic(p, x) for x in _halves(p))
    if len(p) < 4 and not any(cut is not None and cut[1] for cut in cuts):
        return
    yield [(p, 1)]
    found = _factored(tuple(sorted(p.items()))) if any(c < 0 for c in p.values()) else None
    if found is not None and (len(found) > 1 or found[0][1] > 1):
        yield [(dict(f), times) for f, times in found]


@lru_cache(maxsize=256)
def _factored(items: Items) -> tuple[tuple[Items, int], ...] | None:
    """The factors of a polynomial, each with how often it stands there."""
    import sympy

    d = lcm(*(e.denominator for m, _ in items for _, e in m))
    names = sorted({k for m, _ in items for k, _ in m})
    symbols = sympy.symbols(f"x:{len(names)}")
    if any(e * d > ORDER for m, _ in items for _, e in m):
        return None
    whole = sympy.Add(*(sympy.Rational(c.numerator, c.denominator) * sympy.Mul(*(symbols[names.index(k)] ** int(e * d) for k, e in m)) for m, c in items))
    number, factors = sympy.factor_list(whole)
    sign = Fraction(int(number.p), int(number.q))
    out: list[tuple[Items, int]] = []
    for f, times in factors:
        one = tuple((tuple((n, Fraction(e, d)) for n, e in zip(names, es, strict=True) if e), Fraction(int(c.p), int(c.q)))
                    for es, c in sympy.Poly(f, *symbols).terms())  # fmt: skip
        if sum(c for _, c in one) < 0:  # where all quantities are 1
            one = tuple((m, -c) for m, c in one)
            sign *= (-1) ** times
        out.append((one, times))
    if sign < 0:
        return None
    return (*out, (((UNIT, sign),), 1)) if sign != 1 else tuple(out)


# -- the squares
def _parts(alg: Algebra, p: Poly, facts: Facts, deep: int) -> list[Part] | None:
    """Terms that are not negative, with the sum ``p``; each as a coefficient and a square, or what else has the sign."""
    if not p:
        return []
    whole = pretty(alg.term(p))
    if nonnegative(facts, whole):
        return [(p, ONE)] if len(p) == 1 else [({UNIT: Fraction(1)}, whole)]
    if deep <= 0:
        return None
    for x in _halves(p):
        cut = _quadratic(p, x)
        if cut is None or len(cut[0]) != 1 or not positive(facts, alg.term(cut[0])):
            continue
        a, b, c = cut
        half = alg.times(b, {m: y / 2 for m, y in alg.numeric_power(a, Fraction(-1)).items()})
        rest = dict(c)
        merge(rest, {m: -y for m, y in alg.times(alg.times(half, half), a).items()})
        others = _parts(alg, rest, facts, deep - 1)
        if others is not None:
            root = pretty(alg.term({x: Fraction(1)}))
            return [(a, power(add(root, pretty(alg.term(half))) if half else root, num(2))), *others]
    return None


def _halves(p: Poly) -> list[Monomial]:
    """The quantities, or products of some, of which ``p`` may be quadratic: with half of an exponent that stands in it."""
    out: dict[Monomial, None] = {}
    for k in sorted({k for m in p for k, _ in m}):
        out[((k, max(dict(m).get(k, Fraction(0)) for m in p) / 2),)] = None
    for m in p:
        if len(m) > 1:
            out[tuple((k, e / 2) for k, e in m)] = None
    return list(out)


def _quadratic(p: Poly, x: Monomial) -> tuple[Poly, Poly, Poly] | None:
    """``A``, ``B`` and ``C`` of ``p`` as ``A x^2 + B x + C``, with nothing of ``x`` in them."""
    half = dict(x)
    out: tuple[Poly, Poly, Poly] = ({}, {}, {})
    for m, c in p.items():
        here = {k: e for k, e in m if k in half}
        times = next((n for n in (2, 1, 0) if here == {k: e * n for k, e in half.items() if n}), None)
        if times is None:
            return None
        out[2 - times][tuple(y for y in m if y[0] not in half)] = c
    return out if out[0] else None


__all__ = ["by_squares", "squares"]
