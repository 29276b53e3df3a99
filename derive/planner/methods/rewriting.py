"""Rewriting by phases: which rules are tried where, and in which order.

A *profile* is an ordered list of phases; each phase is the rules of some roles with a guard. At every round the first phase
in which something fits is applied, at all parallel places at once, as one displayed step. Every rewriting is the kernel's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from derive.facts.factors import common_array, common_factor
from derive.facts.facts import CHANCE, DERIVATIVES, Facts, is_random
from derive.facts.independence import components, independent
from derive.facts.signs import NORMS
from derive.facts.stated import given_value, law_of
from derive.facts.verdict import UNKNOWN
from derive.kernel.apply import Refused, Spot, averages, by_algebra, by_definition, by_given, by_rule
from derive.kernel.combining import gather
from derive.kernel.conditions import Prover
from derive.kernel.step import Step
from derive.planner.library import Library, Side, shown_as
from derive.planner.values.pretty import neat, uncancelled
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import (
    Path,
    Term,
    call,
    contains,
    free,
    fresh,
    is_num,
    key,
    mul,
    names,
    num,
    power,
    rebuild,
    same,
    shape,
    size,
    subst,
    subterms,
)  # fmt: skip
from derive.terms.term import BINDERS
from derive.terms.walk import bit, heads, mask

MAX_ROUNDS = 120
MAX_SIZE = 1500
FACTOR, SPLIT, UNCORRELATED = "factor", "split", "uncorrelated"  # tables of the phases that choose
GIVEN_HEADS = (*CHANCE, "Sum", "Integral")
Hit = tuple[Spot, Step]
ANY = -1  # a mask with every head in it


@dataclass(frozen=True)
class Phase:
    """What is tried together: ``find`` gives the steps that fit at one place of a line.

    What is quick to see comes first: nothing fits in a term for which ``may`` is false, nor at one whose head is not in ``tops``.
    """

    name: str
    find: Callable[[Rewriter, Term, Path, Facts], Iterator[Hit]]
    may: Callable[[Rewriter, Term, Facts], bool]
    tops: Callable[[Rewriter], int] = lambda rw: ANY


@dataclass
class Rewriter:
    """One run of a profile over a line."""

    library: Library
    facts: Facts
    phases: tuple[Phase, ...]
    prove: Prover
    keep: tuple[Term, ...] = ()  # quantities that the answer is to be given in
    without: frozenset[str] = frozenset()  # rules that may not be used
    goal: Term | None = None  # ``z ~ D``: what the answer is to be an average over
    found: tuple[tuple[str, tuple[Step, ...]], ...] = ()  # what earlier tasks have worked out: (task, its steps)
    seen: set[str] = field(default_factory=set)
    refusals: dict[str, str | Refused] = field(default_factory=dict)  # what a rule was refused for
    quiet: set[tuple] = field(default_factory=set)  # (what was tried, part, facts) where nothing fits: parts do not change between rounds
    fired: set[str] = field(default_factory=set)  # the phases that did something
    depth: int = 0  # how many derivations stand around this one
    whole: Callable[[Term, Facts], list[Step]] = lambda t, facts: []  # the steps to a value, by the best method
    called: frozenset[Term] = frozenset()  # what the value is asked for given, which keeps its name
    here: dict = field(default_factory=dict)  # the steps that lead on from averages that are taken given something

    def hit(self, spot: Spot, make: Callable[[], Step]) -> Iterator[Hit]:
        """What ``make`` gives, unless the kernel refuses it or it leads back to a line that has been."""
        try:
            step = make()
        except Refused:
            return
        if key(step.after) not in self.seen:
            yield spot, step

    def run(self, line: Term, rounds: int = MAX_ROUNDS) -> list[Step]:
        """The steps from ``line`` to where nothing fits any more."""
        steps: list[Step] = []
        line = apart(line, self.facts)
        self.seen = {key(line)}
        self.called = frozenset(line.args[0].args[1:]) if line.head in CHANCE and line.args[0].head == "Given" else frozenset()
        for _ in range(rounds):
            step = self.round(line)
            if step is None:
                break
            steps.append(step)
            line = step.after
            self.seen.add(key(line))
            if size(line) > MAX_SIZE:
                break
        return steps

    def round(self, line: Term) -> Step | None:
        for phase in self.phases:
            made = self.everywhere(phase, line)
            if made:
                self.fired.add(phase.name)
                return made
        return None

    def everywhere(self, phase: Phase, line: Term) -> Step | None:
        """The first rule of the phase that fits, at every parallel place."""
        hits: list[Hit] = []
        self.collect(phase, phase.tops(self), line, line, (), self.facts, hits)
        if not hits:
            return None
        name = hits[0][1].rule
        chosen = [h for h in hits if h[1].rule == name]
        steps: list[Step] = []
        current = line
        for spot, step in sorted(chosen, key=lambda h: h[0].path, reverse=True):
            again = step if current is line else self.again(phase, step, spot, current)
            if again is None:
                continue
            steps.append(again)
            current = again.after
        shorter = key(current) == key(line) and size(current) < size(line)  # only numbers have been folded
        if not steps or (key(current) in self.seen and not shorter):
            return None
        return gather(steps)

    def again(self, phase: Phase, step: Step, spot: Spot, line: Term) -> Step | None:
        """The same step on a line that changed elsewhere meanwhile."""
        if step.rule in self.library.by_name:
            try:
                return by_rule(self.library.by_name[step.rule], step.bindings, line, spot, self.facts,
                               direction=step.direction, prove=self.prove)  # fmt: skip
            except Refused:
                return None
        try:
            spot.get(line)
            got = next(phase.find(self, line, spot.path, self.facts.at(line, spot.path)), None)
        except Refused:
            return None
        return got[1] if got is not None and got[1].rule == step.rule else None

    def collect(self, phase: Phase, tops: int, line: Term, t: Term, path: Path, facts: Facts, hits: list[Hit]) -> None:
        """Places in order, outermost first; below a place that is rewritten nothing else is."""
        if not (heads(t) & tops if tops != ANY else phase.may(self, t, facts)):
            return
        quiet = (phase.find, t, facts)
        if quiet in self.quiet:
            return
        h = t.head
        if self.keep and any(same(t, k) for k in self.keep):
            return
        if bit(h) & tops:
            got = next(phase.find(self, line, path, facts), None)
            if got is not None:
                hits.append(got)
                return
        if h != "Num" and h != "Sym":
            before = len(hits)
            binder = h in BINDERS
            below = facts.enter(t) if binder or h in CHANCE else facts
            outside = below if h in CHANCE else facts
            for i in range(1 if binder else 0, 1 if h == "Given" else len(t.args)):  # what is known stays as it is called
                self.collect(phase, tops, line, t.args[i], (*path, i), below if i == 1 else outside, hits)
            if len(hits) > before:
                return
        self.quiet.add(quiet)

    # -- one rule at one place
    def fits(self, side: Side, line: Term, spot: Spot, facts: Facts, chosen: dict[str, Term] | None = None) -> Iterator[Step]:
        target, rule = spot.get(line), side.rule
        if averages(rule, target):
            facts, target = facts.averaging(target), Term("Expect", (target.body,))
        if side.heads & ~shown_as(target):
            return
        for b in Matcher(rule, facts).against(side.term, target):
            try:
                step = by_rule(rule, {**b, **(chosen or {})}, line, spot, self.facts, direction=side.direction, prove=self.prove)
            except Refused as e:
                if e.lacks:
                    self.refusals.setdefault(rule.name, e.with_traceback(None))
                continue
            if key(step.after) not in self.seen:
                yield step

    def spots(self, line: Term, path: Path, head: str, parts: int) -> Iterator[Spot]:
        """The whole at ``path``; inside a longer product or sum, every choice of ``parts`` of it."""
        yield Spot(path)
        t = Spot(path).get(line)
        if t.head in ("Mul", "Add") and head == t.head and parts and len(t.args) > parts and len(t.args) <= 12:
            for take in combinations(range(len(t.args)), parts):
                yield Spot(path, take)


def apart(line: Term, facts: Facts) -> Term:
    """``line`` with bound names renamed where the document has one of the same name."""
    if line.head in ("Num", "Sym"):
        return line
    if line.is_binder:
        var, body = line.var, line.body
        own = line.head in DERIVATIVES and line.domain[0] == var
        if not own and not facts.nothing_said(var.name):
            new = fresh(var, facts.symbols.keys() | names([line]))
            body, var = subst(body, {var: new}), new
        return Term(line.head, (var, apart(body, facts), *(apart(d, facts) for d in line.domain)))
    return rebuild(line, tuple(apart(a, facts) for a in line.args))


def by_roles(name: str, roles: set[str], accept: Callable[[Rule], bool] = lambda r: True,
             guard: Callable[[Rewriter, Rule, Term, Facts, Step], bool] = lambda *_: True,
             at: Callable[[Rewriter, Term, Facts], bool] = lambda *_: True, asked: bool = False) -> Phase:  # fmt: skip
    """The phase of the rules of some roles: ``at`` says where, ``accept`` which, ``guard`` with what result; ``asked``: of those
    that are tried only when asked for."""

    def taken(rule: Rule) -> bool:
        return rule.role in roles and rule.when_asked == asked and accept(rule)

    def find(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
        t = Spot(path).get(line)
        sides = rw.library.table(find, taken).candidates(t, facts)
        if not sides or not at(rw, t, facts):
            return
        found: list[Hit] = []
        for side in sides:
            rule, lhs = side.rule, side.term
            if rule.name in rw.without:
                continue
            parts = len(lhs.args) if lhs.head in ("Mul", "Add") else 0
            for spot in rw.spots(line, path, lhs.head, parts):
                step = next((s for s in rw.fits(side, line, spot, facts) if guard(rw, rule, t, facts, s)), None)
                if step is not None:
                    found.append((spot, step))
                    break
            if found and size(found[-1][1].after) <= size(line) - size(t) + 1:  # a single number or name: nothing leaves less
                break
        if len(found) > 1:  # what leaves the fewest averages, then the shortest line
            found.sort(key=lambda h: (sum(u.head in CHANCE for u in subterms(h[1].after)), size(h[1].after)))
        yield from found[:1]

    def tops(rw: Rewriter) -> int:
        return rw.library.table(find, taken).heads

    return Phase(name, find, lambda rw, t, _: heads(t) & tops(rw) != 0, tops)


# -- phases that choose
def with_head(*wanted: str) -> Callable[[Rewriter, Term, Facts], bool]:
    """Where one of some heads is."""
    some = mask(*wanted)
    return lambda rw, t, facts: heads(t) & some != 0


def names_defined(rw: Rewriter, t: Term, facts: Facts) -> bool:
    return not free(t).isdisjoint(facts.definitions) or not free(t).isdisjoint(arrays_given(facts))


def arrays_given(facts: Facts) -> frozenset[Term]:
    """The arrays of which a line says what they are, as a definition would; of two names for one, that of which less is said."""
    got = facts.cache.get("arrays given")
    if got is None:
        said = [g.prop for g in facts.givens]
        found = set()
        for p in said:
            if p.head == "Eq" and p.args[0].head == "Sym" and shape(p.args[0]) and p.args[0] not in free(p.args[1]):
                x, y = p.args
                found.add(y if y.head == "Sym" and sum(y in free(q) for q in said) < sum(x in free(q) for q in said) else x)
        got = facts.cache["arrays given"] = frozenset(found)
    return got


def definitions(rw: Rewriter, line: Term, path: Path, facts: Facts, wanted: Callable[[Term], bool] = lambda s: True,
                named: tuple[str, ...] = ("Sym", "Apply", "At")) -> Iterator[Hit]:  # fmt: skip
    """A defined name put in: one that is ``wanted``, where a term of a head that is ``named`` has it."""
    t = Spot(path).get(line)
    if t.head in named:
        for d in facts.definitions.values():
            if wanted(d.symbol) and d.symbol not in rw.called:
                try:
                    yield Spot(path), by_definition(line, Spot(path), d, rw.facts)
                except Refused:
                    continue
    if "Sym" in named and t in arrays_given(facts) and wanted(t):
        step = by_given(line, Spot(path), rw.facts)
        if key(step.after) not in rw.seen:
            yield Spot(path), step


def given(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    t = Spot(path).get(line)
    if t.head in GIVEN_HEADS and given_value(facts, t) is not None and not any(same(t, k) for k in rw.keep):
        step = by_given(line, Spot(path), rw.facts)
        if key(step.after) not in rw.seen:
            yield Spot(path), step


def factor(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """E of a product: the finest grouping in which dependent factors stand together, as a written list."""
    t = Spot(path).get(line)
    if t.head != "Expect" or t.args[0].head != "Mul":
        return
    factors = list(t.args[0].args)
    groups = components(facts.enter(t), factors)
    if len(groups) < 2:
        v = independent(facts.enter(t), tuple(factors))
        if v.because:
            said = ", ".join(facts.tex(f) for f in factors[:-1]) + f" and {facts.tex(factors[-1])} are independent"
            rw.refusals.setdefault("expectation.of_family_product", f"expectation.of_family_product needs that {said}: {v.because}")
        return
    for side in rw.library.table(FACTOR, lambda r: r.role == "factor" and not r.when_asked).candidates(t, facts):
        rule = side.rule
        if rule.name not in rw.without:
            lhs = rule.claim.args[0].args[0]
            if lhs.head != "Prod":
                continue
            name = next(n for n, x in rule.names.items() if x.role == "family")
            count = next(n for n, x in rule.names.items() if x.role == "integer")
            b = {name: call("List", *(mul(*g) for g in groups)), count: num(len(groups))}
            try:
                step = by_rule(rule, b, line, Spot(path), rw.facts, prove=rw.prove)
            except Refused as e:
                rw.refusals.setdefault(rule.name, e.with_traceback(None))
                continue
            if key(step.after) not in rw.seen:
                yield Spot(path), step


def uncorrelated(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """E of a product of two factors that a line calls uncorrelated (nothing is derived to that end)."""
    t = Spot(path).get(line)
    if t.head == "Expect" and t.args[0].head == "Mul" and any(g.prop.head == "Uncorrelated" for g in facts.givens):
        stated = replace(rw, prove=lambda p, f: UNKNOWN)
        for side in rw.library.table(UNCORRELATED, _of_uncorrelated).candidates(t, facts):
            for step in stated.fits(side, line, Spot(path), facts):
                yield Spot(path), step


def _of_uncorrelated(rule: Rule) -> bool:
    return rule.role == "factor" and not rule.when_asked and any(h.prop.head == "Uncorrelated" for h in rule.hypotheses)


def split(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An inner sum whose index may coincide with an outer one, in two entries of one array under an expectation."""
    t = Spot(path).get(line)
    if t.head != "Sum":
        return
    lo, hi, *out = t.domain
    entries = [u for u in subterms(t.body) if u.head == "At" and u.args[0].head == "Sym" and facts.is_source(u.args[0])]
    mine = [u for u in entries if t.var in u.args[1:]]
    if not mine or not (contains(t.body, "Expect") or facts.under_chance or contains(t.body, "Var") or contains(t.body, "Cov")):
        return
    ranges = {b.var: b for b in facts.scope}
    for index in (*ranges, *_indices(entries, {t.var, *ranges, *(u.var for u in subterms(t.body) if u.is_binder)})):
        b = ranges.get(index)
        if index in out or (b is not None and not (same(b.lo, lo) and same(b.hi, hi))) or (b is not None and index not in free(t.body)):
            continue
        if not any(u.args[0] == v.args[0] and index in v.args[1:] and (_aligned(u, v, t.var, index) or _of_one_member(facts, u, v, t.var, index))
                   for u in mine for v in entries):  # fmt: skip
            continue
        for side in rw.library.table(SPLIT, lambda r: r.role == "split" and not r.when_asked).candidates(t, facts):
            if side.rule.name in rw.without:
                continue
            chosen = {n: index for n, x in side.rule.names.items() if x.role == "index"}
            for step in rw.fits(side, line, Spot(path), facts, chosen=chosen):
                yield Spot(path), step
                return


def _indices(entries: list[Term], bound: set[Term]) -> list[Term]:
    """The indices of entries that no sum runs over: a written number, a letter of the task."""
    return list(dict.fromkeys(i for u in entries for i in u.args[1:] if i not in bound and not free(i) & bound))


def _aligned(u: Term, v: Term, i: Term, j: Term) -> bool:
    """Whether the two entries coincide when ``i = j``."""
    return len(u.args) == len(v.args) and any(a == i and b == j for a, b in zip(u.args[1:], v.args[1:], strict=True)) and all(
        same(a, b) or (a == i and b == j) or (a != b and a.head == "Sym" and b.head == "Sym")
        for a, b in zip(u.args[1:], v.args[1:], strict=True)
    )


def _of_one_member(facts: Facts, u: Term, v: Term, i: Term, j: Term) -> bool:
    """Whether the two are entries of one member of a family of vectors when ``i = j``: these need not be independent."""
    members = any(g.prop == Term("Independent", (u.args[0],)) or (g.prop.head == "IidMembers" and u.args[0] in g.prop.args) for g in facts.givens)
    return members and u.args[1] == i and v.args[1] == j


def gather_powers(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """Equal factors under an expectation collected, ``x x`` to ``x^2``; anywhere, one that a denominator has too cancelled."""
    t = Spot(path).get(line)
    if t.head != "Mul" or shape(t):
        return
    exponents: dict[str, list] = {}
    for a in t.args:
        base, e = (a.args[0], a.args[1]) if a.head == "Pow" and is_num(a.args[1]) and a.args[1].value.denominator == 1 else (a, num(1))
        exponents.setdefault(key(base), [base, 0])[1] += e.value
    if len(exponents) == len(t.args) or not (facts.under_chance or uncancelled(t)):
        return
    new = mul(*(b if e == 1 else power(b, num(e)) for b, e in exponents.values() if e != 0))
    yield from rearranged(rw, line, Spot(path), new)


def rearranged(rw: Rewriter, line: Term, spot: Spot, new: Term) -> Iterator[Hit]:
    """An equal form by algebra, unless that leads back."""
    try:
        step = by_algebra(line, spot, new, rw.facts)
    except Refused:
        return
    if key(step.after) not in rw.seen:
        yield spot, step


def nested_powers(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """``(x^2)^3`` to ``x^6``, and a power of a sum of random terms that is no family multiplied out."""
    t = Spot(path).get(line)
    if t.head == "Pow" and t.args[0].head == "Pow" and is_num(t.args[1]) and is_num(t.args[0].args[1]):
        a, b = t.args[0].args[1].value, t.args[1].value
        if a.denominator == 1 and b.denominator == 1:
            yield from rearranged(rw, line, Spot(path), power(t.args[0].args[0], num(a * b)))


def factor_in_front(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """What all terms of a sum inside |·|, sign, ReLU or a norm have in common, in front of it: ``|z - a z|`` is ``|(1 - a) z|``."""
    t = Spot(path).get(line)
    if t.head not in ("Abs", "Sign", "ReLU", *NORMS) or t.args[0].head != "Add" or shape(t):
        return
    parts = common_array(t.args[0]) if t.head in NORMS else common_factor(t.args[0])
    if parts is not None:
        shared, rest = parts
        yield from rearranged(rw, line, Spot((*path, 0)), mul(neat(rest), shared))


def is_chance(rule: Rule) -> bool:
    return rule.claim.args[0].head in CHANCE


def is_scalar(rule: Rule) -> bool:
    """A rule about numbers: no array stands on its left."""
    lhs = rule.claim.args[0]
    try:
        return not any(shape(u) for u in subterms(lhs) if u.head != "Sym" or rule.names.get(u.name, None) is None or rule.names[u.name].role != "family")
    except Exception:  # a function symbol has no shape of its own
        return True


def expandable(rw: Rewriter, t: Term, facts: Facts) -> bool:
    return facts.under_chance and not shape(t) and is_random(facts, t)


def known(rw: Rewriter, rule: Rule, t: Term, facts: Facts, step: Step) -> bool:
    """A moment is turned into a variance only where the variance is known or wanted."""
    def counted(term: Term) -> dict[str, int]:
        out: dict[str, int] = {}
        for u in subterms(term):
            if u.head in CHANCE:
                out[key(u)] = out.get(key(u), 0) + 1
        return out

    if not heads(step.after) & mask("Var", "Cov"):
        return True
    old = counted(step.before)
    for u in subterms(step.after):
        if u.head == "Cov" and key(u) not in old and given_value(facts, u) is None and not any(same(u, k) for k in rw.keep):
            return False
        if u.head == "Var" and key(u) not in old:
            x = u.args[0]
            if not shape(x) and not (given_value(facts, u) or law_of(facts, x) or any(same(u, k) for k in rw.keep)):
                return False
    return True


def unfold_chance(rw: Rewriter, t: Term, facts: Facts) -> bool:
    """A variance of something compound; that of a plain random thing stays."""
    if t.head not in ("Var", "Cov"):
        return False
    if any(same(t, k) for k in rw.keep):
        return False
    x = t.args[0]
    return t.head == "Cov" or not (x.head == "Sym" or (x.head == "At" and x.args[0].head == "Sym" and is_random(facts, x.args[0])))
