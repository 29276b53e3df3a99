"""What every part of the parser shares: tokens, the place in them, errors, and what the parts ask of one another."""

from __future__ import annotations

from derive.language.ast import Node, Where
from derive.language.lexer import Token, tokens
from derive.language.model import ReadError

FACTOR_KINDS = frozenset(
    {"num", "name", "func", "accent", "space", "open", "bar", "big", "cmd", "dots", "infinity", "one", "top", "quantity"}
)


DEEPEST = 60  # levels of brackets, operators and accents in one another


class Tokens:
    """A formula's tokens, read from the left."""

    def __init__(self, source: str, where: Where, apart: frozenset[int] = frozenset()) -> None:
        """``apart`` are the offsets of ``||`` that are two bars."""
        self.source, self.where = source, where
        self.tokens = [u for t in tokens(source, where) for u in (_halves(t) if t.start in apart else (t,))]
        self.pos = 0
        self.bars: list[str] = []  # bars that stand open on this level of brackets
        self.integral = False  # whether this level is the body of an integral
        self.depth = 0  # how many brackets, operators and accents stand around this place

    # Tokens
    @property
    def token(self) -> Token:
        return self.tokens[self.pos]

    def peek(self, n: int = 1) -> Token:
        return self.tokens[min(self.pos + n, len(self.tokens) - 1)]

    def at(self, kind: str, *texts: str) -> bool:
        return self.token.kind == kind and (not texts or self.token.text in texts)

    def next(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.pos += 1
        return token

    def node(self, kind: str, children: tuple[Node, ...], start: int, text: str = "") -> Node:
        end = self.tokens[self.pos - 1].end if self.pos else 0
        return Node(kind, children, text, start, max(end, start), self.where)

    def none(self) -> Node:
        return Node("none", (), "", self.token.start, self.token.start, self.where)

    def unexpected(self, expected: tuple[str, ...] = ()) -> ReadError:
        t = self.token
        if t.kind == "end":
            said = "the formula ends where something more is needed"
            return self.where.error(said, max(t.start - 1, 0), t.end, expected)
        said = self.source[t.start : t.end].strip()
        if t.kind == "close" or (t.kind == "tex" and t.text == "}"):
            what = f"`{said}` closes a bracket that does not stand open here"
            return self.where.error(what, t.start, t.end, expected)
        if said == r"\cdot" and self.source[: t.start].rstrip().endswith("("):
            return self.where.error(r"`\cdot` stands for no argument here; a law is written by its name alone", t.start, t.end, (r"$a \sim \pi$",))
        return self.where.error(f"`{said}` is not expected here", t.start, t.end, expected)

    def deeper(self) -> None:
        """One level further inside; the caller comes back out."""
        if self.depth == DEEPEST:
            raise self.where.error("this is nested too deeply to be read", self.token.start, self.token.end)
        self.depth += 1

    def differential(self) -> bool:
        """Whether ``dx`` stands here."""
        t, following = self.token, self.peek()
        return t.kind == "name" and t.text == "d" and following.kind in ("name", "accent")

    # What the parts of the parser ask of one another
    def items(self) -> Node:
        raise NotImplementedError

    def sum(self) -> Node:
        raise NotImplementedError

    def product(self) -> Node:
        raise NotImplementedError

    def atom(self) -> Node:
        raise NotImplementedError

    def name(self) -> Node:
        raise NotImplementedError

    def bracket(self) -> Node:
        raise NotImplementedError


def _halves(t: Token) -> tuple[Token, ...]:
    if t.kind != "bar" or t.end - t.start != 2:
        return (t,)
    return Token("bar", "|", t.start, t.start + 1), Token("bar", "|", t.start + 1, t.end)


def split_at(node: Node, marker: str) -> tuple[Node, ...]:
    r"""``n \times m`` as its parts."""
    if node.kind != "product" or not any(c.kind == marker and c.text == marker for c in node.children):
        return (node,)
    out: list[list[Node]] = [[]]
    for c in node.children:
        if c.kind == marker and c.text == marker:
            out.append([])
        else:
            out[-1].append(c)
    return tuple(
        p[0] if len(p) == 1 else Node("product", tuple(p), "", p[0].start, p[-1].end, node.where) for p in out
    )
