"""Averages given something: what the rules of E show where it is known, said of ``E[· | Y]``.

Given ``Y``, chance is a probability like any other, so every rule of E, Var, Cov and Pr holds of it; what differs is what
is known of the things it is about (``facts/knowing.py``).
"""

from __future__ import annotations

from dataclasses import replace

from derive.facts.facts import CHANCE, Facts
from derive.facts.knowing import listed
from derive.kernel.apply import HOLE, Refused, Spot, shown
from derive.kernel.combining import within
from derive.kernel.step import _SEAL, Condition, Step
from derive.terms import Term, call, free, subterms


def given(step: Step, line: Term, spot: Spot, known: Facts, facts: Facts) -> Step:
    """An equation shown where something is known, used for what stands at ``spot``: each average in it is taken given that.

    ``known`` are the facts under which ``step`` was shown, ``facts`` those of ``line``.

    Raises
    ------
    Refused
        The step is about something else or no equation, or what is known is hidden at that place.
    """
    if not known.known or step.known != known.known or step.relation != "=":
        raise Refused("no equation between averages that are taken given it")
    before, after = taken_given(step.before, known.known), taken_given(step.after, known.known)
    if before != spot.get(line):
        raise Refused("the step is about something else")
    around = {b for b in _bound(line, spot) if b in free(before) | free(after)}
    if around or facts.at(line, spot.path).known:
        raise Refused("something else is known at this place")
    shown(line, spot, facts)
    why = because(known)
    return replace(within(_lifted(step, known, why), line, spot), known=facts.known)


def because(known: Facts) -> Condition:
    """That averages are taken given something, with what this means for all that stands in them."""
    names = listed([known.tex(y) for y in known.known])
    fixed = f"given {names}, {names} {'is' if len(known.known) == 1 else 'are'} fixed"
    why = known.keeps.because or "it is known there"
    return Condition(f"{fixed}, and {known.kept}" if known.kept else fixed, "holds", why, known.keeps.facts)


def taken_given(t: Term, known: tuple[Term, ...]) -> Term:
    """``t`` with every average in it taken given ``known``.

    Raises
    ------
    Refused
        A name in ``known`` is bound around an average, or one is taken given something already.
    """
    if not known:
        return t
    if t.head == "Given":
        raise Refused("an average that is taken given something stands in one that is")
    if t.head in ("Num", "Sym") or not any(u.head in CHANCE or u.head == "Dist" for u in subterms(t)):
        return t
    if t.head == "Dist":
        return call("Dist", call("Given", taken_given(t.args[0], known), *known), t.args[1])
    if t.head in CHANCE:
        return call(t.head, *(call("Given", taken_given(a, known), *known) for a in t.args))
    if t.is_binder and any(t.var in free(y) for y in known):
        raise Refused("a name of what is known is bound here")
    return Term(t.head, tuple(taken_given(a, known) for a in t.args))


def _lifted(step: Step, known: Facts, why: Condition) -> Step:
    """The step, and the steps of its conditions, with every average taken given what is known."""
    y = known.known
    conditions = tuple(
        replace(c, steps=tuple(_lifted(s, known, why) for s in c.steps)) if c.steps else c for c in step.conditions)  # fmt: skip
    about = ("." in step.rule or step.rule == "given") and any(u.head in CHANCE or u.head == "Dist" for t in (step.before, step.after) for u in subterms(t))
    about = about and not _below(step.context)
    return Step(
        step.relation, taken_given(step.before, y), taken_given(step.after, y), step.rule, step.direction, step.bindings, None, step.why,
        (why, *conditions) if about else conditions, step.checked, tuple(_lifted(s, known, why) for s in step.steps),
        step.id, step.part, (), y, _SEAL,
    )  # fmt: skip


def _below(context: Term | None) -> bool:
    """Whether a rule is used inside an average, and so is not about it."""
    return context is not None and any(u.head in CHANCE and HOLE in free(u) for u in subterms(context))


def _bound(line: Term, spot: Spot) -> list[Term]:
    out, t = [], line
    for i in spot.path:
        if t.is_binder and i == 1:
            out.append(t.var)
        t = t.args[i]
    return out


__all__ = ["because", "given", "taken_given"]
