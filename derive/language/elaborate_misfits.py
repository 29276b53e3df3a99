"""Shapes that do not fit, and what would: no suggestion is made that was not read itself, in its place in the formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from derive.language.ast import Node
from derive.language.model import ReadError
from derive.language.parser import parse
from derive.language.scope import Scope

P = ParamSpec("P")
T = TypeVar("T")
MOST = 2  # suggestions in one message


@dataclass(frozen=True)
class Fix:
    """What might have been meant: ``text`` in the place of ``node``; ``shown`` is the part of it that differs."""

    node: Node
    text: str
    shown: str = ""


class Misfit(ReadError):
    """Shapes that do not fit, with what might have been meant (`offering` finds out which of these do fit)."""

    def __init__(self, place: Node, message: str, fixes: tuple[Fix, ...]) -> None:
        error = place.error(message)
        super().__init__(error.message, error.line, error.column, error.words)
        self.fixes = fixes


def offering(read: Callable[Concatenate[Node, Scope, P], T]) -> Callable[Concatenate[Node, Scope, P], T]:
    """``read`` of a formula; where shapes do not fit, its error offers what would."""

    @wraps(read)
    def offers(node: Node, scope: Scope, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(node, scope, *args, **kwargs)
        except Misfit as error:

            def again(n: Node, s: Scope) -> object:
                return read(n, s, *args, **kwargs)

            fits = [f.shown or f.text for f in error.fixes if _reads(again, node, scope, f)]
            expected = tuple(dict.fromkeys(fits))[:MOST]
            message = error.message + (f": did you mean `{expected[0]}`?" if expected else "")
            raise ReadError(message, error.line, error.column, error.words, expected) from None

    return offers


def _reads(read: Callable[[Node, Scope], object], node: Node, scope: Scope, fix: Fix) -> bool:
    """Whether the whole formula is read with a fix in it."""
    place = fix.node
    if place.where is not node.where or not node.start <= place.start <= place.end <= node.end:
        return False
    source = node.where.source
    text = f"{source[node.start : place.start]}{fix.text}{source[place.end : node.end]}"
    apart = replace(scope, indices=dict(scope.indices), arguments=dict(scope.arguments), least=dict(scope.least))
    try:
        read(parse(text), apart)
    except ReadError:
        return False
    return True
