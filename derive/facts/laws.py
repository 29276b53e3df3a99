"""Laws: what distribution the document gives to an entry, which laws agree, what is symmetric."""

from __future__ import annotations

from derive.facts.facts import Facts, atoms, is_random
from derive.facts.stated import law_of
from derive.facts.verdict import UNKNOWN, Verdict, both, yes
from derive.kernel.algebra import equal
from derive.terms import ZERO, Sort, Term, add, free, is_num, mul, neg, rebuild, same, shape, subterms


def same_law(facts: Facts, a: Term, b: Term) -> Verdict:
    """Whether two expressions have one distribution: the same law, or entries of one i.i.d. array, or a sign flip."""
    if same(a, b):
        return yes("they are the same")
    la, lb = law_of(facts, a), law_of(facts, b)
    if la and lb and same(la[0], lb[0]):
        return yes(f"both have the distribution {facts.tex(la[0])}", la[1], lb[1])
    if a.head == "At" and b.head == "At" and a.args[0] == b.args[0]:
        for g in facts.givens:
            if g.prop.head == "Iid" and a.args[0] in g.prop.args:
                return yes(f"the entries of {facts.tex(a.args[0])} are identically distributed", g.line)
            if g.prop.head == "IidMembers" and a.args[0] in g.prop.args and facts.symbols[a.args[0].name].family and a.args[2:] == b.args[2:]:
                return yes(f"the members of ${facts.tex(a.args[0])[1:-1]}$ are identically distributed", g.line)
    return _same_function(facts, a, b) or mirrored(facts, a, b)


def mirrored(facts: Facts, a: Term, b: Term) -> Verdict:
    """``b = -a`` where turning the sign of one symmetric source, independent of all else in ``a``, turns ``a`` into ``b``."""
    from derive.facts.independence import independent_entries, separate

    found, _ = atoms(facts, a)
    sources = list(dict.fromkeys(x.source for x in found))
    for s in sources:
        entry = next(x for x in found if x.source == s)
        free_index = tuple(Term("Sym", (f"any{n}", Sort())) for n in range(len(entry.index), len(s.sort.shape)))
        got = law_of(facts, Term("At", (s, *entry.index, *free_index)) if s.sort.shape else s)
        if got is None or not symmetric(got[0]) or (s.sort.shape and not independent_entries(facts, s)):
            continue
        rest = frozenset(sources) - {s}
        apart = separate(facts, [frozenset((s,)), rest]) if rest else yes("")
        if apart and equal(_turned(facts.seen(a), s), facts.seen(b))[0]:
            said = yes(f"{facts.tex(s)} and its negative have the same distribution, and turning the sign of {facts.tex(s)} "
                       f"turns {facts.tex(a)} into its negative", got[1])  # fmt: skip
            return both([said, apart])
    return UNKNOWN


def _turned(t: Term, s: Term) -> Term:
    """``t`` with every entry of ``s`` negated."""
    if t == s or (t.head == "At" and t.args[0] == s):
        return neg(t)
    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder:
        return Term(t.head, (t.var, _turned(t.body, s), *t.domain))
    parts = tuple(_turned(c, s) for c in t.args)
    if t.head == "MatMul" or t.head == "At" and shape(parts[0]):  # the minus of a factor, of an array, is the product's, the entry's
        plain = tuple(_unsigned(c) for c in parts)
        turned = sum(p != c for p, c in zip(plain, parts, strict=True))
        return neg(rebuild(t, plain)) if turned % 2 else rebuild(t, plain)
    return rebuild(t, parts)


def _unsigned(t: Term) -> Term:
    """``M`` of an array ``-M``."""
    return mul(*t.args[1:]) if t.head == "Mul" and is_num(t.args[0], -1) and shape(t) else t


def _same_function(facts: Facts, a: Term, b: Term) -> Verdict:
    """The same function of two things that a line says have one distribution; nothing else random may be in it."""
    w = Term("Sym", ("W'", Sort()))
    said = [(*g.prop.args, g.line) for g in facts.givens if g.prop.head == "SameLaw" and len(g.prop.args) == 2]
    for x in free(b):
        got = law_of(facts, x) if not x.sort.shape else None
        if got is not None and symmetric(got[0]):
            said.append((x, neg(x), got[1]))
    for g in facts.givens:
        for source in g.prop.args if g.prop.head == "Iid" else ():
            u, v = (list(dict.fromkeys(x for x in subterms(t) if x.head == "At" and x.args[0] == source)) for t in (a, b))
            if len(u) == 1 == len(v):
                said.append((u[0], v[0], g.line))
    for one, other, line in said:
        if shape(one) or shape(other):
            continue
        for u, v in ((one, other), (other, one)):
            x, y = _put(a, u, w), _put(b, v, w)
            if same(x, y) and not is_random(facts, x) and not is_random(facts, y):
                return yes(f"{facts.tex(u)} and {facts.tex(v)} have the same distribution", line)
    return UNKNOWN


def symmetric(law: Term) -> bool:
    """Whether minus what has this law has it too."""
    if law.head == "Uniform":
        return equal(add(*law.args), ZERO)[0]
    return law.head == "Rademacher" or law.head in ("Normal", "Laplace") and is_num(law.args[0], 0)


def _put(t: Term, old: Term, new: Term) -> Term:
    """``t`` with every ``old`` in it replaced (nothing bound is in ``old``)."""
    if same(t, old):
        return new
    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder and t.var in free(old):
        return t
    if t.is_binder:
        return Term(t.head, (t.var, *(_put(x, old, new) for x in t.args[1:])))
    return rebuild(t, tuple(_put(x, old, new) for x in t.args))
