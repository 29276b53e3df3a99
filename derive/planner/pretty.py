"""The closed form a person would write: ``d_1 + \\frac{2}{\\pi} (d_1^2 - d_1)``, not a heap."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from derive.kernel.algebra import Algebra, Monomial, Poly, TooLarge
from derive.kernel.numbers import tidy
from derive.terms import Term, add, contains, key, mul, num, power, rebuild, shape, size

KEEP = 0.6  # how much shorter an expression with integer parts must become to be rewritten
CONSTANTS = frozenset({"Pi", "E", "Num", "Gamma"})


def pretty(t: Term) -> Term:
    """An equal form of ``t``: monomials by falling degree, grouped by their irrational coefficient."""
    alg = Algebra()
    try:
        p = alg.normal(t)
    except TooLarge:
        return t
    if not p:
        return num(0)
    common = _common(alg, p)
    rest: Poly = {}
    for m, c in p.items():
        left = {k: e - common.get(k, Fraction(0)) for k, e in m}
        for k, e in common.items():
            left.setdefault(k, -e)
        rest[tuple(sorted((k, e) for k, e in left.items() if e))] = c
    groups: dict[Monomial, Poly] = {}
    for m, c in rest.items():
        constant = tuple((k, e) for k, e in m if alg.atoms[k].head in CONSTANTS)
        symbolic = tuple((k, e) for k, e in m if alg.atoms[k].head not in CONSTANTS)
        groups.setdefault(constant, {})[symbolic] = c
    parts = [_group(alg, constant, inner, len(groups)) for constant, inner in sorted(groups.items(), key=lambda g: len(g[0]))]
    body = add(*parts)
    front = [power(_inner(alg, k), num(e)) if e != 1 else _inner(alg, k) for k, e in sorted(common.items())]
    out = _joined(front, body)
    if contains(t, "Floor") and size(out) > KEEP * size(t):  # a remainder multiplied out is no simpler
        return t
    return out if size(out) <= 2 * size(t) + 8 else t


def _joined(front: list[Term], body: Term) -> Term:
    return mul(*front, body) if front and not (body.head == "Num" and body.value == 1) else mul(*front) if front else body


def _common(alg: Algebra, p: Poly) -> dict[str, Fraction]:
    """Symbols that every monomial has with one and the same exponent."""
    if len(p) < 2:
        return {}
    tables = [dict(m) for m in p]
    return {k: e for k, e in tables[0].items()
            if alg.atoms[k].head not in CONSTANTS and all(t.get(k) == e for t in tables[1:])}  # fmt: skip


def _group(alg: Algebra, constant: Monomial, inner: Poly, groups: int) -> Term:
    if not constant or len(inner) == 1:
        ordered = sorted(inner.items(), key=lambda x: (-sum((e for _, e in x[0]), Fraction(0)), x[1] < 0))
        first = next((x for x in ordered if x[1] > 0), ordered[0])
        ordered = [first, *(x for x in ordered if x is not first)]  # nobody begins with a minus
        return add(*(_monomial(alg, c, (*constant, *m)) for m, c in ordered))
    n = gcd(*(c.numerator for c in inner.values()))
    d = lcm(*(c.denominator for c in inner.values()))
    ordered = sorted(inner.items(), key=lambda x: -sum((e for _, e in x[0]), Fraction(0)))
    content = Fraction(n, d) * (-1 if ordered[0][1] < 0 else 1)
    body = add(*(_monomial(alg, c / content, m) for m, c in ordered))
    return mul(_monomial(alg, content, constant), body)


def _inner(alg: Algebra, k: str) -> Term:
    """An atom as it is shown: a sum under a root or below a line in its own closed form."""
    atom = alg.atoms[k]
    return pretty(atom) if atom.head == "Add" else atom


def _monomial(alg: Algebra, c: Fraction, m: Monomial) -> Term:
    """Roots of one exponent stand under one root: ``\\sqrt{2/\\pi}``."""
    halves = [(k, e) for k, e in m if e.denominator == 2 and alg.atoms[k].head in CONSTANTS]
    whole = [x for x in m if x not in halves]
    parts = [] if c == 1 and m else [num(c)]
    parts += [power(_inner(alg, k), num(e)) if e != 1 else _inner(alg, k) for k, e in whole]
    if halves:
        under = mul(*(power(alg.atoms[k], num(2 * e)) if 2 * e != 1 else alg.atoms[k] for k, e in halves))
        parts.append(power(under, num(Fraction(1, 2))))
    return mul(*parts)


def cancelled(t: Term) -> Term:
    """An equal form of ``t`` in which powers of one base in a product stand together; no sum is multiplied out."""
    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder:
        return Term(t.head, (t.var, cancelled(t.body), *map(cancelled, t.domain)))
    t = tidy(rebuild(t, tuple(map(cancelled, t.args))))
    if t.head not in ("Mul", "Pow"):
        return t
    number, powers = Fraction(1), dict[str, tuple[Term, Fraction]]()
    rest: list[Term] = []
    for base, e in _factors(t, Fraction(1)):
        if base.head == "Num" and e.denominator == 1 and (base.value or e > 0):
            number *= base.value ** int(e)
        elif shape(base):
            rest.append(base)
        else:
            k = key(base)
            powers[k] = (base, powers[k][1] + e if k in powers else e)
    above = [b if e == 1 else power(b, num(e)) for b, e in powers.values() if e > 0]
    below = [power(b, num(-e)) if e != -1 else b for b, e in powers.values() if e < 0]
    if number.denominator != 1:
        below.insert(0, num(number.denominator))
    if number.numerator != 1:
        above.insert(0, num(number.numerator))
    out = [*above, *([power(mul(*below), num(-1))] if below else []), *rest]
    return mul(*out) if out else num(1)


def _factors(t: Term, e: Fraction) -> list[tuple[Term, Fraction]]:
    if t.head == "Mul":
        return [f for a in t.args for f in _factors(a, e)]
    if t.head == "Pow" and t.args[1].head == "Num" and (t.args[1].value.denominator == 1 or t.args[0].head not in ("Mul", "Pow")):
        inner = t.args[1].value
        if inner.denominator == 1 or e.denominator == 1:
            return _factors(t.args[0], e * inner) if t.args[0].head in ("Mul", "Pow") else [(t.args[0], e * inner)]
    return [(t, e)]
