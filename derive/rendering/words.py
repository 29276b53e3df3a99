"""The words that every format shares: verdicts, relations, titles of rules, the kernel's computations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.planner.solution import Answer
from derive.terms import Term

RELATIONS = {
    "=": "=", "!=": r"\ne", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "~": r"\sim", "implies": r"\implies",
    "iff": r"\iff", "Theta": "=", "O": "=", "Omega": "=",
}  # fmt: skip
GROWTH = {"Theta": "Theta", "O": "BigO", "Omega": "BigOmega"}

_WORDS = ("of", "under", "as", "by", "in", "at", "for", "with", "from", "to", "on", "is")

# What the kernel calculates by itself, by the word that a trace names it with.
COMPUTATIONS = {
    "algebra": "Both sides are the same polynomial, or quotient of polynomials, in their parts: brackets are "
    "multiplied out, like terms collected, powers of one base joined. What is divided by is shown not to be 0.",
    "numbers": "A calculation with exact numbers: fractions, factorials, binomials, floors, sums written out.",
    "definition": "A name that the document defines is replaced by what it stands for, or the other way round.",
    "range": "The number of values that an index takes, counted: those left out are in the range and differ.",
    "leading terms": "In a sum, the terms that grow slower than another one do not change how fast the sum grows.",
    "induction": "The claim holds for $0$, and for $n + 1$ wherever it holds for $n$.",
    "cases": "The claim holds in each of the cases, and there is no other case.",
    "any such": "What is shown for an arbitrary one holds for every one.",
    "take": "A thing that exists by what was shown before is given a name.",
    "if-but": "If the claim held, something would follow that is false; so it does not hold.",
    "assumption": "It is one of the things that are given.",
    "earlier": "What an earlier task of the document has found or shown is used again.",
    "given": "It is one of the things that the document gives.",
}


def is_computation(rule: str) -> bool:
    """Whether ``rule`` names a computation of the kernel and not a rule of a chapter."""
    return "." not in rule


def computation(rule: str) -> str:
    """What the computation does, in a sentence; empty if there is none of that name."""
    return COMPUTATIONS.get(rule) or COMPUTATIONS.get(rule.split()[0] if rule.split() else "", "")


def rule_title(name: str) -> str:
    """A rule's name as a phrase: ``variance.of_product`` is "variance of product"."""
    if is_computation(name):
        return name
    subject, _, shape = name.partition(".")
    subject, shape = subject.replace("_", " "), shape.replace("_", " ")
    if shape == "definition":
        return f"definition of {subject}"
    return f"{subject} {shape}" if shape.split(" ")[0] in _WORDS else f"{subject}: {shape}"


_VERDICTS = {
    "shown": "Shown", "refuted": "Refuted", "undecided": "Not decided", "refused": "Not answered", "solved": "Answer",
}  # fmt: skip


def verdict(answer: Answer) -> str:
    """The first word of an answer."""
    if answer.task.kind == "truth" and answer.status in ("shown", "refuted"):
        return "Yes" if answer.status == "shown" else "No"
    if answer.status == "shown" and answer.result is not None and answer.task.kind != "show":
        return "Answer"
    return _VERDICTS[answer.status]


def answered(answer: Answer) -> bool:
    """Whether what was asked was answered: a yes-or-no question also by no."""
    return answer.status in ("solved", "shown") or (answer.task.kind == "truth" and answer.status == "refuted")


def number(value: Any) -> int | float | str:
    """A number of the evidence as JSON has it: exact integers, else floats; infinities by name."""
    v = Fraction(value) if isinstance(value, (int, Fraction)) else float(value)
    if isinstance(v, Fraction):
        return v.numerator if v.denominator == 1 else float(v)
    if v != v:
        return "Undefined"
    if v in (float("inf"), float("-inf")):
        return "PositiveInfinity" if v > 0 else "NegativeInfinity"
    return int(v) if v == int(v) and abs(v) < 1e15 else v


def number_latex(value: Any) -> str:
    """The same for a reader: at most six digits."""
    v = number(value)
    if isinstance(v, str):
        return {"PositiveInfinity": r"\infty", "NegativeInfinity": r"-\infty"}.get(v, r"\text{undefined}")
    if isinstance(value, Fraction) and value.denominator != 1 and value.denominator < 1000:
        sign = "-" if value < 0 else ""
        return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    if isinstance(v, int):
        return str(v)
    text = f"{v:.6g}"
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def listed(value: Any) -> Any:
    """A numpy array as nested lists; anything else as it is."""
    return value.tolist() if hasattr(value, "tolist") else list(value) if isinstance(value, tuple) else value


def is_term(value: Any) -> bool:
    return isinstance(value, Term)
