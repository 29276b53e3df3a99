"""LaTeX mathematics as Unicode and MathML."""

import xml.etree.ElementTree as ElementTree

import pytest

from derive.language.unicode import rows, unicode
from derive.rendering.breaking import broken
from derive.rendering.mathml import mathml
from derive.rendering.prose import plain, prose

LINES = {
    r"\mathbb{E}[\mathrm{RMS}(y)^2]": "E[RMS(y)²]",
    r"\frac{1}{d_2} \sum_{i=1}^{d_2} \mathbb{E}\Big[\Big(\sum_{j=1}^{d_1} W_{ij} x_j\Big)^2\Big]": "(1/d₂) Σ(i=1..d₂) E[(Σ(j=1..d₁) Wᵢⱼ xⱼ)²]",
    r"d_1 + \frac{2}{\pi}(d_1^2 - d_1)": "d₁ + (2/π)(d₁² − d₁)",
    r"\|W\|_{\mathrm{RMS}\to\mathrm{RMS}} \le \sqrt{\frac{m}{n}} \|W\|_2\, \|h\|": "‖W‖_(RMS→RMS) ≤ √(m/n) ‖W‖₂ ‖h‖",
    r"\nabla_x f(x)\big|_{x=\mu+\sigma z}": "∇ₓ f(x)|_(x = μ + σz)",
    r"\sum_{k \ne j} |x_j| |x_k|": "Σ(k≠j) |xⱼ| |xₖ|",
    r"\mathrm{sign}(g x^\top) x": "sign(g xᵀ) x",
    r"\frac{1}{\sqrt{d_1}}": "1/√d₁",
    r"\frac{x}{2 \pi}": "x/(2π)",
    r"-\frac{1}{2}": "−1/2",
    r"\tfrac12 s k (k-1)": "(1/2) sk(k − 1)",
    r"\frac{d}{dx} \tanh x": "(d/dx) tanh x",
    r"\hat x^\top \tilde W y'": "x̂ᵀ W̃ y′",
    r"\binom{n}{k} p^k (1-p)^{n-k}": "C(n, k) pᵏ(1 − p)ⁿ⁻ᵏ",
    r"\int_{\mathbb{R}^n} f(x)\, p_\theta(x) \,dx": "∫(ℝⁿ) f(x) p_θ(x) dx",
    r"\mathbf{1}[x > 0]": "1[x > 0]",
    r"W \in \mathbb{R}^{d_2 \times d_1}": "W ∈ ℝ^(d₂×d₁)",
    r"\lfloor \ell / k \rfloor": "⌊ℓ/k⌋",
    r"\max(a, b)": "max(a, b)",
    r"\int x y \,dP": "∫ xy dP",
}


@pytest.mark.parametrize("latex, shown", LINES.items())
def test_unicode(latex, shown):
    assert unicode(latex) == shown


@pytest.mark.parametrize("latex", LINES)
def test_mathml_is_well_formed_and_has_no_latex_in_it(latex):
    text = "".join(ElementTree.fromstring(mathml(latex)).itertext())
    assert text and not set(text) & set("\\{}$^_")


def test_mathml_raises_the_whole_bracket():
    """In $f(x)^2$ the power stands at the bracket's group, not at its last sign only."""
    power = ElementTree.fromstring(mathml("(a+b)^2")).find(".//msup")
    assert power is not None and "".join(power[0].itertext()) == "(a+b)"


def test_a_chain_keeps_its_rows():
    table = rows(r"\begin{aligned} a &= b && \text{by expectation.of\_product} \\ &= \frac{c}{2} && (1) \end{aligned}")
    assert table == [["a", "= b", "", "by expectation.of_product"], ["", "= c/2", "", "(1)"]]


@pytest.mark.parametrize("latex", [r"\frac{a", "{", r"\left(", "^", r"\nonsense{x}", r"\begin{aligned} a", "}", ""])
def test_broken_latex_is_shown_somehow(latex):
    assert isinstance(unicode(latex), str) and mathml(latex).startswith("<math")


def test_prose_finds_what_it_refers_to():
    kinds = [
        (p.kind, p.target) for p in prose("By line 4 and task 2, see step 1.4.a.1 and `sum.swap`: $x$.") if p.target
    ]
    assert kinds == [("line", "4"), ("task", "2"), ("step", "1.4.a.1"), ("rule", "sum.swap")]


def test_plain_prose_has_no_marks():
    assert plain("**Let** $x_1$ be `new`.") == "Let x₁ be new."


def test_long_lines_break_before_their_signs():
    latex = " + ".join(rf"\mathbb{{E}}[x_{n}^2]" for n in range(9))
    pieces = broken(latex, 30)
    assert len(pieces) > 2 and "".join(pieces) == latex
    assert all(p.startswith("+") for p in pieces[1:])
    assert broken(r"\frac{a + b + c}{d + e + f}", 5) == [r"\frac{a + b + c}{d + e + f}"]
