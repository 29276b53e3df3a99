r"""Markdown files as blocks: headings, paragraphs, numbered items, quotes, notes, comments, and mathematics."""

from __future__ import annotations

import re

from derive.language.document import Document, Layout, Source, finished, next_math

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
