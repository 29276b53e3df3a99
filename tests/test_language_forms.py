"""Forms of sentences, each read as the propositions that it means."""

from __future__ import annotations

import pytest

from derive.language.model import ReadError
from derive.language.reading import read_problem
from derive.language.writer import latex

# A declaration and what it gives, beyond the names.
GIVEN = [
    (r"Let $N$ be an integer with $N \ge 2$.", [r"N \in \mathbb{Z}", r"N \ge 2"]),
    (r"Let $a, b \in \mathbb{R}$ with $a < b$.", ["a < b"]),
    (r"Let $s > 0$ and $t > 0$ with $s < t$.", ["s > 0", "t > 0", "s < t"]),
    (r"Let $n, m \in \mathbb{N}$ with $n \ge m$.", [r"n \in \mathbb{N}", r"m \in \mathbb{N}", r"n \ge m"]),
    (
        "Assume that integration and differentiation can be interchanged.",
        [r"\text{differentiation and integration may be exchanged}"],
    ),
]


@pytest.mark.parametrize(("sentence", "given"), GIVEN, ids=[g[0] for g in GIVEN])
def test_what_a_sentence_gives(sentence, given):
    assert [latex(g.prop) for g in read_problem(f"{sentence}\n").givens] == given


@pytest.mark.parametrize(
    "sentence", ["Let $X$ and $X$ be independent random variables.", "Let $s > 0$ and $s$ be integers."]
)
def test_a_name_is_declared_once(sentence):
    with pytest.raises(ReadError, match="declared already"):
        read_problem(f"{sentence}\n")


def test_a_family_may_bring_its_parameter():
    problem = read_problem(
        r"""Let $\sigma > 0$.
Define $p_\mu(x) = \frac{1}{\sqrt{2 \pi \sigma^2}} e^{-(x - \mu)^2/(2 \sigma^2)}$.
Define $G(\mu) = \mathbb{E}_{x \sim p_\mu}[x^2]$.

1. Find $\nabla_\mu \log p_\mu(x)$.
"""
    )
    density = problem.definitions[0]
    assert [p.name for p in density.params] == ["mu", "x"]
    assert problem.symbols["p_mu"].role == "density"
    assert latex(problem.tasks[0].objects[0]) == r"\frac{d}{d\mu} \log p_\mu(x)"


def test_several_names_drawn_from_one_law():
    head = "Let $a > 0$.\n\n1. Find "
    both = read_problem(head + r"$\mathbb{E}_{u, v \sim \mathcal{N}(0, a)}[u v]$.").tasks[0].objects
    each = read_problem(head + r"$\mathbb{E}_{u \sim \mathcal{N}(0, a), v \sim \mathcal{N}(0, a)}[u v]$.").tasks[0].objects
    assert both == each


HEAD = "Let $X$ be a random variable.\n\n1. Find $\\mathrm{Var}(X)$.\n\n**Working.**\n\n"


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (r"By (2), $\mathbb{E}[X] = 0$.", [(r"\mathbb{E}[X] = 0", None, "By (2)")]),
        (r"Note that $\mathbb{E}[X] = 0$ (1).", [(r"\mathbb{E}[X] = 0", "1", None)]),
        (
            r"Now $\mathbb{E}[X] = 0$; hence $\mathbb{E}[X]^2 = 0$ by (1.2).",
            [(r"\mathbb{E}[X] = 0", None, None), (r"\mathbb{E}[X]^2 = 0", None, "by (1.2)")],
        ),
    ],
)
def test_lines_of_a_working(line, read):
    found = read_problem(f"{HEAD}{line}\n").working
    assert [(latex(x.prop), x.label, x.citation) for x in found] == read


SAID_ALIKE = [
    (r"Let $x \in \mathbb{R}^d$ have i.i.d. entries $\mathcal{N}(0, 1)$.", (
        r"Let $x \in \mathbb{R}^d$ be a random vector with i.i.d. $\mathcal{N}(0, 1)$ entries.",
        r"Suppose that $x \in \mathbb{R}^d$ has i.i.d. entries drawn from $\mathcal{N}(0, 1)$.",
        r"Let $x$ be a $d$-dimensional random vector with i.i.d. standard normal entries.",
        r"Consider a random vector $x \in \mathbb{R}^d$ whose entries are i.i.d. from $\mathcal{N}(0, 1)$.")),
    (r"Let $W \in \mathbb{R}^{m \times n}$ have i.i.d. entries $\mathcal{N}(0, 1)$.", (
        r"Let $W$ be an $m \times n$ matrix with i.i.d. standard normal entries.",
        r"Let $W$ be a random $m \times n$ matrix with i.i.d. entries from $\mathcal{N}(0, 1)$.")),
    (r"Let $X \sim \mathcal{N}(0, 1)$ and $Y \sim \mathcal{N}(0, 1)$ be independent.", (
        r"Let $X$ and $Y$ be independent standard normal random variables.",)),
    (r"Let $X \sim \mathcal{N}(m, v)$.", (
        r"Let $X$ be normal with mean $m$ and variance $v$.", r"Let $X$ be a Gaussian random variable with mean $m$ and variance $v$.")),
    (r"Let $T \sim \mathrm{Exponential}(\lambda)$.", (r"Let $T \sim \mathrm{Exp}(\lambda)$.", r"Let $T$ be exponential with rate $\lambda$.")),
    (r"Let $U \sim \mathrm{Uniform}(0, 1)$.", (r"Let $U$ be uniform on $[0, 1]$.", r"Let $U$ be uniformly distributed over $[0, 1]$.")),
    (r"Let $x \sim \mathcal{N}(0, \sigma^2 I)$ in $\mathbb{R}^d$.", (r"Let $x \sim \mathcal{N}(0, \sigma^2 I_d)$.",)),
    (r"Let $x \in \mathbb{R}^d$ with $x \sim \mathcal{N}(\mu, I)$.", (r"Let $x \sim \mathcal{N}(\mu, I_d)$.",)),
    (r"Let $f : \mathbb{R} \to \mathbb{R}$ be differentiable.", (r"Let $f$ be a differentiable function from $\mathbb{R}$ to $\mathbb{R}$.",)),
    (r"Let $X_1, \ldots, X_n$ be i.i.d. from $\mathrm{Bernoulli}(p)$.", (
        r"Let $X_1, \ldots, X_n$ be i.i.d. with $X_i \sim \mathrm{Bern}(p)$.",)),
    (r"Let $x \in \mathbb{R}^d$ have i.i.d. entries with mean $0$ and variance $1/2$.", (
        r"Let $x \in \mathbb{R}^d$ have i.i.d. entries with mean 0 and variance 1/2.",)),
    (r"Let $X$ be normal with mean $0$ and variance $2$.", (r"Let $X$ be normal with mean 0 and variance 2.",)),
    (r"Let $u, v \in \mathbb{R}^n$ be vectors with nonzero entries.", (r"Let $u, v \in \mathbb{R}^n$ be vectors with no zero entries.",)),
    (r"Let $\theta > 0$. Let $T \sim \mathrm{Exponential}(\theta)$.", (r"Let $\theta > 0$, and let $T$ be exponential with rate $\theta$.",)),
    (r"Let $u, w_* \in \mathbb{R}^n$.", (r"Fix $u, w^* \in \mathbb{R}^n$.",)),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "other"), [(plain, other) for plain, others in SAID_ALIKE for other in others])
def test_what_is_said_otherwise_is_read_alike(plain: str, other: str):
    def said(text: str) -> tuple[set, set]:
        problem = read_problem(f"{text}\n\n1. Find $1 + 1$.\n")
        return {g.prop for g in problem.givens}, {(s.term, s.role) for s in problem.symbols.values()}

    assert said(other) == said(plain)


HEAD_OF_QUESTIONS = """Let $X \\sim \\mathcal{N}(0, 1)$ and $Y \\sim \\mathcal{N}(0, 1)$ be independent.
Let $x \\in \\mathbb{R}^n$ and $W \\in \\mathbb{R}^{m \\times n}$.
Let $c > 0$.

1. """
ASKED_ALIKE = [
    (r"Find $\mathbb{E}[X^2]$.", (r"Find the expected value of $X^2$.", r"What is the mean of $X^2$?", r"Simplify $\mathbb{E}[X^2]$.")),
    (r"Find $\mathrm{Var}(X + Y)$.", (r"Find the variance of $X + Y$.",)),
    (r"Find $\mathrm{Cov}(X, X + Y)$.", (r"Find the covariance of $X$ and $X + Y$.",)),
    (r"Find $\mathbb{E}[X Y]$ and $\mathrm{Var}(X Y)$.", (r"Find the mean and the variance of $X Y$.",)),
    (r"Find $\Pr[X > 0]$.", (r"Find the probability that $X > 0$.",)),
    (r"Find $\nabla_x \|x\|^2$.", (r"Find the gradient of $\|x\|^2$ with respect to $x$.", r"Compute the gradient $\nabla_x \|x\|^2$.")),
    (r"Find $\nabla_x^2 \|x\|^2$.", (r"Find the Hessian of $\|x\|^2$ with respect to $x$.",)),
    (r"Find $c$ such that $\mathbb{E}[(c X)^2] = 4$.", (
        r"Choose $c$ such that $\mathbb{E}[(c X)^2] = 4$.", r"Find the value of $c$ for which $\mathbb{E}[(c X)^2] = 4$.")),
    (r"Find $c$ that minimises $\mathbb{E}[(X - c)^2]$.", (
        r"Minimise $\mathbb{E}[(X - c)^2]$ over $c$.", r"Which $c$ minimises $\mathbb{E}[(X - c)^2]$?",
        r"Find the $c$ minimizing $\mathbb{E}[(X - c)^2]$.")),
    (r"Show that $X$ and $Y$ are independent.", (r"Explain why $X$ and $Y$ are independent.",)),
    (r"Is it true that $\mathbb{E}[X^2] = 1$?", (r"Is $\mathbb{E}[X^2]$ equal to $1$?",)),
    (r"Bound $\|W x\|$ from above in terms of $\|W\|_2$ and $\|x\|$.", (
        r"Bound $\|W x\|$ in terms of $\|W\|_2$ and $\|x\|$.", r"Give an upper bound on $\|W x\|$ in terms of $\|W\|_2$ and $\|x\|$.")),
    (r"How must $c$ scale with $n$ so that $c \sqrt{n} = \Theta(1)$?", (
        r"How must $c$ scale with $n$ for $c \sqrt{n} = \Theta(1)$?", r"How should $c$ depend on $n$ to have $c \sqrt{n} = \Theta(1)$?")),
    (r"How does $\mathbb{E}[\|x\|^2]$ scale with $n$?", (r"How does $\mathbb{E}[\|x\|^2]$ grow as $n$ grows?",)),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "other"), [(plain, other) for plain, others in ASKED_ALIKE for other in others])
def test_what_is_asked_otherwise_is_read_alike(plain: str, other: str):
    def asked(text: str) -> tuple:
        t = read_problem(HEAD_OF_QUESTIONS + text + "\n").tasks[0]
        return t.kind, t.objects, t.unknown, t.terms, t.sizes, t.direction

    assert asked(other) == asked(plain)


@pytest.mark.parametrize("text", [r"Find the variance $X + 1$.", r"Find the expectation $X^2$.", r"Find the gradient $x$."])
def test_a_formula_that_is_not_what_it_is_called_is_not_read(text: str):
    with pytest.raises(ReadError):
        read_problem(HEAD_OF_QUESTIONS + text + "\n")


def test_an_order_may_be_asked_of_a_name_that_is_sought_first():
    problem = read_problem(HEAD_OF_QUESTIONS + r"How must $\eta$ scale so that $\eta \sqrt{n} = \Theta(1)$?" + "\n")
    assert problem.symbols["eta"].role == "unknown"
    assert [latex(g.prop) for g in problem.givens if g.kind == "task"] == [r"\eta > 0"]


APART = "Let $x, y \\in \\mathbb{R}^d$ be independent with i.i.d. entries $\\sim \\mathcal{N}(0, 1)$.\nLet $u, v \\in \\mathbb{R}^d$.\n"


def test_what_is_drawn_apart_is_not_equal():
    with pytest.raises(ReadError, match="line 1 says that `x` and `y` are independent"):
        read_problem(APART + "Assume $x = y$.\n")
    assert read_problem(APART + "Assume $u = v$.\n").givens[-1].prop.head == "Eq"
