r"""Which names a formula may use, and what it says about names that nobody declared.

A `Scope` holds the declared symbols of a document (or of a rule), its definitions, and what operators around the
place bind. Two uses of names need no declaration and are *recorded* instead: a letter used only as an index
(``indices``: with its range, so that a claim can be quantified over it), and the bare argument of a declared function
or density (``arguments``). So is how large a size is at least (``least``), where a formula names a fixed entry. Take a `fresh` scope for each sentence, and look into both afterwards.

Conventions for symbols (``Symbol.term`` is a ``Sym`` with a ``Sort``):

- an array: ``sym("W", (n, m))``; a family $X_1, \ldots, X_n$: the index is the leading axis, ``sym("X", (n,))``,
  ``sym("W", (L, n, n))``, with ``family=True``;
- a function $f : A \times B \to C$: ``sym("f", shape_of_C, takes=(shape_of_A, shape_of_B))``, role "function";
- a density or distribution: role "density", ``shape`` is the shape of its values: ``sym("p", (m,))``. One that has a
  parameter, $p_\theta$, has the parameter's shape in ``takes``: ``sym("p_theta", (n,), takes=((P,),))``. The law at a
  parameter is then ``Apply(p_theta, theta)`` (so that it visibly depends on $\theta$), its value there
  ``Density(Apply(p_theta, theta), x)``. Without parameter the law is the symbol, ``Density(p, x)``.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from fractions import Fraction

from derive.language.model import Definition, Symbol
from derive.terms import Term

Range = tuple[Term, Term]  # lowest and highest index


@dataclass
class Scope:
    """The names that may stand in a formula."""

    symbols: dict[str, Symbol] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    rule: bool = False
    bound: dict[str, Term] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)  # of bound and declared indices
    indices: dict[str, Range | None] = field(default_factory=dict)  # undeclared letters met as indices
    arguments: dict[str, Term] = field(default_factory=dict)  # undeclared arguments of functions and densities
    least: dict[Term, Fraction] = field(default_factory=dict)  # of sizes: x_4 is there only where n >= 4

    def declare(self, symbol: Symbol, range: Range | None = None) -> None:
        """Add a symbol; with ``range``, an index $k \\in \\{a, \\ldots, b\\}$."""
        self.symbols[symbol.term.name] = symbol
        if range is not None:
            self.ranges[symbol.term.name] = range

    def define(self, definition: Definition) -> None:
        self.definitions[definition.symbol.name] = definition

    def lookup(self, name: str) -> Term | None:
        """The symbol that ``name`` stands for: bound, declared, or an undeclared argument met before."""
        if name in self.bound:
            return self.bound[name]
        if name in self.symbols:
            return self.symbols[name].term
        return self.arguments.get(name)

    def symbol(self, name: str) -> Symbol | None:
        """The declaration of ``name``, unless something around binds that name."""
        return None if name in self.bound else self.symbols.get(name)

    def child(self, *bound: Term, ranges: dict[str, Range] | None = None) -> Scope:
        """The scope inside an operator that binds these symbols; what is met there is recorded here too."""
        return Scope(
            self.symbols, self.definitions, self.rule, {**self.bound, **{b.name: b for b in bound}},
            {**{n: r for n, r in self.ranges.items() if n not in {b.name for b in bound}}, **(ranges or {})},
            self.indices, self.arguments, self.least,
        )  # fmt: skip

    def fresh(self) -> Scope:
        """The same names, with nothing recorded yet."""
        return Scope(self.symbols, self.definitions, self.rule, dict(self.bound), self.ranges)

    def role(self, name: str) -> str | None:
        symbol = self.symbol(name)
        return symbol.role if symbol else None

    def nearest(self, name: str, n: int = 3) -> tuple[str, ...]:
        """Declared names like ``name``, as the document writes them."""
        known = [*self.bound, *self.symbols, *self.arguments]
        close = difflib.get_close_matches(name, known, n, 0.5)
        close += [k for k in known if k.lower() == name.lower() and k not in close]
        return tuple(self.symbols[k].latex if k in self.symbols else k for k in close[:n])
