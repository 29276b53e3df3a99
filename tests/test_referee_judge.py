"""Right lines agree, planted errors are refuted."""

import time

from judging import judged, verdict

from derive.language.reading import read_claim, read_problem
from derive.referee.judge import judge, judge_claim
from derive.referee.setting import Setting
from derive.terms import call, expect, mul, power, sym

LAYER = r"""# A layer

Let $W \in \mathbb{R}^{d_2 \times d_1}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$.
Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$, independent of $W$.
Let $g \in \mathbb{R}^{d_2}$ be fixed with nonzero entries.
Define $y = W x$.
Define $M = \mathrm{sign}(g x^\top)$.

1. Find $\mathbb{E}[y_1]$.
"""
PAIRS = r"""# Two numbers

Let $A$ and $B$ be random variables.
Let $C$ and $D$ be independent random variables.
Let $U$ and $V$ be uncorrelated random variables.
Let $X$ be a random variable with mean $m$ and variance $v$.
Let $Z_1, \ldots, Z_n$ be i.i.d. with mean $a$ and variance $s$.

1. Find $\mathbb{E}[A]$.
"""
MEANS = r"""# Gradients of means

Let $\mu \in \mathbb{R}^k$ and $\sigma > 0$.
Let $f : \mathbb{R}^k \to \mathbb{R}$ be differentiable.
Let $p_\theta$ be a probability density on $\mathbb{R}^n$, differentiable in $\theta \in \mathbb{R}^P$.
Let $h : \mathbb{R}^n \to \mathbb{R}$ be a function.
Define $F(\mu) = \mathbb{E}_{x \sim \mathcal{N}(\mu, \sigma^2 I)}[f(x)]$.
Define $H(\theta) = \mathbb{E}_{x \sim p_\theta}[h(x)]$.

1. Find $\nabla_\mu F(\mu)$.
"""
ARRAYS = r"""# Arrays

Let $A \in \mathbb{R}^{n \times m}$, $u \in \mathbb{R}^n$ and $v \in \mathbb{R}^m$.
Let $S \in \mathbb{R}^{n \times n}$ be fixed and symmetric.
Let $Q \in \mathbb{R}^{n \times n}$ be fixed and orthogonal.
Let $0 < p < 1$. Let $a \in \mathbb{R}$.

1. Find $\|A\|_F$.
"""
DOCUMENTS = {"layer": LAYER, "pairs": PAIRS, "means": MEANS, "arrays": ARRAYS}


RIGHT = [
    ("layer", r"$\mathbb{E}[\mathrm{RMS}(y)^2] = d_1$"),
    ("layer", r"$\mathbb{E}[y_1^4] = 3 d_1^2 + 6 d_1$"),
    ("layer", r"$y_i = \sum_{j=1}^{d_1} W_{ij} x_j$"),
    ("layer", r"$\mathbb{E}[W_{ij}^2 x_j^2] = 1$"),
    ("layer", r"$M = \mathrm{sign}(g) \mathrm{sign}(x)^\top$"),
    ("layer", r"$\|M\|_2 = \|M\|_F$"),
    ("layer", r"$\mathbb{E}[\mathrm{RMS}(M x)^2] = d_1 + \frac{2}{\pi} (d_1^2 - d_1)$"),
    ("layer", r"$\mathrm{sign}(x_j) x_j = |x_j|$"),
    ("layer", r"$\mathbb{E}[(\sum_{j=1}^{d_1} |x_j|)^2] = \sum_{j=1}^{d_1} \sum_{k=1}^{d_1} \mathbb{E}[|x_j| |x_k|]$"),
    ("layer", r"$\mathbb{E}[y_i^2 \mid x] = \|x\|^2$"),
    ("layer", r"$\mathrm{Var}(y) = d_1 I$"),
    ("pairs", r"$\mathrm{Var}(C D) = \mathrm{Var}(C) \mathrm{Var}(D) + \mathrm{Var}(C) \mathbb{E}[D]^2 + \mathrm{Var}(D) \mathbb{E}[C]^2$"),
    ("pairs", r"$\mathrm{Var}(A + B) = \mathrm{Var}(A) + \mathrm{Var}(B) + 2 \mathrm{Cov}(A, B)$"),
    ("pairs", r"$\mathrm{Var}(U + V) = \mathrm{Var}(U) + \mathrm{Var}(V)$"),
    ("pairs", r"$\mathbb{E}[X^2] = v + m^2$"),
    ("pairs", r"$\mathrm{Var}(\sum_{j=1}^n Z_j) = n s$"),
    ("pairs", r"$\mathbb{E}[\mathbb{E}[A \mid B]] = \mathbb{E}[A]$"),
    ("means", r"$\nabla_\mu F(\mu) = \mathbb{E}_{z \sim \mathcal{N}(0, I)}[\nabla_x f(x)\big|_{x = \mu + \sigma z}]$"),
    ("means", r"$F(\mu) = \mathbb{E}_{z \sim \mathcal{N}(0, I)}[f(\mu + \sigma z)]$"),
    ("means", r"$\nabla_\theta H(\theta) = \mathbb{E}_{x \sim p_\theta}[h(x) \nabla_\theta \log p_\theta(x)]$"),
    ("means", r"$\nabla_\theta H(\theta) = \int h(x) \nabla_\theta p_\theta(x) \,dx$"),
    ("arrays", r"$\|u v^\top\|_2 = \|u\| \|v\|$"),
    ("arrays", r"$\|A v\| \le \|A\|_2 \|v\|$"),
    ("arrays", r"$\|A\|_{\mathrm{RMS}\to\mathrm{RMS}} = \sqrt{m/n} \|A\|_2$"),
    ("arrays", r"$S^\top u = S u$"),
    ("arrays", r"$\|Q u\| = \|u\|$"),
]
PLANTED = [
    ("forgot the diagonal", "layer", r"$\mathbb{E}[(\sum_{j=1}^{d_1} |x_j|)^2] = \frac{2}{\pi} d_1^2$"),
    ("only the diagonal", "layer", r"$\mathbb{E}[(\sum_{j=1}^{d_1} |x_j|)^2] = d_1$"),
    ("E|z| without its factor 2", "layer", r"$\mathbb{E}[|x_1|] = \sqrt{1/(2 \pi)}$"),
    ("RMS without 1/n", "layer", r"$\mathbb{E}[\mathrm{RMS}(y)^2] = d_1 d_2$"),
    ("the fourth moment of a normal", "layer", r"$\mathbb{E}[y_1^4] = 3 d_1^2$"),
    ("a product of normals is normal", "layer", r"$y_1 \sim \mathcal{N}(0, d_1)$"),
    ("sign(a) a = a", "layer", r"$\mathrm{sign}(x_j) x_j = x_j$"),
    ("the sign left out of one factor", "layer", r"$M = \mathrm{sign}(g) x^\top$"),
    ("a reused index", "layer", r"$\mathbb{E}[(\sum_{j=1}^{d_1} |x_j|)^2] = \sum_{j=1}^{d_1} \mathbb{E}[|x_j| |x_j|]$"),
    ("the wrong dimension", "layer", r"$\mathbb{E}[\mathrm{RMS}(y)^2] = d_2$"),
    ("a variance for a norm given x", "layer", r"$\mathrm{Var}(y_1 \mid x) = d_1$"),
    ("a norm not squared", "layer", r"$\mathbb{E}[\|y\|] = \sqrt{d_1 d_2}$"),
    ("E[AB] = E[A] E[B] unconditionally", "pairs", r"$\mathbb{E}[A B] = \mathbb{E}[A] \mathbb{E}[B]$"),
    ("the same from uncorrelatedness, squared", "pairs", r"$\mathbb{E}[U^2 V^2] = \mathbb{E}[U^2] \mathbb{E}[V^2]$"),
    ("a variance of a dependent sum", "pairs", r"$\mathrm{Var}(A + B) = \mathrm{Var}(A) + \mathrm{Var}(B)$"),
    ("a variance of a difference", "pairs", r"$\mathrm{Var}(C - D) = \mathrm{Var}(C) - \mathrm{Var}(D)$"),
    ("means taken for 0", "pairs", r"$\mathrm{Var}(C D) = \mathrm{Var}(C) \mathrm{Var}(D)$"),
    ("a law taken for normal", "pairs", r"$\mathbb{E}[X^4] = m^4 + 6 m^2 v + 3 v^2$"),
    ("the square of a mean", "pairs", r"$\mathbb{E}[X^2] = m^2$"),
    ("a constant's variance not squared", "pairs", r"$\mathrm{Var}(3 X) = 3 v$"),
    ("a variance of a mean of n", "pairs", r"$\mathrm{Var}(\frac{1}{n} \sum_{j=1}^n Z_j) = s$"),
    ("conditioning forgotten", "pairs", r"$\mathbb{E}[A \mid B] = \mathbb{E}[A]$"),
    ("Jensen the wrong way round", "pairs", r"$\mathbb{E}[A^2] \le \mathbb{E}[A]^2$"),
    ("independence claimed", "pairs", "$U$ and $V$ are independent"),
    ("an inner derivative forgotten", "means", r"$\nabla_\mu F(\mu) = \mathbb{E}_{z \sim \mathcal{N}(0, I)}[\sigma \nabla_x f(x)\big|_{x = \mu + \sigma z}]$"),
    ("sigma forgotten", "means", r"$F(\mu) = \mathbb{E}_{z \sim \mathcal{N}(0, I)}[f(\mu + z)]$"),
    ("the score without f", "means", r"$\nabla_\theta H(\theta) = \mathbb{E}_{x \sim p_\theta}[\nabla_\theta \log p_\theta(x)]$"),
    ("the density's logarithm dropped", "means", r"$\nabla_\theta H(\theta) = \mathbb{E}_{x \sim p_\theta}[h(x) \nabla_\theta p_\theta(x)]$"),
    ("the gradient moved onto f", "means", r"$\nabla_\theta H(\theta) = \int p_\theta(x) \nabla_\theta h(x) \,dx$"),
    ("Frobenius for spectral", "arrays", r"$\|A\|_F = \|A\|_2$"),
    ("a bound the wrong way round", "arrays", r"$\|A v\| \ge \|A\|_2 \|v\|$"),
    ("the norm's ratio upside down", "arrays", r"$\|A\|_{\mathrm{RMS}\to\mathrm{RMS}} = \sqrt{n/m} \|A\|_2$"),
    ("an inequality that holds for some", "arrays", r"$a \le a^2$"),
    ("p is one half", "arrays", r"$p (1 - p) = \frac{1}{4}$"),
]  # fmt: skip
settings, test_a_right_line_agrees, test_a_wrong_line_is_refuted = judged(DOCUMENTS, RIGHT, PLANTED)


def test_the_verdict_names_the_instance(settings):
    v = verdict(settings, "layer", r"$\mathbb{E}[\mathrm{RMS}(y)^2] = d_2$")
    assert v.instance["d_1"] != v.instance["d_2"]
    assert (v.left, v.right) == (v.instance["d_1"], v.instance["d_2"])


def test_a_kink_of_a_sum_is_not_taken_for_exact(settings):
    v = verdict(settings, "layer", r"$\mathbb{E}[\max(x_1, x_2, x_1 x_2)] = 1$")
    assert v.how != "exact moments"
    assert v.agrees is not True


def test_what_is_given_of_indices_is_used():
    problem = read_problem(LAYER)
    setting = Setting.of(problem)
    x, i, j = problem.symbols["x"].term, sym("i"), sym("j")
    product = expect(mul(power(call("At", x, i), 2), power(call("At", x, j), 2)))
    one = power(expect(power(call("At", x, i), 2)), 2)
    assert judge("=", product, one, setting).agrees is False
    assert judge("=", product, one, setting, assuming=(call("Ne", i, j),)).agrees is True


def test_an_equation_and_its_solution():
    problem = read_problem(LAYER.replace("1. Find", "Let $c > 0$.\n\n1. Find"))
    setting = Setting.of(problem)
    equation, right, wrong = (
        read_claim(t, problem)[0]
        for t in (r"$\mathbb{E}[\mathrm{RMS}(c y)^2] = 1$", r"$c = \frac{1}{\sqrt{d_1}}$", r"$c = \frac{1}{d_1}$")
    )
    assert judge("iff", equation, right, setting).agrees is True
    assert judge("iff", equation, wrong, setting).agrees is False


def test_an_equation_and_its_solution_by_an_array():
    problem = read_problem(
        "# Least squares\n\nLet $w \\in \\mathbb{R}^d$.\nLet $X \\in \\mathbb{R}^{n \\times d}$ and $y \\in \\mathbb{R}^n$.\nLet $r > 0$.\n\n"
        "1. Find $X w$.\n")
    setting = Setting.of(problem)
    equation, right, wrong = (
        read_claim(t, problem)[0]
        for t in (r"$\nabla_w (\|X w - y\|^2 + r \|w\|^2) = 0$", r"$w = (X^\top X + r I)^{-1} X^\top y$", r"$w = (X^\top X + 2 r I)^{-1} X^\top y$")
    )
    assert judge("iff", equation, right, setting).agrees is True
    assert judge("iff", equation, wrong, setting).agrees is False
    assert judge("iff", wrong, equation, setting).agrees is False


def test_a_warm_check_takes_about_a_millisecond(settings):
    verdict(settings, "layer", r"$\mathbb{E}[\mathrm{RMS}(y)^2] = d_1$")
    problem, setting = settings["layer"]
    (claim,) = read_claim(r"$\mathbb{E}[\mathrm{RMS}(y)^2] = d_1$", problem)
    start = time.perf_counter()
    for _ in range(20):
        judge_claim(claim, setting)
    assert (time.perf_counter() - start) / 20 < 0.02


def test_independence_in_pairs_is_not_joint():
    text = "# Three\n\nLet $A$, $B$ and $C$ be random variables.\n{}\n\n1. Find $\\mathbb{{E}}[A]$.\n"
    pairs = text.format("Assume $A$ and $B$ are independent. Assume $A$ and $C$ are independent. Assume $B$ and $C$ are independent.")
    joint = text.format("Assume $A$, $B$ and $C$ are independent.")
    for document, agrees in ((pairs, False), (joint, True)):
        problem = read_problem(document)
        (claim,) = read_claim(r"$\mathbb{E}[A B C] = \mathbb{E}[A] \mathbb{E}[B] \mathbb{E}[C]$", problem)
        assert judge_claim(claim, Setting.of(problem)).agrees is agrees
        (claim,) = read_claim(r"$\mathbb{E}[A B] = \mathbb{E}[A] \mathbb{E}[B]$", problem)
        assert judge_claim(claim, Setting.of(problem)).agrees is True
