"""Options that several commands share, and reading their input."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from derive.hosts.errors import Usage, error_object
from derive.hosts.limits import limited
from derive.hosts.output import json_text, wants_json


def command(commands: Any, name: str, help_: str, example: str, work: Callable[[Any], int]) -> argparse.ArgumentParser:
    """A subcommand whose ``--help`` ends with an example."""
    out: argparse.ArgumentParser = commands.add_parser(
        name, help=help_, description=help_[:1].upper() + help_[1:] + ".", epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    out.set_defaults(work=work, run=run_limited)
    return out


def output_options(p: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    p.add_argument("--format", choices=formats, help="default: text on a terminal, md otherwise")
    p.add_argument("-o", dest="output", metavar="FILE", help="write to FILE; its ending sets the format")
    p.add_argument("--flavour", choices=("github",), help="write mathematics in Markdown as GitHub wants it")
    if "tex" in formats:
        p.add_argument("--fragment", action="store_true", help="LaTeX without a preamble, for \\input")


def limit_options(p: argparse.ArgumentParser) -> None:
    p.add_argument("--timeout", type=positive, default=60.0, metavar="SECONDS", help="default 60; 0: no limit")
    p.add_argument("--memory", type=positive, default=2048.0, metavar="MIB", help="default 2048; 0: no limit")


def positive(text: str) -> float:
    value = float(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 on")
    return value


def run_limited(args: Any, work: Callable[[], int]) -> int:
    """The command's work within its limits."""

    def tell(message: str) -> None:
        sys.stderr.write(f"derive: {message}\n")
        if wants_json(args):
            sys.stdout.write(json_text(error_object(message, getattr(args, "file", None) or "")))
            sys.stdout.flush()

    return limited(work, getattr(args, "timeout", 0), int(getattr(args, "memory", 0)), tell)


def read_input(args: Any) -> tuple[str, str | None]:
    """The text and the name of the document (None for standard input); kept in ``args`` for an error's excerpt."""
    from pathlib import Path

    from derive.language.model import ReadError

    if args.file == "-":
        args.shown_file, name = "standard input", None
        data = sys.stdin.buffer.read()
    else:
        args.shown_file = name = args.file
        try:
            data = Path(args.file).read_bytes()
        except OSError as error:
            raise Usage(f"{args.file} cannot be opened: {(error.strerror or str(error)).lower()}") from None
        except ValueError as error:
            raise Usage(f"{args.file!r} is no file name: {error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        args.source = data.decode("utf-8", errors="replace")
        line = data[: error.start].count(b"\n") + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", errors="replace")) + 1
        raise ReadError("this is not UTF-8", line, column, "", ("a file in UTF-8",)) from None
    args.source = text
    return text, name


def read_document(args: Any) -> Any:
    """The problem in the file that was named."""
    from derive.language.reading import read_problem

    text, name = read_input(args)
    return read_problem(text if "\n" in text else text + "\n", file=name)


def rulebook(args: Any) -> Any:
    from pathlib import Path

    from derive.rulebook.load import load

    if not args.rules:
        return load()
    folder = Path(args.rules)
    if not folder.is_dir():
        raise Usage(f"{args.rules} is no folder of rule chapters")
    return load(folder)
