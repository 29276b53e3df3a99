"""One elaboration: sizes still to be found, shapes that must agree, and what names nobody declared."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from derive.language.ast import Node, spelled
from derive.language.model import ReadError
from derive.language.scope import Range, Scope
from derive.language.sizes import at_least, excess, linear, outside, shifted
from derive.language.vocabulary import WORDS
from derive.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Shape,
    ShapeError,
    Term,
    at,
    call,
    free,
    is_num,
    mul,
    num,
    power,
    same,
    subst,
    sym,
)  # fmt: skip
from derive.terms import shape as shape_of

T = TypeVar("T")


@dataclass
class Session:
    """The state of one elaboration.

    A *hole* is a size that where it stands will tell (of ``I``, of ``z`` in ``z \\sim \\mathcal{N}(0, I)``): a symbol
    whose name starts with ``?``, bound by `fits` when sizes meet.

    ``reads`` reads a node as an expression: the modules that read one kind of node each ask it, through `value`, for
    what stands inside.
    """

    reads: Callable[[Session, Node, Scope], Term]
    holes: dict[Term, Term] = field(default_factory=dict)
    asked: dict[Term, Node] = field(default_factory=dict)  # which notation each hole came from
    hints: dict[str, Shape] = field(default_factory=dict)  # shapes of undeclared arguments of functions
    implicit: dict[str, Term] = field(default_factory=dict)
    provisional: dict[str, Node] = field(default_factory=dict)  # variables of derivatives that a bar must give a value
    index_depth: int = 0
    indexed: list[tuple[Term, Range, Node, Scope]] = field(default_factory=list)  # indices that must be in range
    gaps: set[str] = field(default_factory=set)  # letters that a sum lets skip some values

    def value(self, node: Node, scope: Scope) -> Term:
        """The term of a node that is an expression, with every size that has been found."""
        return self.fix(self.reads(self, node, scope))

    # Sizes
    def hole(self, node: Node) -> Term:
        h = sym(f"?{len(self.asked) + 1}")
        self.asked[h] = node
        return h

    def fix(self, t: Term) -> Term:
        """``t`` with every size that has been found."""
        return subst(t, self.holes) if self.holes else t

    def fits(self, a: Term, b: Term) -> bool:
        """Whether two sizes are one; a hole becomes the other."""
        a, b = self.fix(a), self.fix(b)
        if same(a, b):
            return True
        if a not in self.asked:
            a, b = b, a
        if a not in self.asked or a in free(b):
            return False
        self.holes = {h: subst(t, {a: b}) for h, t in self.holes.items()} | {a: b}
        return True

    def fit(self, a: Shape, b: Shape) -> bool:
        return len(a) == len(b) and all(self.fits(x, y) for x, y in zip(a, b, strict=True))

    def shape(self, t: Term, node: Node | None = None) -> Shape:
        try:
            return shape_of(self.fix(t))
        except ShapeError as e:
            if node is None:
                raise
            raise node.error(e.why) from None

    def trying(self, attempts: Sequence[Callable[[], T]]) -> T:
        """The first attempt that reads; the first one's error, if none does."""
        first: ReadError | None = None
        for attempt in attempts:
            holes = dict(self.holes)
            try:
                return attempt()
            except ReadError as e:
                self.holes = holes
                first = first or e
        assert first is not None
        raise first

    # Numbers and arrays
    def one_entry(self, t: Term) -> bool:
        return self.one_entry_shape(self.shape(t))

    @staticmethod
    def one_entry_shape(s: Shape) -> bool:
        return bool(s) and all(is_num(d, 1) for d in s)

    def number(self, t: Term, node: Node, what: str = "") -> Term:
        """``t`` as a number: itself, or the entry of an array with one entry."""
        t = self.fix(t)
        s = self.shape(t, node)
        if not s:
            return t
        if all(is_num(d, 1) for d in s):
            return at(t, *[ONE] * len(s))
        wanted = what or "a number is needed here"
        raise node.error(f"{wanted}: `{node.source}` {shown(s)}")

    def loosened(self, t: Term) -> Term:
        """A number where ``t`` has one entry; else ``t``."""
        t = self.fix(t)
        s = self.shape(t)
        return at(t, *[ONE] * len(s)) if s and all(is_num(d, 1) for d in s) else t

    def zeros(self, s: Shape) -> Term:
        return call("Zeros", *map(self.fix, s)) if s else ZERO

    def agree(self, parts: Sequence[Term], nodes: Sequence[Node], why: str) -> list[Term]:
        """The parts with one shape: ``0`` takes that of the others, an array with one entry counts as a number.

        Raises
        ------
        ReadError
            Where two shapes differ, naming both.
        """
        terms = [self.fix(p) for p in parts]
        shapes = [self.shape(t, n) for t, n in zip(terms, nodes, strict=True)]
        arrays = [i for i, s in enumerate(shapes) if s]
        if arrays and any(not s and not is_num(t, 0) for t, s in zip(terms, shapes, strict=True)):
            if all(self.one_entry(terms[i]) for i in arrays):
                return [self.number(t, n) for t, n in zip(terms, nodes, strict=True)]
        if not arrays:
            return terms
        lead = arrays[0]
        for i, s in enumerate(shapes):
            if i == lead or (not s and is_num(terms[i], 0)):
                continue
            if not self.fit(shapes[lead], s):
                if all(is_num(d, 1) for x in (shapes[lead], s) for d in x):  # 1 entry and 1 × 1
                    return [self.number(t, n) if self.shape(t) else t for t, n in zip(terms, nodes, strict=True)]
                raise nodes[i].error(
                    f"{why}: `{nodes[lead].source}` {shown(self.shape(terms[lead]))}, "
                    f"`{nodes[i].source}` {shown(self.shape(terms[i]))}"
                )
        whole = self.shape(terms[lead])
        return [self.zeros(whole) if is_num(t, 0) else self.fix(t) for t in terms]

    # Names
    def lookup(self, name: str, scope: Scope) -> Term | None:
        """A bound or declared symbol, or the argument that a function somewhere in this formula takes."""
        found = scope.lookup(name)
        if found is not None:
            return self.fix(found)
        if name in self.implicit:
            return self.fix(self.implicit[name])
        if name in self.hints:
            self.implicit[name] = sym(name, self.hints[name])
            return self.implicit[name]
        return None

    def record_index(self, name: str, scope: Scope, range: Range | None, node: Node) -> Term:
        """An undeclared letter that stands as an index."""
        known = scope.indices.get(name)
        if known and range and not (self.fits(known[0], range[0]) and self.fits(known[1], range[1])):
            if not scope.rule:
                raise node.error(
                    f"the index `{node.source}` runs to {plain(known[1])} in one place and to {plain(range[1])} here"
                )
        scope.indices[name] = known or range
        return sym(name)

    def within(self, t: Term, range: Range, node: Node, scope: Scope) -> None:
        """Have the index ``t`` in its range: `finish` checks it, when all sizes are known."""
        self.indexed.append((t, range, node, scope))

    def in_range(self) -> None:
        r"""Refuse an index that leaves its range; a letter that nobody declared runs only so far that none does.

        Only what can be told is judged: in $\mathbb{R}^n$ an entry $x_4$ may be there.
        """
        for t, (low, high), node, scope in self.indexed:
            t, low, high = (self._valued(x, scope) for x in (t, low, high))
            if any(x.name in self.gaps for x in free(t)):
                continue
            ranges = {n: (self._valued(a, scope), self._valued(b, scope)) for n, (a, b) in scope.ranges.items()}
            beyond = outside(t, (low, high), ranges)
            if beyond is not None:
                runs = f"from {plain(low)} to {plain(high)}"
                end = shifted(low if beyond < 0 else high, beyond)
                reached = "" if t.head == "Num" else f"reaches {plain(end)} and "
                raise node.error(
                    f"the index `{node.source}` is out of range: it {reached}must run {runs}", (f"an index {runs}",)
                )
            self._shorten(t, (low, high), scope)
            for size, least in (*at_least(t, low), *at_least(high, t)):
                symbol = scope.symbol(size.name)
                if symbol is not None and symbol.integer:
                    scope.least[size] = max(least, scope.least.get(size, least))

    def _valued(self, t: Term, scope: Scope) -> Term:
        """``t`` with the sizes that have been found and the numbers that names are defined to be."""
        t = self.fix(t)
        known = {x: scope.definitions[x.name].body for x in free(t) if x.name in scope.definitions}
        return subst(t, {x: body for x, body in known.items() if body.head == "Num"})

    def _shorten(self, t: Term, within: Range, scope: Scope) -> None:
        """Let an undeclared letter in ``t`` run only as far as ``t`` stays in its range."""
        for name, known in scope.indices.items():
            letter = sym(name)
            parts = linear(t)
            if t == letter or parts.pop(letter, None) != 1 or not set(parts) <= {ONE}:
                continue
            step = parts.get(ONE, Fraction(0))
            low, high = (shifted(end, -step) for end in within)
            if known is not None:  # the narrower of both, where that can be told
                low = low if (excess(low, known[0]) or 0) > 0 else known[0]
                high = high if (excess(high, known[1]) or 0) < 0 else known[1]
            elif (excess(low, ONE) or 0) < 0:
                low = ONE
            scope.indices[name] = low, high

    def undeclared(self, node: Node, scope: Scope) -> ReadError:
        name = spelled(node) or node.source
        near = tuple(f"${n}$" for n in scope.nearest(name))
        if len(name) > 1 and node.kind == "name":
            words = difflib.get_close_matches(name, WORDS, 2, 0.6)
            near = (*(rf"\mathrm{{{w}}}" for w in words), *near)[:3]
        return node.error(f"`{node.source}` is not declared", near or (rf"Let ${node.source} \in \mathbb{{R}}$.",))

    # The end
    def finish(self, t: Term, scope: Scope) -> Term:
        """The term with all sizes found; undeclared arguments and indices go into the scope."""
        t = self.fix(t)
        for s in free(t):
            if s.name.startswith("?"):
                node = self.asked[s]
                raise node.error(
                    f"the size of `{node.source}` cannot be told from where it stands", ("I_n", r"\mathbf{1}_n")
                )
        for s in free(t):
            if s.name in self.provisional and scope.lookup(s.name) is None and s.name not in self.implicit:
                raise self.undeclared(self.provisional[s.name], scope)
            if s.name in self.implicit and scope.lookup(s.name) is None:
                scope.arguments[s.name] = self.fix(self.implicit[s.name])
        for name, r in scope.indices.items():
            if r is not None:
                scope.indices[name] = (self.fix(r[0]), self.fix(r[1]))
        self.in_range()
        return t


def quotient(a: Term, b: Term) -> Term:
    """``a / b``; a fraction of two numerals in lowest terms is one number, nothing else is calculated."""
    if a.head == "Num" and b.head == "Num" and a.value.denominator == b.value.denominator == 1 and b.value > 1:
        if a.value and math.gcd(int(a.value), int(b.value)) == 1:
            return num(a.value / b.value)
    below = power(b, MINUS_ONE)
    return below if a == ONE else mul(a, below)


def plain(t: Term) -> str:
    """A size as a message says it: ``d_1``, ``n + 1``."""
    if t.head == "Num":
        return str(t.value)
    if t.head == "Sym":
        return "an unknown number of" if t.name.startswith("?") else t.name
    if t.head == "Add":
        return " + ".join(map(plain, t.args)).replace("+ -", "- ")
    if t.head == "Mul":
        return " ".join(map(plain, t.args))
    return repr(t)


def shown(s: Shape) -> str:
    """A shape in words: ``is d_1 × d_2``, ``has d_1 entries``, ``is a number``."""
    if not s:
        return "is a number"
    if len(s) == 1:
        return "has 1 entry" if is_num(s[0], 1) else f"has {plain(s[0])} entries"
    return "is " + " × ".join(map(plain, s))
