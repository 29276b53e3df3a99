r"""Scripts and operators of formulas: ``^``, ``_``, primes, ``\sum``, ``\int``, ``\nabla``, ``\frac{d}{dx}``."""

from __future__ import annotations

from derive.language.ast import Node
from derive.language.lexer import Token
from derive.language.parser_tokens import FACTOR_KINDS, Tokens


class Operators(Tokens):
    """What takes arguments by its notation."""

    def inside(self) -> Node:
        """What stands inside brackets that are just opened, up to and with the closing one."""
        bars, integral = self.bars, self.integral
        self.bars, self.integral = [], False
        self.deeper()
        inner = self.items()
        self.depth -= 1
        self.bars, self.integral = bars, integral
        return inner

    def skip_argument(self) -> None:
        if self.at("tex", "{"):
            while not self.at("tex", "}"):
                if self.at("end"):
                    raise self.unexpected()
                self.next()
        self.next()

    # Scripts
    def argument(self) -> Node:
        """What ``^``, ``_``, ``\\frac`` or ``\\sqrt`` takes: a group in braces or one sign."""
        t = self.token
        if t.kind == "tex" and t.text == "{":
            self.next()
            if self.at("tex", "}"):
                raise self.where.error("nothing stands between these braces", t.start, self.token.end)
            inner = self.inside()
            if not self.at("tex", "}"):
                raise self.unexpected(("}",))
            self.next()
            return inner
        if t.kind == "num" and len(t.text) > 1:
            # TeX takes one digit only.
            self.tokens[self.pos] = Token("num", t.text[1:], t.start + 1, t.end)
            return Node("num", (), t.text[0], t.start, t.start + 1, self.where)
        if t.kind in ("times", "op", "tex", "end", "rel", "close"):
            raise self.unexpected()
        return self.atom()

    def scripts(self, base: Node, start: int) -> Node:
        raised = False
        while self.at("op", "^", "_", "'", "!"):
            t = self.next()
            if t.text == "'":
                base = self.primed(base, start)
            elif t.text == "!":
                base = self.node("factorial", (base,), start)
            elif t.text == "^" and (self.at("op", "'") or (self.at("tex", "{") and self.peek().text == "'")):
                self.skip_argument()
                base = self.primed(base, start)
            elif t.text in ("^", "_") and self.starred():
                base = self.marked(base, start, "star")
            elif t.text == "^":
                if raised:
                    raise self.where.error("two powers of one thing: use brackets", t.start, t.end)
                raised = True
                if self.token.kind == "num" and len(self.token.text) > 1:
                    digits = self.token.text
                    raise self.where.error(
                        f"`^{digits}` raises only the {digits[0]}", t.start, self.token.end, (f"^{{{digits}}}",)
                    )
                exponent = self.argument()
                kind = "transpose" if exponent.kind == "top" else "sup"
                base = self.node(kind, (base,) if kind == "transpose" else (base, exponent), start)
            else:
                if self.token.kind == "num" and len(self.token.text) > 1:
                    digits = self.token.text
                    raise self.where.error(
                        f"`_{digits}` lowers only the {digits[0]}", t.start, self.token.end, (f"_{{{digits}}}",)
                    )
                base = self.node("sub", (base, self.argument()), start)
        return base

    def starred(self) -> bool:
        r"""Past the star that makes another name of a name (``w^*``, ``w_{\star}``), if one comes."""
        braces = self.at("tex", "{")
        star = self.tokens[min(self.pos + braces, len(self.tokens) - 1)]
        if self.where.source[star.start : star.end] not in ("*", r"\ast", r"\star"):
            return False
        if braces and self.tokens[min(self.pos + 2, len(self.tokens) - 1)].text != "}":
            return False
        for _ in range(3 if braces else 1):
            self.next()
        return True

    def primed(self, base: Node, start: int) -> Node:
        return self.marked(base, start, "prime")

    def marked(self, base: Node, start: int, mark: str) -> Node:
        if base.kind == "name":
            return self.node("name", (), start, f"{base.text}_{mark}")
        if base.kind == "sub" and base.children[0].kind == "name":  # x_1' is x'_1
            inner = base.children[0]
            inner = Node("name", (), f"{inner.text}_{mark}", inner.start, inner.end, self.where)
            return self.node("sub", (inner, base.children[1]), start)
        raise self.where.error(f"a {mark} stands at a name only", base.start, self.tokens[self.pos - 1].end)

    # Operators
    def limits(self) -> tuple[Node, Node]:
        lower = upper = self.none()
        while self.at("op", "_", "^"):
            if self.next().text == "_":
                lower = self.argument()
            else:
                upper = self.argument()
        return lower, upper

    def big(self) -> Node:
        t = self.next()
        lower, upper = self.limits()
        if t.text in ("sum", "prod") and self.token.kind not in FACTOR_KINDS and not self.at("tex", "{"):
            raise self.unexpected((f"what the {'sum' if t.text == 'sum' else 'product'} is of",))
        return self.node("big", (lower, upper, self.product()), t.start, t.text)

    def integral_of(self) -> Node:
        t = self.next()
        lower, upper = self.limits()
        outer, self.integral = self.integral, True
        bars, self.bars = self.bars, []
        body = self.node("num", (), self.token.start, "1") if self.differential() else self.sum()
        self.integral, self.bars = outer, bars
        if not self.differential():
            said = "an integral ends with its variable"
            raise self.where.error(said, t.start, self.token.start, (r"\int f(x) \,dx",))
        self.next()
        start = self.token.start
        variable = self.name()
        if self.at("op", "_"):
            self.next()
            variable = self.node("sub", (variable, self.argument()), start)
        return self.node("int", (lower, upper, body, variable), t.start)

    def command(self) -> Node:
        t = self.token
        if t.text == "nabla":
            self.next()
            variable, power = self.limits()
            return self.node("nabla", (variable, power), t.start)
        if t.text == "frac" and (found := self.derivative()):
            return found
        if t.text == "partial":
            raise self.where.error(
                r"`\partial` is read only in a fraction", t.start, t.end, (r"\frac{\partial}{\partial x}", r"\nabla_x")
            )
        self.next()
        if t.text == "sqrt":
            index: Node | None = None
            if self.at("open", "["):
                self.next()
                index = self.inside()
                if not self.at("close", "]"):
                    raise self.unexpected(("]",))
                self.next()
            # A pasted √(…) takes the bracket.
            inner = self.bracket() if self.at("open", "(") else self.argument()
            return self.node("sqrt", (inner,) if index is None else (inner, index), t.start)
        return self.node(t.text, (self.argument(), self.argument()), t.start)

    def evalat(self, bar: Token) -> Node:
        if not self.at("op", "_"):
            raise self.unexpected((r"\big|_{x = a}",))
        self.next()
        inner = self.argument()
        if inner.kind not in ("rel", "list"):
            raise inner.error("what stands below the bar must say where", (r"\big|_{x = a}",))
        return self.node("evalat", inner.children if inner.kind == "list" else (inner,), bar.start)

    def derivative(self) -> Node | None:
        r"""``\frac{\partial}{\partial x}``, ``\frac{d^2 f}{dx^2}``: a fraction of differentials, or None."""
        begin = self.pos
        if not (self.peek().kind == "tex" and self._is_d(self.peek(2)) and self._below_is_d(begin + 1)):
            return None
        t = self.next()
        self.next()
        word = self.next().text
        if self.at("op", "^"):
            self.next()
            self.argument()
        body = self.none() if self.at("tex", "}") else self.inside()
        self.next()
        self.next()
        variables: list[Node] = []
        while not self.at("tex", "}"):
            if not self._is_d(self.token):
                raise self.unexpected((rf"\frac{{{'d' if word == 'd' else chr(92) + 'partial'}}}{{dx}}",))
            self.next()
            start = self.token.start
            variable = self.name()
            if self.at("op", "_"):
                self.next()
                variable = self.node("sub", (variable, self.argument()), start)
            times = 1
            if self.at("op", "^"):
                self.next()
                power = self.argument()
                if power.kind != "num" or not power.text.isdigit():
                    raise power.error("the order of a derivative is written as a number", (r"\frac{d^2}{dx^2}",))
                times = int(power.text)
            variables += [variable] * times
        self.next()
        return self.node("partial", (body, *variables), t.start, word)

    @staticmethod
    def _is_d(t: Token) -> bool:
        return (t.kind == "name" and t.text == "d") or (t.kind == "cmd" and t.text == "partial")

    def _below_is_d(self, i: int) -> bool:
        """Whether the second group after token ``i`` starts with a differential."""
        depth = 0
        while i < len(self.tokens):
            t = self.tokens[i]
            depth += (t.kind == "tex" and t.text == "{") - (t.kind == "tex" and t.text == "}")
            i += 1
            if depth == 0:
                break
        if i + 2 >= len(self.tokens):
            return False
        a, b, c = self.tokens[i : i + 3]
        return a.kind == "tex" and a.text == "{" and self._is_d(b) and c.kind in ("name", "accent")
