r"""Distributions: ``\mathcal{N}(\mu, \sigma^2 I)``, named laws, declared densities, and ``x \sim D``."""

from __future__ import annotations

import re

from derive.language.ast import Node, spelled, unbracketed
from derive.language.elaborate_misfits import Fix, Misfit
from derive.language.elaborate_session import Session, shown
from derive.language.scope import Scope
from derive.language.vocabulary import LAWS
from derive.terms import Shape, Term, call, is_num, sym


def parts(node: Node, scope: Scope) -> tuple[str, tuple[Node, ...]] | None:
    """The name and parameters of a named law; None where the formula is none."""
    node = unbracketed(node)
    if node.kind == "func" and node.text in LAWS:
        return node.text, ()
    if node.kind != "product" or len(node.children) != 2 or node.children[1].kind != "group":
        return None
    head, group = node.children
    name = head.text if head.kind == "func" and head.text in LAWS else ""
    if head.kind in ("sup", "sub") and spelled(head.children[0]) == "chi" and head.children[1].text == "2":
        name = "ChiSquared"
    if name and (apart := value_apart(group)) is not None:
        said = ", ".join(n.source for n in apart[1].children)
        raise node.error(f"`{node.source}` is the value of a density, no distribution", (f"{head.source}({said})",))
    return (name, group.children) if name else None


def value_apart(group: Node) -> tuple[Node, Node] | None:
    r"""Of ``(x; m, v)`` and ``(x \mid m, v)``: what stands before the parameters, and the parameters in brackets."""
    inner = group.children
    if len(inner) == 1 and inner[0].kind == "given":
        value, after = inner[0].children
        inner = (value, *(after.children if after.kind == "list" else (after,)))
    elif len(inner) < 2 or not re.sub(r"\\.", "", group.where.source[inner[0].end : inner[1].start]).strip().startswith(";"):
        return None
    return inner[0], Node("group", inner[1:], "(", inner[1].start, inner[-1].end, group.where)


def is_law(node: Node, scope: Scope) -> bool:
    return parts(node, scope) is not None or density(None, node, scope) is not None


def density(s: Session | None, node: Node, scope: Scope) -> Term | None:
    """The law of a declared density: its symbol, or applied to its parameter (``p_\\theta``, ``p_{\\theta + h}``)."""
    name = spelled(node)
    if name is not None and scope.role(name) == "density":
        found = scope.lookup(name)
        assert found is not None
        if not found.sort.takes or s is None:
            return found
        if node.kind == "sub":
            return call("Apply", found, *_given(s, found, node.children[1], scope))
        return found
    if node.kind != "sub" or (base := spelled(node.children[0])) is None or scope.role(base) not in (None, "density"):
        return None
    families = [
        x.term for other, x in scope.symbols.items()
        if x.role == "density" and x.term.sort.takes and other.startswith(base + "_")
    ]  # fmt: skip
    if s is None or not families:
        return families[0] if families else None
    index = node.children[1]
    return s.trying([lambda f=f: call("Apply", f, *_given(s, f, index, scope)) for f in families])  # type: ignore[misc]


def _given(s: Session, family: Term, node: Node, scope: Scope) -> list[Term]:
    """The parameters at which a family of densities is taken."""
    takes = family.sort.takes or ()
    nodes = node.children if node.kind == "list" else (node,)
    if len(nodes) != len(takes):
        raise node.error(f"this density has {len(takes)} parameter{'s' * (len(takes) != 1)}")
    return [fitted(s, s.value(n, scope), n, shape, "the parameter") for n, shape in zip(nodes, takes, strict=True)]


def fitted(s: Session, t: Term, node: Node, shape: Shape, what: str) -> Term:
    """``t`` in the shape that a function or law takes."""
    t = s.fix(t)
    if is_num(t, 0) and shape:
        return s.zeros(shape)
    got = s.shape(t, node)
    if not shape:
        return s.number(t, node, f"{what} is a number")
    if not s.fit(got, shape):
        raise node.error(f"`{node.source}` {shown(s.shape(t))}; {what} {shown(tuple(map(s.fix, shape)))}")
    return s.fix(t)


def law(s: Session, node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    """A law; ``shape`` of its values where known."""
    found = parts(node, scope)
    if found is None:
        read = density(s, unbracketed(node), scope)
        if read is not None:
            own = law_shape(s, read)
            if shape is not None and not s.fit(own, shape):
                raise node.error(f"a value of `{node.source}` {shown(own)}; what is needed {shown(shape)}")
            return read
        raise node.error(
            f"`{node.source}` is not a distribution",
            (r"\mathcal{N}(m, v)", r"\mathrm{Uniform}(a, b)", r"\mathrm{Bernoulli}(p)", "a declared density"),
        )
    name, nodes = found
    if len(nodes) != len(LAWS[name]):
        wanted = ", ".join(LAWS[name])
        raise node.error(f"`{node.source}` needs {len(LAWS[name])} parameters" + (f": {wanted}" if wanted else ""))
    if name == "Normal":
        return _normal(s, nodes, scope, shape)
    values = []
    for n, what in zip(nodes, LAWS[name], strict=True):
        t = s.value(n, scope)
        values.append(s.fix(t) if what == "probabilities" else s.number(t, n, "a parameter is a number"))
    if shape and not all(is_num(d, 1) for d in shape):
        raise node.error(f"a value of `{node.source}` is a number; what is needed {shown(shape)}")
    return call(name, *values)


def _normal(s: Session, nodes: tuple[Node, ...], scope: Scope, shape: Shape | None) -> Term:
    mean, variance = (s.fix(s.value(n, scope)) for n in nodes)
    sm, sv = s.shape(mean, nodes[0]), s.shape(variance, nodes[1])
    if shape is not None and len(shape) == 1 and not is_num(shape[0], 1):
        sm_wanted: Shape = shape
    elif sm and not s.one_entry(mean):
        sm_wanted = sm
    elif sv and not (s.one_entry(variance) and not sm):
        sm_wanted = sv[:1]
    else:
        return call("Normal", s.loosened(mean), s.number(variance, nodes[1], "a variance is a number"))
    if len(sm_wanted) != 1:
        raise nodes[0].error("a normal distribution is of numbers or vectors")
    mean = fitted(s, mean, nodes[0], sm_wanted, "the mean")
    d = sm_wanted[0]
    if not s.shape(variance):
        said = nodes[1].source
        scaled = f"({said}) I" if nodes[1].kind in ("add", "neg") else "I" if said == "1" else f"{said} I"
        raise Misfit(
            nodes[1], f"the covariance of a vector is a matrix: `{said}` is a number", (Fix(nodes[1], scaled),)
        )
    variance = fitted(s, variance, nodes[1], (d, d), "the covariance")
    return call("Normal", s.fix(mean), s.fix(variance))


def law_shape(s: Session, law: Term) -> Shape:
    """The shape of a law's values."""
    if law.head == "Normal":
        return s.shape(law.args[0])
    if law.head == "Sym":
        return s.fix(law).sort.shape
    if law.head == "Apply":
        return s.fix(law).args[0].sort.shape
    return ()


def drawn(s: Session, node: Node, scope: Scope, shape: Shape | None = None) -> tuple[Term, Term]:
    r"""``x \sim D``, where ``x`` is bound: its symbol and its law."""
    if node.kind != "rel" or node.text not in ("sim", "iid"):
        raise node.error("here stands a variable with its distribution", (r"x \sim p",))
    name = spelled(node.children[0])
    if name is None:
        raise node.children[0].error("the variable is one name", (r"x \sim p",))
    if shape is None and scope.lookup(name) is None:
        shape = s.hints.get(name) or None
    read = law(s, node.children[1], scope, shape)
    return sym(name, tuple(map(s.fix, law_shape(s, read)))), read


def drawn_law(s: Session, node: Node, scope: Scope, left: Term, left_node: Node) -> Term:
    """The law on the right of ``\\sim``, for the shape of what stands on the left."""
    shape = s.shape(left, left_node)
    read = law(s, node, scope, None if s.one_entry(left) else shape if shape else None)
    drawn_shape = law_shape(s, read)
    if drawn_shape and not shape and not s.one_entry_shape(drawn_shape):
        raise left_node.error(f"`{left_node.source}` is a number; a value of `{node.source}` {shown(drawn_shape)}")
    return read
