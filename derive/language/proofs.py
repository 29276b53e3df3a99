r"""Proofs of rules: chains of relations with their reasons, by induction, by cases, for any such thing.

A proof whose sentences have another form is kept as text: `read_proof` then gives no parts, and whoever checks the rule
says that nothing was checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.language import declare, elaborate, forms
from derive.language.claims import stated
from derive.language.document import Block
from derive.language.reader import Reader
from derive.language.sentences import Sentence, Token, sentences
from derive.language.working import JOINING, chains
from derive.rulebook.model import ProofLine, ProofPart
from derive.terms import Term, call

RELATIONS = {
    "Eq": "=", "Ne": "!=", "Le": "<=", "Lt": "<", "Ge": ">=", "Gt": ">", "Asym": "~", "Dist": "~", "Iff": "iff",
    "Implies": "implies",
}  # fmt: skip
_BARE = {"=": "Eq", r"\le": "Le", r"\ge": "Ge", r"\leq": "Le", r"\geq": "Ge", "<": "Lt", ">": "Gt"}


class NotStructured(Exception):
    """A proof has a form that is not read yet."""


@dataclass
class _Part:
    label: str = ""
    case: Term | None = None
    lines: list[ProofLine] = field(default_factory=list)


def read_proof(reader: Reader, blocks: list[Block], claim: Term) -> tuple[tuple[ProofPart, ...], Term | None]:
    """The parts of a proof and the name of its induction; no part where its form is not read.

    Raises
    ------
    ReadError
        Where the mathematics in it cannot be read.
    """
    symbols = dict(reader.scope.symbols)
    givens = list(reader.givens)
    try:
        proof = _Proof(reader, claim)
        for b in blocks:
            for s in sentences(reader.document, b):
                proof.sentence(forms.normal(s))
        parts = tuple(ProofPart(p.case, p.label, tuple(p.lines)) for p in proof.parts if p.lines or p.label)
        return parts, proof.induction
    except NotStructured:
        return (), None
    finally:
        reader.scope.symbols.clear()
        reader.scope.symbols.update(symbols)
        reader.givens[:] = givens


class _Proof:
    """The proof read so far."""

    def __init__(self, reader: Reader, claim: Term) -> None:
        self.reader, self.claim = reader, claim
        self.parts = [_Part()]
        self.induction: Term | None = None
        self.last: Term | None = claim.args[0] if claim.head in RELATIONS else None
        self.waiting: list[tuple[Term, int]] = []  # relations whose reason has not come yet

    def sentence(self, s: Sentence) -> None:
        self.reader.open = s
        words = [t.low for t in s.tokens]
        if words[:2] == ["by", "induction"] and len(words) > 3:
            self.induction = self.reader.maths.expression(self.reader.maths.node(s.tokens[3], s))
            rest = 4
        elif words[:2] == ["by", "cases"]:
            rest = 2
        else:
            rest = 0
        if rest < len(s.tokens):
            self.run(s, rest)
        self.flush("")

    def run(self, s: Sentence, start: int) -> None:
        first = s.tokens[start].low
        if first == "for" and (
            colon := next((i for i in range(start, len(s.tokens)) if s.tokens[i].text == ":"), None)
        ):
            self.case(s, start + 1, colon)
            start = colon + 1
        elif first == "let":
            self.part(s.text, None)
            declare.read_let(self.reader, s, start + 1)
            return
        elif first == "take":
            self.take(s, start + 1)
            return
        if any(t.low in ("are", "has", "have") for t in s.tokens[start:]):
            self.conclusion(s, start)
        else:
            self.chain(s, start)

    def conclusion(self, s: Sentence, start: int) -> None:
        """``Hence $X$ and $Y$ are uncorrelated by uncorrelated.definition.``: what the line before implies."""
        while start < len(s.tokens) and s.tokens[start].low in JOINING:
            start += 1
        by = next((i for i in range(len(s.tokens) - 1, start, -1) if s.tokens[i].low == "by"), None)
        if by is None or not self.parts[-1].lines or s.tokens[start].kind != "math":
            raise NotStructured
        stop = by - 1 if s.tokens[by - 1].text == "," else by
        said = stated(self.reader, replace(s, tokens=s.tokens[:stop]), (start, stop))
        last = self.parts[-1].lines[-1]
        heads = {v: k for k, v in RELATIONS.items() if k != "Dist"}
        if last.relation not in heads:
            raise NotStructured
        after = said[0] if len(said) == 1 else call("And", *said)
        before = last.after if last.relation == "implies" else call(heads[last.relation], last.before, last.after)
        reason = s.words_all(by + 1, len(s.tokens)).replace("\\_", "_")
        line = self.reader.source.place(s.tokens[start].start)[0]
        self.parts[-1].lines.append(ProofLine("implies", before, after, reason, line))

    def case(self, s: Sentence, start: int, stop: int) -> None:
        tokens = s.tokens[start:stop]
        label = " and ".join(t.text.strip() for t in tokens if t.kind == "math")
        node = self.reader.maths.node(tokens[0], s)
        if len(tokens) == 1 and node.kind != "rel":
            self.part(label, self.reader.maths.expression(node))
            return
        props = stated(self.reader, replace(s, tokens=s.tokens[:stop]), (start, stop))
        self.part(label, props[0] if len(props) == 1 else call("And", *props))

    def part(self, label: str, case: Term | None) -> None:
        if self.parts[-1].lines or self.parts[-1].label:
            self.parts.append(_Part())
        self.parts[-1].label, self.parts[-1].case = label, case
        self.last = self.claim.args[0] if self.claim.head in RELATIONS and case is None else None

    def take(self, s: Sentence, start: int) -> None:
        """``Take $c, C > 0$ with $…$, by rule.``: from here on the names have what is said of them."""
        by = next((i for i in range(len(s.tokens) - 1, start, -1) if s.tokens[i].low == "by"), None)
        within = next((i for i in range(start, len(s.tokens)) if s.tokens[i].low in ("with", "such")), None)
        if by is None or within is None:
            raise NotStructured
        declare.read_let(self.reader, replace(s, tokens=s.tokens[:within]), start)
        skip = 2 if s.tokens[within].low == "such" else 1
        stop = by - 1 if s.tokens[by - 1].text == "," else by
        props = stated(self.reader, replace(s, tokens=s.tokens[:stop]), (within + skip, stop))
        self.part(s.text, props[0] if len(props) == 1 else call("And", *props))

    def chain(self, s: Sentence, start: int) -> None:
        i = start
        tokens = s.tokens
        while i < len(tokens):
            t = tokens[i]
            if t.kind == "math":
                i = self.formula(s, i)
            elif t.low in ("by", "from"):
                end = i + 1
                while end < len(tokens) and tokens[end].kind != "math" and tokens[end].text not in (",", ";"):
                    end += 1
                if end < len(tokens) and tokens[end].kind == "math" and tokens[end - 1].low == "of":
                    end += 1  # by definition of $y$
                self.flush(s.words_all(i + 1, end).replace("\\_", "_"))
                i = end
            elif t.low in JOINING or t.text in (";", "(", ")"):
                i += 1
            else:
                raise NotStructured
        return

    def formula(self, s: Sentence, i: int) -> int:
        """The relations of one formula; the token behind it."""
        token = s.tokens[i]
        bare = _BARE.get(token.text.strip())
        if bare is not None:
            if [t.low for t in s.tokens[i + 1 : i + 3]] != ["right", "side"] or self.last is None:
                raise NotStructured
            self.waiting.append((call(bare, self.last, self.claim.args[1]), self.reader.source.place(token.start)[0]))
            self.last = self.claim.args[1]
            return i + 3
        self.reader.maths.forget()
        for chain in chains(token):
            inner = Token("math", chain.text, chain.start, chain.start + len(chain.text))
            node = self.reader.maths.node(inner, s)
            first = None
            if node.kind != "rel":
                if self.waiting:
                    raise NotStructured
                self.last = self.reader.maths.expression(node)
                continue
            if node.children[0].kind == "none":
                if self.last is None:
                    raise node.error("nothing stands before this relation")
                first = self.last
            props = elaborate.chain(node, self.reader.maths.scope, first)
            rights = node.children[1:]
            for k, prop in enumerate(props):
                if prop.head not in RELATIONS:
                    raise NotStructured
                at = chain.start + (rights[k].start if len(rights) == len(props) else 0)
                row = next((r for r in reversed(chain.rows) if r.start <= at), chain.rows[0])
                self.waiting.append((prop, self.reader.source.place(at)[0]))
                self.last = prop.args[1]
                if row.citation:
                    self.flush(row.citation.removeprefix("by ").strip())
        return i + 1

    def flush(self, reason: str) -> None:
        """Give the waiting relations their reason."""
        for prop, line in self.waiting:
            relation = RELATIONS[prop.head]
            after = prop.args[1]
            if prop.head == "Eq" and after.head in ("Theta", "BigO", "BigOmega"):
                relation = {"Theta": "Theta", "BigO": "O", "BigOmega": "Omega"}[after.head]
            self.parts[-1].lines.append(ProofLine(relation, prop.args[0], after, reason, line))
        self.waiting.clear()
