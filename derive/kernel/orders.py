"""Orders of growth of closed forms: quotients of sums of monomials, compared however the dimensions grow together.

A monomial is a table of rational exponents of what grows; an order is a sum of monomials over another, read up to constant
factors: a sum of positive terms is of the order of the largest, whichever that is. Products of sums are multiplied out.
One order is at most another when every monomial of ``a d`` is at most a weighted geometric mean of monomials of ``b c``
(for ``a/c`` and ``b/d``): all dimensions are at least 1, so it is enough that the exponents are at most those of the mean.
Symbols that take every positive value must have the mean's exponents exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Mono = tuple[tuple[str, Fraction], ...]
ONE_: Mono = ()
MAX_MONOMIALS = 60


class TooMany(Exception):
    """More monomials than are worth comparing."""


def times(a: Mono, b: Mono) -> Mono:
    out = dict(a)
    for k, e in b:
        out[k] = out.get(k, Fraction(0)) + e
    return tuple(sorted((k, e) for k, e in out.items() if e))


def raised(a: Mono, e: Fraction) -> Mono:
    return tuple((k, x * e) for k, x in a) if e else ONE_


@dataclass(frozen=True)
class Order:
    """``sum(above) / sum(below)``, up to constant factors."""

    above: frozenset[Mono] = frozenset({ONE_})
    below: frozenset[Mono] = frozenset({ONE_})

    @staticmethod
    def of(m: Mono) -> Order:
        return Order(frozenset({m}))

    def __mul__(self, other: Order) -> Order:
        return Order(_product(self.above, other.above), _product(self.below, other.below)).simple()

    def inverse(self) -> Order:
        return Order(self.below, self.above)

    def __pow__(self, e: Fraction) -> Order:
        """A power: of a sum of positive terms it is of the order of the sum of the powers."""
        if e < 0:
            return self.inverse() ** -e
        if e == 0:
            return Order()
        return Order(frozenset(raised(m, e) for m in self.above), frozenset(raised(m, e) for m in self.below)).simple()

    def __add__(self, other: Order) -> Order:
        above = _product(self.above, other.below) | _product(other.above, self.below)
        return Order(frozenset(above), _product(self.below, other.below)).simple()

    def simple(self) -> Order:
        """One monomial below is divided through."""
        if len(self.below) > 1 or self.below == {ONE_}:
            return self
        (m,) = self.below
        return Order(frozenset(times(x, raised(m, Fraction(-1))) for x in self.above))


def _product(a: frozenset[Mono], b: frozenset[Mono]) -> frozenset[Mono]:
    if len(a) * len(b) > MAX_MONOMIALS:
        raise TooMany
    return frozenset(times(m, n) for m in a for n in b)


def at_most(a: Order, b: Order, shared: frozenset[str], strict: bool = False) -> bool:
    """Whether ``a = O(b)``; ``strict``: whether ``a / b`` tends to 0 (``shared``: keys of symbols that take every value)."""
    left, right = _product(a.above, b.below), _product(b.above, a.below)
    return all(_under(m, right, shared, strict) for m in left)


def equal(a: Order, b: Order, shared: frozenset[str]) -> bool:
    return at_most(a, b, shared) and at_most(b, a, shared)


def _under(m: Mono, sums: frozenset[Mono], shared: frozenset[str], strict: bool) -> bool:
    """Whether ``m`` is at most one of the monomials, or a geometric mean of two."""
    if any(_between(m, n, n, shared, strict) for n in sums):
        return True
    several = list(sums)
    return any(_between(m, x, y, shared, strict) for i, x in enumerate(several) for y in several[i + 1 :])


def _between(m: Mono, x: Mono, y: Mono, shared: frozenset[str], strict: bool) -> bool:
    """Whether some weight w in [0, 1] gives ``m <= x^w y^(1-w)``, exponent by exponent."""
    a, b, c = dict(x), dict(y), dict(m)
    low, high = Fraction(0), Fraction(1)
    for k in a.keys() | b.keys() | c.keys():
        p, q, e = (t.get(k, Fraction(0)) for t in (a, b, c))
        slope, gap = p - q, e - q  # w * slope >= gap
        if k in shared:
            if slope == 0:
                if gap != 0:
                    return False
            else:
                low, high = max(low, gap / slope), min(high, gap / slope)
        elif slope == 0:
            if gap > 0:
                return False
        elif slope > 0:
            low = max(low, gap / slope)
        else:
            high = min(high, gap / slope)
    if low > high:
        return False
    if not strict:
        return True
    for w in {low, high, (low + high) / 2}:
        mean = {k: w * a.get(k, Fraction(0)) + (1 - w) * b.get(k, Fraction(0)) for k in a.keys() | b.keys()}
        if any(c.get(k, Fraction(0)) < mean.get(k, Fraction(0)) for k in (c.keys() | mean.keys()) - shared):
            return True
    return False


__all__ = ["ONE_", "Mono", "Order", "TooMany", "at_most", "equal", "raised", "times"]
