"""``Show that`` and ``Is it true that``: proofs from both ends, and evidence against."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from derive.facts.stated import GROWTH
from derive.kernel.apply import HOLE, Spot
from derive.kernel.chain import proves
from derive.kernel.combining import inside, reverse
from derive.kernel.conditions import holds
from derive.kernel.step import Step
from derive.language.model import Given, Symbol
from derive.planner.bounds.bounding import inequality
from derive.planner.bounds.lacking import lacking
from derive.planner.bounds.norms import by_suprema, in_norms
from derive.planner.desk import Desk
from derive.planner.growth.comparing import growth, missing
from derive.planner.growth.disproving import bounded_away, is_closed, other_order
from derive.planner.growth.growing import orders, sizes
from derive.planner.methods.calculus import FUNCTIONS
from derive.planner.methods.laws_shown import laws_shown
from derive.planner.methods.settled import uses_calculus
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer, Evidence
from derive.planner.tasks.distributing import law_of_expression
from derive.planner.tasks.mapping import image_law
from derive.planner.values.joining import between, joined, merged, place_by_place
from derive.planner.values.missing import between_laws
from derive.planner.values.value import Finder
from derive.terms import Term, at, call, contains, expect, fresh, num, power, same, shape, subterms, sym

MOMENTS = 4  # how many moments are compared
UNSEEN = frozenset({"InfiniteVariance", "FiniteMeanOnly"})  # givens that no small instance can satisfy
METHOD = "entry by entry"
ABOUT_CHANCE = frozenset({"Dist", "Independent", "Uncorrelated", "IndependentEntries"})
ORDERS = ("Le", "Ge", "Lt", "Gt")


def show(desk: Desk) -> Answer:
    """Each claim proved; with several, each step has its part."""
    t = desk.task
    parts: list[Term] = []
    for p in t.objects:
        parts += p.args if p.head == "And" else (p,)
    answers = [claim(desk, p) for p in parts]
    bad = next((a for a in answers if a.status != "shown"), None)
    if bad is not None:
        return bad
    if len(answers) == 1:
        return answers[0]
    steps = tuple(s.shown(part=n) for n, a in enumerate(answers, 1) for s in a.steps)
    return Answer(t, "shown", call("And", *parts), steps, answers[0].method)


def claim(desk: Desk, p: Term) -> Answer:
    t = desk.task
    if p.head in ABOUT_CHANCE:
        answer = truth_of(desk, p)
        return replace(answer, result=p) if answer.status == "shown" else answer
    steps, method = proof(desk, p)
    if steps is not None:
        return Answer(t, "shown", p, tuple(steps), method)
    return _unproved(desk, p)


def proof(desk: Desk, p: Term) -> tuple[list[Step] | None, str]:
    """A chain of equations, of bounds, or to an order of growth; and how it was found."""
    if p.head in ORDERS and all(is_closed(a) for a in p.args) and against(desk, p) is not None:
        return None, ""  # numbers alone: quickly seen to be wrong, while a search would try everything
    steps, method = found(desk, p)
    return (steps, method) if steps is None or proves(steps, p, desk.facts) else (None, "")


def found(desk: Desk, p: Term) -> tuple[list[Step] | None, str]:
    """A chain that may be a proof."""
    if p.head == "Eq" and p.args[1].head in GROWTH:
        return growth(desk, p), "bounds and orders of growth"
    if p.head == "Eq":
        return equation(desk, p), "both sides to one form"
    if p.head in ORDERS:
        return inequality(desk, p), "a chain of bounds"
    return None, ""


def _unproved(desk: Desk, p: Term) -> Answer:
    """An instance against the claim, with what would be needed for it; or neither found."""
    t = desk.task
    if p.head == "Eq" and p.args[1].head in GROWTH:
        no = other_order(desk, p, *sizes(desk)) or bounded_away(desk, p, orders(desk, 2))
        if no is not None:
            return no
    evidence = against(desk, p)
    if evidence is not None:
        reason = f"{desk.facts.tex(p)} fails in an instance that satisfies everything given."
        lacks = ""
        if p.head == "Eq" and p.args[1].head in GROWTH:
            reason = f"{desk.facts.tex(p)} does not follow: it fails for a family of instances that satisfy everything given."
            lacks = missing(desk, p)
        more, lacks = would_follow(desk, p, lacks)
        return Answer(t, "refuted", call("False"), reason=reason + more, missing=lacks, evidence=evidence)
    more, lacks = would_follow(desk, p)
    unmet = next((x for u in subterms(p) if u.head in ("KL", "Entropy") and (x := between_laws(desk.finder, u, desk.facts)) is not None), None)
    if unmet is not None and not lacks:
        more, lacks = f" {unmet.reason}", unmet.missing
    return Answer(t, "undecided", reason=f"Neither a proof of {desk.facts.tex(p)} nor an instance against it was found.{more}", missing=lacks)


def would_follow(desk: Desk, p: Term, lacks: str = "") -> tuple[str, str]:
    """A hypothesis that would make a bound or an order provable: as a sentence, and by itself."""
    if lacks or p.head not in ORDERS and not (p.head == "Eq" and p.args[1].head in GROWTH):
        return "", lacks
    h = lacking(desk, p, lambda there: proof(there, p)[0] is not None)
    if h is None:
        return "", ""
    said = desk.facts.tex(h)
    return f" It would follow from {said}, and nothing says so.", said


def _itself(desk: Desk, p: Term) -> frozenset[str]:
    """Rules that say just what is to be shown: a proof by them would be none."""
    out = set()
    for r in desk.rulebook.values():
        if r.kind == "proved" and r.claim.head == "Eq" and r.claim.args[0].head == p.args[0].head and _alike(r.claim, p):
            out.add(r.name)
    return frozenset(out)


def _alike(rule: Term, p: Term) -> bool:
    """The same form of expression, up to names and sizes."""
    from derive.terms import key, subst

    def anonymous(t: Term) -> str:
        table: dict[Term, Term] = {}
        for s in subterms(t):
            if s.head == "Sym" and s not in table:
                table[s] = sym(f"v{len(table)}", s.sort.shape)
        return re.sub(r":[^|();]*", "", key(subst(t, table)))

    return anonymous(rule) == anonymous(p)


def equation(desk: Desk, p: Term) -> list[Step] | None:
    """A chain from the left side to the right; of arrays, as wholes or else place by place."""
    averages = [u for u in subterms(p.args[1]) if u.head == "ExpectOver"]
    goal = call("Dist", averages[0].var, averages[0].domain[0]) if averages else None
    finder = replace(desk.finder, without=_itself(desk, p), goal=goal)
    every = any(uses_calculus(a, desk.facts) for a in p.args)  # there, as far as one can go is not always where the two meet
    steps = joined(finder, p, desk.facts, desk.task.terms, every)
    if steps is None and averages:
        for law in finder.laws(averages[0], desk.facts):
            steps = steps or joined(replace(finder, goal=law), p, desk.facts, desk.task.terms, every)
    if steps is None and uses_calculus(p, desk.facts):
        steps = _over_laws(desk, p)
    if steps is None:
        steps = _by_norms(desk, p)
    if steps is None and shape(p.args[0]):
        step = place_by_place(finder, p.args[0], Spot(), p.args[1], desk.facts)
        return [step] if step is not None else None
    return steps


def _over_laws(desk: Desk, p: Term) -> list[Step] | None:
    """The same with the averages of what is declared as averages over its distribution."""
    left, right = (laws_shown(desk.finder, a, desk.facts, (FUNCTIONS,)) for a in p.args)
    if not any(contains(s.after, "ExpectOver") and not contains(s.before, "ExpectOver") for s in (*left, *right)):
        return None
    chain = equation(desk, call("Eq", *(steps[-1].after if steps else a for steps, a in zip((left, right), p.args, strict=True))))
    return [*left, *chain, *(reverse(s) for s in reversed(right))] if chain is not None else None


def _by_norms(desk: Desk, p: Term) -> list[Step] | None:
    """Both sides in norms of named arrays, or their operator norms as suprema."""
    for left in in_norms(desk, p.args[0]):
        for right in in_norms(desk, p.args[1]):
            chain = between(p, left, right, desk.facts)
            if chain is not None:
                return merged(chain, desk.facts)
    if any(contains(p, h) for h in ("Spectral", "InducedRMS", "Sup")):
        out = _itself(desk, p)
        chain = between(p, by_suprema(desk, p.args[0], out), by_suprema(desk, p.args[1], out), desk.facts)
        return merged(chain, desk.facts) if chain is not None else None
    return None


def against(desk: Desk, p: Term) -> Evidence | None:
    """An instance that satisfies everything given and breaks the claim."""
    from derive.planner.refereeing import setting_of
    from derive.referee.instances import find_counterexample

    if any(g.prop.head in UNSEEN for g in desk.facts.givens):
        return None
    got: Any = find_counterexample(p, setting_of(desk))
    if got is None:
        return None
    return Evidence(got.get("where", {}), got.get("left"), got.get("right"), got.get("quantity", ""))


def truth(desk: Desk) -> Answer:
    """Yes with a proof, no with an exact invariant that differs or an instance, or undecided."""
    t = desk.task
    p = t.objects[0] if len(t.objects) == 1 else call("And", *t.objects)
    image = image_law(desk, p)
    if image is not None:  # at a desk where what is drawn is one of the document's
        there, wanted = image
        answer = truth_of(there, wanted)
        steps, broken = refereed(answer.steps, there)  # what is drawn is known at that desk only
        return replace(answer, task=t, steps=steps) if broken is None else answer
    return truth_of(desk, p)


def truth_of(desk: Desk, p: Term) -> Answer:
    """One proposition: a proof, an exact invariant that differs, an instance, or undecided."""
    t = desk.task
    if p.head == "IndependentEntries" and len(p.args) == 1 and len(shape(p.args[0])) == 1:
        return entries_apart(desk, p)
    if p.head == "Dist":
        p = with_moments(desk, p)
        v = holds(p, desk.facts, desk.finder.prover())
        if v:
            return Answer(t, "shown", call("True"), v.steps, "by what is given", note=v.because)
        steps = law_proved(desk, p)
        if steps is not None:
            return Answer(t, "shown", call("True"), tuple(steps), "the law of what it is made of")
        no = other_moment(desk, p)
        if no is not None:
            return no
    if p.head in ("Independent", "Uncorrelated"):
        v = holds(p, desk.facts, desk.finder.prover())
        if v:
            return Answer(t, "shown", call("True"), v.steps, "by what is given", note=v.because)
    steps, method = proof(desk, p)
    if steps is not None:
        return Answer(t, "shown", call("True"), tuple(steps), method)
    return _unproved(desk, p)


def entries_apart(desk: Desk, p: Term) -> Answer:
    """Whether the entries of a vector are independent: as members of a family; or, against it, two of them."""
    (x,) = p.args
    (n,) = shape(x)
    k = fresh(sym("i"), desk.facts.symbols.keys())
    v = holds(p, desk.facts) or holds(call("Independent", call("Over", Term("Lambda", (k, at(x, k))), n)), desk.facts, desk.finder.prover())
    if v:
        return Answer(desk.task, "shown", call("True"), v.steps, "by what is given", note=v.because)
    return _unproved(desk, call("Independent", at(x, num(1)), at(x, num(2))))


def with_moments(desk: Desk, p: Term) -> Term:
    """``e`` is normal with the mean and the variance that it has: with their values, where these can be found."""
    e, law = p.args
    if law.head != "Normal" or law.args != (call("Expect", e), call("Var", e)) or shape(e):
        return p
    found = [desk.finder.by(METHOD, a, desk.facts) for a in law.args]
    return p if any(desk.finder.open(f.value, desk.facts) is not None for f in found) else call("Dist", e, call("Normal", *(f.value for f in found)))


def law_proved(desk: Desk, p: Term) -> list[Step] | None:
    """``e ~ D`` from the law that the rules give to ``e``, its parameters brought to those of ``D``."""
    e, target = p.args
    steps = law_of_expression(desk, e)
    if not steps:
        return None
    law = steps[-1].after.args[1]
    if law.head != target.head or len(law.args) != len(target.args):
        return None
    for n, (mine, wanted) in enumerate(zip(law.args, target.args, strict=True)):
        if same(mine, wanted):
            continue
        chain = equation(desk, call("Eq", mine, wanted))
        if chain is None:
            return None
        current = steps[-1].after.args[1]
        context = call("Dist", e, Term(current.head, tuple(HOLE if i == n else a for i, a in enumerate(current.args))))
        steps += [inside(s, context, "iff") for s in chain]
    return steps


def other_moment(desk: Desk, p: Term) -> Answer | None:
    """If X had the law P, every E[X^k] would be P's: the first k at which it is not."""
    from derive.kernel.algebra import equal
    from derive.planner.refereeing import value_at_least

    e, law = p.args
    if shape(e):
        return None
    name = next(n for n in ("Y", "Z", "U", "V", "Y_1", "Y_2") if n not in desk.problem.symbols)
    y = sym(name)
    facts = replace(
        desk.facts, symbols={**desk.problem.symbols, name: Symbol(y, "random", 0, name)},
        givens=(*desk.facts.givens, Given(call("Dist", y, law), 0, "")), cache={},
    )  # fmt: skip
    finder: Finder = desk.finder
    for k in range(1, MOMENTS + 1):
        mine = finder.by(METHOD, expect(power(e, num(k)) if k > 1 else e), desk.facts)
        theirs = finder.by(METHOD, expect(power(y, num(k)) if k > 1 else y), facts)
        if finder.open(mine.value, desk.facts) is not None or finder.open(theirs.value, facts) is not None:
            return None
        if equal(mine.value, theirs.value)[0]:
            continue
        found = value_at_least(desk, mine.value, theirs.value)
        if found is None:
            continue
        where, left, right = found
        tex = desk.facts.tex
        word = {1: "mean", 2: "second moment", 3: "third moment", 4: "fourth moment"}[k]
        quantity = tex(expect(power(e, num(k)) if k > 1 else e))
        reason = (f"If {tex(p)} held, its {word} would be {tex(theirs.value)}; but {quantity} is {tex(mine.value)}. "
                  + ("A distribution is more than its mean and variance: two that agree in both can differ in a higher moment."
                     if k > 2 else "One distribution has one of each."))  # fmt: skip
        steps = tuple(mine.steps)
        return Answer(desk.task, "refuted", call("False"), steps, f"comparing the {word}", reason=reason,
                      evidence=Evidence(where, left, right, quantity[1:-1],
                                        f"the {word} is {tex(mine.value)}, that of {tex(law)} is {tex(theirs.value)}"))  # fmt: skip
    return None


__all__ = ["show", "truth"]
