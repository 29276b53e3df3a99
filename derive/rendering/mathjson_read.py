"""MathJSON back to terms, with the symbols of a problem, for judging a trace that was saved."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.rendering.mathjson import HEADS, NORMS, WORDS, Json
from derive.terms import ONE, Term, add, at, binder, call, div, mul, neg, num, power, shape, sqrt, sub, sym

TERM_HEADS = {v: k for k, v in HEADS.items() if k != "BinomialLaw"}  # `Binomial` is a law only where one stands
TERM_WORDS = {v: k for k, v in WORDS.items()}
TERM_NORMS = {v: k for k, v in NORMS.items()}


class MathError(ValueError):
    """MathJSON that is not a term."""


def from_math(e: Json, symbols: Mapping[str, Term]) -> Term:
    """The term that `to_math` wrote as ``e``; ``symbols`` gives the sort of every free name.

    Raises
    ------
    MathError
        Where ``e`` is not made of the heads of a trace, or names a symbol that is not declared.
    """
    try:
        return _Reader(symbols).read(e)
    except (LookupError, TypeError, ValueError, RecursionError) as err:
        if isinstance(err, MathError):
            raise
        raise MathError(f"not mathematics: {str(e)[:60]}") from err


class _Reader:
    def __init__(self, symbols: Mapping[str, Term]) -> None:
        self.symbols = dict(symbols)

    def bind(self, var: Term) -> _Reader:
        return _Reader({**self.symbols, var.name: var})

    def read(self, e: Json) -> Term:
        if isinstance(e, bool) or e is None:
            raise MathError(f"not mathematics: {e}")
        if isinstance(e, (int, float)):
            return num(Fraction(str(e)))
        if isinstance(e, str):
            return self.word(e)
        if not (isinstance(e, list) and e and isinstance(e[0], str)):
            raise MathError(f"not mathematics: {str(e)[:60]}")
        special = getattr(self, f"_{e[0].lower()}", None)
        if special is not None:
            return special(e)
        return call(TERM_HEADS.get(e[0], e[0]), *map(self.read, e[1:]))

    def word(self, name: str) -> Term:
        if name in self.symbols:
            return self.symbols[name]
        if name in TERM_WORDS:
            return Term(TERM_WORDS[name], ())
        if name.startswith("'"):
            return call("Text", sym(name.strip("'")))
        raise MathError(f"unknown symbol {name}")

    def _law(self, e: Json) -> Term:
        p = self.symbols[e[1]]
        if p.sort.takes is None:
            return p
        return call("Apply", p, self.symbols[p.name.rpartition("_")[2]])

    def distribution(self, e: Json) -> Term:
        t = self._law(["Law", e]) if isinstance(e, str) else self.read(e)
        return Term("BinomialLaw", t.args) if t.head == "Binomial" else t

    def _distributed(self, e: Json) -> Term:
        return call("Dist", self.read(e[1]), self.distribution(e[2]))

    def _kullbackleibler(self, e: Json) -> Term:
        return call("KL", *map(self.distribution, e[1:]))

    def _entropy(self, e: Json) -> Term:
        return call("Entropy", *map(self.distribution, e[1:]))

    def _density(self, e: Json) -> Term:
        law = self.distribution(e[1])
        return call("Density", law, *map(self.read, e[2:]))

    # Arithmetic
    def _add(self, e: Json) -> Term:
        return add(*map(self.read, e[1:]))

    def _multiply(self, e: Json) -> Term:
        return mul(*map(self.read, e[1:]))

    def _subtract(self, e: Json) -> Term:
        return sub(self.read(e[1]), self.read(e[2]))

    def _negate(self, e: Json) -> Term:
        return neg(self.read(e[1]))

    def _divide(self, e: Json) -> Term:
        return div(self.read(e[1]), self.read(e[2]))

    def _sqrt(self, e: Json) -> Term:
        return sqrt(self.read(e[1]))

    def _root(self, e: Json) -> Term:
        return power(self.read(e[1]), div(ONE, self.read(e[2])))

    # Arrays
    def _at(self, e: Json) -> Term:
        return at(*map(self.read, e[1:]))

    def _norm(self, e: Json) -> Term:
        return call(TERM_NORMS[e[2] if len(e) > 2 else None], self.read(e[1]))

    def _quantity(self, e: Json) -> Term:
        return call("Unit", self.read(e[1]), sym(e[2]))

    # Binders
    def _limits(self, head: str, e: Json) -> Term:
        _, name, lo, hi = e[2]
        out = [self.read(x[2]) for x in e[3:]]
        var = sym(name)
        return binder(head, var, self.bind(var).read(e[1]), self.read(lo), self.read(hi), *out)

    def _sum(self, e: Json) -> Term:
        return self._limits("Sum", e)

    def _product(self, e: Json) -> Term:
        return self._limits("Prod", e)

    def _matrixproduct(self, e: Json) -> Term:
        return self._limits("MatProd", e)

    def _integrate(self, e: Json) -> Term:
        if e[2][0] == "Limits":
            return self._limits("Integral", e)
        var = self.element(e[2])
        return binder("Integral", var, self.bind(var).read(e[1]))

    def element(self, e: Json) -> Term:
        """The symbol that ``["Element", x, space]`` binds."""
        name, space = e[1], e[2]
        return sym(name, tuple(map(self.read, space[1:])) if isinstance(space, list) else ())

    def over(self, head: str, plain: str, e: Json) -> Term:
        if len(e) == 2:
            return call(plain, self.read(e[1]))
        law = self.distribution(e[2][2])
        var = sym(e[2][1], value_shape(law))
        return binder(head, var, self.bind(var).read(e[1]), law)

    def _expectation(self, e: Json) -> Term:
        return self.over("ExpectOver", "Expect", e)

    def _probability(self, e: Json) -> Term:
        return self.over("ProbOver", "Prob", e)

    def derivative(self, e: Json, point: Json | None = None) -> Term:
        head, at_point = TERM_HEADS[e[0]], None if point is None else self.read(point)
        known = self.symbols.get(e[2])
        if at_point is not None and (known is None or known.sort.shape != shape(at_point)):
            known = sym(e[2], shape(at_point))
        var = known if known is not None else self.word(e[2])
        return binder(head, var, self.bind(var).read(e[1]), var if at_point is None else at_point)

    _gradient = _jacobian = _hessian = _d = derivative

    def _evaluateat(self, e: Json) -> Term:
        return self.derivative(e[1], e[3])

    def bound(self, head: str, e: Json) -> Term:
        var = self.element(e[2])
        inner = self.bind(var)
        body = inner.read(e[1])
        return binder(head, var, call("Where", body, inner.read(e[3])) if len(e) > 3 else body)

    def _supremum(self, e: Json) -> Term:
        return self.bound("Sup", e)

    def _infimum(self, e: Json) -> Term:
        return self.bound("Inf", e)

    def _function(self, e: Json) -> Term:
        var = self.symbols.get(e[2], sym(e[2]))
        return binder("Lambda", var, self.bind(var).read(e[1]))

    def _forall(self, e: Json) -> Term:
        var = self.element(e[1]) if isinstance(e[1], list) else sym(e[1])
        return binder("ForAll", var, self.bind(var).read(e[2]))


def value_shape(law: Term) -> tuple[Term, ...]:
    """The shape of what has this law."""
    if law.head == "Normal":
        mean, covariance = law.args
        return shape(mean) or shape(covariance)[:1]
    if law.head == "Sym":
        return law.sort.takes[-1] if law.sort.takes else law.sort.shape
    return ()
