"""``Find w that minimises …`` for a vector: where the gradient is zero, and why that is the least value."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from math import gcd

from derive.facts.definite import definite
from derive.facts.facts import CHANCE
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import HOLE, Refused, Spot, by_algebra, by_rule
from derive.kernel.combining import inside
from derive.kernel.least_points import least_there
from derive.kernel.polynomials import Poly
from derive.kernel.step import Step
from derive.planner.desk import Desk
from derive.planner.methods.calculus import METHODS
from derive.planner.methods.linear_maps import TRANSPOSES, behind_a_matrix
from derive.planner.methods.profiles import STRUCTURE
from derive.planner.methods.rewriting import Phase, Rewriter
from derive.planner.refereeing import refereed
from derive.planner.solution import Answer
from derive.planner.values.pretty import neat, pretty
from derive.planner.values.value import Found, chance_left
from derive.search.match import Matcher
from derive.terms import Term, add, call, free, get, is_num, mul, num, power, replace, same, shape, size, sub, subterms
from derive.terms.walk import paths

WHERE = "where the gradient is zero"


def minimise_vector(desk: Desk, e: Term, u: Term) -> Answer:
    """The stationary point of a function of a vector, where its Hessian is definite or the point the only one."""
    t, facts = desk.task, desk.facts
    least = t.direction != "maximises"
    last = Answer(t, "refused", reason=f"The gradient of {facts.tex(e)} in {facts.tex(u)} was not worked out.")
    for found in gradients(desk, Term("Grad", (u, e, u))):
        looked_at, broken = refereed(tuple(found.steps), desk)
        if broken is not None:
            continue
        zero = call("Zeros", *shape(u))
        steps = [inside(s, call("Eq", HOLE, zero), "iff") for s in looked_at]
        made = solved(desk, found.value, u)
        if isinstance(made, Refused):
            last = Answer(t, "refused", reason=made.why, missing=made.missing)
            continue
        bent = hessian(desk, Term("Hess", (u, e, u)))
        if bent is None:
            return Answer(t, "refused", reason=f"The Hessian of {facts.tex(e)} in {facts.tex(u)} was not worked out.")
        try:
            end = least_there(made[-1], tuple(bent.steps), e, u, facts, least)
        except Refused as r:
            said = f"Where the gradient is $0$, nothing shows that the value is {'least' if least else 'greatest'}: {r.why}."
            return Answer(t, "refused", reason=said, missing=r.missing)
        note = f"There the value is {'least' if least else 'greatest'}: the Hessian in {facts.tex(u)} is {facts.tex(bent.value)}."
        return Answer(t, "solved", end.after.args[1], (*steps, *made[:-1], end), WHERE, note=note)
    return last


def gradients(desk: Desk, line: Term) -> Iterator[Found]:
    """The gradient with no derivative left, by each method that works it out, as linear in its variable as it can be written."""
    for m in METHODS:
        found = desk.finder.by(m, line, desk.facts)
        if not _moves(found.value, line.var):
            yield known(desk, further(desk, found, behind_a_matrix(line.var)), line.var)


def further(desk: Desk, found: Found, phases: tuple[Phase, ...]) -> Found:
    """The derivation, led on by some phases."""
    steps = Rewriter(desk.finder.library, desk.facts, phases, desk.finder.prover()).run(found.value)
    return _with(found, steps)


def known(desk: Desk, found: Found, u: Term) -> Found:
    """With the values of the averages that have one: of the largest that ``u`` is not in."""
    for t in _averages(found.value, u):
        best = desk.finder.all(t, desk.facts)[0]
        if best.steps and desk.finder.open(best.value, desk.facts) is None and not chance_left(best.value):
            path = next((p for p in paths(found.value) if get(found.value, p) == t), None)
            if path is not None:
                context = replace(found.value, path, HOLE)
                found = _with(found, [inside(s, context) for s in best.steps])
    return found


def _averages(t: Term, u: Term) -> list[Term]:
    if t.head in CHANCE or t.head == "ExpectOver":
        return [] if u in free(t) else [t]
    return [a for _, c in t.children() for a in _averages(c, u)] if not t.is_binder else []


def _with(found: Found, steps: list[Step]) -> Found:
    all_steps = [*found.steps, *steps]
    return Found(found.method, all_steps, all_steps[-1].after if all_steps else found.value, found.refused, found.fired, found.rounds)


def hessian(desk: Desk, line: Term) -> Found | None:
    """The Hessian with no derivative left; the first that is definite, or else the first."""
    first = None
    for m in METHODS:
        found = desk.finder.by(m, line, desk.facts)
        if found.steps and not _moves(found.value, line.var):
            found = known(desk, further(desk, found, (TRANSPOSES,)), line.var)
            if definite(desk.facts, found.value):
                return found
            first = first or found
    return first


def _moves(t: Term, u: Term) -> bool:
    return any(s.head in ("Grad", "Jac", "Hess", "Deriv") and s.var == u for s in subterms(t))


def solved(desk: Desk, g: Term, u: Term) -> list[Step] | Refused:
    """``g = 0`` to ``u = value``, where ``g`` is a matrix (or a number) times ``u`` and something fixed."""
    facts, zero = desk.facts, call("Zeros", *shape(u))
    parts = linear(g, u)
    if parts is None:
        return Refused(f"The condition {facts.tex(call('Eq', g, zero))} is not linear in {facts.tex(u)}.")
    content, a, b = parts
    front = mul(a, u) if not shape(a) else Term("MatMul", (a, u))
    if same(a, num(0)):
        return Refused(f"There is no place to single out: the gradient in {facts.tex(u)} is {facts.tex(g)}, whatever {facts.tex(u)} is.")
    whole = front if b is None else sub(front, b)
    whole_line = whole if is_num(content, 1) else mul(content, whole)
    steps: list[Step] = []
    try:
        if not same(g, whole_line):
            steps.append(inside(by_algebra(g, Spot(), whole_line, facts), call("Eq", HOLE, zero), "iff"))
        line = steps[-1].after if steps else call("Eq", g, zero)
        if not is_num(content, 1):
            steps.append(_by_solving(desk, Term("Eq", (Term("Mul", (content, whole)), zero)), whole, line))
            line = steps[-1].after
        if same(whole, u):
            return steps
        part = Term("Mul", (a, u)) if not shape(a) else front
        goal = part if b is None else Term("Add", (part, mul(num(-1), b)))
        steps.append(_by_solving(desk, call("Eq", goal, zero), u, line))
    except Refused as r:
        if any(c.isalpha() for c in r.missing):
            return Refused(f"Solving {facts.tex(call('Eq', g, zero))} for {facts.tex(u)} needs that {r.missing}, and nothing says so.", r.missing)
        return r
    value = steps[-1].after.args[1]
    new = Term("MatMul", (value.args[0], *value.args[1].args)) if shape(a) and b is not None and b.head == "MatMul" else neat(value)
    if size(new) < size(value):
        try:
            steps.append(inside(by_algebra(value, Spot(), new, facts), call("Eq", u, HOLE), "iff"))
        except Refused:
            pass
    tidied = Rewriter(desk.finder.library, facts, (STRUCTURE,), desk.finder.prover()).run(steps[-1].after.args[1]) if shape(a) else []
    return [*steps, *(inside(s, call("Eq", u, HOLE), "iff") for s in tidied)]


def _by_solving(desk: Desk, goal: Term, wanted: Term, line: Term) -> Step:
    """A rule of the role ``solve`` that singles ``wanted`` out."""
    last = Refused("no rule of the library isolates it")
    for rule in desk.rulebook.values():
        if rule.role != "solve" or rule.claim.head != "Iff":
            continue
        name = next((n for n, x in rule.names.items() if x.term == rule.claim.args[1].args[0]), None)
        if name is None or len(shape(rule.names[name].term)) != 1:
            continue
        for b in Matcher(rule, desk.facts).match(rule.claim.args[0], goal, {name: wanted}, {}):
            try:
                return by_rule(rule, b, line, Spot(), desk.facts)
            except Refused as r:
                last = r
    raise last


def linear(g: Term, u: Term) -> tuple[Term, Term, Term | None] | None:
    """``(c, A, b)`` with ``g = c (A u - b)``: ``A`` a matrix, or a number where one is enough; ``b`` None for 0."""
    alg = Algebra()
    try:
        p, below = _denominators(alg, alg.normal(g))
    except TooLarge:
        return None
    numbers: Poly = {}
    matrices: list[tuple[Poly, Term]] = []
    rest: Poly = {}
    for m, c in p.items():
        k = next(k for k, _ in m if shape(alg.atoms[k]))
        atom = alg.atoms[k]
        others = {tuple(x for x in m if x[0] != k): c}
        word = atom.args if atom.head == "MatMul" else (atom,)
        if any(u in free(alg.atoms[j]) for j, _ in m if j != k) or any(u in free(w) for w in word[:-1]):
            return None
        if word == (u,):
            numbers.update(others)
        elif word[-1] == u:
            front = word[0] if len(word) == 2 else Term("MatMul", word[:-1])
            matrices.append((others, front))
        elif u not in free(word[-1]):
            rest[m] = c
        else:
            return None
    ours = [c for m, c in p.items() if m not in rest]
    if not ours:
        return num(1), num(0), None
    content = reduce(lambda x, y: Fraction(gcd(x.numerator * y.denominator, y.numerator * x.denominator), x.denominator * y.denominator), map(abs, p.values()))
    if all(c < 0 for c in ours):
        content = -content

    def scaled(p: Poly, by: Fraction) -> Term:
        return pretty(alg.term({m: c * by for m, c in p.items()}))

    a = scaled(numbers, 1 / content) if numbers else num(0)
    if matrices:
        a = add(*(mul(scaled(c, 1 / content), m) for c, m in matrices), *([mul(a, call("Identity", shape(u)[0]))] if numbers else []))
    return mul(*below, num(content)) if content != 1 or not below else mul(*below), a, scaled(rest, -1 / content) if rest else None


def _denominators(alg: Algebra, p: Poly) -> tuple[Poly, list[Term]]:
    """``p`` without the letters below its lines, and these: of ``X w/n + a w``, ``X w + n a w`` and ``1/n``."""
    below: dict[str, Fraction] = {}
    for m in p:
        for k, e in m:
            if e < 0 and not shape(alg.atoms[k]):
                below[k] = min(e, below.get(k, e))
    raised = {tuple(sorted((k, e) for k in {k for k, _ in m} | below.keys() if (e := dict(m).get(k, Fraction(0)) - below.get(k, Fraction(0))))): c for m, c in p.items()}
    return raised, [power(alg.atoms[k], num(e)) for k, e in below.items()]


__all__ = ["minimise_vector"]
