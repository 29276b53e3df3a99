r"""Names: as LaTeX writes them, and as the trace spells them (``d_1``, ``mu``, ``y_prime``, ``w_star``, ``Delta_h``, ``x_hat``)."""

from __future__ import annotations

from derive.language.vocabulary import SIGN_NAMES

_MARKS = ("prime", "star", "hat", "tilde", "bar", "cal")


def spell(latex: str) -> str:
    r"""The trace's spelling of one name: ``\Delta h`` is ``Delta_h``, ``y'`` is ``y_prime``, ``d_{10}`` is ``d_10``.

    Raises
    ------
    ReadError
        Where ``latex`` is no single name.
    """
    from derive.language.ast import spelled
    from derive.language.parser import parse

    node = parse(latex)
    name = spelled(node)
    if name is None:
        raise node.error(f"`{latex}` is not one name")
    return name


def latex(name: str) -> str:
    """A name as LaTeX, from the trace's spelling."""
    parts = name.split("_")
    if parts[0] == "Delta" and len(parts) > 1 and not parts[1].isdigit() and parts[1] not in _MARKS:
        return r"\Delta " + latex("_".join(parts[1:]))
    base, i, primes = _letter(parts[0]), 1, ""
    while i < len(parts) and parts[i] in _MARKS:
        mark = parts[i]
        if mark == "prime":
            primes += "'"
        elif mark == "star":
            base = rf"{{{base}^\star}}"
        elif mark == "cal":
            base = rf"\mathcal{{{base}}}"
        else:
            base = rf"\{mark} {base}" if len(base) == 1 or base.startswith("\\") else rf"\{mark}{{{base}}}"
        i += 1
    if i == len(parts):
        return base + primes
    index = _subscript("_".join(parts[i:]))
    return f"{base}{primes}_{index}" if len(index) == 1 or _is_command(index) else f"{base}{primes}_{{{index}}}"


def _is_command(text: str) -> bool:
    return text[:1] == "\\" and text[1:].isalpha()


def _letter(word: str) -> str:
    if word in SIGN_NAMES:
        return f"\\{word}"
    if len(word) <= 1 or word.isdigit():
        return word
    return rf"\mathrm{{{word}}}"


def _subscript(text: str) -> str:
    """``ij`` stays a run of letters: a subscript's words of one sign each are read back the same."""
    if text in SIGN_NAMES or "_" in text:
        return latex(text)
    return text
