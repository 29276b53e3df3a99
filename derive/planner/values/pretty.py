"""The closed form a person would write: ``d_1 + \\frac{2}{\\pi} (d_1^2 - d_1)``, not a heap."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm

from derive.facts.factors import common_factor
from derive.kernel.algebra import Algebra, TooLarge
from derive.kernel.numbers import tidy
from derive.kernel.polynomials import Monomial, Poly
from derive.terms import ONE, Term, add, contains, free, key, mul, num, power, rebuild, shape, size

KEEP = 0.6  # how much shorter an expression with integer parts must become to be rewritten
CONSTANTS = frozenset({"Pi", "E", "Num", "Gamma"})
NEAR = 3  # how much longer to read a form by degree may be
ARRAYS = frozenset({"MatMul", "Transpose", "Add", "At", "Apply", "Hadamard", "Grad", "Jac", "ExpectOver"})
MADE_OF_ARRAYS = frozenset({"Dot", "Norm", "Sigmoid", "Exp", "Ln", "Tanh"})
HALF = Fraction(1, 2)
LETTERS = frozenset({"Pi", "E", "Num", "Sym"})  # what stands before a root, and that before all else


def pretty(t: Term) -> Term:
    """An equal form of ``t``: monomials by falling degree, grouped by their irrational coefficient."""
    alg = Algebra()
    try:
        p = alg.normal(t)
    except TooLarge:
        return t
    if not p:
        return num(0)
    common = _common(alg, p)
    rest: Poly = {}
    for m, c in p.items():
        left = {k: e - common.get(k, Fraction(0)) for k, e in m}
        for k, e in common.items():
            left.setdefault(k, -e)
        rest[tuple(sorted((k, e) for k, e in left.items() if e))] = c
    groups: dict[Monomial, Poly] = {}
    for m, c in rest.items():
        constant = tuple((k, e) for k, e in m if alg.atoms[k].head in CONSTANTS)
        symbolic = tuple((k, e) for k, e in m if alg.atoms[k].head not in CONSTANTS)
        groups.setdefault(constant, {})[symbolic] = c
    below = {c.denominator for c in rest.values()} if common and len(groups) == 1 else {1}
    content = Fraction(gcd(*(c.numerator for c in rest.values())), *below) if len(below) == 1 != max(below) else Fraction(1)  # a (b + c)/3, not a (b/3 + c/3)
    groups = {constant: {m: c / content for m, c in inner.items()} for constant, inner in groups.items()}
    parts = [_group(alg, constant, inner, len(groups)) for constant, inner in sorted(groups.items(), key=lambda g: len(g[0]))]
    body = mul(num(content), add(*parts)) if content != 1 else add(*parts)
    front = [(alg.atoms[k].head == "Sym", power(_inner(alg, k), num(e)) if e != 1 else _inner(alg, k)) for k, e in sorted(common.items())]
    letters, others = [t for letter, t in front if letter], [t for letter, t in front if not letter]
    out = in_order(mul(*letters, *(() if front and body.head == "Num" and body.value == 1 else (body,)), *others))
    if contains(t, "Floor") and size(out) > KEEP * size(t):  # a remainder multiplied out is no simpler
        return t
    return out if size(out) <= 2 * size(t) + 8 else t


def in_order(t: Term) -> Term:
    """Each product of ``t`` as a person writes it: letters before what is made of arrays, and arrays last."""
    if t.head in ("Num", "Sym"):
        return t
    args = tuple(in_order(a) if isinstance(a, Term) else a for a in t.args)
    if t.head == "Add" and shape(t) and _negative(args[0]):  # x - y, not -y + x
        first = next((a for a in args if not _negative(a)), args[0])
        return add(first, *(a for a in args if a is not first))
    return Term("Mul", tuple(sorted(args, key=_place))) if t.head == "Mul" else rebuild(t, args)


def _place(t: Term) -> int:
    if t.head == "Sym":
        return 3 if t.sort.shape else 0
    if t.head in ARRAYS and shape(t):
        return 3
    return 1 if t.head in MADE_OF_ARRAYS else 2 if t.head == "Add" and any(contains(t, h) for h in ("Sigmoid", "Exp")) else 0


def neat(t: Term) -> Term:
    """The shorter of two closed forms: expanded and grouped, or the products as they are with equal factors put together."""
    kept, grouped = products(t), pretty(t)
    if kept == t and t.head != "Add" and (len(free(t)), reading(t)) <= (len(free(grouped)), reading(grouped)):
        return t
    if len(free(grouped)) == len(free(kept)) and reading(grouped) <= reading(kept) + NEAR:
        return grouped  # by degree, as a person writes a polynomial
    return min(grouped, kept, key=lambda f: (len(free(f)), reading(f)))  # a letter that cancels goes first of all


def products(t: Term) -> Term:
    """``t`` with the equal factors of each product put together, numbers and letters first, and like terms added."""
    if t.head in ("Num", "Sym") or t.is_binder:
        return t
    if t.head == "Add":
        parts = like_terms(add(*(products(a) for a in t.args)).args or (t,))
        parts.sort(key=lambda a: (a.head == "Num", _negative(a)))
        first = next((a for a in parts if not _negative(a)), parts[0] if parts else t)
        return add(*([first, *(a for a in parts if a is not first)] if parts else []))  # nobody begins with a minus
    if t.head != "Mul" or shape(t):
        return rebuild(t, tuple(products(a) for a in t.args))
    number, powers = Fraction(1), list[tuple[Term, Fraction]]()
    for a in t.args:
        b = products(a)
        for f in b.args if b.head == "Mul" else (b,):
            if f.head == "Num":
                number *= f.value
            else:
                powers.append(_raised(f))
    powers = [part for base, e in powers for part in _apart(base, e)]
    order = sorted((x for x in _summed(powers) if x[1]), key=lambda x: (x[0].head not in LETTERS, x[0].head not in ("Add", *LETTERS)))
    return mul(*([num(number)] if number != 1 or not order else []), *(power(b, num(e)) if e != 1 else b for b, e in order))


def _raised(t: Term) -> tuple[Term, Fraction]:
    """What ``t`` is a power of, and which: of a root squared, what is under the root."""
    if t.head != "Pow" or t.args[1].head != "Num":
        return t, Fraction(1)
    base, e = _raised(t.args[0]) if t.args[1].value.denominator == 1 else (t.args[0], Fraction(1))
    return base, e * t.args[1].value


def _apart(base: Term, e: Fraction) -> list[tuple[Term, Fraction]]:
    """A sum that is a factor, with what all of its terms have in front of it."""
    parts = common_factor(base) if base.head == "Add" and e.denominator == 1 else None
    if parts is None:
        return [(base, e)]
    return [*_factors(parts[0], e), (parts[1], e)]


def _negative(t: Term) -> bool:
    number = t.args[0] if t.head == "Mul" else t
    return number.head == "Num" and number.value < 0


def like_terms(terms: Iterable[Term]) -> list[Term]:
    """Terms that differ by a number only put together, in the order in which they first stand: of ``a, b, -a`` only ``b``."""
    counted = []
    for a in terms:
        number, rest = (a.args[0].value, mul(*a.args[1:])) if a.head == "Mul" and a.args[0].head == "Num" else (Fraction(1), a)
        counted.append((ONE, a.value) if a.head == "Num" else (rest, number))
    return [rest if n == 1 else num(n) if rest == ONE else mul(num(n), rest) for rest, n in _summed(counted) if n]


def _summed(counted: Iterable[tuple[Term, Fraction]]) -> list[tuple[Term, Fraction]]:
    """Equal terms put together and their numbers added, in the order in which they first stand."""
    groups: dict[str, tuple[Term, Fraction]] = {}
    for t, n in counted:
        k = key(t)
        groups[k] = (t, groups[k][1] + n if k in groups else n)
    return list(groups.values())


def reading(t: Term) -> int:
    """How much there is to read: a sum costs a reader more than its signs, one inside another more again."""
    def walk(u: Term, depth: int) -> int:
        if u.head in ("Num", "Sym"):
            return 1
        own = 4 + 4 * depth + 3 * (len(u.domain) - 2) if u.head == "Sum" else 1
        return own + sum(walk(c, depth + (u.head == "Sum")) for _, c in u.children())

    return walk(t, 0)


def _common(alg: Algebra, p: Poly) -> dict[str, Fraction]:
    """What every monomial has with one and the same exponent; beside that, letters that every monomial has at all."""
    if len(p) < 2:
        return {}
    tables = [dict(m) for m in p]
    shared = {k: e for k, e in tables[0].items()
              if alg.atoms[k].head not in CONSTANTS and all(t.get(k) == e for t in tables[1:])}  # fmt: skip
    if any(alg.atoms[k].head != "Sym" for k in shared):
        least = {k: min(t.get(k, Fraction(0)) for t in tables) for k in tables[0] if alg.atoms[k].head == "Sym"}
        shared |= {k: e for k, e in least.items() if e > 0}
    for k in tables[0]:  # s (1 - s), not s - s^2
        if alg.atoms[k].head == "Sigmoid" and (e := min(t.get(k, Fraction(0)) for t in tables)) > 0:
            shared[k] = e
    return shared


def _group(alg: Algebra, constant: Monomial, inner: Poly, groups: int) -> Term:
    if not constant or len(inner) == 1:
        ordered = sorted(inner.items(), key=lambda x: (-sum((e for _, e in x[0]), Fraction(0)), x[1] < 0))
        return add(*(_monomial(alg, c, (*constant, *m)) for m, c in _begun(ordered)))
    n = gcd(*(c.numerator for c in inner.values()))
    d = lcm(*(c.denominator for c in inner.values()))
    minus = sum(c < 0 for c in inner.values()) * 2 > len(inner)
    content = Fraction(n, d) * (-1 if minus else 1)
    ordered = sorted(inner.items(), key=lambda x: -sum((e for _, e in x[0]), Fraction(0)))
    body = add(*(_monomial(alg, c, m) for m, c in _begun([(m, c / content) for m, c in ordered])))
    return mul(_monomial(alg, content, constant), body)


def _begun(ordered: list[tuple[Monomial, Fraction]]) -> list[tuple[Monomial, Fraction]]:
    """Nobody begins with a minus where something has none."""
    first = next((x for x in ordered if x[1] > 0), ordered[0])
    return [first, *(x for x in ordered if x is not first)]


def _inner(alg: Algebra, k: str) -> Term:
    """An atom as it is shown: a sum under a root or below a line in its own closed form."""
    atom = alg.atoms[k]
    return pretty(atom) if atom.head == "Add" else atom


def _monomial(alg: Algebra, c: Fraction, m: Monomial) -> Term:
    """Roots of one exponent stand under one root: ``\\sqrt{2/\\pi}``."""
    halves = [(k, e) for k, e in m if e.denominator == 2 and alg.atoms[k].head in CONSTANTS]
    letters = [x for x in m if x not in halves and alg.atoms[x[0]].head in LETTERS]
    others = [x for x in m if x not in halves and x not in letters]
    parts = [] if c == 1 and m else [num(c)]
    parts += [power(_inner(alg, k), num(e)) if e != 1 else _inner(alg, k) for k, e in letters if abs(e) != HALF]
    for half in (HALF, -HALF):
        rooted = [alg.atoms[k] for k, e in letters if e == half]
        if half < 0 and halves and all(e == half for _, e in halves):  # 1/sqrt(pi d)
            rooted, halves = [*(alg.atoms[k] for k, _ in halves), *rooted], []
        parts += [power(mul(*rooted), num(half))] if rooted else []
    if halves:
        under = mul(*(power(alg.atoms[k], num(2 * e)) if 2 * e != 1 else alg.atoms[k] for k, e in halves))
        parts.append(power(under, num(Fraction(1, 2))))
    parts += [power(_inner(alg, k), num(e)) if e != 1 else _inner(alg, k) for k, e in others]
    return mul(*parts)


def cancelled(t: Term) -> Term:
    """An equal form of ``t`` in which powers of one base in a product stand together; no sum is multiplied out."""
    if t.head in ("Num", "Sym"):
        return t
    if t.is_binder:
        return Term(t.head, (t.var, cancelled(t.body), *map(cancelled, t.domain)))
    t = tidy(rebuild(t, tuple(map(cancelled, t.args))))
    if t.head not in ("Mul", "Pow"):
        return t
    number, powers = Fraction(1), list[tuple[Term, Fraction]]()
    rest: list[Term] = []
    for base, e in _factors(t, Fraction(1)):
        if base.head == "Num" and e.denominator == 1 and (base.value or e > 0):
            number *= base.value ** int(e)
        elif shape(base):
            rest.append(base)
        else:
            powers.append((base, e))
    together = _summed(powers)
    above = [b if e == 1 else power(b, num(e)) for b, e in together if e > 0]
    below = [power(b, num(-e)) if e != -1 else b for b, e in together if e < 0]
    if number.denominator != 1:
        below.insert(0, num(number.denominator))
    if number.numerator != 1:
        above.insert(0, num(number.numerator))
    out = [*above, *([power(mul(*below), num(-1))] if below else []), *rest]
    return mul(*out) if out else num(1)


def uncancelled(t: Term) -> bool:
    """Whether a product has one and the same factor above and below the line: it may be 0."""
    signs: dict[str, bool] = {}
    for base, e in _factors(t, Fraction(1)) if t.head == "Mul" and not shape(t) else ():
        if base.head != "Num" and signs.setdefault(key(base), e > 0) != (e > 0):
            return True
    return False


def _factors(t: Term, e: Fraction) -> list[tuple[Term, Fraction]]:
    if t.head == "Mul":
        return [f for a in t.args for f in _factors(a, e)]
    if t.head == "Pow" and t.args[1].head == "Num" and (t.args[1].value.denominator == 1 or t.args[0].head not in ("Mul", "Pow")):
        inner = t.args[1].value
        if inner.denominator == 1 or e.denominator == 1:
            return _factors(t.args[0], e * inner) if t.args[0].head in ("Mul", "Pow") else [(t.args[0], e * inner)]
    return [(t, e)]
