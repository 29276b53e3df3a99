"""Instances that a person is shown: where a claim breaks, in small whole numbers where they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from derive.referee.evaluate import Evaluator
from derive.referee.laws import Need, nodes
from derive.referee.world import BeyondReach, Frame, World
from derive.terms import Term, call, expect, free, mul, neg, num, power, sym

if TYPE_CHECKING:
    from derive.referee.setting import Setting

Array = Any
MOMENTS = ("mean", "second moment", "third moment", "fourth moment", "fifth moment", "sixth moment")


def plain(v: Any) -> Any:
    """A value as numbers and nested lists, whole numbers as such; an array of one entry as that entry."""
    a = np.asarray(v, float)
    if a.size == 1:
        x = float(a.ravel()[0])
        if not np.isfinite(x):
            return x
        return int(round(x)) if abs(x - round(x)) < 1e-12 * max(1, abs(x)) and abs(x) < 1e15 else float(f"{x:.6g}")
    return [plain(x) for x in a]


def describe(ev: Evaluator, frame: Frame, terms: tuple[Term, ...], case: int) -> dict[str, Any]:
    """The values of the names that ``terms`` depend on, in one case."""
    out: dict[str, Any] = {}
    names = frozenset().union(*(ev.world.depends(t) for t in terms))
    for name in ev.world.sizes:
        if name in names:
            out[name] = int(ev.world.values[name])
    for name in sorted(names):
        found = frame.lookup(name)
        if found is not None:
            v, where = found
            if isinstance(v, int):
                out[name] = v
            elif len(v) == 1:
                out[name] = plain(v[0])
            else:
                out[name] = plain(v[case // (frame.batch // where.batch)])
        elif name in ev.world.values and name not in out:
            out[name] = plain(ev.world.values[name])
        elif name in ev.world.functions:
            out[name] = ev.world.functions[name].words
    for name, law in chosen_laws(ev.world, terms).items():
        out.setdefault(name, law)
    return out


def chosen_laws(world: World, terms: tuple[Term, ...]) -> dict[str, Any]:
    """The laws chosen here for random names that the document gives none: as terms, or (value, weight) pairs.

    One that always takes the value of an earlier one is that one's name.
    """
    seen: dict[Any, str] = {}
    out: dict[str, Any] = {}
    shown = world.memo.get("shown", {})
    for name in _mentioned(world, terms):
        s = world.sources.get(name)
        if s is None or s.mean is not None or not s.entries:
            continue
        if s.points is not None:
            if (s.points == s.points[0]).all():  # one law, of every member
                weights = nodes(world.atoms[s.entries[0][0]].laws[s.entries[0][1]], Need())[1]
                out[name] = [[plain(x), plain(w)] for x, w in zip(s.points[0], weights, strict=True)]
            continue
        if name in shown:
            out[name] = shown[name]
            continue
        a, place = s.entries[0]
        atom = world.atoms[a]
        if len(atom.terms) == 1 and atom.terms[0][0] is not None or atom.table is not None or name in world.memo["lawful"]:
            continue
        law = atom.laws[place]
        if atom.mixture[0] == 1 and (a, law) in seen:
            out[name] = sym(seen[a, law])
            continue
        seen.setdefault((a, law), name)
        if law.kind == "Points":
            n = len(law.params) // 2
            out[name] = [[plain(x), plain(w)] for x, w in zip(law.params[:n], law.params[n:], strict=True)]
        else:
            out[name] = call(law.kind, *(num(str(p)) for p in law.params))
    return out


def _mentioned(world: World, terms: tuple[Term, ...]) -> list[str]:
    """The names in ``terms``, through definitions, in order."""
    out: list[str] = []
    todo = [s for t in terms for s in sorted(free(t), key=lambda s: s.name)]
    while todo:
        s = todo.pop(0)
        if s.name not in out:
            out.append(s.name)
            d = world.definitions.get(s.name)
            todo += sorted(free(d.body), key=lambda s: s.name) if d is not None else []
    return out


def quantity(ev: Evaluator, before: Term, after: Term, frame: Frame) -> tuple[str, Any, Any]:
    """What differs where a proposition fails: (its words, left, right)."""
    claim = after if before == call("And") else before
    while claim.head in ("ForAll", "Implies") and claim.head != "Dist":
        claim = claim.body if claim.head == "ForAll" else claim.args[1]
    try:
        if claim.head == "Dist":
            from derive.referee.truth import law_gaps

            gap = next((g for g in law_gaps(ev, claim, frame) if g is not None), None)
            if gap is not None:
                return MOMENTS[gap[0] - 1], plain(gap[1]), plain(gap[2])
        if claim.head in ("Independent", "Uncorrelated") and len(claim.args) == 2:
            for j, k in ((1, 1), (1, 2), (2, 1), (2, 2), (3, 3)):
                a, b = (power(x, n) if n > 1 else x for x, n in zip(claim.args, (j, k), strict=True))
                left, right = ev.value(expect(mul(a, b)), frame), ev.value(mul(expect(a), expect(b)), frame)
                if left.size == 1 and abs(left - right).max() > 1e-9:
                    return f"mean of the product of powers {j} and {k}, and product of their means", plain(left), plain(right)
    except BeyondReach:
        pass
    return "", None, None


def find_counterexample(claim: Term, setting: Setting) -> dict[str, Any] | None:
    """An instance that satisfies everything given and breaks ``claim``, readable values first; None: none found.

    The keys are ``where``, ``left``, ``right`` and ``quantity``, as in a trace's evidence.
    """
    from derive.referee.judge import judge_claim

    if claim.head == "And":
        return next((e for a in claim.args if (e := find_counterexample(a, setting))), None)
    for readable in (True, False):
        v = judge_claim(claim, setting.readable() if readable else setting)
        if v.agrees is False:
            return {"where": v.instance, "left": v.left, "right": v.right, "quantity": v.quantity}
    for g in degenerate(claim, setting):
        v = judge_claim(claim, replace(setting.readable(), givens=(*setting.givens, g), _worlds=[], _source=None, _ended=False, _plain=None, _kinds={}))
        if v.agrees is False:
            return {"where": v.instance, "left": v.left, "right": v.right, "quantity": v.quantity}
    world = next(setting.worlds(), None)
    if world is not None and len(world.sizes) > 2 and not any(s.role == "random" for s in setting.symbols):  # more ways for sizes to differ
        v = judge_claim(claim, replace(setting.readable(), most=4 * len(world.sizes), _worlds=[], _source=None, _ended=False, _plain=None, _kinds={}))
        if v.agrees is False:
            return {"where": v.instance, "left": v.left, "right": v.right, "quantity": v.quantity}
    return None


def degenerate(claim: Term, setting: Setting) -> Iterator[Term]:
    """Values that nobody draws by chance: what is fixed in the claim is 0, has equal entries, or turns round what it meets;
    and functions that do not leave 0 where it is, as those that come to mind do."""
    world = next(setting.worlds(), None)
    names = world.depends(claim) if world is not None else frozenset()
    for f in (s.term for s in setting.symbols):
        if f.name in names and f.sort.takes == ((),) and not f.sort.shape:
            yield call("Ne", call("Apply", f, num(0)), num(0))
    fixed = [s.term for s in setting.symbols if s.role == "fixed" and s.term.name in names and s.term.sort.takes is None]
    for s in fixed:
        yield call("Eq", s, call("Zeros", *s.sort.shape) if s.sort.shape else num(0))
    for s in fixed:
        if len(s.sort.shape) == 1:
            yield call("Eq", s, call("Ones", *s.sort.shape))
    for s in fixed:
        if len(s.sort.shape) == 2 and s.sort.shape[0] == s.sort.shape[1]:
            yield call("Eq", s, neg(call("Identity", s.sort.shape[0])))
    for s, t in permutations(fixed, 2):
        if s.sort.shape == t.sort.shape:
            yield call("Eq", s, neg(t))
