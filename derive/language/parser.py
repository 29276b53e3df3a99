r"""Formulas as trees of marks: a hand-written precedence parser.

From loosest to tightest: ``a \mid b``, commas, relations, sums, products and quotients, scripts. Sums, products,
suprema and integrals take what their notation says; functions and derivatives take the next factor, which only
declarations can tell, so they stay markers in a flat product for `elaborate`.
"""

from __future__ import annotations

import re
from itertools import combinations

from derive.language.ast import Node, Where, spelled
from derive.language.lexer import Token
from derive.language.model import ReadError
from derive.language.parser_operators import Operators
from derive.language.parser_tokens import FACTOR_KINDS, split_at

_CLOSES = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", "|": "|", "||": "||", "floor": "floor", "ceil": "ceil", ".": "."}
_ADDITIVE = ("+", "-")
_MARKERS = frozenset({"div", "times", "odot"})
PLAIN_BARS = (r"\left| a \right|", r"\|x\|")
MOST_BARS = 6  # doubled bars in a formula that are tried both ways


def parse(source: str, where: Where | None = None) -> Node:
    """The tree of a formula.

    Raises
    ------
    ReadError
        Where the notation cannot be read, with the place in the file.
    """
    where = where or Where.at(source)
    if where.source != source:
        where = Where(source, where.place)
    if m := re.search(r"(?<!\\)\|{3}", source):
        raise where.error("the bars can be read in two ways", m.start(), m.end(), PLAIN_BARS)
    try:
        return _parsed(source, where, frozenset())
    except ReadError as error:
        return _with_bars_apart(source, where, error)


def _parsed(source: str, where: Where, apart: frozenset[int]) -> Node:
    p = _Parser(source, where, apart)
    node = p.items()
    if p.token.kind != "end":
        raise p.unexpected()
    return _regrouped(node)


def _with_bars_apart(source: str, where: Where, error: ReadError) -> Node:
    """A formula in which some ``||`` are the ends of two absolute values: ``|a - |b - c||``.

    The fewest are taken so, in the one way in which the formula is then read.
    """
    doubled = [m.start() for m in re.finditer(r"(?<!\\)\|\|", source)]
    if 0 < len(doubled) <= MOST_BARS:
        for many in range(1, len(doubled) + 1):
            found = []
            for apart in combinations(doubled, many):
                try:
                    found.append(_parsed(source, where, frozenset(apart)))
                except ReadError:
                    continue
            if len(found) > 1:
                raise where.error("the bars can be read in two ways", doubled[0], doubled[0] + 2, PLAIN_BARS)
            if found:
                return found[0]
    raise error


def _regrouped(node: Node) -> Node:
    r"""``s, t > 0`` says something of both, ``a, b \in A, c > 0`` of each group."""
    if node.kind != "list" or not any(c.kind in ("rel", "map") for c in node.children):
        return node
    out: list[Node] = []
    waiting: list[Node] = []
    for c in node.children:
        if c.kind in ("rel", "map") and waiting:
            first = Node("list", (*waiting, c.children[0]), "", waiting[0].start, c.children[0].end, c.where)
            out.append(Node(c.kind, (first, *c.children[1:]), c.text, waiting[0].start, c.end, c.where))
            waiting = []
        elif c.kind in ("rel", "map"):
            out.append(c)
        else:
            waiting.append(c)
    out += waiting
    return out[0] if len(out) == 1 else Node("list", tuple(out), "", node.start, node.end, node.where)


class _Parser(Operators):
    """Lists, relations, sums, products, and the factors of which they are made."""

    # Lists and relations
    def items(self) -> Node:
        """What stands inside brackets: a list, with ``\\mid`` or ``\\|`` between two lists."""
        start = self.token.start
        first = self.list()
        if self.at("mid") or (self.at("bar") and not self.bars):
            kind = "pair" if self.token.text == "||" else "given"
            self.next()
            second = self.list()
            return self.node(kind, (first, second), start)
        return first

    def list(self) -> Node:
        start = self.token.start
        parts = [self.relation()]
        while self.at("op", ","):
            self.next()
            if self.token.kind in ("end", "close"):
                raise self.unexpected()
            parts.append(self.relation())
        return parts[0] if len(parts) == 1 else self.node("list", tuple(parts), start)

    def relation(self) -> Node:
        start = self.token.start
        parts = [self.none() if self.at("rel") else self.sum()]
        signs: list[str] = []
        if self.at("op", ":"):
            return self.map(parts[0], start)
        while self.at("rel"):
            signs.append(self.next().text)
            parts.append(self.sum())
        return parts[0] if not signs else self.node("rel", tuple(parts), start, " ".join(signs))


    def map(self, name: Node, start: int) -> Node:
        self.next()
        left = self.sum()
        if not self.at("rel", "to"):
            raise self.unexpected((r"f : \mathbb{R}^n \to \mathbb{R}",))
        self.next()
        return self.node("map", (name, *split_at(left, "times"), self.sum()), start)

    # Sums
    def sum(self) -> Node:
        start = self.token.start
        terms: list[Node] = []
        while True:
            sign = self.next() if self.at("op", *_ADDITIVE) else None
            if sign is None and terms:
                break
            if self.at("op", *_ADDITIVE):
                raise self.unexpected(("a bracket around the second sign",))
            term = self.product()
            terms.append(term if sign is None or sign.text == "+" else self.node("neg", (term,), sign.start))
            if not self.at("op", *_ADDITIVE):
                break
        return terms[0] if len(terms) == 1 else self.node("add", tuple(terms), start)

    # Products
    def product(self) -> Node:
        start = self.token.start
        parts: list[Node] = []
        while True:
            t = self.token
            if t.kind == "times" or t.kind == "odot" or (t.kind == "op" and t.text == "/"):
                if not parts or parts[-1].kind in _MARKERS:
                    raise self.unexpected()
                self.next()
                kind = "div" if t.text == "/" else t.kind
                parts.append(self.node(kind, (), t.start, t.text))
                continue
            if t.kind == "bar" and self._bar_ends(bool(parts) and parts[-1].kind not in _MARKERS):
                if not parts or t.text != "|" or not self._evaluates():
                    break
                parts.append(self.evalat(self.next()))
                continue
            if t.kind not in FACTOR_KINDS and not (t.kind == "tex" and t.text == "{"):
                break
            if self.integral and parts and self.differential():
                break
            parts.append(self.factor())
        if not parts or parts[-1].kind in _MARKERS:
            raise self.unexpected()
        return parts[0] if len(parts) == 1 else self.node("product", tuple(parts), start)

    def _evaluates(self) -> bool:
        following = self.peek()
        return following.kind == "op" and following.text == "_" and (self.token.sized or "|" not in self.bars)

    def _bar_ends(self, after_factor: bool) -> bool:
        """Whether a bar after a factor closes, separates or evaluates (else it opens)."""
        if not after_factor:
            return False
        text = self.token.text
        if self.token.text == "|" and self._evaluates():
            return True
        if self.bars:
            return self.bars[-1] == text
        return self._bars_left(text) % 2 == 1

    def _bars_left(self, text: str) -> int:
        """How many such bars follow on this level of brackets, this one included."""
        depth = count = 0
        for i in range(self.pos, len(self.tokens)):
            t = self.tokens[i]
            opens = t.kind == "open" or (t.kind == "tex" and t.text == "{")
            closes = t.kind == "close" or (t.kind == "tex" and t.text == "}")
            depth += opens - closes
            if depth < 0:
                break
            evaluates = t.sized and self.tokens[i + 1].text == "_" if i + 1 < len(self.tokens) else False
            count += depth == 0 and t.kind == "bar" and t.text == text and not evaluates
        return count

    # Factors
    def factor(self) -> Node:
        start = self.token.start
        return self.scripts(self.atom(), start)

    def atom(self) -> Node:
        t = self.token
        start = t.start
        if t.kind in ("num", "func", "infinity", "dots", "one", "top"):
            self.next()
            return self.node(t.kind, (), start, t.text)
        if t.kind in ("name", "accent"):
            return self.name()
        if t.kind == "space":
            self.next()
            return self.space(t)
        if t.kind == "open":
            return self.bracket()
        if t.kind == "tex" and t.text == "{":
            return self.braces()
        if t.kind == "bar":
            return self.between_bars()
        if t.kind == "big":
            return self.integral_of() if t.text == "int" else self.big()
        if t.kind == "cmd":
            return self.command()
        raise self.unexpected()

    def name(self) -> Node:
        r"""A letter with its accent; ``\Delta h`` is one name (two, where `elaborate` finds ``\Delta`` declared)."""
        start = self.token.start
        if self.at("accent"):
            mark = self.next()
            inner = self.argument()
            base = spelled(inner)
            if base is None:
                raise inner.error("an accent stands over one name")
            return self.node("name", (), start, f"{base}_{mark.text}")
        t = self.next()
        if t.text == "Delta" and self.token.kind in ("name", "accent"):
            inner = self.name()
            return self.node("name", (), start, f"Delta_{inner.text}")
        return self.node("name", (), start, t.text)

    def space(self, t: Token) -> Node:
        dims: tuple[Node, ...] = ()
        text = t.text
        while self.at("op", "^", "_"):
            mark = self.next()
            if self.at("op", "+") or (self.at("tex", "{") and self.peek().text in ("+", ">", ">=")):
                self.skip_argument()
                text += "+"
            elif mark.text == "_":
                text += "0" if self.argument().text == "0" else "+"
            else:
                dims = split_at(self.argument(), "times")
        return self.node("space", dims, t.start, text)

    def bracket(self) -> Node:
        t = self.next()
        closer = _CLOSES[t.text]
        if self.at("close", closer):
            raise self.where.error("nothing stands between these brackets", t.start, self.token.end)
        inner = self.inside()
        # A half-open interval [0, 1) closes with another bracket; `\left. … \right|_{x=a}` with a bar.
        mixed = t.text in "([" and self.at("close", ")", "]") and inner.kind == "list"
        if not (self.at("close", closer) or mixed or (t.text == "." and self.at("close", "|"))):
            if self.at("end"):
                said = self.source[t.start : t.end].strip()
                raise self.where.error(f"the bracket `{said}` is not closed", t.start, t.end, (closer,))
            raise self.unexpected((f"`{closer}`",))
        close = self.next()
        if t.text in ("|", "||", "floor", "ceil"):
            return self.node({"|": "abs", "||": "norm"}.get(t.text, t.text), (inner,), t.start)
        items = inner.children if inner.kind == "list" else (inner,)
        if t.text == r"\{":
            return self.node("set", items, t.start)
        group = self.node("group", items, t.start, t.text + (close.text if mixed and close.text != closer else ""))
        if t.text == "." and close.text == "|":
            return self.node("product", (group, self.evalat(close)), t.start)
        return group

    def braces(self) -> Node:
        """TeX braces group without a sign: around one factor they are nothing, around more they are brackets."""
        t = self.next()
        if self.at("tex", "}"):
            self.next()
            raise self.where.error("nothing stands between these braces", t.start, self.tokens[self.pos - 1].end)
        inner = self.inside()
        if not self.at("tex", "}"):
            raise self.unexpected(("}",))
        self.next()
        if inner.kind in ("add", "neg", "product", "rel", "list", "given", "pair"):
            return self.node("group", inner.children if inner.kind == "list" else (inner,), t.start, "{")
        return inner

    def between_bars(self) -> Node:
        t = self.next()
        self.bars.append(t.text)
        inner = self.sum()
        self.bars.pop()
        if not (self.at("bar", t.text) or self.at("close", t.text)):
            raise self.where.error(f"the bar `{self.source[t.start : t.end]}` is not closed", t.start, t.end)
        self.next()
        return self.node("abs" if t.text == "|" else "norm", (inner,), t.start)
