r"""Forms of sentences as data: patterns, matched against a sentence's tokens.

A pattern is words with slots: ``{x}`` one formula, ``{x:list}`` formulas joined by commas and ``and``, ``{x:run}`` any
tokens (as few as fit), ``[…]`` what may be left out, ``(a|b)`` a choice. The same patterns, with their slots shown as
``$…$``, are what an error message suggests: nothing that is read is unknown to the messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from derive.language.sentences import Sentence, Token
from derive.language.synonyms import OPENERS, PHRASES


@dataclass(eq=False, repr=False)
class Form:
    """A sentence form: its pattern and what reads a sentence of that form."""

    pattern: str
    read: Callable[..., Any]
    kind: str = ""

    @cached_property
    def parts(self) -> list[Part]:
        parts, rest = _parse(_LEXEMES.findall(self.pattern), 0)
        assert rest == len(_LEXEMES.findall(self.pattern)), self.pattern
        return parts

    @cached_property
    def needed(self) -> frozenset[str]:
        """The words without which nothing has this form."""
        return frozenset(p.text for p in self.parts if p.kind == "word")

    @cached_property
    def firsts(self) -> frozenset[str] | None:
        """The words with which it may begin; None where it may begin with anything else."""
        return _firsts(tuple(self.parts))

    def begins(self, tokens: Sequence[Token], pos: int) -> bool:
        """Whether the token at ``pos`` may begin it: a look at one word, before everything is tried."""
        if self.firsts is None or pos >= len(tokens) or tokens[pos].text == ",":
            return True
        return tokens[pos].kind != "math" and tokens[pos].low in self.firsts

    @property
    def shown(self) -> str:
        """The form as a message shows it."""
        text = re.sub(r"\{\w+:run\}", "…", self.pattern)
        text = re.sub(r"\{\w+:list\}", r"$…$ and $…$", text)
        text = re.sub(r"\{\w+\}", "$…$", text)
        text = re.sub(r"\(([^()|]*)\|[^()]*\)", r"\1", text)
        return re.sub(r"\s+", " ", re.sub(r" ?\[[^\[\]]*\]", "", text)).strip()


@dataclass(eq=False, repr=False)
class Part:
    kind: Literal["word", "math", "list", "run", "optional", "choice"]
    text: str = ""
    inner: tuple[tuple[Part, ...], ...] = ()


_LEXEMES = re.compile(r"\{\w+(?::\w+)?\}|[\[\]()|]|[^\s\[\]()|{}]+")


def _parse(lexemes: list[str], pos: int, closer: str = "") -> tuple[list[Part], int]:
    parts: list[Part] = []
    choices: list[tuple[Part, ...]] = []
    while pos < len(lexemes):
        x = lexemes[pos]
        pos += 1
        if x == closer:
            if closer == ")":
                return [Part("choice", inner=(*choices, tuple(parts)))], pos
            return [Part("optional", inner=(*choices, tuple(parts)))], pos
        if x == "|":
            choices.append(tuple(parts))
            parts = []
        elif x in "[(":
            got, pos = _parse(lexemes, pos, "]" if x == "[" else ")")
            parts += got
        elif x.startswith("{"):
            name, _, kind = x[1:-1].partition(":")
            parts.append(Part(kind or "math", name))  # type: ignore[arg-type]
        else:
            parts.append(Part("word", x.lower()))
    return parts, pos


def _firsts(parts: tuple[Part, ...]) -> frozenset[str] | None:
    if not parts or parts[0].kind not in ("word", "optional", "choice"):
        return None
    part, rest = parts[0], parts[1:]
    if part.kind == "word":
        return frozenset({part.text})
    found = [_firsts((*choice, *rest)) for choice in (*part.inner, *([()] if part.kind == "optional" else []))]
    return None if None in found else frozenset().union(*(f for f in found if f is not None))


Found = dict[str, tuple[int, int]]  # slot -> the tokens from, up to


def match(form: Form, sentence: Sentence, start: int = 0) -> tuple[Found | None, int]:
    """The slots of the whole sentence from ``start`` in a form, and the furthest token reached."""
    tokens = sentence.tokens
    furthest = start
    if not form.begins(tokens, start):
        return None, furthest
    for end, found, reached in _match(tuple(form.parts), tokens, start, {}):
        furthest = max(furthest, reached)
        if end == len(tokens):
            return found, furthest
    return None, furthest


def beginnings(form: Form, tokens: Sequence[Token], start: int) -> Iterator[tuple[int, Found, int]]:
    """Every way in which a form fits a beginning of the tokens from ``start``."""
    return _match(tuple(form.parts), tokens, start, {}) if form.begins(tokens, start) else iter(())


def _match(
    parts: tuple[Part, ...], tokens: Sequence[Token], pos: int, found: Found
) -> Iterator[tuple[int, Found, int]]:
    """Every way in which ``parts`` fit from ``pos``: (end, slots, furthest); end −1 reports a failure."""
    if not parts:
        yield pos, found, pos
        return
    part, rest = parts[0], parts[1:]
    if part.kind == "word":
        at = pos
        if at < len(tokens) and tokens[at].text == "," and part.text != ",":
            at += 1
        if at < len(tokens) and tokens[at].kind != "math" and tokens[at].low == part.text:
            yield from _match(rest, tokens, at + 1, found)
        else:
            yield -1, found, at
    elif part.kind == "math":
        if pos < len(tokens) and tokens[pos].kind == "math":
            yield from _match(rest, tokens, pos + 1, {**found, part.text: (pos, pos + 1)})
        else:
            yield -1, found, pos
    elif part.kind == "list":
        ends = list_ends(tokens, pos)
        for end in reversed(ends):
            yield from _match(rest, tokens, end, {**found, part.text: (pos, end)})
        if not ends:
            yield -1, found, pos
    elif part.kind == "run":
        if not rest:
            if pos < len(tokens):
                yield from _match(rest, tokens, len(tokens), {**found, part.text: (pos, len(tokens))})
            else:
                yield -1, found, pos
            return
        for end in range(pos + 1, len(tokens) + 1):
            for at, slots, reached in _match(rest, tokens, end, {**found, part.text: (pos, end)}):
                yield at, slots, reached if reached > end else pos  # a run reaches anything: that tells nothing
    elif part.kind == "optional":
        for choice in (*part.inner, ()):
            yield from _match((*choice, *rest), tokens, pos, found)
    else:
        for choice in part.inner:
            yield from _match((*choice, *rest), tokens, pos, found)


def list_ends(tokens: Sequence[Token], pos: int) -> list[int]:
    """Where a list of formulas that starts at ``pos`` may end, shortest first."""
    ends = []
    while pos < len(tokens) and tokens[pos].kind == "math":
        pos += 1
        ends.append(pos)
        if pos < len(tokens) and tokens[pos].text == ",":
            pos += 1
        if pos < len(tokens) and tokens[pos].low == "and":
            pos += 1
    return ends


def items(sentence: Sentence, span: tuple[int, int]) -> list[Token]:
    """The formulas among the tokens of a slot."""
    return [t for t in sentence.tokens[slice(*span)] if t.kind == "math"]


# Words

_PHRASES: dict[str, list[tuple[list[str], list[str]]]] = {}


def normal(sentence: Sentence) -> Sentence:
    """The sentence with its phrases in the words that the forms use (places stay the file's)."""
    if not _PHRASES:
        for said, meant in sorted(PHRASES, key=lambda p: -len(p[0].split())):
            words = re.findall(r"[^\s,]+|,", said)
            _PHRASES.setdefault(words[0], []).append((words, meant.split()))
    tokens = list(sentence.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        for phrase, read in _PHRASES.get(tokens[i].low, ()) if tokens[i].kind == "word" else ():
            part = tokens[i : i + len(phrase)]
            if [t.low for t in part] == phrase and all(t.kind != "math" for t in part):
                span = part[0].start, part[-1].end
                out += [Token("word", w, *span) for w in read]
                i += len(phrase)
                break
        else:
            out.append(tokens[i])
            i += 1
    return Sentence(tuple(out), sentence.start, sentence.end, sentence.document, sentence.block, sentence.question)


_OPENERS: dict[str, list[tuple[list[str], str]]] = {}


def openers(sentence: Sentence, start: int = 0) -> list[tuple[str, int]]:
    """What a sentence may open as, with the token behind the opener; the longest first."""
    if not _OPENERS:
        for name, forms in OPENERS:
            for form in forms:
                split = form.split()
                _OPENERS.setdefault(split[0], []).append((split, name))
        for rows in _OPENERS.values():
            rows.sort(key=lambda r: -len(r[0]))
    tokens = sentence.tokens
    if start >= len(tokens) or tokens[start].kind != "word":
        return []
    out = []
    for words, name in _OPENERS.get(tokens[start].low, ()):
        if [t.low for t in tokens[start : start + len(words)]] == words:
            out.append((name, start + len(words)))
    return out


def nearest(said: str, known: Sequence[str], n: int = 3) -> tuple[str, ...]:
    """The known forms nearest to what was said."""
    import difflib

    plain = re.sub(r"\$[^$]*\$", "$…$", said)
    scored = sorted(known, key=lambda k: -difflib.SequenceMatcher(None, plain.lower(), k.lower()).ratio())
    return tuple(dict.fromkeys(scored))[:n]
