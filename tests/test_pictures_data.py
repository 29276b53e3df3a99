"""What pictures show, as data: values against formulas worked out by hand, and what is never drawn."""

from dataclasses import replace
from functools import cache
from math import pi, sqrt

import pytest
from pictures_samples import LAYER, MATRIX, NETWORK, STEP, network

import derive
from derive.language.reading import read_problem
from derive.planner.solution import Answer, Solution
from derive.rendering.pictures import pictures
from derive.rendering.pictures.model import Graph, Layers, Plot
from derive.terms import add, call, div, mul, num, power, sym
from derive.terms import sqrt as root

n, m, eta, d1 = sym("n"), sym("m"), sym("eta"), sym("d_1")


def second(d):
    """The second moment worked out by hand."""
    return d + 2 / pi * (d * d - d)


@cache
def drawn(text):
    found = pictures(derive.solve(text))
    return {p.name: p for task in found.values() for p in task}


def answered(text, *results):
    """A document with answers as the solver gives them, without their steps."""
    problem = read_problem(text)
    return Solution(problem, tuple(Answer(t, "solved", r) for t, r in zip(problem.tasks, results, strict=True)))


def curve(panel, kind):
    return dict(next(c for c in panel.curves if c.kind == kind).points)


def near(dots, formula, errors=3.0):
    """All dots within so many of their bars (each two standard errors) of the formula."""
    for d in dots:
        assert abs(d.y - formula(d.x)) <= errors / 2 * d.error + 1e-9 * abs(d.y), d
    return len(dots)


def test_the_exact_value_the_leading_term_and_a_dot_for_each_size():
    picture = drawn(LAYER)["1-growth"]
    first, other = picture.drawing.panels
    assert first.x.label == "size $d_1$ (no unit)" and other.x.label == "size $d_2$ (no unit)"
    assert picture.drawing.y.label == r"$\mathbb{E}[\mathrm{RMS}(y)^2]$ (no unit)"
    exact, lead = curve(first, "exact"), curve(first, "leading")
    assert all(v == pytest.approx(second(x)) for x, v in exact.items()) and len(exact) > 20
    assert all(v == pytest.approx(2 / pi * x * x) for x, v in lead.items())
    (dots,) = first.dots
    assert [d.x for d in dots.points] == [2.0**k for k in range(10)]
    assert near(dots.points, second) == 10 and all(0 < d.error < 0.2 * d.y for d in dots.points)
    assert "$d_2 = 4$" in first.held and "$d_1 = 4$" in other.held
    assert near(other.dots[0].points, lambda _: second(4)) == 10


def test_the_dots_are_of_the_problem_and_not_of_the_answer():
    solution = derive.solve(LAYER)
    wrong = replace(solution.answers[0], steps=(), result=call("Theta", d1))
    found = pictures(replace(solution, answers=(wrong, *solution.answers[1:])))["1"]
    dots = found[0].drawing.panels[0].dots[0].points
    assert near(dots, second) == 10


def test_a_constant_is_where_the_simulated_condition_holds():
    value = drawn(LAYER)["2-value"].drawing.panels[0]
    assert near(value.dots[0].points, lambda x: second(x) ** -0.5) == 10
    assert curve(value, "exact")[8.0] == pytest.approx(second(8) ** -0.5)
    assert curve(value, "leading")[8.0] == pytest.approx(sqrt(pi / 2) / 8)


def test_both_rules_of_a_constant():
    panel = drawn(LAYER)["2-rules"].drawing.panels[0]
    held, scaled = panel.dots
    tuned = second(8) ** -0.5
    near(held.points, lambda x: tuned**2 * second(x))
    near(scaled.points, lambda _: 1.0)
    assert held.label == "$c$ held at $0.151$" and (held.kind, scaled.kind) == ("constant", "answered")
    assert set(curve(panel, "asked").values()) == {1.0}


def test_a_constant_found_earlier_can_be_asked_about():
    panel = drawn(LAYER)["3-growth"].drawing.panels[0]
    assert near(panel.dots[0].points, lambda x: second(x) ** -0.5) == 10
    assert "c =" not in panel.held


def test_both_rules_of_an_unknown_that_has_to_scale():
    solution = answered(STEP, call("Theta", mul(eta, n)), call("Theta", div(num(1), n)))
    found = pictures(solution)
    growth, rules = found["1"][0], found["2"][0]
    over_n, over_eta = growth.drawing.panels
    assert over_eta.x.label == r"value $\eta$ (no unit)" and not over_eta.x.whole
    assert near(over_n.dots[0].points, lambda x: x) == 10
    assert near(over_eta.dots[0].points, lambda x: 4 * x) == 9
    held, scaled = rules.drawing.panels[0].dots
    assert near(held.points, lambda x: x / 8) == 10 and near(scaled.points, lambda _: 1.0) == 10
    assert held.label == r"$\eta$ held at $0.125$" and scaled.label == r"$\eta \propto \frac{1}{n}$"
    assert "both are the same at $n = 8$. Held, it ends $64$ times too large at $n = 512$." in rules.caption


def test_the_unknown_may_be_a_power():
    law = div(n, mul(m, power(add(root(n), root(m)), 2)))
    panels = pictures(answered(MATRIX, call("Theta", law)))["1"][0].drawing.panels
    assert [p.x.name for p in panels] == ["size $m$", "size $n$"]
    for panel in panels:
        held, scaled = panel.dots
        at = {d.x: d.y for d in held.points}
        assert at[1.0] < at[8.0] < at[64.0]  # a larger matrix of the same entries has a larger norm
        asked = curve(panel, "asked")
        assert all(0.6 < d.y / asked[d.x] < 1.6 for d in scaled.points)


def test_what_is_asked_for_may_itself_be_random():
    text = MATRIX.split("\n1. ")[0] + r"""Let $x \in \mathbb{R}^m$ have i.i.d. entries $x_j \sim \mathrm{Uniform}(0, 1)$, independent of $W$.

1. Find $\sigma > 0$ such that $\mathbb{E}[\|W x\|^2] = \mathbb{E}[\|x\|^2]$.
"""
    panels = {p.x.name: p for p in pictures(answered(text, power(n, div(num(-1), num(2)))))["1"][1].drawing.panels}
    asked = curve(panels["size $n$"], "asked")
    assert all(y == pytest.approx(4 / 3, rel=0.1) for y in asked.values()) and len(asked) == 10
    held, scaled = panels["size $n$"].dots
    assert near(scaled.points, lambda _: 4 / 3) == 10 and near(held.points, lambda x: x / 6) == 10


def test_a_wrong_answer_is_seen_to_be_wrong():
    panel = pictures(answered(STEP, call("Theta", n), call("Theta", n)))["2"][0].drawing.panels[0]
    scaled = panel.dots[1].points
    assert scaled[-1].y / scaled[0].y == pytest.approx(512**2)


def test_nothing_is_drawn_that_is_not_understood():
    text = r"""Let $X_1, \ldots, X_n$ be i.i.d. with mean $0$ and variance $v$.
Assume $X_1 + X_2 \ge 0$.

1. How does $\mathbb{E}[X_1^2]$ scale with $n$?
"""
    problem = read_problem(text)
    solution = Solution(problem, (Answer(problem.tasks[0], "solved", call("Theta", num(1))),))
    assert all(not panel.dots for p in pictures(solution)["1"] for panel in p.drawing.panels)


@pytest.mark.parametrize(
    ("law", "mean_square"),
    [(r"\mathrm{Uniform}(0, 2)", 4 / 3), (r"\mathrm{Rademacher}", 1.0), (r"\mathrm{Exponential}(2)", 0.5), (r"\mathrm{Laplace}(1, 1)", 3.0),
     (r"\mathrm{Bernoulli}(1/4)", 0.25), (r"\mathrm{Poisson}(2)", 6.0), (r"\mathrm{Geometric}(1/2)", 6.0), (r"\mathrm{Gamma}(2, 1)", 6.0),
     (r"\chi^2(2)", 8.0), (r"\mathrm{Beta}(1, 1)", 1 / 3), (r"\mathrm{Binomial}(2, 1/2)", 1.5)],
)  # fmt: skip
def test_every_law_is_drawn_as_it_is_declared(law, mean_square):
    text = f"Let $x \\in \\mathbb{{R}}^n$ have i.i.d. entries $x_j \\sim {law}$.\n\n1. How does $\\mathbb{{E}}[\\|x\\|^2]$ scale with $n$?\n"
    panel = pictures(answered(text, call("Theta", n)))["1"][0].drawing.panels[0]
    assert near(panel.dots[0].points, lambda x: mean_square * x, errors=6) == 10


def test_moments_alone_are_drawn_from_a_law_that_has_them():
    text = r"""Let $x \in \mathbb{R}^n$ have i.i.d. entries with mean $0$, variance $2$ and fourth moment $12$.

1. How does $\mathbb{E}[x_1^4 + \|x\|^2]$ scale with $n$?
"""
    panel = pictures(answered(text, call("Theta", n)))["1"][0].drawing.panels[0]
    assert near(panel.dots[0].points, lambda x: 12 + 2 * x, errors=6) == 10


def test_the_same_every_time():
    assert pictures(derive.solve(LAYER))["1"][0] == drawn(LAYER)["1-growth"]


def test_a_network_layer_by_layer():
    picture = network(NETWORK)
    drawing = picture.drawing
    assert isinstance(drawing, Layers) and (drawing.layers, drawing.forwards, drawing.loads) == (10, 20, 10)
    rows = {r.layer: r for r in drawing.rows}
    assert [r.layer for r in drawing.rows] == list(range(10, 0, -1))
    assert [k for k, r in sorted(rows.items()) if r.stored] == [5, 10]
    assert rows[9].start == 5 and rows[9].recomputed == (6, 7, 8, 9) and rows[3].start == 0 and rows[5].recomputed == ()
    assert "Layer 9: layer 5 loaded, layers 6 to 9 computed again." in picture.alt and "Layer 5: loaded." in picture.alt
    assert "20 forward operations and 10 loads" in picture.caption


def test_a_network_of_any_size_is_drawn_as_an_example_and_says_so():
    text = "Let $s, k \\in \\mathbb{N}$.\n" + NETWORK.replace("10", "s k").replace("$5$th", "$k$th")
    picture = network(text)
    assert picture.drawing.layers == 12 and "drawn for 12 layers of which every 4th is stored" in picture.caption


def test_which_step_uses_what():
    solution = derive.solve(LAYER)
    graph = drawn(LAYER)["1-steps"].drawing
    assert isinstance(graph, Graph)
    steps = graph.of("step")
    assert [s.id for s in steps] == [f"step-1.{k}" for k in range(1, len(solution.answers[0].steps) + 1)]
    ids = {x.id for x in graph.nodes}
    assert len(ids) == len(graph.nodes) and {x for e in graph.edges for x in e} == ids  # nothing stands alone
    into = {s.id: {a for a, b in graph.edges if b == s.id} for s in steps}
    assert all(len(into[b.id] & {"start-1.1", a.id}) >= 1 for a, b in zip((steps[0], *steps), steps, strict=False))
    lines = {x.name: x.text for x in graph.of("fact")}
    assert set(lines) == {"line 3", "line 4", "line 5"} and lines["line 5"].startswith("Define $y")
    for step, kernel in zip(steps, solution.answers[0].steps, strict=True):
        for condition in kernel.conditions:
            assert {f.replace(" ", "-") for f in condition.facts} <= into[step.id]
        if "." in kernel.rule:
            assert f"rule-{kernel.rule}" in into[step.id]
    assert "step 1.1 uses line 5" in drawn(LAYER)["1-steps"].alt


def test_every_axis_has_a_name_and_a_unit():
    plots = [p.drawing for p in drawn(LAYER).values() if isinstance(p.drawing, Plot)]
    axes = [a for p in plots for a in (p.y, *(panel.x for panel in p.panels))]
    assert len(axes) >= 6 and all(a.name and a.label.endswith(f"({a.unit})") and a.unit for a in axes)


def test_an_earlier_task_is_a_fact_and_no_rule():
    graph = drawn(LAYER)["3-steps"].drawing
    tasks = [x for x in graph.nodes if x.id == "task-2"]
    assert [x.kind for x in tasks] == ["fact"] and not [x for x in graph.of("rule") if x.name.startswith(("earlier", "definition"))]
