"""Densities that a document defines by a formula of its own, and averages over densities as integrals."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.densities import formula
from derive.facts.facts import Facts
from derive.kernel.apply import Spot
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, definitions, with_head
from derive.rulebook.model import Rule
from derive.terms import Path, Term

NAMED = ("Sym", "Apply", "At", "Density")


def to_integral(rule: Rule) -> bool:
    """A rule that writes an average as an integral or a sum."""
    a, b = rule.claim.args
    return rule.role == "change" and a.head == "ExpectOver" and b.head in ("Integral", "Sum") and not rule.when_asked


def named(law: Term, facts: Facts) -> bool:
    """Whether a density is defined by the formula of a named law."""
    d = formula(law, facts)
    return d is not None and d.law is not None and d.law.head not in ("Sym", "Apply")


def as_written(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An average over a density that the document defines by a formula of its own, as the integral that it is."""
    t = Spot(path).get(line)
    if t.head == "ExpectOver" and formula(t.domain[0], facts) is not None and not named(t.domain[0], facts):
        for side in rw.library.table("over", to_integral).candidates(t, facts):
            for step in rw.fits(side, line, Spot(path), facts):
                yield Spot(path), step


def opened(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The formula of a density that the document defines, wherever its value stands."""
    t = Spot(path).get(line)
    if t.head == "Density" and formula(t.args[0], facts) is not None:
        yield from definitions(rw, line, path, facts, named=NAMED)


AS_WRITTEN = Phase("as the integral it is", as_written, with_head("ExpectOver"))
OPENED = Phase("formulas of densities", opened, with_head("Density"))

__all__ = ["AS_WRITTEN", "NAMED", "OPENED", "named", "to_integral"]
