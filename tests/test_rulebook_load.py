"""The library and a user's own chapters become one rulebook, or the reader is told in which file and line they do not."""

from pathlib import Path

import pytest

from derive.language.chapters import read_chapter
from derive.language.model import ReadError
from derive.rulebook.load import load

ROOT = Path(__file__).parents[1]

RULE = """## {name}

Let $X$ be a random variable.

Then $\\mathbb{{E}}[3 X] = 3\\,\\mathbb{{E}}[X]$.

**Why.** The mean of a multiple.

**Proof.** $\\mathbb{{E}}[3 X] = 3\\,\\mathbb{{E}}[X]$ by {reason}.

**Use.** linear, both ways.

"""


def chapter(title, **reasons):
    """A chapter of rules `own.<key>`, each proved by the rule that is its value."""
    return f"# {title}\n\n" + "".join(RULE.format(name=f"own.{k}", reason=v) for k, v in reasons.items())


@pytest.fixture(scope="module", autouse=True)
def cache_home(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def library():
    return load()


def test_the_library_is_what_its_chapters_say_in_their_order(library):
    read = [
        read_chapter(f.read_text(encoding="utf-8"), f"rules/{f.name}") for f in sorted((ROOT / "rules").glob("*.md"))
    ]
    rules = [r for _, chapter_rules in read for r in chapter_rules]
    assert list(library) == [r.name for r in rules]
    assert list(library.values()) == rules
    assert [(c.title, len(c.names)) for c in library.chapters] == [(t, len(rs)) for t, rs in read]


def test_rules_are_found_by_role_and_chapter(library):
    assert "sum.split_off" in [r.name for r in library.by_role("split")]
    assert sum(len(library.by_role(role)) for role in {r.role for r in library.values()}) == len(library)
    assert library.by_role("no such role") == ()
    variance = library.chapter("Variance and covariance")
    assert "variance.definition" in [r.name for r in variance]
    assert {r.chapter for r in variance} == {"Variance and covariance"}
    for name in ("VARIANCE-and-covariance", "variance_and covariance", "covariance"):
        assert library.chapter(name) == variance
    assert library.chapter("cookery") == () == library.chapter(" - ")


def test_the_nearest_names_come_first(library):
    assert library.nearest("variance.definiton")[0] == "variance.definition"
    assert library.nearest("split-off")[0] == "sum.split_off"
    assert library.nearest("qqqq") == ()


def test_a_rulebook_does_not_change(library):
    with pytest.raises(TypeError):
        library["variance.definition"] = None
    with pytest.raises(AttributeError):
        library["variance.definition"].role = "fold"


def test_a_user_s_chapters_come_after_in_the_order_of_their_numbers(library, tmp_path):
    for name, key in (("100-last.md", "c"), ("20-second.md", "b"), ("3-first.md", "a"), ("notes.md", "d")):
        (tmp_path / name).write_text(chapter(f"Chapter {key}", **{key: "expectation.of_multiple"}), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no chapter", encoding="utf-8")
    book = load(tmp_path)
    assert list(book)[: len(library)] == list(library)
    assert list(book)[len(library) :] == ["own.a", "own.b", "own.c", "own.d"]
    assert book["own.b"].file == str(tmp_path / "20-second.md")
    assert book["own.b"].line == 3
    assert book["own.b"].directions == ("left to right", "right to left")
    assert [said.reason for part in book["own.b"].proof for said in part.lines] == ["expectation.of_multiple"]


def test_the_library_s_own_folder_is_not_read_twice(library):
    assert list(load(ROOT / "rules")) == list(library)


def refused(folder):
    with pytest.raises(ReadError) as caught:
        load(folder)
    return caught.value


def test_an_unreadable_chapter_names_its_file_and_line(tmp_path):
    (tmp_path / "1-good.md").write_text(chapter("Good", a="algebra"), encoding="utf-8")
    bad = tmp_path / "2-bad.md"
    bad.write_text(chapter("Bad", b="algebra").replace("Let $X$ be a random variable.", "Blessed be $X$."), "utf-8")
    error = refused(tmp_path)
    assert (error.file, error.line) == (str(bad), 5)
    bad.write_bytes(chapter("Bad", b="algebra").encode() + b"\n\xff\n")
    error = refused(tmp_path)
    assert (error.file, error.line) == (str(bad), bad.read_bytes().count(b"\n"))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert refused(tmp_path / "nowhere").file == str(tmp_path / "nowhere")


def test_a_name_stands_once_over_all_files(tmp_path):
    taken = tmp_path / "1-taken.md"
    taken.write_text(chapter("Taken", a="algebra").replace("own.a", "variance.definition"), encoding="utf-8")
    error = refused(tmp_path)
    assert (error.file, error.line, error.words) == (str(taken), 3, "variance.definition")
    assert "rules/07-variance.md on line 3" in error.message
    taken.write_text(chapter("One", a="algebra"), encoding="utf-8")
    (tmp_path / "2-again.md").write_text(chapter("Two", b="algebra", a="algebra"), encoding="utf-8")
    error = refused(tmp_path)
    assert (error.file, error.line) == (str(tmp_path / "2-again.md"), 15)


def test_a_proof_may_cite_a_later_rule_but_never_itself(tmp_path):
    first, second = tmp_path / "1-first.md", tmp_path / "2-second.md"
    first.write_text(chapter("First", a="own.b"), encoding="utf-8")
    second.write_text(chapter("Second", b="own.c", c="expectation.of_multiple"), encoding="utf-8")
    assert "own.c" in load(tmp_path)
    second.write_text(chapter("Second", b="own.c", c="own.a"), encoding="utf-8")
    error = refused(tmp_path)
    assert error.message.endswith("own.a → own.b → own.c → own.a")
    assert (error.file, error.line) == (str(second), 23)
    second.write_text(chapter("Second", b="own.b"), encoding="utf-8")
    error = refused(tmp_path)
    assert (error.file, error.line) == (str(second), 11)


def test_a_proof_whose_form_is_not_read_still_rests_on_what_it_names(tmp_path):
    told = chapter("Told", a="own.b", b="algebra").replace(
        "by algebra.", "as anyone sees who reads `own.a` with care."
    )  # fmt: skip
    (tmp_path / "1-told.md").write_text(told, encoding="utf-8")
    error = refused(tmp_path)
    assert error.message.endswith("own.a → own.b → own.a")
    assert error.line == 15
