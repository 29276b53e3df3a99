"""What a rule gives to its own proof: its names as symbols, its hypotheses as lines that hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from derive.facts.facts import CHANCE, Facts
from derive.language.model import Given, Symbol
from derive.referee.rules import counts
from derive.referee.rules import symbols as declared
from derive.rulebook.model import Hypothesis, Rule, RuleName
from derive.terms import ZERO, Sort, Term, call, contains, num, subst, sym
from derive.terms.walk import subst_sort


def symbols(rule: Rule) -> dict[str, Symbol]:
    """The rule's names as declared symbols. Where only the proof averages, any name may be random."""
    lines = [t for p in rule.proof for x in p.lines for t in (x.before, x.after)]
    averaged = any(contains(t, h) for t in lines for h in CHANCE) and not any(contains(rule.claim, h) for h in CHANCE)
    out = declared(rule)
    if averaged:
        out |= {k: replace(s, role="random") for k, s in out.items() if rule.names[k].role in ("value", "family")}
    return out


def facts(rule: Rule, table: Mapping[Term, Term] = {}, more: Iterable[Term] = ()) -> Facts:
    """The facts of a proof; ``table`` puts another size for a name, ``more`` are what a case adds."""
    props = [resized(rule, h.prop, table) for h in rule.hypotheses]
    for n in counts(rule):
        if n not in table:
            props += [call("Ge", n, ZERO), call("In", n, call("Integers"))]
    props += more
    givens = tuple(Given(p, k + 1, "") for k, p in enumerate(props))
    names = {k: s for k, s in symbols(rule).items() if s.term not in table or table[s.term].head != "Num"}
    return Facts(names, givens, {})


def resized(rule: Rule, t: Term, table: Mapping[Term, Term]) -> Term:
    """``t`` with other sizes; families keep the sort that the proof's lines are read with."""
    if not table:
        return t
    back = {}
    for n in rule.names.values():
        sort = subst_sort(n.term.sort, table)
        if sort != n.term.sort:
            back[Term("Sym", (n.term.name, sort))] = n.term
    return subst(subst(t, table), back)


def hypothesis_of_induction(rule: Rule, n: Term) -> Rule:
    """The claim for ``n``, for every other choice of names: a rule whose own names are new."""
    table: dict[Term, Term] = {}
    for name, x in rule.names.items():
        if not x.term.sort.shape and x.term.sort.takes is None:
            table[x.term] = sym(f"{name}''")
    for name, x in rule.names.items():
        if x.term not in table:
            s: Sort = subst_sort(x.term.sort, table)
            table[x.term] = Term("Sym", (f"{name}''", s))
    # arrays first resize with their sizes: both spellings lead to the new name
    spelled = dict(table)
    for x in rule.names.values():
        spelled[Term("Sym", (x.term.name, subst_sort(x.term.sort, table)))] = table[x.term]

    def new(t: Term) -> Term:
        return subst(t, spelled)

    names = {f"{k}''": RuleName(table[x.term], x.role, x.random) for k, x in rule.names.items()}
    hypotheses = [Hypothesis(new(h.prop), h.text, h.kind) for h in rule.hypotheses]
    hypotheses.append(Hypothesis(call("Eq", table[n], n), "the size is that of the step before"))
    return replace(rule, name="induction", names=names, hypotheses=tuple(hypotheses), claim=new(rule.claim))


def lowest(rule: Rule, n: Term) -> Term | None:
    """The least value that the hypotheses leave to ``n``."""
    if rule.names[n.name].role in ("dimension", "shape"):
        return num(1)
    for h in rule.hypotheses:
        if h.prop.head == "Ge" and h.prop.args[0] == n and h.prop.args[1].head == "Num":
            return h.prop.args[1]
    return ZERO if n in counts(rule) else None


__all__ = ["counts", "facts", "hypothesis_of_induction", "lowest", "resized", "symbols"]
