"""LaTeX as the plotting library's own mathematics takes it; what it does not take becomes readable Unicode."""

from __future__ import annotations

import re
from functools import lru_cache

from derive.language.unicode import unicode
from derive.rendering.pictures.layout import SIZE
from derive.rendering.prose import Piece, prose

_LARGE = re.compile(r"\\[bB]igg?[lr]?\s*([()\[\]])")
_BARS = re.compile(r"\\(?:[bB]igg?[lr]?|left|right)\s*(\||\\\|)")  # grown, they are drawn as thick as a box
_TEXT = re.compile(r"\\text\{[^{}]*\$[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")  # words with formulas in them
_REPLACED = tuple(
    (re.compile(pattern + "(?![A-Za-z])"), new)
    for pattern, new in (
        (r"\\[td]?frac", r"\\dfrac"),
        (r"\\(sum|prod)", r"\\;\\\1"),  # limits of two sums would touch
        (r"\\int(?!\s*[_^])", r"\\int\\;"),  # an f after it would stand on it
        (r"\\(?:displaystyle|textstyle)", ""),
        (r"\\[lr]?vert", "|"),
        (r"\\[lr]?Vert", r"\\|"),
        (r"\\implies", r"\\Rightarrow"),
        (r"\\iff", r"\\Leftrightarrow"),
        (r"\\le", r"\\leq"),
        (r"\\ge", r"\\geq"),
        (r"\\ne", r"\\neq"),
    )
)


@lru_cache(maxsize=1024)
def mathtext(latex: str) -> str:
    """``$…$`` for the plotting library, or plain Unicode where it cannot set it."""
    source = _TEXT.sub(lambda m: re.sub(r"\$(.+?)\$", r"}\1\\text{", m[0]), latex)
    for pattern, new in _REPLACED:
        source = pattern.sub(new, source)
    source = _BARS.sub(lambda m: m[1], source).strip()
    grown = _LARGE.sub(lambda m: rf"\{'left' if m[1] in '([' else 'right'}{m[1]}", source)
    for attempt in (grown, _LARGE.sub(lambda m: m[1], source)):
        try:
            measured(f"${attempt}$", SIZE)
        except (ValueError, RuntimeError):
            continue
        return f"${attempt}$"
    return escaped(unicode(latex))


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
    """Prose cut where a line may be broken: words with the space after them, and mathematics as pieces of their own."""
    out: list[str] = []
    for p in prose(source):
        if p.kind in ("math", "display"):
            out.append(mathtext(p.text))
        else:
            out += re.findall(r"\S+\s?|\s", re.sub(r"\s+", " ", piece(p)))
    return out


@lru_cache(maxsize=4096)
def measured(text: str, size: float) -> tuple[float, float]:
    """Width and height in points. Of a formula it is the library's own parse, which drawing then finds done.

    Raises
    ------
    ValueError
        The library cannot set it.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size)
    if "$" not in text.replace(r"\$", ""):
        wide = text_to_path.get_text_width_height_descent(f"|{text}|", font, False)[0]
        return float(wide - text_to_path.get_text_width_height_descent("||", font, False)[0]), size
    wide, high, deep = text_to_path.get_text_width_height_descent(text, font, True)
    return float(wide), float(high + 0.2 * deep)
