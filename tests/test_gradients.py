"""Gradients of expectations: answers against formulas written down by hand, compared by evaluating both.

A formula stands as text in the language of the problems and is judged by the referee in the problem's own worlds, so any equal form
of the answer passes; that the answer has the form asked for is checked besides.
"""

from __future__ import annotations

from cases import EXCHANGE, Case, answers_of

DECLARED = r"""Let $p_\theta$ be a probability density on $\mathbb{R}^n$, differentiable in $\theta \in \mathbb{R}^P$.
Let $f : \mathbb{R}^n \to \mathbb{R}$ be a function.
Define $F(\theta) = \mathbb{E}_{x \sim p_\theta}[f(x)]$.
Let $b \in \mathbb{R}$.
"""


def averages(law: str, parameters: str, smooth: bool = False, space: str = r"\mathbb{R}") -> str:
    """A function averaged over a named law."""
    kind = "differentiable" if smooth else "a function"
    return f"{parameters}\nLet $f : {space} \\to \\mathbb{{R}}$ be {kind}.\nDefine $F(t) = \\mathbb{{E}}_{{x \\sim {law}}}[f(x)]$.\n" + EXCHANGE


def under(law: str) -> str:
    return f"Find $\\nabla_t F(t)$ as an expectation under ${law}$."


def score(law: str, formula: str) -> Case:
    return Case(under(law), rf"\mathbb{{E}}_{{x \sim {law}}}[f(x) ({formula})]")


MOVING = r"""Let $p_\theta$ be a probability density on $\mathbb{R}^n$, differentiable in $\theta \in \mathbb{R}^P$.
Let $p$ be a probability density on $\mathbb{R}^m$.
Let $g : \mathbb{R}^m \times \mathbb{R}^P \to \mathbb{R}^n$ be differentiable.
Let $f : \mathbb{R}^n \times \mathbb{R}^P \to \mathbb{R}$ be differentiable.
Assume $g(z, \theta)$ has the distribution $p_\theta$ when $z \sim p$.
Define $F(\theta) = \mathbb{E}_{x \sim p_\theta}[f(x, \theta)]$.
""" + EXCHANGE

T = r"Let $t > 0$."
PROBLEMS: dict[str, tuple[str, list[Case]]] = {
    "exponential": (averages(r"\mathrm{Exponential}(t)", T), [
        score(r"\mathrm{Exponential}(t)", r"\frac{1}{t} - x"),
        Case(r"Find $F(t)$ as an expectation over $z \sim \mathrm{Exponential}(1)$.", r"\mathbb{E}_{z \sim \mathrm{Exponential}(1)}[f(z / t)]"),
    ]),
    "exponential, pathwise": (averages(r"\mathrm{Exponential}(t)", T, smooth=True), [
        Case(r"Find $\nabla_t F(t)$ as an expectation over $z \sim \mathrm{Exponential}(1)$.",
             r"-\frac{1}{t^2} \mathbb{E}_{z \sim \mathrm{Exponential}(1)}[z \frac{d}{du} f(u)\big|_{u = z / t}]"),
    ]),
    "normal, mean": (averages(r"\mathcal{N}(t, s^2)", r"Let $t \in \mathbb{R}$ and $s > 0$."), [
        score(r"\mathcal{N}(t, s^2)", r"\frac{x - t}{s^2}"),
        Case(r"Find $F(t)$ as an expectation over $z \sim \mathcal{N}(0, 1)$.", r"\mathbb{E}_{z \sim \mathcal{N}(0, 1)}[f(t + s z)]"),
        Case(r"Find $\nabla_t F(t)$ as an expectation over $z \sim \mathcal{N}(0, 1)$.", status="refused", says="differentiable"),
    ]),
    "normal, deviation": (averages(r"\mathcal{N}(m, t^2)", r"Let $m \in \mathbb{R}$ and $t > 0$.", smooth=True), [
        score(r"\mathcal{N}(m, t^2)", r"\frac{(x - m)^2}{t^3} - \frac{1}{t}"),
        Case(r"Find $\nabla_t F(t)$ as an expectation over $z \sim \mathcal{N}(0, 1)$.",
             r"\mathbb{E}_{z \sim \mathcal{N}(0, 1)}[z \frac{d}{du} f(u)\big|_{u = m + t z}]"),
    ]),
    "normal vector": (averages(r"\mathcal{N}(t, s^2 I)", r"Let $t \in \mathbb{R}^k$ and $s > 0$.", space=r"\mathbb{R}^k"), [
        Case(under(r"\mathcal{N}(t, s^2 I)"), r"\mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[f(x) \frac{x - t}{s^2}]"),
        Case(r"Is it true that $\nabla_t F(t) = \mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[\nabla_t f(x)]$?", status="refuted"),
    ]),
    "laplace, scale": (averages(r"\mathrm{Laplace}(0, t)", T, smooth=True), [
        Case(r"Find $F(t)$ as an expectation over $z \sim \mathrm{Laplace}(0, 1)$.", r"\mathbb{E}_{z \sim \mathrm{Laplace}(0, 1)}[f(t z)]"),
    ]),
    "bernoulli": (averages(r"\mathrm{Bernoulli}(t)", "Let $t > 0$.\nAssume $t < 1$."), [
        score(r"\mathrm{Bernoulli}(t)", r"\frac{x}{t} - \frac{1 - x}{1 - t}"),
    ]),
    "poisson": (averages(r"\mathrm{Poisson}(t)", T), [score(r"\mathrm{Poisson}(t)", r"\frac{x}{t} - 1")]),
    "geometric": (averages(r"\mathrm{Geometric}(t)", "Let $t > 0$.\nAssume $t < 1$."), [
        score(r"\mathrm{Geometric}(t)", r"\frac{1}{t} - \frac{x - 1}{1 - t}"),
    ]),
    "the support moves": (averages(r"\mathrm{Uniform}(0, t)", T), [
        Case(under(r"\mathrm{Uniform}(0, t)"), status="refused", says="support"),
        Case(r"Find $\frac{\partial}{\partial t} \mathbb{E}_{x \sim \mathrm{Uniform}(0, t)}[f(x)]$.", status="refused", says="support"),
    ]),
    "entries that may be negative": ("Let $D, c \\in \\mathbb{R}^n$ be fixed. Let $w \\in \\mathbb{R}^n$.\nAssume $D_j > -1$ for every $j$.\n", [
        Case(r"Find $w$ that minimises $w^\top \mathrm{diag}(D) w - 2 c^\top w$.", status="refused", says=r"\mathrm{diag}(D)"),
    ]),
    "a declared density": (DECLARED, [
        Case(r"Find $\nabla_\theta F(\theta)$ as an expectation under $p_\theta$.",
             r"\mathbb{E}_{x \sim p_\theta}[f(x) \nabla_\theta \log p_\theta(x)]", assumed=1),
        Case(r"Show that $\mathbb{E}_{x \sim p_\theta}[b \nabla_\theta \log p_\theta(x)] = 0$.", status="shown", assumed=1),
        Case(r"Show that $\nabla_\theta F(\theta) = \mathbb{E}_{x \sim p_\theta}[(f(x) - b) \nabla_\theta \log p_\theta(x)]$.", status="shown", assumed=1),
        Case(r"Show that $\nabla_\theta F(\theta) = \int p_\theta(x) \nabla_\theta f(x)\,dx$.", status="refuted"),
    ]),
    "models": ("Let $w, x \\in \\mathbb{R}^d$ and $y \\in \\mathbb{R}$.\nLet $A \\in \\mathbb{R}^{n \\times d}$ and $b \\in \\mathbb{R}^n$.\nLet $r > 0$.\n", [
        Case(r"Find $\nabla_w (w^\top x - y)^2$.", r"2 (w^\top x - y) x"),
        Case(r"Find $\nabla_w (\|A w - b\|^2 + r \|w\|^2)$.", r"2 A^\top (A w - b) + 2 r w"),
        Case(r"Find $\nabla_w \log(1 + e^{-y w^\top x})$.", r"-\frac{y}{1 + e^{y w^\top x}} x"),
        Case(r"Find $\nabla_w^2 (w^\top x - y)^2$.", r"2 x x^\top"),
        Case(r"Find $\nabla_w \log \sum_{j=1}^d e^{w_j}$.", r"\mathrm{softmax}(w)"),
    ]),
    "logistic loss": ("Let $w, x \\in \\mathbb{R}^d$ and $y \\in \\mathbb{R}$.\n", [
        Case(r"Find $\nabla_w \log(1 + e^{-y w^\top x})$.", r"-\frac{y}{1 + e^{y w^\top x}} x", says=r"-y\, \mathrm{sigmoid}(-y w^\top x) x"),
        Case(r"Find $\nabla_w (-\log \mathrm{sigmoid}(y w^\top x))$.", r"-\frac{y}{1 + e^{y w^\top x}} x"),
        Case(r"Find $\nabla_w (-y \log \mathrm{sigmoid}(w^\top x) - (1 - y) \log(1 - \mathrm{sigmoid}(w^\top x)))$.",
             r"\frac{1}{1 + e^{-w^\top x}} x - y x", says=r"(\mathrm{sigmoid}(w^\top x) - y) x"),
        Case(r"Find $\nabla_w^2 \log(1 + e^{-y w^\top x})$.", r"\frac{y^2 e^{y w^\top x}}{(1 + e^{y w^\top x})^2} x x^\top",
             says=r"y^2\, \mathrm{sigmoid}(-y w^\top x) (1 - \mathrm{sigmoid}(-y w^\top x)) x x^\top"),
        Case(r"Show that $\nabla_w \log(1 + e^{-y w^\top x}) = -y \, \mathrm{sigmoid}(-y w^\top x) x$.", status="shown"),
        Case(r"Show that $\nabla_w \log(1 + e^{-y w^\top x}) = -y (1 - \mathrm{sigmoid}(y w^\top x)) x$.", status="shown"),
        Case(r"Show that $\nabla_w^2 \log(1 + e^{-y w^\top x}) = y^2 \mathrm{sigmoid}(y w^\top x) (1 - \mathrm{sigmoid}(y w^\top x)) x x^\top$.", status="shown"),
        Case(r"Show that $\log(1 + e^{-y w^\top x}) = -\log \mathrm{sigmoid}(y w^\top x)$.", status="shown"),
        Case(r"Show that $\mathrm{sigmoid}(-y) = 1 - \mathrm{sigmoid}(y)$.", status="shown"),
        Case(r"Show that $\nabla_w \log(1 + e^{-y w^\top x}) = y \, \mathrm{sigmoid}(-y w^\top x) x$.", status="refuted"),
        Case(r"Show that $\nabla_w \log(1 + e^{-y w^\top x}) = -y \, \mathrm{sigmoid}(y w^\top x) x$.", status="refuted"),
        Case(r"Is it true that $\nabla_w^2 \log(1 + e^{-y w^\top x}) = y \, \mathrm{sigmoid}(y w^\top x) (1 - \mathrm{sigmoid}(y w^\top x)) x x^\top$?", status="refuted"),
    ]),
    "cross-entropy": ("Let $z, y \\in \\mathbb{R}^K$.\n", [
        Case(r"Find $\frac{\partial}{\partial z_i} (-\log \mathrm{softmax}(z)_k)$.", r"\frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}} - \mathbf{1}[i = k]",
             says=r"\mathrm{softmax}(z)_i - \mathbf{1}[i = k]"),
        Case(r"Find $\frac{\partial}{\partial z_i} (-\sum_{j=1}^K y_j \log \mathrm{softmax}(z)_j)$.", r"\frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}} \sum_{j=1}^K y_j - y_i"),
        Case(r"Find $\frac{\partial}{\partial z_i} \mathrm{softmax}(z)_k$.", r"\mathrm{softmax}(z)_k (\mathbf{1}[i = k] - \mathrm{softmax}(z)_i)"),
        Case(r"Find $\nabla_z^2 \log \sum_{j=1}^K e^{z_j}$.", r"\mathrm{diag}(\mathrm{softmax}(z)) - \mathrm{softmax}(z) \mathrm{softmax}(z)^\top"),
        Case(r"Show that $\frac{\partial}{\partial z_i} (-\log \mathrm{softmax}(z)_k) = \mathrm{softmax}(z)_i - \mathbf{1}[i = k]$.", status="shown"),
        Case(r"Is it true that $\frac{\partial}{\partial z_i} (-\log \mathrm{softmax}(z)_k) = \mathrm{softmax}(z)_i$?", status="refuted"),
    ]),
    "expected logistic loss": ("Let $w \\in \\mathbb{R}^d$ and $y \\in \\mathbb{R}$.\nLet $p$ be a probability density on $\\mathbb{R}^d$.\n" + EXCHANGE +
                               "Define $L(w) = \\mathbb{E}_{x \\sim p}[\\log(1 + e^{-y w^\\top x})]$.\n", [
        Case(r"Find $\nabla_w L(w)$ as an expectation under $p$.", r"\mathbb{E}_{x \sim p}[-\frac{y}{1 + e^{y w^\top x}} x]",
             says=r"-y\, \mathrm{sigmoid}(-y w^\top x) x"),
        Case(r"Show that $\nabla_w L(w) = -y \, \mathbb{E}_{x \sim p}[\mathrm{sigmoid}(-y w^\top x) x]$.", status="shown"),
        Case(r"Find $\nabla_w^2 L(w)$.", r"\mathbb{E}_{x \sim p}[\frac{y^2 e^{y w^\top x}}{(1 + e^{y w^\top x})^2} x x^\top]"),
        Case(r"Is it true that $\nabla_w L(w) = \mathbb{E}_{x \sim p}[\mathrm{sigmoid}(-y w^\top x) x]$?", status="refuted"),
    ]),
    "expected squared loss": ("Let $\\theta \\in \\mathbb{R}^P$ and $y \\in \\mathbb{R}$.\nLet $p$ be a probability density on $\\mathbb{R}^d$.\n"
                              "Let $f : \\mathbb{R}^d \\times \\mathbb{R}^P \\to \\mathbb{R}$ be differentiable.\n"
                              "Define $L(\\theta) = \\mathbb{E}_{x \\sim p}[(f(x, \\theta) - y)^2]$.\n", [
        Case(r"Find $\nabla_\theta L(\theta)$ as an expectation under $p$.", r"\mathbb{E}_{x \sim p}[2 (f(x, \theta) - y) \nabla_\theta f(x, \theta)]", assumed=1),
        Case(r"Show that $\nabla_\theta L(\theta) = 2 \mathbb{E}_{x \sim p}[(f(x, \theta) - y) \nabla_\theta f(x, \theta)]$.", status="shown", assumed=1),
        Case(r"Is it true that $\nabla_\theta L(\theta) = \mathbb{E}_{x \sim p}[(f(x, \theta) - y) \nabla_\theta f(x, \theta)]$?", status="refuted"),
    ]),
    "a linear model": ("Let $w \\in \\mathbb{R}^d$ and $y \\in \\mathbb{R}$.\nLet $x \\in \\mathbb{R}^d$ have i.i.d. entries with mean $0$ and variance $v$.\n", [
        Case(r"Find $\mathbb{E}[(w^\top x - y)^2]$.", r"v \|w\|^2 + y^2"),
        Case(r"Find $\nabla_w \mathbb{E}[(w^\top x - y)^2]$.", "2 v w"),
        Case(r"Find $\nabla_w^2 \mathbb{E}[(w^\top x - y)^2]$.", "2 v I_d"),
        Case(r"Find $\frac{\partial}{\partial w_i} \mathbb{E}[(w^\top x - y)^2]$.", "2 v w_i"),
        Case(r"Show that $\nabla_w \mathbb{E}[(w^\top x - y)^2] = 2 \mathbb{E}[(w^\top x - y) x]$.", status="shown"),
        Case(r"Show that $\nabla_w \mathbb{E}[(w^\top x - y)^2] = v w$.", status="refuted"),
    ]),
    "entries": ("Let $w, x \\in \\mathbb{R}^d$ and $y \\in \\mathbb{R}$.\nLet $A \\in \\mathbb{R}^{d \\times d}$ and $W \\in \\mathbb{R}^{n \\times d}$.\n", [
        Case(r"Find $\frac{\partial}{\partial w_i} (w^\top x)$.", "x_i"),
        Case(r"Find $\frac{\partial}{\partial w_i} \sum_{j=1}^d w_j x_j^2$.", "x_i^2"),
        Case(r"Find $\frac{\partial}{\partial w_i} \sum_{j=1}^d x_j e^{w_j}$.", "x_i e^{w_i}"),
        Case(r"Find $\frac{\partial}{\partial w_i} w_j$.", r"\mathbf{1}[i = j]"),
        Case(r"Find $\frac{\partial}{\partial w_i} (w^\top x - y)^2$.", r"2 (w^\top x - y) x_i"),
        Case(r"Find $\frac{\partial}{\partial w_1} (w_1 x_1)$.", "x_1"),
        Case(r"Find $\frac{\partial}{\partial W_{ij}} (W x)_i$.", "x_j"),
        Case(r"Find $\frac{\partial^2}{\partial w_i \partial w_j} (w^\top A w)$.", "A_{ij} + A_{ji}"),
        Case(r"Find $\frac{\partial^2}{\partial w_i \partial w_j} (w^\top x - y)^2$.", "2 x_i x_j"),
        Case(r"Show that $\frac{\partial^2}{\partial w_i \partial w_j} (w^\top A w) = A_{ij} + A_{ji}$.", status="shown"),
        Case(r"Show that $\frac{\partial}{\partial w_i} \sum_{j=1}^d w_j x_j^2 = x_i^2$.", status="shown"),
        Case(r"Show that $\nabla_w \sum_{j=1}^d w_j x_j^2 = x \odot x$.", status="shown"),
        Case(r"Show that $\frac{\partial^2}{\partial w_i \partial w_j} (w^\top A w) = 2 A_{ij}$.", status="refuted"),
        Case(r"Is it true that $\frac{\partial}{\partial w_i} \sum_{j=1}^d w_j x_j^2 = 2 x_i$?", status="refuted"),
        Case(r"Is it true that $\frac{\partial}{\partial w_i} w_j = 1$?", status="refuted"),
    ]),
    "values": ("Let $m \\in \\mathbb{R}$, $s > 0$ and $l > 0$.\n", [
        Case(r"Find $\nabla_m \mathbb{E}_{x \sim \mathcal{N}(m, s^2)}[x^2]$.", "2 m"),
        Case(r"Find $\nabla_l \mathbb{E}_{x \sim \mathrm{Exponential}(l)}[x]$.", r"-\frac{1}{l^2}"),
        Case(r"Find $\frac{d}{dl} (l^3 e^{-2 l})$.", r"3 l^2 e^{-2 l} - 2 l^3 e^{-2 l}"),
        Case(r"Find $\frac{d}{dl} \frac{\log l}{l}$.", r"\frac{1}{l^2} - \frac{\log l}{l^2}"),
        Case(r"Find $\frac{d^2}{dl^2} l^4$.", "12 l^2"),
        Case(r"Find $\mathbb{E}_{x \sim \mathcal{N}(m, s^2)}[(\nabla_m \log \mathcal{N}(m, s^2)(x))^2]$.", r"\frac{1}{s^2}"),
        Case(r"Find $\mathrm{H}(\mathcal{N}(m, s^2))$.", r"\frac12 + \frac12 \log(2 \pi s^2)"),
        Case(r"Find $\mathrm{KL}(\mathcal{N}(m, s^2) \,\|\, \mathcal{N}(0, 1))$.", r"\frac{m^2 + s^2 - 1}{2} - \log s"),
    ]),
    "what is not said": ("Let $a \\in \\mathbb{R}$.\nLet $h : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nLet $g : \\mathbb{R} \\to \\mathbb{R}$ be differentiable.\n", [
        Case(r"Find $\nabla_a h(a)$.", status="refused", says="$h$ is differentiable"),
        Case(r"Find $\nabla_a g(a^2)$.", r"2 a \frac{d}{du} g(u)\big|_{u = a^2}"),
        Case(r"Find $\nabla_a \sqrt{a}$.", status="refused", says="a > 0"),
        Case(r"Find $\nabla_a \frac{1}{a}$.", status="refused", says="a \\ne 0"),
    ]),
    "weights": ("Let $p$ be a probability density on $\\mathbb{R}^n$.\nLet $q$ be a probability density on $\\mathbb{R}^n$.\n"
                "Let $f : \\mathbb{R}^n \\to \\mathbb{R}$ be a function.\n", [
        Case(r"Find $\mathbb{E}_{x \sim p}[f(x)]$ as an expectation over $x \sim q$.", r"\mathbb{E}_{x \sim q}[f(x) \frac{p(x)}{q(x)}]"),
        Case(r"Show that $\mathbb{E}_{x \sim q}\big[\frac{p(x)}{q(x)}\big] = 1$.", status="shown"),
    ]),
    "least": ("Let $X$ be a random variable with mean $m$ and variance $v$.\nLet $a > 0$.\n", [
        Case(r"Find $c$ that minimises $\mathbb{E}[(X - c)^2]$.", "m"),
        Case(r"Find $c$ that minimises $a c^2 - 6 c + 7$.", r"\frac{3}{a}"),
        Case(r"Find $c$ that maximises $a c^2 - 6 c + 7$.", status="refused"),
    ]),
    "least, of no finite average": ("Let $X$ be a random variable with infinite variance.\nLet $b > 0$.\n", [
        Case(r"Find $a$ that minimises $\mathbb{E}[(a X)^2] + a^2$.", status="refused"),
        Case(r"Find $\nabla_b \mathbb{E}[b^2 X^2]$.", status="refused"),
    ]),
    "least, where not every value is allowed": (
        "Let $a > 0$.\nLet $m, n \\in \\mathbb{R}$.\nLet $w \\in \\mathbb{R}^d$ be fixed with $\\|w\\| = 1$.\nLet $b \\in \\mathbb{R}^d$.\nAssume $n < 3$.\n", [
        Case(r"Find $a$ that minimises $(a + 1)^2$.", status="refused", says="-1"),
        Case(r"Find $a$ that minimises $(a - m)^2$.", "m", assumed=1),
        Case(r"Find $a$ that minimises $(a - 2)^2$.", "2"),
        Case(r"Find $w$ that minimises $\|w\|^2 - 2 b^\top w$.", status="refused", says=r"\|w\| = 1"),
    ]),
    "least, of a vector": (
        "Let $w, b, \\mu \\in \\mathbb{R}^d$.\nLet $X \\in \\mathbb{R}^{n \\times d}$ and $y \\in \\mathbb{R}^n$.\nLet $x_1, \\ldots, x_n \\in \\mathbb{R}^d$.\n"
        "Let $a \\in \\mathbb{R}^n$ be fixed with positive entries.\nLet $D \\in \\mathbb{R}^d$ be fixed with positive entries.\nLet $r > 0$.\n"
        "Let $S \\in \\mathbb{R}^{d \\times d}$ be fixed and positive definite.\nLet $Q \\in \\mathbb{R}^{d \\times d}$ be fixed and symmetric.\n", [
        Case(r"Find $w$ that minimises $\|X w - y\|^2 + r \|w\|^2$.", r"(X^\top X + r I)^{-1} X^\top y", says=r"(X^\top X + r I)^{-1} X^\top y"),
        Case(r"Find $w$ that minimises $\|X w - y\|^2 + r \|w - \mu\|^2$.", r"(X^\top X + r I)^{-1} (X^\top y + r \mu)"),
        Case(r"Find $w$ that minimises $\frac12 w^\top S w - b^\top w$.", r"S^{-1} b"),
        Case(r"Find $w$ that minimises $\|w - b\|^2 + r \|w\|^2$.", r"\frac{1}{1 + r} b"),
        Case(r"Find $w$ that maximises $b^\top w - r \|w\|^2$.", r"\frac{1}{2 r} b"),
        Case(r"Find $w$ that minimises $\sum_{i=1}^n \|x_i - w\|^2$.", r"\frac{1}{n} \sum_{i=1}^n x_i"),
        Case(r"Find $w$ that minimises $\sum_{i=1}^n a_i \|x_i - w\|^2$.", r"\frac{1}{\sum_{i=1}^n a_i} \sum_{i=1}^n a_i x_i"),
        Case(r"Find $w$ that minimises $\sum_{i=1}^n (w^\top x_i - y_i)^2 + r \|w\|^2$.",
             r"(\sum_{i=1}^n x_i x_i^\top + r I)^{-1} \sum_{i=1}^n y_i x_i"),
        Case(r"Find $w$ that minimises $\sum_{j=1}^d D_j (w_j - \mu_j)^2$.", r"\mu"),
        Case(r"Find $w$ that minimises $\|X w - y\|^2$.", status="refused", says=r"X^\top X"),
        Case(r"Find $w$ that minimises $w^\top Q w - 2 b^\top w$.", status="refused", says=r"Q"),
        Case(r"Find $w$ that minimises $b^\top w$.", status="refused"),
        Case(r"Find $w$ that minimises $-\|w\|^2$.", status="refused", says="semidefinite"),
        Case(r"Find $w$ that maximises $\|w - b\|^2$.", status="refused", says="semidefinite"),
    ]),
    "least squares on average": (
        "Let $w \\in \\mathbb{R}^d$.\nLet $x \\sim \\mathcal{N}(0, \\Sigma)$ in $\\mathbb{R}^d$.\nLet $y$ be a random variable.\nLet $r > 0$.\n"
        "Let $u \\in \\mathbb{R}^d$ have i.i.d. entries with mean $m$ and variance $v$.\nLet $p$ be a probability density on $\\mathbb{R}^d$.\n", [
        Case(r"Find $w$ that minimises $\mathbb{E}[(w^\top x - y)^2]$.", r"\Sigma^{-1} \mathbb{E}[y x]"),
        Case(r"Find $w$ that minimises $\mathbb{E}[(w^\top x - y)^2] + r \|w\|^2$.", r"(\Sigma + r I)^{-1} \mathbb{E}[y x]"),
        Case(r"Find $w$ that minimises $\mathbb{E}[\|u - w\|^2]$.", r"m \mathbf{1}_d"),
        Case(r"Find $w$ that minimises $\mathbb{E}[\|u - w\|^2] + r \|w\|^2$.", r"\frac{m}{1 + r} \mathbf{1}_d"),
        Case(r"Find $w$ that minimises $\mathbb{E}_{z \sim p}[\|z - w\|^2]$.", r"\mathbb{E}_{z \sim p}[z]"),
        Case(r"Find $w$ that minimises $\mathbb{E}_{z \sim p}[(w^\top z - 1)^2] + r \|w\|^2$.", r"(\mathbb{E}_{z \sim p}[z z^\top] + r I)^{-1} \mathbb{E}_{z \sim p}[z]"),
        Case(r"Find $w$ that minimises $\mathbb{E}_{z \sim p}[(w^\top z - 1)^2]$.", status="refused", says=r"z z^\top"),
    ]),
    "losses on average": (
        "Let $w \\in \\mathbb{R}^d$ and $\\theta \\in \\mathbb{R}^P$.\nLet $x \\in \\mathbb{R}^d$ have i.i.d. entries with mean $0$ and variance $1$.\n"
        "Let $y$ be a random variable.\nLet $f : \\mathbb{R} \\times \\mathbb{R}^P \\to \\mathbb{R}$ be differentiable.\n" + EXCHANGE, [
        Case(r"Find $\nabla_w \mathbb{E}[(w^\top x - y)^2]$.", r"2 \mathbb{E}[(w^\top x - y) x]"),
        Case(r"Show that $\nabla_w \mathbb{E}[(w^\top x - y)^2] = 2 w - 2 \mathbb{E}[y x]$.", status="shown"),
        Case(r"Show that $\frac{\partial}{\partial w_k} \mathbb{E}[(w^\top x - y)^2] = 2 w_k - 2 \mathbb{E}[y x_k]$.", status="shown"),
        Case(r"Is it true that $\nabla_w \mathbb{E}[(w^\top x - y)^2] = \mathbb{E}[(w^\top x - y) x]$?", status="refuted"),
        Case(r"Find $\nabla_\theta \mathbb{E}[(f(x_1, \theta) - y)^2]$.", r"2 \mathbb{E}[(f(x_1, \theta) - y) \nabla_\theta f(x_1, \theta)]"),
    ]),
    "categorical policy": (
        "Let $t \\in \\mathbb{R}^K$.\nLet $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n"
        "Define $J(t) = \\mathbb{E}_{a \\sim \\mathrm{Categorical}(\\mathrm{softmax}(t))}[R(a)]$.\n", [
        Case(r"Show that $J(t) = \sum_{a=1}^K \mathrm{softmax}(t)_a R(a)$.", status="shown"),
        Case(r"Find $\frac{\partial}{\partial t_b} J(t)$.", r"\mathrm{softmax}(t)_b (R(b) - \sum_{a=1}^K \mathrm{softmax}(t)_a R(a))"),
        Case(r"Is it true that $\frac{\partial}{\partial t_b} J(t) = \mathrm{softmax}(t)_b R(b)$?", status="refuted"),
    ]),
    "claims about a categorical law": (
        "Let $t \\in \\mathbb{R}^K$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nLet $b \\in \\mathbb{R}$.\nLet $0 < q < 1$.\n"
        "Define $J(t) = \\mathbb{E}_{a \\sim \\mathrm{Categorical}(\\mathrm{softmax}(t))}[f(a)]$.\n", [
        Case(r"Show that $\frac{\partial}{\partial t_k} J(t) = \mathrm{softmax}(t)_k (f(k) - J(t))$.", status="shown"),
        Case(r"Show that $\sum_{k=1}^K \frac{\partial}{\partial t_k} J(t) = 0$.", status="shown"),
        Case(r"Show that $\nabla_t J(t) = \mathbb{E}_{a \sim \mathrm{Categorical}(\mathrm{softmax}(t))}[(f(a) - b) \nabla_t \log \mathrm{softmax}(t)_a]$.", status="shown"),
        Case(r"Show that $\mathbb{E}_{a \sim \mathrm{Categorical}(\mathrm{softmax}(t))}[\nabla_t \log \mathrm{softmax}(t)_a] = 0$.", status="shown"),
        Case(r"Find $\nabla_t J(t)$ as an expectation under $\mathrm{Categorical}(\mathrm{softmax}(t))$.",
             r"\mathbb{E}_{a \sim \mathrm{Categorical}(\mathrm{softmax}(t))}[f(a) \nabla_t \log \mathrm{softmax}(t)_a]"),
        Case(r"Is it true that $\frac{\partial}{\partial t_k} J(t) = \mathrm{softmax}(t)_k (f(k) - b)$?", status="refuted"),
        Case(r"Show that $\nabla_q \mathbb{E}_{x \sim \mathrm{Bernoulli}(q)}[f(x)] = f(1) - f(0)$.", status="shown"),
        Case(r"Show that $\nabla_q \mathbb{E}_{x \sim \mathrm{Bernoulli}(q)}[f(x)] = \mathbb{E}_{x \sim \mathrm{Bernoulli}(q)}[(f(x) - b) \frac{x - q}{q (1 - q)}]$.", status="shown"),
        Case(r"Show that $\nabla_b \mathbb{E}_{x \sim \mathrm{Bernoulli}(\mathrm{sigmoid}(b))}[f(x)] = \mathrm{sigmoid}(b) (1 - \mathrm{sigmoid}(b)) (f(1) - f(0))$.",
             status="shown"),
    ]),
    "two values, and sums": (
        "Let $0 < t < 1$, $l > 0$ and $n \\in \\mathbb{N}$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n" + EXCHANGE, [
        Case(r"Find $\nabla_t \mathbb{E}_{x \sim \mathrm{Bernoulli}(t)}[f(x)]$.", "f(1) - f(0)"),
        Case(r"Is it true that $\nabla_t \mathbb{E}_{x \sim \mathrm{Bernoulli}(t)}[f(x)] = f(1) + f(0)$?", status="refuted"),
        Case(r"Find $\nabla_t \mathbb{E}_{x \sim \mathrm{Binomial}(n, t)}[f(x)]$ as an expectation under $\mathrm{Binomial}(n, t)$.",
             r"\mathbb{E}_{x \sim \mathrm{Binomial}(n, t)}[f(x) (\frac{x}{t} - \frac{n - x}{1 - t})]"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Binomial}(n, t)}[(\frac{d}{dt} \log \mathrm{Binomial}(x; n, t))^2]$.", r"\frac{n}{t (1 - t)}"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Geometric}(t)}[(\frac{d}{dt} \log \mathrm{Geometric}(x; t))^2]$.", r"\frac{1}{t^2 (1 - t)}"),
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Bernoulli}(t)}[\frac{d^2}{dt^2} \log \mathrm{Bernoulli}(x; t)]$.", r"\frac{1}{t (1 - t)}"),
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Poisson}(l)}[\frac{d^2}{dl^2} \log \mathrm{Poisson}(x; l)]$.", r"\frac{1}{l}"),
        Case(r"Show that $\mathbb{E}_{x \sim \mathrm{Poisson}(l)}[\nabla_l \log \mathrm{Poisson}(x; l)] = 0$.", status="shown"),
    ]),
    "averages of normal vectors": (
        "Let $t \\in \\mathbb{R}^k$, $s > 0$ and $b \\in \\mathbb{R}$.\nLet $f : \\mathbb{R}^k \\to \\mathbb{R}$ be differentiable.\n"
        "Define $F(t) = \\mathbb{E}_{x \\sim \\mathcal{N}(t, s^2 I)}[f(x)]$.\n" + EXCHANGE, [
        Case(r"Show that $\nabla_t F(t) = \mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[\nabla_x f(x)]$.", status="shown"),
        Case(r"Show that $\nabla_t F(t) = \mathbb{E}_{z \sim \mathcal{N}(0, I)}[\frac{z}{s} f(t + s z)]$.", status="shown"),
        Case(r"Show that $\nabla_t F(t) = \mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[(f(x) - b) \frac{x - t}{s^2}]$.", status="shown"),
        Case(r"Show that $\mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[f(x) (x - t)] = s^2 \mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[\nabla_x f(x)]$.", status="shown"),
        Case(r"Find $\nabla_t \mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[\|x\|^2]$.", "2 t"),
        Case(r"Find $\nabla_t \mathrm{KL}(\mathcal{N}(t, s^2 I) \,\|\, \mathcal{N}(0, I))$.", "t"),
        Case(r"Is it true that $\nabla_t F(t) = \mathbb{E}_{x \sim \mathcal{N}(t, s^2 I)}[f(x) \frac{x - t}{s}]$?", status="refuted"),
    ]),
    "divergences": (DECLARED + "Let $q$ be a probability density on $\\mathbb{R}^n$.\n" + EXCHANGE, [
        Case(r"Find $\nabla_\theta \mathrm{KL}(p_\theta \,\|\, q)$ as an expectation under $p_\theta$.",
             r"\mathbb{E}_{x \sim p_\theta}[(\log p_\theta(x) - \log q(x)) \nabla_\theta \log p_\theta(x)]"),
        Case(r"Find $\nabla_\theta \mathrm{KL}(q \,\|\, p_\theta)$ as an expectation under $q$.", r"-\mathbb{E}_{x \sim q}[\nabla_\theta \log p_\theta(x)]"),
        Case(r"Find $\nabla_\theta \log \mathbb{E}_{x \sim p_\theta}[e^{f(x)}]$.",
             r"\frac{\mathbb{E}_{x \sim p_\theta}[e^{f(x)} \nabla_\theta \log p_\theta(x)]}{\mathbb{E}_{x \sim p_\theta}[e^{f(x)}]}"),
        Case(r"Show that $\nabla_\theta \mathrm{H}(p_\theta) = -\mathbb{E}_{x \sim p_\theta}[\log p_\theta(x) \nabla_\theta \log p_\theta(x)]$.", status="shown"),
        Case(r"Is it true that $\nabla_\theta \mathrm{KL}(p_\theta \,\|\, q) = -\mathbb{E}_{x \sim p_\theta}[\nabla_\theta \log p_\theta(x)]$?", status="refuted"),
    ]),
    "sums over data": (
        "Let $w \\in \\mathbb{R}^d$.\nLet $x_1, \\ldots, x_n \\in \\mathbb{R}^d$.\nLet $y \\in \\mathbb{R}^n$.\nLet $X \\in \\mathbb{R}^{n \\times d}$.\nLet $l > 0$.\n"
        "Let $z \\in \\mathbb{R}^n$ be fixed with positive entries.\n", [
        Case(r"Find $\nabla_w \sum_{i=1}^n (w^\top x_i - y_i)^2$.", r"2 \sum_{i=1}^n (w^\top x_i - y_i) x_i"),
        Case(r"Find $\nabla_w \big(\frac{1}{n} \sum_{i=1}^n \log(1 + e^{-y_i w^\top x_i})\big)$.", r"-\frac{1}{n} \sum_{i=1}^n \frac{y_i}{1 + e^{y_i w^\top x_i}} x_i"),
        Case(r"Find $\nabla_w^2 \sum_{i=1}^n (w^\top x_i - y_i)^2$.", r"2 \sum_{i=1}^n x_i x_i^\top"),
        Case(r"Find $\frac{\partial}{\partial w_k} \sum_{i=1}^n (y_i - \sum_{j=1}^d X_{ij} w_j)^2$.", r"2 \sum_{i=1}^n (\sum_{j=1}^d X_{ij} w_j - y_i) X_{ik}"),
        Case(r"Find $\frac{d}{dl} \log \prod_{i=1}^n \mathrm{Exponential}(z_i; l)$.", r"\frac{n}{l} - \sum_{i=1}^n z_i"),
        Case(r"Find $l$ that minimises $\sum_{i=1}^n (z_i - l)^2$.", r"\frac{1}{n} \sum_{i=1}^n z_i"),
        Case(r"Is it true that $\nabla_w \sum_{i=1}^n (w^\top x_i - y_i)^2 = 2 \sum_{i=1}^n x_i$?", status="refuted"),
    ]),
    "linear softmax policies": (
        "Let $t \\in \\mathbb{R}^P$.\nLet $A \\in \\mathbb{R}^{K \\times P}$ and $r \\in \\mathbb{R}^K$.\nLet $\\phi_1, \\ldots, \\phi_K \\in \\mathbb{R}^P$.\n", [
        Case(r"Find $\nabla_t \log \frac{e^{t^\top \phi_a}}{\sum_{b=1}^K e^{t^\top \phi_b}}$.",
             r"\phi_a - \frac{1}{\sum_{b=1}^K e^{t^\top \phi_b}} \sum_{b=1}^K e^{t^\top \phi_b} \phi_b"),
        Case(r"Find $\nabla_t \log \sum_{b=1}^K e^{(A t)_b}$.", r"A^\top \mathrm{softmax}(A t)"),
        Case(r"Find $\nabla_t \mathrm{softmax}(A t)$.", r"(\mathrm{diag}(\mathrm{softmax}(A t)) - \mathrm{softmax}(A t) \mathrm{softmax}(A t)^\top) A"),
        Case(r"Find $\nabla_t (r^\top \mathrm{softmax}(A t))$.", r"A^\top (\mathrm{diag}(\mathrm{softmax}(A t)) - \mathrm{softmax}(A t) \mathrm{softmax}(A t)^\top) r"),
    ]),
    "by parts": ("Let $m \\in \\mathbb{R}$ and $s > 0$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be differentiable.\n", [
        Case(r"Show that $\mathbb{E}_{x \sim \mathcal{N}(m, s^2)}[f(x) (x - m)] = s^2 \mathbb{E}_{x \sim \mathcal{N}(m, s^2)}[\frac{d}{dx} f(x)]$.", status="shown"),
    ]),
    "maps": ("Let $m \\in \\mathbb{R}$ and $s > 0$.\n", [
        Case(r"Is it true that $m + s z \sim \mathcal{N}(m, s^2)$ when $z \sim \mathcal{N}(0, 1)$?", status="shown"),
        Case(r"Is it true that $m + s z \sim \mathcal{N}(m, s)$ when $z \sim \mathcal{N}(0, 1)$?", status="refuted"),
    ]),
    "both move": (MOVING, [
        Case(r"Find $\nabla_\theta F(\theta)$ as an expectation under $p_\theta$.",
             r"\mathbb{E}_{x \sim p_\theta}[\nabla_\theta f(x, \theta) + f(x, \theta) \nabla_\theta \log p_\theta(x)]"),
        Case(r"Show that $\nabla_\theta F(\theta) = \mathbb{E}_{x \sim p_\theta}[\nabla_\theta f(x, \theta)]"
             r" + \mathbb{E}_{x \sim p_\theta}[f(x, \theta) \nabla_\theta \log p_\theta(x)]$.", status="shown"),
        Case(r"Is it true that $\nabla_\theta F(\theta) = \mathbb{E}_{x \sim p_\theta}[\nabla_\theta f(x, \theta)]$?", status="refuted"),
        Case(r"Is it true that $\nabla_\theta F(\theta) = \mathbb{E}_{x \sim p_\theta}[f(x, \theta) \nabla_\theta \log p_\theta(x)]$?", status="refuted"),
        Case(r"Find $\nabla_\theta F(\theta)$ as an expectation over $z \sim p$.",
             r"\mathbb{E}_{z \sim p}[\nabla_\theta g(z, \theta)^\top \nabla_x f(x, \theta)\big|_{x = g(z, \theta)} + \nabla_t f(g(z, \theta), t)\big|_{t = \theta}]"),
    ]),
    "both move, normal": ("Let $m \\in \\mathbb{R}$ and $s > 0$.\nLet $f : \\mathbb{R} \\times \\mathbb{R} \\to \\mathbb{R}$ be differentiable.\n"
                          "Define $F(m) = \\mathbb{E}_{x \\sim \\mathcal{N}(m, s^2)}[f(x, m)]$.\n" + EXCHANGE, [
        Case(r"Find $\nabla_m F(m)$ as an expectation under $\mathcal{N}(m, s^2)$.",
             r"\mathbb{E}_{x \sim \mathcal{N}(m, s^2)}[\frac{d}{dm} f(x, m) + f(x, m) \frac{x - m}{s^2}]"),
        Case(r"Find $\nabla_m F(m)$ as an expectation over $z \sim \mathcal{N}(0, 1)$.",
             r"\mathbb{E}_{z \sim \mathcal{N}(0, 1)}[\frac{d}{dx} f(x, m)\big|_{x = m + s z} + \frac{d}{dt} f(m + s z, t)\big|_{t = m}]"),
        Case(r"Is it true that $\nabla_m F(m) = \mathbb{E}_{x \sim \mathcal{N}(m, s^2)}[f(x, m) \frac{x - m}{s^2}]$?", status="refuted"),
    ]),
    "both move, vector": ("Let $\\theta \\in \\mathbb{R}^k$ and $c, s > 0$.\nLet $f : \\mathbb{R}^k \\to \\mathbb{R}$ be a function.\n" + EXCHANGE, [
        Case(r"Find $\nabla_\theta \mathbb{E}_{x \sim \mathcal{N}(\theta, s^2 I)}[f(x) - c \|\theta\|^2]$ as an expectation under $\mathcal{N}(\theta, s^2 I)$.",
             r"\mathbb{E}_{x \sim \mathcal{N}(\theta, s^2 I)}[f(x) \frac{x - \theta}{s^2}] - 2 c \theta"),
        Case(r"Find $\nabla_\theta \mathbb{E}_{x \sim \mathcal{N}(\theta, s^2 I)}[f(x) x^\top \theta]$ as an expectation under $\mathcal{N}(\theta, s^2 I)$.",
             r"\mathbb{E}_{x \sim \mathcal{N}(\theta, s^2 I)}[f(x) (x + (x^\top \theta) \frac{x - \theta}{s^2})]"),
    ]),
    "both move, waiting": ("Let $t > 0$.\nDefine $F(t) = \\mathbb{E}_{x \\sim \\mathrm{Exponential}(t)}[t x^2]$.\n" + EXCHANGE, [
        Case(r"Find $\nabla_t F(t)$ as an expectation under $\mathrm{Exponential}(t)$.", r"\mathbb{E}_{x \sim \mathrm{Exponential}(t)}[2 x^2 - t x^3]"),
        Case(r"Find $\nabla_t F(t)$.", r"-\frac{2}{t^2}"),
    ]),
    "entropy": ("Let $p_\\theta$ be a probability density on $\\mathbb{R}^n$, differentiable in $\\theta \\in \\mathbb{R}^P$.\n"
                "Let $q$ be a probability density on $\\mathbb{R}^n$.\nLet $r : \\mathbb{R}^n \\to \\mathbb{R}$ be a function.\nLet $\\lambda > 0$.\n"
                "Define $J(\\theta) = \\mathbb{E}_{x \\sim p_\\theta}[r(x) - \\lambda \\log p_\\theta(x)]$.\n" + EXCHANGE, [
        Case(r"Find $\nabla_\theta J(\theta)$ as an expectation under $p_\theta$.",
             r"\mathbb{E}_{x \sim p_\theta}[(r(x) - \lambda \log p_\theta(x)) \nabla_\theta \log p_\theta(x)]"),
        Case(r"Show that $\nabla_\theta J(\theta) = \mathbb{E}_{x \sim p_\theta}[(r(x) - \lambda \log p_\theta(x)) \nabla_\theta \log p_\theta(x)]$.", status="shown"),
        Case(r"Show that $\nabla_\theta \mathrm{KL}(p_\theta \,\|\, q) = \mathbb{E}_{x \sim p_\theta}[(\log p_\theta(x) - \log q(x)) \nabla_\theta \log p_\theta(x)]$.",
             status="shown"),
        Case(r"Show that $\nabla_\theta \mathrm{H}(p_\theta) = -\mathbb{E}_{x \sim p_\theta}[\log p_\theta(x) \nabla_\theta \log p_\theta(x)]$.", status="shown"),
        Case(r"Is it true that $\nabla_\theta \mathrm{H}(p_\theta) = -\mathbb{E}_{x \sim p_\theta}[\nabla_\theta \log p_\theta(x)]$?", status="refuted"),
    ]),
    "a policy": ("Let $\\pi_\\theta$ be a probability mass function on $\\{1, \\ldots, K\\}$, differentiable in $\\theta \\in \\mathbb{R}^P$.\n"
                 "Let $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nDefine $J(\\theta) = \\mathbb{E}_{a \\sim \\pi_\\theta}[R(a)]$.\n", [
        Case(r"Find $\nabla_\theta J(\theta)$ as an expectation under $\pi_\theta$.", r"\mathbb{E}_{a \sim \pi_\theta}[R(a) \nabla_\theta \log \pi_\theta(a)]"),
        Case(r"Show that $\nabla_\theta J(\theta) = \sum_{a=1}^K R(a) \pi_\theta(a) \nabla_\theta \log \pi_\theta(a)$.", status="shown"),
        Case(r"Show that $\mathbb{E}_{a \sim \pi_\theta}[\nabla_\theta \log \pi_\theta(a)] = 0$.", status="shown"),
        Case(r"Is it true that $\nabla_\theta J(\theta) = \sum_{a=1}^K R(a) \nabla_\theta \log \pi_\theta(a)$?", status="refuted"),
    ]),
    "a policy as a function": ("Let $K \\in \\mathbb{N}$.\nLet $\\pi : \\mathbb{R} \\times \\mathbb{R}^P \\to \\mathbb{R}$ be differentiable in its second argument.\n"
                               "Let $\\theta \\in \\mathbb{R}^P$.\nLet $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n"
                               "Assume $\\pi(a, t) > 0$ for every $a$ and $t$.\nAssume $\\sum_{a=1}^K \\pi(a, t) = 1$ for every $t$.\n", [
        Case(r"Show that $\nabla_\theta \sum_{a=1}^K \pi(a, \theta) R(a) = \sum_{a=1}^K R(a) \pi(a, \theta) \nabla_\theta \log \pi(a, \theta)$.", status="shown"),
        Case(r"Show that $\sum_{a=1}^K \pi(a, \theta) \nabla_\theta \log \pi(a, \theta) = 0$.", status="shown"),
    ]),
    "softmax": ("Let $\\theta, R \\in \\mathbb{R}^K$.\nDefine $J(\\theta) = \\sum_{a=1}^K \\mathrm{softmax}(\\theta)_a R_a$.\n", [
        Case(r"Find $\frac{\partial}{\partial \theta_j} \log \mathrm{softmax}(\theta)_k$.", r"\mathbf{1}[j = k] - \mathrm{softmax}(\theta)_j"),
        Case(r"Find $\frac{\partial}{\partial \theta_j} \mathrm{softmax}(\theta)_k$.", r"\mathrm{softmax}(\theta)_k (\mathbf{1}[j = k] - \mathrm{softmax}(\theta)_j)"),
        Case(r"Find $\nabla_\theta J(\theta)$.", r"\mathrm{softmax}(\theta) \odot (R - (\sum_{a=1}^K \mathrm{softmax}(\theta)_a R_a) \mathbf{1}_K)"),
        Case(r"Find $\frac{\partial}{\partial \theta_j} J(\theta)$.", r"\mathrm{softmax}(\theta)_j (R_j - \sum_{a=1}^K \mathrm{softmax}(\theta)_a R_a)"),
        Case(r"Show that $\nabla_\theta J(\theta) = \sum_{a=1}^K \mathrm{softmax}(\theta)_a R_a \nabla_\theta \log \mathrm{softmax}(\theta)_a$.", status="shown"),
        Case(r"Show that $\frac{\partial}{\partial \theta_j} J(\theta) = \mathrm{softmax}(\theta)_j (R_j - J(\theta))$.", status="shown"),
        Case(r"Show that $\sum_{a=1}^K \mathrm{softmax}(\theta)_a \nabla_\theta \log \mathrm{softmax}(\theta)_a = 0$.", status="shown"),
        Case(r"Is it true that $\frac{\partial}{\partial \theta_j} J(\theta) = \mathrm{softmax}(\theta)_j R_j$?", status="refuted"),
    ]),
    "likelihoods": ("Let $p_\\theta$ be a probability density on $\\mathbb{R}^n$, differentiable in $\\theta \\in \\mathbb{R}^P$.\n"
                    "Let $q$ be a probability density on $\\mathbb{R}^n$.\nLet $x_1, \\ldots, x_T \\in \\mathbb{R}^n$.\n"
                    "Let $t_1, \\ldots, t_N \\in \\mathbb{R}$.\nLet $m \\in \\mathbb{R}$ and $s > 0$.\n", [
        Case(r"Show that $\nabla_\theta \log \prod_{t=1}^T p_\theta(x_t) = \sum_{t=1}^T \nabla_\theta \log p_\theta(x_t)$.", status="shown"),
        Case(r"Find $\nabla_\theta \log \prod_{t=1}^T (q(x_t) p_\theta(x_t))$.", r"\sum_{t=1}^T \nabla_\theta \log p_\theta(x_t)"),
        Case(r"Find $\nabla_m \log \prod_{j=1}^N \mathcal{N}(m, s^2)(t_j)$.", r"\frac{1}{s^2} \sum_{j=1}^N (t_j - m)"),
        Case(r"Find $\nabla_s \sum_{j=1}^N \log \mathcal{N}(m, s^2)(t_j)$.", r"-\frac{N}{s} + \frac{1}{s^3} \sum_{j=1}^N (t_j - m)^2"),
    ]),
    "gamma": ("Let $k, b > 0$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n" + EXCHANGE, [
        Case(r"Find $\nabla_k \mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[f(x)]$ as an expectation under $\mathrm{Gamma}(k, b)$.",
             r"\mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[f(x) (\log x - \log b - \frac{d}{dk} \log \Gamma(k))]"),
        Case(r"Find $\nabla_b \mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[f(x)]$ as an expectation under $\mathrm{Gamma}(k, b)$.",
             r"\mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[f(x) (\frac{x}{b^2} - \frac{k}{b})]"),
        Case(r"Show that $\mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[\nabla_k \log \mathrm{Gamma}(k, b)(x)] = 0$.", status="shown"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[(\nabla_b \log \mathrm{Gamma}(k, b)(x))^2]$.", r"\frac{k}{b^2}"),
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Gamma}(k, b)}[\frac{d^2}{db^2} \log \mathrm{Gamma}(k, b)(x)]$.", r"\frac{k}{b^2}"),
    ]),
    "beta": ("Let $a, b > 0$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n" + EXCHANGE, [
        Case(r"Find $\nabla_a \mathbb{E}_{x \sim \mathrm{Beta}(a, b)}[f(x)]$ as an expectation under $\mathrm{Beta}(a, b)$.",
             r"\mathbb{E}_{x \sim \mathrm{Beta}(a, b)}[f(x) (\log x - \frac{d}{da} \log \Gamma(a) + \frac{d}{du} \log \Gamma(u)\big|_{u = a + b})]"),
        Case(r"Show that $\mathbb{E}_{x \sim \mathrm{Beta}(a, b)}[\nabla_b \log \mathrm{Beta}(a, b)(x)] = 0$.", status="shown"),
    ]),
    "information": ("Let $l > 0$ and $0 < t < 1$.\n", [
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Exponential}(l)}[(\nabla_l \log \mathrm{Exponential}(l)(x))^2]$.", r"\frac{1}{l^2}"),
        Case(r"Show that $\mathbb{E}_{x \sim \mathrm{Exponential}(l)}[(\nabla_l \log \mathrm{Exponential}(l)(x))^2]"
             r" = -\mathbb{E}_{x \sim \mathrm{Exponential}(l)}[\frac{d^2}{dl^2} \log \mathrm{Exponential}(l)(x)]$.", status="shown"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Bernoulli}(t)}[(\nabla_t \log \mathrm{Bernoulli}(t)(x))^2]$.", r"\frac{1}{t (1 - t)}"),
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Bernoulli}(t)}[\frac{d^2}{dt^2} \log \mathrm{Bernoulli}(t)(x)]$.", r"\frac{1}{t (1 - t)}"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Poisson}(l)}[(\nabla_l \log \mathrm{Poisson}(l)(x))^2]$.", r"\frac{1}{l}"),
        Case(r"Find $\mathbb{E}_{x \sim \mathrm{Geometric}(t)}[(\nabla_t \log \mathrm{Geometric}(t)(x))^2]$.", r"\frac{1}{t^2 (1 - t)}"),
        Case(r"Find $-\mathbb{E}_{x \sim \mathrm{Geometric}(t)}[\frac{d^2}{dt^2} \log \mathrm{Geometric}(t)(x)]$.", r"\frac{1}{t^2 (1 - t)}"),
        Case(r"Is it true that $\mathbb{E}_{x \sim \mathrm{Poisson}(l)}[(\nabla_l \log \mathrm{Poisson}(l)(x))^2] = l$?", status="refuted"),
    ]),
    "information of any density": ("Let $p_\\theta$ be a probability density on $\\mathbb{R}^n$, twice differentiable in $\\theta \\in \\mathbb{R}$.\n"
                                   "Let $q_\\alpha$ be a probability density on $\\mathbb{R}^n$, differentiable in $\\alpha \\in \\mathbb{R}$.\n"
                                   "Let $\\eta \\in \\mathbb{R}$.\n" + EXCHANGE, [
        Case(r"Show that $\mathbb{E}_{x \sim p_\theta}[(\frac{d}{d\theta} \log p_\theta(x))^2] = -\mathbb{E}_{x \sim p_\theta}[\frac{d^2}{d\theta^2} \log p_\theta(x)]$.",
             status="shown"),
        Case(r"Is it true that $\mathbb{E}_{x \sim p_\theta}[(\frac{d}{d\theta} \log p_\theta(x))^2] = \mathbb{E}_{x \sim p_\theta}[\frac{d^2}{d\theta^2} \log p_\theta(x)]$?",
             status="refuted"),
        Case(r"Show that $\mathbb{E}_{x \sim q_\alpha}[(\frac{d}{d\alpha} \log q_\alpha(x))^2] = -\mathbb{E}_{x \sim q_\alpha}[\frac{d^2}{d\alpha^2} \log q_\alpha(x)]$.",
             status="undecided"),
        Case(r"Is it true that $\mathbb{E}_{x \sim p_\eta}[\frac{d}{d\theta} \log p_\theta(x)] = 0$?", status="refuted"),
    ]),
    "baselines of a policy": ("Let $\\pi_\\theta$ be a probability mass function on $\\{1, \\ldots, K\\}$, differentiable in $\\theta \\in \\mathbb{R}^P$.\n"
                              "Let $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nLet $b \\in \\mathbb{R}$.\n"
                              "Define $J(\\theta) = \\mathbb{E}_{a \\sim \\pi_\\theta}[R(a)]$.\n", [
        Case(r"Show that $\nabla_\theta J(\theta) = \mathbb{E}_{a \sim \pi_\theta}[(R(a) - b) \nabla_\theta \log \pi_\theta(a)]$.", status="shown"),
        Case(r"Show that $\nabla_\theta J(\theta) = \mathbb{E}_{a \sim \pi_\theta}[(R(a) - J(\theta)) \nabla_\theta \log \pi_\theta(a)]$.", status="shown"),
        Case(r"Is it true that $\nabla_\theta J(\theta) = \mathbb{E}_{a \sim \pi_\theta}[R(a)^2 \nabla_\theta \log \pi_\theta(a)]$?", status="refuted"),
    ]),
    "policies of a model": ("Let $w, x \\in \\mathbb{R}^d$ and $s > 0$.\nLet $a \\in \\mathbb{R}$.\nLet $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n" + EXCHANGE, [
        Case(r"Find $\nabla_w \mathbb{E}_{t \sim \mathcal{N}(w^\top x, s^2)}[R(t)]$ as an expectation under $\mathcal{N}(w^\top x, s^2)$.",
             r"\mathbb{E}_{t \sim \mathcal{N}(w^\top x, s^2)}[R(t) \frac{t - w^\top x}{s^2} x]"),
        Case(r"Find $\nabla_w \log \mathcal{N}(w^\top x, s^2)(a)$.", r"\frac{a - w^\top x}{s^2} x"),
        Case(r"Find $\nabla_a \mathbb{E}_{k \sim \mathrm{Bernoulli}(\mathrm{sigmoid}(a))}[R(k)]$ as an expectation under $\mathrm{Bernoulli}(\mathrm{sigmoid}(a))$.",
             r"\mathbb{E}_{k \sim \mathrm{Bernoulli}(\mathrm{sigmoid}(a))}[R(k) (k - \mathrm{sigmoid}(a))]"),
        Case(r"Find $\nabla_w \mathbb{E}_{k \sim \mathrm{Bernoulli}(\mathrm{sigmoid}(w^\top x))}[R(k)]$ as an expectation under $\mathrm{Bernoulli}(\mathrm{sigmoid}(w^\top x))$.",
             r"\mathbb{E}_{k \sim \mathrm{Bernoulli}(\mathrm{sigmoid}(w^\top x))}[R(k) (k - \mathrm{sigmoid}(w^\top x)) x]"),
    ]),
    "entropies of a policy": ("Let $\\pi_\\theta$ be a probability mass function on $\\{1, \\ldots, K\\}$, differentiable in $\\theta \\in \\mathbb{R}^P$.\n"
                              "Let $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nLet $c > 0$.\n", [
        Case(r"Find $\nabla_\theta \mathbb{E}_{a \sim \pi_\theta}[R(a) - c \log \pi_\theta(a)]$ as an expectation under $\pi_\theta$.",
             r"\mathbb{E}_{a \sim \pi_\theta}[(R(a) - c \log \pi_\theta(a)) \nabla_\theta \log \pi_\theta(a)]"),
        Case(r"Is it true that $\nabla_\theta \mathbb{E}_{a \sim \pi_\theta}[R(a) - c \log \pi_\theta(a)] = \mathbb{E}_{a \sim \pi_\theta}[R(a) \nabla_\theta \log \pi_\theta(a)]$?",
             status="refuted"),
    ]),
    "a categorical policy": ("Let $\\theta \\in \\mathbb{R}^K$.\nLet $R : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n"
                             "Define $J(\\theta) = \\mathbb{E}_{a \\sim \\mathrm{Categorical}(\\mathrm{softmax}(\\theta))}[R(a)]$.\n", [
        Case(r"Show that $J(\theta) = \sum_{a=1}^K R(a) \mathrm{softmax}(\theta)_a$.", status="shown"),
        Case(r"Show that $\nabla_\theta J(\theta) = \sum_{a=1}^K R(a) \mathrm{softmax}(\theta)_a \nabla_\theta \log \mathrm{softmax}(\theta)_a$.", status="shown"),
        Case(r"Is it true that $J(\theta) = \sum_{a=1}^K R(a)$?", status="refuted"),
    ]),
    "weights, normal": ("Let $m, l \\in \\mathbb{R}$ and $s, u > 0$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n"
                        "Let $p$ be the density of $\\mathcal{N}(m, s^2)$.\nLet $q$ be the density of $\\mathcal{N}(l, u^2)$.\n", [
        Case(r"Find $\mathbb{E}_{x \sim p}[f(x)]$ as an expectation over $x \sim q$.", r"\mathbb{E}_{x \sim q}[f(x) \frac{p(x)}{q(x)}]"),
        Case(r"Show that $\mathbb{E}_{x \sim q}[\frac{p(x)}{q(x)}] = 1$.", status="shown"),
        Case(r"Is it true that $\mathbb{E}_{x \sim q}[f(x)] = \mathbb{E}_{x \sim q}[f(x) \frac{p(x)}{q(x)}]$?", status="refuted"),
        Case(r"Is it true that $\mathbb{E}_{x \sim p}[f(x)] = \mathbb{E}_{x \sim q}[f(x) \frac{q(x)}{p(x)}]$?", status="refuted"),
    ]),
    "weights, vector": ("Let $m \\in \\mathbb{R}^k$ and $s > 0$.\nLet $f : \\mathbb{R}^k \\to \\mathbb{R}$ be a function.\n", [
        Case(r"Show that $\mathbb{E}_{x \sim \mathcal{N}(m, s^2 I)}[f(x)] = \mathbb{E}_{x \sim \mathcal{N}(0, I)}"
             r"\big[f(x) \frac{\mathcal{N}(m, s^2 I)(x)}{\mathcal{N}(0, I)(x)}\big]$.", status="shown"),
    ]),
    "baseline": ("Let $p_\\theta$ be a probability density on $\\mathbb{R}^n$, differentiable in $\\theta \\in \\mathbb{R}$.\n"
                 "Let $f : \\mathbb{R}^n \\to \\mathbb{R}$ be a function.\n" + EXCHANGE, [
        Case(r"Find $b$ that minimises $\mathbb{E}_{x \sim p_\theta}[(f(x) - b)^2 (\nabla_\theta \log p_\theta(x))^2]$.",
             r"\frac{\mathbb{E}_{x \sim p_\theta}[f(x) (\nabla_\theta \log p_\theta(x))^2]}{\mathbb{E}_{x \sim p_\theta}[(\nabla_\theta \log p_\theta(x))^2]}",
             assumed=2),
    ]),
    "what changes fast": ("Let $t \\in \\mathbb{R}$ and $w > 0$.\nLet $x \\sim \\mathcal{N}(0, 1)$.\n", [
        Case(r"Find $\frac{d}{dt} \sin(100 t)$.", r"100 \cos(100 t)"),
        Case(r"Find $\frac{d}{dt} e^{20 t}$.", r"20 e^{20 t}"),
        Case(r"Find $\frac{d}{dw} w^{-30}$.", r"-30 w^{-31}"),
        Case(r"Find $\frac{d}{dt} \mathbb{E}[e^{20 t x}]$.", r"400 t e^{200 t^2}"),
        Case(r"Is it true that $\frac{d}{dt} \sin(100 t) = 99 \cos(100 t)$?", status="refuted"),
    ]),
    "a bounded space": ("Let $r_\\theta$ be a probability density on $[0, 1]$, differentiable in $\\theta \\in \\mathbb{R}^P$.\n" + EXCHANGE, [
        Case(r"Is it true that $\mathbb{E}_{x \sim r_\theta}[x] \le 1$?", status="undecided"),
        Case(r"Show that $\mathbb{E}_{x \sim r_\theta}[\nabla_\theta \log r_\theta(x)] = 0$.", status="undecided"),
    ]),
}  # fmt: skip
solved, test_answer = answers_of(PROBLEMS)
