"""Positive definite and semidefinite matrices, each with its reason.

What is looked for is the form: a sum of semidefinite matrices with a definite one among them, a positive multiple, ``u u^T`` and
``A^T A``, and averages of such (R. A. Horn and C. R. Johnson, Matrix Analysis, 2nd ed., §7.1).
"""

from __future__ import annotations

from collections.abc import Callable

from derive.facts.facts import Facts
from derive.facts.signs import nonnegative, positive
from derive.facts.stated import law_of
from derive.facts.verdict import UNKNOWN, Verdict, both, yes
from derive.terms import Term, at, free, fresh, mul, same, shape, sym


def definite(facts: Facts, m: Term) -> Verdict:
    """``x^T m x > 0`` for every ``x`` that is not 0, and ``m`` symmetric."""
    said = _stated(facts, m)
    if said:
        return said
    if m.head == "Identity":
        return yes("")
    if m.head == "Mul":
        return _multiple(facts, m, positive, definite)
    if m.head == "Add":
        parts = [semidefinite(facts, a) for a in m.args]
        strict = next((v for v in (definite(facts, a) for a in m.args) if v), UNKNOWN)
        return both([*parts, strict]) if strict and all(parts) else UNKNOWN
    if m.head == "Inverse":
        return definite(facts, m.args[0])
    if m.head == "Diag":
        return _diagonal(facts, m.args[0])
    return UNKNOWN


def semidefinite(facts: Facts, m: Term) -> Verdict:
    """``x^T m x >= 0`` for every ``x``, and ``m`` symmetric."""
    strict = definite(facts, m)
    if strict or m.head == "Zeros":
        return strict or yes("")
    if m.head == "Mul":
        return _multiple(facts, m, nonnegative, semidefinite)
    if m.head == "Add":
        return both(semidefinite(facts, a) for a in m.args)
    if m.head == "MatMul" and _own_transpose(m.args):
        return yes(f"{facts.tex(m)} is a matrix times its own transpose")
    if m.head == "Var":
        return yes(f"{facts.tex(m)} is a covariance matrix")
    if m.head in ("Sum", "Expect", "ExpectOver"):
        return semidefinite(facts.enter(m), m.args[0] if m.head == "Expect" else m.body)
    return UNKNOWN


def _stated(facts: Facts, m: Term) -> Verdict:
    for g in facts.givens:
        if g.prop.head == "PositiveDefinite" and same(g.prop.args[0], m):
            return yes(f"line {g.line} says that {facts.tex(m)} is positive definite", g.line)
    if m.head == "Var" and m.args[0].head == "Sym" and (got := law_of(facts, m.args[0])) is not None and got[0].head == "Normal":
        return definite(facts, got[0].args[1])
    return UNKNOWN


def _multiple(facts: Facts, m: Term, sign: Callable[[Facts, Term], Verdict], test: Callable[[Facts, Term], Verdict]) -> Verdict:
    matrices = [a for a in m.args if shape(a)]
    if len(matrices) != 1:
        return UNKNOWN
    factors = [a for a in m.args if not shape(a)]
    return both([sign(facts, mul(*factors)), test(facts, matrices[0])]) if factors else test(facts, matrices[0])


def _own_transpose(factors: tuple[Term, ...]) -> bool:
    """``B B^T``: from the last to the first the factors are the transposed ones."""
    def turned(t: Term) -> Term:
        return t.args[0] if t.head == "Transpose" else Term("Transpose", (t,))

    return len(factors) % 2 == 0 and all(same(turned(a), b) for a, b in zip(factors, factors[::-1], strict=True))


def _diagonal(facts: Facts, x: Term) -> Verdict:
    """The diagonal matrix of entries that are all positive: one of them of which nothing else is known is."""
    i = fresh(sym("i"), facts.symbols.keys() | {b.var.name for b in facts.scope} | {s.name for s in free(x)})
    return positive(facts, at(x, i))


__all__ = ["definite", "semidefinite"]
