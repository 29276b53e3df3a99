r"""Propositions in words: what `Assume`, `Show that`, `Is it true that`, `such that` and a rule's `Then` say.

A run of words is a list of claims joined by commas and ``and``. `CLAIM_FORMS` are the ways in which one claim is said;
each is tried on every stretch that may end at a joint, the longest first, so that the ``and`` of ``$X$ and $Y$ are
independent`` is not taken for the joint of two claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

from derive.language import forms
from derive.language.ast import Node
from derive.language.attributes import attribute
from derive.language.forms import Form, Found, items
from derive.language.model import ReadError
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.terms import Term, call, num


def stated(reader: Reader, s: Sentence, span: tuple[int, int], *, quantify: bool = False) -> tuple[Term, ...]:
    """The propositions of a run of tokens; with ``quantify``, about every index and argument left open in them."""
    reader.maths.forget()
    props = read_claims(reader, s, span)
    return tuple(reader.maths.quantified(p) for p in props) if quantify else props


def read_claims(reader: Reader, sentence: Sentence, span: tuple[int, int]) -> tuple[Term, ...]:
    """The propositions of a run of tokens.

    Raises
    ------
    ReadError
        Where a stretch is no claim that is known; an error inside its mathematics is reported as such.
    """
    start, stop = span
    tokens = sentence.tokens
    words = [0, *accumulate(t.kind == "word" and t.low != "and" for t in tokens)]  # how many stand before a token
    out: list[Term] = []
    while start < stop:
        joints = [i for i in range(start + 1, stop) if tokens[i].low == "and" or tokens[i].text in (",", ";")]
        problem: ReadError | None = None
        ended = start
        for end in [stop, *reversed(joints)]:
            last = end
            while last > start and (tokens[last - 1].low == "and" or tokens[last - 1].text in (",", ";")):
                last -= 1
            if last - start > 1 and words[last] == words[start]:
                continue  # several formulas without a word are no claim
            got, error = _one(reader, sentence, start, last)
            if problem is None and error is not None:
                problem, ended = error, last
            if got is not None:
                out += got
                start = end
                break
        else:
            furthest = _reached(sentence, start, stop)
            # What failed inside is the error, unless words behind it make another claim of it than was tried.
            if problem is not None and not (ended < furthest < stop and tokens[furthest].kind == "word"):
                raise problem
            known = tuple(f.shown for f in CLAIM_FORMS)
            raise sentence.error(
                "this claim is not understood",
                min(furthest, stop - 1),
                forms.nearest(sentence.words(start, stop), known),
            )
        while start < stop and (tokens[start].low == "and" or tokens[start].text in (",", ";")):
            start += 1
        if start < stop and tokens[start].low == "that":
            start += 1
    return tuple(out)


def _one(
    reader: Reader, sentence: Sentence, start: int, stop: int
) -> tuple[list[Term] | None, ReadError | None]:
    """One claim from ``start`` to ``stop``, or the error inside it."""
    said = frozenset(t.low for t in sentence.tokens[start:stop])
    part = replace(sentence, tokens=sentence.tokens[:stop])
    for form in CLAIM_FORMS:
        found = forms.match(form, part, start)[0] if form.needed <= said else None
        if found is None:
            continue
        try:
            return list(form.read(reader, part, found, form.kind)), None
        except ReadError as error:
            return None, error
    return None, None


def _reached(sentence: Sentence, start: int, stop: int) -> int:
    """The furthest token up to which the words are those of a claim."""
    part = replace(sentence, tokens=sentence.tokens[:stop])
    furthest = start
    for form in CLAIM_FORMS:
        found, reached = forms.match(form, part, start)
        furthest = max(furthest, reached)
        if found is not None:
            break
    return furthest


def _relation(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    return reader.maths.propositions(items(sentence, found["x"])[0], sentence)


def _things(reader: Reader, sentence: Sentence, span: tuple[int, int]) -> list[Term]:
    return [e for t in items(sentence, span) for e in reader.maths.expressions(t, sentence)]


def _among(head: str) -> Callable[..., list[Term]]:
    """``$X$, $Y$ and $Z$ are independent``."""

    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
        return [call(head, *_things(reader, sentence, found["x"]))]

    return read


def _from(head: str) -> Callable[..., list[Term]]:
    """``$X$ is independent of $Y$ and $Z$`` (jointly)."""

    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
        others = _things(reader, sentence, found["y"])
        group = others[0] if len(others) == 1 else call("Group", *others)
        return [call(head, x, group) for x in _things(reader, sentence, found["x"])]

    return read


def _law(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    law = reader.maths.law(items(sentence, found["law"])[0], sentence)
    return [call("Dist", e, law) for e in _things(reader, sentence, found["x"])]


def _gaussian(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    """``$X$ is Gaussian``."""
    return [gaussian(e) for e in _things(reader, sentence, found["x"])]


def gaussian(e: Term) -> Term:
    """That something is normal, with the mean and the variance that it has."""
    return call("Dist", e, call("Normal", call("Expect", e), call("Var", e)))


def _when(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    """A claim about a name whose law stands after ``when``; the name is bound in it."""
    when = reader.maths.node(items(sentence, found["when"])[0], sentence)
    part = replace(sentence, tokens=sentence.tokens[: found["claim"][1]])
    named, _ = forms.match(_HAS_LAW, part, found["claim"][0])
    if named is not None:
        x, law = (reader.maths.node(items(sentence, named[k])[0], sentence) for k in ("x", "law"))
        return [reader.maths.when(Node("rel", (x, law), "sim", x.start, x.end, x.where), when)]
    if found["claim"][1] - found["claim"][0] != 1:
        raise sentence.error(
            "a claim with `when` is one relation", found["claim"][0], (_HAS_LAW.shown + " when $z \\sim p$",)
        )
    return [reader.maths.when(p, when) for p in reader.maths.parts(items(sentence, found["claim"])[0], sentence)]


def _every(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    """A claim for every value of the names after ``for every``, under what is said of them there."""
    with reader.maths.local():
        bound: list[Term] = []
        conditions: list[Term] = []
        shapes = reader.maths.argument_shapes(items(sentence, found["claim"]))
        for token in items(sentence, found["t"]):
            names, holds = reader.maths.every(token, sentence, shapes)
            bound += names
            conditions += holds
        claims = list(read_claims(reader, sentence, found["claim"]))
    out = []
    for claim in claims:
        if conditions:
            claim = call("Implies", conditions[0] if len(conditions) == 1 else call("And", *conditions), claim)
        for name in reversed(bound):
            claim = Term("ForAll", (name, claim))
        out.append(claim)
    return out


def _implies(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    sides = [read_claims(reader, sentence, found[s]) for s in ("a", "b")]
    a, b = (s[0] if len(s) == 1 else call("And", *s) for s in sides)
    return [call(kind, a, b)]


def _attribute(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    return [p for x in _things(reader, sentence, found["x"]) for p in attribute(kind, x)]


def _differentiable(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    names = [reader.maths.function(t, sentence) for t in items(sentence, found["x"])]
    return [call("Differentiable", f, num(kind)) for f in names]


def _densities(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    return [call("HasDensity", p) for p in _things(reader, sentence, found["x"])]


def _wherever(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    return [call("PositiveWherever", q, p) for q in _things(reader, sentence, found["x"]) for p in _things(reader, sentence, found["y"])]


def _exchange(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    return [call("Exchange")]


def _count(head: str) -> Callable[..., list[Term]]:
    def read(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
        (token,) = items(sentence, found["x"])
        behind = sentence.tokens[found["x"][1] :]
        if kind == "time" and behind and behind[0].kind == "word" and behind[0].text != reader.unit:
            known = (reader.unit,) if reader.unit else ()
            raise sentence.error("another unit than the document's costs have", found["x"][1], known)
        with reader.maths.local():
            parts = reader.maths.chain_after(call(head), token, sentence)
        return parts

    return read


def _exist(reader: Reader, sentence: Sentence, found: Found, kind: str) -> list[Term]:
    with reader.maths.local():
        names, holds = reader.maths.every(items(sentence, found["c"])[0], sentence, {})
        claims = read_claims(reader, sentence, found["claim"])
    body: Term = call("And", *holds, *claims) if len(holds) + len(claims) > 1 else claims[0]
    return [call("Exists", *names, body)]


_HAS_LAW = Form("{x} (has|have) the distribution [of] {law}", _law)
CLAIM_FORMS: tuple[Form, ...] = (
    Form("{x}", _relation),
    Form("{claim:run} when {when}", _when),
    Form("if {a:run} then {b:run}", _implies, "Implies"),
    Form("{a:run} if and only if {b:run}", _implies, "Iff"),
    Form("there (are|is) {c} (with|such that) {claim:run}", _exist),
    Form("{claim:run} for every {t:list}", _every),
    Form("{x} (almost surely|holds)", _relation),
    Form("{x:list} (are|is) [jointly] independent", _among("Independent")),
    Form("{x:list} (are|is) pairwise independent", _among("PairwiseIndependent")),
    Form("{x:list} (are|is) [pairwise] uncorrelated", _among("Uncorrelated")),
    Form("{x:list} (are|is) i.i.d.", _among("Iid")),
    Form("{x:list} have the same distribution", _among("SameLaw")),
    Form("{x:list} (are|is) independent of {y:list}", _from("Independent")),
    Form("{x:list} (are|is) uncorrelated with {y:list}", _from("Uncorrelated")),
    _HAS_LAW,
    Form("{x:list} (are|is) [a] (Gaussian|normal|normally distributed) [random (variable|variables|vector|vectors)]", _gaussian),
    Form("{x:list} (have|has) a (normal|Gaussian) distribution", _gaussian),
    Form("the entries of {x:list} are independent", _among("IndependentEntries")),
    Form("{x:list} (have|has) independent entries", _among("IndependentEntries")),
    Form("{x:list} (are|is) symmetric", _attribute, "symmetric"),
    Form("{x:list} (are|is) orthogonal", _attribute, "orthogonal"),
    Form("{x:list} (are|is) positive definite", _attribute, "positive definite"),
    Form("{x:list} (are|is) invertible", _attribute, "invertible"),
    Form("{x:list} (are|is) nonzero", _attribute, "nonzero"),
    Form("{x:list} (are|is) positive", _attribute, "positive"),
    Form("{x:list} (are|is) nonnegative", _attribute, "nonnegative"),
    Form("{x:list} (have|has) nonzero entries", _attribute, "nonzero entries"),
    Form("{x:list} (are|is) a probability vector", _attribute, "probability vector"),
    Form("{x:list} (are|is) twice differentiable", _differentiable, "2"),
    Form("{x:list} (are|is) differentiable", _differentiable, "1"),
    Form("{x:list} (are|is) increasing", _attribute, "increasing"),
    Form("{x:list} (are|is) convex", _attribute, "convex"),
    Form("differentiation and integration may be exchanged", _exchange),
    Form("{x:list} (has|have) a density", _densities),
    Form("{x:list} is positive wherever {y:list} is", _wherever),
    Form("the number of forward operations is {x}", _count("ForwardOperations")),
    Form("the number of memory loads is {x}", _count("MemoryLoads")),
    Form("the time of the backward pass is {x} [ns|us|ms|s]", _count("BackwardTime"), "time"),
    Form("the total time is {x} [ns|us|ms|s]", _count("TotalTime"), "time"),
)
