"""What the lines of a problem share in the referee, and what it may not share."""

from pathlib import Path

import numpy as np
import pytest

from derive.language.reading import read_problem
from derive.planner.desk import Desk
from derive.planner.refereeing import setting_of
from derive.planner.solve import solve
from derive.referee.evaluate import Evaluator
from derive.referee.fixed import solve_for
from derive.referee.judge import judge
from derive.referee.laws import legendre
from derive.referee.setting import Setting, plan_for
from derive.referee.world import World
from derive.rulebook.load import load
from derive.terms import ONE, add, at, call, expect, mul, num, power, sum_, sym

TWO_TASKS = r"""# Two tasks

Let $W \in \mathbb{R}^{n \times d}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$.
Let $a \in \mathbb{R}$.

1. Find $\mathbb{E}[a W_{11}^2]$.

Assume $a > 1$.

2. Find $c > 0$ such that $\mathbb{E}[c W_{11}^2] = 1$.
"""


def settings(text):
    problem = read_problem(text)
    shared: dict = {}
    return [setting_of(Desk(problem, {}, t, shared=shared)) for t in problem.tasks]


def test_what_is_said_later_of_a_name_already_mentioned_is_not_known_before():
    first, second = settings(TWO_TASKS)
    a, c = sym("a"), sym("c")
    assert judge(">", a, ONE, first).agrees is False
    assert judge(">", a, ONE, second).agrees is True
    assert call("Gt", c, num(0)) in first.givens  # of a name that nothing mentions before, it does no harm


def test_tasks_that_are_told_the_same_share_their_worlds():
    first, second = settings(TWO_TASKS.replace("Assume $a > 1$.", ""))
    assert first is second


def test_a_value_in_nested_sums_is_found_again_whatever_is_summed_around_it():
    n = sym("n")
    i, j = sym("i"), sym("j")
    x = sym("x", (n,))
    w = World(values={"n": np.array(3.0), "x": np.array([2.0, 3.0, 5.0])}, sizes=("n",))
    ev = Evaluator(w)
    square = power(at(x, j), num(2))
    twice = sum_(i, sum_(j, mul(at(x, i), square), ONE, n), ONE, n)
    assert ev.number(twice) == pytest.approx(10 * 38)
    seen = len(ev.base.memo)
    assert ev.base.step("j", 2).memo[square] == 9.0  # where only j is bound, not once for every i
    assert ev.number(add(twice, sum_(i, at(x, i), ONE, n))) == pytest.approx(390)
    assert len(ev.base.memo) > seen


def test_worlds_of_one_kind_take_the_plan_of_the_largest():
    problem = read_problem(TWO_TASKS)
    setting = Setting.of(problem)
    worlds = list(setting.worlds())
    w = problem.symbols["W"].term
    terms = (expect(power(at(w, ONE, ONE), num(6))),)
    plans = [plan_for(world, terms) for world in worlds]
    assert all(p.needs == plans[-1].needs and p.exact for p in plans)
    assert sum(p is plans[-1] for p in plans) > 1


def test_a_root_is_found_between_values_and_not_at_a_pole():
    c = sym("c")
    w = World(values={"c": np.array(1.0)})
    ev = Evaluator(w)
    assert solve_for(ev, "c", add(power(c, num(2)), num(-2)), (0.1, 1.0, 5.0)) == pytest.approx(2**0.5, abs=1e-14)
    with np.errstate(divide="ignore"):
        assert solve_for(ev, "c", power(add(c, num("-7/5")), num(-1)), (0.1, 1.0, 5.0)) is None


@pytest.mark.parametrize("n", [1, 2, 5, 24, 240])
def test_gauss_legendre(n):
    x, w = legendre(n)
    assert (np.diff(x) > 0).all() and w.sum() == pytest.approx(1)
    for k in range(0, min(2 * n, 40), 2):
        assert w @ x**k == pytest.approx(1 / (k + 1), rel=1e-12)


def test_a_line_that_holds_for_different_indices_is_judged_where_they_differ():
    def all_of(steps):
        for s in steps:
            yield s
            yield from all_of(s.steps)
            for c in s.conditions:
                yield from all_of(c.steps)

    document = Path(__file__).parent / "problems" / "forms.md"
    (answer,) = solve(read_problem(document), load(), task="2").answers
    assert answer.status == "solved"
    seen = [s.checked for s in all_of(answer.steps)]
    assert all(c.how != "not evaluated" and c.cases for c in seen)
    assert any("differ" in c.because for c in seen)
