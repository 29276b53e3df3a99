"""Shapes that do not fit are named, and what is suggested instead does fit, in its place in the whole formula."""

from __future__ import annotations

import random

import pytest

from derive.language.model import ReadError
from derive.language.reading import read_problem

HEAD = r"""Let $x, y \in \mathbb{R}^d$ and $g, h \in \mathbb{R}^n$ be fixed.
Let $W, V \in \mathbb{R}^{n \times d}$ and $A \in \mathbb{R}^{n \times n}$ be fixed.
Let $\sigma > 0$.

"""
LINE = 5
FACTORS = ["x", "y", "g", "h", "W", "V", "A"]
PLACES = ["{}", r"\|{}\|", "{} + x", "g + {}", r"\mathrm{{tr}}({})", "({})^2 + 1", "{} = y", r"\mathrm{{RMS}}({})"]


def read(formula: str) -> ReadError | None:
    opener = "Show that" if "=" in formula else "Find"
    try:
        read_problem(f"{HEAD}1. {opener} ${formula}$.\n")
    except ReadError as error:
        return error
    return None


def misfits() -> list[tuple[str, ReadError]]:
    """Formulas with products of random factors in random places that are read nowhere, with what is said of them."""
    chance = random.Random(7)
    out = []
    while len(out) < 150:
        factors = [chance.choice(FACTORS) + chance.choice(["", "", r"^\top"]) for _ in range(chance.choice([2, 2, 3, 4]))]
        formula = chance.choice(PLACES).format(" ".join(factors))
        error = read(formula)
        if error is not None and "shapes do not fit" in error.message:
            out.append((formula, error))
    return out


def test_every_suggestion_fits():
    found = misfits()
    assert sum(bool(e.expected) for _, e in found) > 30
    assert sum(not e.expected for _, e in found) > 20
    for formula, error in found:
        assert error.line == LINE and error.words in formula
        assert " is " in error.message or " has " in error.message
        assert ("did you mean" in error.message) == bool(error.expected)
        at = error.column - len("1. Show that $" if "=" in formula else "1. Find $") - 1
        assert formula[at:].startswith(error.words)
        for meant in error.expected:
            mended = formula[:at] + meant + formula[at + len(error.words) :]
            assert read(mended) is None, (formula, meant, mended)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\mathrm{sign}(x g^\top) x", (r"g x^\top",)),
        (r"\tanh(\mathrm{sign}(x g^\top)) x", (r"g x^\top",)),
        (r"x^\top W x", ()),
        (r"x^\top W g", (r"x^\top W^\top",)),
        ("W x + V g", ()),
        (r"W^\top x + y", ()),
        (r"W^\top x", ("W x",)),
        ("x^2", (r"\|x\|^2", r"x \odot x")),
        (r"\|x^2\|", (r"x \odot x",)),
        ("x^2 + 1", (r"\|x\|^2",)),
        ("x^3 + y", ()),
        (r"\|\sigma\|", (r"|\sigma|",)),
        (r"\mathbb{E}_{z \sim \mathcal{N}(x, \sigma^2 + 1)}[z^\top y]", (r"(\sigma^2 + 1) I",)),
        (r"\mathbb{E}_{z \sim \mathcal{N}(x, 1)}[z^\top y]", ("I",)),
    ],
)
def test_what_is_suggested(formula, expected):
    error = read(formula)
    assert error is not None and error.expected == expected, error and error.expected


def test_neither_suggestion_nor_question_where_nothing_fits():
    error = read(r"x^\top W x")
    assert error.message == r"the shapes do not fit: `x^\top` is 1 × d, `W` is n × d"
