"""Equality of arrays, shown for one place that may be any: the form *any such* for the entries of an array."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Bound, Facts
from derive.facts.verdict import Verdict
from derive.kernel.apply import Refused, Spot, shown
from derive.kernel.conditions import Prover
from derive.kernel.numbers import tidy
from derive.kernel.step import _SEAL, Condition, Step
from derive.terms import ONE, Term, at, call, equal_shapes, free, names, same, shape, sym
from derive.terms.walk import INDEX_NAMES

RULES = {1: "array.vector_equality", 2: "array.equality"}


def by_entries(line: Term, spot: Spot, new: Term, facts: Facts, prove: Prover, split: bool = False) -> Step:
    """``new`` for the array at ``spot``: ``prove`` derives that they agree in one place of which nothing else is known.

    With ``split``, the places off the diagonal of a square matrix and those on it are shown apart.

    Raises
    ------
    Refused
        The shapes differ, or a place is not shown.
    """
    old = spot.get(line)
    size = shape(old)
    if len(size) not in RULES or not equal_shapes(size, shape(new)):
        raise Refused("the shapes do not fit")
    if split and not (len(size) == 2 and same(*size)):
        raise Refused("only a square matrix has a diagonal")
    shown(line, spot, facts)
    here = facts.at(line, spot.path)
    index = letters(here, size, names([line, new]))
    conditions = []
    for place in (index,) if not split else (index, (index[0], index[0])):
        scope, apart = here.scope, tuple[Term, ...]()
        for n, i in enumerate(dict.fromkeys(place)):
            out = (place[0],) if split and n else ()
            scope = (*scope, Bound(i, ONE, size[n], out, "here"))
            apart += tuple(call("Ne", i, e) for e in out)
        a, b = tidy(at(old, *place)), tidy(at(new, *place))
        v = prove(call("Eq", a, b), replace(here, scope=scope))
        if not (v and leads(v, a, b)):
            raise Refused(f"that {here.tex(call('Eq', a, b))} is not shown")
        said = " and ".join(f"${here.tex(i)[1:-1]}$" for i in dict.fromkeys(place))
        said = here.tex(apart[0]) if apart else f"every {said}"
        conditions.append(Condition(f"{here.tex(call('Eq', a, b))} for {said}", "holds", "it is derived below", v.facts, v.steps, apart))
    return Step("=", line, tidy(spot.fill(line, new)), RULES[len(size)], bindings=_bindings(old, new), conditions=tuple(conditions), known=facts.known, seal=_SEAL)


def leads(v: Verdict, a: Term, b: Term) -> bool:
    """Whether the verdict's steps are a chain of equations from ``a`` to ``b``."""
    if not v.steps:
        return same(a, b)
    linked = all(x.after == y.before for x, y in zip(v.steps, v.steps[1:], strict=False))
    return linked and all(s.relation == "=" for s in v.steps) and same(v.steps[0].before, a) and same(v.steps[-1].after, b)


def letters(facts: Facts, size: tuple[Term, ...], more: set[str]) -> tuple[Term, ...]:
    """A name for the index of each axis, new to the document and the line; the document's own letter where it is free."""
    taken = more | facts.symbols.keys() | {b.var.name for b in facts.scope}
    taken |= {s.name for g in facts.givens for s in free(g.prop)}
    out: list[Term] = []
    for n in size:
        want = facts.letters().get(n)
        name = next(x for x in (want, *INDEX_NAMES, *(f"i_{k}" for k in range(1, 99))) if x is not None and x not in taken)
        taken = taken | {name}
        out.append(sym(name))
    return tuple(out)


def _bindings(old: Term, new: Term) -> dict[str, Term]:
    one, two = ("A", "B") if len(shape(old)) == 2 else ("x", "y")
    return {one: old, two: new, **dict(zip("nm", shape(old), strict=False))}
