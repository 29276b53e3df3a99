"""Both sides of an equation to one form, where algebra alone does not see that they are equal.

Sigmoids and exponentials of opposite numbers are written with one exponential, logarithms are taken apart, and averages of
sums and multiples are sums and multiples of averages, and variances are written with means: what is then left is algebra.
"""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.kernel.step import Step
from derive.planner.methods.calculus import APART, KNOWN, LAW, METHODS, VANISH, is_log_rule
from derive.planner.methods.information import MULTIPLES, MULTIPLIED, SUMS
from derive.planner.methods.profiles import LINEAR
from derive.planner.methods.rewriting import Phase, Rewriter, by_roles, is_chance
from derive.planner.values.collecting import LIKE
from derive.planner.values.logarithms import NUMBERS
from derive.planner.values.value import Finder
from derive.terms import Term, shape
from derive.terms.walk import mask


def falling(rw: Rewriter, t: Term, facts: Facts) -> bool:
    """An exponential with a minus before its exponent."""
    e = t.args[0] if t.head == "Exp" else t
    return e.head == "Mul" and e.args[0].head == "Num" and e.args[0].value < 0


SIGMOIDS = by_roles("sigmoids", {"unfold"}, lambda r: r.claim.args[0].head == "Sigmoid", asked=True)
EXPONENTIALS = by_roles("exponentials", {"unfold"}, lambda r: r.claim.args[0].head == "Exp", at=falling, asked=True)
LOGS = by_roles("logarithms in both", {"expand", "collect", "evaluate"}, is_log_rule)
VARIANCES = by_roles("variances by means", {"unfold"}, is_chance, at=lambda rw, t, f: t.head == "Var" and not shape(t))
PHASES = (LAW, LIKE, VARIANCES, KNOWN, MULTIPLIED, SUMS, MULTIPLES, LINEAR, APART, SIGMOIDS, EXPONENTIALS, LOGS, NUMBERS, VANISH)
CLOSED = mask("Sigmoid", "Exp", "ExpectOver", "Ln", "Var")


PARTS = METHODS["integration by parts"]


def onward(finder: Finder, steps: list[Step], side: Term, facts: Facts, phases: tuple[Phase, ...] = PHASES) -> list[Step]:
    """The steps from one side, carried on."""
    line = steps[-1].after if steps else side
    rw = Rewriter(finder.library, facts, phases, finder.prover(), finder.keep, finder.without, finder.goal)
    return [*steps, *rw.run(line)]


__all__ = ["CLOSED", "PARTS", "PHASES", "onward"]
