"""Lines made wrong on purpose, to see how many of them the referee refutes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import derive.referee.judge as referee
from derive.language.model import ReadError
from derive.language.reading import read_problem
from derive.planner.solve import solve
from derive.terms import MINUS_ONE, TWO, Term, mul, num, rebuild

EACH = 2  # changes of one kind in one line


def lines(document: Path, rules: Any) -> list[tuple[tuple, dict]]:
    """Every line that solving the document puts before the referee: the arguments of each call."""
    seen: list[tuple[tuple, dict]] = []
    judge = referee.judge

    def look(*args: Any, **named: Any) -> Any:
        seen.append((args, named))
        return judge(*args, **named)

    referee.judge = look
    try:
        solve(read_problem(document), rules)
    except ReadError:
        return []
    finally:
        referee.judge = judge
    return seen


def places(t: Term, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Term]]:
    yield path, t
    start = 2 if t.head in ("Sum", "Prod") else 1  # limits are left alone
    for i, c in t.children():
        if not (t.is_binder and i > start):
            yield from places(c, (*path, i))


def put(t: Term, path: tuple[int, ...], new: Term) -> Term:
    if not path:
        return new
    args = tuple(put(a, path[1:], new) if i == path[0] else a for i, a in enumerate(t.args))
    return Term(t.head, args) if t.is_binder else rebuild(t, args)


def changed(t: Term) -> Iterator[tuple[str, Term]]:
    """What is wrong with ``t``, and ``t`` made so."""
    yield "twice", mul(TWO, t)
    yield "the other sign", mul(MINUS_ONE, t)
    spots = list(places(t))
    for kind, heads in (("a term less", ("Add",)), ("a factor less", ("Mul", "Hadamard"))):
        for path, s in [p for p in spots if p[1].head in heads][:EACH]:
            yield kind, put(t, path, s.args[0] if len(s.args) == 2 else rebuild(s, s.args[:-1]))
    for path, s in [p for p in spots if p[1].head == "Pow" and p[1].args[1].head == "Num"][:EACH]:
        yield "a power more", put(t, path, Term("Pow", (s.args[0], num(s.args[1].value + 1))))
    for path, s in [p for p in spots if p[1].head == "Num" and p[1].value not in (0, Fraction(-1))][-EACH:]:
        yield "another number", put(t, path, num(s.value + 1))


def wrong(after: Term) -> Iterator[tuple[str, Term]]:
    """Changed lines; of an equation, or a claim of growth, the right side is changed."""
    if after.head in ("Dist", "And") or (after.head == "Eq" and after.args[1].head in ("Theta", "BigO", "BigOmega")):
        return  # a law, or a class of growth, which a factor leaves as it is
    if after.head in ("Eq", "Le", "Lt", "Ge", "Gt", "Theta", "BigO", "BigOmega"):
        for kind, t in changed(after.args[-1]):
            if t != after.args[-1]:
                yield kind, Term(after.head, (*after.args[:-1], t))
    else:
        yield from ((kind, t) for kind, t in changed(after) if t != after)


def refuted(seen: list[tuple[tuple, dict]]) -> Iterator[tuple[str, Term, Term, bool | None]]:
    """(what was done, before, the wrong after, whether it agrees)."""
    done = set()
    for (relation, before, after, setting), named in seen:
        for kind, t in wrong(after):
            key = relation, before, t, id(setting)
            if key not in done:
                done.add(key)
                yield kind, before, t, referee.judge(relation, before, t, setting, **named).agrees
