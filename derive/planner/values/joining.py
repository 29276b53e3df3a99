"""An equation proved from both ends: each side to a form, the second half read backwards; of arrays, place by place."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Facts
from derive.facts.verdict import UNKNOWN, Verdict
from derive.kernel.apply import Refused, Spot, by_algebra
from derive.kernel.combining import reverse
from derive.kernel.entries import by_entries
from derive.kernel.step import Step
from derive.planner.values.closing import CLOSED, PARTS, PHASES, onward
from derive.planner.values.scores import by_score
from derive.planner.values.value import Finder, Found
from derive.terms import Term, contains, subterms
from derive.terms.walk import heads, mask

AVERAGES = mask("ExpectOver")


def joined(finder: Finder, p: Term, facts: Facts, kept: tuple[Term, ...] = (), every: bool = False) -> list[Step] | None:
    """The shortest chain of equations that was found from the left side of ``p`` to the right."""
    kept = (*(u for u in subterms(p.args[1]) if u.head in ("Var", "Expect")), *kept)
    best: list[Step] | None = None
    for keep in dict.fromkeys((kept, ())):
        looking = replace(finder, keep=keep)
        lefts = looking.all(p.args[0], facts, every=every)
        rights = looking.all(p.args[1], facts, every=every) if lefts else []
        for a in lefts:
            for b in rights:
                chain = between(p, a.steps, b.steps, facts)
                if chain is not None:
                    chain = merged(chain, facts)
                    if best is None or _cost(chain) < _cost(best):
                        best = chain
        if best is None and heads(p) & CLOSED:
            best = _closed(looking, p, lefts, rights, facts)
        if best is None and contains(p, "ExpectOver"):
            best = by_score(looking, p, lefts, rights, facts)
        if best is not None:
            break
    return best


def _closed(looking: Finder, p: Term, lefts: list[Found], rights: list[Found], facts: Facts) -> list[Step] | None:
    """The same with each side, as it is or worked out, carried on to one form."""
    for phases in (PHASES, PARTS) if heads(p) & AVERAGES else (PHASES,):
        ends = [[onward(looking, steps, side, facts, phases) for steps in ([], *(f.steps for f in found))]
                for side, found in zip(p.args, (lefts, rights), strict=True)]  # fmt: skip
        chains = [c for c in (between(p, a, b, facts) for a in ends[0] for b in ends[1]) if c is not None]
        if chains:
            return min((merged(c, facts) for c in chains), key=_cost)
    return None


def _cost(chain: list[Step]) -> tuple[int, int]:
    """First how much a chain assumes, then how long it is."""

    def assumed(s: Step) -> int:
        return sum(c.status == "assumed" for c in s.conditions) + sum(map(assumed, s.steps))

    return sum(map(assumed, chain)), len(chain)


def place_by_place(finder: Finder, line: Term, spot: Spot, new: Term, facts: Facts) -> Step | None:
    """``new`` for the array at ``spot``, by its entries; for a square matrix the diagonal apart, where that is needed."""

    def prove(p: Term, here: Facts) -> Verdict:
        steps = joined(finder, p, here)
        if steps is None:
            return UNKNOWN
        used = tuple(dict.fromkeys(f for s in steps for c in s.conditions for f in c.facts))
        return Verdict(True, "", used, tuple(steps))

    for split in (False, True):
        try:
            return by_entries(line, spot, new, facts, prove, split)
        except Refused:
            continue
    return None


def between(p: Term, left: list[Step], right: list[Step], facts: Facts) -> list[Step] | None:
    """The shortest chain: from each line of one side to each of the other by nothing, or by algebra at the ends."""
    ls = [p.args[0], *(s.after for s in left)]
    rs = [p.args[1], *(s.after for s in right)]
    for i, a in enumerate(ls):
        for j, b in enumerate(rs):
            if a == b:
                return left[:i] + [reverse(s) for s in reversed(right[:j])]
    for i, j in ((len(ls) - 1, 0), *((len(ls) - 1, n) for n in range(1, len(rs)))):
        a, b = ls[i], rs[j]
        try:
            step = by_algebra(a, Spot(), b, facts)
        except Refused:
            continue
        return left[:i] + [step] + [reverse(s) for s in reversed(right[:j])]
    return None


def merged(chain: list[Step], facts: Facts) -> list[Step]:
    """Two runs of algebra that follow one another are one."""
    out: list[Step] = []
    for s in chain:
        if out and s.rule == out[-1].rule == "algebra":
            try:
                both = by_algebra(out[-1].before, Spot(), s.after, facts)
            except Refused:
                out.append(s)
                continue
            out[-1] = both
        else:
            out.append(s)
    return out


__all__ = ["between", "joined", "merged", "place_by_place"]
