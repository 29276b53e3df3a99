"""Values followed as polynomials in what is random: degrees, kinks at 0, signs, square roots of polynomials."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.referee.laws import FINE


@dataclass(frozen=True)
class Poly:
    """degrees : of each random name that has a continuous law.
    kinked : those that it has a kink in, at 0.
    single : it is a product of single entries (no sum with two random terms).
    nonneg : it is at least 0.
    square : it is the square root of this polynomial.
    """

    degrees: dict[str, float] = field(default_factory=dict)
    kinked: frozenset[str] = frozenset()
    single: bool = True
    nonneg: bool = False
    square: Poly | None = None

    @cached_property
    def key(self) -> tuple:
        """What two that are the same have in common."""
        return tuple(sorted(self.degrees.items())), frozenset(self.kinked), self.single, self.nonneg, self.square and self.square.key

    @property
    def fixed(self) -> bool:
        return not self.degrees

    @property
    def finite_valued(self) -> bool:
        """It takes finitely many values: signs and what is made of them."""
        return all(d == 0 for d in self.degrees.values())


CONST = Poly()


def joined(parts: list[Poly]) -> tuple[dict[str, float], frozenset[str]]:
    degrees: dict[str, float] = {}
    for p in parts:
        for n, d in p.degrees.items():
            degrees[n] = max(degrees.get(n, 0), d)
    return degrees, frozenset().union(*(p.kinked for p in parts)) if parts else frozenset()


def total(parts: list[Poly]) -> Poly:
    if len(parts) == 1:
        return parts[0]
    degrees, kinked = joined(parts)
    return Poly(degrees, kinked, single=not degrees, nonneg=all(p.nonneg for p in parts))


def times(parts: list[Poly]) -> Poly:
    degrees: dict[str, float] = {}
    for p in parts:
        for n, d in p.degrees.items():
            degrees[n] = degrees.get(n, 0) + d
    rooted = [p for p in parts if p.square is not None]
    square = None
    if rooted:
        square = times([p.square or times([p, p]) for p in parts])
    return Poly(degrees, frozenset().union(*(p.kinked for p in parts)), all(p.single for p in parts),
                all(p.nonneg for p in parts), square)  # fmt: skip


def smooth(parts: list[Poly]) -> Poly:
    """Of a function that is no polynomial: exact only where its arguments take finitely many values."""
    degrees, kinked = joined(parts)
    flat = all(p.finite_valued for p in parts)
    return Poly({n: (0 if flat else FINE) for n in degrees}, kinked, single=False)


def raised(base: Poly, e: float) -> Poly:
    if base.square is not None and e > 0 and e == int(e) and int(e) % 2 == 0:
        return raised(base.square, e / 2)
    if e == int(e) and e >= 0 and base.square is None:
        n = int(e)
        return Poly({k: d * n for k, d in base.degrees.items()}, base.kinked, base.single, base.nonneg or n % 2 == 0)
    if base.finite_valued:
        return replace(base, nonneg=True)
    if e == 0.5:
        if base.single and all(d % 2 == 0 for d in base.degrees.values()):
            return Poly({k: d / 2 for k, d in base.degrees.items()}, frozenset(base.degrees), True, True)
        kinked = frozenset(base.degrees) if base.single else base.kinked
        return replace(smooth([base]), square=base, nonneg=True, kinked=kinked)
    if e > 0.5 and 2 * e == int(2 * e) and base.single and all(d % 2 == 0 for d in base.degrees.values()):
        return Poly({k: d * e for k, d in base.degrees.items()}, frozenset(base.degrees), True, True)
    return replace(smooth([base]), nonneg=base.nonneg, kinked=frozenset(base.degrees))
