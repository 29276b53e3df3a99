"""Counterexamples, growth, counts, and the rules' own instances."""

from dataclasses import replace

import numpy as np
import pytest

from derive.language.chapters import read_chapter
from derive.language.reading import read_claim, read_problem
from derive.referee.instances import find_counterexample, plain
from derive.referee.judge import judge, judge_claim
from derive.referee.rules import check_example, check_failure, judge_rule
from derive.referee.setting import Setting
from derive.rulebook.load import load
from derive.terms import HALF, ONE, call, div, mul, sub

RANK_ONE = r"""# Signs

Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.
Let $g \in \mathbb{R}^{d_2}$ be fixed with nonzero entries.
Define $M = \mathrm{sign}(g x^\top)$.

1. Find $\|M\|_F$.
"""
SPECTRAL = r"""# Norms that grow

Let $W \in \mathbb{R}^{n \times m}$ and $h \in \mathbb{R}^m$.
Assume $\|W\|_2 = \Theta(\sqrt{n/m})$ and $\|h\|_2 = \Theta(\sqrt{m})$.
Define $y = W h$.

1. Find $\|y\|$.
"""


def claims(text, problem):
    return read_claim(text, problem)[0]


def test_a_counterexample_is_small_and_whole():
    problem = read_problem(RANK_ONE)
    found = find_counterexample(claims(r"$M = \mathrm{sign}(g) x^\top$", problem), Setting.of(problem))
    assert found is not None
    assert found["where"]["d_1"] == found["where"]["d_2"] == 1
    assert isinstance(found["where"]["x"], int) and isinstance(found["where"]["g"], int)
    assert found["left"] != found["right"]
    sign = 1 if found["where"]["g"] * found["where"]["x"] > 0 else -1
    assert found["left"] == sign


def test_no_counterexample_to_what_is_true():
    problem = read_problem(RANK_ONE)
    assert find_counterexample(claims(r"$M = \mathrm{sign}(g) \mathrm{sign}(x)^\top$", problem), Setting.of(problem)) is None


def test_a_law_is_refuted_by_a_moment():
    problem = read_problem(
        "# Product\n\nLet $A, B \\sim \\mathcal{N}(0, 1)$ be independent.\n\n1. Find $\\mathbb{E}[A B]$.\n"
    )
    found = find_counterexample(claims(r"$A B \sim \mathcal{N}(0, 1)$", problem), Setting.of(problem))
    assert found is not None
    assert (found["left"], found["right"]) == (9, 3)


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        (r"$\|y\|_2 = O(\sqrt{n})$", True),
        (r"$\mathrm{RMS}(h) = \Theta(1)$", True),
        (r"$\|y\|_2 = \Omega(\sqrt{n})$", False),
        (r"$\|y\|_2 = O(1)$", False),
        (r"$n + \sqrt{n} = \Theta(n)$", True),
        (r"$n + m = \Theta(n)$", False),
        (r"$n \log n = \Theta(n)$", False),
        (r"$n^2 + n \sim n^2$", True),
        (r"$2 n \sim n$", False),
    ],
)
def test_growth(text, agrees):
    problem = read_problem(SPECTRAL)
    v = judge_claim(claims(text, problem), Setting.of(problem))
    assert v.agrees is agrees, v


def test_a_bound_from_below_is_refuted_by_a_family():
    problem = read_problem(SPECTRAL)
    v = judge_claim(claims(r"$\|y\|_2 = \Omega(\sqrt{n})$", problem), Setting.of(problem))
    assert v.instance["h"].head == "Ones"
    assert v.left == 0


def test_how_a_step_size_must_scale():
    problem = read_problem(
        r"""# Steps

Let $h \in \mathbb{R}^n$ and $g \in \mathbb{R}^n$ be fixed with nonzero entries.
Assume $\|h\|_1 = \Theta(n)$.
Let $\eta > 0$.
Define $D = \eta\, \mathrm{sign}(g h^\top)$.

1. How must $\eta$ scale with $n$ so that $\mathrm{RMS}(D h) = \Theta(1)$?
"""
    )
    setting = Setting.of(problem)
    asked = problem.tasks[0].objects[0]
    eta, n = (problem.symbols[s].term for s in ("eta", "n"))
    assert judge("iff", asked, call("Eq", eta, call("Theta", div(ONE, n))), setting).agrees is True
    assert judge("iff", asked, call("Eq", eta, call("Theta", ONE)), setting).agrees is False


def test_the_counts_of_a_network():
    problem = read_problem(
        "# Network\n\nLet $s, k \\in \\mathbb{N}$.\nConsider a network of $L = s k$ layers that stores the activation of "
        "every $k$th layer.\n\n1. Find the number of forward operations.\n"
    )
    setting = Setting.of(problem)
    s, k = (problem.symbols[n].term for n in ("s", "k"))
    forwards = call("ForwardOperations")
    assert judge("=", forwards, mul(HALF, s, k, sub(k, ONE)), setting).agrees is True
    assert judge("=", forwards, mul(s, sub(k, ONE)), setting).agrees is False
    assert judge("=", call("MemoryLoads"), mul(s, k), setting).agrees is True
    assert judge("=", call("MemoryLoads"), mul(s, sub(k, ONE)), setting).agrees is False


# -- rules

CHAPTER = r"""# A chapter

## variance.of_doubtful_sum

Let $X$ and $Y$ be random variables.
Assume $X$ and $Y$ are independent.

Then $\mathrm{Var}(X + Y) = \mathrm{Var}(X) + \mathrm{Var}(Y)$.

**Why.** Independent things vary apart.

**Axiom.** For a test.

**Fails without** independence: with $X = Y \sim \mathcal{N}(0, 1)$ the left side is $4$, the right side $2$.

**Example.** With $X \sim \mathcal{N}(0, 1)$ and $Y \sim \mathcal{N}(0, 2)$ independent, $\mathrm{Var}(X + Y) = 3$.

**Source.** A test.
"""


def rule(text=CHAPTER):
    return read_chapter(text)[1][0]


def test_a_rule_and_its_instances():
    r = rule()
    v = judge_rule(r)
    assert v.agrees is True and v.cases >= 2
    assert check_failure(r, r.fails[0]) == (True, "")
    assert check_example(r, r.examples[0]) == (True, "")


def test_a_rule_without_its_hypothesis_is_refuted():
    assert judge_rule(replace(rule(), hypotheses=())).agrees is False


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the left side is $4$", "the left side is $3$"),
        ("X = Y \\sim \\mathcal{N}(0, 1)$ the left side is $4$, the right side $2$",
         "X \\sim \\mathcal{N}(0, 1)$ and $Y = 3$ the left side is $1$, the right side $1$"),
    ],
)  # fmt: skip
def test_a_failure_that_is_none_is_found(before, after):
    assert before in CHAPTER
    r = rule(CHAPTER.replace(before, after))
    assert check_failure(r, r.fails[0])[0] is False


def test_an_example_that_does_not_come_out_is_found():
    r = rule(CHAPTER.replace(r"\mathrm{Var}(X + Y) = 3", r"\mathrm{Var}(X + Y) = 4"))
    assert check_example(r, r.examples[0])[0] is False


def test_no_rule_of_the_library_is_contradicted():
    wrong = {}
    for name, r in load().items():
        v = judge_rule(r)
        bad = [why for ok, why in [check_failure(r, i) for i in r.fails] + [check_example(r, i) for i in r.examples] if ok is False]
        if v.agrees is False or bad:
            wrong[name] = (v.because, bad)
    assert not wrong


def test_what_is_infinite_is_shown_as_such():
    assert plain(np.inf) == np.inf
    assert plain([1.0, -np.inf]) == [1, -np.inf]
