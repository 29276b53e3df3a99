"""``Find`` a value, and ``Find c such that``."""

from __future__ import annotations

from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_rule, gather, inside
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.pretty import pretty
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.value import Found
from derive.search.match import Matcher
from derive.terms import Term, call, free, mul, num, power, same, shape


def with_earlier(desk: Desk, line: Term) -> list[Step]:
    """Names that an earlier task has found, put into the line."""
    from derive.kernel.apply import by_earlier
    from derive.terms import get

    steps: list[Step] = []
    for a in desk.before:
        if a.task.kind != "constant" or a.status != "solved" or a.result is None or a.task.unknown is None:
            continue
        unknown = a.task.unknown
        s = desk.problem.symbols.get(unknown.name) if unknown.head == "Sym" else None
        if s is None or s.role != "unknown":
            continue
        for _ in range(8):
            path = next((p for p in _paths(line) if get(line, p) == unknown), None)
            if path is None:
                break
            step = by_earlier(line, Spot(path), a.task.id, a.steps, desk.facts)
            steps.append(step)
            line = step.after
    return [gather(steps)] if steps else []


def _paths(t: Term, path: tuple[int, ...] = ()):
    yield path
    for i, c in t.children():
        yield from _paths(c, (*path, i))


def find(desk: Desk) -> Answer:
    """The value of each object, by the cheapest method; with several objects a tuple, each step with its part."""
    t = desk.task
    answers = [value_of(desk, e) for e in t.objects]
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
    line = first[-1].after if first else e
    founds = desk.founds(line)
    if not founds:
        return Answer(t, "refused", reason=f"No derivation uses {t.using}.", missing="")
    best = founds[0]
    left = desk.finder.open(best.value, desk.facts)
    if left is not None or shape(best.value) or (t.terms and not _in_terms(best.value, t.terms, desk)):
        return refusal(desk, best, left)
    answer = Answer(t, "solved", best.value, (*first, *best.steps), best.method)
    if desk.methods:
        good = [f for f in founds[1:] if desk.finder.open(f.value, desk.facts) is None]
        from dataclasses import replace

        answer = replace(answer, alternatives=tuple(Answer(t, "solved", f.value, (*first, *f.steps), f.method) for f in good))
    return answer


def _in_terms(value: Term, terms: tuple[Term, ...], desk: Desk) -> bool:
    """Whether only the listed quantities are left of what is random or depends on it."""
    from derive.planner.value import chance_left
    from derive.terms import subst

    table = {k: num(1) for k in terms}

    def without(u: Term) -> Term:
        if any(same(u, k) for k in table):
            return num(1)
        from derive.terms import rebuild

        if u.head in ("Num", "Sym") or u.is_binder:
            return u
        return rebuild(u, tuple(without(a) for a in u.args))

    del subst
    return not chance_left(without(value))


def refusal(desk: Desk, best: Found, left: Term | None) -> Answer:
    """What stopped the derivation, with the missing hypothesis where one is known."""
    facts = desk.facts
    shown = left if left is not None else best.value
    reason = f"No rule in the library reaches a value: {facts.tex(shown)} is left."
    missing = ""
    for name, said in best.refusals.items():
        rule = desk.rulebook.get(name)
        if rule is not None and rule.role in ("factor", "shortcut") and ("independent" in said or "uncorrelated" in said):
            missing = said.split("needs that ", 1)[1].split(":")[0]
            reason = f"{facts.tex(shown)} is left, because {said}."
            break
    return Answer(desk.task, "refused", reason=reason, missing=missing)


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
        founds = desk.founds(e)
        if not founds:
            return Answer(t, "refused", reason=f"No derivation uses {t.using}.")
        best = founds[0]
        left = desk.finder.open(best.value, desk.facts)
        if left is not None:
            return refusal(desk, best, left)
        context = call("Eq", *(HOLE if i == side else a for i, a in enumerate(line.args)))
        looked_at, broken = refereed(tuple(best.steps), desk)
        if broken is not None:
            return Answer(t, "refused", reason=f"A step by {broken.rule} is contradicted by numbers.")
        steps += [inside(s, context, "iff") for s in looked_at]
        line = call("Eq", *(best.value if i == side else a for i, a in enumerate(line.args)))
    made = isolate(desk, line, unknown)
    if isinstance(made, str):
        return Answer(t, "refused", reason=made, missing=made if "positive" in made else "")
    steps += made
    value = steps[-1].after.args[1] if steps else line.args[1]
    return Answer(t, "solved", value, tuple(steps), "solving for the unknown")


def isolate(desk: Desk, line: Term, unknown: Term) -> list[Step] | str:
    """``line`` to ``unknown = value``, or why not."""
    from derive.kernel.algebra import Algebra
    from derive.terms import key

    facts = desk.facts
    base, wanted = (unknown.args[0], unknown) if unknown.head == "Pow" else (unknown, unknown)
    left, right = line.args
    if base in free(right) and base not in free(left):
        left, right = right, left
    if base in free(right):
        return f"{facts.tex(base)} stands on both sides."
    alg = Algebra()
    p = alg.normal(left)
    k = key(base)
    exponents = {dict(m).get(k) for m in p}
    if len(exponents) != 1 or None in exponents:
        return f"The condition is no equation for one power of {facts.tex(base)}: {facts.tex(line)}."
    (e,) = exponents
    assert e is not None
    rest = pretty(alg.term({tuple(x for x in m if x[0] != k): c for m, c in p.items()}))
    if base in free(rest):
        return f"{facts.tex(base)} stands inside {facts.tex(rest)}."
    steps: list[Step] = []
    if wanted.head == "Pow":
        e = e / wanted.args[1].value
    shaped = mul(rest, power(wanted, num(e)) if e != 1 else wanted)
    reshaped = call("Eq", shaped, right)
    if reshaped != line:
        context = call("Eq", HOLE, right)
        if not same(left, shaped) or left is not line.args[0]:
            try:
                steps.append(inside(by_algebra(left, Spot(), shaped, facts), context, "iff") if left is line.args[0] else None)  # type: ignore[arg-type]
            except Refused as r:
                return r.why
            steps = [s for s in steps if s is not None]
        if not steps or steps[-1].after != reshaped:
            reshaped = call("Eq", left, right) if same(left, shaped) else reshaped
    last = "it cannot be isolated"
    for rule in desk.rulebook.values():
        if rule.role != "solve" or rule.claim.head != "Iff":
            continue
        name = next((n for n, x in rule.names.items() if x.term == rule.claim.args[1].args[0]), None)
        if name is None:
            continue
        start = steps[-1].after if steps else line
        m = Matcher(rule, facts)
        for b in m.match(rule.claim.args[0], start, {name: wanted}, {}):
            try:
                solved = by_rule(rule, b, start, Spot(), facts)
            except Refused as r:
                last = r.why
                continue
            out = [*steps, solved]
            value = solved.after.args[1]
            neat = pretty(value)
            if neat != value:
                try:
                    out.append(inside(by_algebra(value, Spot(), neat, facts), call("Eq", wanted, HOLE), "iff"))
                except Refused:
                    pass
            return out
    return f"The condition {facts.tex(line)} was not solved for {facts.tex(wanted)}: {last}."
