"""The methods: in which order roles are tried. A method knows roles, never problems."""

from __future__ import annotations

from derive.planner.collecting import like_terms
from derive.planner.rewriting import (
    Phase,
    by_roles,
    definitions,
    expandable,
    factor,
    gather_powers,
    given,
    is_chance,
    is_scalar,
    known,
    nested_powers,
    split,
    uncorrelated,
    unfold_chance,
)  # fmt: skip
from derive.rulebook.model import Rule
from derive.terms import contains, free

ROOTS = {"Norm", "RMS", "Frobenius", "Spectral", "InducedRMS"}  # defined by a square root


def _plain(rule: Rule) -> bool:
    return not is_chance(rule)


def _entries(rule: Rule) -> bool:
    return not is_chance(rule) and rule.claim.args[0].head not in ROOTS


def _norms(rule: Rule) -> bool:
    return any(contains(rule.claim.args[0], h) for h in (*ROOTS, "Norm1"))


DEFINE = Phase("definitions", definitions)
GIVEN = Phase("given", given)
LINEAR = Phase("linear", by_roles({"linear"}, at=lambda rw, t, f: t.head != "Sum" or t.var in free(t.body)))
STRUCTURE = Phase("structure", by_roles({"evaluate"}, lambda r: not is_chance(r) and not is_scalar(r)))
UNFOLD = Phase("unfold", by_roles({"unfold"}, _entries))
NORM = Phase("norms", by_roles({"unfold"}, _plain))
SIZES = Phase("sizes", by_roles({"unfold"}, _norms))
SCALAR = Phase("scalar", by_roles({"evaluate", "collect"}, lambda r: not is_chance(r) and is_scalar(r)))
MOMENT = Phase("moments", by_roles({"evaluate"}, is_chance, known))
SHORTCUT = Phase("shortcut", by_roles({"shortcut"}, is_chance))
SQUARES = Phase("squares", by_roles({"shortcut"}, _plain, at=expandable))
VARIANCE = Phase("variance", by_roles({"unfold"}, is_chance, at=unfold_chance))
POWER_VARIANCE = Phase("variance of a power", by_roles({"unfold"}, is_chance, at=lambda rw, t, f: t.head == "Var" and t.args[0].head == "Pow"))
POWERS = Phase("powers", gather_powers)
LIKE = Phase("like terms", like_terms)
NESTED = Phase("nested powers", nested_powers)
EXPAND = Phase("expand", by_roles({"expand"}, at=expandable))
SPLIT = Phase("split", split)
FACTOR = Phase("factor", factor)
UNCORRELATED = Phase("uncorrelated", uncorrelated)
COUNT = Phase("count", by_roles({"count"}))

TAIL = (SHORTCUT, SCALAR, LIKE, POWERS, NESTED, GIVEN, MOMENT, SQUARES, VARIANCE, EXPAND, NORM, SPLIT, FACTOR, UNCORRELATED, COUNT)
NO_SHORTCUT = tuple(p for p in TAIL if p not in (SHORTCUT, SQUARES))

# a product stays whole until what stands around it has been dealt with
OUTSIDE = (SHORTCUT, SCALAR, LIKE, POWERS, NESTED, GIVEN, MOMENT, SIZES, POWER_VARIANCE, SQUARES, EXPAND, FACTOR, UNCORRELATED, SPLIT, UNFOLD, VARIANCE, COUNT)

TO_ENTRIES = (DEFINE, UNFOLD)

PROFILES: dict[str, tuple[Phase, ...]] = {
    "structure first": (DEFINE, LINEAR, STRUCTURE, *OUTSIDE),
    "entry by entry": (DEFINE, LINEAR, UNFOLD, *TAIL),
    "from the definitions": (DEFINE, LINEAR, UNFOLD, *NO_SHORTCUT),
}

__all__ = ["PROFILES", "TO_ENTRIES"]
