"""The methods: in which order roles are tried. A method knows roles, never problems."""

from __future__ import annotations

from derive.facts.facts import CHANCE, Facts
from derive.facts.signs import NORMS
from derive.facts.stated import given_value, law_of
from derive.planner.methods.conditional import CONDITIONAL, KNOWN_FACTOR
from derive.planner.methods.counting import ADDED, CLOSED, QUOTIENT, WRITTEN
from derive.planner.methods.earlier import EARLIER
from derive.planner.methods.laws_shown import AS_SUM, OVER_VALUES
from derive.planner.methods.logistic import LOGISTIC, OPPOSITE
from derive.planner.methods.quantities import stated
from derive.planner.methods.rewriting import (
    Phase,
    Rewriter,
    by_roles,
    definitions,
    expandable,
    factor,
    factor_in_front,
    gather_powers,
    given,
    is_chance,
    is_scalar,
    known,
    names_defined,
    nested_powers,
    split,
    uncorrelated,
    unfold_chance,
    with_head,
)  # fmt: skip
from derive.planner.values.arrays import averages_of_arrays, entries
from derive.planner.values.collecting import COUNT, LIKE
from derive.rulebook.model import Rule
from derive.terms import Term, call, contains, free, shape

ROOTS = {"Norm", "RMS", "Frobenius", "Spectral", "InducedRMS"}  # defined by a square root


def _plain(rule: Rule) -> bool:
    return not is_chance(rule)


def _entries(rule: Rule) -> bool:
    return not is_chance(rule) and rule.claim.args[0].head not in ROOTS


def _norms(rule: Rule) -> bool:
    return any(contains(rule.claim.args[0], h) for h in (*ROOTS, "Norm1"))


def stated_whole(rw: Rewriter, t: Term, facts: Facts) -> bool:
    """Whether what is averaged has a vector in it whose covariance matrix a line states, or its law."""
    if t.head not in ("Expect", "Var", "Cov"):
        return False
    vectors = [s for s in free(t) if len(shape(s)) == 1 and facts.is_source(s)]
    return any(given_value(facts, call("Var", s)) is not None or (law := law_of(facts, s)) is not None and law[0].head == "Normal" for s in vectors)


DEFINE = Phase("definitions", definitions, names_defined)
GIVEN = Phase("given", given, with_head(*CHANCE))
LINEAR = by_roles("linear", {"linear"}, at=lambda rw, t, f: t.head != "Sum" or t.var in free(t.body))
STRUCTURE = by_roles("structure", {"evaluate"}, lambda r: not is_chance(r) and not is_scalar(r))
UNFOLD = by_roles("unfold", {"unfold"}, _entries)
NORM = by_roles("norms", {"unfold"}, _plain)
SIZES = by_roles("sizes", {"unfold"}, lambda r: _norms(r) and _entries(r))
ROOT_SIZES = by_roles("roots of sizes", {"unfold"}, lambda r: _norms(r) and not _entries(r))
SCALAR = by_roles("scalar", {"evaluate", "collect"}, lambda r: not is_chance(r) and is_scalar(r))
MOMENT = by_roles("moments", {"evaluate"}, is_chance, known)
SHORTCUT = by_roles("shortcut", {"shortcut"}, is_chance)
VECTORS = by_roles("vectors as wholes", {"shortcut"}, is_chance, at=stated_whole, asked=True)
SQUARES = by_roles("squares", {"shortcut"}, _plain, at=expandable)
VARIANCE = by_roles("variance", {"unfold"}, is_chance, at=unfold_chance)
COVARIANCES = by_roles("covariances", {"expand"}, is_chance)
POWER_VARIANCE = by_roles("variance of a power", {"unfold"}, is_chance, at=lambda rw, t, f: t.head == "Var" and t.args[0].head == "Pow")
FACTORED = Phase("common factors", factor_in_front, with_head("Abs", "Sign", "ReLU", *NORMS))
POWERS = Phase("powers", gather_powers, with_head("Mul"))
NESTED = Phase("nested powers", nested_powers, with_head("Pow"))
EXPAND = by_roles("expand", {"expand"}, at=expandable)
SPLIT = Phase("split", split, with_head("Sum"))
FACTOR = Phase("factor", factor, with_head("Expect"))
UNCORRELATED = Phase("uncorrelated", uncorrelated, with_head("Expect"))
PLACES = Phase("places", entries, averages_of_arrays)
STATED = stated((DEFINE, UNFOLD, NORM))

TAIL = (
    STATED, FACTORED, SHORTCUT, SCALAR, LIKE, QUOTIENT, POWERS, NESTED, GIVEN, MOMENT, SQUARES, VARIANCE, EXPAND, NORM, SPLIT, FACTOR, UNCORRELATED, COUNT,
    OVER_VALUES, AS_SUM, PLACES)  # fmt: skip
NO_SHORTCUT = tuple(p for p in TAIL if p not in (SHORTCUT, SQUARES))

# a product stays whole until what stands around it has been dealt with
OUTSIDE = (
    STATED, FACTORED, VECTORS, SHORTCUT, SCALAR, LIKE, QUOTIENT, POWERS, NESTED, GIVEN, MOMENT, SIZES, POWER_VARIANCE, SQUARES, EXPAND, ROOT_SIZES, FACTOR,
    UNCORRELATED, SPLIT, UNFOLD, COVARIANCES, VARIANCE, COUNT, OVER_VALUES, AS_SUM, PLACES)  # fmt: skip

TO_ENTRIES = (DEFINE, UNFOLD)

SECOND_MOMENTS = "by second moments"
PROFILES: dict[str, tuple[Phase, ...]] = {
    "structure first": (EARLIER, CONDITIONAL, KNOWN_FACTOR, DEFINE, LOGISTIC, OPPOSITE, WRITTEN, ADDED, CLOSED, LINEAR, STRUCTURE, *OUTSIDE),
    "entry by entry": (EARLIER, CONDITIONAL, KNOWN_FACTOR, DEFINE, LOGISTIC, OPPOSITE, WRITTEN, ADDED, CLOSED, LINEAR, UNFOLD, *TAIL),
    "from the definitions": (EARLIER, CONDITIONAL, KNOWN_FACTOR, DEFINE, WRITTEN, ADDED, CLOSED, LINEAR, UNFOLD, *NO_SHORTCUT),
    SECOND_MOMENTS: (EARLIER, CONDITIONAL, KNOWN_FACTOR, DEFINE, VARIANCE, WRITTEN, ADDED, CLOSED, LINEAR, STRUCTURE, *OUTSIDE),
}

__all__ = ["PROFILES", "SECOND_MOMENTS", "TO_ENTRIES"]
