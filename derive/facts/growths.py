"""What lines say of how something grows: ``a = Theta(n)``, also of every member of a family."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import Facts
from derive.facts.signs import conjuncts
from derive.facts.stated import GROWTH, Said
from derive.terms import Term, free, same, subst


def said_growths(facts: Facts) -> Iterator[Said]:
    for g in facts.givens:
        for p in conjuncts(g.prop):
            s = Said.of(p, g.line)
            if s.body.head == "Eq" and s.body.args[1].head in GROWTH:
                yield s


def growths(facts: Facts, t: Term) -> Iterator[tuple[Term, int]]:
    """The propositions about ``t`` itself, each with its line.

    Of a family's members each has constants of its own, so what is said of every member serves for a numbered one only.
    """
    for s in said_growths(facts):
        table = s.at(t)
        if table is None or any(i.head != "Num" for i in table.values()):
            continue
        q = subst(s.body, table)
        if same(facts.seen(q.args[0]), facts.seen(t)):
            yield q, s.line


def grows_by_line(facts: Facts, s: Term) -> bool:
    """Whether a line says how something with ``s`` in it grows."""
    return any(s in free(x.body.args[0]) for x in said_growths(facts))


__all__ = ["growths", "grows_by_line"]
