r"""`Let` sentences: the names that they declare, and the givens that makes.

A declaration is read in the order in which its parts need one another: the dimensions in its sets, the shape of each
name, the parameters first met in its laws and moments, the names themselves, then what is said of them.
"""

from __future__ import annotations

from derive.language.assuming import assume, condition
from derive.language.ast import Node
from derive.language.declare_names import Declaring
from derive.language.define import read_equation
from derive.language.predicates import Group, groups
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.language.subjects import Subject, subjects


def read_let(reader: Reader, sentence: Sentence, start: int) -> None:
    """Read what stands behind ``Let``."""
    stop = len(sentence.tokens)
    where = next((i for i in range(start, stop) if sentence.tokens[i].low == "where"), stop)
    told: set[str] = set()  # the names that this sentence has declared so far
    said = condition(reader, sentence, start, where)
    for group in groups(sentence, start, said[0] if said else where):
        _group(reader, sentence, group, told)
    if said:
        assume(reader, sentence, said[1], where)
    if where < stop:
        read_let(reader, sentence, where + 1)


def before_where(reader: Reader, s: Sentence, start: int) -> int:
    """Where a sentence's ``where`` begins, having read what it says (or the sentence's end)."""
    for i in range(len(s.tokens) - 1, start, -1):
        if s.tokens[i].low == "where":
            read_let(reader, s, i + 1)
            return i - 1 if s.tokens[i - 1].text == "," else i
    return len(s.tokens)


def _group(reader: Reader, sentence: Sentence, group: Group, told: set[str]) -> None:
    names: list[Subject] = []
    equations: list[Node] = []
    for token in group.subjects:
        node = reader.maths.node(token, sentence)
        parts = node.children if node.kind == "list" else (node,)
        if any(_defines(p) for p in parts):
            equations += [p for p in parts if _defines(p)]
            parts = tuple(p for p in parts if not _defines(p))
            names += [s for p in parts for s in subjects(p, reader.scope)]
        else:
            names += subjects(node, reader.scope)
    names = with_laws(names)
    again = [s for i, s in enumerate(names) if s.name in told | {n.name for n in names[:i]}]
    relations = dict.fromkeys(r for s in again for r in s.compared)  # `an integer $N$ with $N \\ge 2$`
    again = [s for s in again if any(r.where is s.node.where and r.start <= s.node.start < r.end for r in relations)]
    new = [s for s in names if s not in again]
    if new or (again and not Declaring.unsaid(group.said)):
        Declaring(reader, sentence, group, new or names).read()
        told.update(s.name for s in new)
    elif not again and not (equations and Declaring.unsaid(group.said)):
        raise sentence.error("this says something of names, and none stands before it", group.start)
    for relation in relations:
        for p in reader.maths.relation(relation):
            reader.give(p, sentence, "let")
    for equation in equations:
        read_equation(reader, sentence, equation)


def with_laws(names: list[Subject]) -> list[Subject]:
    r"""``Let $x \in \mathbb{R}^n$ with $x \sim p$``: one name, said twice."""
    out: list[Subject] = []
    for s in names:
        first = next((n for n in out if n.name == s.name and n.set is not None and n.law is None), None)
        if first is not None and s.law is not None and s.set is None:
            first.law, first.iid = s.law, s.iid
        else:
            out.append(s)
    return out


def _defines(node: Node) -> bool:
    """``Let $y = W x$``."""
    return node.kind == "rel" and node.text == "=" and node.children[0].kind != "list"
