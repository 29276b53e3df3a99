"""The problems that are timed, and what sympy.stats can say of each: not any dimension, but three terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[1] / "examples" / "feature-scale.md"

SIGN = r"""# How large is one step of sign descent?

Let $x \in \mathbb{R}^{d_1}$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$.
Let $g \in \mathbb{R}^{d_2}$ be fixed with nonzero entries.
Define $y' = \mathrm{sign}(g x^\top) x$.

1. Find $\mathbb{E}[\mathrm{RMS}(y')^2]$.
"""

TERMS = 3


def normals(name: str) -> list[Any]:
    from sympy.stats import Normal

    return [Normal(f"{name}{j}", 0, 1) for j in range(TERMS)]


def sympy_of_a_product() -> Any:
    r"""$\mathrm{Var}(\sum_j W_j x_j)$, one output of the random matrix."""
    from sympy.stats import variance

    return variance(sum(w * x for w, x in zip(normals("W"), normals("x"), strict=True)))


def sympy_of_a_sign() -> Any:
    r"""$\mathbb{E}[(\sum_j |x_j|)^2]$, one output of the sign step."""
    from sympy.stats import E

    return E(sum(map(abs, normals("x"))) ** 2)
