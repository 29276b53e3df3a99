"""`derive rules`: the rule library listed, shown, and checked."""

from __future__ import annotations

import sys
from typing import Any

from derive.hosts import options
from derive.hosts.errors import OPEN, SOLVED, Usage
from derive.hosts.output import chosen_format, color, columns, json_text, write

FORMATS = ("text", "md", "json")
SHOWN = ("text", "md", "html", "json")
PARTS = ("proof", "referee", "fails", "example")


def register(commands: Any) -> None:
    p = commands.add_parser("rules", help="list, show or check the rules")
    inner = p.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=type(p))
    lister = options.command(inner, "list", "the rules, or those whose name or text has a word",
                             "  derive rules list variance", list_)  # fmt: skip
    lister.add_argument("word", nargs="?", metavar="WORD", default="")
    shower = options.command(inner, "show", "one rule with its proof, or what a computation may do",
                             "  derive rules show variance.of_product\n  derive rules show algebra", show)  # fmt: skip
    shower.add_argument("name", metavar="NAME")
    checker = options.command(inner, "check", "prove and test rules: all of them, or a chapter",
                              "  derive rules check\n  derive rules check mine/10-moments.md", check)  # fmt: skip
    checker.add_argument("file", nargs="?", metavar="FILE", help="a chapter")
    for each, formats in ((lister, FORMATS), (shower, SHOWN), (checker, FORMATS)):
        options.output_options(each, formats)
        each.add_argument("--rules", metavar="DIR", help="also the rule chapters in this folder")
    options.limit_options(checker)
    checker.set_defaults(timeout=600.0)


def list_(args: Any) -> int:
    kind = chosen_format(args, FORMATS)
    word = args.word.lower().replace("-", " ").replace("_", " ")
    found = [r for r in options.rulebook(args).values() if word in searched(r)]
    if kind == "json":
        from derive.rendering.trace import rule

        write(json_text({"schema": "derive-rules/1", "rules": [rule(r) for r in found]}), args.output)
        return SOLVED if found else OPEN
    if not found:
        sys.stderr.write(f"derive: no rule mentions {args.word!r}\n")
        return OPEN
    lines: list[str] = []
    chapter = None
    for r in found:
        if r.chapter != chapter:
            chapter = r.chapter
            lines += ["", f"## {chapter}" if kind == "md" else chapter, ""] if lines else [
                f"## {chapter}" if kind == "md" else chapter, ""]  # fmt: skip
        lines.append(f"- `{r.name}`: {one_line(r.why)}" if kind == "md" else f"  {r.name:<42} {unicode_line(r.why)}")
    write("\n".join(lines) + "\n", args.output)
    return SOLVED


def searched(rule: Any) -> str:
    return f"{rule.name} {rule.name.replace('_', ' ').replace('.', ' ')} {rule.chapter} {rule.statement}".lower()


def one_line(text: str) -> str:
    return " ".join(text.split())


def unicode_line(text: str) -> str:
    from derive.rendering.prose import plain

    first = one_line(plain(text))
    return first if len(first) <= 90 else first[:88].rsplit(" ", 1)[0] + " …"


def show(args: Any) -> int:
    from derive.rendering.words import COMPUTATIONS, computation, is_computation

    kind = chosen_format(args, SHOWN)
    if is_computation(args.name) and computation(args.name):
        return show_computation(args.name, computation(args.name), kind, args)
    rules = options.rulebook(args)
    rule = rules.get(args.name)
    if rule is None:
        import difflib

        close = difflib.get_close_matches(args.name, [*rules, *COMPUTATIONS], 5, 0.4)
        raise Usage(f"there is no rule {args.name}", tuple(close))
    if kind == "json":
        from derive.rendering.trace import rule as as_json

        write(json_text({"schema": "derive-rules/1", "rules": [as_json(rule)]}), args.output)
        return SOLVED
    from derive.rendering.build import rule_view

    write(shown(rule_view(rule), kind, args), args.output)
    return SOLVED


def show_computation(name: str, words: str, kind: str, args: Any) -> int:
    """What one of the kernel's own computations may do."""
    if kind == "json":
        rule = {"name": name, "kind": "computation", "statement": words}
        write(json_text({"schema": "derive-rules/1", "rules": [rule]}), args.output)
        return SOLVED
    from derive.rendering.page import RuleView
    from derive.rendering.prose import prose

    view = RuleView(name, name, "computation of the kernel", "", prose(words), (), (), (), (), ())
    write(shown(view, kind, args), args.output)
    return SOLVED


def shown(view: Any, kind: str, args: Any) -> str:
    """A rule's words in the format asked for."""
    if kind == "text":
        from derive.rendering.text import rule_text

        return rule_text(view, columns(), color() and not args.output)
    if kind == "md":
        from derive.rendering.markdown import rule_markdown

        return rule_markdown(view, args.flavour or "")
    from derive.rendering.html import rule_html

    return rule_html(view)


def check(args: Any) -> int:
    """Every part of every rule; 1 where one does not hold."""
    from derive.checking.rules import check as checked

    kind = chosen_format(args, FORMATS)
    args.shown_file = args.file or ""
    reports = list(checked(options.rulebook(args), args.file))
    good = sum(r.ok for r in reports)
    if kind == "json":
        write(json_text({"schema": "derive-rules/1", "rules": [as_object(r) for r in reports]}), args.output)
        return SOLVED if good == len(reports) else OPEN
    lines = []
    for r in reports:
        parts = {part: getattr(r, part) for part in PARTS}
        if kind == "md":
            lines.append(
                f"- {'✓' if r.ok else '✗'} `{r.name}`" + "".join(f"; {p}: {s}" for p, (s, _) in parts.items() if s)
            )
        else:
            lines.append(
                f"{'✓' if r.ok else '✗'} {r.name:<44} " + "  ".join(f"{p} {s}" for p, (s, _) in parts.items() if s)
            )
        if not r.ok:
            lines += [f"    {p}: {message}" for p, (_, message) in parts.items() if message]
    lines += ["", f"{good} of {len(reports)} rules hold."]
    write("\n".join(lines) + "\n", args.output)
    return SOLVED if good == len(reports) else OPEN


def as_object(report: Any) -> dict[str, Any]:
    parts = {p: dict(zip(("status", "message"), getattr(report, p), strict=True)) for p in PARTS}
    return {"name": report.name, "ok": report.ok, **parts}
