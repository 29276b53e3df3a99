"""``How does … scale with …`` and ``How must … scale with … so that …``."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.facts.facts import Facts
from derive.kernel.algebra import Algebra
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_rule
from derive.kernel.combining import inside
from derive.kernel.growth import by_leading, by_order, compare
from derive.kernel.instantiate import Misfit
from derive.kernel.step import Step
from derive.planner.bounds.norms import in_norms
from derive.planner.desk import Desk
from derive.planner.growth.orders import Orders, neat_condition, proving
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.tasks.finding import evaluated, with_earlier
from derive.planner.values.pretty import pretty
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Term, add, call, free, key, mul, num, power, same


def sizes(desk: Desk) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The dimensions that grow, and symbols that take every declared value: listed ones, and what is sought."""
    symbols = desk.problem.symbols
    listed = desk.task.sizes or tuple(s.term for s in symbols.values() if s.role == "dimension")
    grow = tuple(s for s in listed if s.name in symbols and symbols[s.name].role == "dimension")
    grow = tuple(s for s in grow if s not in desk.constant)
    other = [s for s in listed if s not in grow and s.head == "Sym" and s not in desk.constant]
    u = desk.task.unknown if desk.task.kind == "must_scale" else None
    if u is not None:
        base = u.args[0] if u.head == "Pow" else u
        other += [base] if base not in other else []
    return grow, tuple(other)


def growing(desk: Desk) -> Facts:
    """The task's facts with what grows in it."""
    got = desk.extra.get("growing")
    if got is None:
        grow, other = sizes(desk)
        got = desk.extra["growing"] = replace(desk.facts, growing=grow, others=other)
    return got


def orders(desk: Desk, level: int = 0) -> Orders:
    """What the rules say of growth; at a higher level a quantity may be bounded first, by what the level below can do."""
    k = f"orders {level}"
    if k not in desk.extra:
        from derive.planner.growth.comparing import bounded

        down = (lambda t, relation: bounded(desk, t, relation, orders(desk, level - 1))) if level else None
        desk.extra[k] = Orders(desk.rulebook, growing(desk), down)
    return desk.extra[k]


def scale(desk: Desk) -> Answer:
    t = desk.task
    if len(t.objects) != 1:
        return Answer(t, "refused", reason="One quantity at a time can be scaled.")
    e = t.objects[0]
    facts = growing(desk)
    first = with_earlier(desk, e)
    if isinstance(first, Answer):
        return first
    line = first[-1].after if first else e
    best = evaluated(desk, line)
    why: Answer | None = best if isinstance(best, Answer) else None
    if not isinstance(best, Answer):
        try:
            return _answer(desk, [*first, *best.steps, *to_order(best.value, facts)], best.method)
        except Refused as r:
            why = Answer(t, "refused", reason=r.why, missing=r.missing)
        last = orders(desk).of(best.value)
        if last is not None:
            return _answer(desk, [*first, *best.steps, last], best.method)
    for steps in in_norms(desk, line):
        end = steps[-1].after if steps else line
        last = orders(desk).of(end) or orders(desk, 2).of(end)
        if last is not None:
            return _answer(desk, [*first, *steps, last], "norms and orders of growth")
    missing = orders(desk).missing
    if missing and (why is None or not why.missing or why.missing.startswith("how ")):
        return Answer(t, "refused", reason=_not_said(missing) + _one_sided(desk, line), missing=missing)
    assert why is not None
    return why


def _not_said(missing: str) -> str:
    return f"Nothing that is given says {missing}." if missing.startswith("how ") else f"It is not given {missing}."


def _one_sided(desk: Desk, line: Term) -> str:
    """What follows all the same: a bound from one side."""
    for relation, words in (("O", "from above"), ("Omega", "from below")):
        steps = orders(desk, 1).chain(line, relation)
        if steps is not None:
            return f" What follows is a bound {words} only: {desk.facts.tex(call('Eq', line, steps[-1].after))}."
    return ""


def to_order(value: Term, facts: Facts) -> list[Step]:
    """From a closed form to its leading term, where it has one, and to its order."""
    steps: list[Step] = []
    try:
        lead = by_leading(value, facts, pretty)
        if not same(lead.after, value):
            steps.append(lead)
            value = lead.after
    except Refused:
        pass
    return [*steps, by_order(value, facts)]


def _answer(desk: Desk, steps: list[Step], method: str) -> Answer:
    result = steps[-1].after
    constant = [s for s in growing(desk).growing or () if s not in free(result)]
    note = ""
    if constant:
        note = "It does not change with " + " and ".join(desk.facts.tex(s) for s in constant) + "."
    return Answer(desk.task, "solved", result, tuple(steps), method, note=note)


# -- solving
def must_scale(desk: Desk) -> Answer:
    """The unknown from a condition on growth: the quantity in norms, its order in the unknown, then the unknown alone."""
    t = desk.task
    unknown = t.unknown
    claim = t.objects[0]
    if len(t.objects) != 1 or unknown is None or claim.head != "Eq" or claim.args[1].head != "Theta":
        return Answer(t, "refused", reason="Only one condition of the form … = Θ(…) can be solved for its unknown.")
    quantity, target = claim.args
    base = unknown.args[0] if unknown.head == "Pow" else unknown
    first = with_earlier(desk, quantity)
    if isinstance(first, Answer):
        return first
    line = first[-1].after if first else quantity
    tried: list[list[Step]] = [[*first, *s] for s in in_norms(desk, line)]
    if not any(base in free(s[-1].after if s else line) for s in tried) or quantity.head in ("Expect", "Var", "Cov"):
        best = evaluated(desk, line)
        if not isinstance(best, Answer):
            tried.append([*first, *best.steps])
    why = ""
    for steps in tried:
        end = steps[-1].after if steps else quantity
        made = solved(desk, call("Eq", end, target), unknown)
        if isinstance(made, str):
            why = why or made
            continue
        looked_at, broken = refereed(tuple(steps), desk)
        if broken is not None:
            return Answer(t, "refused", reason=f"A step by {broken.rule} is contradicted by numbers.")
        out = [inside(s, call("Eq", HOLE, target), "iff") for s in looked_at] + made
        result = out[-1].after.args[1] if out else claim.args[1]
        return Answer(t, "solved", result, tuple(out), "solving for the unknown", note=carries_over(desk, call("Eq", end, target), unknown, result))
    missing = orders(desk).missing if not why else ""
    if missing:
        why = _not_said(missing)
    return Answer(t, "refused", reason=why or f"How {desk.facts.tex(quantity)} grows does not follow from what is given.", missing=missing)


def carries_over(desk: Desk, line: Term, unknown: Term, result: Term) -> str:
    """What a fixed value of the unknown would do as the one size grows."""
    facts = growing(desk)
    quantity, target = line.args
    if len(facts.growing or ()) != 1:
        return ""
    base = unknown.args[0] if unknown.head == "Pow" else unknown
    found = _factor(quantity, base)
    if found is None:
        step = orders(desk).of(quantity)
        found = _factor(step.after.args[0], base) if step is not None else None
    steps = orders(desk).chain(found[1]) if found is not None else None
    if found is None or steps is None:
        return ""
    held, wanted = steps[-1].after, target
    more, less = (compare("O", a.args[0], b.args[0], facts) for a, b in ((wanted, held), (held, wanted)))
    said = facts.tex(unknown)
    if more and less:
        return f"It need not change with {facts.tex((facts.growing or ())[0])}: a value of {said} that is right at one size is right at all."
    if not more and not less:
        return ""
    wrong = "large" if more == (found[0] > 0) else "small"
    return (f"With {said} held fixed, {facts.tex(desk.task.objects[0].args[0])} would be {facts.tex(held)}: a value that is right at one size is too {wrong} at a larger one. "
            f"Scaled as {facts.tex(result)} it carries over.")  # fmt: skip


def solved(desk: Desk, line: Term, unknown: Term) -> list[Step] | str:
    """``f(u) = Theta(g)`` to ``u = Theta(e)``, or why not."""
    facts = growing(desk)
    base, wanted = (unknown.args[0], unknown) if unknown.head == "Pow" else (unknown, unknown)
    quantity, target = line.args
    shown = facts.tex(base)
    steps: list[Step] = []
    found = _factor(quantity, base)
    if found is None:
        made = _by_order(desk, line)
        if made is None:
            if base in free(facts.seen(quantity)) or _reaches(desk, quantity, base):
                return ""
            return f"There is nothing to single out: {facts.tex(quantity)} does not depend on {shown}."
        steps.append(made)
        quantity = made.after.args[0]
        found = _factor(quantity, base)
    if found is None:
        alone = _without_the_rest(desk, call("Eq", quantity, target), base)
        if alone is not None:
            steps.append(alone)
            quantity = alone.after.args[0]
            found = _factor(quantity, base)
    if found is None:
        if base not in free(quantity):
            return f"There is nothing to single out: {facts.tex(quantity)} does not depend on {shown}."
        return (f"The condition comes to {facts.tex(call('Eq', quantity, target))}, in which {shown} is no factor of the whole: "
                "no single order of growth is asked for.")  # fmt: skip
    e, rest = found
    if wanted.head == "Pow":
        e = e / wanted.args[1].value
    apart = Term("Mul", (power(wanted, num(e)) if e != 1 else wanted, rest))
    here = call("Eq", quantity, target)
    if not same(quantity, apart):
        try:
            steps.append(inside(by_algebra(quantity, Spot(), mul(*apart.args), facts), call("Eq", HOLE, target), "iff"))
        except Refused as r:
            return r.why
        here = steps[-1].after
    last = "no rule of the library isolates it"
    for rule in _solving(desk):
        lhs = rule.claim.args[0]
        name = _name(rule, rule.claim.args[1].args[0])
        if name is None or lhs.args[0].head != "Mul":
            continue
        pattern, whole = lhs.args[0], Term("Mul", (power(wanted, num(e)), rest))
        for b in Matcher(rule, facts).match(pattern, whole, {name: wanted}, {}):
            order = _name(rule, lhs.args[1].args[0])
            chosen = orders(desk).chosen(rule, {**b, str(order): target.args[0]}, 4)
            if chosen is None:
                last = f"nothing says how {facts.tex(rest)} grows"
                if orders(desk).missing:
                    return ""
                continue
            bindings, proofs = chosen
            try:
                step = by_rule(rule, bindings, here, Spot(), facts, prove=proving(proofs))
            except (Refused, Misfit) as r:
                last = str(r)
                continue
            steps.append(step)
            return [*steps, *neat_condition(step.after, facts)]
    return f"The condition {facts.tex(here)} was not solved for {facts.tex(wanted)}: {last}."


def _factor(quantity: Term, base: Term) -> tuple[Fraction, Term] | None:
    """The one power of ``base`` that is a factor of the whole, and the rest."""
    alg = Algebra()
    p = alg.normal(quantity)
    k = key(base)
    exponents = {dict(m).get(k) for m in p}
    if len(exponents) != 1 or None in exponents:
        return None
    (e,) = exponents
    rest = pretty(alg.term({tuple(x for x in m if x[0] != k): c for m, c in p.items()}))
    return (Fraction(e or 0), rest) if base not in free(rest) else None


def _without_the_rest(desk: Desk, line: Term, base: Term) -> Step | None:
    """Terms without the unknown dropped, where they are of lower order than what is asked for."""
    quantity, target = line.args
    if quantity.head != "Add":
        return None
    with_it = add(*(a for a in quantity.args if base in free(a)))
    rest = add(*(a for a in quantity.args if base not in free(a)))
    for rule in _solving(desk):
        lhs = rule.claim.args[0].args[0]
        if lhs.head != "Add" or any(a.head != "Sym" for a in lhs.args):
            continue
        kept = rule.claim.args[1].args[0]
        names = {str(_name(rule, a)): with_it if a == kept else rest for a in lhs.args}
        names[str(_name(rule, rule.claim.args[0].args[1].args[0]))] = target.args[0]
        found = orders(desk).chosen(rule, names, 4)
        if found is None:
            continue
        try:
            return by_rule(rule, found[0], line, Spot(), growing(desk), prove=proving(found[1]))
        except (Refused, Misfit):
            continue
    return None


def _solving(desk: Desk) -> list[Rule]:
    return [r for r in desk.rulebook.values() if r.role == "solve" and r.claim.head == "Iff"
            and all(a.head == "Eq" and a.args[1].head == "Theta" for a in r.claim.args)]  # fmt: skip


def _name(rule: Rule, t: Term) -> str | None:
    return next((n for n, x in rule.names.items() if x.term == t), None)


def _reaches(desk: Desk, quantity: Term, base: Term) -> bool:
    """Whether a law of something in ``quantity`` has the unknown as a parameter."""
    inside_ = free(desk.facts.seen(quantity))
    return any(base in free(g.prop) and inside_ & free(g.prop) for g in desk.facts.givens if g.prop.head != "Gt")


def _by_order(desk: Desk, line: Term) -> Step | None:
    """The quantity replaced by its order."""
    quantity, target = line.args
    for rule in _solving(desk):
        lhs = rule.claim.args[0]
        if lhs.args[0].head != "Sym":
            continue
        step = orders(desk).of(quantity)
        if step is None:
            return None
        names = {_name(rule, lhs.args[0]): quantity, _name(rule, lhs.args[1].args[0]): target.args[0],
                 _name(rule, rule.claim.args[1].args[0]): step.after.args[0]}  # fmt: skip
        proofs = {key(call("Eq", quantity, step.after)): [step]}
        found = orders(desk).chosen(rule, {str(n): v for n, v in names.items()}, 4)
        if found is None:
            continue
        try:
            return by_rule(rule, found[0], line, Spot(), growing(desk), prove=proving(proofs))
        except (Refused, Misfit):
            return None
    return None


__all__ = ["growing", "must_scale", "orders", "scale", "sizes", "solved", "to_order"]
