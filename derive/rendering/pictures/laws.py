"""How random things are drawn for a simulation: from the law that is given, or from one with the moments that are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.referee.world import BeyondReach, Undefined
from derive.terms import ONE, Term, free, num

if TYPE_CHECKING:
    from derive.referee.evaluate import Evaluator

Array = Any
Parameters = tuple[float, ...]

_DRAW: dict[str, Callable[[Any, Parameters, tuple[int, ...]], Array]] = {
    "Normal": lambda g, p, n: p[0] + p[1] ** 0.5 * g.standard_normal(n),
    "Uniform": lambda g, p, n: g.uniform(p[0], p[1], n),
    "Rademacher": lambda g, p, n: 2.0 * g.integers(0, 2, n) - 1,
    "Bernoulli": lambda g, p, n: (g.random(n) < p[0]).astype(float),
    "BinomialLaw": lambda g, p, n: g.binomial(round(p[0]), p[1], n).astype(float),
    "Geometric": lambda g, p, n: g.geometric(p[0], n).astype(float),
    "Exponential": lambda g, p, n: g.exponential(1 / p[0], n),
    "Laplace": lambda g, p, n: g.laplace(p[0], p[1], n),
    "Poisson": lambda g, p, n: g.poisson(p[0], n).astype(float),
    "GammaLaw": lambda g, p, n: g.gamma(p[0], p[1], n),
    "BetaLaw": lambda g, p, n: g.beta(p[0], p[1], n),
    "ChiSquared": lambda g, p, n: g.chisquare(p[0], n),
}


@dataclass(frozen=True)
class Law:
    """A law's head and parameters; or, with ``moments``, mean, variance and fourth moment of a law that is not given."""

    head: str
    args: tuple[Term, ...] = ()
    vector: bool = False  # of a whole vector, not of each entry

    def draw(self, ev: Evaluator, generator: Any, n: tuple[int, ...]) -> Array:
        """Draws of the shape ``n``.

        Raises
        ------
        BeyondReach
            The parameters depend on something random, or no such law is known here.
        """
        if self.vector:
            return self._vector(ev, generator, n)
        p = tuple(ev.number(a) for a in self.args)
        if self.head == "Moments":
            return _with_moments(generator, p, n)
        if self.head not in _DRAW:
            raise BeyondReach("a law that is not drawn here")
        try:
            return _DRAW[self.head](generator, p, n)
        except (ValueError, ZeroDivisionError):
            raise Undefined("a law with parameters that it cannot have") from None

    def _vector(self, ev: Evaluator, generator: Any, n: tuple[int, ...]) -> Array:
        import numpy as np

        from derive.referee.weights import root

        if self.head != "Normal" or len(n) != 2:
            raise BeyondReach("a law that is not drawn here")
        mean, cov = ev.value(self.args[0]), ev.value(self.args[1])
        if mean.ndim == 1:
            mean = np.repeat(mean[:, None], n[1], axis=1)
        if cov.ndim == 1:
            cov = cov[:, None, None] * np.eye(n[1])
        return mean + generator.standard_normal(n) @ root(cov)[0].T


def _with_moments(generator: Any, p: Parameters, n: tuple[int, ...]) -> Array:
    """A normal law of this mean and variance; with a fourth moment, a symmetric one on three values."""
    m, v = p[:2]
    if v < 0:
        raise Undefined("a negative variance")
    if len(p) == 2:
        return m + v**0.5 * generator.standard_normal(n)
    if m != 0 or v <= 0 or p[2] < v * v:
        raise BeyondReach("a law that is not drawn here")
    far, share = (p[2] / v) ** 0.5, v * v / p[2]
    u = generator.random(n)
    return far * ((u < share / 2).astype(float) - (u > 1 - share / 2))


def law_of(symbol: Term, givens: tuple[Term, ...]) -> Law:
    """The law of a random symbol, of each entry where it is an array."""
    moments: dict[str, Term] = {}
    for g in givens:
        body, bound = _body(g)
        if body.head == "Dist" and _of(body.args[0], symbol, bound):
            law = body.args[1]
            if any(f.name in bound for f in free(law)):
                raise BeyondReach("a law for each entry of its own")
            whole = body.args[0] == symbol and bool(symbol.sort.shape)
            return Law(law.head, law.args, whole and law.head == "Normal" and _is_array(law.args[0], law.args[1]))
        if body.head == "Eq":
            kind = _moment(body.args[0], symbol, bound)
            if kind:
                moments[kind] = body.args[1]
    mean, variance = moments.get("mean", num(0)), moments.get("variance")
    if variance is None:
        second = moments.get("second")
        variance = ONE if second is None else second
        if second is not None and mean != num(0):
            raise BeyondReach("a law that is not drawn here")
    fourth = moments.get("fourth")
    return Law("Moments", (mean, variance) if fourth is None else (mean, variance, fourth))


def understood(g: Term, drawn: set[str]) -> bool:
    """Whether drawing everything independently, entry by entry, from its law satisfies a given about what is drawn."""
    body, bound = _body(g)
    if body.head in ("Iid", "IidMembers", "IndependentEntries", "Independent", "PairwiseIndependent", "Uncorrelated"):
        return all(x.head in ("Sym", "Group", "At") for x in body.args)
    if body.head == "Dist":
        return any(_of(body.args[0], s, bound) for s in _symbols(body.args[0]))
    if body.head == "Eq":
        return any(_moment(body.args[0], s, bound) for s in _symbols(body.args[0]) if s.name in drawn)
    return False


def _symbols(t: Term) -> list[Term]:
    from derive.terms import subterms

    return [s for s in subterms(t) if s.head == "Sym"]


def _body(g: Term) -> tuple[Term, frozenset[str]]:
    bound = []
    while g.head == "ForAll":
        bound.append(g.var.name)
        g = g.body
    return g, frozenset(bound)


def _of(t: Term, symbol: Term, bound: frozenset[str]) -> bool:
    """Whether ``t`` is the symbol, or an arbitrary entry of it."""
    if t == symbol:
        return True
    return t.head == "At" and t.args[0] == symbol and all(
        (i.head == "Sym" and i.name in bound) or (i.head == "Num" and i.value == 1) for i in t.args[1:]
    )


def _moment(t: Term, symbol: Term, bound: frozenset[str]) -> str:
    if t.head == "Var" and _of(t.args[0], symbol, bound):
        return "variance"
    if t.head != "Expect":
        return ""
    x = t.args[0]
    if _of(x, symbol, bound):
        return "mean"
    if x.head == "Pow" and x.args[1].head == "Num" and _of(x.args[0], symbol, bound):
        return {2: "second", 4: "fourth"}.get(x.args[1].value, "")
    return ""


def _is_array(*terms: Term) -> bool:
    from derive.terms import ShapeError, shape

    try:
        return any(shape(t) for t in terms)
    except ShapeError:
        return False
