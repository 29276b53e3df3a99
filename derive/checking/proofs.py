"""The proof of a rule: its lines one by one, and that together they give the claim.

The forms: a chain; induction (its first value and the step, the claim for ``n`` being at hand); cases that cover everything;
any index of a range. A form that is not built yet is said to be unchecked, never taken to be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from derive.checking import ground
from derive.checking.lines import (
    alike,
    by_algebra_line,
    by_assumption_line,
    by_numbers_line,
    by_rule_line,
)
from derive.facts.facts import Facts
from derive.kernel.conditions import holds
from derive.language.model import Given, Symbol
from derive.rulebook.model import ProofLine, ProofPart, Rule
from derive.terms import ONE, Term, add, call, is_num, same, shape, subterms, sym

PROPOSITION = {"~": "Dist", "=": "Eq", "<=": "Le", ">=": "Ge", "<": "Lt", ">": "Gt"}
_INDEX = re.compile(r"\$([a-z]) \\in \\\{1, \\ldots, ([A-Za-z]\w*)\\\}\$")


class Failed(Exception):
    """A line that the kernel does not make, or a chain that does not give the claim."""


class Unbuilt(Exception):
    """A form of proof that is not checked yet."""


@dataclass(frozen=True)
class Link:
    """What a chain says from its first line to its last."""

    before: Term
    after: Term
    relation: str


def check_proof(rule: Rule, book: Mapping[str, Rule]) -> tuple[str, str]:
    """``proved``, ``failed`` or ``not checked``, with what went wrong; for other kinds the kind."""
    if rule.kind != "proved":
        return rule.kind, ""
    if not any(p.lines for p in rule.proof):
        return "not checked", "a proof in this form is not read"
    circle = rests_on_itself(rule.name, book)
    if circle:
        return "failed", "it rests on itself: " + " → ".join(circle)
    try:
        _Proof(rule, book).check()
    except Failed as e:
        return "failed", str(e)
    except Unbuilt as e:
        return "not checked", str(e)
    return "proved", ""


def cited(rule: Rule) -> list[str]:
    return [x.reason for p in rule.proof for x in p.lines]


def rests_on_itself(name: str, book: Mapping[str, Rule]) -> list[str]:
    """A way from a rule through proofs back to it."""
    ways = [[name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for n in cited(book[way[-1]]) if way[-1] in book else ():
            if n == name:
                return [*way, name]
            if n in book and n not in seen:
                seen.add(n)
                ways.append([*way, n])
    return []


class _Proof:
    def __init__(self, rule: Rule, book: Mapping[str, Rule]) -> None:
        self.rule, self.book = rule, book
        self.hypothesis: Rule | None = None

    def check(self) -> None:
        parts = [p for p in self.rule.proof if p.lines or p.case is not None or p.label]
        if self.rule.induction is not None:
            self.induction(parts, self.rule.induction)
        elif all(p.case is not None for p in parts) and not parts[0].label.startswith("Take"):
            self.cases(parts)
        elif len(parts) == 1 and not parts[0].label:
            self.part(parts[0], ground.facts(self.rule), self.rule.claim)
        elif len(parts) == 1 and parts[0].label.startswith("Let"):
            self.any_such(parts[0])
        else:
            raise Unbuilt("a proof with several parts that are neither an induction nor cases")

    # -- forms
    def induction(self, parts: tuple[ProofPart, ...] | list[ProofPart], n: Term) -> None:
        rule = self.rule
        first = ground.lowest(rule, n) if n.head == "Sym" and n.name in rule.names else None
        if first is None:
            raise Unbuilt("an induction whose first value the hypotheses do not fix")
        if len(parts) != 2:
            raise Unbuilt("an induction with other parts than a first value and a step")
        start, step = parts
        if start.case is None or not (start.case.head == "Eq" and start.case.args == (n, first)):
            raise Failed(f"the induction does not begin with {n} = {first}")
        if step.case is None or not same(step.case, add(n, ONE)):
            raise Failed(f"the step of the induction is not for {n} + 1")
        at = {n: first}
        self.part(start, ground.facts(rule, at), ground.resized(rule, rule.claim, at))
        at = {n: add(n, ONE)}
        self.hypothesis = ground.hypothesis_of_induction(rule, n)
        known = (call("Ge", n, first), call("In", n, call("Integers")))
        self.part(step, ground.facts(rule, at, known), ground.resized(rule, rule.claim, at))

    def cases(self, parts: list[ProofPart]) -> None:
        props = [p.case for p in parts if p.case is not None]
        left = uncovered(self.rule, props)
        if left:
            raise Failed(f"the cases leave out {left}")
        for p in parts:
            assert p.case is not None
            self.part(p, ground.facts(self.rule, more=(p.case,)), self.rule.claim)

    def any_such(self, part: ProofPart) -> None:
        """``Let $i \\in \\{1, …, n\\}$.``: what is shown of it holds for each."""
        found = _INDEX.findall(part.label)
        rest = _INDEX.sub("", part.label).replace("Let", "").replace("and", "").strip(" .,")
        if not found or rest:
            raise Unbuilt(f"“{part.label}” in a proof")
        facts = ground.facts(self.rule)
        symbols = dict(facts.symbols)
        givens = list(facts.givens)
        ranges = []
        for name, size in found:
            if name in symbols or size not in symbols:
                raise Unbuilt(f"“{part.label}” in a proof")
            i, hi = sym(name), symbols[size].term
            symbols[name] = Symbol(i, "fixed", 0, name, integer=True)
            givens.append(Given(call("In", i, call("IndexRange", ONE, hi)), len(givens) + 1, ""))
            ranges.append((i, hi))
        self.part(part, Facts(symbols, tuple(givens), {}), self.rule.claim, ranges)

    # -- chains
    def part(self, part: ProofPart, facts: Facts, claim: Term, any_of: list[tuple[Term, Term]] | None = None) -> None:
        link: Link | None = None
        for line in part.lines:
            if link is None or not alike(link.after, line.before):
                if link is not None:
                    facts = with_known(facts, link, any_of or [])
                link = Link(line.before, line.before, "=")
            self.line(line, facts)
            link = Link(link.before, line.after, composed(link.relation, line))
        if link is None:
            raise Failed(f"nothing is shown for {part.label}" if part.label else "nothing is shown")
        if not self.gives(link, claim, facts):
            raise Failed(f"line {part.lines[-1].line}: the lines together do not give the claim")

    def gives(self, link: Link, claim: Term, facts: Facts) -> bool:
        def is_(a: Term, b: Term) -> bool:
            return alike(a, b) or not by_algebra_line(a, b, facts)

        if link.relation == "implies":
            return alike(link.after, claim)
        head = PROPOSITION.get(link.relation, "")
        if claim.head == head or claim.head in ("Le", "Ge") and head == "Eq":
            if is_(link.before, claim.args[0]) and is_(link.after, claim.args[1]):
                return True
            return head == "Eq" and alike(link.before, claim.args[1]) and alike(link.after, claim.args[0])
        return False

    def line(self, line: ProofLine, facts: Facts) -> None:
        why = self.reason(line, facts)
        if why.startswith("not built: "):
            raise Unbuilt(f"line {line.line}: {why.removeprefix('not built: ')}")
        if why:
            raise Failed(f"line {line.line}: {why}")

    def reason(self, line: ProofLine, facts: Facts) -> str:
        """"" where the line is made; else why it is not."""
        reason = line.reason
        if reason in self.book:
            return by_rule_line(line.relation, line.before, line.after, self.book[reason], facts)
        if reason == "induction":
            if self.hypothesis is None:
                return "there is no induction here"
            return by_rule_line(line.relation, line.before, line.after, self.hypothesis, facts)
        if reason == "assumption" and line.relation in PROPOSITION and line.relation != "=":
            v = holds(call(PROPOSITION[line.relation], line.before, line.after), facts)
            return "" if v else "no hypothesis says so"
        if line.relation != "=":
            return f"not built: {reason} for {line.relation}"
        if reason == "algebra":
            return by_algebra_line(line.before, line.after, facts)
        if reason == "numbers":
            return by_numbers_line(line.before, line.after)
        if reason == "assumption":
            return by_assumption_line(line.before, line.after, facts)
        return f"there is no rule {reason}" if "." in reason else f"not built: the reason {reason or '(none)'}"


def composed(relation: str, line: ProofLine) -> str:
    if line.relation == "implies":
        return "implies"
    if relation == "=":
        return line.relation
    if line.relation in ("=", relation):
        return relation
    raise Failed(f"line {line.line}: {relation} and {line.relation} do not compose")


def with_known(facts: Facts, link: Link, any_of: list[tuple[Term, Term]]) -> Facts:
    """The facts with what a chain has shown; for each index, where it was shown for any."""
    if link.relation not in PROPOSITION:
        return facts
    prop = call(PROPOSITION[link.relation], link.before, link.after)
    for i, hi in reversed(any_of):
        for u in subterms(prop):  # any of its range is any of the array's
            if u.head == "At" and any(j == i and not same(n, hi) for j, n in zip(u.args[1:], shape(u.args[0]), strict=False)):
                return facts
        prop = Term("ForAll", (i, prop))
    if prop.head == "Dist":  # what is said last of a law is looked at first
        return Facts(facts.symbols, (Given(prop, len(facts.givens) + 1, ""), *facts.givens), facts.definitions)
    props = [prop]
    b, a = link.before, link.after
    if is_num(a, 0) and b.head == "At" and tuple(i for i, _ in any_of) == b.args[1:]:  # the entries of a zero array
        whole = call("At", call("Zeros", *shape(b.args[0])), *b.args[1:])
        zero = call("Eq", b, whole)
        for i, _ in reversed(any_of):
            zero = Term("ForAll", (i, zero))
        props.append(zero)
    givens = (*facts.givens, *(Given(p, len(facts.givens) + 1, "") for p in props))
    return Facts(facts.symbols, givens, facts.definitions)


SIGNS = {"Gt": "+", "Ge": "+0", "Lt": "-", "Le": "-0", "Eq": "0", "Ne": "+-"}


def uncovered(rule: Rule, props: list[Term]) -> str:
    """What no case covers, in words; "" where the cases cover all that the hypotheses allow."""
    if any(p.head not in SIGNS for p in props) or len({p.args for p in props}) != 1:
        raise Unbuilt("cases other than the signs of one quantity")
    x, zero = props[0].args
    wanted = set("+-0")
    if not is_num(zero, 0):
        if any(p.head not in ("Eq", "Ne") for p in props) or {p.head for p in props} != {"Eq", "Ne"}:
            raise Unbuilt("cases other than the signs of one quantity")
        return ""
    for h in rule.hypotheses:
        if h.prop.head in SIGNS and h.prop.args == (x, zero):
            wanted &= set(SIGNS[h.prop.head])
    left = wanted - {s for p in props for s in SIGNS[p.head]}
    return ", ".join({"+": "> 0", "-": "< 0", "0": "= 0"}[s] for s in sorted(left))


__all__ = ["check_proof", "rests_on_itself"]
