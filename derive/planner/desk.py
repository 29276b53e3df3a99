"""What lies on the desk while one task is answered: its facts, its rules, the answers before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from derive.facts.facts import Facts
from derive.kernel.step import Step
from derive.language.model import Given, Problem, ReadError, Task
from derive.planner.library import Library
from derive.planner.methods.profiles import PROFILES
from derive.planner.solution import Answer
from derive.planner.values.value import Finder, Found
from derive.rulebook.model import Rule
from derive.terms import Term, free


class UnknownMethod(Exception):
    """``using`` names nothing."""

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.nearest = name, nearest

    def at(self, line: int) -> ReadError:
        return ReadError(f"No rule, chapter or method is called “{self.name}”.", line, 1, self.name, self.nearest)


@dataclass
class Desk:
    """One task and what may be used for it."""

    problem: Problem
    rulebook: Mapping[str, Rule]
    task: Task
    before: tuple[Answer, ...] = ()
    methods: bool = False
    shared: dict = field(default_factory=dict)  # what tasks of one document have in common
    extra: dict = field(default_factory=dict)
    constant: tuple[Term, ...] = ()  # dimensions that do not grow here

    @cached_property
    def facts(self) -> Facts:
        facts = Facts.of(self.problem, self.task.givens, self.task.definitions)
        return replace(facts, surely=True,
                       givens=(*facts.givens, *(Given(p, self.task.line, self.task.text, "task") for p in self.apart), *self.sizes))

    @property
    def sizes(self) -> tuple[Given, ...]:
        """What the task says by what it names: how large the entries of arrays show a size to be, where the arguments of densities run."""
        return self.task.local

    @property
    def apart(self) -> tuple[Term, ...]:
        r"""What the task says of its indices: ``for $i \ne j$``."""
        return tuple(Term("Ne", pair) for pair in self.task.distinct)

    @cached_property
    def finder(self) -> Finder:
        return Finder(Library.of(self.rulebook), keep=self.task.terms, found=() if self.methods or self.task.using or self.task.terms else self.found)

    @cached_property
    def meant(self) -> list[tuple[Answer, Term, Term]]:
        """The names that stand for what an earlier task has found: (answer, name, value).

        One that the document has declared as any number keeps that meaning, but where the question is about it alone.
        """
        out = []
        about = set().union(*(free(t) for t in self.task.objects))
        for a in self.before:
            u = a.task.unknown
            s = self.problem.symbols.get(u.name) if u is not None and u.head == "Sym" else None
            if a.task.kind == "constant" and a.status == "solved" and a.task.id != self.task.id and u is not None and a.result is not None and s is not None:
                if s.role == "unknown" or (about == {u} and self.task.kind != "constant"):
                    out.append((a, u, a.result))
        return out

    @property
    def found(self) -> tuple[tuple[str, tuple[Step, ...]], ...]:
        """What earlier tasks have found the value of, with nothing supposed that this task does not know: (task, its steps)."""
        return tuple((a.task.id, a.steps) for a in self.before
                     if a.status == "solved" and a.task.kind == "find" and len(a.task.objects) == 1 and a.steps
                     and not a.task.distinct and {g.prop for g in self.task.local}.issuperset(g.prop for g in a.task.local))  # fmt: skip

    @cached_property
    def asked(self) -> tuple[str, frozenset[str]] | None:
        """What ``using …`` names: a method, or the rules of which one must be used."""
        name = self.task.using
        if name is None:
            return None
        want = _plain(name)
        for m in PROFILES:
            if _plain(m) == want:
                return m, frozenset()
        names = frozenset(r.name for r in self.rulebook.values() if want in (_plain(r.name), _plain(r.chapter)))
        if names:
            return "", names
        from difflib import get_close_matches

        known = [*PROFILES, *{r.chapter for r in self.rulebook.values()}, *self.rulebook]
        near = get_close_matches(name, known, 3, 0.4)
        raise UnknownMethod(name, tuple(near) or tuple(PROFILES))

    def founds(self, line: Term, facts: Facts | None = None, finder: Finder | None = None) -> list[Found]:
        """Derivations of a value, cheapest first, with ``using …`` heeded."""
        finder, facts = finder or self.finder, facts or self.facts
        asked = self.asked
        if asked is None:
            k = ("founds", line, facts is self.facts and self.task.givens, self.task.definitions, finder.keep, finder.without, len(finder.found))
            if facts is not self.facts:
                return finder.all(line, facts)
            if k not in self.shared:
                self.shared[k] = finder.all(line, facts, every=self.methods)
            return self.shared[k]
        method, names = asked
        if method:
            return finder.all(line, facts, (method,))
        found = finder.all(line, facts)
        used = [f for f in found if names & set(_used(f))]
        if not used:
            # rules that are tried only when asked for
            rules = [replace(r, when_asked=False) if r.name in names else r for r in finder.library.rules]
            used = [f for f in replace(finder, library=Library(rules)).all(line, facts) if names & set(_used(f))]
        return used


def _used(f: Found) -> list[str]:
    return [r for s in f.steps for r in (s.rule, *(x.rule for x in s.steps))]


def _plain(s: str) -> str:
    return s.lower().replace("-", " ").strip()
