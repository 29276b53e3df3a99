"""Orders of growth, bounds inside larger expressions, and tables: what follows, and above all what does not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from derive.facts.facts import Facts
from derive.facts.verdict import UNKNOWN
from derive.kernel.algebra import equal as algebra_equal
from derive.kernel.apply import Spot, by_rule
from derive.kernel.chain import proves
from derive.kernel.growth import by_bound, by_order, compare
from derive.kernel.orders import Order, at_most, equal
from derive.kernel.step import Refused
from derive.kernel.written import sign_as
from derive.language.reading import read_problem
from derive.planner.solve import solve
from derive.rulebook.load import load
from derive.terms import Term, call, num, sym

HOMEWORK = Path(__file__).parent / "problems"


@pytest.fixture(scope="module")
def rules():
    return load()


def problem(text: str):
    return read_problem("# T\n\n" + text)


def facts(text: str, *growing: str, others: tuple[str, ...] = ()) -> Facts:
    p = problem(text)
    f = Facts.of(p)
    return replace(f, growing=tuple(p.symbols[n].term for n in growing), others=tuple(p.symbols[n].term for n in others))


def expression(text: str, e: str) -> Term:
    return problem(f"{text}\n\n1. Find ${e}$.\n").tasks[0].objects[0]


def claim(text: str, c: str) -> Term:
    return problem(f"{text}\n\n1. Show that ${c}$.\n").tasks[0].objects[0]


# -- comparing orders
def order(*monomials: dict[str, float]) -> Order:
    return Order(frozenset(tuple(sorted((k, Fraction(e)) for k, e in m.items())) for m in monomials))


POSYNOMIALS = [[{"n": 1}], [{"m": 1}], [{"n": 1}, {"m": 1}], [{"n": 0.5, "m": 0.5}], [{"n": 2, "m": -1}], [{"n": 0.5}, {"m": 0.5}], [{}],
               [{"n": 1, "m": 0.5}], [{"n": 1.5}, {"m": 1.5}]]  # fmt: skip


def evaluated(monomials: list[dict[str, float]], n: float, m: float) -> float:
    return sum(n ** x.get("n", 0) * m ** x.get("m", 0) for x in monomials)


@pytest.mark.parametrize(("a", "b"), list(product(POSYNOMIALS, POSYNOMIALS)))
def test_at_most_is_what_the_ratio_does_along_every_ray(a, b):
    rays = [(1, 1), (1, 0.1), (0.1, 1), (1, 0.5), (0.5, 1)]
    slopes = []
    for x, y in rays:
        r = [evaluated(a, t**x, t**y) / evaluated(b, t**x, t**y) for t in (1e20, 1e30)]
        slopes.append(np.log(r[1] / r[0]) / np.log(1e10))
    assert at_most(order(*a), order(*b), frozenset()) == (max(slopes) < 1e-3)
    if at_most(order(*a), order(*b), frozenset(), strict=True):
        assert max(slopes) < -1e-3


def test_a_symbol_that_takes_every_value_must_match_exactly():
    eta, n = {"eta": 1.0, "n": 1.0}, {"n": 2.0}
    assert not at_most(order(eta), order(n), frozenset({"eta"}))
    assert at_most(order({"eta": 1, "n": 1}), order({"eta": 1, "n": 2}), frozenset({"eta"}))


def test_powers_and_quotients_of_sums():
    root = order({"n": 0.5}, {"m": 0.5})
    assert equal(root ** Fraction(2), order({"n": 1}, {"m": 1}), frozenset())
    assert equal(root.inverse() * root, order({}), frozenset())


# -- closed forms
SIZES = r"Let $n, d \in \mathbb{N}$. Let $a \in \mathbb{R}$. Let $s > 0$."


@pytest.mark.parametrize(
    ("left", "cls", "right", "holds"),
    [
        ("n^2 - n", "Theta", "n^2", True),
        ("n - n^2", "Theta", "n^2", True),  # of its size
        ("n^2 - (n - 1)^2", "Theta", "n", True),  # the squares cancel
        ("n - d", "Theta", "n", False),
        ("n + d", "Theta", "n", False),
        ("n + d", "BigOmega", "n", True),
        ("n", "BigO", "n^2", True),
        ("n^2", "BigO", "n", False),
        (r"\sqrt{n d}", "BigO", "n + d", True),  # by the geometric mean
        ("n d", "BigO", "n + d", False),
        ("s n", "Theta", "n", True),
        ("a n", "Theta", "n", False),  # a may be 0
        ("n", "Theta", "-n", False),
        (r"\frac{n d}{n + d}", "BigO", "n", True),
    ],
)
def test_closed_forms(left, cls, right, holds):
    f = facts(SIZES, "n", "d")
    relation = {"Theta": "Theta", "BigO": "O", "BigOmega": "Omega"}[cls]
    assert compare(relation, expression(SIZES, left), expression(SIZES, right), f) is holds


def test_what_does_not_grow_is_constant_and_what_is_not_said_is_refused():
    text = r"Let $x \in \mathbb{R}^n$. Let $y \in \mathbb{R}^d$ be fixed with nonzero entries."
    f = facts(text, "n")
    assert by_order(expression(text, r"n \|y\|"), f).after == call("Theta", sym("n"))
    with pytest.raises(Refused, match="grows"):
        by_order(expression(text, r"n \|x\|"), f)


# -- the rules of growth
def test_a_product_of_as_many_factors_as_grow_is_refused(rules):
    text = r"Let $n \in \mathbb{N}$. Let $a_1, \ldots, a_n \in \mathbb{R}$."
    f = facts(text, "n")
    line = expression(text, r"\prod_{j=1}^n a_j")
    rule = rules["growth.of_product"]
    member = Term("Lambda", (line.var, line.body))
    one = Term("Lambda", (line.var, call("Num", Fraction(2))))
    with pytest.raises(Refused):
        by_rule(rule, {"X": member, "U": one, "k": call("IndexRange", *line.domain), "n": sym("n")}, line, Spot(), f)


def test_a_growth_rule_is_no_equation_inside_an_expression(rules):
    text = r"Let $n \in \mathbb{N}$. Let $a > 0$. Assume $a = \Theta(n)$."
    f = facts(text, "n")
    line = expression(text, "1 + a^2")
    bindings = {"a": sym("a"), "u": sym("n"), "p": call("Num", Fraction(2)), "n": sym("n")}
    assert by_rule(rules["growth.of_power"], bindings, line.args[1], Spot(), f).relation == "Theta"
    with pytest.raises(Refused):
        by_rule(rules["growth.of_power"], bindings, line, Spot((1,)), f)


def test_a_given_growth_is_no_value(rules):
    answer = solve(problem(r"Let $X$ be a random variable." "\n" r"Let $n \in \mathbb{N}$." "\n" r"Assume $\mathbb{E}[X^2] = \Theta(n)$." "\n\n"
                           r"1. Find $\mathbb{E}[X^2] + 1$." "\n"), rules)[1]  # fmt: skip
    assert answer.result is None or "Theta" not in str(answer.result)


# -- bounds in a context
SPACE = r"Let $W \in \mathbb{R}^{n \times m}$ and $x \in \mathbb{R}^m$. Let $c > 0$. Let $a \in \mathbb{R}$."


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        (r"\|W x\|", "<="),
        (r"c \|W x\| + a", "<="),
        (r"-2 \|W x\|", ">="),
        (r"\frac{1}{1 + \|W x\|}", ">="),
        (r"\|W x\|^2", "<="),
        (r"\exp(-c \|W x\|)", ">="),
        (r"\max(a, \|W x\|)", "<="),
        (r"a \|W x\|", None),  # the sign of a is not known
        (r"\frac{1}{\|W x\|}", None),  # it may be 0
        (r"(a - \|W x\|)^2", None),  # a square falls below 0
        (r"\cos(\|W x\|)", None),
    ],
)
def test_a_bound_is_carried_only_where_the_context_is_monotone(rules, line, relation):
    p = problem(f"{SPACE}\n\n1. Find ${line}$.\n")
    f, t = Facts.of(p), p.tasks[0].objects[0]
    path = next(q for q in _paths(t) if Spot(q).get(t).head == "Norm")
    W, x = p.symbols["W"].term, p.symbols["x"].term
    bindings = {"A": W, "x": x, "n": W.sort.shape[0], "m": W.sort.shape[1]}
    if relation is None:
        with pytest.raises(Refused):
            by_rule(rules["spectral_norm.bounds_product"], bindings, t, Spot(path), f)
    else:
        assert by_rule(rules["spectral_norm.bounds_product"], bindings, t, Spot(path), f).relation == relation


def _paths(t: Term, path=()):
    yield path
    for i, c in t.children():
        yield from _paths(c, (*path, i))


def test_an_upper_bound_alone_shows_no_size_of_what_may_be_negative(rules):
    text = r"Let $n \in \mathbb{N}$. Let $a, b \in \mathbb{R}$. Assume $a \le b$. Assume $b = O(1)$."
    p = problem(f"{text}\n\n1. Show that $a = O(1)$.\n")
    assert solve(p, rules)[1].status != "shown"  # a may be -n


def test_a_chain_that_does_not_join_shows_nothing():
    f = facts(SIZES, "n", "d")
    first, second = by_order(expression(SIZES, "n^2"), f), by_order(expression(SIZES, "n"), f)
    assert proves([first], claim(SIZES, r"n^2 = \Theta(n^2)"), f)
    assert not proves([first, second], claim(SIZES, r"n^2 = \Theta(n)"), f)
    assert not proves([first], claim(SIZES, r"n^2 = \Theta(n)"), f)
    assert UNKNOWN.holds is None


# -- instances against claims
@pytest.mark.parametrize("name", ["residual-bound", "bias-output", "low-rank", "orthogonal-layer", "attention-scale"])
def test_instances_meet_what_is_given_and_break_the_claim(rules, name):
    p = read_problem(HOMEWORK / f"{name}.md")
    for answer in solve(p, rules).answers:
        if answer.status != "refuted" or answer.task.objects[0].args[1].head not in ("Theta", "BigO", "BigOmega"):
            continue
        where = answer.evidence.where
        if not all(isinstance(v, Term) for v in where.values()):
            continue
        size = next(s.term.name for s in p.symbols.values() if s.role == "dimension" and s.term.name not in where)
        ratios = {}
        for n in (16, 64, 256):
            at = {size: n}
            for k in (*(k for k, v in where.items() if not _is_array(v)), *(k for k, v in where.items() if _is_array(v))):
                at[k] = built(where[k], at)
            for d in p.definitions:
                at[d.symbol.name] = built(d.body, at)
            for g in p.givens[: answer.task.givens]:
                for q in g.prop.args if g.prop.head == "And" else (g.prop,):
                    if q.head == "Eq" and q.args[1].head in ("Theta", "BigO", "BigOmega") and names(q) <= at.keys():
                        ratios.setdefault(str(q), []).append((q, built(q.args[0], at) / built(q.args[1].args[0], at)))
            c = answer.task.objects[0]
            ratios.setdefault("claim", []).append((c, built(c.args[0], at) / built(c.args[1].args[0], at)))
        for key, found in ratios.items():
            q, values = found[0][0], [abs(v) for _, v in found]
            above, below = max(values) < 3 * values[0] + 1e-9, min(values) > values[0] / 3 and values[0] > 1e-9
            fits = {"Theta": above and below, "BigO": above, "BigOmega": below}[q.args[1].head]
            assert bool(fits) is (key != "claim"), (key, values)


def names(t: Term) -> set[str]:
    from derive.terms import free

    return {s.name for s in free(t)}


def _is_array(v: Term) -> bool:
    from derive.terms import shape

    return bool(shape(v))


def built(t: Term, at: dict):
    """A term evaluated in plain numpy."""
    if t.head == "Num":
        return float(t.value)
    if t.head == "Sym":
        return at[t.name]
    a = [built(x, at) for x in t.args]
    if t.head in ("Identity", "Ones", "Zeros"):
        sizes = [int(x) for x in a]
        return np.eye(sizes[0]) if t.head == "Identity" else np.ones(sizes) if t.head == "Ones" else np.zeros(sizes)
    if t.head == "MatMul":
        parts = [x[:, None] if x.ndim == 1 and k < len(a) - 1 else x for k, x in enumerate(a)]
        return np.linalg.multi_dot(parts) if len(parts) > 1 else parts[0]
    if t.head == "Transpose":
        return a[0][None, :] if a[0].ndim == 1 else a[0].T
    if t.head in ("Add", "Mul"):
        out = a[0]
        for x in a[1:]:
            out = out + x if t.head == "Add" else out * x
        return out
    return {
        "Pow": lambda: a[0] ** a[1], "Norm": lambda: np.linalg.norm(a[0]), "NormInf": lambda: abs(a[0]).max(),
        "Spectral": lambda: np.linalg.norm(a[0], 2), "Dot": lambda: a[0] @ a[1], "Abs": lambda: abs(a[0]),
        "Diag": lambda: np.diag(a[0]),
    }[t.head]()  # fmt: skip


# -- the cited theorem, at real sizes
@pytest.mark.parametrize(("n", "m"), [(40, 40), (400, 40), (40, 400), (300, 300)])
def test_the_norm_of_a_gaussian_matrix(n, m):
    rng = np.random.default_rng(3)
    sigma = 0.7
    mean = np.mean([np.linalg.norm(sigma * rng.normal(size=(n, m)), 2) for _ in range(8)])
    assert 0.85 < mean / (sigma * (np.sqrt(n) + np.sqrt(m))) < 1.05


# -- tables
def test_a_cell_that_has_no_answer_refuses_the_table_by_name(rules):
    text = (r"Let $h \in \mathbb{R}^m$ and $g \in \mathbb{R}^n$ be fixed with nonzero entries." "\n" r"Let $\eta > 0$." "\n"
            r"Assume $\|h\|_2 = \Theta(\sqrt{m})$." "\n\n"
            r"1. How must $\eta$ scale with $n$ and $m$ so that $\|\eta g h^\top\|_2 = \Theta(1)$?" "\n"
            r"2. Tabulate 1 for a layer ($n = m$)." "\n")  # fmt: skip
    answer = solve(problem(text), rules)[2]
    assert answer.status == "refused" and "Task 1" in answer.reason and "a layer" in answer.reason


# -- strict and not
@pytest.mark.parametrize(
    ("claim", "status"),
    [
        (r"n < n + a", "shown"),
        (r"n < n + b", "refuted"),
        (r"\|W x\| < \|W\|_2 \|x\|", "refuted"),
        (r"\|W x\| < \|W\|_2 \|x\| + a", "shown"),
        (r"\|x\| > 0", "refuted"),
        (r"\|x\|^2 \ge 0", "shown"),
        (r"n^2 > n", "refuted"),
    ],
)
def test_a_strict_claim_needs_a_strict_step(rules, claim, status):
    text = r"Let $n \in \mathbb{N}$. Let $a > 0$. Let $b \in \mathbb{R}$. Let $W \in \mathbb{R}^{n \times n}$ and $x \in \mathbb{R}^n$."
    assert solve(problem(f"{text}\n\n1. Show that ${claim}$.\n"), rules)[1].status == status


def test_what_a_line_says_of_a_part_is_put_into_a_bound(rules):
    text = r"""Let $x \in \mathbb{R}^n$ and $c > 0$. Let $\phi : \mathbb{R} \to \mathbb{R}$ be a function.
Assume $|\phi(s) - \phi(t)| \le c |s - t|$ for every $s$ and $t$. Assume $\phi(0) = 0$."""
    said = solve(problem(f"{text}\n\n1. Bound $\\|\\phi(x)\\|$ from above.\n"), rules)[1].result
    assert said == claim(text, r"\|\phi(x)\| \le c \|x\|")


def test_what_is_related_to_something_that_moves_is_no_constant():
    text = r"Let $n \in \mathbb{N}$. Let $a, b, c \in \mathbb{R}$. Assume $a \le b$. Assume $b = O(n)$."
    f = facts(text, "n")
    assert compare("O", expression(text, "c n"), expression(text, "n"), f)  # c is fixed, of either sign
    assert not compare("O", expression(text, "a n"), expression(text, "n^3"), f)  # a may be -n^4
    assert not compare("Theta", expression(text, "c n"), expression(text, "n"), f)  # c may be 0


def test_a_bound_is_in_what_was_declared(rules):
    text = r"Let $W_1, \ldots, W_L \in \mathbb{R}^{n \times n}$. Define $A_l = I + W_l$. Define $B = A_2 A_1$."
    for quantity, said in ((r"\|A_3\|_2", r"1 + \|W_3\|_2"), (r"\|B\|_2", r"(1 + \|W_1\|_2) (1 + \|W_2\|_2)")):
        found = solve(problem(f"{text}\n\n1. Bound ${quantity}$ from above.\n"), rules)[1].result
        assert algebra_equal(found.args[1], expression(text, said))[0]
    assert solve(problem(f"{text}\n\n1. Bound $\\|B\\|_2$ from above in terms of $\\|A_1\\|_2$ and $\\|A_2\\|_2$.\n"), rules)[1].result == claim(
        text, r"\|B\|_2 \le \|A_2\|_2 \|A_1\|_2")


# -- bounds that leave a class
@pytest.mark.parametrize(("condition", "head"), [
    (r"\mathrm{RMS}(\eta\, \mathrm{sign}(g h^\top) h) = O(1)", "BigO"), (r"\mathrm{RMS}(\eta\, \mathrm{sign}(g h^\top) h) = \Omega(1)", "BigOmega"),
    (r"\mathrm{RMS}(\eta\, \mathrm{sign}(g h^\top) h) \le 3", "BigO"), (r"\|h\|_1 / \eta = O(1)", "BigOmega"), (r"\|h\|_1 / \eta \ge 2", "BigO"),
])  # fmt: skip
def test_a_bound_leaves_a_class(rules, condition: str, head: str):
    text = (r"Let $h \in \mathbb{R}^n$ and $g \in \mathbb{R}^n$ be fixed with nonzero entries." "\n" r"Assume $\|h\|_1 = \Theta(n)$." "\n"
            r"Let $\eta > 0$." "\n")  # fmt: skip
    answer = solve(problem(f"{text}\n1. How must $\\eta$ scale with $n$ so that ${condition}$?\n"), rules).answers[0]
    assert answer.result is not None and answer.result.head == head


@pytest.mark.parametrize(("text", "line"), [
    ("Let $a \\in \\mathbb{R}$.", r"a \le n"),  # its size may exceed what it does not
    ("Let $a > 0$.", r"a \le -n"), ("Let $a > 0$.", r"a \ge b"), ("Let $a > 0$.", r"a \le x^\top x"),
])
def test_a_bound_that_gives_no_order(text: str, line: str):
    text += "\nLet $b \\in \\mathbb{R}$.\nLet $x \\in \\mathbb{R}^n$."
    with pytest.raises(Refused):
        by_bound(claim(text, line), facts(text, "n"))


# -- signs from another way to write a number
SOME = "Let $s, t \\in \\mathbb{R}$.\nLet $a, b > 0$."


@pytest.mark.parametrize(("e", "form", "ok"), [
    ("s^2 + t^2 - 2 s t", "(s - t)^2", True), ("a + b - 2 \\sqrt{a b}", "(\\sqrt{a} - \\sqrt{b})^2", True),
    ("s", "(\\sqrt{s})^2", False),  # no root where it may be negative
    ("s^2 t^2", "(s t^2)^2 / t^2", False),  # no quotient where it may be 0
    ("s^2 + t^2 - 2 s t", "(s + t)^2", False), ("s + t", "s + t", False),
])  # fmt: skip
def test_a_sign_by_another_form(e: str, form: str, ok: bool):
    assert bool(sign_as(call("Ge", expression(SOME, e), num(0)), expression(SOME, form), facts(SOME))) is ok
