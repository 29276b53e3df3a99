"""Instances that a person is shown: where a claim breaks, in small whole numbers where they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from derive.referee.evaluate import Evaluator
from derive.referee.world import BeyondReach, Frame
from derive.terms import Term, call

if TYPE_CHECKING:
    from derive.referee.judge import Verdict
    from derive.referee.setting import Setting

Array = Any


def plain(v: Any) -> Any:
    """A value as numbers and nested lists, whole numbers as such; an array of one entry as that entry."""
    import numpy as np

    a = np.asarray(v, float)
    if a.size == 1:
        x = float(a.ravel()[0])
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
                return f"moment {gap[0]}", plain(gap[1]), plain(gap[2])
        if claim.head in ("Independent", "Uncorrelated") and len(claim.args) == 2:
            a, b = claim.args
            joint = call("Expect", call("Mul", a, b))
            apart = call("Mul", call("Expect", a), call("Expect", b))
            return "product", plain(ev.value(joint, frame)), plain(ev.value(apart, frame))
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
        v: Verdict = judge_claim(claim, cast("Setting", _Readable(setting)) if readable else setting)
        if v.agrees is False:
            return {"where": v.instance, "left": v.left, "right": v.right, "quantity": v.quantity}
    return None


class _Readable:
    """The same setting in worlds of small whole numbers, random things among them where a claim is about each draw."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.givens = setting.givens

    def worlds(self) -> Any:
        from derive.referee.worlds import worlds

        s = self.setting
        return worlds(s.symbols, s.givens, s.definitions, readable=True, variants=(0, 2))
