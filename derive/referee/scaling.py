"""A condition on growth solved for its unknown: with the unknown as answered it holds, with a larger or a smaller one where it should."""

from __future__ import annotations

from typing import Any

from derive.referee.growth import CLASSES, judge_growth
from derive.referee.setting import Setting
from derive.referee.worlds import dimensions
from derive.terms import Term, div, mul, num, power, same, subst


def judge_scaling(relation: str, before: Term, after: Term, setting: Setting, growing: tuple[Term, ...]) -> Any:
    """``f(u) = Θ(e)`` iff ``u = Θ(g)`` (``O``, ``Ω``): with u = g the one holds; with u a little larger or smaller where the other does."""
    from derive.referee.judge import Verdict

    for claim, solved in ((before, after), (after, before)):
        u, e = solved.args[0], solved.args[1].args[0]
        base, exponent = (u.args[0], u.args[1]) if u.head == "Pow" else (u, num(1))
        if base.head != "Sym" or solved.args[1].head not in CLASSES or claim.args[1].head not in CLASSES:
            continue
        dims = dimensions(setting.symbols, setting.givens, {d.symbol.name: d for d in setting.definitions})
        size = next((s for s in growing if s.name in dims), None) or next((s.term for s in setting.symbols if s.term.name in dims), None)
        if size is None:
            continue
        cases = 0
        way = solved.args[1].head
        for shift, wanted in ((num(0), True), (num(2), way == "BigOmega"), (num(-2), way == "BigO")):
            value = power(mul(e, power(size, shift)), div(num(1), exponent))
            definitions = tuple(
                type(d)(d.symbol, subst(d.body, {base: value}), d.line, d.text, d.params, d.index) for d in setting.definitions
            )
            givens = tuple(subst(g, {base: value}) for g in setting.givens if g.head not in ("Gt", "Ne", "Lt"))
            inner = Setting(setting.symbols, givens, definitions)
            lhs = subst(claim.args[0], {base: value})
            got = judge_growth(CLASSES[claim.args[1].head], lhs, claim.args[1].args[0], inner, growing)
            if got.agrees is None:
                return got
            cases += got.cases
            if got.agrees is not wanted:
                return Verdict(False, got.how, cases, "the two conditions ask for different growth", {base.name: value})
        return Verdict(True, "leading order", cases)
    if same(before.args[1], after.args[1]):  # one class for two quantities of one order
        got = judge_growth("Theta", before.args[0], after.args[0], setting, growing)
        if got.agrees:
            return got
    return Verdict(None, "not evaluated", because="neither condition gives the unknown alone")
