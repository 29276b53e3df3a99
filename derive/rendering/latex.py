"""A page as a LaTeX document that pdflatex takes, or as a fragment for ``\\input``."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from derive.rendering.breaking import broken, extent
from derive.rendering.markdown import by as reason
from derive.rendering.page import ExplanationPage, Page, StepView
from derive.rendering.prose import Piece, Prose, prose

if TYPE_CHECKING:
    from jinja2 import Environment

ROOM = 62.0  # letters of a formula in a line of the page, beside its number
_SPECIAL = {c: "\\" + c for c in "#$%&_{}"} | {
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "✓": r"$\checkmark$",
    "∞": r"$\infty$", "≤": r"$\le$", "≥": r"$\ge$", "×": r"$\times$", "→": r"$\to$", "−": "--", "…": r"\ldots{}",
}  # fmt: skip


def latex(page: Page, fragment: bool = False) -> str:
    return _tidy(_environment().get_template("page.tex").render(page=page, fragment=fragment))


def explanation_latex(page: ExplanationPage, fragment: bool = False) -> str:
    return _tidy(_environment().get_template("explanation.tex").render(page=page, fragment=fragment))


@cache
def _environment() -> Environment:
    from derive.rendering.templates import environment

    out = environment("tex")
    out.filters.update(
        prose=_prose, words=lambda source: _prose(prose(source)), escape=_escape, stopless=lambda s: s.rstrip(" ."),
        capital=lambda s: s[:1].upper() + s[1:], broken=_broken, fits=_fits, by=_by, long=_long,
    )  # fmt: skip
    return out


def _tidy(source: str) -> str:
    source = re.sub(r"\n{2,}(?=\\begin\{align\*\})", "\n", source)
    return re.sub(r"\n{3,}", "\n\n", source).strip() + "\n"


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(c, c) for c in text)


def _prose(pieces: Prose) -> str:
    return "".join(map(_piece, pieces))


def _piece(p: Piece) -> str:
    if p.kind == "math":
        return f"${p.text}$"
    if p.kind == "display":
        return f"\n\\[\n{p.text}\n\\]\n"
    if p.kind in ("break", "item"):
        return "\n\n"
    if p.kind in ("strong", "em", "code"):
        command = {"strong": "textbf", "em": "emph", "code": "texttt"}[p.kind]
        return rf"\{command}{{{_escape(p.text)}}}"
    if p.kind == "rule":
        return rf"\texttt{{{_escape(p.text)}}}"
    return _escape(p.text)


def _broken(line: str, step: StepView) -> str:
    """A long line goes on below, after its first signs."""
    return " \\\\\n&\\qquad ".join(broken(line, ROOM + 14))


def _fits(step: StepView) -> bool:
    """Whether the rule's name has room beside the line; under it, it is named in any case."""
    return extent(step.line) + 0.62 * len(step.name) < ROOM


def _long(first: str) -> bool:
    """Whether what a chain begins with takes a line of its own."""
    return extent(first) > 18


def _by(step: StepView) -> str:
    return reason(step).replace(r"\text{by ", r"\text{\footnotesize by ", 1)
