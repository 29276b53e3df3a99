"""A backward pass, one row for each layer's turn."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter

from derive.rendering.pictures.model import Layers
from derive.rendering.pictures.style import BLUE, GREEN, INK, ORANGE, VERMILLION

CELL = 0.26  # inches of a row
MOST_LABELS = 24


def layers_figure(drawing: Layers) -> Figure:
    n = drawing.layers
    cell = CELL if n <= 32 else CELL * 32 / n
    fig = Figure(figsize=(max(5.4, min(8.4, 2.6 + 0.42 * n)), 1.9 + cell * n), layout="constrained")
    ax = fig.subplots()
    for r in drawing.rows:
        if r.stored:
            ax.axvline(r.layer, color=BLUE, alpha=0.18, linewidth=7, zorder=0, solid_capstyle="butt")
    for place, r in enumerate(drawing.rows, 1):
        _row(ax, place, r)
        ax.text(n + 0.9, place, str(len(r.recomputed)), va="center", ha="center", color=VERMILLION, fontsize=9)
        ax.text(n + 2.1, place, str(r.loads), va="center", ha="center", color=BLUE, fontsize=9)
    ax.text(n + 0.9, 0.1, "forwards", va="center", ha="center", color=VERMILLION, fontsize=9)
    ax.text(n + 2.1, 0.1, "loads", va="center", ha="center", color=BLUE, fontsize=9)
    _frame(ax, drawing)
    fig.legend(handles=_legend(drawing), loc="outside lower left", ncols=2, handlelength=2.2)
    return fig


def _row(ax: Any, place: int, r: Any) -> None:
    ax.plot([r.start], [place], marker="s" if r.start else "^", markersize=6.5, color=BLUE if r.start else GREEN, zorder=3)
    for k in r.recomputed:
        ax.annotate("", xy=(k - 0.12, place), xytext=(k - 1 + 0.12, place), zorder=2,
                    arrowprops=dict(arrowstyle="-|>", color=VERMILLION, linewidth=1.1, shrinkA=0, shrinkB=0, mutation_scale=7))  # fmt: skip
        if k != r.layer:
            ax.plot([k], [place], marker="o", markersize=4.2, markerfacecolor="white", color=VERMILLION, zorder=3)
    if r.recomputed:
        ax.plot([r.layer], [place], marker="o", markersize=5.5, color=ORANGE, markeredgecolor=VERMILLION, zorder=4)


def _frame(ax: Any, drawing: Layers) -> None:
    n = drawing.layers
    ax.set_xlim(-0.6, n + 2.9)
    ax.set_ylim(n + 0.6, -0.35)
    step = -(-n // MOST_LABELS)
    ax.xaxis.set_major_locator(FixedLocator(range(0, n + 1, step)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: "input" if round(v) == 0 else str(round(v))))
    ax.yaxis.set_major_locator(FixedLocator(range(1, n + 1, step)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: str(n + 1 - round(v))))
    ax.set_xlabel("layer whose activation is at hand (its number)")
    ax.set_ylabel("layer whose turn it is (its number)")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    ax.grid(True, color=INK, alpha=0.08, linewidth=0.6)


def _legend(drawing: Layers) -> list[Line2D]:
    def mark(marker: str, colour: str, label: str, **more: Any) -> Line2D:
        return Line2D([], [], linestyle="none", marker=marker, color=colour, label=label, **more)

    out = [mark("s", BLUE, "loaded: a stored activation", markersize=6.5)] if any(r.start for r in drawing.rows) else []
    if any(not r.start for r in drawing.rows):
        out.append(mark("^", GREEN, "loaded: the network's input", markersize=6.5))
    if drawing.forwards:
        out.append(Line2D([], [], color=VERMILLION, marker=">", markersize=4, label="one forward operation"))
        out.append(mark("o", ORANGE, "computed again, and used", markersize=5.5, markeredgecolor=VERMILLION))
    if any(len(r.recomputed) > 1 for r in drawing.rows):
        out.append(mark("o", VERMILLION, "computed again on the way, not kept", markersize=4.2, markerfacecolor="white"))
    return out


__all__ = ["layers_figure"]
