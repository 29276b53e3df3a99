"""The compiled rulebook says what the chapters say, and is never trusted when it might not."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from test_rulebook_load import chapter

from derive.language import chapters as reader
from derive.rulebook import cache
from derive.rulebook.encode import decode, encode
from derive.rulebook.load import load, own_folder, read_chapters, texts

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def read():
    return read_chapters(texts(own_folder()), own_folder(), "rules")


@pytest.fixture(scope="module")
def compiled(read):
    return encode(read)


@pytest.fixture
def home(tmp_path, monkeypatch, compiled):
    """A cache folder that holds the compiled library."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "nothing shipped")
    cache.keep(cache.key(texts(own_folder())), compiled)
    return tmp_path


@pytest.fixture
def reading(monkeypatch):
    """The files that are read as chapters."""
    seen, real = [], reader.read_chapter
    monkeypatch.setattr(reader, "read_chapter", lambda text, file: seen.append(file) or real(text, file))
    return seen


@pytest.fixture
def mine(home):
    out = home / "mine"
    out.mkdir()
    (out / "1-own.md").write_text(chapter("Own", a="expectation.of_multiple"), encoding="utf-8")
    return out


def test_decoding_gives_what_was_read_in_every_field(read, compiled):
    again = decode(compiled, "rules")
    assert [(t, f) for t, f, _ in again] == [(t, f) for t, f, _ in read]
    for (_, _, rules), (_, _, decoded) in zip(read, again, strict=True):
        for r, d in zip(rules, decoded, strict=True):
            for field in dataclasses.fields(r):
                assert getattr(d, field.name) == getattr(r, field.name), (r.name, field.name)
                assert type(getattr(d, field.name)) is type(getattr(r, field.name)), (r.name, field.name)
            assert r == d and d == r


def test_what_is_asked_for_late_is_decoded_alone_and_may_be_replaced(compiled):
    rules = {r.name: r for _, _, chapter_rules in decode(compiled, "rules") for r in chapter_rules}
    rule = rules["variance.definition"]
    assert rule.proof == () and len(rule.examples) == 1
    changed = dataclasses.replace(rule, when_asked=True)
    assert changed.when_asked and not rule.when_asked
    assert changed.why == rule.why and changed.examples == rule.examples and changed != rule


def test_equal_subterms_are_one_object_also_across_rules(compiled):
    rules = {r.name: r for _, _, chapter_rules in decode(compiled, "rules") for r in chapter_rules}
    about, second = rules["variance.definition"].claim, rules["moment.second"].claim
    assert about.args[0] is second.args[1].args[0]
    assert rules["moment.second"].proof[0].lines[0].before is second.args[0]


def test_nothing_is_read_where_the_cache_is_fresh(home, reading, read):
    assert list(load().values()) == [r for _, _, rules in read for r in rules]
    assert reading == []


def test_a_user_s_chapter_is_read_once_and_again_when_changed(mine, reading):
    assert load(mine)["own.a"].role == "linear"
    assert load(mine)["own.a"].role == "linear"
    assert reading == [f"{mine}/1-own.md"]
    (mine / "1-own.md").write_text(chapter("Own", a="algebra").replace("linear", "expand"), encoding="utf-8")
    assert load(mine)["own.a"].role == "expand"
    assert len(reading) == 2


def test_a_cached_chapter_is_of_the_folder_that_was_asked_for(mine, home, reading):
    load(mine)
    other = home / "other"
    mine.rename(other)
    assert load(other)["own.a"].file == f"{other}/1-own.md"
    assert len(reading) == 1


def test_another_reader_does_not_trust_what_an_older_one_made(home, monkeypatch, mine, reading):
    load(mine)
    before = cache.key(texts(mine))
    monkeypatch.setattr(cache, "reader_version", lambda: b"another")
    assert cache.key(texts(mine)) != before
    assert cache.find(cache.key(texts(mine))) is None


def test_the_version_is_the_source_of_the_reader(tmp_path, monkeypatch):
    for name in ("terms", "language", "rulebook"):
        (tmp_path / name).mkdir()
    (tmp_path / "language" / "parser.py").write_text("a = 1", encoding="utf-8")
    monkeypatch.setattr(cache, "PACKAGE", tmp_path)
    first = cache.reader_version.__wrapped__()
    assert cache.reader_version.__wrapped__() == first
    (tmp_path / "language" / "parser.py").write_text("a = 2", encoding="utf-8")
    assert cache.reader_version.__wrapped__() != first


@pytest.mark.parametrize("damage", [lambda d: b"", lambda d: d[: len(d) // 2], lambda d: d.replace(b"linear", b"expand"),
                                    lambda d: b"\xff" + d])  # fmt: skip
def test_a_damaged_file_is_read_anew_and_mended(mine, reading, damage):
    load(mine)
    (file,) = [f for f in cache.folder().iterdir() if b"own.a" in f.read_bytes()]
    good = file.read_bytes()
    assert damage(good) != good
    file.write_bytes(damage(good))
    assert load(mine)["own.a"].role == "linear"
    assert len(reading) == 2
    assert file.read_bytes() == good


def test_no_cache_folder_is_needed(mine, home, monkeypatch, reading):
    (home / "a file").write_text("", encoding="utf-8")
    shipped = home / "shipped.jsonl"
    cache.write(shipped, cache.key(texts(own_folder())), cache.find(cache.key(texts(own_folder()))))
    monkeypatch.setattr(cache, "SHIPPED", shipped)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "a file"))
    assert load(mine)["own.a"].role == "linear"
    assert reading == [f"{mine}/1-own.md"]


def test_the_folder_follows_the_standard(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache.folder() == tmp_path / ".cache" / "derive-steps"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache.folder() == tmp_path / "x" / "derive-steps"


def test_old_files_go_and_no_half_file_stays(home):
    for i in range(cache.KEPT + 3):
        cache.keep(f"{i:064d}"[::-1], b"body")
    files = list(cache.folder().iterdir())
    assert len(files) == cache.KEPT
    assert all(f.name.endswith(".jsonl") for f in files)


def test_the_shipped_file_is_looked_up_first(home, monkeypatch, reading, read):
    shipped = cache.ship(home / "rules.jsonl")
    assert len(reading) == len(read)
    monkeypatch.setattr(cache, "SHIPPED", shipped)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "empty"))
    assert len(load()) == sum(len(rules) for _, _, rules in read)
    assert len(reading) == len(read)
    assert not (home / "empty").exists()


def test_the_reader_is_not_imported_for_a_cached_rulebook(home):
    code = "import sys; from derive.rulebook.load import load; load(); print('derive.language.chapters' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    # the child looks for the real shipped file, then in the same cache folder
    assert done.stdout.strip() == "False"
