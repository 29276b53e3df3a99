r"""A second reader: latex2sympy2 reads the same plain formulas, and both readings have the same values at random points.

Where the two differ for a reason, the reason is written here: logarithms without a base are natural, and a function
without brackets takes the next factor.
"""

from __future__ import annotations

import random

import pytest

second = pytest.importorskip("latex2sympy2", reason="latex2sympy2 is not installed")
import sympy  # noqa: E402

from derive.language.reading import read_problem  # noqa: E402
from derive.terms import Term, rebuild, sym  # noqa: E402
from derive.terms.to_sympy import to_sympy  # noqa: E402

HEAD = "Let $a, b, c, x, y > 0$ and $n, k, m \\in \\mathbb{N}$.\n\n"
BINDERS = {"Sum": sympy.Sum, "Prod": sympy.Product, "Integral": sympy.Integral}


def ours(formula: str):
    return as_sympy(read_problem(f"{HEAD}1. Find ${formula}$.\n").tasks[0].objects[0])


def as_sympy(t: Term):
    """A term with its sums, products, integrals and derivatives."""
    table = {}

    def hidden(u: Term) -> Term:
        if u.head in ("Num", "Sym"):
            return u
        if u.head not in (*BINDERS, "Deriv"):
            return rebuild(u, tuple(map(hidden, u.args)))
        v = sympy.Symbol(u.var.name, real=True)
        body = as_sympy(u.body)
        if u.head == "Deriv":
            value = sympy.diff(body, v).subs(v, as_sympy(u.args[2]))
        else:
            value = BINDERS[u.head](body, (v, *map(as_sympy, u.args[2:4])))
        h = sym(f"hidden{len(table)}")
        table[sympy.Symbol(h.name, real=True)] = value
        return h

    return to_sympy(hidden(t)).subs(table)


def theirs(formula: str):
    second.var, second.variances = {}, {}  # a differential in one formula would spoil the next
    return second.latex2sympy(formula)


def value(e, point: dict[str, sympy.Rational]) -> complex:
    return complex(sympy.N(e.subs({v: point[v.name] for v in e.free_symbols if v.name in point}).doit()))


def agree(formula: str) -> bool:
    chance = random.Random(formula)
    one, other = ours(formula), theirs(formula)
    for _ in range(3):
        point = {v: sympy.Rational(chance.randint(5, 25), 9) for v in "abcxy"} | {"n": chance.randint(3, 5), "k": 2, "m": 3}
        u, v = value(one, point), value(other, point)
        if abs(u - v) > 1e-9 * (1 + abs(u)):
            return False
    return True


BOTH = r"""
a - b - c
a - (b - c)
-a^2
(-a)^2
-a b
a b c
a \cdot b + c \times x
\frac{a}{\frac{b}{c}}
\tfrac{1}{2} a b
\dfrac{a + b}{c - 10}
a / (b c)
a / b \cdot c
a / b + c
\frac{a}{b} c
2^{-a}
{a^b}^c
(a b)^2
a b^2
e^{-x^2 / 2}
\sqrt{a} b
\sqrt[3]{a b} c
\sqrt[n]{a}
\sqrt{\frac{2}{\pi}}
\ln a
\ln(a + b) c
\sin x + 1
\sin x \cos y
\sin^2 x + \cos(x)^2
\cos(x y)
\tan(x)
\tanh(x)
\exp(-x^2) y
\exp x
|a - |b - c||
|a| b |c|
\left| a - b \right|
n! k
2^n n!
(n + 1)!
\binom{n}{k}
\frac{n!}{k!}
\max(a, b) + \min(a, c)
\lfloor a \rfloor + \lceil b \rceil
2 \pi a
\sum_{k=1}^{n} a k + b
\sum_{k=1}^{n} a k b
a \sum_{k=1}^{n} k^2
\sum_{j=1}^{n} \sum_{k=1}^{m} j k
\sum_{k=0}^{n} \binom{n}{k} a^k b^{n-k}
\sum_{k=1}^{3} k \sum_{j=1}^{k} j
\prod_{k=1}^{4} (a + k) + b
\prod_{k=1}^{n} a k
\int_0^1 x^2 \,dx
\int_0^1 x + a \,dx
\int_0^1 a x \,dx b
\int_{-\infty}^{\infty} e^{-x^2} dx
\int_0^1 \int_0^1 x y \,dx \,dy
\frac{d}{dx} (x^2 + a x)
\frac{d}{dx} x^2 + x
\frac{d}{dx} e^{a x}
\frac{d}{dx} \frac{1}{x}
\frac{1}{\sqrt{2 \pi c}} e^{-\frac{(x - a)^2}{2 c}}
\left(1 + \frac{2}{\pi} (n - 1)\right) n
a (b + c)
(a + b)(a - b)
1 - 2 a b + 3
.5 a + 1.25
a^{\frac{1}{2}} + a^{1/2}
""".strip().splitlines()


@pytest.mark.parametrize("formula", BOTH)
def test_both_read_the_same(formula):
    assert agree(formula)


def random_formula(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return chance.choice(["a", "b", "c", "x", "y", "2", "3", r"\pi", "0.5"])
    one, other = (random_formula(chance, depth - 1) for _ in range(2))
    return chance.choice(
        [
            f"{one} + {other}", f"{one} - ({other})", rf"({one}) ({other})", rf"\frac{{{one}}}{{{other}}}",
            rf"({one}) \cdot ({other})", f"(-({one}))", f"({one})^2", rf"\sqrt{{1 + ({one})^2}}", rf"\sin({one}) ({other})",
            rf"\cos({one})", rf"\left| {one} \right| + {other}", rf"\ln(2 + ({one})^2)", rf"({one}) / ({other})",
            rf"\exp(-({one})^2)", rf"e^{{-({one})^2}} + {other}", rf"\tanh({one}) - {other}",
        ]
    )  # fmt: skip


def test_both_read_random_formulas_the_same():
    chance = random.Random(3)
    tried = 0
    for _ in range(40):
        formula = random_formula(chance, chance.choice([2, 2, 3]))
        try:
            assert agree(formula), formula
            tried += 1
        except (TypeError, OverflowError):  # infinite at one of the points
            continue
    assert tried > 25


# The same in our reading and in theirs, each written so that both read it alike.
DIFFERENT = [
    (r"\log a", r"\ln(a)", r"\frac{\ln(a)}{\ln(10)}"),
    (r"\ln a b", r"\ln(a) b", r"\ln(a b)"),
    (r"\sin 2 x", r"\sin(2) x", r"\sin(2 x)"),
    (r"\frac{d}{dx} x \sin(x)", r"\sin(x)", r"\sin(x) + x \cos(x)"),
]


@pytest.mark.parametrize(("formula", "we", "they"), DIFFERENT)
def test_where_the_readers_differ(formula, we, they):
    point = {v: sympy.Rational(7, 5) for v in "abcxy"}
    assert value(ours(formula), point) == pytest.approx(value(ours(we), point))
    assert value(theirs(formula), point) == pytest.approx(value(theirs(they), point))
    assert value(ours(formula), point) != pytest.approx(value(theirs(formula), point))
