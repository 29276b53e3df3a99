"""What reading gives: documents as typed declarations, assumptions, definitions and tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from derive.terms import Term, free

Role = Literal[
    "dimension",  # a positive integer that sizes arrays
    "fixed",  # a number, vector or matrix about which no chance is said
    "random",
    "function",
    "density",  # a declared density or mass function (a law may be named by it)
    "defined",  # by a Define sentence
    "unknown",  # the unknown of a `Find c > 0 such that`
    "index",  # an undeclared letter used only as an index
]


@dataclass(frozen=True)
class Place:
    """Where something stands in a file (from 1)."""

    line: int
    column: int = 1


@dataclass(frozen=True)
class Symbol:
    """A declared name. ``term`` is the `Sym`; ``family`` when declared as $X_1, \\ldots, X_n$."""

    term: Term
    role: Role
    line: int
    latex: str  # as the document writes it
    family: bool = False
    integer: bool = False


@dataclass(frozen=True)
class Given:
    """One thing that the document says holds. ``text`` is its sentence, as written."""

    prop: Term
    line: int
    text: str
    kind: Literal["let", "assume", "task", "average"] = "let"


@dataclass(frozen=True)
class Definition:
    """``name`` stands for ``body``; with ``params``, name(params) = body; with ``index``, entry by entry."""

    symbol: Term
    body: Term
    line: int
    text: str
    params: tuple[Term, ...] = ()
    index: tuple[Term, ...] = ()

    @property
    def law(self) -> Term | None:
        """The law by whose formula a density is defined (``p_theta(x) = N(x; theta, 1)``); None of anything else."""
        if self.index or not self.params or self.body.head != "Density" or self.body.args[1] != self.params[-1]:
            return None
        return self.body.args[0] if self.params[-1] not in free(self.body.args[0]) else None


TaskKind = Literal[
    "find", "constant", "scale", "must_scale", "table", "bound", "show", "truth",
    "distribution", "map", "minimise", "time",
]  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One question.

    objects : what is asked about: expressions (find, scale, bound, distribution), propositions (show, truth,
        constant, must_scale, map), tasks' numbers (table).
    unknown : of constant, must_scale and minimise: what is sought (a symbol, or a power of one).
    sizes : of scale, must_scale: the symbols listed after ``with``.
    terms : of ``in terms of``.
    over : of ``as an expectation over z ~ D`` / ``under D``: `Dist(z, law)`; z is None's symbol ``_`` if unnamed.
    """

    id: str
    kind: TaskKind
    text: str
    line: int
    objects: tuple[Term, ...]
    unknown: Term | None = None
    sizes: tuple[Term, ...] = ()
    terms: tuple[Term, ...] = ()
    over: Term | None = None
    using: str | None = None
    direction: Literal["above", "below", "minimises", "maximises"] | None = None
    distinct: tuple[tuple[Term, Term], ...] = ()
    ranges: tuple[tuple[Term, Term, Term], ...] = ()  # of undeclared indices left open: (index, lowest, highest)
    rows: tuple[tuple[str, tuple[Term, ...]], ...] = ()
    givens: int = 0  # how many of the problem's givens precede it
    definitions: int = 0  # how many of the definitions precede it
    local: tuple[Given, ...] = ()  # what it says by what it names: $x_4$, that `Ge(n, 4)`; an argument of a density, where that has its weight


@dataclass(frozen=True)
class WorkLine:
    """One relation of a **Working.**"""

    prop: Term | None
    line: int
    text: str
    part: int = 1
    label: str | None = None  # its equation number
    citation: str | None = None  # `by …` as written
    since: Term | None = None


@dataclass(frozen=True)
class Problem:
    """A document, read."""

    title: str
    file: str | None
    source: str
    symbols: dict[str, Symbol] = field(default_factory=dict)
    givens: tuple[Given, ...] = ()
    definitions: tuple[Definition, ...] = ()
    tasks: tuple[Task, ...] = ()
    working: tuple[WorkLine, ...] = ()
    declarations: tuple[tuple[str, int], ...] = ()  # (sentence, line) in order, for "given"
    unit: str | None = None


class ReadError(Exception):
    """A document that cannot be read: where, what, and what would be understood.

    ``line`` and ``column`` count from 1 in the file; ``words`` is the piece not understood. ``file`` is set where it is
    another than the document that was asked for: a chapter of rules.
    """

    file: str | None = None

    def __init__(
        self, message: str, line: int, column: int = 1, words: str = "", expected: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column
        self.words, self.expected = words, expected
