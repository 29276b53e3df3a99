"""`derive solve`: the worked solution of every task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from derive.hosts import options
from derive.hosts.errors import OPEN, SOLVED, Usage
from derive.hosts.output import chosen_format, color, columns, json_text, write, write_beside

FORMATS = ("text", "md", "tex", "html", "json", "ipynb")
PICTURED = ("md", "tex", "html", "ipynb")


def register(commands: Any) -> None:
    p = options.command(
        commands, "solve", "the worked solution of every task of a document",
        "  derive solve homework.md\n  derive solve homework.md -o solution.html\n"
        "  echo 'Let $x \\sim \\mathcal{N}(0, 1)$. Find $\\mathbb{E}[x^4]$.' | derive solve -", solve,
    )  # fmt: skip
    p.add_argument("file", metavar="FILE", help="a .md or .tex file, or - for standard input")
    options.output_options(p, FORMATS)
    p.add_argument("--detail", choices=("brief", "full"), default="full", help="brief leaves out calculations")
    p.add_argument("--task", metavar="N", help="only this task")
    p.add_argument("--using", metavar="NAME", help="by this rule, chapter or method")
    p.add_argument("--methods", action="store_true", help="every method that is found, side by side")
    p.add_argument("--pictures", action="store_true", help="values over sizes, layers, and the graph of the steps (wants matplotlib)")
    p.add_argument("--rules", metavar="DIR", help="also the rule chapters in this folder")
    options.limit_options(p)


def solve(args: Any) -> int:
    """Read, solve, write; 0 where everything asked was answered."""
    kind = chosen_format(args, FORMATS)
    if args.pictures:
        drawable(kind, args)
    problem = options.read_document(args)
    if args.task is not None and args.task not in {t.id for t in problem.tasks}:
        known = ", ".join(t.id for t in problem.tasks) or "none"
        raise Usage(f"the document has no task {args.task}", (f"one of its tasks: {known}",))
    from derive.planner.solve import solve as solved
    from derive.rendering.words import answered

    solution = solved(problem, options.rulebook(args), task=args.task, using=args.using, methods=args.methods)
    write(rendered(solution, kind, args), args.output)
    return SOLVED if all(map(answered, solution.answers)) else OPEN


def drawable(kind: str, args: Any) -> None:
    """Whether pictures can be drawn for this format, said before any work is done."""
    from importlib.util import find_spec

    if kind not in PICTURED:
        raise Usage(f"--pictures: there are none in the format {kind}", tuple(f"--format {k}" for k in PICTURED))
    if kind in ("md", "tex") and (not args.output or args.output == "-"):
        raise Usage(f"--pictures: those of {kind} are files beside it, so it has to be a file", (f"-o FILE.{kind}", "--format html"))
    if find_spec("matplotlib") is None:
        raise Usage("--pictures wants matplotlib, which is not installed", ("pip install 'derive-steps[pictures]'",))


def rendered(solution: Any, kind: str, args: Any) -> str:
    """The solution in the format asked for."""
    if kind == "json":
        from derive.rendering.trace import trace

        return json_text(trace(solution))
    from derive.rendering.build import page

    drawing = None
    if args.pictures:
        from derive.rendering.pictures.beside import Drawing

        drawing = Drawing(solution, kind, Path(args.output).stem if args.output else "")
    shown = page(solution, args.detail, drawing)
    if drawing and kind in ("md", "tex"):
        write_beside(drawing.files, args.output)
    if kind == "ipynb":
        from derive.rendering.notebook import notebook

        return json_text(notebook(shown, drawing.files if drawing else None))
    if kind == "text":
        from derive.rendering.text import text

        return text(shown, columns(), color() and not args.output)
    if kind == "md":
        from derive.rendering.markdown import markdown

        return markdown(shown, args.flavour or "")
    if kind == "tex":
        from derive.rendering.latex import latex

        return latex(shown, args.fragment)
    from derive.rendering.html import html

    return html(shown)
