"""Where the named laws put their weight."""

from __future__ import annotations

from derive.terms.term import ONE, ZERO, Term


def support(z: Term, law: Term) -> list[Term]:
    """Where a named law puts all its weight."""
    whole = Term("In", (z, Term("Integers", ())))
    match law.head:
        case "Bernoulli":
            return [Term("Ge", (z, ZERO)), Term("Le", (z, ONE)), whole]
        case "BinomialLaw":
            return [Term("Ge", (z, ZERO)), Term("Le", (z, law.args[0])), whole]
        case "Poisson" | "Geometric":
            return [Term("Ge", (z, ZERO if law.head == "Poisson" else ONE)), whole]
        case "Exponential" | "GammaLaw" | "ChiSquared" | "BetaLaw":
            return [Term("Gt", (z, ZERO)), *([Term("Lt", (z, ONE))] if law.head == "BetaLaw" else [])]
        case "Uniform":
            return [Term("Ge", (z, law.args[0])), Term("Le", (z, law.args[1]))]
    return []
