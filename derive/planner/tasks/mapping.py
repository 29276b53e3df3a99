"""``Find g and p such that g(z, …) ~ D when z ~ p``: every rule that states the law of something drawn is read from its end."""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import Facts
from derive.kernel.apply import Refused, by_law
from derive.kernel.instantiate import Instance, Misfit
from derive.kernel.step import Step
from derive.language import names
from derive.language.model import Given, Symbol
from derive.planner.desk import Desk
from derive.planner.solution import Answer
from derive.rulebook.model import Rule
from derive.search.match import Matcher
from derive.terms import Term, call, free, key, same, subst


def drawn(facts: Facts, z: Term, law: Term) -> Facts:
    """The facts in which ``z`` is drawn from ``law``."""
    symbol = Symbol(z, "random", 0, names.latex(z.name))
    return replace(facts, symbols={**facts.symbols, z.name: symbol}, givens=(*facts.givens, Given(call("Dist", z, law), 0, "")), cache={})


def maps(desk: Desk) -> Answer:
    """All pairs of a map and a law of which a rule of the library says that they give the wanted law."""
    t = desk.task
    p = t.objects[0]
    if len(t.objects) != 1 or p.head != "ForAll" or p.body.head != "Implies":
        return Answer(t, "refused", reason="A map is sought as $g$ and $p$ with $g(z) \\sim D$ when $z \\sim p$.")
    given, wanted = p.body.args
    if given.head != "Dist" or wanted.head != "Dist" or wanted.args[0].head != "Apply":
        return Answer(t, "refused", reason="A map is sought as $g$ and $p$ with $g(z) \\sim D$ when $z \\sim p$.")
    z, law = p.var, wanted.args[1]
    found: list[tuple[Term, tuple[Step, ...]]] = []
    seen: set[str] = set()
    allowed = {s for a in wanted.args[0].args[1:] for s in free(a)}
    for rule in desk.rulebook.values():
        for step, source in _choices(rule, z, law, desk):
            image = step.after.args[0]
            moving = {s for s in free(image) if s.name in desk.problem.symbols and s not in _constants(desk)}
            if not moving <= allowed | _constants(desk) or key(image) in seen:
                continue
            seen.add(key(image))
            found.append((call("Tuple", call("Eq", wanted.args[0], image), call("Dist", z, source)), (step,)))
    if not found:
        return Answer(t, "refused", reason=f"No rule of the library states that something has the distribution {desk.facts.tex(law)}.")
    if len(found) == 1:
        return Answer(t, "solved", found[0][0], found[0][1], "reading the laws of images from their end")
    steps = tuple(s.shown(part=n) for n, (_, made) in enumerate(found, 1) for s in made)
    return Answer(t, "solved", call("List", *(c for c, _ in found)), steps, "reading the laws of images from their end",
                  note=f"Each of the {len(found)} choices gives the same distribution.")


def _constants(desk: Desk) -> set[Term]:
    return {s.term for s in desk.problem.symbols.values() if s.role in ("dimension", "fixed")}


def _choices(rule: Rule, z: Term, law: Term, desk: Desk) -> list[tuple[Step, Term]]:
    """The rule's step from ``z ~ source`` to ``image ~ law``, if it states such a law of one thing drawn."""
    if rule.claim.head != "Dist" or rule.when_asked:
        return []
    of_what = [h.prop for h in rule.hypotheses if h.prop.head == "Dist"]
    random = [n for n, x in rule.names.items() if x.random]
    if len(of_what) != 1 or len(random) != 1 or of_what[0].args[0] != rule.names[random[0]].term or rule.claim.args[0] == of_what[0].args[0]:
        return []
    out = []
    for b in Matcher(rule, desk.facts).match(rule.claim.args[1], law, {}, {}):
        b = {**b, random[0]: z}
        try:
            source = Instance(rule, b, (), lambda r: r).of(of_what[0].args[1])
            step = by_law(rule, b, drawn(desk.facts, z, source), desk.finder.prover())
        except (Refused, Misfit):
            continue
        if same(step.after.args[1], law):
            out.append((step, source))
    return out


def image_law(desk: Desk, p: Term) -> tuple[Desk, Term] | None:
    """``e ~ D when z ~ p`` as ``e ~ D`` at a desk where ``z`` is drawn from ``p``."""
    if p.head != "ForAll" or p.body.head != "Implies" or p.body.args[0].head != "Dist" or p.body.args[0].args[0] != p.var:
        return None
    z, body = p.var, p.body
    if not desk.facts.nothing_said(z.name):
        new = Term("Sym", (f"{z.name}_0", z.sort))
        z, body = new, subst(body, {p.var: new})
    given, wanted = body.args
    facts = drawn(desk.facts, z, given.args[1])
    problem = replace(desk.problem, symbols=facts.symbols, givens=facts.givens)
    return Desk(problem, desk.rulebook, replace(desk.task, givens=len(facts.givens)), desk.before, desk.methods, {}), wanted
