"""Laws by proof: what an expression is distributed like, from the laws of what it is made of."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Facts, is_random
from derive.facts.independence import separate
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
from derive.terms import Term, add, call, free, num, size, subterms

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
        mixed = None if lacking else mixture(desk, e)
        return Answer(t, "refused", reason=reason + (f" {mixed[1]}" if mixed else ""), missing=mixed[0] if mixed else lacking)
    for n in range(len(steps[-1].after.args[1].args)):
        law = steps[-1].after.args[1]
        found = desk.finder.all(law.args[n], facts)
        if found and found[0].steps and desk.finder.open(found[0].value, facts) is None:
            context = call("Dist", e, Term(law.head, tuple(HOLE if i == n else a for i, a in enumerate(law.args))))
            steps += [inside(s, context, "iff") for s in found[0].steps]
    return Answer(t, "solved", steps[-1].after, tuple(steps), "the law of what it is made of")



def mixture(desk: Desk, e: Term) -> tuple[str, str] | None:
    """What the law would be if one random thing in ``e`` were fixed (and not 0): what is missing, and in a sentence."""
    facts = desk.facts
    chance = sorted((s for s in free(facts.seen(e)) if facts.role(s) == "random"), key=lambda s: s.name)
    for s in chance:
        if not separate(facts, [frozenset((s,)), frozenset(chance) - {s}]):
            continue
        symbols = {**desk.problem.symbols, s.name: replace(desk.problem.symbols[s.name], role="fixed")}
        apart = call("Ne", s, call("Zeros", *s.sort.shape) if s.sort.shape else num(0))
        givens = (*(g for g in desk.problem.givens if s not in free(g.prop)), Given(apart, 0, ""))
        there = Desk(replace(desk.problem, symbols=symbols, givens=givens), desk.rulebook, desk.task, (), False, {})
        if not is_random(there.facts, e):
            continue
        steps = law_of_expression(there, e)
        if steps and s in free(there.facts.seen(steps[-1].after.args[1])):
            law = steps[-1].after.args[1]
            said = facts.tex(s)
            return f"{said} is fixed", (f"For a fixed {said} it would be {facts.tex(law)}; as {said} is random, it is a mixture of such laws, "
                                        "and no rule of the library names that.")  # fmt: skip
    return None


def law_of_expression(desk: Desk, e: Term, missing: list[str] | None = None) -> list[Step]:
    """From what is given to ``e ~ D`` for the first rule that states a law of it; no step, if none does.

    ``missing`` takes what a rule that would fit needed in vain.
    """
    facts, library, prover = desk.facts, desk.finder.library, desk.finder.prover()
    opened = Rewriter(library, facts, TO_ENTRIES, prover).run(e)
    end = opened[-1].after if opened else e
    spread = opened + Rewriter(library, facts, (INTO_SUMS,), prover).run(end)
    ways = [[], opened] if opened else [[]]
    for way in (*ways, spread) if len(spread) > len(opened) else ways:
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
    parts = {u for u in subterms(e) if u.head != "Num" and is_random(facts, u)}
    parts |= {p for u in parts if u.head == "Add" for p in _sums(u, facts)}
    for t in sorted(parts, key=size):
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


def _sums(t: Term, facts: Facts) -> list[Term]:
    """The sums of the first random terms of a sum, each of which may have a law that the next takes up."""
    random = [a for a in t.args if is_random(facts, a)]
    return [add(*random[:n]) for n in range(2, len(random) + (len(random) < len(t.args)))]


def _first(rule: Rule, t: Term, facts: Facts, library: Library, prove: Prover, missing: list[str] | None) -> Step | None:
    for b in Matcher(rule, facts).against(rule.claim.args[0], t):
        try:
            return by_law(rule, b, facts, prove, t)
        except Refused as r:
            if r.missing and missing is not None and r"\sim" not in r.missing:  # a rule about another law is none that is lacking
                missing.append(r.missing)
    return None
