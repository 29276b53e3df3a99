"""The computation ``leading terms``: what a closed form comes to when its dimensions grow.

Every growing dimension is at least 1, so a monomial is at most another when its exponents are, one by one; it is of lower
order when, besides, one exponent is smaller. Atoms that do not grow take part as equal or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.facts.facts import Facts, is_random
from derive.facts.growths import grows_by_line
from derive.facts.indices import is_dimension
from derive.facts.signs import compared, nonnegative, positive, wanting
from derive.facts.stated import GROWTH
from derive.kernel.algebra import Algebra, TooLarge, equal
from derive.kernel.numbers import tidy
from derive.kernel.orders import Mono, Order, TooMany, at_most
from derive.kernel.orders import equal as same_order
from derive.kernel.polynomials import Monomial, Poly
from derive.kernel.step import _SEAL, Condition, Refused, Step
from derive.terms import Term, add, call, free, key, mul, neg, num, power


class Closed:
    """Orders of closed forms under the regime of ``facts``: ``growing`` grow, ``others`` take every declared value."""

    def __init__(self, facts: Facts) -> None:
        if facts.growing is None:
            raise Refused("nothing is said of what grows")
        self.facts, self.alg = facts, Algebra()
        self.grow, self.free = {key(s) for s in facts.growing}, {key(s) for s in facts.others}
        self.shared = frozenset(self.free)
        self.atoms: dict[str, Term] = {}
        self.moving: dict[str, bool] = {}
        self.conditions: dict[str, Condition] = {}
        self.above = True  # whether what was looked at last is positive in the end

    def order(self, t: Term) -> Order:
        """The order of ``t``, which is positive (or negative) from some size on.

        Raises
        ------
        Refused
            Something in it grows in a way that nothing says, or a sign is not known.
        """
        try:
            return self.of(self.normal(t))
        except (TooLarge, TooMany):
            raise Refused("the expression is too large") from None

    def normal(self, t: Term) -> Poly:
        p = self.alg.normal(t)
        for (what, _), x in self.alg.needs.items():
            if not compared(self.facts, what, x):
                said = self.facts.tex(wanting(self.facts, x, what))
                raise Refused(f"This needs that {said}, and nothing says so.", said)
        return p

    def upper(self, t: Term) -> Order:
        """An order that the size of ``t`` does not exceed, whatever the sign is of what stays fixed in it."""
        try:
            p = self.normal(t)
            return _upper(self, p) if p else self.of(p)
        except (TooLarge, TooMany):
            raise Refused("the expression is too large") from None

    def of(self, p: Poly) -> Order:
        groups: dict[Monomial, Poly] = {}
        for m, c in p.items():
            kept = tuple(x for x in m if self.moves(self.alg.atoms[x[0]]))
            groups.setdefault(kept, {})[tuple(x for x in m if x not in kept)] = c
        found = []
        for kept, fixed in groups.items():
            o = Order()
            for k, e in kept:
                o = o * self.atom(self.alg.atoms[k], k) ** e
            found.append((o, self.alg.term(fixed)))
        signed = [(o, c, self.sign(c)) for o, c in found]
        left = [x for n, x in enumerate(signed)
                if not any(y[2] and n != m and at_most(x[0], y[0], self.shared, strict=True) for m, y in enumerate(signed))]  # fmt: skip
        if not left:
            raise Refused("the expression is 0")
        signs = {s for _, _, s in left}
        if len(signs) > 1 or 0 in signs:
            factor = next((c for _, c, s in left if not s), left[-1][1])
            if self.sign(factor):
                raise Refused("terms of one order have different signs")
            said = self.facts.tex(wanting(self.facts, factor))
            raise Refused(f"This needs that {said}, and nothing says so.", said)
        out = left[0][0]
        for o, _, _ in left[1:]:
            out = out + o
        self.above = signs == {1}
        return out

    def moves(self, atom: Term) -> bool:
        """Whether the size of ``atom`` may change with what grows."""
        k = key(atom)
        if k not in self.moving:
            self.moving[k] = k in self.grow or k in self.free or is_random(self.facts, atom) or any(
                self.changes(s) for s in free(self.facts.seen(atom)))  # fmt: skip
        return self.moving[k]

    def changes(self, s: Term) -> bool:
        dims = {s} | {d for axis in s.sort.shape for d in free(axis)}
        if any(key(d) in self.grow or key(d) in self.free for d in dims):
            return True
        if is_dimension(self.facts, s):
            return False
        return grows_by_line(self.facts, s)

    def settled(self, atom: Term) -> bool:
        """Whether ``atom`` stays fixed, and no line relates it to anything that does not."""
        if self.moves(atom):
            return False
        own = free(self.facts.seen(atom))
        lines = [free(g.prop) for g in self.facts.givens if own & free(g.prop)]
        return not any(self.changes(s) for names in lines for s in names - own)

    def atom(self, atom: Term, k: str) -> Order:
        if k in self.grow:
            self.atoms[k] = atom
            return Order.of(((k, Fraction(1)),))
        if k in self.free:
            if not self.sign(atom):
                said = self.facts.tex(wanting(self.facts, atom))
                raise Refused(f"This needs that {said}, and nothing says so.", said)
            self.atoms[k] = atom
            return Order.of(((k, Fraction(1)),))
        if atom.head == "Add":
            return self.of(self.alg.normal(atom))
        said = self.facts.tex(atom)
        raise Refused(f"nothing says how {said} grows", f"how {said} grows")

    def sign(self, c: Term) -> int:
        v = positive(self.facts, c)
        if not v:
            return -1 if positive(self.facts, neg(c)) else 0
        for s in free(c):  # a number needs no reason
            w = positive(self.facts, s)
            if w and w.facts:
                said = f"{self.facts.tex(s)}$ > 0$".replace("$$", "")
                self.conditions.setdefault(said, Condition(said, "holds", w.because, w.facts))
        return 1

    # -- back to terms
    def term(self, o: Order) -> Term:
        """A short expression of this order: what others dominate is left out."""

        def total(ms: frozenset[Mono]) -> tuple[Term, Mono]:
            kept = sorted(m for m in ms if not any(
                n != m and at_most(Order.of(m), Order.of(n), self.shared) and (n < m or not at_most(Order.of(n), Order.of(m), self.shared))
                for n in ms))  # fmt: skip
            common = {k: min(dict(m).get(k, Fraction(0)) for m in kept) for m in kept for k, _ in m}
            rest = [tuple((k, e - common.get(k, Fraction(0))) for k, e in _full(m, common) if e != common.get(k, Fraction(0))) for m in kept]
            return add(*(self.monomial(m) for m in rest)), tuple((k, e) for k, e in common.items() if e)

        above, up = total(o.above)
        below, down = total(o.below)
        exponents = dict(up)
        for k, e in down:
            exponents[k] = exponents.get(k, Fraction(0)) - e
        front = self.monomial(tuple(sorted((k, e) for k, e in exponents.items() if e)))
        parts = [x for x in (front, above) if x != num(1)] + ([power(below, num(-1))] if below != num(1) else [])
        return tidy(mul(*parts)) if parts else num(1)

    def monomial(self, m: Mono) -> Term:
        return tidy(mul(*(power(self.atoms[k], num(e)) if e != 1 else self.atoms[k] for k, e in m)))


def _full(m: Mono, common: dict[str, Fraction]) -> list[tuple[str, Fraction]]:
    have = dict(m)
    return sorted((k, have.get(k, Fraction(0))) for k in have.keys() | common.keys())


def compare(relation: str, a: Term, b: Term, facts: Facts) -> bool:
    """``a = Theta(b)``, ``O`` or ``Omega``, ``~`` for closed forms; False also where it cannot be told."""
    try:
        c = Closed(facts)
        if relation == "~":
            d = c.alg.normal(add(a, mul(num(-1), b)))
            return not d or at_most(_upper(c, d), c.order(b), c.shared, strict=True)
        x, y = _left(c, relation, a), c.order(b)
        if not c.above:  # no multiple of it is at least the size of anything
            return False
        if relation == "Theta":
            return same_order(x, y, c.shared)
        return at_most(x, y, c.shared) if relation == "O" else at_most(y, x, c.shared)
    except (Refused, TooMany, TooLarge):
        return False


def _left(c: Closed, relation: str, t: Term) -> Order:
    """The order of ``t``; for a bound from above one that its size does not exceed, where a sign is not known."""
    try:
        return c.order(t)
    except Refused:
        if relation != "O":
            raise
        return c.upper(t)


def _upper(c: Closed, p: Poly) -> Order:
    """An order that the size of ``p`` does not exceed: the sum of those of its monomials."""
    out: Order | None = None
    for m in p:
        moving = tuple(x for x in m if x[1] < 0 or not c.settled(c.alg.atoms[x[0]]))  # what is fixed is a constant, of either sign or 0
        o = c.of({moving: Fraction(1)})
        out = o if out is None else out + o
    assert out is not None
    return out


def by_leading(line: Term, facts: Facts, form: Callable[[Term], Term] = lambda t: t) -> Step:
    """``line ~`` its one leading monomial, written as ``form`` gives it (checked to be equal)."""
    c = Closed(facts)
    c.order(line)  # its signs are known
    p = _leading(c, c.alg.normal(line))
    if len(p) != 1:
        raise Refused("no single leading term")
    (coefficient,) = p.values()
    if coefficient <= 0:
        raise Refused("the leading coefficient is not positive")
    plain = c.alg.term(p)
    shown = form(plain)
    return Step("~", line, shown if equal(shown, plain)[0] else plain, "leading terms", seal=_SEAL)


def _leading(c: Closed, p: Poly) -> Poly:
    """The monomials that no other dominates, with every sum inside a power cut to its one leading term."""
    out: Poly = {}
    for m, coefficient in p.items():
        part: Poly = {(): coefficient}
        for k, e in m:
            atom = c.alg.atoms[k]
            if atom.head == "Add" and c.moves(atom):
                lead = _leading(c, c.alg.normal(atom))
                if len(lead) != 1:
                    raise Refused("no single leading term")
                part = c.alg.times(part, c.alg.numeric_power(lead, e))
            else:
                part = c.alg.times(part, {((k, e),): Fraction(1)})
        for mono, x in part.items():
            out[mono] = out.get(mono, Fraction(0)) + x
    out = {m: x for m, x in out.items() if x}

    def plain(m: Monomial) -> Order:
        return Order.of(tuple(x for x in m if x[0] in c.grow or x[0] in c.free))

    return {m: x for m, x in out.items() if not any(n != m and at_most(plain(m), plain(n), c.shared, strict=True) for n in out)}


def by_order(line: Term, facts: Facts, after: Term | None = None, relation: str = "Theta") -> Step:
    """``line = Theta(e)``: ``e`` its leading monomials without what is held fixed, or ``after``, which must be of the same order.

    Raises
    ------
    Refused
        A leading monomial is not positive, or has a factor whose sign is not known.
    """
    c = Closed(facts)
    order = _left(c, relation, line)
    shown = after if after is not None else c.term(order)
    if not compare(relation, line, shown, facts):
        raise Refused("not of this order")
    head = {"Theta": "Theta", "O": "BigO", "Omega": "BigOmega"}[relation]
    return Step(relation, line, call(head, shown), "leading terms", conditions=tuple(c.conditions.values()), seal=_SEAL)


def by_line(t: Term, cls: Term, facts: Facts) -> Step:
    """``t = Theta(u)`` because a line of the document says so (or says more)."""
    from derive.kernel.conditions import holds

    v = holds(call("Eq", t, cls), facts)
    if not v or not v.facts:
        raise Refused("no line says so")
    said = Condition(facts.tex(call("Eq", t, cls)), "holds", v.because, v.facts)
    return Step(GROWTH[cls.head], t, cls, "given", conditions=(said,), seal=_SEAL)


def by_bound(line: Term, facts: Facts) -> Step:
    """``a <= w`` implies ``a = O(w)``, of what is not negative; ``a >= w`` implies ``a = Omega(w)``: multiples of 1 of a positive order.

    Raises
    ------
    Refused
        ``w`` is of no positive order, or ``a`` may be negative.
    """
    a, w = line.args
    c, below = Closed(facts), line.head in ("Le", "Lt")
    if line.head not in ("Le", "Lt", "Ge", "Gt") or not compare("Theta", w, w, facts):
        raise Refused(f"{facts.tex(line)} gives no order: {facts.tex(w)} would have to be positive, and its growth known.")
    conditions: tuple[Condition, ...] = ()
    if below:
        v = nonnegative(facts, a)
        said = facts.tex(call("Ge", a, num(0)))
        if not v:
            raise Refused(f"{facts.tex(line)} bounds the size of {facts.tex(a)} only where {said}.", said)
        conditions = (Condition(said, "holds", v.because, v.facts),)
    return Step("implies", line, call("Eq", a, call("BigO" if below else "BigOmega", c.term(c.order(w)))), "leading terms", conditions=conditions, seal=_SEAL)


def reordered(line: Term, new: Term, facts: Facts) -> Step:
    """One class written otherwise: ``O(n) = O(n^2)``, read from left to right."""
    if not compare(GROWTH[line.head], line.args[0], new, facts):
        raise Refused("another order")
    return Step("=", line, call(line.head, new), "leading terms", seal=_SEAL)


__all__ = ["Closed", "by_bound", "by_line", "by_leading", "by_order", "compare", "reordered"]
