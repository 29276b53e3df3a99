r"""Mathematics as tokens: LaTeX commands, letters, numbers, and the Unicode signs that people paste.

Spacing, sizes (`\big`, `\left`), alignment (`&`, `\\`, `\begin{aligned}`) carry no meaning and are dropped here; a
delimiter keeps whether it is known to open or to close.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from derive.language import vocabulary as v
from derive.language.ast import Where
from derive.language.model import ReadError


@dataclass(frozen=True)
class Token:
    """A sign of a formula.

    kind : num, name, func, quantity, accent, space, op (``+ - / ^ _ ! ' , :``), times, odot, rel, logic, open, close, bar,
        big, cmd
        (``frac sqrt binom nabla partial``), tex (a brace), dots, infinity, one, top, mid, end.
    sized : a bar after ``\\big`` and its like.
    """

    kind: str
    text: str
    start: int
    end: int
    sized: bool = False


_ENVIRONMENTS = re.compile(r"(aligned|align|split|gather|gathered|equation|multline|alignat|flalign|displaymath)\*?")
_BRACED = re.compile(r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_OVERSET = re.compile(
    r"\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\S))\s*(?:\{\s*\\sim\s*\}|\\sim(?![A-Za-z])|\{\s*∼\s*\}|∼)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.|\n)", re.S)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_BRACKETS = {"(": "open", "[": "open", ")": "close", "]": "close"}
_DELIMITERS: dict[str, tuple[str, str]] = {
    "{": ("open", r"\{"), "}": ("close", r"\}"), "lbrace": ("open", r"\{"), "rbrace": ("close", r"\}"),
    "lvert": ("open", "|"), "rvert": ("close", "|"), "lVert": ("open", "||"), "rVert": ("close", "||"),
    "lfloor": ("open", "floor"), "rfloor": ("close", "floor"), "lceil": ("open", "ceil"), "rceil": ("close", "ceil"),
    "lbrack": ("open", "["), "rbrack": ("close", "]"), "vert": ("bar", "|"), "|": ("bar", "||"), "Vert": ("bar", "||"),
}  # fmt: skip
_SIMPLE: dict[str, tuple[str, str]] = {
    "cdot": ("times", "cdot"), "times": ("times", "times"), "ast": ("times", "cdot"), "star": ("op", "*"), "odot": ("odot", ""),
    "mid": ("mid", ""), "infty": ("infinity", ""), "top": ("top", ""), "intercal": ("top", ""), "prime": ("op", "'"),
    "ldots": ("dots", ""), "cdots": ("dots", ""), "dots": ("dots", ""), "dotsc": ("dots", ""), "dotsb": ("dots", ""),
    "dotsm": ("dots", ""), "sum": ("big", "sum"), "prod": ("big", "prod"), "int": ("big", "int"), "sup": ("big", "sup"),
    "inf": ("big", "inf"), "frac": ("cmd", "frac"), "tfrac": ("cmd", "frac"), "dfrac": ("cmd", "frac"),
    "cfrac": ("cmd", "frac"), "sqrt": ("cmd", "sqrt"), "binom": ("cmd", "binom"), "tbinom": ("cmd", "binom"),
    "dbinom": ("cmd", "binom"), "nabla": ("cmd", "nabla"), "partial": ("cmd", "partial"), "colon": ("op", ":"),
    "E": ("func", "Expect"), "P": ("func", "Pr"),
}  # fmt: skip


class Lexer:
    """One pass over a formula."""

    def __init__(self, source: str, where: Where) -> None:
        self.source, self.where = source, where
        self.out: list[Token] = []
        self.size = ""  # the size command just read

    def tokens(self) -> list[Token]:
        pos = 0
        while pos < len(self.source):
            pos = self.step(pos)
        self.put("end", "", len(self.source), len(self.source))
        return self.out

    def put(self, kind: str, text: str, start: int, end: int) -> None:
        sized = bool(self.size)
        if kind == "bar" and self.size:
            if self.size in ("left", "bigl", "Bigl", "biggl", "Biggl"):
                kind = "open"
            elif self.size in ("right", "bigr", "Bigr", "biggr", "Biggr"):
                kind = "close"
        self.size = ""
        self.out.append(Token(kind, text, start, end, sized))

    def error(self, message: str, start: int, end: int, expected: tuple[str, ...] = ()) -> ReadError:
        return self.where.error(message, start, end, expected)

    def step(self, pos: int) -> int:
        """Read one token; where the next one starts."""
        text, c = self.source, self.source[pos]
        if c.isspace() or c in "&~":
            return pos + 1
        if c == "\\":
            m = _COMMAND.match(text, pos)
            if m is None:
                raise self.error("a backslash at the end of the formula", pos, pos + 1)
            return self.command(m.group(1), pos, m.end())
        if m := _NUMBER.match(text, pos):
            self.put("num", m.group(), pos, m.end())
            return m.end()
        if c.isascii() and c.isalpha():
            return self.letter(c, pos)
        if c in _BRACKETS:
            self.put(_BRACKETS[c], c, pos, pos + 1)
        elif c in "{}":
            self.put("tex", c, pos, pos + 1)
        elif c == "|":
            if text[pos : pos + 2] == "||" and not self.size:
                self.put("bar", "||", pos, pos + 2)
                return pos + 2
            self.put("bar", "|", pos, pos + 1)
        elif c == ":" and text[pos : pos + 2] == ":=":
            self.put("rel", "=", pos, pos + 2)
            return pos + 2
        elif c in "+-/^_!',:":
            self.put("op", c, pos, pos + 1)
        elif c == ";":
            self.put("op", ",", pos, pos + 1)
        elif c == "*":
            self.put("times", "cdot", pos, pos + 1)
        elif c in "=<>":
            two = {"<=": "<=", ">=": ">="}.get(text[pos : pos + 2])
            self.put("rel", two or c, pos, pos + (2 if two else 1))
            return pos + (2 if two else 1)
        elif c == "." and self.size in ("left", "right"):
            self.put("open" if self.size == "left" else "close", ".", pos, pos + 1)
        else:
            return self.unicode(c, pos)
        return pos + 1

    def letter(self, c: str, pos: int) -> int:
        if self.source[pos + 1 : pos + 2] in v.COMBINING:
            self.put("accent", v.COMBINING[self.source[pos + 1]], pos + 1, pos + 2)
            self.put("name", c, pos, pos + 1)
            return pos + 2
        self.put("name", c, pos, pos + 1)
        return pos + 1

    def unicode(self, c: str, pos: int) -> int:
        text = self.source
        for table, mark in ((v.RAISED, "^"), (v.LOWERED, "_")):
            if c in table:
                end = pos
                while end < len(text) and text[end] in table:
                    end += 1
                self.spell(mark + "{" + "".join(table[x] for x in text[pos:end]) + "}", pos, end)
                return end
        if c in v.CHARACTERS:
            self.spell(v.CHARACTERS[c], pos, pos + 1)
            return pos + 1
        plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", c))
        if len(plain) == 2 and plain[1] in v.COMBINING and plain[0].isascii():
            self.put("accent", v.COMBINING[plain[1]], pos, pos + 1)
            self.put("name", plain[0], pos, pos + 1)
            return pos + 1
        if plain != c and (len(plain) == 1):
            self.spell(v.CHARACTERS.get(plain, plain), pos, pos + 1)
            return pos + 1
        raise self.error(f"the sign {c} is not understood in mathematics", pos, pos + 1)

    def spell(self, latex: str, start: int, end: int) -> None:
        """Put the tokens of ``latex`` in the place of the characters from ``start`` to ``end``."""
        inner = Lexer(latex, Where(latex, lambda _: self.where.place(start)))
        inner.size = self.size
        for t in inner.tokens()[:-1]:
            self.size = ""
            self.out.append(Token(t.kind, t.text, start, end, t.sized))

    def command(self, name: str, start: int, end: int) -> int:
        if name.endswith("*") and name != "operatorname*":
            name, end = name[:-1], end - 1
        if name == "\\":
            m = re.compile(r"\s*\[[^\]]*(?:pt|em|ex|mm)\]").match(self.source, end)
            return m.end() if m else end
        if name in v.SIZES:
            self.size = name
            return end
        if name in v.SPACING:
            return end
        if name in _DELIMITERS:
            self.put(*_DELIMITERS[name], start, end)
        elif name in _SIMPLE:
            self.put(*_SIMPLE[name], start, end)
        elif name in v.RELATIONS:
            self.put("rel", v.RELATIONS[name], start, end)
        elif name in v.LOGIC:
            self.put("logic", v.LOGIC[name], start, end)
        elif name in v.SIGN_NAMES:
            self.put("name", name, start, end)
        elif name in v.ACCENTS:
            self.put("accent", v.ACCENTS[name], start, end)
        elif name in v.COMMAND_WORDS:
            self.put("func", v.WORDS[name], start, end)
        elif name == "R":
            self.put("space", "R", start, end)
        elif name in ("mathbb", "mathds", "Bbb"):
            return self.blackboard(start, end)
        elif name in ("mathcal", "mathscr", "cal"):
            content, stop = self.argument(end)
            if content == "N":
                self.put("func", "Normal", start, stop)
            else:
                self.put("name", f"{self.one_name(content, start, stop)}_cal", start, stop)
            return stop
        elif name in v.PLAIN_FONTS:
            return self.font(start, end)
        elif name in v.WORD_FONTS:
            return self.word(start, end)
        elif name in ("overset", "stackrel"):
            return self.overset(name, start, end)
        elif name in ("begin", "end"):
            m = _BRACED.match(self.source, end)
            if m and _ENVIRONMENTS.fullmatch(m.group(1)):
                return m.end()
            raise self.error(f"\\{name} is not understood in mathematics", start, m.end() if m else end)
        else:
            raise self.error(
                f"the command \\{name} is not understood in mathematics", start, end, self.nearest_commands(name)
            )
        return end

    @staticmethod
    def nearest_commands(name: str) -> tuple[str, ...]:
        import difflib

        known = [*_SIMPLE, *v.RELATIONS, *v.LOGIC, *v.SIGN_NAMES, *v.ACCENTS, *v.COMMAND_WORDS, *_DELIMITERS, "mathrm", "mathbb"]
        return tuple("\\" + k for k in difflib.get_close_matches(name, known, 3, 0.6))

    def argument(self, pos: int) -> tuple[str, int]:
        """What a font command applies to: a braced text, one command or one character."""
        if m := _BRACED.match(self.source, pos):
            return m.group(1).strip(), m.end()
        m = re.compile(r"\s*(\\[A-Za-z]+|\S)").match(self.source, pos)
        if m is None:
            raise self.error("a font command without its letter", pos, pos)
        return m.group(1), m.end()

    def one_name(self, content: str, start: int, end: int) -> str:
        name = content.removeprefix("\\")
        if (len(content) == 1 and content.isalpha()) or name in v.SIGN_NAMES:
            return name
        raise self.error(f"`{content}` is not one letter", start, end)

    def blackboard(self, start: int, end: int) -> int:
        content, stop = self.argument(end)
        table = {"R": ("space", "R"), "N": ("space", "N"), "Z": ("space", "Z"), "E": ("func", "Expect"),
                 "P": ("func", "Pr"), "V": ("func", "Var"), "1": ("one", "")}  # fmt: skip
        if content not in table:
            raise self.error(
                f"\\mathbb{{{content}}} is not understood", start, stop, (r"\mathbb{R}", r"\mathbb{N}", r"\mathbb{E}")
            )
        self.put(*table[content], start, stop)
        return stop

    def font(self, start: int, end: int) -> int:
        content, stop = self.argument(end)
        if content == "1":
            self.put("one", "", start, stop)
        elif content in ("0",):
            self.put("num", "0", start, stop)
        else:
            self.spell_inside(content, end, stop)
        return stop

    def spell_inside(self, content: str, start: int, end: int) -> None:
        """The tokens of a group that a font applies to, at their own places, as one group."""
        offset = self.source.index(content, start)
        inner = Lexer(content, Where(content, lambda i: self.where.place(offset + i)))
        tokens = inner.tokens()[:-1]
        for t in tokens:
            self.out.append(Token(t.kind, t.text, t.start + offset, t.end + offset, t.sized))

    def word(self, start: int, end: int) -> int:
        content, stop = self.argument(end)
        content = re.sub(r"\\[,;:! ]", "", content).strip()
        arrow = re.fullmatch(r"(\w+)\s*\\to\s*(\w+)", content)
        if arrow:
            for i, word in enumerate(arrow.groups()):
                if i:
                    self.put("rel", "to", start, stop)
                self.put("func" if word in v.WORDS else "name", v.WORDS.get(word, word), start, stop)
        elif content in ("and", "und", ", and"):
            self.put("op", ",", start, stop)
        elif content in v.QUANTITIES:
            self.put("quantity", content, start, stop)
        elif content == "T":
            self.put("top", "", start, stop)
        elif content in v.WORDS:
            self.put("func", v.WORDS[content], start, stop)
        elif content in ("d", "e", "i", "I") or re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", content):
            self.put("name", content, start, stop)
        elif content == "1":
            self.put("one", "", start, stop)
        else:
            said = f"the words `{content}` stand inside a formula"
            raise self.error(said, start, stop, ("end the formula before words",))
        return stop

    def overset(self, name: str, start: int, end: int) -> int:
        m = _OVERSET.match(self.source, end)
        words = re.sub(r"\\[a-z]+|[{}.\s]", "", (m.group(1) or m.group(2)) if m else "")
        if m is None or words.lower() not in ("iid", "d"):
            raise self.error(f"\\{name} is read only as in \\overset{{\\text{{iid}}}}{{\\sim}}", start, end)
        self.put("rel", "iid" if words.lower() == "iid" else "sim", start, m.end())
        return m.end()


def tokens(source: str, where: Where) -> list[Token]:
    """The tokens of a formula, the last of kind ``end``.

    Raises
    ------
    ReadError
        At a sign or command that the language does not have.
    """
    return Lexer(source, where).tokens()
