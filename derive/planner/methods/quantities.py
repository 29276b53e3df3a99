"""Stated values of compound quantities (a norm, a trace, an inner product) where they turn up, or what they are made of does.

A line ``RMS(x) = 1`` also says what the sum of the squares of ``x`` comes to: the definition is followed to that sum, and
each line on the way is an equation for what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.facts.facts import CHANCE, Facts
from derive.facts.stated import GROWTH, given_value
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Refused, Spot, by_algebra, by_given
from derive.kernel.combining import gather, placed, reverse
from derive.kernel.numbers import tidy
from derive.kernel.step import Step
from derive.planner.methods.rewriting import Phase, Rewriter, rearranged
from derive.terms import Path, Term, div, is_num, key, mul, num, power, same, shape, subterms
from derive.terms.walk import heads, mask

MAX_LINES = 8


@dataclass(frozen=True)
class Equation:
    """``proof`` leads from ``part`` to what the stated values make of it."""

    part: Term
    proof: Step


def stated(phases: tuple[Phase, ...]) -> Phase:
    """The phase; ``phases`` unfold a quantity into what it is made of."""

    def find(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[tuple[Spot, Step]]:
        t = Spot(path).get(line)
        if t.head in ("Num", "Sym") or shape(t) or any(same(t, k) for k in rw.keep):
            return
        for e in known(rw, phases):
            if same(t, e.part):
                try:
                    own = given_value(rw.facts, t) is not None  # a line says it of this itself, however it is written
                    step = by_given(line, Spot(path), rw.facts) if own else placed(e.proof, line, Spot(path), rw.facts)
                except Refused:
                    return
                if step.before == line and key(step.after) not in rw.seen:
                    yield Spot(path), step
                return
        if t.head == "Pow" and is_num(t.args[1]):  # another power of it
            for e in known(rw, phases):
                base, k = (e.part.args[0], e.part.args[1].value) if e.part.head == "Pow" and is_num(e.part.args[1]) else (e.part, Fraction(1))
                if same(base, t.args[0]) and not same(e.part, t.args[0]):
                    yield from rearranged(rw, line, Spot(path), power(e.part, num(t.args[1].value / k)))

    def may(rw: Rewriter, t: Term, facts: Facts) -> bool:
        return heads(t) & mask(*(e.part.head for e in known(rw, phases))) != 0

    return Phase("stated", find, may)


def known(rw: Rewriter, phases: tuple[Phase, ...]) -> list[Equation]:
    """What the stated equations say of their quantities and of what these are made of."""
    k = ("quantities", rw.without)
    got = rw.facts.cache.get(k)
    if got is None:
        got = rw.facts.cache[k] = []
        facts = replace(rw.facts, scope=(), under_chance=False)
        for g in rw.facts.givens:
            p = g.prop
            if p.head != "Eq" or p.args[1].head in GROWTH or p.args[0].head in ("Num", "Sym", "At", "Apply") or shape(p.args[0]):
                continue
            if any(u.head in CHANCE for u in subterms(p.args[0])):
                continue
            q = p.args[0]
            got.append(Equation(q, by_given(q, Spot(), facts)))
            for whole in (power(q, num(2)), q) if q.head != "Pow" else (q,):
                got += _opened(rw, whole, q, facts, phases)
    return got


def _opened(rw: Rewriter, whole: Term, quantity: Term, facts: Facts, phases: tuple[Phase, ...]) -> Iterator[Equation]:
    """Each line on the way from a quantity to its definition in which one other quantity stands, solved for that."""

    def run(line: Term) -> list[Step]:
        return Rewriter(rw.library, facts, phases, rw.prove, without=rw.without).run(line)

    for n, s in enumerate(run(whole)[:MAX_LINES], 1):
        part = _part(s.after)
        rest = _coefficient(s.after, part) if part is not None else None
        if part is None or rest is None or same(part, quantity):
            continue
        start = tidy(mul(div(num(1), rest), whole)) if not is_num(rest, 1) else whole
        there = run(start)[:n]
        try:
            if not same(there[-1].after, part):
                there.append(by_algebra(there[-1].after, Spot(), part, facts))
            steps = [reverse(s) for s in reversed(there)]
            while (place := _place(steps[-1].after, quantity)) is not None and len(steps) < 2 * MAX_LINES:
                steps.append(by_given(steps[-1].after, Spot(place), facts))
            yield Equation(steps[0].before, gather(steps, "given"))
        except Refused:
            continue


def _place(line: Term, quantity: Term, path: Path = ()) -> Path | None:
    if same(line, quantity):
        return path
    return next((p for i, c in line.children() if (p := _place(c, quantity, (*path, i))) is not None), None)


def _part(line: Term) -> Term | None:
    """The one quantity in ``line``, if that is a number times its first power."""
    alg = Algebra()
    try:
        p = alg.normal(line)
    except TooLarge:
        return None
    if len(p) != 1:
        return None
    ((m, _),) = p.items()
    compound = [(alg.atoms[k], e) for k, e in m if alg.atoms[k].head not in ("Sym", "Num", "Pi", "E")]
    if len(compound) != 1 or compound[0][1] != 1:
        return None
    return next((u for u in subterms(line) if u.head == compound[0][0].head and same(Algebra().simplify(u), compound[0][0])), None)


def _coefficient(line: Term, part: Term) -> Term | None:
    """``c`` where ``line`` is ``c`` times ``part``, as written."""
    if same(line, part):
        return num(1)
    rest = [a for a in line.args if not same(a, part)] if line.head == "Mul" else []
    return mul(*rest) if rest and len(rest) == len(line.args) - 1 else None
