"""When two terms mean the same without any calculation: one canonical key.

Equal up to names of bound symbols, order and nesting of sums and products, order of
adjacent summation signs, minus and division as powers, and folded numerals (an entry of a zero array is one). 1/(ab) is
(1/a)(1/b), and 1/x^2 is x^{-2}. Never ``x^a x^b``: that is `algebra`, a step of its own.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import permutations

from derive.terms.term import Term
from derive.terms.walk import free

COMMUTATIVE = frozenset({"Dot", "Hadamard", "Cov", "Eq", "Ne", "And", "Or", "Max", "Min",
                         "Independent", "Uncorrelated", "Set"})  # fmt: skip
MAX_PERMUTED = 4  # sums in one nest whose order is tried: 4! keys of the body


def same(a: Term, b: Term) -> bool:
    """Whether the two mean the same by the key."""
    return a is b or key(a) == key(b)


def key(t: Term) -> str:
    if t._key is None:
        t._key = _spelled(t, {})
    return t._key


def _key(t: Term, env: dict[Term, str]) -> str:
    """The key of ``t`` where ``env`` names the bound symbols."""
    if free(t).isdisjoint(env):
        return key(t)
    if t.head == "Sym" and t in env:
        return env[t]
    known = t._keys
    if known is None:
        known = t._keys = {}
    names = (len(env), *map(env.get, free(t)))
    got = known.get(names)
    if got is None:
        got = known[names] = _spelled(t, env)
    return got


def _spelled(t: Term, env: dict[Term, str]) -> str:
    h = t.head
    if h == "Num":
        return str(t.value)
    if h == "Sym":
        shape = ",".join(_key(d, env) for d in t.sort.shape)
        return f"{t.name}:{shape}" if shape else t.name
    if h == "Add":
        return _commutative("Add", t.args, env)
    if h == "Mul":
        return _commutative("Mul", t.args, env)
    if h == "Pow":
        inverse = _inverted(t)
        return _pow(t, env) if inverse is None else _key(inverse, env)
    if h == "At" and t.args[0].head == "Zeros" and len(t.args) == len(t.args[0].args) + 1:
        return "0"
    if h == "MatMul":
        return "MatMul(" + ";".join(_key(a, env) for a in _flat("MatMul", t.args)) + ")"
    if h == "Sum":
        return _nest(t, env)
    if t.is_binder:
        name = f"#{len(env)}"
        inner = {**env, t.var: name}
        domain = ";".join(_key(d, env) for d in t.domain)
        space = ",".join(_key(d, env) for d in t.var.sort.shape)
        return f"{h}({name}:{space}|{domain}|{_key(t.body, inner)})"
    args = [_key(a, env) for a in t.args]
    if h in COMMUTATIVE and not (h == "Cov" and _arrays(t)):
        args.sort()
    return f"{h}({';'.join(args)})"


def _arrays(t: Term) -> bool:
    """Of vectors, a covariance turned round is the transpose."""
    from derive.terms.shapes import shape

    return any(shape(a) for a in t.args)


def _inverted(t: Term) -> Term | None:
    """``1/(a b)`` as ``(1/a)(1/b)`` and ``1/x^e`` as ``x^{-e}``; None for anything else."""
    base, e = t.args
    if e.head != "Num" or e.value != -1:
        return None
    if base.head == "Mul":
        return Term("Mul", tuple(Term("Pow", (b, e)) for b in base.args))
    if base.head == "Pow" and base.args[1].head == "Num" and base.args[1].value != -1:
        return Term("Pow", (base.args[0], Term("Num", (-base.args[1].value,))))
    return None


def _flat(head: str, args: tuple[Term, ...]) -> list[Term]:
    out: list[Term] = []
    for a in args:
        if head == "Mul" and a.head == "Pow":
            a = _inverted(a) or a
        out.extend(_flat(head, a.args)) if a.head == head else out.append(a)
    return out


def _commutative(head: str, args: tuple[Term, ...], env: dict[Term, str]) -> str:
    number = Fraction(0 if head == "Add" else 1)
    keys: list[str] = []
    for a in _flat(head, args):
        k = _key(a, env)
        value = _as_number(k)
        if value is None and head == "Mul" and k.startswith("Mul("):
            # a power of a product of numerals may have folded into a product
            keys.append(k)
        elif value is None:
            keys.append(k)
        elif head == "Add":
            number += value
        else:
            number *= value
    if number != (0 if head == "Add" else 1) or not keys:
        keys.append(str(number))
    if len(keys) == 1:
        return keys[0]
    keys.sort()
    return f"{head}({';'.join(keys)})"


@lru_cache(4096)
def _as_number(k: str) -> Fraction | None:
    if not (k[0].isdigit() or (k[0] == "-" and k[1:2].isdigit())):
        return None
    try:
        return Fraction(k)
    except ValueError:
        return None


def _pow(t: Term, env: dict[Term, str]) -> str:
    base, exponent = _key(t.args[0], env), _key(t.args[1], env)
    e = _as_number(exponent)
    if e == 1:
        return base
    b = _as_number(base)
    if b is not None and e is not None and e.denominator == 1 and abs(e) <= 64 and (b or e > 0):
        return str(b ** int(e))
    return f"Pow({base};{exponent})"


def _nest(t: Term, env: dict[Term, str]) -> str:
    """A run of sums whose ranges do not depend on one another, in the order that gives the least key."""
    run: list[Term] = []
    cur = t
    while cur.head == "Sum" and len(run) < MAX_PERMUTED:
        limits = free(cur.args[2]) | free(cur.args[3])
        if any(s.var in limits for s in run):
            break
        if any(cur.var == s.var for s in run):
            break
        run.append(cur)
        cur = cur.body
    ranges = [f"{_key(s.args[2], env)}..{_key(s.args[3], env)}" for s in run]
    begun: dict[str, list[dict[Term, str]]] = {}  # what the indices are called, by what the key then begins with
    for order in permutations(range(len(run))):
        inner = {**env, **{run[i].var: f"#{len(env) + level}" for level, i in enumerate(order)}}
        pairs = sorted("!=".join(sorted((inner[s.var], _key(x, inner)))) for s in run for x in s.args[4:])
        begun.setdefault(f"Sum({','.join(ranges[i] for i in order)}|{','.join(pairs)}|", []).append(inner)
    least = min(begun)
    return f"{least}{min(_key(cur, inner) for inner in begun[least])})"
