"""The rulebook: every chapter of the package, then those of a user's folder, read or taken from the cache."""

from __future__ import annotations

import os
import re
from pathlib import Path

from derive.language.model import ReadError
from derive.rulebook import cache
from derive.rulebook.book import RuleBook
from derive.rulebook.encode import Chapters, citations, decode, encode
from derive.rulebook.model import Rule

_NUMBER = re.compile(r"\d+")


def load(dir: str | os.PathLike[str] | None = None) -> RuleBook:
    """All rules; ``dir`` holds chapters of the user's own, which come after.

    Raises
    ------
    ReadError
        Where a chapter cannot be read, a name is taken, or a proof rests on itself; its ``file`` says in which.
    """
    own = own_folder()
    chapters = _chapters(own, "rules", True)
    files = {file: str(own / Path(file).name) for _, file, _ in chapters}
    if dir is not None and not (own.is_dir() and Path(dir).is_dir() and os.path.samefile(own, dir)):
        users = _chapters(Path(dir), str(Path(dir)), False)
        chapters = [*chapters, *users]
        files |= {file: file for _, file, _ in users}
    _check_names(chapters, files)
    book = RuleBook(chapters)
    _check_order(book, files)
    return book


def own_folder() -> Path:
    """The folder of the package's own chapters: inside it when installed, beside it in the repository."""
    inside = cache.PACKAGE / "rules"
    return inside if inside.is_dir() else cache.PACKAGE.parent / "rules"


def texts(folder: Path) -> dict[str, bytes]:
    """The chapters in a folder by file name, in the order of their numbers."""
    try:
        names = [n for n in os.listdir(folder) if n.endswith(".md") and not n.startswith(".")]
        return {n: (folder / n).read_bytes() for n in sorted(names, key=_order) if (folder / n).is_file()}
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise _in(str(error.filename or folder), ReadError(f"these rules cannot be opened: {said}", 1)) from None


def _order(name: str) -> tuple[bool, int, str]:
    m = _NUMBER.match(name)
    return (m is None, int(m[0]) if m else 0, name)


def read_chapters(found: dict[str, bytes], folder: Path, shown: str) -> Chapters:
    """Chapters from their texts; ``shown`` is the folder's name in ``Rule.file``."""
    from derive.language.chapters import read_chapter

    out: Chapters = []
    for name, data in found.items():
        try:
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                line = data[: error.start].count(b"\n") + 1
                raise ReadError("this is not UTF-8", line, 1, "", ("a file in UTF-8",)) from None
            file = f"{shown}/{name}"
            title, rules = read_chapter(text, file)
        except ReadError as error:
            raise _in(str(folder / name), error) from None
        out.append((title, file, rules))
    return out


def _chapters(folder: Path, shown: str, shipped: bool) -> Chapters:
    """A folder's chapters from the cache, or read and put there."""
    found = texts(folder)
    key = cache.key(found)
    body = cache.find(key, shipped)
    if body is None:
        body = encode(read_chapters(found, folder, shown))
        cache.keep(key, body)
    return decode(body, shown)


def _check_names(chapters: Chapters, files: dict[str, str]) -> None:
    first: dict[str, Rule] = {}
    for _, file, rules in chapters:
        for r in rules:
            other = first.setdefault(r.name, r)
            if other is not r:
                said = f"`{r.name}` stands in {other.file} on line {other.line} already"
                raise _in(files[file], ReadError(said, r.line, 1, r.name))


def _check_order(book: RuleBook, files: dict[str, str]) -> None:
    """No rule rests on itself, through whatever chain of proofs."""
    done: set[str] = set()
    for start in book:
        if start in done:
            continue
        chain = [start]  # each rests on the next
        left = [_rests_on(book, start)]
        while chain:
            if not left[-1]:
                done.add(chain.pop())
                left.pop()
                continue
            name, line = left[-1].pop()
            if name in chain:
                circle = [*chain[chain.index(name) :], name]
                said = f"`{chain[-1]}` rests on itself: " + " → ".join(circle)
                raise _in(files[book[chain[-1]].file], ReadError(said, line, 1, name))
            if name not in done:
                chain.append(name)
                left.append(_rests_on(book, name))


def _rests_on(book: RuleBook, name: str) -> list[tuple[str, int]]:
    return [(n, line) for n, line in citations(book[name]) if n in book]


def _in(file: str, error: ReadError) -> ReadError:
    error.file = file
    return error
