"""Mathematics for a web page: MathML that browsers show without scripts or fonts of ours."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from derive.language.marks import EMPTY, Node, parse

_WIDTHS = {"thin": ".167em", "medium": ".222em", "thick": ".278em", "quad": "1em", "qquad": "2em"}
_LIMITS = frozenset({"∑", "∏", "⋃", "⋂", "sup", "inf", "max", "min", "lim"})
_STRETCHED = "1.6em"
_STRUT = '<mspace width="0" height="1em" depth=".5em"/>'
_NO_SPACE = 'lspace="0" rspace="0"'


@lru_cache(maxsize=4096)
def mathml(latex: str, display: bool = False) -> str:
    """``latex`` as a ``<math>`` element."""
    node = parse(latex)
    shown = ' display="block"' if display else ""
    return f"<math{shown}>{_row(node, display)}</math>"


def inline_display(latex: str) -> str:
    """``latex`` in display style (tall sums and fractions) that stands within a line."""
    return f'<math displaystyle="true">{_row(parse(latex), True)}</math>'


def _row(node: Node, display: bool) -> str:
    """A row; an index or a power after a closing bracket belongs to all from its opening."""
    if node.kind != "row":
        return _show(node, display)
    out: list[str] = []
    opened: list[int] = []  # where in ``out`` each open bracket stands
    for i, kid in enumerate(node.kids):
        before = node.kids[i - 1] if i else None
        following = node.kids[i + 1] if i + 1 < len(node.kids) else None
        core = kid.core
        closing = core.kind == "close"
        if core.kind == "bar":
            closing = before is not None and before.core.kind not in ("op", "rel", "open", "punct")
            closing = closing and (bool(opened) or kid.kind == "scripts")
        if closing:
            start = opened.pop() if opened else len(out)
            sign = _show(kid.kids[0] if kid.kind == "scripts" else kid, display, bar="postfix")
            if kid.kind == "scripts" and kid.kids[0].kind == "fence":
                out += [sign, _scripted(_STRUT, kid)]  # as high as the bracket, however tall what it holds
            elif kid.kind == "scripts":
                out[start:] = [_scripted("<mrow>" + "".join((*out[start:], sign)) + "</mrow>", kid)]
            else:
                out.append(sign)
        elif core.kind in ("open", "bar"):
            opened.append(len(out))
            out.append(_show(kid, display, bar="prefix"))
        elif (
            core.kind == "op" and core.text in "+−" and (before is None or before.core.kind in ("op", "rel", "open"))
        ):
            out.append(f'<mo form="prefix">{core.text}</mo>')
        else:
            out.append(_show(kid, display))
        if following is not None and _space_between(kid, following.core):
            out.append('<mspace width=".167em"/>')
    return "<mrow>" + "".join(out) + "</mrow>"


def _space_between(node: Node, following: Node) -> bool:
    """After a function that takes something without brackets, before an upright word, and between a bracket and the next name."""
    if _is_function(node):
        return following.kind not in ("open", "fence", "space", "close", "punct", "rel", "op")
    word = following.kids[0] if following.kind == "scripts" else following
    if word.kind == "word" and len(word.text) > 1 and node.core.kind in ("id", "num", "scripts", "frac", "sqrt"):
        return True
    return node.core.kind == "close" and following.kind in ("word", "big")


def _is_function(node: Node) -> bool:
    base = node.kids[0] if node.kind == "scripts" else node
    return (base.kind == "word" and len(base.text) > 1) or (base.kind == "big" and base.text.isalpha())


def _show(node: Node, display: bool, bar: str = "", big: bool = False) -> str:
    kind, text = node.kind, escape(node.text)
    if kind == "row":
        return _row(node, display)
    if kind == "num":
        return f"<mn>{text}</mn>"
    if kind == "id":
        upright = ' mathvariant="normal"' if text in "⊤∞∇∂…⋯⋮⋱∅∀∃ΓΔΘΛΞΠΣΥΦΨΩ" or not text.isalpha() else ""
        return f"<mi{upright}>{text}</mi>"
    if kind == "word":
        return f'<mi mathvariant="normal">{text}</mi>'
    if kind == "text":
        return f"<mtext>{_NBSP.join(_ENDS.split(text))}</mtext>"
    if kind == "op":
        return f"<mo {_NO_SPACE}>/</mo>" if text == "/" else f"<mo>{text}</mo>"
    if kind == "rel":
        return f'<mo lspace=".278em" rspace=".278em">{text}</mo>'
    if kind == "punct":
        return f'<mo separator="true">{text}</mo>' if text in ",;" else f"<mo>{text}</mo>"
    if kind in ("open", "close", "bar"):
        form = bar or ("prefix" if kind == "open" else "postfix")
        size = f'minsize="{_STRETCHED}" maxsize="{_STRETCHED}"' if big else 'stretchy="false"'
        return f'<mo form="{form}" fence="true" lspace="0" rspace="0" {size}>{text}</mo>'
    if kind == "big":
        large = "" if text.isalpha() else ' largeop="true"'
        movable = "false" if display else "true"
        return f'<mo{large} movablelimits="{movable}">{text}</mo>'
    if kind == "space":
        return f'<mspace width="{_WIDTHS[node.text]}"/>'
    if kind == "frac":
        above, below = (_group(k, False) for k in node.kids)
        return f"<mfrac>{above}{below}</mfrac>"
    if kind == "binom":
        above, below = (_group(k, False) for k in node.kids)
        return f'<mrow><mo>(</mo><mfrac linethickness="0">{above}{below}</mfrac><mo>)</mo></mrow>'
    if kind == "sqrt":
        inner = _group(node.kids[0], display)
        return (
            f"<mroot>{inner}{_group(node.kids[1], False)}</mroot>" if len(node.kids) > 1 else f"<msqrt>{inner}</msqrt>"
        )
    if kind == "accent":
        sign = {"¯": "‾", "^": "ˆ", "~": "˜"}.get(text, text)
        return f'<mover accent="true">{_group(node.kids[0], display)}<mo stretchy="false">{sign}</mo></mover>'
    if kind == "fence":
        if node.text == "big":
            return _show(node.kids[0], display, bar, big=True)
        left, body, right = node.kids
        return (
            f'<mrow><mo form="prefix" stretchy="true">{escape(left.text)}</mo>{_group(body, display)}'
            f'<mo form="postfix" stretchy="true">{escape(right.text)}</mo></mrow>'
        )
    if kind == "table":
        return _table(node)
    return _scripts(node, display, bar)


_NBSP, _ENDS = "\u00a0", re.compile(r"^ | $")  # a space at either end would not be shown


def _scripts(node: Node, display: bool, bar: str) -> str:
    base = node.kids[0]
    inner = _show(base, display, bar) if base != EMPTY else "<mrow></mrow>"
    return _scripted(inner, node, limits=base.kind == "big" and base.text in _LIMITS)


def _scripted(inner: str, node: Node, limits: bool = False) -> str:
    """``inner`` with the index and the power of ``node``."""
    _, below, above = node.kids
    over = ("munder", "mover", "munderover") if limits else ("msub", "msup", "msubsup")
    low, high = _tight(_group(below, False)), _tight(_group(above, False))
    if above == EMPTY:
        return f"<{over[0]}>{inner}{low}</{over[0]}>"
    if below == EMPTY:
        return f"<{over[1]}>{inner}{high}</{over[1]}>"
    return f"<{over[2]}>{inner}{low}{high}</{over[2]}>"


def _tight(markup: str) -> str:
    """Without the spaces around signs: in an index or a power."""
    markup = markup.replace('lspace=".278em" rspace=".278em"', _NO_SPACE)
    return re.sub("<mo>([+−×·])</mo>", rf"<mo {_NO_SPACE}>\1</mo>", markup)


def _group(node: Node, display: bool) -> str:
    return _row(node, display) if node.kind == "row" else _show(node, display)


def _table(node: Node) -> str:
    matrix = node.text.endswith("matrix")
    rows = []
    for row in node.kids:
        cells = []
        for i, cell in enumerate(row.kids):
            side = "center" if matrix else "left" if node.text == "cases" or i % 2 else "right"
            cells.append(f'<mtd style="text-align:{side}">{_group(cell, not matrix)}</mtd>')
        rows.append("<mtr>" + "".join(cells) + "</mtr>")
    style = "" if matrix or node.text == "cases" else ' displaystyle="true" class="aligned"'
    table = f"<mtable{style}>{''.join(rows)}</mtable>"
    left, right = {"pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "vmatrix": ("|", "|"), "cases": ("{", " ")}.get(
        node.text, (" ", " ")
    )
    if left == " ":
        return table
    close = f"<mo>{right}</mo>" if right != " " else ""
    return f"<mrow><mo>{left}</mo>{table}{close}</mrow>"
