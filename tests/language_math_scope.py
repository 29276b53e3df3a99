"""The declared names that the tests of reading formulas use."""

from __future__ import annotations

from derive.language import elaborate
from derive.language.model import Symbol
from derive.language.names import latex as name_latex
from derive.language.parser import parse
from derive.language.scope import Scope
from derive.terms import ONE, Term, sym

n, m, k, P, L, d1, d2 = (sym(x) for x in ("n", "m", "k", "P", "L", "d_1", "d_2"))
ARRAYS = {
    "W": (d2, d1), "x": (d1,), "y": (d2,), "g": (d2,), "h": (n,), "v": (n,), "V": (n, n), "mu": (k,), "theta": (P,),
    "Delta_W": (d2, d1), "U": (L, n, n), "X": (n,), "one": (ONE,), "w": (ONE, d1),
}  # fmt: skip
FUNCTIONS = {
    "f": sym("f", (), ((k,),)), "F": sym("F", (), ((k,),)), "phi": sym("phi", (), ((),)),
    "G": sym("G", (n,), ((m,), (P,))), "q": sym("q", (), ((n,),)),
}  # fmt: skip
DENSITIES = {"p": sym("p", (m,)), "p_theta": sym("p_theta", (n,), ((P,),)), "p_mu": sym("p_mu", (k,), ((k,),))}


def declared() -> dict[str, Symbol]:
    out = {x: (sym(x), "fixed") for x in ("n", "m", "P", "L", "d_1", "d_2", "c", "sigma", "eta", "A", "B", "y_prime")}
    out |= {name: (sym(name, shape), "fixed") for name, shape in ARRAYS.items()}
    out |= {name: (t, "function") for name, t in FUNCTIONS.items()}
    out |= {name: (t, "density") for name, t in DENSITIES.items()}
    return {x: Symbol(t, role, 1, name_latex(x), x in ("U", "X")) for x, (t, role) in out.items()}  # type: ignore[arg-type]


def read(text: str, scope: Scope | None = None) -> Term:
    node = parse(text)
    scope = scope or Scope(declared())
    relation = node.kind == "rel" or (node.kind == "list" and node.children[0].kind == "rel")
    return elaborate.proposition(node, scope) if relation else elaborate.expression(node, scope)
