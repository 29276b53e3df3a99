r"""Files as blocks: where the text, the mathematics and the tasks of a Markdown or LaTeX document stand.

Nothing is moved: everything that is only for people (quotes, comments, headings, `Note:` lines, a LaTeX
preamble) is blanked in a copy of the same length, so that an offset in the copy is an offset in the file.
`tex.py` does for LaTeX what `scan_markdown` does here; both give the same `Document`.
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


_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?\n)?---[ \t]*(?:\r?\n|$)", re.S)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*\r?$")
_ITEM = re.compile(r"\s*(\d+)[.)](?=\s|$)")
_BULLET = re.compile(r"\s*[-*+][ \t]+")
_NOTE = re.compile(r"\s*(?:\*\*|\*|__|_)?(Note|Hint)(?::|\.?(?:\*\*|\*|__|_):?)")
_MARK = re.compile(r"\s*\*\*([A-Z][a-z]+(?: [a-z]+)?)(\.?)\*\*[.:]?")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\r?$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t\r]*$")
_EMPHASIS = re.compile(r"(?<![\\*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}")


def scan_markdown(source: Source) -> Document:
    """A Markdown file as blocks."""
    text = source.text
    front = _FRONT.match(text)
    layout = Layout(source, text)
    pos = 0
    if front:
        layout.blank(0, front.end())
        title = re.search(r"^title:[ \t]*(.+?)[ \t\r]*$", front.group(1) or "", re.M)
        layout.document.title = title.group(1).strip("\"'") if title else ""
        pos = front.end()
    for comment in _COMMENT.finditer(text, pos):
        layout.blank(*comment.span())
    text = "".join(layout.chars)
    if (at := text.find("<!--")) >= 0:
        raise source.error("this comment is not closed", at, "<!--", ("-->",))
    while pos < len(text):
        pos = _line(layout, text, pos)
    return layout.finish()


def _line(layout: Layout, text: str, pos: int) -> int:
    """Read the line that starts at ``pos`` (outside mathematics); where the next one starts."""
    end = text.find("\n", pos)
    end = len(text) if end < 0 else end
    line = text[pos:end]
    if not line.strip():
        if layout.source.text[pos:end].strip() == "":  # a line of comment alone does not end a paragraph
            layout.close()
        return end + 1
    if line.lstrip().startswith(">"):
        layout.skip(pos, end, "a quote")
        return end + 1
    if m := _HEADING.match(line):
        layout.heading(pos + m.start(2), pos + m.end(2), m.group(1))
        return end + 1
    if _NOTE.match(line):
        layout.skip(pos, end, f"a {_NOTE.match(line).group(1)}: line")  # type: ignore[union-attr]
        return end + 1
    if layout.block is None and not layout.under and end < len(text):
        following = text[end + 1 :].split("\n", 1)[0]
        if _UNDERLINE.match(following):
            layout.heading(pos, end, "#" if "=" in following else "##")
            layout.blank(end + 1, end + 1 + len(following))
            return end + 1 + len(following) + 1
    if _RULE.match(line):
        layout.blank(pos, end)
        layout.close()
        return end + 1
    start = pos
    if m := _ITEM.match(line):
        layout.blank(pos, pos + m.end())
        start = pos + m.end()
        layout.open("item", start, start, m.group(1))
    elif m := _MARK.match(line):
        layout.blank(pos, pos + m.end())
        start = pos + m.end()
        layout.open("mark", start, start, m.group(1))
    elif m := _BULLET.match(line):
        layout.blank(pos, pos + m.end())
        start = pos + m.end()
        layout.open("bullet", start, start)
    else:
        start += len(line) - len(line.lstrip())
        _refuse_swallowed(layout, line, start, end)
    return _text(layout, text, start, end)


def _refuse_swallowed(layout: Layout, line: str, start: int, end: int) -> None:
    """An unindented sentence right below a finished item is neither clearly in the item nor clearly not."""
    block = layout.block
    if block is None or block.kind not in ("item", "bullet") or line[:1].isspace():
        return
    layout.document.text = "".join(layout.chars)
    if block.end > block.start and finished(layout.document, block.start, block.end):
        what = f"item {block.label}" if block.label else "an item"
        raise layout.source.error(
            f"this stands directly under {what}: put a blank line before it",
            start, line.strip(), ("a blank line", "three spaces before it, if it belongs to the item"),
        )  # fmt: skip


def _text(layout: Layout, text: str, start: int, end: int) -> int:
    """Take the text from ``start`` to the line's end into the block, with the mathematics that opens in it."""
    pos = start
    while span := next_math(layout.source, text, pos, end):
        _plain(layout, text, pos, span.start)
        layout.document.maths.append(span)
        pos = span.end
        if pos > end:
            end = text.find("\n", pos)
            end = len(text) if end < 0 else end
    _plain(layout, text, pos, end)
    if layout.block is None or text[start:end].strip():
        layout.text(start, end)
    return end + 1


def _plain(layout: Layout, text: str, start: int, end: int) -> None:
    fence = re.compile(r"```|~~~").search(text, start, end)
    if fence:
        raise layout.source.error(
            "a code block is not read; mathematics stands in $…$ or ```math", fence.start(), "```", ("```math",)
        )
    for m in _EMPHASIS.finditer(text, start, end):
        layout.blank(*m.span())


def scan(text: str, file: str | None = None, syntax: str = "md") -> Document:
    """The blocks of a document, in Markdown or (``syntax="tex"``) LaTeX."""
    source = Source.of(text, file)
    if syntax == "tex":
        from derive.language.tex import scan_tex

        return scan_tex(source)
    return scan_markdown(source)
