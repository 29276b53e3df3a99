r"""From formulas to typed terms: what each name is, what takes what, and that all shapes fit.

`expression`, `proposition`, `law` and `chain` read one formula in a `Scope`. Where a formula speaks of the variable
of another (``… when z \sim p``) use `claim_when`. Nothing is calculated: ``4 + 3`` stays as written.
"""

from __future__ import annotations

from derive.language import elaborate_functions as functions
from derive.language import elaborate_laws as laws
from derive.language import elaborate_operators as operators
from derive.language.ast import CONDITIONAL, Node, spelled, unbracketed
from derive.language.elaborate_dots import run
from derive.language.elaborate_entries import an_entry
from derive.language.elaborate_factors import product
from derive.language.elaborate_misfits import offering
from derive.language.elaborate_relations import relations, statement
from derive.language.elaborate_session import Session, quotient, shown
from derive.language.elaborate_sums import total
from derive.language.scope import Scope
from derive.language.vocabulary import QUANTITIES
from derive.terms import ONE, Shape, Term, add, call, is_num, neg, num, power, sqrt

__all__ = ["chain", "claim_when", "distributed", "expression", "law", "proposition"]


CONSTANTS = ("pi", "e", "I")

# For other modules


@offering
def expression(node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    """The value that a formula stands for; with ``shape``, of that shape (``0`` and ``I`` take theirs from it).

    Raises
    ------
    ReadError
        At an undeclared name or a shape that does not fit, naming both shapes and what would fit.
    """
    s = _session(node, scope)
    t = s.value(node, scope)
    if shape is not None:
        if not shape:
            t = s.number(t, node)
        elif is_num(t, 0):
            t = s.zeros(shape)
        elif not s.fit(s.shape(t, node), shape):
            raise node.error(f"`{node.source}` {shown(s.shape(t))}; what is needed {shown(shape)}")
    return s.finish(t, scope)


@offering
def proposition(node: Node, scope: Scope) -> Term:
    """What a relation, a chain (as ``And``) or a list of them (as ``And``) says."""
    s = _session(node, scope)
    return s.finish(statement(s, node, scope), scope)


@offering
def chain(node: Node, scope: Scope, first: Term | None = None) -> list[Term]:
    """The relations of a chain, one by one; ``first`` stands before a chain that begins with its relation."""
    s = _session(node, scope)
    return [s.finish(t, scope) for t in relations(s, node, scope, first)]


@offering
def law(node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    """A distribution; ``shape`` of its values, where the formula alone does not tell (``\\mathcal{N}(0, I)``)."""
    s = _session(node, scope)
    t = laws.law(s, node, scope, shape)
    return s.finish(t, scope)


@offering
def distributed(node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    r"""``z \sim D`` where ``z`` may be new: `Dist(z, D)`."""
    s = _session(node, scope)
    variable, read = laws.drawn(s, node, scope, shape)
    return s.finish(call("Dist", variable, read), scope)


def claim_when(node: Node, when: Node, scope: Scope) -> tuple[Term, Term]:
    r"""A claim about a variable that ``when`` introduces (``z \sim p``): the claim, and `Dist(z, p)`."""
    return _claim_when(node, scope, when)


@offering
def _claim_when(node: Node, scope: Scope, when: Node) -> tuple[Term, Term]:
    s = _session(node, scope)
    s.hints |= hints(s, when, scope)
    variable, read = laws.drawn(s, when, scope)
    prop = statement(s, node, scope.child(variable))
    return s.finish(prop, scope), s.finish(call("Dist", variable, read), scope)


def _session(node: Node, scope: Scope) -> Session:
    s = Session(value)
    s.hints = hints(s, node, scope)
    return s


def hints(s: Session, node: Node, scope: Scope) -> dict[str, Shape]:
    """The shapes of bare undeclared names that stand as arguments of declared functions and densities."""
    out: dict[str, Shape] = {}
    for n in node.walk():
        if n.kind != "product":
            continue
        for f, g in zip(n.children, n.children[1:], strict=False):
            while g.kind in ("sup", "sub", "transpose"):
                g = g.children[0]
            name = spelled(f)
            known = (scope.lookup(name) or scope.lookup(name.split("_prime")[0])) if name else None  # f'(t) is of what f is
            if known is None or g.kind != "group" or known.head != "Sym":
                continue
            density = scope.role(name or "") == "density"
            if density:
                takes: tuple[Shape, ...] = (known.sort.shape,)
            elif known.sort.takes is not None:
                takes = known.sort.takes[-len(g.children) :]  # the parameter of s_\theta(x) stands below
            else:
                continue
            arguments = list(zip(g.children, takes, strict=False))
            parameters = known.sort.takes or ()
            parameters = parameters if density else parameters[: len(parameters) - len(takes)]
            if f.kind == "sub" and len(parameters) == 1:
                arguments.append((f.children[1], parameters[0]))  # of p_\theta(x), the parameter below
            for argument, shape in arguments:
                said = spelled(argument)
                if said and said not in CONSTANTS and scope.lookup(said) is None and not an_entry(argument, scope):
                    out.setdefault(said, shape)
    return out


# One node


def value(s: Session, node: Node, scope: Scope) -> Term:
    """The term of a node that is an expression."""
    kind = node.kind
    if kind == "num":
        return num(node.text)
    if kind in ("name", "func", "nabla", "partial", "sup", "sub", "transpose", "factorial", "one", "product"):
        return product(s, node.children if kind == "product" else (node,), node, scope)
    if kind == "add":
        return _sum(s, node, scope)
    if kind == "neg":
        return neg(s.fix(s.value(node.children[0], scope)))
    if kind == "group":
        if len(node.children) != 1:
            raise node.error("a list stands where one expression is needed")
        return s.value(node.children[0], scope)
    if kind == "infinity":
        return call("Infinity")
    if kind == "quantity":
        return call(QUANTITIES[node.text])
    if kind == "frac":
        above, below = (unbracketed(c) if c.kind == "group" and c.text == "{" else c for c in node.children)
        top = s.value(above, scope)
        bottom = s.number(s.value(below, scope), below, "only a number can stand below a fraction line")
        return quotient(s.fix(s.loosened(top)), bottom)
    if kind == "sqrt":
        inner = s.number(s.value(node.children[0], scope), node.children[0])
        if len(node.children) == 1:
            return sqrt(inner)
        return power(inner, quotient(ONE, s.number(s.value(node.children[1], scope), node.children[1])))
    if kind == "binom":
        return call("Binomial", *(s.number(s.value(c, scope), c) for c in node.children))
    if kind == "abs":
        return call("Abs", s.loosened(s.value(node.children[0], scope)))
    if kind in ("floor", "ceil"):
        return call(kind.capitalize(), s.loosened(s.value(node.children[0], scope)))
    if kind == "norm":
        return functions.norm(s, node, None, scope)
    if kind == "big":
        return operators.extremum(s, node, scope) if node.text in ("sup", "inf") else total(s, node, scope)
    if kind == "int":
        return operators.integral(s, node, scope)
    raise _misplaced(node)


def _misplaced(node: Node):  # type: ignore[no-untyped-def]
    said = {
        "rel": "a relation stands where an expression is needed",
        "list": "a list stands where one expression is needed",
        "given": r"`\mid` stands only inside E, Var, Cov and Pr",
        "pair": r"`\|` between two things stands only inside KL",
        "dots": "dots stand only between the first and the last of a list, sum or product",
        "evalat": "a bar with a value stands only behind a derivative",
        "set": "a set stands where an expression is needed",
        "space": "a space stands where an expression is needed",
        "map": "a function's declaration stands where an expression is needed",
        "none": "something is missing here",
        "top": r"`\top` stands only as an exponent",
    }
    if node.kind == "given":
        return node.error(f"{said['given']}; {CONDITIONAL}", (rf"$\pi({node.children[0].source})$",))
    return node.error(said.get(node.kind, f"`{node.source}` is not understood here"))


def _sum(s: Session, node: Node, scope: Scope) -> Term:
    if any(c.kind == "dots" for c in node.children):
        return _dotted_sum(s, node, scope)
    nodes = [c.children[0] if c.kind == "neg" else c for c in node.children]
    terms = s.agree([s.value(c, scope) for c in nodes], nodes, "what is added must have one shape")
    return add(*(neg(t) if c.kind == "neg" else t for c, t in zip(node.children, terms, strict=True)))


def _dotted_sum(s: Session, node: Node, scope: Scope) -> Term:
    parts = list(node.children)
    where = [i for i, c in enumerate(parts) if c.kind == "dots"]
    if len(where) != 1 or where[0] in (0, len(parts) - 1) or any(c.kind == "neg" for c in parts):
        forms = (r"x_1 + \cdots + x_n", r"\sum_{j=1}^n x_j")
        raise node.error("dots stand between the first and the last of a sum", forms)
    i = where[0]
    before = [s.loosened(s.value(c, scope)) for c in parts[:i]]
    after = [s.loosened(s.value(c, scope)) for c in parts[i + 1 :]]
    taken, sign, template, lo, hi = run(before, after[0], node)
    lo, hi = (lo, hi) if sign > 0 else (hi, lo)
    whole = call("Sum", template[0], template[1], lo, hi)
    return add(*before[: len(before) - taken], whole, *after[1:])
