"""The rules as the planner looks them up: by what stands at the top of the side that is replaced, and by what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from derive.facts.facts import Facts
from derive.facts.stated import stated_laws
from derive.rulebook.book import RuleBook
from derive.rulebook.model import Rule
from derive.search.match import required
from derive.terms import Term
from derive.terms.walk import heads, mask

Keys = tuple[str, str]
ALIKE = {"Expect": ("ExpectOver",), "Grad": ("Deriv",), "Jac": ("Deriv",)}  # heads for which rules about another serve


def shown_as(t: Term) -> int:
    """The heads in a term, and those of rules that serve them: a derivative in a number is a gradient."""
    got = heads(t)
    return got | mask("Grad", "Jac") if got & mask("Deriv") else got


@dataclass(frozen=True)
class Side:
    """The side of a rule's claim that its direction replaces."""

    rule: Rule
    direction: str
    term: Term
    heads: int  # what must be in a term that it fits
    laws: int  # the laws that it is about: a document that states no such law has no use for it

    @staticmethod
    def of(rule: Rule, direction: str = "") -> Side:
        direction = direction or rule.directions[0]
        term = rule.claim.args[0 if direction == "left to right" else 1]
        return Side(rule, direction, term, required(rule, term), _laws(rule))


class Table:
    """The rules that a phase takes, by the head of the side that is replaced and that of its first part."""

    def __init__(self, sides: Iterable[Side]) -> None:
        self.rows: dict[Keys, list[Side]] = {}
        for side in sides:
            for k in _keys(side.term):
                self.rows.setdefault(k, []).append(side)
        self.heads = mask(*(h for k in self.rows for h in (k[0], *ALIKE.get(k[0], ()))))

    def candidates(self, t: Term, facts: Facts) -> list[Side]:
        """The sides that may look like ``t``, of rules about laws that the document states."""
        found = self.rows.get((t.head, "*"), [])
        first = 1 if t.is_binder else 0
        if len(t.args) > first and isinstance(t.args[first], Term):
            part = t.args[first].head
            for head in (part, "Grad", "Jac") if part == "Deriv" else (part,):
                found = found + self.rows.get((t.head, head), [])
        if found:
            no_heads, no_laws = ~shown_as(t), ~stated_laws(facts)
            found = [s for s in found if not (s.heads & no_heads or s.laws & no_laws)]
        if t.head == "Deriv":  # rules for numbers and arrays alike are written for arrays
            found = found + self.candidates(Term("Grad", t.args), facts) + self.candidates(Term("Jac", t.args), facts)
        if t.head == "ExpectOver":  # rules about E serve E over a bound variable
            found = found + self.candidates(Term("Expect", (t.body,)), facts.averaging(t))
        return found


class Library:
    """Rules, indexed once and shared by all runs over them."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = list(rules)
        self.by_name = {r.name: r for r in self.rules}
        self.sides = [Side.of(r) for r in self.rules if r.claim.head in ("Eq", "Iff")]
        self.backwards = [Side.of(r, d) for r in self.rules if r.claim.head == "Eq" for d in r.directions[1:]]
        self.tables: dict[object, Table] = {}

    @staticmethod
    def of(rulebook: Mapping[str, Rule]) -> Library:
        """The library of a rulebook; a `RuleBook` never changes, so that it has one for good."""
        if not isinstance(rulebook, RuleBook):
            return Library(rulebook.values())
        got = rulebook.kept.get("library")
        if got is None:
            got = rulebook.kept["library"] = Library(rulebook.values())
        return got

    def table(self, phase: object, accept: Callable[[Rule], bool]) -> Table:
        """The table of a phase, made when it is first asked for."""
        got = self.tables.get(phase)
        if got is None:
            got = self.tables[phase] = Table(s for s in self.sides if accept(s.rule))
        return got


NAMED = ("factor", "shortcut")  # roles whose rules a refusal may name: tried even where their laws are not


def _laws(rule: Rule) -> int:
    props = [h.prop.body if h.prop.head == "ForAll" else h.prop for h in rule.hypotheses]
    laws = (p.args[1].head for p in props if p.head == "Dist" and rule.role not in NAMED)
    return mask(*(h for h in laws if h not in ("Sym", "Apply")))


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
