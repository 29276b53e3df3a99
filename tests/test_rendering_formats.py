"""One solution in every format."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from rendering_samples import made, problem, solution, steps_of_scale, table_solution, x

from derive.explaining.numbering import number_steps, walk
from derive.language.unicode import width
from derive.rendering.anchors import anchors
from derive.rendering.build import page
from derive.rendering.html import html
from derive.rendering.latex import latex
from derive.rendering.markdown import markdown
from derive.rendering.text import text
from derive.rendering.trace import trace

SCHEMA = json.loads((Path(__file__).parents[1] / "derive" / "trace.schema.json").read_text())


# JSON
def test_the_trace_meets_its_schema():
    for solved in (solution(), table_solution()):
        shown = json.loads(json.dumps(trace(solved), allow_nan=False))
        jsonschema.Draft202012Validator(SCHEMA).validate(shown)


@pytest.mark.parametrize("damage", [
    lambda t: t["tasks"][0].pop("status"),
    lambda t: t["tasks"][0].update(result=None),
    lambda t: t["tasks"][3].pop("reason"),
    lambda t: t["tasks"][0]["steps"][0].update(relation="equals"),
    lambda t: t["tasks"][0]["steps"][1]["conditions"][0].update(status="perhaps"),
])  # fmt: skip
def test_the_schema_notices_what_is_missing(damage):
    shown = json.loads(json.dumps(trace(solution())))
    damage(shown)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(shown)


def test_steps_chain_from_the_question_to_the_result():
    find = trace(solution())["tasks"][0]
    steps = find["steps"]
    assert steps[0]["before"]["math"] == ["Expectation", ["Power", ["RMS", "y"], 2]]
    assert all(a["after"]["math"] == b["before"]["math"] for a, b in zip(steps, steps[1:], strict=False))
    assert steps[-1]["after"]["math"] == find["result"]["math"] == "d_1"
    inner = steps[5]["steps"]
    assert (inner[0]["before"], inner[-1]["after"]) == (steps[5]["before"], steps[5]["after"])
    assert [s["id"] for s in inner] == ["1.6.1", "1.6.2"]


def test_results_by_the_kind_of_task():
    tasks = trace(solution())["tasks"]
    assert tasks[1]["result"]["math"] == ["Theta", "d_1"]
    assert tasks[2]["result"]["math"] == ["Divide", 1, ["Sqrt", "d_1"]]
    assert tasks[3]["result"]["math"] == "False"
    assert tasks[3]["evidence"]["where"] == {"d_1": 2, "d_2": 1}
    assert tasks[4]["result"] is None and "missing" in tasks[4]
    table = trace(table_solution())["tasks"][0]
    assert table["result"]["math"][1] == ["List", "''", "'variance'", "'step size'"]
    assert table["columns"] == [{"task": "1"}, {"task": "2"}]


def test_anchors_stay_when_other_steps_change():
    first = number_steps(steps_of_scale(), "1")
    shorter = number_steps(steps_of_scale()[3:], "9")
    names, later = anchors(walk(first)), anchors(walk(shorter))
    assert names["1.4"] == later["9.1"]
    assert len(set(names.values())) == len(names)
    twice = anchors(walk(number_steps((steps_of_scale()[0], steps_of_scale()[0]), "1")))
    assert twice["1.2"] == twice["1.1"] + "-2"


# Pages
def test_the_answer_comes_before_the_derivation():
    for shown in (text(page(solution())), markdown(page(solution())), html(page(solution())), latex(page(solution()))):
        assert 0 < shown.index("Answer") < shown.index("1.1)" if "\\tag" not in shown else "\\tag{1.1}")


def test_text_shows_no_latex_and_keeps_to_the_width():
    shown = text(page(solution()), 80)
    assert not set(shown) & set("\\${}")
    assert max(map(width, shown.splitlines())) <= 80
    assert "Assume" in shown and "line 3" in shown and "(1.4.a.1)" in shown


def test_text_of_a_narrow_terminal_says_the_same():
    def words(columns):
        return re.sub(r"[\s=]", "", text(page(solution()), columns))

    assert words(60) == words(100)


def test_markdown_is_the_problem_followed_by_its_working():
    shown = markdown(page(solution()))
    source = problem().source.rstrip("\n")
    assert shown.startswith(source + "\n\n**Working.**\n")
    prose_for_people = re.sub(r"(?m)^(> ?.*|#.*|\$\$.*|.*&.*|\\end.*)$", "", shown[len(source) :])
    assert prose_for_people.split() == ["**Working.**"]


def test_markdown_for_github_has_no_dollar_displays():
    shown = markdown(page(solution()), "github")
    assert "$$" not in shown and shown.count("```math") == shown.count("\n```\n") + shown.count("> ```\n")
    between = re.sub(r"(?s)```math.*?```", "", shown)
    assert not re.search(r"(?<!`)\$(?!`)", between)


def test_references_of_a_latex_problem_are_moved_to_where_its_lines_stand():
    from dataclasses import replace

    moved = replace(solution(), problem=replace(problem(), file="q.tex", declarations=tuple(
        (s, n + 20) for s, n in problem().declarations), tasks=problem().tasks))  # fmt: skip
    first = replace(moved.answers[0], steps=(made("=", x, x, "sum.of_constant", why="See line 23."),))
    shown = markdown(page(replace(moved, answers=(first,))))
    number = int(re.search(r"See line (\d+)", shown)[1])
    assert shown.splitlines()[number - 1] == problem().declarations[0][0]


def test_brief_leaves_out_the_computations_and_joins_their_lines():
    full, brief = page(solution()).tasks[0].chains[0], page(solution(), "brief").tasks[0].chains[0]
    assert {s.name for s in full.steps} - {s.name for s in brief.steps} == {"definition of y", "algebra"}
    assert (full.first, full.steps[-1].line) == (brief.first, brief.steps[-1].line)
    assert not any(s.checked or s.chains or c.because for s in brief.steps for c in s.conditions or [])
    assert [s.name for s in page(solution(), "brief").tasks[1].chains[0].steps] == ["earlier task", "leading terms"]


def test_a_computation_alone_is_shown_even_in_brief():
    from dataclasses import replace

    alone = replace(solution().answers[0], steps=steps_of_scale()[-1:])
    shown = page(replace(solution(), answers=(alone,)), "brief")
    assert [s.name for s in shown.tasks[0].chains[0].steps] == ["algebra"]


class Links(HTMLParser):
    """Anchors, references, and tags that are not closed."""

    VOID = frozenset({"meta", "br", "mspace", "link", "img"})

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.open, self.tags = [], [], [], set()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.add(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("detail", ["full", "brief"])
def test_html_is_self_contained_and_every_reference_resolves(detail):
    shown = html(page(solution(), detail))
    seen = Links()
    seen.feed(shown)
    assert not seen.open and not seen.tags & {"script", "link", "img", "iframe"}
    assert "http" not in shown.replace("https://www.w3.org", "") and "@import" not in shown and "url(" not in shown
    assert len(seen.ids) == len(set(seen.ids))
    assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)
    if detail == "full":
        assert {"#line-3", "#task-1", "#rule-normal.second_moment"} <= set(seen.links)


def test_html_escapes_what_a_document_says():
    from dataclasses import replace

    hostile = replace(solution(), problem=replace(problem(), title="<script>alert(1)</script> & $a < b$"))
    shown = html(page(hostile))
    assert "<script" not in shown and "&lt;script&gt;" in shown


def test_a_table_has_its_cells_everywhere():
    shown = page(table_solution())
    assert "hidden weights" in text(shown) and "Θ(" in text(shown)
    assert markdown(shown).count("> |") == 4
    assert html(shown).count("<td>") == 4
    assert latex(shown).count("\\hline") == 1


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex here")
def test_latex_compiles(tmp_path):
    (tmp_path / "page.tex").write_text(latex(page(solution())))
    (tmp_path / "inner.tex").write_text(latex(page(table_solution()), fragment=True))
    (tmp_path / "outer.tex").write_text(
        "\\documentclass{article}\\usepackage{amsmath,amssymb}\\begin{document}\\input{inner}\\end{document}"
    )
    for name in ("page.tex", "outer.tex"):
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name], cwd=tmp_path,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]
        assert "Overfull" not in done.stdout
