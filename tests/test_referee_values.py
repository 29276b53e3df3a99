"""The referee's values against ones computed by hand."""

from math import cos, e, erf, exp, log, pi, sin, sqrt

import pytest

from derive.language.reading import read_claim, read_problem
from derive.referee.laws import Law, Need, moment, nodes
from derive.referee.setting import Setting, evaluator, plan_for
from derive.referee.world import Undefined
from derive.terms import Term

SETTING = r"""# Values

Let $x \in \mathbb{R}^3$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 4)$.
Let $W \in \mathbb{R}^{2 \times 3}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$, independent of $x$.
Let $R \sim \mathrm{Rademacher}$. Let $B \sim \mathrm{Bernoulli}(\tfrac14)$. Let $U \sim \mathrm{Uniform}(-1, 3)$.
Let $T \sim \mathrm{Exponential}(2)$. Let $L \sim \mathrm{Laplace}(0, 3)$. Let $K \sim \mathrm{Poisson}(2)$.
Let $N \sim \mathrm{Binomial}(5, \tfrac12)$. Let $G \sim \mathrm{Geometric}(\tfrac14)$.
Let $S \sim \mathcal{N}(1, 1)$.

1. Find $\mathbb{E}[x_1]$.
"""


@pytest.fixture(scope="module")
def problem():
    return read_problem(SETTING)


@pytest.fixture(scope="module")
def value(problem):
    setting = Setting.of(problem)

    def of(text: str) -> float:
        (claim,) = read_claim(f"${text} = 0$", problem)
        world = next(setting.worlds())
        left: Term = claim.args[0]
        return evaluator(world, plan_for(world, (left,))).number(left)

    return of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\mathbb{E}[x_1^2]", 4),
        (r"\mathbb{E}[x_1^6]", 15 * 64),
        (r"\mathbb{E}[|x_1|]", 2 * sqrt(2 / pi)),
        (r"\mathbb{E}[|x_1| x_1^2]", 8 * 2 * sqrt(2 / pi)),
        (r"\mathbb{E}[\mathrm{ReLU}(x_1)^2]", 2),
        (r"\mathbb{E}[\mathrm{sign}(x_1) x_1 x_2^2]", 8 * sqrt(2 / pi)),
        (r"\mathbb{E}[(\sum_{j=1}^3 |x_j|)^2]", 12 + 6 * 4 * 2 / pi),
        (r"\mathbb{E}[\|W x\|^2]", 2 * 3 * 4),
        (r"\mathbb{E}[\|W x\|^4]", 16 * 2 * 4 * 3 * 5),
        (r"\mathrm{Var}(\|x\|^2)", 2 * 3 * 16),
        (r"\mathbb{E}[\mathrm{RMS}(x)^2]", 4),
        (r"\mathbb{E}[\mathrm{tr}(W W^\top)]", 6),
        (r"\mathbb{E}[R^2 + R]", 1),
        (r"\mathrm{Var}(B)", 3 / 16),
        (r"\mathbb{E}[U^4]", (3**5 + 1) / 20),
        (r"\mathbb{E}[|U|]", (1 / 2 + 9 / 2) / 4),
        (r"\mathbb{E}[T^3]", 6 / 8),
        (r"\mathbb{E}[L^2]", 18),
        (r"\mathbb{E}[|L|]", 3),
        (r"\mathbb{E}[K^2]", 6),
        (r"\mathbb{E}[N^2]", 5 / 4 + 25 / 4),
        (r"\mathrm{Var}(G)", 12),
        (r"\Pr[K = 0]", exp(-2)),
        (r"\Pr[x_1 > 0]", 1 / 2),
        (r"\mathbb{E}[|S|]", sqrt(2 / pi) * exp(-1 / 2) + erf(1 / sqrt(2))),
        (r"\mathbb{E}[e^{x_1}]", e**2),
        (r"\mathbb{E}[\sqrt{T}]", sqrt(pi / 2) / 2),
        (r"\mathbb{E}_{z \sim \mathcal{N}(1, 2)}[z^3]", 7),
        (r"\int_0^1 x^2 \,dx", 1 / 3),
        (r"\int_0^\infty t e^{-t} \,dt", 1),
        (r"\int_{-1}^2 |t| \,dt", 2.5),
        (r"\int_0^1 \log t \,dt", -1),
        (r"\sum_{k=0}^\infty \frac{1}{k!}", e),
        (r"\frac{d}{dt} t^3\big|_{t = 2}", 12),
        (r"\frac{d^2}{dt^2} e^{2 t}\big|_{t = 0}", 4),
        (r"\mathrm{KL}(\mathcal{N}(1, 1) \,\|\, \mathcal{N}(0, 2))", (log(2) + 1 / 2 + 1 / 2 - 1) / 2),
        (r"\mathrm{H}(\mathrm{Bernoulli}(\tfrac12))", log(2)),
        (r"\binom{5}{2} + 4!", 34),
        (r"\lfloor 7/2 \rfloor", 3),
    ],
)
def test_a_value(value, text, expected):
    assert value(text) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("law", "moments"),
    [
        (Law("Normal", (1.0, 2.0)), [1, 3, 7, 25]),
        (Law("Uniform", (0.0, 2.0)), [1, 4 / 3, 2, 16 / 5]),
        (Law("Exponential", (2.0,)), [1 / 2, 1 / 2, 3 / 4, 3 / 2]),
        (Law("GammaLaw", (3.0, 2.0)), [6, 48, 480, 5760]),
        (Law("BetaLaw", (2.0, 3.0)), [2 / 5, 1 / 5, 4 / 35, 1 / 14]),
        (Law("ChiSquared", (3.0,)), [3, 15, 105, 945]),
        (Law("Laplace", (1.0, 1.0)), [1, 3, 7, 37]),
        (Law("Geometric", (0.5,)), [2, 6, 26, 150]),
        (Law("Categorical", (0.2, 0.3, 0.5)), [2.3, 5.9, 16.1, 45.5]),
    ],
)
def test_the_moments_of_a_law(law, moments):
    assert [moment(law, k) for k in range(1, 5)] == pytest.approx(moments, rel=1e-9)


def test_few_values_are_exact_with_a_kink():
    x, w = nodes(Law("Normal", (0.0, 1.0)), Need(4, frozenset({0.0})))
    assert len(x) == 6
    assert w @ abs(x) ** 3 == pytest.approx(2 * sqrt(2 / pi), rel=1e-12)
    assert 0.0 not in x


MOVING = "# A parameter\n\nLet $t \\in \\mathbb{R}$.\nLet $u \\in \\mathbb{R}^2$.\n\n1. Find $t$.\n"


@pytest.fixture(scope="module")
def moved():
    problem = read_problem(MOVING)
    world = next(Setting.of(problem).worlds())

    def of(text: str) -> float:
        (claim,) = read_claim(f"${text} = 0$", problem)
        return evaluator(world, plan_for(world, (claim.args[0],))).number(claim.args[0])

    return of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\frac{\partial}{\partial t} \mathbb{E}_{x \sim \mathcal{N}(t, 1)}[x^3] \big|_{t=2}", 15),  # of t^3 + 3 t
        (r"\frac{\partial}{\partial t} \int x^3 \mathcal{N}(t, 1)(x)\,dx \big|_{t=2}", 15),
        (r"\frac{\partial^2}{\partial t^2} \int x^3 \mathcal{N}(t, 1)(x)\,dx \big|_{t=2}", 12),
        (r"\frac{\partial}{\partial t} \int (\frac{\partial}{\partial t} \log \mathcal{N}(t, 1)(x))^2 x^2 \mathcal{N}(t, 1)(x)\,dx \big|_{t=2}", 4),
        (r"\|\nabla_u \int \|x\|^2 \mathcal{N}(u, I)(x)\,dx\|^2 - 4 \|u\|^2", 0),
        (r"\frac{\partial}{\partial t} |t - 1| \big|_{t=3}", 1),
        (r"\frac{\partial}{\partial t} t^4 \big|_{t=0}", 0),
        (r"\frac{\partial}{\partial t} \frac{1}{t^2} \big|_{t=\frac{1}{5}}", -250),  # it bends more, the nearer 0 is
        (r"\frac{\partial}{\partial t} \sin(100 t) \big|_{t=2}", 100 * cos(200)),  # changes fast
        (r"\frac{\partial^2}{\partial t^2} \sin(30 t) \big|_{t=2}", -900 * sin(60)),
        (r"\frac{\partial}{\partial t} e^{20 t} \big|_{t=1}", 20 * exp(20)),
    ],
)
def test_a_derivative(moved, text, expected):
    assert moved(text) == pytest.approx(expected, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("text", [r"\frac{\partial}{\partial t} |t - 1| \big|_{t=1}", r"\frac{\partial}{\partial t} \max(t, 2 t) \big|_{t=0}"])
def test_there_is_no_derivative_at_a_kink(moved, text):
    with pytest.raises(Undefined):
        moved(text)
