"""An average of a declared random thing as one over its distribution, where it matters what that depends on; and back, or on to a sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derive.facts.facts import CHANCE, DERIVATIVES, Facts, atoms, is_random
from derive.facts.stated import law_of
from derive.kernel.apply import Spot, by_rule
from derive.kernel.step import Step
from derive.planner.methods.densities import to_integral
from derive.planner.methods.rewriting import Hit, Phase, Rewriter, with_head
from derive.rulebook.model import Rule
from derive.terms import Path, Term, call, free, names, same, shape, subst, subterms, sym
from derive.terms.walk import INDEX_NAMES

if TYPE_CHECKING:
    from derive.planner.values.value import Finder

WITH_VALUES = ("Categorical",)  # laws of which nothing but the values and their probabilities is known
LETTERS = ("t", "u", "z", "s", "w", "v", "y", "x")


def shown(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """``E[f(X)]`` as ``E_{t ~ P}[f(t)]``: under a derivative that ``P`` moves with, or where such an average is asked for."""
    t = Spot(path).get(line)
    x, law = drawn(t, facts)
    if x is not None and law is not None and (rw.goal is not None or _moves(line, path, t, x, facts)):
        yield from _over(rw, line, path, x, law, facts)


def over_values(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """``E[f(X)]`` of one of finitely many values, over their distribution."""
    x, law = drawn(Spot(path).get(line), facts)
    if x is not None and law is not None and law.head in WITH_VALUES:
        yield from _over(rw, line, path, x, law, facts)


def _over(rw: Rewriter, line: Term, path: Path, x: Term, law: Term, facts: Facts) -> Iterator[Hit]:
    """The average of what is made of ``x`` as one over its ``law``, with a letter that is free."""
    taken = names([line]) | facts.symbols.keys()
    letters = INDEX_NAMES if law.head in WITH_VALUES else LETTERS
    var = next((sym(n, x.sort.shape) for n in letters if n not in taken and not (x.sort.shape and n in "ts")), None) or sym(f"{x.name}_0", x.sort.shape)
    body = subst(Spot(path).get(line).args[0], {x: var})
    if not is_random(facts, body):
        yield from _step(rw, line, path, _bindings(rw, x, law, var, body), "left to right")


def hidden_again(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An average over the distribution of something that the document declares, as the average of that."""
    t = Spot(path).get(line)
    if t.head != "ExpectOver" or LAW_SHOWN.name not in rw.fired or any(Spot(path[:n]).get(line).head in DERIVATIVES for n in range(len(path))):
        return
    for s in facts.symbols.values():
        x = s.term
        got = law_of(facts, x) if s.role == "random" and shape(x) == shape(t.var) else None
        if got is not None and same(facts.seen(got[0]), facts.seen(t.domain[0])) and x not in free(t.body):
            yield from _step(rw, line, path, _bindings(rw, x, t.domain[0], t.var, t.body), "right to left")
            return


def drawn(t: Term, facts: Facts) -> tuple[Term | None, Term | None]:
    """What an average is of, if that is one declared thing, with its law."""
    if t.head != "Expect" or t.args[0].head == "Given" or any(u.head in CHANCE for u in subterms(t.args[0])):
        return None, None
    sources = {a.source for a in atoms(facts, t.args[0])[0]}
    if len(sources) != 1:
        return None, None
    (x,) = sources
    got = law_of(facts, x)
    return (x, got[0]) if got is not None else (None, None)


def laws_shown(finder: Finder, line: Term, facts: Facts, first: tuple[Phase, ...] = ()) -> list[Step]:
    """The steps in which every average of one declared thing becomes one over its distribution, after those of ``first``."""
    goal = call("Dist", line, line)  # any: such averages are wanted everywhere
    return Rewriter(finder.library, facts, (*first, LAW_SHOWN), finder.prover(), without=finder.without, goal=goal).run(line)


def _moves(line: Term, path: Path, t: Term, x: Term, facts: Facts) -> bool:
    """Whether a derivative around the average, or in it, is in what the law of ``x`` depends on."""
    around = [u for u in (Spot(path[:n]).get(line) for n in range(len(path))) if u.head in DERIVATIVES]
    return any(d.var in facts.behind(x) for d in (*around, *(u for u in subterms(t) if u.head in DERIVATIVES)))


def _bindings(rw: Rewriter, x: Term, law: Term, var: Term, body: Term) -> dict[str, Term]:
    """What stands for the names of the rule that has both averages."""
    rule = _rule(rw)
    if rule is None:
        return {}
    left, right = rule.claim.args
    f, given = left.args[0].args
    (size,), (out,) = given.sort.shape, f.sort.shape
    return {f.name: Term("Lambda", (var, body)), given.name: x, right.domain[0].name: law,
            size.name: call("Shape", *shape(x)), out.name: call("Shape", *shape(body))}  # fmt: skip


def _rule(rw: Rewriter) -> Rule | None:
    rows = rw.library.table("laws shown", _of_law).rows
    return next((side.rule for row in rows.values() for side in row), None)


def _of_law(rule: Rule) -> bool:
    """``E[f(X)] = E_{x ~ P}[f(x)]``."""
    if rule.role != "change" or rule.claim.head != "Eq":
        return False
    left, right = rule.claim.args
    return left.head == "Expect" and left.args[0].head == "Apply" and right.head == "ExpectOver"


def _step(rw: Rewriter, line: Term, path: Path, bindings: dict[str, Term], direction: str) -> Iterator[Hit]:
    rule = _rule(rw)
    if rule is not None and rule.name not in rw.without:
        yield from rw.hit(Spot(path), lambda: by_rule(rule, bindings, line, Spot(path), rw.facts, direction=direction, prove=rw.prove))


def as_sum(rw: Rewriter, line: Term, path: Path, facts: Facts) -> Iterator[Hit]:
    """An average over finitely many values, each with its probability."""
    t = Spot(path).get(line)
    if t.head == "ExpectOver":
        finite = rw.library.table("written out", lambda r: to_integral(r) and r.claim.args[1].head == "Sum" and r.claim.args[1].domain[1].head != "Infinity")
        for side in finite.candidates(t, facts):
            for step in rw.fits(side, line, Spot(path), facts):
                yield Spot(path), step


LAW_SHOWN = Phase("the law shown", shown, with_head("Expect"))
AS_SUM = Phase("as a sum", as_sum, with_head("ExpectOver"))
OVER_VALUES = Phase("over the values", over_values, with_head("Expect"))
LAW_HIDDEN = Phase("the law left out", hidden_again, with_head("ExpectOver"))

__all__ = ["AS_SUM", "LAW_HIDDEN", "LAW_SHOWN", "OVER_VALUES", "drawn", "laws_shown"]
