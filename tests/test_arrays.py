"""Arrays: matrix arithmetic, equality place by place, laws of vectors; and what must not go through."""

from __future__ import annotations

import pytest

from derive.facts.facts import Facts
from derive.facts.independence import independent
from derive.facts.stated import given_value, law_of
from derive.facts.verdict import UNKNOWN
from derive.kernel.algebra import equal
from derive.kernel.apply import Refused, Spot, by_algebra, by_given
from derive.kernel.combining import placed
from derive.kernel.entries import by_entries
from derive.language.reading import read_problem
from derive.planner.solve import solve
from derive.rulebook.load import load
from derive.terms import Term, at, call, expect, mul, num, same, shape, sym

N, D, V = sym("n"), sym("d"), sym("v")
A, B = sym("A", (N, D)), sym("B", (D, D))
X, Y = sym("x", (D,)), sym("y", (D,))
IDENTITY = call("Identity", D)


def times(*parts: Term) -> Term:
    return Term("MatMul", parts)


def turned(a: Term) -> Term:
    return call("Transpose", a)


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [
        (times(A, mul(V, IDENTITY), turned(A)), mul(V, times(A, turned(A))), True),
        (turned(times(A, B)), times(turned(B), turned(A)), True),
        (times(A, B, IDENTITY, X), times(A, times(B, X)), True),
        (times(B, call("Add", X, mul(num(-1), X))), call("Zeros", D), True),
        (times(B, turned(B)), times(turned(B), B), False),
        (times(X, turned(Y)), times(Y, turned(X)), False),
        (mul(V, IDENTITY), IDENTITY, False),
        (turned(B), B, False),
    ],
)
def test_matrix_arithmetic(left: Term, right: Term, holds: bool):
    assert equal(left, right)[0] is holds


def test_a_covariance_of_vectors_is_not_symmetric():
    a, b = sym("a"), sym("b")
    assert same(call("Cov", a, b), call("Cov", b, a))
    assert not same(call("Cov", X, Y), call("Cov", Y, X))


def test_algebra_keeps_shapes():
    facts = Facts({}, (), {})
    with pytest.raises(Refused):
        by_algebra(mul(num(0), X), Spot(), num(0), facts)


def document(*lines: str) -> Facts:
    return Facts.of(read_problem("\n".join([*lines, "", "1. Find $1 + 1$."])))


def test_entries_are_shown_for_any_place_or_not_at_all():
    facts = document(r"Let $B \in \mathbb{R}^{d \times d}$ be fixed.")
    b = facts.symbols["B"].term
    with pytest.raises(Refused):
        by_entries(b, Spot(), turned(b), facts, lambda p, f: UNKNOWN)
    with pytest.raises(Refused):  # the diagonal alone agrees
        by_entries(b, Spot(), turned(b), facts, lambda p, f: UNKNOWN, split=True)


def test_entries_of_a_normal_vector():
    facts = document(r"Let $\mu \in \mathbb{R}^d$.", r"Let $x \sim \mathcal{N}(\mu, \Sigma)$ in $\mathbb{R}^d$.",
                     r"Let $s > 0$.", r"Let $u \sim \mathcal{N}(0, s I)$ in $\mathbb{R}^d$.")  # fmt: skip
    x, u, s = (facts.symbols[n].term for n in ("x", "u", "s"))
    one, two = num(1), num(2)
    law = law_of(facts, at(u, one))
    assert law is not None and same(law[0], call("Normal", num(0), s))
    assert independent(facts, (at(u, one), at(u, two)))
    assert not independent(facts, (at(x, one), at(x, two)))


def test_entries_of_a_stated_covariance():
    facts = document(r"Let $x$ be a random vector in $\mathbb{R}^d$ with mean $\mu$ and covariance $\Sigma$.")
    x, sigma = facts.symbols["x"].term, facts.symbols["Sigma"].term
    got = given_value(facts, call("Cov", at(x, num(1)), at(x, num(2))))
    assert got is not None and same(got[0], at(sigma, num(1), num(2)))
    assert given_value(facts, expect(call("Pow", at(x, num(1)), num(2)))) is None


def test_rows_of_a_product_are_independent_and_columns_of_it_are_not_known_to_be():
    facts = document(r"Let $W \in \mathbb{R}^{n \times d}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$.", r"Let $x \in \mathbb{R}^d$ be fixed.",
                     r"Let $M \in \mathbb{R}^{d \times d}$ be fixed.")  # fmt: skip
    w, x, m = (facts.symbols[n].term for n in ("W", "x", "M"))
    assert independent(facts, (at(times(w, x), num(1)), at(times(w, x), num(2))))
    assert not independent(facts, (at(times(w, m), num(1), num(1)), at(times(w, m), num(1), num(2))))


def test_a_proof_by_entries_shows_each_place():
    text = "\n".join([r"Let $W \in \mathbb{R}^{n \times d}$ have i.i.d. entries with mean $0$ and variance $v$.", "",
                      r"1. Show that $\mathbb{E}[W^\top W] = n v I$.", r"2. Show that $\mathbb{E}[W^\top W] = n v\, \mathbf{1}_d \mathbf{1}_d^\top$."])  # fmt: skip
    first, second = solve(read_problem(text), load()).answers
    assert first.status == "shown"
    (step,) = first.steps
    assert step.rule == "array.equality" and shape(step.before)
    assert [len(c.apart) for c in step.conditions] == [1, 0]
    assert all(s.checked.cases for c in step.conditions for s in c.steps)
    assert second.status == "refuted"


def test_a_stated_size_is_no_size_under_a_derivative():
    text = "\n".join([r"Let $x \in \mathbb{R}^d$ be fixed.", r"Assume $\|x\| = 1$.", "",
                      r"1. Find $\nabla_x \|x\|^2$.", r"2. Show that $\nabla_x \|x\|^2 = 0$.", r"3. Find $\|x\|^2 + \sum_j x_j^2$."])  # fmt: skip
    first, second, third = solve(read_problem(text), load()).answers
    x = first.task.objects[0].var
    assert first.result is not None and same(first.result, mul(num(2), x))
    assert second.status == "refuted"
    assert third.result == num(2)


def test_what_is_known_elsewhere_is_not_put_under_a_derivative():
    facts = document(r"Let $x \in \mathbb{R}^d$ be fixed.", r"Assume $\|x\| = 1$.")
    x = facts.symbols["x"].term
    norm = call("Norm", x)
    proof = by_given(norm, Spot(), facts)
    assert placed(proof, mul(num(2), norm), Spot((1,)), facts).after == mul(num(2), num(1))
    with pytest.raises(Refused):
        placed(proof, Term("Grad", (x, norm, x)), Spot((1,)), facts)
