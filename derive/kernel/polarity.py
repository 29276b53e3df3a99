"""Whether a bound on a part is a bound on the whole: every operator around the part must keep order, or turn it round.

Going outwards from the place, each operator is one of the few that are monotone there; what that needs of signs is a
condition of the step, with its reason.
"""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.facts.signs import nonnegative, positive
from derive.facts.verdict import Verdict
from derive.kernel.step import Condition, Refused
from derive.terms import ZERO, Path, Term, call, is_num, mul, neg, replace, shape

FLIPPED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
WEAK = {"<": "<=", ">": ">="}
KEEPING = frozenset({"Add", "Sum", "Expect", "Max", "Min", "Exp", "ReLU", "Sigmoid", "Tanh", "Floor", "Ceil"})


def carried(line: Term, path: Path, old: Term, new: Term, relation: str, facts: Facts) -> tuple[str, tuple[Condition, ...]]:
    """How ``line`` with ``old`` at ``path`` relates to ``line`` with ``new`` there, given ``old relation new``.

    Raises
    ------
    Refused
        An operator around the place is not monotone, or a sign it needs is not known.
    """
    out: list[Condition] = []
    a, b = old, new
    if path:
        relation = WEAK.get(relation, relation)
    for n in range(len(path) - 1, -1, -1):
        outer = line
        for i in path[:n]:
            outer = outer.args[i]
        here = facts.at(line, path[:n])
        relation = _through(outer, path[n], a, b, relation, here, out)
        a, b = replace(outer, (path[n],), a), replace(outer, (path[n],), b)
    return relation, tuple(out)


def _through(t: Term, i: int, a: Term, b: Term, relation: str, facts: Facts, out: list[Condition]) -> str:
    less = a if relation in ("<=", "<") else b
    if shape(t):
        raise Refused("an array has no order")
    if t.head == "Mul":
        others = mul(*(x for k, x in enumerate(t.args) if k != i))
        v = nonnegative(facts, others)
        if v:
            return _said(call("Ge", others, ZERO), v, facts, out, relation)
        return _said(call("Le", others, ZERO), nonnegative(facts, neg(others)), facts, out, FLIPPED[relation])
    if t.head == "Pow" and i == 0:
        e = t.args[1]
        whole = is_num(e) and e.value.denominator == 1
        if whole and e.value > 0 and e.value % 2 == 1:
            return relation
        if is_num(e) and e.value > 0 or not is_num(e) and nonnegative(facts, e):
            return _said(call("Ge", less, ZERO), nonnegative(facts, less), facts, out, relation)
        if is_num(e) or nonnegative(facts, neg(e)):
            return _said(call("Gt", less, ZERO), positive(facts, less), facts, out, FLIPPED[relation])
    elif t.head == "Ln":
        return _said(call("Gt", less, ZERO), positive(facts, less), facts, out, relation)
    elif t.head == "Abs":
        return _said(call("Ge", less, ZERO), nonnegative(facts, less), facts, out, relation)
    elif t.head == "Prod" and i == 1:
        return _said(call("Ge", less, ZERO), nonnegative(facts.enter(t), less), facts, out, relation)
    elif t.head == "Sup" and i == 1 or t.head == "Where" and i == 0:  # the least bound of larger values is no smaller
        return relation
    elif t.head in KEEPING and (i == 1 or t.head != "Sum"):
        return relation
    raise Refused(f"a bound on a part of {facts.tex(t)} is no bound on the whole")


def _said(p: Term, v: Verdict, facts: Facts, out: list[Condition], relation: str) -> str:
    if not v:
        said = facts.tex(p)
        raise Refused(f"a bound on one factor carries over only where {said}: {v.because}" if v.because else
                      f"a bound on one part carries over only where {said}", said)  # fmt: skip
    if v.because:
        out.append(Condition(facts.tex(p), "holds", v.because, v.facts))
    return relation


__all__ = ["FLIPPED", "carried"]
