"""Pictures as a person gets them: SVG in a page, files beside a page, notebooks; and what they cost who asks for none."""

import base64
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import pytest
from pictures_samples import NETWORK, SMALL, network
from rendering_samples import solution

import derive
from derive.hosts.cli import main
from derive.rendering.build import page
from derive.rendering.html import html as to_html
from derive.rendering.latex import latex
from derive.rendering.markdown import markdown
from derive.rendering.notebook import notebook
from derive.rendering.pictures import draw, pictures
from derive.rendering.pictures.beside import Drawing
from derive.rendering.pictures.draw_graph import graph_figure, lines_of
from derive.rendering.pictures.layout import laid, overlaps
from derive.rendering.pictures.mathtext import labelled, mathtext, measured
from derive.rendering.pictures.model import Axis, Curve, Dot, Dots, Graph, Node, Panel, Picture, Plot
from derive.rendering.pictures.network import layers_picture
from derive.rendering.pictures.style import BLUE, INK, VERMILLION, styled

SUM = r"""Let $A$ and $B$ be independent random variables.

1. Find $\mathrm{Var}(A + B)$ in terms of $\mathrm{Var}(A)$ and $\mathrm{Var}(B)$.
"""
SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[1]


@cache
def solved():
    return derive.solve(SMALL)


@cache
def drawn():
    return {p.name: p for task in pictures(solved()).values() for p in task}


@cache
def svg(name, page=False):
    return draw.svg(drawn()[name], places() if page else None)


@cache
def drawing(kind):
    """A page of one format with the pictures of task 1, and its files."""
    first = replace(solved(), answers=solved().answers[:1])
    d = Drawing(first, kind, "my-page")
    return page(first, "full", d), d.files


# -- what is on the paper


def test_a_plot_has_named_axes_both_logarithmic_and_every_dot():
    with styled():
        fig = draw.figure(drawn()["1-growth"])
        (ax,) = fig.axes
        assert r"\|x\|" in ax.get_ylabel() and ax.get_ylabel().endswith("(no unit)")
        assert ax.get_xlabel() == "size $d$ (no unit)" and (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        dots = next(line for line in ax.lines if line.get_marker() == "o")
        assert list(zip(*dots.get_data(), strict=True)) == [(d.x, d.y) for d in drawn()["1-growth"].drawing.panels[0].dots[0].points]
        assert len(dots.get_xdata()) == 10
        said = [t.get_text() for t in fig.legends[0].get_texts()]
        assert [s.split("$")[0].strip() for s in said] == ["exact value", "leading term", "simulated, with two standard errors"]


def test_colour_is_never_alone():
    with styled():
        lines = [x for x in draw.figure(drawn()["2-rules"]).axes[0].lines if x.get_marker() in ("o", "s", "", "None", None)]
        looks = {(x.get_color(), x.get_linestyle(), x.get_marker()) for x in lines}
    assert len({c for c, _, _ in looks}) == len({(line, mark) for _, line, mark in looks}) == 3
    assert {BLUE, VERMILLION} < {c for c, _, _ in looks}


def test_a_narrow_range_gets_a_decade_and_labels():
    panel = Panel(Axis("size $n$", whole=True), (Curve("exact", "value", ((1.0, 3.0), (64.0, 3.1))),), (Dots("exact", "d", (Dot(1.0, 3.0), Dot(64.0, 3.1, 0.2))),))
    with styled():
        ax = draw.figure(Picture("x", "t", "a", "c", Plot(Axis("v"), (panel,)))).axes[0]
        low, high = ax.get_ylim()
        ticks = [t for t in ax.yaxis.get_major_locator()() if low < t < high]
    assert high / low >= 10 and len(ticks) >= 3


@pytest.mark.parametrize("name", ["1-steps", "2-steps"])
def test_no_box_stands_on_another_and_text_stays_in_its_box(name):
    with styled():
        plan = laid(drawn()[name].drawing, measured, lines_of)
    for i, a in enumerate(plan.boxes):
        assert not any(overlaps(a, b) for b in plan.boxes[i + 1 :])
        for t in a.lines:
            wide, high = measured(t.text, t.size)
            assert 0 <= t.x and t.x + wide <= a.width + 1 and 0 <= t.y - high / 2 and t.y + high / 2 <= a.height + 1, (a.node, t)
    columns = {k: {b.x for b in plan.boxes if b.node.kind == k} for k in ("fact", "step", "rule")}
    assert all(len(xs) == 1 for xs in columns.values())
    ys = [b.y for b in plan.boxes if b.node.kind == "step"]
    assert ys == sorted(ys) and plan.width <= 800


def test_one_fact_used_by_many_and_many_used_by_one_do_not_overlap():
    steps = [Node(f"step-{k}", "step", f"({k})", formula="= x") for k in range(12)]
    facts = [Node(f"line-{k}", "fact", f"line {k}", "Let $x > 0$ and some more words that go on for quite a while here.") for k in range(9)]
    edges = [(f.id, steps[6].id) for f in facts] + [(facts[0].id, s.id) for s in steps]
    with styled():
        plan = laid(Graph((*facts, *steps), tuple(dict.fromkeys(edges))), measured, lines_of)
        assert not any(overlaps(a, b) for i, a in enumerate(plan.boxes) for b in plan.boxes[i + 1 :])
        graph_figure(Graph((*facts, *steps), tuple(dict.fromkeys(edges))))


def test_layers_show_each_load_and_each_forward_operation():
    with styled():
        ax = draw.figure(network(NETWORK)).axes[0]
        markers = [line.get_marker() for line in ax.lines]
        arrows = [t for t in ax.texts if t.get_text() == ""]
        words = [t.get_text() for t in ax.texts]
    assert markers.count("s") == 6 and markers.count("^") == 4  # loads: of stored activations, of the input
    assert len(arrows) == 20 and words.count("1") >= 10 and {"forwards", "loads"} <= set(words)
    assert ax.get_xlabel().endswith("(its number)") and ax.get_ylabel().endswith("(its number)")


def test_a_task_about_something_else_has_no_layers():
    assert layers_picture(solved(), solved().answers[0]) is None


# -- mathematics


@pytest.mark.parametrize("latex", [r"\tfrac{1}{2} \le \|x\|_{\infty}", r"\sum_{j=1}^{n} \sum_{k \ne j} x_j", r"\Big[ x \Big]", r"\int_{\mathbb{R}^n} \int f(x) \,dx", r"\left\| \tfrac{1}{2} \right\| \frac{\big( a}{b \big)}", r"\left( a \right)^2",
                                   r"x \text{ for every $j$}", r"A \implies B \iff C", r"\nabla_{\mu} f\big|_{x = \mu}", r"\lVert y \rVert"])  # fmt: skip
def test_what_the_library_sets_is_mathematics(latex):
    with styled():
        set_ = mathtext(latex)
        assert set_.startswith("$") and measured(set_, 9.0)[0] > 5


def test_what_it_cannot_set_becomes_readable():
    with styled():
        assert mathtext(r"\begin{pmatrix} 1 & 2 \end{pmatrix}") == "1 2"
        assert labelled("costs \\$5 or $x$") == r"costs \\$5 or $x$" or "$" in labelled("a $x$")


# -- SVG, PDF, PNG


def places():
    return frozenset({"step-1.1", "line-3"})


@pytest.mark.parametrize("name", ["1-growth", "1-steps"])
def test_the_same_bytes_every_time_and_no_dates(name):
    p = drawn()[name]
    assert draw.svg(p) == svg(name)
    assert draw.png(p).startswith(b"\x89PNG")
    one, other = draw.pdf(p), draw.pdf(p)
    assert one == other and one.startswith(b"%PDF") and b"CreationDate" not in one


def test_an_svg_says_in_words_what_it_shows():
    for name in ("1-growth", "1-steps"):
        tree = ET.fromstring(svg(name))
        title, desc = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
        assert tree.get("role") == "img" and title.text and "$" not in title.text + desc.text and "\\" not in desc.text
        assert tree.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
        assert "matplotlib" not in svg(name).lower() and "<metadata" not in svg(name)


def test_ids_on_a_page_are_unique_and_links_lead_somewhere():
    parts = [svg(name, True) for name in ("1-growth", "1-steps")]
    ids = [i for s in parts for i in re.findall(r'\bid="([^"]*)"', s)]
    assert len(ids) == len(set(ids)) > 50
    for s in parts:
        own = set(re.findall(r'\bid="([^"]*)"', s))
        used = set(re.findall(r'href="#([^"]*)"', s)) | set(re.findall(r"url\(#([^)]*)\)", s))
        assert used <= own | places()
    assert '<a href="#step-1.1">' in parts[1] and '<a href="#line-3">' in parts[1] and "<a " not in svg("1-steps")


def test_on_a_page_the_ink_is_the_pages_own():
    assert INK not in svg("1-growth", True) and "currentColor" in svg("1-growth", True)
    assert INK in svg("1-growth") and 'fill="white"' in svg("1-growth")


# -- pages


def test_a_page_has_its_pictures_in_it():
    html = to_html(drawing("html")[0])
    assert html.count('<figure class="picture">') == html.count("<figcaption>") == html.count('role="img"') == 2
    assert "<script" not in html and "xlink" not in html and "<?xml" not in html
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids)) and set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_markdown_refers_to_files_beside_it():
    shown, files = drawing("md")
    text = markdown(shown)
    names = re.findall(r"^> !\[.*\]\((.*)\)$", text, re.M)
    assert names == ["my-page-1-growth.svg", "my-page-1-steps.svg"] == list(files)
    for content in files.values():
        ET.fromstring(content.decode("utf-8"))


def test_pictures_stand_where_reading_skips():
    shown, _ = drawing("md")
    with_pictures = markdown(shown).split("\n")
    without = markdown(replace(shown, tasks=tuple(replace(t, pictures=()) for t in shown.tasks))).split("\n")
    from difflib import ndiff

    new = [line[2:] for line in ndiff(without, with_pictures) if line[0] == "+"]
    assert new and all(line.startswith(">") or not line for line in new)


def test_latex_makes_a_pdf_with_the_files_beside_it(tmp_path):
    from shutil import which

    shown, files = drawing("tex")
    text = latex(shown)
    assert re.findall(r"\\includegraphics\[.*\]\{(.*)\}", text) == ["my-page-1-growth.pdf", "my-page-1-steps.pdf"] == list(files)
    if not which("pdflatex"):
        pytest.skip("no pdflatex")
    for name, content in {"page.tex": text.encode(), **files}.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"], cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert all(name in done.stdout.replace("\n", "") for name in files)


def test_without_pictures_a_page_is_what_it_was():
    plain = page(solved())
    assert "<figure" not in to_html(plain) and "![" not in markdown(plain)
    assert "graphicx" not in latex(plain) and "graphicx" not in latex(plain, fragment=True)
    assert "amssymb and graphicx" in latex(drawing("tex")[0], fragment=True)


def test_the_command_writes_the_page_and_the_files(tmp_path):
    (tmp_path / "p.md").write_text(SUM, encoding="utf-8")
    (tmp_path / "out").mkdir()
    assert main(["solve", str(tmp_path / "p.md"), "--pictures", "-o", str(tmp_path / "out/q.md")]) == 0
    assert sorted(f.name for f in (tmp_path / "out").iterdir()) == ["q-1-steps.svg", "q.md"]


# -- notebooks


def test_a_notebook_is_valid_and_has_the_pages_words_and_pictures():
    shown, files = drawing("ipynb")
    book = nbformat.from_dict(json.loads(json.dumps(notebook(shown, files))))
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert [c.id for c in book.cells] == ["problem", "task-1", "picture-1-growth", "picture-1-steps", "rules"]
    assert {c.cell_type for c in book.cells} == {"markdown"}
    md = markdown(shown)
    said = ["".join(c.source) for c in book.cells]
    assert said[0] in md and said[1].split("\n\n")[0] in md and "**Answer: $" in said[1]
    for cell in book.cells[2:4]:
        ((name, bundle),) = cell.attachments.items()
        assert f"](attachment:{name})" in "".join(cell.source) and list(bundle) == ["image/png", "image/svg+xml"]
        assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
        ET.fromstring(base64.b64decode(bundle["image/svg+xml"]).decode("utf-8"))


def test_the_command_writes_a_notebook_without_pictures(tmp_path, capfd):
    (tmp_path / "p.md").write_text(SUM, encoding="utf-8")
    assert main(["solve", str(tmp_path / "p.md"), "--format", "ipynb", "--detail", "brief"]) == 0
    book = nbformat.reads(capfd.readouterr().out, as_version=nbformat.NO_CONVERT)
    nbformat.validate(book)
    assert [c.id for c in book.cells] == ["problem", "task-1"] and not any("attachments" in c for c in book.cells)
    assert main(["solve", str(tmp_path / "p.md"), "-o", str(tmp_path / "p.ipynb")]) == 0
    nbformat.validate(nbformat.read(tmp_path / "p.ipynb", as_version=nbformat.NO_CONVERT))


def test_a_display_in_a_quote_is_on_one_line():
    """Notebooks cut mathematics out before they look for quotes: a mark of a quote inside it would be printed."""
    cells = notebook(page(solution()))["cells"]
    quoted = 0
    for cell in cells:
        text = "".join(cell["source"])
        for formula in re.findall(r"\$\$(.*?)\$\$", text, re.S):
            assert "\n>" not in formula and "\n  >" not in formula
        quoted += len(re.findall(r"^> .*\$\$.*\$\$$", text, re.M))
    assert quoted > 0


# -- the command line


@pytest.mark.parametrize(("options", "says"), [
    (["--format", "text"], "none in the format text"), (["--format", "json"], "none in the format json"),
    (["--format", "md"], "has to be a file"), (["--format", "tex", "-o", "-"], "has to be a file"),
])  # fmt: skip
def test_pictures_that_cannot_be_are_refused_before_any_work(options, says, tmp_path, capfd):
    (tmp_path / "p.md").write_text(SUM, encoding="utf-8")
    assert main(["solve", str(tmp_path / "p.md"), "--pictures", *options]) == 2
    assert says in capfd.readouterr().err


def test_without_the_library_the_message_says_what_to_install(tmp_path, capfd, monkeypatch):
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "matplotlib" else found(name, *more))
    (tmp_path / "p.md").write_text(SUM, encoding="utf-8")
    assert main(["solve", str(tmp_path / "p.md"), "--pictures", "--format", "html"]) == 2
    assert "pip install 'derive-steps[pictures]'" in capfd.readouterr().err


def test_who_asks_for_no_picture_does_not_wait_for_the_library():
    code = (
        "import sys\nfrom derive.hosts.cli import main\n"
        f"for kind in ('html', 'ipynb'):\n    main(['solve', {str(ROOT / 'examples/feature-scale.md')!r}, '--task', '1', '--format', kind, '--timeout', '0', '--memory', '0'])\n"
        "late = [m for m in sys.modules if m.startswith(('matplotlib', 'nbformat', 'derive.rendering.pictures'))]\n"
        "assert not late, late\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, encoding="utf-8")
    assert done.returncode == 0, done.stderr


def test_what_a_picture_shows_is_made_without_the_library():
    code = (
        "import sys, derive\nfrom derive.rendering.pictures import pictures\n"
        f"found = pictures(derive.solve({str(ROOT / 'examples/feature-scale.md')!r}, task='1'))\n"
        "assert found['1'] and not [m for m in sys.modules if m.startswith('matplotlib')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, encoding="utf-8")
    assert done.returncode == 0, done.stderr
