"""Problems in the spirit of the homework, each answer compared with a formula found by other means.

Values are compared at several sizes, never as text; what a document must give stands in ``problems/expected.py``.
"""

from __future__ import annotations

from functools import reduce
from itertools import product
from math import e, exp, floor, gamma, log, pi
from operator import mul
from pathlib import Path

import numpy as np
import pytest
from problems.expected import ARRAYS, EXPECTED, UNREADABLE, Expected

from derive.language.model import ReadError
from derive.language.reading import read_problem
from derive.planner.solve import solve
from derive.rulebook.load import load
from derive.terms import Term, free, subst

HERE = Path(__file__).parent / "problems"
SIZES = ("n", "d", "k", "L", "m", "K")
LARGE = (1e3, 1e6)  # sizes at which orders of growth are compared


@pytest.fixture(scope="module")
def answers():
    cache: dict = {}

    def of(name: str):
        if name not in cache:
            cache[name] = solve(read_problem(HERE / f"{name}.md"), load())
        return cache[name]

    return of


ENTRYWISE = {"Tanh": np.tanh, "Abs": np.abs, "Sign": np.sign, "Gamma": gamma, "Exp": exp, "Ln": log, "Floor": floor, "Sigmoid": lambda x: 1 / (1 + exp(-x))}
ARRAY = {
    "Norm": np.linalg.norm,
    "RMS": lambda x: np.sqrt(np.mean(x**2)),
    "Norm1": lambda x: np.abs(x).sum(),
    "NormInf": lambda x: np.abs(x).max(),
    "Frobenius": np.linalg.norm,
    "Spectral": lambda a: np.linalg.norm(a, 2),
    "Trace": np.trace,
    "Softmax": lambda x: np.exp(x) / np.exp(x).sum(),
    "Transpose": np.transpose,
}


MATRIX = {
    "MatMul": lambda *a: reduce(lambda u, v: (u[:, None] if u.ndim == 1 else u) @ v, a),  # a vector is a column
    "Transpose": lambda a: a[None, :] if a.ndim == 1 else a.T,
    "Identity": lambda n: np.eye(int(n)),
    "Diag": np.diag,
    "Ones": lambda n: np.ones(int(n)),
    "Zeros": lambda *n: np.zeros([int(k) for k in n]),
}


def value(t: Term, at: dict):
    """A closed form evaluated in plain floats and arrays."""
    if t.head == "Num":
        return float(t.value)
    if t.head == "Sym":
        return at[t.name]
    if t.head in ("Pi", "E"):
        return pi if t.head == "Pi" else e
    if t.head in ("Theta", "BigO", "BigOmega", "Unit"):
        return value(t.args[0], at)
    if t.head == "Apply":
        return value(t.args[0], at)(value(t.args[1], at))
    if t.head == "Sum":
        j, body, low, high, *apart = t.args
        skipped = [value(a, at) for a in apart]
        terms = np.arange(value(low, at), value(high, at) + 1)
        return sum((value(body, {**at, j.name: k}) for k in terms if k not in skipped), 0.0)
    parts = [value(a, at) for a in t.args]
    if t.head in MATRIX:
        return MATRIX[t.head](*parts)
    if t.head == "At":
        return parts[0][tuple(int(i) - 1 for i in parts[1:])]
    if t.head in ENTRYWISE or t.head in ARRAY:
        return {**ENTRYWISE, **ARRAY}[t.head](parts[0])
    if t.head in ("Dot", "MatMul"):
        return parts[0] @ parts[1]
    if t.head == "Add":
        return sum(parts)
    if t.head in ("Mul", "Hadamard"):
        return reduce(mul, parts)
    assert t.head == "Pow", f"{t.head} is left in the answer"
    return parts[0] ** parts[1]


def worlds(name: str, symbols: tuple[str, ...], tried: tuple[float, ...] = (2, 3, 5)):
    """Values of the formula's symbols: the sizes in all combinations, numbers without pattern for the rest."""
    arrays = ARRAYS.get(name, {})
    sizes = sorted({s for s in symbols if s in SIZES} | {a for s in symbols for a in arrays.get(s, ())})
    for chosen in product(tried, repeat=len(sizes)):
        at: dict = dict(zip(sizes, chosen, strict=True))
        for k, s in enumerate(x for x in symbols if x not in at):
            if s in arrays:
                shape = tuple(at[a] for a in arrays[s])
                at[s] = np.random.default_rng(k).normal(size=shape)
            else:
                at[s] = 0.3 + 0.17 * k
        yield at


def cases():
    for name, tasks in EXPECTED.items():
        for n, expected in enumerate(tasks, 1):
            marks = [pytest.mark.xfail(strict=True, reason=expected.fails)] if expected.fails else []
            yield pytest.param(name, n, expected, id=f"{name}-{n}", marks=marks)


@pytest.mark.parametrize(("name", "task", "expected"), list(cases()))
def test_answer(answers, name: str, task: int, expected: Expected):
    answer = answers(name)[task]
    assert answer.status == expected.status, answer.reason
    assert expected.says in f"{answer.missing} {answer.reason}"
    if expected.status in ("solved", "shown"):
        assert answer.steps or answer.note
        assert all(s.why for s in answer.steps)
    else:
        assert answer.reason
    if expected.status == "refuted":
        assert answer.evidence is not None
    if expected.holds:
        named = {d.symbol: d.body for d in answers(name).problem.definitions}
        assert_holds(subst(subst(answer.result, named), named))
    for row, cells in zip(answer.result.args[1:] if expected.rows else (), expected.rows, strict=True):
        for cell, formula in zip(row.args[1:], cells, strict=True):
            assert_same(name, cell, formula)
    if expected.formula is not None:
        assert answer.result is not None
        assert_same(name, answer.result.args[0] if answer.result.head == "Unit" else answer.result, expected.formula)


def assert_same(name: str, result: Term, formula) -> None:
    """The value is the formula's; an order of growth is, up to constants."""
    symbols = formula.__code__.co_varnames
    allowed = {s.rstrip("_") for s in symbols} | {a for s in symbols for a in ARRAYS.get(name, {}).get(s, ())}
    if result.head != "Zeros":
        assert {s.name for s in free(result)} <= allowed
    growth = result.head in ("Theta", "BigO", "BigOmega")
    for at in worlds(name, symbols, LARGE if growth else (2, 3, 5)):
        expect = formula(*(at[s] for s in symbols))
        found = value(result, {"d": 2, "n": 3, **{s.rstrip("_"): v for s, v in at.items()}})
        if growth:
            assert 0.1 < found / expect < 10
            continue
        assert np.shape(found) == np.shape(expect) or not np.any(expect)
        np.testing.assert_allclose(found, expect, rtol=1e-10, atol=1e-12)


def assert_holds(claim: Term) -> None:
    """A bound, of arrays without pattern and of several sizes."""
    rng = np.random.default_rng(7)
    dims = {s for x in free(claim) for d in x.sort.shape for s in free(d)}
    for chosen in product((1, 2, 4), repeat=len(dims)):
        at = {d.name: n for d, n in zip(sorted(dims, key=lambda d: d.name), chosen, strict=True)}
        for x in free(claim) - dims:
            at[x.name] = np.tanh if x.sort.takes else rng.normal(size=[int(value(d, at)) for d in x.sort.shape])
        left, right = (value(a, at) for a in claim.args)
        assert left <= right * (1 + 1e-12) if claim.head == "Le" else left >= right * (1 - 1e-12)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=[pytest.mark.xfail(strict=True, reason=today)] if today else [])
        for n, (_, _, today) in UNREADABLE.items()
    ],
)
def test_unreadable(name: str):
    line, words, _ = UNREADABLE[name]
    with pytest.raises(ReadError) as caught:
        read_problem(HERE / f"{name}.md")
    assert (caught.value.line, caught.value.column > 0) == (line, True)
    assert words in str(caught.value)


def test_every_document_is_expected():
    assert {p.stem for p in HERE.glob("*.md")} == EXPECTED.keys() | UNREADABLE.keys()


def test_every_task_is_expected():
    assert {n: len(read_problem(HERE / f"{n}.md").tasks) for n in EXPECTED} == {n: len(t) for n, t in EXPECTED.items()}
