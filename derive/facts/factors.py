"""A factor that all the terms of a sum have, set apart."""

from __future__ import annotations

from fractions import Fraction

from derive.terms import Term


def common_factor(t: Term) -> tuple[Term, Term] | None:
    """``q - q^2`` as ``q`` and ``1 - q``: what every term has, and what is left; None where they share nothing."""
    from derive.kernel.algebra import Algebra, TooLarge

    alg = Algebra()
    try:
        p = alg.normal(t)
    except TooLarge:
        return None
    if len(p) < 2 or alg.needs:
        return None
    shared = {k: min(dict(m).get(k, Fraction(0)) for m in p) for k in dict(next(iter(p)))}
    shared = {k: e for k, e in shared.items() if e > 0}
    if not shared:
        return None
    rest = {tuple((k, e - shared.get(k, 0)) for k, e in m if e != shared.get(k, 0)): c for m, c in p.items()}
    return alg.term({tuple(sorted(shared.items())): Fraction(1)}), alg.term(rest)


__all__ = ["common_factor"]
