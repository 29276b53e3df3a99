"""All rules in the order of their chapters, found by name, chapter or role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from derive.rulebook.model import Rule


class Chapter(NamedTuple):
    """A chapter: its title, its file, and the names of its rules in order."""

    title: str
    file: str
    names: tuple[str, ...]


class RuleBook(Mapping[str, Rule]):
    """Rules by name, in the order in which they are written; nothing in it changes."""

    def __init__(self, chapters: Iterable[tuple[str, str, tuple[Rule, ...]]] = ()) -> None:
        self._rules: dict[str, Rule] = {}
        made = []
        for title, file, rules in chapters:
            for r in rules:
                if r.name in self._rules:
                    raise ValueError(f"two rules are called {r.name}")
                self._rules[r.name] = r
            made.append(Chapter(title, file, tuple(r.name for r in rules)))
        self.chapters: tuple[Chapter, ...] = tuple(made)
        self._roles: dict[str, tuple[Rule, ...]] | None = None
        self.kept: dict[str, Any] = {}  # what is worked out of all rules together, once, by who uses them

    def __getitem__(self, name: str) -> Rule:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def __repr__(self) -> str:
        return f"RuleBook({len(self.chapters)} chapters, {len(self)} rules)"

    def by_role(self, role: str) -> tuple[Rule, ...]:
        """The rules that the planner uses as ``role``, in order."""
        if self._roles is None:
            roles: dict[str, tuple[Rule, ...]] = {}
            for r in self._rules.values():
                roles[r.role] = (*roles.get(r.role, ()), r)
            self._roles = roles
        return self._roles.get(role, ())

    def chapter(self, name: str) -> tuple[Rule, ...]:
        """The rules of the chapter with this title or file name, else of those whose title has these words; or none.

        Case, hyphens and underscores do not matter.
        """
        want = plain(name)
        if not want:
            return ()
        found = [c for c in self.chapters if want in (plain(c.title), plain(_stem(c.file)))]
        if not found:
            words = set(want.split())
            found = [c for c in self.chapters if words <= set(plain(c.title).split())]
        return tuple(self._rules[n] for c in found for n in c.names)

    def nearest(self, name: str, count: int = 5) -> tuple[str, ...]:
        """Names of rules like this one, the likest first: alike in spelling, or sharing what stands after a dot."""
        from difflib import SequenceMatcher

        want = plain(name.replace(".", " "))
        if not want:
            return ()
        words = set(want.split())
        scored = []
        for order, n in enumerate(self._rules):
            other = plain(n.replace(".", " "))
            likeness = SequenceMatcher(None, want, other).ratio()
            shared = words & set(other.split()) - {"of"}
            score = likeness + 0.5 * len(shared) / len(words)
            if score >= 0.6:
                scored.append((-score, order, n))
        return tuple(n for _, _, n in sorted(scored)[:count])


def plain(text: str) -> str:
    """A title or name without case, hyphens, underscores and commas."""
    return " ".join(re.sub(r"[-_,\s]+", " ", text).casefold().split())


def _stem(file: str) -> str:
    """A chapter's file name without folder, number and ending."""
    return re.sub(r"^\d+[-_ ]*|\.md$", "", re.split(r"[\\/]", file)[-1])
