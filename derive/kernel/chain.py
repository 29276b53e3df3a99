"""What steps that follow one another show together."""

from __future__ import annotations

from collections.abc import Sequence

from derive.facts.facts import Facts
from derive.facts.signs import nonnegative
from derive.kernel.growth import compare
from derive.kernel.step import Step
from derive.terms import Term, same

HEADS = {"Eq": "=", "Le": "<=", "Ge": ">=", "Lt": "<", "Gt": ">", "Asym": "~"}
CLASSES = {"Theta": "Theta", "BigO": "O", "BigOmega": "Omega"}
BELOW, ABOVE = ("<=", "<"), (">=", ">")


def proves(steps: Sequence[Step], p: Term, facts: Facts) -> bool:
    """Whether the chain of ``steps`` gives ``p``: a relation between its first and its last line, or an order of growth."""
    if not steps or p.head not in HEADS:
        return False
    for a, b in zip(steps, steps[1:], strict=False):
        if a.after != b.before:
            return False
    left, right = p.args
    if not same(steps[0].before, left):
        return False
    bounds = [s for s in steps if s.relation in (*BELOW, *ABOVE)]
    others = {s.relation for s in steps} - {"=", *BELOW, *ABOVE}
    up, down = any(s.relation in BELOW for s in bounds), any(s.relation in ABOVE for s in bounds)
    if up and down:
        return False
    last = steps[-1].after
    if right.head in CLASSES and p.head == "Eq":
        if last.head not in CLASSES or not others <= {"~", "Theta", "O", "Omega"}:
            return False
        wanted, got = CLASSES[right.head], CLASSES[last.head]
        if got not in (wanted, "Theta") or others - {"~", "Theta", wanted}:
            return False
        if not _ends_in_order(steps):
            return False
        if up and not (wanted == "O" and nonnegative(facts, left)):  # it is the size that is bounded
            return False
        if down and not (wanted == "Omega" and _ends_nonnegative(steps, facts)):
            return False
        return same(last.args[0], right.args[0]) or compare(wanted, last.args[0], right.args[0], facts)
    if others or not same(last, right):
        return bool(others == {"~"} and p.head == "Asym" and not bounds and same(last, right))
    strict = any(s.relation in ("<", ">") for s in bounds)
    return {"=": not bounds, "<=": not down, ">=": not up, "<": up and strict, ">": down and strict, "~": not bounds}[HEADS[p.head]]


def _ends_nonnegative(steps: Sequence[Step], facts: Facts) -> bool:
    """Whether the last bound, or a line that it equals, is not negative: what is at least that is no smaller in size."""
    last = max(n for n, s in enumerate(steps) if s.relation in ABOVE)
    lines = [steps[last].after]
    for s in steps[last + 1 :]:
        if s.relation != "=" or s.after.head in CLASSES:
            break
        lines.append(s.after)
    return any(nonnegative(facts, x) for x in lines)


def _ends_in_order(steps: Sequence[Step]) -> bool:
    """Bounds and asymptotic lines first, then the class; after it only the class rewritten."""
    seen = False
    for s in steps:
        if seen and (s.relation != "=" or s.after.head not in CLASSES):
            return False
        seen = seen or s.after.head in CLASSES
    return seen


__all__ = ["proves"]
