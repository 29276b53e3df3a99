"""The command line: `derive solve`, `derive explain`, `derive rules`.

Each command is a module with ``register`` (its options) and ``run`` (what it does, an exit status); adding one is
adding it to `COMMANDS`. Errors are worded here, once for all.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from derive.hosts import explain, rules, solve
from derive.hosts.errors import LIMIT, OPEN, UNREADABLE, Usage, error_object, expected_text, read_error_text
from derive.hosts.output import json_text, quiet_pipe, utf8, wants_json

if TYPE_CHECKING:
    from derive.language.model import ReadError

COMMANDS = (solve, explain, rules)


class Parser(argparse.ArgumentParser):
    """argparse with our own words for an unreadable command line."""

    def error(self, message: str) -> NoReturn:
        raise Usage(message, (self.format_usage().strip().removeprefix("usage: "), f"{self.prog} --help"))


def parser() -> Parser:
    out = Parser(
        prog="derive",
        description="Solve a homework problem written in plain English and LaTeX, and show why every step holds.",
        epilog="example:\n  derive solve homework.md\n  derive solve homework.md -o solution.html\n"
        "  derive explain homework.md 1.4 --deeper 2",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    out.add_argument("--version", action=Version, nargs=0, help="the installed version")
    commands = out.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for command in COMMANDS:
        command.register(commands)
    return out


class Version(argparse.Action):
    """``--version``: looked up only when asked, for it costs more than all the rest of ``--help``."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"derive {version('derive-steps')}")
        except PackageNotFoundError:
            print("derive, not installed")
        parser.exit()


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    utf8()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy would start threads, and its arrays are small here
    words = sys.argv[1:] if argv is None else argv
    args: Any = argparse.Namespace(format="json" if asks_json(words) else None)
    try:
        args = parser().parse_args(words)
        return int(args.run(args, lambda: guarded(args)))
    except SystemExit as stop:  # --help, --version
        return int(stop.code or 0)
    except Usage as error:
        return usage_error(error, args)
    except BrokenPipeError:
        quiet_pipe()
        return 0
    except KeyboardInterrupt:
        return 130


def asks_json(words: list[str]) -> bool:
    """Whether an unreadable command line asked for JSON all the same."""
    pairs = zip(words, [*words[1:], ""], strict=True)
    return any(w in ("--format=json",) or (w == "--format" and v == "json") or (w == "-o" and v.endswith(".json"))
               for w, v in pairs)  # fmt: skip


def guarded(args: Any) -> int:
    """A command's work, with every error worded: no traceback reaches a user."""
    from derive.language.model import ReadError

    try:
        return int(args.work(args))
    except ReadError as error:
        return unreadable(error, args)
    except Usage as error:
        return usage_error(error, args)
    except RecursionError:
        return told("stopped: the mathematics is nested too deeply", args, LIMIT)
    except (MemoryError, BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        import os

        if "DERIVE_DEBUG" in os.environ:
            raise
        where = f"{type(error).__name__}: {error}"
        return told(f"internal error, please report it with the document: {where}", args, OPEN)


def unreadable(error: ReadError, args: Any) -> int:
    """A document (or a chapter of rules, which then names its own file) that cannot be read."""
    file, source = getattr(args, "shown_file", "") or "input", getattr(args, "source", "")
    other = getattr(error, "file", None)
    if other and str(other) != file:
        file = str(other)
        try:
            with open(file, encoding="utf-8") as chapter:
                source = chapter.read()
        except (OSError, UnicodeDecodeError):
            source = ""
    complain(read_error_text(error, file, source))
    if wants_json(args):
        print_object(error_object(error.message, file, error.line, error.column, tuple(error.expected)))
    return UNREADABLE


def told(message: str, args: Any, status: int) -> int:
    complain(f"derive: {message}\n")
    if wants_json(args):
        print_object(error_object(message, getattr(args, "shown_file", "")))
    return status


def usage_error(error: Usage, args: Any) -> int:
    complain("\n".join([f"derive: {error.message}", *expected_text(error.expected)]) + "\n")
    if wants_json(args):
        print_object(error_object(error.message, "", None, None, error.expected))
    return UNREADABLE


def complain(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def print_object(value: dict[str, Any]) -> None:
    sys.stdout.write(json_text(value))
    sys.stdout.flush()
