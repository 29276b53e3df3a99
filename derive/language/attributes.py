"""Words about one thing, as propositions: ``fixed with nonzero entries``, ``symmetric``, ``positive definite``."""

from __future__ import annotations

from derive.terms import ONE, ZERO, Term, at, call, free, same, shape, sym

LETTERS = ("i", "j", "k", "l", "r", "s")


def entry(x: Term, depth: int, written: tuple[str, ...]) -> tuple[list[Term], Term]:
    """Fresh indices for ``depth`` axes of ``x``, and the entry (or member) there."""
    names = list(written) if len(written) == depth and x.name not in written else []
    if not names:
        taken = {x.name, *(v.name for d in x.sort.shape for v in free(d))}
        unused = [n for n in LETTERS if n not in taken]
        names = unused[1 : depth + 1] if depth == 1 else unused[:depth]
        if depth > 2:
            names = ["l", *[n for n in unused if n != "l"]][:depth]
    letters = [sym(n) for n in names]
    return letters, at(x, *letters) if letters else x


_MATRIX = frozenset({"symmetric", "orthogonal", "positive definite", "invertible"})
_FUNCTION = frozenset({"increasing", "convex"})


def fits(word: str, x: Term) -> bool:
    if word in _FUNCTION:
        return x.sort.takes is not None
    if x.sort.takes is not None:
        return False
    if word in _MATRIX:
        return len(x.sort.shape) == 2 and same(*x.sort.shape)
    if word in ("nonzero entries", "positive entries"):
        return len(x.sort.shape) >= 1
    if word in ("unit", "probability vector"):
        return len(x.sort.shape) == 1
    return word == "nonzero" or not x.sort.shape


def attribute(word: str, x: Term) -> list[Term]:
    """What a word says of ``x``."""
    if word in ("nonzero entries", "positive entries"):
        letters, member = entry(x, len(shape(x)), ()) if x.head == "Sym" else ([sym("j")], at(x, sym("j")))
        p = call("Ne" if word == "nonzero entries" else "Gt", member, ZERO)
        for v in reversed(letters):
            p = Term("ForAll", (v, p))
        return [p]
    if word == "symmetric":
        return [call("Eq", call("Transpose", x), x)]
    if word == "orthogonal":
        return [call("Eq", call("MatMul", call("Transpose", x), x), call("Identity", shape(x)[0]))]
    if word == "positive definite":
        return [call("Eq", call("Transpose", x), x), call("PositiveDefinite", x)]
    if word == "invertible":
        return [call("Ne", call("Det", x), ZERO)]
    if word == "unit":
        return [call("Eq", call("Norm", x), ONE)]
    if word == "probability vector":
        return [call("ProbabilityVector", x)]
    if word == "shape":
        return [call("In", x, call("Shapes"))]
    if word in ("integer", "positive integer"):
        return [call("In", x, call("Integers" if word == "integer" else "Naturals"))]
    if word in ("increasing", "convex"):
        return [call(word.capitalize(), x)]
    head = {"nonzero": "Ne", "positive": "Gt", "nonnegative": "Ge"}[word]
    zero = call("Zeros", *shape(x)) if shape(x) else ZERO
    return [call(head, x, zero)]
