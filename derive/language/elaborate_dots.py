r"""Dots: ``x_1 + \cdots + x_n`` and ``W_L \cdots W_1`` as a sum or product over an index."""

from __future__ import annotations

from derive.language.ast import Node
from derive.terms import ONE, Term, add, free, num, rebuild, same, sub, subst, sym
from derive.terms.walk import INDEX_NAMES

Pairs = list[tuple[Term, Term]]


def run(before: list[Term], last: Term, node: Node) -> tuple[int, int, tuple[Term, Term], Term, Term]:
    """What dots between ``before[-1]`` and ``last`` stand for.

    Gives how many of ``before`` belong to the run, whether the index rises (1) or falls (-1), the index with the
    general member, and the indices of the first and the last member.
    """
    first = before[-1]
    pairs: Pairs = []
    _differences(first, last, pairs)
    if not pairs or any(p != pairs[0] for p in pairs):
        raise node.error("the first and the last member must differ in one index only", (r"\sum_{j=1}^n x_j",))
    lo, hi = pairs[0]
    taken = free(first) | free(last)
    name = next(n for n in INDEX_NAMES if all(s.name != n for s in taken))
    j = sym(name)
    member = _general(first, last, j)
    falls = hi.head == "Num" and (lo.head != "Num" or hi.value < lo.value)
    step = -1 if falls else 1
    used = 1
    while used < len(before):
        earlier = add(lo, num(-step)) if lo.head != "Num" else num(lo.value - step)
        if not _alike(before[-used - 1], subst(member, {j: earlier})):
            break
        lo = earlier
        used += 1
    if falls and used > 1 and lo.head != "Num":
        lo = before_index(before[-used], member, j) or lo
    return used, step, (j, member), lo, hi


def before_index(t: Term, member: Term, j: Term) -> Term | None:
    pairs: Pairs = []
    _differences(member, t, pairs)
    return pairs[0][1] if pairs and all(p == pairs[0] and p[0] == j for p in pairs) else None


def _alike(a: Term, b: Term) -> bool:
    if same(a, b):
        return True
    # indices L and (L - 1) + 1
    pairs: Pairs = []
    _differences(a, b, pairs)
    return bool(pairs) and all(_equal_numbers(x, y) for x, y in pairs)


def _equal_numbers(a: Term, b: Term) -> bool:
    from collections import Counter

    def parts(t: Term) -> tuple[Counter[Term], object]:
        terms = t.args if t.head == "Add" else (t,)
        constant = sum(x.value for x in terms if x.head == "Num")
        return Counter(x for x in terms if x.head != "Num"), constant

    return parts(a) == parts(b)


def _differences(a: Term, b: Term, out: Pairs) -> None:
    if a == b:
        return
    if a.head == b.head and a.head not in ("Num", "Sym", "Add") and len(a.args) == len(b.args) and not a.is_binder:
        for x, y in zip(a.args, b.args, strict=True):
            _differences(x, y, out)
        return
    out.append((a, b))


def _general(a: Term, b: Term, j: Term) -> Term:
    if a == b:
        return a
    if a.head == b.head and a.head not in ("Num", "Sym", "Add") and len(a.args) == len(b.args) and not a.is_binder:
        return rebuild(a, tuple(_general(x, y, j) for x, y in zip(a.args, b.args, strict=True)))
    return j


def reversed_member(j: Term, member: Term, lo: Term, hi: Term) -> Term:
    """The member with its index counted from the other end."""
    total = add(lo, hi) if lo != ONE else add(hi, ONE)
    return subst(member, {j: sub(total, j)})
