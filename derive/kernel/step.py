"""A step of a proof. Only the kernel makes one; everything after it only shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from derive.terms import Term

_SEAL = object()


class Refused(Exception):
    """A step that cannot be made; ``missing`` is the hypothesis, in words, where one is.

    Most refusals are read by nobody, so what they say may be given as a function, called when somebody does.
    """

    def __init__(self, why: str | Callable[[], str], missing: str | Callable[[], str] = "") -> None:
        super().__init__(why)
        self._why, self._missing = why, missing
        self.lacks = bool(missing)  # whether a hypothesis is named

    @property
    def why(self) -> str:
        return self._why if isinstance(self._why, str) else self._why()

    @property
    def missing(self) -> str:
        return self._missing if isinstance(self._missing, str) else self._missing()

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class Condition:
    """One hypothesis of a rule at one place: what it says here, and why it holds here.

    ``text`` and ``because`` are prose with ``$…$`` mathematics; ``facts`` name lines of the
    document ("line 3") or tasks ("task 1"); ``steps`` is a derivation of its own, if it needed one, in which ``apart`` is known.
    """

    text: str
    status: str  # "holds" or "assumed"
    because: str
    facts: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    apart: tuple[Term, ...] = ()  # indices that are different here


@dataclass(frozen=True)
class Checked:
    """What the referee did with a step."""

    how: str
    cases: int = 0
    because: str = ""

    UNSEEN: ClassVar[str] = "not yet looked at"


@dataclass(frozen=True)
class Step:
    """``before relation after`` by one rule at one place (or, with ``steps``, several together).

    ``rule`` is a rule's name, or a word without a dot for one of the kernel's computations.
    ``context`` is the whole line with the symbol ``Hole`` where the rule's side stands.
    """

    relation: str
    before: Term
    after: Term
    rule: str
    direction: str = "left to right"
    bindings: dict[str, Term] = field(default_factory=dict)
    context: Term | None = None
    why: str = ""
    conditions: tuple[Condition, ...] = ()
    checked: Checked = Checked("not evaluated", because=Checked.UNSEEN)
    steps: tuple[Step, ...] = ()
    id: str = ""
    part: int | None = None
    known: tuple[Term, ...] = ()  # given what the averages in both lines are taken, without saying so
    given: tuple[Term, ...] = ()  # given what the rule's averages are taken in both lines
    seal: Any = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("steps are made by the kernel only")

    def shown(self, **changes: Any) -> Step:
        """The same step with another ``why``, ``id``, ``part`` or ``checked`` (inside it too): never other mathematics."""
        assert not changes.keys() - {"why", "id", "part", "checked", "steps", "conditions"}
        pairs: tuple[tuple[Any, Any], ...] = ((self.steps, changes.get("steps")), (self.conditions, changes.get("conditions")))
        for mine, new in pairs:
            assert new is None or (len(new) == len(mine) and all(x is y or _mathematics(x) == _mathematics(y) for x, y in zip(new, mine, strict=True)))
        same = object.__new__(Step)  # `replace` would set every field anew, and a page has hundreds of steps
        vars(same).update(vars(self), **changes)
        return same


def _mathematics(x: Step | Condition) -> tuple:
    if isinstance(x, Step):
        return (x.relation, x.before, x.after, x.rule)
    return (x.text, x.status, x.because, *(_mathematics(s) for s in x.steps))
