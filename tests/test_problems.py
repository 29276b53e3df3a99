"""Problems in the spirit of the homework, each answer compared with a formula found by other means.

The formulas were worked out by hand and checked by sampling; they are compared at several sizes, never as text.
"""

from __future__ import annotations

from itertools import product
from math import pi, sqrt
from pathlib import Path

import pytest

from derive.language.reading import read_problem
from derive.planner.solve import solve
from derive.rulebook.load import load
from derive.terms import Term

HERE = Path(__file__).parent / "problems"

# document -> task -> (status, formula of the symbols; None where only the status counts)
EXPECTED = {
    "affine-layer": {
        "1": ("solved", lambda n, d, m, v, s: n * (d * (m * m + v) / 3 + s)),
        "2": ("solved", lambda d, m, v, s: d * (m * m + v) / 3 + s),
        "3": ("solved", lambda d: d),
        "4": ("solved", lambda n, m, v, s: m * m + v + n * s / 3),
        "5": ("solved", lambda: 0),
        "6": ("solved", lambda d, m, v: d * (m * m + v)),
    },
    "two-layers-and-a-mask": {
        "1": ("solved", lambda n, d: n * d),
        "2": ("solved", lambda n, d, p: n * d * p),
        "3": ("solved", lambda n, d, p: 1 / sqrt(n * d * p)),
        "4": ("solved", lambda d, p: d * p + d * (d - 1) * p * p),
        "5": ("solved", lambda n, d: n * d / 2),
    },
    "sign-step-exponential": {
        "1": ("solved", lambda d, r: (2 * d + d * (d - 1)) / r**2),
        "2": ("solved", lambda d, r: 20 * d / r**4),
        "3": ("solved", None),
        "4": ("shown", None),
    },
    "fourth-moments": {
        "1": ("solved", lambda d: 2 * d),
        "2": ("solved", lambda d: 1 + 2 / d),
        "3": ("solved", lambda d: d * d + 2 * d),
        "4": ("shown", None),
        "5": ("refuted", None),
        "6": ("refuted", None),
        "7": ("shown", None),
        "8": ("shown", None),
    },
    "moments-only": {
        "1": ("solved", lambda n, d, v: n * d * v),
        "2": ("shown", None),
        "3": ("solved", lambda n, d, v: 1 / (sqrt(n * d) * v)),
        "4": ("refuted", None),
    },
    "not-said-to-be-independent": {
        "1": ("refused", None), "2": ("refuted", None), "3": ("shown", None), "4": ("shown", None), "5": ("refuted", None),
    },  # fmt: skip
    "what-nothing-determines": {
        "1": ("refused", None),
        "2": ("solved", lambda m, v: m * m + v),
        "3": ("refused", None),
        "4": ("solved", lambda: 1),
        "5": ("shown", None),
        "6": ("refuted", None),
    },
    "shared-factor": {
        "1": ("solved", lambda d: d),
        "2": ("solved", lambda d: d + d * (d - 1) * 2 / pi),
        "3": ("refuted", None),
        "4": ("shown", None),
        "5": ("solved", lambda d: d * d),
    },
}
NAMES = {"r": "lambda"}


@pytest.fixture(scope="module")
def answers():
    cache: dict = {}

    def of(name: str):
        if name not in cache:
            cache[name] = solve(read_problem(HERE / f"{name}.md"), load())
        return cache[name]

    return of


def value(t: Term, at: dict[str, float]) -> float:
    """A closed form evaluated in plain floats."""
    if t.head == "Num":
        return float(t.value)
    if t.head == "Sym":
        return at[t.name]
    if t.head == "Pi":
        return pi
    if t.head == "Theta":
        return value(t.args[0], at)
    parts = [value(a, at) for a in t.args]
    if t.head == "Add":
        return sum(parts)
    if t.head == "Mul":
        out = 1.0
        for p in parts:
            out *= p
        return out
    assert t.head == "Pow", t.head
    return parts[0] ** parts[1]


CASES = [(name, task) for name, tasks in EXPECTED.items() for task in tasks]


@pytest.mark.parametrize(("name", "task"), CASES, ids=[f"{n}-{t}" for n, t in CASES])
def test_answer(answers, name: str, task: str):
    status, formula = EXPECTED[name][task]
    answer = answers(name)[task]
    assert answer.status == status, answer.reason
    if status in ("solved", "shown"):
        assert answer.steps or answer.note
        assert all(s.why for s in answer.steps)
    if status == "refuted":
        assert answer.evidence is not None
    if formula is None:
        return
    symbols = formula.__code__.co_varnames
    for sizes in product((2.0, 3.0, 5.0), repeat=min(len(symbols), 2)):
        values = [*sizes, *(0.3 + 0.2 * k for k in range(len(symbols) - len(sizes)))]
        at = {NAMES.get(s, s): v for s, v in zip(symbols, values, strict=True)}
        assert value(answer.result, at) == pytest.approx(formula(*values), rel=1e-12)


def test_the_missing_hypothesis_is_named(answers):
    assert "independent" in answers("not-said-to-be-independent")["1"].missing


def test_every_document_is_expected():
    assert {p.stem for p in HERE.glob("*.md")} == EXPECTED.keys()
