"""LaTeX as the plotting library's own mathematics takes it; what it does not take becomes readable Unicode."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.rendering.prose import Piece, prose
from derive.rendering.unicode import unicode

_REPLACED = (
    (re.compile(r"\\[td]?frac\b"), r"\\dfrac"),
    (re.compile(r"\\(sum|prod|int)\b"), r"\\,\\\1"),
    (re.compile(r"\\(?:displaystyle|textstyle)\b"), ""),
    (re.compile(r"\\lvert\b|\\rvert\b|\\vert\b"), "|"),
    (re.compile(r"\\lVert\b|\\rVert\b|\\Vert\b"), r"\\|"),
    (re.compile(r"\\implies\b"), r"\\Rightarrow"),
    (re.compile(r"\\iff\b"), r"\\Leftrightarrow"),
    (re.compile(r"\\[bB]igg?[lr]?\s*(?=[()\[\]|.\\])"), ""),
    (re.compile(r"\\le(?=[^a-z]|$)"), r"\\leq"),
    (re.compile(r"\\ge(?=[^a-z]|$)"), r"\\geq"),
    (re.compile(r"\\ne(?=[^a-z]|$)"), r"\\neq"),
)


@lru_cache(maxsize=1024)
def mathtext(latex: str) -> str:
    """``$…$`` for the plotting library, or plain Unicode where it cannot set it."""
    from matplotlib.mathtext import MathTextParser

    source = latex
    for pattern, new in _REPLACED:
        source = pattern.sub(new, source)
    source = source.strip()
    try:
        MathTextParser("path").parse(f"${source}$")
    except (ValueError, RuntimeError):
        return escaped(unicode(latex))
    return f"${source}$"


def escaped(text: str) -> str:
    """Words: a dollar sign would begin mathematics."""
    return text.replace("$", r"\$")


def piece(p: Piece) -> str:
    if p.kind in ("math", "display"):
        return mathtext(p.text)
    return " " if p.kind in ("break", "item") else escaped(p.text)


def labelled(source: str) -> str:
    """Prose with ``$…$`` as one string for the plotting library."""
    return "".join(piece(p) for p in prose(source))


def pieces(source: str) -> list[str]:
    """Prose cut where a line may be broken: after words and around mathematics, each with the space that follows it."""
    out: list[str] = []
    for p in prose(source):
        if p.kind in ("math", "display"):
            out.append(mathtext(p.text))
            continue
        for word in re.findall(r"\S+\s*|\s+", piece(p)):
            if out and not out[-1].endswith(" ") and not word[0].isspace():
                out[-1] += word  # a full stop after a formula
            elif out and word.isspace():
                out[-1] += " "
            else:
                out.append(word)
    return out
