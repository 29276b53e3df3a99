"""Where the compiled rulebook is kept: shipped with the package, else in the user's cache folder.

``python -m derive.rulebook.cache`` writes the shipped file. A file holds, after a line with its key and the digest of the
rest, what `encode` makes. The key covers the chapters and the source of their reader, so that what is stale is not found.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = PACKAGE / "rules.jsonl"
KEPT = 8  # files in the user's folder: other versions, other folders of chapters


@cache
def reader_version() -> bytes:
    """The digest of all source by which a chapter becomes data."""
    out = hashlib.sha256()
    here = PACKAGE / "rulebook"
    sources = [*_sources(PACKAGE / "terms"), *_sources(PACKAGE / "language"), here / "model.py", here / "encode.py"]
    for f in sources:
        try:
            text = f.read_bytes()
        except OSError:
            text = b""
        out.update(f"{f.name} {len(text)}\n".encode() + text)
    return out.digest()


def _sources(folder: Path) -> list[Path]:
    return [folder / name for name in sorted(os.listdir(folder)) if name.endswith(".py")]


def key(texts: Mapping[str, bytes]) -> str:
    """The key of chapters: file name -> content, in order."""
    out = hashlib.sha256(reader_version())
    for name, text in texts.items():
        out.update(f"{name} {len(text)}\n".encode() + text)
    return out.hexdigest()


def folder() -> Path | None:
    """The user's cache folder; None where there is none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # as the standard says, others are ignored
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return Path(base) / "derive-steps"


def find(wanted: str, shipped: bool = True) -> bytes | None:
    """The compiled chapters with this key, unless they are nowhere or damaged."""
    places = [SHIPPED] if shipped else []
    users = folder()
    if users is not None:
        places.append(users / _file_name(wanted))
    for f in places:
        try:
            data = f.read_bytes()
        except OSError:
            continue
        head, _, body = data.partition(b"\n")
        if head == _head(wanted, body):
            return body
    return None


def keep(wanted: str, body: bytes) -> None:
    """Put compiled chapters into the user's folder, if it can be written."""
    users = folder()
    if users is None:
        return
    try:
        users.mkdir(parents=True, exist_ok=True)
        write(users / _file_name(wanted), wanted, body)
        files = sorted(users.glob("rules-*.jsonl"), key=lambda f: f.stat().st_mtime, reverse=True)
        _remove(files[KEPT:])
    except OSError:
        return


def write(file: Path, wanted: str, body: bytes) -> None:
    """Write a compiled file as a whole or not at all."""
    half = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        half.write_bytes(_head(wanted, body) + b"\n" + body)
        os.replace(half, file)
    except OSError:
        _remove([half])
        raise


def _remove(files: Iterable[Path]) -> None:
    for f in files:
        f.unlink(missing_ok=True)


def _file_name(wanted: str) -> str:
    return f"rules-{wanted[:24]}.jsonl"


def _head(wanted: str, body: bytes) -> bytes:
    return f"derive rules {wanted} {hashlib.sha256(body).hexdigest()}".encode()


def ship(file: Path = SHIPPED) -> Path:
    """Compile the package's own chapters into the file that goes into the wheel."""
    from derive.rulebook.encode import encode
    from derive.rulebook.load import own_folder, read_chapters, texts

    found = texts(own_folder())
    write(file, key(found), encode(read_chapters(found, own_folder(), "rules")))
    return file


if __name__ == "__main__":
    print(ship())
