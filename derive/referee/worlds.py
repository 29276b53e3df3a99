"""Several small worlds for a problem: sizes, fixed values, functions, laws, each satisfying what is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import numpy as np

from derive.language.model import Definition, Symbol
from derive.referee.counts import COSTS
from derive.referee.drawing import Drawing
from derive.referee.evaluate import Evaluator
from derive.referee.fixed import choose, holds
from derive.referee.functions import put_densities, put_functions, put_pushforwards
from derive.referee.said import covariances
from derive.referee.world import BeyondReach, World
from derive.terms import Term

MOST = 6


def size_choices(n: int, plain: bool = False) -> list[tuple[int, ...]]:
    """Sizes to try for so many dimensions: (1,1), (2,1), (1,2), (2,2), (3,2), …; larger ones where only numbers depend on them."""
    if plain and n:
        some = [tuple(1 + (7 * k + 3 * j * k) % 11 for j in range(n)) for k in range(MOST)]
        return list(dict.fromkeys([*some, *(c[::-1] for c in some)]))  # each of two is at times the larger one
    if n == 0:
        return [()]
    if n == 1:
        return [(1,), (2,), (3,)]
    if n == 2:
        return [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2), (2, 3), (4, 4)]
    ones = (1,) * n
    out = [ones]
    out += [tuple(2 if j == k else 1 for j in range(n)) for k in range(n)]
    out += [(2,) * n, tuple(3 if j == 0 else 2 for j in range(n)), tuple(1 + (j % 3) for j in range(n))]
    out += [tuple(1 if j == k else 2 for j in range(n)) for k in range(n)]  # one is smaller than all others
    return out


USUAL, LARGEST = 3, 6  # sizes are up to the first, and where an entry further on is named up to the second


def worlds(
    symbols: Iterable[Symbol],
    givens: Iterable[Term],
    definitions: Iterable[Definition] = (),
    *,
    readable: bool = False,
    sizes: Mapping[str, int] | None = None,
    variants: Iterable[int] = (0,),
    zeros: frozenset[str] = frozenset(),
    kind: str = "",
) -> Iterator[World]:
    """Worlds in which everything given holds, smallest sizes first.

    Parameters
    ----------
    readable : prefer small whole numbers, for an instance that a person is shown.
    sizes : fixed sizes for some dimensions.
    zeros : dimensions that may be 0, and are once.
    kind : of functions: ``decaying`` or ``direction``.
    """
    symbols, givens, definitions = tuple(symbols), tuple(givens), tuple(definitions)
    table = {d.symbol.name: d for d in definitions}
    dims = dimensions(symbols, givens, table)
    plain = not any(s.term.sort.shape or s.term.sort.takes is not None for s in symbols)
    least = {g.args[0].name: int(g.args[1].value) for g in givens if g.head == "Ge" and g.args[0].head == "Sym" and g.args[1].head == "Num"
             and g.args[0].name in dims and USUAL < g.args[1].value <= LARGEST}  # fmt: skip
    for variant in variants:
        empty = [tuple(0 if d in zeros else 2 for d in dims)] if zeros & set(dims) else []
        for step, choice in enumerate(size_choices(len(dims), plain) + empty * (variant == 0)):
            chosen = {d: max(n, least.get(d, n)) for d, n in zip(dims, choice, strict=True)} | dict(sizes or {})
            try:
                with np.errstate(all="ignore"):
                    w = build(symbols, givens, table, chosen, variant + step, readable, kind=kind)
            except BeyondReach:
                continue
            if w is not None:
                yield w


def dimensions(symbols: tuple[Symbol, ...], givens: tuple[Term, ...], definitions: Mapping[str, Definition]) -> list[str]:
    """The names that are sizes: those declared so, and those in shapes."""
    declared = {s.term.name: s for s in symbols}
    out = [s.term.name for s in symbols if s.role == "dimension"]
    from derive.terms import free

    for s in symbols:
        for d in (*s.term.sort.shape, *(x for t in s.term.sort.takes or () for x in t)):
            for f in free(d):
                if f.name not in out and f.name not in definitions and (f.name not in declared or declared[f.name].role == "fixed"):
                    out.append(f.name)
    for g in givens:
        if g.head == "Domain" and g.args[-1].head == "IndexRange":
            out += [f.name for f in free(g.args[-1]) if f.name not in out and f.name not in definitions]
    return out


def build(
    symbols: tuple[Symbol, ...],
    givens: tuple[Term, ...],
    definitions: Mapping[str, Definition],
    sizes: Mapping[str, int],
    variant: int,
    readable: bool = False,
    *,
    unchecked: bool = False,
    kind: str = "",
) -> World | None:
    """One world; None where no values satisfy the givens (with ``unchecked``, those about what is not defined need not hold)."""
    w = World(definitions=definitions, sizes=tuple(sizes))
    random = [s.term for s in symbols if s.role == "random" and s.term.name not in definitions]
    w.memo["random"] = frozenset(s.name for s in random)
    w.memo["readable"] = readable
    w.memo["network"] = [g for g in givens if g.head in COSTS]
    for name, n in sizes.items():
        w.values[name] = np.array(float(n))
    ev = Evaluator(w)
    integer = lambda d: ev.integer(d, ev.base)  # noqa: E731
    for g in givens:  # what is said of sizes alone
        if w.depends(g) and w.depends(g) <= sizes.keys() and not holds(ev, g):
            return None
    fixed = [s for s in symbols if s.role in ("fixed", "unknown") and s.term.sort.takes is None and s.term.name not in sizes
             and s.term.name not in definitions]  # fmt: skip
    functions = [s.term for s in symbols if s.role in ("function", "unknown") and s.term.sort.takes is not None]
    functions = [f for f in functions if f.name not in definitions]
    put_densities(w, [s.term for s in symbols if s.role == "density"], givens, integer, variant)
    names = {f.name for f in functions}
    plain = tuple(g for g in givens if not w.depends(g) & names)
    if not choose(w, fixed, (*plain, *(p for g in givens for p in covariances(g))), variant, readable):
        return None
    if not put_functions(w, functions, tuple(g for g in givens if g.head != "ForAll" or not _moves(g)), integer, variant, kind):
        return None
    if not put_pushforwards(w, givens, integer, variant):
        return None
    Drawing(w, random, givens, variant, frozenset(s.term.name for s in symbols if s.family)).draw()
    return w if unchecked or _satisfied(w, givens, ev) else None


def _moves(g: Term) -> bool:
    return g.body.head == "Implies" and g.body.args[0].head == "Dist"


def _satisfied(w: World, givens: tuple[Term, ...], plain: Evaluator) -> bool:
    """Whether everything given holds: over averages exactly, of random things at a few draws; ``plain`` evaluates the rest."""
    from derive.referee.setting import plan_for, sampled
    from derive.referee.truth import everywhere, truth

    drawn = w.sources.keys() | w.functions.keys() | w.densities.keys()
    for g in givens:
        if g.head in ("Dist", "Iid", "IidMembers", "IndependentEntries", "Exchange", "Differentiable", "Domain", "Mass"):
            continue
        if g.head in ("Independent", "PairwiseIndependent", "Uncorrelated", "SameLaw") and all(a.head in ("Sym", "Group") for a in g.args):
            continue
        if _is_law(g):
            continue
        try:
            names = w.depends(g)
            if names.isdisjoint(drawn) and names.isdisjoint(w.definitions):  # numbers alone: nothing to plan or to draw
                ev = plain
                frame = ev.base
            else:
                ev = Evaluator(w, plan_for(w, (g,)).needs)
                frame = sampled(ev, (g,))
            if not everywhere(truth(ev, g, frame)):
                return False
        except BeyondReach as reason:
            from derive.referee.world import Undefined

            if isinstance(reason, Undefined):
                return False
    return True


def _is_law(g: Term) -> bool:
    while g.head == "ForAll":
        g = g.body
    return g.head == "Dist"


__all__ = ["worlds", "build", "size_choices", "dimensions", "product"]
