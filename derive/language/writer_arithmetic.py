r"""Numbers, sums, products with their fractions, powers and roots, functions of numbers."""

from __future__ import annotations

from derive.language.vocabulary import QUANTITIES
from derive.language.writer_arrays import evident
from derive.language.writer_pieces import ATOM, FACTOR, HADAMARD, PRODUCT, SUM, Form, Piece, Writer, one_entry
from derive.terms import HALF, MINUS_ONE, ONE, Term, num, shape, subterms
from derive.terms.shapes import ShapeError

FUNCTIONS = {
    "Sign": r"\mathrm{sign}", "ReLU": r"\mathrm{ReLU}", "Sigmoid": r"\mathrm{sigmoid}", "Softmax": r"\mathrm{softmax}",
    "Ln": r"\log", "Sin": r"\sin", "Cos": r"\cos", "Tan": r"\tan", "Tanh": r"\tanh", "Gamma": r"\Gamma",
}  # fmt: skip
# Heads whose terms stand beside a fraction and not in it.
HEAVY = frozenset(
    {"Sum", "Prod", "MatProd", "Integral", "Expect", "ExpectOver", "Prob", "ProbOver", "Grad", "Jac", "Hess", "Deriv",
     "Sup", "Inf", "Apply", "Density", "Indicator", "Given"}
)  # fmt: skip
MEASURES = frozenset(
    {"Norm", "RMS", "Var", "Cov", "Spectral", "Frobenius", "InducedRMS", "Norm1", "NormInf", "Dot", "Trace", "Det"}
)
BIG = frozenset({"Sum", "Prod", "MatProd", "Integral", "Sup", "Inf"})
SHORT = 16  # characters of an exponent of e; longer ones stand behind \exp
LONG = 40  # characters of LaTeX that still fit above a fraction line
COUNTED = frozenset(QUANTITIES.values())


def number(w: Writer, t: Term) -> Piece:
    v = t.value
    if v < 0:
        return Piece(f"-{number(w, num(-v)).text}", SUM)
    if v.denominator == 1:
        return Piece(str(v.numerator))
    if w.small:
        return Piece(f"{v.numerator}/{v.denominator}", PRODUCT)
    return Piece(rf"\frac{{{v.numerator}}}{{{v.denominator}}}", FACTOR)


def symbol(w: Writer, t: Term) -> Piece:
    text = w.name(t)
    level = FACTOR if text.startswith(r"\Delta ") else ATOM
    return Piece(text, level, subscript="_" in text)


def total(w: Writer, t: Term) -> Piece:
    outer, w.sized = w.sized, w.sized or any(evident(a) for a in t.args)
    loose = not all(one_entry(a) for a in t.args)
    out = ""
    for i, a in enumerate(t.args):
        p = w.piece(a, loose)
        text = p.text
        if p.level < HADAMARD and not text.startswith("-"):
            text = w.bracketed(p)
        if i and text.startswith("-"):
            out += f" - {text[1:]}"
        else:
            out += f" + {text}" if i else text
    w.sized = outer
    return Piece(out, SUM)


def product(w: Writer, t: Term) -> Piece:
    sign = ""
    above: list[Term] = []
    below: list[Term] = []
    numbers: list[Term] = []
    for a in t.args:
        if a.head == "Num":
            v = a.value
            if v < 0 and not sign:
                sign, v = "-", -v
            if v.denominator != 1:
                below.append(num(v.denominator))
                v = v * v.denominator
            if v != 1 or len(t.args) == 1:
                numbers.append(num(v))
        elif a.head == "Pow" and a.args[1].head == "Num" and a.args[1].value < 0:
            e = -a.args[1].value
            below.append(a.args[0] if e == 1 else Term("Pow", (a.args[0], num(e))))
        else:
            above.append(a)
    below.sort(key=lambda b: b.head != "Num")
    if below:
        p = _fraction(w, numbers, above, below)
    else:
        p = side_by_side(w, [*numbers, *above] or [ONE])
    if not sign:
        return p
    return Piece(sign + (p.text if p.level >= HADAMARD else w.bracketed(p)), SUM, p.open)


def _fraction(w: Writer, numbers: list[Term], above: list[Term], below: list[Term]) -> Piece:
    if w.small:
        top = side_by_side(w, numbers + above or [ONE])
        bottom = w.piece(below[0], loose=True) if len(below) == 1 else side_by_side(w, below)
        first = w.bracketed(top) if top.open or top.level < PRODUCT else top.text
        last = bottom.text if bottom.level >= FACTOR and not bottom.open else w.bracketed(bottom)
        return Piece(f"{first}/{last}", PRODUCT)
    sums = [a for a in above if a.head == "Add"]
    heavy = [a for a in above if a.head != "Add" and _heavy(a)]
    light = [a for a in above if a.head != "Add" and not _heavy(a)]
    if sums and light and not numbers and all(a.head == "Ln" for a in light):
        heavy, light = [*heavy, *light], []  # (1 - p)/p log(1 - p)
    elif sums and (numbers or light) and any(b.head != "Num" for b in below):
        heavy, sums = [*sums, *heavy], []  # 2/π (d^2 - d)
    elif heavy and not sums and not any(s.head in BIG for a in heavy for s in subterms(a)):
        text = side_by_side(w, [*numbers, *light, *heavy]).text
        short = len(heavy) == 1 and not _array(heavy[0]) and len(text) <= LONG and "frac" not in text
        if short or any(_heavy(b) for b in below):
            light, heavy = [a for a in above if a.head != "Add"], []
    top_terms = [*numbers, *light, *sums] or [ONE]
    top = w.piece(top_terms[0], loose=True) if len(top_terms) == 1 else side_by_side(w, top_terms)
    bottom = w.piece(below[0], loose=True) if len(below) == 1 else side_by_side(w, below)
    fraction = rf"\frac{{{top.text}}}{{{bottom.text}}}"
    if not heavy:
        return Piece(fraction, FACTOR)
    return side_by_side(w, heavy, Piece(fraction, FACTOR))


def _heavy(t: Term) -> bool:
    return t.head in MEASURES or _array(t) or any(s.head in HEAVY for s in subterms(t))


def _array(t: Term) -> bool:
    try:
        return bool(shape(t))
    except ShapeError:
        return False


def side_by_side(w: Writer, terms: list[Term], first: Piece | None = None) -> Piece:
    """Factors next to one another; what takes all that follows comes last."""
    arrays = [t for t in terms if _array(t)]
    loose = not arrays and len(terms) + (first is not None) > 1
    pieces = [(t, w.piece(t, loose)) for t in terms]
    ordered = [x for x in pieces if not x[1].open] + [x for x in pieces if x[1].open]
    if len(ordered) == 1 and first is None:
        return ordered[0][1]
    out: list[str] = [first.text] if first is not None else []
    for i, (t, p) in enumerate(ordered):
        last = i == len(ordered) - 1
        text = p.text
        if t.head in ("Dot", "MatMul") and p.level == PRODUCT and last and not (t.head == "Dot" and arrays):
            pass  # c W x, c x^\top y
        elif p.level < FACTOR or (p.open and not last):
            text = w.bracketed(p)
        if (out or first is not None and i == 0) and (t.head in COUNTED or i and ordered[i - 1][0].head in COUNTED):
            text = rf"\cdot {text}"  # words are set apart from what they are multiplied with
        out.append(text)
    return Piece(w.joined(out), PRODUCT, ordered[-1][1].open and ordered[-1][1].level >= FACTOR)


def power(w: Writer, t: Term) -> Piece:
    base, exponent = t.args
    if exponent.head == "Num" and exponent.value < 0:
        return product(w, Term("Mul", (t,)))
    if exponent == HALF:
        return Piece(rf"\sqrt{{{_under_root(w, base)}}}")
    if exponent.head == "Pow" and exponent.args[1] == MINUS_ONE and not w.small:
        return Piece(rf"\sqrt[{w.script(exponent.args[0])}]{{{_under_root(w, base)}}}")
    p = w.piece(base, loose=True)
    text = p.text if p.level >= ATOM else w.bracketed(p)
    return Piece(w.raised(text, w.script(exponent)), FACTOR)


def _under_root(w: Writer, t: Term) -> str:
    """Under a root a quotient of two names stays on the line: ``\\sqrt{n/m}``."""
    if t.head == "Mul" and len(t.args) == 2 and not w.small:
        a, b = t.args
        if b.head == "Pow" and b.args[1] == MINUS_ONE and all(_short(x) for x in (a, b.args[0])):
            return f"{w.piece(a).text}/{w.piece(b.args[0]).text}"
    return w.piece(t, loose=True).text


def _short(t: Term) -> bool:
    return t.head in ("Sym", "Pi") or (t.head == "Num" and t.value.denominator == 1 and t.value > 0)


def exponential(w: Writer, t: Term) -> Piece:
    exponent = w.script(t.args[0])
    if len(exponent) <= SHORT and not set("([|") & set(exponent) and "e" not in w.symbols and not _array(t):
        return Piece(w.raised("e", exponent), FACTOR)
    return w.call(r"\exp", w.piece(t.args[0], loose=True).text)


def function(w: Writer, t: Term) -> Piece:
    name = FUNCTIONS[t.head]
    a = t.args[0]
    if t.head == "Ln" and a.head in ("Density", "Apply", "Sym", "At"):
        p = w.piece(a, loose=True)
        if p.level >= ATOM and a.head in ("Density", "Apply"):
            return Piece(rf"{name} {p.text}", FACTOR)
    return w.call(name, w.piece(a, loose=t.head != "Softmax").text)


def factorial(w: Writer, t: Term) -> Piece:
    return Piece(w.at(t.args[0], ATOM, loose=True) + "!", FACTOR)


def binomial(w: Writer, t: Term) -> Piece:
    return Piece(rf"\binom{{{w.piece(t.args[0]).text}}}{{{w.piece(t.args[1]).text}}}", FACTOR)


def absolute(w: Writer, t: Term) -> Piece:
    inside = w.piece(t.args[0], loose=True).text
    if "|" in inside.replace(r"\|", ""):
        return Piece(rf"\left| {inside} \right|")
    return Piece(rf"\Big| {inside} \Big|" if Piece(inside).tall and not w.small else f"|{inside}|")


def rounded(w: Writer, t: Term) -> Piece:
    name = t.head.lower()
    return Piece(rf"\l{name} {_under_root(w, t.args[0])} \r{name}")


def extreme(w: Writer, t: Term) -> Piece:
    return w.call(rf"\{t.head.lower()}", ", ".join(w.piece(a).text for a in t.args))


def constant(text: str) -> Form:
    return lambda w, t: Piece(text)


def unit(w: Writer, t: Term) -> Piece:
    return Piece(rf"{w.at(t.args[0], PRODUCT)}\,\mathrm{{{t.args[1].name}}}", PRODUCT)


FORMS: dict[str, Form] = {
    "Num": number, "Sym": symbol, "Add": total, "Mul": product, "Pow": power, "Exp": exponential,
    **dict.fromkeys(FUNCTIONS, function), "Factorial": factorial, "Binomial": binomial, "Abs": absolute,
    "Floor": rounded, "Ceil": rounded, "Max": extreme, "Min": extreme, "Pi": constant(r"\pi"), "E": constant("e"),
    "Infinity": constant(r"\infty"), "Unit": unit,
}  # fmt: skip
