"""Terms as one line of readable Unicode, for a terminal: ``E[RMS(y)²] = (1/d₂) Σᵢ₌₁^{d₂} E[yᵢ²]``.

The notation is the writer's; its formula is parsed and its marks are printed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from derive.language import writer
from derive.language.ast import Node
from derive.language.model import ReadError, Symbol
from derive.language.parser import parse
from derive.language.vocabulary import CHARACTERS, COMBINING, LOWERED, RAISED
from derive.terms import Term

_GREEK = {x.strip("\\ "): c for c, x in CHARACTERS.items() if x.startswith("\\") and x.strip("\\ ").isalpha()}
_GREEK |= {"ell": "ℓ", "phi": "φ", "mu": "μ", "epsilon": "ε"}
_ACCENTS = {name: c for c, name in COMBINING.items()} | {"prime": "′", "cal": ""}
_UP = {plain: c for c, plain in RAISED.items() if len(plain) == 1} | {"−": "⁻"}
_DOWN = {plain: c for c, plain in LOWERED.items() if len(plain) == 1} | {"−": "₋"}
_WORDS = {"Expect": "E", "Pr": "P", "Normal": "N", "Entropy": "H", "GammaLaw": "Gamma", "BetaLaw": "Beta"}
_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "in": "∈", "sim": "∼", "iid": "∼", "to": "→"}
_BIG = {"sum": "Σ", "prod": "Π", "sup": "sup", "inf": "inf"}
_SPACES = {"R": "ℝ", "N": "ℕ", "Z": "ℤ"}


def unicode(term: Term, symbols: Mapping[str, Symbol] | None = None) -> str:
    """``term`` on one line."""
    out = []
    # What is said in words stands in \text{…}, with formulas in $…$ inside.
    for i, piece in enumerate(re.split(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}", writer.latex(term, symbols))):
        if i % 2:
            out.append(re.sub(r"\$([^$]+)\$", lambda m: line(m.group(1)), piece))
        elif piece.strip(" ,"):
            out.append(line(piece.strip(" ,")) + (", " if piece.rstrip().endswith(",") else ""))
    return re.sub(r" +", " ", "".join(out)).strip()


def line(latex: str) -> str:
    """A formula of the writer's on one line."""
    try:
        return _show(parse(latex))
    except ReadError:
        return latex


def _show(n: Node) -> str:
    kind, kids = n.kind, n.children
    if kind == "num":
        return n.text
    if kind == "name":
        return _name(n.text)
    if kind == "func":
        return _WORDS.get(n.text, n.text)
    if kind in ("infinity", "dots", "one", "top", "none", "odot"):
        return {"infinity": "∞", "dots": "…", "one": "1", "top": "ᵀ", "none": "", "odot": "⊙"}[kind]
    if kind == "add":
        return _sum(kids)
    if kind == "neg":
        return "−" + _show(kids[0])
    if kind == "product":
        return _product(kids)
    if kind == "sup":
        return _scripted(kids[0]) + _script(kids[1], _UP, "^")
    if kind == "sub":
        return _scripted(kids[0]) + _script(kids[1], _DOWN, "_")
    if kind == "transpose":
        return _scripted(kids[0]) + "ᵀ"
    if kind == "factorial":
        return _scripted(kids[0]) + "!"
    if kind in ("group", "set"):
        opens = "{" if kind == "set" else (n.text or "(")[0]
        inside = ", ".join(map(_show, kids))
        return opens + inside + {"[": "]", "{": "}"}.get(opens, ")")
    if kind in ("abs", "norm", "floor", "ceil"):
        bars = {"abs": "||", "norm": "‖‖", "floor": "⌊⌋", "ceil": "⌈⌉"}[kind]
        return bars[0] + _show(kids[0]) + bars[1]
    if kind == "frac":
        return f"{_operand(kids[0])}/{_operand(kids[1], True)}"
    if kind == "binom":
        return f"C({_show(kids[0])}, {_show(kids[1])})"
    if kind == "sqrt":
        inside = _show(kids[0])
        root = "√" if len(kids) == 1 else _script(kids[1], _UP, "") + "√"
        return root + (inside if len(inside) == 1 or kids[0].kind in ("name", "num", "sub") else f"({inside})")
    if kind == "big":
        return f"{_BIG[n.text]}{_limits(kids[0], kids[1])} {_show(kids[2])}"
    if kind == "int":
        return f"∫{_limits(kids[0], kids[1])} {_show(kids[2])} d{_show(kids[3])}"
    if kind == "nabla":
        below = _show(kids[0])
        power = _script(kids[1], _UP, "^") if kids[1].kind != "none" else ""
        return "∇" + power + (below if len(below) <= 1 else f"_({below})")
    if kind == "partial":
        d = "d" if n.text == "d" else "∂"
        many = _UP.get(str(len(kids) - 1), "") if len(kids) > 2 else ""
        same = len({_show(k) for k in kids[1:]}) == 1
        below = f"{d}{_show(kids[1])}{many}" if same else "".join(f"{d}{_show(k)}" for k in kids[1:])
        return f"{d}{many}/{below}"
    if kind == "evalat":
        return "|_(" + ", ".join(map(_show, kids)) + ")"
    if kind == "rel":
        signs = n.text.split()
        return _show(kids[0]) + "".join(f" {_SIGNS.get(s, s)} {_show(k)}" for s, k in zip(signs, kids[1:], strict=True))
    if kind == "list":
        return ", ".join(map(_show, kids))
    if kind == "given":
        return f"{_show(kids[0])} | {_show(kids[1])}"
    if kind == "pair":
        return f"{_show(kids[0])} ‖ {_show(kids[1])}"
    if kind == "space":
        dims = "×".join(map(_show, kids))
        return _SPACES.get(n.text, n.text) + (_raised(dims, _UP, "^") if dims else "")
    return n.source


def _sum(kids: tuple[Node, ...]) -> str:
    out = _show(kids[0])
    for c in kids[1:]:
        out += f" − {_show(c.children[0])}" if c.kind == "neg" else f" + {_show(c)}"
    return out


def _name(name: str) -> str:
    base, *marks = name.split("_")
    if base == "Delta" and marks:
        return "Δ" + _name("_".join(marks))
    return _GREEK.get(base, base) + "".join(_ACCENTS.get(m, m) for m in marks)


def _scripted(n: Node) -> str:
    text = _show(n)
    return f"({text})" if n.kind in ("frac", "product", "add", "neg", "big", "int") else text


def _script(n: Node, table: Mapping[str, str], mark: str) -> str:
    return _raised(_show(n).replace(" ", ""), table, mark)


def _raised(text: str, table: Mapping[str, str], mark: str) -> str:
    if all(c in table for c in text):
        return "".join(table[c] for c in text)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"


def _limits(lower: Node, upper: Node) -> str:
    low, high = _show(lower).replace(" ", ""), _show(upper).replace(" ", "")
    if not low:
        return ""
    below = "".join(_DOWN[c] for c in low) if all(c in _DOWN for c in low) else f"_{{{low}}}"
    if not high:
        return below
    return below + ("".join(_UP[c] for c in high) if all(c in _UP for c in high) else f"^{{{high}}}")


def _operand(n: Node, below: bool = False) -> str:
    text = _show(n)
    several = n.kind == "product" and (below or any(c.kind == "big" for c in n.children))
    loose = several or n.kind in ("add", "neg", "frac", "big", "rel")
    return f"({text})" if loose else text


def _product(kids: tuple[Node, ...]) -> str:
    out = ""
    before: Node | None = None
    for i, n in enumerate(kids):
        text = _show(n)
        if n.kind == "frac" and len(kids) > 1 and not (i + 1 < len(kids) and kids[i + 1].kind == "div"):
            text = f"({text})"
        if n.kind in ("div", "times", "odot"):
            out += {"div": "/", "times": " · ", "odot": " ⊙ "}[n.kind]
        elif before is None or before.kind in ("div", "times", "odot") or n.kind == "evalat":
            out += text
        else:
            out += ("" if _close(before, n) else " ") + text
        before = n
    return out


def _close(a: Node, b: Node) -> bool:
    """Whether two neighbours stand together: a function and its argument, one letter and another."""
    if _core(b).kind in ("group", "set"):
        return not re.search(r"\s", a.where.source[a.end : b.start])
    if re.search(r"[_^]", _show(a)):
        return False
    return _letter(a) and _letter(b) and _core(b).kind != "num"


def _core(n: Node) -> Node:
    while n.kind in ("sup", "sub", "transpose", "factorial"):
        n = n.children[0]
    return n


def _letter(n: Node) -> bool:
    c = _core(n)
    return c.kind == "num" or (c.kind == "name" and len(_name(c.text)) <= 2 and not c.text.startswith("Delta_"))
