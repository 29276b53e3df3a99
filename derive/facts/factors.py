"""What all the terms of a sum have as a factor, set apart."""

from __future__ import annotations

from fractions import Fraction

from derive.terms import Term, add, mul, same, shape


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




def common_array(t: Term) -> tuple[Term, Term] | None:
    """The array of which all terms of a sum are multiples, and the sum of their numbers: of ``a x - x``, ``x`` and ``a - 1``."""
    array: Term | None = None
    numbers: list[Term] = []
    for a in t.args:
        factors = a.args if a.head == "Mul" else (a,)
        arrays = [f for f in factors if shape(f)]
        if len(arrays) != 1 or array is not None and not same(arrays[0], array):
            return None
        array = arrays[0]
        numbers.append(mul(*(f for f in factors if not shape(f))))
    return (array, add(*numbers)) if array is not None else None


__all__ = ["common_array", "common_factor"]
