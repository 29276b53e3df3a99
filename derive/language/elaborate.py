r"""From formulas to typed terms: what each name is, what takes what, and that all shapes fit.

`expression`, `proposition`, `law` and `chain` read one formula in a `Scope`. Where a formula speaks of the variable
of another (``… when z \sim p``) use `claim_when`. Nothing is calculated: ``4 + 3`` stays as written.
"""

from __future__ import annotations

from derive.language.ast import Node, indices, spelled, unbracketed
from derive.language.elaborate_session import Session, quotient, shown
from derive.language.scope import Range, Scope
from derive.terms import MINUS_ONE, ONE, Shape, Term, add, at, call, is_num, neg, num, power, sqrt

__all__ = ["chain", "claim_when", "distributed", "expression", "law", "proposition"]


CONSTANTS = ("pi", "e", "I")

# For other modules


def expression(node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    """The value that a formula stands for; with ``shape``, of that shape (``0`` and ``I`` take theirs from it).

    Raises
    ------
    ReadError
        At an undeclared name or a shape that does not fit, naming both shapes and what would fit.
    """
    s = _session(node, scope)
    t = value(s, node, scope)
    if shape is not None:
        if not shape:
            t = s.number(t, node)
        elif is_num(t, 0):
            t = s.zeros(shape)
        elif not s.fit(s.shape(t, node), shape):
            raise node.error(f"`{node.source}` {shown(s.shape(t))}; what is needed {shown(shape)}")
    return s.finish(t, scope)


def proposition(node: Node, scope: Scope) -> Term:
    """What a relation, a chain (as ``And``) or a list of them (as ``And``) says."""
    s = _session(node, scope)
    from derive.language.elaborate_relations import statement

    return s.finish(statement(s, node, scope), scope)


def chain(node: Node, scope: Scope, first: Term | None = None) -> list[Term]:
    """The relations of a chain, one by one; ``first`` stands before a chain that begins with its relation."""
    s = _session(node, scope)
    from derive.language.elaborate_relations import relations

    return [s.finish(t, scope) for t in relations(s, node, scope, first)]


def law(node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    """A distribution; ``shape`` of its values, where the formula alone does not tell (``\\mathcal{N}(0, I)``)."""
    from derive.language.elaborate_laws import law as read

    s = _session(node, scope)
    t = read(s, node, scope, shape)
    return s.finish(t, scope)


def distributed(node: Node, scope: Scope, shape: Shape | None = None) -> Term:
    r"""``z \sim D`` where ``z`` may be new: `Dist(z, D)`."""
    from derive.language.elaborate_laws import drawn

    s = _session(node, scope)
    variable, read = drawn(s, node, scope, shape)
    return s.finish(call("Dist", variable, read), scope)


def claim_when(node: Node, when: Node, scope: Scope) -> tuple[Term, Term]:
    r"""A claim about a variable that ``when`` introduces (``z \sim p``): the claim, and `Dist(z, p)`."""
    from derive.language.elaborate_laws import drawn
    from derive.language.elaborate_relations import statement

    s = _session(node, scope)
    s.hints |= hints(s, when, scope)
    variable, read = drawn(s, when, scope)
    prop = statement(s, node, scope.child(variable))
    return s.finish(prop, scope), s.finish(call("Dist", variable, read), scope)


def _session(node: Node, scope: Scope) -> Session:
    s = Session()
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
            known = scope.lookup(name) if name else None
            if known is None or g.kind != "group" or known.head != "Sym":
                continue
            if scope.role(name or "") == "density":
                takes: tuple[Shape, ...] = (known.sort.shape,)
            elif known.sort.takes is not None:
                takes = known.sort.takes[-len(g.children) :]  # the parameter of s_\theta(x) stands below
            else:
                continue
            for argument, shape in zip(g.children, takes, strict=False):
                said = spelled(argument)
                if said and said not in CONSTANTS and scope.lookup(said) is None and not _an_entry(argument, scope):
                    out.setdefault(said, shape)
    return out


def _an_entry(node: Node, scope: Scope) -> bool:
    return node.kind == "sub" and scope.lookup(spelled(node.children[0]) or "") is not None


# One node


def value(s: Session, node: Node, scope: Scope) -> Term:
    """The term of a node that is an expression."""
    from derive.language import elaborate_operators as operators
    from derive.language.elaborate_factors import product
    from derive.language.elaborate_sums import total

    kind = node.kind
    if kind == "num":
        return num(node.text)
    if kind in ("name", "func", "nabla", "partial", "sup", "sub", "transpose", "factorial", "one", "product"):
        return product(s, node.children if kind == "product" else (node,), node, scope)
    if kind == "add":
        return _sum(s, node, scope)
    if kind == "neg":
        return neg(s.fix(value(s, node.children[0], scope)))
    if kind == "group":
        if len(node.children) != 1:
            raise node.error("a list stands where one expression is needed")
        return value(s, node.children[0], scope)
    if kind == "infinity":
        return call("Infinity")
    if kind == "frac":
        above, below = (unbracketed(c) if c.kind == "group" and c.text == "{" else c for c in node.children)
        top = value(s, above, scope)
        bottom = s.number(value(s, below, scope), below, "only a number can stand below a fraction line")
        return quotient(s.fix(s.loosened(top)), bottom)
    if kind == "sqrt":
        inner = s.number(value(s, node.children[0], scope), node.children[0])
        if len(node.children) == 1:
            return sqrt(inner)
        return power(inner, quotient(ONE, s.number(value(s, node.children[1], scope), node.children[1])))
    if kind == "binom":
        return call("Binomial", *(s.number(value(s, c, scope), c) for c in node.children))
    if kind == "abs":
        return call("Abs", s.loosened(value(s, node.children[0], scope)))
    if kind in ("floor", "ceil"):
        return call(kind.capitalize(), s.loosened(value(s, node.children[0], scope)))
    if kind == "norm":
        return norm(s, node, None, scope)
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
    return node.error(said.get(node.kind, f"`{node.source}` is not understood here"))


def _sum(s: Session, node: Node, scope: Scope) -> Term:
    if any(c.kind == "dots" for c in node.children):
        return _dotted_sum(s, node, scope)
    nodes = [c.children[0] if c.kind == "neg" else c for c in node.children]
    terms = s.agree([value(s, c, scope) for c in nodes], nodes, "what is added must have one shape")
    return add(*(neg(t) if c.kind == "neg" else t for c, t in zip(node.children, terms, strict=True)))


def _dotted_sum(s: Session, node: Node, scope: Scope) -> Term:
    from derive.language.elaborate_dots import run

    parts = list(node.children)
    where = [i for i, c in enumerate(parts) if c.kind == "dots"]
    if len(where) != 1 or where[0] in (0, len(parts) - 1) or any(c.kind == "neg" for c in parts):
        forms = (r"x_1 + \cdots + x_n", r"\sum_{j=1}^n x_j")
        raise node.error("dots stand between the first and the last of a sum", forms)
    i = where[0]
    before = [s.loosened(value(s, c, scope)) for c in parts[:i]]
    after = [s.loosened(value(s, c, scope)) for c in parts[i + 1 :]]
    taken, sign, template, lo, hi = run(before, after[0], node)
    lo, hi = (lo, hi) if sign > 0 else (hi, lo)
    whole = call("Sum", template[0], template[1], lo, hi)
    return add(*before[: len(before) - taken], whole, *after[1:])


def norm(s: Session, node: Node, which: Node | None, scope: Scope) -> Term:
    r"""``\|x\|`` with what stands below it."""
    inner = node.children[0]
    t = s.fix(value(s, inner, scope))
    sh = s.shape(t, inner)
    if not sh:
        raise node.error(f"a norm is of a vector or matrix; `{inner.source}` is a number", (f"|{inner.source}|",))
    kind = "" if which is None else _norm_kind(which)
    table = (
        {"": "Norm", "2": "Norm", "1": "Norm1", "infinity": "NormInf", "RMS": "RMS"}
        if len(sh) == 1
        else {"": "Spectral", "2": "Spectral", "F": "Frobenius", "RMS to RMS": "InducedRMS", "op": "Spectral"}
    )
    if kind not in table or len(sh) > 2:
        what = "vector" if len(sh) == 1 else "matrix"
        forms = (r"\|x\|", r"\|x\|_1", r"\|x\|_\infty") if len(sh) == 1 else (
            r"\|W\|_2", r"\|W\|_F", r"\|W\|_{\mathrm{RMS}\to\mathrm{RMS}}")  # fmt: skip
        raise node.error(f"this norm of a {what} is not known", forms)
    return call(table[kind], t)


def _norm_kind(node: Node) -> str:
    if node.kind == "infinity":
        return "infinity"
    if node.kind == "rel":
        return f" {node.text} ".join(c.text for c in node.children)
    return node.text


# Names and entries


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
    if (name := spelled(node)) and s.lookup(name, scope) is None and not _an_entry(node, scope):
        return s.record_index(name, scope, range, node)
    if node.kind in ("add", "neg", "product", "group"):
        s.index_depth += 1
        t = value(s, node, scope)
        s.index_depth -= 1
    else:
        t = value(s, node, scope)
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
    e = s.number(value(s, exponent, scope), exponent, "an exponent is a number")
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
        raise node.error(
            f"a vector has no powers: `{base.source}` {shown(sh)}",
            (rf"\|{base.source}\|^2", rf"{base.source} \odot {base.source}"),
        )
    return power(s.number(t, node), e)


