"""The computation ``algebra``: ring normal form with opaque atoms.

A polynomial is a table from monomials to exact coefficients; a monomial is a table from atoms to exponents. Exponents are
rational; a symbolic one makes the power an atom of its own, but for an added number (``x^{k+1}`` is ``x^k x``). Roots of numbers go
to their primes. Two terms are equal when their difference, brought to one denominator, is the empty polynomial.

What the manipulation takes for granted is returned as *needs*: pairs (``Ne``, ``Gt`` or ``Ge``: term is so compared with 0), which the
caller has facts decide.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product as cartesian

from derive.kernel.matrices import matrix
from derive.kernel.numbers import tidy
from derive.kernel.polynomials import Monomial, Poly, merge
from derive.terms import ONE, Term, add, key, mul, num, power, rebuild, shape

Need = tuple[str, Term]
MAX_TERMS = 4000
MAX_POWER = 12


class TooLarge(Exception):
    """The normal form would have more terms than are worth having."""


class Algebra:
    """One computation: its atoms and what it needed."""

    def __init__(self, split: bool = False) -> None:
        self.split = split  # x^{a+b} as x^a x^b: for positive x, so a second attempt only
        self.atoms: dict[str, Term] = {}
        self.needs: dict[tuple[str, str], Term] = {}

    # -- polynomials
    def normal(self, t: Term) -> Poly:
        h = t.head
        if h == "Num":
            return {(): t.value} if t.value else {}
        if h == "Zeros":
            return {}
        if h == "Add":
            out: Poly = {}
            for a in t.args:
                merge(out, self.normal(a))
            return out
        if h == "Mul":
            out = {(): Fraction(1)}
            for a in t.args:
                out = self.times(out, self.normal(a))
            return out
        if h == "Pow":
            return self.power(t.args[0], t.args[1])
        if h == "Sum":  # linear: each monomial of the body is summed on its own, its number in front
            body = self.normal(t.body)
            if len(body) != 1 or next(iter(body.values())) != 1:
                total: Poly = {}
                for m, c in body.items():
                    merge(total, self.times({(): c}, self.atom(Term("Sum", (t.var, self.term({m: Fraction(1)}), *t.domain)))))
                return total
        if h == "MatMul" and any(shape(a) == () for a in t.args):
            return self.normal(mul(*t.args)) if not shape(t) else self.atom(t)
        if h in ("MatMul", "Transpose", "Zeros"):
            return matrix(self, t)
        return self.atom(t)

    def opaque(self, t: Term) -> Poly:
        """``t`` as it stands for one atom."""
        self.atoms.setdefault(key(t), t)
        return {((key(t), Fraction(1)),): Fraction(1)}

    def atom(self, t: Term, exponent: Fraction = Fraction(1)) -> Poly:
        t = self.inside(t)
        if t.head == "Num":
            return self.number(t.value, exponent)
        k = key(t)
        self.atoms.setdefault(k, t)
        return {((k, exponent),): Fraction(1)}

    def inside(self, t: Term) -> Term:
        """``t`` with the arguments below its head in normal form."""
        if t.head in ("Num", "Sym"):
            return t
        if t.is_binder:
            return Term(t.head, (t.var, self.simplify(t.body), *(self.simplify(d) for d in t.domain)))
        if t.head in ("Add", "Mul", "Pow"):
            return self.term(self.normal(t))
        return tidy(rebuild(t, tuple(self.simplify(a) for a in t.args)))

    def simplify(self, t: Term) -> Term:
        if t.head in ("Num", "Sym"):
            return t
        p = self.normal(t)
        return self.term(p) if p or not shape(t) else Term("Zeros", shape(t))

    def times(self, a: Poly, b: Poly) -> Poly:
        if len(a) * len(b) > MAX_TERMS:
            raise TooLarge
        out: Poly = {}
        for (m, c), (n, d) in cartesian(a.items(), b.items()):
            mono, factor = self.join(m, n)
            merge(out, {mono: c * d * factor})
        return out

    def join(self, m: Monomial, n: Monomial) -> tuple[Monomial, Fraction]:
        """The product of two monomials; whole powers of primes come out as a number."""
        exps = dict(m)
        factor = Fraction(1)
        for k, e in n:
            old = exps.get(k, Fraction(0))
            if (old < 0) != (e < 0) and old:
                self.need("Ne", self.atoms[k])
            exps[k] = old + e
        for k in list(exps):
            e = exps[k]
            base = self.atoms[k]
            if base.head == "Num":
                whole = e.numerator // e.denominator
                if whole:
                    factor *= base.value**whole
                    exps[k] = e - whole
            if exps[k] == 0:
                del exps[k]
        return tuple(sorted(exps.items())), factor

    def number(self, value: Fraction, e: Fraction) -> Poly:
        if e.denominator == 1:
            if value == 0 and e < 0:
                self.need("Ne", num(0))
                return {}
            return {(): value ** int(e)} if value or e == 0 else {}
        if value < 0:
            t = power(num(value), num(e))
            self.atoms[key(t)] = t
            return {((key(t), Fraction(1)),): Fraction(1)}
        if value == 0:
            return {}
        out: Poly = {(): Fraction(1)}
        for n, sign in ((value.numerator, 1), (value.denominator, -1)):
            for p, times in _factor(n):
                prime = num(p)
                self.atoms.setdefault(key(prime), prime)
                mono, c = self.join((), ((key(prime), e * times * sign),))
                out = self.times(out, {mono: c})
        return out

    def power(self, base: Term, exponent: Term) -> Poly:
        e = self.term(self.normal(exponent)) if exponent.head != "Num" else exponent
        if e.head == "Num":
            return self.numeric_power(self.normal(base), e.value)
        if self.split:
            return self.split_power(base, self.normal(e))
        if e.head == "Add" and e.args and any(a.head == "Num" for a in e.args):
            whole = sum((a.value for a in e.args if a.head == "Num"), Fraction(0))
            rest = add(*(a for a in e.args if a.head != "Num"))
            if whole.denominator == 1 and whole > 0:  # x^{k+1} = x^k x wherever x^k exists
                return self.times(self.power(base, rest), self.numeric_power(self.normal(base), whole))
        p = self.normal(base)
        if len(p) == 1:  # (c x y)^k = c^k x^k y^k for positive factors
            ((mono, c),) = p.items()
            parts = [(num(c), Fraction(1))] if c != 1 else []
            parts += [(self.atoms[k], x) for k, x in mono]
            if len(parts) > 1 or (parts and parts[0][1] != 1):
                out: Poly = {(): Fraction(1)}
                for b, x in parts:
                    self.need("Gt", b)
                    ex = self.term(self.normal(mul(num(x), e)))
                    out = self.times(out, self.atom_power(b, ex))
                return out
        return self.atom_power(self.term(p), e)

    def split_power(self, base: Term, exponent: Poly) -> Poly:
        """A power of positive factors with one atom for each monomial of the exponent."""
        p = self.normal(base)
        parts = [(self.term(p), Fraction(1))]
        if len(p) == 1:
            ((mono, c),) = p.items()
            parts = [(self.atoms[k], x) for k, x in mono] + ([(num(c), Fraction(1))] if c != 1 else [])
        out: Poly = {(): Fraction(1)}
        for b, x in parts:
            self.need("Gt", b)
            for m, c in exponent.items():
                if m:
                    t = power(b, self.monomial(m, Fraction(1)))
                    self.atoms.setdefault(key(t), t)
                    out = self.times(out, {((key(t), c * x),): Fraction(1)})
                else:
                    out = self.times(out, self.numeric_power(self.normal(b), c * x))
        return out

    def atom_power(self, base: Term, e: Term) -> Poly:
        if base == ONE:
            return {(): Fraction(1)}
        t = power(base, e)
        self.atoms.setdefault(key(t), t)
        return {((key(t), Fraction(1)),): Fraction(1)}

    def numeric_power(self, p: Poly, e: Fraction) -> Poly:
        if e == 0:
            return {(): Fraction(1)}
        if len(p) == 1:
            ((mono, c),) = p.items()
            out = self.number(c, e)
            for k, x in mono:
                if e.denominator != 1 and (len(mono) > 1 or c != 1 or x != 1):
                    self.need("Ge" if x > 0 and e > 0 else "Gt", self.atoms[k])
                if self.atoms[k].head == "Num":
                    out = self.times(out, self.number(self.atoms[k].value, x * e))
                else:
                    out = self.times(out, {((k, x * e),): Fraction(1)})
            return out
        if not p:
            if e < 0:
                self.need("Ne", num(0))
            return {}
        if e.denominator == 1 and 0 < e <= MAX_POWER:
            out = {(): Fraction(1)}
            for _ in range(int(e)):
                out = self.times(out, p)
            return out
        whole = e.numerator // e.denominator
        content, rest = self.primitive(p)
        base = self.term(rest)
        out = self.number(content, e)
        if e.denominator != 1 and whole > 0:
            out = self.times(out, self.numeric_power(rest, Fraction(whole)))
            e -= whole
        k = key(base)
        self.atoms.setdefault(k, base)
        return self.times(out, {((k, e),): Fraction(1)})

    def primitive(self, p: Poly) -> tuple[Fraction, Poly]:
        """``p`` as a positive number times a polynomial without one, so that multiples share an atom."""
        from math import gcd, lcm

        n = gcd(*(c.numerator for c in p.values()))
        d = lcm(*(c.denominator for c in p.values()))
        content = Fraction(n, d)
        return content, {m: c / content for m, c in p.items()}

    def need(self, what: str, t: Term) -> None:
        if t.head == "Num" and (t.value > 0 or (what == "Ne" and t.value != 0) or (what == "Ge" and t.value == 0)):
            return
        self.needs.setdefault((what, key(t)), t)

    # -- back to terms
    def term(self, p: Poly) -> Term:
        return add(*(self.monomial(m, c) for m, c in sorted(p.items(), key=_order)))

    def monomial(self, m: Monomial, c: Fraction) -> Term:
        parts = [] if c == 1 and m else [num(c)]
        # an atom that is itself a product or a sum stands as one factor
        parts += [tidy(power(self.atoms[k], num(e))) for k, e in m]
        return mul(*parts) if len(parts) != 1 else parts[0]

    # -- equality
    def equal(self, a: Term, b: Term) -> bool:
        difference = self.normal(add(a, mul(num(-1), b)))
        for _ in range(4):
            if not difference:
                return True
            below: dict[str, Fraction] = {}
            for m in difference:
                for k, e in m:
                    if e < 0 and self.atoms[k].head == "Add":
                        below[k] = min(below.get(k, Fraction(0)), e)
            if not below:
                return False
            scaled: Poly = {}
            for m, c in difference.items():
                exps = dict(m)
                out: Poly = {tuple(sorted((k, e) for k, e in exps.items() if k not in below)): c}
                for k, low in below.items():
                    self.need("Ne", self.atoms[k])
                    left = exps.get(k, Fraction(0)) - low
                    if left.denominator != 1:
                        out = self.times(out, {((k, left),): Fraction(1)})
                    elif left:
                        out = self.times(out, self.numeric_power(self.normal(self.atoms[k]), left))
                merge(scaled, out)
            difference = scaled
        return not difference


def _factor(n: int) -> list[tuple[int, int]]:
    out, p = [], 2
    while p * p <= n and p < 2000:
        k = 0
        while n % p == 0:
            n //= p
            k += 1
        if k:
            out.append((p, k))
        p += 1
    if n > 1:
        out.append((n, 1))
    return out


def _order(item: tuple[Monomial, Fraction]) -> tuple:
    m, _ = item
    return (-sum((e for _, e in m), Fraction(0)), m)


@lru_cache(2048)
def equal(a: Term, b: Term) -> tuple[bool, tuple[Need, ...]]:
    """Whether ``a = b`` by algebra, and what that needs to hold."""
    for split in (False, True):
        alg = Algebra(split)
        try:
            if alg.equal(a, b):
                return True, tuple((what, t) for (what, _), t in alg.needs.items())
        except TooLarge:
            return False, ()
    return False, ()


@lru_cache(2048)
def normal_form(t: Term) -> Term:
    """The expanded form of ``t``: a sum of monomials (used to compare, not to show)."""
    alg = Algebra()
    try:
        return alg.simplify(t)
    except TooLarge:
        return t


__all__ = ["Algebra", "TooLarge", "equal", "normal_form"]
