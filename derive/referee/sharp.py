"""Where what is averaged is not smooth in the variable that is drawn: kinks, jumps, and where a logarithm begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from derive.referee.world import BeyondReach, Frame
from derive.terms import Term, free, shape, subterms
from derive.terms.walk import heads, mask

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

SHARP = ("Abs", "ReLU", "Sign", "Ln")
TRIED = np.array([0.0, 1.0, 2.0])


def sharp(ev: Evaluator, body: Term, var: Term, frame: Frame) -> frozenset[float]:
    """The values of ``var`` at which the argument of such a function, where it is linear in ``var``, is 0."""
    if var.sort.shape or frame.batch != 1 or not heads(body) & mask(*SHARP):
        return frozenset()
    bound = {b.var for b in subterms(body) if b.is_binder}
    out: set[float] = set()
    for u in subterms(body):
        if u.head in SHARP and var in free(u) and not shape(u) and not free(u) & bound:
            try:
                v = ev.value(u.args[0], Frame(frame, {var.name: TRIED}, len(TRIED)))
            except BeyondReach:
                continue
            if v.shape == TRIED.shape and abs(v[2] - 2 * v[1] + v[0]) < 1e-12 * (1 + abs(v).max()) and v[1] != v[0]:
                out.add(float(-v[0] / (v[1] - v[0])))
    return frozenset(x for x in out if np.isfinite(x))


__all__ = ["sharp"]
