"""Values that are averages: expectations over a law that the task names, and gradients of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.facts.facts import DERIVATIVES, Facts
from derive.facts.smooth import exchange
from derive.planner.desk import Desk
from derive.planner.methods.calculus import BY_TERMS, METHODS
from derive.planner.methods.settled import AVERAGES, average_of
from derive.planner.solution import Answer
from derive.planner.values.value import Found
from derive.terms import Term, free, subterms

WEIGHTS = "importance weights"


def average_over(desk: Desk, e: Term, goal: Term) -> Answer:
    """``e`` as an average over the law that the task names."""
    t = desk.task
    goal = Term("Dist", (goal.args[0], desk.facts.seen(goal.args[1])))
    finder = replace(desk.finder, goal=goal, found=desk.found)
    founds = finder.all(e, desk.facts, tuple(m for m in METHODS if m not in ("rule by rule", WEIGHTS, BY_TERMS)), every=True)
    good = sorted((f for f in founds if average_of(f.value, goal.args[1], desk.facts)), key=lambda f: f.cost())
    if not good:  # weights serve any two laws, and say the least
        last = finder.by(WEIGHTS, e, desk.facts)
        good = [last] if average_of(last.value, goal.args[1], desk.facts) else []
    if not good:
        return refused(desk, founds, e, goal)
    best = good[0]
    answer = Answer(t, "solved", best.value, tuple(best.steps), best.method)
    if desk.methods:
        answer = replace(answer, alternatives=tuple(Answer(t, "solved", f.value, tuple(f.steps), f.method) for f in good[1:]))
    return answer


def refused(desk: Desk, founds: list[Found], e: Term, goal: Term) -> Answer:
    """What stopped the derivation: first what no text may assume, then what the text does not say."""
    facts = desk.facts
    moved = support_moves(desk, (x for f in founds for x in (e, *(s.after for s in f.steps))))
    if moved is not None:
        return moved
    said = [why for f in founds for name, why in f.refusals.items()
            if name in desk.rulebook and desk.rulebook[name].role in ("differentiate", "change")]  # fmt: skip
    first = next((w for w in said if "exchanged" in w), None) or next((w for w in said if "differentiable" in w), None)
    what = f"{facts.tex(e)} was not brought to an expectation over {facts.tex(goal.args[1])}"
    if first is None:
        return Answer(desk.task, "refused", reason=f"{what}: no rule of the library does.")
    missing = first.split("needs that ", 1)[1].split(":")[0] if "needs that " in first else first
    return Answer(desk.task, "refused", reason=f"{what}, because {first}.", missing=missing)


def support_moves(desk: Desk, lines: Iterable[Term]) -> Answer | None:
    """The refusal of a derivative of an average over a set that moves with what the derivative is taken in."""
    facts = desk.facts
    for u in (u for line in lines for u in subterms(line)):
        if u.head in DERIVATIVES and u.body.head in AVERAGES:
            v = exchange(facts, u)
            if v.holds is False:
                return Answer(desk.task, "refused", reason=(
                    f"{facts.tex(u)}: the derivative may not be taken inside, because {v.because}. What the limits move would be missing."),
                    missing=f"that where {facts.tex(_averaged(u, facts))} lives does not depend on {facts.tex(u.var)}")  # fmt: skip
    return None


def _averaged(t: Term, facts: Facts) -> Term:
    """What the average in a derivative is over: what it binds, or what is declared with a law that moves."""
    if t.body.is_binder:
        return t.body.var
    return next((s for s in free(t.body) if facts.is_source(s) and t.var in facts.behind(s)), t.body.args[0])
