"""Independence, decided from sources of randomness: which entries of what each expression can touch."""

from __future__ import annotations

from itertools import combinations, product

from derive.facts.facts import Atom, Bound, Facts, atoms
from derive.facts.indices import distinct
from derive.facts.verdict import UNKNOWN, Verdict, both, no, yes
from derive.terms import Term, key, mul, shape, subst

Block = list[Atom]


def independent_entries(facts: Facts, s: Term) -> Verdict:
    """Whether the entries of a random array are jointly independent."""
    for g in facts.givens:
        p = g.prop
        if p.head in ("Iid", "IndependentEntries") and s in p.args and s.sort.shape:
            return yes(f"the entries of {facts.tex(s)} are independent", g.line)
        if p.head in ("Independent", "IidMembers") and p.args == (s,):
            return yes(f"the members of ${facts.tex(s)[1:-1]}$ are independent", g.line)
        if p.head == "Dist" and p.args[0] == s and p.args[1].head == "Normal" and _diagonal(p.args[1].args[1]):
            return yes(f"{facts.tex(s)} is normal and its entries are uncorrelated, so they are independent", g.line)
    return UNKNOWN


def _diagonal(t: Term) -> bool:
    """Whether a covariance is 0 away from the diagonal: a multiple of ``I``, or ``diag(…)``."""
    return t.head in ("Identity", "Diag") or t.head == "Mul" and any(_diagonal(a) for a in t.args if shape(a))


def disjoint(facts: Facts, a: Atom, b: Atom, inner: dict[Term, Bound]) -> Verdict:
    """Whether two entries of one source are certainly different and, where only its members are independent, of different members."""
    members = not any(g.prop.head in ("Iid", "IndependentEntries") and a.source in g.prop.args for g in facts.givens)
    for i, j in zip(a.index[:1] if members else a.index, b.index, strict=False):
        v = distinct(facts, i, j, inner)
        if v:
            return v
    if a.index and [key(i) for i in a.index] == [key(j) for j in b.index]:
        return no("they are the same entry")
    return UNKNOWN


def independent(facts: Facts, parts: tuple[Term, ...]) -> Verdict:
    """Whether the parts are jointly independent, with the lines that say so."""
    blocks: list[Block] = []
    inner: dict[Term, Bound] = {}
    for t in parts:
        found, ranges = atoms(facts, t)
        # indices that run inside different parts are different variables
        rename = {i: Term("Sym", (f"{i.name}.{len(blocks)}", i.sort)) for i in ranges}
        for i, r in ranges.items():
            inner[rename[i]] = Bound(rename[i], r.lo, r.hi, tuple(subst(e, rename) for e in r.excluded))
        blocks.append([Atom(a.source, tuple(subst(i, rename) for i in a.index)) for a in found])
    verdicts: list[Verdict] = []
    for p, q in combinations(range(len(blocks)), 2):
        for a, b in product(blocks[p], blocks[q]):
            if a.source != b.source:
                continue
            entries = independent_entries(facts, a.source)
            if not entries or not a.index or not b.index:
                return no(f"both {facts.tex(parts[p])} and {facts.tex(parts[q])} depend on {facts.tex(a.source)}")
            apart = disjoint(facts, a, b, inner)
            if not apart:
                return apart if apart.holds is False else UNKNOWN
            verdicts += [entries, apart]
    groups = [frozenset(a.source for a in block) for block in blocks]
    groups = [g for g in groups if g]
    said = separate(facts, groups)
    if not said:
        return said
    fixed = [t for t, block in zip(parts, blocks, strict=True) if not block]
    if fixed and len(groups) <= 1 and not verdicts:
        return yes(f"{facts.tex(fixed[0])} is not random")
    return both([*verdicts, said])


def separate(facts: Facts, groups: list[frozenset[Term]]) -> Verdict:
    """Whether blocks of sources are jointly independent, by the document's statements.

    A statement makes its own groups independent of one another; the blocks are independent when, for one
    statement that covers them, the parts of the blocks inside each of its groups are.
    """
    groups = [g for g in groups if g]
    union = frozenset().union(*groups) if groups else frozenset()
    if len(groups) <= 1 or len(union) == 1:
        return yes("")
    for line, sets in statements(facts):
        if not union <= frozenset().union(*sets):
            continue
        touched = [s & union for s in sets if s & union]
        if len(touched) < 2:
            continue
        inside = [separate(facts, [g & s for g in groups]) for s in touched]
        if all(inside):
            names = [facts.tex(next(iter(s))) if len(s) == 1 else "$(" + ", ".join(
                facts.tex(x)[1:-1] for x in sorted(s, key=lambda x: x.name)) + ")$" for s in touched]
            said = yes(f"{_list(names)} are independent (line {line})", line)
            return both([said, *inside])
    pair = sorted(union, key=lambda s: s.name)
    return Verdict(None, f"nothing says that {_list([facts.tex(s) for s in pair])} are independent")


def statements(facts: Facts) -> list[tuple[int, list[frozenset[Term]]]]:
    """What the document says of independence between sources: (line, the sets that are independent of one another)."""
    got = facts.cache.get("statements")
    if got is None:
        got = []
        for g in facts.givens:
            p = g.prop
            if p.head in ("Independent", "Iid", "IndependentEntries") and len(p.args) > 1:
                sets = []
                for a in p.args:
                    parts = a.args if a.head == "Group" else (a,)
                    # of something composed, what is said says nothing of its parts
                    sets.append(frozenset(t for t in parts if t.head == "Sym" and facts.is_source(t)))
                    if len(sets[-1]) != len(parts):
                        break
                else:
                    if sum(map(len, sets)) == len(frozenset().union(*sets)):  # of X and X it would say that X is fixed
                        got.append((g.line, sets))
        facts.cache["statements"] = got
    return got


def components(facts: Facts, factors: list[Term]) -> list[list[Term]]:
    """The finest grouping of factors in which dependent ones stand together (fixed factors first, alone)."""
    groups: list[list[Term]] = []
    for f in factors:
        joined = [f]
        rest: list[list[Term]] = []
        for g in groups:
            if independent(facts, (_product(g), f)):
                rest.append(g)
            else:
                joined = g + joined
        groups = [*rest, joined]
    order = {id(f): n for n, f in enumerate(factors)}
    for g in groups:
        g.sort(key=lambda f: order[id(f)])
    groups.sort(key=lambda g: order[id(g[0])])
    if len(groups) > 2 and not independent(facts, tuple(_product(g) for g in groups)):
        return [factors]
    return groups


def _product(parts: list[Term]) -> Term:

    return mul(*parts)


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
