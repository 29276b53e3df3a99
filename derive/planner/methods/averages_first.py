"""An average below a derivative, worked out before the derivative is taken."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import CHANCE, DERIVATIVES, Facts
from derive.kernel.apply import Spot
from derive.kernel.combining import placed
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, with_head
from derive.terms import Path, Term, contains, free


def averaged_first(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The next step towards the value of what is averaged somewhere below a derivative."""
    t = Spot(path).get(line)
    step = rw.here.get(("whole", t))
    if step is None and t.head in CHANCE and any(Spot(path[:n]).get(line).head in DERIVATIVES for n in range(len(path))):
        if not facts.scope and not any(contains(t, h) for h in DERIVATIVES):
            for s in rw.whole(t, facts):
                rw.here.setdefault(("whole", s.before), s)
            step = rw.here.get(("whole", t))
    if step is not None:
        yield from rw.hit(Spot(path), lambda: placed(step, line, Spot(path), facts))


AVERAGES_FIRST = Phase("averages first", averaged_first, lambda rw, t, facts: bool(free(t)) and (bool(rw.here) or with_head(*CHANCE)(rw, t, facts)))

__all__ = ["AVERAGES_FIRST"]
