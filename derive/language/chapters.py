r"""Rule chapters: a Markdown file as `Rule`s.

A rule is a heading with its name, the sentences of its statement (``Let …``, ``Assume …``, ``Then …``), and sections
that begin with a bold word: Why, Proof, Axiom, Definition, Cited, Fails without, Example, Source, Use. Its sentences
are those of problems (and some more); `proofs` and `instances` read the sections that hold mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from derive.language import declare, forms, instances, names, proofs
from derive.language.claims import stated
from derive.language.document import Block, Document
from derive.language.model import ReadError, Symbol
from derive.language.reader import Reader
from derive.language.scan import scan
from derive.language.sentences import sentences
from derive.language.statements import read_sentence
from derive.rulebook.model import Hypothesis, Instance, ProofPart, Rule, RuleKind, RuleName
from derive.terms import Term, call, free

SECTIONS = ("Why", "Proof", "Axiom", "Definition", "Cited", "Fails without", "Example", "Source", "Use")
KINDS: dict[str, RuleKind] = {"Proof": "proved", "Axiom": "axiom", "Definition": "definition", "Cited": "cited"}
ROLES = (
    "unfold", "fold", "linear", "factor", "expand", "split", "evaluate", "count", "collect", "shortcut", "change",
    "differentiate", "bound above", "bound below", "carry", "grow", "solve", "decide", "refute", "restate",
)  # fmt: skip
ABOUT_NAMES = ("Shapes", "RandomFunctions")  # what a name may stand for, and no hypothesis
_INLINE_MARK = re.compile(r"\*\*(" + "|".join(SECTIONS) + r")\.?\*\*[.:]?")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


@dataclass
class Section:
    """A section of a rule: its bold word, and the blocks of its text."""

    word: str
    blocks: list[Block] = field(default_factory=list)


def read_chapter(text: str, file: str | None = None) -> tuple[str, tuple[Rule, ...]]:
    """The title and the rules of a chapter.

    Raises
    ------
    ReadError
        At the first sentence, name or formula that is not understood.
    """
    document = scan(text, file)
    rules: list[Rule] = []
    heading: Block | None = None
    blocks: list[Block] = []
    for b in [*document.blocks, None]:
        if b is not None and b.kind != "heading":
            blocks.append(b)
            continue
        if b is None or b.label.startswith("##"):
            if heading is not None:
                rules.append(_rule(document, heading, blocks, file or ""))
            heading, blocks = b, []
    lines: dict[str, int] = {}
    for r in rules:
        if r.name in lines:
            raise ReadError(f"`{r.name}` stands on line {lines[r.name]} already", r.line, 1, r.name)
        lines[r.name] = r.line
    return document.title, tuple(rules)


def _split(document: Document, blocks: list[Block]) -> tuple[list[Block], list[Section]]:
    """The statement's blocks, and the sections; a bold word inside a line begins a section too."""
    statement: list[Block] = []
    out: list[Section] = []
    for b in blocks:
        if b.kind == "mark":
            out.append(Section(b.label))
        for piece in _pieces(document, b):
            if piece.kind == "mark" and piece is not b:
                out.append(Section(piece.label))
            (out[-1].blocks if out else statement).append(piece)
    for s in out:
        if s.word not in SECTIONS:
            at = s.blocks[0].start if s.blocks else 0
            raise document.source.error(f"`{s.word}` is no section of a rule", at, s.word, SECTIONS)
    return statement, out


def _pieces(document: Document, b: Block) -> Iterator[Block]:
    text, end = document.source.text, b.end
    first = b
    for m in _INLINE_MARK.finditer(text, b.start, end):
        if any(x.start < m.start() < x.end for x in document.maths_in(b.start, end)):
            continue
        document.text = document.text[: m.start()] + " " * (m.end() - m.start()) + document.text[m.end() :]
        first.end = m.start()
        yield first
        first = Block("mark", m.end(), end, m.group(1))
    yield first


def _rule(document: Document, heading: Block, blocks: list[Block], file: str) -> Rule:
    source = document.source
    name = source.text[heading.start : heading.end].strip().replace("\\_", "_")
    line, column = source.place(heading.start)
    if not _NAME.fullmatch(name):
        raise ReadError("a rule's name is lower-case words with dots", line, column, name, ("variance.of_product",))
    blocks = [replace(b) for b in blocks]
    statement, sections = _split(document, blocks)
    reader = Reader(document, rule=True)
    claim = _statement(reader, statement, name, line)
    kinds = [s.word for s in sections if s.word in KINDS]
    if len(kinds) != 1:
        raise ReadError(f"`{name}` needs one of **Proof**, **Axiom**, **Definition**, **Cited**", line, column, name)
    hypotheses = tuple(
        Hypothesis(g.prop, g.text, "assume" if g.kind == "assume" else "let")
        for g in reader.givens
        if not (g.prop.head == "In" and (g.prop.args[0] in reader.sizes or g.prop.args[1].head in ABOUT_NAMES))
    )  # fmt: skip
    parts: tuple[ProofPart, ...] = ()
    induction: Term | None = None
    proof_text = ""
    fails: list[Instance] = []
    examples: list[Instance] = []
    role, asked = "evaluate", False
    directions: tuple[str, ...] = ("left to right",)
    for s in sections:
        if s.word in KINDS:
            proof_text = _said(document, s)
            if s.word == "Proof":
                parts, induction = proofs.read_proof(reader, s.blocks, claim)
        elif s.word == "Fails without":
            fails.append(instances.read_failure(reader, s.blocks, hypotheses, _said(document, s)))
        elif s.word == "Example":
            examples += instances.read_examples(reader, s.blocks, _said(document, s))
        elif s.word == "Use":
            role, directions, asked = _use(document, s)
    texts = {s.word: _said(document, s) for s in sections}
    if not texts.get("Why"):
        raise ReadError(f"`{name}` has no **Why.**", line, column, name, ("**Why.** …",))
    return Rule(
        name, document.title, file, line, _names(reader), hypotheses, claim, KINDS[kinds[0]], texts["Why"],
        "\n\n".join(source.text[b.start : b.end].strip() for b in statement),
        parts, induction, proof_text, tuple(fails),
        tuple(examples), texts.get("Source", ""), role, directions, asked,
    )  # fmt: skip


def _said(document: Document, section: Section) -> str:
    return "\n\n".join(x for b in section.blocks if (x := document.source.text[b.start : b.end].strip()))


def _statement(reader: Reader, blocks: list[Block], name: str, line: int) -> Term:
    """Read Let, Assume, Define; the claim of the Then (or If) sentences."""
    claims: list[Term] = []
    for b in blocks:
        for s in sentences(reader.document, b):
            s = forms.normal(s)
            first = s.tokens[0].low
            if first in ("then", "if"):
                reader.open = s
                part = s if first == "if" else replace(s, tokens=s.tokens[1:])
                stop = declare.before_where(reader, part, 0)
                claims += stated(reader, part, (0, stop))
                _open_names(reader, claims, line)
            elif claims:
                raise s.error(
                    "after `Then` the sections of the rule begin", 0, tuple(f"**{x}.**" for x in SECTIONS[:5])
                )
            else:
                read_sentence(reader, s)
    if not claims:
        raise ReadError(f"`{name}` has no claim", line, 1, name, ("Then $… = …$.",))
    return claims[0] if len(claims) == 1 else call("And", *claims)


def _open_names(reader: Reader, claims: list[Term], line: int) -> None:
    """An index or argument that the claim leaves open is a name of the rule."""
    stand = {x.name: x for c in claims for x in free(c)}
    for key, found in reader.scope.indices.items():
        if key in stand and key not in reader.scope.symbols:
            reader.scope.declare(Symbol(stand[key], "index", line, names.latex(key), integer=True), found)
    for key, x in reader.scope.arguments.items():
        if key in stand and key not in reader.scope.symbols:
            reader.scope.declare(Symbol(x, "fixed", line, names.latex(key)))


def _names(reader: Reader) -> dict[str, RuleName]:
    """What may be put for each name of the rule."""
    sizing: set[Term] = set()
    for s in reader.scope.symbols.values():
        sort = s.term.sort
        axes = [
            *sort.shape[1 if s.family and s.term.name not in reader.tables else 0 :],
            *(d for t in sort.takes or () for d in t),
        ]
        if s.term.name in reader.tables:
            axes = []
        for d in axes:
            sizing |= free(d)
    out = {}
    shapes = {g.prop.args[0] for g in reader.givens if g.prop.head == "In" and g.prop.args[1].head == "Shapes"}
    chance = {g.prop.args[0] for g in reader.givens if g.prop.head == "In" and g.prop.args[1].head == "RandomFunctions"}
    for key, s in reader.scope.symbols.items():
        role = "shape" if s.term in shapes else _role(s, s.term in sizing, key in reader.scope.ranges)
        out[key] = RuleName(s.term, role, s.role == "random" or s.term in chance)
    return out


def _role(s: Symbol, sizes: bool, ranged: bool) -> str:
    if s.role in ("function", "density"):
        return "function" if s.role == "function" else "law"
    if s.family:
        return "family"
    if sizes:
        return "dimension"
    if ranged or s.role == "index":
        return "index"
    if s.integer:
        return "integer"
    return "random" if s.role == "random" else "value"


def _use(document: Document, section: Section) -> tuple[str, tuple[str, ...], bool]:
    said = re.sub(r"\([^()]*\)", "", re.sub(r"\$[^$]*\$", "", _said(document, section))).strip().rstrip(".")
    role, *more = [x.strip() for x in said.split(",")]
    at = section.blocks[0].start
    if role not in ROLES:
        raise document.source.error(f"`{role}` is no role", at, role, forms.nearest(role, ROLES))
    directions: tuple[str, ...] = ("left to right",)
    asked = False
    for word in more:
        if word == "right to left":
            directions = ("right to left",)
        elif word == "both ways":
            directions = ("left to right", "right to left")
        elif word == "when asked":
            asked = True
        elif word != "left to right":
            known = ("right to left", "both ways", "when asked")
            raise document.source.error(f"`{word}` is not understood in a Use", at, word, known)
    return role, directions, asked
