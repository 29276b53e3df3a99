"""A page as one self-contained HTML file: MathML, every step unfolds, no scripts, nothing fetched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from derive.rendering.page import ExplanationPage, Page, RuleView
from derive.rendering.prose import plain, prose

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

ROOM = 75.0  # letters of a formula in a line


def html(page: Page) -> str:
    return _environment().get_template("page.html").render(page=page)


def explanation_html(page: ExplanationPage) -> str:
    return _environment().get_template("explanation.html").render(page=page)


def rule_html(rule: RuleView) -> str:
    return _environment().get_template("rule.html").render(rule=rule)


@cache
def _environment() -> Environment:
    from derive.rendering.templates import environment

    out = environment("html")
    out.filters.update(mathml=_mathml, line=_line, svg=_svg, plain=plain, prose=prose)
    return out


def _mathml(latex: str) -> Markup:
    from markupsafe import Markup

    from derive.rendering.mathml import mathml

    return Markup(mathml(latex))


def _svg(source: str) -> Markup:
    """A picture that this program drew."""
    from markupsafe import Markup

    return Markup(source)


def _line(latex: str) -> Markup:
    """A line of a derivation: display style, within its row; a very long one goes on below."""
    from markupsafe import Markup

    from derive.rendering.breaking import broken
    from derive.rendering.mathml import inline_display

    return Markup('<br><span class="on"></span>').join(Markup(inline_display(p)) for p in broken(latex, ROOM))
