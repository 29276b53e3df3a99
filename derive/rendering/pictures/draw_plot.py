"""Values over sizes, on logarithmic axes."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from derive.rendering.pictures.mathtext import labelled, measured
from derive.rendering.pictures.model import Panel, Plot
from derive.rendering.pictures.style import INK, LOOKS
from derive.rendering.pictures.words import short

PANEL, TALL = 3.55, 3.0  # inches


def plot_figure(plot: Plot) -> Figure:
    k = len(plot.panels)
    wide = max(5.2, PANEL * k + 0.4)
    labels = _labels(plot)
    high = sum(max(0.26, measured(labelled(x), 10)[1] / 72 + 0.12) for x in labels)
    fig = Figure(figsize=(wide, TALL + high + 0.2), layout="constrained")
    axes = fig.subplots(1, k, sharey=True, squeeze=False)[0]
    handles: dict[str, Any] = {}
    for ax, panel in zip(axes, plot.panels, strict=True):
        _panel(ax, panel, handles)
    axes[0].set_ylabel(labelled(plot.y.label))
    _values(axes[0], plot)
    fig.legend([handles[x] for x in labels], [labelled(x) for x in labels], loc="outside lower left", ncols=1,
               handlelength=2.6, borderaxespad=0.2)  # fmt: skip
    return fig


def _labels(plot: Plot) -> list[str]:
    return list(dict.fromkeys(label for p in plot.panels for label in (*(c.label for c in p.curves), *(d.label for d in p.dots))))


def _panel(ax: Any, panel: Panel, handles: dict[str, Any]) -> None:
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    alone = any(c.kind == "exact" for c in panel.curves) or not panel.curves or all(d.kind == "exact" for d in panel.dots)
    for c in panel.curves:
        look = LOOKS[c.kind]
        (line,) = ax.plot(*zip(*c.points, strict=True), linestyle=look.line, color=look.colour, zorder=2)
        handles.setdefault(c.label, line)
    for d in panel.dots:
        look = LOOKS[d.kind]
        joined = d.kind != "exact"
        colour = look.colour if joined or not alone else INK
        x, y, bar = zip(*((p.x, p.y, p.error) for p in d.points), strict=True)
        low = [min(e, 0.9 * v) for v, e in zip(y, bar, strict=True)]  # a bar to below 0 has no end on this axis
        drawn = ax.errorbar(
            x, y, yerr=[low, bar] if any(bar) else None, linestyle=look.line if joined else "none", color=colour, marker=look.marker,
            markersize=5, markerfacecolor="white" if look.hollow else colour, elinewidth=1, capsize=2, zorder=3,
        )  # fmt: skip
        handles.setdefault(d.label, drawn)
    ax.set_xlabel(labelled(panel.x.label))
    if panel.held:
        ax.set_title(labelled(f"with {panel.held}"), fontsize=10.5, loc="left")
    ax.xaxis.set_major_locator(FixedLocator(_ticks(panel)))
    ax.xaxis.set_major_formatter(FuncFormatter(_number))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.grid(True, which="major", color=INK, alpha=0.12, linewidth=0.6)


def _ticks(panel: Panel) -> list[float]:
    """Every power of 4 in the range, or of 2 where that leaves few."""
    xs = [p[0] for c in panel.curves for p in c.points] + [p.x for d in panel.dots for p in d.points]
    powers = [2.0**e for e in range(-20, 21) if min(xs) <= 2.0**e <= max(xs)]
    return powers[::2] if len(powers) > 6 else powers


def _values(ax: Any, plot: Plot) -> None:
    """The common axis of values: at least a decade, plain numbers on it."""
    ys = [p[1] for panel in plot.panels for c in panel.curves for p in c.points]
    ys += [v for panel in plot.panels for d in panel.dots for p in d.points for v in (p.y, p.y + p.error)]
    low, high = min(ys), max(ys)
    if high / low < 10:
        middle = (high * low) ** 0.5
        low, high = middle / 10**0.5, middle * 10**0.5
    pad = (high / low) ** 0.06
    ax.set_ylim(low / pad, high * pad)
    few = high / low < 60
    ax.yaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5) if few else (1,), numticks=12 if few else 9))
    ax.yaxis.set_major_formatter(FuncFormatter(_number))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _number(v: float, _: Any = None) -> str:
    text = short(v)
    if abs(v) >= 1e4 or abs(v) < 1e-4:
        from math import floor, log10

        e = floor(log10(abs(v)) + 1e-9)
        m = v / 10.0**e
        return rf"$10^{{{e}}}$" if abs(m - 1) < 1e-9 else rf"${m:g}\cdot 10^{{{e}}}$"
    return f"${text}$" if "^" in text else text
