"""Documents with characters, words, lines and signs lost, doubled or swapped: read or refused where the fault is, and soon."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from derive.language.model import Problem, ReadError
from derive.language.reading import read_problem

TESTS = Path(__file__).parent
DOCUMENTS = [*sorted((TESTS / "documents").iterdir()), *sorted((TESTS / "problems").glob("*.md"))]
SECONDS = 1.0  # of the processor, for one document
SPLIT = {"character": "()", "word": "( )", "line": "(\n)", "sign": r"(\\[A-Za-z]+|[{}$^_&\[\]()|,.=])"}


def damaged(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        unit = chance.choice(list(SPLIT))
        parts = list(text) if unit == "character" else re.split(SPLIT[unit], text)
        i = chance.randrange(len(parts))
        j = chance.choice([min(i + 1, len(parts) - 1), chance.randrange(len(parts))])
        what = chance.choice(["delete", "double", "swap"])
        if what == "delete":
            del parts[i]
        elif what == "double":
            parts.insert(j, parts[i])
        else:
            parts[i], parts[j] = parts[j], parts[i]
        text = "".join(parts)
    return text


def in_place(text: str, error: ReadError) -> bool:
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    return 1 <= error.line <= len(lines) and 1 <= error.column <= len(lines[error.line - 1]) + 1


def test_damaged_documents():
    chance = random.Random(11)
    refused = 0
    for k in range(600):
        file = DOCUMENTS[k % len(DOCUMENTS)]
        text = damaged(file.read_bytes().decode("utf-8"), chance)
        begin = time.process_time()
        try:
            assert isinstance(read_problem(f"{text}\n", syntax=file.suffix[1:]), Problem)
        except ReadError as error:
            refused += 1
            assert error.message and error.words and in_place(text, error), (file.name, error.message)
        assert time.process_time() - begin < SECONDS, file.name
    assert 200 < refused < 550


HEAD = "Let $x, y > 0$ and $X, Y$ be random variables.\n\n1. "
LONG = {
    "brackets": f"Find ${'(' * 3000}x{')' * 3000}$.",
    "open brackets": f"Find ${'(' * 3000}$.",
    "powers": f"Find ${'x^{' * 1000}x{'}' * 1000}$.",
    "indices": f"Find ${'x_{' * 1000}1{'}' * 1000}$.",
    "fractions": f"Find ${(chr(92) + 'frac{1}{1+') * 500}x{'}' * 500}$.",
    "accents": f"Find ${(chr(92) + 'hat{') * 900}x{'}' * 900}$.",
    "gradients": f"Find ${(chr(92) + 'nabla_x ') * 600}x$.",
    "factors": f"Find ${' x' * 3000}$.",
    "terms": f"Find ${'+'.join(['x y'] * 4000)}$.",
    "bars": f"Find ${'||x' * 30}$.",
    "claims": f"Show that {' and '.join(['$x > 0$'] * 200)}.",
    "names": f"Show that {' and '.join(['$X$'] * 120)} are friends.",
    "conditions": f"Show that $x > 0${' for every $t > 0$' * 40}.",
    "implications": f"Show that {'if $x > 0$ then ' * 40}$y > 0$.",
    "rows": "Find $x$.\n\n**Working.**\n\n$$" + "x &= x \\\\ " * 1200 + "x$$",
}


@pytest.mark.parametrize("name", LONG)
def test_long_and_deep_documents(name):
    begin = time.process_time()
    try:
        read_problem(f"{HEAD}{LONG[name]}\n")
    except ReadError as error:
        assert error.line == 3 and error.words
    assert time.process_time() - begin < SECONDS
