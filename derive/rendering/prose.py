"""Sentences with mathematics, cut into pieces that every format prints in its own way.

The source is the small Markdown that rules, reasons and problems are written in: ``$…$``, ``$$…$$``,
``**strong**``, ``*emphasis*``, `` `code` ``, paragraphs, and words that refer to something ("line 3").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache


@dataclass(frozen=True)
class Piece:
    """kind : text, math, display (its own line), strong, em, code, break (a new paragraph), item (of a list),
    line, task, step, rule (references; ``target`` is what they refer to)."""

    kind: str
    text: str
    target: str = ""


Prose = tuple[Piece, ...]

_MARKS = re.compile(
    r"""\$\$(?P<display>.+?)\$\$
    | \\\[(?P<display2>.+?)\\\]
    | \$`(?P<github>.+?)`\$
    | \$(?P<math>(?:\\.|[^$\\])+?)\$
    | \\\((?P<math2>.+?)\\\)
    | `(?P<code>[^`]+)`
    | \*\*(?P<strong>.+?)\*\*
    | (?<![*\w])\*(?P<em>[^*\s][^*]*?)\*(?!\w)
    | \n\s*(?:[-*]\s+|(?=\d+\.\s))(?P<item>)
    | (?P<break>\n\s*\n)""",
    re.S | re.X,
)
_REFERENCES = re.compile(
    r"(?P<line>(?<![\w.])[Ll]ine (?P<line_n>\d+))|(?P<task>(?<![\w.])[Tt]ask (?P<task_n>\d+))"
    r"|(?P<step>(?<![\w.])[Ss]tep (?P<step_n>\d+[a-z]?(?:\.(?:\d+|[a-z]\b))+))"
    r"|(?P<rule>(?<![\w.])[a-z][a-z_0-9]*\.[a-z][a-z_0-9]*)"
)


@lru_cache(maxsize=4096)
def prose(source: str) -> Prose:
    """``source`` in pieces."""
    out: list[Piece] = []
    last = 0
    text = source.strip()
    for m in _MARKS.finditer(text):
        out += _references(text[last : m.start()])
        last = m.end()
        kind = m.lastgroup or "text"
        kind = {"display2": "display", "math2": "math", "github": "math"}.get(kind, kind)
        inner = m[m.lastgroup or 0]
        if kind == "code" and _REFERENCES.fullmatch(inner) and "." in inner:
            out.append(Piece("rule", inner, inner))
        elif kind in ("strong", "em") and ("$" in inner or "`" in inner):
            out += prose(inner)
        elif kind in ("item", "break"):
            out.append(Piece(kind, ""))
        else:
            out.append(Piece(kind, _tidy(inner) if kind not in ("strong", "em") else inner))
    out += _references(text[last:])
    return tuple(p for p in out if p.text or p.kind in ("break", "item"))


def _tidy(inner: str) -> str:
    return re.sub(r"\s+", " ", inner).strip()


def _references(text: str) -> list[Piece]:
    out: list[Piece] = []
    last = 0
    text = re.sub(r"[ \t]*\n[ \t]*", " ", text)
    for m in _REFERENCES.finditer(text):
        kind = next(k for k in ("line", "task", "step", "rule") if m[k])
        out.append(Piece("text", text[last : m.start()]))
        out.append(Piece(kind, m[0], m[0] if kind == "rule" else m[f"{kind}_n"]))
        last = m.end()
    return [*out, Piece("text", text[last:])]


def resolved(pieces: Prose, known: Mapping[str, frozenset[str]]) -> Prose:
    """References to what is not on the page become plain words."""
    return tuple(
        replace(p, kind="text", target="") if p.kind in known and p.target not in known[p.kind] else p for p in pieces
    )


def plain(source: str) -> str:
    """``source`` without marks, mathematics in Unicode: a title or a tooltip."""
    from derive.language.unicode import unicode

    return "".join(unicode(p.text) if p.kind in ("math", "display") else p.text or " " for p in prose(source))
