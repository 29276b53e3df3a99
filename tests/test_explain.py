"""Steps of real documents explained: what stands in the rule here, its proof opened, the step in numbers."""

import json
import re

import pytest

import derive
from derive.explaining import explain
from derive.explaining.model import ProofStep
from derive.explaining.numbering import UnknownStep, all_steps, numbered
from derive.hosts.cli import main
from derive.kernel.step import Step
from derive.language.writer import latex
from derive.rulebook.load import load

FEATURES = r"""# Feature scale

Let $W \in \mathbb{R}^{d_2 \times d_1}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$.
Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$, independent of $W$.
Define $y = W x$.

1. Find $\mathbb{E}[\mathrm{RMS}(y)^2]$.
2. How does $\mathbb{E}[\mathrm{RMS}(y)^2]$ scale with $d_1$ and $d_2$?
"""
HALF = r"""# Half-normal

Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.

1. Find $\mathbb{E}[|x_1|]$.
"""
PRODUCT = r"""# A product

Let $A$ and $B$ be independent random variables.

1. Show that $\mathrm{Var}(A B) = \mathbb{E}[A^2]\, \mathbb{E}[B^2] - \mathbb{E}[A B]^2$.
"""


@pytest.fixture(scope="module")
def book():
    return load()


@pytest.fixture(scope="module")
def features():
    return numbered(derive.solve(FEATURES))


def step_by(solution, rule):
    return next(s.id for s in all_steps(solution) if s.rule == rule)


def walk(proof):
    for s in proof:
        yield s
        yield from walk(s.steps)


def written(term, e):
    return latex(term, e.problem.symbols)


def test_the_statement_has_this_steps_symbols(features, book):
    e = explain(features, book, step_by(features, "expectation.square_of_centred_sum"))
    assert written(e.statement, e) == (
        r"\mathbb{E}\Big[ \Big( \sum_{j=1}^{d_1} W_{ij} x_j \Big)^2 \Big] = \sum_{j=1}^{d_1} \mathbb{E}[(W_{ij} x_j)^2]"
    )
    assert written(e.bindings["X"].body, e) == "W_{ij} x_j"
    assert any("uncorrelated" in c.text and c.because for c in e.conditions)
    assert len(e.without) == 2 and "uncorrelatedness" in e.without[0]


def test_every_step_has_its_numbers(features, book):
    for s in features["1"].steps:
        sizes = "$d_1 = 2$" if s.before.head == "Sum" else "$d_1 = 2$, $d_2 = 2$"  # the others have an array or both sizes in them
        assert explain(features, book, s.id).example == f"With {sizes} both sides are $2$."
    last = features["2"].steps[-1]
    assert last.relation == "Theta"
    assert explain(features, book, last.id).example.endswith("divided by the right is $1$, $1$, $1$.")


def test_a_name_without_a_law_is_given_one(book):
    solution = derive.solve(PRODUCT)
    assert r"$A \sim" in explain(solution, book, "1.1").example


def test_a_proof_leads_from_one_side_of_the_statement_to_the_other(features, book):
    for s in all_steps(features):
        e = explain(features, book, s.id)
        rule = e.rule
        if getattr(rule, "kind", "") == "proved" and rule.induction is None and len(rule.proof) == 1 and rule.claim.head == "Eq":
            assert (e.proof[0].before, e.proof[-1].after) == e.statement.args, s.id
            for a, b in zip(e.proof, e.proof[1:], strict=False):
                assert a.after == b.before


def test_an_induction_up_to_a_number_is_carried_out(features, book):
    e = explain(features, book, step_by(features, "normal.even_moment"))
    assert written(e.bindings["n"], e) == "1"
    assert e.proof[0].why.startswith("For $n = 0$.") and any(s.why.startswith("From $n = 0$ to $n = 1$.") for s in e.proof)
    assert written(e.proof[-1].after, e) == "1"


def test_an_induction_over_a_size_stays_general(features, book):
    e = explain(features, book, step_by(features, "expectation.of_finite_sum"))
    assert any(s.why.startswith("From $n$ to $n + 1$.") for s in e.proof)
    general = next(s for s in e.proof if s.rule == "induction")
    assert general.checked.how == "not evaluated" and "every size" in general.checked.because


def test_a_proof_that_counts_members_keeps_its_own_symbols_for_a_written_list(features, book):
    e = explain(features, book, step_by(features, "expectation.of_family_product"))
    assert e.bindings["X"].head == "List" and written(e.bindings["n"], e) == "2"
    assert e.proof[0].why.startswith("In the symbols of expectation.of_family_product itself. For $n = 0$.")
    assert all(s.checked.how == "not evaluated" for s in e.proof)


def test_a_half_normal_mean_opens_down_to_its_integral(book):
    solution = derive.solve(HALF)
    flat, one, deep = (explain(solution, book, "1.1", n) for n in (0, 1, 4))
    assert not any(s.steps for s in flat.proof)
    inner = next(s for s in one.proof if s.rule == "normal.absolute_moment")
    assert written(inner.bindings["X"], one) == "x_1" and "$v$ is $1$" in inner.why
    integral = next(s for s in inner.steps if s.rule == "integral.of_size")
    assert written(integral.after, one).startswith(r"2 \int_0^\infty \frac{t e^{-t^2/2}}")
    ends = [s for s in walk(deep.proof) if s.rule in book and book[s.rule].kind != "proved"]
    assert ends and all("This is a" in s.why or "This is cited" in s.why for s in ends)
    assert any("Source: " in s.why for s in ends)


def test_lines_of_a_proof_are_no_steps_of_the_kernel(features, book):
    e = explain(features, book, step_by(features, "expectation.square_of_centred_sum"), 2)
    lines = list(walk(e.proof))
    assert lines and all(isinstance(s, ProofStep) and not isinstance(s, Step) for s in lines)
    assert all(s.checked.cases > 0 for s in lines if s.checked.how != "not evaluated")
    assert {s.rule for s in lines if "." in s.rule} == set(e.rules_used)


def test_a_step_made_of_several_shows_its_parts(features, book):
    number = next(s.id for s in features["1"].steps if len(s.steps) > 1)
    whole, part = explain(features, book, number), explain(features, book, f"{number}.1")
    assert len(whole.step.steps) > 1 and whole.statement == part.statement


def test_computations_say_what_became_of_what(features, book):
    e = explain(features, book, "1.1")
    assert e.rule.startswith("definition of") and written(e.statement, e) == "y = W x"
    assert explain(features, book, step_by(features, "algebra")).rule == "algebra"


def test_an_unknown_step_names_the_nearest(features, book):
    with pytest.raises(UnknownStep) as error:
        explain(features, book, "1.99")
    assert error.value.nearest[:2] == ("1.1", "1.2")
    whole = next(s for s in features["1"].steps if s.steps)
    with pytest.raises(UnknownStep) as error:
        explain(features, book, f"{whole.id}.77")
    assert error.value.nearest == tuple(s.id for s in whole.steps)


# The command
@pytest.fixture
def file(tmp_path):
    path = tmp_path / "features.md"
    path.write_text(FEATURES, encoding="utf-8")
    return str(path)


def run(capsys, *words):
    status = main([*words, "--timeout", "0", "--memory", "0"])
    return status, *capsys.readouterr()


@pytest.mark.parametrize("kind", ["text", "md", "html", "tex", "json"])
def test_the_command_in_every_format(file, capsys, kind):
    status, out, err = run(capsys, "explain", file, "1.6", "--format", kind, "--deeper", "2")
    assert (status, err) == (0, "")
    assert "IndexRange" not in out if kind != "json" else json.loads(out)["proof"]
    if kind == "html":
        assert set(re.findall('href="#([^"]*)"', out)) <= set(re.findall('id="([^"]*)"', out))


def test_the_command_takes_inner_steps_conditions_and_anchors(file, capsys):
    solved = json.loads(run(capsys, "solve", file, "--format", "json")[1])["tasks"][0]["steps"]
    inner = next(s for s in solved if s["steps"])["steps"][0]
    shown = next(c for s in solved for c in s["conditions"] if c.get("steps"))["steps"][0]
    for step in (inner, shown):
        by_number = run(capsys, "explain", file, step["id"], "--format", "text")
        assert by_number[0] == 0 and f"({step['id']})" in by_number[1]
        assert run(capsys, "explain", file, step["anchor"], "--format", "text") == by_number


def test_the_command_says_which_steps_there_are(file, capsys):
    status, out, err = run(capsys, "explain", file, "1.99")
    assert (status, out) == (2, "") and "1.1, 1.2" in err
    inner = run(capsys, "explain", file, "1.9.9")[2]
    assert "1.9.1, 1.9.2" in inner
