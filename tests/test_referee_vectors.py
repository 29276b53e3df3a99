"""Random vectors known by their means and covariances, or normal with dependent entries, and families of them."""

import numpy as np
import pytest
from judging import judged, verdict

from derive.facts.facts import Facts
from derive.facts.laws import same_law
from derive.referee.grids import grid
from derive.referee.setting import evaluator, plan_for
from derive.referee.whole import cross, factor, standard
from derive.referee.world import Undefined
from derive.terms import at, expect, num, power

IID = r"""# A batch

Let $x_1, \ldots, x_N$ be i.i.d. random vectors in $\mathbb{R}^d$ with mean $\mu$ and covariance $\Sigma$.
Let $A \in \mathbb{R}^{d \times d}$ be fixed. Assume $N \ge 2$.
Define $m = \frac{1}{N} \sum_{i=1}^N x_i$.
Define $S = \frac{1}{N-1} \sum_{i=1}^N (x_i - m)(x_i - m)^\top$.
Define $T = \sum_{i=1}^N x_i$.

1. Find $\mathbb{E}[m]$.
"""
NORMAL = r"""# Normal members

Let $x_1, \ldots, x_N$ be i.i.d. random vectors in $\mathbb{R}^d$ with $x_i \sim \mathcal{N}(\mu, \Sigma)$.
Let $A \in \mathbb{R}^{d \times d}$ be fixed and symmetric. Assume $N \ge 2$.
Define $m = \frac{1}{N} \sum_{i=1}^N x_i$.

1. Find $\mathbb{E}[m]$.
"""
WHITE = r"""# Uncorrelated entries

Let $x_1, \ldots, x_N \in \mathbb{R}^d$ be i.i.d. with mean zero and covariance $\sigma^2 I_d$.
Assume $N \ge 2$.

1. Find $\mathbb{E}[x_1]$.
"""
DIFFERENT = r"""# Means of their own

Let $\mu_1, \ldots, \mu_N \in \mathbb{R}^d$ be fixed.
Let $V_1, \ldots, V_N \in \mathbb{R}^{d \times d}$ be fixed.
Let $x_1, \ldots, x_N \in \mathbb{R}^d$ be independent random vectors.
Assume $\mathbb{E}[x_i] = \mu_i$ and $\mathrm{Var}(x_i) = V_i$ for every $i$. Assume $N \ge 2$.

1. Find $\mathbb{E}[x_1]$.
"""
TIED = r"""# Nothing said of independence

Let $x_1, \ldots, x_N \in \mathbb{R}^d$ be random vectors with mean $\mu$ and covariance $\Sigma$.
Assume $N \ge 2$.

1. Find $\mathbb{E}[x_1]$.
"""
NORMALS = r"""# Normal laws of their own

Let $\mu_1, \ldots, \mu_N \in \mathbb{R}^d$ be fixed.
Let $V_1, \ldots, V_N \in \mathbb{R}^{d \times d}$ be fixed.
Let $x_1, \ldots, x_N \in \mathbb{R}^d$ be independent random vectors.
Assume $x_i \sim \mathcal{N}(\mu_i, V_i)$ for every $i$. Assume $N \ge 2$.

1. Find $\mathbb{E}[x_1]$.
"""
TIED_NORMAL = r"""# Normal members that nobody calls independent

Let $x_1, \ldots, x_N \in \mathbb{R}^d$ be random vectors.
Let $y_1, \ldots, y_N \in \mathbb{R}^d$ be random vectors.
Let $\mu \in \mathbb{R}^d$. Let $\Sigma \in \mathbb{R}^{d \times d}$ be fixed.
Assume $x_i \sim \mathcal{N}(\mu, \Sigma)$ for every $i$.
Assume $y_i \sim \mathcal{N}(0, I_d)$ for every $i$. Assume $N \ge 2$.

1. Find $\mathbb{E}[x_1]$.
"""
SECOND = r"""# Second moments

Let $x_1, \ldots, x_N$ be i.i.d. random vectors in $\mathbb{R}^d$ with $\mathbb{E}[x_i] = 0$ and $\mathbb{E}[x_i x_i^\top] = \Sigma$.
Assume $N \ge 2$.

1. Find $\mathbb{E}[x_1]$.
"""
PAIR = r"""# Lone vectors

Let $x \in \mathbb{R}^d$ be a random vector with mean $\mu$ and covariance $\Sigma$.
Let $y \in \mathbb{R}^d$ be a random vector with mean $0$ and covariance $\sigma^2 I_d$, independent of $x$.
Let $u \in \mathbb{R}^d$ be a random vector with mean $0$ and covariance $I_d$.
Let $v \in \mathbb{R}^d$ be a unit vector.
Let $s \in \mathbb{R}^d$ be a random vector with mean $0$ and covariance $v v^\top$.

1. Find $\mathbb{E}[x]$.
"""
ALIKE = r"""# One law

Let $a, b \in \mathbb{R}^d$ be i.i.d. random vectors.
Let $X$ and $Y$ be i.i.d. random variables.
Let $p, q \in \mathbb{R}^d$ have i.i.d. entries with mean $0$ and variance $1$.
Let $r \in \mathbb{R}^d$ have independent entries with mean $0$ and variance $1$.

1. Find $\mathbb{E}[X]$.
"""
SIGNED = r"""# Entries of which something is known

Let $g_1, \ldots, g_N$ be i.i.d. random vectors in $\mathbb{R}^d$.
Assume $(g_i)_j \ge 0$ for every $i$ and $j$. Assume $N \ge 2$.
Let $w \in \mathbb{R}^d$ be a random vector.

1. Find $\mathbb{E}[w]$.
"""
DOCUMENTS = {
    "iid": IID, "normal": NORMAL, "white": WHITE, "different": DIFFERENT, "normals": NORMALS, "tied": TIED, "tied normal": TIED_NORMAL,
    "second": SECOND, "pair": PAIR, "alike": ALIKE, "signed": SIGNED,
}  # fmt: skip
FAMILIES = [name for name in DOCUMENTS if name not in ("pair", "alike", "signed")]


RIGHT = [
    ("iid", r"\mathbb{E}[m] = \mu"),
    ("iid", r"\mathrm{Var}(m) = \frac{1}{N} \Sigma"),
    ("iid", r"\mathbb{E}[S] = \Sigma"),
    ("iid", r"\mathbb{E}[\|x_1 - x_2\|^2] = 2 \mathrm{tr}(\Sigma)"),
    ("iid", r"\mathbb{E}[(x_1^\top x_2)^2] = \mathrm{tr}((\Sigma + \mu\mu^\top)(\Sigma + \mu\mu^\top))"),
    ("iid", r"\mathbb{E}[x_1 x_1^\top] = \Sigma + \mu \mu^\top"),
    ("iid", r"\mathbb{E}[x_1^\top A x_1] = \mathrm{tr}(A \Sigma) + \mu^\top A \mu"),
    ("iid", r"\mathbb{E}[x_1^\top A x_2] = \mu^\top A \mu"),
    ("iid", r"\mathrm{Var}(T) = N \Sigma"),
    ("iid", r"\mathbb{E}[\|T\|^2] = N \mathrm{tr}(\Sigma) + N^2 \|\mu\|^2"),
    ("iid", r"\mathrm{Var}(A x_1) = A \Sigma A^\top"),
    ("iid", r"\mathbb{E}[\|x_1\|^4] = \mathbb{E}[\|x_2\|^4]"),
    ("iid", r"\mathbb{E}[\|x_1\|] = \mathbb{E}[\|x_2\|]"),
    ("iid", r"\mathbb{E}[x_{1,1} x_{1,2}^2] = \mathbb{E}[x_{2,1} x_{2,2}^2]"),
    ("normal", r"\mathrm{Var}(m) = \frac{1}{N} \Sigma"),
    ("normal", r"m \sim \mathcal{N}(\mu, \frac{1}{N} \Sigma)"),
    ("normal", r"x_1 - x_2 \sim \mathcal{N}(0, 2\Sigma)"),
    ("normal", r"\mathrm{Var}(x_1^\top A x_1) = 2 \mathrm{tr}(A \Sigma A \Sigma) + 4 \mu^\top A \Sigma A \mu"),
    ("normal", r"\mathbb{E}[(x_{1,1} - \mu_1)^2 (x_{1,2}-\mu_2)^2] = \Sigma_{11} \Sigma_{22} + 2 \Sigma_{12}^2"),
    ("normal", r"\nabla_\mu \mathbb{E}[\|x_1\|^2] = 2 \mu"),
    ("normal", r"\nabla_\mu \mathbb{E}[\|m\|^2] = 2 \mu"),
    ("white", r"\mathbb{E}[\|x_1\|^2] = d \sigma^2"),
    ("white", r"\mathbb{E}[(x_1^\top x_2)^2] = d \sigma^4"),
    ("white", r"\mathbb{E}[x_1 x_2^\top] = 0"),
    ("white", r"\mathbb{E}[x_{1,1} x_{1,2}] = 0"),
    ("different", r"\mathbb{E}[\|x_1 - x_2\|^2] = \mathrm{tr}(V_1) + \mathrm{tr}(V_2) + \|\mu_1 - \mu_2\|^2"),
    ("different", r"\mathrm{Var}(\sum_{i=1}^N x_i) = \sum_{i=1}^N V_i"),
    ("normals", r"\mathbb{E}[x_2 x_2^\top] = V_2 + \mu_2 \mu_2^\top"),
    ("normals", r"\sum_{i=1}^N x_i \sim \mathcal{N}(\sum_{i=1}^N \mu_i, \sum_{i=1}^N V_i)"),
    ("tied normal", r"\mathbb{E}[\|x_1\|^2] = \mathrm{tr}(\Sigma) + \|\mu\|^2"),
    ("tied normal", r"\mathbb{E}[y_{1,1}^2 y_{1,2}^2] = 1"),
    ("tied", r"\mathbb{E}[\sum_{i=1}^N x_i] = N \mu"),
    ("second", r"\mathrm{Var}(x_1) = \Sigma"),
    ("second", r"\mathbb{E}[(x_1^\top x_2)^2] = \mathrm{tr}(\Sigma \Sigma)"),
    ("pair", r"\mathbb{E}[(x^\top y)^2] = \sigma^2 (\mathrm{tr}(\Sigma) + \|\mu\|^2)"),
    ("pair", r"\mathrm{Var}(x + y) = \Sigma + \sigma^2 I_d"),
    ("pair", r"\mathbb{E}[(s^\top v)^2] = 1"),
    ("alike", r"\mathbb{E}[\|a\|^4] = \mathbb{E}[\|b\|^4]"),
    ("alike", r"\mathbb{E}[a_1 a_2] = \mathbb{E}[b_1 b_2]"),
    ("signed", r"\mathbb{E}[(g_1)_1 (g_1)_2] = \mathbb{E}[(g_2)_1 (g_2)_2]"),
    ("signed", r"\mathbb{E}[\|g_1\|^4] = \mathbb{E}[\|g_2\|^4]"),
    ("alike", r"\mathbb{E}[X^3] = \mathbb{E}[Y^3]"),
    ("alike", r"\mathbb{E}[p_1^3] = \mathbb{E}[q_2^3]"),
]
WRONG = [
    ("a mean's variance", "iid", r"\mathrm{Var}(m) = \Sigma"),
    ("a square's mean, the mean taken for 0", "iid", r"\mathbb{E}[x_1 x_1^\top] = \Sigma"),
    ("a product's square, the mean taken for 0", "iid", r"\mathbb{E}[(x_1^\top x_2)^2] = \mathrm{tr}(\Sigma \Sigma)"),
    ("a covariance taken for diagonal", "iid", r"\mathbb{E}[x_{1,1} x_{1,2}] = \mu_1 \mu_2"),
    ("a transpose left out", "iid", r"\mathrm{Var}(A x_1) = A^\top \Sigma A"),
    ("a bound that is not reached", "iid", r"\mathbb{E}[\|m - \mu\|^2] = \frac{d}{N} \|\Sigma\|_2"),
    ("a law taken for normal", "iid", r"\mathrm{Var}(\|x_1 - \mu\|^2) = 2 \mathrm{tr}(\Sigma \Sigma)"),
    ("the same in two entries", "iid", r"\mathbb{E}[(x_{1,1} - \mu_1)^2 (x_{1,2}-\mu_2)^2] = \Sigma_{11} \Sigma_{22} + 2 \Sigma_{12}^2"),
    ("a law taken for symmetric", "iid", r"\mathbb{E}[(x_{1,1} - \mu_1)^3] = 0"),
    ("entries taken for alike", "iid", r"\mathbb{E}[(x_{1,1} - \mu_1)^3] = \mathbb{E}[(x_{1,2} - \mu_2)^3]"),
    ("a normal mean's variance", "normal", r"m \sim \mathcal{N}(\mu, \Sigma)"),
    ("normal entries taken for independent", "normal", r"\mathbb{E}[(x_{1,1} - \mu_1)^2 (x_{1,2}-\mu_2)^2] = \Sigma_{11} \Sigma_{22}"),
    ("half a gradient", "normal", r"\nabla_\mu \mathbb{E}[\|m\|^2] = \mu"),
    ("one entry for all", "white", r"\mathbb{E}[\|x_1\|^2] = \sigma^2"),
    ("uncorrelated entries taken for independent", "white", r"\mathbb{E}[x_{1,1}^2 x_{1,2}^2] = \sigma^4"),
    ("a moment of a normal law", "white", r"\mathbb{E}[\|x_1\|^4] = d(d+2) \sigma^4"),
    ("means taken for one", "different", r"\mathbb{E}[x_1] = \mathbb{E}[x_2]"),
    ("laws taken for one", "different", r"\mathbb{E}[(x_{1,1} - \mu_{1,1})^3] = \mathbb{E}[(x_{2,1}-\mu_{2,1})^3]"),
    ("covariances taken for one", "different", r"\mathrm{Var}(\sum_{i=1}^N x_i) = N V_1"),
    ("members taken for independent", "tied", r"\mathbb{E}[x_1^\top x_2] = \mu^\top \mu"),
    ("normal laws taken for one", "normals", r"\mathrm{Var}(x_1) = \mathrm{Var}(x_2)"),
    ("members taken for independent", "tied normal", r"\mathbb{E}[x_1^\top x_2] = \mu^\top \mu"),
    ("members with independent entries taken so", "tied normal", r"\mathbb{E}[\|y_1 + y_2\|^2] = 2 d"),
    ("their sum's variance", "tied", r"\mathrm{Var}(x_1 + x_2) = 2 \Sigma"),
    ("a trace squared", "second", r"\mathbb{E}[(x_1^\top x_2)^2] = \mathrm{tr}(\Sigma)^2"),
    ("two vectors taken for independent", "pair", r"\mathbb{E}[u^\top y] = 0"),
    ("their sum's variance", "pair", r"\mathrm{Var}(x + u) = \Sigma + I_d"),
    ("entries of a vector of no known law taken for independent", "alike", r"\mathbb{E}[a_1 a_2] = \mathbb{E}[a_1] \mathbb{E}[a_2]"),
    ("the same of entries that are at least 0", "signed", r"\mathbb{E}[(g_1)_1 (g_1)_2] = \mathbb{E}[(g_1)_1] \mathbb{E}[(g_1)_2]"),
    ("what may depend on something else taken for independent", "signed", r"\mathbb{E}[g_1^\top w] = \mathbb{E}[g_1]^\top \mathbb{E}[w]"),
    ("independent entries taken for alike", "alike", r"\mathbb{E}[r_1^3] = \mathbb{E}[r_2^3]"),
]  # fmt: skip
settings, test_a_right_line_agrees, test_a_wrong_line_is_refuted = judged(DOCUMENTS, RIGHT, WRONG)


@pytest.mark.parametrize("name", FAMILIES)
def test_there_are_worlds_of_several_members_and_entries(settings, name):
    sizes = {tuple(int(w.values[n]) for n in ("d", "N")) for w in settings[name][1].worlds()}
    assert {(2, 2), (3, 2), (2, 3)} <= sizes


def said_of(name, world, d, n):
    """The means and covariances of the members, as the documents say them."""
    known = world.values
    if name in ("different", "normals"):
        return known["mu"], known["V"]
    mean = np.zeros(d) if name in ("white", "second") else known["mu"]
    return [mean] * n, [known["sigma"] ** 2 * np.eye(d) if name == "white" else known["Sigma"]] * n


@pytest.mark.parametrize("name", FAMILIES)
def test_each_member_has_the_mean_and_the_covariance_that_are_said(settings, name):
    """From the values drawn and their weights, without the evaluator's averages."""
    problem, setting = settings[name]
    x = problem.symbols["x"].term
    for world in setting.worlds():
        d, n = (int(world.values[k]) for k in ("d", "N"))
        means, covs = said_of(name, world, d, n)
        for i in range(n):
            member = at(x, num(i + 1))
            ev = evaluator(world, plan_for(world, (expect(power(at(member, num(1)), 4)),)))
            g = grid(ev, (member,), ev.base)
            v, w = ev.value(member, g.frame), g.weights[0]
            assert w @ v == pytest.approx(means[i], abs=1e-9)
            gap = v - w @ v
            assert (gap * w[:, None]).T @ gap == pytest.approx(covs[i], abs=1e-9)


def test_an_entry_of_a_normal_vector_takes_all_that_is_drawn_for_it(settings):
    """Where so much is drawn that only what a line needs is."""
    assert verdict(settings, "normal", r"\mathbb{E}[x_{1,2}^2] = \Sigma_{22} + \mu_2^2").cases == 4
    assert verdict(settings, "normal", r"\mathbb{E}[(x_1)_2 (x_2)_2] = \mu_2^2").cases == 4


def test_a_covariance_that_is_said_is_not_diagonal_in_any_world(settings):
    for name in ("iid", "normal", "tied", "tied normal", "second"):
        for world in settings[name][1].worlds():
            if world.values["d"] > 1:
                assert abs(world.values["Sigma"][0, 1]) > 0.01


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("symmetric", [False, True])
def test_points_of_mean_0_and_covariance_1_with_dependent_entries(n, symmetric):
    for order in range(6):
        for variant in range(5):
            x, w = standard(n, order, variant, symmetric)
            assert (w > 0).all() and w.sum() == pytest.approx(1)
            assert w @ x == pytest.approx(np.zeros(n), abs=1e-12)
            assert (x * w[:, None]).T @ x == pytest.approx(np.eye(n), abs=1e-10)
            thirds = abs(w @ x**3)
            assert (thirds < 1e-10).all() if symmetric else (thirds > 1e-3).all()
            assert (abs(w @ x**4 - 3) > 1e-3).all()
            if n > 1:
                assert abs(w @ (x[:, 0] ** 2 * x[:, 1] ** 2) - 1) > 1e-5


def test_points_on_the_axes():
    x, w = cross(3)
    assert w @ x == pytest.approx(np.zeros(3))
    assert (x * w[:, None]).T @ x == pytest.approx(np.eye(3))


def test_a_factor_of_a_singular_covariance():
    v = np.array([[0.6], [-0.8]])
    b = factor(v @ v.T)
    assert b @ b.T == pytest.approx(v @ v.T, abs=1e-12)
    with pytest.raises(Undefined):
        factor(np.diag([1.0, -0.1]))


def test_nothing_stands_for_a_law_known_by_its_moments_as_they_move(settings):
    """How the mean of a norm moves with a mean is not known where the law is not."""
    assert verdict(settings, "iid", r"\nabla_\mu \mathbb{E}[\|x_1\|] = 0").agrees is None


def test_entries_of_one_member_need_not_have_one_law(settings):
    problem, _ = settings["iid"]
    facts = Facts.of(problem)
    x = problem.symbols["x"].term
    entry = lambda i, k: at(x, num(i), num(k))  # noqa: E731
    assert same_law(facts, entry(1, 1), entry(2, 1))
    assert not same_law(facts, entry(1, 1), entry(1, 2))
    a = settings["alike"][0].symbols["a"].term
    assert not same_law(Facts.of(settings["alike"][0]), at(a, num(1)), at(a, num(2)))
