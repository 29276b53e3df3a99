"""The moves of a chain of bounds: what lines say of a part, and one rule of a bound at every place where it fits."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice

from derive.facts.facts import Facts
from derive.facts.stated import given_value
from derive.facts.verdict import UNKNOWN, Verdict
from derive.kernel.apply import Refused, Spot, by_given, by_rule
from derive.kernel.combining import gather
from derive.kernel.conditions import Prover
from derive.kernel.instantiate import Misfit
from derive.kernel.said_bounds import by_said_bound, said_bounds
from derive.kernel.step import Step
from derive.planner.bounds.squares import by_squares
from derive.planner.desk import Desk
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Path, Term, is_num, same, shape

BOUNDS = frozenset({"bound above", "bound below"})
LONG = 6  # terms of a sum in which some are looked for that a rule folds
ORDERS = frozenset({"Le", "Ge", "Lt", "Gt"})


def moves(desk: Desk, line: Term, wanted: frozenset[str], asked: bool = True) -> Iterator[tuple[bool, Step]]:
    """What the document says of a part, or one rule of a bound at every place where it fits and the whole line moves as wanted, or a
    common factor taken out; with whether the rule is for asking only."""
    for step in stated(desk, line, wanted):
        yield False, step
    for rule in _bounding(desk):
        if rule.when_asked and not asked:
            continue
        here, steps = line, list[Step]()
        for path in sorted(_paths(line), key=len, reverse=True):
            for step in islice(_at(desk, rule, here, path, wanted), 1):
                steps.append(step)
                here = step.after
        if steps:
            try:
                yield rule.when_asked, gather(steps)
            except Refused:
                yield rule.when_asked, steps[0]
        if len(steps) > 1 and rule.when_asked:  # where it may fit better at one place than at all
            for s in steps:
                yield from islice(((True, t) for path in _paths(line) for t in _at(desk, rule, line, path, wanted) if t.bindings == s.bindings), 1)


def stated(desk: Desk, line: Term, wanted: frozenset[str]) -> Iterator[Step]:
    """A value or a bound that lines state for a part, put in wherever the part stands; a sign alone is none."""
    facts = desk.facts
    paths = sorted(_paths(line), key=len, reverse=True)
    for t in dict.fromkeys(Spot(p).get(line) for p in paths):
        if t.head == "Num":
            continue
        others = [] if shape(t) else [b for _, b, _ in said_bounds(facts, t) if not is_num(b, 0)]
        for new in (*((None,) if given_value(facts, t) is not None else ()), *others):
            here, steps = line, list[Step]()
            for path in paths:
                try:
                    if Spot(path).get(here) != t:
                        continue
                    step = by_given(here, Spot(path), facts) if new is None else by_said_bound(here, Spot(path), new, facts)
                except Refused:
                    continue
                if step.relation in wanted or step.relation == "=":
                    steps.append(step)
                    here = step.after
            if steps:
                yield gather(steps)


def _bounding(desk: Desk) -> list[Rule]:
    got = desk.shared.get("bounding")
    if got is None:
        got = desk.shared["bounding"] = [r for r in desk.rulebook.values() if (
            r.role in BOUNDS and r.claim.head in ORDERS and r.claim.args[0].head not in ("Sym", "At")
            or r.role == "fold" and r.claim.head == "Eq" and r.claim.args[0].head == "Add")]  # fmt: skip
    return got


def _at(desk: Desk, rule: Rule, line: Term, path: Path, wanted: frozenset[str]) -> Iterator[Step]:
    try:
        target = Spot(path).get(line)
    except Refused:
        return
    left = rule.claim.args[0]
    if left.head != target.head and not (left.head == "Sum" and target.head == "Add"):
        return
    for spot in [Spot(path), *_some_terms(rule, target, path)]:
        for b in Matcher(rule, desk.facts.at(line, path)).against(left, spot.get(line)):
            try:
                step = by_rule(rule, b, line, spot, desk.facts, prove=prover(desk))
            except (Refused, Misfit):
                continue
            if step.relation in wanted or step.relation == "=":
                yield step


def _some_terms(rule: Rule, target: Term, path: Path) -> list[Spot]:
    """As many terms of a longer sum as a rule folds into one."""
    parts = len(rule.claim.args[0].args)
    if rule.role != "fold" or target.head != "Add" or not parts < len(target.args) <= LONG:
        return []
    return [Spot(path, take) for take in combinations(range(len(target.args)), parts)]


def prover(desk: Desk) -> Prover:
    """What derives a condition: a sign by squares, a bound by one rule, anything else as for a value."""
    other = desk.finder.prover()

    def prove(p: Term, facts: Facts) -> Verdict:
        if p.head not in ORDERS or shape(p.args[0]) or is_num(p.args[1], 0):
            return by_squares(p, facts) or other(p, facts)
        for rule in _bounding(desk):
            if rule.claim.head != p.head or rule.claim.args[0].head != p.args[0].head:
                continue
            for b in Matcher(rule, facts).against(rule.claim.args[0], p.args[0]):
                try:
                    step = by_rule(rule, b, p.args[0], Spot(), facts, prove=other)
                except (Refused, Misfit):
                    continue
                if same(step.after, p.args[1]):
                    used = tuple(dict.fromkeys(f for c in step.conditions for f in c.facts))
                    return Verdict(True, "it is derived below", used, (step,))
        return UNKNOWN

    return prove


def _paths(t: Term, path: Path = ()) -> Iterator[Path]:
    yield path
    if shape(t) and t.head != "Add":
        return
    for i, c in t.children():
        yield from _paths(c, (*path, i))


__all__ = ["BOUNDS", "moves", "prover"]
