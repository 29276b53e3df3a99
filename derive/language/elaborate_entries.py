r"""Names and what follows them: entries, indices, powers, transposes."""

from __future__ import annotations

from derive.language.ast import Node, indices, spelled
from derive.language.elaborate_misfits import Fix, Misfit
from derive.language.elaborate_session import Session, shown
from derive.language.scope import Range, Scope
from derive.terms import MINUS_ONE, ONE, Term, at, call, is_num, power


def reference(s: Session, node: Node, scope: Scope) -> Term | None:
    """The symbol or constant that a bare name stands for; None where it is undeclared."""
    name = spelled(node)
    if name is None:
        return None
    found = s.lookup(name, scope)
    if found is not None:
        return found
    if name == "pi":
        return call("Pi")
    if name == "e":
        return call("E")
    if name == "I":
        return call("Identity", s.hole(node))
    return None


def entry(s: Session, array: Term, where: Node, node: Node, scope: Scope) -> Term:
    """The entry (or member) of an array that a subscript names."""
    array = s.fix(array)
    sh = s.shape(array, node)
    if not sh:
        raise node.error(f"`{node.source}`: what has the subscript is a number and has no entries")
    parts = indices(where, len(sh))
    letters = where.kind == "product" and all(c.kind == "name" for c in where.children)
    if len(parts) == 1 and letters and any(s.lookup(c.text, scope) is None for c in where.children):
        parts = where.children  # no product of numbers: more subscripts than axes
    if len(parts) > len(sh):
        raise node.error(f"`{node.source}` has {len(parts)} subscripts, but the array {shown(sh)}")
    return at(array, *(index(s, p, scope, (ONE, d)) for p, d in zip(parts, sh, strict=False)))


def index(s: Session, node: Node, scope: Scope, range: Range | None) -> Term:
    """An index: a letter that nobody declared is one by standing here."""
    if (name := spelled(node)) and s.lookup(name, scope) is None and not an_entry(node, scope):
        return s.record_index(name, scope, range, node)
    if node.kind in ("add", "neg", "product", "group"):
        s.index_depth += 1
        t = s.value(node, scope)
        s.index_depth -= 1
    else:
        t = s.value(node, scope)
    t = s.number(t, node, "an index is a number")
    if range is not None and not scope.rule:
        s.within(t, range, node, scope)
    return t


def scripts(s: Session, t: Term, posts: tuple[Node, ...], scope: Scope) -> Term:
    """``t`` with the subscripts, powers and signs that follow it."""
    for post in posts:
        t = s.fix(t)
        if post.kind == "sub":
            t = entry(s, t, post.children[1], post, scope)
        elif post.kind == "transpose":
            t = transposed(s, t, post)
        elif post.kind == "factorial":
            t = call("Factorial", s.number(t, post.children[0]))
        else:
            t = _power(s, t, post, scope)
    return t


def transposed(s: Session, t: Term, node: Node) -> Term:
    if not s.shape(t, node):
        raise node.error(f"`{node.source}`: a number has no transpose")
    return call("Transpose", t)


def _power(s: Session, t: Term, node: Node, scope: Scope) -> Term:
    base, exponent = node.children
    if spelled(exponent) == "T" and s.lookup("T", scope) is None:
        return transposed(s, t, node)
    if exponent.kind == "neg" and exponent.children[0].kind == "top":
        return call("Transpose", call("Inverse", t))
    e = s.number(s.value(exponent, scope), exponent, "an exponent is a number")
    if t == call("E"):
        return call("Exp", e)
    sh = s.shape(t, node)
    if len(sh) == 2 and not s.one_entry(t):
        if e == MINUS_ONE:
            if not s.fits(*sh):
                raise node.error(f"only a square matrix has an inverse: `{base.source}` {shown(sh)}")
            return call("Inverse", s.fix(t))
        if e.head == "Num" and e.value.denominator == 1 and 2 <= e.value <= 20:
            if not s.fits(*sh):
                raise node.error(f"only a square matrix has powers: `{base.source}` {shown(sh)}")
            return call("MatMul", *[s.fix(t)] * int(e.value))
        raise node.error(f"this power of a matrix is not known: `{base.source}` {shown(sh)}")
    if sh and not s.one_entry(t):
        raise Misfit(node, f"a vector has no powers: `{base.source}` {shown(sh)}", _meant(node, base, exponent, e))
    return power(s.number(t, node), e)


def _meant(node: Node, base: Node, exponent: Node, e: Term) -> tuple[Fix, ...]:
    """What the power of a vector may stand for: one of its norm, the product with itself."""
    raised = exponent.source if len(exponent.source) == 1 else f"{{{exponent.source}}}"
    norm = Fix(node, rf"\|{base.source}\|^{raised}")
    return (norm, Fix(node, rf"{base.source} \odot {base.source}")) if is_num(e, 2) else (norm,)


def finished(s: Session, t: Term, posts: tuple[Node, ...], scope: Scope, hold: list[Node] | None) -> Term:
    r"""``t`` with what follows it; a ``\top`` at the end goes into ``hold``, if that is given."""
    if hold is not None and posts and _transposes(s, posts[-1], scope):
        hold.append(posts[-1])
        posts = posts[:-1]
    return scripts(s, t, posts, scope)


def _transposes(s: Session, post: Node, scope: Scope) -> bool:
    if post.kind == "sup":
        return spelled(post.children[1]) == "T" and s.lookup("T", scope) is None
    return post.kind == "transpose"


def an_entry(node: Node, scope: Scope) -> bool:
    """Whether a subscript stands at a declared name."""
    return node.kind == "sub" and scope.lookup(spelled(node.children[0]) or "") is not None
