"""A rule's claim at many instances, and its own instances: that it fails without each hypothesis, that its examples come out.

A rule is read as a problem: its names are the symbols, its hypotheses the givens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from derive.language.model import Definition, Role, Symbol
from derive.referee.judge import Verdict, judge_claim
from derive.referee.setting import Setting, evaluator, plan_for, sampled
from derive.referee.truth import truth
from derive.referee.world import BeyondReach, Frame, Undefined, World
from derive.rulebook.model import Instance, Rule
from derive.terms import ONE, Term, add, call, free, mul, num, subst, sym

Array = Any
ROLES: dict[str, Role] = {
    "value": "fixed", "random": "random", "family": "fixed", "dimension": "dimension", "integer": "fixed", "index": "index",
    "function": "function", "law": "density",
}  # fmt: skip
CASES = 8
TRUTH = frozenset({"Eq", "Ne", "Lt", "Le", "Gt", "Ge", "And", "Or", "Not", "ForAll", "Uncorrelated", "Independent", "Dist"})
NAMED = ("Normal", "Uniform", "Rademacher", "Bernoulli", "Binomial", "Geometric", "Exponential", "Laplace", "Poisson",
         "GammaLaw", "BetaLaw", "ChiSquared", "Categorical")  # fmt: skip


@dataclass(frozen=True)
class InstanceCheck:
    """What an instance of a rule came to. ``ok`` is None where no evaluation reaches it (or none is asked for)."""

    instance: Instance
    ok: bool | None
    because: str = ""
    left: Any = None
    right: Any = None


@dataclass(frozen=True)
class RuleCheck:
    name: str
    claim: Verdict
    fails: tuple[InstanceCheck, ...]
    examples: tuple[InstanceCheck, ...]

    @property
    def ok(self) -> bool:
        """Nothing evaluated contradicts what the rule's text says."""
        return self.claim.agrees is not False and all(i.ok is not False for i in (*self.fails, *self.examples))


def check_rule(rule: Rule) -> RuleCheck:
    """All that numbers can say of a rule."""
    return RuleCheck(
        rule.name,
        check_claim(rule),
        tuple(check_failure(rule, i) for i in rule.fails),
        tuple(check_example(rule, i) for i in rule.examples),
    )


def check_claim(rule: Rule) -> Verdict:
    """The claim, where all hypotheses hold: at several sizes (0 included), values, functions and laws."""
    givens = tuple(h.prop for h in rule.hypotheses)
    index = {n.term for n in rule.names.values() if n.role == "index"}
    apart = tuple(g for g in givens if free(g) & index)
    symbols = tuple(_symbol(rule, n) for n in rule.names if rule.names[n].role != "index")
    sizes = _sizes(rule)
    zeros = frozenset(n for n in sizes if rule.names[n].role == "integer")
    setting = Setting(symbols, tuple(g for g in givens if g not in apart), most=CASES, zeros=zeros)
    return judge_claim(rule.claim, setting, assuming=apart)


def _symbol(rule: Rule, name: str, random: bool | None = None) -> Symbol:
    n = rule.names[name]
    chance = n.random if random is None else random
    role: Role = "random" if chance else ROLES[n.role]
    return Symbol(n.term, role, rule.line, name, n.role == "family", n.role in ("integer", "dimension"))


def _sizes(rule: Rule) -> list[str]:
    out = {f.name for n in rule.names.values() for d in n.term.sort.shape for f in free(d)}
    return [n for n in rule.names if n in out]


# -- instances


def check_failure(rule: Rule, instance: Instance) -> InstanceCheck:
    """That the instance meets all hypotheses but the one dropped, and breaks the claim as the text says."""
    if instance.cited:
        return InstanceCheck(instance, None, "a published counterexample")
    dropped = {instance.hypothesis} if instance.hypothesis is not None else set()
    hypotheses = [h.prop for k, h in enumerate(rule.hypotheses) if k not in dropped]
    lost = [rule.hypotheses[k].prop for k in dropped]
    try:
        made = _Made(rule, instance, hypotheses)
        for p in hypotheses:
            if not made.holds(p):
                return InstanceCheck(instance, False, "another hypothesis does not hold there either")
        for p in lost:
            if p.head not in ("Differentiable", "Exchange") and not made.narrowed and made.holds(p, unknown=False):
                return InstanceCheck(instance, False, "the hypothesis that it is without holds there")
        left, right = made.sides()
    except BeyondReach as reason:
        return InstanceCheck(instance, None, reason.reason)
    said = [made.said(instance.left), made.said(instance.right)]
    for name, got, want in (("left", left, said[0]), ("right", right, said[1])):
        if want is not None and not _agrees(got, want, made):
            return InstanceCheck(instance, False, f"the {name} side comes to another value", _shown(left), _shown(right))
    if rule.claim.head == "Eq" and isinstance(left, float) and isinstance(right, float) and abs(left - right) < 1e-9:
        return InstanceCheck(instance, False, "the claim holds there", left, right)
    return InstanceCheck(instance, True, "", _shown(left), _shown(right))


def check_example(rule: Rule, instance: Instance) -> InstanceCheck:
    """That all hypotheses hold in the example, and that it comes out as the text says."""
    assert instance.claim is not None
    hypotheses = [h.prop for h in rule.hypotheses]
    try:
        made = _Made(rule, instance, hypotheses)
        for p in hypotheses:
            if not made.holds(p):
                return InstanceCheck(instance, False, "a hypothesis does not hold there")
        claim = instance.claim
        tolerance = _written(claim.args[1]) if claim.head == "Eq" else None
        if tolerance is not None and claim.args[0].head != "Dist":
            value = made.value(claim.args[0])
            ok = abs(value - float(claim.args[1].value)) <= tolerance
            return InstanceCheck(instance, ok, "" if ok else "the example comes to another value", value, float(claim.args[1].value))
        ok = made.holds(claim, unknown=None)
    except BeyondReach as reason:
        return InstanceCheck(instance, None, reason.reason)
    return InstanceCheck(instance, ok, "" if ok else "the example does not come out")


def _shown(x: Any) -> Any:
    return x if isinstance(x, (float, int, str)) else str(x)


def _written(t: Term) -> float | None:
    """Half a unit in the last place of a decimal (of four places, where the fraction is one)."""
    if t.head != "Num" or t.value.denominator == 1:
        return None
    d = t.value.denominator
    while d % 2 == 0:
        d //= 2
    while d % 5 == 0:
        d //= 5
    if d != 1 or t.value.denominator < 20:
        return None
    size = abs(float(t.value))
    return max(5.1e-5 if size < 1 else 5.1e-4, 6e-4 * size if size >= 1 else 0.0)


def _agrees(got: Any, want: Any, made: _Made) -> bool:
    if isinstance(want, str) or isinstance(got, str):
        infinite = {"undefined", "infinite"}
        return got == want or (isinstance(got, str) and isinstance(want, str) and {got, want} <= infinite)
    if isinstance(want, bool) or isinstance(got, bool):
        return bool(got) == bool(want)
    value, tolerance = want
    return abs(got - value) <= max(tolerance, 1e-7 * max(1, abs(value)))


class _Made:
    """The world of an instance: its values and laws, the rest of the rule's names as anywhere."""

    def __init__(self, rule: Rule, instance: Instance, hypotheses: list[Term]) -> None:
        self.rule, self.instance = rule, instance
        self.claim = rule.claim
        self.parts: dict[str, dict[int, Term]] = {}
        self.narrowed = any(g.head == "Over" for g in instance.givens)
        givens: list[Term] = []
        for g in instance.givens:
            if g.head == "Over":
                self.claim = _narrowed(self.claim, g.args[0].args[1])
            else:
                givens.append(self.apart(g))
        self.sizes = {n: _integer(t) for n, t in instance.values.items() if n in _sizes(rule) or rule.names[n].role == "dimension"}
        symbols, definitions = self.declared(givens)
        self.hypotheses = [self.apart(h) for h in hypotheses]
        self.givens = [*[h for h in self.hypotheses if not _of_index(rule, h)], *[g for g in givens if g.head != "Eq"], *self.laws()]
        drawn = [s.term for s in symbols if s.role == "random"]
        if len(drawn) > 1:
            self.givens.append(call("Independent", *drawn))
        self.world = self.build(symbols, definitions)
        self.index: dict[str, int] = {}
        for n, r in rule.names.items():
            if r.role == "index":
                self.index[n] = _integer(instance.values[n]) if n in instance.values else 1

    # -- names
    def apart(self, t: Term) -> Term:
        """Entries of a family that are spoken of one by one get names of their own."""
        from derive.terms import subterms

        table: dict[Term, Term] = {}
        for s in subterms(t):
            if s.head == "At" and s.args[0].head == "Sym" and s.args[0].name in self.rule.names and len(s.args) == 2:
                n = self.rule.names[s.args[0].name]
                spoken = any(_speaks(g, s) for g in self.instance.givens)
                if spoken and s.args[1].head == "Num" and n.role == "family" and not n.term.sort.shape[1:]:
                    k = int(s.args[1].value)
                    own = self.parts.setdefault(s.args[0].name, {}).setdefault(k, sym(f"{s.args[0].name}__{k}"))
                    table[s] = own
        return _replaced(t, table)

    def declared(self, givens: list[Term]) -> tuple[list[Symbol], list[Definition]]:
        rule, values = self.rule, self.instance.values
        symbols: list[Symbol] = []
        definitions: list[Definition] = []
        random = {g.args[0].name for g in givens if g.head == "Dist" and g.args[0].head == "Sym"}
        for name, n in rule.names.items():
            if n.role == "index" or name in self.sizes:
                continue
            if name in values and n.role != "law":
                definitions.append(_defined(n.term, values[name]))
            elif name in self.parts:
                j = sym("j")
                body = [mul(call("Indicator", call("Eq", j, num(k))), own) for k, own in self.parts[name].items()]
                definitions.append(Definition(n.term, add(*body), 0, "", (), (j,)))
            else:
                symbols.append(_symbol(rule, name, True if name in random else None))
        for own in (x for p in self.parts.values() for x in p.values()):
            fixed = next((g.args[1] for g in givens if g.head == "Eq" and g.args[0] == own), None)
            if fixed is not None:
                definitions.append(Definition(own, fixed, 0, ""))
            else:
                symbols.append(Symbol(own, "random", 0, own.name))
        for name in rule.names:
            if rule.names[name].role in ("integer", "dimension") and name in self.sizes:
                symbols.append(_symbol(rule, name))
        return symbols, definitions

    def laws(self) -> list[Term]:
        return [call("Eq", self.rule.names[n].term, t) for n, t in self.instance.values.items() if self.rule.names[n].role == "law"]

    def build(self, symbols: list[Symbol], definitions: list[Definition]) -> World:
        from derive.referee.worlds import build, dimensions, size_choices

        table = {d.symbol.name: d for d in definitions}
        open_sizes = [d for d in dimensions(tuple(symbols), tuple(self.givens), table) if d not in self.sizes]
        for choice in size_choices(len(open_sizes)):
            sizes = self.sizes | dict(zip(open_sizes, choice, strict=True))
            w = build(tuple(symbols), tuple(self.givens), table, sizes, 0, True, unchecked=True)
            if w is not None:
                return w
        raise BeyondReach("no world was found for the instance")

    # -- values
    def frame(self, terms: tuple[Term, ...]) -> tuple[Any, Frame]:
        ev = evaluator(self.world, plan_for(self.world, terms))
        outer: Frame = Frame(ev.base, self.index) if self.index else ev.base
        return ev, sampled(ev, terms, outer)

    def holds(self, p: Term, unknown: bool | None = True) -> bool:
        """Whether a proposition holds; ``unknown``: what to say where that cannot be evaluated (None: raise)."""
        import numpy as np

        p = self.apart(p)
        try:
            with np.errstate(all="ignore"):
                ev, frame = self.frame((p,))
                return bool(truth(ev, p, frame).all())
        except Undefined:
            if unknown is None:
                raise
            return False
        except BeyondReach:
            if unknown is None:
                raise
            return unknown

    def value(self, t: Term) -> float:
        import numpy as np

        t = self.apart(t)
        with np.errstate(all="ignore"):
            ev, frame = self.frame((t,))
            v = ev.value(t, frame)
            if not plan_for(self.world, (t,)).exact and len(v) == 1:
                rough = evaluator(self.world, plan_for(self.world, (t,), 0))
                if abs(rough.value(t, Frame(rough.base, self.index)) - v).max() > 1e-3 * abs(v).max():
                    raise Undefined("a mean that is not finite")
        if v[0].size != 1:
            raise BeyondReach("the side is an array")
        if len(v) > 1 and abs(v - v[0]).max() > 1e-9:
            raise BeyondReach("the side varies from draw to draw")
        x = float(v.ravel()[0])
        if x != x:
            raise Undefined("a value that is not a number")
        return x

    def sides(self) -> tuple[Any, Any]:
        """What both sides of the claim come to."""
        claim = self.apart(self.claim)
        while claim.head in ("Implies", "ForAll", "And"):
            claim = claim.body if claim.head == "ForAll" else claim.args[-1] if claim.head == "Implies" else claim.args[0]
        wanted = (self.instance.left, self.instance.right)
        if claim.head in ("Independent", "Uncorrelated"):
            joint = call("Cov", *claim.args) if all(t is None or t.head == "Num" for t in wanted) else None
            if joint is not None:
                return self.value(joint), 0.0
        if claim.head not in ("Eq", "Ne", "Lt", "Le", "Gt", "Ge", "Dist", "Asym", "Iff", "SameLaw"):
            raise BeyondReach("no sides to evaluate")
        return tuple(self.side(t, w) for t, w in zip(claim.args, wanted, strict=True))  # type: ignore[return-value]

    def side(self, t: Term, wanted: Term | None) -> Any:
        if wanted is not None and wanted.head == "HasVariance":
            t = call("Var", t) if t.head not in NAMED else self._of_law(t, lambda x: call("Pow", x, num(2)))
        elif t.head in TRUTH:
            try:
                return self.holds(t, unknown=None)
            except Undefined:
                return "undefined"
        elif t.head in NAMED:
            t = self._of_law(t, lambda x: x)
        elif wanted is not None and wanted.head == "HasMean":
            t = call("Expect", t)
        elif self.claim.head in ("SameLaw", "Dist"):
            t = call("Expect", t)
        try:
            v = self.value(t)
        except Undefined as reason:
            return "infinite" if "finite" in reason.reason or "zero" in reason.reason else "undefined"
        return "infinite" if abs(v) == float("inf") else v

    def _of_law(self, law: Term, f: Any) -> Term:
        x = sym("x_drawn")
        mean = Term("ExpectOver", (x, x, law))
        if f(x).head != "Pow":
            return mean
        return Term("ExpectOver", (x, call("Pow", add(x, mul(num(-1), mean)), num(2)), law))

    def said(self, t: Term | None) -> Any:
        """What the text says of a side: a number with its tolerance, ``undefined``, ``infinite``, true or false."""
        if t is None:
            return None
        if t.head == "Undefined":
            return "undefined"
        if t.head == "Infinity":
            return "infinite"
        if t.head in ("True", "False"):
            return t.head == "True"
        if t.head in ("HasVariance", "HasMean"):
            t = t.args[0]
        return self.value(t), _written(t) or 0.0


def _integer(t: Term) -> int:
    if t.head != "Num" or t.value.denominator != 1:
        raise BeyondReach("a size that is no whole number")
    return int(t.value)


def _of_index(rule: Rule, p: Term) -> bool:
    return any(n.role == "index" and n.term in free(p) for n in rule.names.values())


def _defined(symbol: Term, value: Term) -> Definition:
    """A name for what an instance puts for it: a value, entries ``X_j = …``, or a function ``f(x) = …``."""
    bound: list[Term] = []
    depth = len(symbol.sort.takes) if symbol.sort.takes is not None else len(symbol.sort.shape)
    while value.head == "Lambda" and len(bound) < depth:
        var = value.var
        if symbol.sort.takes is not None and len(symbol.sort.takes[len(bound)]) != len(var.sort.shape):
            typed = Term("Sym", (var.name, var.sort._replace(shape=symbol.sort.takes[len(bound)])))
            value = Term("Lambda", (typed, subst(value.body, {var: typed})))
            var = typed
        bound.append(var)
        value = value.body
    if symbol.sort.takes is not None:
        return Definition(symbol, value, 0, "", tuple(bound))
    return Definition(symbol, value, 0, "", (), tuple(bound))


def _speaks(g: Term, entry: Term) -> bool:
    from derive.terms import subterms

    return any(s == entry for s in subterms(g))


def _replaced(t: Term, table: dict[Term, Term]) -> Term:
    from derive.terms import rebuild

    if not table:
        return t
    if t in table:
        return table[t]
    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder:
        return Term(t.head, (t.var, _replaced(t.body, table), *(_replaced(d, table) for d in t.domain)))
    return rebuild(t, tuple(_replaced(a, table) for a in t.args))


def _narrowed(t: Term, left_out: Term) -> Term:
    """The claim over a range without one index."""
    from derive.terms import rebuild

    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder:
        extra = (left_out,) if t.head in ("Sum", "Prod") else ()
        return Term(t.head, (t.var, _narrowed(t.body, left_out), *t.domain, *extra))
    return rebuild(t, tuple(_narrowed(a, left_out) for a in t.args))


__all__ = ["RuleCheck", "InstanceCheck", "check_rule", "check_claim", "check_failure", "check_example", "ONE"]
