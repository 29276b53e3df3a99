"""Rule chapters read to rules: names, hypotheses, claims, proofs, failures, examples, use."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.language.chapters import read_chapter
from derive.language.model import ReadError
from derive.rulebook.model import Rule

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "tests" / "chapters").glob("*.md"))


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    return {r.name: r for p in CHAPTERS for r in read_chapter(p.read_text(encoding="utf-8"), p.name)[1]}


def test_the_example_of_the_language(rules: dict[str, Rule]) -> None:
    r = rules["variance.of_product"]
    assert (r.chapter, r.kind, r.role, r.line) == ("Variance", "proved", "evaluate", 5)
    assert [(str(h.prop), h.kind) for h in r.hypotheses] == [("Independent(A, B)", "assume")]
    assert {n: (x.role, x.random) for n, x in r.names.items()} == {"A": ("random", True), "B": ("random", True)}
    (part,) = r.proof
    assert [x.reason for x in part.lines] == [
        "variance.definition", "algebra", "expectation.of_product", "moment.second", "algebra",
    ]  # fmt: skip
    assert [x.line for x in part.lines] == [17, 18, 19, 20, 21]
    assert str(part.lines[0].before) == "Var(Mul(A, B))" and part.lines[-1].after == r.claim.args[1]
    (failure,) = r.fails
    assert (failure.hypothesis, str(failure.left), str(failure.right)) == (0, "2", "1")
    assert [str(g) for g in failure.givens] == ["Dist(A, Normal(0, 1))"] and str(failure.values["B"]) == "A"
    assert str(r.examples[0].claim) == "Eq(Var(Mul(A, B)), 1)" and len(r.examples[0].givens) == 3
    assert r.why.startswith("Independence factors both $") and r.source.startswith("L. A. Goodman")
    assert r.statement.startswith("Let $A$ and $B$ be random variables.\nAssume")


def test_families_and_induction(rules: dict[str, Rule]) -> None:
    r = rules["expectation.of_family_product"]
    assert {n: x.role for n, x in r.names.items()} == {"n": "integer", "X": "family"}
    assert [str(h.prop) for h in r.hypotheses] == ["Independent(X)"]
    assert str(r.induction) == "n"
    assert [(p.label, str(p.case), len(p.lines)) for p in r.proof] == [("n=0", "Eq(n, 0)", 1), ("n+1", "Add(n, 1)", 4)]
    assert [x.reason for x in r.proof[1].lines][2:] == ["induction", "product.of_one_more"]
    assert str(r.fails[0].givens[-1]) == "Eq(At(X, 3), Mul(At(X, 1), At(X, 2)))"


def test_tables_of_numbers(rules: dict[str, Rule]) -> None:
    r = rules["sum.double_split"]
    assert r.names["X"].role == "family" and str(r.names["X"].term.sort.shape) == "(n, n)"
    # A proof that starts with its relation starts from the claim's left side, and "right side" is the other.
    assert (r.proof[0].lines[0].before, r.proof[0].lines[-1].after) == r.claim.args


def test_normal_moments(rules: dict[str, Rule]) -> None:
    r = rules["normal.even_moment"]
    assert [str(h.prop) for h in r.hypotheses] == ["Ge(n, 0)", "In(n, Integers())", "Gt(v, 0)", "Dist(X, Normal(0, v))"]
    assert [len(p.lines) for p in r.proof] == [1, 7]
    assert {n: str(v) for n, v in r.examples[0].values.items()} == {"v": "2", "n": "2"}


def test_instances_that_tell_sizes(rules: dict[str, Rule]) -> None:
    values = rules["expectation.of_image"].fails[0].values
    assert {n: str(values[n]) for n in ("m", "n", "P", "g")} == {
        "m": "1", "n": "1", "P": "Normal(0, 1)", "g": "Lambda(z, Mul(2, At(z, 1)))",
    }  # fmt: skip
    assert rules["expectation.of_image"].directions == ("left to right", "right to left")
    assert str(rules["expectation.of_image"].hypotheses[0].prop) == (
        "ForAll(z, Implies(Dist(z, P), Dist(Apply(g, z), Q)))"
    )
    example = rules["matrix_vector.entry"].examples[0].values
    assert str(example["x"]) == "List(3, 4)" and str(example["A"]) == "Lambda(i, Lambda(j, j))"


def test_taken_constants(rules: dict[str, Rule]) -> None:
    parts = rules["growth.of_product"].proof
    assert [str(p.case) for p in parts] == [
        "And(Le(Mul(c, u), a), Le(a, Mul(C, u)))",
        "And(Le(Mul(e, v), b), Le(b, Mul(D, v)))",
    ]
    assert [x.relation for x in parts[1].lines] == ["<=", "<=", ">=", "Theta"]


def test_forms_of_claims(rules: dict[str, Rule]) -> None:
    assert rules["vector.equality"].claim.head == "Iff"
    assert rules["law.moment_refutes"].claim.head == "Implies"
    assert rules["minimum.of_quadratic"].claim.head == "ForAll"
    assert str(rules["network.loads"].claim) == "Eq(MemoryLoads(), Sum(ell, 1, 1, L))"
    assert [str(h.prop) for h in rules["network.loads"].hypotheses] == ["Network(L, k)"]
    assert str(rules["sum.index_choice"].claim).endswith("Independent(Y, Z))")
    assert [str(h.prop) for h in rules["sum.index_choice"].hypotheses][-3:] == [
        "In(k, IndexRange(1, n))", "Domain(f, 1, IndexRange(1, n))", "Independent(Group(Y, Z), X)",
    ]  # fmt: skip


def test_what_is_kept_as_text(rules: dict[str, Rule]) -> None:
    """Only this proof has a sentence that is not a chain; it is kept as text, and gives no part."""
    assert [r.name for r in rules.values() if r.kind == "proved" and not r.proof] == ["spectral_norm.of_outer_product"]
    assert "both are $0$" in rules["spectral_norm.of_outer_product"].proof_text


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.md")), ids=lambda p: p.stem)
def test_the_project_chapters_read(path: Path) -> None:
    title, rules = read_chapter(path.read_text(encoding="utf-8"), path.name)
    assert title and rules


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("**Why.**", "**Wherefore.**"), "no section of a rule"),
        (("Then $", "Hence $"), "not understood"),
        (("**Proof.**", "**Source.**"), "needs one of"),
        (("## variance.of_product", "## Variance of a product"), "a rule's name"),
        (("the right side $1$", "done"), "the right side is missing"),
        (("with $A = B", "with luck $A = B"), "instance is not understood"),
        ((r"\mathrm{Var}(AB) = 1$", r"\mathrm{Var}(AC) = 1$"), "`C` is not declared"),
        (("**Source.**", "**Use.** guess.\n\n**Source.**"), "is no role"),
    ],
)
def test_chapter_errors(change: tuple[str, str], message: str) -> None:
    text = (ROOT / "tests" / "chapters" / "variance.md").read_text(encoding="utf-8")
    assert change[0] in text
    with pytest.raises(ReadError, match=message):
        read_chapter(text.replace(*change))


def test_a_conclusion_in_words(rules: dict[str, Rule]) -> None:
    (part,) = rules["uncorrelated.of_independent"].proof
    assert [(x.relation, str(x.before), str(x.after), x.reason) for x in part.lines] == [
        ("=", "Cov(X, Y)", "0", "covariance.of_independent"),
        ("implies", "Eq(Cov(X, Y), 0)", "Uncorrelated(X, Y)", "uncorrelated.definition"),
    ]
