"""Both sides of an equation to one form, where algebra alone does not see that they are equal.

Sigmoids and exponentials of opposite numbers are written with one exponential, logarithms are taken apart, and averages of
sums and multiples are sums and multiples of averages: what is then left is algebra.
"""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.kernel.step import Step
from derive.planner.calculus import APART, VANISH, is_log_rule
from derive.planner.joining import between, merged
from derive.planner.profiles import LINEAR
from derive.planner.rewriting import Rewriter, by_roles
from derive.planner.value import Finder
from derive.terms import Term
from derive.terms.walk import heads, mask

MOST = 3  # derivations of a side that are carried on


def falling(rw: Rewriter, t: Term, facts: Facts) -> bool:
    """An exponential with a minus before its exponent."""
    e = t.args[0] if t.head == "Exp" else t
    return e.head == "Mul" and e.args[0].head == "Num" and e.args[0].value < 0


SIGMOIDS = by_roles("sigmoids", {"unfold"}, lambda r: r.claim.args[0].head == "Sigmoid", asked=True)
EXPONENTIALS = by_roles("exponentials", {"unfold"}, lambda r: r.claim.args[0].head == "Exp", at=falling, asked=True)
LOGS = by_roles("logarithms in both", {"expand", "collect", "evaluate"}, is_log_rule)
PHASES = (LINEAR, APART, SIGMOIDS, EXPONENTIALS, LOGS, VANISH)
CLOSED = mask("Sigmoid", "Exp", "ExpectOver")


def closed(finder: Finder, p: Term, facts: Facts, every: bool = False) -> list[Step] | None:
    """The shortest chain from the left side of ``p`` to the right, each side as it is or worked out, and carried on to that form."""
    if not (heads(p) & CLOSED):
        return None
    sides = [[onward(finder, steps, a, facts) for steps in ([], *(f.steps for f in finder.all(a, facts, every=every)[:MOST]))] for a in p.args]
    chains = [c for a in sides[0] for b in sides[1] if (c := between(p, a, b, facts)) is not None]
    return min((merged(c, facts) for c in chains), key=len, default=None)


def onward(finder: Finder, steps: list[Step], side: Term, facts: Facts) -> list[Step]:
    """The steps from one side, carried on."""
    line = steps[-1].after if steps else side
    rw = Rewriter(finder.library, facts, PHASES, finder.prover(), without=finder.without)
    return [*steps, *rw.run(line)]


__all__ = ["closed"]
