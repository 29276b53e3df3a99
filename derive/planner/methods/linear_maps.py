"""A vector brought behind the matrix that it is multiplied by, out of averages and sums: what is linear in it can then be solved."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import Facts
from derive.facts.stated import given_value
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Spot, by_given
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, by_roles, rearranged, with_head
from derive.rulebook.model import Rule
from derive.terms import Path, Term, free, key, shape

INSIDE = frozenset({"Expect", "ExpectOver", "Sum"})


def _onto_vector(rule: Rule) -> bool:
    """A rule that ends in one vector, of which it says how often or by which matrix."""
    right = rule.claim.args[1]
    return right.head in ("MatMul", "Mul") and len(shape(right)) == 1 and right.args[-1].head == "Sym" and len(shape(right.args[-1])) == 1


def _of_sum(rule: Rule) -> bool:
    return rule.claim.args[0].head == "Sum" and _onto_vector(rule)


def _multiplied_out(u: Term) -> Phase:
    """A product with a sum in it, below an average or a sum, where it contains ``u``; of a sum, term by term."""

    def find(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
        t = Spot(path).get(line)
        if t.head not in INSIDE:
            return
        i = 1 if t.is_binder else 0
        body = t.args[i]
        if u not in free(body) or not shape(body):
            return
        alg = Algebra()
        try:
            new = alg.term(alg.normal(t if t.head == "Sum" else body))
        except TooLarge:
            return
        if new.head == "Add" and body.head != "Add" or new.head in ("Add", "Mul") and t.head == "Sum":
            yield from rearranged(rw, line, Spot(path if t.head == "Sum" else (*path, i)), new)

    return Phase("multiplied out", find, with_head(*INSIDE))


def _from_dot(u: Term) -> Phase:
    """``(u^T a) b``: the two factors of a product that a rule brings to a matrix times ``u``."""

    def find(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
        t = Spot(path).get(line)
        if t.head != "Mul" or not shape(t):
            return
        table = rw.library.table("from a dot product", lambda r: r.role == "collect" and r.claim.args[0].head == "Mul" and _onto_vector(r))
        array = next((n for n, a in enumerate(t.args) if shape(a)), None)
        for n, a in enumerate(t.args):
            if a.head == "Dot" and u in free(a) and array is not None:
                spot = Spot(path, tuple(sorted((n, array)))) if len(t.args) > 2 else Spot(path)
                for side in table.candidates(spot.get(line), facts):
                    last = next(n for n, x in side.rule.names.items() if x.term == side.rule.claim.args[1].args[-1])
                    for step in rw.fits(side, line, spot, facts):
                        if step.bindings[last] == u:
                            yield spot, step
                            return

    return Phase("from a dot product", find, with_head("Dot"))


def _transposes(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The transpose of a matrix that a line calls symmetric."""
    t = Spot(path).get(line)
    if t.head == "Transpose" and given_value(facts, t) is not None:
        step = by_given(line, Spot(path), rw.facts)
        if key(step.after) not in rw.seen:
            yield Spot(path), step


TRANSPOSES = Phase("symmetric matrices", _transposes, with_head("Transpose"))


def behind_a_matrix(u: Term) -> tuple[Phase, ...]:
    """The phases that do it for one vector."""

    def moves(rw: Rewriter, t: Term, facts: Facts) -> bool:
        return u in free(t)

    return (
        TRANSPOSES,
        _multiplied_out(u),
        by_roles("linear in averages", {"linear"}, lambda r: r.claim.args[0].head == "Expect", at=moves),
        _from_dot(u),
        by_roles("out of a sum", {"collect"}, _of_sum, at=moves, asked=True),
        by_roles("as often as there are terms", {"count"}, _of_sum, at=moves),
        by_roles("numbers out of averages", {"linear"}, lambda r: r.claim.args[0].head == "Expect" and r.claim.args[1].head == "Mul"),
    )


__all__ = ["TRANSPOSES", "behind_a_matrix"]
