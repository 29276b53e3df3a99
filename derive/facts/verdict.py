"""The answer to "does this hold here?": yes with a reason, no with a reason, or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """``holds`` is True, False or None (unknown: never taken for true).

    ``because`` is prose with ``$…$``; ``facts`` names the lines it rests on; ``steps`` is a derivation, if it took one.
    """

    holds: bool | None
    because: str = ""
    facts: tuple[str, ...] = ()
    steps: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return self.holds is True


UNKNOWN = Verdict(None)


def yes(because: str, *lines: int) -> Verdict:
    return Verdict(True, because, tuple(f"line {n}" for n in dict.fromkeys(lines) if n))


def no(because: str) -> Verdict:
    return Verdict(False, because)


def both(parts: Iterable[Verdict]) -> Verdict:
    """All of them, or the first that does not hold."""
    reasons: list[str] = []
    facts: list[str] = []
    steps: list[Any] = []
    for v in parts:
        if not v:
            return v
        if v.because and v.because not in reasons:
            reasons.append(v.because)
        facts += v.facts
        steps += v.steps
    return Verdict(True, "; ".join(reasons), tuple(dict.fromkeys(facts)), tuple(steps))
