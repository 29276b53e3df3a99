"""Long formulas broken into lines that fit a page, at their outermost plus and minus signs."""

from __future__ import annotations

import re

from derive.language.unicode import unicode, width

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|.", re.S)
_TALL = re.compile(r"\\(?:sum|prod|int|sup|inf)\b")
_WORTH = 1.5  # a fraction prints narrower than its one-line form, a sum with limits wider than its sign


def extent(latex: str) -> float:
    """About how many letters wide ``latex`` prints."""
    signs = width(unicode(latex))
    limits = sum(width(unicode(m)) + 4 for m in re.findall(r"\\sum_\{[^{}]*\}\^\{?[^{} ]*\}?", latex))
    return signs - limits + _WORTH * 2 * len(_TALL.findall(latex))


def broken(latex: str, room: float) -> list[str]:
    """``latex`` in pieces of at most ``room`` letters where signs allow it; each but the first begins with its sign."""
    if extent(latex) <= room or "\\left" in latex or "\\begin" in latex:
        return [latex]
    places = _signs(latex)
    if not places:
        return [latex]
    depth = min(d for _, d in places)
    usable = [at for at, d in places if d <= depth + 2]
    out: list[str] = []
    start = 0
    last = 0
    for at in [*usable, len(latex)]:
        if last > start and extent(latex[start:at]) > room:
            out.append(latex[start:last])
            start = last
        last = at
    return [*out, latex[start:]]


def _signs(latex: str) -> list[tuple[int, int]]:
    """Where a plus or minus joins two terms outside every brace, and inside how many brackets it is."""
    out: list[tuple[int, int]] = []
    braces = brackets = 0
    before = ""
    for m in _TOKEN.finditer(latex):
        token = m[0]
        if token in "{}":
            braces += 1 if token == "{" else -1
        elif token in "([" or token in ("\\{", "\\lfloor"):
            brackets += 1
        elif token in ")]" or token in ("\\}", "\\rfloor"):
            brackets -= 1
        elif token in "+-" and braces == 0 and before and before not in "=([+-<>" and m.start() > 0:
            out.append((m.start(), brackets))
        if not token.isspace():
            before = token
    return out
