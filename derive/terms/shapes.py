"""The shape of a term: a tuple of dimensions (terms), empty for a number."""

from __future__ import annotations

from derive.terms.key import same
from derive.terms.term import ONE, Term
from derive.terms.walk import subst

Shape = tuple[Term, ...]

# Heads whose value has the shape of their first argument (applied entry by entry).
ENTRYWISE = frozenset({"Sign", "Abs", "ReLU", "Sigmoid", "Exp", "Ln", "Sin", "Cos", "Tan", "Tanh",
                       "Floor", "Ceil", "Softmax", "Step"})  # fmt: skip
PROPOSITIONS = frozenset({"Eq", "Ne", "Lt", "Le", "Gt", "Ge", "In", "Dist", "Independent", "Uncorrelated",
                          "And", "Or", "Not", "Implies", "Iff", "ForAll", "Asym"})  # fmt: skip


class ShapeError(Exception):
    """Two shapes that do not fit. ``left`` and ``right`` are the parts, ``why`` says what was needed."""

    def __init__(self, why: str, left: Term | None = None, right: Term | None = None) -> None:
        super().__init__(why)
        self.why, self.left, self.right = why, left, right


def shape(t: Term) -> Shape:
    """The shape of ``t``.

    Raises
    ------
    ShapeError
        Where the parts do not fit.
    """
    if t._shape is None:
        t._shape = _shape(t)
    return t._shape


def equal_shapes(a: Shape, b: Shape) -> bool:
    return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))


def _common(parts: tuple[Term, ...]) -> Shape:
    out: Shape = ()
    first: Term | None = None
    for p in parts:
        s = shape(p)
        if first is None or (not out and p.head != "Num" and first.head == "Num"):
            out, first = s, p
        elif not equal_shapes(s, out):
            if p.head == "Num" and p.value == 0:
                continue
            raise ShapeError("the parts of a sum must have one shape", first, p)
    return out


def as_matrix(s: Shape) -> Shape:
    """A number as 1 x 1, a vector as a column."""
    return (ONE, ONE) if not s else (s[0], ONE) if len(s) == 1 else s


def _product(t: Term) -> Shape:
    rows: Term | None = None
    cols: Term = ONE
    previous = t.args[0]
    for a in t.args:
        s = shape(a)
        if len(s) > 2:
            raise ShapeError("only matrices and vectors multiply", previous, a)
        r, c = as_matrix(s)
        if rows is None:
            rows, cols = r, c
        else:
            if not same(cols, r):
                raise ShapeError("the inner sizes differ", previous, a)
            cols = c
        previous = a
    assert rows is not None
    last = shape(t.args[-1])
    return (rows,) if len(last) == 1 else (rows, cols)


def _shape(t: Term) -> Shape:
    h, a = t.head, t.args
    if h == "Num":
        return ()
    if h == "Sym":
        return t.sort.shape
    if h == "Add" or h in ("Hadamard", "Max", "Min", "Set"):
        return _common(a)
    if h == "Mul":
        out: Shape = ()
        for p in a:
            s = shape(p)
            if s and out:
                raise ShapeError("only numbers multiply an array", a[0], p)
            out = out or s
        return out
    if h == "Pow":
        return shape(a[0])
    if h == "At":
        s = shape(a[0])
        if len(a) - 1 > len(s):
            raise ShapeError("too many indices", a[0])
        return s[len(a) - 1 :]
    if h == "MatMul":
        return _product(t)
    if h == "Dot":
        if not equal_shapes(shape(a[0]), shape(a[1])):
            raise ShapeError("the two vectors must have one size", a[0], a[1])
        return ()
    if h == "Transpose":
        s = as_matrix(shape(a[0]))
        return (s[1], s[0])
    if h in ENTRYWISE or h in ("Inverse", "Given"):
        return shape(a[0])
    if h == "Identity":
        return (a[0], a[0])
    if h in ("Ones", "Zeros"):
        return tuple(a)
    if h == "Diag":
        s = shape(a[0])
        return s + s if len(s) < 2 else (s[0],)  # of a vector, of a matrix
    if h == "Apply":
        sort = a[0].sort
        takes: tuple[Shape, ...] = sort.takes or ()
        if len(takes) == 1 and not takes[0] and not sort.shape and len(a) == 2:
            return shape(a[1])  # a function of numbers applies entry by entry
        return sort.shape
    if h in ("Expect", "Mean"):
        return shape(a[0])
    if h == "Var":
        s = shape(a[0])
        return s + s
    if h == "Cov":
        return shape(a[0]) + shape(a[1])
    if h in ("Sum", "Prod", "Integral", "ExpectOver", "MatProd"):
        return shape(t.body)
    if h in ("Grad", "Jac"):
        return shape(t.body) + t.var.sort.shape
    if h == "Hess":
        return shape(t.body) + t.var.sort.shape + t.var.sort.shape
    if h == "Deriv":
        return shape(t.body)
    if h == "Lambda":
        return shape(t.body)
    return ()


def with_shape(t: Term, new: Shape) -> Term:
    """A symbol of the same name and another shape."""
    assert t.head == "Sym"
    return Term("Sym", (t.name, t.sort._replace(shape=new)))


__all__ = [
    "ENTRYWISE", "PROPOSITIONS", "Shape", "ShapeError", "as_matrix", "equal_shapes", "shape", "subst", "with_shape",
]  # fmt: skip
