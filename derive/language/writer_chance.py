r"""Expectations, variances, probabilities, laws, densities, declared functions."""

from __future__ import annotations

from derive.language import names
from derive.language.writer_arrays import evident
from derive.language.writer_pieces import ATOM, Form, Piece, Writer, one_entry
from derive.terms import Term, free, shape, subterms

LAWS = {
    "Normal": r"\mathcal{N}", "ChiSquared": r"\chi^2",
    **{name: rf"\mathrm{{{name}}}" for name in (
        "Uniform", "Rademacher", "Bernoulli", "Geometric", "Exponential", "Laplace", "Poisson", "Categorical")},
    "GammaLaw": r"\mathrm{Gamma}", "BetaLaw": r"\mathrm{Beta}", "BinomialLaw": r"\mathrm{Binomial}",
}  # fmt: skip


def inside(w: Writer, t: Term) -> str:
    """What stands in the brackets of an average: an array with one entry counts there as a number."""
    if t.head == "Given":
        known = ", ".join(w.piece(a).text for a in t.args[1:])
        return rf"{inside(w, t.args[0])} \mid {known}"
    if one_entry(t):
        t = t.args[0]
    return w.piece(t, loose=True).text


def _apart(w: Writer) -> Writer:
    """Inside brackets nothing outside tells the size of ``I``."""
    return Writer(w.symbols, w.forms, w.bound, w.small)


def expectation(w: Writer, t: Term) -> Piece:
    return w.call(r"\mathbb{E}", inside(_apart(w), t.args[0]), "[]")


def probability(w: Writer, t: Term) -> Piece:
    return w.call(r"\Pr", inside(_apart(w), t.args[0]), "[]")


def over(w: Writer, t: Term) -> Piece:
    """An average over one variable alone."""
    inner = _apart(w.within(t.var.name))
    sign = r"\mathbb{E}" if t.head == "ExpectOver" else r"\Pr"
    w.small += 1
    law_text = law(w, t.domain[0], _pins(t.body, t.var)).text
    w.small -= 1
    return w.call(rf"{sign}_{{{inner.name(t.var)} \sim {law_text}}}", inside(inner, t.body), "[]")


def _pins(body: Term, var: Term) -> bool:
    """Whether what is said of ``var`` shows its size without its law."""
    for s in subterms(body):
        if s.head in ("Apply", "Density") and var in s.args[1:]:
            return True
        if s.head in ("Add", "MatMul", "Dot", "Hadamard", "Cov"):
            mine = [a for a in s.args if var in free(a) and shape(a)]
            if mine and any(evident(a) for a in s.args if var not in free(a)):
                return True
    return False


def spread(w: Writer, t: Term) -> Piece:
    inner = _apart(w)
    if t.head == "Cov" and all(a.head == "Given" and a.args[1:] == t.args[0].args[1:] for a in t.args):
        known = ", ".join(inner.piece(a).text for a in t.args[0].args[1:])
        return w.call(r"\mathrm{Cov}", ", ".join(inside(inner, a.args[0]) for a in t.args) + rf" \mid {known}")
    return w.call(rf"\mathrm{{{t.head}}}", ", ".join(inside(inner, a) for a in t.args))


def indicator(w: Writer, t: Term) -> Piece:
    return w.call(r"\mathbf{1}", _apart(w).piece(t.args[0]).text, "[]")


def divergence(w: Writer, t: Term) -> Piece:
    return Piece(rf"\mathrm{{KL}}({law(w, t.args[0]).text} \,\|\, {law(w, t.args[1]).text})")


def entropy(w: Writer, t: Term) -> Piece:
    return w.call(r"\mathrm{H}", law(w, t.args[0]).text)


def given(w: Writer, t: Term) -> Piece:
    return Piece(inside(w, t), 0)


# Laws


def law(w: Writer, t: Term, pinned: bool = False) -> Piece:
    """A law; ``pinned`` if the place shows the size of its values."""
    if t.head in LAWS:
        given = parameters(w, t, pinned)
        return w.call(LAWS[t.head], given) if given else Piece(LAWS[t.head])
    if t.head == "Apply" and t.args[0].head == "Sym":
        return Piece(_family(w, t), ATOM, subscript=True)
    return w.piece(t)


def parameters(w: Writer, t: Term, pinned: bool = False) -> str:
    """The parameters of a named law."""
    if t.head == "Normal":
        w = Writer(w.symbols, w.forms, w.bound, w.small, sized=pinned or evident(t.args[0]) or w.sized)
    return ", ".join(w.piece(a, loose=True).text for a in t.args)


def _family(w: Writer, t: Term) -> str:
    r"""``p_\theta``, at its own parameter or at another."""
    family, *at = t.args
    base, _, own = family.name.partition("_")
    if [a.name for a in at if a.head == "Sym"] == [own] and len(at) == 1:
        return w.name(family)
    index = ", ".join(w.script(a) for a in at)
    return f"{names.latex(base)}_{w.braced(index)}"


def density(w: Writer, t: Term) -> Piece:
    value, named = t.args[1], t.args[0]
    if named.head in LAWS and named.args:
        return w.call(LAWS[named.head], f"{w.piece(value, loose=True).text}; {parameters(w, named, evident(value))}")
    return w.call(law(w, t.args[0]).text, w.piece(t.args[1], loose=True).text)


def application(w: Writer, t: Term) -> Piece:
    f, *args = t.args
    name = w.name(f) if f.head == "Sym" else w.at(f, ATOM)
    if f.head == "Sym" and len(args) > 1 and args[0].head == "Sym" and f.name.endswith(f"_{args[0].name}"):
        args = args[1:]  # the parameter stands in the name: ``s_\\theta(x)``
    loose = bool(f.head == "Sym" and f.sort.takes)
    return w.call(name, ", ".join(w.piece(a, loose).text for a in args))


def named_law(w: Writer, t: Term) -> Piece:
    return law(w, t)


FORMS: dict[str, Form] = {
    "Expect": expectation, "Prob": probability, "ExpectOver": over, "ProbOver": over, "Var": spread, "Cov": spread,
    "Indicator": indicator, "KL": divergence, "Entropy": entropy, "Given": given, "Density": density,
    "Apply": application, **dict.fromkeys(LAWS, named_law),
}  # fmt: skip
