"""A rule's own proof with a step's symbols put in, and the rules that it rests on opened in their turn.

What stands for the names of an inner rule is found where the proof is written, in the rule's own symbols, and then carried
over: so one search serves every use of the rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from derive.checking import ground
from derive.checking.lines import Line
from derive.explaining.model import ProofStep
from derive.facts.facts import Facts
from derive.kernel.apply import instance
from derive.kernel.conditioning import taken_given
from derive.kernel.instantiate import Bindings, Instance, Misfit
from derive.kernel.numbers import tidy
from derive.kernel.step import Checked
from derive.rulebook.model import ProofLine, ProofPart, Rule
from derive.terms import ONE, Term, add, call, free, fresh, is_num, num, size

if TYPE_CHECKING:
    from derive.referee.setting import Setting

WRITTEN_OUT = 3  # an induction up to this number is carried out, above it stays general
TRIED = 300  # attempts to find what stands for the names of an inner rule
SHOWN = 30  # nodes of a term that still helps inside a sentence
JUDGED = 80  # lines evaluated for one explanation
ENDS = {"axiom": "This is an axiom", "definition": "This is a definition", "cited": "This is cited, not proved here"}
SAID = {
    "algebra": "The same expression, rearranged.", "numbers": "Only numbers are calculated.",
    "induction": "The claim one step before.", "assumption": "One of the rule's conditions says so.",
}  # fmt: skip
RELATED = frozenset({"Eq", "Ne", "Lt", "Le", "Gt", "Ge"})


@dataclass(frozen=True)
class Part:
    """A part of a proof to be written: what its names stand for, a heading, and whether that is one concrete instance."""

    part: ProofPart
    inst: Instance | None
    heading: str
    concrete: bool = True


class Opener:
    """Writes proofs at one place of one document."""

    def __init__(self, rulebook: Mapping[str, Rule], facts: Facts, setting: Setting, deeper: int, given: tuple[Term, ...] = ()) -> None:
        self.rulebook, self.facts, self.setting, self.deeper, self.given = rulebook, facts, setting, deeper, given
        self.left = JUDGED
        self.opened: set[tuple[str, Term]] = set()

    def proof(self, rule: Rule, inst: Instance | None, level: int = 0) -> tuple[ProofStep, ...]:
        """The lines of the rule's proof; without an instance in the rule's own symbols."""
        out: list[ProofStep] = []
        parts = self.parts(rule, inst)
        for p in parts:
            try:
                lines = self.lines(rule, p, level)
            except Misfit:  # the symbols put in do not fit the proof as it is written: the rule's own do
                return self.proof(rule, None, level) if inst is not None else ()
            if lines and p.heading:
                lines[0] = _headed(lines[0], p.heading)
            out += lines
        if out and rule.names and all(p.inst is None for p in parts):
            out[0] = _headed(out[0], f"In the symbols of {rule.name} itself.")
        return tuple(out)

    # -- what the names stand for in each part
    def parts(self, rule: Rule, inst: Instance | None) -> list[Part]:
        parts = [p for p in rule.proof if p.lines]
        n = rule.induction
        if n is None or len(parts) != 2:
            return [Part(p, inst, self.heading(p, inst)) for p in parts]
        start, step = parts
        first = ground.lowest(rule, n) or num(0)
        name = n.name
        bound = inst.b.get(name) if inst is not None else None
        if inst is None or bound is None:
            return [Part(start, inst, f"For ${start.label}$."), Part(step, inst, f"From ${name}$ to ${name} + 1$.")]
        many = any(n in free(d) for x in rule.names.values() for d in x.term.sort.shape)
        if not many and bound.head == "Num" and first.head == "Num" and first.value <= bound.value <= WRITTEN_OUT:
            out = [Part(start, self.other(inst, name, first), f"For ${name} = {int(first.value)}$.")]
            for k in range(int(first.value), int(bound.value)):
                out.append(Part(step, self.other(inst, name, num(k)), f"From ${name} = {k}$ to ${name} = {k + 1}$."))
            return out
        if many and not self.plain_range(inst, bound):
            return self.parts(rule, None)
        general = fresh(n, inst.avoid)
        written = general.name
        return [Part(start, self.other(inst, name, first), f"For ${written} = {first.value}$."),
                Part(step, self.other(inst, name, general), f"From ${written}$ to ${written} + 1$.", False)]  # fmt: skip

    @staticmethod
    def plain_range(inst: Instance, bound: Term) -> bool:
        """Whether the members are counted from 1 with none left out, by an expression and not by a list."""
        if any(b.head == "List" for b in inst.b.values()):
            return False
        return bound.head != "IndexRange" or (is_num(bound.args[0], 1) and len(bound.args) == 2)

    def other(self, inst: Instance, name: str, value: Term) -> Instance:
        return instance(inst.rule, {**inst.b, name: value}, self.facts)

    def heading(self, part: ProofPart, inst: Instance | None) -> str:
        if part.case is None:
            return part.label
        if not part.label.startswith("Take"):
            try:
                return f"Where {self.facts.tex(inst.of(part.case))}." if inst is not None else f"Where ${part.label}$."
            except Misfit:
                pass
        return part.label

    # -- lines
    def lines(self, rule: Rule, p: Part, level: int) -> list[ProofStep]:
        out = []
        apart = self.apart(p)
        for line in p.part.lines:
            before, after = (taken_given(tidy(p.inst.put(t, dict(apart))), self.given) if p.inst is not None else t for t in (line.before, line.after))
            if before == after:
                continue  # the symbols put in leave nothing to do
            inner = self.rulebook.get(line.reason)
            bindings = self.bindings(rule, p, line, inner) if inner is not None else None
            steps: tuple[ProofStep, ...] = ()
            why = inner.why if inner is not None else _said(line.reason)
            if inner is not None and inner.kind != "proved":
                why = f"{why} {self.end(inner)}".strip() if level < self.deeper else why
            elif inner is not None and level < self.deeper:
                steps, note = self.deepened(inner, bindings, after, level)
                why = " ".join(filter(None, (why, self.here(inner, bindings) if steps else "", note)))
            out.append(ProofStep(
                line.relation, before, after, line.reason, why, dict(bindings or {}), steps=steps,
                checked=self.judged(line.relation, before, after, p),
            ))  # fmt: skip
        return out

    def apart(self, p: Part) -> dict[Term, Term]:
        """Names that the proof itself introduces, renamed where the document has them."""
        if p.inst is None:
            return {}
        local = {s for x in p.part.lines for t in (x.before, x.after) for s in free(t)} - set(p.inst.by_term)
        return {s: fresh(s, p.inst.avoid) for s in local if s.name in p.inst.avoid}

    def deepened(self, rule: Rule, bindings: Bindings | None, after: Term, level: int) -> tuple[tuple[ProofStep, ...], str]:
        """The proof of an inner rule, once for each use with the same symbols."""
        inst = instance(rule, bindings, self.facts) if bindings is not None else None
        mark: tuple[str, Term] = (rule.name, rule.claim)
        if inst is not None:
            try:
                mark = (rule.name, inst.of(rule.claim))
            except Misfit:
                inst = None
        if mark in self.opened:
            return (), "Its proof is opened above."
        self.opened.add(mark)
        return self.proof(rule, inst, level + 1), ""

    def here(self, rule: Rule, bindings: Bindings | None) -> str:
        """What the single names of an opened rule are: ``Here $X$ is $x_1$ and $v$ is $1$.``"""
        said = []
        for name, n in rule.names.items():
            b = (bindings or {}).get(name)
            if b is not None and n.role in ("random", "value", "integer") and b.head not in ("Lambda", "List", "IndexRange"):
                if b != n.term and size(b) <= SHOWN:
                    said.append(f"{self.facts.tex(n.term)} is {self.facts.tex(b)}")
        return f"Here {', '.join(said[:-1])}{' and ' if len(said) > 1 else ''}{said[-1]}." if said else ""

    def end(self, rule: Rule) -> str:
        """Where a proof ends: in an axiom, a definition, or a theorem that is cited; its source is named once."""
        mark = (rule.name, rule.claim)
        if mark in self.opened:
            return f"{ENDS[rule.kind]}."
        self.opened.add(mark)
        said = f": {rule.proof_text.strip().rstrip('.')}" if rule.proof_text.strip() else ""
        source = f" Source: {rule.source.strip().rstrip('.')}." if rule.source.strip() else ""
        return f"{ENDS[rule.kind]}{said}.{source}"

    def bindings(self, rule: Rule, p: Part, line: ProofLine, inner: Rule) -> Bindings | None:
        """What stands for the inner rule's names, with this step's symbols put in; None where no search finds it."""
        if not inner.names:
            return {}
        found = matched(_Key(rule, inner, p.part, line))
        if found is None or p.inst is None:
            return None
        out: dict[str, Term] = {}
        for name, t in found.items():
            try:
                out[name] = self.carried(t, p.inst)
            except Misfit:
                return None
        return out

    @staticmethod
    def carried(t: Term, inst: Instance) -> Term:
        if t.head == "IndexRange" and len(t.args) == 2 and is_num(t.args[0], 1):
            size = inst.by_term.get(t.args[1])
            if size is not None and inst.b[size].head in ("IndexRange", "Num"):
                return inst.b[size]
        return tidy(inst.put(t, {}))

    def judged(self, relation: str, before: Term, after: Term, p: Part) -> Checked:
        """What the referee finds of the line in this document's worlds."""
        if p.inst is None:
            return Checked("not evaluated", because="the line is in the symbols of the rule")
        if not p.concrete:
            return Checked("not evaluated", because="the line is about every size, not about one")
        if self.left <= 0:
            return Checked("not evaluated", because="enough lines of this proof were evaluated")
        self.left -= 1
        from derive.referee.judge import judge

        assuming: tuple[Term, ...] = ()
        if p.part.case is not None and p.part.case.head in RELATED and p.inst.rule.induction is None:
            assuming = (p.inst.of(p.part.case),)
        v = judge(relation, before, after, self.setting, assuming=assuming)
        if v.agrees:
            return Checked(v.how, v.cases)
        if v.agrees is None:
            return Checked("not evaluated", because=v.because)
        open_ = [s for s in free(before) | free(after) if s.name not in self.facts.symbols]
        if len(open_) > 1:
            return Checked("not evaluated", because="its indices stand for different entries here")
        raise Misfit("numbers contradict the line with this step's symbols")


@dataclass(frozen=True, eq=False)
class _Key:
    """A line of a proof, told from others by where it stands."""

    rule: Rule
    inner: Rule
    part: ProofPart
    line: ProofLine

    def __hash__(self) -> int:
        return hash((self.rule.file, self.rule.name, self.inner.name, self.line.line))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.line is other.line and self.rule is other.rule and self.inner is other.inner


@lru_cache(maxsize=2048)
def matched(k: _Key) -> Bindings | None:
    """What stands for the inner rule's names in the proof as it is written, in the outer rule's symbols."""
    n = k.rule.induction
    case = k.part.case
    if n is not None and case is not None:
        first = ground.lowest(k.rule, n) or num(0)
        start = case.head == "Eq"
        known = () if start else (call("Ge", n, first), call("In", n, call("Integers")))
        facts = ground.facts(k.rule, {n: first if start else add(n, ONE)}, known)
    else:
        facts = ground.facts(k.rule, more=(case,) if case is not None and case.head in RELATED else ())
    if k.line.relation not in ("=", "iff"):
        return None
    line = Line(k.inner, facts)
    line.left = TRIED
    steps = line.steps(k.line.before, k.line.after)
    return steps[0].bindings if steps else None


def _headed(step: ProofStep, heading: str) -> ProofStep:
    return replace(step, why=f"{heading} {step.why}".strip())


def _said(reason: str) -> str:
    return SAID.get(reason, "")


__all__ = ["Opener"]
