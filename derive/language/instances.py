r"""``Fails without`` and ``Example`` of a rule: values for its names, and what both sides come to with them."""

from __future__ import annotations

import re

from derive.language import elaborate, forms
from derive.language.ast import spelled
from derive.language.document import Block
from derive.language.model import ReadError
from derive.language.reader import Reader
from derive.language.sentences import Sentence, sentences
from derive.language.values import Values
from derive.rulebook.model import Hypothesis, Instance
from derive.terms import Term, call, same

# What a hypothesis is called -> the heads of its proposition.
CALLED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("pairwise independence", ("PairwiseIndependent",)),
    ("independence", ("Independent", "PairwiseIndependent", "Iid", "IidMembers", "IndependentEntries")),
    ("uncorrelatedness", ("Uncorrelated",)),
    ("the same distribution", ("SameLaw",)),
    ("identical distribution", ("Iid", "SameLaw")),
    ("differentiability", ("Differentiable",)),
    ("the exchange", ("Exchange",)),
    ("absolute continuity", ("PositiveWherever",)),
    ("positive definiteness", ("PositiveDefinite",)),
)


def read_failure(reader: Reader, blocks: list[Block], hypotheses: tuple[Hypothesis, ...], text: str) -> Instance:
    """``**Fails without** HYPOTHESIS: with INSTANCE the left side is $…$, the right side $…$.``"""
    found = [forms.normal(s) for b in blocks for s in sentences(reader.document, b)]
    if not found:
        raise reader.source.error(
            "what it fails without is missing", blocks[0].start, "", ("**Fails without** independence: …",)
        )
    s = found[0]
    colon = next((i for i, t in enumerate(s.tokens) if t.text == ":"), None)
    sides = next(
        (i for i in range(len(s.tokens) - 2) if [t.low for t in s.tokens[i : i + 3]] == ["the", "left", "side"]), None
    )
    if colon is None:
        raise s.error(
            "a failure is a hypothesis, a colon and an instance", 0, ("**Fails without** independence: with …",)
        )
    without = s.words_all(0, colon)
    hypothesis = _hypothesis(reader, s, colon, hypotheses, without)
    if sides is None:
        # A published counterexample: where no evaluation of an instance can show it.
        return Instance(text, without, hypothesis, cited=True)
    if sides <= colon:
        raise s.error("the instance stands between the colon and the sides", sides)
    inside = Values(reader)
    stop = sides
    while stop > colon + 1 and s.tokens[stop - 1].text in (",", ";"):
        stop -= 1
    inside.read(s, colon + 1, stop)
    left, right = _sides(inside, s, sides)
    return Instance(text, without, hypothesis, tuple(inside.givens), inside.values, left, right)


def read_examples(reader: Reader, blocks: list[Block], text: str) -> list[Instance]:
    """``**Example.** With INSTANCE, $claim$.``"""
    out = []
    for b in blocks:
        for s in sentences(reader.document, b):
            s = forms.normal(s)
            last = max((i for i, t in enumerate(s.tokens) if t.kind == "math"), default=-1)
            if last < 0:
                raise s.error("an example ends with what comes out", 0, ("**Example.** With $n = 3$, $… = …$.",))
            inside = Values(reader)
            stop = last
            while stop > 0 and s.tokens[stop - 1].text in (",", ":", ";"):
                stop -= 1
            inside.read(s, 0, stop)
            props = inside.propositions(s, last)
            claim = props[0] if len(props) == 1 else call("And", *props)
            out.append(Instance(text, givens=tuple(inside.givens), values=inside.values, claim=claim))
    return out


def _hypothesis(reader: Reader, s: Sentence, stop: int, hypotheses: tuple[Hypothesis, ...], without: str) -> int | None:
    """Which hypothesis is dropped: by its common name, or by its formula."""
    low = without.lower()
    for name, heads in CALLED:
        if low.startswith(name):
            for i, h in enumerate(hypotheses):
                if any(h.prop.head == x or x in repr(h.prop) for x in heads):
                    return i
    formulas = [i for i in range(stop) if s.tokens[i].kind == "math"]
    if not formulas or low.endswith("fixed"):
        return None
    said = re.sub(r"[\s${}]|\\[,;:! ]", "", without)
    words = re.sub(r"\$[^$]*\$", "", without)
    node = reader.maths.node(s.tokens[formulas[0]], s)
    if node.kind == "rel":
        try:
            props = elaborate.chain(node, reader.scope)
        except ReadError:
            props = []
        for i, h in enumerate(hypotheses):
            if any(same(h.prop, p) for p in props):
                return i
        for i, h in enumerate(hypotheses):
            if said in re.sub(r"[\s${}]|\\[,;:! ]", "", h.text):
                return i
    named = spelled(node)
    wanted = {"integer": "Integers", "range": "IndexRange", "positive": "Gt"}
    mentions = [i for i, h in enumerate(hypotheses) if named and re.search(rf"\b{re.escape(named)}\b", repr(h.prop))]
    for word, head in wanted.items():
        if word in words:
            return next((i for i in mentions if head in repr(hypotheses[i].prop)), None)
    return mentions[0] if len(mentions) == 1 else None


def _sides(inside: Values, s: Sentence, start: int) -> tuple[Term | None, Term | None]:
    """What the two sides come to: numbers, ``undefined``, ``infinite``, ``has variance $v$``."""
    tokens = s.tokens
    right = next(
        (i for i in range(start, len(tokens) - 2) if [t.low for t in tokens[i : i + 3]] == ["the", "right", "side"]),
        None,
    )
    if right is None:
        raise s.error("the right side is missing", len(tokens) - 1, ("the left side is $…$, the right side $…$",))
    return _side(inside, s, start + 3, right), _side(inside, s, right + 3, len(tokens))


def _side(inside: Values, s: Sentence, start: int, stop: int) -> Term | None:
    head = ""
    for i in range(start, stop):
        t = s.tokens[i]
        if t.kind == "math":
            value = inside.expression(s, i)
            return call(head, value) if head else value
        if t.low in ("undefined", "infinite"):
            return call(t.low.capitalize()) if t.low == "undefined" else call("Infinity")
        if t.low in ("true", "false"):
            return call(t.low.capitalize())
        if t.low in ("variance", "mean"):
            head = {"variance": "HasVariance", "mean": "HasMean"}[t.low]
        elif t.text == "(":
            break
        elif t.low not in ("is", "has", "a", "only", "still", "comes", "to", ",", "and", "the"):
            break
    raise s.error("this side is not understood", min(start, len(s.tokens) - 1), ("$2$", "undefined", "infinite"))
