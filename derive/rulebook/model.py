"""A rule, as its text says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from derive.terms import Term
from derive.terms.walk import heads, mask

RuleKind = Literal["axiom", "definition", "cited", "proved"]


@dataclass(frozen=True)
class RuleName:
    """A declared name of a rule: what may be put for it.

    role : "value" (fixed unless said random), "random", "function", "family" (``X_1, …, X_n``: X has a leading
        axis of size n), "dimension" (a size that arrays have), "shape" (``theta in R^P`` is a number or any array),
        "integer" (a number), "index" (``k in {1, …, n}``), "law".
    """

    term: Term
    role: str
    random: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """A condition of a rule: its proposition, and its own words."""

    prop: Term
    text: str
    kind: Literal["let", "assume"] = "assume"


@dataclass(frozen=True)
class ProofLine:
    """``before relation after`` by ``reason`` (a rule's name, ``algebra``, ``induction``, …)."""

    relation: str
    before: Term
    after: Term
    reason: str
    line: int


@dataclass(frozen=True)
class ProofPart:
    """A chain under one heading: "" for a plain proof, ``n = 0``, ``n + 1``, or a case."""

    case: Term | None
    label: str
    lines: tuple[ProofLine, ...]


@dataclass(frozen=True)
class Instance:
    """A ``Fails without`` or an ``Example``: values for names, and what both sides come to.

    values : name -> term or law (`Dist` givens in ``givens``), as the text says.
    """

    text: str
    without: str = ""
    hypothesis: int | None = None  # index in Rule.hypotheses, None for "a fixed" and the like
    givens: tuple[Term, ...] = ()
    values: dict[str, Term] = field(default_factory=dict)
    left: Term | None = None
    right: Term | None = None
    claim: Term | None = None  # of an Example: the proposition that must come out
    cited: bool = False


@dataclass(frozen=True)
class Rule:
    """A paragraph of a chapter."""

    name: str
    chapter: str  # the chapter's title
    file: str
    line: int
    names: dict[str, RuleName]
    hypotheses: tuple[Hypothesis, ...]
    claim: Term  # Eq, Le, …, Iff, Dist, And of them
    kind: RuleKind
    why: str
    statement: str  # the Let … Then … text, Markdown, as written
    proof: tuple[ProofPart, ...] = ()
    induction: Term | None = None
    proof_text: str = ""
    fails: tuple[Instance, ...] = ()
    examples: tuple[Instance, ...] = ()
    source: str = ""
    role: str = "evaluate"
    directions: tuple[str, ...] = ("left to right",)
    when_asked: bool = False

    # What follows from the text, worked out once.
    @cached_property
    def by_term(self) -> dict[Term, str]:
        """The names of the rule by their symbols."""
        return {n.term: name for name, n in self.names.items()}

    @cached_property
    def chance(self) -> bool:
        """Whether the claim speaks of chance, so that it matters which names are fixed."""
        return heads(self.claim) & mask("Expect", "Var", "Cov", "Prob", "Dist") != 0

    @cached_property
    def grows(self) -> bool:
        """Whether the claim says how something grows: of something random, how its mean size does."""
        return heads(self.claim) & mask("Theta", "BigO", "BigOmega") != 0

    @cached_property
    def axes(self) -> dict[str, int]:
        """Of every name, how many leading indices run over counts, not over sizes of arrays."""
        out: dict[str, int] = {}
        for name, n in self.names.items():
            sizes = [d.head == "Sym" and d.name in self.names and self.names[d.name].role in ("dimension", "shape") for d in n.term.sort.shape]
            out[name] = sizes.index(True) if True in sizes else len(sizes)
        return out
