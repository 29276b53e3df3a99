"""Documents whose pictures the tests look at."""

from derive.facts.facts import Facts
from derive.language.reading import read_problem
from derive.planner.network.schedule import schedule_of
from derive.planner.solution import Answer, Solution
from derive.rendering.pictures import pictures
from derive.terms import num

LAYER = r"""# Signs

Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.
Let $g \in \mathbb{R}^{d_2}$ be fixed with nonzero entries.
Define $y = \mathrm{sign}(g x^\top) x$.

1. How does $\mathbb{E}[\mathrm{RMS}(y)^2]$ scale with $d_1$ and $d_2$?
2. Find $c > 0$ such that $\mathbb{E}[\mathrm{RMS}(c y)^2] = 1$.
3. How does $c$ scale with $d_1$?
"""
SMALL = r"""# A vector

Let $x \in \mathbb{R}^d$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.

1. How does $\mathbb{E}[\|x\|^2 + 1]$ scale with $d$?
2. Find $c > 0$ such that $\mathbb{E}[\|c x\|^2] = 1$.
"""
STEP = r"""# Steps of one size

Let $h \in \mathbb{R}^n$ and $g \in \mathbb{R}^n$ be fixed with nonzero entries.
Assume $\|h\|_1 = \Theta(n)$.
Let $\eta > 0$.
Define $\Delta W = \eta \mathrm{sign}(g h^\top)$.

1. How does $\mathrm{RMS}(\Delta W\, h)$ scale with $n$ and $\eta$?
2. How must $\eta$ scale with $n$ so that $\mathrm{RMS}(\Delta W\, h) = \Theta(1)$?
"""
MATRIX = r"""# A matrix of one size

Let $W \in \mathbb{R}^{n \times m}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, \sigma^2)$.

1. How must $\sigma^2$ scale with $m$ and $n$ so that $\|W\|_2 = \Theta(\sqrt{n/m})$?
"""
NETWORK = "Consider a network of $L = 10$ layers that stores the activation of every $5$th layer.\n\n1. Find the number of forward operations.\n"


def network(text):
    problem = read_problem(text)
    return pictures(Solution(problem, (Answer(problem.tasks[0], "solved", num(20), schedule=schedule_of(Facts.of(problem))),)))["1"][0]
