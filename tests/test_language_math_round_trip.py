"""What is written reads back as the same term: over typed random terms, and over the forms a person writes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.language import elaborate
from derive.language.model import ReadError, Symbol
from derive.language.names import latex as name_latex
from derive.language.names import spell
from derive.language.parser import parse
from derive.language.scope import Scope
from derive.language.writer import latex
from derive.terms import (
    ONE,
    Term,
    add,
    at,
    binder,
    call,
    div,
    mul,
    neg,
    num,
    power,
    same,
    shape,
    sqrt,
    sub,
    sum_,
    sym,
)  # fmt: skip

n, m, P, L = (sym(x) for x in ("n", "m", "P", "L"))
SYMBOLS = {
    "n": sym("n"), "m": sym("m"), "P": sym("P"), "L": sym("L"), "c": sym("c"), "sigma": sym("sigma"), "A": sym("A"),
    "y_prime": sym("y_prime"), "d_1": sym("d_1"), "x": sym("x", (n,)), "v": sym("v", (n,)), "h": sym("h", (m,)),
    "Delta_h": sym("Delta_h", (m,)), "W": sym("W", (m, n)), "V": sym("V", (n, n)), "Delta_W": sym("Delta_W", (m, n)),
    "theta": sym("theta", (P,)), "mu": sym("mu", (n,)), "U": sym("U", (L, n, n)), "X": sym("X", (n,)),
    "y": sym("y", (ONE,)), "phi": sym("phi", (), ((),)), "f": sym("f", (), ((n,),)),
    "g": sym("g", (n,), ((m,), (P,))), "p": sym("p", (m,)), "p_theta": sym("p_theta", (n,), ((P,),)),
}  # fmt: skip
FUNCTIONS, DENSITIES, FAMILIES = {"phi", "f", "g"}, {"p", "p_theta"}, {"U", "X"}


def symbols() -> dict[str, Symbol]:
    out = {}
    for name, t in SYMBOLS.items():
        role = "function" if name in FUNCTIONS else "density" if name in DENSITIES else "fixed"
        out[name] = Symbol(t, role, 1, name_latex(name), name in FAMILIES)
    return out


def scope() -> Scope:
    return Scope(symbols())


def read(text: str) -> Term:
    node = parse(text)
    s = scope()
    return elaborate.proposition(node, s) if node.kind in ("rel", "list") else elaborate.expression(node, s)


def s(name: str) -> Term:
    return SYMBOLS[name]


ENTRYWISE = ["Abs", "Sign", "Ln", "Exp", "ReLU", "Sin", "Floor", "Factorial", "Gamma"]
Z = sym("z", (n,))
NORMAL = call("Normal", s("mu"), mul(s("c"), call("Identity", n)))
theta_law = call("Apply", s("p_theta"), s("theta"))


def numbers(depth: int, bound: tuple[str, ...] = ()) -> st.SearchStrategy[Term]:
    leaves = [
        st.integers(0, 12).map(num),
        st.fractions(0, 3, max_denominator=7).map(num),
        st.sampled_from([s("c"), s("sigma"), s("A"), s("n"), s("y_prime"), s("d_1"), call("Pi"), at(s("y"), ONE)]),
        st.sampled_from(["x", "v", "mu", "X"]).flatmap(lambda a: indices(bound).map(lambda i: at(s(a), i))),
        st.tuples(indices(bound), indices(bound)).map(lambda ij: at(s("V"), *ij)),
        st.tuples(indices(bound), indices(bound)).map(lambda ij: at(s("U"), num(1), *ij)),
    ]
    if depth <= 0:
        return st.one_of(leaves)
    e = numbers(depth - 1, bound)
    vec = vectors(depth - 1, bound)
    mat = matrices(depth - 1, bound)
    return st.one_of(
        *leaves,
        st.lists(e, min_size=2, max_size=3).map(lambda a: add(*a)),
        st.lists(e, min_size=2, max_size=3).map(lambda a: mul(*a)),
        e.map(neg),
        st.tuples(e, e).map(lambda a: sub(*a)),
        st.tuples(e, e).map(lambda a: div(*a)),
        st.tuples(e, st.integers(2, 4)).map(lambda a: power(*a)),
        st.tuples(e, e).map(lambda a: power(*a)),
        e.map(sqrt),
        st.tuples(st.sampled_from(ENTRYWISE), e).map(lambda a: call(*a)),
        st.tuples(e, e).map(lambda a: call("Max", *a)),
        st.tuples(e, e).map(lambda a: call("Binomial", *a)),
        e.map(lambda a: call("Apply", s("phi"), a)),
        vec.map(lambda a: call("Apply", s("f"), a)),
        vec.map(lambda a: call("Density", theta_law, a)),
        st.tuples(st.sampled_from(["Expect", "Var"]), e).map(lambda a: call(*a)),
        st.tuples(e, e).map(lambda a: call("Expect", call("Given", *a))),
        st.tuples(e, e).map(lambda a: call("Cov", *a)),
        st.tuples(e, e).map(lambda a: call("Prob", call("Lt", *a))),
        st.tuples(e, e).map(lambda a: call("Indicator", call("Le", *a))),
        st.tuples(st.sampled_from(["Norm", "Norm1", "NormInf", "RMS"]), vec).map(lambda a: call(*a)),
        st.tuples(st.sampled_from(["Spectral", "Frobenius", "InducedRMS"]), mat).map(lambda a: call(*a)),
        mat.map(lambda a: call("Trace", a)),
        st.tuples(vec, vec).map(lambda a: call("Dot", *a)),
        st.tuples(vec, indices(bound)).map(lambda a: at(*a)),
        sums(depth, bound),
        e.map(lambda b: binder("Integral", sym("t"), mul(sym("t"), b), num(0), call("Infinity"))),
        e.map(lambda b: binder("ExpectOver", sym("z"), mul(sym("z"), b), call("Normal", num(0), s("c")))),
        vec.map(lambda b: binder("ExpectOver", Z, call("Dot", Z, b), NORMAL)),
        e.map(lambda b: binder("Deriv", s("c"), b, s("c"))),
        st.tuples(e, e).map(lambda b: binder("Deriv", sym("t"), mul(sym("t"), b[0]), b[1])),
    )  # fmt: skip


def indices(bound: tuple[str, ...]) -> st.SearchStrategy[Term]:
    names = st.sampled_from(bound).map(sym) if bound else st.just(num(1))
    return st.one_of(names, st.sampled_from([num(1), num(2), sym("i"), sub(s("n"), ONE)]))


@st.composite
def sums(draw, depth: int, bound: tuple[str, ...]):  # type: ignore[no-untyped-def]
    free_names = [x for x in ("j", "k", "l", "r") if x not in bound]
    if not free_names:
        return num(1)
    name = free_names[0]
    body = draw(numbers(depth - 1, (*bound, name)))
    out = [sym(b) for b in bound if draw(st.booleans())]
    return sum_(sym(name), body, ONE, s("n"), *out)


def vectors(depth: int, bound: tuple[str, ...] = ()) -> st.SearchStrategy[Term]:
    leaves = st.sampled_from([s("x"), s("v"), s("mu"), call("Ones", n)])
    if depth <= 0:
        return leaves
    v = vectors(depth - 1, bound)
    e = numbers(depth - 1, bound)
    return st.one_of(
        leaves,
        st.lists(v, min_size=2, max_size=3).map(lambda a: add(*a)),
        st.tuples(v, v).map(lambda a: sub(*a)),
        st.tuples(e, v).map(lambda a: mul(*a)),
        st.tuples(v, e).map(lambda a: div(*a)),
        st.tuples(matrices(depth - 1, bound), v).map(lambda a: call("MatMul", *a)),
        st.tuples(v, v).map(lambda a: call("Hadamard", *a)),
        st.tuples(st.sampled_from(["Sign", "ReLU", "Abs"]), v).map(lambda a: call(*a)),
        v.map(lambda a: call("Apply", s("phi"), a)),
        v.map(lambda a: call("Expect", a)),
        st.just(call("Apply", s("g"), s("h"), s("theta"))),
        v.map(lambda a: binder("Grad", s("x"), call("Dot", s("x"), a), s("x"))),
        v.map(lambda a: binder("Grad", sym("u", (n,)), call("Apply", s("f"), sym("u", (n,))), a)),
        e.map(lambda a: binder("Grad", s("mu"), a, s("mu"))),
    )


def matrices(depth: int, bound: tuple[str, ...] = ()) -> st.SearchStrategy[Term]:
    leaves = st.sampled_from([s("V"), at(s("U"), num(1))])
    if depth <= 0:
        return leaves
    a = matrices(depth - 1, bound)
    v = vectors(depth - 1, bound)
    return st.one_of(
        leaves,
        st.tuples(a, a).map(lambda x: add(*x)),
        st.tuples(a, a).map(lambda x: call("MatMul", *x)),
        st.tuples(v, v).map(lambda x: call("MatMul", x[0], call("Transpose", x[1]))),
        a.map(lambda x: call("Transpose", x)),
        a.map(lambda x: call("Inverse", x)),
        a.map(lambda x: add(x, call("Identity", n))),
        st.tuples(numbers(depth - 1, bound), a).map(lambda x: mul(*x)),
        v.map(lambda x: call("Diag", x)),
        v.map(lambda x: binder("Jac", s("x"), x, s("x"))),
        v.map(lambda x: call("Transpose", binder("Jac", s("mu"), x, s("mu")))),
        st.just(binder("MatProd", sym("l"), at(s("U"), sym("l")), ONE, s("L"))),
    )


def check(t: Term) -> None:
    text = latex(t, symbols())
    try:
        back = read(text)
    except ReadError as e:
        raise AssertionError(f"{t}\n{text}\n{e.message}: {e.words}") from None
    assert same(back, t), f"\n{t}\n{text}\n{back}"


SLOW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(numbers(3))
def test_numbers(t: Term) -> None:
    check(t)


@SLOW
@given(vectors(3))
def test_vectors(t: Term) -> None:
    check(t)


@SLOW
@given(matrices(2))
def test_matrices(t: Term) -> None:
    check(t)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.tuples(numbers(2), numbers(2)), st.sampled_from(["Eq", "Ne", "Lt", "Le", "Gt", "Ge"]))
def test_relations(sides: tuple[Term, Term], head: str) -> None:
    check(call(head, *sides))


NAMES = "d_1 mu ell y_prime Delta_h x_hat W_tilde x_bar theta_0 d_10 p_theta x_prime_1 Delta_h_prime L_cal lr W_ij"


@pytest.mark.parametrize("name", NAMES.split())
def test_names(name: str) -> None:
    assert spell(name_latex(name)) == name


def test_shape_is_kept() -> None:
    t = call("MatMul", s("W"), s("x"))
    assert shape(read(latex(t, symbols()))) == (m,)
