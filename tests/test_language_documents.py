"""Documents of every kind read to the declarations, assumptions, definitions and tasks that they state."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.language.model import Problem
from derive.language.reading import read_claim, read_problem
from derive.terms import same

DOCUMENTS = Path(__file__).parent / "documents"


def read(name: str) -> Problem:
    return read_problem(DOCUMENTS / name)


def said(items) -> list[str]:
    return [str(x.prop) for x in items]


# Documents -> how many givens, definitions, tasks, lines of a Working.
COUNTS = {
    "display.md": (4, 3, 2, 0),
    "github.md": (1, 0, 2, 0),
    "gradients.md": (8, 4, 6, 0),
    "growth.md": (11, 0, 5, 0),
    "laws.md": (38, 3, 4, 0),
    "layer-scale.md": (14, 2, 6, 0),
    "network.md": (9, 0, 5, 0),
    "sheet.tex": (5, 1, 3, 3),
    "spelled-otherwise.md": (18, 3, 10, 0),
    "unicode.md": (4, 0, 1, 0),
    "windows.md": (1, 1, 2, 0),
    "working.md": (8, 1, 0, 13),
}


def test_every_document_is_counted() -> None:
    assert {p.name for p in DOCUMENTS.iterdir()} == set(COUNTS)


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_document(name: str) -> None:
    p = read(name)
    assert (len(p.givens), len(p.definitions), len(p.tasks), len(p.working)) == COUNTS[name]
    assert p.title
    lines = p.source.splitlines()
    for what in (*p.givens, *p.tasks, *p.working):
        # What is said to stand on a line begins there.
        assert what.text.split()[0].lstrip("$\\(`&") in lines[what.line - 1]


def test_givens_of_arrays() -> None:
    p = read("layer-scale.md")
    assert said(p.givens)[2:9] == [
        "ForAll(i, ForAll(j, Dist(At(W, i, j), Normal(0, Pow(m, -1)))))",
        "Iid(W)",
        "Gt(v, 0)",
        "ForAll(j, Eq(Expect(At(x, j)), 0))",
        "ForAll(j, Eq(Var(At(x, j)), v))",
        "Iid(x)",
        "Independent(x, W)",
    ]
    assert "Independent(V, Group(W, x))" in said(p.givens)
    assert {n: s.role for n, s in p.symbols.items()} == {
        "n": "dimension", "m": "dimension", "k": "dimension", "W": "random", "x": "random", "V": "random",
        "v": "fixed", "h": "defined", "y": "defined", "c": "unknown",
    }  # fmt: skip


def test_tasks_of_a_layer() -> None:
    p = read("layer-scale.md")
    assert [(t.id, t.kind) for t in p.tasks] == [
        ("1", "find"), ("2", "scale"), ("3", "constant"), ("4", "scale"), ("5", "bound"), ("6", "find"),
    ]  # fmt: skip
    assert p.tasks[1].text == r"How does $\mathbb{E}[\mathrm{RMS}(y)^2]$ scale with $n$, $m$ and $k$?"
    assert [str(s) for s in p.tasks[1].sizes] == ["n", "m", "k"]
    assert str(p.tasks[2].unknown) == "c"
    # `c > 0` is given from task 3 on.
    assert [t.givens for t in p.tasks] == [13, 13, 14, 14, 14, 14]
    assert (p.tasks[4].direction, [str(t) for t in p.tasks[4].terms]) == ("above", ["Spectral(W)", "Norm(x)"])
    (i, j), ((_, low, high), _) = p.tasks[5].distinct[0], p.tasks[5].ranges
    assert (str(i), str(j), str(low), str(high)) == ("i", "j", "1", "n")


def test_other_words_mean_the_same() -> None:
    p = read("spelled-otherwise.md")
    assert [t.kind for t in p.tasks] == [
        "find", "find", "show", "truth", "truth", "truth", "truth", "find", "distribution", "show",
    ]  # fmt: skip
    assert said(p.givens)[:2] == ["In(n, Naturals())", "Eq(Transpose(A), A)"]
    assert "ForAll(j, Eq(Expect(Pow(At(X, j), 4)), kappa))" in said(p.givens)
    assert [g.kind for g in p.givens].count("assume") == 2
    assert p.symbols["X"].family
    assert [len(t.objects) for t in p.tasks][2] == 2
    assert (p.tasks[6].definitions, p.tasks[7].definitions) == (2, 3)  # `where z = …` holds from its task on


def test_everything_random() -> None:
    p = read("laws.md")
    assert {
        "FiniteMeanOnly(Y)", "InfiniteVariance(Z)", "PositiveDefinite(Sigma)", "Dist(x, Normal(mu, Sigma))",
        "Iid(y, w)",
        "ForAll(l, ForAll(i, ForAll(j, Dist(At(W, l, i, j), Normal(0, Pow(d, -1))))))", "Iid(W)", "Independent(N, X)",
        "Independent(E, Group(X, N))", "Dist(G, ChiSquared(r))", "ProbabilityVector(u)", "Independent(A, B, C)",
        "Uncorrelated(X, Y)", "Eq(MatMul(Transpose(Q), Q), Identity(d))", "Eq(Expect(Pow(At(y, 1), 4)), kappa)",
    } <= set(said(p.givens))  # fmt: skip
    assert not any("Independent(A, B)" == s for s in said(p.givens))
    table = next(d for d in p.definitions if d.symbol.name == "M")
    assert [str(j) for j in table.index] == ["i", "j"]
    assert str(table.symbol.sort.shape) == "(d, d)"
    assert p.tasks[3].using == "linearity of expectation"


def test_gradients_and_densities() -> None:
    p = read("gradients.md")
    assert str(p.tasks[0].over) == "Dist(_, Apply(p_lambda, lambda))"
    assert str(p.tasks[2].over) == "Dist(z, Normal(Zeros(k), Identity(k)))"
    assert (str(p.tasks[1].unknown), p.tasks[1].direction) == ("b", "minimises")
    score = next(d for d in p.definitions if d.symbol.name == "r_theta")
    assert [str(x) for x in score.params] == ["theta", "y"]
    assert p.tasks[4].kind == "map" and str(p.tasks[4].unknown) == "Tuple(g, p)"
    assert str(p.tasks[5].objects[0]).startswith("ForAll(z, Implies(Dist(z, Normal(Zeros(k), Identity(k))), Dist(")
    named = next(d for d in p.definitions if d.symbol.name == "p_lambda")
    assert str(named.body).startswith("Density(Exponential(lambda), ") and [str(x) for x in named.params][0] == "lambda"


def test_defined_density() -> None:
    p = read_problem(
        "Let $m \\in \\mathbb{R}^k$.\nDefine $q_m(x) = (2 \\pi)^{-k/2} \\exp(-\\|x - m\\|^2 / 2)$.\n"
        "Define $u(x) = \\|x\\|^2$ for $x \\in \\mathbb{R}^k$.\nFind $\\mathbb{E}_{x \\sim q_m}[u(x)]$.\n"
    )
    assert p.symbols["q_m"].role == "density" and p.symbols["u"].role == "defined"
    assert str(p.tasks[0].objects[0]) == "ExpectOver(x, Apply(u, x), Apply(q_m, m))"


def test_growth_and_tables() -> None:
    p = read("growth.md")
    assert "ForAll(t, Le(Abs(Apply(phi, t)), Abs(t)))" in said(p.givens)
    assert "Eq(Norm(g), BigO(1))" in said(p.givens)
    assert [str(t.unknown) for t in p.tasks[:2]] == ["eta", "Pow(alpha, 2)"]
    assert [(name, [str(c) for c in conditions]) for name, conditions in p.tasks[2].rows] == [
        ("a wide layer", ["Constant(m)"]),
        ("a square one", ["Eq(n, m)"]),
    ]


def test_network() -> None:
    p = read("network.md")
    assert p.unit == "us"
    assert "Network(L, k)" in said(p.givens) and "StorageCost(c)" in said(p.givens)
    assert [(t.kind, str(t.objects[0])) for t in p.tasks] == [
        ("find", "ForwardOperations()"), ("find", "MemoryLoads()"), ("time", "BackwardTime()"),
        ("minimise", "TotalTime()"), ("time", "Eq(Mul(L, t), BackwardTime())"),
    ]  # fmt: skip
    assert str(p.tasks[3].unknown) == "k"


@pytest.mark.parametrize(
    ("layers", "every", "network"),
    [
        ("$L = 10$", "$5$th", "Network(10, 5)"),
        ("10", "1st", "Network(10, 1)"),
        ("$L = 3 k$", "$k$th", "Network(Mul(3, k), k)"),
        ("$7$", "$2$nd", "Network(7, 2)"),
    ],
)
def test_network_sentences(layers: str, every: str, network: str) -> None:
    p = read_problem(f"Consider a network of {layers} layers that stores the activation of every {every} layer.\n")
    assert network in said(p.givens)


def test_working() -> None:
    p = read("working.md")
    lines = [(w.line, w.part, w.label, w.citation) for w in p.working]
    assert lines[:5] == [
        (8, 1, "1", None), (9, 1, None, "by expectation.of_product"), (11, 1, "2", None), (12, 1, None, "by (1)"),
        (15, 1, None, "by (2)"),
    ]  # fmt: skip
    # A row that starts with its own left side begins a new chain; one without a relation goes on.
    assert str(p.working[3].prop) == "Eq(Var(Add(X, Y)), 2)"
    assert same(p.working[1].prop.args[0], p.working[0].prop.args[1])
    since = p.working[6]
    assert (since.line, since.part, str(since.since)) == (16, 2, "Eq(Expect(X), 0)")
    assert [d.symbol.name for d in p.definitions] == ["Z"]
    assert p.working[-1].citation == "from line 3"


def test_tex_is_read_like_markdown() -> None:
    p = read("sheet.tex")
    assert p.title == r"A sheet in \LaTeX"
    assert [(t.id, t.kind, t.line) for t in p.tasks] == [("1", "find", 15), ("2", "show", 16), ("3", "truth", 20)]
    assert [(w.line, w.citation) for w in p.working] == [(25, "by expectation.of_sum"), (26, None), (28, None)]


def test_line_ends_and_byte_order_mark_change_nothing() -> None:
    p = read("windows.md")
    plain = read_problem(p.source.replace("\r\n", "\n"))
    assert p.source.count("\r\n") > 5
    assert [t.objects for t in p.tasks] == [t.objects for t in plain.tasks]
    assert [t.line for t in p.tasks] == [t.line for t in plain.tasks] == [7, 8]


def test_items_are_tasks_with_or_without_a_blank_line() -> None:
    p = read_problem("Let $X \\sim \\mathcal{N}(0, 1)$.\n1. Find $\\mathbb{E}[X]$.\n4. Find $\\mathbb{E}[X^2]$.\n")
    assert [t.id for t in p.tasks] == ["1", "4"]


@pytest.mark.parametrize(
    ("claim", "read_as"),
    [
        ("the number of memory loads is 8", "Eq(MemoryLoads(), 8)"),
        ("The number of forward operations is $k - 1$.", "Eq(ForwardOperations(), Add(k, -1))"),
        ("L = k", "Eq(L, k)"),
        ("$L = k$", "Eq(L, k)"),
        ("the time of the backward pass is 480 us", "Eq(BackwardTime(), 480)"),
    ],
)
def test_claims(claim: str, read_as: str) -> None:
    (prop,) = read_claim(claim, read("network.md"))
    assert str(prop) == read_as


@pytest.mark.parametrize(
    ("declared", "apart"),
    [
        (r"Let $h \in \mathbb{R}^n$ be fixed with $\mathrm{RMS}(h) = 1$.", r"Let $h \in \mathbb{R}^n$ be fixed. Assume $\mathrm{RMS}(h) = 1$."),
        (r"Let $u, v \in \mathbb{R}^n$ be fixed with $\|u\| = 1$ and $u^\top v = 0$.",
         r"Let $u, v \in \mathbb{R}^n$ be fixed. Assume $\|u\| = 1$ and $u^\top v = 0$."),
        (r"Let $X$ be a random vector in $\mathbb{R}^n$, satisfying $\mathbb{E}[X] = \mu$ and $\mathbb{E}[\|X\|^2] = s$.",
         r"Let $X$ be a random vector in $\mathbb{R}^n$. Assume $\mathbb{E}[X] = \mu$ and $\mathbb{E}[\|X\|^2] = s$."),
        (r"Let $a, b > 0$ such that $a + b = 1$.", r"Let $a, b > 0$. Assume $a + b = 1$."),
    ],
)  # fmt: skip
def test_what_a_declaration_adds_is_assumed(declared: str, apart: str) -> None:
    one, other = (read_problem(f"# With\n\n{text}\n\n1. Find $1 + 1$.\n") for text in (declared, apart))
    assert said(one.givens) == said(other.givens) and {n: (s.term, s.role) for n, s in one.symbols.items()} == {
        n: (s.term, s.role) for n, s in other.symbols.items()}  # fmt: skip
