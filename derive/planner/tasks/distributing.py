"""Laws by proof: what an expression is distributed like, from the laws of what it is made of."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Facts, is_random
from derive.facts.stated import law_of
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_law
from derive.kernel.combining import inside, reverse
from derive.kernel.conditions import Prover
from derive.kernel.step import Step
from derive.language.model import Given
from derive.planner.desk import Desk
from derive.planner.library import Library
from derive.planner.methods.profiles import TO_ENTRIES
from derive.planner.methods.rewriting import Rewriter, by_roles
from derive.planner.solution import Answer
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Term, call, size, subterms

INTO_SUMS = by_roles("into sums", {"expand"}, lambda r: r.claim.args[0].head == "Mul")

def distribution(desk: Desk) -> Answer:
    """``Find the distribution of …``: the law by a rule, its parameters worked out."""
    t, facts = desk.task, desk.facts
    if len(t.objects) != 1:
        return Answer(t, "refused", reason="One distribution at a time can be found.")
    e = t.objects[0]
    said = law_of(facts, e)
    if said is not None:
        return Answer(t, "solved", call("Dist", e, said[0]), (), "by what is given", note=f"Line {said[1]} says so.")
    missing: list[str] = []
    steps = law_of_expression(desk, e, missing)
    if not steps:
        lacking = missing[0] if missing else ""
        reason = f"No rule in the library gives the distribution of {facts.tex(e)}" + (f" unless {lacking}." if lacking else ".")
        return Answer(t, "refused", reason=reason, missing=lacking)
    for n in range(len(steps[-1].after.args[1].args)):
        law = steps[-1].after.args[1]
        found = desk.finder.all(law.args[n], facts)
        if found and found[0].steps and desk.finder.open(found[0].value, facts) is None:
            context = call("Dist", e, Term(law.head, tuple(HOLE if i == n else a for i, a in enumerate(law.args))))
            steps += [inside(s, context, "iff") for s in found[0].steps]
    return Answer(t, "solved", steps[-1].after, tuple(steps), "the law of what it is made of")



def law_of_expression(desk: Desk, e: Term, missing: list[str] | None = None) -> list[Step]:
    """From what is given to ``e ~ D`` for the first rule that states a law of it; no step, if none does.

    ``missing`` takes what a rule that would fit needed in vain.
    """
    facts, library, prover = desk.facts, desk.finder.library, desk.finder.prover()
    opened = Rewriter(library, facts, TO_ENTRIES, prover).run(e)
    end = opened[-1].after if opened else e
    spread = opened + Rewriter(library, facts, (INTO_SUMS,), prover).run(end)
    for way in (opened, spread) if len(spread) > len(opened) else (opened,):
        end = way[-1].after if way else e
        laws = from_parts(desk, end, missing)
        if not laws:
            continue
        context = call("Dist", HOLE, laws[-1].after.args[1])
        back = [inside(reverse(s), context, "iff") for s in reversed(way)]
        if back and back[0].before != laws[-1].after:  # the factors stand in another order there
            try:
                laws.append(inside(by_algebra(laws[-1].after.args[0], Spot(), end, facts), context, "iff"))
            except Refused:
                continue
        return laws + back
    return []


def from_parts(desk: Desk, e: Term, missing: list[str] | None = None) -> list[Step]:
    """The laws of the parts of ``e`` that its own needs, from the inside outwards, each from those before it."""
    facts, library, prove = desk.facts, desk.finder.library, desk.finder.prover()
    rules = [r for r in library.rules if r.claim.head == "Dist" and not r.when_asked]
    made: dict[Term, Step] = {}
    for t in sorted({u for u in subterms(e) if u.head != "Num" and is_random(facts, u)}, key=size):
        if law_of(facts, t) is not None:
            continue
        for rule in rules:
            step = _first(rule, t, facts, library, prove, missing if t == e else None)
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


def _first(rule: Rule, t: Term, facts: Facts, library: Library, prove: Prover, missing: list[str] | None) -> Step | None:
    for b in Matcher(rule, facts).against(rule.claim.args[0], t):
        try:
            return by_law(rule, b, facts, prove, t)
        except Refused as r:
            if r.missing and missing is not None:
                missing.append(r.missing)
    return None
