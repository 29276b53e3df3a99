"""The sentences of tensor rematerialisation: the network, and what its operations cost."""

from __future__ import annotations

import re

from derive.language import forms
from derive.language.ast import Node
from derive.language.forms import Form
from derive.language.model import Definition, Symbol
from derive.language.reader import Reader
from derive.language.sentences import Sentence, Token
from derive.language.vocabulary import UNITS
from derive.terms import Term, call, sym

SHOWN = (
    "Consider a network of $L$ layers that stores the activation of every $k$th layer.",
    "Let a forward operation take $20$ ns, a memory load $10$ ns and a disk load $t$.",
    "Let storing an activation cost $c$ ns.",
    r"Let storing the activation of layer $\ell$ cost $2 \ell$ ns.",
)
_NETWORK = (
    Form("(consider|let|given|suppose) [there be] a [deep|neural] network (of|with) {layers:run} layers "
        "(that|which) stores the (activation|activations) of every {interval:run} layer", lambda: None),
)  # fmt: skip
COSTS = {
    ("forward", "operation"): "ForwardCost",
    ("memory", "load"): "LoadCost",
    ("disk", "load"): "DiskCost",
    ("storing", "an", "activation"): "StorageCost",
    ("storing", "the", "activation", "of", "layer"): "LayerStorageCost",  # with the letter that stands for the layer
}
_VERBS = frozenset({"take", "takes", "cost", "costs"})


def read(reader: Reader, s: Sentence) -> bool:
    """Read the sentence if it is one of these; False where it is not."""
    for form in _NETWORK:
        found, reached = forms.match(form, s)
        if found is not None:
            _network(reader, s, found)
            return True
        if any(t.low == "network" for t in s.tokens[:5]):
            raise s.error("this network is not understood", min(reached, len(s.tokens) - 1), SHOWN[:1])
    if forms.openers(s)[:1] and forms.openers(s)[0][0] in ("Let", "Assume") and _what(s, forms.openers(s)[0][1]):
        _costs(reader, s, forms.openers(s)[0][1])
        return True
    return False


def known(reader: Reader, s: Sentence) -> tuple[Term, Term]:
    """The network's layers and interval, for a task about it."""
    if reader.network is None:
        raise s.error("no network stands above", 0, (SHOWN[0],))
    return reader.network


def _network(reader: Reader, s: Sentence, found: forms.Found) -> None:
    if reader.network is not None:
        raise s.error("the document has a network already", 0)
    layers = _number(reader, s, s.tokens[slice(*found["layers"])], "the number of layers")
    interval = _number(reader, s, s.tokens[slice(*found["interval"])], "the interval")
    reader.network = layers, interval
    reader.give(call("Network", layers, interval), s, "let")


def _number(reader: Reader, s: Sentence, tokens: tuple[Token, ...], what: str) -> Term:
    """``10``, ``$L = 10$``, ``$5$th``, ``5th``: a number or a name; a name with ``=`` is defined by it."""
    token = tokens[0]
    tail = [t.low for t in tokens[1:]]
    if token.kind == "word" and (m := re.fullmatch(r"(\d+)(st|nd|rd|th)?", token.low)) and not tail:
        token = Token("math", m.group(1), token.start, token.start + len(m.group(1)))
    elif token.kind != "math" or tail not in ([], ["st"], ["nd"], ["rd"], ["th"], ["-th"], ["-", "th"]):
        raise s.document.source.error(f"{what} is not understood", token.start, token.text, SHOWN[:1])
    node = reader.maths.node(token, s)
    node = _without_ordinal(node)
    if node.kind == "rel" and node.text == "=":
        name, value = node.children
        reader.maths.sizes(value)
        body = whole(reader.maths.expression(value), value, what)
        symbol = sym(reader.maths.name(name))
        reader.declare(Symbol(symbol, "defined", s.line, name.source, integer=True), name, s)
        definition = Definition(symbol, body, s.line, s.text)
        reader.definitions.append(definition)
        reader.scope.define(definition)
        return body
    reader.maths.sizes(node)
    return whole(reader.maths.expression(node), node, what)


def whole(t: Term, node: Node, what: str) -> Term:
    """A number of layers, and an interval, is a positive integer."""
    if t.head == "Num" and (t.value.denominator != 1 or t.value < 1):
        raise node.error(f"{what} is a positive integer")
    return t


def _without_ordinal(node: Node) -> Node:
    r"""``k^{\text{th}}`` is ``k``."""
    if node.kind == "sup" and node.children[1].kind == "name" and node.children[1].text in ("th", "st", "nd", "rd"):
        return node.children[0]
    return node


def _what(s: Sentence, at: int) -> tuple[str, int] | None:
    """The operation named at a token, and the token behind it."""
    if at < len(s.tokens) and s.tokens[at].low in ("a", "each", "one", "every"):
        at += 1
    for words, head in COSTS.items():
        if tuple(t.low for t in s.tokens[at : at + len(words)]) == words:
            return head, at + len(words)
    return None


def _costs(reader: Reader, s: Sentence, at: int) -> None:
    while at < len(s.tokens):
        found = _what(s, at)
        if found is None:
            raise s.error("this cost is not understood", at, SHOWN[1:])
        head, at = found
        other = {"StorageCost": "LayerStorageCost", "LayerStorageCost": "StorageCost"}.get(head)
        if any(g.prop.head in (head, other) for g in reader.givens):
            raise s.error("what this costs is said above already", at - 1)
        layer = None
        if head == "LayerStorageCost":
            layer, at = _layer(reader, s, at), at + 1
        if at < len(s.tokens) and s.tokens[at].low in _VERBS:
            at += 1
        if at >= len(s.tokens) or not (s.tokens[at].kind == "math" or re.fullmatch(r"[\d.]+", s.tokens[at].text)):
            raise s.error("how long it takes is missing", at, SHOWN[1:])
        token = s.tokens[at]
        node = reader.maths.node(Token("math", token.text, token.start, token.end), s)
        if layer is None:
            reader.maths.parameter(node, "scale")
            reader.give(call(head, reader.maths.expression(node)), s, "let")
        else:
            reader.give(call(head, Term("Lambda", (layer, reader.maths.expression(node, bound=layer, upto=known(reader, s)[0])))), s, "let")
        at = _unit(reader, s, at + 1)
        while at < len(s.tokens) and (s.tokens[at].text == "," or s.tokens[at].low == "and"):
            at += 1


def _layer(reader: Reader, s: Sentence, at: int) -> Term:
    """The letter that stands for a layer, in what storing its activation costs."""
    if at >= len(s.tokens) or s.tokens[at].kind != "math":
        raise s.error("the letter that stands for the layer is missing", min(at, len(s.tokens) - 1), SHOWN[3:])
    token = s.tokens[at]
    node = reader.maths.node(Token("math", token.text, token.start, token.end), s)
    name = reader.maths.name(node)
    if reader.scope.lookup(name) is not None:
        raise node.error(f"`{node.source}` stands for something else already: take another letter for the layer")
    return sym(name)


def _unit(reader: Reader, s: Sentence, at: int) -> int:
    if at >= len(s.tokens) or s.tokens[at].kind != "word" or s.tokens[at].low == "and":
        return at
    unit = s.tokens[at].text
    if unit not in UNITS:
        raise s.error("this unit is not understood", at, UNITS)
    if reader.unit not in (None, unit):
        raise s.error(f"one unit a document: it has {reader.unit} above", at, (str(reader.unit),))
    reader.unit = unit
    return at + 1
