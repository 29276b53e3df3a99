"""`derive explain`: one step alone, opened."""

from __future__ import annotations

from typing import Any

from derive.hosts import options
from derive.hosts.errors import SOLVED, Usage
from derive.hosts.output import chosen_format, color, columns, json_text, write

FORMATS = ("text", "md", "tex", "html", "json")


def register(commands: Any) -> None:
    p = options.command(
        commands, "explain", "one step alone: its rule with its own proof, why each condition holds, numbers",
        "  derive explain homework.md 1.4\n  derive explain homework.md 1.4 --deeper 3", explain,
    )  # fmt: skip
    p.add_argument("file", metavar="FILE", help="a .md or .tex file, or - for standard input")
    p.add_argument("step", metavar="STEP", help="the step's number, such as 1.4, or its anchor")
    options.output_options(p, FORMATS)
    p.add_argument("--deeper", type=int, default=0, metavar="N", help="open the proof's own steps N levels down")
    p.add_argument("--using", metavar="NAME", help="as for solve")
    p.add_argument("--rules", metavar="DIR", help="also the rule chapters in this folder")
    options.limit_options(p)


def explain(args: Any) -> int:
    kind = chosen_format(args, FORMATS)
    problem = options.read_document(args)
    from derive.explaining import explain as explained
    from derive.explaining.numbering import nearest, numbered
    from derive.planner.solve import solve
    from derive.rendering.anchors import step_number

    rulebook = options.rulebook(args)
    tasks = [t.id for t in problem.tasks]
    first = args.step.strip("() ").split(".")[0]
    solution = numbered(solve(problem, rulebook, task=first if first in tasks else None, using=args.using))
    number = step_number(solution, args.step)
    if number is None:
        near = nearest(solution, args.step.strip("() "))
        unanswered = [f"; task {a.task.id} has no steps" for a in solution.answers if not a.steps]
        raise Usage(f"there is no step {args.step}" + ("" if near else "".join(unanswered)),
                    (f"one of {', '.join(near)}",) if near else ())  # fmt: skip
    write(rendered(explained(solution, rulebook, number, max(0, args.deeper)), kind, args), args.output)
    return SOLVED


def rendered(explanation: Any, kind: str, args: Any) -> str:
    if kind == "json":
        from derive.rendering.trace import explanation as as_json

        return json_text(as_json(explanation))
    from derive.rendering.explain import explanation_page

    page = explanation_page(explanation)
    if kind == "text":
        from derive.rendering.text import explanation_text

        return explanation_text(page, columns(), color() and not args.output)
    if kind == "md":
        from derive.rendering.markdown import explanation_markdown

        return explanation_markdown(page, args.flavour or "")
    if kind == "tex":
        from derive.rendering.latex import explanation_latex

        return explanation_latex(page, args.fragment)
    from derive.rendering.html import explanation_html

    return explanation_html(page)
