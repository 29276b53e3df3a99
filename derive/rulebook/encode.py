"""The compiled form of chapters: lines of JSON, in which each subterm stands once.

The first line holds what every derivation looks at (names, hypotheses, claim, role); then each rule has a line with its
texts, proof and instances, which is read when someone asks for them. A term is a number: its place in the table of the
first line, continued by that of the rule's own line. Strings, true, false and null are themselves; every other value is a
list that begins with what it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from fractions import Fraction
from typing import Any

from derive.rulebook.model import Hypothesis, Instance, ProofLine, ProofPart, Rule, RuleName
from derive.terms import Sort, Term

Chapters = list[tuple[str, str, tuple[Rule, ...]]]  # title, file, rules

LATER = ("why", "statement", "source", "proof_text", "proof", "induction", "fails", "examples")
AT_ONCE = tuple(f.name for f in fields(Rule) if f.name not in (*LATER, "chapter", "file"))
_CLASSES: dict[str, Any] = {c.__name__: c for c in (Hypothesis, Instance, ProofLine, ProofPart, RuleName)}
_FIELDS = {c: tuple(f.name for f in fields(c)) for c in _CLASSES.values()}
_CITED = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


def citations(rule: Rule) -> tuple[tuple[str, int], ...]:
    """(name, line) of whatever a rule's proof names as a rule might be named; words and computations among them."""
    if isinstance(rule, CompiledRule):
        return rule.cited
    if rule.kind != "proved":
        return ()
    found: dict[str, int] = {}
    for part in rule.proof:
        for said in part.lines:
            for m in _CITED.finditer(said.reason):
                found.setdefault(m[0], said.line)
    for m in _CITED.finditer(rule.proof_text.replace("\\_", "_")):  # also what no line was made of
        if "." in m[0]:
            found.setdefault(m[0], rule.line)
    return tuple(found.items())


class CompiledRule(Rule):
    """A rule whose texts, proof and instances are decoded when asked for."""

    cited: tuple[tuple[str, int], ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rule):
            return NotImplemented
        return all(getattr(self, f.name) == getattr(other, f.name) for f in fields(Rule))

    __hash__ = Rule.__hash__


class _Later:
    """A field decoded when first asked for; the value then stands in the rule itself."""

    def __init__(self, place: int, name: str) -> None:
        self.place, self.name = place, name

    def __get__(self, rule: CompiledRule | None, owner: type) -> Any:
        if rule is None:
            raise AttributeError(self.name)  # no default for the class: `Rule` has them
        state = rule.__dict__
        said = state["_line"]
        if isinstance(said, bytes):
            said = state["_line"] = json.loads(said)
        raw = said[self.place]
        if isinstance(raw, list | int):
            if "_terms" not in state:
                state["_terms"] = _terms(said[len(LATER)], state["_common"])
            raw = _value(raw, state["_terms"])
        state[self.name] = raw
        return raw


for _place, _name in enumerate(LATER):
    setattr(CompiledRule, _name, _Later(_place, _name))


class _Table:
    """Terms with their places; ``after`` continues another table."""

    def __init__(self, after: _Table | None = None) -> None:
        self.places: dict[Term, int] = dict(after.places) if after else {}
        self.rows: list[Any] = []

    def place(self, t: Term) -> int:
        found = self.places.get(t)
        if found is not None:
            return found
        row: Any
        if t.head == "Num":
            row = str(t.value)
        elif t.head == "Sym":
            takes = t.sort.takes
            shapes = [[self.place(d) for d in s] for s in (t.sort.shape, *(takes or ()))]
            row = ["", t.name, takes is not None, *shapes]
        else:
            row = [t.head, *(self.place(a) for a in t.args)]
        self.rows.append(row)
        self.places[t] = out = len(self.places)
        return out

    def value(self, x: Any) -> Any:
        if x is None or isinstance(x, str | bool):
            return x
        if isinstance(x, Term):
            return self.place(x)
        if isinstance(x, int):
            return ["int", x]
        if isinstance(x, tuple):
            return ["", *(self.value(y) for y in x)]
        if isinstance(x, dict):
            return ["dict", *((k, self.value(y)) for k, y in x.items())]
        return [type(x).__name__, *(self.value(getattr(x, f)) for f in _FIELDS[type(x)])]


def _terms(rows: list[Any], common: list[Term]) -> list[Term]:
    """The terms of a table that continues ``common``."""
    out = list(common)
    for row in rows:
        if isinstance(row, str):
            args: tuple = (Fraction(row),)
            out.append(Term("Num", args))
        elif row[0]:
            out.append(Term(row[0], tuple([out[i] for i in row[1:]])))
        else:
            shapes = [tuple([out[i] for i in s]) for s in row[3:]]
            out.append(Term("Sym", (row[1], Sort(shapes[0], tuple(shapes[1:]) if row[2] else None))))
    return out


def _value(raw: Any, terms: list[Term]) -> Any:
    if isinstance(raw, list):
        kind = raw[0]
        if kind == "":
            return tuple([_value(x, terms) for x in raw[1:]])
        if kind == "int":
            return raw[1]
        if kind == "dict":
            return {k: _value(x, terms) for k, x in raw[1:]}
        return _CLASSES[kind](*[_value(x, terms) for x in raw[1:]])
    if isinstance(raw, int) and not isinstance(raw, bool):
        return terms[raw]
    return raw


def encode(chapters: Iterable[tuple[str, str, tuple[Rule, ...]]]) -> bytes:
    """Chapters as lines of JSON; of a file only the name is kept."""
    chapters = list(chapters)
    common = _Table()
    book: list[Any] = []
    for title, file, rules in chapters:
        rows = [
            [*(common.value(getattr(r, f)) for f in AT_ONCE), common.value(citations(r))] for r in rules
        ]  # fmt: skip
        book.append([title, re.split(r"[\\/]", file)[-1], rows])
    lines = [{"terms": common.rows, "chapters": book}, *(_line(r, common) for c in chapters for r in c[2])]
    return b"\n".join(json.dumps(x, ensure_ascii=False, separators=(",", ":")).encode() for x in lines)


def _line(rule: Rule, common: _Table) -> list[Any]:
    own = _Table(common)
    return [*(own.value(getattr(rule, f)) for f in LATER), own.rows]


def decode(data: bytes, folder: str) -> Chapters:
    """Chapters of ``folder`` from what `encode` made of them."""
    first, *lines = data.split(b"\n")
    head = json.loads(first)
    terms = _terms(head["terms"], [])
    out: Chapters = []
    line = iter(lines)
    for title, name, rows in head["chapters"]:
        file = f"{folder}/{name}" if folder else name
        rules = []
        for row in rows:
            rule = object.__new__(CompiledRule)
            state = rule.__dict__
            for f, raw in zip(AT_ONCE, row, strict=False):
                state[f] = _value(raw, terms)
            state.update(
                chapter=title, file=file, cited=_value(row[-1], terms), _line=next(line), _common=terms,
            )  # fmt: skip
            rules.append(rule)
        out.append((title, file, tuple(rules)))
    return out
