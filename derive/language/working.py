r"""A student's **Working.**: its lines, each one relation with the place where it stands.

Displayed chains are split at their rows, a row that starts with a relation goes on from the row before it, and what
stands behind ``&&``, in ``\tag{…}`` or in ``\text{by …}`` is an equation number or a citation. Sentences are
``Hence …``, ``Since …, …``, ``Let …``, ``The number of memory loads is …``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from derive.language import forms
from derive.language.claims import stated
from derive.language.document import Block
from derive.language.model import WorkLine
from derive.language.reader import Reader
from derive.language.sentences import Sentence, Token, sentences
from derive.language.statements import read_sentence

WORKING_FORMS = (
    "Hence $…$.",
    "Hence $…$, by variance.definition.",
    "Since $…$, $…$.",
    "By (2), $…$.",
    "Let $Z_j = |x_j|$.",
    "The number of memory loads is $…$.",
    "$… = …$",
)
# Words that only join one line to the next.
JOINING = frozenset(
    "and but also now finally first next moreover indeed that is we have get obtain see so hence therefore thus then "
    "consequently it follows holds this gives which similarly , :".split()
)
_TAG = re.compile(r"\\tag\*?\s*\{\s*\(?([^{}()]*)\)?\s*\}|\\label\{[^{}]*\}")
_WORDS = re.compile(
    r"(?:\\[,;:! ]|\\q?quad|\s|\()*\\(?:text|textrm|mbox|mathrm)\s*"
    r"\{\s*\(?\s*((?:by|from|using|since)\b[^{}]*?)\s*\}\)?"
)
_NUMBER = re.compile(r"\s*\(\s*([A-Za-z]?\d+[a-z]?|\*+)\s*\)\s*")
_RELATION = re.compile(
    r"=|<|>|\\(?:leq?|geq?|neq?|le|ge|ne|lt|gt|leqslant|geqslant|sim|approx|in)(?![A-Za-z])|[≤≥≠∼≈∈]"
    r"|\\(?:overset|stackrel)(?![A-Za-z])"
)
_BLANK = re.compile(
    r"(?:\s|&|\\[,;:! ]|\\q?quad(?![A-Za-z])|\\displaystyle|\\begin\{[a-z]+\*?\}|\\end\{[a-z]+\*?\}|\{\})*"
)


@dataclass
class Row:
    """A row of a displayed formula: where it stands, and what is noted behind it."""

    start: int
    end: int
    label: str | None = None
    citation: str | None = None


@dataclass
class Chain:
    """Rows that are one chain of relations; ``text`` has the notes blanked, ``start`` is its offset in the file."""

    text: str
    start: int
    rows: list[Row] = field(default_factory=list)


def read_working(reader: Reader, blocks: list[Block]) -> None:
    """Read the lines of a Working, from its mark to the end of the document."""
    for block in blocks:
        if block.kind == "heading" or not reader.document.text[block.start : block.end].strip():
            continue
        if block.kind == "mark" and block is not blocks[0]:
            raise reader.source.error(f"`{block.label}` is no part of a Working", block.start, block.label)
        for s in sentences(reader.document, block):
            for part in _parts(s):
                _sentence(reader, part)


def _parts(s: Sentence) -> Iterator[Sentence]:
    """A displayed formula that opens a sentence, and what follows it, are lines of their own (but for ``by …``)."""
    if (
        s.tokens[0].kind == "math"
        and s.tokens[0].display
        and len(s.tokens) > 1
        and s.tokens[1].low not in ("by", "from", "using", ",")
    ):
        yield replace(s, tokens=s.tokens[:1], end=s.tokens[0].end)
        yield replace(s, tokens=s.tokens[1:], start=s.tokens[1].start)
    else:
        yield s


def _sentence(reader: Reader, s: Sentence) -> None:
    s = forms.normal(s)
    reader.open = s
    opened = [name for name, _ in forms.openers(s)]
    if any(n in ("Let", "Define") for n in opened) and s.tokens[0].low in ("let", "define", "set", "write", "denote"):
        read_sentence(reader, s)
        return
    lines = list(_since(reader, s) if opened[:1] == ["Since"] else _claim(reader, s, 0, len(s.tokens)))
    parts: dict[int, int] = {}
    for old in reader.working:
        parts[old.line] = max(parts.get(old.line, 0), old.part)
    for line in lines:
        parts[line.line] = parts.get(line.line, 0) + 1
        reader.working.append(replace(line, part=parts[line.line]))


def _since(reader: Reader, s: Sentence) -> Iterator[WorkLine]:
    """``Since A, B.``: A is a line, and B one that builds on it."""
    comma = next(
        (i for i, t in enumerate(s.tokens) if t.text == "," and any(x.kind == "math" for x in s.tokens[1:i])), None
    )
    if comma is None:
        raise s.error("what follows from it is missing", len(s.tokens) - 1, ("Since $…$, $…$.",))
    first = list(_claim(reader, s, 1, comma))
    yield from first
    since = first[-1].prop if first else None
    for line in _claim(reader, s, comma + 1, len(s.tokens)):
        yield replace(line, since=since)


def _claim(reader: Reader, s: Sentence, start: int, stop: int) -> Iterator[WorkLine]:
    """The lines of one statement: ``[Hence] … [by …]`` or ``By …, …``."""
    citation: str | None = None
    tokens = s.tokens
    while start < stop and tokens[start].kind != "math" and tokens[start].low in JOINING:
        start += 1
    if start < stop and tokens[start].low in ("by", "from", "using"):
        comma = next((i for i in range(start, stop) if tokens[i].text == "," and i + 1 < stop), None)
        comma = comma if comma is not None else next((i for i in range(start, stop) if tokens[i].kind == "math"), None)
        if comma is None:
            raise s.error("what follows by it is missing", stop - 1, ("By (2), $…$.",))
        citation = s.words(start, comma)
        start = comma
        while start < stop and tokens[start].kind != "math" and tokens[start].low in JOINING:
            start += 1
    for i in range(stop - 1, start, -1):
        if (
            tokens[i].low in ("by", "from", "using")
            and tokens[i - 1].kind == "math"
            or (tokens[i].low in ("by", "from", "using") and tokens[i - 1].text in (",", "("))
        ):
            citation = s.words_all(i, stop)
            stop = i
            while tokens[stop - 1].text in (",", "("):
                stop -= 1
            break
    label: str | None = None
    if stop - start > 3 and tokens[stop - 1].text == ")" and tokens[stop - 3].text == "(":
        label, stop = tokens[stop - 2].text, stop - 3
    if start >= stop:
        raise s.error("this line of the Working is not understood", min(start, len(tokens) - 1), WORKING_FORMS)
    if stop - start == 1 and tokens[start].kind == "math":
        yield from _formula(reader, s, tokens[start], label, citation)
        return
    part = replace(s, tokens=tokens[:stop])
    first = next((t for t in tokens[start:stop] if t.kind == "math"), tokens[start])
    line = reader.source.place(first.start)[0]
    if not any(t.kind == "math" for t in tokens[start:stop]):
        raise s.error("this line of the Working is not understood", start, forms.nearest(s.text, WORKING_FORMS))
    for p in stated(reader, part, (start, stop)):
        yield WorkLine(p, line, s.text, 1, label, citation)


def _formula(reader: Reader, s: Sentence, token: Token, label: str | None, citation: str | None) -> Iterator[WorkLine]:
    reader.maths.forget()
    for chain in chains(token):
        node = reader.maths.node(Token("math", chain.text, chain.start, chain.start + len(chain.text)), s)
        props = reader.maths.relation(node)
        rights = node.children[1:]
        for i, prop in enumerate(props):
            at = chain.start + (rights[i].start if len(rights) == len(props) else 0)
            row = next((r for r in reversed(chain.rows) if r.start <= at), chain.rows[0])
            last = i + 1 == len(props) or not (chain.start + rights[min(i + 1, len(rights) - 1)].start < row.end)
            yield WorkLine(
                prop, reader.source.place(_begin(reader, row))[0], _shown(reader, row), 1,
                (row.label or label) if last else None, row.citation or citation,
            )  # fmt: skip


def _begin(reader: Reader, row: Row) -> int:
    """Where a row's first sign stands (rows begin behind the line break of the row before)."""
    text = reader.document.text
    m = _BLANK.match(text, row.start, row.end)
    return m.end() if m and m.end() < row.end else row.start


def _shown(reader: Reader, row: Row) -> str:
    text = reader.document.text[_begin(reader, row) : row.end]
    text = re.sub(r"\\(?:begin|end)\{[a-z]+\*?\}", "", text).replace("&&", " ").replace("&", "")
    return " ".join(text.split()).strip()


def chains(token: Token) -> Iterator[Chain]:
    """The chains of relations of a displayed (or inline) formula."""
    chain: Chain | None = None
    for row, text in _rows(token):
        blank = _BLANK.match(text)
        begins = text[blank.end() :] if blank else text
        if not begins.strip():
            continue
        goes_on = _RELATION.match(begins) or not _has_relation(begins)
        offset = row.start - token.start
        if chain is None or not goes_on:
            if chain is not None:
                yield chain
            chain = Chain(text, row.start, [row])
        else:
            gap = offset - (chain.start - token.start) - len(chain.text)
            chain.text += " " * gap + text
            chain.rows.append(row)
    if chain is not None:
        yield chain


def _has_relation(text: str) -> bool:
    return any(_depth(text, m.start()) == 0 for m in _RELATION.finditer(text))


def _depth(text: str, end: int) -> int:
    return sum(text.count(c, 0, end) for c in "{([") - sum(text.count(c, 0, end) for c in "})]")


def _rows(token: Token) -> Iterator[tuple[Row, str]]:
    """Each row with its text, in which the notes and the alignment are blanked."""
    text = token.text
    pos = 0
    for m in [*re.finditer(r"\\\\(?:\s*\[[^\]]*\])?", text), None]:
        if m is not None and text.count("{", 0, m.start()) - text.count("}", 0, m.start()) != 0:
            continue
        end = m.start() if m else len(text)
        row = Row(token.start + pos, token.start + end)
        yield row, _noted(row, text[pos:end])
        pos = m.end() if m else len(text)


def _noted(row: Row, text: str) -> str:
    """Take the notes out of a row's text into the row."""

    def blank(m: re.Match[str]) -> str:
        return " " * len(m.group())

    def tag(m: re.Match[str]) -> str:
        row.label = m.group(1).strip() if m.group(1) else row.label
        return blank(m)

    def words(m: re.Match[str]) -> str:
        said = " ".join(m.group(1).split()).replace("\\_", "_")
        row.citation = said if said.count("(") == said.count(")") else said.rstrip(")")
        return blank(m)

    text = _TAG.sub(tag, text)
    text = _WORDS.sub(words, text)
    before, mark, note = text.rpartition("&&")
    if mark:
        if m := _NUMBER.fullmatch(re.sub(r"\\end\{[a-z]+\*?\}", "", note)):
            row.label = m.group(1)
            text = before + " " * (len(mark) + len(note))
        elif not re.sub(r"\\end\{[a-z]+\*?\}|\s", "", note):
            text = before + " " * len(mark) + note
    elif (m := re.search(r"\\q?quad\s*(\(\d+\))\s*$", text)) is not None:
        row.label = m.group(1).strip("()")
        text = text[: m.start()] + " " * (len(text) - m.start())
    return re.sub(r"(?<!\\)&", " ", text)
