r"""Derivatives: ``\nabla_\mu``, ``\frac{d}{dx}``, ``\frac{\partial}{\partial x_j}``, and where they are taken.

A derivative takes the next factor; a ``\top`` at that factor transposes the derivative, and ``\big|_{x = a}`` behind it
says where it is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.language.ambiguity import one_reading
from derive.language.ast import Node, base_and_index, spelled
from derive.language.elaborate_entries import entry, finished
from derive.language.elaborate_laws import fitted
from derive.language.elaborate_session import Session, shown
from derive.language.scope import Scope
from derive.terms import Term, at, binder, call, free, fresh, names, subst, sym

DERIVATIVES = ("Grad", "Jac", "Hess", "Deriv")


@dataclass(frozen=True)
class Next:
    """The factor behind a derivative, unread: ``read`` reads it in a scope and gives its ``\\top`` apart.

    After that ``nodes`` are those that it is made of, and those that follow.
    """

    node: Node | None
    read: Callable[[Scope, list[Node]], Term]
    nodes: Callable[[], tuple[tuple[Node, ...], tuple[Node, ...]]]


def derivative(
    s: Session, core: Node, posts: tuple[Node, ...], following: Next, scope: Scope, hold: list[Node] | None
) -> Term:
    """A derivative with the factor that it takes; its ``\\top`` goes into ``hold``, if that is given."""
    if posts:
        raise posts[0].error(f"`{posts[0].source}` is not understood", (r"\nabla_x^2", r"\frac{d^2}{dx^2}"))
    if core.kind == "nabla":
        variable, power = core.children
        order = 1
        if power.kind != "none":
            if power.text != "2":
                raise power.error(r"only `\nabla` and `\nabla^2` are read")
            order = 2
        if variable.kind == "none":
            return _in_the_argument(s, core, order, following, scope, hold)
        return _taken(s, core, [variable], order, None, following, scope, hold)
    body, *variables = core.children
    return _taken(s, core, variables, 1, None if body.kind == "none" else body, following, scope, hold)


def _taken(
    s: Session, core: Node, variables: list[Node], order: int, body: Node | None, following: Next, scope: Scope,
    hold: list[Node] | None,
) -> Term:  # fmt: skip
    unknown = next((v for v in variables if _is_new(s, v, scope)), None)
    if unknown is not None:
        return _tried(s, core, variables, unknown, order, body, following, scope, hold)
    targets = [_variable(s, v, scope) for v in variables]
    inner = scope.child(*{t.name: t for t, _ in targets}.values())
    held: list[Node] = []
    if body is not None:
        source, t = body, s.value(body, inner)
    else:
        if following.node is None or following.node.kind in ("div", "times", "odot", "dots"):
            raise core.error(f"`{core.source}` needs what it is taken of", (rf"{core.source} f(x)",))
        source, t = following.node, following.read(inner, held)
        one_reading(core, [v for v, _ in targets], t, *following.nodes(), scope)
    t = s.loosened(t)
    for variable, index in reversed(targets):
        t = _one(s, s.fix(variable), t, source, order, core)
        if index is not None:
            t = entry(s, t, index, core, scope)
    return _with_held(s, t, held, hold, scope)


def _with_held(s: Session, t: Term, held: list[Node], hold: list[Node] | None, scope: Scope) -> Term:
    if hold is not None:
        hold += held
        return t
    return finished(s, t, tuple(held), scope, None)


def _is_new(s: Session, node: Node, scope: Scope) -> bool:
    """Whether a derivative is taken in a name that nothing declares: one that a bar behind it must give a value."""
    name = spelled(node)
    if name is None or s.lookup(name, scope) is not None:
        return False
    parts = base_and_index(node)
    return parts is None or s.lookup(parts[0], scope) is None


def _tried(
    s: Session, core: Node, variables: list[Node], new: Node, order: int, body: Node | None, following: Next,
    scope: Scope, hold: list[Node] | None,
) -> Term:  # fmt: skip
    """The derivative in a new variable: a number, or else a vector."""
    name = spelled(new) or ""

    def attempt(shape: tuple[Term, ...]) -> Term:
        return _taken(s, core, variables, order, body, following, scope.child(sym(name, shape)), hold)

    s.provisional[name] = new
    return s.trying([lambda: attempt(()), lambda: attempt((s.hole(new),))])


def _variable(s: Session, node: Node, scope: Scope) -> tuple[Term, Node | None]:
    """The symbol in which a derivative is taken, and the entry of it."""
    name = spelled(node)
    found = s.lookup(name, scope) if name is not None else None
    if found is None and (parts := base_and_index(node)) is not None:
        array = s.lookup(parts[0], scope)
        if array is not None and s.shape(array):
            return array, node.children[1]
    if name is None:
        raise node.error("a derivative is taken in one name")
    if found is None:
        raise s.undeclared(node, scope)
    if found.head != "Sym" or found.sort.takes is not None:
        raise node.error(f"no derivative is taken in `{node.source}`")
    return found, None


def _one(s: Session, variable: Term, body: Term, node: Node, order: int, core: Node) -> Term:
    """The derivative of ``body`` in ``variable``, by their shapes."""
    body = s.fix(body)
    sb, sv = s.shape(body, node), variable.sort.shape
    if not sv:
        for _ in range(order):
            body = binder("Deriv", variable, body, variable)
        return body
    if order == 2:
        if sb or len(sv) > 1:
            raise node.error(f"the second gradient is of a number in a vector; `{node.source}` {shown(sb)}")
        return binder("Hess", variable, body, variable)
    if not sb:
        return binder("Grad", variable, body, variable)
    if len(sb) == 1 and len(sv) == 1:
        return binder("Jac", variable, body, variable)
    raise core.error(f"the derivative of what {shown(sb)} in what {shown(sv)} is not known")


def _in_the_argument(
    s: Session, core: Node, order: int, following: Next, scope: Scope, hold: list[Node] | None
) -> Term:
    r"""``\nabla f(a)``: the gradient of a function of one argument, at ``a``."""
    held: list[Node] = []
    start = following.node
    if start is None:
        raise core.error(r"`\nabla` needs what it is taken of", (r"\nabla_x f(x)",))
    t = following.read(scope, held)
    if t.head != "Apply" or len(t.args) != 2:
        raise core.error(r"`\nabla` without a variable is of a function of one argument", (r"\nabla_x",))
    f, point = t.args
    shape = (f.sort.takes or ((),))[0]
    variable = fresh(sym("x", shape), names([t]))
    d = _one(s, variable, call("Apply", f, variable), start, order, core)
    d = _at_point(d, point)
    return _with_held(s, d, held, hold, scope)


def _at_point(d: Term, point: Term) -> Term:
    return call(d.head, d.args[0], d.args[1], point)


def evaluated(s: Session, t: Term, node: Node, scope: Scope) -> Term:
    r"""A derivative with the point at which it is taken: ``\big|_{x = a}``."""
    for relation in node.children:
        t = s.fix(t)
        if relation.kind != "rel" or relation.text != "=":
            raise relation.error("what stands below the bar says where", (r"\big|_{x = a}",))
        left, right = relation.children[0], relation.children[-1]
        name = spelled(left)
        if name is None:
            raise left.error("left of `=` stands one name", (r"\big|_{x = a}",))
        variable = _differentiated(t, name)
        if variable is None:
            variable = s.lookup(name, scope)
            if variable is None or variable.head != "Sym":
                raise s.undeclared(left, scope)
        point = fitted(s, s.value(right, scope), right, variable.sort.shape, f"`{left.source}`")
        taken = _take(t, variable, point)
        if taken is None:
            if variable not in free(t):
                raise node.error(f"`{left.source}` does not stand in what is before the bar")
            taken = subst(t, {variable: point})
        t = s.fix(taken)
    return t


def _differentiated(t: Term, name: str) -> Term | None:
    while t.head in ("Transpose", "At"):
        t = t.args[0]
    if t.head not in DERIVATIVES:
        return None
    return t.var if t.var.name == name else _differentiated(t.body, name)


def _take(t: Term, variable: Term, point: Term) -> Term | None:
    """The derivative in ``variable`` with its point moved."""
    if t.head in ("Transpose", "At"):
        inner = _take(t.args[0], variable, point)
        if inner is None:
            return None
        return at(inner, *t.args[1:]) if t.head == "At" else call(t.head, inner)
    if t.head in DERIVATIVES and t.var == variable and t.args[2] == variable:
        return _at_point(t, point)
    if t.head in DERIVATIVES and t.var != variable and (inner := _take(t.body, variable, point)) is not None:
        return call(t.head, t.var, inner, t.args[2])
    return None
