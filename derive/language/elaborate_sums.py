r"""Sums and products over an index, with or without limits.

``\sum_j`` without limits runs over the range that the arrays inside give its index; ``\sum_{j \ne k}`` binds whichever
of the two is not bound outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.language.ast import Node, spelled
from derive.language.elaborate_entries import index
from derive.language.elaborate_session import Session, plain
from derive.language.scope import Range, Scope
from derive.terms import ONE, Term, add, binder, num, subterms, sym


@dataclass
class Index:
    """An index that a sum binds."""

    name: str
    node: Node
    lo: Term | None = None
    hi: Term | None = None
    excluded: list[Node] = field(default_factory=list)


def total(s: Session, node: Node, scope: Scope) -> Term:
    """``\\sum`` or ``\\prod``."""
    lower, upper, body = node.children
    found = _indices(s, lower, upper, node, scope)
    ranges: dict[str, Range] = {}
    for i in found:
        # How far it runs may be told inside: `\sum_j \sum_{k \ne j} 1` waits for it.
        ranges[i.name] = (i.lo or ONE, i.hi if i.hi is not None else s.hole(i.node))
    s.gaps |= {i.name for i in found if i.excluded}
    inner = scope.child(*(sym(i.name) for i in found), ranges=ranges)
    t = s.value(body, inner)
    if node.text == "prod":
        t = s.loosened(t)
        if s.shape(t, body):
            raise node.error("a product of arrays has an order: write its factors", (r"W_L \cdots W_1",))
    _complete(s, found, t, inner, node)
    for i in found:
        assert i.hi is not None
        s.fits(ranges[i.name][1], i.hi)
    inner = scope
    limits: list[list[Term]] = []
    for i in found:
        assert i.lo is not None and i.hi is not None
        limits.append([i.lo, i.hi, *(index(s, x, inner, (i.lo, i.hi)) for x in i.excluded)])
        inner = inner.child(sym(i.name))
    head = "Sum" if node.text == "sum" else "Prod"
    for i, domain in zip(reversed(found), reversed(limits), strict=True):
        t = binder(head, sym(i.name), s.fix(t), *map(s.fix, domain))
    return t


def _count(s: Session, node: Node, scope: Scope) -> Term:
    return s.number(s.value(node, scope), node, "a limit is a number")


def _outside(name: str | None, scope: Scope) -> bool:
    return name is not None and scope.lookup(name) is not None


def _indices(s: Session, lower: Node, upper: Node, node: Node, scope: Scope) -> list[Index]:
    """The indices that stand below a sum, the outermost first."""
    sign = "\\" + node.text
    forms = (rf"{sign}_{{j=1}}^{{n}}", rf"{sign}_{{j \ne k}}", rf"{sign}_j")
    if lower.kind == "none":
        raise node.error(f"`{sign}` needs its index below", forms)
    parts = list(lower.children) if lower.kind == "list" else [lower]
    if lower.kind == "product" and all(c.kind == "name" for c in lower.children):
        parts = list(lower.children)
    out: list[Index] = []
    i = 0
    while i < len(parts):
        p = parts[i]
        i += 1
        if (name := spelled(p)) is not None:
            out.append(Index(name, p))
        elif p.kind == "rel" and p.text.split()[0] == "!=":
            operands = list(p.children)
            while i < len(parts) and spelled(parts[i]) is not None:  # \sum_{l \ne j, k}
                operands.append(parts[i])
                i += 1
            _unequal(out, operands, len(p.children), scope, p)
        elif p.kind == "rel" and p.text == "=":
            out.append(_from(s, p, upper, scope, forms))
        elif p.kind == "rel" and p.text == "in":
            out.append(_within(s, p, scope, forms))
        elif p.kind == "rel" and set(p.text.split()) <= {"<", "<="}:
            out += _ordered(s, p, scope)
        else:
            raise p.error(f"`{p.source}` below `{sign}` is not understood", forms)
    if upper.kind != "none" and not any(x.hi is not None for x in out):
        raise upper.error("an upper limit needs a lower one", forms)
    seen: set[str] = set()
    for x in out:
        if x.name in seen:
            raise x.node.error(f"the index `{x.node.source}` is bound twice")
        seen.add(x.name)
    return out


def _from(s: Session, p: Node, upper: Node, scope: Scope, forms: tuple[str, ...]) -> Index:
    name = spelled(p.children[0])
    if name is None or len(p.children) != 2 or upper.kind == "none":
        raise p.error(f"`{p.source}` needs one index and both limits", forms)
    return Index(name, p.children[0], _count(s, p.children[1], scope), _count(s, upper, scope))


def _within(s: Session, p: Node, scope: Scope, forms: tuple[str, ...]) -> Index:
    name, whole = spelled(p.children[0]), p.children[1]
    if name is None or whole.kind != "set" or len(whole.children) != 3 or whole.children[1].kind != "dots":
        raise p.error(f"`{p.source}` is not a range of an index", (*forms, r"\sum_{j \in \{1, \ldots, n\}}"))
    return Index(name, p.children[0], _count(s, whole.children[0], scope), _count(s, whole.children[2], scope))


def _unequal(out: list[Index], operands: list[Node], chained: int, scope: Scope, p: Node) -> None:
    r"""``j \ne k``: what is bound outside excludes, the rest is bound here.

    Of ``l \ne j, k`` only the first ``chained`` operands may be bound here, and only one of them.
    """
    here = [x for x in out if any(spelled(n) == x.name for n in operands)]
    if here:  # `j = 1, j \ne k`: the other index only excludes
        here[-1].excluded += [n for n in operands if spelled(n) != here[-1].name]
        return
    named = [n for n in operands[:chained] if spelled(n) is not None]
    new = [n for n in named if not _outside(spelled(n), scope)]
    if not new:  # a declared number may be bound anew, an index in scope may not
        new = [n for n in named if spelled(n) not in scope.bound and spelled(n) not in scope.ranges]
        new = new if len(new) < len(operands) else []
    if not new:
        raise p.error(f"both sides of `{p.source}` are bound outside: nothing is left to sum over")
    if len(operands) > chained:
        new = new[:1]
    for k, n in enumerate(new):
        later = new[k + 1 :]
        out.append(Index(spelled(n) or "", n, excluded=[x for x in operands if x is not n and x not in later]))


def _ordered(s: Session, p: Node, scope: Scope) -> list[Index]:
    """``1 \\le j < k \\le n``."""
    operands, signs = list(p.children), p.text.split()
    at = [k for k, n in enumerate(operands) if spelled(n) is not None and not _outside(spelled(n), scope)]
    if not at or at != list(range(at[0], at[-1] + 1)):
        raise p.error(f"`{p.source}` is not a range of an index", (r"\sum_{1 \le j < k \le n}",))
    lowest: Term | None = None
    if at[0] > 0:
        lowest = _count(s, operands[at[0] - 1], scope)
        lowest = _more(lowest, 1) if signs[at[0] - 1] == "<" else lowest
    highest: Term | None = None
    if at[-1] + 1 < len(operands):
        highest = _count(s, operands[at[-1] + 1], scope)
        highest = _more(highest, -1) if signs[at[-1]] == "<" else highest
    out: list[Index] = []
    for k in reversed(at):
        i = Index(spelled(operands[k]) or "", operands[k], lowest, highest)
        if out:
            above = sym(out[-1].name)
            i.hi = _more(above, -1) if signs[k] == "<" else above
            i.lo = i.lo or ONE
        out.append(i)
    return out


def _more(t: Term, by: int) -> Term:
    return num(t.value + by) if t.head == "Num" else add(t, num(by))


def _complete(s: Session, found: list[Index], body: Term, scope: Scope, node: Node) -> None:
    """Give every index without limits the range of the arrays inside (or of what it differs from)."""
    for i in found:
        if i.hi is None:
            sizes = _sizes(s, body, i.name)
            if len(sizes) > 1:
                said = " and ".join(plain(d) for d in sizes)
                raise i.node.error(
                    f"the arrays inside give the index `{i.node.source}` two ranges, up to {said}",
                    (rf"\{node.text}_{{{i.node.source}=1}}^{{{plain(sizes[0])}}}",),
                )
            if sizes:
                i.lo, i.hi = i.lo or ONE, sizes[0]
    for _ in found:
        for i in found:
            if i.hi is None:
                for x in i.excluded:
                    name = spelled(x) or ""
                    other = next((o for o in found if o.name == name), None)
                    known = None if other is not None else scope.ranges.get(name) or scope.indices.get(name)
                    if other is not None and other.hi is not None:
                        i.lo, i.hi = other.lo, other.hi
                    elif known:
                        i.lo, i.hi = known
                    if i.hi is not None:
                        break
        for i in found:  # the first of a pair takes the second's
            if i.hi is None:
                for o in found:
                    if o.hi is not None and any(spelled(x) == i.name for x in o.excluded):
                        i.lo, i.hi = o.lo, o.hi
    for i in found:
        if i.hi is None:
            raise i.node.error(
                f"no array inside says how far the index `{i.node.source}` runs",
                (rf"\{node.text}_{{{i.node.source}=1}}^{{n}}",),
            )


def _sizes(s: Session, body: Term, name: str) -> list[Term]:
    """The sizes of the axes at which ``name`` stands as an index, each once."""
    out: list[Term] = []
    for t in subterms(body):
        if t.head == "At":
            for d, i in zip(s.shape(t.args[0]), t.args[1:], strict=False):
                if i.head == "Sym" and i.name == name and not any(s.fits(d, known) for known in out):
                    out.append(d)
    return [s.fix(d) for d in out]
