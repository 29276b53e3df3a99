"""What an earlier task has worked out, put in where it stands again."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import CHANCE, Facts
from derive.kernel.apply import Refused, Spot, by_earlier
from derive.planner.methods.rewriting import Hit, Phase, Rewriter
from derive.terms import Path, Term, key

AVERAGES = CHANCE | {"ExpectOver", "ProbOver"}


def earlier(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The value of what an earlier task began with, or came to on its way."""
    t = Spot(path).get(line)
    for task, steps in rw.found:
        for n, s in enumerate(steps):
            spot = _spot(s.before, t, path) if n == 0 or averaged(s.before) else None
            if spot is not None:
                try:
                    yield spot, by_earlier(line, spot, task, steps, rw.facts, begin=n)
                except Refused:
                    continue


def averaged(line: Term) -> bool:
    """Whether a line is an average, or a multiple of averages."""
    return line.head in AVERAGES or (line.head == "Mul" and any(a.head in AVERAGES for a in line.args))


def _spot(wanted: Term, t: Term, path: Path) -> Spot | None:
    """Where ``wanted`` stands at a place: all of it, or some factors of a product."""
    if wanted.head != t.head:
        return None
    if key(wanted) == key(t):
        return Spot(path)
    if t.head != "Mul" or len(wanted.args) >= len(t.args):
        return None
    left = {n: key(a) for n, a in enumerate(t.args)}
    for a in wanted.args:
        n = next((n for n, k in left.items() if k == key(a)), None)
        if n is None:
            return None
        del left[n]
    return Spot(path, tuple(n for n in range(len(t.args)) if n not in left))


EARLIER = Phase("earlier tasks", earlier, lambda rw, t, facts: bool(rw.found))
