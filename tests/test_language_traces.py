"""A trace that `derive solve` writes in Markdown or LaTeX is a document with a Working: read back, its lines are the same terms."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

import derive
from derive.kernel.step import Step
from derive.language.model import ReadError
from derive.language.reading import read_problem
from derive.rendering.build import page
from derive.rendering.latex import latex
from derive.rendering.markdown import markdown
from derive.rendering.page import Page
from derive.rendering.words import GROWTH
from derive.terms import Term, call, num, same, sym

ROOT = Path(__file__).parents[1]
HEADS = {"!=": "Ne", "<=": "Le", ">=": "Ge", "<": "Lt", ">": "Gt", "~": "Asym", "implies": "Implies", "iff": "Iff"}
HEAD = "# T\n\nLet $A$ and $B$ be independent random variables.\n\n1. Find $\\mathrm{Var}(A)$.\n\n**Working.**\n\n"

# Documents of the homework's first question, and others with growth, bounds, claims and constants.
TRACED = [
    "examples/feature-scale.md",
    "tests/problems/must-scale.md",
    "tests/problems/relu-he.md",
]


@lru_cache
def solved(name: str):
    return derive.solve((ROOT / name).read_text(encoding="utf-8"))


def said(step: Step) -> Term:
    """What a displayed line says."""
    after = step.after
    if step.relation in GROWTH and after.head not in GROWTH.values():
        after = call(GROWTH[step.relation], after)
    return call(HEADS.get(step.relation, "Eq"), step.before, after)


def numbers(shown: Page) -> list[str]:
    return [s.id for t in shown.tasks for x in (t, *t.alternatives) for c in x.chains for s in c.steps]


@pytest.mark.parametrize("name", TRACED)
@pytest.mark.parametrize("form", ["md", "github", "tex"])
def test_a_trace_is_read_back(name, form):
    solution = solved(name)
    shown = page(solution)
    text = latex(shown) if form == "tex" else markdown(shown, form.removeprefix("md"))
    lines = read_problem(text).working
    steps = [s for a in solution.answers for x in (a, *a.alternatives) for s in x.steps]
    assert steps and len(lines) == len(steps)
    for step, line in zip(steps, lines, strict=True):
        assert line.prop is not None and same(line.prop, said(step)), line.text
        assert line.citation is not None and line.citation.startswith("by ")
        if "." in step.rule:
            assert line.citation == f"by {step.rule}"
    assert [x.label for x in lines] == numbers(shown)


def working(text: str):
    return read_problem(f"{HEAD}{text}\n").working


def test_a_statement_goes_on_with_iff_and_implies():
    a, b, c = working(
        r"""$$\begin{aligned}
& \mathbb{E}[A] = 1 \\
\iff\quad & \mathbb{E}[A] + 1 = 2 && \text{by algebra} && (1.1) \\
\implies\quad & \mathbb{E}[A + 1] = 2 && \text{by expectation.of\_finite\_sum} && (1.2)
\end{aligned}$$

$\mathbb{E}[A] = 0 \iff \mathbb{E}[B] = 0$."""
    )
    assert [x.prop.head for x in (a, b, c)] == ["Iff", "Implies", "Iff"]
    assert a.prop.args[1] == b.prop.args[0]
    assert [(x.label, x.citation) for x in (a, b)] == [
        ("1.1", "by algebra"), ("1.2", "by expectation.of_finite_sum"),
    ]  # fmt: skip


def test_a_reason_may_name_what_it_defines():
    (line,) = working(r"$$\mathbb{E}[A] &= 1 && \text{by definition of $\hat{x}$} && (1.2.1)$$".replace("&=", "="))
    assert (line.citation, line.label) == (r"by definition of $\hat{x}$", "1.2.1")


def test_what_stands_behind_two_signs_is_no_factor():
    text = r"$$\begin{aligned} \mathbb{E}[A] &= \mathbb{E}[B] && (\mathbb{E}[A] + 1) \end{aligned}$$"
    with pytest.raises(ReadError) as caught:
        working(text)
    assert "behind &&" in caught.value.message and caught.value.line == 9
    assert text[caught.value.column - 1 :].startswith("&& (")


def test_a_zero_beside_an_array_is_one():
    (line,) = read_problem(
        "# T\n\nLet $c > 0$ and $u \\in \\mathbb{R}^n$.\n\n**Working.**\n\n$$u + c \\cdot 0 = u$$\n"
    ).working
    assert line.prop.args[0].args[1].args[1].head == "Zeros"


def test_what_a_statement_draws_is_known_in_those_behind_it():
    (line,) = working(r"$$\begin{aligned} & z \sim \mathcal{N}(0, 1) \\ \implies\quad & 2 z \sim \mathcal{N}(0, 4) \end{aligned}$$")
    assert line.prop.head == "Implies" and [p.head for p in line.prop.args] == ["Dist", "Dist"]


def test_a_time_has_its_unit():
    (line,) = working(r"$5 + 15 = 20\,\mathrm{ns}$.")
    assert line.prop.args[1] == call("Unit", num(20), sym("ns"))
