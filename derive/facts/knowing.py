"""What is known of chance when some of it is known: the facts under ``E[· | Y]``.

The things known are then fixed, what is independent of them keeps its distribution, and of all other random things
nothing is known any more (R. Durrett, Probability: Theory and Examples, 5th ed., §4.1, examples 4.1.4 and 4.1.7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.facts.facts import CLOSED, Facts, atoms
from derive.facts.independence import separate
from derive.facts.verdict import Verdict, yes
from derive.language.model import Given
from derive.terms import Term, free, subterms

# What is said of a value itself, and so stays true whatever else is known.
SURE = frozenset({"Gt", "Ge", "Lt", "Le", "Ne", "In", "Eq", "FiniteMeanOnly", "InfiniteVariance"})
ABOUT_SOURCES = frozenset({"Independent", "Iid", "IndependentEntries"})


def knowing(facts: Facts, known: tuple[Term, ...], body: Term) -> Facts | None:
    """The facts about ``body`` when ``known`` is; None where they are not those of some world without it.

    ``Facts.kept`` of what comes back says what keeps its distribution, and ``Facts.keeps`` why.
    """
    k = ("knowing", known, body)
    if k not in facts.here:
        facts.here[k] = _knowing(facts, known, body)
    got: Facts | None = facts.here[k]
    return got


def _knowing(facts: Facts, known: tuple[Term, ...], body: Term) -> Facts | None:
    if facts.known or any(y.head in SURE or y.head in CLOSED for y in known) or any(u.head in CLOSED for u in subterms(body)):
        return None
    behind = _sources(facts, known)
    named = {y for y in known if y in facts.definitions and not facts.definitions[y].params and not facts.definitions[y].index}
    whole = {y for y in known if facts.is_source(y)} | named
    definitions = {s: d for s, d in facts.definitions.items() if s not in named}
    symbols = {n: replace(s, role="fixed") if s.term in whole else s for n, s in facts.symbols.items()}
    bare = replace(facts, symbols=symbols, definitions=definitions, cache={})
    mine, kept, keeps = _independent_of(facts, _sources(bare, (body,)) - behind, behind)
    givens = tuple(h for g in facts.givens if (h := _still(facts, g, mine)) is not None)
    return replace(bare, givens=givens, known=known, kept=kept, keeps=keeps, cache={})


def _sources(facts: Facts, terms: Iterable[Term]) -> frozenset[Term]:
    return frozenset(a.source for t in terms for a in atoms(facts, t)[0])


def _independent_of(facts: Facts, some: frozenset[Term], behind: frozenset[Term]) -> tuple[frozenset[Term], str, Verdict]:
    """The sources that are together independent of all that is known: as many as can be shown to be."""
    kept: frozenset[Term] = frozenset()
    keeps = yes("")
    for more in [some, *([] if separate(facts, [some, behind]) else [frozenset((s,)) for s in sorted(some, key=lambda s: s.name)])]:
        v = separate(facts, [kept | more, behind])
        if v:
            kept, keeps = kept | more, v
    own = [facts.tex(s) for s in sorted(kept, key=lambda s: s.name)]
    lost = [facts.tex(s) for s in sorted(some - kept, key=lambda s: s.name)]
    said = [f"{listed(own)} {'keeps its distribution' if len(own) == 1 else 'keep their distributions'}"] if own else []
    said += [f"of {listed(lost)} nothing is known"] if lost else []
    return kept, " and ".join(said), keeps


def listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _still(facts: Facts, g: Given, mine: frozenset[Term]) -> Given | None:
    """A line as far as it still holds."""
    p = g.prop
    if _sources(facts, free(p)) <= mine:
        return g
    if p.head in ABOUT_SOURCES:
        left = []
        for a in p.args:
            parts = tuple(t for t in (a.args if a.head == "Group" else (a,)) if _sources(facts, (t,)) <= mine)
            left += [a if a.head != "Group" else Term("Group", parts)] if parts else []
        # said of one name alone, "independent" would speak of its members
        return replace(g, prop=Term(p.head, tuple(left))) if left and (len(left) > 1 or p.head != "Independent") else None
    while p.head == "ForAll":
        p = p.body
    sure = p.head in SURE and not any(u.head in CLOSED for u in subterms(p))
    return g if sure else None


__all__ = ["knowing", "listed"]
