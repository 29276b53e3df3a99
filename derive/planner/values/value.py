"""Finding the value of an expression: every method is run, the cheapest readable proof wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.facts.facts import CHANCE, DERIVATIVES, Facts, is_random
from derive.facts.stated import given_value, law_of
from derive.facts.verdict import UNKNOWN, Verdict
from derive.kernel.apply import Refused
from derive.kernel.combining import gather
from derive.kernel.conditions import holds
from derive.kernel.step import Step
from derive.planner.library import Library
from derive.planner.methods.calculus import AVERAGE_FIRST, METHODS, laws_of
from derive.planner.methods.counting import CLOSED
from derive.planner.methods.profiles import PROFILES, SECOND_MOMENTS, STATED
from derive.planner.methods.rewriting import MAX_ROUNDS, Rewriter
from derive.planner.methods.settled import settled, uses_calculus
from derive.planner.values import arrays
from derive.planner.values.collecting import collected
from derive.planner.values.finishing import in_logarithms, shortened, tidied
from derive.planner.values.pretty import uncancelled
from derive.terms import ONE, ZERO, Term, call, contains, free, is_num, same, shape, size, sub, subterms

# What still has to be worked out wherever it stands: no answer holds one of these.
STANDING = frozenset({"ExpectOver", "ProbOver", "Integral", "Grad", "Jac", "Hess", "Deriv", "Sup", "Inf", "KL", "Entropy",
                      "ForwardOperations", "MemoryLoads", "BackwardTime", "TotalTime"})  # fmt: skip
MAX_DEPTH = 2
LONGER = 10  # a method that needs so many rounds more than another is not followed to its end
SHORT = 20  # lines of a proof that need no shorter one


@dataclass
class Found:
    """One method's derivation."""

    method: str
    steps: list[Step]
    value: Term
    refused: dict[str, str | Refused] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)
    rounds: int = 0

    @property
    def refusals(self) -> dict[str, str]:
        """What rules were refused for, in words."""
        return {name: str(why) for name, why in self.refused.items()}

    def cost(self) -> float:
        return len(self.steps) + 0.004 * sum(size(s.after) for s in self.steps)


@dataclass
class Finder:
    """Derivations of values under the facts of one task."""

    library: Library
    keep: tuple[Term, ...] = ()
    depth: int = 0
    without: frozenset[str] = frozenset()
    goal: Term | None = None  # ``z ~ D``: what the answer is to be an average over
    found: tuple[tuple[str, tuple[Step, ...]], ...] = ()  # what earlier tasks have worked out: (task, its steps)

    def methods(self, line: Term, facts: Facts) -> tuple[str, ...]:
        """The methods that have something to do with a line."""
        if not uses_calculus(line, facts):
            return tuple(PROFILES)
        moved = any(u.head in DERIVATIVES and averages_behind(u.body, facts) for u in subterms(line))
        return tuple(m for m in METHODS if moved or m != AVERAGE_FIRST)

    def whole(self, line: Term, facts: Facts) -> list[Step]:
        """The steps to the value of an average; none where it has none."""
        found = replace(self, found=(), goal=None, keep=()).all(line, facts)
        return found[0].steps if found and self.open(found[0].value, facts) is None else []

    def by(self, method: str, line: Term, facts: Facts, rounds: int = MAX_ROUNDS) -> Found:
        phases = METHODS[method] if method in METHODS else PROFILES[method]
        rw = Rewriter(self.library, facts, phases, self.prover(), self.keep, self.without, self.goal, self.found, depth=self.depth,
                      whole=self.whole)
        steps = rw.run(line, rounds)
        taken = len(steps)
        for _ in range(3):  # what is put in order may be collected further
            more = self.ended(method, steps[-1].after if steps else line, facts, rw)
            steps += more
            if more and contains(more[-1].after, "Zeros"):  # a whole array has gone: what was made of it is 0 too
                steps += rw.run(more[-1].after, rounds)
                continue
            if not more or not any(contains(s.after, "Sum") for s in more[-1:]):
                break
        steps = runs(straight(steps))
        return Found(method, steps, steps[-1].after if steps else line, rw.refusals, rw.fired, taken)

    def ended(self, method: str, line: Term, facts: Facts, rw: Rewriter) -> list[Step]:
        """Steps to the form in which a value is given: collected, and in order."""
        steps = collected(line, facts, rw, STATED) if self.depth == 0 else []
        end = steps[-1].after if steps else line
        if self.depth == 0 and (logs := in_logarithms(end, rw, facts)):
            return steps + logs
        tidy_end = (arrays.collected(end, facts) if shape(end) and method not in METHODS else []) or tidied(end, facts)
        # the closed form of a sum stands as its rule has it, unless there is a shorter one
        if tidy_end and not (CLOSED.name in rw.fired and size(tidy_end[-1].after) >= size(end)):
            steps += tidy_end
        return steps + (shortened(steps[-1].after if steps else line, facts, rw) if self.depth == 0 else [])

    def laws(self, t: Term, facts: Facts) -> list[Term]:
        """The laws to which rules change the averages in ``t``, or in what it names."""
        rw = Rewriter(self.library, facts, (), self.prover(), without=self.without)
        return laws_of(rw, facts.seen(t), facts)

    def all(
        self, line: Term, facts: Facts, methods: tuple[str, ...] = (), every: bool = False
    ) -> list[Found]:
        """The methods' derivations, cheapest first, those that reach a value before those that do not.

        Unless ``every`` is asked for, none is sought beside a proof that is short already.
        """
        out: list[Found] = []
        methods = methods or self.methods(line, facts)
        for m in methods:
            if len(methods) > 1 and not every and any(_enough(f, self, facts) for f in out):
                break
            if len(methods) > 1 and any(_same_way(m, f, self, facts) for f in out):
                continue
            if m == SECOND_MOMENTS and len(methods) > 1 and not (contains(line, "Var") and all(self.open(f.value, facts) is not None for f in out)):
                continue  # a last resort: a variance of what no rule takes apart
            known = [f.rounds for f in out if self.open(f.value, facts) is None] if not every else []
            found = self.by(m, line, facts, min([r + LONGER for r in known], default=MAX_ROUNDS))
            if not any([s.rule for s in f.steps] == [s.rule for s in found.steps] and f.value == found.value for f in out):
                out.append(found)
        return sorted(out, key=lambda f: (bool(self.open(f.value, facts)), _heap(f.value), f.cost()))

    def open(self, value: Term, facts: Facts) -> Term | None:
        """A part of ``value`` that is no value yet; quantities that the answer may be given in are."""
        if any(same(value, k) for k in self.keep):
            return None
        if value.head in CHANCE:
            return None if not self.keep and _primitive(value, facts) else value
        if value.head in STANDING and settled(value, facts):
            return None
        if uncancelled(value) or (value.head == "Pow" and is_num(value.args[0], 0) and is_num(value.args[1]) and value.args[1].value < 0):
            return value  # 1/0 is no number
        if value.head in STANDING or (value.head in ("Sum", "Prod") and is_random(facts, value)):
            return value
        for _, c in value.children():
            got = self.open(c, facts.enter(value) if value.head in ("Sum", "Prod") else facts)
            if got is not None:
                return got
        return None

    def prover(self):
        if self.depth >= MAX_DEPTH:
            return lambda p, f: UNKNOWN
        deeper = replace(self, depth=self.depth + 1)

        def prove(p: Term, facts: Facts) -> Verdict:
            if p.head in ("Gt", "Ne", "Ge") and p.args[1] == ZERO:
                return deeper.sign(p, facts)
            if p.head != "Eq" or shape(p.args[0]) or not chance_left(p):
                return UNKNOWN
            k = ("proved", p, facts.scope)
            if k not in facts.cache:
                facts.cache[k] = deeper.equation(p, facts)
            return facts.cache[k]

        return prove

    def sign(self, p: Term, facts: Facts) -> Verdict:
        """The sign of something whose value the document states, as that of its value."""
        k = ("sign", p)
        if k not in facts.here:
            facts.here[k] = UNKNOWN
            rw = Rewriter(self.library, facts, (STATED,), lambda p, f: UNKNOWN, without=self.without)
            steps = rw.run(p.args[0])
            v = holds(call(p.head, steps[-1].after, ZERO), facts) if steps else UNKNOWN
            if v:
                used = tuple(dict.fromkeys((*(f for s in steps for c in s.conditions for f in c.facts), *v.facts)))
                said = f"{facts.tex(p.args[0])} is {facts.tex(steps[-1].after)}" + (f"; {v.because}" if v.because else "")
                facts.here[k] = Verdict(True, said, used, tuple(steps))
        return facts.here[k]

    def equation(self, p: Term, facts: Facts) -> Verdict:
        line = p.args[0] if same(p.args[1], ZERO) else sub(*p.args)
        found = self.by("entry by entry", line, facts)
        if same(found.value, ZERO):
            facts_used = tuple(dict.fromkeys(f for s in found.steps for c in s.conditions for f in c.facts))
            return Verdict(True, "it is derived below", facts_used, tuple(found.steps))
        return UNKNOWN


def straight(steps: list[Step]) -> list[Step]:
    """The steps without those that lead back to a line that stood there before."""
    out: list[Step] = []
    for s in steps:
        back = next((n for n, old in enumerate(out) if old.before == s.after), None)
        out = [*out, s] if back is None else out[:back]
    return out


def runs(steps: list[Step]) -> list[Step]:
    """Steps by one rule that follow one another, gathered into one."""
    out: list[Step] = []
    for s in steps:
        if out and out[-1].rule == s.rule and out[-1].direction == s.direction and out[-1].relation == s.relation:
            parts = [*(out[-1].steps or (out[-1],)), *(s.steps or (s,))]
            out[-1] = gather(parts)
        else:
            out.append(s)
    return out


def _enough(found: Found, finder: Finder, facts: Facts) -> bool:
    return len(found.steps) <= SHORT and finder.open(found.value, facts) is None and not _heap(found.value)


def _heap(value: Term) -> bool:
    """A sum of arrays over an index: written out, but not worked out."""
    return any(u.head == "Sum" and shape(u) for u in subterms(value))


def _same_way(method: str, found: Found, finder: Finder, facts: Facts) -> bool:
    """Whether a method would only repeat a derivation: what sets it apart had nothing to do."""
    if method == "entry by entry":
        return found.method == "structure first" and "structure" not in found.fired
    if method == "from the definitions":
        return not found.fired & {"shortcut", "squares"} and finder.open(found.value, facts) is None
    return False


def _primitive(t: Term, facts: Facts) -> bool:
    """E or Var of something about which the document says no more: as far as an answer can go."""
    if t.head not in ("Expect", "Var"):
        return False
    x = t.args[0]
    if x.head == "Pow" and t.head == "Expect":
        if not (is_num(x.args[1]) and x.args[1].value in (1, 2)):
            return False  # a variance is finite unless said otherwise; of other moments nothing is said
        x = x.args[0]
    if x.head == "Abs":
        x = x.args[0]
    if x.head == "Sym" or (x.head == "At" and x.args[0].head == "Sym" and is_random(facts, x.args[0])):
        if any(g.prop.head in ("InfiniteVariance", "FiniteMeanOnly") and x in g.prop.args for g in facts.givens):
            return False
        known = (Term("Expect", (x,)), Term("Var", (x,)))  # of a law given by moments, another moment is not determined
        return law_of(facts, x) is None and all(given_value(facts, k) is None for k in (*known, t))
    return False


def unbounded(t: Term, facts: Facts) -> Term | None:
    """An average in ``t`` of a square, or of more, of what a line says has no finite variance."""
    wild = {x for g in facts.givens if g.prop.head in ("InfiniteVariance", "FiniteMeanOnly") for x in g.prop.args}
    for u in subterms(t) if wild else ():
        if u.head == "Expect":
            for factor in u.args[0].args if u.args[0].head == "Mul" else u.args:
                x, e = factor.args if factor.head == "Pow" else (factor, ONE)
                if (x.args[0] if x.head == "Abs" else x) in wild and is_num(e) and e.value >= 2:
                    return u
        if u.head == "Var" and u.args[0] in wild:
            return u
    return None


def chance_left(t: Term) -> bool:
    return any(contains(t, h) for h in CHANCE)


def averages_behind(t: Term, facts: Facts) -> bool:
    """Whether something is averaged in ``t``, or in what it names: a function too."""
    t = facts.seen(t)
    return chance_left(t) or any(averages_behind(facts.definitions[s].body, facts) for s in free(t) if s in facts.definitions)


__all__ = ["Finder", "Found", "averages_behind", "chance_left", "unbounded"]
