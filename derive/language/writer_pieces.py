r"""What the writers of all heads share: pieces of LaTeX with how tightly they hold together, and the `Writer`.

A `Writer` knows the form of each head from the table that it is made with; `writer` makes one with all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from derive.language import names
from derive.language.model import ReadError, Symbol
from derive.terms import ZERO, Term, call, is_num, mul, shape
from derive.terms.shapes import ENTRYWISE

# How tightly a piece holds together.
RELATION, SUM, HADAMARD, PRODUCT, FACTOR, ATOM = 0, 10, 15, 20, 30, 40
LOOSE = "loose "


@dataclass(frozen=True)
class Piece:
    """LaTeX with its level; ``open`` if it takes all factors that follow (``\\sum``), ``top`` if it ends in ``\\top``
    or a bar, ``subscript`` if it is a name that has one."""

    text: str
    level: int = ATOM
    open: bool = False
    top: bool = False
    subscript: bool = False

    @property
    def tall(self) -> bool:
        return any(c in self.text for c in (r"\frac", r"\sum", r"\prod", r"\int", r"\Big"))


Form = Callable[["Writer", Term], Piece]


@lru_cache(maxsize=4096)
def _faithful(written: str, name: str) -> bool:
    """Whether a document's way to write a name is read as that name."""
    try:
        return names.spell(written) == name
    except ReadError:
        return False


def _with_shapes(t: Term) -> Term:
    """What works entry by entry leaves a 0 inside without a shape to be read: there an array of zeros is written so that it has one."""
    entrywise = t.head in ENTRYWISE or t.head == "Apply" and t.args[0].sort.takes == ((),)
    if not entrywise or not any(a.head == "Zeros" for a in t.args):
        return t
    return Term(t.head, tuple(mul(ZERO, _ones(a.args)) if a.head == "Zeros" else a for a in t.args))


def _ones(sizes: tuple[Term, ...]) -> Term:
    return call("MatMul", call("Ones", sizes[0]), call("Transpose", call("Ones", sizes[1]))) if len(sizes) == 2 else call("Ones", *sizes)


@dataclass
class Writer:
    """The state of one writing: what is bound where, and in what surroundings."""

    symbols: Mapping[str, Symbol]
    forms: Mapping[str, Form]  # head -> how it is written; `LOOSE` + head: where one entry is written as its array
    bound: dict[str, tuple[Term, Term] | None] = field(default_factory=dict)  # of an index: its range
    small: int = 0  # inside a script: fractions on one line
    sized: bool = False  # whether the surroundings give `I` its size

    def piece(self, t: Term, loose: bool = False) -> Piece:
        """``t``; ``loose`` where reading takes an array with one entry for a number."""
        t = _with_shapes(t)
        found = (self.forms.get(LOOSE + t.head) if loose else None) or self.forms.get(t.head)
        if found is not None:
            return found(self, t)
        inside = ", ".join(self.piece(a).text for a in t.args if isinstance(a, Term))
        if t.head == "Tuple":
            return Piece(inside)
        if t.head == "Lambda":  # only in bindings: a family by its member, a function by its value
            return Piece(rf"{self.piece(t.var).text} \mapsto {self.piece(t.body).text}")
        if t.head == "IndexRange":
            low, high, *out = (self.piece(a).text for a in t.args)
            return Piece(rf"{low}, \ldots, {high}" + (rf" \text{{ without }} {', '.join(out)}" if out else ""))
        return Piece(rf"\mathrm{{{t.head}}}({inside})" if t.args else rf"\mathrm{{{t.head}}}")

    def at(self, t: Term, level: int, loose: bool = False) -> str:
        """``t`` in brackets, if it holds together less tightly than ``level``."""
        p = self.piece(t, loose)
        return p.text if p.level >= level else self.bracketed(p)

    def bracketed(self, p: Piece) -> str:
        if p.tall and not self.small:
            return rf"\Big( {p.text} \Big)"
        return f"({p.text})"

    def call(self, name: str, inside: str, brackets: str = "()") -> Piece:
        """A function with its argument in brackets."""
        if Piece(inside).tall and not self.small:
            return Piece(rf"{name}\Big{brackets[0]} {inside} \Big{brackets[1]}")
        return Piece(f"{name}{brackets[0]}{inside}{brackets[1]}")

    def script(self, t: Term) -> str:
        """``t`` as an exponent or index."""
        self.small += 1
        text = self.piece(t).text
        self.small -= 1
        return text

    @staticmethod
    def joined(factors: list[str]) -> str:
        """Factors next to one another, with what has to stand between them to be seen and read as factors."""
        out = factors[0]
        for a, b in zip(factors, factors[1:], strict=False):
            out += _between(a, b) + b
        return out

    @staticmethod
    def braced(text: str) -> str:
        """What stands behind ``^`` or ``_``: one sign bare, anything else in braces."""
        return text if len(text) == 1 or (text[0] == "\\" and text[1:].isalpha()) else f"{{{text}}}"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{self.braced(exponent)}"

    def name(self, symbol: Term) -> str:
        """A name, as the document writes it."""
        declared = self.symbols.get(symbol.name)
        if declared is not None and symbol.name not in self.bound and _faithful(declared.latex, symbol.name):
            return f"{{{declared.latex}}}" if "^" in declared.latex else declared.latex  # it may be raised
        return names.latex(symbol.name)

    def within(self, name: str, range: tuple[Term, Term] | None = None) -> Writer:
        """The writer inside an operator that binds ``name``."""
        return Writer(self.symbols, self.forms, {**self.bound, name: range}, self.small, self.sized)

    def known(self, name: str) -> bool:
        """Whether ``name`` is bound or declared where this is written."""
        return name in self.bound or name in self.symbols


def _between(a: str, b: str) -> str:
    if b[0].isdigit() or (a.isdigit() and b.startswith(r"\frac")):
        return r" \cdot "
    if a in ("d", r"\Delta") and (b[0].isalpha() or b[0] == "\\"):
        return r" \cdot "
    closes = a[-1] in ")]|" or (a[-2:-1] == "^" and any(c in a for c in ")]|"))
    apart = a.startswith(r"\Delta ") or b.startswith(r"\Delta ")
    if b.startswith(r"\mathrm") and (a[-1].isalnum() or a[-1] == "}"):
        return r"\, "  # an upright word does not run into what stands before it
    return r"\, " if apart or (closes and b.startswith((r"\mathbb", r"\mathrm", r"\|", "|", r"\Pr"))) else " "


def one_entry(t: Term) -> bool:
    """Whether ``t`` is the only entry of an array, which may be written as the array."""
    if t.head != "At":
        return False
    s = shape(t.args[0])
    return len(t.args) - 1 == len(s) and all(is_num(d, 1) for d in s) and all(is_num(i, 1) for i in t.args[1:])
