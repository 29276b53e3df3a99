"""Polynomials as tables: from monomials to exact coefficients, and monomials from atoms to exponents."""

from __future__ import annotations

from fractions import Fraction

Monomial = tuple[tuple[str, Fraction], ...]  # (atom key, exponent), sorted, exponents nonzero
Poly = dict[Monomial, Fraction]


def merge(out: Poly, other: Poly) -> None:
    """Add ``other`` to ``out``."""
    for m, c in other.items():
        v = out.get(m, Fraction(0)) + c
        if v:
            out[m] = v
        else:
            out.pop(m, None)


__all__ = ["Monomial", "Poly", "merge"]
