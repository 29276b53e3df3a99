"""What a person or a program is told when something cannot be read or a limit is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.language.model import ReadError

SOLVED, OPEN, UNREADABLE, LIMIT = 0, 1, 2, 3  # exit statuses
ROOM = 96  # columns of an excerpt


class Usage(Exception):
    """A command line that cannot be carried out as it stands."""

    def __init__(self, message: str, expected: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message, self.expected = message, expected


class Limit(Exception):
    """A limit of time or memory was reached."""


def read_error_text(error: ReadError, file: str, source: str) -> str:
    """File, line, column, what; the line with a caret under the words; the nearest forms."""
    out = [f"{file}:{error.line}:{error.column}: {error.message}"]
    lines = source.splitlines()
    if 0 < error.line <= len(lines) and lines[error.line - 1].strip():
        out += excerpt(lines[error.line - 1], error.line, error.column, error.words)
    return "\n".join(out + expected_text(error.expected)) + "\n"


def excerpt(line: str, number: int, column: int, words: str) -> list[str]:
    """The line and a caret under its words; only the part around them where it is long."""
    start = max(0, min(column - 1, len(line)))
    size = max(1, min(len(words.split("\n")[0]), len(line) - start))
    cut = max(0, min(start - ROOM // 3, len(line) - ROOM))
    piece = line[cut : cut + ROOM]
    dots = "… " if cut else ""
    label = f"{number:>5} | "
    space = "".join(_blank(c) for c in piece[: start - cut])
    carets = "^" * max(1, min(_columns(piece[start - cut : start - cut + size]), ROOM - (start - cut)))
    return [label + dots + piece.rstrip(), " " * (len(label) - 2) + "| " + " " * len(dots) + space + carets]


def expected_text(expected: tuple[str, ...]) -> list[str]:
    return ["understood would be:", *(f"  {form}" for form in expected)] if expected else []


def _columns(text: str) -> int:
    return sum(len(_blank(c)) for c in text)


def _blank(c: str) -> str:
    """The space that a character takes; tabs stay, so that the caret stands under its words."""
    if c == "\t":
        return "\t"
    if c < "\u0300":
        return " "
    import unicodedata

    if unicodedata.combining(c):
        return ""
    return "  " if unicodedata.east_asian_width(c) in "WF" else " "


def error_object(message: str, file: str = "", line: int | None = None, column: int | None = None,
                 expected: tuple[str, ...] = ()) -> dict[str, Any]:  # fmt: skip
    """The JSON of an error."""
    out: dict[str, Any] = {"schema": "derive-error/1", "file": file, "line": line, "column": column}
    return out | {"message": message, "expected": list(expected)}
