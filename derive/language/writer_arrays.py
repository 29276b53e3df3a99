r"""Vectors and matrices: entries, products, transposes, norms."""

from __future__ import annotations

from derive.language.writer_binders import derivative, partial
from derive.language.writer_pieces import ATOM, FACTOR, HADAMARD, LOOSE, PRODUCT, Form, Piece, Writer, one_entry
from derive.terms import Term, shape
from derive.terms.shapes import ENTRYWISE

DERIVATIVES = frozenset({"Grad", "Jac", "Hess"})
NORMS = {
    "Norm": "", "Norm1": "_1", "NormInf": r"_\infty", "Spectral": "_2", "Frobenius": "_F",
    "InducedRMS": r"_{\mathrm{RMS}\to\mathrm{RMS}}",
}  # fmt: skip
CALLS = {
    "Trace": r"\mathrm{tr}", "Det": r"\det", "Rank": r"\mathrm{rank}", "Diag": r"\mathrm{diag}", "RMS": r"\mathrm{RMS}",
}  # fmt: skip


def evident(t: Term) -> bool:
    """Whether what is written of ``t`` shows its size (``I`` and ``0`` do not)."""
    if t.head in ("Identity", "Zeros", "Num"):
        return False
    if t.head in ("Mul", "Add", "MatMul", "Hadamard"):
        return any(evident(a) for a in t.args if shape(a))
    if t.head in ENTRYWISE or t.head in ("Transpose", "Inverse"):
        return evident(t.args[0])
    return bool(shape(t))


def entry(w: Writer, t: Term, loose: bool = False) -> Piece:
    array, *where = t.args
    if loose and one_entry(t):
        p = w.piece(array)
        if array.head == "Sym":
            return p
    if array.head in DERIVATIVES and array.args[2] == array.var and array.head == "Grad" and w.known(array.var.name):
        return partial(w, array, where)
    declared = w.symbols.get(array.name) if array.head == "Sym" else None
    if declared is not None and declared.family and len(where) > 1:
        member = entry(w, Term("At", (array, where[0])))
        return Piece(f"({member.text})_{_index(w, where[1:], 0)}")
    p = w.piece(array)
    index = _index(w, where, len(shape(array)))
    text = p.text if p.level >= ATOM and not p.subscript else None
    if text is None and array.head == "Sym" and text != "" and not p.subscript:
        text = p.text  # \Delta W_{ij}
    if text is None or (array.head == "Sym" and f"{array.name}_{index.strip('{}')}" in w.symbols):
        text = w.bracketed(p)
    return Piece(f"{text}_{index}")


def _index(w: Writer, where: list[Term], rank: int) -> str:
    parts = [w.script(i) for i in where]
    plain = all(len(p) == 1 or (p[0] == "\\" and p[1:].isalpha()) for p in parts)
    digits = sum(p.isdigit() for p in parts)
    if len(parts) == 1 and where[0].head == "Mul":
        text = parts[0].replace(" ", r" \cdot ") if r"\cdot" not in parts[0] and "/" not in parts[0] else parts[0]
    elif plain and (digits <= 1 or (digits == len(parts) == rank)):
        text = "".join(p + (" " if p[0] == "\\" else "") for p in parts).strip()
    else:
        text = ",".join(parts)
    return w.braced(text)


def matrices(w: Writer, t: Term) -> Piece:
    outer, w.sized = w.sized, w.sized or any(evident(a) for a in t.args)
    parts = []
    dotted = 0  # one product with dots may stand without brackets
    for i, a in enumerate(t.args):
        p = w.piece(a)
        last = i == len(t.args) - 1
        dotted += a.head == "MatProd"
        together = (p.level >= FACTOR and (last or not p.open)) or (a.head == "MatProd" and dotted == 1)
        parts.append(p.text if together else w.bracketed(p))
    w.sized = outer
    return Piece(w.joined(parts), PRODUCT, w.piece(t.args[-1]).open)


def dot(w: Writer, t: Term) -> Piece:
    a, b = t.args
    right = w.piece(b)
    text = right.text if right.level >= FACTOR or b.head == "MatMul" else w.bracketed(right)
    return Piece(w.joined([transposed(w, Term("Transpose", (a,))).text, text]), PRODUCT, right.open)


def transposed(w: Writer, t: Term) -> Piece:
    a = t.args[0]
    p = w.piece(a)
    if a.head in DERIVATIVES and not p.open:
        return derivative(w, a, top=True)
    text = p.text if p.level >= ATOM else w.bracketed(p)
    return Piece(rf"{text}^\top", FACTOR, top=True)


def inverse(w: Writer, t: Term) -> Piece:
    return Piece(w.at(t.args[0], ATOM) + "^{-1}", FACTOR)


def hadamard(w: Writer, t: Term) -> Piece:
    parts = []
    for i, a in enumerate(t.args):
        p = w.piece(a)
        parts.append(p.text if p.level >= PRODUCT and (i == len(t.args) - 1 or not p.open) else w.bracketed(p))
    return Piece(r" \odot ".join(parts), HADAMARD, w.piece(t.args[-1]).open)


def norm(w: Writer, t: Term) -> Piece:
    inside = w.piece(t.args[0]).text
    if r"\|" in inside:
        text = rf"\left\| {inside} \right\|"
    else:
        text = rf"\Big\| {inside} \Big\|" if Piece(inside).tall and not w.small else rf"\|{inside}\|"
    return Piece(text + NORMS[t.head])


def named(w: Writer, t: Term) -> Piece:
    return w.call(CALLS[t.head], w.piece(t.args[0]).text)


def identity(w: Writer, t: Term) -> Piece:
    if w.sized and "I" not in w.symbols:
        return Piece("I")
    return Piece(f"I_{w.braced(w.script(t.args[0]))}", ATOM, subscript=True)


def ones(w: Writer, t: Term) -> Piece:
    return Piece(rf"\mathbf{{1}}_{w.braced(w.script(t.args[0]))}", ATOM, subscript=True)


FORMS: dict[str, Form] = {
    "At": entry, LOOSE + "At": lambda w, t: entry(w, t, loose=True), "MatMul": matrices, "Dot": dot, "Transpose": transposed, "Inverse": inverse, "Hadamard": hadamard,
    **dict.fromkeys(NORMS, norm), **dict.fromkeys(CALLS, named), "Identity": identity, "Ones": ones,
    "Zeros": lambda w, t: Piece("0"),
}  # fmt: skip
