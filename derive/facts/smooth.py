"""What has a derivative: declared functions, and what is made of them by smooth operations."""

from __future__ import annotations

from collections.abc import Iterable

from derive.facts.facts import DERIVATIVES, Facts
from derive.facts.indices import is_integer
from derive.facts.signs import nonnegative, nonzero, positive
from derive.facts.stated import law_of
from derive.facts.verdict import UNKNOWN, Verdict, both, no, yes
from derive.terms import Term, free, num, subst

ENTIRE = frozenset({"Exp", "Sin", "Cos", "Tanh", "Sigmoid", "Softmax"})
MULTILINEAR = frozenset({"Add", "Mul", "Dot", "MatMul", "Transpose", "Hadamard", "Trace", "Diag", "Sum", "Prod"})
# Laws whose density is smooth in each of these parameters wherever it is positive; its support does not move with them.
PARAMETERS = {
    "Normal": (0, 1), "Exponential": (0,), "GammaLaw": (0, 1), "BetaLaw": (0, 1), "ChiSquared": (), "Bernoulli": (0,), "Poisson": (0,),
    "Geometric": (0,), "BinomialLaw": (1,), "Laplace": (1,), "Categorical": (0,),
}  # fmt: skip
FINITE = frozenset({"Bernoulli", "BinomialLaw", "Categorical", "Rademacher"})  # laws with finitely many values
SUPPORT_MOVES = frozenset({"Uniform"})


def differentiable(facts: Facts, t: Term, x: Term, times: int = 1) -> Verdict:
    """Whether ``t`` has a derivative in ``x`` near the value that ``x`` has (and, for ``times`` 2, a second one)."""
    if t == x:
        return yes("")
    if x not in free(t):
        hidden = facts.hides(t, x)
        return yes("") if hidden is None else UNKNOWN
    h = t.head
    if h in MULTILINEAR:
        return both(differentiable(facts.enter(t) if t.is_binder else facts, c, x, times) for _, c in t.children())
    if h in ENTIRE or h == "At":
        return both([differentiable(facts, t.args[0], x, times), *(UNKNOWN for i in t.args[1:] if x in free(i))])
    if h == "Ln":
        return both([differentiable(facts, t.args[0], x, times), positive(facts, t.args[0])])
    if h in ("Abs", "Sign", "ReLU"):
        return both([differentiable(facts, t.args[0], x, times), nonzero(facts, t.args[0])])
    if h == "Gamma":
        return both([differentiable(facts, t.args[0], x, times), positive(facts, t.args[0])])
    if h == "Pow":
        return _power(facts, t, x, times)
    if h in ("Norm", "Frobenius"):
        return both([differentiable(facts, t.args[0], x, times), nonzero(facts, t)])
    if h in ("Apply", "Density"):
        return _function(facts, t, x, times)
    if h in ("Expect", "ExpectOver", "Integral"):  # where it may be differentiated inside
        body, laws = (t.body, t.domain) if t.is_binder else (t.args[0], ())
        return both([differentiable(facts.enter(t), body, x, times), *(_in_law(facts, d, x, times) for d in laws)])
    if h in ("Grad", "Jac", "Deriv") and t.var == x == t.domain[0]:
        return differentiable(facts.enter(t), t.body, x, times + 1)
    if h in ("Grad", "Jac", "Deriv") and t.var != x:
        # the derivative of a twice differentiable function, at a point that moves
        return both([differentiable(facts.enter(t), t.body, t.var, times + 1), differentiable(facts, t.domain[0], x, times),
                     differentiable(facts.enter(t), t.body, x, times)])  # fmt: skip
    return UNKNOWN


def _power(facts: Facts, t: Term, x: Term, times: int) -> Verdict:
    base, e = t.args
    if x in free(e):
        return both([positive(facts, base), differentiable(facts, base, x, times), differentiable(facts, e, x, times)])
    if is_integer(facts, e) and nonnegative(facts, e):
        if base.head in ("Norm", "Frobenius") and e.head == "Num" and e.value % 2 == 0:  # a sum of squares
            return differentiable(facts, base.args[0], x, times)
        return differentiable(facts, base, x, times)
    inner = differentiable(facts, base, x, times)
    return both([inner, nonzero(facts, base) if is_integer(facts, e) else positive(facts, base)])


def _function(facts: Facts, t: Term, x: Term, times: int) -> Verdict:
    """A declared function or density, in each argument that ``x`` moves; a defined one as what it stands for."""
    law = t.head == "Density"
    f = t.args[0] if t.args[0].head == "Sym" else t.args[0].args[0] if t.args[0].head == "Apply" else None
    if f is None:
        return _named(facts, t, x, times)
    args = (*(t.args[0].args[1:] if t.args[0].head == "Apply" else ()), *t.args[1:])
    d = facts.definitions.get(f)
    if d is not None and len(d.params) == len(args):
        return differentiable(facts, subst(d.body, dict(zip(d.params, args, strict=True))), x, times)
    out = [differentiable(facts, a, x, times) for a in args]
    for n, a in enumerate(args, 1):
        if x in free(a):
            out.append(_declared(facts, f, n, times, parameter=law and n < len(args)))
    return both(out)


def _declared(facts: Facts, f: Term, n: int, times: int, parameter: bool = False) -> Verdict:
    for g in facts.givens:
        p = g.prop
        if p.head == "Differentiable" and p.args[0] == f and p.args[1].value >= times:
            said = p.args[2:]
            if not said or said[0] == num(n) or (parameter and said[0].head != "Num"):
                return yes(f"line {g.line} says that {facts.tex(f)} is {'twice ' if times > 1 else ''}differentiable", g.line)
    return no(f"nothing says that {facts.tex(f)} is {'twice ' if times > 1 else ''}differentiable")


def _named(facts: Facts, t: Term, x: Term, times: int) -> Verdict:
    law, value = t.args
    inner = _in_law(facts, law, x, times)
    if not inner or x not in free(value):
        return inner
    return both([inner, differentiable(facts, value, x, times)]) if law.head == "Normal" else UNKNOWN


def _in_law(facts: Facts, law: Term, x: Term, times: int) -> Verdict:
    """A law's density, as a function of its parameters at a fixed value."""
    if x not in free(law):
        return yes("") if facts.hides(law, x) is None else UNKNOWN
    if law.head == "Apply" or law.head == "Sym":
        d = facts.definitions.get(law.args[0]) if law.head == "Apply" else None
        if d is not None:
            return yes("") if len(d.params) != len(law.args) else both(
                [differentiable(facts, subst(d.body, dict(zip(d.params, (*law.args[1:], d.params[-1]), strict=True))), x, times)])
        return both([*(differentiable(facts, a, x, times) for a in law.args[1:]), _declared(facts, law.args[0], 1, times, parameter=True)])
    moves = PARAMETERS.get(law.head)
    if moves is None or any(x in free(a) and n not in moves for n, a in enumerate(law.args)):
        return UNKNOWN
    return both(differentiable(facts, a, x, times) for a in law.args)


def exchange(facts: Facts, t: Term) -> Verdict:
    """Whether a derivative may pass under an integral or an expectation: ``t`` is the derivative, before it does.

    No, whatever a text assumes, where the limits or the support move; yes where a line assumes it, and over finitely many values.
    """
    inner = t.body
    while inner.head == "Mul":
        inner = next((a for a in inner.args if a.head in ("Integral", "ExpectOver", "Expect", "Sum")), inner.args[-1])
    x = t.var
    moving = _moving(facts, inner, x)
    if moving:
        return no(moving)
    if inner.head == "Expect" and facts.hides(inner, x) is not None:
        return UNKNOWN  # what its laws depend on has to show first
    for g in facts.givens:
        if g.prop.head == "Exchange":
            return yes(f"line {g.line} assumes it, and where the integrand lives does not depend on {facts.tex(x)}", g.line)
    if inner.head == "Sum" and inner.domain[1].head != "Infinity":
        return yes("the sum has finitely many terms")
    if inner.head == "ExpectOver" and inner.domain[0].head in FINITE and not any(x in free(d) or facts.hides(d, x) is not None for d in inner.domain):
        return yes(f"{facts.tex(inner.domain[0])} has finitely many values")
    averaged = inner.args[0] if inner.head == "Expect" else inner.body if inner.head == "ExpectOver" else None
    fixed_law = inner.head == "Expect" or not any(x in free(d) or facts.hides(d, x) is not None for d in inner.domain)
    if averaged is not None and fixed_law and polynomial(facts.enter(inner), averaged, x):
        return yes(f"what is averaged is a polynomial in {facts.tex(x)}, whose coefficients are averaged one by one")
    return UNKNOWN


def polynomial(facts: Facts, t: Term, x: Term) -> bool:
    """Whether ``t`` is a polynomial in ``x`` (or in its entries) of a degree that is written.

    Where its average is finite for every ``x``, so are those of the coefficients, which are combinations of finitely many of its
    values: an average of it is then a finite sum, which is differentiated term by term.
    """
    if x not in free(t) or t == x:
        return t == x or facts.hides(t, x) is None
    if t.head in ("Add", "Mul", "Dot", "MatMul", "Transpose", "Hadamard", "Trace"):
        return all(polynomial(facts, a, x) for a in t.args)
    if t.head == "At":
        return polynomial(facts, t.args[0], x) and not any(x in free(i) for i in t.args[1:])
    if t.head == "Sum":
        return not any(x in free(d) for d in t.domain) and t.domain[1].head != "Infinity" and polynomial(facts, t.body, x)
    if t.head == "Pow" and t.args[1].head == "Num" and t.args[1].value.denominator == 1 and t.args[1].value >= 0:
        base = t.args[0]
        if base.head in ("Norm", "Frobenius") and t.args[1].value % 2 == 0:
            return polynomial(facts, base.args[0], x)
        return polynomial(facts, base, x)
    return t.head in DERIVATIVES and t.var != x and polynomial(facts, t.body, x) and not any(x in free(d) for d in t.domain) or (
        t.head in DERIVATIVES and t.var == x and t.domain[0] == x and polynomial(facts, t.body, x))


def _moving(facts: Facts, t: Term, x: Term) -> str:
    """How the set over which ``t`` averages depends on ``x``, if it does."""
    if t.head == "Expect":
        drawn = (law_of(facts, s) for s in free(t) if x in facts.behind(s))
        return next((said for got in drawn if got is not None and (said := _edges(facts, got[0], x))), "")
    laws = list(t.domain) if t.head == "ExpectOver" else []
    if t.head == "Integral":
        for d in t.domain:
            if x in free(d):
                return f"the limit {facts.tex(d)} of the integral depends on {facts.tex(x)}"
    for u in _inside(t.body):
        if u.head == "Density":
            laws.append(u.args[0])
        if u.head == "Indicator" and x in free(u) and t.var in free(u):
            return f"{facts.tex(u)} is a limit that depends on {facts.tex(x)}"
    return next((said for law in laws if (said := _edges(facts, law, x))), "")


def _edges(facts: Facts, law: Term, x: Term) -> str:
    """How the ends of what a law gives weight to depend on ``x``, if they do."""
    if law.head not in SUPPORT_MOVES or x not in free(law):
        return ""
    lo, hi = law.args
    return f"the support $[{facts.tex(lo)[1:-1]}, {facts.tex(hi)[1:-1]}]$ of {facts.tex(law)} moves with {facts.tex(x)}"


def _inside(t: Term) -> Iterable[Term]:
    yield t
    for _, c in t.children():
        yield from _inside(c)


__all__ = ["differentiable", "exchange"]
