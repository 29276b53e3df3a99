r"""Values for the names of a rule: ``$n = 3$, $X_j = j$``, ``$A = B \sim \mathcal{N}(0, 1)$``, ``$f(x) = x^2$``."""

from __future__ import annotations

from dataclasses import replace

from derive.language import elaborate, elaborate_laws
from derive.language.ast import Node, base_and_index, spelled
from derive.language.model import Symbol
from derive.language.notation import law_shape
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.language.subjects import undeclared
from derive.terms import ONE, Term, at, call, num, subst, sym


class Values:
    """Values for the names of a rule, read in the order in which they stand.

    Sizes come first: with ``n = 1`` an array of ``n`` entries is one of 1 entry in all that is read after.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.scope = replace(reader.scope, symbols=dict(reader.scope.symbols), indices={}, arguments={})
        self.values: dict[str, Term] = {}
        self.givens: list[Term] = []
        self.sizes: dict[Term, Term] = {}
        self.random: list[Term] = []  # the names drawn that no word has been said of yet

    def read(self, s: Sentence, start: int, stop: int) -> None:
        nodes = {i: self.reader.maths.node(s.tokens[i], s) for i in range(start, stop) if s.tokens[i].kind == "math"}
        for node in nodes.values():
            for part in node.children if node.kind == "list" else (node,):
                self.size(part)
        for i in range(start, stop):
            t = s.tokens[i]
            if t.kind == "math":
                over = any(x.low == "over" for x in s.tokens[max(start, i - 1) : i])
                self.formula(nodes[i], over)
            elif t.low in ("independent", "uncorrelated", "i.i.d."):
                heads = {"independent": "Independent", "uncorrelated": "Uncorrelated", "i.i.d.": "Iid"}
                if len(self.random) > 1:
                    self.givens.append(call(heads[t.low], *self.random))
                self.random = []
            elif t.low not in (
                "with",
                "for",
                "and",
                "over",
                "at",
                ",",
                ";",
                "take",
                "let",
                "where",
                "be",
                "all",
                "of",
                "on",
                "in",
            ):
                raise s.error(
                    "this instance is not understood",
                    i,
                    ("with $n = 3$ and $X_j = j$", r"with $A = B \sim \mathcal{N}(0, 1)$"),
                )

    def size(self, node: Node) -> None:
        """Take ``n = P = 1`` in before all else."""
        if node.kind != "rel" or set(node.text.split()) != {"="}:
            return
        *names, last = node.children
        flat = [c for n in names for c in (n.children if n.kind == "list" else (n,))]
        terms = [self.scope.lookup(spelled(n) or "") for n in flat]
        sorts = [s.term.sort for s in self.scope.symbols.values()]
        sizing = {d for sort in sorts for shape in (sort.shape, *(sort.takes or ())) for d in shape}
        if not any(t in sizing for t in terms if t is not None):
            return
        value = elaborate.expression(last, self.scope, ())
        table: dict[Term, Term] = {}
        for n, t in zip(flat, terms, strict=True):
            if t is None or t.head != "Sym":
                raise n.error(f"`{n.source}` is no name of the rule")
            table[t] = value
        self.resize(table)

    def resize(self, table: dict[Term, Term]) -> None:
        """Give sizes their values, in the shapes of all names."""
        self.sizes |= table
        self.values |= {t.name: value for t, value in table.items()}
        for key, symbol in list(self.scope.symbols.items()):
            if symbol.term not in self.sizes:
                self.scope.symbols[key] = replace(symbol, term=subst(symbol.term, self.sizes))
        self.scope.ranges = {k: (subst(a, self.sizes), subst(b, self.sizes)) for k, (a, b) in self.scope.ranges.items()}

    def conform(self, x: Term, shape: tuple[Term, ...]) -> Term:
        """The name ``x``, whose sizes a value of this shape may tell: a number for a vector: it has 1 entry."""
        open_sizes = {
            d: n for d, n in zip(x.sort.shape, shape or (ONE,) * len(x.sort.shape), strict=False) if d.head == "Sym"
        }
        if open_sizes and (not shape or len(shape) == len(x.sort.shape)):
            self.resize({d: n for d, n in open_sizes.items() if d != n})
        return self.scope.lookup(x.name) or x

    def formula(self, node: Node, over: bool) -> None:
        parts = node.children if node.kind == "list" else (node,)
        for part in parts:
            if part.kind != "rel":
                raise part.error("an instance gives each name a value", ("$n = 3$", r"$A \sim \mathcal{N}(0, 1)$"))
            if over:  # the family's own range: ``over $j \\ne 1$``
                letters = [sym(name) for name, _ in undeclared(part, self.scope)]
                self.givens += [call("Over", p) for p in elaborate.chain(part, self.scope.child(*letters))]
            else:
                self.relation(part)

    def relation(self, node: Node) -> None:
        signs = node.text.split()
        operands = node.children
        if signs[-1] in ("sim", "iid") and all(x == "=" for x in signs[:-1]):
            self.drawn(node)
            return
        if any(x != "=" for x in signs):
            if set(signs) <= {"<", "<=", ">", ">=", "!="}:
                self.givens += elaborate.chain(node, self.scope)
                return
            raise node.error("an instance gives each name a value", ("$n = 3$",))
        for left in operands[:-1]:
            for name in left.children if left.kind == "list" else (left,):
                self.assign(name, operands[-1])

    def drawn(self, node: Node) -> None:
        r"""``A = B \sim D``, ``X_1, X_2 \sim D``."""
        law = elaborate.law(node.children[-1], self.scope)
        heads: list[Node] = []
        for left in node.children[:-1]:
            heads += left.children if left.kind == "list" else (left,)
        first: Term | None = None
        for subject_node in heads:
            x = self.named(subject_node, law_shape(law))
            if first is not None and "=" in node.text.split():
                self.set(x, first)
                continue
            self.givens.append(call("Dist", x, law))
            self.random.append(x)
            first = x

    def named(self, node: Node, shape: tuple[Term, ...]) -> Term:
        """A name of the rule, the member of a family, or a new random name."""
        name = spelled(node)
        known = self.scope.lookup(name) if name else None
        if known is not None:
            return self.conform(known, shape)
        split = base_and_index(node)
        if split and (family := self.scope.lookup(split[0])) is not None:
            return at(
                family, *(elaborate.expression(i, self.scope) if i.kind != "name" else self.index(i) for i in split[1])
            )
        if name is None:
            raise node.error("a name is needed here")
        new = sym(name, shape)
        self.scope.symbols[name] = Symbol(new, "random", node.where.place(node.start)[0], node.source)
        return new

    def index(self, node: Node) -> Term:
        return self.scope.lookup(node.text) or sym(node.text)

    def assign(self, left: Node, right: Node) -> None:
        name = spelled(left)
        known = self.scope.lookup(name) if name else None
        if known is not None and known in self.sizes:
            return
        if known is not None and known.head == "Sym":
            if self.scope.role(known.name) == "density" or elaborate_laws.parts(right, self.scope):
                law = elaborate.law(right, self.scope)
                self.conform(known, law_shape(law))
                self.values[known.name] = law
            elif known.sort.takes is not None:
                raise left.error(
                    f"`{left.source}` is a function: say what it is at its argument", (f"${left.source}(x) = …$",)
                )
            else:
                self.set(known, self.value(right, known))
            return
        split = base_and_index(left)
        if split and (family := self.scope.lookup(split[0])) is not None:
            letters = [i for i in split[1] if i.kind == "name" and self.scope.role(i.text) in (None, "index")]
            if len(letters) == len(split[1]):
                bound = [sym(i.text) for i in letters]
                body = elaborate.expression(right, self.scope.child(*bound), ())
                for v in reversed(bound):
                    body = Term("Lambda", (v, body))
                self.values[family.name] = body
            else:
                self.givens.append(call("Eq", self.named(left, ()), elaborate.expression(right, self.scope)))
            return
        if left.kind == "product" and len(left.children) == 2 and left.children[1].kind == "group":
            self.function(left, right)
            return
        raise left.error(f"`{left.source}` is no name of the rule", self.scope.nearest(name or ""))

    def value(self, node: Node, known: Term) -> Term:
        """A value; a vector may be written ``(1, 2, 3)``."""
        if node.kind == "group" and len(node.children) > 1:
            self.conform(known, (num(len(node.children)),))
            return call("List", *(elaborate.expression(c, self.scope, ()) for c in node.children))
        if node.kind == "num" and known.sort.shape:
            self.conform(known, ())
        return elaborate.expression(node, self.scope)

    def set(self, x: Term, value: Term) -> None:
        if x.head == "Sym":
            self.values[x.name] = value
        else:
            self.givens.append(call("Eq", x, value))

    def function(self, left: Node, right: Node) -> None:
        head, group = left.children
        f = self.scope.lookup(spelled(head) or "")
        if f is None or f.sort.takes is None and self.scope.role(f.name) != "density":
            raise head.error(f"`{head.source}` is no function of the rule", self.scope.nearest(spelled(head) or ""))
        takes = f.sort.takes if f.sort.takes is not None else (f.sort.shape,)
        bound = []
        for a, shape in zip(group.children, takes, strict=False):
            name = spelled(a)
            if name is None:
                raise a.error("the argument of a function's value is a name")
            bound.append(sym(name, shape))
        body = elaborate.expression(right, self.scope.child(*bound))
        for v in reversed(bound):
            body = Term("Lambda", (v, body))
        self.values[f.name] = body

    def expression(self, s: Sentence, i: int) -> Term:
        return elaborate.expression(self.reader.maths.node(s.tokens[i], s), self.scope)

    def propositions(self, s: Sentence, i: int) -> list[Term]:
        node = self.reader.maths.node(s.tokens[i], s)
        if node.kind != "rel":
            raise node.error("an example ends with what comes out, as a relation", ("$… = …$",))
        return elaborate.chain(node, self.scope)
