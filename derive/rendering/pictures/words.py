"""Words and numbers that pictures share."""

from __future__ import annotations


def short(v: float) -> str:
    """A number of three digits, as LaTeX."""
    text = f"{v:.3g}"
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    if abs(int(exponent)) < 6:
        return f"{v:.0f}" if abs(v) >= 1 else f"{v:.8f}".rstrip("0")
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def counted(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"


def listed(words: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def told(drawn: int, dots: bool) -> str:
    """What the dots are."""
    if not dots:
        return ""
    if not drawn:
        return "Dots: evaluated for an example that satisfies everything given."
    return f"Dots: the problem itself simulated, each the mean of at most {drawn} random draws; bars: two standard errors."
