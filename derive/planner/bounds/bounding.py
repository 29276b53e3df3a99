"""Inequalities: chains of bounds from one side to the other, and the best bounds that the rules give.

A move is one rule at every parallel place where it fits, its bound carried outwards by the kernel; between moves lines are
brought to norms. The search is over few moves: each makes the line simpler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.facts.facts import CHANCE, DERIVATIVES, Facts
from derive.kernel.apply import Refused, Spot, by_algebra, by_rule
from derive.kernel.combining import reverse
from derive.kernel.instantiate import Misfit
from derive.kernel.step import Step
from derive.planner.bounds.bound_moves import BOUNDS, moves, prover, stated
from derive.planner.bounds.norms import in_norms
from derive.planner.bounds.squares import by_squares
from derive.planner.desk import Desk
from derive.planner.solution import Answer
from derive.planner.values.pretty import pretty
from derive.planner.values.value import averages_behind
from derive.search.match import Matcher
from derive.terms import Term, call, contains, equal_shapes, free, key, same, shape, size, subterms

DEEP = 5  # moves in one chain
WIDE = 40  # lines looked at
MIRRORED = {"Le": "Ge", "Ge": "Le", "Lt": "Gt", "Gt": "Lt"}
UP, DOWN = frozenset({"<=", "<"}), frozenset({">=", ">"})
Goal = Callable[[Term], "list[Step] | None"]
WORKED_OUT = (*CHANCE, *DERIVATIVES)


@dataclass
class Line:
    """A line reached, with the steps to it."""

    term: Term
    steps: tuple[Step, ...]
    moves: int = 0
    asked: int = 0  # moves by rules that are for asking only

    def cost(self) -> tuple[int, int, int]:
        return (self.moves + 2 * self.asked, len(self.steps), size(self.term))


def chain(desk: Desk, start: Term, wanted: frozenset[str], goal: Goal, asked: bool = True, wide: int = WIDE,
          sound: Callable[[list[Step]], bool] = lambda steps: True, reached: list[Line] | None = None) -> list[Step] | None:  # fmt: skip
    """Steps from ``start`` whose bounds are all ``wanted``, to a line from which ``goal`` gives the rest; the whole is ``sound``.

    The lines looked at are added to ``reached``.
    """
    open_ = [Line(start, ())]
    seen: set[str] = set()
    moved: set[str] = set()
    looked = 0
    while open_ and looked < wide:
        open_.sort(key=Line.cost)
        here = open_.pop(0)
        if key(here.term) in seen:
            continue
        seen.add(key(here.term))
        looked += 1
        for steps in in_norms(desk, here.term):
            line = steps[-1].after if steps else here.term
            rest = goal(line)
            if rest is not None and sound(whole := [*here.steps, *steps, *rest]):
                return whole
        if here.moves >= DEEP:
            continue
        steps = in_norms(desk, here.term)[0]
        ends = {key(here.term): (here.term, here.steps)}
        if steps:
            ends[key(steps[-1].after)] = (steps[-1].after, (*here.steps, *steps))
        for k, (line, before) in reversed(ends.items()):
            if k in moved:
                continue
            moved.add(k)
            if reached is not None:
                reached.append(Line(line, before, here.moves, here.asked))
            for far, step in moves(desk, line, wanted, asked):
                if key(step.after) not in seen:
                    bound = step.relation != "="
                    open_.append(Line(step.after, (*before, step), here.moves + bound, here.asked + (bound and far)))
    return None


def one_more(desk: Desk, lines: list[Line], wanted: frozenset[str], goal: Goal, sound: Callable[[list[Step]], bool]) -> list[Step] | None:
    """From lines that the usual rules lead to, the furthest first, one bound by a rule that is for asking only."""
    for here in reversed(lines):
        for far, step in moves(desk, here.term, wanted):
            if not far:
                continue
            for steps in in_norms(desk, step.after):
                rest = goal(steps[-1].after if steps else step.after)
                if rest is not None and sound(whole := [*here.steps, step, *steps, *rest]):
                    return whole
    return None


# -- goals
def joined(desk: Desk, target: Term, wanted: frozenset[str], facts: Facts, strict: bool = False) -> Goal:
    """A line that is the target by algebra, or differs from it by what has a sign."""

    def goal(line: Term) -> list[Step] | None:
        if line == target:
            return []
        if not equal_shapes(shape(line), shape(target)):
            return None
        try:
            return [by_algebra(line, Spot(), target, facts)]
        except Refused:
            pass
        return (by_difference(desk, line, target, wanted, "Lt") if strict else None) or by_difference(desk, line, target, wanted)

    return goal


def by_difference(desk: Desk, line: Term, target: Term, wanted: frozenset[str], head: str = "Le") -> list[Step] | None:
    """One bound by the sign of the difference."""
    for rule in desk.rulebook.values():
        if rule.role not in BOUNDS or rule.claim.head != head or any(a.head != "Sym" for a in rule.claim.args):
            continue
        low, high = (next((n for n, x in rule.names.items() if x.term == a), "") for a in rule.claim.args)
        b = {low: line, high: target} if wanted == UP else {low: target, high: line}
        try:
            return [by_rule(rule, b, line, Spot(), desk.facts, direction="left to right" if wanted == UP else "right to left", prove=by_squares)]
        except (Refused, Misfit):
            continue
    return None


def inequality(desk: Desk, p: Term) -> list[Step] | None:
    """A chain that shows ``a <= b`` (``>=``, ``<``, ``>``)."""
    left, right = p.args
    wanted = UP if p.head in ("Le", "Lt") else DOWN
    strict = p.head in ("Lt", "Gt")

    def sound(steps: list[Step]) -> bool:  # a strict claim needs a strict step: bounds that may be equalities do not add up to it
        return not strict or any(s.relation in ("<", ">") for s in steps)

    at_once = outright(desk, p)
    if at_once is not None:
        return [at_once]
    mirrored = outright(desk, Term(MIRRORED[p.head], (right, left)))
    if mirrored is not None:
        return [reverse(mirrored)]
    apart = None if shape(left) else by_difference(desk, left, right, wanted, "Lt" if strict else "Le")
    if apart is not None:
        return apart
    ends = ((left, right, wanted), (right, left, DOWN if wanted == UP else UP))
    reached: dict[Term, list[Line]] = {}
    found: list[Step] | None = None
    for tried in range(3):  # the rules that come to mind first, then values, at last all
        if tried == 1 and (found := by_values(desk, p, wanted, strict, further=True)) is not None:
            return found
        for one, other, way in ends:
            for target, back in _other_ends(desk, other):
                goal = joined(desk, target, way, desk.facts, strict)
                if tried == 1:
                    found = one_more(desk, reached.get(one, []), way, goal, sound)
                else:
                    lines = reached.setdefault(one, []) if tried == 0 and target is other else None
                    found = chain(desk, one, way, goal, tried == 2, sound=sound, reached=lines)
                if found is not None:
                    whole = [*found, *back]
                    return whole if one is left else [reverse(s) for s in reversed(whole)]
    if found is None and any(contains(left, h) for h in CHANCE):
        for _, step in moves(desk, left, wanted):
            rest = by_values(desk, call(p.head, step.after, right), wanted, strict)
            if rest is not None:
                return [step, *rest]
    return found


def by_values(desk: Desk, p: Term, wanted: frozenset[str], strict: bool, further: bool = False) -> list[Step] | None:
    """Both sides worked out as far as they go, and what comes of them compared; ``further``: by bounds where that takes some."""
    from derive.planner.tasks.finding import evaluated

    steps: list[list[Step]] = []
    for side in p.args:
        found = evaluated(desk, side)
        steps.append([] if isinstance(found, Answer) else list(found.steps))
    low, high = (s[-1].after if s else side for s, side in zip(steps, p.args, strict=True))
    if not any(steps) or shape(low) or any(s.relation != "=" for part in steps for s in part):
        return None
    goal = joined(desk, high, wanted, desk.facts, strict)
    between = goal(low)
    if between is None and further and _worked_out(desk, p.args[0]) and not any(contains(low, h) for h in WORKED_OUT):
        between = chain(desk, low, wanted, goal)  # what is averaged, or a derivative, is bounded once it is a value
    if between is None or strict and not any(s.relation in ("<", ">") for s in between):
        return None
    return [*steps[0], *between, *(reverse(s) for s in reversed(steps[1]))]


def _worked_out(desk: Desk, t: Term) -> bool:
    """Whether ``t`` has an average or a derivative in it, or in what it names."""
    return any(contains(t, h) for h in WORKED_OUT) or averages_behind(t, desk.facts)


def outright(desk: Desk, p: Term) -> Step | None:
    """One rule that says just this of the two sides, with names that stand on its right only found there."""
    left, right = p.args
    for rule in desk.rulebook.values():
        if rule.role not in BOUNDS or rule.claim.head != p.head or rule.claim.args[0].head != left.head:
            continue
        matcher = Matcher(rule, desk.facts)
        for b in matcher.match(rule.claim.args[0], left, {}, {}):
            for whole in matcher.match(rule.claim.args[1], right, b, {}):
                if whole.keys() == b.keys() and left.head not in ("Sym", "At"):
                    break  # the search finds it from the left side alone
                try:
                    return by_rule(rule, whole, left, Spot(), desk.facts, prove=prover(desk))
                except (Refused, Misfit):
                    continue
    return None


def _other_ends(desk: Desk, right: Term) -> list[tuple[Term, list[Step]]]:
    """The right side as it is, and in norms (from where the chain is read back)."""
    out: list[tuple[Term, list[Step]]] = [(right, [])]
    steps = in_norms(desk, right)[0]
    if steps:
        out.append((steps[-1].after, [reverse(s) for s in reversed(steps)]))
    return out


# -- Bound … from above
def bound(desk: Desk) -> Answer:
    """The simplest bound in the quantities asked for, or in norms of named arrays."""
    t = desk.task
    if len(t.objects) != 1:
        return Answer(t, "refused", reason="One quantity at a time can be bounded.")
    e = t.objects[0]
    wanted = UP if t.direction == "above" else DOWN

    def goal(line: Term) -> list[Step] | None:
        return [] if _plain(line, t.terms, e) else None

    def declared(line: Term) -> list[Step] | None:
        return goal(line) if not any(shape(s) and s in desk.facts.definitions for s in free(line)) else None

    steps = next((c for g in (declared, goal) for asked in (False, True) if (c := chain(desk, e, wanted, g, asked)) is not None), None)
    if steps is None or not any(s.relation in wanted for s in steps):
        side = "above" if wanted == UP else "below"
        return Answer(t, "refused", reason=f"No bound of {desk.facts.tex(e)} from {side} was found with the rules of the library.")
    known = next((s for s in stated(desk, steps[-1].after, frozenset()) if s.relation == "="), None)
    steps = [*steps, *([known] if known is not None else [])]
    steps = [*steps, *_tidied(steps[-1].after, desk.facts)]
    head = "Le" if wanted == UP else "Ge"
    return Answer(t, "solved", call(head, e, steps[-1].after), tuple(steps), "a chain of bounds")


def _tidied(line: Term, facts: Facts) -> list[Step]:
    new = pretty(line)
    if same(new, line):
        return []
    try:
        return [by_algebra(line, Spot(), new, facts)]
    except Refused:
        return []


def _plain(line: Term, terms: tuple[Term, ...], asked: Term) -> bool:
    """Whether arrays stand only inside the listed quantities, or alone inside a norm."""
    if same(line, asked):
        return False
    if terms:
        return not _left(line, terms)
    return all(not shape(u) or u.head in ("Sym", "At") for u in subterms(line))


def _left(t: Term, terms: tuple[Term, ...]) -> bool:
    """Whether an array is left outside of ``terms``."""
    if any(same(t, k) for k in terms):
        return False
    if t.head == "Sym":
        return bool(t.sort.shape)
    if t.is_binder:
        return any(_left(c, terms) for _, c in t.children())
    return any(_left(a, terms) for a in t.args if isinstance(a, Term))


__all__ = ["DOWN", "UP", "bound", "chain", "inequality"]
