r"""Which module reads a sentence: declarations, assumptions, definitions and tasks, each by the word that opens it."""

from __future__ import annotations

from collections.abc import Callable

from derive.language import declare, define, forms, network, tasks
from derive.language.assuming import assume
from derive.language.model import ReadError
from derive.language.reader import Reader
from derive.language.sentences import Sentence
from derive.language.subjects import undeclared

# Forms of the sentences that are no tasks, for messages; the tasks' are in `tasks.TASK_FORMS`.
DECLARATION_FORMS = (
    "Let $x \\in \\mathbb{R}^n$ be fixed.",
    "Let $X$ be a random variable with mean $…$ and variance $…$.",
    "Let $x \\sim \\mathcal{N}(0, 1)$.",
    "Let $W \\in \\mathbb{R}^{n \\times m}$ have i.i.d. entries $W_{ij} \\sim \\mathcal{N}(0, 1)$.",
    "Let $f : \\mathbb{R}^n \\to \\mathbb{R}$ be differentiable.",
    "Let $p$ be a probability density on $\\mathbb{R}^n$.",
    "Assume $…$ and $…$ are independent.",
    "Assume $… = …$.",
    "Assume differentiation and integration may be exchanged.",
    "Define $y = …$.",
    *network.SHOWN,
)


def read_sentence(reader: Reader, s: Sentence) -> None:
    """Read one sentence.

    Raises
    ------
    ReadError
        Where it is not one of the known forms.
    """
    s = forms.normal(s)
    reader.open = s
    opened = forms.openers(s)
    said = [name for name, _ in opened]
    if opened and opened[0][1] == len(s.tokens):
        raise s.error("this sentence says nothing yet", 0, forms.nearest(s.text, DECLARATION_FORMS))
    if network.read(reader, s):
        reader.declarations.append((s.text, s.line))
    elif any(name in tasks.OPENERS for name in said):
        tasks.read_task(reader, s)
    elif kind := _statement(reader, s, opened):
        kind()
        reader.declarations.append((s.text, s.line))
    else:
        raise _not_understood(s)
    for needed in reader.large_enough():
        reader.give(needed, s, "let")


def _statement(reader: Reader, s: Sentence, opened: list[tuple[str, int]]) -> Callable[[], None] | None:
    """How to read a declaration, assumption or definition; None where the sentence is none."""
    for name, start in opened:
        if name in ("Let", "Assume") and s.tokens[0].low != "let":
            if name == "Assume" and s.tokens[0].low in ("assume", "assuming"):
                return lambda start=start: assume(reader, s, start, declare.before_where(reader, s, start))  # type: ignore[misc]
            # `Suppose`, `Given`, `Consider` declare what is new and assume what is not.
            if _declares(reader, s, start):
                return lambda start=start: declare.read_let(reader, s, start)  # type: ignore[misc]
            return lambda start=start: assume(reader, s, start, declare.before_where(reader, s, start))  # type: ignore[misc]
        if name == "Let":
            return lambda start=start: declare.read_let(reader, s, start)  # type: ignore[misc]
        if name == "Define":
            return lambda start=start: define.read_define(reader, s, start, declare.before_where(reader, s, start))  # type: ignore[misc]
    return None


def _declares(reader: Reader, s: Sentence, start: int) -> bool:
    """Whether a sentence speaks first of a name that is not declared yet."""
    first = next((t for t in s.tokens[start:] if t.kind == "math"), None)
    if first is None:
        return False
    heads = [reader.maths.node(first, s)]
    while any(h.kind in ("rel", "list", "map") for h in heads):
        heads = [c for h in heads for c in (h.children if h.kind in ("rel", "list") else h.children[:1])]
    named = [h for h in heads if h.kind in ("name", "sub")]
    return any(True for h in named for _ in undeclared(h, reader.scope))


def _not_understood(s: Sentence) -> ReadError:
    known = (*DECLARATION_FORMS, *tasks.shown_forms())
    near = forms.nearest(s.text, known)
    return s.error("this sentence is not understood", 0, near)
