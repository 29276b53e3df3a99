r"""Files as blocks: where the text, the mathematics and the tasks of a Markdown or LaTeX document stand.

Nothing is moved: everything that is only for people (quotes, comments, headings, `Note:` lines, a LaTeX
preamble) is blanked in a copy of the same length, so that an offset in the copy is an offset in the file.
`markdown` and `tex` find the blocks of their syntax and write them into the same `Layout`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from derive.language.model import ReadError

BlockKind = Literal["text", "item", "bullet", "mark", "heading"]


@dataclass(frozen=True, eq=False, repr=False)
class Source:
    """A file's text (without its byte order mark), and the line and column of every offset."""

    text: str
    file: str | None
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str, file: str | None = None) -> Source:
        text = text.removeprefix("\ufeff")
        return cls(text, file, (0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))))

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, both from 1."""
        line = bisect_right(self.starts, min(offset, len(self.text)))
        return line, offset - self.starts[line - 1] + 1

    def error(self, message: str, offset: int, words: str = "", expected: tuple[str, ...] = ()) -> ReadError:
        line, column = self.place(offset)
        return ReadError(message, line, column, words, expected)


@dataclass(frozen=True, eq=False, repr=False)
class MathSpan:
    """A piece of mathematics: with its delimiters from ``start`` to ``end``, without from ``inner`` to ``stop``."""

    start: int
    end: int
    inner: int
    stop: int
    display: bool


@dataclass(eq=False)
class Block:
    """A run of text that a reader sees as one: a paragraph, a numbered item, or what follows a mark.

    ``label`` is an item's number, a mark's words (``Working``), or a heading's level.
    """

    kind: BlockKind
    start: int
    end: int
    label: str = ""


@dataclass(eq=False, repr=False)
class Document:
    """A file split into blocks. ``text`` is the blanked copy; ``maths`` are in order."""

    source: Source
    text: str = ""
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    maths: list[MathSpan] = field(default_factory=list)

    def maths_in(self, start: int, end: int) -> list[MathSpan]:
        return [m for m in self.maths if start <= m.start < end]


# What opens mathematics and what closes it, longest first. The last column: displayed.
DELIMITERS = (
    ("```math", "```", True),
    ("~~~math", "~~~", True),
    ("$$", "$$", True),
    ("$`", "`$", False),
    ("$", "$", False),
    (r"\[", r"\]", True),
    (r"\(", r"\)", False),
)
_OPENER = re.compile(r"```math|~~~math|\$\$|\$`|\$|\\\[|\\\(|\\[\\$%&#_{}]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def next_math(source: Source, text: str, pos: int, stop: int) -> MathSpan | None:
    """The first piece of mathematics that opens in ``text[pos:stop]``; it may close after ``stop``.

    Raises
    ------
    ReadError
        Where it is not closed before a blank line.
    """
    for m in _OPENER.finditer(text, pos, stop):
        opener = m.group()
        for opens, closes, display in DELIMITERS:
            if opens == opener:
                inner = m.end()
                end = _closing(text, inner, closes)
                gap = _BLANK_LINE.search(text, inner, len(text) if end < 0 else end)
                if end < 0 or (gap and not opener.startswith(("`", "~"))):
                    raise source.error(
                        f"the mathematics opened by {opens} here is not closed by {closes}",
                        m.start(), text[m.start() : m.start() + 20].split("\n")[0], (f"{opens}…{closes}",),
                    )  # fmt: skip
                return MathSpan(m.start(), end + len(closes), inner, end, display)
    return None


def _closing(text: str, pos: int, closes: str) -> int:
    while True:
        end = text.find(closes, pos)
        if end <= 0 or closes[0] == "\\" or text[end - 1] != "\\" or text[end - 2] == "\\":
            return end
        pos = end + 1


class Layout:
    """Blocks as they are found, line by line; both scanners write into one."""

    def __init__(self, source: Source, text: str) -> None:
        self.document = Document(source)
        self.source = source
        self.chars = list(text)
        self.block: Block | None = None
        self.under = ""  # what a line directly below would be swallowed by

    def blank(self, start: int, end: int) -> None:
        for i in range(start, end):
            if self.chars[i] != "\n":
                self.chars[i] = " "

    def open(self, kind: BlockKind, start: int, end: int, label: str = "") -> None:
        self.block = Block(kind, start, end, label)
        self.document.blocks.append(self.block)
        self.under = ""

    def close(self) -> None:
        self.block, self.under = None, ""

    def skip(self, start: int, end: int, what: str) -> None:
        self.blank(start, end)
        self.block, self.under = None, what

    def heading(self, start: int, end: int, level: str) -> None:
        self.open("heading", start, end, level)
        self.block = None
        if not self.document.title:
            self.document.title = " ".join(self.source.text[start:end].split())

    def text(self, start: int, end: int) -> None:
        if self.block is None:
            if self.under:
                raise self.source.error(
                    f"this stands directly under {self.under}: put a blank line before it",
                    start, self.source.text[start:end].strip(), ("a blank line",),
                )  # fmt: skip
            self.open("text", start, end)
        assert self.block is not None
        self.block.end = end

    def finish(self) -> Document:
        self.document.text = "".join(" " if c == "\r" else c for c in self.chars)
        self.document.blocks = join_displays(self.document)
        return self.document


def join_displays(document: Document) -> list[Block]:
    """Blocks, where a displayed formula that a sentence waits for across a blank line belongs to its paragraph."""
    out: list[Block] = []
    for b in document.blocks:
        first = len(document.text) - len(document.text[b.start :].lstrip())
        shown = any(m.start == first and m.display for m in document.maths_in(b.start, b.end))
        last = out[-1] if out else None
        if last and b.kind == "text" and last.kind in ("text", "item", "bullet", "mark"):
            waits = not finished(document, last.start, last.end)
            after_display = waits and document.text[b.start : b.end].lstrip()[:1].islower()
            if waits and (shown or after_display):
                out[-1] = Block(last.kind, last.start, b.end, last.label)
                continue
        out.append(b)
    return out


def finished(document: Document, start: int, end: int) -> bool:
    """Whether the text of a block ends a sentence (or is empty)."""
    text = document.text[start:end].rstrip().rstrip("*_)")
    if not text or text[-1] in ".?!:":
        return bool(not text or text[-1] != ":")
    last = document.maths_in(start, end)[-1:]
    if last and last[0].end == start + len(text):
        return document.text[last[0].inner : last[0].stop].rstrip().endswith((".", "?"))
    return False
