r"""The names of a declaration: what kind of thing each is, and the givens that what is said of them makes."""

from __future__ import annotations

from derive.language.ast import Node, base_and_index
from derive.language.attributes import attribute, entry, fits
from derive.language.model import Symbol
from derive.language.notation import Space, law_shape
from derive.language.predicates import Group, Said
from derive.language.reader import Reader
from derive.language.sentences import Sentence, Token
from derive.language.subjects import Subject, subjects
from derive.terms import ONE, Term, call, expect, free, fresh, num, power, sym

Shape = tuple[Term, ...]


class Declaring:
    """One group of names, being declared."""

    def __init__(self, reader: Reader, sentence: Sentence, group: Group, names: list[Subject]) -> None:
        self.reader, self.sentence, self.group, self.said = reader, sentence, group, group.said
        self.names = names
        self.maths = reader.maths
        self.spaces: dict[str, Space] = {}
        self.symbols: dict[str, Term] = {}

    @staticmethod
    def unsaid(said: Said) -> bool:
        return said == Said(singular=said.singular)

    def read(self) -> None:
        if self.said.maps is not None:
            takes, gives = (self.maths.node(t, self.sentence) for t in self.said.maps)
            for s in self.names:
                s.takes, s.gives = s.takes or (takes,), s.gives or gives
        for s in self.names:
            if s.takes is not None:
                self.function(s)
            elif self.said.density:
                self.density(s)
            elif self.said.indices:
                self.table(s)
            elif self.said.distribution and s.set is None and not s.compared:
                self.distribution(s)
            else:
                self.value(s)
        self.attributes()
        self.among()
        self.apart()

    def given(self, *props: Term) -> None:
        for p in props:
            self.reader.give(p, self.sentence, "let")

    def declare(self, s: Subject, term: Term, role: str, **more: bool) -> Term:
        self.reader.declare(Symbol(term, role, 0, s.latex, **more), s.node, self.sentence)  # type: ignore[arg-type]
        self.symbols[s.name] = term
        return term

    # Functions, densities

    def function(self, s: Subject) -> None:
        assert s.takes is not None and s.gives is not None
        spaces = [self.maths.space(n) for n in (*s.takes, s.gives)]
        f = sym(s.name, spaces[-1].shape, tuple(x.shape for x in spaces[:-1]))
        self.declare(s, f, "function")
        if self.said.random:
            if not self.reader.scope.rule:
                raise self.sentence.error("a function is random in rules only", self.group.start, (rf"Let ${s.latex}$ be a function.",))
            self.given(call("In", f, call("RandomFunctions")))
        for k, space in enumerate(spaces[:-1], 1):
            if space.kind != "R":
                self.given(call("Domain", f, num(k), _set_of(space)))
        self.differentiable(f)

    def differentiable(self, f: Term, *within: Term) -> None:
        said = self.said
        if said.order:
            argument = (num(said.argument),) if said.argument else within
            self.given(call("Differentiable", f, num(said.order), *argument))

    def density(self, s: Subject) -> None:
        """A density, with its parameter (``differentiable in $\\theta \\in \\mathbb{R}^P$``) as its argument."""
        said = self.said
        law = self.maths.law_of(self.maths.node(said.law, self.sentence), None) if said.law is not None else None
        parameter: Term | None = None
        split = base_and_index(s.node)
        if said.within is not None:
            node = self.maths.node(said.within, self.sentence)
            of, *more = subjects(node, self.reader.scope)
            if more:
                raise node.error("a density has one parameter", (r"differentiable in $\theta \in \mathbb{R}^P$",))
            parameter = self.reader.scope.lookup(of.name)
            if parameter is None:
                space = self.maths.space(of.set) if of.set is not None else Space()
                parameter = sym(of.name, space.shape)
                self.reader.declare(Symbol(parameter, "fixed", 0, of.latex), of.node, self.sentence)
        elif split and len(split[1]) == 1:
            parameter = self.reader.scope.lookup(split[1][0].text)
        shape: Shape = ()
        if said.on is not None:
            space = self.maths.space(self.maths.node(said.on, self.sentence))
            shape = space.shape
        elif law is not None:
            shape = law_shape(law)
        p = sym(s.name, shape, None if parameter is None else (parameter.sort.shape,))
        if law is not None and not self.reader.scope.rule:
            self.of_law(s, p, parameter, law)
            return
        self.declare(s, p, "density")
        if law is not None:
            self.given(call("Eq", p if parameter is None else call("Apply", p, parameter), law))
        if said.density == "mass":
            self.given(call("Mass", p))
        if said.on is not None and space.kind != "R":
            self.given(call("Domain", p, _set_of(space)))
        self.differentiable(p, *(() if parameter is None else (parameter,)))

    def of_law(self, s: Subject, p: Term, parameter: Term | None, law: Term) -> None:
        """The density of a named law: defined by that law's formula, so that what it depends on is seen."""
        x = fresh(sym("x", law_shape(law)), {*self.reader.scope.symbols, *(f.name for f in free(law))})
        self.reader.define(s.node, self.sentence, p, call("Density", law, x), (*(() if parameter is None else (parameter,)), x), "density")

    def distribution(self, s: Subject) -> None:
        assert self.said.on is not None
        space = self.maths.space(self.maths.node(self.said.on, self.sentence))
        self.declare(s, sym(s.name, space.shape), "density")

    # Values

    def table(self, s: Subject) -> None:
        """``$X_{jk} \\in \\mathbb{R}$ for $j, k \\in \\{1, \\ldots, n\\}$``: a family with several indices."""
        split = base_and_index(s.node)
        letters = [i.text for i in split[1]] if split else []
        ranges: dict[str, Space] = {}
        for token in self.said.indices:
            for index in subjects(self.maths.node(token, self.sentence), self.reader.scope):
                if index.set is None:
                    raise index.node.error("the range of this index is missing", (r"$j \in \{1, \ldots, n\}$",))
                ranges[index.name] = self.maths.space(index.set)
        if split is None or sorted(letters) != sorted(ranges):
            raise s.node.error("the indices of the name and those behind `for` differ")
        if s.set is not None and self.maths.space(s.set).shape:
            raise s.node.error("a family with indices is of numbers")
        bounds = [ranges[x].bounds for x in letters]
        if any(b is None or b[0] != ONE for b in bounds):
            raise s.node.error("an index runs from 1", (r"$j \in \{1, \ldots, n\}$",))
        s.name, s.node = split[0], s.node.children[0]
        role = "random" if self.said.random else "fixed"
        self.reader.tables.add(s.name)
        self.declare(s, sym(s.name, tuple(b[1] for b in bounds if b)), role, family=True)

    def value(self, s: Subject) -> None:
        said = self.said
        space = self.space(s)
        self.spaces[s.name] = space
        shape: Shape = space.shape
        if s.count is not None:
            self.maths.sizes(s.count)
            shape = (self.maths.expression(s.count), *shape)
        law: Term | None = None
        if (law_node := self.law_node(s)) is not None:
            told = said.space is not None or s.set is not None
            law = self.maths.law_of(law_node, space.shape if told else None)
            if not told:
                shape = (*shape, *law_shape(law))
                self.spaces[s.name] = Space(law_shape(law))
        moments = [(kind, self.moment_node(token, kind, space.shape)) for kind, token in said.moments]
        random = law is not None or self.is_random(s)
        integer = space.kind in ("N", "N0", "Z", "range") or any("integer" in word for word in said.attributes)
        role = "random" if random else "dimension" if space.kind == "N" else "fixed"
        if s.letters:
            raise s.node.error("this name with indices is not understood here")
        x = self.declare(s, sym(s.name, shape), role, family=s.count is not None, integer=integer)
        if space.kind == "range" and space.bounds:
            self.reader.scope.ranges[s.name] = space.bounds
        self.given(*space.holds(x))
        for relation in s.compared:
            self.given(*self.maths.relation(relation))
        if random:
            self.chance(s, x, law, moments)

    def space(self, s: Subject) -> Space:
        if s.set is not None:
            return self.maths.space(s.set)
        if self.said.space is not None:
            return self.maths.space(self.maths.node(self.said.space, self.sentence))
        return Space()

    def is_random(self, s: Subject) -> bool:
        said = self.said
        if not said.random or s.compared:
            return False
        if said.entries:
            return s.set is not None or said.space is not None
        if said.singular and len(self.names) > 1:
            return s is self.names[-1]
        return s.law is not None or s.set is None or self.spaces[s.name].kind == "R"

    def law_node(self, s: Subject) -> Node | None:
        if self.said.entries:
            return None
        if s.law is None and self.said.law is not None and not s.compared:  # `$a > 0$ and $T$ be exponential`: that is said of T
            node = self.maths.node(self.said.law, self.sentence)
            return node.children[1] if node.kind == "rel" and node.text in ("sim", "iid") else node
        return s.law

    def moment_node(self, token: Token, kind: str, shape: Shape) -> Node:
        node = self.maths.node(token, self.sentence)
        self.maths.parameter(node, kind, () if self.said.entries else shape)
        return node

    def chance(self, s: Subject, x: Term, law: Term | None, moments: list[tuple[str, Node]]) -> None:
        """The givens about the law of a name, of a family's members, or of an array's entries."""
        said = self.said
        depth = len(x.sort.shape) if said.entries else len(x.sort.shape) - len(self.spaces[s.name].shape)
        if said.entries:
            law_node = self.entry_law(s)
            letters, member = entry(x, depth, self.letters(s))
            with self.maths.local() as scope:
                scope.bound.update({v.name: v for v in letters})
                scope.ranges.update({v.name: (ONE, n) for v, n in zip(letters, x.sort.shape, strict=True)})
                law = self.maths.law_of(law_node, ()) if law_node is not None else None
        else:
            letters, member = entry(x, depth, ())
        props = [] if law is None else [call("Dist", member, law)]
        inner = () if said.entries else self.spaces[s.name].shape
        for kind, node in moments:
            props.append(self.moment(kind, member, self.maths.expression(node, _moment_shape(kind, inner))))
        if said.finite:
            props.append(call(said.finite, member))
        for p in props:
            for v in reversed(letters):
                p = Term("ForAll", (v, p))
            self.given(p)
        if s.iid and s.count is not None and not said.iid:
            self.given(call("Iid" if not inner else "IidMembers", x))

    def letters(self, s: Subject) -> tuple[str, ...]:
        """The indices that the document writes in ``entries $W_{ij} \\sim …$``."""
        token = self.said.law
        node = self.maths.node(token, self.sentence) if token is not None else None
        if node is None or node.kind != "rel":
            return ()
        split = base_and_index(node.children[0])
        return tuple(i.text for i in split[1]) if split and all(i.kind == "name" for i in split[1]) else ()

    def entry_law(self, s: Subject) -> Node | None:
        """The law in ``entries $\\sim …$`` or ``entries $W_{ij} \\sim …$``; that name must be the declared one."""
        said = self.said
        if said.named_law:
            return self.maths.node(Token("math", said.named_law, -1, -1), self.sentence)
        if said.law is None:
            return None
        node = self.maths.node(said.law, self.sentence)
        if node.kind != "rel":
            return node
        if node.text not in ("sim", "iid"):
            raise node.error("the entries' distribution is needed here", (r"$W_{ij} \sim \mathcal{N}(0, 1)$",))
        written = node.children[0]
        split = base_and_index(written)
        if written.kind != "none" and (split is None or split[0] not in {n.name for n in self.names}):
            expected = tuple(f"${n.latex}_{{…}}$" for n in self.names)
            raise written.error(f"these are no entries of ${s.latex}$", expected)
        return node.children[1]

    def moment(self, kind: str, x: Term, value: Term) -> Term:
        if kind == "mean":
            return call("Eq", expect(x), value)
        if kind == "variance":
            return call("Eq", call("Var", x), value)
        if kind == "deviation":
            return call("Eq", call("Var", x), power(value, 2))
        return call("Eq", expect(x if kind == "1" else power(x, int(kind))), value)

    # What is said of them

    def attributes(self) -> None:
        said = self.said
        for word in said.attributes:
            if word in ("fixed", "noun", "real"):
                continue
            hit = False
            if word == "shape" and not self.reader.scope.rule:
                raise self.sentence.error("a name stands for a shape in rules only", self.group.start, (r"Let $x \in \mathbb{R}^n$.",))
            for s in self.names:
                x = self.symbols[s.name]
                if fits(word, x):
                    self.given(*attribute(word, x))
                    hit = True
            if not hit:
                raise self.sentence.error(f"`{word}` does not fit what is declared here", self.group.start)

    def among(self) -> None:
        """Independence and the like among the names of the group."""
        said = self.said
        random = [self.symbols[s.name] for s in self.names if self.reader.role(s.name) == "random"]
        if said.entries == "i.i.d." or (said.entries == "some" and said.iid):
            self.given(call("Iid", *random))
        elif said.entries == "independent":
            self.given(call("IndependentEntries", *random))
        elif said.iid or any(s.iid and s.count is None for s in self.names):
            vectors = any(self.spaces[s.name].shape for s in self.names if s.name in self.spaces)
            self.given(call("IidMembers" if vectors else "Iid", *random))
        if said.among and not said.entries:
            family = [x for x in random if self.reader.scope.symbols[x.name].family]
            if len(random) < 2 and not family:
                raise self.sentence.error("one random thing alone is not independent: of what?", self.group.start,
                                          ("independent of $…$",))  # fmt: skip
            self.given(call(said.among, *random))
        elif said.among and len(random) > 1 and said.entries == "independent":
            self.given(call(said.among, *random))

    def apart(self) -> None:
        """``independent of $W$ and $x$``: of all that is named, jointly."""
        heads = dict.fromkeys(head for head, _ in self.said.independent_of)
        for head in heads:
            others: list[Term] = []
            for _, token in self.said.independent_of:
                others += self.maths.expressions(token, self.sentence)
            group = others[0] if len(others) == 1 else call("Group", *others)
            random = [self.symbols[s.name] for s in self.names if self.reader.role(s.name) == "random"]
            mine = [s for s in random if s not in others]  # `X … and Y …, independent of X` speaks of Y
            if not mine:
                raise self.sentence.error("nothing random stands before `independent of`", self.group.start)
            self.given(call(head, mine[0] if len(mine) == 1 else call("Group", *mine), group))


def _moment_shape(kind: str, shape: Shape) -> Shape:
    return (*shape, *shape) if kind == "variance" else shape


def _set_of(space: Space) -> Term:
    if space.bounds:
        return call("IndexRange" if space.kind == "range" else "Interval", *space.bounds)
    return call({"N": "Naturals", "N0": "Naturals", "Z": "Integers"}.get(space.kind, "Reals"))
