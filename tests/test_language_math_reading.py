"""Formulas to terms: what each notation of the language means, and what is refused with which words."""

from __future__ import annotations

import pytest
from language_math_scope import declared, read

from derive.language import elaborate
from derive.language.ast import Where
from derive.language.model import ReadError, Symbol
from derive.language.parser import parse
from derive.language.scope import Scope
from derive.terms import free, same, shape, sym

MEANINGS = [
    # arithmetic, never calculated
    ("4 + 3 + 2 + 1", "Add(4, 3, 2, 1)"),
    ("480/10", "Mul(480, Pow(10, -1))"),
    (r"\frac12 + 0.25", "Add(1/2, 1/4)"),
    (r"-c^2", "Mul(-1, Pow(c, 2))"),
    (r"\sqrt{2/\pi}", "Pow(Mul(2, Pow(Pi(), -1)), 1/2)"),
    (r"\sqrt[3]{c}", "Pow(c, 1/3)"),
    (r"2n!", "Mul(2, Factorial(n))"),
    (r"\binom{n}{m} \lfloor n/m \rfloor \max(n, m)", "Mul(Binomial(n, m), Floor(Mul(n, Pow(m, -1))), Max(n, m))"),
    (r"e^{-c} + \exp(c)", "Add(Exp(Mul(-1, c)), Exp(c))"),
    ("c / 2 \\cdot c", "Mul(c, Pow(2, -1), c)"),
    # what an operator takes
    (r"\sin^2 c \log c", "Mul(Pow(Sin(c), 2), Ln(c))"),
    (r"\log \log n", "Ln(Ln(n))"),
    (r"\phi(c)^2", "Pow(Apply(phi, c), 2)"),
    ("c (n + 1)", "Mul(c, Add(n, 1))"),
    (r"\sum_{j=1}^{n} h_j v_j + 1", "Add(Sum(j, Mul(At(h, j), At(v, j)), 1, n), 1)"),
    (r"\nabla_\mu p_\mu(x') f(x')", "Mul(Grad(mu, Density(Apply(p_mu, mu), x_prime), mu), Apply(f, x_prime))"),
    (r"\nabla_\theta \log p_\theta(t)", "Grad(theta, Ln(Density(Apply(p_theta, theta), t)), theta)"),
    (r"\nabla_\theta G(z, \theta)^\top", "Transpose(Jac(theta, Apply(G, z, theta), theta))"),
    (r"\nabla_\theta G(z, \theta)^\top v", "MatMul(Transpose(Jac(theta, Apply(G, z, theta), theta)), v)"),
    (r"(\nabla_\theta \theta)^\top \theta", "MatMul(Transpose(Jac(theta, theta, theta)), theta)"),
    (r"\nabla_\theta (\theta^\top \theta)", "Grad(theta, Dot(theta, theta), theta)"),
    (r"\frac{d}{dc} c^2 \cdot A", "Mul(Deriv(c, Pow(c, 2), c), A)"),
    (r"\frac{d}{dt} t^{2n+1}\big|_{t=c}", "Deriv(t, Pow(t, Add(Mul(2, n), 1)), c)"),
    (r"\frac{d^2}{dt^2} e^{t A}\big|_{t = 0}", "Deriv(t, Deriv(t, Exp(Mul(t, A)), t), 0)"),
    (r"\frac{\partial}{\partial x_j} \|x\|^2", "At(Grad(x, Pow(Norm(x), 2), x), j)"),
    (r"\frac{\partial}{\partial x_{n - 1}} \|x\|^2", "At(Grad(x, Pow(Norm(x), 2), x), Add(n, -1))"),
    (r"\phi'(c)", "Deriv(t, Apply(phi, t), c)"),
    (r"\nabla f(\mu)", "Grad(x, Apply(f, x), mu)"),
    (r"\int p_\mu(t) f(t) \,dt", "Integral(t, Mul(Density(Apply(p_mu, mu), t), Apply(f, t)))"),
    (r"\int_0^\infty e^{-t} \,dt", "Integral(t, Exp(Mul(-1, t)), 0, Infinity())"),
    # sums
    (r"\sum_j x_j", "Sum(j, At(x, j), 1, d_1)"),
    (r"\sum_{i} \sum_{j \ne i} V_{ij}", "Sum(i, Sum(j, At(V, i, j), 1, n, i), 1, n)"),
    (r"\sum_{i \ne j} x_i x_j", "Sum(i, Sum(j, Mul(At(x, i), At(x, j)), 1, d_1, i), 1, d_1)"),
    (r"\sum_{j} \sum_{k \ne j} x_j", "Sum(j, Sum(k, At(x, j), 1, d_1, j), 1, d_1)"),
    (r"\sum_{l \ne j, k} x_l", "Sum(l, At(x, l), 1, d_1, j, k)"),
    (r"\sum_{i,j} W_{ij}", "Sum(i, Sum(j, At(W, i, j), 1, d_1), 1, d_2)"),
    (r"\sum_{1 \le i < j \le n} h_i h_j", "Sum(j, Sum(i, Mul(At(h, i), At(h, j)), 1, Add(j, -1)), 1, n)"),
    (r"X_1 + \cdots + X_n", "Sum(j, At(X, j), 1, n)"),
    (r"X_1^2 + X_2^2 + \cdots + X_n^2", "Sum(j, Pow(At(X, j), 2), 1, n)"),
    (r"X_1 \cdots X_n", "Prod(j, At(X, j), 1, n)"),
    # arrays
    (r"c W x", "Mul(c, MatMul(W, x))"),
    (r"x^\top x", "Dot(x, x)"),
    (r"h^T V v", "Dot(h, MatMul(V, v))"),
    (r"g x^\top", "MatMul(g, Transpose(x))"),
    (r"(g x^\top) x", "MatMul(MatMul(g, Transpose(x)), x)"),
    (r"h^\top h\, v^\top v", "Mul(Dot(h, h), Dot(v, v))"),
    (r"U_L \cdots U_1 h", "MatMul(MatProd(j, At(U, j), 1, L), h)"),
    (r"U_L U_{L-1} \cdots U_1 h", "MatMul(MatProd(j, At(U, j), 1, L), h)"),
    (r"W_{12} + (W x)_i + (U_l)_{11}", "Add(At(W, 1, 2), At(MatMul(W, x), i), At(U, l, 1, 1))"),
    (r"(I - V)^{-1} h", "MatMul(Inverse(Add(Identity(n), Mul(-1, V))), h)"),
    (r"(I_n)_{ij} + c", "Add(At(Identity(n), i, j), c)"),
    (r"h \odot v + V h", "Add(Hadamard(h, v), MatMul(V, h))"),
    (r"\mathbf{1}^\top h + \mathbf{1}[c > 0]", "Add(Dot(Ones(n), h), Indicator(Gt(c, 0)))"),
    (r"\|W\| + \|W\|_F + \|W\|_{\mathrm{RMS}\to\mathrm{RMS}}", "Add(Spectral(W), Frobenius(W), InducedRMS(W))"),
    (r"\|x\|_2 \|x\|_1 \|x\|_\infty", "Mul(Norm(x), Norm1(x), NormInf(x))"),
    (r"\Delta W\, x", "MatMul(Delta_W, x)"),
    # arrays with one entry are numbers
    (r"\mathrm{Var}(w x)", "Var(At(MatMul(w, x), 1))"),
    (r"\mathrm{one}^2 + c", "Add(Pow(At(one, 1), 2), c)"),
    # chance
    (r"\mathbb{E}[|A| \mid B]", "Expect(Given(Abs(A), B))"),
    (r"\mathbb{E}[A \mid |B|]", "Expect(Given(A, Abs(B)))"),
    (r"E[A^2] + \Pr(A > 0)", "Add(Expect(Pow(A, 2)), Prob(Gt(A, 0)))"),
    (r"\mathbb{E}_{z \sim p_\mu}[f(z)]", "ExpectOver(z, Apply(f, z), Apply(p_mu, mu))"),
    (r"\mathbb{E}_{z \sim p_{\mu + \mu}}[f(z)]", "ExpectOver(z, Apply(f, z), Apply(p_mu, Add(mu, mu)))"),
    (r"\mathbb{E}_{z \sim \mathcal{N}(0, I)}[f(\mu + \sigma z)]",
     "ExpectOver(z, Apply(f, Add(mu, Mul(sigma, z))), Normal(Zeros(k), Identity(k)))"),
    (r"\mathrm{KL}(p_\theta \,\|\, p_\theta)", "KL(Apply(p_theta, theta), Apply(p_theta, theta))"),
    (r"\mathrm{Cov}(A, B)", "Cov(A, B)"),
    (r"\mathrm{Cov}(h)", "Var(h)"),  # of a vector
    (r"\sup_{t \ne 0} \mathrm{RMS}(W t)/\mathrm{RMS}(t)",
     "Sup(t, Where(Mul(RMS(MatMul(W, t)), Pow(RMS(t), -1)), Ne(t, Zeros(d_1))))"),
    # relations
    (r"0 < c < 1", "And(Lt(0, c), Lt(c, 1))"),
    (r"c, \eta > 0", "And(Gt(c, 0), Gt(eta, 0))"),
    (r"\|W\|_2 = \Theta(\sqrt{n/m})", "Eq(Spectral(W), Theta(Pow(Mul(n, Pow(m, -1)), 1/2)))"),
    (r"\|x\| \sim \sqrt{n}", "Asym(Norm(x), Pow(n, 1/2))"),
    (r"A \sim \mathcal{N}(0, \sigma^2)", "Dist(A, Normal(0, Pow(sigma, 2)))"),
    (r"h \sim \mathcal{N}(0, \sigma^2 I)", "Dist(h, Normal(Zeros(n), Mul(Pow(sigma, 2), Identity(n))))"),
    (r"A \sim \chi^2(n)", "Dist(A, ChiSquared(n))"),
    (r"\mathbb{E}[y y^\top] = c I", "Eq(Expect(MatMul(y, Transpose(y))), Mul(c, Identity(d_2)))"),
    (r"\nabla_\mu F(\mu) = 0", "Eq(Grad(mu, Apply(F, mu), mu), Zeros(k))"),
    (r"n \in \{1, \ldots, m\}", "In(n, IndexRange(1, m))"),
    (r"c \in (0, 1]", "And(Lt(0, c), Le(c, 1))"),
    (r"A \approx 0.8", "And(Le(3/4, A), Le(A, 17/20))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meaning"), MEANINGS, ids=lambda x: x)
def test_meaning(text: str, meaning: str) -> None:
    assert repr(read(text)) == meaning


ALIKE = [
    (r"\mathbb{E}\left[\,\lVert W x\rVert_2^2\right]", "E[‖Wx‖²]"),
    (r"\operatorname{Var}(A)", r"\Var(A)"),
    (r"\sigma^2 x^\top x", "σ² xᵀx"),
    (r"\sqrt{2/\pi}", "√(2/π)"),
    (r"\tfrac{1}{2} n", r"\dfrac{1}{2} n"),
    (r"h^{\mathsf T} v", r"h^T v"),
    (r"\mathbf{x}^\top x", r"x^\top x"),
    (r"A \leq B", r"A ≤ B"),
    (r"c \times n", r"c \cdot n"),
    (r"\begin{aligned} A &= B \\ &= c \end{aligned}", "A = B = c"),
    (r"\mathbb{P}(A > 0)", r"\Pr[A > 0]"),
    (r"\mathcal N(0, 1)(c)", r"\mathcal{N}(c; 0, 1)"),
    (r"\mathcal{N}(h \mid v, c^2 I)", r"\mathcal{N}(v, c^2 I)(h)"),
    (r"\chi^2(c; 3)", r"\chi^2(3)(c)"),
    (r"\|x\|", r"||x||"),
]


@pytest.mark.parametrize(("a", "b"), ALIKE, ids=lambda x: x)
def test_read_alike(a: str, b: str) -> None:
    assert same(read(a), read(b))


REFUSED = [
    (r"\mathrm{sign}(x g^\top) x", ("x g^\\top` is d_1 × d_2", "`x` has d_1 entries"), r"g x^\top"),
    (r"x W", ("`x` has d_1 entries", "`W` is d_2 × d_1"), "W x"),
    (r"W^\top x", ("d_1 × d_2", "d_1 entries"), "W x"),
    (r"x g", ("d_1 entries", "d_2 entries"), r"x g^\top"),
    (r"h v", ("n entries",), r"h^\top v"),
    (r"x + g", ("`x` has d_1 entries", "`g` has d_2 entries"), None),
    (r"x + c", ("`x` has d_1 entries", "`c` is a number"), None),
    (r"f(x)", ("`x` has d_1 entries", "k entries"), None),
    (r"W x = x", ("d_2 entries", "d_1 entries"), None),
    (r"A/B c", ("two ways",), r"\frac{a}{b}"),
    (r"A/B/c", ("two ways",), r"\frac{a}{b}"),
    (r"Y + 1", ("`Y` is not declared",), "$y$"),
    (r"\sgima", ("\\sgima is not understood",), r"\sigma"),
    (r"A \sim \mathrm{Poison}(c)", ("not declared",), r"\mathrm{Poisson}"),
    (r"x^2", ("a vector has no powers",), r"\|x\|^2"),
    (r"\|c\|", ("`c` is a number",), "|c|"),
    (r"\log_2 c", ("no subscript",), None),
    (r"\phi c", ("function and needs its argument",), r"\phi(x)"),
    (r"h \sim \mathcal{N}(0, 1)", ("covariance of a vector is a matrix",), "I"),
    (r"\sum_j c", ("how far the index `j` runs",), None),
    (r"\sum_j x_j g_j", ("two ranges", "d_1 and d_2"), None),
    (r"x_{ij}", ("2 subscripts",), None),
    (r"\int f(t)", ("ends with its variable",), None),
    (r"\mathrm{Var}(A", ("not closed",), ")"),
    (r"c^10", ("raises only the 1",), "^{10}"),
    (r"A \sim \mathcal{N}(c; A, B)", ("value of a density",), r"\mathcal{N}(A, B)"),
    # a derivative whose end a reader may see elsewhere
    (r"\nabla_h h^\top v", (r"`h^\top` alone", "use brackets"), r"\nabla_h (h^\top v)"),
    (r"\nabla_h h^\top v", (r"all that follows",), r"(\nabla_h h)^\top v"),
    (r"\nabla_h (h - v)^\top (h - v)", ("use brackets",), r"(\nabla_h (h - v))^\top (h - v)"),
    (r"\nabla_h \frac12 \|h\|^2", ("use brackets",), r"\nabla_h (\frac12 \|h\|^2)"),
    (r"\frac{\partial}{\partial h_1} h^\top v", ("use brackets",), r"\frac{\partial}{\partial h_1} (h^\top v)"),
    (r"\nabla_h q(v) q(h)", (r"`q(v)` alone",), r"\nabla_h (q(v) q(h))"),
    (r"\log h^\top v", (r"`h^\top` alone",), r"\log (h^\top v)"),
    (r"\frac{d}{dt} t^2", ("`t` is not declared",), None),
    (r"I", ("cannot be told",), "I_n"),
    (r"\prod_{l=1}^L U_l", ("has an order",), r"W_L \cdots W_1"),
    (r"A \approx B", ("beside a decimal",), None),
]


@pytest.mark.parametrize(("text", "words", "suggestion"), REFUSED, ids=lambda x: str(x))
def test_refused(text: str, words: tuple[str, ...], suggestion: str | None) -> None:
    with pytest.raises(ReadError) as caught:
        read(text)
    assert all(w in caught.value.message for w in words), caught.value.message
    if suggestion is not None:
        assert suggestion in caught.value.expected


def test_place_in_the_file() -> None:
    text = "A + \n  Y"
    with pytest.raises(ReadError) as caught:
        elaborate.expression(parse(text, Where.at(text, 7, 12)), Scope(declared()))
    assert (caught.value.line, caught.value.column, caught.value.words) == (8, 3, "Y")


def test_free_indices_have_their_range() -> None:
    scope = Scope(declared())
    read(r"W_{ij} = c", scope)
    assert {name: repr(r) for name, r in scope.indices.items()} == {"i": "(1, d_2)", "j": "(1, d_1)"}


def test_undeclared_arguments_are_reported_with_their_shape() -> None:
    scope = Scope(declared())
    t = read(r"\nabla_\theta \log p_\theta(u) = 0", scope)
    assert scope.arguments == {"u": sym("u", (sym("n"),))}
    assert scope.arguments["u"] in free(t)


def test_bound_names_are_not_reported() -> None:
    scope = Scope(declared())
    read(r"\mathbb{E}_{u \sim p_\theta}[\nabla_z q(z)\big|_{z = u}] = 0", scope)
    assert scope.arguments == {}
    assert scope.indices == {}


def test_a_claim_about_the_variable_of_a_law() -> None:
    scope = Scope(declared())
    claim, drawn = elaborate.claim_when(
        parse(r"\mu + \sigma z \sim \mathcal{N}(\mu, \sigma^2 I)"), parse(r"z \sim \mathcal{N}(0, I)"), scope
    )
    assert repr(drawn) == "Dist(z, Normal(Zeros(k), Identity(k)))"
    assert shape(claim.args[0]) == (sym("k"),)


def test_declared_letters_lose_their_other_meaning() -> None:
    symbols = declared()
    assert repr(read(r"V(A)", Scope({name: x for name, x in symbols.items() if name != "V"}))) == "Var(A)"
    assert repr(read(r"V(A)", Scope(symbols))) == "Mul(V, A)"


def test_delta_is_part_of_a_name_unless_declared() -> None:
    symbols = declared()
    symbols["Delta"] = Symbol(sym("Delta"), "fixed", 1, r"\Delta")
    assert repr(read(r"\Delta A^2", Scope(symbols))) == "Mul(Delta, Pow(A, 2))"
    assert repr(read(r"\Delta W x", Scope(symbols))) == "MatMul(Delta_W, x)"


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("|A - |c - 1||", r"\left| A - \left| c - 1 \right| \right|"),
        ("||A| - |c||", r"\left| \left| A \right| - \left| c \right| \right|"),
        ("|A||c|", r"\left| A \right| \left| c \right|"),
        ("||x|| |A| ||x||", r"\|x\| \left| A \right| \|x\|"),
    ],
)
def test_bars_side_by_side(pasted, meant):
    assert same(read(pasted), read(meant))


@pytest.mark.parametrize("formula", ["|||x|| - A|", "|A|||x||"])
def test_three_bars_are_no_guess(formula):
    with pytest.raises(ReadError, match="two ways"):
        read(formula)
