"""A page as a Jupyter notebook: the pieces of the Markdown page as cells, pictures attached to theirs.

What is printed is what `markdown` prints, but for displays inside quotes: notebooks cut mathematics out of a cell before they
look for quotes, so a display must not be broken over quoted lines.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from derive.rendering.markdown import Markdown
from derive.rendering.page import Page, PictureView, TaskView

FORMAT = (4, 5)


class Cell(Markdown):
    """Markdown as a notebook's cell takes it."""

    def display(self, latex: str, prefix: str = "") -> list[str]:
        if not prefix:
            return super().display(latex)
        return [f"{prefix}$${' '.join(latex.split())}$$"]


def notebook(page: Page, files: Mapping[str, bytes] | None = None) -> dict[str, Any]:
    """The notebook as an object for JSON; ``files`` are the pictures, by the names that they are referred to with."""
    return {
        "cells": list(_cells(page, files or {})),
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": FORMAT[0],
        "nbformat_minor": FORMAT[1],
    }


def _cells(page: Page, files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    head = Cell()
    head.problem(page)
    yield _cell("problem", head.done())
    for task in page.tasks:
        yield from _task(task, files)
    if page.rules:
        last = Cell()
        last.put("## Rules used")
        for rule in page.rules:
            last.gap()
            last.rule(rule, "> ")
        yield _cell("rules", last.done())


def _task(task: TaskView, files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    cell = Cell()
    cell.task(task, pictures=False)
    yield _cell(f"task-{task.id}", cell.done())
    for picture in task.pictures:
        shown = Cell()
        shown.picture(picture)
        yield _cell(f"picture-{picture.name}", shown.done(), {f"{picture.name}.svg": _attached(picture, files)})


def _attached(picture: PictureView, files: Mapping[str, bytes]) -> dict[str, str]:
    """Both forms, the bitmap first: JupyterLab takes the first and shows bitmaps only, nbconvert takes what scales."""
    return {
        mime: b64encode(files[f"{picture.name}{ending}"]).decode("ascii")
        for mime, ending in (("image/png", ".png"), ("image/svg+xml", ".svg"))
    }


def _cell(name: str, source: str, attachments: dict[str, dict[str, str]] | None = None) -> dict[str, Any]:
    out: dict[str, Any] = {"cell_type": "markdown", "id": name[:64], "metadata": {}, "source": source.rstrip("\n").splitlines(True)}
    if attachments:
        out["attachments"] = attachments
    return out
