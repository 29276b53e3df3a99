r"""What multiplying means for the shapes that meet, and dots between factors.

Numbers multiply, matrices compose, ``x^\top y`` is a number and ``u v^\top`` a matrix. Shapes that do not fit are an
error that names both and says which order would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.language.ast import Node
from derive.language.elaborate_dots import reversed_member, run
from derive.language.elaborate_misfits import Fix, Misfit
from derive.language.elaborate_session import Session, shown
from derive.language.model import ReadError
from derive.language.writer import latex
from derive.terms import ShapeError, Term, call, is_num, mul, shape
from derive.terms.shapes import ENTRYWISE, as_matrix


@dataclass
class Item:
    """A factor with what it was read from; ``sign`` is the marker before it."""

    term: Term
    node: Node
    sign: str = ""


def spanned(first: Node, last: Node) -> Node:
    if first is last:
        return first
    return Node("product", (first, last), "", first.start, last.end, first.where)


# Dots


def undotted(s: Session, items: list[Item], whole: Node) -> list[Item]:
    r"""The factors with ``W_L \cdots W_1`` as one product over an index."""
    at = [i for i, x in enumerate(items) if x.sign == "dots"]
    if not at:
        return items
    i = at[0]
    if len(at) > 1 or i == 0 or i == len(items) - 1:
        raise whole.error("dots stand between the first and the last factor", (r"W_L \cdots W_1", r"x_1 \cdots x_n"))
    taken, sign, (j, member), lo, hi = run([x.term for x in items[:i]], items[i + 1].term, whole)
    if s.shape(items[i + 1].term):
        if sign > 0:
            member = reversed_member(j, member, lo, hi)
        else:
            lo, hi = hi, lo
        term = call("MatProd", j, member, lo, hi)
    else:
        term = call("Prod", j, member, *((lo, hi) if sign > 0 else (hi, lo)))
    node = spanned(items[i - taken].node, items[i + 1].node)
    return [*items[: i - taken], Item(term, node), *items[i + 2 :]]


# Shapes


def multiplied(s: Session, items: list[Item]) -> Term:
    """The product of factors: numbers in their order, one run of matrices and vectors among them."""
    out: list[Term | None] = []
    run: list[Item] = []

    def close(as_number: bool) -> None:
        if run:
            joined = _joined(s, run)
            out[out.index(None)] = s.number(joined, run[0].node) if as_number else joined
            run.clear()

    _as_numbers(s, items)
    for item in items:
        item.term = s.fix(item.term)
        sh = s.shape(item.term, item.node)
        if not sh:
            out.append(item.term)
            continue
        if len(sh) > 2:
            raise item.node.error(f"`{item.node.source}` has more than two axes; a member of it has fewer")
        if not run:
            run.append(item)
            out.append(None)
        else:
            rows, cols = as_matrix(s.shape(_joined(s, run)))
            r, _ = as_matrix(sh)
            if s.fits(cols, r):
                run.append(item)
            elif is_num(s.fix(rows), 1) and is_num(s.fix(cols), 1):
                close(True)
                run.append(item)
                out.append(None)
            elif s.one_entry(item.term):
                out.append(s.number(item.term, item.node))
                continue
            else:
                raise _misfit(s, run, item)
        if len(run) > 1 and _is_row(run[0].term) and len(s.shape(run[-1].term)) == 1:
            close(True)
    close(False)
    return mul(*(t for t in out if t is not None))


def _as_numbers(s: Session, items: list[Item]) -> None:
    """Arrays with one entry are numbers, unless something that is none stands beside them."""
    arrays = [i for i in items if s.shape(i.term, i.node)]
    if arrays and all(s.one_entry(i.term) and i.term.head in ("Sym", "At") for i in arrays) and len(items) > 1:
        for i in arrays:
            i.term = s.number(i.term, i.node)


def _is_row(t: Term) -> bool:
    return t.head == "Transpose" and len(shape(t.args[0])) == 1


def _joined(s: Session, run: list[Item]) -> Term:
    """A run of matrices and vectors as one term."""
    terms = [s.fix(i.term) for i in run]
    if len(terms) == 1:
        return terms[0]
    if _is_row(terms[0]) and len(s.shape(terms[-1])) == 1:
        rest = terms[1] if len(terms) == 2 else call("MatMul", *terms[1:])
        return call("Dot", terms[0].args[0], rest)
    return call("MatMul", *terms)


def _misfit(s: Session, run: list[Item], item: Item) -> ReadError:
    """The error for two neighbours that do not multiply: both shapes, and what might have been meant."""
    left = run[-1]
    place = spanned(left.node, item.node)
    message = f"the shapes do not fit: `{left.node.source}` {shown(s.shape(left.term))}, "
    inner = _outer_inside(left.term)
    if inner is not None and inner is not left.term:
        message = f"the shapes do not fit: `{latex(inner)}` {shown(s.shape(inner))}, "
    message += f"`{item.node.source}` {shown(s.shape(item.term))}"
    return Misfit(place, message, tuple(_fixes(s, left, item, place)))


def _outer_inside(t: Term) -> Term | None:
    """The outer product ``u v^T`` in an entrywise function of it."""
    while t.head in ENTRYWISE:
        t = t.args[0]
    if t.head == "MatMul" and len(t.args) == 2 and _is_row(t.args[1]):
        return t
    return None


def _fixes(s: Session, left: Item, right: Item, place: Node) -> Iterator[Fix]:
    """What might have been meant: an outer product the other way round, a transpose, the factors swapped."""
    a, b = s.fix(left.term), s.fix(right.term)
    inner = _outer_inside(a)
    if inner is not None:
        u, v = inner.args[0], inner.args[1].args[0]
        swapped = call("MatMul", v, call("Transpose", u))
        yield Fix(left.node, latex(_replaced(a, swapped)), latex(swapped))
    flipped_a, flipped_b = _flipped(a), _flipped(b)
    pairs = [(flipped_a, b), (a, flipped_b), (b, a), (flipped_a, flipped_b)]
    for x, y in pairs[1:] if inner is not None else pairs:
        if _composes(x, y):
            dot = _is_row(x) and len(shape(y)) == 1
            yield Fix(place, latex(call("Dot", x.args[0], y) if dot else call("MatMul", x, y)))


def _flipped(t: Term) -> Term:
    return t.args[0] if t.head == "Transpose" else call("Transpose", t)


def _replaced(t: Term, new: Term) -> Term:
    return call(t.head, _replaced(t.args[0], new)) if t.head in ENTRYWISE else new


def _composes(a: Term, b: Term) -> bool:
    try:
        shape(call("MatMul", a, b))
    except ShapeError:
        return False
    return True
