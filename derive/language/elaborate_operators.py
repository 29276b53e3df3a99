r"""Operators that bind a variable of a space: suprema, integrals, expectations; and variances, probabilities, KL."""

from __future__ import annotations

from collections.abc import Callable

from derive.language.ast import Node, spelled, unbracketed
from derive.language.elaborate_laws import drawn, is_law, law, law_shape
from derive.language.elaborate_relations import statement
from derive.language.elaborate_session import Session, shown
from derive.language.scope import Scope
from derive.terms import Shape, Term, binder, call, sym

Read = Callable[[Scope], Term]  # what is read in the scope of a variable


def _count(s: Session, node: Node, scope: Scope) -> Term:
    return s.number(s.value(node, scope), node, "a limit is a number")


# Variables of a space


def _fitting(s: Session, name: str, node: Node, scope: Scope, read: Read) -> tuple[Term, Term]:
    """A bound variable of unknown shape with what is read in its scope: a hint, else a number, else a vector."""

    def attempt(shape: Shape) -> Callable[[], tuple[Term, Term]]:
        variable = sym(name, shape)
        return lambda: (variable, read(scope.child(variable)))

    if name in s.hints:
        variable, t = attempt(s.hints[name])()
    else:
        variable, t = s.trying([attempt(()), attempt((s.hole(node),))])
    return s.fix(variable), s.fix(t)


def extremum(s: Session, node: Node, scope: Scope) -> Term:
    lower, upper, body = node.children
    if lower.kind == "none" or upper.kind != "none":
        raise node.error(f"`\\{node.text}` needs its variable below", (rf"\{node.text}_{{x \ne 0}}",))
    parts = list(lower.children) if lower.kind == "list" else [lower]
    name = next((n for p in parts for n in [_variable(p, scope)] if n), None)
    if name is None:
        raise lower.error("no new variable stands here", (rf"\{node.text}_{{x \ne 0}}",))
    space = next((p for p in parts if p.kind == "rel" and p.text == "in" and p.children[1].kind == "space"), None)
    conditions = [p for p in parts if p is not space and spelled(p) is None]

    def read(inner: Scope) -> Term:
        said = [statement(s, c, inner) for c in conditions]
        e = s.number(s.value(body, inner), body)
        said = [s.fix(c) for c in said]
        condition = call("True") if not said else said[0] if len(said) == 1 else call("And", *said)
        return call("Where", e, condition)

    if space is not None:
        variable = sym(name, tuple(_count(s, d, scope) for d in space.children[1].children))
        t = read(scope.child(variable))
    else:
        variable, t = _fitting(s, name, node, scope, read)
    return binder("Sup" if node.text == "sup" else "Inf", s.fix(variable), s.fix(t))


def _variable(p: Node, scope: Scope) -> str | None:
    """The new name in a condition below ``\\sup``."""
    if (name := spelled(p)) is not None:
        return name
    if p.kind == "rel":
        for c in p.children:
            name = spelled(unbracketed(c.children[0] if c.kind in ("norm", "abs") else c))
            if name is not None and scope.lookup(name) is None:
                return name
        return spelled(p.children[0])
    return None


def integral(s: Session, node: Node, scope: Scope) -> Term:
    lower, upper, body, over = node.children
    name = spelled(over)
    if name is None:
        raise over.error("an integral is over one name")

    def read(inner: Scope) -> Term:
        return s.loosened(s.value(body, inner))

    if lower.kind == "space":
        variable = sym(name, tuple(_count(s, d, scope) for d in lower.children))
        return binder("Integral", variable, read(scope.child(variable)))
    if (lower.kind == "none") != (upper.kind == "none"):
        raise node.error("an integral has both limits or none", (r"\int_a^b f(x) \,dx", r"\int f(x) \,dx"))
    if lower.kind == "none":
        variable, t = _fitting(s, name, over, scope, read)
        return binder("Integral", variable, t)
    variable = sym(name)
    lo, hi = _count(s, lower, scope), _count(s, upper, scope)
    return binder("Integral", variable, read(scope.child(variable)), lo, hi)


# Chance


def average(s: Session, core: Node, word: str, below: Node | None, args: tuple[Node, ...], scope: Scope) -> Term:
    r"""``\mathbb{E}`` and ``\Pr``, over everything random or over the variables below."""
    laws: list[tuple[Term, Term]] = []
    inner = scope
    for p in _draws(below, core):
        variable, law = drawn(s, p, inner)
        laws.append((variable, law))
        inner = inner.child(variable)
    if word == "Pr":
        body = _known(s, args, core, inner, lambda n: statement(s, n, inner), joined=True)
        t = call("Prob", body)
    else:
        body = _known(s, args, core, inner, lambda n: s.loosened(s.value(n, inner)), joined=False)
        t = call("Expect", body)
    for k, (variable, law) in enumerate(reversed(laws)):
        head = "ExpectOver" if word == "Expect" else "ProbOver"
        inside = t.args[0] if k == 0 else t
        t = binder(head, s.fix(variable), s.fix(inside), s.fix(law))
    return s.fix(t)


def _draws(below: Node | None, core: Node) -> list[Node]:
    if below is None:
        return []
    parts = list(below.children) if below.kind == "list" else [below]
    out = []
    waiting: list[Node] = []  # the names before the last one of `u, v \sim p`, each drawn apart
    for p in parts:
        if spelled(p) is not None and p is not parts[-1]:
            waiting.append(p)
            continue
        if p.kind != "rel" or p.text not in ("sim", "iid"):
            raise p.error(f"below `{core.source}` stands a variable with its law", (rf"{core.source}_{{x \sim p}}[…]",))
        names = p.children[0].children if p.children[0].kind == "list" else (p.children[0],)
        out += [Node("rel", (n, p.children[1]), p.text, n.start, p.end, p.where) for n in (*waiting, *names)]
        waiting = []
    return out


def _known(
    s: Session, args: tuple[Node, ...], core: Node, scope: Scope, read: Callable[[Node], Term], joined: bool
) -> Term:
    r"""What stands in the brackets: a body, and behind ``\mid`` what is known."""
    if joined and len(args) > 1:
        return call("And", *(read(a) for a in args))
    if len(args) != 1:
        raise core.error(f"`{core.source}` has one expression in its brackets")
    if args[0].kind != "given":
        return read(args[0])
    body, known = args[0].children
    if joined and body.kind == "list":
        inner = call("And", *(read(a) for a in body.children))
    else:
        inner = read(body)
    return call("Given", inner, *condition(s, known, scope))


def condition(s: Session, node: Node, scope: Scope) -> list[Term]:
    parts = node.children if node.kind == "list" else (node,)
    return [statement(s, p, scope) if p.kind == "rel" else s.value(p, scope) for p in parts]


def spread(s: Session, core: Node, word: str, args: tuple[Node, ...], scope: Scope) -> Term:
    r"""``\mathrm{Var}``, ``\mathrm{Cov}``, ``\mathrm{KL}``, ``\mathrm{H}``."""
    if word == "Var":
        return call("Var", _known(s, args, core, scope, lambda n: s.loosened(s.value(n, scope)), joined=False))
    if word == "Cov":
        known: list[Term] = []
        parts = args
        if len(args) == 1 and args[0].kind == "given":
            known = condition(s, args[0].children[1], scope)
            first = args[0].children[0]
            parts = first.children if first.kind == "list" else (first,)
        if len(parts) == 1:  # the covariance matrix of a vector
            one = s.fix(s.loosened(s.value(parts[0], scope)))
            if len(s.shape(one, parts[0])) == 1:
                return call("Var", call("Given", one, *known) if known else one)
        if len(parts) != 2:
            raise core.error(f"`{core.source}` is of two things, or of a vector", (rf"{core.source}(X, Y)",))
        terms = [s.loosened(s.value(p, scope)) for p in parts]
        return call("Cov", *(call("Given", t, *known) if known else t for t in map(s.fix, terms)))
    wanted = 2 if word == "KL" else 1
    parts = args[0].children if len(args) == 1 and args[0].kind == "pair" else args
    if len(parts) != wanted:
        form = r"\mathrm{KL}(p \,\|\, q)" if word == "KL" else r"\mathrm{H}(p)"
        raise core.error(f"`{core.source}` is of {wanted} distribution{'s' * (wanted > 1)}", (form,))
    laws: list[Term] = []
    for p in parts:  # both are of the same values
        laws.append(_law_or_vector(s, p, scope, law_shape(s, laws[0]) if laws and laws[0].head == "Normal" else None))
    return call("KL" if word == "KL" else "Entropy", *laws)


def _law_or_vector(s: Session, node: Node, scope: Scope, of: Shape | None = None) -> Term:
    """A law (of values of a shape, where that is known), or a probability vector."""
    if is_law(node, scope):
        return law(s, node, scope, of)
    t = s.value(node, scope)
    if len(s.shape(t, node)) != 1:
        raise node.error(f"here stands a distribution or a probability vector; `{node.source}` {shown(s.shape(t))}")
    return t


