r"""What a formula looks like, before anything is known about its names.

The parser settles only what notation settles. Juxtaposed factors stay in one flat ``product``, because whether
``f(x)`` is an application, and what ``\nabla_\mu`` takes, depends on declarations: `elaborate` decides.

Kinds of nodes (children in brackets):

- ``num`` (text as written), ``name`` (text: the trace's spelling without subscript), ``func`` (a word of the
  language: ``log``, ``RMS``, ``Expect``, ``Normal``, …), ``infinity``, ``dots``, ``one`` (``\mathbf{1}``), ``top``
- ``add`` [terms; ``neg`` and ``dots`` among them], ``neg`` [a], ``product`` [factors and the markers
  ``div``, ``times``, ``odot``, ``dots``]
- ``sup`` [base, exponent], ``sub`` [base, index], ``transpose`` [base], ``factorial`` [base]
- ``group`` [items] (text: the opening bracket), ``abs`` ``norm`` ``floor`` ``ceil`` [a], ``frac`` ``binom`` [a, b],
  ``sqrt`` [a] or [a, n]
- ``big`` [lower, upper, body] (text ``sum prod sup inf``; absent limits are ``none``), ``int`` [lower,
  upper, body, variable]
- ``nabla`` [variable or none, power or none], ``partial`` [body or none, variables…] (text ``d`` or ``partial``)
- ``evalat`` [relation, …] (``\big|_{x = a}``, a factor that belongs to the derivative before it)
- ``rel`` [operands] (text: the relations between them, separated by spaces: ``= != < <= > >= in sim approx iid``)
- ``logic`` [statements] (text: what stands between them: ``iff implies``)
- ``given`` [a, b] (``a \mid b``), ``pair`` [p, q] (``p \| q``), ``list`` [items], ``set`` [items]
  (``\{1, \ldots, n\}``)
- ``space`` [dimensions] (text ``R N Z``: ``\mathbb{R}^{n \times m}``), ``map`` [name, domains…, codomain]
  (``f : A \times B \to C``)
- ``none``
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from derive.language.model import ReadError


@dataclass(frozen=True)
class Where:
    """The place of a formula in its file: its source, and the (line, column) of every offset in it."""

    source: str
    place: Callable[[int], tuple[int, int]]

    @classmethod
    def at(cls, source: str, line: int = 1, column: int = 1) -> Where:
        """A formula that starts at a line and column, with its own line breaks."""

        def place(offset: int) -> tuple[int, int]:
            before = source[:offset]
            breaks = before.count("\n")
            return (line + breaks, offset - before.rfind("\n")) if breaks else (line, column + offset)

        return cls(source, place)

    def error(self, message: str, start: int, end: int | None = None, expected: tuple[str, ...] = ()) -> ReadError:
        line, column = self.place(start)
        words = self.source[start : start + 1 if end is None else end].strip()
        if not words:  # something is missing here: say behind what, or before what
            before, after = self.source[:start].split(), self.source[start:].split()
            words = before[-1] if before else after[0] if after else "$$"
        return ReadError(message, line, column, words, expected)


@dataclass(frozen=True)
class Node:
    """One piece of a formula; ``start`` and ``end`` are offsets in its source."""

    kind: str
    children: tuple[Node, ...] = ()
    text: str = ""
    start: int = 0
    end: int = 0
    where: Where = field(default=Where("", lambda _: (1, 1)), repr=False, compare=False)

    @property
    def source(self) -> str:
        """As the document writes it."""
        return self.where.source[self.start : self.end].strip()

    def error(self, message: str, expected: tuple[str, ...] = ()) -> ReadError:
        return self.where.error(message, self.start, self.end, expected)

    def walk(self) -> Iterator[Node]:
        yield self
        for c in self.children:
            yield from c.walk()


CONDITIONAL = r"a density given something else is written without it, for one fixed value of that"


def conditional(node: Node) -> str | None:
    r"""How ``\pi(a \mid s)`` is written here, where it stands in ``node``: ``\pi(a)``."""
    for n in node.walk():
        if n.kind == "given" and n.children:
            return n.children[0].source
    return None


def spelled(node: Node) -> str | None:
    """The trace's spelling of a name with its subscript (``d_1``, ``W_ij``, ``p_theta``); None where it is no name."""
    if node.kind == "name":
        return node.text
    if node.kind == "sub" and (base := spelled(node.children[0])) is not None:
        index = _joined(node.children[1])
        return None if index is None else f"{base}_{index}"
    return None


def _joined(node: Node) -> str | None:
    if node.kind in ("num", "name", "func"):
        return node.text
    if node.kind == "sub":
        return spelled(node)
    if node.kind in ("product", "list"):
        parts = [_joined(c) for c in node.children]
        return None if None in parts else "".join(p for p in parts if p)
    return None


def base_and_index(node: Node) -> tuple[str, tuple[Node, ...]] | None:
    r"""Of ``X_1``, ``W_{ij}``, ``W_{1j}``, ``X_{n+1}``: the name and its indices; None without a subscript."""
    if node.kind != "sub" or (base := spelled(node.children[0])) is None:
        return None
    return base, indices(node.children[1])


def indices(node: Node, rank: int | None = None) -> tuple[Node, ...]:
    """The indices in a subscript, of an array with ``rank`` axes: ``ij`` and ``i,j`` are two, ``12`` is one of a
    vector and two of a matrix, ``2j`` is one of a vector."""
    if node.kind == "list":
        return tuple(i for c in node.children for i in indices(c, 1))
    if rank == 1:
        return (node,)
    parts = node.children if node.kind == "product" else (node,)
    if not all(c.kind in ("name", "sub", "num") for c in parts):
        return (node,)
    if rank is None or len(parts) < rank:
        digits = tuple(d for c in parts for d in _digits(c))
        return digits if rank is not None and len(digits) == rank else parts
    return parts


def _digits(node: Node) -> tuple[Node, ...]:
    if node.kind != "num" or not node.text.isdigit():
        return (node,)
    return tuple(
        Node("num", (), c, node.start + i, node.start + i + 1, node.where) for i, c in enumerate(node.text)
    )


def unbracketed(node: Node) -> Node:
    """What stands inside one pair of brackets, or the node itself."""
    while node.kind == "group" and len(node.children) == 1:
        node = node.children[0]
    return node
