"""The last steps to a value: in the order in which a person writes it, with as few logarithms as there can be, with its squares."""

from __future__ import annotations

from derive.facts.facts import Facts
from derive.kernel.apply import Refused, Spot, by_algebra
from derive.kernel.step import Step
from derive.planner.methods.rewriting import Rewriter
from derive.planner.values.arrays import in_front
from derive.planner.values.denominators import joined
from derive.planner.values.exponentials import one_exponential
from derive.planner.values.logarithms import in_logarithms
from derive.planner.values.pretty import cancelled, in_order, neat, pretty, reading
from derive.planner.values.squares import squared
from derive.terms import Path, Term, contains, same, shape, size, subterms


def shortened(end: Term, facts: Facts, rw: Rewriter) -> list[Step]:
    """The closed form with fewer logarithms, or with the squares that are in it."""
    steps = one_exponential(end, rw, facts) or in_logarithms(end, rw, facts)
    if steps or shape(end) or (new := squared(end)) == end:
        return steps
    try:
        return [by_algebra(end, Spot(), new, facts)]
    except Refused:
        return []


def tidied(end: Term, facts: Facts) -> list[Step]:
    """The closed form in the order that a person writes it; what is averaged, where it gets shorter."""
    if not shape(end) and contains(end, "ExpectOver") and (new := pretty(end)) is not None and _averages(new) < _averages(end):
        try:  # averages that are there twice, once with each sign
            return [by_algebra(end, Spot(), new, facts)]
        except Refused:
            pass
    places: list[Path] = [()] if not shape(end) and not contains(end, "ExpectOver") and end.head != "Expect" else averaged(end)
    for path in places:
        old = Spot(path).get(end)
        new = neat(old)
        if not shape(old) and (one := joined(old)) is not None and reading(one) <= reading(new):
            try:
                return [by_algebra(end, Spot(path), one, facts)]
            except Refused:
                pass
        if path or shape(old):
            new = min((f for f in (cancelled(old), new) if bool(shape(f)) == bool(shape(old))), key=size, default=old)
        if new == old or (old.head == "Mul" and not path and same(new, old) and size(new) >= size(old)):  # factors keep the order in which they were written
            continue
        if (path and size(new) >= size(old)) or (same(new, old) and facts.tex(new) == facts.tex(old)):
            continue
        if not path and same(new, old) and size(new) >= size(old) and not any(u.head == "Add" and u.args[0].head == "Num" for u in subterms(old)):
            continue
        try:
            return [by_algebra(end, Spot(path), new, facts)]
        except Refused:
            continue
    if shape(end) and (front := in_front(end)) != end:
        try:
            return [by_algebra(end, Spot(), front, facts)]
        except Refused:
            pass
    for path in places:  # a product with an array in it stands in the order in which a person writes it
        old = Spot(path).get(end)
        new = in_order(old)
        if old.head in ("Mul", "Add") and new != old and shape(old):
            try:
                return [by_algebra(end, Spot(path), new, facts)]
            except Refused:
                continue
    return []


def _averages(t: Term) -> int:
    return sum(u.head == "ExpectOver" for u in subterms(t))


def averaged(t: Term, path: Path = ()) -> list[Path]:
    """Where an average has its body; an array that is none has itself."""
    if t.head == "ExpectOver":
        return [(*path, 1)]
    if t.head == "Expect" and t.args[0].head != "Given":
        return [(*path, 0)]
    found = [p for i, c in t.children() for p in averaged(c, (*path, i))]
    return found or ([()] if not path else [])


__all__ = ["in_logarithms", "shortened", "tidied"]
