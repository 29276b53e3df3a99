r"""What a document has said so far.

The modules that read one kind of sentence each (`declare`, `define`, `claims`, `tasks`, `network`, `working`) write
what they find into the `Reader`; `statements` says which of them reads a sentence.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.language import forms, names
from derive.language.ast import Node, base_and_index
from derive.language.document import Document, Source
from derive.language.model import Definition, Given, Problem, Role, Symbol, Task, WorkLine
from derive.language.notation import Notation
from derive.language.scope import Scope
from derive.language.sentences import Sentence, Token
from derive.language.subjects import subjects
from derive.terms import ONE, ZERO, Shape, Term, call, num, subst, subterms, support, sym


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
        self.unit: str | None = problem.unit if problem is not None else None
        self.network: tuple[Term, Term] | None = None
        self.item = ""  # the number of the item being read
        self.used: dict[str, Symbol] = {}  # declared by use only, so far
        self.arguments: dict[str, Symbol] = {}  # undeclared arguments of functions, met in tasks
        self.sizes: set[Term] = set()  # declared by sizing an array or counting a family
        self.tables: set[str] = set()  # families with two indices and more, of a rule
        self.open: Sentence | None = None  # the sentence being read

    def problem(self) -> Problem:
        return Problem(
            self.document.title, self.source.file, self.source.text, {**self.arguments, **self.scope.symbols},
            tuple(self.givens),
            tuple(self.definitions), tuple(self.tasks), tuple(self.working), tuple(self.declarations), self.unit,
        )  # fmt: skip

    def large_enough(self) -> tuple[Term, ...]:
        """What the entries named since say of sizes: $x_4$ of $n$ entries is there from $n = 4$ on."""
        out = tuple(call("Ge", size, num(least)) for size, least in self.scope.least.items())
        self.scope.least.clear()
        return () if self.scope.rule else out

    # What the modules beside this one write

    def give(self, prop: Term, s: Sentence, kind: str) -> None:
        """Add what a sentence says; of something in an interval, both inequalities."""
        if prop.head == "In" and prop.args[1].head == "Interval":
            x, (low, high) = prop.args[0], prop.args[1].args
            for bound in (call("Ge", x, low), call("Le", x, high)):
                self.give(bound, s, kind)
            return
        given = Given(prop, s.line, s.text, kind)  # type: ignore[arg-type]
        for i, old in enumerate(self.givens):
            if (
                old.prop == prop and old.kind == "let"
            ):  # said by use before: the sentence that declares it says it better
                self.givens[i] = given
                return
        self.givens.append(given)

    def define(self, left: Node, s: Sentence, symbol: Term, body: Term, params: tuple[Term, ...] = (), role: Role = "defined",
               *, index: tuple[Term, ...] = (), family: bool = False) -> None:  # fmt: skip
        """Add a symbol, and what it stands for."""
        self.declare(Symbol(symbol, role, s.line, left.source, family), left, s)
        definition = Definition(symbol, body, s.line, s.text, params, index)
        self.definitions.append(definition)
        self.scope.define(definition)

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

    def order(self, token: Token, s: Sentence) -> Term:
        """What is sought is an order of growth: of any quantity; a name that nobody declared is a positive number."""
        node = self.maths.node(token, s)
        if node.kind != "name" or self.scope.lookup(node.text) is not None:
            return self.maths.expressions(token, s)[0]
        (unknown,) = self.unknown(token, s)
        self.give(call("Gt", unknown, ZERO), s, "task")
        return unknown

    def new_unknown(self, name: str, s: Sentence) -> Term:
        """A positive integer that nobody named, to be sought."""
        while name in self.scope.symbols:
            name += "_prime"
        k = sym(name)
        self.scope.declare(Symbol(k, "unknown", s.line, names.latex(name), integer=True))
        self.give(call("In", k, call("Naturals")), s, "task")
        return k

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
                index = any(u.head == "At" and x in u.args[1:] for t in task.objects for u in subterms(t))  # a subscript may be an argument too
                known = self.arguments.get(x.name)
                if known is None or (known.role == "index" and not index):
                    role = "index" if index else "fixed"
                    self.arguments[x.name] = Symbol(x, role, s.line, names.latex(x.name), integer=index)  # type: ignore[arg-type]
        task = replace(task, id=number, text=s.text, line=s.line, ranges=ranges, givens=len(self.givens), definitions=len(self.definitions))
        sizes = (Given(p, s.line, s.text, "task") for p in self.large_enough())
        self.tasks.append(replace(task, local=(*sizes, *self.where_drawn(task))))

    def where_drawn(self, task: Task) -> list[Given]:
        """Where the undeclared arguments of densities run: where a named law has its weight, if all that are taken there have it so."""
        found: dict[Term, list[list[Term]]] = {}
        lines: dict[Term, Definition] = {}
        for u in (u for t in task.objects for u in subterms(t) if u.head == "Density"):
            law, x = u.args
            if x.head != "Sym" or x.name not in self.scope.arguments or x.name in self.scope.symbols:
                continue
            name, given = (law.args[0], law.args[1:]) if law.head == "Apply" else (law, ())
            d = self.scope.definitions.get(name.name) if name.head == "Sym" else None
            if d is not None and d.law is not None:
                law = subst(d.law, dict(zip(d.params, given, strict=False)))
                lines.setdefault(x, d)
            found.setdefault(x, []).append(support(x, law))
        return [Given(p, lines[x].line if x in lines else task.line, lines[x].text if x in lines else task.text, "task")
                for x, said in found.items() if all(one == said[0] for one in said) for p in said[0]]

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
