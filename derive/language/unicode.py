"""Mathematics for a terminal: one line of readable Unicode, or rows where LaTeX has rows."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from derive.language.marks import EMPTY, Node, parse
from derive.language.signs import SUBSCRIPTS, SUPERSCRIPTS

_FACTORS = frozenset({"num", "id", "word", "frac", "binom", "sqrt", "scripts", "accent", "big", "row"})
_PLAIN = {"𝔼": "E", "𝒩": "N", "𝒪": "O", "∑": "Σ", "∏": "Π", "𝟏": "1", "⟹": "⇒", "⟺": "⇔"}
_COMBINING = {"^": "\u0302", "~": "\u0303", "¯": "\u0304", "→": "\u20d7", "˙": "\u0307", "¨": "\u0308"}
_TIGHT = frozenset("0123456789.′")


@lru_cache(maxsize=4096)
def unicode(latex: str) -> str:
    """``latex`` on one line."""
    return _show(parse(latex)).strip()


def rows(latex: str) -> list[list[str]]:
    """The cells of each row, where ``latex`` is a table (``aligned`` and its like); else one row of one cell."""
    node = parse(latex)
    if node.kind == "row" and len(node.kids) and node.kids[0].kind == "table":
        node = node.kids[0]
    if node.kind != "table":
        return [[_show(node).strip()]]
    return [[_show(cell).strip() for cell in row.kids] for row in node.kids]


def width(text: str) -> int:
    """How many columns ``text`` takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _show(node: Node) -> str:
    kind = node.kind
    if kind == "row":
        return _row(node.kids)
    if kind in ("frac", "binom"):
        above, below = (_show(k) for k in node.kids)
        if kind == "binom":
            return f"C({above}, {below})"
        return f"{_operand(above)}/{_operand(below, below=True)}"
    if kind == "sqrt":
        sign = {"3": "∛", "4": "∜"}.get(_show(node.kids[1]), f"{_show(node.kids[1])}√") if len(node.kids) > 1 else "√"
        inner = _show(node.kids[0])
        return sign + (inner if _simple(inner) else f"({inner})")
    if kind == "scripts":
        return _scripts(*node.kids)
    if kind == "accent":
        inner = _show(node.kids[0])
        return unicodedata.normalize("NFC", inner[:1] + _COMBINING[node.text] + inner[1:])
    if kind == "fence":
        return "".join(_show(k) for k in node.kids)
    if kind == "table":
        return "; ".join(_row(row.kids) for row in node.kids)
    if kind == "space":
        return "  " if node.text in ("quad", "qquad") else ""
    if kind == "text":
        return node.text
    return "".join(_PLAIN.get(c, c) for c in node.text) if kind in ("id", "big", "word", "rel") else node.text


def _row(items: tuple[Node, ...]) -> str:
    out = ""
    opened = 0  # bars that stand open
    before: Node | None = None
    kept = [n for n in items if not (n.kind == "space" and n.text == "thin")]
    spaced = {id(b) for a, b in zip(items, items[1:], strict=False) if a.kind == "space" and a.text == "thin"}
    thin = [n.kind == "space" and n.text == "thin" for n in items]
    alone = {id(n) for n, a, b in zip(items[1:], thin, thin[2:], strict=False) if a and b}
    for i, node in enumerate(kept):
        core = node.core
        text = _show(node)
        if core.kind == "bar" and id(node) in alone and not opened:  # KL(p ‖ q)
            out, before = f"{out.rstrip()} {text} ", Node("rel", text)
            continue
        if core.kind == "bar":
            closing = before is not None and before.core.kind not in ("op", "rel", "open", "punct")
            closing = closing and (opened > 0 or node.kind == "scripts")  # an index without a partner: evaluated at
            opened = max(0, opened + (-1 if closing else 1))
            space = not closing and before is not None and _ends_factor(before)
            out += (" " if space else "") + text
            before = Node("close", ")") if closing else Node("open", "(")
            continue
        if core.kind == "op" and core.text not in "!′/":
            binary = before is not None and _ends_factor(before)
            out += f" {text} " if binary else text
        elif core.kind == "rel":
            out += f" {text} " if out else f"{text} "
        elif core.kind == "punct":
            out += text + (" " if core.text in ",;:" else "")
        else:
            factor = node.kind == "frac" and (
                (before is not None and _ends_factor(before)) or (i + 1 < len(kept) and _begins_factor(kept[i + 1]))
            )
            if factor:
                text = f"({text})"
            apart = before is not None and (_apart(before, node, out) or (id(node) in spaced and _ends_factor(before)))
            out += (" " if apart and not (out.endswith(" ") or text.startswith(" ")) else "") + text
        before = node
    return out


def _ends_factor(node: Node) -> bool:
    core = node.core
    return core.kind in _FACTORS or core.kind in ("close", "text", "fence") or core.text in ("!", "′")


def _begins_factor(node: Node) -> bool:
    core = node.core
    return core.kind in _FACTORS or core.kind in ("open", "fence", "bar")


def _apart(before: Node, node: Node, out: str) -> bool:
    """Whether a space stands between two neighbours that multiply (or a function and what it takes)."""
    a, b = before.core, node.core
    if not (_ends_factor(before) and (_begins_factor(node) or b.kind == "text")) or out.endswith((" ", "(")):
        return False
    if b.kind == "text":  # words bring their own space
        return False
    if b.kind in ("open", "fence"):
        return _is_big(a) and a.text not in ("max", "min")
    simple = ("num", "id")
    if a.kind in simple and b.kind in simple:
        return a.kind == b.kind == "num"
    return not (a.kind == "id" and a.text in ("∇", "Δ", "∂", "d"))


def _is_big(node: Node) -> bool:
    return node.kind == "big" or (node.kind == "scripts" and node.kids[0].kind == "big")


def _scripts(base: Node, below: Node, above: Node) -> str:
    out = _show(base)
    if base.kind in ("frac", "row") and base != EMPTY:
        out = f"({out})"
    low, high = _show(below), _show(above)
    if base.kind == "big":
        if not high and low and (small := _mapped(low, SUBSCRIPTS)):
            return out + small
        limits = f"{low.replace(' ', '')}..{high}" if high else low.replace(" ", "")
        return f"{out}({limits})" if limits else out
    if low:
        out += _mapped(low.replace(",", "").replace(" ", ""), SUBSCRIPTS) or _script("_", low)
    if high:
        out += _mapped(high.replace(" ", ""), SUPERSCRIPTS) or _script("^", high)
    return out


def _mapped(text: str, table: dict[str, str]) -> str:
    return "".join(table[c] for c in text) if all(c in table for c in text) else ""


def _script(mark: str, text: str) -> str:
    for sign in "×→≠/":
        text = text.replace(f" {sign} ", sign)
    return f"{mark}{text}" if _simple(text) else f"{mark}({text})"


def _simple(text: str) -> bool:
    """Whether ``text`` is one name or number, with its index and power."""
    letters = [c for c in text if c not in _SMALL]
    return len(letters) == 1 or all(c in _TIGHT for c in text)


_SMALL = frozenset(SUBSCRIPTS.values()) | frozenset(SUPERSCRIPTS.values())


def _operand(text: str, below: bool = False) -> str:
    """A part of a quotient, in brackets where it would otherwise be read another way."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c in "([") - (c in ")]")
        if depth == 0 and (c in "+−/ ·" and i > 0 or c == "−"):
            return f"({text})"
    if below and not (_simple(text) or (text[0] in "d∂" and _simple(text[1:])) or text.startswith("√") or _call(text)):
        return f"({text})"
    return text


def _call(text: str) -> bool:
    """One bracketed group, or a name with its arguments: ``RMS(x)``, ``‖x‖``."""
    name = text.split("(")[0].split("[")[0]
    return (text.endswith((")", "]")) and name.isalpha()) or (text[0] in "|‖" and text.count(text[0]) == 2)
