"""Fractions with several denominators brought over one, as sympy proposes; the kernel's algebra judges the proposal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.terms import Term, add, key, mul, num, power, shape

MOST = 400  # the size of what is still given to sympy
LETTERS = 5


def joined(t: Term) -> Term | None:
    """``t`` as one fraction in lowest terms; None where it has no two denominators, one of them a sum."""
    below = _denominators(t)
    if len(below) < 2 or not any(b.head == "Add" for b in below.values()) or shape(t):
        return None
    import sympy

    atoms: dict[str, tuple[Any, Term]] = {}
    e = _there(t, atoms)
    if len(atoms) > LETTERS or e.count_ops() > MOST:
        return None
    known = {_there(b, atoms): b for b in below.values()}  # a denominator keeps the form in which it stands
    top, bottom = sympy.fraction(sympy.cancel(sympy.together(e)))
    return _back(sympy.factor_list(top), sympy.factor_list(bottom), {s: a for s, a in atoms.values()}, known)


def _denominators(t: Term) -> dict[str, Term]:
    out: dict[str, Term] = {}
    if t.head == "Pow" and t.args[1].head == "Num" and t.args[1].value < 0:
        for b in t.args[0].args if t.args[0].head == "Mul" else (t.args[0],):
            b = b.args[0] if b.head == "Pow" and b.args[1].head == "Num" else b
            if b.head != "Num":
                out[key(b)] = b
    if t.head in ("Add", "Mul", "Pow"):
        for a in t.args:
            out |= _denominators(a)
    return out


def _there(t: Term, atoms: dict[str, tuple[Any, Term]]) -> Any:
    """As sympy writes it, with a letter for all that is no sum, product or whole power."""
    import sympy

    if t.head == "Num":
        return sympy.Rational(t.value.numerator, t.value.denominator)
    if t.head in ("Add", "Mul"):
        return getattr(sympy, t.head)(*(_there(a, atoms) for a in t.args))
    if t.head == "Pow" and t.args[1].head == "Num" and t.args[1].value.denominator == 1:
        return _there(t.args[0], atoms) ** int(t.args[1].value)
    k = key(t)
    if k not in atoms:
        atoms[k] = sympy.Symbol(f"x{len(atoms)}"), t
    return atoms[k][0]


def _back(top: Any, bottom: Any, letters: dict[Any, Term], known: dict[Any, Term]) -> Term:
    sign, factors = Fraction(1), []
    for (number, parts), down in ((top, 1), (bottom, -1)):
        sign *= Fraction(int(number.p), int(number.q)) ** down
        for f, e in parts:
            base = known.get(f)
            if base is None and (turned := known.get((-f).expand())) is not None:
                base, sign = turned, sign * (-1) ** int(e)
            factors.append((base if base is not None else _polynomial(f, letters), int(e) * down))
    factors.sort(key=lambda f: (f[1] < 0, f[0].head == "Add"))
    parts = [power(b, num(e)) if e != 1 else b for b, e in factors]
    return mul(*([num(sign)] if sign != 1 or not parts else []), *parts)


def _polynomial(f: Any, letters: dict[Any, Term]) -> Term:
    if f.is_Rational:
        return num(Fraction(int(f.p), int(f.q)))
    if f.is_Symbol:
        return letters[f]
    if f.is_Pow:
        return power(_polynomial(f.base, letters), num(int(f.exp)))
    return (add if f.is_Add else mul)(*(_polynomial(a, letters) for a in f.args))


__all__ = ["joined"]
