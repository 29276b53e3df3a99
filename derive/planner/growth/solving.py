"""``How must … scale with … so that …``: a condition on growth solved for what stands in it."""

from __future__ import annotations

from fractions import Fraction

from derive.facts.facts import is_random
from derive.facts.stated import GROWTH
from derive.kernel.algebra import Algebra
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_rule
from derive.kernel.combining import inside
from derive.kernel.growth import by_bound, compare
from derive.kernel.instantiate import Misfit
from derive.kernel.step import Step
from derive.planner.bounds.norms import in_norms
from derive.planner.desk import Desk
from derive.planner.growth.growing import growing, not_said, orders
from derive.planner.growth.orders import neat_condition, proving
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.tasks.finding import evaluated, with_earlier
from derive.planner.values.pretty import pretty
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Term, add, call, free, key, mul, num, power, same

BOUNDED = ("Le", "Lt", "Ge", "Gt")
SAYS = {
    "BigO": "What is at most the right side is at most a fixed multiple of its order, and $O$ asks for no more.",
    "BigOmega": "What is at least the right side is at least a fixed multiple of its order, and $\\Omega$ asks for no more.",
}
EXTREME = {"BigO": "largest", "BigOmega": "smallest"}


def must_scale(desk: Desk) -> Answer:
    """The unknown from a condition on growth: the quantity in norms, its order in the unknown, then the unknown alone."""
    t = desk.task
    unknown, facts = t.unknown, growing(desk)
    if len(t.objects) != 1 or unknown is None or not _on_growth(t.objects[0]):
        return Answer(t, "refused", reason="Only one condition of the form … = Θ(…), O(…) or Ω(…), or a bound, can be solved for its unknown.")
    asked = t.objects[0]
    quantity = asked.args[0]
    begun: list[Step] = []
    if asked.head in BOUNDED:
        try:
            made = by_bound(asked, facts)
            begun = [made.shown(why=SAYS[made.after.args[1].head])]
        except Refused as r:
            return Answer(t, "refused", reason=r.why, missing=r.missing)
    target = begun[-1].after.args[1] if begun else asked.args[1]
    base = unknown.args[0] if unknown.head == "Pow" else unknown
    if base in free(asked.args[1]) and (base in free(facts.seen(quantity)) or _reaches(desk, quantity, base)):
        return Answer(t, "refused", reason=f"{facts.tex(base)} stands on both sides of {facts.tex(asked)}: bring it to the left side alone.")
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
        rest = solved(desk, call("Eq", end, target), unknown)
        if isinstance(rest, str):
            why = why or rest
            continue
        looked_at, broken = refereed(tuple(steps), desk)
        if broken is not None:
            return Answer(t, "refused", reason=f"A step by {broken.rule} is contradicted by numbers.")
        out = [*begun, *(inside(s, call("Eq", HOLE, target), "iff") for s in looked_at), *rest]
        result = out[-1].after.args[1] if out else target
        note = (carries_over(desk, call("Eq", end, target), unknown, result) if target.head == "Theta"
                else extreme(desk, unknown, result, _alone(desk, end, base) if begun else None))  # fmt: skip
        return Answer(t, "solved", result, tuple(out), "solving for the unknown", note=note)
    missing = orders(desk).missing if not why else ""
    if missing:
        why = not_said(missing)
    return Answer(t, "refused", reason=why or f"How {desk.facts.tex(quantity)} grows does not follow from what is given.", missing=missing)


def _on_growth(p: Term) -> bool:
    return p.head in BOUNDED or p.head == "Eq" and p.args[1].head in GROWTH


def extreme(desk: Desk, unknown: Term, result: Term, enough: bool | None) -> str:
    """That the class is a bound, and what meets it; of a bound by a number, whether the right order is ``enough``."""
    tex = desk.facts.tex
    if enough is False:
        return "This is needed; whether it is enough depends on the constants too."
    said = f"The {EXTREME[result.head]} order that {tex(unknown)} may have is {tex(call('Theta', result.args[0]))}."
    if enough is None:
        return said
    return said + f" It is reached: with a {'small' if result.head == 'BigO' else 'large'} enough constant in front the bound holds."


def _alone(desk: Desk, quantity: Term, base: Term) -> bool:
    """Whether the size of ``quantity`` is a power of ``base`` times what does not have it, with nothing random."""
    step = orders(desk).of(quantity)
    return not is_random(desk.facts, quantity) and (
        _factor(quantity, base) is not None or step is not None and _factor(step.after.args[0], base) is not None)  # fmt: skip


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
        if alone:
            steps += alone
            quantity = alone[-1].after.args[0]
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
    for rule in _solving(desk, target.head):
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


def _without_the_rest(desk: Desk, line: Term, base: Term) -> list[Step]:
    """Terms without the unknown dropped, where they are of lower order than what is asked for (for a bound: within it)."""
    quantity, target = line.args
    facts = growing(desk)
    steps: list[Step] = []
    if quantity.head != "Add":
        alg = Algebra()
        p = alg.normal(quantity)
        terms = [pretty(alg.term({m: c})) for m, c in p.items()]
        if len(terms) < 2:
            return []
        try:
            steps = [inside(by_algebra(quantity, Spot(), add(*terms), facts), call("Eq", HOLE, target), "iff")]
        except Refused:
            return []
        quantity = steps[-1].after.args[0]
    with_it = add(*(a for a in quantity.args if base in free(a)))
    rest = add(*(a for a in quantity.args if base not in free(a)))
    for rule in _solving(desk, target.head):
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
            return [*steps, by_rule(rule, found[0], call("Eq", quantity, target), Spot(), facts, prove=proving(found[1]))]
        except (Refused, Misfit):
            continue
    return []


def _solving(desk: Desk, head: str) -> list[Rule]:
    """The rules that turn a condition of the class into one on a part."""
    return [r for r in desk.rulebook.values() if r.role == "solve" and r.claim.head == "Iff"
            and all(a.head == "Eq" and a.args[1].head in GROWTH for a in r.claim.args) and r.claim.args[0].args[1].head == head]  # fmt: skip


def _name(rule: Rule, t: Term) -> str | None:
    return next((n for n, x in rule.names.items() if x.term == t), None)


def _reaches(desk: Desk, quantity: Term, base: Term) -> bool:
    """Whether a law of something in ``quantity`` has the unknown as a parameter."""
    inside_ = free(desk.facts.seen(quantity))
    return any(base in free(g.prop) and inside_ & free(g.prop) for g in desk.facts.givens if g.prop.head != "Gt")


def _by_order(desk: Desk, line: Term) -> Step | None:
    """The quantity replaced by its order."""
    quantity, target = line.args
    for rule in _solving(desk, target.head):
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


__all__ = ["must_scale", "solved"]
