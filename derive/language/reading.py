r"""Documents to problems: what the rest of the project calls to read a file, a text, or one claim."""

from __future__ import annotations

import os
import re

from derive.language import forms
from derive.language.claims import stated
from derive.language.document import Document
from derive.language.model import Problem, ReadError
from derive.language.reader import Reader
from derive.language.scan import scan
from derive.language.sentences import sentences
from derive.language.statements import read_sentence
from derive.terms import Term


def read_problem(
    path_or_text: str | os.PathLike[str], *, file: str | None = None, syntax: str | None = None
) -> Problem:
    """Read a document.

    Parameters
    ----------
    path_or_text : a `Path`, a one-line string that ends in ``.md`` or ``.tex`` (a file), or a document's text.
    file : the name that the problem and its errors carry, where the text is given.
    syntax : "md" or "tex"; by default what the file's name says, or what the text looks like.

    Raises
    ------
    ReadError
        Where the document cannot be read: its line, its column, the words and the nearest forms.
    """
    text = os.fspath(path_or_text)
    if not isinstance(path_or_text, str) or ("\n" not in text and text.endswith((".md", ".tex"))):
        file = file or text
        text = read_file(text)
    if syntax is None:
        looks_tex = r"\begin{document}" in text or r"\documentclass" in text
        syntax = "tex" if (file or "").endswith(".tex") or looks_tex else "md"
    return _read(scan(text, file, syntax))


def _read(document: Document) -> Problem:
    reader = Reader(document)
    blocks = reader.document.blocks
    for i, block in enumerate(blocks):
        if block.kind == "heading":
            continue
        if block.kind == "mark":
            if block.label != "Working":
                at = max(0, reader.source.text.rfind(f"**{block.label}", 0, block.start))
                raise reader.source.error(
                    f"`{block.label}` is no part of a problem", at, block.label, ("**Working.**",)
                )
            from derive.language.working import read_working

            read_working(reader, blocks[i:])
            break
        reader.item = block.label if block.kind == "item" else ""
        found = sentences(reader.document, block)
        if not found and block.kind in ("item", "bullet"):
            raise reader.source.error(
                "nothing stands in this item",
                max(0, reader.source.text.rfind(block.label, 0, block.start)),
                block.label,
            )
        for s in found:
            read_sentence(reader, s)
    return reader.problem()


def read_file(path: str) -> str:
    """The text of a file, with its line ends as they are."""
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError as error:
        raise ReadError(f"{path} cannot be opened: {error.strerror}", 1) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise ReadError("this is not UTF-8", line, column, "", ("a file in UTF-8",)) from None


def read_claim(text: str, problem: Problem) -> tuple[Term, ...]:
    r"""A claim about a problem, with or without ``$``: ``\mathrm{Var}(y) = d_1``, ``the number of loads is 8``."""

    plain = "$" not in text and "\\(" not in text
    words = re.match(r"\s*(the (?:number|time|total)|differentiation)", text, re.I)
    if plain and words:
        text = re.sub(r"\bis\s+(.+?)(\s+(?:ns|us|ms|s))?\s*\.?$", r"is $\1$\2", text)
    elif plain:
        text = f"${text.strip().removesuffix('.')}$"
    document = scan(text, "claim")
    reader = Reader(document, problem=problem)
    found = [s for b in document.blocks for s in sentences(document, b)]
    if len(found) != 1:
        raise ReadError("one claim is needed", 1, 1, text, ("$a = b$",))
    s = forms.normal(found[0])
    reader.open = s
    return stated(reader, s, (0, len(s.tokens)))
