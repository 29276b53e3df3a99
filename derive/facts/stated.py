"""What a line of the document states of one entry: its law, its mean, a moment."""

from __future__ import annotations

from dataclasses import dataclass

from derive.facts.facts import CHANCE, Facts, is_random
from derive.terms import ONE, ZERO, Term, add, at, free, key, mul, same, shape, subst, subterms
from derive.terms.walk import mask

GROWTH = {"Theta": "Theta", "BigO": "O", "BigOmega": "Omega"}  # a class on the right of = is no value
ENTRY = ("At", "Apply")


@dataclass(frozen=True)
class Said:
    """A given without its ``ForAll``: what runs, what is said of each, and an entry or a value of a function in it that has it."""

    indices: tuple[Term, ...]
    body: Term
    entry: Term | None
    line: int

    @staticmethod
    def of(p: Term, line: int) -> Said:
        indices: list[Term] = []
        while p.head == "ForAll":
            indices.append(p.var)
            p = p.body
        running = set(indices)
        entry = next((u for u in subterms(p) if u.head in ENTRY and running & set(u.args[1:])), None) if running else None
        return Said(tuple(indices), p, entry, line)

    def at(self, t: Term) -> dict[Term, Term] | None:
        """What the indices are where it speaks of the entry ``t`` (or of the first entry in ``t``); None, if it does not."""
        table: dict[Term, Term] = {}
        if not self.indices:
            return table
        entry = self.entry
        if entry is None:
            return None
        target = t if t.head == entry.head else next((u for u in subterms(t) if u.head == entry.head), None)
        if target is None or entry.args[0] != target.args[0] or len(entry.args) != len(target.args):
            return None
        for a, b in zip(entry.args[1:], target.args[1:], strict=True):
            if a in self.indices:
                table[a] = b
            elif not same(a, b) and (entry.head == "At" or a in free(self.body)):  # what is bound within goes by another name
                return None
        return table


def sayings(facts: Facts, head: str) -> list[Said]:
    """The givens that are propositions of this head, the whole document's in order."""
    k = ("sayings", head)
    got = facts.cache.get(k)
    if got is None:
        got = facts.cache[k] = [s for s in (Said.of(g.prop, g.line) for g in facts.givens) if s.body.head == head]
    return got


def stated_laws(facts: Facts) -> int:
    """The heads of the laws that lines state, as a mask."""
    got = facts.cache.get("laws")
    if got is None:
        got = facts.cache["laws"] = mask(*(s.body.args[1].head for s in sayings(facts, "Dist")))
    return got


def _second(facts: Facts, head: str, t: Term) -> tuple[Term, int] | None:
    """The right side of the first given of this head that has ``t`` on its left, and the line."""
    k = (head, t)
    if k not in facts.cache:
        facts.cache[k] = next(
            ((subst(s.body.args[1], table), s.line) for s in sayings(facts, head)
             if (table := s.at(t)) is not None and same(subst(s.body.args[0], table), t) and _fixed(facts, s, table)),
            None,
        )  # fmt: skip
    return facts.cache[k]


def _fixed(facts: Facts, s: Said, table: dict[Term, Term]) -> bool:
    """Whether what is said of the chance in every entry is asked about one entry, and not about one that is drawn as well."""
    return not (s.body.head == "Dist" or s.body.args[0].head in CHANCE) or not any(is_random(facts, i) for i in table.values())


def law_of(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """The law that the document states for ``t`` (an entry, a member, a symbol), and the line."""
    return _second(facts, "Dist", t) or marginal(facts, t)


def marginal(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """The law of one entry of a normal vector."""
    vector = _vector(t)
    got = _second(facts, "Dist", vector) if vector is not None else None
    if got is None or got[0].head != "Normal":
        return None
    mean, covariance = got[0].args
    i = t.args[-1]
    if is_random(facts, i):  # which entry it is may hang on what they are
        return None
    return Term("Normal", (entry(mean, i), entry(covariance, i, i))), got[1]


def _vector(t: Term) -> Term | None:
    """The vector that ``t`` is an entry of: one that is declared, or a member of a declared family."""
    if t.head != "At" or t.args[0].head != "Sym" or len(t.args) != 1 + len(t.args[0].sort.shape):
        return None
    return t.args[0] if len(t.args) == 2 else Term("At", t.args[:-1])


def entry(a: Term, *index: Term) -> Term:
    """An entry of an array, with that of ``0``, of ``I`` and of a multiple written out."""
    if a.head == "Zeros":
        return ZERO
    if a.head == "Identity" and len(index) == 2 and same(*index):
        return ONE
    if a.head == "Mul":
        return mul(*(entry(x, *index) if shape(x) else x for x in a.args))
    if a.head == "Add":
        return add(*(entry(x, *index) for x in a.args))
    return at(a, *index)


def given_value(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """The value that a given equation states for ``t`` (a mean, a variance, a moment)."""
    got = _second(facts, "Eq", t)
    if got is not None and got[0].head in GROWTH:
        return None
    return got or of_entry(facts, t) or _same_array(facts, t)


def _same_array(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """The array that a line says ``t`` is, ``t`` being named on its right: ``q = k``."""
    if t.head != "Sym" or not t.sort.shape:
        return None
    return next(((g.prop.args[0], g.line) for g in facts.givens
                 if g.prop.head == "Eq" and g.prop.args[1] == t and g.prop.args[0].head == "Sym"), None)  # fmt: skip


def of_entry(facts: Facts, t: Term) -> tuple[Term, int] | None:
    """A moment of entries of a vector whose mean or covariance a line states as a whole."""
    x = _vector(t.args[0]) if t.head in ("Expect", "Var", "Cov") else None
    if x is None or any(_vector(a) != x or is_random(facts, a.args[-1]) for a in t.args):
        return None
    whole = Term("Expect" if t.head == "Expect" else "Var", (x,))
    index = tuple(sorted((a.args[-1] for a in t.args), key=key)) * (2 if t.head == "Var" else 1)  # a covariance matrix is symmetric
    got = _second(facts, "Eq", whole)
    return (entry(got[0], *index), got[1]) if got is not None and len(shape(whole)) == len(index) else None
