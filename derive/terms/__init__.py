"""Mathematical expressions: immutable, light, never rearranging themselves."""

from derive.terms.build import (
    add,
    at,
    binder,
    call,
    div,
    expect,
    mul,
    neg,
    power,
    rebuild,
    sqrt,
    sub,
    sum_,
)
from derive.terms.key import key, same
from derive.terms.shapes import ENTRYWISE, Shape, ShapeError, equal_shapes, shape
from derive.terms.supports import support
from derive.terms.term import (
    BINDERS,
    HALF,
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Sort,
    Term,
    is_num,
    num,
    sym,
)
from derive.terms.walk import Path, contains, free, fresh, get, names, replace, size, subst, subterms

__all__ = [
    "BINDERS", "ENTRYWISE", "HALF", "MINUS_ONE", "ONE", "TWO", "ZERO", "Path", "Shape", "ShapeError", "Sort", "Term",
    "add", "at", "binder", "call", "contains", "div", "equal_shapes", "expect", "free", "fresh", "get", "is_num", "key",
    "mul", "names", "neg", "num", "power", "rebuild", "replace", "same", "shape", "size", "sqrt", "sub", "subst",
    "subterms", "sum_", "support", "sym",
]
