"""Pictures as SVG, PDF or PNG: the same input gives the same bytes (no dates, fixed ids)."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from derive.rendering.pictures.model import Graph, Layers, Picture, Plot
from derive.rendering.pictures.style import styled
from derive.rendering.pictures.svg import accessible

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def svg(picture: Picture, places: frozenset[str] | None = None) -> str:
    """SVG with title and description: for a page that has these ``places``, else for a file of its own (white paper, black ink)."""
    with styled():
        none = {"Date": None, "Creator": None, "Format": None, "Type": None}
        raw = _saved(picture, "svg", places is not None, metadata=none).decode("utf-8")
    return accessible(raw, picture, places)


def pdf(picture: Picture) -> bytes:
    with styled():
        return _saved(picture, "pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None, "Title": _title(picture)})


def png(picture: Picture) -> bytes:
    with styled():
        return _saved(picture, "png", metadata={"Software": None}, dpi=160, facecolor="white")


def _title(picture: Picture) -> str:
    from derive.rendering.prose import plain

    return plain(picture.title)


def _saved(picture: Picture, kind: str, links: bool = False, **more: object) -> bytes:
    out = BytesIO()
    figure(picture, links).savefig(out, format=kind, **more)  # type: ignore[arg-type]
    return out.getvalue()


def figure(picture: Picture, links: bool = False) -> Figure:
    """The library's own figure; to be called with `styled` settings."""
    drawing = picture.drawing
    if isinstance(drawing, Plot):
        from derive.rendering.pictures.draw_plot import plot_figure

        return plot_figure(drawing)
    if isinstance(drawing, Graph):
        from derive.rendering.pictures.draw_graph import graph_figure

        return graph_figure(drawing, links)
    assert isinstance(drawing, Layers)
    from derive.rendering.pictures.draw_layers import layers_figure

    return layers_figure(drawing)
