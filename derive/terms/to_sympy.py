"""Closed forms as sympy expressions, for whoever wants to calculate on."""

from __future__ import annotations

from typing import Any

from derive.terms.term import Term


def to_sympy(t: Term) -> Any:
    """A term made of numbers, symbols and elementary functions as a sympy expression.

    Raises
    ------
    ValueError
        The term has a head that is not a plain function of numbers (an expectation, an array).
    """
    import sympy

    if t.head == "Num":
        return sympy.Rational(t.value.numerator, t.value.denominator)
    if t.head == "Sym":
        if t.sort.shape or t.sort.takes:
            raise ValueError(f"{t.name} is no number")
        return sympy.Symbol(t.name, real=True)
    constants = {"Pi": sympy.pi, "E": sympy.E, "Infinity": sympy.oo}
    if t.head in constants:
        return constants[t.head]
    if t.head in ("Theta", "BigO", "BigOmega"):
        return to_sympy(t.args[0])
    functions = {
        "Add": sympy.Add, "Mul": sympy.Mul, "Pow": sympy.Pow, "Abs": sympy.Abs, "Sign": sympy.sign, "Exp": sympy.exp,
        "Ln": sympy.log, "Sin": sympy.sin, "Cos": sympy.cos, "Tan": sympy.tan, "Tanh": sympy.tanh, "Gamma": sympy.gamma,
        "Factorial": sympy.factorial, "Binomial": sympy.binomial, "Floor": sympy.floor, "Ceil": sympy.ceiling,
        "Max": sympy.Max, "Min": sympy.Min, "Eq": sympy.Eq,
    }  # fmt: skip
    if t.head in functions:
        return functions[t.head](*(to_sympy(a) for a in t.args))
    raise ValueError(f"no sympy expression for {t.head}")
