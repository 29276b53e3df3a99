r"""Relations, chains, membership, growth, and what is said in words."""

from __future__ import annotations

from derive.language.vocabulary import QUANTITIES
from derive.language.writer_arrays import evident
from derive.language.writer_chance import law
from derive.language.writer_pieces import RELATION, SUM, Form, Piece, Writer, one_entry
from derive.terms import Term, shape
from derive.terms.shapes import ShapeError

SIGNS = {
    "Eq": "=", "Ne": r"\ne", "Lt": "<", "Le": r"\le", "Gt": ">", "Ge": r"\ge", "Asym": r"\sim", "Dist": r"\sim",
    "In": r"\in",
}  # fmt: skip
GROWTH = {"Theta": r"\Theta", "BigO": "O", "BigOmega": r"\Omega"}
SETS = {"Naturals": r"\mathbb{N}", "Integers": r"\mathbb{Z}", "Reals": r"\mathbb{R}"}
JOINED = {"Or": "or", "Implies": "implies", "Iff": "if and only if"}


def side(w: Writer, t: Term, other: Term) -> str:
    """One side of a relation; the other may show the size of ``I``, and that one entry is meant as a number."""
    outer, w.sized = w.sized, w.sized or _array(other)
    loose = not (one_entry(t) and (one_entry(other) or _array(other)))
    text = w.at(t, SUM, loose)
    w.sized = outer
    return text


def _array(t: Term) -> bool:
    try:
        return bool(shape(t)) and evident(t)
    except (ShapeError, AttributeError):
        return False


def relation(w: Writer, t: Term) -> Piece:
    a, b = t.args
    if t.head == "Dist" and a.head == "Sym" and a.name == "_":  # a law whose variable has no name
        return law(w, b)
    return Piece(f"{side(w, a, b)} {SIGNS[t.head]} {_right(w, t)}", RELATION)


def _right(w: Writer, t: Term) -> str:
    a, b = t.args
    if t.head == "Dist":
        return law(w, b, pinned=True).text
    if t.head == "In":
        return space(w, a, b)
    return side(w, b, a)


def space(w: Writer, a: Term, t: Term) -> str:
    if t.head == "Reals" and shape(a):
        dims = r" \times ".join(w.script(d) for d in shape(a))
        return rf"\mathbb{{R}}^{{{dims}}}"
    if t.head in SETS:
        return SETS[t.head]
    lo, hi = (w.piece(x).text for x in t.args[:2])
    return f"[{lo}, {hi}]" if t.head == "Interval" else rf"\{{{lo}, \ldots, {hi}\}}"


def growth(w: Writer, t: Term) -> Piece:
    return w.call(GROWTH[t.head], w.piece(t.args[0]).text)


def together(w: Writer, t: Term) -> Piece:
    """A chain where neighbours share a side, else a list."""
    out = ""
    before: Term | None = None
    for p in t.args:
        chained = before is not None and before.head not in ("Dist", "In") and before.args[1] == p.args[0]
        if p.head in SIGNS and chained:
            out += f" {SIGNS[p.head]} {_right(w, p)}"
        else:
            out += (", " if out else "") + w.piece(p).text
        before = p if p.head in SIGNS else None
    return Piece(out, RELATION - 1)


def joined(w: Writer, t: Term) -> Piece:
    if t.head == "Or" and all(a.head == "Eq" and a.args[0] == t.args[0].args[0] for a in t.args):
        inside = ", ".join(w.piece(a.args[1]).text for a in t.args)
        return Piece(rf"{w.at(t.args[0].args[0], SUM)} \in \{{{inside}\}}", RELATION)
    return Piece(rf" \text{{ {JOINED[t.head]} }} ".join(w.piece(a).text for a in t.args), RELATION - 2)


def every(w: Writer, t: Term) -> Piece:
    names = [w.name(t.var)]
    inner, body = w.within(t.var.name), t.body
    while body.head == "ForAll":
        names.append(w.name(body.var))
        inner, body = inner.within(body.var.name), body.body
    if body.head == "Implies" and body.args[0].head == "In" and len(names) == 1:
        condition, claim = (inner.piece(a).text for a in body.args)
        return Piece(rf"{claim} \text{{ for every }} {condition}", RELATION - 2)
    said = " and ".join(f"${n}$" for n in names)
    return Piece(rf"{inner.piece(body).text} \text{{ for every {said}}}", RELATION - 2)


def negation(w: Writer, t: Term) -> Piece:
    return Piece(rf"\text{{not }} {w.at(t.args[0], RELATION + 1)}", RELATION - 2)


def of_several(word: str) -> Form:
    def form(w: Writer, t: Term) -> Piece:
        parts = [w.piece(a).text for a in t.args]
        listed = ", ".join(parts[:-1]) + (r" \text{ and } " if len(parts) > 1 else "") + parts[-1]
        verb = "is" if len(parts) == 1 else "are"
        return Piece(rf"{listed} \text{{ {verb} {word}}}", RELATION - 2)

    return form


def differentiable(w: Writer, t: Term) -> Piece:
    f, order, *where = t.args
    times = {1: "", 2: "twice "}.get(int(order.value) if order.head == "Num" else 1, "")
    in_what = rf" in ${w.piece(where[0]).text}$" if where else ""
    return Piece(rf"{w.piece(f).text} \text{{ is {times}differentiable{in_what}}}", RELATION - 2)


def of_law(word: str) -> Form:
    return lambda w, t: Piece(rf"{law(w, t.args[0]).text} \text{{ {word}}}", RELATION - 2)


def lives(w: Writer, t: Term) -> Piece:
    p, *where = t.args
    if where[-1].head in ("IndexRange", "Interval"):
        lo, hi = (w.piece(a).text for a in where[-1].args[:2])
        on = rf"\{{{lo}, \ldots, {hi}\}}" if where[-1].head == "IndexRange" else f"[{lo}, {hi}]"
    else:
        on = w.piece(where[-1]).text
    return Piece(rf"{law(w, p).text} \text{{ lives on }} {on}", RELATION - 2)


def positive_wherever(w: Writer, t: Term) -> Piece:
    q, p = (law(w, a).text for a in t.args)
    return Piece(rf"{q} \text{{ is positive wherever }} {p} \text{{ is}}", RELATION - 2)


def said(before: str, after: str) -> Form:
    """A given in words around its one or more terms."""

    def form(w: Writer, t: Term) -> Piece:
        inside = r" \text{, } ".join(w.piece(a).text for a in t.args)
        lead = rf"\text{{{before} }} " if before else ""
        return Piece(f"{lead}{inside}" + (rf" \text{{ {after}}}" if after else ""), RELATION - 2)

    return form


def by_layer(w: Writer, t: Term) -> Piece:
    """What storing costs, for any layer."""
    lam = t.args[0]
    return Piece(rf"\text{{storing the activation of layer }} {w.piece(lam.var).text} \text{{ costs }} {w.piece(lam.body).text}", RELATION - 2)


def network(w: Writer, t: Term) -> Piece:
    layers, interval = (w.piece(a).text for a in t.args)
    n = int(t.args[1].value) if t.args[1].head == "Num" else 0
    nth = "th" if n // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    if t.args[1].head not in ("Num", "Sym"):
        interval = f"({interval})"
    said = rf"\text{{the network has }} {layers} \text{{ layers and stores the activation of every }} {interval}\text{{{nth} layer}}"
    return Piece(said, RELATION - 2)


def group(w: Writer, t: Term) -> Piece:
    return Piece("(" + ", ".join(w.piece(a).text for a in t.args) + ")")


def words(text: str) -> Form:
    return lambda w, t: Piece(rf"\text{{{text}}}")


FORMS: dict[str, Form] = {
    **dict.fromkeys(SIGNS, relation), **dict.fromkeys(GROWTH, growth), "And": together,
    **dict.fromkeys(JOINED, joined), "ForAll": every, "Not": negation, "Independent": of_several("independent"),
    "Uncorrelated": of_several("uncorrelated"), "Iid": of_several("i.i.d."),
    "PositiveDefinite": of_several("positive definite"),
    "Group": group, "Set": group, "True": words("true"), "False": words("false"),
    **{head: words(said) for said, head in QUANTITIES.items()},
    "Differentiable": differentiable, "Exchange": words("differentiation and integration may be exchanged"),
    "FiniteMeanOnly": said("", "has a finite mean"), "InfiniteVariance": said("", "has infinite variance"),
    "Mass": of_law("is a probability mass function"), "Domain": lives, "HasDensity": of_law("has a density"), "PositiveWherever": positive_wherever,
    "ProbabilityVector": said("", "is a probability vector"), "Network": network,
    "ForwardCost": said("a forward operation takes", ""), "LoadCost": said("a memory load takes", ""),
    "DiskCost": said("a disk load takes", ""), "StorageCost": said("storing an activation costs", ""),
    "LayerStorageCost": by_layer,
}  # fmt: skip
