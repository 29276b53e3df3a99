"""The computation ``cases`` for a least value: every positive integer tried, where beyond some of them nothing changes.

The line says ``T(x) <= T(i)`` for every positive integer ``i``. In ``T`` the index may stand anywhere, so long as it is gone once
the integer parts of ``c/i`` are 0, as they are for every ``i > c``. Then only the integers up to the largest ``c`` and one
more differ, and ``T`` is calculated for each. With one further symbol that ``T`` is linear in, the least is found piece by piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.facts.facts import Facts
from derive.facts.signs import positive
from derive.kernel.algebra import Algebra
from derive.kernel.apply import Refused
from derive.kernel.conditions import holds
from derive.kernel.numbers import evaluate
from derive.kernel.step import _SEAL, Condition, Step
from derive.terms import Term, call, free, key, num, rebuild, subst, subterms

MOST = 500  # integers that are tried


@dataclass(frozen=True)
class Tried:
    """The values of ``T``: at 1, 2, …, and last at every integer beyond."""

    values: tuple[Term, ...]
    parameter: Term | None

    def line(self, n: int) -> tuple[Fraction, Fraction]:
        """Value n as ``constant + slope * parameter``."""
        return _linear(self.values[n], self.parameter)


def tried(t: Term, i: Term) -> Tried:
    """``t`` at every positive integer ``i``.

    Raises
    ------
    Refused
        It does not come to numbers, or to numbers and one symbol that it is linear in.
    """
    floors = [u for u in subterms(t) if u.head == "Floor" and i in free(u)]
    last = 0
    for f in floors:
        c = _over(f.args[0], i)
        if c is None:
            raise Refused("the index stands inside an integer part otherwise than below a number")
        last = max(last, c.numerator // c.denominator)
    if last > MOST:
        raise Refused(f"more than {MOST} integers would have to be tried")
    beyond = Algebra().simplify(_calculated(_without(t, i)))
    if i in free(beyond):
        raise Refused("it goes on changing for large integers")
    values = tuple(Algebra().simplify(_calculated(subst(t, {i: num(n)}))) for n in range(1, last + 1))
    symbols = {s for v in (*values, beyond) for s in free(v)}
    if len(symbols) > 1:
        raise Refused("it depends on several symbols")
    out = Tried((*values, beyond), next(iter(symbols), None))
    for n in range(last + 1):
        out.line(n)
    return out


def _calculated(t: Term) -> Term:
    """Numbers calculated, and then the sums that they are limits of."""
    return evaluate(evaluate(t))


def _over(t: Term, i: Term) -> Fraction | None:
    """``c`` where ``t`` is ``c/i`` with a number ``c >= 0``."""
    p = Algebra().normal(t)
    if len(p) != 1:
        return None
    ((m, c),) = p.items()
    return c if dict(m) == {key(i): Fraction(-1)} and c >= 0 else None


def _without(t: Term, i: Term) -> Term:
    if t.head == "Floor" and i in free(t):
        return num(0)
    if t.head in ("Num", "Sym"):
        return t
    if t.head in ("Sum", "Prod"):  # only where it ends may it go by an integer part
        return Term(t.head, (t.var, t.body, *(_without(d, i) for d in t.domain)))
    if t.is_binder:
        return t
    return rebuild(t, tuple(_without(a, i) for a in t.args))


def _linear(t: Term, x: Term | None) -> tuple[Fraction, Fraction]:
    constant = slope = Fraction(0)
    for m, c in Algebra().normal(t).items():
        if m == ():
            constant = c
        elif x is not None and dict(m) == {key(x): Fraction(1)}:
            slope = c
        else:
            raise Refused("it is not linear in what is left open")
    return constant, slope


def best(values: Tried) -> list[tuple[Fraction, Fraction | None, tuple[int, ...]]]:
    """Where the parameter lies from .. to (None: without end), which of the values are least there."""
    lines = [values.line(n) for n in range(len(values.values))]
    start, out = Fraction(0), []
    while True:
        # just above ``start`` the least is the line with the least value, then with the least slope
        least = min((a + b * start, b) for a, b in lines)
        winners = tuple(n for n, (a, b) in enumerate(lines) if (a + b * start, b) == least)
        slope = least[1]
        crossings = [(a + b * start - least[0]) / (slope - b) for a, b in lines if b < slope]
        end = start + min(crossings) if crossings else None
        out.append((start, end, winners))
        if end is None or values.parameter is None:
            return out
        start = end


def by_least(x: Term, t: Term, i: Term, facts: Facts) -> Step:
    """``t(x) <= t(i)`` for every positive integer ``i``: which positive integers ``x`` that makes."""
    if not holds(call("In", x, call("Naturals")), facts):
        raise Refused(f"{facts.tex(x)} is not known to be a positive integer")
    if x in free(t):
        raise Refused("what is sought stands in what is compared")
    values = tried(t, i)
    c = values.parameter
    if c is not None and not positive(facts, c):
        raise Refused(f"the sign of {facts.tex(c)} is not known", f"{facts.tex(c)} is positive")
    claim = call("Implies", call("In", i, call("Naturals")), call("Le", subst(t, {i: x}), t))
    pieces = [(lo, hi, _which(x, ns, len(values.values))) for lo, hi, ns in best(values)]
    if len(pieces) == 1:
        after, relation = pieces[0][2], "iff"
    else:
        assert c is not None
        parts = [call("Implies", between(c, lo, hi), which) for lo, hi, which in pieces]
        after, relation = call("And", *parts), "implies"
    last = len(values.values) - 1
    said = Condition(
        f"from ${facts.tex(i)[1:-1]} = {last + 1}$ on nothing changes any more", "holds",
        f"the integer parts are $0$ there, since what stands above {facts.tex(i)} is less than {facts.tex(i)}",
    )  # fmt: skip
    line = Term("ForAll", (i, claim))
    return Step(relation, line, after, "cases", conditions=(said,), seal=_SEAL)


def _which(x: Term, winners: tuple[int, ...], count: int) -> Term:
    """``x`` is one of the integers; the last stands for every one from there on."""
    parts = [call("Eq", x, num(n + 1)) for n in winners if n < count - 1]
    if count - 1 in winners:
        parts.append(call("Ge", x, num(count)))
    return parts[0] if len(parts) == 1 else call("Or", *parts)


def between(c: Term, lo: Fraction, hi: Fraction | None) -> Term:
    low, high = call("Lt", num(lo), c), None if hi is None else call("Lt", c, num(hi))
    return low if high is None else high if lo == 0 else call("And", low, high)


__all__ = ["Tried", "best", "between", "by_least", "tried"]
