"""Terms as MathJSON (the mathematics of a JSON trace), and back.

Reading gives back a term with the same key: quotients and differences are written only where
reading them rebuilds the same powers and signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from derive.terms import HALF, MINUS_ONE, ONE, Term, free, mul, num, subst

Json = Any  # numbers, strings and lists of them

HEADS = {
    "Mul": "Multiply", "Pow": "Power", "MatMul": "MatrixMultiply", "Det": "Determinant", "Expect": "Expectation",
    "Var": "Variance", "Cov": "Covariance", "Prob": "Probability", "KL": "KullbackLeibler", "Prod": "Product",
    "GammaLaw": "GammaDistribution", "BetaLaw": "BetaDistribution", "BinomialLaw": "Binomial", "Eq": "Equal", "Ne": "NotEqual", "Lt": "Less",
    "Le": "LessEqual", "Gt": "Greater", "Ge": "GreaterEqual", "Asym": "Asymptotic", "Dist": "Distributed",
    "In": "Element", "Iff": "Equivalent", "Unit": "Quantity", "MatProd": "MatrixProduct", "Grad": "Gradient",
    "Jac": "Jacobian", "Hess": "Hessian", "Deriv": "D", "Sup": "Supremum", "Inf": "Infimum", "Integral": "Integrate",
    "IndexRange": "Range",
}  # fmt: skip
WORDS = {
    "Pi": "Pi", "E": "ExponentialE", "Infinity": "PositiveInfinity", "True": "True", "False": "False",
    "Naturals": "PositiveIntegers", "Integers": "Integers", "Reals": "RealNumbers",
}  # fmt: skip
NORMS: dict[str, Json] = {
    "Norm": None, "Norm1": 1, "NormInf": "Infinity", "Spectral": "Spectral", "Frobenius": "Frobenius",
    "InducedRMS": "RMSToRMS",
}  # fmt: skip
DERIVATIVES = frozenset({"Grad", "Jac", "Hess", "Deriv"})


def to_math(t: Term, families: Iterable[str] = ()) -> Json:
    """``t`` as MathJSON. ``families`` names the symbols declared as $X_1, \\ldots, X_n$."""
    return _Writer(frozenset(families)).write(t)


def declared_law(t: Term) -> str:
    """The name of a declared density, if ``t`` is one at its own parameter: ``p_\\theta``."""
    if t.head == "Sym":
        return t.name
    if t.head == "Apply" and len(t.args) == 2 and t.args[1].head == "Sym" and t.args[0].name.endswith(f"_{t.args[1].name}"):
        return t.args[0].name
    return ""


class _Writer:
    def __init__(self, families: frozenset[str]) -> None:
        self.families = families

    def write(self, t: Term) -> Json:
        h = t.head
        if h == "Num":
            return _number(t)
        if h == "Sym":
            return t.name
        if h in WORDS and not t.args:
            return WORDS[h]
        special: Callable[[Term], Json] | None = getattr(self, f"_{h.lower()}", None)
        if special is not None:
            return special(t)
        if h in NORMS:
            kind = NORMS[h]
            return ["Norm", self.write(t.args[0]), *([] if kind is None else [kind])]
        if h in DERIVATIVES:
            return self._derivative(t)
        if t.is_binder:
            return self._binder(t)
        return [HEADS.get(h, h), *map(self.write, t.args)]

    # Arithmetic
    def _add(self, t: Term) -> Json:
        if len(t.args) == 2 and (b := _negated(t.args[1])) is not None:
            return ["Subtract", self.write(t.args[0]), self.write(b)]
        return ["Add", *map(self.write, t.args)]

    def _mul(self, t: Term) -> Json:
        if t.args[0] == MINUS_ONE and len(t.args) > 1:
            return ["Negate", self.write(mul(*t.args[1:]))]
        above = [a for a in t.args if not _is_inverse(a)]
        below = [a.args[0] for a in t.args if _is_inverse(a)]
        out: Json = 1
        if above:
            parts = [self.write(a) for a in above]
            out = parts[0] if len(parts) == 1 else ["Multiply", *parts]
        for b in below:
            out = ["Divide", out, self.write(b)]
        return out

    def _pow(self, t: Term) -> Json:
        base, exponent = t.args
        if exponent == MINUS_ONE:
            return ["Divide", 1, self.write(base)]
        if exponent == HALF:
            return ["Sqrt", self.write(base)]
        return ["Power", self.write(base), self.write(exponent)]

    # Arrays
    def _at(self, t: Term) -> Json:
        array, *index = t.args
        out, where = self.write(array), [self.write(i) for i in index]
        family = array.head == "Sym" and (array.name in self.families or len(array.sort.shape) > 2)
        if family and len(where) > 1:
            return ["At", ["At", out, where[0]], *where[1:]]
        return ["At", out, *where]

    def _zeros(self, t: Term) -> Json:
        return 0

    def _unit(self, t: Term) -> Json:
        return ["Quantity", self.write(t.args[0]), t.args[1].name]

    def _text(self, t: Term) -> Json:
        return f"'{t.args[0].name}'"

    # Laws
    def law(self, t: Term) -> Json:
        name = declared_law(t)
        return ["Law", name] if name else self.write(t)

    def _dist(self, t: Term) -> Json:
        return ["Distributed", self.write(t.args[0]), self.law(t.args[1])]

    def _density(self, t: Term) -> Json:
        return ["Density", declared_law(t.args[0]) or self.write(t.args[0]), *map(self.write, t.args[1:])]

    def _kl(self, t: Term) -> Json:
        return ["KullbackLeibler", *(self.law_or_value(a) for a in t.args)]

    def _entropy(self, t: Term) -> Json:
        return ["Entropy", *(self.law_or_value(a) for a in t.args)]

    def law_or_value(self, t: Term) -> Json:
        return t.name if t.head == "Sym" else self.write(t)

    # Binders
    def _derivative(self, t: Term) -> Json:
        var, body, *rest = t.args
        point = rest[0] if rest else var
        if point.head == "Sym" and point != var and point.sort == var.sort and point not in free(body):
            var, body = point, subst(body, {var: point})
        inner = [HEADS[t.head], self.write(body), var.name]
        return inner if point == var else ["EvaluateAt", inner, var.name, self.write(point)]

    def _binder(self, t: Term) -> Json:
        h, var, body, domain = t.head, t.var, t.body, t.domain
        if h in ("Sum", "Prod", "MatProd"):
            lo, hi, *out = domain
            limits = ["Limits", var.name, self.write(lo), self.write(hi)]
            return [HEADS.get(h, h), self.write(body), limits, *(["NotEqual", var.name, self.write(x)] for x in out)]
        if h == "Integral":
            range_ = ["Limits", var.name, *map(self.write, domain)] if domain else self.element(var)
            return ["Integrate", self.write(body), range_]
        if h in ("ExpectOver", "ProbOver"):
            head = "Expectation" if h == "ExpectOver" else "Probability"
            return [head, self.write(body), ["Distributed", var.name, self.law(domain[0])]]
        if h in ("Sup", "Inf"):
            inner = list(map(self.write, body.args)) if body.head == "Where" else [self.write(body)]
            return [HEADS[h], inner[0], self.element(var), *inner[1:]]
        if h == "Lambda":
            return ["Function", self.write(body), var.name]
        return [h, self.element(var) if var.sort.shape else var.name, self.write(body)]

    def element(self, var: Term) -> Json:
        shape = var.sort.shape
        space = ["RealSpace", *map(self.write, shape)] if shape else "RealNumbers"
        return ["Element", var.name, space]


def _number(t: Term) -> Json:
    v = t.value
    return v.numerator if v.denominator == 1 else ["Divide", v.numerator, v.denominator]


def _is_inverse(t: Term) -> bool:
    return t.head == "Pow" and t.args[1] == MINUS_ONE


def _negated(t: Term) -> Term | None:
    """``b`` where ``t`` is written ``-b``."""
    if t.head == "Num" and t.value < 0:
        return num(-t.value)
    if t.head == "Mul" and t.args[0].head == "Num" and t.args[0].value < 0:
        first = num(-t.args[0].value)
        return mul(*t.args[1:]) if first == ONE else mul(first, *t.args[1:])
    return None


def changed(before: Json, after: Json) -> tuple[list[int], list[int]]:
    """Paths to the smallest subtrees in which two lines differ (the same path in both)."""
    path: list[int] = []
    while isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        differing = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        if len(differing) != 1 or differing[0] == 0:
            break
        i = differing[0]
        path.append(i)
        before, after = before[i], after[i]
    return path, list(path)

