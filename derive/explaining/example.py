"""A step in numbers: both of its sides where everything has a size and a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any

from derive.facts.facts import CHANCE, Facts
from derive.kernel.step import Step
from derive.terms import Term, contains, free, sym

if TYPE_CHECKING:
    from derive.referee.setting import Setting
    from derive.referee.world import World

WORLDS = 4  # tried before an example is given up
SMALL, GROWING = (2, 3, 4), (2, 8, 32)  # sizes for averages, for closed forms
COMPARED = ("=", "<=", ">=", "<", ">", "!=")


def example(step: Step, setting: Setting, facts: Facts, sizes: tuple[Term, ...] = ()) -> str:
    """Both sides of the step at one instance in small numbers; empty where they cannot be had exactly.

    For growth the quotient of the sides at three sizes instead.
    """
    if step.relation in ("~", "Theta", "O", "Omega"):
        return _growth(step, setting, facts, sizes)
    relation, before, after, both = step.relation, step.before, step.after, "both sides are"
    if relation == "iff" and before.head == after.head == "Eq" and before.args[1] == after.args[1]:
        relation, before, after, both = "=", before.args[0], after.args[0], "the left side of both lines is"
    if relation not in COMPARED:
        return ""
    for world in islice(_worlds(setting), WORLDS):
        found = _both(world, before, after)
        if found is None:
            continue
        where, left, right, exact, laws = found
        if not _agree(relation, left, right):
            continue
        names = [*sorted(n for n in where if n in world.sizes), *(n for n in where if n not in world.sizes)]
        said = ", ".join(_named(n, where[n], facts, n in laws) for n in names if where[n] != "")
        start = f"With {said} " if said else ""
        about = "" if exact else "about "
        if relation == "=":
            text = f"{start}{both} {about}${_value(left)}$."
        else:
            text = f"{start}the left side is {about}${_value(left)}$ and the right side {about}${_value(right)}$."
        return text[:1].upper() + text[1:]
    return ""


def _worlds(setting: Setting, sizes: dict[str, int] | None = None) -> Iterator[World]:
    from derive.referee.worlds import dimensions, worlds

    def made(chosen: dict[str, int]) -> Iterator[World]:
        return worlds(setting.symbols, setting.givens, setting.definitions, readable=True, sizes=chosen)

    if sizes is not None:
        yield from islice(made(sizes), 1)
        return
    dims = dimensions(setting.symbols, setting.givens, {d.symbol.name: d for d in setting.definitions})
    yield from islice(made(dict.fromkeys(dims, 2)), 1)
    yield from made({})


def _both(world: World, before: Term, after: Term) -> tuple[dict[str, Any], Any, Any, bool, frozenset[str]] | None:
    """Where, the two values there, whether they are exact, and the names that are there with a law."""
    import numpy as np

    from derive.referee.instances import chosen_laws, describe, plain
    from derive.referee.setting import choices, evaluator, plan_for, sampled
    from derive.referee.truth import sides
    from derive.referee.world import BeyondReach, Frame

    terms = (before, after)
    try:
        with np.errstate(all="ignore"):
            plan = plan_for(world, terms)
            ev = evaluator(world, plan)
            for chosen in choices(ev, terms):
                frame = sampled(ev, terms, Frame(ev.base, chosen) if chosen else ev.base)
                left, right = sides(ev, before, after, frame)
                if np.isfinite(left).all() and np.isfinite(right).all():
                    pair = [plain(v[0]) for v in (left, right)]
                    where = describe(ev, frame, terms, 0)
                    laws = frozenset(n for n, law in chosen_laws(world, terms).items() if where.get(n) is law or where.get(n) == law)
                    return where, pair[0], pair[1], plan.exact, laws
    except BeyondReach:
        return None
    return None


def _agree(relation: str, left: Any, right: Any) -> bool:
    import numpy as np

    x, y = np.asarray(left, float), np.asarray(right, float)
    near = np.isclose(x, y, rtol=1e-5, atol=1e-9)
    holds = {"=": near, "!=": ~near, "<=": near | (x < y), ">=": near | (x > y), "<": x < y, ">": x > y}[relation]
    return bool(holds.any() if relation == "!=" else holds.all())


def _growth(step: Step, setting: Setting, facts: Facts, sizes: tuple[Term, ...]) -> str:
    after = step.after.args[0] if step.after.head in ("Theta", "BigO", "BigOmega") else step.after
    names = [s.name for s in sizes or sorted(free(step.before), key=lambda s: s.name)]
    averaged = any(contains(step.before, h) for h in CHANCE)
    values = SMALL if averaged else GROWING
    if not averaged:
        setting = _fixed(setting)
    quotients = []
    for n in values:
        world = next(_worlds(setting, dict.fromkeys(names, n)), None)
        found = _both(world, step.before, after) if world is not None else None
        if found is None or isinstance(found[1], list) or isinstance(found[2], list) or not found[2]:
            return ""
        quotients.append(found[1] / found[2])
    where = " = ".join(facts.tex(sym(n))[1:-1] for n in names)
    listed = ", ".join(f"${_value(q)}$" for q in quotients)
    return f"With ${where} = {', '.join(map(str, values))}$ the left side divided by the right is {listed}."


def _fixed(setting: Setting) -> Setting:
    """The setting without what is random, which a closed form does not ask for."""
    kept = tuple(s for s in setting.symbols if s.role != "random")
    names = {s.term.name for s in kept}
    givens = tuple(g for g in setting.givens if {s.name for s in free(g)} <= names)
    return replace(setting, symbols=kept, givens=givens, _worlds=[], _kinds={}, _source=None, _ended=False)


def _named(name: str, v: Any, facts: Facts, law: bool) -> str:
    """A name with its value, or, where it is random, with how it was drawn."""
    shown = facts.tex(sym(name))
    if isinstance(v, Term):
        return f"{shown[:-1]} {'=' if v.head in ('Sym', 'Num') else chr(92) + 'sim'} {facts.tex(v)[1:]}"
    if law and isinstance(v, list):
        drawn = [f"${_value(x)}$ with probability ${_value(w)}$" for x, w in v]
        return f"{shown} taking {', '.join(drawn[:-1])}{' and ' if len(drawn) > 1 else ''}{drawn[-1]}"
    return f"{shown[:-1]} = {_value(v)}$"


def _value(v: Any) -> str:
    """A number, or rows of numbers, as LaTeX."""
    if isinstance(v, str):
        return rf"\text{{{v}}}"
    if isinstance(v, list):
        if v and isinstance(v[0], list):
            body = r" \\ ".join(" & ".join(map(_value, row)) for row in v)
            return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"
        return "(" + ", ".join(map(_value, v)) + ")"
    if isinstance(v, int):
        return str(v)
    near = Fraction(v).limit_denominator(60)
    if near.denominator > 1 and abs(float(near) - v) < 1e-6 * abs(v):
        return rf"{'-' if near < 0 else ''}\frac{{{abs(near.numerator)}}}{{{near.denominator}}}"
    text = f"{v:.6g}"
    mantissa, e, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else text


__all__ = ["example"]
