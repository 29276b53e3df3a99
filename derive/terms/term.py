"""Immutable mathematical expressions that never rearrange themselves.

A term is a head and arguments. Three kinds of head are special:

- ``Num``: one argument, a `Fraction`.
- ``Sym``: a name and a `Sort` (the shape of a value, or what a function takes and gives).
- binders (`BINDERS`): the bound symbol, the body in which it is bound, then what lies
  outside its scope (limits and excluded indices of a sum, the law of an expectation,
  the point at which a derivative is taken).

Every other head has terms as arguments. `docs/terms.md` lists the heads.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple
from weakref import ref

BINDERS = frozenset(
    {
        "Sum", "Prod", "MatProd", "Integral", "ExpectOver", "ProbOver",
        "Grad", "Jac", "Hess", "Deriv", "Sup", "Inf", "Lambda", "ForAll",
    }
)  # fmt: skip


class Sort(NamedTuple):
    """What a symbol stands for.

    ``shape`` is a tuple of dimensions (terms; empty for a number). ``takes`` is None for a
    value; for a function it holds one shape for each argument, and ``shape`` is the result's.
    """

    shape: tuple[Term, ...] = ()
    takes: tuple[tuple[Term, ...], ...] | None = None


_LIVE: dict[str, dict[tuple, _Kept]] = {}  # every term, by its head and its arguments


class _Kept(ref):
    """A term as long as somebody holds it, and where it is found."""

    __slots__ = ("among", "args")
    among: dict[tuple, _Kept]
    args: tuple


def _gone(kept: _Kept) -> None:
    if kept.among.get(kept.args) is kept:
        del kept.among[kept.args]


class Term:
    """One node of an expression. Terms that are written alike are one object: compare with ``is`` or ``==`` as written, with
    `same` by meaning.

    What is worked out of a node alone is kept in it: it never changes, and most of a line stays as it was from one step to
    the next.
    """

    __slots__ = ("head", "args", "_key", "_keys", "_free", "_shape", "_heads", "_size", "_tidy", "__weakref__")

    head: str
    args: tuple
    _key: str | None
    _keys: dict[tuple, str] | None  # inside binders, by what they call its symbols
    _free: frozenset[Term] | None
    _shape: tuple[Term, ...] | None
    _heads: int | None
    _size: int | None
    _tidy: Term | Literal[True] | None  # True: it is tidy (no node holds itself)

    def __new__(cls, head: str, args: tuple) -> Term:
        among = _LIVE.get(head)
        if among is None:
            among = _LIVE[head] = {}
        kept = among.get(args)
        got = kept() if kept is not None else None
        if got is None:
            got = object.__new__(cls)
            got.head, got.args = head, args
            got._key = got._keys = got._free = got._shape = got._heads = got._size = got._tidy = None
            among[args] = kept = _Kept(got, _gone)
            kept.among, kept.args = among, args
        return got

    def __reduce__(self) -> tuple:
        return Term, (self.head, self.args)

    def __repr__(self) -> str:
        if self.head == "Num":
            return str(self.args[0])
        if self.head == "Sym":
            return self.args[0]
        return f"{self.head}({', '.join(map(repr, self.args))})"

    @property
    def is_binder(self) -> bool:
        return self.head in BINDERS

    # Leaves
    @property
    def name(self) -> str:
        """The name of a ``Sym``."""
        return self.args[0]

    @property
    def sort(self) -> Sort:
        """The sort of a ``Sym``."""
        return self.args[1]

    @property
    def value(self) -> Fraction:
        """The value of a ``Num``."""
        return self.args[0]

    # Binders
    @property
    def var(self) -> Term:
        """The symbol that a binder binds."""
        return self.args[0]

    @property
    def body(self) -> Term:
        """The part of a binder in which its symbol is bound."""
        return self.args[1]

    @property
    def domain(self) -> tuple[Term, ...]:
        """The arguments of a binder outside its scope."""
        return self.args[2:]

    def children(self) -> Iterable[tuple[int, Term]]:
        """(position, argument) of every argument that may be rewritten."""
        h = self.head
        if h == "Num" or h == "Sym":
            return ()
        return enumerate(self.args[1:], 1) if h in BINDERS else enumerate(self.args)


def num(value: int | Fraction | str) -> Term:
    """A rational number."""
    if type(value) is int or type(value) is Fraction and value.denominator == 1:
        got = _WHOLE.get(int(value))
        if got is not None:
            return got
    return Term("Num", (Fraction(value),))


# Hashing a fraction is slow, and most numbers are small and whole.
_WHOLE = {n: Term("Num", (Fraction(n),)) for n in range(-16, 65)}


def sym(name: str, shape: tuple[Term, ...] = (), takes: tuple | None = None) -> Term:
    """A symbol: ``name`` spelled as the trace spells it (``d_1``, ``mu``, ``y_prime``)."""
    return Term("Sym", (name, Sort(tuple(shape), takes)))


ZERO, ONE, TWO = num(0), num(1), num(2)
HALF, MINUS_ONE = num("1/2"), num(-1)


def is_num(t: Term, value: int | Fraction | None = None) -> bool:
    """Whether ``t`` is a rational number (``value``, if given)."""
    return t.head == "Num" and (value is None or t.args[0] == value)
