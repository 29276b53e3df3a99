"""Documents whose claims the referee judges: right ones agree in several cases, wrong ones are refuted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from derive.language.reading import read_claim, read_problem
from derive.referee.judge import judge_claim
from derive.referee.setting import Setting


def verdict(settings, name: str, text: str):
    """What the referee says of a claim in the worlds of a document."""
    problem, setting = settings[name]
    (claim,) = read_claim(text if "$" in text else f"${text}$", problem)
    return judge_claim(claim, setting)


def judged(documents: Mapping[str, str], right: Sequence[tuple[str, str]], wrong: Sequence[tuple[str, str, str]]):
    """A fixture of the documents' settings, the test of every right line (document, claim), and that of every wrong one (what is wrong
    with it, document, claim)."""

    @pytest.fixture(scope="module")
    def settings():
        problems = {name: read_problem(text) for name, text in documents.items()}
        return {name: (p, Setting.of(p)) for name, p in problems.items()}

    @pytest.mark.parametrize(("name", "text"), right)
    def a_right_line_agrees(settings, name, text):
        v = verdict(settings, name, text)
        assert v.agrees is True, v
        assert v.cases >= 2

    @pytest.mark.parametrize(("name", "text"), [p[1:] for p in wrong], ids=[f"{p[1]}: {p[0]}" for p in wrong])
    def a_wrong_line_is_refuted(settings, name, text):
        v = verdict(settings, name, text)
        assert v.agrees is False, v

    return settings, a_right_line_agrees, a_wrong_line_is_refuted
