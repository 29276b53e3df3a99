r"""Sums, products, integrals, derivatives, suprema: operators that bind a name."""

from __future__ import annotations

from derive.language.writer_pieces import FACTOR, PRODUCT, RELATION, Form, Piece, Writer
from derive.terms import (
    MINUS_ONE,
    ONE,
    Sort,
    Term,
    add,
    at,
    free,
    fresh,
    mul,
    names,
    num,
    same,
    shape,
    subst,
    subterms,
    sym,
)  # fmt: skip

LETTERS = "uzvwstrqabc"  # for a bound name that has to give way
# Heads written as a function with its arguments, behind which a derivative ends for every reader.
APPLIED = frozenset(
    {"Apply", "Density", "Ln", "Sign", "ReLU", "Sigmoid", "Softmax", "Sin", "Cos", "Tan", "Tanh", "Gamma", "Expect",
     "ExpectOver", "Prob", "ProbOver", "Var", "Cov", "Entropy", "KL", "Trace", "Det", "Rank", "Diag", "RMS",
     "Indicator", "Max", "Min", "Grad", "Jac", "Hess", "Deriv"}
)  # fmt: skip
SIGNS = {"Sum": r"\sum", "Prod": r"\prod"}


def total(w: Writer, t: Term) -> Piece:
    var, body = t.var, t.body
    lo, hi, *excluded = t.domain
    inner = w.within(var.name, (lo, hi))
    name = inner.name(var)
    sign = SIGNS[t.head]
    if excluded and _evident_range(w, var, body, lo, hi, excluded):
        low = rf"{name} \ne " + ", ".join(w.script(x) for x in excluded)
        limits = f"_{{{low}}}"
    else:
        low = f"{name}={w.script(lo)}"
        if excluded:
            low += rf", {name} \ne " + ", ".join(w.script(x) for x in excluded)
        limits = f"_{{{low}}}^{w.braced(w.script(hi))}"
    inner.sized = False
    return Piece(f"{sign}{limits} {inner.at(body, PRODUCT)}", FACTOR, open=True)


def _evident_range(w: Writer, var: Term, body: Term, lo: Term, hi: Term, excluded: list[Term]) -> bool:
    """Whether a reader sees from the arrays inside (or from the index that it excludes) how far the index runs."""
    if lo != ONE or var.name in w.bound:
        return False
    if var.name in w.symbols and not all(x.head == "Sym" and x.name in w.bound for x in excluded):
        return False
    if not all(x.head != "Sym" or w.known(x.name) for x in excluded):
        return False
    sizes: list[Term] = []
    for s in subterms(body):
        if s.head == "At":
            for d, i in zip(shape(s.args[0]), s.args[1:], strict=False):
                if i.head == "Sym" and i.name == var.name and not any(same(d, x) for x in sizes):
                    sizes.append(d)
    if sizes:
        return len(sizes) == 1 and same(sizes[0], hi)
    first = excluded[0]
    ranges = w.bound.get(first.name) if first.head == "Sym" else None
    return ranges is not None and same(ranges[0], lo) and same(ranges[1], hi)


def matrix_product(w: Writer, t: Term) -> Piece:
    r"""``W_L \cdots W_1``: the highest index leftmost."""
    lo, hi = t.domain
    first, last = (w.at(_member(t.body, t.var, x), FACTOR) for x in (hi, lo))
    return Piece(rf"{first} \cdots {last}", PRODUCT)


def _member(body: Term, var: Term, index: Term) -> Term:
    """The member at an index, its own index added up (``L + 1 - L`` is 1)."""
    if body.head == "At":
        return at(_member(body.args[0], var, index), *(_added(subst(i, {var: index})) for i in body.args[1:]))
    return subst(body, {var: index})


def _added(t: Term) -> Term:
    if t.head != "Add":
        return t
    terms = [num(-a.args[1].value) if a.head == "Mul" and a.args[0] == MINUS_ONE and a.args[1].head == "Num" else a
             for a in t.args]  # fmt: skip
    whole = num(sum(a.value for a in terms if a.head == "Num"))
    rest = [a for a in terms if a.head != "Num"]
    for a in list(rest):
        opposite = mul(MINUS_ONE, a)
        if a in rest and opposite in rest:
            rest.remove(a)
            rest.remove(opposite)
    return add(*rest, *([whole] if whole.value or not rest else []))


def integral(w: Writer, t: Term) -> Piece:
    var, body = t.var, t.body
    inner = w.within(var.name)
    inner.sized = False
    sign = r"\int"
    if t.domain:
        lo, hi = (w.braced(w.script(x)) for x in t.domain)
        sign += f"_{lo}^{hi}"
    elif var.sort.shape and not _argument(body, var):
        sign += f"_{{{space(w, var)}}}"
    text = inner.at(body, PRODUCT)
    return Piece(rf"{sign} {text} \,d{inner.name(var)}", FACTOR)


def _argument(body: Term, var: Term) -> bool:
    """Whether ``var`` stands as the bare argument of a function or density, which tells its shape."""
    for s in subterms(body):
        if s.head == "Density" and s.args[1] == var and s.args[0].head in ("Sym", "Apply"):
            return True
        if s.head == "Apply" and s.args[0].sort.takes:
            takes = zip(s.args[1:], s.args[0].sort.takes, strict=False)
            if any(a == var and taken == var.sort.shape for a, taken in takes):
                return True
    return False


def space(w: Writer, var: Term) -> str:
    dims = r" \times ".join(w.script(d) for d in var.sort.shape)
    return r"\mathbb{R}" + (f"^{w.braced(dims)}" if dims else "")


def derivative(w: Writer, t: Term, top: bool = False) -> Piece:
    r"""``\nabla_x f(x)``, with ``\top`` if it is transposed, and the point where it is taken if that is another one."""
    var, body, point = t.args
    renamed = point.head == "Sym" and point != var and point.sort == var.sort and point not in free(body)
    if renamed and t.head != "Deriv":
        var, body = point, subst(body, {var: point})
    declared = w.symbols.get(var.name)
    if point != var and declared is not None and declared.term.sort != var.sort and var.name not in w.bound:
        # Reading would take the document's symbol of that name.
        used = {*w.symbols, *w.bound, *names([body, point])}
        letter = next((x for x in LETTERS if x not in used), None)
        other = fresh(var, used) if letter is None else sym(letter, var.sort.shape)
        var, body = other, subst(body, {var: other})
    inner = w.within(var.name) if point != var else w
    operator = _operator(inner, t.head, var)
    if t.head == "Deriv":
        order = 1
        while body.head == "Deriv" and body.args[2] == var and (body.var == var or var not in free(body.body)):
            order, body = order + 1, subst(body.body, {body.var: var})
        if _named(w, var, body) and order < 4:
            return w.call(w.name(body.args[0]) + "'" * order, w.piece(point, loose=True).text)
        if order > 1:
            operator = rf"\frac{{d^{order}}}{{d{inner.name(var)}^{order}}}"
    p = inner.piece(body)
    taken = p.text if p.level >= FACTOR and not p.top else inner.bracketed(p)
    text = f"{operator} {taken}" + (r"^\top" if top else "")
    if point != var:
        text += rf"\big|_{{{inner.name(var)} = {w.script(point)}}}"
    return Piece(text, FACTOR, point == var and _goes_on(var, body, p), top=top or point != var)


def _goes_on(var: Term, body: Term, p: Piece) -> bool:
    """Whether a derivative has to stand in brackets before further factors."""
    return (p.open and p.level >= FACTOR) or body.head not in APPLIED or var not in free(body)


def _operator(w: Writer, head: str, var: Term) -> str:
    name = w.name(var)
    if head == "Deriv":
        return rf"\frac{{d}}{{d{name}}}"
    return rf"\nabla_{w.braced(name)}" + ("^2" if head == "Hess" else "")


def _named(w: Writer, var: Term, body: Term) -> bool:
    """Whether the derivative is ``f'`` of a declared function of one number."""
    if body.head != "Apply" or body.args[1:] != (var,):
        return False
    f = body.args[0]
    return f.sort == Sort((), ((),)) and "_" not in f.name and f"{f.name}_prime" not in w.symbols


def partial(w: Writer, gradient: Term, where: list[Term]) -> Piece:
    r"""``\frac{\partial}{\partial x_j}``: an entry of a gradient."""
    below = w.piece(Term("At", (gradient.var, *where)))
    p = w.piece(gradient.body)
    taken = p.text if p.level >= FACTOR and not p.top else w.bracketed(p)
    return Piece(rf"\frac{{\partial}}{{\partial {below.text}}} {taken}", FACTOR, _goes_on(gradient.var, gradient.body, p))


def extremum(w: Writer, t: Term) -> Piece:
    inner = w.within(t.var.name)
    body, conditions = t.body, []
    if body.head == "Where":
        body, c = body.args
        conditions = list(c.args) if c.head == "And" else [] if c.head == "True" else [c]
    inner.small += 1
    low = ", ".join(
        [rf"{inner.name(t.var)} \in {space(w, t.var)}", *(inner.at(c, RELATION) for c in conditions)]
    )
    inner.small -= 1
    return Piece(rf"\{t.head.lower()}_{{{low}}} {inner.at(body, PRODUCT, loose=True)}", FACTOR, open=True)


def function(w: Writer, t: Term) -> Piece:
    return Piece(rf"{w.name(t.var)} \mapsto {w.within(t.var.name).at(t.body, PRODUCT)}", RELATION)


FORMS: dict[str, Form] = {
    "Sum": total, "Prod": total, "MatProd": matrix_product, "Integral": integral, "Grad": derivative, "Jac": derivative,
    "Hess": derivative, "Deriv": derivative, "Sup": extremum, "Inf": extremum, "Lambda": function,
}  # fmt: skip
