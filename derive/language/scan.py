"""A file's text as blocks, in the syntax that it has."""

from __future__ import annotations

from derive.language.document import Document, Source
from derive.language.markdown import scan_markdown
from derive.language.tex import scan_tex


def scan(text: str, file: str | None = None, syntax: str = "md") -> Document:
    """The blocks of a document, in Markdown or (``syntax="tex"``) LaTeX."""
    source = Source.of(text, file)
    if syntax == "tex":
        return scan_tex(source)
    return scan_markdown(source)
