"""How terms are printed: as a person writes them, in LaTeX and on one line of Unicode."""

from __future__ import annotations

import pytest
from language_math_scope import declared, read

from derive.language.unicode import unicode
from derive.language.writer import latex
from derive.terms import MINUS_ONE, Term, call, div, mul, num, power, same, sum_, sym

n = sym("n")
X = sym("X", (n,))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (mul(num("1/2"), power(n, MINUS_ONE)), r"\frac{1}{2 n}"),
        (mul(num(2), power(call("Pi"), MINUS_ONE)), r"\frac{2}{\pi}"),
        (power(n, num(-2)), r"\frac{1}{n^2}"),
        (power(n, num("-1/2")), r"\frac{1}{\sqrt{n}}"),
        (mul(num(-1), call("Abs", sym("A"))), "-|A|"),
        (power(call("Expect", sym("A")), 2), r"\mathbb{E}[A]^2"),
        (call("At", sym("one", (num(1),)), num(1)), "one_1"),
        (call("Norm", call("Tanh", call("Zeros", n))), r"\|\tanh(0 \mathbf{1}_n)\|"),  # tanh(0) would be a number
        (div(power(sum_(sym("j"), call("At", X, sym("j")), num(1), n), 2), n),
         r"\frac{1}{n} \Big( \sum_{j=1}^n X_j \Big)^2"),
    ],
)  # fmt: skip
def test_form(term: Term, text: str) -> None:
    assert latex(term).replace(r"\mathrm{one}", "one") == text


AS_WRITTEN = [
    r"\mathbb{E}[\mathrm{RMS}(c W x)^2] = 1",
    r"\frac{1}{d_2} \sum_{i=1}^{d_2} \mathbb{E}[y_i^2]",
    r"\sum_{j=1}^{d_1} \sum_{k \ne j} x_j x_k",
    r"d_1 + \frac{2}{\pi} (d_1^2 - d_1)",
    r"\mathbb{E}[A]^2 - c^2",
    r"(2 \pi \sigma^2)^{-n/2}",
    r"\mathbb{E}_{z \sim p_\mu}\Big[ \frac{z - \mu}{\sigma^2} f(z) \Big]",
    r"\mathbb{E}_{z \sim \mathcal{N}(0, I)}[\nabla_u f(u)\big|_{u = \mu + \sigma z}]",
    r"\nabla_\theta F(\mu)",
    r"\mathcal{N}(c; A, B)^2",
    r"\nabla_h \log \mathcal{N}(h; v, c^2 I)",
    r"\mathcal{N}(h; 0, I) \chi^2(c; 3)",
    r"\mathrm{Binomial}(m; n, c) + \binom{n}{m}",
    r"\mathrm{Rademacher}(c)",
    r"A \sim \mathrm{Binomial}(n, c)",
    r"\int p_\theta(z) \nabla_\theta \log p_\theta(z) q(z) \,dz",
    r"\nabla_\theta G(z, \theta)^\top v",
    r"(\nabla_\theta \theta)^\top \theta",
    r"(\nabla_\theta (\theta - c \theta))^\top \theta",
    r"c \nabla_h (h^\top v)",
    r"(\nabla_h \|h\|)^\top v",
    r"c^2 \frac{d}{dc} c^3",
    r"(\nabla_h q(v))^\top \nabla_h q(h)",
    r"U_L \cdots U_1 h",
    r"\|W\|_{\mathrm{RMS}\to\mathrm{RMS}} = \Theta(\sqrt{n/m})",
    r"\mathrm{sign}(g x^\top) x",
    r"h^\top V h",
    r"\frac{\mathrm{RMS}(W x)}{\mathrm{RMS}(x)}",
    r"0 < c \le 1",
    r"\Delta W\, x",
    r"4 + 3 + 2 + 1",
    r"e^{-c^2/2}",
    r"\phi'(c)",
    r"X_1 \sim \mathcal{N}(0, \sigma^2)",
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_as_written(text: str) -> None:
    assert latex(read(text), declared()) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"\mathbb{E}[\mathrm{RMS}(y)^2]", "E[RMS(y)²]"),
        (r"\frac{1}{d_2} \sum_{i=1}^{d_2} \mathbb{E}[y_i^2]", "(1/d₂) Σ(i=1..d₂) E[yᵢ²]"),
        (r"\sum_{j=1}^{d_1} \sum_{k \ne j} x_j x_k", "Σ(j=1..d₁) Σ(k≠j) xⱼ xₖ"),
        (r"\|W x\|^2 \le \sqrt{2/\pi}", "‖Wx‖² ≤ √(2/π)"),
        (r"\nabla_\mu F(\mu) = 0", "∇_μ F(μ) = 0"),
        (r"g_j x^\top x \ne \eta", "gⱼ xᵀ x ≠ η"),
        (r"A \sim \mathcal{N}(0, \sigma^2)", "A ∼ N(0, σ²)"),
    ],
)
def test_on_one_line(text: str, line: str) -> None:
    assert unicode(latex(read(text), declared())) == line


def test_a_bound_name_gives_way_to_a_declared_one() -> None:
    k = sym("k")  # the declared x has d_1 entries
    f, x, mu = sym("f", (), ((k,),)), sym("x", (k,)), sym("mu", (k,))
    t = call("Grad", x, call("Apply", f, x), call("Add", mu, mu))
    assert latex(t, declared()) == r"\nabla_u f(u)\big|_{u = \mu + \mu}"
    assert same(read(latex(t, declared())), t)


def test_words_on_one_line() -> None:
    t = call("Independent", sym("A"), sym("y_prime"))
    assert unicode(latex(t, declared())) == "A and y′ are independent"
