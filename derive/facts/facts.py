"""What a document gives, seen from one place in a line: the givens, and the indices bound around it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.facts.verdict import UNKNOWN, Verdict
from derive.language import names
from derive.language.model import Definition, Given, Problem, Symbol
from derive.language.writer import latex
from derive.terms import ONE, Sort, Term, at, free, fresh, is_num, key, shape, subst, subterms, support
from derive.terms.shapes import ENTRYWISE

CHANCE = frozenset({"Expect", "Var", "Cov", "Prob"})
DERIVATIVES = frozenset({"Grad", "Jac", "Hess", "Deriv"})
# What is said of a variable and stays true when it moves a little: no equation does.
OPEN = frozenset({"Gt", "Lt", "Ne", "Differentiable", "Dist", "Domain", "Mass", "ProbabilityVector", "PositiveDefinite"})
# What is said of random things together, whatever the parameters of their laws are.
TOGETHER = frozenset({"Independent", "Iid", "IndependentEntries", "IidMembers", "SameLaw"})


@dataclass(frozen=True)
class Bound:
    """An index that a sum around the place binds, or of which nothing but its range is known."""

    var: Term
    lo: Term
    hi: Term
    excluded: tuple[Term, ...] = ()
    place: str = "in this sum"


@dataclass(frozen=True, eq=False)
class Facts:
    """The givens of a document (as far as a task sees them) and the scope of one place.

    ``cache`` keeps what was worked out from givens and definitions alone, for all places; ``here`` what may hold at this place
    only. Entering the same binder twice gives the same facts, so that what was found there is found again.
    """

    symbols: dict[str, Symbol]
    givens: tuple[Given, ...]
    definitions: dict[Term, Definition]
    scope: tuple[Bound, ...] = ()
    under_chance: bool = False
    surely: bool = False  # what is asked about random things is asked up to probability 0
    growing: tuple[Term, ...] | None = None  # the dimensions that grow; None: no growth is spoken of
    others: tuple[Term, ...] = ()  # symbols that take every declared value while they do
    known: tuple[Term, ...] = ()  # what averages are taken given
    kept: str = ""  # what is random besides, and keeps its distribution or does not, in words
    keeps: Verdict = UNKNOWN  # why it does
    cache: dict = field(default_factory=dict, repr=False)
    here: dict = field(default_factory=dict, init=False, repr=False)

    @staticmethod
    def of(problem: Problem, givens: int | None = None, definitions: int | None = None) -> Facts:
        """The facts of the first ``givens`` givens and ``definitions`` definitions (all, if left out)."""
        defs = problem.definitions[:definitions]
        return Facts(problem.symbols, problem.givens[:givens], {d.symbol: d for d in defs})

    def enter(self, binder: Term) -> Facts:
        """The facts below a binder or an expectation."""
        k = ("enter", binder.head) if binder.head in CHANCE else ("enter", binder.head, binder.args[0], *binder.args[2:])
        if binder.head == "Sup" and binder.body.head == "Where":
            k = (*k, binder.body.args[1])
        got = self.here.get(k)
        if got is None:
            got = self.here[k] = self._entered(binder)
        return got

    def _entered(self, binder: Term) -> Facts:
        if binder.head in ("Sum", "Prod"):
            lo, hi, *ex = binder.domain
            return replace(self, scope=(*self.scope, Bound(binder.var, lo, hi, tuple(ex))))
        if binder.head == "Integral" and len(binder.domain) == 2 and is_num(binder.domain[0], 0):
            x, (lo, hi) = binder.var, binder.domain
            if not any(x in free(g.prop) for g in self.givens) and (hi.head == "Infinity" or is_num(hi) and hi.value > 0):
                # but for the ends, which no integral sees
                inside = [Given(Term("Gt", (x, lo)), 0, "")]
                inside += [] if hi.head == "Infinity" else [Given(Term("Lt", (x, hi)), 0, "")]
                return replace(self, givens=(*self.givens, *inside), cache={})
        if binder.head in CHANCE and not self.under_chance:
            return replace(self, under_chance=True)
        if binder.head == "ExpectOver":
            return replace(self.averaging(binder), under_chance=True)
        if binder.head in DERIVATIVES:
            return self.moving(binder.var, binder.domain[0])
        if binder.head == "Sup":
            outside = tuple(g for g in self.givens if binder.var not in free(g.prop))
            inside = [Given(binder.body.args[1], 0, "")] if binder.body.head == "Where" else []
            return replace(self, givens=(*outside, *inside), cache={}) if inside or len(outside) < len(self.givens) else self
        return self

    def averaging(self, binder: Term) -> Facts:
        """The facts in which only what ``E_{z ~ p}`` binds is random."""
        k = ("averaging", binder.var, binder.domain)
        got = self.here.get(k)
        if got is None:
            z = binder.var
            symbols = {n: replace(s, role="fixed") if s.role == "random" else s for n, s in self.symbols.items()}
            symbols[z.name] = Symbol(z, "random", 0, self.symbols[z.name].latex if z.name in self.symbols else names.latex(z.name))
            givens = tuple(g for g in self.givens if z not in free(g.prop))
            drawn = [Term("Dist", (z, binder.domain[0])), *support(z, binder.domain[0])]
            given = [Given(p, 0, "", "average") for p in drawn]
            got = self.here[k] = replace(self, symbols=symbols, givens=(*givens, *given), cache={})
        return got

    def moving(self, var: Term, point: Term) -> Facts:
        """The facts under a derivative in ``var`` at ``point``: what singles the point out is no longer known."""
        k = ("moving", var, point)
        got = self.here.get(k)
        if got is None:
            kept = tuple(g for g in self.givens if self._stays(g, var, point))
            got = self.here[k] = self if len(kept) == len(self.givens) else replace(self, givens=kept, cache={})
        return got

    def _stays(self, g: Given, var: Term, point: Term) -> bool:
        """Whether what is said at ``point`` is said of every ``var`` near it."""
        p = g.prop
        if g.kind == "let" and _innermost(p) == "Eq" and (moment := _inner(p).args[0]).head in CHANCE and var not in free(moment):
            return var not in free(p) or var == point  # a mean or a variance that something is declared with
        if var in free(p):
            return var == point and _innermost(p) in OPEN
        return _innermost(p) in OPEN | TOGETHER or not any(var in self.behind(s) for s in free(p))

    def nothing_said(self, name: str) -> bool:
        """Whether the document only names it: what binds the same name then hides nothing."""
        s = self.symbols.get(name)
        if s is None:
            return True
        if s.role != "fixed" or s.family or s.integer:
            return False
        k = ("said", name)
        if k not in self.cache:
            self.cache[k] = not any(s.term in free(g.prop) for g in self.givens) and not any(
                s.term in free(d.body) and s.term not in d.params for d in self.definitions.values())
        return self.cache[k]

    def hides(self, t: Term, var: Term) -> Term | None:
        """A symbol of ``t`` that depends on ``var`` without showing it: by its definition, or, where it is averaged, by its law.

        Outside of averages the value of something random is one that it has, and does not move with the parameters of its law.
        """
        for s in free(t):
            if s != var and var in self.behind(s) and (s in self.definitions or any(u.head in CHANCE and s in free(u) for u in subterms(t))):
                return s
        return None

    def behind(self, s: Term) -> frozenset[Term]:
        """What the value or the law of a symbol depends on, itself left out."""
        k = ("behind", s)
        got = self.cache.get(k)
        if got is None:
            self.cache[k] = frozenset()
            found: set[Term] = set()
            d = self.definitions.get(s)
            if d is not None:
                found |= free(d.body) - {*d.params, *d.index}
            elif self.is_source(s):
                for g in self.givens:
                    if g.kind == "average":  # what an average binds does not move with the parameters of its law
                        continue
                    p = g.prop
                    while p.head == "ForAll":
                        p = p.body
                    if p.head == "Dist" and s in free(p.args[0]):
                        found |= free(p.args[1])
                    elif p.head == "Eq" and p.args[0].head in CHANCE and s in free(p.args[0]):
                        found |= free(p.args[1])
            for x in tuple(found):
                found |= self.behind(x)
            got = self.cache[k] = frozenset(found)
        return got

    def at(self, line: Term, path: tuple[int, ...]) -> Facts:
        """The facts at ``path`` in ``line``."""
        here, t = self, line
        for i in path:
            if t.head in CHANCE or (t.is_binder and i == 1):
                here = here.enter(t)
            t = t.args[i]
        return here

    def tex(self, t: Term) -> str:
        k = ("tex", t)
        got = self.cache.get(k)
        if got is None:
            got = self.cache[k] = f"${latex(t, self.symbols)}$"
        return got

    # -- looking through definitions
    def seen(self, t: Term) -> Term:
        """``t`` with every defined name replaced by what it stands for."""
        got = self.cache.get(t)
        if got is None:
            got, table = t, self._bodies(t)
            while table:
                got = subst(got, table)
                table = self._bodies(got)
            self.cache[t] = got
        return got

    def _bodies(self, t: Term) -> dict[Term, Term]:
        return {s: self.definitions[s].body for s in free(t)
                if s in self.definitions and not self.definitions[s].params and not self.definitions[s].index}  # fmt: skip

    def letters(self) -> dict[Term, str]:
        """The letter that the document uses for an index of each size (``i`` for rows, if it writes ``W_{ij}``)."""
        got = self.cache.get("letters")
        if got is None:
            got = {}
            for g in self.givens:
                for u in subterms(g.prop):
                    if u.head == "At" and u.args[0].head == "Sym":
                        for i, d in zip(u.args[1:], u.args[0].sort.shape, strict=False):
                            if i.head == "Sym" and d.head == "Sym" and i.name not in self.symbols:
                                got.setdefault(d, i.name)
            self.cache["letters"] = got
        return got

    def role(self, t: Term) -> str | None:
        s = self.symbols.get(t.name)
        return s.role if s is not None else None

    def is_source(self, t: Term) -> bool:
        """Whether the symbol is something random that the document declares."""
        return self.role(t) == "random"

    @property
    def almost_surely(self) -> bool:
        """Whether an exception of probability 0 passes at this place."""
        return self.under_chance or self.surely

    def bounds(self) -> dict[Term, Bound]:
        got = self.here.get("bounds")
        if got is None:
            got = self.here["bounds"] = {b.var: b for b in self.scope}
        return got


def _inner(p: Term) -> Term:
    while p.head == "ForAll":
        p = p.body
    return p


def _innermost(p: Term) -> str:
    p = _inner(p)
    return p.args[1].head if p.head == "Implies" else p.head


# Where randomness ends: the value of these is a fixed number.
CLOSED = frozenset({"Expect", "Var", "Cov", "Prob", "KL", "Entropy"})


@dataclass(frozen=True)
class Atom:
    """An entry (or, with no index, the whole) of a random thing that an expression touches."""

    source: Term
    index: tuple[Term, ...]


def atoms(facts: Facts, t: Term) -> tuple[list[Atom], dict[Term, Bound]]:
    """All random entries that ``t`` touches, and the ranges of the indices that run inside it."""
    found: dict[tuple, Atom] = {}
    inner: dict[Term, Bound] = {}

    def walk(u: Term) -> None:
        if u.head == "Num":
            return
        if u.head in CLOSED:
            for known in u.args[0].args[1:] if u.args and u.args[0].head == "Given" else ():
                walk(facts.seen(known))  # what is known stays random
            return
        if u.head == "Sym":
            d = facts.definitions.get(u)
            if d is not None and d.index:  # all of an array that is defined entry by entry
                table = {i: Term("Sym", (f"{i.name}'{len(inner) + n}", i.sort)) for n, i in enumerate(d.index)}
                inner.update({v: Bound(v, ONE, u.sort.shape[n]) for n, v in enumerate(table.values())})
                walk(facts.seen(subst(d.body, table)))
            note(u, ())
            return
        if u.head in ("Apply", "Density") and u.args[0].head in ("Sym", "Apply"):
            f = u.args[0] if u.args[0].head == "Sym" else u.args[0].args[0]
            args = (*(u.args[0].args[1:] if u.args[0].head == "Apply" else ()), *u.args[1:])
            d = facts.definitions.get(f)
            if d is not None and len(d.params) == len(args):
                walk(facts.seen(subst(d.body, dict(zip(d.params, args, strict=True)))))
        if u.head == "At" and u.args[0].head == "Sym":
            d = facts.definitions.get(u.args[0])
            if d is not None and d.index and len(d.index) == len(u.args) - 1:
                walk(facts.seen(subst(d.body, dict(zip(d.index, u.args[1:], strict=True)))))
                return
            note(u.args[0], u.args[1:])
            for i in u.args[1:]:
                walk(i)
            return
        if u.head == "At" and entry(u.args[0], u.args[1:]):
            return
        if u.head in ("Sum", "Prod"):
            name = fresh(u.var, {x.name for x in inner} | {b.var.name for b in facts.scope} | facts.symbols.keys())
            name = Term("Sym", (f"{name.name}'{len(inner)}", name.sort))
            table = {u.var: name}
            lo, hi, *ex = u.domain
            inner[name] = Bound(name, lo, hi, tuple(ex))
            walk(subst(u.body, table))
            return
        for _, c in u.children():
            walk(c)

    def entry(a: Term, index: tuple[Term, ...]) -> bool:
        """An entry of something composed touches only entries of its parts; False where that is not seen."""
        if a.head in ENTRYWISE and a.head != "Softmax" or a.head in ("Add", "Hadamard", "Mul"):
            for part in a.args:
                walk(at(part, *index) if shape(part) else part)
            return True
        if a.head == "Transpose" and len(index) == 2 and len(shape(a.args[0])) == 2:
            walk(at(a.args[0], *reversed(index)))
            return True
        if a.head == "MatMul" and len(shape(a.args[0])) == 2 and len(index) == len(shape(a)):
            first, *middle, last = a.args  # row i of the first, column j of the last
            walk(at(first, index[0], runs(shape(first)[1])))
            for part in middle:
                walk(part)
            if len(shape(last)) == 2 and len(index) == 2:
                walk(at(last, runs(shape(last)[0]), index[1]))
            else:
                walk(last)
            return True
        return False

    def runs(size: Term) -> Term:
        """An index that runs over all of an axis."""
        name = Term("Sym", (f"k'{len(inner)}", Sort()))
        inner[name] = Bound(name, ONE, size)
        return name

    def note(s: Term, index: tuple[Term, ...]) -> None:
        if facts.is_source(s):
            a = Atom(s, index)
            found.setdefault((s, tuple(key(i) for i in index)), a)

    walk(facts.seen(t))
    return list(found.values()), inner


def is_random(facts: Facts, t: Term) -> bool:
    """Whether chance has a say in the value of ``t``."""
    k = ("random", t)
    got = facts.cache.get(k)
    if got is None:
        got = facts.cache[k] = bool(atoms(facts, t)[0])
    return got


__all__ = ["Atom", "Bound", "Facts", "Verdict", "atoms", "is_random"]
