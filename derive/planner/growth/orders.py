"""How a quantity grows: rules of the role ``grow``, each hypothesis about growth derived in its turn.

The shape of the quantity says which rules may serve; the order that a hypothesis asks for is what a line of the document
says, what a closed form comes to, or what the rules give for the smaller quantity. Every step is the kernel's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from derive.facts.facts import Facts, is_random
from derive.facts.growths import growths
from derive.facts.signs import nonnegative
from derive.facts.stated import GROWTH
from derive.facts.verdict import UNKNOWN, Verdict
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_given, by_rule
from derive.kernel.combining import gather, inside
from derive.kernel.conditions import Prover
from derive.kernel.growth import Closed, by_line, by_order, compare, reordered
from derive.kernel.instantiate import Instance, Misfit
from derive.kernel.step import Step
from derive.planner.values.pretty import pretty
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import ONE, Term, call, free, key, same, shape, size, subterms

HEADS = {"Theta": "Theta", "O": "BigO", "Omega": "BigOmega"}
DEPTH = 5
PLAIN = frozenset({"Add", "Mul", "Pow", "Num", "Sym", "At"})
Bounded = Callable[[Term, str], "list[Step] | None"]  # a chain of bounds to an order


class Orders:
    """Orders of growth under one set of facts."""

    def __init__(self, rules: Mapping[str, Rule], facts: Facts, bounded: Bounded | None = None) -> None:
        self.facts, self.bounded = facts, bounded
        self.rules = [r for r in rules.values() if r.role == "grow" and r.claim.head == "Eq"]
        self.known: dict[tuple[str, str], Step | None] = {}
        self.chains: dict[tuple[str, str], list[Step] | None] = {}
        self.missing = ""  # what stood in the way, the first time

    def of(self, t: Term, relation: str = "Theta", deep: int = DEPTH) -> Step | None:
        """``t = Theta(e)`` (``O``, ``Omega``) as one step, or None."""
        k = (relation, key(t))
        if k not in self.known:
            self.known[k] = None  # what rests on itself is no derivation
            self.known[k] = self.derived(t, relation, deep)
        return self.known[k]

    def derived(self, t: Term, relation: str, deep: int) -> Step | None:
        try:
            return by_order(t, self.facts, relation=relation)
        except Refused:
            pass
        if deep <= 0:
            return None
        said = self.said(t, relation, deep) or self.by_value(t, relation, deep)
        if said is not None:
            return said
        best: Step | None = None
        for rule in self.rules:
            if GROWTH[rule.claim.args[1].head] != relation or rule.claim.args[0].head == "Sym":
                continue
            for step in self.by(rule, t, relation, deep):
                if best is None or _better(step, best, relation, self.facts):
                    best = step
                break
            if best is not None and relation == "Theta":
                break
        if best is None and relation == "Theta":
            best = self.both_sides(t, deep)
        if best is None and relation == "O":
            best = self.by_size(t, deep)
        if best is None and not self.missing and (t.head not in ("Add", "Mul", "Pow", "Abs", "Max", "Min") or is_random(self.facts, t)):
            self.missing = self.lacking(t, relation)
        return best

    def lacking(self, t: Term, relation: str) -> str:
        """What a document would have to say of ``t``."""
        said = self.facts.tex(t)
        for cls, u, line in self.stated(t):
            if cls in ("O", "Omega") and relation != cls:
                other = self.facts.tex(call("Eq", t, call("BigOmega" if cls == "O" else "BigO", u)))
                return f"that {said} is no {'smaller' if cls == 'O' else 'larger'} than its bound of line {line}: {other}"
        return f"how {said} grows"

    def said(self, t: Term, relation: str, deep: int) -> Step | None:
        """What a line says of ``t`` itself, if need be through how its order grows in turn."""
        for cls, u, _ in self.stated(t):
            if cls not in (relation, "Theta") or not self.is_closed(u):
                continue
            try:
                return by_line(t, call(HEADS[relation], u), self.facts)
            except Refused:
                pass
        for cls, u, _ in self.stated(t):
            if cls in (relation, "Theta") and not same(u, t):
                for rule in self.rules:
                    if rule.claim.args[0].head == "Sym" and GROWTH[rule.claim.args[1].head] == relation:
                        step = next(self.whole(rule, t, u, deep), None)
                        if step is not None:
                            return step
        return None

    def by_value(self, t: Term, relation: str, deep: int) -> Step | None:
        """How a value grows that a line states for ``t``."""
        try:
            first = by_given(t, Spot(), self.facts)
        except Refused:
            return None
        last = self.of(first.after, relation, deep - 1)
        return gather([first, last]) if last is not None else None

    def both_sides(self, t: Term, deep: int) -> Step | None:
        if _plain(t):  # these have rules of their own
            return None
        above, below = self.chain(t, "O", deep - 1), self.chain(t, "Omega", deep - 1)
        if above is None or below is None or not compare("Theta", above[-1].after.args[0], below[-1].after.args[0], self.facts):
            return None
        order = above[-1].after.args[0]
        proofs = {key(call("Eq", t, call("BigO", order))): above, key(call("Eq", t, call("BigOmega", order))): below}
        for rule in self.rules:
            if rule.claim.args[0].head == "Sym" and rule.claim.args[1].head == "Theta":
                step = next(self.whole(rule, t, order, deep, proofs), None)
                if step is not None:
                    return step
        return None

    def by_size(self, t: Term, deep: int) -> Step | None:
        """The order of what may be negative from a bound of its size."""
        if self.bounded is None or shape(t) or _plain(t) or t.head == "Abs" or nonnegative(self.facts, t):
            return None
        size_ = call("Abs", t)
        busy = self.facts.cache.setdefault("sizes under way", set())
        if key(t) in busy:  # its size is not bounded by way of itself
            return None
        busy.add(key(t))
        steps = self.chain(size_, "O", deep - 1)
        busy.discard(key(t))
        if steps is None:
            return None
        u = steps[-1].after.args[0]
        prove = proving({key(call("Eq", size_, call("BigO", u))): steps})
        for rule in self.rules:
            name, of = rule.claim.args[0], next((h.prop for h in rule.hypotheses if h.prop.head == "Eq"), None)
            if of is None or name.head != "Sym" or of.args != (call("Abs", name), rule.claim.args[1]) or GROWTH[of.args[1].head] != "O":
                continue
            bindings = {n: t if x.term == name else u if x.term == of.args[1].args[0] else self.grown() for n, x in rule.names.items()}
            try:
                return by_rule(rule, bindings, t, Spot(), self.facts, prove=prove)
            except (Refused, Misfit):
                continue
        return None

    def grown(self) -> Term:
        """The size of a rule, on which its names may depend."""
        return (self.facts.growing or (ONE,))[0]

    def whole(self, rule: Rule, t: Term, u: Term, deep: int, known: Mapping[str, list[Step]] | None = None) -> Iterator[Step]:
        """A rule about any quantity, used for ``t`` with a middle order ``u``."""
        name = next((n for n, x in rule.names.items() if x.term == rule.claim.args[0]), None)
        middle = next((h.prop.args[1].args[0] for h in rule.hypotheses
                       if h.prop.head == "Eq" and h.prop.args[0] == rule.claim.args[0]), None)  # fmt: skip
        order = next((n for n, x in rule.names.items() if x.term == middle), None)
        if name is None or order is None:
            return
        found = self.chosen(rule, {name: t, order: u}, deep)
        if found is None:
            return
        bindings, proofs = found
        try:
            yield neat(by_rule(rule, bindings, t, Spot(), self.facts, prove=proving({**proofs, **(known or {})})), self.facts)
        except (Refused, Misfit):
            return

    def by(self, rule: Rule, t: Term, relation: str, deep: int) -> Iterator[Step]:
        """What a rule gives of ``t``, with the orders in its hypotheses chosen."""
        for b in _matches(rule, self.facts, self.lumped(t)):
            found = self.chosen(rule, b, deep)
            if found is None:
                continue
            bindings, proofs = found
            try:
                step = by_rule(rule, bindings, t, Spot(), self.facts, prove=proving(proofs))
            except (Refused, Misfit):
                continue
            yield neat(step, self.facts)

    def lumped(self, t: Term) -> Term:
        """A product with its closed factors together, as one."""
        if t.head != "Mul":
            return t
        open_, closed = [], []
        for a in t.args:
            try:
                Closed(self.facts).order(a)
                closed.append(a)
            except Refused:
                open_.append(a)
        parts = ([closed[0] if len(closed) == 1 else Term("Mul", tuple(closed))] if closed else []) + open_
        return Term("Mul", tuple(parts)) if len(parts) > 1 else t

    def chosen(self, rule: Rule, b: dict[str, Term], deep: int) -> tuple[dict[str, Term], dict[str, list[Step]]] | None:
        """Bindings for the orders, and a derivation of each that is not a line of the document."""
        by_term = {n.term: name for name, n in rule.names.items()}
        b, proofs = dict(b), dict[str, list[Step]]()
        for h in rule.hypotheses:
            p, every = (h.prop.body, h.prop.var) if h.prop.head == "ForAll" else (h.prop, None)
            if p.head != "Eq" or p.args[1].head not in GROWTH:
                continue
            relation = GROWTH[p.args[1].head]
            what, order = p.args[0], p.args[1].args[0]
            if every is not None:
                if what.head != "At" or order.head != "At":
                    return None
                members, name = b.get(by_term.get(what.args[0], "")), by_term.get(order.args[0])
                if members is None or members.head != "List" or name is None:
                    return None
                orders = []
                for x in members.args:
                    u = self.order(x, relation, deep, proofs)
                    if u is None:
                        return None
                    orders.append(u)
                b[name] = call("List", *orders)
                continue
            mine, name = _instance(rule, what, b), by_term.get(order)
            if mine is None or name is None:
                continue  # closed on both sides: the kernel decides
            if name in b:
                continue
            named = what.head == "Sym"  # of what the rule makes of its names (another norm) only what lines say is looked up
            u = self.order(mine, relation, deep, proofs) if named else self.from_line(mine, relation)
            if u is None:
                return None
            b[name] = u
        for n, x in rule.names.items():
            if x.role == "integer":
                b.setdefault(n, self.grown())
        return (b, proofs) if all(n in b for n in rule.names) else None

    def order(self, x: Term, relation: str, deep: int, proofs: dict[str, list[Step]]) -> Term | None:
        """The order of ``x``: stated, closed, or derived (the derivation is kept)."""
        u = self.from_line(x, relation)
        if u is not None:
            return u
        steps = self.chain(x, relation, deep - 1)
        if steps is None:
            return None
        u = steps[-1].after.args[0]
        if [s.rule for s in steps] != ["leading terms"]:
            proofs[key(call("Eq", x, call(HEADS[relation], u)))] = steps
        return u

    def from_line(self, x: Term, relation: str) -> Term | None:
        """The order that a line states for ``x``."""
        return next((u for cls, u, _ in self.stated(x) if cls in (relation, "Theta") and self.is_closed(u)), None)

    def chain(self, t: Term, relation: str = "Theta", deep: int = DEPTH) -> list[Step] | None:
        """``t`` to its order: one step, an order on both sides for one of them, or a bound first."""
        step = self.of(t, relation, deep)
        if step is None and relation != "Theta":
            step = self.of(t, "Theta", deep)
        if step is not None or self.bounded is None or relation == "Theta" or deep <= 0 or _plain(t):
            return [step] if step is not None else None
        k = (relation, key(t))
        if k not in self.chains:
            self.chains[k] = None  # what rests on itself is no derivation
            self.chains[k] = self.bounded(t, relation)
        return self.chains[k]

    def is_closed(self, u: Term) -> bool:
        try:
            Closed(self.facts).order(u)
        except Refused:
            return False
        return True

    def stated(self, t: Term) -> list[tuple[str, Term, int]]:
        """What the document says of how ``t`` grows: class, order, line."""
        return [(GROWTH[q.args[1].head], q.args[1].args[0], line) for q, line in growths(self.facts, t)]


def _plain(t: Term) -> bool:
    return t.head in PLAIN and not (t.head == "Pow" and t.args[1].head != "Num")


def _instance(rule: Rule, what: Term, b: Mapping[str, Term]) -> Term | None:
    """What a hypothesis speaks of, once its names are known."""
    if not all(rule.by_term[s] in b for s in free(what) if s in rule.by_term):
        return None
    try:
        return Instance(rule, b, (), lambda r: ONE).of(what)
    except Misfit:
        return None


def _better(a: Step, b: Step, relation: str, facts: Facts) -> bool:
    """Whether ``a`` says more: a smaller upper, a larger lower order."""
    x, y = a.after.args[0], b.after.args[0]
    return relation != "Theta" and compare(relation, x, y, facts) and not compare(relation, y, x, facts)


def _matches(rule: Rule, facts: Facts, t: Term) -> Iterator[dict[str, Term]]:
    yield from Matcher(rule, facts).against(rule.claim.args[0], t)


def proving(proofs: Mapping[str, list[Step]]) -> Prover:
    def prove(p: Term, facts: Facts) -> Verdict:
        steps = proofs.get(key(p))
        if steps is None:
            return UNKNOWN
        lines = tuple(dict.fromkeys(f for s in steps for c in s.conditions for f in c.facts))
        return Verdict(True, "it is derived below", lines, tuple(steps))

    return prove


def neat(step: Step, facts: Facts) -> Step:
    """The step with its order written as a person would."""
    u = step.after.args[0]
    new = pretty(u)
    try:
        c = Closed(facts)
        short = c.term(c.order(u))
        if size(short) < size(new):  # up to a constant factor, and without what others dominate
            return gather([step, reordered(step.after, short, facts)], step.rule)
        if not same(new, u) and size(new) <= size(u):
            return gather([step, inside(by_algebra(u, Spot(), new, facts), call(step.after.head, HOLE))], step.rule)
    except Refused:
        pass
    return step


def neat_condition(line: Term, facts: Facts) -> list[Step]:
    """``u = Theta(e)`` with ``e`` written as a person would, without what is held fixed."""
    unknown, cls = line.args
    steps: list[Step] = []
    context = call("Eq", unknown, call(cls.head, HOLE))
    new = pretty(cls.args[0])
    try:
        if new != cls.args[0]:
            steps.append(inside(by_algebra(cls.args[0], Spot(), new, facts), context, "iff"))
        c = Closed(facts)
        short = reordered(call(cls.head, new), c.term(c.order(new)), facts)
        moved = free(new) - {*(facts.growing or ()), *facts.others} or any(u.head == "Pi" for u in subterms(new))
        if not same(short.after, short.before) and (moved or size(short.after) < size(short.before)):
            steps.append(inside(short, call("Eq", unknown, HOLE), "iff"))
    except Refused:
        pass
    return steps


__all__ = ["HEADS", "Orders", "neat", "neat_condition", "proving"]
