"""One line of a rule's proof: the steps of the kernel that make it, found from what stands before and after.

A line names a rule and nothing else. The two lines are known, so both sides of the rule are matched at the smallest place where
they differ, then at the others, until one line has become the other. What is found is a proposal; the kernel makes the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from derive.checking.matching import FOUND, alike, bindings, facets, found, places, spots
from derive.facts.facts import Facts
from derive.facts.signs import nonnegative
from derive.kernel import algebra
from derive.kernel.apply import Refused, Spot, by_algebra, by_given, by_rule, instance
from derive.kernel.conditions import holds, stated
from derive.kernel.hypotheses import check
from derive.kernel.instantiate import Misfit
from derive.kernel.numbers import evaluate, tidy
from derive.kernel.step import Step
from derive.rulebook.model import Rule, RuleName
from derive.terms import ZERO, Term, call, contains, free, key, mul, same, subst, subterms
from derive.terms import replace as put

TRIED = 1500  # attempts for one line
DEEP = 8  # steps of one line
FLIPPED = {"Le": "Ge", "Ge": "Le", "Lt": "Gt", "Gt": "Lt"}


class Line:
    """The search for the steps of one line, with what it may still try."""

    def __init__(self, rule: Rule | None, facts: Facts) -> None:
        self.rule, self.facts, self.left = rule, facts, TRIED
        self.why = ""

    # -- equations
    def steps(self, before: Term, after: Term, deep: int = DEEP) -> list[Step] | None:
        """Steps from ``before`` to ``after``, or None."""
        if alike(before, after):
            return []
        if deep == 0:
            return None
        for spot, want in places(before, after, ()):
            for step in self.at(before, spot, want):
                rest = self.steps(step.after, after, deep - 1)
                if rest is not None:
                    return [step, *rest]
                break
            if self.left <= 0:
                return None
        return None

    def fits(self, before: Term, after: Term) -> bool:
        """Where folding numbers alone makes the line, whether the rule says it too."""
        if not alike(before, after):
            return True
        return any(True for spot, want in places(before, after, ()) for _ in self.at(before, spot, want))

    def at(self, line: Term, spot: Spot, want: Term) -> Iterator[Step]:
        """Single steps that put ``want`` at ``spot``."""
        assert self.rule is not None
        goal = spot.fill(line, want)
        here = self.facts.at(line, spot.path)
        old = spot.get(line)
        whole = put(line, spot.path, tidy(old)) if not spot.take else line
        for one in facets(self.rule):
            for direction, (p, q) in (("left to right", one.claim.args[:2]), ("right to left", one.claim.args[1::-1])):
                for b in bindings(one, p, q, old, want, here):
                    self.left -= 1
                    if self.left <= 0:
                        return
                    for start in dict.fromkeys((line, whole)):
                        try:
                            step = by_rule(one, b, start, spot, self.facts, direction=direction)
                        except Refused as e:
                            if e.missing or not self.why:
                                self.why = e.why
                            continue
                        except Misfit:
                            continue
                        if alike(step.after, goal):
                            yield step
                            break

    def bounds(self, before: Term, after: Term, relation: str) -> bool:
        """Whether the rule bounds one part, and the kernel carries that to the whole line."""
        assert self.rule is not None
        left, right = self.rule.claim.args
        for spot, want in places(before, after, ()):
            here = self.facts.at(before, spot.path)
            for direction, (p, q) in (("left to right", (left, right)), ("right to left", (right, left))):
                for b in bindings(self.rule, p, q, spot.get(before), want, here):
                    try:
                        step = by_rule(self.rule, b, before, spot, self.facts, direction=direction)
                    except (Refused, Misfit) as e:
                        self.why = self.why or str(e)
                        continue
                    if step.relation == relation and alike(step.after, after):
                        return True
        return False

    def equivalent(self, prop: Term) -> bool:
        """Whether the rule says that ``prop`` amounts to something that holds."""
        for one in facets(self.rule) if self.rule else ():
            for direction, p in (("left to right", one.claim.args[0]), ("right to left", one.claim.args[1])):
                for b in islice(found(one, self.facts, p, prop), FOUND):
                    try:
                        step = by_rule(one, b, prop, Spot(), self.facts, direction=direction)
                    except (Refused, Misfit) as e:
                        self.why = str(e)
                        continue
                    if holds(step.after, self.facts):
                        return True
        return False

    def freely(self, before: Term, after: Term, deep: int = 4) -> bool:
        """Whether the rule, used wherever it fits from both ends, brings the two lines together."""
        forward, backward = {key(tidy(before)): before}, {key(tidy(after)): after}
        ends = [(forward, backward), (backward, forward)]
        front = {id(forward): [before], id(backward): [after]}
        for _ in range(deep):
            for mine, other in ends:
                new = []
                for line in front[id(mine)]:
                    for step in self.anywhere(line):
                        k = key(tidy(step))
                        if k in other:
                            return True
                        if k not in mine and len(mine) < 60:
                            mine[k] = step
                            new.append(step)
                    if self.left <= 0:
                        return False
                front[id(mine)] = new
        return False

    def anywhere(self, line: Term) -> Iterator[Term]:
        """What one use of the rule makes of a line, at any place, in either direction."""
        assert self.rule is not None
        for spot in spots(line, ()):
            here = self.facts.at(line, spot.path)
            for one in facets(self.rule):
                for direction, p in (("left to right", one.claim.args[0]), ("right to left", one.claim.args[1])):
                    if p.head in ("Sym", "Num"):
                        continue
                    for b in islice(found(one, here, p, spot.get(line)), 4):
                        self.left -= 1
                        try:
                            yield by_rule(one, b, line, spot, self.facts, direction=direction).after
                        except (Refused, Misfit) as e:
                            self.why = self.why or str(e)


# -- lines with other reasons
def by_rule_line(relation: str, before: Term, after: Term, rule: Rule, facts: Facts) -> str:
    """"" where the rule makes the line; else why not."""
    line = Line(rule, facts)
    if relation in ("=", "iff", "implies"):
        if relation != "implies" or facets(rule):
            if line.fits(before, after) and line.steps(before, after) is not None:
                return ""
            line.left = TRIED
            if facets(rule) and line.freely(before, after):
                return ""
        if relation == "=" and rule.claim.head == "Iff" and line.equivalent(call("Eq", before, after)):
            return ""
        return said(line, rule)
    if relation == "~" and rule.claim.head == "Dist":
        return "" if claimed(line, rule, before, after, facts) else said(line, rule)
    head = {"<=": "Le", ">=": "Ge", "<": "Lt", ">": "Gt"}.get(relation)
    if head is None:
        return f"not built: lines with {relation}"
    for p, q, h in ((before, after, head), (after, before, FLIPPED[head])):
        if rule.claim.head == h and claimed(line, rule, *(carried(p, q, facts) if h in ("Le", "Ge") else (p, q)), facts):
            return ""
    if rule.claim.head not in FLIPPED:
        return f"not built: {rule.name} below a bound"
    line.left = TRIED
    return "" if line.bounds(before, after, relation) else said(line, rule)


def carried(p: Term, q: Term, facts: Facts) -> tuple[Term, Term]:
    """Both sides of a bound without the factors they share, where these are not negative."""
    if p.head != "Mul" or q.head != "Mul":
        return p, q
    mine, theirs = list(p.args), list(q.args)
    for t in p.args:
        twin = next((w for w in theirs if same(w, t)), None)
        if twin is not None and nonnegative(facts, t):
            mine.remove(t)
            theirs.remove(twin)
    return mul(*mine), mul(*theirs)


def said(line: Line, rule: Rule) -> str:
    if line.why and "does not fit here" not in line.why:
        return f"{rule.name} does not give it ({line.why})"
    return f"{rule.name} does not give it"


def claimed(line: Line, rule: Rule, p: Term, q: Term, facts: Facts) -> bool:
    """Whether the rule claims exactly this of these two."""
    for b in bindings(rule, rule.claim.args[0], rule.claim.args[1], p, q, facts):
        inst = instance(rule, b, facts, call("Le", p, q))
        try:
            if alike(inst.of(rule.claim.args[0]), p) and alike(inst.of(rule.claim.args[1]), q):
                check(rule, inst, facts, stated)
                return True
        except (Refused, Misfit) as e:
            line.why = str(e)
    return False


def by_algebra_line(before: Term, after: Term, facts: Facts) -> str:
    """The whole line by algebra, or the places where it differs."""
    why = ""
    for _ in range(DEEP):
        if alike(before, after):
            return ""
        for spot, want in [(Spot(), after), *places(before, after, ())]:
            try:
                before = by_algebra(before, spot, want, facts).after
                break
            except Refused as e:
                why = e.why if e.missing or not why else why
        else:
            return why or "not equal by algebra"
    return "not equal by algebra"


def by_numbers_line(before: Term, after: Term) -> str:
    a, b = evaluate(before), evaluate(after)
    if alike(a, b):
        return ""
    ok, needs = algebra.equal(a, b)
    return "" if ok and not needs else "the numbers do not come out"


def by_assumption_line(before: Term, after: Term, facts: Facts) -> str:
    """A hypothesis says that what differs is equal."""
    for a, b in ((before, after), (after, before)):
        for _ in range(DEEP):
            if alike(a, b):
                return ""
            step = next(_given_steps(a, facts), None)
            if step is None:
                break
            a = step.after
    for g in facts.givens:
        rule = pointwise(g.prop)
        if rule is not None and Line(rule, facts).steps(before, after) is not None:
            return ""
    table = {g.prop.args[0]: g.prop.args[1] for g in facts.givens if g.prop.head == "Eq" and g.prop.args[0].head == "Sym"}
    table = {k: v for k, v in table.items() if k not in free(v)}
    if table and alike(entries(subst(before, table)), entries(subst(after, table))):
        return ""
    return "no hypothesis says so"


def pointwise(p: Term) -> Rule | None:
    """``f(-x) = -f(x)`` for every ``x``, as something to rewrite with."""
    if p.head != "ForAll" or p.body.head != "Eq" or not any(u.head == "Apply" for u in subterms(p.body)):
        return None
    x = Term("Sym", (f"{p.var.name}''", p.var.sort))
    names = {x.name: RuleName(x, "random", True)}
    return Rule("assumption", "", "", 0, names, (), subst(p.body, {p.var: x}), "axiom", "", "")


def entries(t: Term) -> Term:
    """Entries of zero arrays as 0."""
    if t.head in ("Num", "Sym"):
        return t
    if t.head == "At" and t.args[0].head == "Zeros" and len(t.args[0].args) == len(t.args) - 1:
        return ZERO
    return Term(t.head, tuple(entries(a) if isinstance(a, Term) else a for a in t.args)) if contains(t, "Zeros") else t


def _given_steps(line: Term, facts: Facts) -> Iterator[Step]:
    for spot in spots(line, ()):
        try:
            yield by_given(line, spot, facts)
        except Refused:
            continue


__all__ = ["by_algebra_line", "by_assumption_line", "by_numbers_line", "by_rule_line"]
