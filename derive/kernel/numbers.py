"""Arithmetic on numerals: what is folded without a word, and exact evaluation of closed numbers.

`tidy` keeps the key of a term (and folds what the key folds): it is applied to every instance of a
rule, so that ``1^1 (2 \\cdot 1)!`` reads ``2``. `evaluate` is the computation ``numbers``.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, floor

from derive.terms import ONE, ZERO, Term, add, is_num, mul, num, rebuild, shape, subst

MAX_EXPONENT = 256
MAX_TERMS = 2000  # written-out sums and products


def tidy(t: Term) -> Term:
    """``t`` with numerals folded, neutral elements dropped and trivial powers resolved."""
    got = t._tidy
    if got is None:
        made = _tidied(t)
        t._tidy = got = True if made == t else made
    return t if got is True else got


def _tidied(t: Term) -> Term:
    if t.head == "Num" or t.head == "Sym":
        return t
    if t.is_binder:
        body = tidy(t.body)
        if t.head == "Sum" and is_num(body, 0):
            return ZERO
        return Term(t.head, (t.var, body, *(tidy(d) for d in t.domain)))
    t = rebuild(t, tuple([tidy(a) for a in t.args]))
    fold = _FOLD.get(t.head)
    return fold(t) if fold else t


def _add(t: Term) -> Term:
    total, rest, first = Fraction(0), list[Term](), None
    for a in t.args:
        if a.head == "Num":
            total += a.value
            first = len(rest) if first is None else first
        else:
            rest.append(a)
    if total != 0:
        rest.insert(first or 0, num(total))
    return add(*rest) if rest else ZERO


def _mul(t: Term) -> Term:
    total, rest = Fraction(1), list[Term]()
    for a in t.args:
        if a.head == "Num":
            total *= a.value
        else:
            rest.append(a)
    if total == 0 and all(map(_defined, rest)):
        array = next((shape(a) for a in rest if shape(a)), ())
        return Term("Zeros", array) if array else ZERO
    if total != 1 or not rest:
        rest.insert(0, num(total))
    return mul(*rest)


def _defined(t: Term) -> bool:
    """Whether ``t`` has a value whatever its symbols are: only then is 0 times it 0 without a word."""
    if t.head in ("Integral", "Ln", "Inverse", "Gamma", "Grad", "Jac", "Hess", "Deriv", "Sup", "Inf", "Density"):
        return False
    if t.head == "Pow" and not (t.args[1].head == "Num" and t.args[1].value.denominator == 1 and t.args[1].value > 0):
        return False
    if t.head in ("Sum", "Prod") and any(d.head == "Infinity" for d in t.domain):
        return False
    return all(_defined(c) for _, c in t.children())


def _pow(t: Term) -> Term:
    base, e = t.args
    if is_num(e, 1):
        return base
    if base.head == "Num" and e.head == "Num" and e.value.denominator == 1 and abs(e.value) <= MAX_EXPONENT:
        if base.value != 0 or e.value > 0:
            return num(base.value ** int(e.value))
    if base.head == "Num" and base.value == 1:
        return ONE
    if is_num(e, 0) and base.head != "Num":
        return ONE
    if base.head == "Pow" and e.head == "Num" and e.value.denominator == 1:
        inner = base.args[1]
        if inner.head == "Num" and inner.value.denominator == 1 and (inner.value < 0 or e.value < 0):
            return tidy(Term("Pow", (base.args[0], num(inner.value * e.value))))
    if base.head == "Num" and e.head == "Num" and base.value > 0 and e.value.denominator == 2:
        root = _root(base.value)
        if root is not None:
            return num(root ** int(e.value * 2))
    return t


def _root(v: Fraction) -> Fraction | None:
    """The rational square root of ``v``, if it has one."""
    from math import isqrt

    n, d = isqrt(v.numerator), isqrt(v.denominator)
    return Fraction(n, d) if n * n == v.numerator and d * d == v.denominator else None


def _natural(t: Term, limit: int = MAX_EXPONENT) -> int | None:
    if t.head == "Num" and t.value.denominator == 1 and 0 <= t.value <= limit:
        return int(t.value)
    return None


def _factorial(t: Term) -> Term:
    n = _natural(t.args[0])
    return t if n is None else num(factorial(n))


def _binomial(t: Term) -> Term:
    n, k = _natural(t.args[0]), _natural(t.args[1])
    if k in (0, 1):
        return t.args[0] if k else num(1)
    return t if n is None or k is None else num(comb(n, k))


def _rounding(t: Term) -> Term:
    a = t.args[0]
    if a.head != "Num":
        return t
    return num(floor(a.value) if t.head == "Floor" else -floor(-a.value))


def _absolute(t: Term) -> Term:
    a = t.args[0]
    if a.head != "Num":
        return t
    if t.head == "Abs":
        return num(abs(a.value))
    return num((a.value > 0) - (a.value < 0))


def _gamma(t: Term) -> Term:
    n = _natural(t.args[0])
    return t if not n else num(factorial(n - 1))


def _entry(t: Term) -> Term:
    return ZERO if t.args[0].head == "Zeros" and len(t.args) == len(t.args[0].args) + 1 else t


_FOLD = {
    "At": _entry,
    "Add": _add, "Mul": _mul, "Pow": _pow, "Factorial": _factorial, "Binomial": _binomial,
    "Floor": _rounding, "Ceil": _rounding, "Abs": _absolute, "Sign": _absolute, "Gamma": _gamma,
}  # fmt: skip


def evaluate(t: Term) -> Term:
    """``t`` with every written-out sum and product (numeric limits) spelled out, and numerals folded."""
    if t.head in ("Sum", "Prod") and all(d.head == "Num" for d in t.domain):
        lo, hi = t.domain[0].value, t.domain[1].value
        if lo.denominator == hi.denominator == 1 and hi - lo < MAX_TERMS:
            out = {d.value for d in t.domain[2:]}
            parts = [evaluate(subst(t.body, {t.var: num(k)})) for k in range(int(lo), int(hi) + 1) if k not in out]
            return tidy(add(*parts) if t.head == "Sum" else mul(*parts))
    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder:
        return tidy(Term(t.head, (t.var, evaluate(t.body), *(evaluate(d) for d in t.domain))))
    return tidy(rebuild(t, tuple(evaluate(a) for a in t.args)))
