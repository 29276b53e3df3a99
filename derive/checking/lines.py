"""One line of a rule's proof: the steps of the kernel that make it, found from what stands before and after.

A line names a rule and nothing else. The two lines are known, so both sides of the rule are matched at the smallest place where
they differ, then at the others, until one line has become the other. What is found is a proposal; the kernel makes the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from derive.facts.facts import Facts, is_random
from derive.facts.signs import nonnegative
from derive.kernel import algebra
from derive.kernel.apply import Refused, Spot, by_algebra, by_given, by_rule, check, instance, reverse
from derive.kernel.conditions import holds, stated
from derive.kernel.instantiate import Bindings, Misfit
from derive.kernel.numbers import evaluate, tidy
from derive.kernel.step import Step
from derive.language.model import Symbol
from derive.rulebook.model import Rule, RuleName
from derive.search.match import Matcher
from derive.terms import (
    ONE,
    Sort,
    Term,
    add,
    call,
    contains,
    equal_shapes,
    free,
    is_num,
    key,
    mul,
    num,
    rebuild,
    same,
    shape,
    subst,
    subterms,
)  # fmt: skip
from derive.terms import replace as put

FOUND = 12  # matchings tried at one place
TRIED = 1500  # attempts for one line
DEEP = 8  # steps of one line
PROPOSITIONS = frozenset({"Ne", "Eq", "Lt", "Le", "Gt", "Ge", "Where", "And", "Iff", "Implies"})
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

    def at(self, line: Term, spot: Spot, want: Term) -> Iterator[Step]:
        """Single steps that put ``want`` at ``spot``."""
        assert self.rule is not None
        goal = spot.fill(line, want)
        here = self.facts.at(line, spot.path)
        old = spot.get(line)
        whole = replace_spot(line, spot, tidy(old)) if not spot.take else line
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


def alike(a: Term, b: Term) -> bool:
    return same(a, b) or same(tidy(a), tidy(b))


def replace_spot(line: Term, spot: Spot, new: Term) -> Term:
    return put(line, spot.path, new)


def facets(rule: Rule) -> list[Rule]:
    """The equations and equivalences that a rule claims, one by one."""
    parts = rule.claim.args if rule.claim.head == "And" else (rule.claim,)
    return [rule if len(parts) == 1 else replace(rule, claim=p) for p in parts if p.head in ("Eq", "Iff")]


def places(b: Term, a: Term, path: tuple[int, ...]) -> Iterator[tuple[Spot, Term]]:
    """Where two lines differ, and what must come there: small places first."""
    if same(b, a):
        return
    if b.head == a.head and b.head in ("Add", "Mul"):
        yield from several(b, a, path)
    elif b.head == a.head and b.head not in ("Num", "Sym"):
        if b.is_binder:
            if len(b.args) == len(a.args) and len(b.var.sort.shape) == len(a.var.sort.shape):
                body = subst(a.body, {a.var: b.var}) if a.var != b.var else a.body
                yield from places(b.body, body, (*path, 1))
                for k, (x, y) in enumerate(zip(b.domain, a.domain, strict=True)):
                    yield from places(x, y, (*path, 2 + k))
        elif len(b.args) == len(a.args):
            for k, (x, y) in enumerate(zip(b.args, a.args, strict=True)):
                yield from places(x, y, (*path, k))
    yield Spot(path), a


def several(b: Term, a: Term, path: tuple[int, ...]) -> Iterator[tuple[Spot, Term]]:
    """Places inside a sum or product: what is common on both sides stays."""
    build = add if b.head == "Add" else mul
    wanted = list(a.args)
    mine = []
    for i, t in enumerate(b.args):
        twin = next((w for w in wanted if same(w, t)), None)
        if twin is None:
            mine.append(i)
        else:
            wanted.remove(twin)
    if len(mine) * len(wanted) <= 16:
        for i in mine:
            for w in wanted:
                yield from places(b.args[i], w, (*path, i))
    if mine and wanted and len(mine) < len(b.args):
        yield (Spot((*path, mine[0])) if len(mine) == 1 else Spot(path, tuple(mine))), build(*wanted)
    for i in mine:  # one part of ours becomes several of theirs, or several of ours one of theirs
        if len(wanted) > 2:
            for w in wanted:
                yield Spot((*path, i)), build(*(x for x in wanted if x is not w))
    if len(mine) > 2:
        for n, i in enumerate(mine):
            for w in wanted:
                yield Spot(path, tuple(mine[:n] + mine[n + 1 :])), w
                yield Spot((*path, i)), w


def spots(t: Term, path: tuple[int, ...]) -> Iterator[Spot]:
    """All places of a line, the small ones first."""
    for k, c in t.children():
        yield from spots(c, (*path, k))
    if t.head in ("Add", "Mul") and len(t.args) in (3, 4):
        n = len(t.args)
        yield from (Spot(path, (i, j)) for i in range(n) for j in range(i + 1, n))
    if t.head not in ("Num", "Sym"):
        yield Spot(path)


def bindings(rule: Rule, p: Term, q: Term, b: Term, a: Term, here: Facts) -> Iterator[Bindings]:
    """What may be put for the rule's names where ``p`` is ``b`` and ``q`` is ``a``."""
    seen: set[tuple] = set()
    tried = [(p, b, q, a), (q, a, p, b)]
    if tidy(b) != b:
        tried.append((p, tidy(b), q, a))
    tried += [(p, x, q, a) for x in respelled(b)]
    tried.append((q, next(iter(respelled(a)), a), p, b))
    plain = [(f, s, g) for f, x, s, y in tried for g in ((x, y, here, {}),)]
    for f, s, (x, y, facts, held) in (*plain, *((p, q, (x, a, *more)) for x, *more in weighted(b, here))):
        for got in islice(found(rule, facts, f, x), FOUND):
            got = {k: swapped(v, held) for k, v in got.items()}
            for g in counted(rule, got):
                for full in filled(rule, here, s, y, g):
                    mark = tuple(sorted((k, repr(v)) for k, v in full.items()))
                    if mark not in seen:
                        seen.add(mark)
                        yield full


def inside(t: Term) -> tuple[Term, tuple[int, ...]]:
    """What stands below one operator, where a sum or product stands there; else the term itself."""
    if t.head not in ("Num", "Sym", "Add", "Mul") and t.args:
        k = 1 if t.is_binder else 0
        if isinstance(t.args[k], Term) and t.args[k].head in ("Add", "Mul"):
            return t.args[k], (k,)
    return t, ()


def weighted(t: Term, here: Facts) -> Iterator[tuple[Term, Facts, dict[Term, Term]]]:
    """A sum as two summands, each with a factor: what ``a X + b Y`` is matched with.

    A summand whose factor is 1 is held by a name, so that nothing is taken out of it.
    """
    inner, path = inside(t)
    if inner.head != "Add":
        return
    var = t.var if path and t.is_binder else None
    names = [Term("Sym", (f"{w}'", Sort((call("Any"),) if var is not None else ()))) for w in ("Held", "Other")]
    symbols = here.symbols | {n.name: Symbol(n, "random", 0, n.name) for n in names}
    facts = Facts(symbols, here.givens, here.definitions, here.scope, here.under_chance)
    marks = [n if var is None else Term("At", (n, var)) for n in names]
    n = len(inner.args)
    for k in range(1 if n == 2 else n):
        parts = inner.args[k], add(*inner.args[:k], *inner.args[k + 1 :])
        options = []
        for x, m in zip(parts, marks, strict=True):
            whole = Term("Mul", (ONE, *(x.args if x.head == "Mul" else (x,))))
            signed = [(Term("Mul", (x.args[0], m)), {m: mul(*x.args[1:])})] if x.head == "Mul" and is_num(x.args[0]) else []
            options.append([(whole, {}), (Term("Mul", (ONE, m)), {m: x}), *signed])
        for one, a in options[0]:
            for two, b in options[1]:
                yield put(t, path, Term("Add", (one, two))) if path else Term("Add", (one, two)), facts, {**a, **b}


def swapped(t: Term, table: dict[Term, Term]) -> Term:
    """``t`` with whole subterms replaced."""
    if not table or t.head == "Num":
        return t
    if t in table:
        return table[t]
    if t.head == "Sym":
        return t
    return rebuild(t, tuple(swapped(a, table) for a in t.args))


def respelled(t: Term) -> Iterator[Term]:
    """The same by the key: factors in two groups; 2 in a sum as 1 + 1."""
    inner, path = inside(t)
    if inner.head == "Mul" and 3 <= len(inner.args) <= 5:
        n = len(inner.args)
        for bits in range(1, 2**n - 1):
            group = [inner.args[i] for i in range(n) if bits >> i & 1], [inner.args[i] for i in range(n) if not bits >> i & 1]
            if len(group[0]) > 1:
                two = Term("Mul", tuple(mul(*g) if len(g) == 1 else Term("Mul", tuple(g)) for g in group))
                yield put(t, path, two) if path else two
    if t.head == "Expect":
        yield Term("Expect", (Term("Pow", (t.args[0], ONE)),))
    split = ones(t)
    if split != t:
        yield split


def ones(t: Term) -> Term:
    if t.head in ("Num", "Sym"):
        return t
    t = Term(t.head, tuple(ones(a) if isinstance(a, Term) else a for a in t.args))
    k = next((a for a in t.args if t.head == "Add" and a.head == "Num" and a.value >= 2), None)
    return Term("Add", (*(a for a in t.args if a is not k), num(k.value - 1), ONE)) if k is not None else t


def found(rule: Rule, here: Facts, p: Term, t: Term) -> Iterator[dict[str, Term]]:
    m = Matcher(rule, here)
    for got in m.match(p, t, {}, {}):
        yield from m.complete(got)
    for name, n in rule.names.items():  # f(X): what X is, its law may say; the rest is f
        if n.random and any(u.head == "Apply" and n.term in u.args[1:] for u in subterms(p)):
            v = Term("Sym", (f"{name}'", n.term.sort))
            for u in dict.fromkeys(u for u in subterms(t) if u.head in ("Sym", "At")):
                if is_random(here, u) and equal_shapes(shape(u), n.term.sort.shape):
                    for got in m.match(p, swapped(t, {u: v}), {}, {n.term: v}):
                        yield from m.complete({**got, name: u})


def filled(rule: Rule, here: Facts, q: Term, a: Term, got: dict[str, Term]) -> Iterator[dict[str, Term]]:
    m = Matcher(rule, here)
    if all(n in got for n in m.names_in(rule.claim)):
        yield got
        return
    try:
        for more in islice(m.match(q, a, got, {}), FOUND):
            yield from m.complete(more)
    except Misfit:
        pass
    open_ = [n for n in m.names_in(rule.claim) if n not in got and rule.names[n].role in ("value", "integer")]
    if 0 < len(open_) <= 2 and len({n for n in m.names_in(rule.claim) if n not in got}) == len(open_):
        closed = [u for u in dict.fromkeys(subterms(a)) if not u.is_binder and u.head not in PROPOSITIONS and free(u) <= free(a)]
        ranks = [[u for u in closed if len(shape(u)) == len(rule.names[n].term.sort.shape)][:12] for n in open_]
        for chosen in product(*ranks):
            yield {**got, **dict(zip(open_, chosen, strict=True))}


def counted(rule: Rule, got: dict[str, Term]) -> Iterator[dict[str, Term]]:
    """The bindings; and with a number of members as the range 1, …, n, or the other way round."""
    other = dict(got)
    whole = any(h.prop.head in ("Independent", "Uncorrelated", "Iid") for h in rule.hypotheses)
    if not whole:
        yield got
    for name, t in got.items():
        if rule.names[name].role != "integer":
            continue
        if t.head == "IndexRange" and len(t.args) == 2 and is_num(t.args[0], 1):
            other[name] = t if whole else t.args[1]
        elif t.head != "IndexRange":
            other[name] = call("IndexRange", ONE, t)
    if whole or other != got:
        yield other


# -- lines with other reasons
def by_rule_line(relation: str, before: Term, after: Term, rule: Rule, facts: Facts) -> str:
    """"" where the rule makes the line; else why not."""
    line = Line(rule, facts)
    if relation in ("=", "iff", "implies"):
        if relation != "implies" or facets(rule):
            if line.steps(before, after) is not None:
                return ""
            line.left = TRIED
            if facets(rule) and line.freely(before, after):
                return ""
        if relation == "=" and rule.claim.head == "Iff" and line.equivalent(call("Eq", before, after)):
            return ""
        return said(line, rule)
    head = {"<=": "Le", ">=": "Ge", "<": "Lt", ">": "Gt"}.get(relation)
    if head is None:
        return f"not built: lines with {relation}"
    for p, q, h in ((before, after, head), (after, before, FLIPPED[head])):
        if rule.claim.head == h and claimed(line, rule, *carried(p, q, facts), facts):
            return ""
    return said(line, rule) if rule.claim.head in FLIPPED else f"not built: {rule.name} below a bound"


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
            step = next(_given_steps(a, b, facts), None)
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
        return Term("Num", (algebra.Fraction(0),))
    return Term(t.head, tuple(entries(a) if isinstance(a, Term) else a for a in t.args)) if contains(t, "Zeros") else t


def _given_steps(line: Term, goal: Term, facts: Facts) -> Iterator[Step]:
    for spot in spots(line, ()):
        try:
            yield by_given(line, spot, facts)
        except Refused:
            continue
    for spot, want in places(line, goal, ()):
        del want
        try:
            yield by_given(line, spot, facts)
        except Refused:
            continue


__all__ = ["by_algebra_line", "by_assumption_line", "by_numbers_line", "by_rule_line", "reverse"]
