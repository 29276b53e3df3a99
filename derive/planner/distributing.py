"""Laws by proof: what an expression is distributed like, from the laws of what it is made of."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Facts, is_random
from derive.facts.stated import law_of
from derive.kernel.apply import HOLE, Refused, by_law, inside, reverse
from derive.kernel.conditions import Prover
from derive.kernel.step import Step
from derive.language.model import Given
from derive.planner.desk import Desk
from derive.planner.library import Library
from derive.planner.profiles import TO_ENTRIES
from derive.planner.rewriting import Rewriter
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Term, call, size, subterms


def law_of_expression(desk: Desk, e: Term) -> list[Step]:
    """From what is given to ``e ~ D`` for the first rule that states a law of it; no step, if none does."""
    rw = Rewriter(desk.finder.library, desk.facts, TO_ENTRIES, desk.finder.prover())
    opened = rw.run(e)
    end = opened[-1].after if opened else e
    laws = from_parts(desk, end)
    if not laws:
        return []
    context = call("Dist", HOLE, laws[-1].after.args[1])
    back = [inside(reverse(s), context, "iff") for s in reversed(opened)]
    return laws + back if not back or back[0].before == laws[-1].after else []


def from_parts(desk: Desk, e: Term) -> list[Step]:
    """The laws of the parts of ``e`` that its own needs, from the inside outwards, each from those before it."""
    facts, library, prove = desk.facts, desk.finder.library, desk.finder.prover()
    rules = [r for r in library.rules if r.claim.head == "Dist" and not r.when_asked]
    made: dict[Term, Step] = {}
    for t in sorted({u for u in subterms(e) if u.head != "Num" and is_random(facts, u)}, key=size):
        if law_of(facts, t) is not None:
            continue
        for rule in rules:
            step = _first(rule, t, facts, library, prove)
            if step is not None:
                made[t] = step
                facts = replace(facts, givens=(*facts.givens, Given(step.after, 0, "")), cache={})
                break
    wanted: list[Step] = []

    def needs(t: Term) -> None:
        step = made.get(t)
        if step is not None and step not in wanted:
            for q in step.before.args if step.before.head == "And" else (step.before,):
                if q.head == "Dist":
                    needs(q.args[0])
            wanted.append(step)

    needs(e)
    return wanted


def _first(rule: Rule, t: Term, facts: Facts, library: Library, prove: Prover) -> Step | None:
    for b in Matcher(rule, facts).against(rule.claim.args[0], t):
        try:
            return by_law(rule, b, facts, prove, t)
        except Refused:
            continue
    return None
