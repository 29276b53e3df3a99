"""Methods for gradients, and for expectations over a law that the task names: phases over roles, as in `profiles`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.facts.facts import DERIVATIVES, Facts
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.apply import Spot, by_numbers
from derive.kernel.numbers import evaluate
from derive.planner.methods.averages_first import AVERAGES_FIRST
from derive.planner.methods.averaging import FIXED_OUT
from derive.planner.methods.densities import AS_WRITTEN, NAMED, OPENED, to_integral
from derive.planner.methods.earlier import EARLIER
from derive.planner.methods.information import BOUNDED_LAW, MULTIPLES, MULTIPLIED, NAMED_LAW, OUTER
from derive.planner.methods.information import SUMS as AVERAGES_OF_SUMS
from derive.planner.methods.laws_shown import AS_SUM, LAW_HIDDEN, LAW_SHOWN
from derive.planner.methods.logistic import LOGISTIC
from derive.planner.methods.profiles import DEFINE, FACTORED, GIVEN, LINEAR, SCALAR, STRUCTURE, TAIL, UNFOLD
from derive.planner.methods.rewriting import (
    Hit,
    Phase,
    Rewriter,
    by_roles,
    definitions,
    given,
    names_defined,
    rearranged,
    with_head,
)  # fmt: skip
from derive.planner.methods.settled import AVERAGES, digamma
from derive.planner.values.collecting import LIKE, multiplied_out
from derive.planner.values.pretty import cancelled
from derive.rulebook.model import Rule
from derive.terms import (
    Path,
    Term,
    add,
    call,
    contains,
    free,
    get,
    is_num,
    key,
    mul,
    num,
    power,
    replace,
    same,
    shape,
    size,
    subterms,
)
from derive.terms.walk import paths

FEW = 4  # values that still help when each is written


def functions(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A defined name put in, but a density: its formula would hide what is one."""
    yield from definitions(rw, line, path, facts, lambda s: facts.role(s) != "density", NAMED)


def body_of(rule: Rule, side: int = 0) -> Term:
    """What the binder at the top of a side of the claim binds."""
    t = rule.claim.args[side]
    return t.body if t.is_binder else t


def _moves(rule: Rule) -> bool:
    """A rule about the average of a derivative."""
    return body_of(rule).head in DERIVATIVES


def is_derivative(rule: Rule) -> bool:
    return rule.claim.head == "Eq" and rule.claim.args[0].head in DERIVATIVES


def as_integral(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """Under a derivative, an average over a law that moves with its variable."""
    t = Spot(path).get(line)
    if t.head not in DERIVATIVES or t.body.head != "ExpectOver" or t.var not in free(t.body.domain[0]):
        return
    spot = Spot((*path, 1))
    for side in rw.library.table("over", to_integral).candidates(t.body, facts.enter(t)):
        for step in rw.fits(side, line, spot, facts.enter(t)):
            yield spot, step


def as_average(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An integral or a sum with a density in it, as the average that it is."""
    t = Spot(path).get(line)
    if t.head not in ("Integral", "Sum") or not any(is_weight(rw, u) for u in subterms(t.body)):
        return
    if any(d.head in DERIVATIVES and d.var in free(t) for d in (Spot(path[:n]).get(line) for n in range(len(path)))):
        return  # a derivative is still to be taken inside
    for side in rw.library.backwards:
        if to_integral(side.rule):
            for step in rw.fits(side, line, Spot(path), facts):
                yield Spot(path), step


def product_under_integral(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The product rule below an integral: one factor holds all that the variable of the derivative leaves alone, or else the
    densities that it moves, so that what they weigh stands together."""
    t = Spot(path).get(line)
    if t.head not in ("Integral", "Sum") or t.body.head not in DERIVATIVES or t.body.body.head != "Mul":
        return
    g, spot = t.body, Spot((*path, 1))
    moving = [a for a in g.body.args if g.var in free(a)]
    weights = [a for a in moving if a.head == "Density"]
    if weights and len(weights) < len(moving):
        apart = weights
    else:
        apart = [a for a in g.body.args if g.var not in free(a)]
        if not any(t.var in free(a) for a in apart):
            return
    here, rest = facts.enter(t), [a for a in g.body.args if not any(a is b for b in apart)]
    for side in rw.library.table("product", _product_rule).candidates(g, here):
        functions = [n for n, x in side.rule.names.items() if x.role == "function"]
        chosen = {n: Term("Lambda", (g.var, mul(*part))) for n, part in zip(functions, (rest, apart), strict=True)}
        for step in rw.fits(side, line, spot, here, chosen=chosen):
            yield spot, step
            return


def weight_in_front(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """Below an integral, a density that every term of a sum has, in front of the sum."""
    t = Spot(path).get(line)
    if t.head not in ("Integral", "Sum"):
        return
    if shape(t.body):
        yield from _array_in_front(rw, line, path, t)
        return
    inner = t.body if t.body.head == "Add" else next((a for a in t.body.args if a.head == "Add"), None) if t.body.head == "Mul" else None
    if inner is None:
        return
    beside = [a for a in t.body.args if a is not inner] if t.body.head == "Mul" else []
    terms = [a.args if a.head == "Mul" else (a,) for a in inner.args]
    for d in terms[0]:
        if d.head == "Density" and t.var in free(d) and all(d in a for a in terms):
            rest = [mul(*(x for k, x in enumerate(a) if k != a.index(d))) for a in terms]
            yield from rearranged(rw, line, Spot((*path, 1)), mul(d, *beside, add(*rest)))
            return


def _array_in_front(rw: Rewriter, line: Term, path: Path, t: Term) -> Iterator[Hit]:
    """The same where the terms are arrays: what all of them have as a factor, the density first."""
    alg = Algebra()
    try:
        terms = alg.normal(t.body)
    except TooLarge:
        return
    if len(terms) < 2:
        return
    shared = {k: min(dict(m).get(k, 0) for m in terms) for k in alg.atoms if not shape(alg.atoms[k])}
    common = {k: e for k, e in shared.items() if e > 0}
    weights = [k for k in common if alg.atoms[k].head == "Density" and t.var in free(alg.atoms[k])]
    if not weights:
        return
    rest = [alg.monomial(tuple((k, e - common.get(k, 0)) for k, e in m if e != common.get(k, 0)), c) for m, c in terms.items()]
    order = [*weights, *(k for k in common if k not in weights)]
    new = mul(*(power(alg.atoms[k], num(common[k])) if common[k] != 1 else alg.atoms[k] for k in order), add(*rest))
    new = _as_written(new, [u for u in subterms(t.body) if u.head == "Density"])
    if key(new) != key(t.body):
        yield from rearranged(rw, line, Spot((*path, 1)), new)


def _as_written(t: Term, densities: list[Term]) -> Term:
    """``t`` with every density as it stands in the line: `algebra` orders the factors in its arguments anew."""
    for path in [p for p in paths(t) if get(t, p).head == "Density"]:
        u = get(t, path)
        t = replace(t, path, next((d for d in densities if same(d, u)), u))
    return t


def _product_rule(rule: Rule) -> bool:
    body = body_of(rule)
    return rule.role == "differentiate" and body.head == "Mul" and all(a.head == "Apply" and not a.args[0].sort.shape for a in body.args)


def vanishing(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The terms of a sum that are zero, left out."""
    t = Spot(path).get(line)
    if t.head == "Mul" and any(map(_zero, t.args)) and not (path and Spot(path[:-1]).get(line).head in ("Add", "Mul")):
        new: Term = next(a for a in t.args if _zero(a))
    elif t.head == "Add" and any(_zero(a) or (a.head == "Mul" and any(map(_zero, a.args))) for a in t.args):
        kept = [a for a in t.args if not (_zero(a) or (a.head == "Mul" and any(map(_zero, a.args))))]
        new = add(*kept) if kept else next(u for a in t.args for u in (a, *a.args) if isinstance(u, Term) and _zero(u))
    else:
        return
    yield from rearranged(rw, line, Spot(path), new)


def _zero(t: Term) -> bool:
    return t.head == "Zeros" or is_num(t, 0)


def logarithms(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The logarithm of a product, a power, an exponential, taken apart before it is differentiated."""
    t = Spot(path).get(line)
    if t.head not in DERIVATIVES:
        return
    for inner, here in _logs(t.body, (*path, 1), facts.enter(t), t.var):
        u = Spot(inner).get(line)
        for side in rw.library.table("logarithms", is_log_rule).candidates(u, here):
            for spot in rw.spots(line, inner, "Ln", 0):
                for step in rw.fits(side, line, spot, here):
                    yield spot, step
                    return


def terms_apart(rw: Rewriter, line: Term, path: Path, here: Facts) -> Iterator[Hit]:
    """A sum over the entries of what a derivative is taken in, as a sum of such sums: each is then a product of arrays, or a multiple.

    A power of a sum stays whole: rules about squares want it so.
    """
    t = Spot(path).get(line)
    body = t.body.body
    if body.head not in ("Mul", "Add") or any(a.head == "Pow" and a.args[0].head == "Add" for a in body.args):
        return
    if not any(u.head == "At" and u.args == (t.var, t.body.var) for u in subterms(body)):
        return
    yield from multiplied_out(rw, line, (*path, 1), here)
    for side in rw.library.table("sums apart", lambda r: r.role == "linear" and r.claim.args[0].head == "Sum").candidates(t.body, here):
        for step in rw.fits(side, line, Spot((*path, 1)), here):
            yield Spot((*path, 1)), step


def folded(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A sum under a derivative as the product of arrays that it is: what no rule differentiates as a sum."""
    t = Spot(path).get(line)
    if t.head in DERIVATIVES and t.body.head == "Sum":
        here = facts.enter(t)
        yield from terms_apart(rw, line, path, here)
        for side in rw.library.table("folded", lambda r: r.role == "fold" and r.claim.args[0].head == "Sum").candidates(t.body, here):
            for step in rw.fits(side, line, Spot((*path, 1)), here):
                if not any(u.head == "Diag" and t.var in free(u) for u in subterms(step.after)):  # which is differentiated as a sum
                    yield Spot((*path, 1)), step


def is_weight(rw: Rewriter, t: Term) -> bool:
    """A density or a probability, also as it stands in the law that is wanted: ``q_k`` of ``Categorical(q)``."""
    if t.head == "At" and rw.goal is not None and rw.goal.args[1].head == "Categorical":
        return len(t.args) == 2 and same(t.args[0], rw.goal.args[1].args[0])
    return t.head == "Density"


def is_log_rule(rule: Rule) -> bool:
    return rule.claim.head == "Eq" and rule.claim.args[0].head == "Ln" and rule.role in ("expand", "collect", "evaluate") and not rule.when_asked


def _logs(t: Term, path: Path, facts: Facts, var: Term) -> Iterator[tuple[Path, Facts]]:
    if t.head == "Ln" and var in free(t):
        yield path, facts
    for i, c in t.children():
        yield from _logs(c, (*path, i), facts.enter(t) if t.is_binder and i == 1 else facts, var)


def density_under_log(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The formula of a defined density, where its logarithm is differentiated."""
    t = Spot(path).get(line)
    if t.head in DERIVATIVES and t.body.head == "Ln" and t.body.args[0].head == "Density":
        for _, step in definitions(rw, line, (*path, 1, 0), facts, named=NAMED):
            yield Spot((*path, 1, 0)), step


def declared(rw: Rewriter, t: Term, facts: Facts) -> bool:
    """Not a function or a density of which no more is said, nor its logarithm: their gradients are as far as it goes."""
    if t.head not in DERIVATIVES:
        return True
    u = t.body.args[0] if t.body.head == "Ln" else t.body
    if u.head == "Density" or digamma(t):
        return False
    return not (u.head == "Apply" and all(a == t.var or t.var not in free(a) for a in u.args[1:]))


def is_partial(rule: Rule) -> bool:
    """A rule about an entry of a derivative."""
    left = rule.claim.args[0]
    return rule.claim.head == "Eq" and left.head == "At" and left.args[0].head in DERIVATIVES


def of_entry(rule: Rule) -> bool:
    """A rule that says what stands at one place of a sum, a multiple, a transpose; not of what is a sum there only."""
    left, right = rule.claim.args
    return left.head == "At" and contains(right, "Sum") <= contains(left, "Sum")


def plainly(rule: Rule) -> bool:
    body = body_of(rule) if is_derivative(rule) else None
    return body is not None and body.head not in AVERAGES and (body.head not in DERIVATIVES or body.body.head != "Apply")


def compound(rule: Rule) -> bool:
    """A rule for more than one operation at once, as for a squared norm."""
    body = body_of(rule)
    return body.head in ("Pow", "Apply", "Dot", "Ln") and bool(body.args) and body.args[0].head not in ("Apply", "Sym")


def log_of_density(rw: Rewriter, t: Term, facts: Facts) -> bool:
    return t.head in DERIVATIVES and is_weight(rw, t.body)


def law_changed(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An average over one law as an average over the law that is wanted."""
    yield from _to_law(rw, line, path, facts, "law", _law_rule)


def weighted(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The same by weights, which does for any two densities."""
    yield from _to_law(rw, line, path, facts, "weights", _weight_rule)


def _to_law(rw: Rewriter, line: Term, path: Path, facts: Facts, table: str, accept: Callable[[Rule], bool]) -> Iterator[Hit]:
    t = Spot(path).get(line)
    if t.head != "ExpectOver" or rw.goal is None or same(t.domain[0], rw.goal.args[1]):
        return
    for side in rw.library.table(table, accept).candidates(t, facts):
        for chosen in _images(side.rule, t, facts, rw.goal.args[1]):
            for step in rw.fits(side, line, Spot(path), facts, chosen=chosen):
                new = Spot(path).get(step.after)
                if new.head == "ExpectOver" and same(new.domain[0], rw.goal.args[1]):
                    yield Spot(path), step
                    return


def laws_of(rw: Rewriter, t: Term, facts: Facts) -> list[Term]:
    """The laws ``z ~ D`` to which rules change the averages in ``t``."""
    out: list[Term] = []
    for u in subterms(t):
        if u.head == "ExpectOver" and not free(u) & {b.var for b in subterms(t) if b.is_binder and b is not u}:
            for side in rw.library.table("law", _law_rule).candidates(u, facts):
                for chosen in _images(side.rule, u, facts, u.domain[0]):
                    new = next((step.after for step in rw.fits(side, u, Spot(), facts, chosen=chosen)), None)
                    if new is not None and new.head == "ExpectOver" and not any(same(new.domain[0], d.args[1]) for d in out):
                        out.append(call("Dist", new.var, new.domain[0]))
    return out


def _law_rule(rule: Rule) -> bool:
    return _between_laws(rule) and not _any_law(rule)


def _weight_rule(rule: Rule) -> bool:
    return _between_laws(rule) and _any_law(rule)


def _between_laws(rule: Rule) -> bool:
    return rule.role == "change" and rule.claim.head == "Eq" and all(a.head == "ExpectOver" for a in rule.claim.args)


def _any_law(rule: Rule) -> bool:
    """Whether the law on the right is for the choosing, whatever the one on the left."""
    left, right = rule.claim.args
    return right.domain[0].head == "Sym" and right.domain[0] not in free(left) and not any(h.prop.head == "ForAll" for h in rule.hypotheses)


def _images(rule: Rule, t: Term, facts: Facts, wanted: Term) -> Iterator[dict[str, Term]]:
    """What a rule leaves to be chosen: the law that is wanted; or the map and the law of which a line says that it gives this law."""
    left, right = rule.claim.args
    if _any_law(rule):
        yield {next(k for k, n in rule.names.items() if n.term == right.domain[0]): wanted}
        return
    image = next((h.prop for h in rule.hypotheses if h.prop.head == "ForAll" and h.prop.body.head == "Implies"), None)
    if image is None:
        yield {}
        return
    drawn, given = image.body.args
    name_of = {n.term: k for k, n in rule.names.items()}
    for g in facts.givens:
        p = g.prop
        if p.head == "ForAll" and p.body.head == "Implies" and p.body.args[0].head == p.body.args[1].head == "Dist":
            source, to = p.body.args
            if same(to.args[1], t.domain[0]):
                sizes = {name_of[d]: got for d, got in zip(image.var.sort.shape, p.var.sort.shape, strict=False) if d in name_of}
                yield {name_of[given.args[0].args[0]]: Term("Lambda", (p.var, to.args[0])), name_of[drawn.args[1]]: source.args[1], **sizes}


def backwards(accept: Callable[[Rule], bool], heads_of: frozenset[str]) -> Callable[[Rewriter, Term, Path, Facts], Iterator[Hit]]:
    """A phase's ``find`` over rules read from right to left."""

    def find(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
        t = Spot(path).get(line)
        if t.head not in heads_of:
            return
        for side in rw.library.backwards:
            if not side.rule.when_asked and accept(side.rule):
                for spot in rw.spots(line, path, side.term.head, len(side.term.args) if side.term.head in ("Mul", "Add") else 0):
                    for step in rw.fits(side, line, spot, facts):
                        yield spot, step
                        return

    return find


def score_as_integral(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The average of what holds the gradient of its own density's logarithm."""
    t = Spot(path).get(line)
    if t.head != "ExpectOver" or not any(
        u.head in DERIVATIVES and u.body.head == "Ln" and contains(u.body, "Density")
        or u.head == "Pow" and u.args[0].head == "Density" and same(u.args[0].args[0], t.domain[0]) for u in subterms(t.body)):
        return
    for side in rw.library.table("over", to_integral).candidates(t, facts):
        for step in rw.fits(side, line, Spot(path), facts):
            yield Spot(path), step


def each_value(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An average over a few values, term by term."""
    t = Spot(path).get(line)
    if t.head == "Sum" and all(d.head == "Num" for d in t.domain) and contains(t.body, "Density"):
        new = evaluate(t)
        if new.head == "Add" and len(new.args) <= FEW:
            yield Spot(path), by_numbers(line, Spot(path), rw.facts)


def picked(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """The body of a sum multiplied out where some of its terms have an indicator, so that each picks its own."""
    t = Spot(path).get(line)
    if t.head == "Sum" and any(u.head == "Indicator" and t.var in free(u) for u in subterms(t.body)):
        yield from multiplied_out(rw, line, path, facts)


def cancelling(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """A density above and below, under an integral."""
    t = Spot(path).get(line)
    if t.head not in ("Integral", "Sum") or t.body.head != "Mul":
        return
    new = cancelled(t.body)
    if size(new) < size(t.body):
        yield from rearranged(rw, line, Spot((*path, 1)), new)


ANY_DERIVATIVE = with_head(*DERIVATIVES)
FUNCTIONS = Phase("functions", functions, names_defined)
AS_INTEGRAL = Phase("as an integral", as_integral, with_head("ExpectOver"))
IN_FRONT = Phase("the density in front", weight_in_front, with_head("Density"))
AS_AVERAGE = Phase("as an average", as_average, with_head("Density", "Softmax", "At"))
EXCHANGE = by_roles("exchange", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head in AVERAGES)
PRODUCT = Phase("product rule", product_under_integral, ANY_DERIVATIVE)
CONSTANT = by_roles("constants", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head == "Sym")
VANISH = Phase("vanishing", vanishing, with_head("Add", "Mul"))
LOG_DERIVATIVE = by_roles("log-derivative", {"change"}, is_derivative, at=log_of_density)
OPEN_DENSITY = Phase("density", density_under_log, with_head("Density"))
LOGARITHMS = Phase("logarithms", logarithms, with_head("Ln"))
DIFFERENTIATE = by_roles("differentiate", {"differentiate"}, plainly, at=declared)
SPECIAL = by_roles("norms and products", {"differentiate"}, lambda r: plainly(r) and compound(r), at=declared)
SLOPES = by_roles("slopes of slopes", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head in DERIVATIVES and not plainly(r),
                  at=lambda rw, t, f: t.head in DERIVATIVES and t.body.head in DERIVATIVES and t.body.domain[0] not in (t.body.var, t.var))  # fmt: skip
SUMS = by_roles("sums", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head == "Sum" and r.claim.args[1].head != "Sum")
PARTIAL = by_roles("partial derivatives", {"differentiate"}, is_partial)
ENTRIES = by_roles("entries", {"unfold"}, of_entry)
FOLDED = Phase("a product of arrays", folded, ANY_DERIVATIVE)
WEIGHTS = Phase("weights", weighted, with_head("ExpectOver"))
LAW = Phase("change of law", law_changed, with_head("ExpectOver"))
UNLOG = by_roles("derivative of a log-density", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head == "Ln",
                 at=lambda rw, t, f: t.head in DERIVATIVES and contains(t.body, "Density"))  # fmt: skip
SCORE_AS_INTEGRAL = Phase("score as an integral", score_as_integral, with_head("ExpectOver"))
LOG_BACK = Phase("log-derivative backwards", backwards(
    lambda r: r.role == "change" and r.claim.args[0].head in DERIVATIVES, frozenset({"Mul"})), ANY_DERIVATIVE)  # fmt: skip
HESSIAN_BACK = Phase("Hessians", backwards(lambda r: r.claim.args[0].head == "Hess", frozenset({"Jac"})), with_head("Jac"))
EXCHANGE_BACK = Phase("exchange backwards", backwards(
    lambda r: is_derivative(r) and body_of(r).head in AVERAGES, frozenset({"Integral", "Sum"})), ANY_DERIVATIVE)  # fmt: skip
LOG_DENSITY = by_roles("logarithm of a density", {"expand"}, lambda r: r.claim.args[0].head == "Ln" and r.claim.args[0].args[0].head == "Density")
APART = by_roles("apart", {"change"}, lambda r: r.claim.args[0].head == "ExpectOver" and r.claim.args[1].head == "Add" and not _moves(r))
MOVED = by_roles("the derivative taken out", {"change"}, lambda r: r.claim.args[0].head == "ExpectOver" and _moves(r),
                 at=lambda rw, t, f: t.body.head in DERIVATIVES and any(u.head in DERIVATIVES for u in subterms(t.body.body)))  # fmt: skip
BY_PARTS = by_roles("by parts", {"change"}, lambda r: r.claim.args[0].head == "ExpectOver" and r.claim.args[1].head == "Mul")
CANCEL = Phase("cancelling", cancelling, with_head("Density"))
OF_NAMED = by_roles("entropy and divergence of a named law", {"unfold"},
                    lambda r: r.claim.args[0].head in ("KL", "Entropy") and r.claim.args[0].args[0].head != "Sym")  # fmt: skip
DIVERGENCE = by_roles("entropy and divergence", {"unfold"}, lambda r: r.claim.args[0].head in ("KL", "Entropy"))
AVERAGED = by_roles("divergence as an average", {"unfold"}, lambda r: r.claim.args[0].head == "KL" and r.claim.args[1].head == "ExpectOver")
TOTAL = by_roles("total", {"evaluate"}, lambda r: r.claim.args[0].head in ("Integral", "Sum") and is_num(r.claim.args[1], 1))

INSIDE = by_roles("derivative inside", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head == "Expect")
MEANS = by_roles("averages of multiples", {"linear", "evaluate"}, lambda r: r.claim.args[0].head == "Expect" and r.claim.args[1].head == "Mul")
KNOWN = by_roles("averages that are known", {"shortcut"}, lambda r: r.claim.args[0].head == "ExpectOver")
FINITE = by_roles("term by term", {"differentiate"}, lambda r: is_derivative(r) and body_of(r).head == "Sum" and body_of(r).domain[1].head != "Infinity")
VALUES = by_roles("probabilities of values", {"evaluate"}, lambda r: r.claim.args[0].head == "Density")
EACH = Phase("value by value", each_value, with_head("Sum"))
PICKED = Phase("terms with an indicator apart", picked, with_head("Indicator"))
GIVEN_TOTAL = Phase("stated totals", given, with_head("Sum", "Integral"))

OF_DENSITY = (
    FUNCTIONS, BOUNDED_LAW, OF_NAMED, DIVERGENCE, AS_INTEGRAL, EXCHANGE, PRODUCT, CONSTANT, VANISH, LOG_DERIVATIVE, IN_FRONT, AS_AVERAGE, EARLIER, OPEN_DENSITY,
    LOGARITHMS, SPECIAL, DIFFERENTIATE, SLOPES, STRUCTURE, ENTRIES, SCALAR, GIVEN)  # fmt: skip

AVERAGE_FIRST = "the average first"
INFORMATION = "the information, term by term"
BY_TERMS = "the gradient of the density, term by term"

_METHODS: dict[str, tuple[Phase, ...]] = {
    "by the rules of calculus": (DEFINE, LOGISTIC, CONSTANT, VANISH, LOGARITHMS, SPECIAL, FOLDED, PARTIAL, SUMS, DIFFERENTIATE, SLOPES, FACTORED, STRUCTURE, ENTRIES, SCALAR, GIVEN, FINITE),
    AVERAGE_FIRST: (AVERAGES_FIRST, DEFINE, LOGISTIC, CONSTANT, VANISH, LOGARITHMS, SPECIAL, FOLDED, PARTIAL, SUMS, DIFFERENTIATE, SLOPES, STRUCTURE, ENTRIES, SCALAR, GIVEN),
    "averages that are known": (DEFINE, NAMED_LAW, OF_NAMED, DIVERGENCE, CONSTANT, VANISH, LINEAR, STRUCTURE, LOG_DENSITY, KNOWN, FIXED_OUT, SCALAR, LIKE, GIVEN, SPECIAL, DIFFERENTIATE),
    "rule by rule": (DEFINE, LOGISTIC, CONSTANT, VANISH, LOGARITHMS, SPECIAL, FOLDED, PARTIAL, SUMS, DIFFERENTIATE, SLOPES, LINEAR, STRUCTURE, LOG_DENSITY, KNOWN, OF_NAMED, UNFOLD, *TAIL, FINITE),
    "the derivative inside the average": (
        DEFINE, LOGISTIC, INSIDE, CONSTANT, VANISH, LOGARITHMS, SPECIAL, DIFFERENTIATE, SLOPES, STRUCTURE, SCALAR, GIVEN, FIXED_OUT, MEANS),
    "the gradient of the density": (*OF_DENSITY, HESSIAN_BACK),
    INFORMATION: (
        FUNCTIONS, AVERAGED, EXCHANGE, OPEN_DENSITY, LOGARITHMS, CONSTANT, VANISH, SPECIAL, DIFFERENTIATE, SLOPES, STRUCTURE, ENTRIES, GIVEN, NAMED_LAW, KNOWN, OUTER, MULTIPLIED,
        AVERAGES_OF_SUMS, MULTIPLES, LINEAR, SCALAR, LIKE),
    BY_TERMS: (*OF_DENSITY, LINEAR, APART, HESSIAN_BACK),
    "the gradient of the density, by parts": (*OF_DENSITY, LINEAR, APART, BY_PARTS),
    "a variable without the parameter": (
        FUNCTIONS, LAW, EXCHANGE, CONSTANT, VANISH, EARLIER, OPEN_DENSITY, LOGARITHMS, SPECIAL, DIFFERENTIATE, SLOPES, STRUCTURE, SCALAR, GIVEN),
    "the logarithm differentiated": (FUNCTIONS, UNLOG, CONSTANT, VANISH, SPECIAL, DIFFERENTIATE, SLOPES, STRUCTURE, SCALAR),
    "importance weights": (FUNCTIONS, WEIGHTS, CONSTANT, VANISH, STRUCTURE, SCALAR),
    "integration by parts": (FUNCTIONS, LINEAR, BY_PARTS, CONSTANT, VANISH, SPECIAL, DIFFERENTIATE, SLOPES, STRUCTURE, SCALAR, GIVEN),
    "a derivative taken out of the average": (FUNCTIONS, LINEAR, MOVED, STRUCTURE, CONSTANT, VANISH, GIVEN),
    "an average written out": (FUNCTIONS, AS_SUM),
    "an average as an integral": (DEFINE, AS_WRITTEN, OPENED, SCALAR, LINEAR, STRUCTURE),
    "a sum over the values": (
        FUNCTIONS, AS_SUM, EACH, VALUES, CONSTANT, VANISH, LOGARITHMS, SPECIAL, FOLDED, PARTIAL, SUMS, DIFFERENTIATE, SLOPES, PICKED, LINEAR, STRUCTURE, ENTRIES, SCALAR, GIVEN),
    "one integral": (FUNCTIONS, LINEAR, APART, SCORE_AS_INTEGRAL, CANCEL, TOTAL, CONSTANT, VANISH, LOG_BACK, EXCHANGE_BACK, GIVEN_TOTAL),
}  # fmt: skip


PLAIN = ("by the rules of calculus", AVERAGE_FIRST, "rule by rule")  # nothing in them speaks of distributions
METHODS = {name: phases if name in PLAIN else (LAW_SHOWN, *phases, LAW_HIDDEN) for name, phases in _METHODS.items()}
