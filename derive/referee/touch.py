"""Which draws an expression depends on, entry by entry where its indices are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.referee.world import BeyondReach, Frame
from derive.terms import Term

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

NONE: frozenset[int] = frozenset()


def touched(ev: Evaluator, t: Term, frame: Frame) -> frozenset[int]:
    """The atoms that the value of ``t`` depends on."""
    names = ev.world.depends(t)
    if names.isdisjoint(ev.world.sources):
        return NONE
    h = t.head
    if h == "Sym":
        s = ev.world.sources.get(t.name)
        if s is not None:
            return frozenset(s.atoms)
        d = ev.world.definitions.get(t.name)
        return touched(ev, d.body, frame) if d is not None and not d.index else _all(ev, t)
    if h == "At" and t.args[0].head == "Sym":
        return _entry(ev, t, frame)
    if h in ("Sum", "Prod", "MatProd"):
        try:
            indices = ev.range(t, frame)
        except BeyondReach:
            return _all(ev, t)
        out = NONE
        for k in indices:
            out |= touched(ev, t.body, frame.step(t.var.name, k))
        return out
    if t.is_binder:
        return _all(ev, t)
    out = NONE
    for a in t.args:
        out |= touched(ev, a, frame)
    return out


def _all(ev: Evaluator, t: Term) -> frozenset[int]:
    return frozenset(a for s in ev.world.depends(t) & ev.world.sources.keys() for a in ev.world.sources[s].atoms)


def _entry(ev: Evaluator, t: Term, frame: Frame) -> frozenset[int]:
    symbol = t.args[0]
    try:
        index = [ev.integer(i, frame) for i in t.args[1:]]
    except BeyondReach:
        return touched(ev, symbol, frame)
    s = ev.world.sources.get(symbol.name)
    if s is not None:
        if len(index) > len(s.shape):
            return frozenset(s.atoms)
        index = index[: len(s.shape) - s.inner]  # the entries of a member depend on all that is drawn for it
        start, size = 0, len(s.entries)
        for k, n in zip(index, s.shape, strict=False):
            if not 1 <= k <= n:
                return frozenset(s.atoms)
            size //= n
            start += (k - 1) * size
        return frozenset(a for a, _ in s.entries[start : start + size])
    d = ev.world.definitions.get(symbol.name)
    if d is not None and d.index and len(d.index) == len(index):
        return touched(ev, d.body, frame.within({i.name: k for i, k in zip(d.index, index, strict=True)}))
    return touched(ev, d.body, frame) if d is not None and not d.index else _all(ev, t)
