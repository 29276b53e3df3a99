"""The rules are proved and tested by machine; what is not yet is listed here by name, so that the list can only shrink."""

import pytest

from derive.checking.rules import check, report
from derive.language.chapters import read_chapter
from derive.rulebook.load import load

# Proofs that the kernel does not make yet, each with the form or the step that it lacks.
UNPROVED: dict[str, str] = {}


# Claims outside the referee's reach, with its reason.
BEYOND = {
    "growth.of_spectral_norm_by_induced_above": "no family of arrays satisfies everything given",
    "gradient.under_series": "the infinite sum converges too slowly",
    "minimum.of_convex": "no small world satisfies everything given",
    "normal.absolute_mean_of_two": "a kink of a sum, |a + b| and the like",
}
UNSEEN = {"normal.norm_mean"}  # an example with a root of a sum


@pytest.fixture(scope="module")
def book():
    return dict(load())


@pytest.fixture(scope="module")
def reports(book):
    return {r.name: r for r in check(book)}


def test_every_proof_is_checked_but_those_listed(reports):
    unproved = {n for n, r in reports.items() if r.proof[0] in ("failed", "not checked")}
    assert unproved == set(UNPROVED)


def test_every_claim_agrees_with_evaluation(reports):
    assert {n: r.referee[1] for n, r in reports.items() if r.referee[0] != "agrees"} == BEYOND


def test_every_failure_and_every_example_comes_out(reports):
    assert {n: r.fails for n, r in reports.items() if r.fails[0] == "failed"} == {}
    assert {n: r.fails for n, r in reports.items() if r.fails[1]} == {}
    assert {n: r.example for n, r in reports.items() if r.example[0] == "failed" or (r.example[1] and n not in UNSEEN)} == {}


def test_a_rule_is_sound_only_if_its_proof_is_checked(reports):
    assert {n for n, r in reports.items() if not r.ok} == set(UNPROVED)


# -- planted faults
def judged(book, text, name="planted.rule"):
    _, rules = read_chapter("# Planted\n\n" + text)
    mine = {r.name: r for r in rules}
    return report(mine[name], {**book, **mine})


HEAD = """## planted.rule

Let $X$ and $Y$ be random variables.
Let $a \\in \\mathbb{R}$.

Then $%s$.

**Why.** Planted.

"""


def test_a_right_proof_passes(book):
    r = judged(book, HEAD % "\\mathbb{E}[a X + a Y] = a\\,\\mathbb{E}[X] + a\\,\\mathbb{E}[Y]"
               + "**Proof.**\n\n$\\mathbb{E}[a X + a Y] = a\\,\\mathbb{E}[X] + a\\,\\mathbb{E}[Y]$ by expectation.of_sum.\n")  # fmt: skip
    assert r.ok and r.proof[0] == "proved"


def test_a_wrong_claim_is_refuted_and_not_proved(book):
    claim = "\\mathrm{Var}(X + Y) = \\mathrm{Var}(X) + \\mathrm{Var}(Y)"
    r = judged(book, HEAD % claim + f"**Proof.**\n\n${claim}$ by variance.of_sum.\n")
    assert r.proof[0] == r.referee[0] == "failed" and not r.ok
    assert r.proof[1].startswith("line ")


def test_a_line_with_another_rule_is_seen(book):
    r = judged(book, HEAD % "\\mathbb{E}[a X] = a\\,\\mathbb{E}[X]"
               + "**Proof.**\n\n$\\mathbb{E}[a X] = a\\,\\mathbb{E}[X]$ by expectation.of_constant.\n")  # fmt: skip
    assert r.proof == ("failed", r.proof[1]) and "expectation.of_constant" in r.proof[1]
    assert r.referee[0] == "agrees"


def test_a_rule_is_not_named_in_vain(book):
    line = "\\mathbb{E}[a + 0] = \\mathbb{E}[a]"
    r = judged(book, HEAD % "\\mathbb{E}[a + 0] = a" + f"**Proof.**\n\n${line}$ by sum.swap $= a$ by expectation.of_constant.\n")
    assert r.proof[0] == "failed"


def test_a_hypothesis_that_does_not_hold_is_named(book):
    claim = "\\mathbb{E}[X Y] = \\mathbb{E}[X]\\,\\mathbb{E}[Y]"
    r = judged(book, HEAD % claim + f"**Proof.**\n\n${claim}$ by expectation.of_product.\n")
    assert r.proof[0] == "failed" and "independent" in r.proof[1]


def test_lines_that_do_not_give_the_claim(book):
    r = judged(book, HEAD % "\\mathbb{E}[a X] = \\mathbb{E}[a X + 1]"
               + "**Proof.**\n\n$\\mathbb{E}[a X] = a\\,\\mathbb{E}[X]$ by expectation.of_multiple.\n")  # fmt: skip
    assert r.proof[0] == "failed" and "claim" in r.proof[1]


def test_a_proof_may_not_rest_on_itself(book):
    claim = "\\mathbb{E}[a X] = a\\,\\mathbb{E}[X]"
    text = HEAD % claim + f"**Proof.**\n\n${claim}$ by planted.other.\n\n"
    text += HEAD.replace("planted.rule", "planted.other") % claim + f"**Proof.**\n\n${claim}$ by planted.rule.\n"
    r = judged(book, text)
    assert r.proof[0] == "failed" and "rests on itself" in r.proof[1]


INDUCTION = """## planted.rule

Let $X_1, \\ldots, X_n \\in \\mathbb{R}$.

Then $\\sum_{j=1}^n 2 X_j = 2 \\sum_{j=1}^n X_j$.

**Why.** Planted.

**Proof** by induction on $n$.

For $n = %s$:

$\\sum_{j=1}^0 2 X_j = 0$ by sum.of_none $= 2 \\cdot 0$ by algebra $= 2 \\sum_{j=1}^0 X_j$ by sum.of_none.

For $n + 1$:

%s
"""
STEP = (
    "$\\sum_{j=1}^{n+1} 2 X_j = \\sum_{j=1}^n 2 X_j + 2 X_{n+1}$ by sum.of_one_more "
    "$= 2 \\sum_{j=1}^n X_j + 2 X_{n+1}$ by induction $= 2 \\Big(\\sum_{j=1}^n X_j + X_{n+1}\\Big)$ by algebra "
    "$= 2 \\sum_{j=1}^{n+1} X_j$ by sum.of_one_more."
)


def test_an_induction(book):
    assert judged(book, INDUCTION % ("0", STEP)).proof[0] == "proved"


@pytest.mark.parametrize(
    ("first", "step"),
    [
        ("1", STEP),  # the empty family is left out
        ("0", "$\\sum_{j=1}^{n+1} 2 X_j = 2 \\sum_{j=1}^{n+1} X_j$ by induction."),  # the claim for n + 1 itself
        ("0", STEP.replace("by induction", "by sum.of_one_more")),
    ],
)
def test_a_wrong_induction_is_seen(book, first, step):
    assert judged(book, INDUCTION % (first, step)).proof[0] == "failed"


CASES = """## planted.rule

Let $a \\in \\mathbb{R}$.

Then $|a|^2 = a^2$.

**Why.** Planted.

**Proof** by cases.

For $a \\ge 0$:

$|a|^2 = a^2$ by absolute_value.of_nonnegative.

For $%s$:

$|a|^2 = (-a)^2$ by absolute_value.of_nonpositive $= a^2$ by algebra.
"""


def test_cases_must_cover_everything(book):
    assert judged(book, CASES % "a \\le 0").proof[0] == "proved"
    assert judged(book, CASES % "a < 0").proof[0] == "proved"
    assert judged(book, (CASES % "a < 0").replace("a \\ge 0", "a > 0")).proof == ("failed", "the cases leave out = 0")
    assert judged(book, (CASES % "a \\le 0").replace("of_nonpositive", "of_nonnegative")).proof[0] == "failed"


FAILURE = """## planted.rule

Let $X$ and $Y$ be random variables.
Let $v > 0$.
Assume $X$ and $Y$ are independent.

Then $\\mathbb{E}[X Y] + v = \\mathbb{E}[X]\\,\\mathbb{E}[Y] + v$.

**Why.** Planted.

**Axiom.** Planted.

**Fails without** independence: with %s the left side is $%s$, the right side $%s$.

**Example.** With $v = 1$, $X \\sim \\mathcal{N}(2, 1)$ and $Y \\sim \\mathcal{N}(3, 1)$ independent, $\\mathbb{E}[X Y] = %s$.
"""


@pytest.mark.parametrize(
    ("instance", "left", "right", "said"),
    [
        ("$v = 1$ and $X = Y \\sim \\mathcal{N}(0, 1)$", "2", "1", ""),
        ("$v = 1$, $X \\sim \\mathcal{N}(1, 1)$ and $Y \\sim \\mathcal{N}(1, 1)$ independent", "2", "2", "the claim holds"),
        ("$v = 1$ and $X = Y \\sim \\mathcal{N}(0, 1)$", "3", "1", "the left side is 2, not 3"),
        ("$v = -1$ and $X = Y \\sim \\mathcal{N}(0, 1)$", "0", "-1", "does not meet"),
    ],
)
def test_a_failure_must_break_the_claim_and_nothing_else(book, instance, left, right, said):
    r = judged(book, FAILURE % (instance, left, right, "6"))
    assert (r.fails == ("1 of 1 break", "")) if not said else (r.fails[0] == "failed" and said in r.fails[1])
    assert r.example[0] == "1 of 1 come out"


def test_an_example_that_does_not_come_out(book):
    r = judged(book, FAILURE % ("$v = 1$ and $X = Y \\sim \\mathcal{N}(0, 1)$", "2", "1", "5"))
    assert r.example == ("failed", "the example: 6 comes out, not 5") and not r.ok


CARRIED = """## planted.rule

Let $X$ and $Y$ be random variables.
Let $a \\in \\mathbb{R}$.

Then $%s$.

**Why.** Planted.

**Proof.**

%s
"""


def test_a_bound_passes_below_a_factor_only_where_that_is_not_negative(book):
    # |Z| >= 0 says nothing of a |Z|, where a may be negative
    for factor, found in (("|a|", "proved"), ("a", "failed")):
        claim = f"{factor}\\,|X| \\ge {factor} \\cdot 0"
        text = CARRIED % (claim, f"${claim}$ by absolute_value.nonnegative.")
        assert judged(book, text).proof[0] == found


def test_one_chapter_alone_and_one_that_is_not_in_the_rulebook(book, tmp_path):
    some = [r.name for r in check(book, "rules/05-rank-one.md")]
    assert some == [n for n, r in book.items() if r.file == "rules/05-rank-one.md"] and some
    own = tmp_path / "20-own.md"
    own.write_text("# Own\n\n" + CASES % "a \\le 0", encoding="utf-8")
    (r,) = check(book, str(own))
    assert r.name == "planted.rule" and r.ok
