"""LaTeX mathematics as a tree of marks on paper: what Unicode and MathML are printed from.

It knows how things look and nothing of what they mean, so that every format shows one notation:
the one that the language's writer chose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.language.signs import ACCENTS, BIG, FONTS, FUNCTIONS, OPERATORS, RELATIONS, SIGNS, SPACES


@dataclass(frozen=True)
class Node:
    """One mark or a group of them.

    kind : num, id (a variable), word (upright), text, op, rel, open, close, bar, punct, space, big, and, with
        parts: row, frac, binom, sqrt, scripts (base, below, above; an empty row where absent), accent, fence,
        table (rows of cells).
    """

    kind: str
    text: str = ""
    kids: tuple[Node, ...] = ()

    @property
    def core(self) -> Node:
        """What decides where space stands: a bracket or bar under its scripts, what a tall fence holds, or the node itself."""
        if self.kind == "scripts":
            base = self.kids[0].core
            return base if base.kind in ("bar", "close", "open") else self
        if self.kind == "fence" and self.text == "big":
            return self.kids[0].core
        return self


EMPTY = Node("row")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|\d+(?:\.\d+)?|\s+|.", re.S)
_SIZES = re.compile(r"\\(?:[bB]ig{1,2}[lrm]?|displaystyle|textstyle|limits|nolimits|mathstrut|quad|qquad)$")
_OPENING, _CLOSING = "([", ")]"


def parse(latex: str) -> Node:
    """The marks of ``latex``; what is unknown is shown as its own name, never an error."""
    return _Parser(latex).row(frozenset())


class _Parser:
    def __init__(self, latex: str) -> None:
        self.tokens = [t for t in _TOKEN.findall(latex) if not t.isspace()]
        self.source = latex
        self.raw = _TOKEN.findall(latex)
        self.i = 0

    def peek(self) -> str:
        return self.tokens[self.i] if self.i < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.i += 1
        return token

    def row(self, stop: frozenset[str]) -> Node:
        items: list[Node] = []
        while (token := self.peek()) and token not in stop:
            if token in ("^", "_", "'"):
                base = items.pop() if items else EMPTY
                items.append(self.scripts(base))
                continue
            node = self.item()
            if node is not None:
                items.append(node)
        return items[0] if len(items) == 1 else Node("row", kids=tuple(items))

    def scripts(self, base: Node) -> Node:
        below = above = EMPTY
        primes = ""
        while self.peek() in ("^", "_", "'"):
            mark = self.next()
            if mark == "'":
                primes += "′"
            elif mark == "^":
                if self.peek() == "\\prime":
                    self.next()
                    primes += "′"
                else:
                    above = self.argument()
            else:
                below = self.argument()
        if primes:
            prime = Node("op", primes)
            above = prime if above == EMPTY else Node("row", kids=(prime, above))
        if base.kind == "scripts":
            inner, low, high = base.kids
            if (low == EMPTY or below == EMPTY) and (high == EMPTY or above == EMPTY):
                return Node("scripts", kids=(inner, below if low == EMPTY else low, above if high == EMPTY else high))
        return Node("scripts", kids=(base, below, above))

    def argument(self) -> Node:
        if self.peek() == "{":
            self.next()
            node = self.row(frozenset("}"))
            self.next()
            return node
        if len(token := self.peek()) > 1 and token.isdigit():  # \\tfrac12 takes one digit
            self.tokens[self.i] = token[1:]
            return Node("num", token[0])
        return self.item() or EMPTY

    def plain(self) -> str:
        """The characters of the next group, spaces kept (a name, a text)."""
        if self.peek() != "{":
            return self.next().lstrip("\\")
        start = self.i
        depth = 0
        while self.i < len(self.tokens):
            token = self.next()
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth == 0:
                break
        return self._between(start + 1, self.i - 1)

    def _between(self, start: int, stop: int) -> str:
        """The source of tokens ``start`` to ``stop``, with the spaces that stand between them."""
        seen, out = -1, ""
        for token in self.raw:
            if not token.isspace():
                seen += 1
            if seen >= stop:
                break
            if seen >= start or (token.isspace() and seen == start - 1):
                out += token
        return out

    def item(self) -> Node | None:
        token = self.next()
        if not token:
            return None
        if token == "{":
            node = self.row(frozenset("}"))
            self.next()
            return node
        if token[0] != "\\" or len(token) == 1:
            return self.character(token)
        name = token[1:]
        if _SIZES.match(token):
            return self.sized(name)
        if name in SPACES:
            return Node("space", SPACES[name]) if SPACES[name] else None
        if name in ("frac", "tfrac", "dfrac", "binom"):
            return Node("binom" if name == "binom" else "frac", kids=(self.argument(), self.argument()))
        if name == "sqrt":
            return self.root()
        if name in ("text", "textit", "textrm", "textbf", "texttt", "mbox"):
            return self.words()
        if name in ("operatorname", "operatorname*", "mathrm", "mathsf", "mathit"):
            return self.upright()
        if name in FONTS:
            word = self.plain()
            return (
                Node("id", "".join(FONTS[name].get(c, c) for c in word)) if word in FONTS[name] else Node("word", word)
            )
        if name in ACCENTS:
            return Node("accent", ACCENTS[name], (self.argument(),))
        if name in ("left", "right"):
            return self.fence() if name == "left" else None
        if name == "begin":
            return self.table()
        if name == "tag":
            return Node("text", f"({self.plain()})")
        if name in FUNCTIONS:
            return Node("big" if name in ("sup", "inf", "max", "min", "lim") else "word", name)
        if name in BIG:
            return Node("big", BIG[name])
        if name in RELATIONS:
            return Node("rel", RELATIONS[name])
        if name in OPERATORS:
            return Node("op", OPERATORS[name])
        if name in ("|", "Vert", "lVert", "rVert"):
            return Node("bar", "‖")
        if name in ("vert", "lvert", "rvert", "mid"):
            return Node("rel", "|") if name == "mid" else Node("bar", "|")
        if name in ("{", "lbrace", "lfloor", "lceil", "langle"):
            return Node("open", {"lfloor": "⌊", "lceil": "⌈", "langle": "⟨"}.get(name, "{"))
        if name in ("}", "rbrace", "rfloor", "rceil", "rangle"):
            return Node("close", {"rfloor": "⌋", "rceil": "⌉", "rangle": "⟩"}.get(name, "}"))
        if name in SIGNS:
            return Node("id", SIGNS[name])
        return Node("punct" if not name.isalnum() else "word", name)

    def character(self, token: str) -> Node:
        if token[0].isdigit():
            return Node("num", token)
        if token in _OPENING or token in _CLOSING:
            return Node("open" if token in _OPENING else "close", token)
        if token == "|":
            return Node("bar", token)
        if token in "=<>":
            return Node("rel", token)
        if token in "+-*/!":
            return Node("op", {"-": "−", "*": "∗"}.get(token, token))
        if token in ",;:.":
            return Node("punct", token)
        if token == "~":
            return Node("space", "thick")
        return Node("id", token)

    def sized(self, name: str) -> Node | None:
        if name in ("quad", "qquad"):
            return Node("space", name)
        if not name.lower().startswith("big"):
            return None
        node = self.item()
        return Node("fence", "big", (node,)) if node is not None else None

    def root(self) -> Node:
        if self.peek() != "[":
            return Node("sqrt", kids=(self.argument(),))
        self.next()
        index = self.row(frozenset("]"))
        self.next()
        return Node("sqrt", kids=(self.argument(), index))

    def upright(self) -> Node:
        word = self.plain().strip()
        word = re.sub(r"\\[,;: ]|[{}]", "", word)
        arrow = re.fullmatch(r"(\w+)\s*\\to\s*(\w+)", word)
        if arrow:
            return Node("row", kids=(Node("word", arrow[1]), Node("rel", "→"), Node("word", arrow[2])))
        return Node("word", word)

    def words(self) -> Node:
        """Text, with the mathematics between dollars in it."""
        pieces = self.plain().split("$")
        kids = [parse(p) if i % 2 else Node("text", re.sub(r"\\([_%&#])", r"\1", p)) for i, p in enumerate(pieces) if p]
        return kids[0] if len(kids) == 1 else Node("row", kids=tuple(kids))

    def fence(self) -> Node:
        left = self.item() if self.peek() != "." else self.next() and EMPTY
        body = self.row(frozenset(["\\right"]))
        self.next()
        right = self.item() if self.peek() != "." else self.next() and EMPTY
        return Node("fence", "stretch", (left or EMPTY, body, right or EMPTY))

    def table(self) -> Node:
        kind = self.plain()
        if kind == "array":
            self.plain()
        rows: list[Node] = []
        cells: list[Node] = []
        stop = frozenset(["&", "\\\\", "\\end"])
        while self.peek():
            cells.append(self.row(stop))
            mark = self.next()
            if mark != "&":
                rows.append(Node("row", kids=tuple(cells)))
                cells = []
            if mark == "\\end":
                self.plain()
                break
        if rows and rows[-1].kids == (EMPTY,):
            rows.pop()
        return Node("table", kind, tuple(rows))
