"""A network's backward pass as a table: one row a layer, or one for each kind of layer, or one for each interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.planner.network.schedule import INPUT, Comparison, IntervalRow, LayerRow, Pattern, Schedule
from derive.rendering.page import TableView
from derive.rendering.prose import Prose
from derive.terms import Term, call, sym

Latex = Callable[[Term], str]
LAYERS = ("layer", "starts from", "computes again", "forward operations", "loads")
KINDS = ("layer", "starts from", "forward operations", "loads")
INTERVALS = ("interval", "stored", "forward operations", "loads", "total time")
ITSELF = "itself, which is stored"


def schedule_table(s: Schedule | Pattern | Comparison, latex: Latex, prose: Callable[[str], Prose]) -> TableView:
    """The table of a schedule."""
    heading: tuple[str, ...]
    if isinstance(s, Schedule):
        heading, rows = LAYERS, [*map(layer_row, s.rows), ["together", "", "", f"${s.forwards}$", f"${s.loads}$"]]
    elif isinstance(s, Comparison):
        heading, rows = INTERVALS, [interval_row(r, s.unit, latex) for r in s.rows]
    else:
        heading, rows = KINDS, pattern_rows(s, latex)
    return TableView(tuple(map(prose, heading)), tuple(tuple(map(prose, row)) for row in rows), ())


def layer_row(r: LayerRow) -> list[str]:
    start = ITSELF if r.stored else "the input" if r.start == INPUT else f"layer ${r.start}$"
    first, last = (r.recomputed[0], r.recomputed[-1]) if r.recomputed else (0, 0)
    again = "" if not r.recomputed else f"${first}$" if first == last else f"${first}$ to ${last}$"
    return [f"${r.layer}$", start, again, f"${r.forwards}$", f"${r.loads}$"]


def pattern_rows(p: Pattern, latex: Latex) -> list[list[str]]:
    out = []
    for r in p.rows:
        layer = f"${latex(r.layer)}$" + (f" with ${chained(r.where, latex)}$" if r.where is not None else "")
        start = ITSELF if r.stored else f"layer ${latex(r.start)}$, or the input if that is $0$"
        out.append([layer, start, f"${latex(r.forwards)}$", f"${latex(r.loads)}$"])
    return out


def chained(where: Term, latex: Latex) -> str:
    """``0 < r < k`` for ``0 < r`` and ``r < k``."""
    a, b = where.args
    return f"{latex(a)} < {latex(b.args[1])}"


def interval_row(r: IntervalRow, unit: str | None, latex: Latex) -> list[str]:
    interval = f"${r.interval}$" + (" or more" if r.beyond else "")
    time = f"${latex(r.time if unit is None else call('Unit', r.time, sym(unit)))}$"
    where = f" for ${latex(r.when)}$" if r.when is not None else ""
    return [interval, f"${r.stored}$", f"${r.forwards}$", f"${r.loads}$", time + (f" (least{where})" if r.least else "")]


def schedule_json(s: Schedule | Pattern | Comparison, term: Callable[[Term], Any]) -> dict[str, Any]:
    """The schedule for programs; terms as the trace writes them."""
    if isinstance(s, Schedule):
        rows = [{"layer": r.layer, "stored": r.stored, "start": r.start, "recomputed": list(r.recomputed),
                 "forwards": r.forwards, "loads": r.loads} for r in s.rows]  # fmt: skip
        return {"layers": s.layers, "interval": s.interval, "forwards": s.forwards, "loads": s.loads, "rows": rows}
    if isinstance(s, Comparison):
        intervals = [{"interval": r.interval, "beyond": r.beyond, "stored": r.stored, "forwards": r.forwards, "loads": r.loads,
                      "time": term(r.time), "least": r.least} | ({} if r.when is None else {"when": term(r.when)}) for r in s.rows]  # fmt: skip
        return {"layers": s.layers, "intervals": intervals}
    kinds = [{"layer": term(r.layer), "stored": r.stored, "start": term(r.start), "forwards": term(r.forwards),
              "loads": term(r.loads)} | ({} if r.where is None else {"where": term(r.where)}) for r in s.rows]  # fmt: skip
    return {"layers": term(s.layers), "interval": term(s.interval), "kinds": kinds}
