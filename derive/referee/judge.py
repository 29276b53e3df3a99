"""Whether a line holds, by evaluating both of its sides in every world of its setting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

import numpy as np

from derive.referee.evaluate import Evaluator
from derive.referee.setting import NO_PLAN, Setting, choices, evaluator, plan_for, sampled
from derive.referee.truth import close, everywhere, sides, truth
from derive.referee.world import BeyondReach, Frame, Undefined, World
from derive.terms import Term, call, subterms
from derive.terms.walk import heads, mask

Array = Any
GROWTH = frozenset({"~", "Theta", "O", "Omega"})
LOGIC = frozenset({"iff", "implies"})
HEADS = {"=": "Eq", "!=": "Ne", "<=": "Le", ">=": "Ge", "<": "Lt", ">": "Gt"}
UNSEEN = frozenset({"Differentiable", "Exchange", "FiniteMeanOnly", "InfiniteVariance", "Domain", "Mass", "IidMembers",
                    "IndependentEntries"})  # fmt: skip
ENOUGH, PLENTY = 1_000_000, 20_000_000  # numbers worked out for a line in one world, after which two choices of its indices do, or one
RELATIONS = {h: r for r, h in HEADS.items()}


@dataclass(frozen=True)
class Verdict:
    """What evaluating showed.

    agrees : True in every case evaluated; False: ``instance`` satisfies everything given and breaks the line; None: no case could
        be evaluated closely enough, and ``because`` says why.
    how : the means (``exact moments``, ``numbers``, ``quadrature``, ``sampled functions``, ``differences``, ``leading order``).
    """

    agrees: bool | None
    how: str
    cases: int = 0
    because: str = ""
    instance: dict[str, Any] = field(default_factory=dict)
    left: Any = None
    right: Any = None
    quantity: str = ""


def judge(
    relation: str,
    before: Term,
    after: Term,
    setting: Setting,
    *,
    free: Iterable[Term] = (),
    assuming: Iterable[Term] = (),
) -> Verdict:
    """Whether ``before relation after`` in the worlds of ``setting``.

    Parameters
    ----------
    relation : ``= != <= >= < > iff implies ~ Theta O Omega``.
    free : symbols that stand for anything of their sort (found by themselves where the setting does not declare them).
    assuming : what may be taken as given of the free symbols (``Ne(i, j)``), besides the setting's givens.
    """
    assuming = tuple(assuming)
    classes = {"Theta": "Theta", "BigO": "O", "BigOmega": "Omega"}
    if after.head in classes:
        relation, after = classes[after.head], after.args[0]
    if before.head in classes:  # a class written otherwise
        before = before.args[0]
    if relation in GROWTH:
        from derive.referee.growth import judge_growth

        return judge_growth(relation, before, after, setting, tuple(free))
    if relation in LOGIC and grows(before) and grows(after):
        from derive.referee.scaling import judge_scaling

        return judge_scaling(relation, before, after, setting, tuple(free))
    return _anyhow(relation, before, after, setting, tuple(free), assuming)


def _anyhow(relation: str, before: Term, after: Term, setting: Setting, free: tuple[Term, ...], assuming: tuple[Term, ...]) -> Verdict:
    """With functions of other kinds where general ones have no integral or no supremum."""
    v = _Judging(relation, before, after, setting, free, assuming).verdict()
    if v.agrees is None and isinstance(setting, Setting):
        found = heads(before) | heads(after)
        kind = "direction" if found & mask("Sup", "Inf") else "decaying" if found & mask("Integral") else ""
        if kind and any(s.role == "function" for s in setting.symbols):
            w = _Judging(relation, before, after, setting.with_functions(kind), free, assuming).verdict()
            return w if w.agrees is not None else v
    return v


def judge_claim(claim: Term, setting: Setting, *, assuming: Iterable[Term] = ()) -> Verdict:
    """Whether a proposition holds in the worlds of ``setting``."""
    h = claim.head
    if h in UNSEEN:
        return Verdict(None, "not evaluated", because="this is no matter of numbers")
    if grows(claim):
        from derive.referee.growth import CLASSES, judge_growth

        return judge_growth(CLASSES[claim.args[1].head], claim.args[0], claim.args[1].args[0], setting, thorough=True)
    if h in RELATIONS:
        return judge(RELATIONS[h], claim.args[0], claim.args[1], setting, assuming=assuming)
    if h == "Asym":
        return judge("~", claim.args[0], claim.args[1], setting)
    if h == "Iff":
        return judge("iff", claim.args[0], claim.args[1], setting, assuming=assuming)
    if h == "Implies" and claim.args[0].head != "Dist":
        return judge("implies", claim.args[0], claim.args[1], setting, assuming=assuming)
    if h == "And":
        parts = [judge_claim(a, setting, assuming=assuming) for a in claim.args]
        return next((v for want in (False, None) for v in parts if v.agrees is want), parts[0])
    return _anyhow("implies", call("And"), claim, setting, (), tuple(assuming))


def grows(p: Term) -> bool:
    """Whether ``p`` says how something grows: ``a = \\Theta(b)``."""
    return p.head == "Eq" and p.args[1].head in ("Theta", "BigO", "BigOmega")


class _Judging:
    """One line, in one world after another."""

    def __init__(
        self, relation: str, before: Term, after: Term, setting: Setting, free: tuple[Term, ...], assuming: tuple[Term, ...]
    ) -> None:
        self.relation, self.before, self.after = relation, before, after
        self.setting, self.free, self.assuming = setting, free, assuming
        self.terms = tuple(t for t in (before, after) if t != call("And"))
        self.stated = (*self.terms, *self.assuming)
        found = 0
        for t in self.terms:
            found |= heads(t)
        self.how, self.tolerance = _how(found), _tolerance(found, self.terms)
        self.cases = 0
        self.why = ""

    def verdict(self) -> Verdict:
        with np.errstate(all="ignore"):
            for world in self.worlds():
                try:
                    found = self.in_world(world)
                except BeyondReach as reason:
                    self.why = self.why if self.why and isinstance(reason, Undefined) else reason.reason
                    continue
                if found is not None:
                    return found
        if self.cases:
            return Verdict(True, self.how, self.cases)
        return Verdict(None, "not evaluated", because=self.why or "no small world satisfies everything given")

    def worlds(self) -> Iterator[World]:
        """Those of the setting; for closed forms, some of larger sizes too."""
        yield from self.setting.worlds()
        if self.how == "numbers" and isinstance(self.setting, Setting):
            known = {s.term.name: s for s in self.setting.symbols}
            names = {n for world in self.setting.worlds() for t in self.terms for n in world.depends(t)}
            declared = any(True for _ in self.setting.worlds())  # where nothing satisfies everything given, no world does
            if declared and names and not self.setting.whole and all(n in known and not known[n].term.sort.shape and known[n].role in ("fixed", "dimension", "defined", "unknown")
                   for n in names):  # fmt: skip
                yield from self.setting.plain()

    def averages(self, world: World) -> bool:
        """Whether anything random, or anything that may hide it, stands in the line."""
        if self.how != "numbers" or self.assuming:
            return True
        return not all(world.depends(t).isdisjoint(kind) for t in self.terms
                       for kind in (world.definitions, world.sources, world.functions, world.densities))  # fmt: skip

    def in_world(self, world: World) -> Verdict | None:
        plan = plan_for(world, self.stated) if self.averages(world) else NO_PLAN
        ev = evaluator(world, plan)
        rough = None
        if not plan.exact:
            rough = evaluator(world, plan_for(world, self.stated, 0))
            if self.how == "exact moments":
                self.how = "quadrature"
        ev.limit = ev.work + 2 * PLENTY if self.cases else inf  # what was seen in other worlds is enough where one more costs too much
        try:
            return self.over_choices(ev, rough)
        finally:
            ev.limit = inf

    def over_choices(self, ev: Evaluator, rough: Evaluator | None) -> Verdict | None:
        reason: BeyondReach | None = None
        begun = ev.work
        for n, chosen in enumerate(choices(ev, (*self.stated, *self.free))):
            if n > 1 and ev.work - begun > ENOUGH or ev.work - begun > PLENTY:
                break  # the values of indices still to come would cost far more than they could tell
            try:
                found = self.in_case(ev, rough, chosen)
            except BeyondReach as r:
                reason = r
                continue
            if found is not None:
                return found
        if reason is not None and not self.cases:
            raise reason
        return None

    def in_case(self, ev: Evaluator, rough: Evaluator | None, chosen: dict[str, Any]) -> Verdict | None:
        outer = ev.base.inside(chosen)
        if not all(everywhere(truth(ev, p, outer)) for p in self.assuming):
            return None
        frame = sampled(ev, self.terms, outer)
        if self.relation in LOGIC:
            return self.logic(ev, rough, frame, chosen)
        left, right = self._both(ev, frame)
        ok = _holds(self.relation, left, right, self.tolerance)
        if everywhere(ok):
            if rough is None or self.relation == "=" or self._settled(rough, chosen, left, right) is not None:
                self.cases += 1
            else:
                raise BeyondReach("the values are not close enough to tell")
            return None
        if rough is not None and not self._settled(rough, chosen, left, right):
            raise BeyondReach(plan_for(ev.world, self.stated).why)
        return self.refuted(ev, frame, chosen, ok, left, right)

    def _both(self, ev: Evaluator, frame: Frame) -> tuple[Array, Array]:
        left, right = sides(ev, self.before, self.after, frame)
        if left.size == 1 == right.size:
            if not isfinite(left.item() - right.item()):
                raise Undefined("a value that is not finite")
        elif not (np.isfinite(left).all() and np.isfinite(right).all()):
            raise Undefined("a value that is not finite")
        return left, right

    def _settled(self, rough: Evaluator, chosen: dict[str, Any], left: Array, right: Array) -> bool:
        """Whether the two sides differ by far more than they move when the quadrature is refined."""
        inner = rough.base.inside(chosen)
        a, b = self._both(rough, sampled(rough, self.terms, inner))
        moved = abs(a - left).max() + abs(b - right).max() if a.shape == left.shape and b.shape == right.shape else 1.0
        if moved > 0.3 * max(min(abs(left).max(), abs(right).max()), 1.0):
            return False  # one side, the smaller, is far from its limit
        return bool(abs(left - right).max() > 30 * moved + 1e-6 * max(abs(left).max(), abs(right).max()))

    def logic(self, ev: Evaluator, rough: Evaluator | None, frame: Frame, chosen: dict[str, Any]) -> Verdict | None:
        if self.before == call("And"):
            a: Array = truth(ev, self.after, frame)
            ok = a
        else:
            a, b = truth(ev, self.before, frame), truth(ev, self.after, frame)
            ok = (~a | b) if self.relation == "implies" else a == b
        if everywhere(ok):
            self.cases += 1
            return self._solutions(ev)
        if rough is not None:
            raise BeyondReach(plan_for(ev.world, self.terms).why)
        return self.refuted(ev, frame, chosen, ok, None, None)

    def _solutions(self, ev: Evaluator) -> Verdict | None:
        """An equation's solution in each unknown must solve the other side too."""
        from derive.referee.solutions import mismatch

        found = mismatch(ev, (*self.setting.givens, *self.assuming), self.relation, self.before, self.after)
        if found is None:
            return None
        where, left, right = found
        return Verdict(False, self.how, self.cases + 1, "a solution of one side does not solve the other", where, left, right)

    def refuted(self, ev: Evaluator, frame: Frame, chosen: dict[str, Any], ok: Array, left: Array, right: Array) -> Verdict:
        from derive.referee.instances import describe, plain, quantity

        ev.limit = inf
        k = int(np.argmin(ok)) if len(ok) > 1 else 0
        where = describe(ev, frame, self.terms, k)
        if left is None:
            name, left_value, right_value = quantity(ev, self.before, self.after, frame)
            return Verdict(False, self.how, self.cases + 1, "the claim fails there", where, left_value, right_value, name)
        pick = [plain(v[k if len(v) > 1 else 0]) for v in (left, right)]
        return Verdict(False, self.how, self.cases + 1, "the two sides differ", where, pick[0], pick[1])


def _holds(relation: str, left: Array, right: Array, tolerance: float) -> Array:
    """One truth value for each case."""
    near = close(left, right, tolerance)
    entry = near if relation == "=" else _ENTRY[relation](near, left, right)
    if entry.ndim == 1:
        return entry
    flat = entry.reshape(len(entry), -1)
    return flat.any(axis=1) if relation == "!=" else flat.all(axis=1)


_ENTRY: dict[str, Callable[[Array, Array, Array], Array]] = {
    "!=": lambda near, x, y: ~near, "<=": lambda near, x, y: near | (x < y), ">=": lambda near, x, y: near | (x > y),
    "<": lambda near, x, y: ~near & (x < y), ">": lambda near, x, y: ~near & (x > y),
}  # fmt: skip
DERIVATIVES = frozenset({"Grad", "Jac", "Deriv", "Hess"})
DERIVED, SAMPLED = mask(*DERIVATIVES), mask("Apply", "Density")
AVERAGED = mask("Expect", "Var", "Cov", "Prob", "ExpectOver", "ProbOver", "Dist")
ROUGHER = DERIVED | SAMPLED | mask("Integral", "Geometric", "Poisson")


def _how(found: int) -> str:
    if found & SAMPLED:
        return "sampled functions"
    if found & mask("Integral"):
        return "quadrature"
    if found & DERIVED:
        return "differences"
    return "exact moments" if found & AVERAGED else "numbers"


def _tolerance(found: int, terms: tuple[Term, ...]) -> float:
    if found & mask("Hess") or (found & DERIVED and sum(s.head in DERIVATIVES for t in terms for s in subterms(t)) > 2):
        return 1e-6
    return 1e-7 if found & ROUGHER else 1e-9


__all__ = ["Verdict", "judge", "judge_claim", "Setting"]
