"""Where output goes and in what form: the format, UTF-8, and pipes that close early."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from derive.hosts.errors import Usage

SUFFIXES = {
    ".txt": "text",
    ".md": "md",
    ".markdown": "md",
    ".tex": "tex",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".ipynb": "ipynb",
}


def chosen_format(args: Any, allowed: tuple[str, ...]) -> str:
    """What ``--format`` says, else the ending of ``-o FILE``, else text on a terminal and Markdown otherwise."""
    if args.format:
        return str(args.format)
    if args.output:
        ending = Path(args.output).suffix.lower()
        found = SUFFIXES.get(ending)
        if found is None or found not in allowed:
            known = ", ".join(e for e, f in SUFFIXES.items() if f in allowed)
            raise Usage(f"the ending of {args.output} names no format", (f"one of {known}", "--format"))
        return found
    return "text" if sys.stdout.isatty() else "md"


def wants_json(args: Any) -> bool:
    output = getattr(args, "output", None) or ""
    return getattr(args, "format", None) == "json" or (not getattr(args, "format", None) and output.endswith(".json"))


def utf8() -> None:
    """UTF-8 out, whatever the console's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n" if stream is sys.stdout else None)


def write(text: str, output: str | None) -> None:
    if output and output != "-":
        try:
            Path(output).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise Usage(f"{output} cannot be written: {error.strerror}") from None
        return
    sys.stdout.write(text)
    sys.stdout.flush()


def write_beside(files: Mapping[str, bytes], output: str) -> None:
    """Files in the folder of the output."""
    for name, content in files.items():
        path = Path(output).parent / name
        try:
            path.write_bytes(content)
        except OSError as error:
            raise Usage(f"{path} cannot be written: {error.strerror}") from None


def json_text(value: Mapping[str, Any]) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def columns() -> int:
    """The width to wrap text at."""
    import shutil

    return shutil.get_terminal_size((88, 24)).columns


def color() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def quiet_pipe() -> None:
    """After a reader has gone: nothing more is written, and nothing is said about it."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
