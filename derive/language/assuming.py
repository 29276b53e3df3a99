r"""What a sentence assumes: all of an `Assume`, or what a declaration says after ``with`` (``be fixed with $\mathrm{RMS}(h) = 1$``)."""

from __future__ import annotations

from derive.language.claims import stated
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.terms import Term
from derive.terms import shape as shape_of

APART = ("Independent", "PairwiseIndependent", "Iid", "IndependentEntries", "IidMembers")
OPENERS = (("with",), ("satisfying",), ("such", "that"), ("so", "that"))


def assume(reader: Reader, s: Sentence, start: int, stop: int) -> None:
    """Give what the tokens from ``start`` to ``stop`` claim."""
    _moments(reader, s, start, stop)
    for p in stated(reader, s, (start, stop), quantify=True):
        _possible(reader, s, p, start)
        reader.give(p, s, "assume")


def _possible(reader: Reader, s: Sentence, p: Term, start: int) -> None:
    """Two things that are drawn apart are not equal.

    Raises
    ------
    ReadError
        The sentence says that they are.
    """
    if p.head != "Eq" or any(a.head != "Sym" or reader.scope.role(a.name) != "random" for a in p.args) or p.args[0] == p.args[1]:
        return
    for g in reader.givens:
        if g.prop.head in APART and all(a in g.prop.args for a in p.args):
            a, b = (f"`{reader.scope.symbols[x.name].latex}`" for x in p.args)
            raise s.error(f"line {g.line} says that {a} and {b} are independent, and independent quantities are equal only where both are constant: "
                          "write the case in which they are equal as a document of its own", start)  # fmt: skip


def condition(reader: Reader, s: Sentence, start: int, stop: int) -> tuple[int, int] | None:
    """Where a declaration begins to say what holds of what it declares, and where that claim begins; None if it does not.

    Behind the word stands an equation for something made of the names, and not one more name.
    """
    for i in range(start + 1, stop - 1):
        opener = next((o for o in OPENERS if tuple(t.low for t in s.tokens[i : i + len(o)]) == o), None)
        if opener is not None and (claim := i + len(opener)) < stop and _compound(reader, s, claim):
            return (i - 1 if s.tokens[i - 1].text == "," else i), claim
    return None


def _compound(reader: Reader, s: Sentence, at: int) -> bool:
    if s.tokens[at].kind != "math":
        return False
    node = reader.maths.node(s.tokens[at], s)
    first = node.children[0] if node.kind == "list" else node
    return first.kind == "rel" and first.children[0].kind not in ("name", "sub", "list", "number")


def _moments(reader: Reader, s: Sentence, start: int, stop: int) -> None:
    """``Assume $\\mathbb{E}[x_1^4] = \\kappa$``: a name first met as a moment is declared by that."""
    for token in s.tokens[start:stop]:
        for node in reader.maths.parts(token, s) if token.kind == "math" else ():
            if node.kind != "rel" or node.text != "=" or node.children[0].kind != "product":
                continue
            head, right = node.children[0].children[0], node.children[1]
            if head.kind == "func" and head.text in ("Expect", "Var"):
                mean = head.text == "Expect"
                shape = shape_of(reader.maths.expression(node.children[0])) if mean else ()  # the mean of a vector is one
                reader.maths.parameter(right, "mean" if mean else "variance", shape)
