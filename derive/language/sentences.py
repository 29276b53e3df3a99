"""Sentences: the words, marks and mathematics of a block, split at full stops.

A full stop or comma that ends a formula belongs to the sentence, ``i.i.d.`` and ``0.5`` and ``variance.definition``
hold none, and a sentence may end without one where its block ends or where a displayed formula is followed by a
word that opens a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from derive.language.document import Block, Document, MathSpan
from derive.language.model import ReadError
from derive.language.synonyms import OPENING_WORDS


@dataclass(frozen=True)
class Token:
    """A word, a punctuation mark, or a piece of mathematics (``text`` without its delimiters)."""

    kind: Literal["word", "mark", "math"]
    text: str
    start: int
    end: int
    display: bool = False

    @cached_property
    def low(self) -> str:
        return self.text.lower() if self.kind == "word" else self.text


@dataclass(frozen=True)
class Sentence:
    """One sentence; ``text`` is as the file has it, on one line."""

    tokens: tuple[Token, ...]
    start: int
    end: int
    document: Document = field(repr=False)
    block: Block
    question: bool = False

    @property
    def text(self) -> str:
        text = " ".join(self.document.text[self.start : self.end].split())
        return text.removesuffix("**").rstrip()

    @property
    def line(self) -> int:
        return self.document.source.place(self.start)[0]

    def error(self, message: str, at: int, expected: tuple[str, ...] = (), words: str | None = None) -> ReadError:
        """An error at token ``at`` (behind the last one: the sentence's end)."""
        if at < len(self.tokens):
            offset, said = _outer(self.document, self.tokens[at]), self.words(at)
        else:
            offset, said = max(self.start, self.end - 1), self.words(len(self.tokens) - 1)
        return self.document.source.error(message, offset, said if words is None else words, expected)

    def words(self, at: int, upto: int | None = None) -> str:
        """The file's own words from a token to the next mark (or to token ``upto``)."""
        last = at
        while last + 1 < (len(self.tokens) if upto is None else upto) and self.tokens[last + 1].kind != "mark":
            last += 1
        token = self.tokens[last]
        end = token.end
        for m in self.document.maths:
            if m.inner <= token.start < m.end:
                end = m.end
        start = self.tokens[at].start
        for m in self.document.maths:
            if m.inner <= start < m.end:
                start = m.start
        return " ".join(self.document.text[start:end].split())

    def words_all(self, at: int, upto: int) -> str:
        """The file's own words from a token up to another, marks included."""
        if at >= upto:
            return ""
        start, end = self.tokens[at].start, self.tokens[upto - 1].end
        for m in self.document.maths:
            if m.inner <= start < m.end:
                start = m.start
            if m.inner < end <= m.end:
                end = m.end
        return " ".join(self.document.text[start:end].split())


_PIECE = re.compile(
    r"i\.\s?i\.\s?d\.?(?![a-z])"  # i.i.d.
    r"|(?:i\.e|e\.g|w\.r\.t|a\.s)\."
    r"|[^\s,;:()?!\u201c\u201d]+"
    r"|[,;:()?!\u201c\u201d]"
)
_MATH_END = re.compile(r"([.,;?])((?:\s|\\[,;:! ]|\\quad\b|\\end\{\w+\*?\})*)$")


def sentences(document: Document, block: Block) -> list[Sentence]:
    """The sentences of a block."""
    out: list[Sentence] = []
    run: list[Token] = []

    def end(at: int, question: bool = False) -> None:
        if run:
            out.append(Sentence(tuple(run), _outer(document, run[0]), at, document, block, question))
            run.clear()

    pos = block.start
    for span in [*document.maths_in(block.start, block.end), None]:
        stop = span.start if span else block.end
        _words(document.text, pos, stop, run, end)
        if span is None:
            break
        token, stopped = _math(document, span)
        if run and _starts_anew(document, run, token):
            end(run[-1].end)
        run.append(token)
        if stopped and stopped in ".?":
            end(span.end, stopped == "?")
        elif stopped:
            run.append(Token("mark", stopped, span.stop - 1, span.stop))
        pos = span.end
    end(block.end)
    return out


def _outer(document: Document, token: Token) -> int:
    for m in document.maths:
        if m.inner == token.start:
            return m.start
    return token.start


def _math(document: Document, span: MathSpan) -> tuple[Token, str]:
    """The token of a formula, and the punctuation that ends it."""
    text = document.text[span.inner : span.stop]
    m = _MATH_END.search(text)
    # `\,` ends in a comma that is a space, `\ldots.` in a full stop that is one.
    if m and not (m.start() and text[m.start() - 1] == "\\"):
        return Token("math", text[: m.start()] + " " + text[m.end(1) :], span.inner, span.stop, span.display), m.group(
            1
        )
    return Token("math", text, span.inner, span.stop, span.display), ""


def _starts_anew(document: Document, run: list[Token], token: Token) -> bool:
    """Two displayed formulas in a row are two sentences."""
    return run[-1].kind == "math" and run[-1].display and token.display


_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:/\d+)?")
_OF_A_NUMBER = frozenset({"mean", "variance", "deviation", "probability", "rate", "parameter"})


def _word(word: str, start: int, run: list[Token]) -> Token:
    """A word, or a number that is written without dollar signs where only a number can stand: ``mean 0``."""
    number = run and run[-1].low in _OF_A_NUMBER and _NUMBER.fullmatch(word)
    return Token("math" if number else "word", word, start, start + len(word))


def _words(text: str, pos: int, stop: int, run: list[Token], end) -> None:  # type: ignore[no-untyped-def]
    for m in _PIECE.finditer(text, pos, stop):
        word, start = m.group(), m.start()
        if word in "?!":
            end(m.end(), word == "?")
            continue
        if len(word) == 1 and word in ",;:()\u201c\u201d":
            run.append(Token("mark", word, start, m.end()))
            continue
        opens = word[:1].isupper() and word.rstrip(".").lower() in OPENING_WORDS
        if opens and run and (run[-1].low == "i.i.d." or (run[-1].kind == "math" and _at_line_start(text, start))):
            end(start)
        if re.fullmatch(r"i\.\s?i\.\s?d\.?", word):
            run.append(Token("word", "i.i.d.", start, m.end()))
        elif word in ("i.e.", "e.g.", "w.r.t.", "a.s."):
            run.append(Token("word", word, start, m.end()))
        elif word.endswith(".") and not word.endswith(".."):
            if len(word) > 1:
                run.append(_word(word[:-1], start, run))
            end(m.end())
        elif word not in ("\\", "**"):
            run.append(_word(word, start, run))


def _at_line_start(text: str, pos: int) -> bool:
    return not text[text.rfind("\n", 0, pos) + 1 : pos].strip()
