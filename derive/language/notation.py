r"""Formulas of sentences: from a token to the names, sets, laws and terms in it.

The one place where sentences meet the mathematics (`parser`, `elaborate`, `scope`). What only declarations contain is
taken apart here: ``s, t > 0``, ``X_1, \ldots, X_n``, ``f : \mathbb{R}^k \to \mathbb{R}``, ``x \sim \mathcal{N}(0, 1)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from derive.language import elaborate, elaborate_laws, parser
from derive.language.ast import Node, Where, spelled, unbracketed
from derive.language.document import Source
from derive.language.model import ReadError
from derive.language.scope import Scope
from derive.language.sentences import Sentence, Token
from derive.language.subjects import Subject, families, identity_size, subjects, undeclared
from derive.language.vocabulary import GROWTH, LAWS
from derive.terms import ONE, ZERO, Term, call, contains, free, sym
from derive.terms import shape as shape_of

Shape = tuple[Term, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Space:
    """A set that a declaration names: the shape of its elements, and what holds of an element."""

    shape: Shape = ()
    kind: str = "R"  # R N Z interval range
    bounds: tuple[Term, Term] | None = None
    open: tuple[bool, bool] = (False, False)

    def holds(self, x: Term) -> list[Term]:
        """What ``x`` in this set means, as propositions."""
        if self.kind in ("N", "N0", "Z"):
            integers = call("In", x, call("Naturals" if self.kind == "N" else "Integers"))
            return [integers] if self.kind != "N0" else [integers, call("Ge", x, ZERO)]
        if self.bounds is None:
            return []
        low, high = self.bounds
        if self.kind == "range":
            return [call("In", x, call("IndexRange", low, high))]
        if self.open == (False, False):
            return [call("In", x, call("Interval", low, high))]
        out = []
        if not contains(low, "Infinity"):
            out.append(call("Gt" if self.open[0] else "Ge", x, low))
        if not contains(high, "Infinity"):
            out.append(call("Lt" if self.open[1] else "Le", x, high))
        return out


class Notation:
    """The formulas of one document, read in its scope.

    ``by_use`` is told of every name that a formula declares by using it (a dimension, a parameter of a law).
    """

    def __init__(self, source: Source, scope: Scope, by_use: Callable[[Term, str, str, Node], None]) -> None:
        self.source, self.scope, self.by_use = source, scope, by_use
        self._nodes: dict[tuple[int, str], Node] = {}

    @contextmanager
    def local(self) -> Iterator[Scope]:
        """Names bound in one claim."""
        outer = self.scope
        self.scope = outer.child()
        try:
            yield self.scope
        finally:
            self.scope = outer

    def forget(self) -> None:
        """Begin a sentence: no index and no argument is open."""
        self.scope.indices.clear()
        self.scope.arguments.clear()
        self.scope.least.clear()

    def quantified(self, prop: Term) -> Term:
        """A proposition about every index and every argument that its sentence left open."""
        open_names = free(prop)
        for name in reversed(self.scope.indices):
            j = sym(name)
            if j in open_names and name not in self.scope.symbols:
                prop = Term("ForAll", (j, prop))
        for x in self.scope.arguments.values():
            if x in open_names and x.name not in self.scope.symbols:
                prop = Term("ForAll", (x, prop))
        return prop

    # Nodes

    def node(self, token: Token, sentence: Sentence) -> Node:
        got = self._nodes.get((token.start, token.text))
        if got is None:
            start = token.start if token.start >= 0 else sentence.start
            place = (
                (lambda i: self.source.place(start + i)) if token.start >= 0 else (lambda i: self.source.place(start))
            )
            got = parser.parse(token.text, Where(token.text, place))
            self._nodes[token.start, token.text] = got
        return got

    def parts(self, token: Token, sentence: Sentence) -> tuple[Node, ...]:
        node = self.node(token, sentence)
        return node.children if node.kind == "list" else (node,)

    def expression(self, node: Node, shape: Shape | None = None, bound: Term | None = None, upto: Term = ONE) -> Term:
        """What is written; a letter that is ``bound`` stands for any of the numbers 1, ..., ``upto``."""
        scope = self.scope if bound is None else self.scope.child(bound, ranges={bound.name: (ONE, upto)})
        return elaborate.expression(node, scope, shape)

    def expressions(self, token: Token, sentence: Sentence) -> list[Term]:
        out = []
        for part in families(self.parts(token, sentence)):
            if isinstance(part, Node):
                out.append(self.expression(part))
            else:
                out.append(self.family(part))
        return out

    def family(self, subject: Subject) -> Term:
        """The declared family that $X_1, \\ldots, X_n$ names."""
        term = self.scope.lookup(subject.name)
        if term is None:
            raise subject.node.error(f"`{subject.name}` is not declared", self.scope.nearest(subject.name))
        return term

    def propositions(self, token: Token, sentence: Sentence) -> list[Term]:
        out: list[Term] = []
        for part in self.parts(token, sentence):
            out += self.relation(part)
        return out

    def relation(self, node: Node) -> list[Term]:
        if node.kind not in ("rel", "logic"):
            raise node.error("a relation is needed here, such as `a = b`", ("$a = b$", r"$a \le b$", r"$e \sim D$"))
        return elaborate.chain(node, self.scope)

    def chain_after(self, head: Term, token: Token, sentence: Sentence) -> list[Term]:
        """``head = …`` where the formula says only the right side, which may be a chain ``4 + 4 = 8``."""
        node = self.node(token, sentence)
        if node.kind != "rel":
            return [call("Eq", head, self.expression(node))]
        rest = elaborate.chain(node, self.scope)
        return [call("Eq", head, rest[0].args[0]), *rest]

    def law(self, token: Token, sentence: Sentence) -> Term:
        node = self.node(token, sentence)
        if node.kind == "rel":
            raise node.error("a distribution is needed here", (r"$\mathcal{N}(0, 1)$",))
        return elaborate.law(node, self.scope)

    def over(self, token: Token, sentence: Sentence, candidates: tuple[Shape, ...] = ()) -> Term:
        """``z \\sim D`` as `Dist` (a law alone has the name ``_``).

        The first candidate that fits is the shape of its values, where the formula alone does not tell it.
        """
        node = self.node(token, sentence)
        problem: ReadError | None = None
        for shape in (None, *candidates):
            try:
                if node.kind == "rel":
                    return elaborate.distributed(node, self.scope, shape)
                law = elaborate.law(node, self.scope, shape)
                return call("Dist", sym("_", law_shape(law)), law)
            except ReadError as error:
                problem = problem or error
        assert problem is not None
        raise problem

    def when(self, claim: Node, when: Node) -> Term:
        """A claim about a variable whose law stands behind ``when``: bound in it."""
        prop, over = elaborate.claim_when(claim, when, self.scope)
        return Term("ForAll", (over.args[0], call("Implies", over, prop)))

    def name(self, node: Node) -> str:
        name = spelled(node) if node.kind in ("name", "sub") else None
        if name is None:
            raise node.error("a name is needed here", ("$x$",))
        return name

    def distinct(self, token: Token, sentence: Sentence) -> tuple[Term, Term] | None:
        """The two letters of ``i \\ne j``."""
        node = self.node(token, sentence)
        if node.kind != "rel" or node.text != "!=":
            return None
        names = [spelled(c) for c in node.children]
        return (sym(names[0]), sym(names[1])) if names[0] and names[1] else None

    def function(self, token: Token, sentence: Sentence) -> Term:
        node = self.node(token, sentence)
        name = spelled(node)
        term = self.scope.lookup(name) if name else None
        if term is None:
            raise node.error(f"`{node.source}` is not a declared function", self.scope.nearest(name or ""))
        return term

    def every(self, token: Token, sentence: Sentence, shapes: dict[str, Shape]) -> tuple[list[Term], list[Term]]:
        """The names of ``for every $t > b$`` (now bound), and what is said of them."""
        names, holds = [], []
        for subject in subjects(self.node(token, sentence), self.scope):
            space = self.space(subject.set) if subject.set is not None else None
            shape = space.shape if space else shapes.get(subject.name, ())
            var = sym(subject.name, shape)
            self.scope.bound[subject.name] = var
            names.append(var)
            if space:
                holds += space.holds(var)
                if space.kind == "range" and space.bounds:
                    self.scope.ranges[subject.name] = space.bounds
            for relation in subject.compared:
                holds += elaborate.chain(relation, self.scope)
        return names, holds

    def argument_shapes(self, tokens: list[Token]) -> dict[str, Shape]:
        """The shapes of bare names that stand as arguments of declared functions in these formulas."""
        out: dict[str, Shape] = {}
        for token in tokens:
            node = self._nodes.get((token.start, token.text)) or parser.parse(
                token.text,
                Where(token.text, lambda i, s=token.start: self.source.place(s + i)),  # type: ignore[misc]
            )
            for n in node.walk():
                for f, group in zip(n.children, n.children[1:], strict=False):
                    name = spelled(f)
                    term = self.scope.lookup(name) if name else None
                    if term is None or term.sort.takes is None or group.kind != "group":
                        continue
                    for shape, a in zip(term.sort.takes, group.children, strict=False):
                        if (argument := spelled(a)) is not None:
                            out[argument] = shape
        return out

    # Sets

    def space(self, node: Node) -> Space:
        r"""The set $\mathbb{R}^{n \times m}$, $\mathbb{N}$, $[0, 1]$, $\{1, \ldots, n\}$; sizes in it are declared."""
        if node.kind == "space":
            dims = []
            for d in node.children:
                self.sizes(d)
                dims.append(self.expression(d))
            if node.text in ("R+", "Z+"):
                strict = not any(x in node.source for x in (r"\ge", ">=", "≥"))
                return Space(tuple(dims), node.text[0], (ZERO, call("Infinity")), (strict, True))
            if node.text != "R" and dims:
                raise node.error("a set of arrays of integers is not understood", (r"\mathbb{R}^n",))
            return Space(tuple(dims), node.text)
        if node.kind == "set" and any(c.kind == "dots" for c in node.children):
            first, last = node.children[0], node.children[-1]
            self.sizes(last)
            return Space((), "range", (self.expression(first), self.expression(last)))
        if node.kind == "group" and node.text[:1] in "([" and len(node.children) == 2:
            low, high = (self.expression(c) for c in node.children)
            closed = node.text[-1] in "[]" if len(node.text) == 1 else node.text[1] == "]"
            return Space((), "interval", (low, high), (node.text[0] != "[", not closed))
        raise node.error(
            "this set is not understood", (r"\mathbb{R}", r"\mathbb{R}^n", r"\mathbb{N}", "[0, 1]", r"\{1, \ldots, n\}")
        )

    def sizes(self, node: Node) -> None:
        """Declare the undeclared names of a dimension."""
        for name, at in undeclared(node, self.scope):
            self.by_use(sym(name), "dimension", at.source, at)

    def law_of(self, node: Node, shape: Shape | None) -> Term:
        """The law in a declaration; the names first met in it are its parameters."""
        self.parameters(node, shape or ())
        return elaborate.law(node, self.scope, shape)

    def parameters(self, node: Node, shape: Shape) -> None:
        found = elaborate_laws.parts(node, self.scope)
        sizes = [n for part in (found[1] if found else ()) for n in identities(part, self.scope)]
        for n in sizes:
            self.sizes(n)
        if sizes and not shape and spelled(sizes[0]) is not None:
            shape = (sym(spelled(sizes[0]) or ""),)
        for kind, argument in zip(LAWS[found[0]], found[1], strict=False) if found else ():
            self.parameter(argument, kind, shape)

    def parameter(self, node: Node, kind: str, shape: Shape = ()) -> None:
        """Declare the undeclared names of a moment or of a law's parameter, by what it is."""
        bare = spelled(unbracketed(node)) is not None
        for name, at in undeclared(node, self.scope):
            if name in GROWTH and not bare:
                continue  # how it grows is no parameter
            of: Shape = ()
            if shape and bare and kind == "mean":
                of = shape
            elif shape and bare and kind == "variance":
                of, kind = (*shape, *shape), "covariance"
            self.by_use(sym(name, of), kind, at.source, at)


def identities(node: Node, scope: Scope) -> Iterator[Node]:
    """The sizes of the identity matrices in a formula: ``n`` of ``I_n``."""
    size = identity_size(node, scope)
    if size is not None:
        yield size
        return
    for c in node.children:
        yield from identities(c, scope)


def law_shape(law: Term) -> Shape:
    """The shape of a law's values."""
    if law.head == "Normal":
        return shape_of(law.args[0])
    if law.head == "Apply":
        return law.args[0].sort.shape
    return law.sort.shape if law.head == "Sym" else ()
