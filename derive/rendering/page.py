"""What a page shows: plain frozen data, from which every format is made."""

from __future__ import annotations

from dataclasses import dataclass

from derive.rendering.prose import Prose


@dataclass(frozen=True)
class Line:
    """A sentence of the problem, with its line in the document."""

    number: int
    text: Prose


@dataclass(frozen=True)
class ConditionView:
    text: Prose
    because: Prose
    assumed: bool
    chains: tuple[Chain, ...] = ()


@dataclass(frozen=True)
class StepView:
    """One line of a derivation. ``relation`` and ``line`` are LaTeX; ``name`` is the rule's, ``title`` its words."""

    id: str
    anchor: str
    relation: str
    line: str
    name: str
    title: Prose
    rule_known: bool
    growth: bool
    backwards: bool
    why: Prose
    conditions: tuple[ConditionView, ...]
    checked: str
    chains: tuple[Chain, ...]

    @property
    def told(self) -> bool:
        """Whether there is anything to say under the line."""
        return bool(self.why or self.conditions or self.checked or self.chains)


@dataclass(frozen=True)
class Chain:
    """Lines that follow one another from ``first``; ``statements`` where the lines are propositions."""

    first: str
    steps: tuple[StepView, ...]
    statements: bool = False
    part: int | None = None


@dataclass(frozen=True)
class EvidenceView:
    where: tuple[str, ...]  # LaTeX: "d_1 = 2"
    quantity: Prose
    left: str
    right: str
    note: Prose


@dataclass(frozen=True)
class TableView:
    """Cells as prose; ``sources`` are the tasks that the columns come from."""

    heading: tuple[Prose, ...]
    rows: tuple[tuple[Prose, ...], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PictureView:
    """A picture, drawn. ``alt`` says in plain words what is seen; ``svg`` stands in the page, ``file`` is the name of one beside it."""

    name: str
    alt: str
    caption: Prose
    svg: str = ""
    file: str = ""


@dataclass(frozen=True)
class TaskView:
    """``verdict`` is the first word a reader sees; ``good`` whether what was asked was answered."""

    id: str
    statement: Prose
    verdict: str
    good: bool
    answer: str
    notes: tuple[Prose, ...]
    method: str
    assumed: tuple[Prose, ...]
    reason: Prose
    missing: Prose
    evidence: EvidenceView | None
    table: TableView | None
    chains: tuple[Chain, ...]
    alternatives: tuple[TaskView, ...] = ()
    pictures: tuple[PictureView, ...] = ()

    @property
    def solved(self) -> bool:
        return bool(self.answer or self.table)


@dataclass(frozen=True)
class RuleView:
    """A rule's words, as its chapter has them."""

    name: str
    title: str
    kind: str
    chapter: str
    statement: Prose
    why: Prose
    proof: Prose
    fails: tuple[Prose, ...]
    examples: tuple[Prose, ...]
    source: Prose


@dataclass(frozen=True)
class Page:
    title: str
    file: str
    source: str
    given: tuple[Line, ...]
    questions: tuple[Line, ...]
    tasks: tuple[TaskView, ...]
    rules: tuple[RuleView, ...]

    @property
    def pictured(self) -> bool:
        return any(t.pictures for t in self.tasks)


@dataclass(frozen=True)
class ExplanationPage:
    """One step, opened."""

    title: Prose
    file: str
    step: StepView
    before: str
    rule: RuleView | None
    computation: Prose
    statement: str
    bindings: tuple[tuple[str, str], ...]  # LaTeX
    without: tuple[Prose, ...]
    proof: tuple[Chain, ...]
    example: Prose
    rules: tuple[RuleView, ...]
    given: tuple[Line, ...] = ()

    @property
    def chain(self) -> Chain:
        """The step as a derivation of one line."""
        return Chain(self.before, (self.step,))
