"""What is not understood is an error with its line, its column, its words and the nearest forms; nothing is skipped."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from derive.language.chapters import read_chapter
from derive.language.model import ReadError
from derive.language.reading import read_problem

TESTS = Path(__file__).parent
HEAD = r"""# T

Let $x \in \mathbb{R}^d$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.
Let $X$ be a random variable.

"""

# Text below HEAD (line 6 on), line, column, in the message, the words, in what is expected.
ERRORS = [
    ("Hello world, this is prose.", 6, 1, "sentence is not understood", "Hello world", "Let"),
    ("> A quote.\nLet $a > 0$.", 7, 1, "directly under a quote", "Let $a > 0$.", "a blank line"),
    ("Note: this.\nLet $a > 0$.", 7, 1, "directly under a Note: line", "Let $a > 0$.", "a blank line"),
    ("1. Find $X$.\nAssume $X = 1$.", 7, 1, "directly under item 1", "Assume $X = 1$.", "a blank line"),
    ("- Let $a > 0$.\nLet $b > 0$.", 7, 1, "directly under an item", "Let $b > 0$.", "a blank line"),
    ("Let $x$ be fixed.", 6, 6, "declared already, on line 3", "x", ""),
    (r"Let $\mathbf{x} \in \mathbb{R}$.", 6, 14, "declared already", "x", ""),
    ("Let $x_1 > 0$.", 6, 6, "is an entry of `x`", "x_1", ""),
    ("Let $Y$ be sorted.", 6, 12, "not understood in a declaration", "sorted", "Let $…$ be"),
    ("Let $Y$ be a random variable with skewness $s$.", 6, 35, "not understood", "skewness $s$", "mean $…$"),
    ("Let $Y$ be independent.", 6, 5, "alone is not independent", "$Y$ be independent", "independent of"),
    (r"Let $A \in \mathbb{R}^{n \times m}$ be fixed and symmetric.", 6, 5, "`symmetric` does not fit", "$A", ""),
    (r"Let $W \in \mathbb{R}^n$ have i.i.d. entries $V_i \sim \mathcal{N}(0, 1)$.", 6, 47, "no entries", "V_i", "W"),
    (r"Let $z \in 5$.", 6, 12, "set is not understood", "5", r"\mathbb{R}"),
    ("Let $5$ be fixed.", 6, 6, "a name is needed", "5", "$x$"),
    (r"Let $q_a$ be a probability density on $\mathbb{R}$, differentiable in $a, b \in \mathbb{R}$.",
     6, 72, "has one parameter", r"a, b \in \mathbb{R}", "differentiable in"),
    ("Let.", 6, 1, "says nothing", "Let", "Let"),
    ("Assume $X$ and $x$ are friends.", 6, 24, "claim is not understood", "friends", "are independent"),
    ("Assume $X$.", 6, 9, "a relation is needed", "X", "$a = b$"),
    ("Define $y$.", 6, 8, "definition is not understood", "$y$", "Define"),
    ("Define $X = 1$.", 6, 9, "declared already", "X", ""),
    (r"1. Find $\mathbb{E}[Q]$.", 6, 21, "`Q` is not declared", "Q", "Q"),
    (r"1. Find $\mathbb{E}[X$.", 6, 20, "is not closed", "[", "]"),
    ("1. Find $X\n\nLet $a > 0$.", 6, 9, "not closed", "$X", "$…$"),
    (r"1. Find $\mathbb{E}[X]$ as a joke.", 6, 28, "question is not understood", "a joke", "Find"),
    ("1. How does $X$ vary?", 6, 17, "question is not understood", "vary", "How does $…$ scale"),
    ("1. Bound $X$.", 6, 10, "question is not understood", "$X$", "from above"),
    (r"1. Find $\mathbb{E}[X]$ for $i \ne j$.", 6, 29, "`i` is no index", "", ""),
    ("1. Find the number of memory loads.", 6, 4, "no network", "", "Consider a network"),
    ("1. Tabulate 4 and 5 for a wide layer ($d$ constant).", 6, 13, "no task 4", "4", ""),
    ("1.", 6, 1, "nothing stands in this item", "1", ""),
    ("Consider a network of $L$ layers.", 6, 27, "network is not understood", "layers", "stores"),
    ("Let a forward operation take $3$ parsecs.", 6, 34, "unit is not understood", "parsecs", "ns"),
    ("Let a forward operation take $3$ ns and a memory load $4$ ms.", 6, 59, "one unit a document", "ms", "ns"),
    ("**Proof.** Trivial.", 6, 1, "no part of a problem", "Proof", "**Working.**"),
    ("**Working.**\nfoo bar.", 7, 1, "line of the Working", "foo bar", "Hence $…$"),
    ("**Working.**\n$$X + 1$$", 7, 3, "a relation is needed", "X + 1", "$a = b$"),
    ("**Working.**\nSince $X = 1$.", 7, 7, "what follows from it is missing", "$X = 1$", "Since $…$, $…$"),
    ("```python\nx\n```", 6, 1, "code block", "```", "```math"),
    ("<!-- open\nLet $a > 0$.", 6, 1, "comment is not closed", "<!--", "-->"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "words", "expected"), ERRORS)
def test_error(text: str, line: int, column: int, message: str, words: str, expected: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_problem(HEAD + text + "\n")
    error = caught.value
    assert message in error.message
    assert (error.line, error.column) == (line, column)
    assert words in error.words
    assert any(expected in e for e in error.expected) or not expected


def test_columns_count_in_the_file() -> None:
    """The same place with CRLF, a byte order mark, and letters beyond ASCII before it."""
    text = HEAD + "Let $a > 0$, é ü.\n"
    with pytest.raises(ReadError) as plain:
        read_problem(text)
    with pytest.raises(ReadError) as windows:
        read_problem("\ufeff" + text.replace("\n", "\r\n"))
    assert (plain.value.line, plain.value.column) == (windows.value.line, windows.value.column) == (6, 14)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ReadError) as caught:
        read_problem(HEAD + "Let $g \\in \\mathbb{R}^n$.\nDefine $v = \\mathrm{sign}(x g^\\top) x$.\n")
    error = caught.value
    assert error.line == 7
    assert "d × n" in error.message and "d entries" in error.message
    assert any(r"g x^\top" in e for e in error.expected)


def test_tex_places() -> None:
    text = "\\documentclass{article}\n\\begin{document}\nLet $a > 0$. % Let $b\nLet $c$ be sorted.\n\\end{document}\n"
    with pytest.raises(ReadError) as caught:
        read_problem(text)
    assert (caught.value.line, caught.value.column, caught.value.words) == (4, 12, "sorted")
    with pytest.raises(ReadError) as caught:
        read_problem("\\begin{document}\n\\includegraphics{x}\n\\end{document}\n")
    assert (caught.value.line, caught.value.words) == (2, "\\includegraphics")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened"):
        read_problem(str(tmp_path / "none.md"))
    bad = tmp_path / "latin.md"
    bad.write_bytes(b"# T\n\nLet $a > 0$ \xe9.\n")
    with pytest.raises(ReadError, match="not UTF-8") as caught:
        read_problem(bad)
    assert (caught.value.line, caught.value.column) == (3, 13)


def test_damaged_documents_give_no_other_error() -> None:
    """Documents and chapters with pieces lost, doubled and swapped are read or refused, and never break the reader."""
    rng = random.Random(1)
    documents = [p.read_text(encoding="utf-8") for p in sorted((TESTS / "documents").iterdir())]
    chapters = [p.read_text(encoding="utf-8") for p in sorted((TESTS / "chapters").iterdir())]
    refused = 0
    for n in range(400):
        sources = chapters if n % 20 == 0 else documents
        text = rng.choice(sources)
        i = rng.randrange(len(text))
        j = min(len(text), i + rng.randrange(1, 30))
        other = rng.choice(documents)
        k = rng.randrange(len(other))
        text = rng.choice([text[:i] + text[j:], text[:i], text[:i] + other[k : k + 20] + text[j:], text[:j] + text[i:]])
        try:
            read_chapter(text) if sources is chapters else read_problem(text + "\n")
        except ReadError as error:
            refused += 1
            assert 1 <= error.line <= text.count("\n") + 2 and error.column >= 1 and error.message
    assert refused > 100
