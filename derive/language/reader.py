r"""What a document has said so far, and which module reads its next sentence.

The modules beside this one read one kind of sentence each (`declare`, `define`, `claims`, `tasks`, `network`,
`working`) and write what they find into the `Reader`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from derive.language import claims, declare, define, forms, names, network, tasks
from derive.language.ast import Node, base_and_index
from derive.language.document import Document, Source
from derive.language.model import Definition, Given, Problem, ReadError, Symbol, Task, WorkLine
from derive.language.notation import Notation
from derive.language.scope import Scope
from derive.language.sentences import Sentence, Token, sentences
from derive.language.subjects import subjects, undeclared
from derive.terms import ONE, ZERO, Shape, Term, call, num, subterms, sym

# Forms of the sentences that are no tasks, for messages; the tasks' are in `tasks.TASK_FORMS`.
DECLARATION_FORMS = (
    "Let $x \\in \\mathbb{R}^n$ be fixed.",
    "Let $X$ be a random variable with mean $…$ and variance $…$.",
    "Let $x \\sim \\mathcal{N}(0, 1)$.",
    "Let $W \\in \\mathbb{R}^{n \\times m}$ have i.i.d. entries $W_{ij} \\sim \\mathcal{N}(0, 1)$.",
    "Let $f : \\mathbb{R}^n \\to \\mathbb{R}$ be differentiable.",
    "Let $p$ be a probability density on $\\mathbb{R}^n$.",
    "Assume $…$ and $…$ are independent.",
    "Assume $… = …$.",
    "Assume differentiation and integration may be exchanged.",
    "Define $y = …$.",
    *network.SHOWN,
)


class Reader:
    """What a document has said so far."""

    def __init__(self, document: Document, *, rule: bool = False, problem: Problem | None = None) -> None:
        self.document = document
        self.source: Source = document.source
        self.scope = Scope(rule=rule)
        if problem is not None:
            self.scope.symbols = dict(problem.symbols)
            self.scope.definitions = {d.symbol.name: d for d in problem.definitions}
        self.maths = Notation(self.source, self.scope, self.by_use)
        self.givens: list[Given] = []
        self.definitions: list[Definition] = []
        self.tasks: list[Task] = []
        self.working: list[WorkLine] = []
        self.declarations: list[tuple[str, int]] = []
        self.unit: str | None = None
        self.network: tuple[Term, Term] | None = None
        self.item = ""  # the number of the item being read
        self.used: dict[str, Symbol] = {}  # declared by use only, so far
        self.arguments: dict[str, Symbol] = {}  # undeclared arguments of functions, met in tasks
        self.sizes: set[Term] = set()  # declared by sizing an array or counting a family
        self.tables: set[str] = set()  # families with two indices and more, of a rule
        self.open: Sentence | None = None  # the sentence being read

    # Documents

    def read(self) -> Problem:
        blocks = self.document.blocks
        for i, block in enumerate(blocks):
            if block.kind == "heading":
                continue
            if block.kind == "mark":
                if block.label != "Working":
                    at = max(0, self.source.text.rfind(f"**{block.label}", 0, block.start))
                    raise self.source.error(
                        f"`{block.label}` is no part of a problem", at, block.label, ("**Working.**",)
                    )
                from derive.language.working import read_working

                read_working(self, blocks[i:])
                break
            self.item = block.label if block.kind == "item" else ""
            found = sentences(self.document, block)
            if not found and block.kind in ("item", "bullet"):
                raise self.source.error(
                    "nothing stands in this item",
                    max(0, self.source.text.rfind(block.label, 0, block.start)),
                    block.label,
                )
            for s in found:
                self.sentence(s)
        return self.problem()

    def problem(self) -> Problem:
        return Problem(
            self.document.title, self.source.file, self.source.text, {**self.arguments, **self.scope.symbols},
            tuple(self.givens),
            tuple(self.definitions), tuple(self.tasks), tuple(self.working), tuple(self.declarations), self.unit,
        )  # fmt: skip

    def sentence(self, s: Sentence) -> None:
        """Read one sentence.

        Raises
        ------
        ReadError
            Where it is not one of the known forms.
        """
        s = forms.normal(s)
        self.open = s
        opened = forms.openers(s)
        said = [name for name, _ in opened]
        if opened and opened[0][1] == len(s.tokens):
            raise s.error("this sentence says nothing yet", 0, forms.nearest(s.text, DECLARATION_FORMS))
        if network.read(self, s):
            self.declarations.append((s.text, s.line))
        elif any(name in tasks.OPENERS for name in said):
            tasks.read_task(self, s)
        elif kind := self.statement(s, opened):
            kind()
            self.declarations.append((s.text, s.line))
        else:
            raise self.not_understood(s)
        for needed in self.large_enough():
            self.give(needed, s, "let")

    def large_enough(self) -> tuple[Term, ...]:
        """What the entries named since say of sizes: $x_4$ of $n$ entries is there from $n = 4$ on."""
        out = tuple(call("Ge", size, num(least)) for size, least in self.scope.least.items())
        self.scope.least.clear()
        return () if self.scope.rule else out

    def statement(self, s: Sentence, opened: list[tuple[str, int]]) -> Callable[[], None] | None:
        """How to read a declaration, assumption or definition; None where the sentence is none."""
        for name, start in opened:
            if name in ("Let", "Assume") and s.tokens[0].low != "let":
                if name == "Assume" and s.tokens[0].low in ("assume", "assuming"):
                    return lambda start=start: self.assume(s, start)  # type: ignore[misc]
                # `Suppose`, `Given`, `Consider` declare what is new and assume what is not.
                if self.declares(s, start):
                    return lambda start=start: declare.read_let(self, s, start)  # type: ignore[misc]
                return lambda start=start: self.assume(s, start)  # type: ignore[misc]
            if name == "Let":
                return lambda start=start: declare.read_let(self, s, start)  # type: ignore[misc]
            if name == "Define":
                return lambda start=start: define.read_define(self, s, start)  # type: ignore[misc]
        return None

    def declares(self, s: Sentence, start: int) -> bool:
        """Whether a sentence speaks first of a name that is not declared yet."""
        first = next((t for t in s.tokens[start:] if t.kind == "math"), None)
        if first is None:
            return False
        heads = [self.maths.node(first, s)]
        while any(h.kind in ("rel", "list", "map") for h in heads):
            heads = [c for h in heads for c in (h.children if h.kind in ("rel", "list") else h.children[:1])]
        named = [h for h in heads if h.kind in ("name", "sub")]
        return any(True for h in named for _ in undeclared(h, self.scope))

    def not_understood(self, s: Sentence) -> ReadError:
        known = (*DECLARATION_FORMS, *tasks.shown_forms())
        near = forms.nearest(s.text, known)
        return s.error("this sentence is not understood", 0, near)

    def assume(self, s: Sentence, start: int) -> None:
        stop = self.before_where(s, start)
        self.moments(s, start, stop)
        for p in self.claims(s, (start, stop), quantify=True):
            self.give(p, s, "assume")

    def moments(self, s: Sentence, start: int, stop: int) -> None:
        """``Assume $\\mathbb{E}[x_1^4] = \\kappa$``: a name first met as a moment is declared by that."""
        for token in s.tokens[start:stop]:
            for node in self.maths.parts(token, s) if token.kind == "math" else ():
                if node.kind != "rel" or node.text != "=" or node.children[0].kind != "product":
                    continue
                head, right = node.children[0].children[0], node.children[1]
                if head.kind == "func" and head.text in ("Expect", "Var"):
                    self.maths.parameter(right, "variance" if head.text == "Var" else "mean")

    # What the modules beside this one write

    def claims(self, s: Sentence, span: tuple[int, int], *, quantify: bool = False) -> tuple[Term, ...]:
        """The propositions of a run of tokens; with ``quantify``, about every index and argument left open in them."""
        self.maths.forget()
        props = claims.read_claims(self, s, span)
        return tuple(self.maths.quantified(p) for p in props) if quantify else props

    def before_where(self, s: Sentence, start: int) -> int:
        """Where a sentence's ``where`` begins, having read what it says (or the sentence's end)."""
        for i in range(len(s.tokens) - 1, start, -1):
            if s.tokens[i].low == "where":
                self.where(s, i)
                return i - 1 if s.tokens[i - 1].text == "," else i
        return len(s.tokens)

    def where(self, s: Sentence, at: int) -> None:
        """``…, where $y = W x$ and $x \\sim D$``: definitions and declarations."""
        declare.read_let(self, s, at + 1)

    def define(self, s: Sentence, node: Node) -> None:
        define.read_equation(self, s, node)

    def give(self, prop: Term, s: Sentence, kind: str) -> None:
        given = Given(prop, s.line, s.text, kind)  # type: ignore[arg-type]
        for i, old in enumerate(self.givens):
            if (
                old.prop == prop and old.kind == "let"
            ):  # said by use before: the sentence that declares it says it better
                self.givens[i] = given
                return
        self.givens.append(given)

    def declare(self, symbol: Symbol, node: Node, s: Sentence) -> None:
        """Add a symbol.

        Raises
        ------
        ReadError
            Where the name is declared already (unless by use only, as the same kind of thing).
        """
        name = symbol.term.name
        old = self.scope.symbols.get(name)
        symbol = replace(symbol, line=s.line)
        split = base_and_index(node)
        array = self.scope.symbols.get(split[0]) if split else None
        if array is not None and array.term.sort.shape and array.role not in ("density", "function"):
            raise node.error(f"`{node.source}` is an entry of `{array.latex}`, declared on line {array.line}")
        if old is not None:
            by_use = self.used.pop(name, None)
            self.sizes.discard(symbol.term)
            if by_use is None or by_use.term.sort != symbol.term.sort:
                raise node.error(f"`{node.source}` is declared already, on line {old.line}")
            if old.role == "dimension":
                symbol = replace(symbol, role="dimension", integer=True)
        self.scope.declare(symbol)

    def by_use(self, term: Term, kind: str, latex: str, node: Node) -> None:
        """Declare a name that a declaration uses first: a dimension, a mean, a variance, a parameter of a law."""
        line, _ = node.where.place(node.start)
        role = "dimension" if kind in ("dimension", "integer") else "fixed"
        symbol = Symbol(term, role, line, latex, integer=role == "dimension")  # type: ignore[arg-type]
        self.scope.declare(symbol)
        self.used[term.name] = symbol
        if role == "dimension":
            self.sizes.add(term)
        text = self.open.text if self.open else ""
        # In a rule a count may be 0, and what a moment or size must be is no hypothesis of its own.
        for p in (
            () if self.scope.rule and kind in ("dimension", "integer", "mean", "variance") else _of_kind(term, kind)
        ):
            self.givens.append(Given(p, self.open.line if self.open else line, text))

    def role(self, name: str) -> str | None:
        symbol = self.scope.symbols.get(name)
        return symbol.role if symbol else None

    # Tasks

    def unknowns(self, s: Sentence, span: tuple[int, int]) -> Term:
        """What is sought: a declared symbol or a power of one, or new names, which are declared by being sought."""
        found = []
        for token in forms.items(s, span):
            found += self.unknown(token, s)
        return found[0] if len(found) == 1 else call("Tuple", *found)

    def unknown(self, token: Token, s: Sentence) -> list[Term]:
        node = self.maths.node(token, s)
        if node.kind == "sup":
            return [self.maths.expression(node)]
        if node.kind == "rel" and node.children[0].kind == "sup":  # $\sigma^2 > 0$
            for p in self.maths.relation(node):
                self.give(p, s, "task")
            return [self.maths.expression(node.children[0])]
        out = []
        for subject in subjects(node, self.scope):
            known = self.scope.lookup(subject.name)
            space = self.maths.space(subject.set) if subject.set is not None else None
            if known is None:
                known = sym(subject.name, space.shape if space else ())
                self.scope.declare(Symbol(known, "unknown", s.line, subject.latex))
            for p in space.holds(known) if space else ():
                self.give(p, s, "task")
            for relation in subject.compared:
                for p in self.maths.relation(relation):
                    self.give(p, s, "task")
            out.append(known)
        return out

    def new_unknown(self, name: str, s: Sentence) -> Term:
        """A positive integer that nobody named, to be sought."""
        while name in self.scope.symbols:
            name += "_prime"
        k = sym(name)
        self.scope.declare(Symbol(k, "unknown", s.line, names.latex(name), integer=True))
        self.give(call("In", k, call("Naturals")), s, "task")
        return k

    def unknown_map(self, s: Sentence, span: tuple[int, int], claim: tuple[int, int]) -> Term:
        return define.unknown_map(self, s, span, claim)

    def needs_network(self, s: Sentence) -> tuple[Term, Term]:
        if self.network is None:
            raise s.error("no network stands above", 0, (network.SHOWN[0],))
        return self.network

    def drawn_from(self, name: Node) -> bool:
        r"""Whether the document draws something from ``name`` (``x \sim p_\mu``): then it is a density."""
        said = re.escape(re.sub(r"[\s{}]", "", name.source))
        used = re.compile(rf"(?:\\sim|∼|KL\(|\\\||‖){said}(?![A-Za-z0-9_(^])")
        return any(
            used.search(re.sub(r"[\s{}]|\\[,;:!]", "", self.document.text[m.inner : m.stop]))
            for m in self.document.maths
        )

    def drawn_shapes(self, objects: tuple[Term, ...]) -> tuple[Shape, ...]:
        """The shapes that a value of a law asked for may have: of what the objects average over, then of all names."""
        out: list[Shape] = []
        for t in (*objects, *(d.body for d in self.definitions)):
            out += [x.var.sort.shape for x in subterms(t) if x.head == "ExpectOver"]
        out += [x.term.sort.shape for x in self.scope.symbols.values() if x.term.sort.takes is None]
        return tuple(x for x in dict.fromkeys(out) if x)

    def add_task(self, task: Task, s: Sentence) -> None:
        taken = self.task_ids()
        number = self.item
        if not number or number in taken:
            last = max((int(t) for t in taken if t.isdigit()), default=0)
            number = str(last + 1)
        for pair in task.distinct:
            for j in pair:
                if j.name not in self.scope.indices:
                    raise s.error(f"`{j.name}` is no index of what is asked", len(s.tokens) - 1)
        ranges = tuple(
            (sym(name), *found)
            for name, found in self.scope.indices.items()
            if found and name not in self.scope.symbols
        )
        for x in self.scope.arguments.values():
            if x.name not in self.scope.symbols:
                self.arguments.setdefault(x.name, Symbol(x, "fixed", s.line, names.latex(x.name)))
        self.tasks.append(
            replace(
                task, id=number, text=s.text, line=s.line, ranges=ranges, givens=len(self.givens),
                definitions=len(self.definitions), least=self.large_enough(),
            )
        )  # fmt: skip

    def task_ids(self) -> tuple[str, ...]:
        return tuple(t.id for t in self.tasks)

    def has_task(self, number: str) -> bool:
        return number in self.task_ids()


def _of_kind(x: Term, kind: str) -> list[Term]:
    """What holds of a name first met as a mean, a variance, a rate, …"""
    if kind in ("dimension", "integer"):
        return [call("In", x, call("Naturals"))]
    if kind in ("variance", "deviation", "scale", "rate", "shape"):
        return [call("Gt", x, ZERO)]
    if kind == "probability":
        return [call("Gt", x, ZERO), call("Lt", x, ONE)]
    if kind == "covariance":
        return [call("Eq", call("Transpose", x), x), call("PositiveDefinite", x)]
    if kind == "probabilities":
        return [call("ProbabilityVector", x)]
    return []
