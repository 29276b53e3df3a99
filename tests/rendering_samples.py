"""Solutions made by hand, as the solver makes them: what the rendering tests print."""

from __future__ import annotations

from functools import cache

from derive.kernel import step as kernel_step
from derive.kernel.step import Checked, Condition, Step
from derive.language.model import Given, Problem, Symbol, Task
from derive.planner.solution import Answer, Evidence, Solution
from derive.rulebook.model import Instance, Rule
from derive.terms import ONE, TWO, Term, add, at, call, div, expect, mul, num, power, sqrt, sub, sum_, sym

SOURCE = r"""# 1a: feature scale at initialisation

Let $W \in \mathbb{R}^{d_2 \times d_1}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$.
Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$, independent of $W$.
Define $y = W x$.

1. Find $\mathbb{E}[\mathrm{RMS}(y)^2]$.
2. How does $\mathbb{E}[\mathrm{RMS}(y)^2]$ scale with $d_1$ and $d_2$?
3. Find $c > 0$ such that $\mathbb{E}[\mathrm{RMS}(c W x)^2] = 1$.
4. Is it true that $y_1 \sim \mathcal{N}(0, d_1)$?
5. Bound $\|y\|$ from below.
"""

d1, d2 = sym("d_1"), sym("d_2")
W, x, y = sym("W", (d2, d1)), sym("x", (d1,)), sym("y", (d2,))
i, j, k, c = sym("i"), sym("j"), sym("k"), sym("c")
EXACT = Checked("exact moments", 8)


def made(relation: str, before: Term, after: Term, rule: str, **more: object) -> Step:
    """A step as the kernel seals it."""
    more.setdefault("checked", EXACT)
    return Step(relation, before, after, rule, seal=kernel_step._SEAL, **more)  # type: ignore[arg-type]


def holds(text: str, because: str, *facts: str) -> Condition:
    return Condition(text, "holds", because, facts)


@cache
def steps_of_scale() -> tuple[Step, ...]:
    """$E[RMS(y)^2] = d_1$."""
    inner = sum_(j, mul(at(W, i, j), at(x, j)), ONE, d1)
    rms = power(call("RMS", y), 2)
    mean = mul(div(ONE, d2), sum_(i, power(at(y, i), 2), ONE, d2))
    lines = [
        expect(rms),
        expect(mean),
        mul(div(ONE, d2), sum_(i, expect(power(at(y, i), 2)), ONE, d2)),
        mul(div(ONE, d2), sum_(i, expect(power(inner, 2)), ONE, d2)),
        mul(div(ONE, d2), sum_(i, sum_(j, expect(mul(power(at(W, i, j), 2), power(at(x, j), 2))), ONE, d1), ONE, d2)),
        mul(
            div(ONE, d2),
            sum_(i, sum_(j, mul(expect(power(at(W, i, j), 2)), expect(power(at(x, j), 2))), ONE, d1), ONE, d2),
        ),
        mul(div(ONE, d2), sum_(i, sum_(j, ONE, ONE, d1), ONE, d2)),
        mul(div(ONE, d2), d2, d1),
        d1,
    ]
    product = mul(at(W, i, j), at(x, j))
    cross = made(
        "=", expect(mul(at(W, i, j), at(x, j), at(W, i, k), at(x, k))),
        mul(expect(at(W, i, j)), expect(mul(at(x, j), at(W, i, k), at(x, k)))), "expectation.of_product",
        bindings={"X": at(W, i, j), "Y": mul(at(x, j), at(W, i, k), at(x, k))}, context=sym("Hole"),
        why="For $j \\ne k$ the entry $W_{ij}$ occurs in no other factor, so its expectation splits off.",
        conditions=(holds("$W_{ij}$ and $x_j W_{ik} x_k$ are independent", "distinct entries, and $W$ is independent of $x$",
                          "line 3", "line 4"),),
    )  # fmt: skip
    zero = made("=", cross.after, num(0), "normal.mean", bindings={"m": num(0)},
                why="The first factor is the mean of $\\mathcal{N}(0, 1)$, which is $0$.")  # fmt: skip
    return (
        made("=", lines[0], lines[1], "rms.definition", bindings={"x": y, "n": d2}, context=expect(power(sym("Hole"), 2)),
             why="The RMS of a vector is the root of the mean square of its entries; the square undoes the root."),
        made("=", lines[1], lines[2], "expectation.of_finite_sum",
             bindings={"X": power(at(y, i), 2), "a": div(ONE, d2)}, context=sym("Hole"),
             why="Expectation is linear: it moves past the constant $1/d_2$ and into the sum.",
             conditions=(holds("$d_2$ is not random", "it is a dimension", "line 3"),)),
        made("=", lines[2], lines[3], "definition of y", why="The entry $y_i$ of $y = W x$ is $\\sum_j W_{ij} x_j$."),
        made("=", lines[3], lines[4], "expectation.square_of_centred_sum",
             bindings={"X": product}, context=mul(div(ONE, d2), sum_(i, sym("Hole"), ONE, d2)),
             why="The square of the sum has one term for each pair $j, k$. Where $j \\ne k$ the term has mean $0$ "
             "(two independent factors, one with mean $0$), so only the squares remain.",
             conditions=(
                 Condition("$\\mathbb{E}[W_{ij} x_j W_{ik} x_k] = 0$ for $j \\ne k$", "holds",
                           "a factor with mean $0$ is independent of the others", ("line 3", "line 4"), (cross, zero)),
             )),
        made("=", lines[4], lines[5], "expectation.of_product",
             bindings={"X": power(at(W, i, j), 2), "Y": power(at(x, j), 2)}, context=sym("Hole"),
             why="The expectation of a product of independent variables is the product of their expectations.",
             conditions=(holds("$W_{ij}^2$ and $x_j^2$ are independent",
                               "$x$ is independent of $W$, and functions of independent variables are independent", "line 4"),)),
        made("=", lines[5], lines[6], "normal.second_moment", steps=(
            made("=", lines[5], mul(div(ONE, d2), sum_(i, sum_(j, expect(power(at(x, j), 2)), ONE, d1), ONE, d2)),
                 "normal.second_moment", bindings={"X": at(W, i, j), "v": ONE}, context=sym("Hole"),
                 why="$W_{ij} \\sim \\mathcal{N}(0, 1)$ has second moment $1$."),
            made("=", mul(div(ONE, d2), sum_(i, sum_(j, expect(power(at(x, j), 2)), ONE, d1), ONE, d2)), lines[6],
                 "normal.second_moment", bindings={"X": at(x, j), "v": ONE}, context=sym("Hole"),
                 why="$x_j \\sim \\mathcal{N}(0, 1)$ has second moment $1$."),
        ), why="A centred normal variable has its variance as second moment: here $1$, at both places.",
             conditions=(holds("$W_{ij} \\sim \\mathcal{N}(0, 1)$", "line 3 says so", "line 3"),
                         holds("$x_j \\sim \\mathcal{N}(0, 1)$", "line 4 says so", "line 4"))),
        made("=", lines[6], lines[7], "sum.of_constant", bindings={"c": ONE, "n": d1}, context=sym("Hole"),
             why="The $d_1$ terms are all $1$; the $d_2$ rows are alike."),
        made("=", lines[7], lines[8], "algebra", why="$d_2$ cancels: the mean over the rows is that of one row."),
    )  # fmt: skip


def _rule(name: str, statement: str, why: str, **more: object) -> Rule:
    fields: dict = dict(chapter="Expectation", file="rules/03-expectation.md", line=1, names={}, hypotheses=(),
                        claim=call("Eq", ONE, ONE), kind="proved", source="Any textbook of probability.")  # fmt: skip
    return Rule(name=name, statement=statement, why=why, **{**fields, **more})


@cache
def rules() -> dict[str, Rule]:
    out = [
        _rule("rms.definition", r"Let $x \in \mathbb{R}^n$. Then $\mathrm{RMS}(x) = \sqrt{\frac{1}{n} \sum_{j=1}^n x_j^2}$.",
              "The root of the mean square.", kind="definition", chapter="Norms"),
        _rule("expectation.of_finite_sum",
              r"Let $X_1, \ldots, X_n$ be random variables. Let $a \in \mathbb{R}$. Then "
              r"$\mathbb{E}[a \sum_{j=1}^n X_j] = a \sum_{j=1}^n \mathbb{E}[X_j]$.",
              "Expectation is linear."),
        _rule("expectation.square_of_centred_sum",
              "Let $X_1, \\ldots, X_n$ be random variables.\nAssume $\\mathbb{E}[X_j X_k] = 0$ for $j \\ne k$.\n\nThen "
              "$$\\mathbb{E}\\Big[\\Big(\\sum_{j=1}^n X_j\\Big)^2\\Big] = \\sum_{j=1}^n \\mathbb{E}[X_j^2].$$",
              "The mixed terms vanish."),
        _rule("expectation.of_product",
              r"Let $X$ and $Y$ be independent random variables. Then $\mathbb{E}[X Y] = \mathbb{E}[X]\,\mathbb{E}[Y]$.",
              "Independence: the joint law is the product of the laws.",
              proof_text="$$\\begin{aligned}\\mathbb{E}[XY] &= \\int x y \\,dP && \\text{by expectation.definition} \\\\\n"
              "&= \\mathbb{E}[X]\\,\\mathbb{E}[Y] && \\text{by algebra}\\end{aligned}$$",
              fails=(Instance(r"independence: with $X = Y \sim \mathcal{N}(0, 1)$ the left side is $1$, the right side $0$."),),
              examples=(Instance(r"With $X \sim \mathcal{N}(1, 1)$ and $Y \sim \mathcal{N}(2, 1)$ independent, $\mathbb{E}[XY] = 2$."),),
              ),
        _rule("normal.second_moment", r"Let $X \sim \mathcal{N}(0, v)$. Then $\mathbb{E}[X^2] = v$.",
              "Variance plus squared mean.", chapter="Normal law"),
        _rule("normal.mean", r"Let $X \sim \mathcal{N}(m, v)$. Then $\mathbb{E}[X] = m$.", "By symmetry.", chapter="Normal law"),
        _rule("sum.of_constant", r"Let $c \in \mathbb{R}$. Then $\sum_{j=1}^n c = n c$.", "There are $n$ terms.", chapter="Sums"),
    ]  # fmt: skip
    return {r.name: r for r in out}


@cache
def problem() -> Problem:
    symbols = {
        "d_1": Symbol(d1, "dimension", 3, "d_1", integer=True), "d_2": Symbol(d2, "dimension", 3, "d_2", integer=True),
        "W": Symbol(W, "random", 3, "W"), "x": Symbol(x, "random", 4, "x"), "y": Symbol(y, "defined", 5, "y"),
    }  # fmt: skip
    lines = SOURCE.splitlines()
    texts = [line.split(". ", 1)[1] for line in lines if line[:1].isdigit()]
    e = expect(power(call("RMS", y), 2))
    ec = expect(power(call("RMS", call("MatMul", mul(c, W), x)), 2))
    tasks = (
        Task("1", "find", texts[0], 7, (e,)),
        Task("2", "scale", texts[1], 8, (e,), sizes=(d1, d2)),
        Task("3", "constant", texts[2], 9, (call("Eq", ec, ONE),), unknown=c),
        Task("4", "truth", texts[3], 10, (call("Dist", at(y, ONE), call("Normal", num(0), d1)),)),
        Task("5", "bound", texts[4], 11, (call("Norm", y),), direction="below"),
    )
    declarations = tuple((lines[n - 1], n) for n in (3, 4, 5))
    givens = (Given(call("Iid", W), 3, lines[2]), Given(call("Independent", W, x), 4, lines[3]))
    return Problem("1a: feature scale at initialisation", "q1a.md", SOURCE, symbols, givens, (), tasks,
                   declarations=declarations)  # fmt: skip


@cache
def solution() -> Solution:
    """A found value, a growth, a constant, a refuted claim and a refused task."""
    find, scale, constant, truth, bound = problem().tasks
    e = expect(power(call("RMS", y), 2))
    growth = (
        made("=", e, d1, "earlier task", why="Task 1 found this value."),
        made("Theta", d1, d1, "leading terms", why="It is itself a power of the dimensions.", checked=Checked("ratio at three sizes", 3)),
    )  # fmt: skip
    ec = constant.objects[0].args[0]
    line = call("Eq", mul(power(c, 2), d1), ONE)
    solve = (
        made("iff", call("Eq", ec, ONE), line, "rms.definition", why="RMS is homogeneous and $\\mathbb{E}[\\mathrm{RMS}(y)^2] = d_1$ by task 1."),
        made("iff", line, call("Eq", c, div(ONE, sqrt(d1))), "power.root",
             why="Of the two roots only the positive one meets $c > 0$.",
             conditions=(holds("$c > 0$", "task 3 asks for $c > 0$", "task 3"), Condition("$d_1 \\ne 0$", "holds", "a dimension is positive"))),
    )  # fmt: skip
    fourth = expect(power(at(y, ONE), 4))
    moment = add(mul(num(3), power(d1, 2)), mul(num(6), d1))
    refute = (
        made(
            "=",
            fourth,
            moment,
            "normal.fourth_moment",
            why="Diagonal terms give $9 d_1$, the others $3 (d_1^2 - d_1)$.",
        ),
    )
    answers = (
        Answer(find, "solved", d1, steps_of_scale(), "entry by entry"),
        Answer(scale, "solved", call("Theta", d1), growth, "leading terms"),
        Answer(constant, "solved", div(ONE, sqrt(d1)), solve, "solve for the constant"),
        Answer(truth, "refuted", Term("False", ()), refute, "compare moments",
               reason="A product of Gaussians is not Gaussian: mean and variance agree, the fourth moments do not.",
               evidence=Evidence({"d_1": 2, "d_2": 1}, 24.0, 12.0, "the fourth moment of $y_1$, and that of $\\mathcal{N}(0, d_1)$")),
        Answer(bound, "refused", reason="Nothing that is given keeps $\\|W x\\|$ away from $0$.",
               missing="that $W$ does not shrink $x$ much below $\\|W\\|_2 \\|x\\|$"),
    )  # fmt: skip
    return Solution(problem(), answers, rules())


@cache
def table_solution() -> Solution:
    """A `Tabulate` task with a long formula."""
    m, n = sym("m"), sym("n")

    def text(words: str) -> Term:
        return call("Text", sym(words))

    task = Task("1", "table", "Tabulate 1 and 2 for input weights ($m$ constant) and hidden weights ($n = m$).", 3,
                (sym("1"), sym("2")), rows=(("input weights", ()), ("hidden weights", ())))  # fmt: skip
    theta = call("Theta", div(n, mul(m, power(add(sqrt(n), sqrt(m)), TWO))))
    cells = call(
        "Table",
        call("List", text(""), text("variance"), text("step size")),
        call("List", text("input weights"), theta, call("Theta", n)),
        call("List", text("hidden weights"), call("Theta", div(ONE, n)), call("Theta", sub(n, m))),
    )
    p = Problem("Table", "t.md", "# Table\n", tasks=(task,))
    return Solution(p, (Answer(task, "solved", cells),))
