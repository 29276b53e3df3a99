"""The unit that a document counts its times in, put to a number."""

from __future__ import annotations

from derive.kernel.apply import Refused, Spot
from derive.kernel.step import _SEAL, Condition, Step
from derive.language.model import Problem
from derive.terms import Term, call, shape, sym

TIMES = frozenset({"ForwardCost", "LoadCost", "DiskCost", "StorageCost", "LayerStorageCost"})


def by_unit(line: Term, spot: Spot, problem: Problem) -> Step:
    """The number at ``spot`` as a time in the document's unit, in which all its times are given."""
    said = next((g for g in problem.givens if g.prop.head in TIMES), None)
    if problem.unit is None or said is None:
        raise Refused("the document has no unit")
    old = spot.get(line)
    if shape(old) or old.head == "Unit":
        raise Refused("only a number has a unit put to it")
    why = Condition(f"the times are in {problem.unit}", "holds", f"line {said.line} says so", (f"line {said.line}",))
    new = spot.fill(line, call("Unit", old, sym(problem.unit)))
    said_so = f"The document counts its times in {problem.unit}."
    return Step("=" if not spot.path else "iff", line, new, "given", why=said_so, conditions=(why,), seal=_SEAL)


__all__ = ["by_unit"]
