r"""Terms as LaTeX, as a person would write them; reading gives the same term back (`same`).

Each term becomes a `Piece`: its text, how tightly it holds together, and whether it swallows what follows it. Order is
chosen where the key does not look: numbers first in a product, sums last. The modules beside this one have the forms
of the heads.
"""

from __future__ import annotations

from collections.abc import Mapping

from derive.language import writer_arithmetic, writer_arrays, writer_binders, writer_chance, writer_relations
from derive.language.model import Symbol
from derive.language.writer_pieces import Form, Writer
from derive.terms import Term

FORMS: dict[str, Form] = {
    **writer_arithmetic.FORMS, **writer_arrays.FORMS, **writer_binders.FORMS, **writer_chance.FORMS,
    **writer_relations.FORMS,
}  # fmt: skip


def latex(term: Term, symbols: Mapping[str, Symbol] | None = None) -> str:
    """``term`` as LaTeX; ``symbols`` are the document's, for the names as it writes them."""
    return Writer(symbols or {}, FORMS).piece(term).text
