"""The rules as the planner looks them up: by what stands at the top of the side that is replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.facts.facts import Facts
from derive.rulebook.model import Rule
from derive.search.match import Matcher, View
from derive.terms import Term

Keys = tuple[str, str]


class Library:
    """Rules, indexed once and shared by all runs over them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self.by_name = {r.name: r for r in self.rules}
        self.views: dict[str, View] = {}
        self.tables: dict[int, dict[Keys, list[Rule]]] = {}

    def table(self, phase: int, accept: Callable[[Rule], bool]) -> dict[Keys, list[Rule]]:
        """The rules that a phase takes, by the head of their left side and that of its first part."""
        got = self.tables.get(phase)
        if got is None:
            got = self.tables[phase] = {}
            for r in self.rules:
                if r.claim.head in ("Eq", "Iff") and accept(r):
                    for k in _keys(replaced(r)):
                        got.setdefault(k, []).append(r)
        return got

    def matcher(self, rule: Rule, facts: Facts) -> Matcher:
        view = self.views.get(rule.name)
        if view is None:
            view = self.views[rule.name] = View.of(rule)
        return Matcher(rule, facts, view)


def replaced(rule: Rule) -> Term:
    """The side of a claim that the rule's direction replaces."""
    return rule.claim.args[0 if rule.directions[0] == "left to right" else 1]


def candidates(table: dict[Keys, list[Rule]], t: Term) -> list[Rule]:
    """The rules of a table whose side may look like ``t``."""
    found = table.get((t.head, "*"), [])
    first = 1 if t.is_binder else 0
    if len(t.args) > first and isinstance(t.args[first], Term):
        found = found + table.get((t.head, t.args[first].head), [])
    if t.head == "Deriv":  # rules for numbers and arrays alike are written for arrays
        found = found + candidates(table, Term("Grad", t.args)) + candidates(table, Term("Jac", t.args))
    if t.head == "ExpectOver":
        found = found + candidates(table, Term("Expect", (t.body,)))
    return found


# A sum may be a written-out one: a rule about sums over a family is found under both heads.
WRITTEN = {"Sum": ("Sum", "Add"), "Prod": ("Prod", "Mul")}
ANY_ORDER = ("Add", "Mul", "MatMul", "Dot", "Cov", "Sum", "Prod")


def _keys(lhs: Term) -> list[Keys]:
    heads = WRITTEN.get(lhs.head, (lhs.head,))
    first = 1 if lhs.is_binder else 0
    if lhs.head in ANY_ORDER or len(lhs.args) <= first or not isinstance(lhs.args[first], Term):
        return [(h, "*") for h in heads]
    child = lhs.args[first]
    if child.head in ("Sym", "Apply") or (child.head == "At" and child.args[0].head == "Sym"):
        return [(h, "*") for h in heads]
    return [(h, c) for h in heads for c in WRITTEN.get(child.head, (child.head,))]
