"""What the kernel must refuse: the ways in which a proof checker was once unsound, and its neighbours."""

from __future__ import annotations

import pytest

from derive.facts.facts import Facts, is_random
from derive.facts.independence import independent
from derive.facts.indices import count
from derive.facts.knowing import knowing
from derive.facts.stated import law_of
from derive.kernel.apply import Refused, Spot, by_algebra, by_definition, by_earlier, by_given, by_rule
from derive.kernel.combining import gather, reverse
from derive.kernel.conditioning import given
from derive.kernel.step import Step
from derive.language.reading import read_claim, read_problem
from derive.rulebook.load import load
from derive.terms import ONE, Term, add, at, binder, call, expect, mul, num, power, sum_, sym

RULES = load()
TEXT = r"""# A place to stand

Let $x \in \mathbb{R}^d$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.
Let $a \in \mathbb{R}$ and $c > 0$.
Let $A, B \in \mathbb{R}^{n \times d}$ be fixed.
Let $X$ and $Y$ be random variables.
Define $Z_j = |x_j|$.

1. Find $\mathbb{E}[x_1]$.
"""


@pytest.fixture
def problem():
    return read_problem(TEXT)


@pytest.fixture
def facts(problem):
    return Facts.of(problem)


def term(problem, text: str) -> Term:
    """The left side of a relation, read against the document."""
    return read_claim(f"{text} = 0", problem)[0].args[0]


def lam(var: Term, body: Term) -> Term:
    return Term("Lambda", (var, body))


def index_range(*parts: Term) -> Term:
    return Term("IndexRange", parts)


def test_steps_are_made_by_the_kernel_only():
    with pytest.raises(TypeError):
        Step("=", ONE, num(2), "algebra")


def test_a_step_made_by_the_kernel_cannot_be_given_other_mathematics(facts):
    step = by_algebra(add(ONE, ONE), Spot(), num(2), facts)
    with pytest.raises(AssertionError):
        step.shown(after=num(3))


def test_a_dimension_is_no_range(problem, facts):
    """A sum that leaves an index out is not the square of the norm."""
    x, j, d = problem.symbols["x"].term, sym("j"), problem.symbols["d"].term
    short = sum_(j, power(at(x, j), 2), ONE, d, ONE)
    with pytest.raises(Refused):
        by_rule(RULES["norm.even_power"], {"x": x, "n": d, "m": ONE}, short, Spot(), facts, direction="right to left")
    whole = sum_(j, power(at(x, j), 2), ONE, d)
    step = by_rule(RULES["norm.even_power"], {"x": x, "n": d, "m": ONE}, whole, Spot(), facts, direction="right to left")
    assert step.after == power(call("Norm", x), 2)


def test_a_quotient_by_itself_needs_a_reason(problem, facts):
    a, c = problem.symbols["a"].term, problem.symbols["c"].term
    with pytest.raises(Refused, match=r"a \\ne 0"):
        by_algebra(mul(a, power(a, num(-1))), Spot(), ONE, facts)
    step = by_algebra(mul(c, power(c, num(-1))), Spot(), ONE, facts)
    assert step.conditions and "line 4" in step.conditions[0].because


def test_what_is_bound_is_not_the_document_s(problem, facts):
    """The law of the document's x_1 says nothing of an index or variable that is only called alike."""
    X = problem.symbols["X"].term
    inner = binder("ExpectOver", X, expect(X), call("Normal", num(5), ONE))
    with pytest.raises(Refused, match="bound here"):
        by_rule(RULES["moment.second"], {"X": X}, binder("ExpectOver", X, expect(power(X, 2)), call("Normal", num(5), ONE)),
                Spot((1,)), facts)  # fmt: skip
    assert inner.is_binder


def test_a_random_factor_stays_inside(problem, facts):
    X, Y = problem.symbols["X"].term, problem.symbols["Y"].term
    with pytest.raises(Refused, match="random"):
        by_rule(RULES["expectation.of_multiple"], {"a": X, "X": Y}, expect(mul(X, Y)), Spot(), facts)


def test_independence_is_never_assumed(problem, facts):
    X, Y = problem.symbols["X"].term, problem.symbols["Y"].term
    with pytest.raises(Refused, match="independent") as refused:
        by_rule(RULES["expectation.of_product"], {"X": X, "Y": Y}, expect(mul(X, Y)), Spot(), facts)
    assert "independent" in refused.value.missing


def test_pairwise_is_not_joint():
    p = read_problem(r"""Let $A$, $B$ and $C$ be random variables.
Assume $A$ and $B$ are independent.
Assume $A$ and $C$ are independent.
Assume $B$ and $C$ are independent.

1. Find $\mathbb{E}[A B C]$.
""")
    f = Facts.of(p)
    a, b, c = (p.symbols[n].term for n in "ABC")
    assert independent(f, (a, b))
    assert independent(f, (a, b, c)).holds is None


def test_what_is_said_of_a_product_says_nothing_of_its_factors():
    p = read_problem(r"""Let $A$, $B$ and $C$ be random variables.
Assume $A B$ and $C$ are independent.

1. Find $\mathbb{E}[A C]$.
""")
    f = Facts.of(p)
    assert not independent(f, (p.symbols["A"].term, p.symbols["C"].term))


def test_entries_are_independent_only_where_they_differ(problem, facts):
    x, j, k, d = problem.symbols["x"].term, sym("j"), sym("k"), problem.symbols["d"].term
    line = sum_(j, sum_(k, expect(mul(at(x, j), at(x, k))), ONE, d), ONE, d)
    loose = facts.at(line, (1, 1, 0))
    assert independent(loose, (at(x, j), at(x, k))).holds is None
    apart = facts.at(sum_(j, sum_(k, expect(mul(at(x, j), at(x, k))), ONE, d, j), ONE, d), (1, 1, 0))
    assert independent(apart, (at(x, j), at(x, k)))


def test_two_left_out_count_as_two_only_where_they_differ(problem, facts):
    j, k, d = sym("j"), sym("k"), problem.symbols["d"].term
    one = facts.enter(sum_(j, ONE, ONE, d))
    assert count(one.enter(sum_(k, ONE, ONE, d)), ONE, d, (j, k)) is None
    assert count(one.enter(sum_(k, ONE, ONE, d, j)), ONE, d, (j, k)) == add(d, num(-2))


def test_an_index_is_split_off_only_from_its_range(problem, facts):
    x, j, d = problem.symbols["x"].term, sym("j"), problem.symbols["d"].term
    without = sum_(j, at(x, j), ONE, d, ONE)
    b = {"X": lam(j, at(x, j)), "n": index_range(ONE, d, ONE), "k": ONE}
    with pytest.raises(Refused):
        by_rule(RULES["sum.split_off"], b, without, Spot(), facts)
    whole = sum_(j, at(x, j), ONE, d)
    step = by_rule(RULES["sum.split_off"], {**b, "n": index_range(ONE, d)}, whole, Spot(), facts)
    assert step.after.head == "Add"


def test_a_rule_about_numbers_does_not_fit_matrices(problem, facts):
    A, B = problem.symbols["A"].term, problem.symbols["B"].term
    line = call("Sign", call("Hadamard", A, B))
    with pytest.raises(Refused):
        by_rule(RULES["sign.of_product"], {"a": A, "b": B}, line, Spot(), facts)


def test_bindings_must_give_the_line(problem, facts):
    X, Y = problem.symbols["X"].term, problem.symbols["Y"].term
    with pytest.raises(Refused, match="does not fit"):
        by_rule(RULES["variance.definition"], {"X": Y}, call("Var", X), Spot(), facts)
    with pytest.raises(Refused, match="nothing is chosen"):
        by_rule(RULES["variance.definition"], {}, call("Var", X), Spot(), facts)


def test_an_array_defined_entry_by_entry_is_as_random_as_its_entries(problem, facts):
    Z = problem.symbols["Z"].term
    assert is_random(facts, at(Z, ONE))
    assert is_random(facts, call("Norm", Z))
    assert not is_random(facts, expect(at(Z, ONE)))


def test_steps_that_do_not_follow_are_not_gathered(facts):
    one = by_algebra(add(ONE, ONE), Spot(), num(2), facts)
    other = by_algebra(add(ONE, num(2)), Spot(), num(3), facts)
    with pytest.raises(Refused):
        gather([one, other])
    assert gather([one, reverse(one)]).after == one.before


def test_a_bound_name_is_never_captured(problem, facts):
    """The index of the matrix product must not be the row index that stands outside."""
    A, x = problem.symbols["A"].term, problem.symbols["x"].term
    n, d, j = problem.symbols["n"].term, problem.symbols["d"].term, sym("j")
    line = sum_(j, at(call("MatMul", A, x), j), ONE, n)
    step = by_rule(RULES["matrix_vector.entry"], {"A": A, "x": x, "n": n, "m": d, "i": j}, line, Spot((1,)), facts)
    inner = step.after.body
    assert inner.var != j and inner.body == mul(at(A, j, inner.var), at(x, inner.var))


def test_an_index_that_is_a_number_needs_the_whole_range(tmp_path, problem, facts):
    """Gauss's sum from 2 to 5 is not 10."""
    (tmp_path / "90-gauss.md").write_text(
        "# Gauss\n\n## sum.of_numbers\n\nLet $n \\ge 0$ be an integer.\n\n"
        "Then $\\sum_{j=1}^n j = \\frac{n (n + 1)}{2}$.\n\n**Why.** Pairs.\n\n**Axiom.**\n\n**Source.** School.\n"
    )
    rule = load(tmp_path)["sum.of_numbers"]
    j = sym("j")
    with pytest.raises(Refused):
        by_rule(rule, {"n": index_range(num(2), num(5))}, sum_(j, j, num(2), num(5)), Spot(), facts)


def test_a_chain_adds_up_to_a_claim_only_by_relations_that_compose():
    """Bounds that may be equalities are no proof of a strict claim, nor of an equation."""
    from derive.facts.facts import Facts
    from derive.kernel.chain import proves

    said = r"""# Signs

Let $a > 0$ and $b \ge 0$.

1. Show that $a + b > 0$.
2. Show that $b \ge 0$.
3. Is it true that $b > 0$?
4. Is it true that $b = 0$?
"""
    from derive.language.reading import read_problem
    from derive.planner.solve import solve
    from derive.rulebook.load import load

    answers = solve(read_problem(said), load())
    assert [answers[n].status for n in (1, 2, 3, 4)] == ["shown", "shown", "refuted", "refuted"]
    strict, weak = answers[1].steps, answers[2].steps
    a, b = answers[1].task.objects[0], answers[2].task.objects[0]
    facts = Facts.of(answers.problem)
    assert proves(strict, a, facts) and proves(weak, b, facts)
    assert not any(proves(s, p, facts) for s, p in ((weak, Term("Gt", b.args)), (weak, Term("Eq", b.args)), (weak[1:], b)))


def test_what_was_found_earlier_is_not_said_of_a_bound_name(problem, facts):
    x1, c = term(problem, "x_1"), term(problem, "c")  # of c a line says that it is positive
    twice = by_algebra(add(c, c), Spot(), mul(num(2), c), facts)
    line = sum_(sym("j"), add(c, c), ONE, num(3))
    assert by_earlier(line, Spot((1,)), "1", (twice,), facts).after == sum_(sym("j"), mul(num(2), c), ONE, num(3))
    bound = sum_(c, add(c, c), ONE, num(3))  # the document's c is not this one
    with pytest.raises(Refused, match="bound here"):
        by_earlier(bound, Spot((1,)), "1", (twice,), facts)
    moved = binder("Deriv", c, add(c, c), c)  # what holds of a value says nothing of its neighbours
    with pytest.raises(Refused, match="bound here"):
        by_earlier(moved, Spot((1,)), "1", (twice,), facts)
    with pytest.raises(Refused, match="something else"):
        by_earlier(x1, Spot(), "1", (twice,), facts)


def test_what_was_found_earlier_is_not_said_of_what_moves_without_showing_it():
    problem = read_problem("# Moving\n\nLet $u \\in \\mathbb{R}^n$.\nAssume $\\|u\\|^2 = 5$.\nDefine $r = \\|u\\|^2 + 1$.\n\n1. Find $r$.\n")
    facts, r, u = Facts.of(problem), term(problem, "r"), term(problem, "u")
    unfolded = by_definition(r, Spot(), facts.definitions[r], facts)
    value = by_given(unfolded.after, Spot((0,)), facts)
    proof = (unfolded, value)
    assert by_earlier(r, Spot(), "1", proof, facts).after == value.after
    with pytest.raises(Refused, match="depends on"):  # at this u it is a number, and its gradient is not 0
        by_earlier(binder("Grad", u, r, u), Spot((1,)), "1", proof, facts)


def test_what_an_earlier_task_found_is_entered_in_the_middle_of_its_proof(problem, facts):
    a = term(problem, "a")
    first = by_algebra(mul(num(2), a), Spot(), add(a, a), facts)
    second = by_algebra(first.after, Spot(), mul(a, num(2)), facts)
    step = by_earlier(power(add(a, a), num(2)), Spot((0,)), "3", (first, second), facts, begin=1)
    assert step.after == power(mul(num(2), a), num(2))
    assert step.conditions[0].because == "task 3 meets it in step 3.1, and finds its value"


GIVEN = r"""# Averages given something

Let $x, y \in \mathbb{R}^d$ have i.i.d. standard normal entries.
Assume $x$ and $y$ are independent.
Let $X$, $Y$ and $Z$ be random variables.
Assume $X$ and $Y$ are independent.
Assume $Z$ and $Y$ are independent.
Assume $X$ and $Z$ are independent.
Assume $\mathbb{E}[X] = 2$.

1. Find $\mathbb{E}[x^\top y \mid y]$.
"""


def test_what_is_known_is_fixed_and_what_is_tied_to_it_has_no_law():
    problem = read_problem(GIVEN)
    facts = Facts.of(problem)
    x, y, X, Y, Z = (problem.symbols[n].term for n in ("x", "y", "X", "Y", "Z"))
    there = knowing(facts, (y,), call("Dot", x, y))
    assert there is not None and not is_random(there, y) and is_random(there, x)
    assert law_of(there, at(x, ONE)) is not None and law_of(there, at(y, ONE)) is None
    three = knowing(facts, (Y,), mul(X, Z))  # pairwise: given Y, X and Z may be tied to one another
    assert three is not None and not independent(three, (X, Z))
    assert knowing(facts, (Y,), mul(X, expect(Y))) is None  # E[Y] there is no average given Y


def test_an_equation_given_something_is_said_of_averages_given_that_alone():
    problem = read_problem(GIVEN)
    facts = Facts.of(problem)
    X, Y, Z = (problem.symbols[n].term for n in ("X", "Y", "Z"))
    there = knowing(facts, (Y,), X)
    assert there is not None
    step = by_given(expect(X), Spot(), there)
    line = expect(call("Given", X, Y))
    assert given(step, line, Spot(), there, facts).after == num(2)
    with pytest.raises(Refused):  # given something else
        given(step, expect(call("Given", X, Z)), Spot(), there, facts)
    with pytest.raises(Refused):  # shown of averages with nothing given
        given(by_given(expect(X), Spot(), facts), line, Spot(), there, facts)
    with pytest.raises(Refused):  # what another task found of E is not said where something is known
        by_earlier(expect(X), Spot(), "1", (by_given(expect(X), Spot(), facts),), there)


def test_what_stands_before_a_bar_is_no_value():
    problem = read_problem(GIVEN)
    Y, Z = (problem.symbols[n].term for n in ("Y", "Z"))
    inside = call("Given", Z, Y)
    with pytest.raises(Refused, match="no value"):
        by_rule(RULES["variance.definition"], {"X": inside}, call("Var", inside), Spot(), Facts.of(problem))
