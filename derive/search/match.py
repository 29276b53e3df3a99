"""Matching one side of a rule's claim against a term.

Everything found here is only a proposal: the kernel instantiates it and compares. Matching is modulo order of sums and
products, with one variable of a sum or product taking the rest; bound symbols are matched by Miller's patterns: a family
``X_j`` takes whatever stands under the index, a plain name only what does not mention it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import prod

from derive.facts.facts import Facts, is_random
from derive.facts.stated import law_of
from derive.kernel.instantiate import Instance, Misfit
from derive.language.notation import law_shape
from derive.rulebook.model import Rule
from derive.terms import ONE, Sort, Term, add, at, call, free, is_num, mul, num, same, shape, subst
from derive.terms.walk import mask

Found = dict[str, Term]
ORDER = frozenset({"Le", "Ge", "Lt", "Gt"})
# What a document says at most once, so that its line is where a rule's names for it come from.
SAID_ONCE = frozenset({"Network", "ForwardCost", "LoadCost", "StorageCost", "LayerStorageCost", "DiskCost"})
Pairs = dict[Term, Term]  # a bound symbol of the rule -> the document's


def required(rule: Rule, p: Term, top: bool = True) -> int:
    """The heads, as a mask, of every term that `Matcher.match` lets ``p`` be (at the ``top`` of a side that is looked up by its
    head): what lacks one of them need not be tried."""
    h = p.head
    if h == "Num":
        return mask("Num")
    if h == "Sym" or h in ("At", "Apply") and p.args[0] in rule.by_term:
        return 0
    if h in ("Add", "Mul") and not top and any(rule.names[n].role in ("integer", "value") for s in free(p) if (n := rule.by_term.get(s))):
        return 0  # it may be one number, solved for the name
    if h in ("Sum", "Prod"):
        written = p.body.head == "At" and p.body.args[0] in rule.by_term  # a sum that is written out
        return 0 if written else mask(h) | required(rule, p.body, False)
    out = 0 if h in ("Grad", "Jac") and not top else mask(h)  # in a number either is a derivative
    for a in p.args[1:] if p.is_binder else p.args:
        out |= required(rule, a, False)
    return out


def one_number(factors: tuple[Term, ...]) -> tuple[Term, ...]:
    """The factors of a product with its numbers multiplied: two numbers are one."""
    numbers = [a for a in factors if a.head == "Num"]
    return (num(prod(a.value for a in numbers)), *(a for a in factors if a.head != "Num")) if len(numbers) > 1 else factors


class Matcher:
    """Matching for one rule at one place."""

    def __init__(self, rule: Rule, facts: Facts) -> None:
        self.rule, self.facts = rule, facts
        self.by_term, self.chance = rule.by_term, rule.chance or rule.grows

    # -- entry points
    def against(self, pattern: Term, target: Term) -> Iterator[Found]:
        """Bindings under which ``pattern`` may be ``target``, names found from the hypotheses included."""
        for b in self.match(pattern, target, {}, {}):
            yield from self.complete(b)

    def complete(self, b: Found) -> Iterator[Found]:
        """Names that only hypotheses mention: the parameters of a law, a size that a range gives."""
        for h in self.rule.hypotheses:
            p = h.prop
            if p.head == "Dist" and p.args[1].head not in ("Sym", "Apply"):
                try:
                    x = self.put(p.args[0], b)
                except Misfit:
                    continue
                got = law_of(self.facts, x)
                if got is None:
                    if all(n in b for n in self.names_in(p.args[1])):
                        continue
                    return
                b2 = next(self.match(p.args[1], got[0], b, {}), None)
                if b2 is None:
                    return
                b = b2
            elif p.head == "ForAll" and (entry := _inner(p)).head == "Dist" and self.by_term.get(entry.args[0].args[0], "") in b and (
                    self.rule.names[self.by_term[entry.args[0].args[0]]].role == "random"):  # fmt: skip
                b2 = self.entries_law(entry, b)
                if b2 is None:
                    return
                b = b2
            elif p.head == "ForAll" and _inner(p).head in ORDER and not all(n in b for n in self.names_in(p)):
                b = next((m for g in self.facts.givens for m in self.every(p, g.prop, b)), b)
            elif p.head == "ForAll" and p.body.head == "Dist":
                b2 = self.members_law(p, b)
                if b2 is None:
                    return
                b = b2
            elif p.head == "Eq" and self.by_term.get(p.args[0]) in b and self.rule.names[self.by_term[p.args[0]]].role == "law":
                b2 = next(self.match(p.args[1], b[self.by_term[p.args[0]]], b, {}), None)
                if b2 is None:
                    return
                b = b2
            elif p.head == "Domain" and self.by_term.get(p.args[0]) in b and len(p.args) == 2:
                law = b[self.by_term[p.args[0]]]
                law = law.args[0] if law.head == "Apply" else law
                said = (g.prop.args[1] for g in self.facts.givens if g.prop.head == "Domain" and g.prop.args[0] == law and len(g.prop.args) == 2)
                b2 = next((m for d in said for m in self.match(p.args[1], d, b, {})), None)
                if b2 is None:
                    return
                b = b2
            elif p.head in SAID_ONCE and not all(n in b for n in self.names_in(p)):
                b2 = next((m for g in self.facts.givens if g.prop.head == p.head for m in self.match(p, g.prop, b, {})), None)
                if b2 is None:
                    return
                b = b2
            elif p.head == "Eq" and p.args[0] in self.by_term and self.by_term[p.args[0]] not in b:
                if all(n in b for n in self.names_in(p.args[1])):
                    b = {**b, self.by_term[p.args[0]]: self.put(p.args[1], b)}
        yield b

    def every(self, p: Term, said: Term, b: Found) -> Iterator[Found]:
        """``|f(t)| <= c |t| for every t``: what a line that says so of all ``t`` makes of the rule's names."""
        bound: Pairs = {}
        while p.head == "ForAll" and said.head == "ForAll":
            bound[p.var] = said.var
            p, said = p.body, said.body
        if p.head == said.head:
            yield from self.match(p, said, b, bound)

    def entries_law(self, p: Term, b: Found) -> Found | None:
        """``x_j ~ D for every j`` of a random array: the parameters, from the law of its entries."""
        x, law = p.args
        array = b[self.by_term[x.args[0]]]
        got = law_of(self.facts, Term("At", (array, *x.args[1:]))) if array.head == "Sym" else None
        return next(self.match(law, got[0], b, {}), None) if got is not None else None

    def members_law(self, p: Term, b: Found) -> Found | None:
        """``X_j ~ D_j for every j``: the parameters, from the law of the family's member."""
        x, law = p.body.args
        whole = b.get(self.by_term.get(x.args[0], "")) if x.head == "At" and x.args[1:] == (p.var,) else None
        if whole is not None and len(shape(whole)) == 1:  # an array of one axis, by its entries
            got = law_of(self.facts, at(whole, p.var))
            return next(self.match(law, got[0], b, {}), None) if got is not None and p.var not in free(got[0]) else None
        lam = b.get(self.by_term.get(x.args[0], "")) if x.head == "At" else None
        lam = None if lam is not None and shape(lam) and lam.head != "Lambda" else lam
        if lam is None and x.head == "At" and x.args[0] in self.by_term and self.by_term[x.args[0]] in b and x.args[1:] == (p.var,):
            got = law_of(self.facts, Term("At", (b[self.by_term[x.args[0]]], p.var)))
            return next(self.match(law, got[0], b, {p.var: p.var}), None) if got is not None else None
        if lam is None or lam.head != "Lambda":
            return b if all(n in b for n in self.names_in(law)) else None
        got = law_of(self.facts, lam.body)
        return next(self.match(law, got[0], b, {p.var: lam.var}), None) if got is not None else None

    def names_in(self, t: Term) -> list[str]:
        return [self.by_term[s] for s in free(t) if s in self.by_term]

    def put(self, t: Term, b: Found) -> Term:
        return Instance(self.rule, b, (), lambda r: ONE).of(t)

    # -- the matcher
    def match(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        if p.head == "Num":
            if t.head == "Num" and t.value == p.value:
                yield b
            return
        if p.head == "Sym":
            yield from self.symbol(p, t, b, bound)
            return
        if p.head == "At" and p.args[0] in self.by_term and self.rule.names[self.by_term[p.args[0]]].role == "family":
            yield from self.family(p, t, b, bound)
            return
        if p.head == "Apply" and p.args[0] in self.by_term:
            yield from self.function(p, t, b, bound)
            return
        if p.head == "Pow" and t.head == "Pow":
            yield from self.power(p, t, b, bound)
            return
        if p.head == t.head == "Exp":
            yield from self.exponent(p.args[0], t.args[0], b, bound)
            return
        if p.head == "Pow" and p.args[1] in self.by_term and p.args[0].head not in ("Sym", "At") and self.by_term[p.args[1]] not in b:
            yield from self.match(p.args[0], t, {**b, self.by_term[p.args[1]]: ONE}, bound)  # an exponent that is not written is 1
            return
        if p.head in ("Add", "Mul") and self.linear_number(p, b) is not None and t.head == "Num":
            yield from self.solve_number(p, t, b)
            return
        if p.head in ("Sum", "Prod"):
            yield from self.big(p, t, b, bound)
            return
        if p.head in ("Add", "Mul"):
            if t.head == p.head:
                yield from self.several(p, list(t.args), b, bound)
            elif p.head == "Mul" and t.head == "Identity":  # a multiple of I that is not written is 1
                yield from self.once(p, t, b, bound)
            return
        if p.head == "MatMul":
            if t.head == "MatMul":
                yield from self.segments(p, t, b, bound)
            return
        if p.head != t.head and not (t.head == "Deriv" and p.head in ("Grad", "Jac") and self.any_shape(p.var.sort.shape)):
            return
        if len(p.args) != len(t.args):
            return
        if p.is_binder:
            inner = {**bound, p.var: t.var}
            for b2 in self.sizes(p.var.sort.shape, t.var.sort.shape, b):
                pairs = [(p.body, t.body, inner), *((x, y, bound) for x, y in zip(p.domain, t.domain, strict=True))]
                yield from self.all(pairs, b2)
            return
        yield from self.all([(x, y, bound) for x, y in zip(p.args, t.args, strict=True)], b)
        if p.head in ("Dot", "Hadamard", "Cov", "Max", "Min") and len(p.args) == 2 and not same(t.args[0], t.args[1]) and (p.head != "Cov" or not shape(t)):
            yield from self.all([(p.args[0], t.args[1], bound), (p.args[1], t.args[0], bound)], b)
        if p.head == "Indicator" and p.args[0].head == t.args[0].head == "Eq":
            (x, y), (u, v) = p.args[0].args, t.args[0].args
            yield from self.all([(x, v, bound), (y, u, bound)], b)

    def all(self, pairs: list[tuple[Term, Term, Pairs]], b: Found) -> Iterator[Found]:
        if not pairs:
            yield b
            return
        p, t, bound = pairs[0]
        for b2 in self.match(p, t, b, bound):
            yield from self.all(pairs[1:], b2)

    def symbol(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        if p in bound:
            if t == bound[p]:
                yield b
            return
        name = self.by_term.get(p)
        if name is None:
            if p == t:
                yield b
            return
        if name in b:
            got = b[name]
            if got.head == "IndexRange" and len(got.args) == 2 and is_num(got.args[0], 1):
                got = got.args[1]  # 1, …, n are n
            if got.head != "IndexRange" and same(got, t):
                yield b
            return
        if self.allowed(name, t, bound):
            yield from self.bind(name, t, b)

    def allowed(self, name: str, t: Term, bound: Pairs) -> bool:
        if any(v in free(t) for v in bound.values()):
            return False
        n = self.rule.names[name]
        if self.chance and n.role == "value" and not n.random and is_random(self.facts, t):
            return False
        return n.role in ("value", "random", "dimension", "integer", "index", "law", "function")

    def bind(self, name: str, t: Term, b: Found) -> Iterator[Found]:
        n = self.rule.names[name]
        want = n.term.sort.shape
        if n.role in ("value", "random"):
            got = shape(t)
            if len(got) != len(want) and not self.any_shape(want):
                return
            b = {**b, name: t}
            yield from self.sizes(want, got, b)
            return
        if n.role in ("dimension", "integer", "index") and shape(t):
            return
        if n.role == "law":
            yield from self.sizes(want, law_shape(t), {**b, name: t})
            return
        yield {**b, name: t}

    def sizes(self, want: tuple[Term, ...], got: tuple[Term, ...], b: Found) -> Iterator[Found]:
        if self.any_shape(want):
            name, whole = self.by_term[want[0]], Term("Shape", got)
            if name not in b or same(b[name], whole):
                yield {**b, name: whole}
            return
        if len(want) != len(got):
            return
        if not want:
            yield b
            return
        for b2 in self.match(want[0], got[0], b, {}):
            yield from self.sizes(want[1:], got[1:], b2)

    def any_shape(self, want: tuple[Term, ...]) -> bool:
        return len(want) == 1 and want[0] in self.by_term and self.rule.names[self.by_term[want[0]]].role == "shape"

    def family(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        name = self.by_term[p.args[0]]
        axes = self.rule.axes[name]
        index, rest = p.args[1 : 1 + axes], p.args[1 + axes :]
        if rest:
            if t.head != "At" or len(t.args) <= len(rest):
                return
            inner = t.args[: len(t.args) - len(rest)]
            base = inner[0] if len(inner) == 1 else Term("At", inner)
            for b2 in self.family(Term("At", p.args[: 1 + axes]), base, b, bound):
                yield from self.all([(x, y, bound) for x, y in zip(rest, t.args[-len(rest) :], strict=True)], b2)
            return
        if name in b:
            try:
                got = Instance(self.rule, b, (), lambda r: ONE).put(p, {k: v for k, v in bound.items()})
            except Misfit:
                return
            if same(got, t):
                yield b
            return
        if not all(i in bound for i in index) or len(set(index)) != len(index):
            return
        mine = [bound[i] for i in index]
        if any(v in free(t) for k, v in bound.items() if v not in mine):
            return
        n = self.rule.names[name]
        want = n.term.sort.shape[axes:]
        if len(shape(t)) != len(want):
            return
        lam = t
        for v in reversed(mine):
            lam = Term("Lambda", (v, lam))
        yield from self.sizes(want, shape(t), {**b, name: lam})

    def function(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        name = self.by_term[p.args[0]]
        args = p.args[1:]
        if name in b:
            if b[name].head == "Sym" and t.head == "Apply" and t.args[0] == b[name] and len(t.args) == len(p.args):
                yield from self.all([(x, y, bound) for x, y in zip(args, t.args[1:], strict=True)], b)
                return
            try:
                if same(Instance(self.rule, b, (), lambda r: ONE).put(p, dict(bound)), t):
                    yield b
            except Misfit:
                pass
            return
        if t.head == "Apply" and len(t.args) == len(p.args) and not any(v in free(t.args[0]) for v in bound.values()):
            plain = False
            for b1 in self.sorts(name, t.args[0].sort, {**b, name: t.args[0]}):
                for b2 in self.all([(x, y, bound) for x, y in zip(args, t.args[1:], strict=True)], b1):
                    plain = True
                    yield b2
            if plain:
                return
        if args and all(a in bound for a in args):
            mine = [bound[a] for a in args]
            if any(v in free(t) for v in bound.values() if v not in mine):
                return
            lam = t
            for v in reversed(mine):
                lam = Term("Lambda", (v, lam))
            yield from self.sizes(self.rule.names[name].term.sort.shape, shape(t), {**b, name: lam})

    def sorts(self, name: str, got: Sort, b: Found) -> Iterator[Found]:
        """The sizes of what a function takes and gives."""
        want = self.rule.names[name].term.sort
        pairs = [(want.shape, got.shape), *zip(want.takes or (), got.takes or (), strict=False)]
        found = [b]
        for x, y in pairs:
            found = [b3 for b2 in found for b3 in self.sizes(x, y, b2)]
        yield from found

    # -- numbers in exponents
    def linear_number(self, p: Term, b: Found) -> str | None:
        """The one unbound integer name of ``c m + d``."""
        unbound = [n for n in self.names_in(p) if n not in b]
        return unbound[0] if len(unbound) == 1 and self.rule.names[unbound[0]].role in ("integer", "value") else None

    def solve_number(self, p: Term, t: Term, b: Found) -> Iterator[Found]:
        name = self.linear_number(p, b)
        assert name is not None
        try:
            line = _line(self.put(p, {**b, name: self.rule.names[name].term}), self.rule.names[name].term)
        except Misfit:
            return
        if line is None:
            return
        value = (t.value - line[0]) / line[1]
        if self.rule.names[name].role == "integer" and value.denominator != 1:
            return
        yield {**b, name: num(value)}

    def power(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        for b2 in self.exponent(p.args[1], t.args[1], b, bound):
            yield from self.match(p.args[0], t.args[0], b2, bound)

    def exponent(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        if t.head == "Num" and p.head in ("Add", "Mul") and self.linear_number(p, b) is not None:
            yield from self.solve_number(p, t, b)
            return
        yield from self.once(p, t, b, bound)
        yield from self.match(p, t, b, bound)

    def once(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        """``a x`` for what stands without a coefficient: that is 1."""
        if p.head == "Mul" and t.head != "Mul" and len(p.args) == 2:
            for coefficient, rest in (p.args, p.args[::-1]):
                name = self.by_term.get(coefficient)
                if name is not None and name not in b and not shape(coefficient) and self.rule.names[name].role == "value" and not self.rule.names[name].random:
                    yield from self.match(rest, t, {**b, name: ONE}, bound)

    # -- sums and products over families
    def big(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        lo, hi, *excluded = p.domain
        size = self.by_term.get(hi)
        generic = size is not None and self.rule.names[size].role == "integer" and is_num(lo, 1) and not excluded
        if t.head == p.head:
            inner = {**bound, p.var: t.var}
            if generic:
                rng = Term("IndexRange", t.domain)
                if any(v in free(rng) for v in bound.values()):
                    return
                if size in b:
                    if not _same_range(b[size], rng):
                        return
                    b2 = b
                else:
                    b2 = {**b, str(size): rng}
                yield from self.match(p.body, t.body, b2, inner)
            elif len(p.domain) == len(t.domain):
                yield from self.all(
                    [(p.body, t.body, inner), *((x, y, bound) for x, y in zip(p.domain, t.domain, strict=True))], b
                )
            return
        if generic and t.head == {"Sum": "Add", "Prod": "Mul"}[p.head] and size is not None:
            yield from self.written(p, t, size, b, bound)

    def written(self, p: Term, t: Term, size: str, b: Found, bound: Pairs) -> Iterator[Found]:
        """A sum that is written out is a family that is a list."""
        body = p.body
        if body.head != "At" or body.args[0] not in self.by_term or p.var not in body.args[1:]:
            return
        name = self.by_term[body.args[0]]
        if name in b or size in b or self.rule.names[name].role != "family":
            return
        axes = self.rule.axes[name]
        index = body.args[1 : 1 + axes]
        n = index.index(p.var)
        if n != axes - 1 or not all(i in bound for i in index[:n]):
            return
        mine = [bound[i] for i in index[:n]]
        if any(v in free(t) for v in bound.values() if v not in mine):
            return
        want = self.rule.names[name].term.sort.shape[axes:]
        got = shape(t)
        if len(want) != len(got):
            return
        lam: Term = call("List", *t.args)
        for v in reversed(mine):
            lam = Term("Lambda", (v, lam))
        yield from self.sizes(want, got, {**b, name: lam, size: num(len(t.args))})

    # -- sums and products of a few parts
    def several(self, p: Term, parts: list[Term], b: Found, bound: Pairs) -> Iterator[Found]:
        """``p``'s parts against ``parts``, in any order: what is rigid first, then one variable takes the rest."""
        build, args = (add, p.args) if p.head == "Add" else (mul, one_number(p.args))
        if len(args) < len(p.args):  # -2 x, written as -1 and 2 and x
            parts = list(one_number(tuple(parts)))
        loose = [q for q in args if self.is_variable(q, bound)]
        rigid = [q for q in args if not self.is_variable(q, bound)]
        rigid.sort(key=lambda q: -_weight(q))
        for b2, rest in self.pick(rigid, parts, b, bound):
            yield from self.spread(loose, rest, b2, bound, build)

    def is_variable(self, q: Term, bound: Pairs) -> bool:
        if q.head == "Sym":
            return q in self.by_term
        if q.head == "At" and q.args[0] in self.by_term:
            return self.rule.names[self.by_term[q.args[0]]].role == "family"
        return q.head == "Apply" and q.args[0] in self.by_term and all(a in bound for a in q.args[1:])

    def pick(self, rigid: list[Term], parts: list[Term], b: Found, bound: Pairs) -> Iterator[tuple[Found, list[Term]]]:
        if not rigid:
            yield b, parts
            return
        for i, t in enumerate(parts):
            for b2 in (*self.match(rigid[0], t, b, bound), *self.once(rigid[0], t, b, bound)):
                yield from self.pick(rigid[1:], parts[:i] + parts[i + 1 :], b2, bound)

    def spread(self, loose: list[Term], rest: list[Term], b: Found, bound: Pairs, build) -> Iterator[Found]:
        if not loose:
            if not rest:
                yield b
            return
        if len(loose) == 1:
            if rest:
                yield from self.match(loose[0], build(*rest), b, bound)
            return
        # names already chosen take what they are; then the most restricted name takes all that it may
        for q in loose:
            name = self.by_term.get(q) or self.by_term.get(q.args[0])
            if name in b and q.head == "Sym":
                want = b[name]
                for i, t in enumerate(rest):
                    if want.head != "IndexRange" and same(want, t):
                        others = [x for x in loose if x is not q]
                        yield from self.spread(others, rest[:i] + rest[i + 1 :], b, bound, build)
                        return
                return
        if build is mul:  # of a product's parts at most one is an array
            array = next((q for q in loose if q.head == "Sym" and q.sort.shape), None)
            at = next((i for i, t in enumerate(rest) if shape(t)), None)
            if array is not None and at is not None:
                others = [x for x in loose if x is not array]
                for b2 in self.match(array, rest[at], b, bound):
                    yield from self.spread(others, rest[:at] + rest[at + 1 :], b2, bound, build)
                return
        order = sorted(loose, key=lambda q: self.freedom(q))
        first, others = order[0], order[1:]
        if self.freedom(first) < self.freedom(order[-1]):
            taken = [t for t in rest if self.may(first, t, bound)]
            left = [t for t in rest if not self.may(first, t, bound)]
            if taken and left:
                for b2 in self.match(first, build(*taken), b, bound):
                    yield from self.spread(others, left, b2, bound, build)
            return
        for i, t in enumerate(rest[: -len(others)] if others else rest):
            for b2 in self.match(loose[0], t, b, bound):
                yield from self.spread(loose[1:], rest[:i] + rest[i + 1 :], b2, bound, build)

    def freedom(self, q: Term) -> int:
        """How much a name may be: a fixed number least, a family most."""
        if q.head != "Sym":
            n = self.rule.names.get(self.by_term.get(q.args[0], ""))
            return 1 if self.chance and n is not None and n.role == "family" and not n.random else 3
        n = self.rule.names[self.by_term[q]]
        if n.random:
            return 2
        return 0 if self.chance else 1

    def may(self, q: Term, t: Term, bound: Pairs) -> bool:
        if q.head == "At":
            return not is_random(self.facts, t) and not shape(t)
        return q.head == "Sym" and self.allowed(self.by_term[q], t, bound) and len(shape(t)) == len(q.sort.shape)

    def segments(self, p: Term, t: Term, b: Found, bound: Pairs) -> Iterator[Found]:
        """A product of matrices: each name takes one factor, one of them a run of factors."""
        ps, ts = list(_flat(p)), list(_flat(t))
        extra = len(ts) - len(ps)
        if extra < 0:
            return
        for i, q in enumerate(ps):
            if extra and not self.is_variable(q, bound):
                continue
            run = ts[i : i + extra + 1]
            joined = run[0] if len(run) == 1 else Term("MatMul", tuple(run))
            pairs = [(x, y, bound) for x, y in zip(ps[:i], ts[:i], strict=True)]
            pairs.append((q, joined, bound))
            pairs += [(x, y, bound) for x, y in zip(ps[i + 1 :], ts[i + extra + 1 :], strict=True)]
            yield from self.all(pairs, b)
            if not extra:
                return


@lru_cache(1024)
def _line(p: Term, x: Term) -> tuple[Fraction, Fraction] | None:
    """``d`` and ``c`` of ``c x + d``, as two values of ``x`` show them; None if ``p`` does not change with it, or not in numbers."""
    from derive.kernel.algebra import normal_form

    low, high = (normal_form(subst(p, {x: num(k)})) for k in (0, 1))
    if low.head != "Num" or high.head != "Num" or low == high:
        return None
    return low.value, high.value - low.value


def _inner(p: Term) -> Term:
    while p.head == "ForAll":
        p = p.body
    return p


def _flat(t: Term) -> Iterator[Term]:
    for a in t.args:
        if a.head == "MatMul":
            yield from _flat(a)
        else:
            yield a


def _same_range(a: Term, b: Term) -> bool:
    return a.head == "IndexRange" and len(a.args) == len(b.args) and all(same(x, y) for x, y in zip(a.args, b.args, strict=True))


def _weight(q: Term) -> int:
    return 1 + sum(_weight(a) for a in q.args if isinstance(a, Term)) if q.head not in ("Num", "Sym") else 1


__all__ = ["Found", "Matcher", "required"]
