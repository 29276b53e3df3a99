"""Free symbols, substitution, paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from derive.terms.build import rebuild
from derive.terms.term import BINDERS, Sort, Term

Path = tuple[int, ...]
NONE: frozenset[Term] = frozenset()

# Names tried, in this order, when a bound index must be renamed.
INDEX_NAMES = ("j", "k", "l", "i", "r", "s", "t", "q", "u", "v")


def free(t: Term) -> frozenset[Term]:
    """The symbols that stand free in ``t``, its shapes included."""
    if t._free is None:
        t._free = _free(t)
    return t._free


def _free(t: Term) -> frozenset[Term]:
    if t.head == "Num":
        return NONE
    if t.head == "Sym":
        return frozenset((t,)) | sort_free(t.sort)
    if t.is_binder:
        out = free(t.body) - {t.var}
        out |= sort_free(t.var.sort)
        for d in t.domain:
            out |= free(d)
        return out
    out = NONE
    for a in t.args:
        out |= free(a)
    return out


def sort_free(sort: Sort) -> frozenset[Term]:
    out: frozenset[Term] = NONE
    for d in sort.shape:
        out |= free(d)
    for shape in sort.takes or ():
        for d in shape:
            out |= free(d)
    return out


VECTOR_NAMES = ("u", "v", "w", "y", "z", "s", "r", "q", "h")
MATRIX_NAMES = ("U", "V", "M", "S", "Q", "H")


def array_names(sort: Sort) -> tuple[str, ...]:
    """Letters for arrays of a sort."""
    return VECTOR_NAMES if len(sort.shape) == 1 else MATRIX_NAMES


def fresh(var: Term, avoid: Iterable[str]) -> Term:
    """A symbol like ``var`` whose name is not in ``avoid``."""
    taken = set(avoid)
    if var.name not in taken:
        return var
    if not var.sort.shape and var.name in INDEX_NAMES:
        for n in INDEX_NAMES:
            if n not in taken:
                return Term("Sym", (n, var.sort))
    if var.sort.shape:  # a number behind its letter would be read as the place of an entry
        for n in array_names(var.sort):
            if n not in taken:
                return Term("Sym", (n, var.sort))
    k = 1
    base = var.name.rstrip("0123456789").rstrip("_") or var.name
    while f"{base}_{k}" in taken:
        k += 1
    return Term("Sym", (f"{base}_{k}", var.sort))


def names(ts: Iterable[Term]) -> set[str]:
    """The names of all symbols, free or bound, in ``ts``."""
    out: set[str] = set()
    for t in ts:
        for s in subterms(t):
            if s.head == "Sym":
                out.add(s.name)
                out.update(x.name for x in sort_free(s.sort))
            elif s.is_binder:
                out.add(s.var.name)
    return out


def subst_sort(sort: Sort, table: Mapping[Term, Term]) -> Sort:
    if not sort.shape and not sort.takes:
        return sort
    shape = tuple(subst(d, table) for d in sort.shape)
    takes = sort.takes and tuple(tuple(subst(d, table) for d in s) for s in sort.takes)
    return Sort(shape, takes)


def subst(t: Term, table: Mapping[Term, Term]) -> Term:
    """``t`` with free symbols replaced; bound symbols are renamed where they would capture."""
    if not table:
        return t
    if t.head == "Num":
        return t
    if t.head == "Sym":
        got = table.get(t)
        if got is not None:
            return got
        if t.sort.shape or t.sort.takes:
            return Term("Sym", (t.name, subst_sort(t.sort, table)))
        return t
    if not (free(t) & table.keys()):
        return t
    if t.is_binder:
        domain = tuple(subst(d, table) for d in t.domain)
        inner = {s: v for s, v in table.items() if s != t.var}
        used = {s: v for s, v in inner.items() if s in free(t.body)}
        sort = subst_sort(t.var.sort, table)
        var, body = Term("Sym", (t.var.name, sort)), t.body
        clash = {x.name for v in used.values() for x in free(v)}
        if var.name in clash:
            var = fresh(var, clash | {x.name for x in free(body)} | {s.name for s in inner})
        if var != t.var:
            used = {**used, t.var: var}
        return Term(t.head, (var, subst(body, used), *domain))
    return rebuild(t, tuple(subst(a, table) for a in t.args))


def subterms(t: Term) -> Iterator[Term]:
    """``t`` and all that is in it, from left to right (bound symbols' own nodes left out)."""
    waiting = [t]
    while waiting:
        u = waiting.pop()
        yield u
        h = u.head
        if h != "Num" and h != "Sym":
            waiting += u.args[:0:-1] if h in BINDERS else u.args[::-1]


def paths(t: Term, path: Path = ()) -> Iterator[Path]:
    """All places in ``t``, outermost first."""
    yield path
    for i, c in t.children():
        yield from paths(c, (*path, i))


def get(t: Term, path: Path) -> Term:
    for i in path:
        t = t.args[i]
    return t


def replace(t: Term, path: Path, new: Term) -> Term:
    """``t`` with ``new`` at ``path``; sums and products flatten where it lands in one."""
    if not path:
        return new
    i = path[0]
    args = t.args[:i] + (replace(t.args[i], path[1:], new),) + t.args[i + 1 :]
    return rebuild(t, args)


_BITS: dict[str, int] = {}  # every head that was ever asked for: a bit


def mask(*heads: str) -> int:
    """A set of heads as a number, one bit for each: what is in what is then one operation."""
    out = 0
    for h in heads:
        out |= _BITS.setdefault(h, 1 << len(_BITS))
    return out


def bit(head: str) -> int:
    """The `mask` of one head."""
    return _BITS.get(head) or mask(head)


def heads(t: Term) -> int:
    """The heads of all nodes of ``t``, as a `mask`."""
    out = t._heads
    if out is None:
        out = bit(t.head)
        if t.head != "Num" and t.head != "Sym":
            for c in t.args[1:] if t.head in BINDERS else t.args:
                out |= heads(c)
        t._heads = out
    return out


def contains(t: Term, head: str) -> bool:
    return heads(t) & mask(head) != 0


def size(t: Term) -> int:
    """The number of nodes."""
    out = t._size
    if out is None:
        out = 1
        if t.head != "Num" and t.head != "Sym":
            for c in t.args[1:] if t.head in BINDERS else t.args:
                out += size(c)
        t._size = out
    return out
