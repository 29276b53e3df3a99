"""Documents with their tasks, and formulas worked out by hand that the answers are compared with, by evaluating both.

A formula stands as text in the language of the problems and is judged by the referee in the problem's own worlds, so any equal form
of the answer passes; where a task says what the average is to be over, that the answer has that form is checked besides.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from derive.language.reading import read_claim, read_problem
from derive.language.writer import latex
from derive.planner.solve import solve
from derive.referee.judge import judge
from derive.referee.setting import Setting
from derive.rulebook.load import load
from derive.terms import Term, subterms

EXCHANGE = "Assume differentiation and integration may be exchanged.\n"


@dataclass(frozen=True)
class Case:
    """A task: ``formula`` for a value, ``status`` otherwise, with words that must be said (or how it is written); ``assumed`` how many things are."""

    task: str
    formula: str = ""
    status: str = "solved"
    says: str = ""
    assumed: int = 0


Documents = dict[str, tuple[str, list[Case]]]


def numbered(documents: Documents) -> dict[str, tuple[str, int]]:
    """Every task of every document, by what its test is called."""
    return {f"{name}-{n + 1}": (name, n) for name, (_, cases) in documents.items() for n in range(len(cases))}


class Solved:
    """Each of some documents, solved once."""

    def __init__(self, documents: Documents) -> None:
        self.documents, self.rules, self.known = documents, load(), {}

    def __getitem__(self, name: str):
        if name not in self.known:
            text, cases = self.documents[name]
            problem = read_problem(f"# {name}\n\n{text}\n" + "\n".join(f"{n}. {c.task}" for n, c in enumerate(cases, 1)) + "\n")
            self.known[name] = problem, solve(problem, self.rules)
        return self.known[name]

    def check(self, name: str, n: int) -> None:
        """That task ``n`` (from 0) of a document comes out as its case says."""
        problem, solution = self[name]
        case, answer = self.documents[name][1][n], solution[n + 1]
        assert answer.status == case.status, answer.reason
        assert len(answer.assumed) == case.assumed
        assert case.says in f"{answer.reason} {answer.missing} {latex(answer.result, problem.symbols) if answer.result else ''}"
        if case.formula:
            (claim,) = read_claim(f"{case.formula} = {case.formula}", problem)
            verdict = judge("=", answer.result, claim.args[0], Setting.of(problem))
            assert verdict.agrees, (verdict, answer.result)
            if answer.task.over is not None:
                assert over(answer.result, answer.task.over.args[1])


def answers_of(documents: Documents):
    """A fixture of documents, solved once, and the test of every task in them."""

    @pytest.fixture(scope="module")
    def solved():
        return Solved(documents)

    cases = numbered(documents)

    @pytest.mark.parametrize(("name", "n"), cases.values(), ids=cases.keys())
    def test_answer(solved, name: str, n: int):
        solved.check(name, n)

    return solved, test_answer


def over(t: Term, law: Term) -> bool:
    """Whether no average but one over ``law``, and no gradient of an average, is left."""
    kept = all(u.domain[0] == law for u in subterms(t) if u.head == "ExpectOver")
    return kept and not any(u.head in ("Grad", "Deriv") and "ExpectOver" in {s.head for s in subterms(u)} for u in subterms(t))
