"""Every form of a declaration, with something found or shown of what it declares."""

from __future__ import annotations

from cases import EXCHANGE, Case, answers_of

SHOWN = "shown"
PROBLEMS = {
    "an interval": ("Let $0 < p < 1$ and $q \\in [0, 1]$.\n", [
        Case("Show that $p (1 - p) > 0$.", status=SHOWN), Case("Show that $q (1 - q) \\ge 0$.", status=SHOWN), Case("Show that $q^2 \\le q$.", status=SHOWN),
        Case("Is it true that $q (1 - q) > 0$?", status="refuted"),
    ]),
    "an interval around 0": (
        "Let $a > 0$, $q \\in [-a, a]$ and $r \\in (-a, a)$.\nLet $s \\in \\mathbb{R}$.\nAssume $s \\in [0, 1]$.\n", [
            Case("Show that $q + a \\ge 0$.", status=SHOWN), Case("Show that $r + a > 0$.", status=SHOWN), Case("Show that $a - r > 0$.", status=SHOWN),
            Case("Show that $s (1 - s) \\ge 0$.", status=SHOWN), Case("Is it true that $q \\ge 0$?", status="refuted"),
        ]),
    "moments": ("Let $X$ be a random variable with mean $m$ and variance $v$.\n", [Case(r"Find $\mathbb{E}[X^2]$.", "v + m^2"), Case(r"Find $\mathrm{Var}(3 X - 1)$.", "9 v")]),
    "independent": ("Let $A$ and $B$ be independent random variables.\n", [
        Case(r"Show that $\mathrm{Cov}(A, B) = 0$.", status=SHOWN), Case(r"Find $\mathrm{Var}(A - B)$.", r"\mathrm{Var}(A) + \mathrm{Var}(B)"),
    ]),
    "no variance": ("Let $X$ be a random variable with finite mean.\n", [Case(r"Find $\mathrm{Var}(X)$.", status="refused")]),
    "a normal vector": ("Let $x \\sim \\mathcal{N}(\\mu, \\Sigma)$ in $\\mathbb{R}^k$.\n", [
        Case(r"Find $\mathbb{E}[\|x\|^2]$.", r"\mathrm{tr}(\Sigma) + \|\mu\|^2"), Case(r"Find $\mathrm{Var}(x)$.", r"\Sigma"),
        Case("Find the distribution of $2 x$.", says=r"\mathcal{N}(2 \mu, 4 \Sigma)"),
    ]),
    "alike": ("Let $X_1, \\ldots, X_n$ be i.i.d. with mean $0$, variance $v$ and fourth moment $\\kappa$.\n", [
        Case(r"Find $\mathbb{E}[(\sum_j X_j)^4]$.", r"n \kappa + 3 v^2 n (n - 1)"), Case(r"Find $\mathbb{E}[\sum_j X_j^4]$.", r"n \kappa"),
    ]),
    "independent of what came before": ("Let $Y \\sim \\mathcal{N}(0, 1)$.\nLet $X \\sim \\mathrm{Uniform}(0, 2)$, independent of $Y$.\n", [
        Case(r"Find $\mathbb{E}[X Y^2]$.", "1"), Case(r"Find $\mathrm{Var}(X + Y)$.", r"\frac43"), Case(r"Find $\Pr[X > 1]$.", r"\frac12"),
    ]),
    "two arrays at once": ("Let $x, y \\in \\mathbb{R}^d$ have i.i.d. entries $\\sim \\mathcal{N}(0, 1)$.\n", [
        Case(r"Find $\mathbb{E}[(x^\top y)^2]$.", "d"), Case(r"Find $\mathbb{E}[\|x - y\|^2]$.", "2 d"),
    ]),
    "twice differentiable": ("Let $f : \\mathbb{R}^k \\to \\mathbb{R}$ be twice differentiable.\nLet $x \\in \\mathbb{R}^k$.\n", [
        Case(r"Find $\nabla_x (f(x)^2)$.", r"2 f(x) \nabla_x f(x)"), Case(r"Find $\nabla_x e^{f(x)}$.", r"e^{f(x)} \nabla_x f(x)"),
    ]),
    "a declared density": ("Let $p_\\theta$ be a probability density on $\\mathbb{R}^n$, twice differentiable in $\\theta \\in \\mathbb{R}^P$.\n" + EXCHANGE, [
        Case(r"Show that $\mathbb{E}_{x \sim p_\theta}[\nabla_\theta \log p_\theta(x)] = 0$.", status=SHOWN),
    ]),
    "the density of a law": ("Let $p$ be the density of $\\mathrm{Exponential}(\\lambda)$.\n", [
        Case(r"Find $\mathbb{E}_{x \sim p}[x]$.", r"\frac{1}{\lambda}"), Case(r"Find $\frac{d}{d\lambda} \log p(x)$.", r"\frac{1}{\lambda} - x"),
        Case(r"Find $\mathrm{H}(p)$.", r"1 - \log \lambda"),
    ]),
    "a law that lives on a part": ("Let $u$ be the density of $\\mathrm{Uniform}(0, a)$.\n", [Case(r"Find $\frac{d}{da} \log u(x)$.", status="refused")]),
    "the mass function of a law": ("Let $m$ be the probability mass function of $\\mathrm{Geometric}(q)$.\n", [
        Case(r"Find $\mathbb{E}_{k \sim m}[k]$.", r"\frac1q"), Case(r"Find $\frac{d}{dq} \log m(k)$.", r"\frac1q - \frac{k - 1}{1 - q}"),
    ]),
    "a probability vector": ("Let $p \\in \\mathbb{R}^K$ be a probability vector.\n", [
        Case(r"Find $\sum_{k=1}^K p_k$.", "1"), Case(r"Find $\mathrm{H}(\mathrm{Categorical}(p))$.", r"-\sum_{k=1}^K p_k \log p_k"),
    ]),
    "jointly independent": (
        "Let $V, W \\in \\mathbb{R}^{n \\times n}$ have i.i.d. entries $\\sim \\mathcal{N}(0, 1)$.\nLet $x \\in \\mathbb{R}^n$ have i.i.d. entries $\\sim \\mathcal{N}(0, 1)$.\n"
        "Assume $V$, $W$ and $x$ are independent.\n", [Case(r"Find $\mathbb{E}[\|V W x\|^2]$.", "n^3")]),
    "uncorrelated": ("Let $X$ and $Y$ be random variables.\nAssume $X$ and $Y$ are uncorrelated.\n", [
        Case(r"Find $\mathrm{Var}(X - Y)$.", r"\mathrm{Var}(X) + \mathrm{Var}(Y)"), Case(r"Find $\mathbb{E}[X Y]$.", r"\mathbb{E}[X] \mathbb{E}[Y]"),
    ]),
    "for every number": ("Let $\\phi : \\mathbb{R} \\to \\mathbb{R}$ be a function.\nAssume $|\\phi(t)| \\le |t|$ for every $t$.\nLet $x \\in \\mathbb{R}^d$.\n", [
        Case(r"Show that $\|\phi(x)\| \le \|x\|$.", status=SHOWN),
    ]),
    "a moment of one entry": ("Let $x \\in \\mathbb{R}^d$ have i.i.d. entries with mean $0$ and variance $1$.\nAssume $\\mathbb{E}[x_1^4] = \\kappa$.\n", [
        Case(r"Find $\mathrm{Var}(\|x\|^2)$.", r"d (\kappa - 1)"), Case(r"Find $\mathbb{E}[\|x\|^4]$.", r"d \kappa + d (d - 1)"),
    ]),
    "orthogonal": ("Let $Q \\in \\mathbb{R}^{n \\times n}$ be orthogonal.\nLet $x \\in \\mathbb{R}^n$.\n", [
        Case(r"Find $\|Q x\|$.", r"\|x\|"), Case(r"Find $\|Q\|_2$.", "1"), Case(r"Find $\|Q\|_F$.", r"\sqrt{n}"),
    ]),
    "positive definite": ("Let $A \\in \\mathbb{R}^{n \\times n}$ be positive definite.\nLet $x, b \\in \\mathbb{R}^n$.\n", [
        Case(r"Show that $x^\top A x \ge 0$.", status=SHOWN), Case(r"Find $x$ that minimises $\frac12 x^\top A x - b^\top x$.", "A^{-1} b"),
        Case(r"Find $\nabla_x (x^\top A x)$.", "2 A x"),
    ]),
    "entry by entry": ("Let $x \\in \\mathbb{R}^d$.\nDefine $Z_j = |x_j|$.\n", [Case(r"Find $\sum_j Z_j$.", r"\|x\|_1"), Case(r"Find $\|Z\|^2$.", r"\|x\|^2")]),
    "several kinds": ("Let $s, t > 0$, $\\mu \\in \\mathbb{R}$ and $n, k \\in \\mathbb{N}$.\n", [
        Case("Show that $s + t > 0$.", status=SHOWN), Case(r"Find $\sum_{j=1}^n j$.", r"\frac{n (n + 1)}{2}"), Case(r"Find $\frac{d}{ds} s^k$.", "k s^{k - 1}"),
    ]),
    "a map with a parameter": (
        "Let $g : \\mathbb{R}^m \\times \\mathbb{R}^P \\to \\mathbb{R}^n$ be differentiable.\nLet $f : \\mathbb{R}^n \\to \\mathbb{R}$ be differentiable.\n"
        "Let $\\theta \\in \\mathbb{R}^P$ and $z \\in \\mathbb{R}^m$.\n", [
            Case(r"Find $\nabla_\theta f(g(z, \theta))$.", r"\nabla_\theta g(z, \theta)^\top \nabla_x f(x) \big|_{x = g(z, \theta)}"),
        ]),
    "Binomial": ("Let $x \\sim \\mathrm{Binomial}(n, p)$.\n", [Case(r"Find $\mathbb{E}[x]$.", "n p"), Case(r"Find $\mathrm{Var}(x)$.", "n p (1 - p)")]),
    "Gamma, Beta and chi squared": ("Let $x \\sim \\mathrm{Gamma}(k, \\theta)$.\nLet $y \\sim \\mathrm{Beta}(a, b)$.\nLet $z \\sim \\chi^2(n)$.\n", [
        Case(r"Find $\mathrm{Var}(x)$.", r"k \theta^2"), Case(r"Find $\mathbb{E}[y]$.", r"\frac{a}{a + b}"), Case(r"Find $\mathbb{E}[z^2]$.", "n^2 + 2 n"),
    ]),
    "Laplace and Geometric": ("Let $x \\sim \\mathrm{Laplace}(m, b)$.\nLet $g \\sim \\mathrm{Geometric}(q)$.\n", [
        Case(r"Find $\mathrm{Var}(x)$.", "2 b^2"), Case(r"Find $\mathbb{E}[|x - m|]$.", "b"), Case(r"Find $\mathrm{Var}(g)$.", r"\frac{1 - q}{q^2}"),
    ]),
}  # fmt: skip
solved, test_answer = answers_of(PROBLEMS)


def test_for_which_values_an_answer_is_stands_beside_an_answer_alone(solved):
    _, solution = solved["the density of a law"]
    assert "$x > 0$" in solution[2].note
    _, solution = solved["a law that lives on a part"]
    assert solution[1].status == "refused" and not solution[1].note
