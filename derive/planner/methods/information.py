"""Averages of arrays made of a score: the law by its name, outer products multiplied out, and each term averaged on its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derive.facts.densities import by_name, formula
from derive.facts.facts import Facts
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Spot, by_definition
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, by_roles, rearranged, with_head
from derive.rulebook.model import Rule
from derive.terms import Path, Term, free, fresh, key, shape, subst, subterms, support
from derive.terms.term import Sort


def named_law(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A density that is defined by the formula of a named law, as that law, where something is averaged over it."""
    t = Spot(path).get(line)
    if t.head not in ("ExpectOver", "KL", "Entropy"):
        return
    for i, law in enumerate(t.args):
        d = formula(law, facts)
        if d is not None and (t.head != "ExpectOver" or i == 2):
            yield from rw.hit(Spot((*path, i)), partial(by_definition, line, Spot((*path, i)), d, rw.facts))


def bounded_law(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The same where that law has its weight on a part of the numbers alone: its formula is no density everywhere."""
    t = Spot(path).get(line)
    if t.head == "ExpectOver" and support(t.var, by_name(t.domain[0], facts)):
        yield from named_law(rw, line, path, facts)


def multiplied(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """What is averaged as a sum of multiples of arrays, or of powers, with sums in which no other stands (``x - m``) left whole."""
    t = Spot(path).get(line)
    if t.head != "ExpectOver" or t.body.head == "Add" or t.var not in free(t.body):
        return
    table: dict[Term, Term] = {}
    body = whole(t.body, t.var, table)
    try:
        new = Algebra().simplify(body)
    except TooLarge:
        return
    if new.head == "Add" or _drawn_arrays(t.body, t.var) and not _drawn_arrays(new, *table.values(), t.var):
        yield from rearranged(rw, line, Spot((*path, 1)), subst(new, {v: k for k, v in table.items()}))


def _drawn_arrays(t: Term, *drawn: Term) -> bool:
    """Whether a product of arrays has something that is drawn in it."""
    return any(u.head == "MatMul" and free(u) & set(drawn) for u in subterms(t))


def whole(t: Term, var: Term, table: dict[Term, Term]) -> Term:
    """``t`` with a letter for each number that is a sum with ``var`` in it, and with no such sum in it."""
    if t.head in ("Num", "Sym") or t.is_binder:
        return t
    if t.head == "Add" and not shape(t) and var in free(t) and not any(u is not t and u.head == "Add" and var in free(u) for u in subterms(t)):
        same = next((v for k, v in table.items() if key(k) == key(t)), None)
        if same is None:
            same = table[t] = fresh(Term("Sym", ("u", Sort())), {s.name for s in free(t)} | {v.name for v in table.values()} | {"u"})
        return same
    return Term(t.head, tuple(whole(a, var, table) if isinstance(a, Term) else a for a in t.args))


def _average(rule: Rule, head: str, right: str) -> bool:
    left = rule.claim.args[0]
    return left.head == "ExpectOver" and left.body.head == head and rule.claim.args[1].head == right


NAMED_LAW = Phase("the law by its name", named_law, with_head("ExpectOver", "KL", "Entropy"))
BOUNDED_LAW = Phase("the law by its name, where it lives on a part", bounded_law, with_head("ExpectOver"))
MULTIPLIED = Phase("outer products multiplied out", multiplied, with_head("ExpectOver"))
OUTER = by_roles("outer squares", {"linear"}, lambda r: _average(r, "MatMul", "Add") or r.claim.args[0].head == "ExpectOver" and r.claim.args[0].body == r.claim.args[1])
SUMS = by_roles("averages of sums", {"linear"}, lambda r: _average(r, "Add", "Add"))
MULTIPLES = by_roles("averages of multiples of arrays", {"linear"}, lambda r: r.claim.args[0].head == "ExpectOver" and not _average(r, "MatMul", "Add") and not _average(r, "Add", "Add"))

__all__ = ["BOUNDED_LAW", "MULTIPLES", "MULTIPLIED", "NAMED_LAW", "OUTER", "SUMS"]
