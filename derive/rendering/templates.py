"""The jinja2 templates: where they are, and how each format's are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def folder() -> Path:
    """Beside the package when it is installed, at the root of the repository otherwise."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


@cache
def environment(kind: str) -> Environment:
    """The templates of ``html`` or ``tex``, with the filters that they use."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    marks: dict[str, Any] = {}
    if kind == "tex":  # braces and percent signs are LaTeX's own
        marks = dict(
            block_start_string="<%", block_end_string="%>", variable_start_string="<<", variable_end_string=">>",
            comment_start_string="<#", comment_end_string="#>",
        )  # fmt: skip
    return Environment(
        loader=FileSystemLoader(folder() / kind), autoescape=kind == "html", undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, **marks,
    )  # fmt: skip
