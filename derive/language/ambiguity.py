r"""Where a derivative, or a function without brackets, ends: what has to be bracketed before it can be read.

By the language an operator takes the next factor. Of $\nabla_\theta g(z, \theta)^\top v$ and $\nabla_\mu p_\mu(x) f(x)$ a
reader thinks so too. Of $\nabla_w w^\top w$ and $\nabla_w \frac12 \|w\|^2$ nobody does, so these are not read.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.language.ast import Node, spelled
from derive.language.scope import Scope
from derive.terms import Term, free

POSTS = ("sup", "sub", "transpose", "factorial")


def one_reading(
    operator: Node, variables: Sequence[Term], t: Term, taken: tuple[Node, ...], rest: tuple[Node, ...], scope: Scope
) -> None:
    """Refuse an operator whose operand (``t``, read from ``taken``) a reader may think to go on into ``rest``.

    Raises
    ------
    ReadError
        Before ``rest`` stands no function with its arguments, and it is transposed; or it does not move with the
        ``variables`` at all, and ``rest`` does.
    """
    if not rest or rest[0].kind in ("evalat", "div"):
        return
    applied = len(taken) > 1 or _core(taken[0]).kind in ("func", "nabla", "partial")
    names = {v.name for v in variables}
    goes_on = any(spelled(n) in names for node in rest for n in node.walk())
    still = not free(t) & set(variables) and not any(x.name in scope.definitions for x in free(t))
    transposed = taken[-1].kind == "transpose"
    if not ((not applied and transposed) or (variables and still and goes_on)):
        return
    where = operator.where
    own = where.source[taken[0].start : taken[-1].end].strip()
    behind = where.source[rest[0].start : rest[-1].end].strip()
    if transposed and not applied:
        first = rf"({operator.source} {taken[-1].children[0].source})^\top {behind}"
    else:
        first = f"({operator.source} {own}) {behind}"
    raise where.error(
        f"`{operator.source}` may be of `{own}` alone or of all that follows: use brackets",
        operator.start, rest[-1].end, (f"{operator.source} ({own} {behind})", first),
    )  # fmt: skip


def _core(node: Node) -> Node:
    while node.kind in POSTS:
        node = node.children[0]
    return node
