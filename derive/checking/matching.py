"""Where two lines differ, and what may stand for a rule's names there: proposals for the kernel.

Both lines are known, so names that stand on one side of a rule only are bound by the other line. What the matcher takes literally is
also tried in other spellings of the same key: factors of 1, factors in two groups, 2 as 1 + 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from derive.facts.facts import Facts, is_random
from derive.kernel.apply import Spot
from derive.kernel.instantiate import Bindings, Misfit
from derive.kernel.numbers import tidy
from derive.language.model import Symbol
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import (
    ONE,
    Sort,
    Term,
    add,
    call,
    equal_shapes,
    free,
    is_num,
    mul,
    num,
    rebuild,
    same,
    shape,
    subst,
    subterms,
)  # fmt: skip
from derive.terms import replace as put

FOUND = 12  # matchings tried at one place
PROPOSITIONS = frozenset({"Ne", "Eq", "Lt", "Le", "Gt", "Ge", "Where", "And", "Iff", "Implies"})


def alike(a: Term, b: Term) -> bool:
    return same(a, b) or same(tidy(a), tidy(b))


def facets(rule: Rule) -> list[Rule]:
    """The equations and equivalences that a rule claims, one by one."""
    parts = rule.claim.args if rule.claim.head == "And" else (rule.claim,)
    return [rule if len(parts) == 1 else replace(rule, claim=p) for p in parts if p.head in ("Eq", "Iff")]


def places(b: Term, a: Term, path: tuple[int, ...]) -> Iterator[tuple[Spot, Term]]:
    """Where two lines differ, and what must come there: small places first."""
    if same(b, a):
        return
    if b.head == a.head and b.head in ("Add", "Mul"):
        yield from several(b, a, path)
    elif b.head == a.head and b.head not in ("Num", "Sym"):
        if b.is_binder:
            if len(b.args) == len(a.args) and len(b.var.sort.shape) == len(a.var.sort.shape):
                body = subst(a.body, {a.var: b.var}) if a.var != b.var else a.body
                yield from places(b.body, body, (*path, 1))
                for k, (x, y) in enumerate(zip(b.domain, a.domain, strict=True)):
                    yield from places(x, y, (*path, 2 + k))
        elif len(b.args) == len(a.args):
            for k, (x, y) in enumerate(zip(b.args, a.args, strict=True)):
                yield from places(x, y, (*path, k))
    yield Spot(path), a


def several(b: Term, a: Term, path: tuple[int, ...]) -> Iterator[tuple[Spot, Term]]:
    """Places inside a sum or product: what is common on both sides stays."""
    build = add if b.head == "Add" else mul
    wanted = list(a.args)
    mine = []
    for i, t in enumerate(b.args):
        twin = next((w for w in wanted if same(w, t)), None)
        if twin is None:
            mine.append(i)
        else:
            wanted.remove(twin)
    if len(mine) * len(wanted) <= 16:
        for i in mine:
            for w in wanted:
                yield from places(b.args[i], w, (*path, i))
    if mine and wanted and len(mine) < len(b.args):
        yield (Spot((*path, mine[0])) if len(mine) == 1 else Spot(path, tuple(mine))), build(*wanted)
    for i in mine:  # one part of ours becomes several of theirs, or several of ours one of theirs
        if len(wanted) > 2:
            for w in wanted:
                yield Spot((*path, i)), build(*(x for x in wanted if x is not w))
    if len(mine) > 2:
        for n, i in enumerate(mine):
            for w in wanted:
                yield Spot(path, tuple(mine[:n] + mine[n + 1 :])), w
                yield Spot((*path, i)), w


def spots(t: Term, path: tuple[int, ...]) -> Iterator[Spot]:
    """All places of a line, the small ones first."""
    for k, c in t.children():
        yield from spots(c, (*path, k))
    if t.head in ("Add", "Mul") and len(t.args) in (3, 4):
        n = len(t.args)
        yield from (Spot(path, (i, j)) for i in range(n) for j in range(i + 1, n))
    if t.head not in ("Num", "Sym"):
        yield Spot(path)


def bindings(rule: Rule, p: Term, q: Term, b: Term, a: Term, here: Facts) -> Iterator[Bindings]:
    """What may be put for the rule's names where ``p`` is ``b`` and ``q`` is ``a``."""
    seen: set[tuple] = set()
    tried = [(p, b, q, a), (q, a, p, b)]
    if tidy(b) != b:
        tried.append((p, tidy(b), q, a))
    tried += [(p, x, q, a) for x in respelled(b)]
    tried.append((q, next(iter(respelled(a)), a), p, b))
    plain: list[tuple[Term, Term, Term, Term, Facts, dict[Term, Term]]] = [(*t, here, {}) for t in tried]
    for first, x, second, y, facts, held in (*plain, *((p, t, q, a, f, h) for t, f, h in weighted(b, here))):
        for got in islice(found(rule, facts, first, x), FOUND):
            got = {k: swapped(v, held) for k, v in got.items()}
            for g in counted(rule, got):
                for full in filled(rule, here, second, y, g):
                    mark = tuple(sorted((k, repr(v)) for k, v in full.items()))
                    if mark not in seen:
                        seen.add(mark)
                        yield full


def inside(t: Term) -> tuple[Term, tuple[int, ...]]:
    """What stands below one operator, where a sum or product stands there; else the term itself."""
    if t.head not in ("Num", "Sym", "Add", "Mul") and t.args:
        k = 1 if t.is_binder else 0
        if isinstance(t.args[k], Term) and t.args[k].head in ("Add", "Mul"):
            return t.args[k], (k,)
    return t, ()


def weighted(t: Term, here: Facts) -> Iterator[tuple[Term, Facts, dict[Term, Term]]]:
    """A sum as two summands, each with a factor: what ``a X + b Y`` is matched with.

    A summand whose factor is 1 is held by a name, so that nothing is taken out of it.
    """
    inner, path = inside(t)
    if inner.head != "Add":
        return
    var = t.var if path and t.is_binder else None
    names = [Term("Sym", (f"{w}'", Sort((call("Any"),) if var is not None else ()))) for w in ("Held", "Other")]
    symbols = here.symbols | {n.name: Symbol(n, "random", 0, n.name) for n in names}
    facts = Facts(symbols, here.givens, here.definitions, here.scope, here.under_chance)
    marks = [n if var is None else Term("At", (n, var)) for n in names]
    n = len(inner.args)
    for k in range(1 if n == 2 else n):
        parts = inner.args[k], add(*inner.args[:k], *inner.args[k + 1 :])
        options = []
        for x, m in zip(parts, marks, strict=True):
            whole = Term("Mul", (ONE, *(x.args if x.head == "Mul" else (x,))))
            signed = [(Term("Mul", (x.args[0], m)), {m: mul(*x.args[1:])})] if x.head == "Mul" and is_num(x.args[0]) else []
            options.append([(whole, {}), (Term("Mul", (ONE, m)), {m: x}), *signed])
        for one, a in options[0]:
            for two, b in options[1]:
                yield put(t, path, Term("Add", (one, two))) if path else Term("Add", (one, two)), facts, {**a, **b}


def swapped(t: Term, table: dict[Term, Term]) -> Term:
    """``t`` with whole subterms replaced."""
    if not table or t.head == "Num":
        return t
    if t in table:
        return table[t]
    if t.head == "Sym":
        return t
    return rebuild(t, tuple(swapped(a, table) for a in t.args))


def respelled(t: Term) -> Iterator[Term]:
    """The same by the key: factors in two groups; 2 in a sum as 1 + 1."""
    inner, path = inside(t)
    if inner.head == "Mul" and 3 <= len(inner.args) <= 5:
        n = len(inner.args)
        for bits in range(1, 2**n - 1):
            group = [inner.args[i] for i in range(n) if bits >> i & 1], [inner.args[i] for i in range(n) if not bits >> i & 1]
            if len(group[0]) > 1:
                two = Term("Mul", tuple(mul(*g) if len(g) == 1 else Term("Mul", tuple(g)) for g in group))
                yield put(t, path, two) if path else two
    if t.head == "Expect":
        yield Term("Expect", (Term("Pow", (t.args[0], ONE)),))
    split = ones(t)
    if split != t:
        yield split


def ones(t: Term) -> Term:
    if t.head in ("Num", "Sym"):
        return t
    t = Term(t.head, tuple(ones(a) if isinstance(a, Term) else a for a in t.args))
    k = next((a for a in t.args if t.head == "Add" and a.head == "Num" and a.value >= 2), None)
    return Term("Add", (*(a for a in t.args if a is not k), num(k.value - 1), ONE)) if k is not None else t


def found(rule: Rule, here: Facts, p: Term, t: Term) -> Iterator[dict[str, Term]]:
    m = Matcher(rule, here)
    for got in m.match(p, t, {}, {}):
        yield from m.complete(got)
    for name, n in rule.names.items():  # f(X): what X is, its law may say; the rest is f
        if n.random and any(u.head == "Apply" and n.term in u.args[1:] for u in subterms(p)):
            v = Term("Sym", (f"{name}'", n.term.sort))
            for u in dict.fromkeys(u for u in subterms(t) if u.head in ("Sym", "At")):
                if is_random(here, u) and equal_shapes(shape(u), n.term.sort.shape):
                    for got in m.match(p, swapped(t, {u: v}), {}, {n.term: v}):
                        yield from m.complete({**got, name: u})


def filled(rule: Rule, here: Facts, q: Term, a: Term, got: dict[str, Term]) -> Iterator[dict[str, Term]]:
    m = Matcher(rule, here)
    if all(n in got for n in m.names_in(rule.claim)):
        yield got
        return
    try:
        for more in islice(m.match(q, a, got, {}), FOUND):
            yield from m.complete(more)
    except Misfit:
        pass
    open_ = [n for n in m.names_in(rule.claim) if n not in got and rule.names[n].role in ("value", "integer")]
    if 0 < len(open_) <= 2 and len({n for n in m.names_in(rule.claim) if n not in got}) == len(open_):
        closed = [u for u in dict.fromkeys(subterms(a)) if not u.is_binder and u.head not in PROPOSITIONS and free(u) <= free(a)]
        ranks = [[u for u in closed if len(shape(u)) == len(rule.names[n].term.sort.shape)][:12] for n in open_]
        for chosen in product(*ranks):
            yield {**got, **dict(zip(open_, chosen, strict=True))}


def counted(rule: Rule, got: dict[str, Term]) -> Iterator[dict[str, Term]]:
    """The bindings; and with a number of members as the range 1, …, n, or the other way round."""
    other = dict(got)
    whole = any(h.prop.head in ("Independent", "Uncorrelated", "Iid") for h in rule.hypotheses)
    if not whole:
        yield got
    for name, t in got.items():
        if rule.names[name].role != "integer":
            continue
        if t.head == "IndexRange" and len(t.args) == 2 and is_num(t.args[0], 1):
            other[name] = t if whole else t.args[1]
        elif t.head != "IndexRange":
            other[name] = call("IndexRange", ONE, t)
    if whole or other != got:
        yield other


__all__ = ["FOUND", "alike", "bindings", "facets", "found", "places", "spots"]
