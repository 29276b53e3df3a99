"""Terms to MathJSON and back."""

import pytest
from rendering_samples import W, c, d1, d2, i, j, k, x, y

from derive.rendering.mathjson import changed, to_math
from derive.rendering.mathjson_read import MathError, from_math
from derive.terms import ONE, TWO, add, at, binder, call, div, expect, mul, neg, num, power, same, sqrt, sub, sum_, sym

f = sym("f", (), ((d1,),))
mu, z = sym("mu", (d1,)), sym("z", (d1,))
p = sym("p_theta", (d1,))
t = sym("t")
V = sym("V", (sym("L"), d1, d1))
SYMBOLS = {s.name: s for s in (W, x, y, c, d1, d2, i, j, k, f, mu, p, t, V, sym("L"))}
normal = call("Normal", mu, mul(power(c, 2), call("Identity", d1)))

CASES = [
    (add(d1, mul(div(TWO, call("Pi")), sub(power(d1, 2), d1))),
     ["Add", "d_1", ["Divide", ["Multiply", 2, ["Subtract", ["Power", "d_1", 2], "d_1"]], "Pi"]]),
    (num("-1/2"), ["Divide", -1, 2]),
    (neg(x), ["Negate", "x"]),
    (div(ONE, sqrt(d1)), ["Divide", 1, ["Sqrt", "d_1"]]),
    (at(call("MatMul", W, x), i), ["At", ["MatrixMultiply", "W", "x"], "i"]),
    (at(V, t, i, j), ["At", ["At", "V", "t"], "i", "j"]),
    (sum_(j, sum_(k, mul(at(x, j), at(x, k)), ONE, d1, j), ONE, d1),
     ["Sum", ["Sum", ["Multiply", ["At", "x", "j"], ["At", "x", "k"]], ["Limits", "k", 1, "d_1"], ["NotEqual", "k", "j"]],
      ["Limits", "j", 1, "d_1"]]),
    (expect(power(call("RMS", y), 2)), ["Expectation", ["Power", ["RMS", "y"], 2]]),
    (binder("ExpectOver", z, call("Apply", f, z), normal),
     ["Expectation", ["Apply", "f", "z"],
      ["Distributed", "z", ["Normal", "mu", ["Multiply", ["Power", "c", 2], ["Identity", "d_1"]]]]]),
    (binder("Integral", z, mul(call("Apply", f, z), call("Density", p, z))),
     ["Integrate", ["Multiply", ["Apply", "f", "z"], ["Density", "p_theta", "z"]], ["Element", "z", ["RealSpace", "d_1"]]]),
    (binder("Grad", z, call("Apply", f, z), add(mu, x)),
     ["EvaluateAt", ["Gradient", ["Apply", "f", "z"], "z"], "z", ["Add", "mu", "x"]]),
    (binder("Grad", mu, call("Apply", f, mu), mu), ["Gradient", ["Apply", "f", "mu"], "mu"]),
    (binder("Sup", z, call("Where", div(call("RMS", call("MatMul", W, z)), call("RMS", z)), call("Ne", z, num(0)))),
     ["Supremum", ["Divide", ["RMS", ["MatrixMultiply", "W", "z"]], ["RMS", "z"]],
      ["Element", "z", ["RealSpace", "d_1"]], ["NotEqual", "z", 0]]),
    (call("Spectral", W), ["Norm", "W", "Spectral"]),
    (call("NormInf", x), ["Norm", "x", "Infinity"]),
    (call("Dist", x, p), ["Distributed", "x", ["Law", "p_theta"]]),
    (call("Dist", k, call("BinomialLaw", d1, c)), ["Distributed", "k", ["Binomial", "d_1", "c"]]),
    (call("Density", call("BinomialLaw", d1, c), call("Binomial", d1, k)),
     ["Density", ["Binomial", "d_1", "c"], ["Binomial", "d_1", "k"]]),
    (call("Eq", call("RMS", x), call("Theta", sqrt(d1))), ["Equal", ["RMS", "x"], ["Theta", ["Sqrt", "d_1"]]]),
    (call("Unit", num(500), sym("ns")), ["Quantity", 500, "ns"]),
    (call("True"), "True"),
    (call("Infinity"), "PositiveInfinity"),
]  # fmt: skip


@pytest.mark.parametrize("term, math", CASES, ids=[str(m)[:50] for _, m in CASES])
def test_writes_the_heads_of_a_trace_and_reads_them_back(term, math):
    assert to_math(term) == math
    assert same(from_math(math, SYMBOLS), term)


def test_quotients_of_products_keep_their_form():
    """1/(ab) and (1/a)(1/b) are joined by algebra only, so their MathJSON must differ."""
    joined, apart = div(ONE, mul(d1, d2)), mul(div(ONE, d1), div(ONE, d2))
    for term in (joined, apart, mul(num("3/2"), div(ONE, d1)), power(mul(d1, d2), num(-2)), power(d1, num("-1/2"))):
        assert same(from_math(to_math(term), SYMBOLS), term)
    assert to_math(joined) != to_math(apart)


def test_a_family_nests():
    family = sym("X", (d1, d2))
    assert to_math(at(family, i, j), {"X"}) == ["At", ["At", "X", "i"], "j"]
    assert to_math(at(family, i, j)) == ["At", "X", "i", "j"]


def test_changed_is_the_smallest_difference():
    before, after = ["Add", "a", ["Power", ["Add", "b", 1], 2]], ["Add", "a", ["Power", ["Add", "b", 3], 2]]
    assert changed(before, after) == ([2, 1, 2], [2, 1, 2])
    assert changed(["Add", "a", "b"], ["Add", "b", "a"]) == ([], [])
    assert changed(["Sqrt", "a"], ["Abs", "a"]) == ([], [])
    assert changed(["Add", "a", "b"], ["Add", "a", "b", "c"]) == ([], [])


@pytest.mark.parametrize(
    "bad", ["q", ["Norm", "x", "Manhattan"], [], [1, 2], ["At"], ["Sum", "x", ["Limits"]], None, True, {}]
)
def test_what_is_no_mathematics_is_refused(bad):
    with pytest.raises(MathError):
        from_math(bad, SYMBOLS)
