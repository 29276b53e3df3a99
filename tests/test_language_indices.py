"""Indices stay in the range that a declaration gives them; where that is symbolic, sizes are as large as they must be."""

from __future__ import annotations

import pytest

from derive.language.model import ReadError
from derive.language.reading import read_problem
from derive.language.writer import latex

HEAD = r"""Let $x \in \mathbb{R}^3$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.
Let $y \in \mathbb{R}^n$ and $A \in \mathbb{R}^{2 \times 4}$ be fixed.
Let $X_1, \ldots, X_3$ be i.i.d. with mean $m$ and variance $v$.
Let $k \in \{1, \ldots, 7\}$.
Define $q = 5$.
Let $c \in \mathbb{R}^q$ be fixed.

"""

# A formula, the words at fault, and what is said of them.
OUTSIDE = [
    (r"x_4^2", "4", "from 1 to 3"),
    (r"x_0", "0", "from 1 to 3"),
    (r"x_{1.5}", "1.5", "from 1 to 3"),
    (r"A_{1,5}", "5", "from 1 to 4"),
    (r"A_{15}", "5", "from 1 to 4"),
    (r"A_{3,1}", "3", "from 1 to 2"),
    (r"(A A^\top)_{1,3}", "3", "from 1 to 2"),
    (r"X_7", "7", "from 1 to 3"),
    (r"X_1 + \cdots + X_4", "4", "from 1 to 3"),
    (r"c_6", "6", "from 1 to 5"),
    (r"x_k", "k", "reaches 7"),
    (r"y_{n+1}", "n+1", "reaches n + 1"),
    (r"y_0", "0", "from 1 to n"),
    (r"\sum_{j=1}^5 x_j", "j", "reaches 5"),
    (r"\sum_{j=0}^3 x_j", "j", "reaches 0"),
    (r"\sum_{j=1}^n y_{j+1}", "j+1", "reaches n + 1"),
    (r"\sum_{1 \le i < j \le 5} x_i x_j", "i", "reaches 4"),
    (r"\mathbb{E}_{z \sim \mathcal{N}(0, I_2)}[z_3]", "3", "from 1 to 2"),
]


@pytest.mark.parametrize(("formula", "words", "said"), OUTSIDE, ids=[o[0] for o in OUTSIDE])
def test_an_index_out_of_range_is_refused(formula, words, said):
    with pytest.raises(ReadError) as caught:
        read_problem(f"{HEAD}1. Find ${formula}$.\n")
    e = caught.value
    assert "out of range" in e.message and said in e.message
    assert (e.line, e.words) == (8, words)
    assert e.expected and e.expected[0].startswith("an index from 1 to ")
    assert f"1. Find ${formula}$."[e.column - 1 :].startswith(words)


@pytest.mark.parametrize(
    "formula",
    [
        "x_3", "A_{24}", "X_3", "c_5", "y_4", "y_{n-1}", r"\sum_{j=1}^{n-1} y_{j+1} y_j", r"\sum_{j=2}^n y_{j-1}",
        r"\sum_{1 \le i < j \le n} y_i y_j", r"\sum_{j=1}^3 x_j \sum_{i=1}^j x_i", r"\sum_{j \ne 2} x_j",
        r"\sum_{j=1, j \ne n}^n y_{j+1}", r"\sum_{j=1}^{n/2} y_j",
    ],
)  # fmt: skip
def test_an_index_in_range_is_read(formula):
    assert len(read_problem(f"{HEAD}1. Find ${formula}$.\n").tasks) == 1


@pytest.mark.parametrize(
    ("formula", "least"),
    [
        ("y_4^2", [r"n \ge 4"]),
        ("y_4 y_7", [r"n \ge 7"]),
        ("y_{n-1}", [r"n \ge 2"]),
        ("y_1", []),
        ("x_3", []),
        (r"\sum_{j \ne 4} y_j", [r"n \ge 4"]),
    ],
)
def test_an_entry_that_is_named_says_how_large_a_size_is(formula, least):
    task = read_problem(f"{HEAD}1. Find ${formula}$.\n").tasks[0]
    assert [latex(g.prop) for g in task.local] == least


def test_what_one_task_names_says_nothing_of_another():
    first, second = read_problem(HEAD + "1. Find $y_4$.\n2. Find $y_1$.\n").tasks
    assert first.local and not second.local
    assert all(g.prop.head != "Ge" for g in read_problem(HEAD + "1. Find $y_4$.\n").givens)


def test_an_assumption_about_an_entry_is_one_about_sizes():
    problem = read_problem(HEAD + "Assume $y_4 = 1$.\n\n1. Find $y_1$.\n")
    assert r"n \ge 4" in [latex(g.prop) for g in problem.givens]


@pytest.mark.parametrize(
    ("formula", "low", "high"),
    [("y_j y_{j+1}", "1", "n - 1"), ("y_{j-1} y_{j+1}", "2", "n - 1"), ("y_{j+2}", "1", "n - 2"), ("y_j", "1", "n")],
)
def test_an_open_index_runs_only_where_all_entries_are_there(formula, low, high):
    (found,) = read_problem(f"{HEAD}1. Find ${formula}$.\n").tasks[0].ranges
    assert [latex(t) for t in found] == ["j", low, high]


def test_the_argument_of_a_density_runs_where_its_law_has_its_weight():
    said = "Let $p_l$ be the density of $\\mathrm{Exponential}(l)$.\nLet $f : \\mathbb{R} \\to \\mathbb{R}$ be a function.\n\n"
    first, second = read_problem(said + "1. Find $\\nabla_l \\log p_l(x)$.\n2. Find $f(x)$.\n").tasks
    assert [latex(g.prop) for g in first.local] == ["x > 0"] and not second.local


@pytest.mark.parametrize(
    ("formula", "known"),
    [
        ("p(x) + p(x)^2", ["x > 0"]),
        ("p(x) + u(x)", []),  # where one has weight, the other need not
        ("p(x) + n(x)", []),
        ("u(x) + v(x)", []),
        ("p(x) + n(y)", ["x > 0"]),
    ],
)
def test_an_argument_of_densities_that_live_in_different_places_is_any_number(formula, known):
    laws = {"p": r"\mathrm{Exponential}(1)", "u": r"\mathrm{Uniform}(0, 1)", "v": r"\mathrm{Uniform}(2, 3)", "n": r"\mathcal{N}(0, 1)"}
    said = "".join(f"Let ${name}$ be the density of ${law}$.\n" for name, law in laws.items())
    task = read_problem(f"{said}\n1. Find ${formula}$.\n").tasks[0]
    assert [latex(g.prop) for g in task.local] == known
