"""A law for every random entry: the one given, or one with the moments given and no other grace.

A thing known by its moments alone gets a lopsided law on a few values: an identity that holds for normal laws only shows.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from derive.referee.evaluate import Evaluator
from derive.referee.laws import CONTINUOUS, DISCRETE, FINE, Law, Need, nodes, points
from derive.referee.members import Members
from derive.referee.said import Index, Said
from derive.referee.weights import check, weighted
from derive.referee.whole import cross, moments, standard
from derive.referee.world import Frame, Undefined
from derive.terms import Term, at

Array = Any


class Choosing(Members):
    """Laws for the entries of a `Reading`, and for its members that are drawn as wholes."""

    def whole_law(self, name: str, index: Index, order: int) -> tuple[Law, Array]:
        """The law of which point a member is, and the points (m, entries of a member)."""
        inner = self.sizes[name][len(index) :]
        n = prod(inner)
        symmetric = self.said[name, (*index, *(1 for _ in inner))].symmetric
        mean, root = moments(self.about(name, index), inner, order, self.variant, symmetric)
        simple = bool(self.world.memo.get("readable")) and self.variant % 2 == 0
        z, w = cross(n) if simple else standard(n, order, self.variant, symmetric)
        return points(np.arange(len(w)), w), mean + z @ root.T

    def entry_law(self, name: str, index: Index, order: int) -> tuple[Law, Term | None, tuple[tuple[str, int], ...]]:
        said = self.said[name, index]
        if said.law is None and said.like is not None:
            said = said.like
        if said.law is None:
            key = id(said)
            if key not in self.chosen and said.above is not None and said.above.law is None:
                low = self.chosen.setdefault(id(said.above), self.generic(said.above, order))
                x, w = nodes(low, Need(4))
                self.chosen[key] = points(x + 0.3 + 0.2 * abs(x), w)
            elif key not in self.chosen:
                named = self.named(said) if self.world.memo.get("readable") else None
                self.chosen[key] = named or self.generic(said, order)
            return self.chosen[key], None, ()
        frame = Frame(self.ev.base, dict(said.index))
        law = said.law
        if law.head == "Normal" and self._vector(law):  # an entry of a normal vector with a diagonal covariance
            from derive.terms import call, num

            k = num(index[-1])
            law = call("Normal", at(law.args[0], k), at(law.args[1], k, k))
        if law.head in CONTINUOUS or law.head in DISCRETE:
            params = [self.ev.value(a, frame) for a in law.args]
            flat = [float(v) for p in params for v in p.ravel()]
            return check(Law(law.head, tuple(flat))), law, said.index
        x, w = weighted(self.ev, law, Need(FINE, fineness=20), frame)
        return points(x[0].ravel(), w[0].ravel()), None, ()

    def mean_and_variance(self, said: Said) -> tuple[float | None, float | None] | None:
        """The mean and the variance said; None where more than these is."""
        mean: float | None = None
        variance: float | None = None
        for left, right, index in said.moments:
            frame = Frame(self.ev.base, dict(index))
            if left.head == "Var":
                variance = self.ev.number(right, frame)
            elif left.args[0].head not in ("Pow", "Abs"):
                mean = self.ev.number(right, frame)
            else:
                return None
        return mean, variance

    def named(self, said: Said) -> Law | None:
        """A law that a person knows, where no more than a mean and a variance is said: of one coin, or normal."""
        if said.nonneg or said.range or said.symmetric:
            return None
        moments = self.mean_and_variance(said)
        if moments is None:
            return None
        mean, variance = moments
        if self.variant % 3 == 0 and mean in (None, 0) and variance in (None, 1):
            return Law("Rademacher")
        if self.variant % 3 == 1 and mean in (None, 0.5) and variance in (None, 0.25):
            return Law("Bernoulli", (0.5,))
        if self.variant % 3 < 2 and variance is not None:
            s = variance**0.5
            return points([(mean or 0.0) - s, (mean or 0.0) + s], [0.5, 0.5])
        return Law("Normal", (1.0 if mean is None else mean, 1.0 if variance is None else variance)) if variance != 0 else None

    def generic(self, said: Said, order: int) -> Law:
        """A lopsided law with the moments said."""
        mean, variance, second, rest = None, None, None, []
        for left, right, index in said.moments:
            frame = Frame(self.ev.base, dict(index))
            body = left.args[0]
            power = float(body.args[1].value) if body.head == "Pow" and body.args[1].head == "Num" else 1.0
            absolute = body.head == "Abs" or (body.head == "Pow" and body.args[0].head == "Abs")
            if left.head == "Var":
                variance = self.ev.number(right, frame)
            elif power == 1 and not absolute:
                mean = self.ev.number(right, frame)
            elif power == 2:
                second = self.ev.number(right, frame)
            else:
                rest.append((power, absolute, right, self.ev.number(right, frame)))
        lo, hi = said.range or ((0.0, np.inf) if said.nonneg else (-np.inf, np.inf))
        k = order % 5
        if mean is None:
            mean = (lo + hi) / 2 if hi < np.inf else (0.9 + 0.2 * k if lo == 0 else 0.45 - 0.3 * k + 0.2 * self.variant)
        if second is not None and variance is None:
            variance = second - mean * mean
        if variance is None:
            variance = ((hi - lo) / 5) ** 2 if hi < np.inf else min(0.8 + 0.25 * k, (mean / 1.5) ** 2 if lo == 0 else 9.0)
        if said.symmetric:
            mean = 0.0
        if variance < -1e-12:
            raise Undefined("a negative variance")
        s = float(np.sqrt(max(variance, 0.0)))
        if s == 0:
            return points([mean], [1.0])
        if said.symmetric and not rest:
            return points([-1.6 * s, -0.4 * s, 0.4 * s, 1.6 * s], [w / 2 for w in (0.35, 0.65, 0.65, 0.35)])
        if not rest:
            shape = np.array((-1.0 + 0.06 * k, 0.3 - 0.05 * k, 1.9 + 0.15 * k))
            if (k + self.variant) % 2 and lo == -np.inf:
                shape = -shape[::-1]
            x = mean + s * shape
            if x[0] < lo or x[-1] > hi:
                x = np.array([max(lo, mean - s), mean, min(hi, mean + 3 * s)])
                if x[0] >= mean or x[2] <= mean:
                    raise Undefined("no law has these moments")
            w = np.linalg.solve(np.vander((x - mean) / s, increasing=True).T, [1.0, 0.0, 1.0])
            if (w > -1e-12).all():
                return points(x, np.maximum(w, 0))
            rest = []
        x = mean + s * np.linspace(-4, 4, 33)
        if lo > -np.inf:
            x = lo + np.linspace(0, min(hi - lo, mean - lo + 5 * s), 33)
        known = [r for r in rest if not self._name_of(r[2])]
        rows = [np.ones_like(x), (x - mean) / s, ((x - mean) / s) ** 2]
        wanted = [1.0, 0.0, 1.0]
        for power, absolute, _, value in known:
            rows.append((abs(x) if absolute else x) ** power)
            wanted.append(value)
        w = nonnegative(np.array(rows), np.array(wanted))
        law = points(x[w > 0], w[w > 0])
        for power, absolute, right, _ in rest:
            if self._name_of(right):  # a name for a moment: it is what it is
                z = abs(x) if absolute else x
                self.world.values[right.name] = np.array(float(w @ z**power))
                self.ev = Evaluator(self.world)
        return law

    def _name_of(self, t: Term) -> bool:
        return t.head == "Sym" and t.name in self.world.values and t.name not in self.world.sizes


def nonnegative(a: Array, b: Array) -> Array:
    """Weights at least 0 with ``a w = b`` (Lawson and Hanson); none: no law has these moments."""
    scale = np.maximum(abs(a).max(axis=1), 1e-12)
    a, b = a / scale[:, None], b / scale
    m = a.shape[1]
    x, passive = np.zeros(m), np.zeros(m, bool)
    for _ in range(6 * m):
        gradient = a.T @ (b - a @ x)
        gradient[passive] = -np.inf
        if gradient.max() <= 1e-13:
            break
        passive[int(np.argmax(gradient))] = True
        while True:
            s = np.zeros(m)
            s[passive] = np.linalg.lstsq(a[:, passive], b, rcond=None)[0]
            if (s[passive] > 0).all():
                break
            bad = passive & (s <= 0)
            step = min(float(x[k] / (x[k] - s[k])) for k in np.flatnonzero(bad))
            x = x + step * (s - x)
            passive &= x > 1e-14
        x = s
    if abs(a @ x - b).max() > 1e-10:
        raise Undefined("no law has these moments")
    return x
