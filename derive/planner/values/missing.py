"""What a stopped derivation lacks: hypotheses tried in turn, until with one of them what is left has a value.

Nothing here is proved: a hypothesis that the document does not make is taken up only to see whether it is what stands in
the way, and is named in the refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from derive.facts.facts import CHANCE, Atom, Facts, atoms
from derive.facts.independence import components, independent, independent_entries, separate
from derive.facts.knowing import listed
from derive.facts.signs import wanting
from derive.facts.stated import given_value, law_of
from derive.language.model import Given
from derive.planner.values.pretty import uncancelled
from derive.planner.values.value import Finder
from derive.terms import ZERO, Term, call, expect, free, mul, same, shape, subterms
from derive.terms.shapes import PROPOSITIONS

MAX_SOURCES = 5
UNSAID = "nothing says that "


@dataclass(frozen=True)
class Lack:
    """A missing hypothesis: in words, and with what it would do."""

    missing: str
    reason: str


def lacking(finder: Finder, left: Term, facts: Facts) -> Lack | None:
    """The hypothesis that would give ``left`` a value."""
    tied = tied_to_known(left, facts)
    if tied is not None:
        return tied
    for p, words in (*hypotheses(left, facts), *centred(finder, left, facts)):
        more = replace(facts, givens=(*facts.givens, Given(p, 0, "")), cache={})
        found = finder.by("entry by entry", left, more)
        if finder.open(found.value, more) is not None:
            continue
        told = f"{_split(left, more) or facts.tex(left)} needs that {words}, and nothing says so."
        if p.head == "Independent" and len(p.args) == 2:
            weaker = replace(facts, givens=(*facts.givens, Given(call("Uncorrelated", *p.args), 0, "")), cache={})
            end = finder.by("entry by entry", left, weaker).value
            if finder.open(end, weaker) is None:
                told += " That they are uncorrelated would be enough."
        return Lack(words, told)
    return undetermined(left, facts)


def between_laws(finder: Finder, left: Term, facts: Facts) -> Lack | None:
    """What the definition of an entropy or a divergence, or the formula of a density in it, asks of its laws, and these do not have."""
    refused = finder.by("rule by rule", left, facts).refused
    about = [r for r in finder.library.rules if r.name in refused and r.claim.head in ("Eq", "Ge")]
    own = [r for r in about if r.claim.args[0].head == left.head]
    formulas = [r for r in about if r.claim.args[0].head == "Ln" and r.claim.args[0].args[0].head == "Density"]
    for rule in (*sorted(own, key=lambda r: r.claim.args[0].args[0].head == "Sym"), *formulas):  # of named laws first
        why = refused[rule.name]
        lacks = str(why).split(UNSAID, 1)[1] if UNSAID in str(why) else getattr(why, "missing", "")
        if lacks:
            return Lack(lacks, f"{facts.tex(left)} has no value here, because {why}.")
    return None


def hypotheses(left: Term, facts: Facts) -> Iterator[tuple[Term, str]]:
    """Independence that the document does not state: of the entries of one array, of two things, of all of them; that what stands above
    and below a line is not 0."""
    if uncancelled(left):
        for s in sorted(free(left), key=lambda s: s.name):
            zero = call("Zeros", *s.sort.shape) if s.sort.shape else ZERO
            yield call("Ne", s, zero), facts.tex(call("Ne", s, zero))
        return
    sources = list(dict.fromkeys(a.source for a in touched(left, facts)))
    if len(sources) > MAX_SOURCES:
        return
    for s in sources:
        if s.sort.shape and not independent_entries(facts, s):
            yield call("IndependentEntries", s), f"the entries of {facts.tex(s)} are independent"
    loose = sorted((s for s in free(left) if s.name not in facts.symbols and not s.sort.shape), key=lambda s: s.name)
    for i, j in combinations(loose, 2):
        yield call("Ne", i, j), facts.tex(call("Ne", i, j))
    apart = [(a, b) for a, b in combinations(sources, 2) if not separate(facts, [frozenset((a,)), frozenset((b,))])]
    for pair in apart:
        yield call("Independent", *pair), _independent(pair, facts)
    if len(sources) > 2 and not separate(facts, [frozenset((s,)) for s in sources]):
        yield call("Independent", *sources), _independent(tuple(sources), facts)


def tied_to_known(left: Term, facts: Facts) -> Lack | None:
    """What is averaged given something that it is made of, or that is made of it: no rule says what is left of it then."""
    given = next((u.args[0] for u in subterms(left) if u.head in CHANCE and u.args[0].head == "Given"), None)
    if given is None:
        return None
    known = listed([facts.tex(y) for y in given.args[1:]])
    if any(y.head in PROPOSITIONS for y in given.args[1:]):
        return Lack("a random quantity behind the bar", f"{facts.tex(left)} is left: an average is worked out given random quantities, and {known} is a statement about them.")
    own = {a.source for y in given.args[1:] for a in atoms(facts, y)[0]} - set(given.args[1:])
    tied = sorted({a.source for a in atoms(facts, given.args[0])[0]} & own, key=lambda s: s.name)
    if not tied:
        return None
    what = f"the distribution of {listed([facts.tex(s) for s in tied])} given {known}"
    return Lack(what, f"{facts.tex(left)} is left: it needs {what}, which nothing gives.")


def centred(finder: Finder, left: Term, facts: Facts) -> Iterator[tuple[Term, str]]:
    """That the mean of what stands in a mean size is 0."""
    if left.head != "Expect" or left.args[0].head != "Abs" or shape(left):
        return
    mean = finder.by("entry by entry", expect(left.args[0].args[0]), facts).value
    if finder.open(mean, facts) is not None or not free(mean):
        return
    p = call("Eq", mean, ZERO)
    yield p, facts.tex(wanting(facts, mean, "Eq") if mean.head == "Add" else p)


def touched(left: Term, facts: Facts) -> list[Atom]:
    """What is random in the parts of an expectation, a variance or a covariance."""
    parts = left.args if left.head in CHANCE else (left,)
    return [a for t in parts for a in atoms(facts, t)[0]]


def _independent(sources: tuple[Term, ...], facts: Facts) -> str:
    shown = [facts.tex(s) for s in sources]
    return ", ".join(shown[:-1]) + f" and {shown[-1]} are independent"


def _split(left: Term, facts: Facts) -> str:
    """What the hypothesis would make of an expectation of a product: the product of the expectations."""
    if left.head == "Expect" and left.args[0].head == "MatMul" and len(left.args[0].args) == 2:
        a, b = left.args[0].args
        return facts.tex(call("Eq", left, call("MatMul", expect(a), expect(b)))) if independent(facts, (a, b)) else ""
    if left.head != "Expect" or left.args[0].head != "Mul":
        return ""
    groups = components(facts, list(left.args[0].args))
    if len(groups) < 2:
        return ""
    return facts.tex(call("Eq", left, mul(*(expect(mul(*g)) for g in groups))))


def undetermined(left: Term, facts: Facts) -> Lack | None:
    """A moment of one thing whose distribution the document does not give."""
    if left.head not in ("Expect", "Var", "Cov") or shape(left):
        return None
    known = [Term("At", (a.source, *a.index)) if a.index else a.source for a in touched(left, facts)]
    bare = [x for x in known if not shape(x) and law_of(facts, x) is None]
    if not bare or given_value(facts, left) is not None:
        return None
    x = left.args[0]
    while x.head in ("Pow", "Abs"):
        x = x.args[0]
    if any(same(x, b) for b in bare):
        return Lack(f"a distribution or a moment that gives {facts.tex(left)}", f"Nothing that is given determines {facts.tex(left)}.")
    said = " and ".join(dict.fromkeys(facts.tex(b) for b in bare))
    return Lack(f"the distribution of {said}", f"{facts.tex(left)} is left, and the distribution of {said} is not given.")
