"""What an earlier task has found is used by those that follow, and by those only that know no less."""

from __future__ import annotations

import pytest

from derive.explaining.numbering import numbered
from derive.kernel.numbers import evaluate
from derive.language.reading import read_problem
from derive.planner.solve import solve
from derive.rulebook.load import load
from derive.terms import contains, num, subst, sym

RULES = load()
GIVEN = r"""Let $W \in \mathbb{R}^{m \times n}$ have i.i.d. entries $W_{ij} \sim \mathcal{N}(0, 1)$.
Let $x \in \mathbb{R}^n$ have i.i.d. entries $x_j \sim \mathcal{N}(0, 1)$, independent of $W$.
Define $y = W x$.

"""


def solved(*tasks: str, **how):
    return solve(read_problem("# Earlier\n\n" + GIVEN + "\n".join(f"{n}. {t}" for n, t in enumerate(tasks, 1)) + "\n"), RULES, **how)


def used(answer) -> set[str]:
    return {f for s in answer.steps if s.rule.startswith("earlier task") for c in s.conditions for f in c.facts}


@pytest.mark.parametrize(
    ("second", "value"),
    [
        (r"Find $\mathbb{E}[\|y\|^2]$.", 6),
        (r"Find $3 \mathbb{E}[\|W x\|^2] + 1$.", 19),
        (r"Find $\mathbb{E}[5 \|W x\|^2]$.", 30),
        (r"How does $\mathbb{E}[\|y\|^2]$ scale with $m$ and $n$?", None),
    ],
)
def test_an_average_that_was_found_is_cited(second: str, value: int | None):
    found = solved(r"Find $\mathbb{E}[\|y\|^2]$.", second)
    assert used(found[2]) == {"task 1"} and len(found[2].steps) < len(found[1].steps)
    if value is not None:
        sizes = {s: num(2 if s.name == "m" else 3) for s in (sym("m"), sym("n"))}
        assert evaluate(subst(found[2].result, sizes)) == num(value)


def test_where_a_proof_is_entered_is_said():
    found = solved(r"Find $\mathbb{E}[\|y\|^2]$.", r"Find $c > 0$ such that $\mathbb{E}[\|c y\|^2] = 1$.")
    (step,) = (s for s in found[2].steps if s.rule.startswith("earlier task"))
    because = step.conditions[0].because
    assert because.startswith("task 1 meets it in step 1.")
    met = next(s for s in numbered(found)[1].steps if s.id == because.split("step ")[1].split(",")[0])
    assert contains(step.before, "Expect") and contains(met.after, "Expect") and not contains(step.after, "Expect")


@pytest.mark.parametrize(
    "tasks",
    [
        (r"Find $\mathrm{Cov}(y_i, y_j)$ for $i \ne j$.", r"Find $\mathrm{Cov}(y_i, y_j)$."),  # knows less
        (r"Find $\mathbb{E}[y_1^2]$.", r"Find $\mathbb{E}[y_1^2]$ using entry by entry."),  # the way is prescribed
    ],
)
def test_what_knows_less_or_is_told_how_cites_nothing(tasks: tuple[str, ...]):
    found = solved(*tasks)
    assert not used(found[2])


def test_one_task_alone_is_as_on_the_whole_page():
    tasks = (r"Find $\mathbb{E}[\|y\|^2]$.", r"Find $c > 0$ such that $\mathbb{E}[\|c y\|^2] = 1$.", r"How does $c$ scale with $m$?")
    whole = solved(*tasks)
    for n in ("1", "2", "3"):
        (alone,) = solved(*tasks, task=n).answers
        assert [(s.rule, s.after) for s in alone.steps] == [(s.rule, s.after) for s in whole[int(n)].steps]


def test_methods_side_by_side_are_whole():
    assert not used(solved(r"Find $\mathbb{E}[\|y\|^2]$.", r"Find $\mathbb{E}[\|y\|^2]$.", methods=True)[2])


@pytest.mark.parametrize("second", [r"Find $\frac{d}{da} (c a^2)$.", r"Find $\sum_{a=1}^{3} c a$."])
def test_what_was_found_of_another_meaning_of_a_name_is_refused_in_words(second: str):
    text = "# Bound\n\nLet $a > 0$.\n\n1. Find $c$ such that $c a = 1$.\n2. " + second + "\n3. Find $c a$.\n"
    found = solve(read_problem(text), RULES)
    assert found[2].status == "refused" and "task 1 found for $c$" in found[2].reason and "bound here" in found[2].reason
    assert found[3].result == num(1)
