"""Lines in terms of norms: structure unfolded as far as norms of named arrays, and no further."""

from __future__ import annotations

from collections.abc import Iterator

from derive.facts.facts import Facts
from derive.kernel.apply import Refused, Spot, by_algebra
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.methods.profiles import DEFINE, LINEAR, ROOTS, SCALAR, STRUCTURE
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, by_roles, definitions, names_defined, with_head
from derive.planner.values.pretty import pretty
from derive.planner.values.value import runs
from derive.rulebook.model import Rule
from derive.terms import Path, Term, contains, free, key, same, shape


def _one_by_another(rule: Rule) -> bool:
    """A norm defined by another norm, without a sum or a supremum."""
    left, right = rule.claim.args
    return left.head in ROOTS and not any(contains(right, h) for h in ("Sum", "Sup", "Prod"))


ROUNDS = 3
BY_NORMS = by_roles("norms by norms", {"unfold"}, _one_by_another)
BY_LENGTHS = by_roles("lengths", {"fold"}, lambda r: r.claim.args[0].head == "Dot", asked=True)
BY_SUPREMA = by_roles("suprema", {"unfold"}, lambda r: contains(r.claim.args[1], "Sup"), asked=True)


def _apart(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """Below a supremum, what is fixed in front of the rest."""
    t = Spot(path).get(line)
    if t.head != "Sup" or t.body.head != "Where":
        return
    new = pretty(t.body.args[0])
    if not same(new, t.body.args[0]):
        try:
            step = by_algebra(line, Spot((*path, 1, 0)), new, rw.facts)
        except Refused:
            return
        if key(step.after) not in rw.seen:
            yield Spot(path), step


def _opened(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A defined name put in, unless it stands in what the answer is to be given in."""
    kept = {s for k in rw.keep for s in free(k)}
    return definitions(rw, line, path, facts, lambda s: s not in kept)


PHASES = (Phase("definitions", _opened, names_defined), LINEAR, STRUCTURE, BY_LENGTHS, BY_NORMS, SCALAR)
SUPREMA = (DEFINE, LINEAR, STRUCTURE, BY_SUPREMA, BY_NORMS, Phase("constants apart", _apart, with_head("Sup")), SCALAR)


def by_suprema(desk: Desk, line: Term, without: frozenset[str]) -> list[Step]:
    """A line with its operator norms as the suprema that define them."""
    return runs(Rewriter(desk.finder.library, desk.facts, SUPREMA, desk.finder.prover(), (), without).run(line))


def in_norms(desk: Desk, line: Term, facts: Facts | None = None) -> list[list[Step]]:
    """Derivations of a line in norms: as far as the rules go, with the end tidied; and no step at all."""
    facts = facts or desk.facts
    k = ("norms", line, facts is desk.facts, desk.task.givens, desk.task.definitions, desk.task.terms)
    if k in desk.shared:
        return desk.shared[k]
    steps: list[Step] = []
    out: list[list[Step]] = []
    end = line
    for _ in range(ROUNDS):  # what algebra collects may be unfolded further
        steps = [*steps, *runs(Rewriter(desk.finder.library, facts, PHASES, desk.finder.prover(), desk.task.terms).run(end))]
        end = steps[-1].after if steps else line
        out.insert(0, steps)
        new = pretty(end) if not shape(end) else end
        if same(new, end):
            break
        try:
            steps = [*steps, by_algebra(end, Spot(), new, facts)]
        except Refused:
            break
        end = new
        out.insert(0, steps)
    if steps:
        out.append([])
    desk.shared[k] = out
    return out


__all__ = ["by_suprema", "in_norms"]
