"""Laws by proof: what an expression is distributed like, from the laws of what it is made of."""

from __future__ import annotations

from derive.kernel.apply import HOLE, Refused, by_law, inside, reverse
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.profiles import TO_ENTRIES
from derive.planner.rewriting import Rewriter
from derive.search.match import Matcher
from derive.terms import Term, call, same


def law_of_expression(desk: Desk, e: Term) -> list[Step]:
    """From what is given to ``e ~ D`` for the first rule that states a law of it; no step, if none does."""
    facts, library = desk.facts, desk.finder.library
    rw = Rewriter(library, facts, TO_ENTRIES, desk.finder.prover())
    opened = rw.run(e)
    end = opened[-1].after if opened else e
    for rule in library.rules:
        if rule.claim.head != "Dist" or rule.when_asked:
            continue
        for b in Matcher(rule, facts).against(rule.claim.args[0], end):
            try:
                step = by_law(rule, b, facts, desk.finder.prover())
            except Refused:
                continue
            if not same(step.after.args[0], end):
                continue
            law = step.after.args[1]
            context = call("Dist", HOLE, law)
            back = [inside(reverse(s), context, "iff") for s in reversed(opened)]
            start = [step]
            if back and back[0].before != step.after:
                continue
            return start + back
    return []
