"""Laws by proof: what an expression is distributed like, from the laws of what it is made of."""

from __future__ import annotations

from derive.facts.stated import law_of
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_law, inside, reverse
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.profiles import TO_ENTRIES
from derive.planner.rewriting import Rewriter
from derive.planner.solution import Answer
from derive.search.match import Matcher
from derive.terms import Term, call, same


def distribution(desk: Desk) -> Answer:
    """``Find the distribution of …``: the law by a rule, its parameters worked out."""
    t, facts = desk.task, desk.facts
    if len(t.objects) != 1:
        return Answer(t, "refused", reason="One distribution at a time can be found.")
    e = t.objects[0]
    said = law_of(facts, e)
    if said is not None:
        return Answer(t, "solved", call("Dist", e, said[0]), (), "by what is given", note=f"Line {said[1]} says so.")
    steps = law_of_expression(desk, e)
    if not steps:
        return Answer(t, "refused", reason=f"No rule in the library gives the distribution of {facts.tex(e)}.")
    for n in range(len(steps[-1].after.args[1].args)):
        law = steps[-1].after.args[1]
        found = desk.finder.all(law.args[n], facts)
        if found and found[0].steps and desk.finder.open(found[0].value, facts) is None:
            context = call("Dist", e, Term(law.head, tuple(HOLE if i == n else a for i, a in enumerate(law.args))))
            steps += [inside(s, context, "iff") for s in found[0].steps]
    return Answer(t, "solved", steps[-1].after, tuple(steps), "the law of what it is made of")


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
            if back and back[0].before != step.after:  # the factors stand in another order there
                start.append(inside(by_algebra(step.after.args[0], Spot(), end, facts), context, "iff"))
            return start + back
    return []
