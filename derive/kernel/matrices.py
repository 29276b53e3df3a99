"""Matrix arithmetic inside ``algebra``: a product of arrays is linear in each factor, and ``I`` is its unit.

The normal form of an array is a polynomial in which each monomial has exactly one array among its atoms: a matrix product
of factors that come apart no further (a *word*), to the first power.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.kernel.polynomials import Monomial, Poly, merge
from derive.terms import Term, call, shape

if TYPE_CHECKING:
    from derive.kernel.algebra import Algebra

Shape = tuple[Term, ...]
Word = tuple[Term, ...]  # factors; of none, the identity


def matrix(alg: Algebra, t: Term) -> Poly:
    """The normal form of a matrix product or a transpose with array factors."""
    if t.head == "Zeros":
        return {}
    if t.head == "Transpose":
        if len(shape(t.args[0])) not in (1, 2):
            return alg.atom(t)
        return _words(alg, alg.normal(t.args[0]), shape(t), _turned)
    factors = list(_flat(t))
    if len(shape(t)) != (1 if len(shape(factors[-1])) == 1 else 2) or any(len(shape(f)) not in (1, 2) for f in factors):
        return alg.atom(t)
    out: dict[tuple[Monomial, Word], Fraction] = {((), ()): Fraction(1)}
    for f in factors:
        new: dict[tuple[Monomial, Word], Fraction] = {}
        for m, c in alg.normal(f).items():
            rest, word = _split(alg, m)
            for (n, w), d in out.items():
                mono, number = alg.join(rest, n)
                k = (mono, (*w, *word))
                new[k] = new.get(k, Fraction(0)) + c * d * number
        out = new
    total: Poly = {}
    for (m, w), c in out.items():
        if c:
            merge(total, _joined(alg, m, c, w, shape(t)))
    return total


def _flat(t: Term):
    for a in t.args:
        if a.head == "MatMul":
            yield from _flat(a)
        else:
            yield a


def _split(alg: Algebra, m: Monomial) -> tuple[Monomial, Word]:
    """A monomial's numbers, and the factors of its array."""
    array = next(k for k, _ in m if shape(alg.atoms[k]))
    atom = alg.atoms[array]
    word = tuple(_flat(atom)) if atom.head == "MatMul" else () if atom.head == "Identity" else (atom,)
    return tuple(x for x in m if x[0] != array), word


def _joined(alg: Algebra, m: Monomial, c: Fraction, w: Word, want: Shape) -> Poly:
    array = call("Identity", want[0]) if not w else w[0] if len(w) == 1 else Term("MatMul", w)
    return alg.times({m: c}, alg.opaque(array))


def _words(alg: Algebra, p: Poly, want: Shape, change: Callable[[Word], Word]) -> Poly:
    out: Poly = {}
    for m, c in p.items():
        rest, word = _split(alg, m)
        merge(out, _joined(alg, rest, c, change(word), want))
    return out


def _turned(word: Word) -> Word:
    """The transpose of a product: the transposed factors from the last to the first."""
    return tuple(f.args[0] if f.head == "Transpose" else call("Transpose", f) for f in reversed(word))
