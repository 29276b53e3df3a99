"""Whether a chain of steps adds up to a claim: the last thing looked at before a relation is called shown."""

from __future__ import annotations

from collections.abc import Sequence

from derive.kernel.step import Step
from derive.terms import Term, same

BELOW, ABOVE = frozenset({"<=", "<"}), frozenset({">=", ">"})
# The relations that a chain may be made of, and those of which it needs one.
MADE_OF: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Eq": (frozenset(), frozenset()),
    "Le": (BELOW, frozenset()), "Lt": (BELOW, frozenset({"<"})),
    "Ge": (ABOVE, frozenset()), "Gt": (ABOVE, frozenset({">"})),
    "Theta": (frozenset({"~", "Theta"}), frozenset()),
    "BigO": (BELOW | {"~", "Theta", "O"}, frozenset()),
    "BigOmega": (ABOVE | {"~", "Theta", "Omega"}, frozenset()),
}  # fmt: skip


def proves(steps: Sequence[Step], p: Term) -> bool:
    """Whether the steps lead from the left side of ``p`` to its right side by relations that compose to that of ``p``."""
    growth = p.head == "Eq" and p.args[1].head in ("Theta", "BigO", "BigOmega")
    allowed = MADE_OF.get(p.args[1].head if growth else p.head)
    if allowed is None:
        return False
    relations = {s.relation for s in steps} - {"="}
    if not relations <= allowed[0] or (allowed[1] and not relations & allowed[1]):
        return False
    if any(not same(a.after, b.before) for a, b in zip(steps, steps[1:], strict=False)):
        return False
    if not steps:
        return p.head in ("Eq", "Le", "Ge") and not growth and same(*p.args)
    end = p.args[1].args[0] if growth else p.args[1]
    last = steps[-1].after
    return same(steps[0].before, p.args[0]) and (same(last, end) or growth and same(last, p.args[1]))
