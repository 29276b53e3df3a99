"""``Find`` a value, and ``Find c such that``."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.facts.facts import CHANCE, DERIVATIVES
from derive.facts.signs import nonnegative, positive, wanting
from derive.kernel.algebra import Algebra
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_earlier, by_rule
from derive.kernel.combining import gather, inside
from derive.kernel.conditions import holds
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.methods.settled import settled
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.tasks.forms import average_over, support_moves
from derive.planner.values.missing import between_laws, lacking
from derive.planner.values.pretty import pretty
from derive.planner.values.value import Found, chance_left, unbounded
from derive.search.match import Matcher
from derive.terms import (
    Term,
    add,
    call,
    contains,
    free,
    get,
    key,
    mul,
    neg,
    num,
    power,
    rebuild,
    same,
    size,
    subst,
    subterms,
)
from derive.terms.walk import paths


def with_earlier(desk: Desk, line: Term) -> list[Step] | Answer:
    """Names that an earlier task has found, put into the line; a refusal where one has another meaning at its place."""
    steps: list[Step] = []
    for a, unknown, _ in desk.meant:
        for _ in range(8):
            path = next((p for p in paths(line) if get(line, p) == unknown), None)
            if path is None:
                break
            try:
                step = by_earlier(line, Spot(path), a.task.id, a.steps, desk.facts)
            except Refused as r:
                said = f"What task {a.task.id} found for {desk.facts.tex(unknown)} cannot be put in: {r.why}."
                return Answer(desk.task, "refused", reason=said, missing=r.missing)
            steps.append(step)
            line = step.after
    return [together(steps)] if steps else []


def together(steps: list[Step]) -> Step:
    """What several earlier tasks have found, put in as one step."""
    return gather(steps, None if len({s.rule for s in steps}) == 1 else "earlier tasks")


def find(desk: Desk) -> Answer:
    """The value of each object, by the cheapest method; with several objects a tuple, each step with its part."""
    t = desk.task
    answers = [average_over(desk, e, t.over) if t.over is not None else value_of(desk, e) for e in t.objects]
    if len(answers) == 1:
        return answers[0]
    bad = next((a for a in answers if a.status != "solved"), None)
    if bad is not None:
        return bad
    steps = tuple(s.shown(part=n) for n, a in enumerate(answers, 1) for s in a.steps)
    return Answer(t, "solved", call("Tuple", *(a.result for a in answers if a.result is not None)), steps, answers[0].method)


def value_of(desk: Desk, e: Term) -> Answer:
    t = desk.task
    first = with_earlier(desk, e)
    if isinstance(first, Answer):
        return first
    line = first[-1].after if first else e
    best = evaluated(desk, line)
    if isinstance(best, Answer):
        return best
    if same(best.value, line) and chance_left(line):
        said = desk.facts.tex(line)
        return Answer(t, "refused", reason=f"Nothing that is given determines {said}.", missing=f"a distribution or a moment that gives {said}")
    if t.terms and not _in_terms(best.value, t.terms):
        return refusal(desk, best, None)
    answer = Answer(t, "solved", best.value, (*first, *best.steps), best.method)
    if desk.methods:
        good = [f for f in desk.founds(line)[1:] if desk.finder.open(f.value, desk.facts) is None]
        answer = replace(answer, alternatives=tuple(Answer(t, "solved", f.value, (*first, *f.steps), f.method) for f in good))
    return answer


def evaluated(desk: Desk, line: Term) -> Found | Answer:
    """The cheapest derivation that reaches a value, or the refusal."""
    founds = desk.founds(line)
    if not founds:
        return Answer(desk.task, "refused", reason=f"No derivation uses {desk.task.using}.")
    left = desk.finder.open(founds[0].value, desk.facts)
    if left is None:
        return founds[0]
    if any(u.head in DERIVATIVES and contains(u, "Expect") for u in subterms(line)):  # what is averaged then is an answer
        moved = [f for f in founds if not any(u.head in DERIVATIVES and not settled(u, desk.facts) for u in subterms(f.value)) and unbounded(f.value, desk.facts) is None]
        if moved:
            return min(moved, key=lambda f: (sum(size(u) for u in subterms(f.value) if u.head in CHANCE), f.cost()))
    return refusal(desk, founds[0], left)


def _in_terms(value: Term, terms: tuple[Term, ...]) -> bool:
    """Whether only the listed quantities are left of what is random or depends on it."""

    def without(u: Term) -> Term:
        if any(same(u, k) for k in terms):
            return num(1)
        if u.head in ("Num", "Sym") or u.is_binder:
            return u
        return rebuild(u, tuple(without(a) for a in u.args))

    return not chance_left(without(value))


def refusal(desk: Desk, best: Found, left: Term | None) -> Answer:
    """What stopped the derivation, with the missing hypothesis where one is known."""
    facts = desk.facts
    shown = left if left is not None else best.value
    moved = support_moves(desk, (shown,))
    if moved is not None:
        return moved
    lack = None if left is None else between_laws(desk.finder, left, facts) if left.head in ("KL", "Entropy") else lacking(desk.finder, left, facts)
    if lack is not None:
        return Answer(desk.task, "refused", reason=lack.reason, missing=lack.missing)
    if left is not None and left.head in DERIVATIVES:
        u = left.body
        if u.head == "Apply" and u.args[0] not in facts.definitions:
            lack_smooth = f"{facts.tex(u.args[0])} is differentiable"
            return Answer(desk.task, "refused", reason=f"{facts.tex(left)} is left: nothing says that {lack_smooth}.", missing=lack_smooth)
        for name, said in sorted(best.refusals.items(), key=lambda r: "\\ne" not in r[1]):  # the weakest first
            rule = desk.rulebook.get(name)
            missing = said.split("needs that ", 1)[-1].split(":")[0]
            letter = re.escape(facts.tex(left.var)[1:-1])  # of what moves it is to speak, and not of which rule fits
            spoken = re.search(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", missing) is not None
            if rule is not None and rule.role == "differentiate" and spoken:
                return Answer(desk.task, "refused", reason=f"{facts.tex(left)} is left, because {said}.", missing=missing)
    if left is not None and left.head == "Prob":
        wants = {name: said.split("needs that ", 1)[1] for name, said in best.refusals.items() if "needs that " in said and _about(desk, name, left)}
        if len(wants) == 1:
            ((name, missing),) = wants.items()
            return Answer(desk.task, "refused", reason=f"{facts.tex(left)} is left, because {best.refusals[name]}, which nothing says.", missing=missing)
    unsaid = "nothing says that "
    for name, said in sorted(best.refusals.items(), key=lambda r: unsaid not in r[1]):  # what the document leaves out before what follows from it
        rule = desk.rulebook.get(name)
        if rule is not None and rule.role in ("factor", "shortcut") and ("independent" in said or "uncorrelated" in said) and "depend on" not in said:
            missing = said.split(unsaid, 1)[1] if unsaid in said else said.split("needs that ", 1)[1].split(":")[0]
            return Answer(desk.task, "refused", reason=f"{facts.tex(shown)} is left, because {said}.", missing=missing)
    return Answer(desk.task, "refused", reason=f"No rule in the library reaches a value: {facts.tex(shown)} is left.")


def _about(desk: Desk, name: str, t: Term) -> bool:
    """Whether a rule speaks of what has the head of ``t``."""
    rule = desk.rulebook.get(name)
    return rule is not None and rule.claim.head == "Eq" and rule.claim.args[0].head == t.head


def constant(desk: Desk) -> Answer:
    """The unknown from the condition: both sides evaluated, then the unknown isolated by a rule of the role ``solve``."""
    t = desk.task
    condition, unknown = t.objects[0], t.unknown
    if condition.head != "Eq" or unknown is None or len(t.objects) != 1:
        return Answer(t, "refused", reason="Only one equation can be solved for its unknown.")
    steps: list[Step] = []
    line = condition
    for side in (0, 1):
        e = line.args[side]
        if e.head == "Num" or same(e, unknown):
            continue
        best = evaluated(desk, e)
        if isinstance(best, Answer):
            return best
        context = call("Eq", *(HOLE if i == side else a for i, a in enumerate(line.args)))
        looked_at, broken = refereed(tuple(best.steps), desk)
        if broken is not None:
            return Answer(t, "refused", reason=f"A step by {broken.rule} is contradicted by numbers.")
        steps += [inside(s, context, "iff") for s in looked_at]
        line = call("Eq", *(best.value if i == side else a for i, a in enumerate(line.args)))
    made = isolate(desk, line, unknown)
    if isinstance(made, Refused):
        return Answer(t, "refused", reason=made.why, missing=made.missing)
    steps += made
    value = steps[-1].after.args[1] if steps else line.args[1]
    facts = desk.facts
    outside, assumed = domain(desk, unknown, value, steps)
    if outside:
        return Answer(t, "refused", reason=outside)
    asked = any(g.kind == "task" and unknown in free(g.prop) for g in facts.givens)
    if asked and positive(facts, unknown) and not any(positive(facts, s.after.args[1]) for s in made):
        said = facts.tex(wanting(facts, value))
        reason = f"The condition gives {facts.tex(call('Eq', unknown, value))}, and that this is positive needs that {said}, which nothing says."
        return Answer(t, "refused", reason=reason, missing=said)
    return Answer(t, "solved", value, tuple(steps), "solving for the unknown", assumed=assumed)


ABOUT = frozenset({"Gt", "Ge", "Lt", "Le", "Ne", "In"})


def domain(desk: Desk, unknown: Term, value: Term, steps: list[Step]) -> tuple[str, tuple[str, ...]]:
    """Whether the value is one that the unknown may have: why not, or what has to be assumed for it."""
    facts = desk.facts
    base = unknown.args[0] if unknown.head == "Pow" else unknown
    solved = desk.rulebook.get(next((s.rule for s in reversed(steps) if s.rule.startswith("solve.")), ""))
    if solved is not None and any(h.prop == call("Gt", solved.claim.args[1].args[0], num(0)) for h in solved.hypotheses):
        return "", ()  # the rule speaks of positive unknowns only: what it says is the positive one
    assumed: list[str] = []
    for g in facts.givens:
        for p in g.prop.args if g.prop.head == "And" else (g.prop,):
            if p.head not in ABOUT or free(p) != {base} or (unknown.head == "Pow" and p != call("Gt", base, num(0))):
                continue
            q = subst(p, {base: value})
            v = holds(q, facts)
            if v.holds is False or (not v and not free(q)):
                said = facts.tex(call("Eq", unknown, value))
                return f"There is no solution: the condition holds only for {said}, and line {g.line} asks for {facts.tex(p)}.", ()
            if not v:
                assumed.append(facts.tex(q))
    return "", tuple(dict.fromkeys(assumed))


def isolate(desk: Desk, line: Term, unknown: Term) -> list[Step] | Refused:
    """``line`` to ``unknown = value``, or why not."""
    facts = desk.facts
    base, wanted = (unknown.args[0], unknown) if unknown.head == "Pow" else (unknown, unknown)
    left, right = line.args
    if base in free(right) and base not in free(left):
        left, right = right, left
    if base in free(right):
        return Refused(f"{facts.tex(base)} stands on both sides.")
    if base not in free(left):
        return Refused(f"There is no solution to single out: whatever {facts.tex(base)} is, the condition comes to {facts.tex(line)}.")
    if any(u.head == "Sum" and base in free(u) for u in subterms(left)):  # what is in every term is to stand on its own
        spread = desk.finder.by("structure first", left, facts)
        if spread.steps and not any(u.head == "Sum" and base in free(u) for u in subterms(spread.value)):
            context = call("Eq", HOLE, right)
            made = isolate(desk, call("Eq", spread.value, right), unknown)
            return made if isinstance(made, Refused) else [*(inside(s, context, "iff") for s in spread.steps), *made]
    alg = Algebra()
    p = alg.normal(left)
    raised = {key(u): u for u in subterms(left) if u.head == "Pow" and u.args[0] == base and u.args[1].head != "Num" and base not in free(u.args[1])}
    k, powered = next(iter(raised.items())) if len(raised) == 1 and wanted == base else (key(base), wanted)  # t^L
    beside = {m: c for m, c in p.items() if k not in dict(m)}  # what is added to the unknown's part
    p = {m: c for m, c in p.items() if m not in beside}
    exponents = {dict(m).get(k) for m in p}
    if len(exponents) != 1:
        return Refused(f"The condition is no equation for one power of {facts.tex(base)}: {facts.tex(line)}.")
    (e,) = exponents
    assert e is not None
    if beside and wanted.head != "Pow" and e != 1:  # first what stands beside the power, then the power
        first = isolate(desk, line, power(wanted, num(e)))
        then = first if isinstance(first, Refused) else isolate(desk, first[-1].after, wanted)
        return then if isinstance(first, Refused) or isinstance(then, Refused) else [*first, *then]
    rest = pretty(alg.term({tuple(x for x in m if x[0] != k): c for m, c in p.items()}))
    if base in free(rest):
        return Refused(f"{facts.tex(base)} stands inside {facts.tex(rest)}.")
    if wanted.head == "Pow":
        e = e / wanted.args[1].value
    unknown_part = power(powered, num(e)) if e != 1 else powered
    constant = [pretty(alg.term(beside))] if beside else []
    start, steps = line, list[Step]()
    apart = add(mul(rest, unknown_part), *constant)
    if base in free(add(*constant)):
        return Refused(f"{facts.tex(base)} stands inside {facts.tex(constant[0])}.")
    if not same(left, apart):  # the unknown's power apart from its factor, and from what is added
        try:
            shaped = by_algebra(left, Spot(), apart, facts)
        except Refused as r:
            return r
        steps.append(inside(shaped, call("Eq", HOLE, right) if left is line.args[0] else call("Eq", right, HOLE), "iff"))
        start = steps[-1].after
    part = Term("Mul", (rest, unknown_part))
    goal = call("Eq", Term("Add", (part, *constant)) if constant else part, right)
    last = Refused("no rule of the library isolates it")
    for rule in desk.rulebook.values():
        if rule.role != "solve" or rule.claim.head != "Iff":
            continue
        name = next((n for n, x in rule.names.items() if x.term == rule.claim.args[1].args[0]), None)
        if name is None:
            continue
        for b in Matcher(rule, facts).match(rule.claim.args[0], goal, {name: wanted}, {}):
            try:
                solved = by_rule(rule, b, start, Spot(), facts)
            except Refused as r:
                last = r
                continue
            out = [*steps, solved]
            value = solved.after.args[1]
            neat = pretty(value)
            if neat != value and facts.tex(neat) != facts.tex(value):
                try:
                    out.append(inside(by_algebra(value, Spot(), neat, facts), call("Eq", wanted, HOLE), "iff"))
                except Refused:
                    pass
            return out
    if positive(facts, part) and nonnegative(facts, neg(right)):
        return Refused(f"There is no solution: {facts.tex(line)} asks that something positive is {facts.tex(right)}, which is not.")
    if any(c.isalpha() for c in last.missing):
        return Refused(f"Solving {facts.tex(line)} for {facts.tex(wanted)} needs that {last.missing}, and nothing says so.", last.missing)
    return Refused(f"The condition {facts.tex(line)} was not solved for {facts.tex(wanted)}: {last.why}.")
