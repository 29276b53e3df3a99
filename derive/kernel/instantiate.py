"""A rule's text with this step's terms put in.

Bindings give a term for every name of the rule: for a family ``X_1, …, X_n`` a ``Lambda`` over its index or a written
``List``, for its size ``n`` an ``IndexRange(low, high, excluded…)`` or a number; for a function a ``Lambda`` (or the
document's function symbol). Bound names of the rule are renamed apart from everything around the place; ``letters`` are
the document's own letters for the indices of a size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from derive.kernel.numbers import tidy
from derive.rulebook.model import Rule
from derive.terms import ZERO, Sort, Term, add, at, call, free, is_num, mul, num, rebuild, shape, subst, subterms
from derive.terms.walk import INDEX_NAMES, array_names, sort_free, subst_sort

Bindings = Mapping[str, Term]
DERIVATIVES = frozenset({"Grad", "Jac", "Hess", "Deriv"})
REALS = "tuzs"  # for what is bound and no index
NO_LETTERS: Mapping[Term, str] = {}


class Misfit(Exception):
    """The bindings do not fit the rule (a name unbound, a size that cannot be counted)."""


def apply_lambda(f: Term, args: tuple[Term, ...]) -> Term:
    """``f(args)`` for a nested Lambda or a function symbol."""
    if f.head != "Lambda":
        return call("Apply", f, *args)
    for a in args:
        if f.head != "Lambda":
            raise Misfit("too many arguments")
        f = subst(f.body, {f.var: a})
    return f


def axes(shape: tuple[Term, ...]) -> tuple[Term, ...]:
    """A shape in which a name for a whole shape stands for its axes."""
    return tuple(x for d in shape for x in (d.args if d.head == "Shape" else (d,)))


def spelled_out(sort: Sort) -> Sort:
    return Sort(axes(sort.shape), sort.takes and tuple(axes(s) for s in sort.takes))


class Instance:
    """One instantiation; ``avoid`` are names that bound symbols may not take, ``size`` counts an index range."""

    def __init__(
        self, rule: Rule, bindings: Bindings, avoid: Iterable[str], size: Callable[[Term], Term], letters: Mapping[Term, str] = NO_LETTERS
    ) -> None:
        self.rule, self.b, self.size, self.letters = rule, bindings, size, letters
        self.by_term = rule.by_term
        self._around = avoid

    @cached_property
    def avoid(self) -> set[str]:
        out = set(self._around)
        for t in self.b.values():
            out |= {s.name for s in free(t)}
        return out

    def of(self, t: Term) -> Term:
        return tidy(self.put(t, {}))

    def binding(self, name: str) -> Term:
        got = self.b.get(name)
        if got is None:
            raise Misfit(f"nothing is chosen for {name}")
        return got

    def put(self, t: Term, env: dict[Term, Term]) -> Term:
        if t.head == "Num":
            return t
        if t.head == "Sym":
            if t in env:
                return env[t]
            name = self.by_term.get(t)
            if name is None:
                return Term("Sym", (t.name, self.sort(t.sort, env)))
            got = self.binding(name)
            if got.head == "IndexRange":
                return self.size(got)
            return got
        if t.head == "At" and t.args[0] in self.by_term and t.args[0] not in env:
            name = self.by_term[t.args[0]]
            if self.rule.names[name].role == "family":
                return self.member(name, t.args[1:], env)
        if t.head == "Apply" and t.args[0] in self.by_term:
            f = self.binding(self.by_term[t.args[0]])
            return apply_lambda(f, tuple(self.put(a, env) for a in t.args[1:]))
        if t.head in ("Sum", "Prod"):
            return self.big(t, env)
        if t.is_binder:
            var = self.bound(t, env)
            inner = {**env, t.var: var}
            body, head = self.put(t.body, inner), t.head
            if head in ("Grad", "Jac"):  # of a number in a number; of a number; of an array
                head = "Deriv" if not var.sort.shape else "Jac" if shape(body) else "Grad"
            return Term(head, (var, body, *(self.put(d, env) for d in t.domain)))
        if t.head == "Zeros":
            sizes = axes(tuple(self.put(a, env) for a in t.args))
            return Term("Zeros", sizes) if sizes else ZERO
        return rebuild(t, tuple(self.put(a, env) for a in t.args))

    def bound(self, t: Term, env: dict[Term, Term]) -> Term:
        """The symbol for what a binder binds: as the document calls it, where that hides nothing."""
        name = self.by_term.get(t.var)
        want = self.b[name].name if name is not None and name in self.b and self.b[name].head == "Sym" else self.called(t.body, t.var)
        if want is None:
            return self.rename(t.var, t.var.name, env, REALS)
        inside = {s.name for s in free(t.body) if s != t.var and s in self.by_term
                  for s in free(self.b.get(self.by_term[s], ZERO))} | {v.name for s, v in env.items() if s != t.var and v.head == "Sym"}
        sort = self.sort(t.var.sort, env)
        if want in inside or (want in self.avoid and t.head not in DERIVATIVES):
            return self.rename(t.var, want, env, REALS)
        return Term("Sym", (want, sort))

    def called(self, body: Term, var: Term) -> str | None:
        """The name that the document's own argument has in a function of ``var``."""
        for u in subterms(body):
            if u.head == "Apply" and u.args[0] in self.by_term and var in u.args[1:]:
                got = self.b.get(self.by_term[u.args[0]])
                for a in u.args[1:]:
                    if got is None or got.head != "Lambda":
                        break
                    if a == var:
                        return got.var.name
                    got = got.body
        return None

    def sort(self, sort, env):
        if not (sort.shape or sort.takes):
            return sort
        used = sort_free(sort)
        table = {n.term: self.binding(name) for name, n in self.rule.names.items() if n.role in ("dimension", "shape") and n.term in used}
        return spelled_out(subst_sort(sort, table)) if table else sort

    def rename(self, var: Term, want: str, env: dict[Term, Term], letters: Iterable[str] = INDEX_NAMES) -> Term:
        taken = self.avoid | {v.name for v in env.values() if v.head == "Sym"}
        sort = self.sort(var.sort, env)
        if want in taken:
            for n in letters if not sort.shape else array_names(sort):
                if n not in taken:
                    want = n
                    break
            else:
                k = 1
                while f"{want}_{k}" in taken:
                    k += 1
                want = f"{want}_{k}"
        return Term("Sym", (want, sort))

    def member(self, name: str, index: tuple[Term, ...], env: dict[Term, Term]) -> Term:
        got = self.binding(name)
        for n, i in enumerate(index):
            i = self.put(i, env)
            if got.head == "List":
                if i.head != "Num" or not 1 <= i.value <= len(got.args):
                    raise Misfit(f"the written list for {name} has no member {i}")
                got = got.args[int(i.value) - 1]
            elif got.head == "Lambda":
                got = subst(got.body, {got.var: i})
            else:
                return at(got, i, *(self.put(x, env) for x in index[n + 1 :]))
        return got

    def big(self, t: Term, env: dict[Term, Term]) -> Term:
        """A sum or product; over a family's range, or written out for a list."""
        lo, hi, *excluded = t.domain
        size = self.by_term.get(hi)
        bound = self.b.get(size) if size is not None else None
        shown = self.display(t.body, t.var)
        if bound is not None and is_num(lo, 1) and size is not None and self.rule.names[size].role == "integer":
            if bound.head == "IndexRange":
                low, high, *out = bound.args
                if (out or not is_num(low, 1)) and self.as_number(t.body, t.var):
                    raise Misfit(f"{t.var.name} stands for a number, so its range must be 1, …, n")
                ex = [self.put(e, env) for e in excluded]
                var = self.rename(t.var, shown or self.letters.get(high) or t.var.name, env)
                return Term(t.head, (var, self.put(t.body, {**env, t.var: var}), low, high, *out, *ex))
            if bound.head == "Num" and self.has_list(t.body, t.var):
                ex = [self.put(e, env) for e in excluded]
                if any(e.head != "Num" for e in ex):
                    raise Misfit("an index left out of a written list must be a number")
                parts = [self.put(t.body, {**env, t.var: num(k)})
                         for k in range(1, int(bound.value) + 1) if num(k) not in ex]  # fmt: skip
                return add(*parts) if t.head == "Sum" else mul(*parts)
        domain = tuple(self.put(d, env) for d in t.domain)
        var = self.rename(t.var, shown or self.called(t.body, t.var) or self.letters.get(domain[1]) or t.var.name, env)
        return Term(t.head, (var, self.put(t.body, {**env, t.var: var}), *domain))

    def as_number(self, t: Term, var: Term) -> bool:
        """Whether an index stands anywhere but in a family's subscript."""
        if t == var:
            return True
        if t.head == "At" and t.args[0] in self.by_term and self.rule.names[self.by_term[t.args[0]]].role == "family":
            return any(a != var and self.as_number(a, var) for a in t.args[1:])
        if t.head in ("Sum", "Prod"):  # an index left out is compared, not calculated with
            return self.as_number(t.body, var) or any(self.as_number(d, var) for d in t.domain[:2])
        return any(self.as_number(c, var) for _, c in t.children())

    def display(self, body: Term, var: Term) -> str | None:
        """The name that the document's own index has in the family that runs along ``var``."""
        for u in subterms(body):
            if u.head == "At" and u.args[0] in self.by_term and var in u.args[1:]:
                got = self.b.get(self.by_term[u.args[0]])
                for i in u.args[1:]:
                    if got is None or got.head != "Lambda":
                        break
                    if i == var:
                        return got.var.name
                    got = got.body
        return None

    def has_list(self, body: Term, var: Term) -> bool:
        for u in subterms(body):
            if u.head == "At" and u.args[0] in self.by_term and var in u.args[1:]:
                got = self.b.get(self.by_term[u.args[0]])
                for i in u.args[1:]:
                    if got is None:
                        break
                    if i == var and got.head == "List":
                        return True
                    got = got.body if got.head == "Lambda" else got.args[0] if got.head == "List" and got.args else None
        families = any(u.head == "At" and u.args[0] in self.by_term for u in subterms(body))
        return not families and any(b.head == "List" for b in self.b.values())


__all__ = ["Bindings", "Instance", "Misfit", "apply_lambda"]
