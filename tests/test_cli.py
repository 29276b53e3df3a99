"""The command line from outside: formats, exit statuses, messages, limits. The solver itself is stood in for."""

import io
import json
import re
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import rendering_samples as samples

import derive.explaining
from derive.explaining.model import Explanation
from derive.explaining.numbering import find_step
from derive.hosts.cli import COMMANDS, main, parser
from derive.language.model import ReadError

HERE = Path(__file__).parent
ROOT = HERE.parent
UNLIMITED = ("--timeout", "0", "--memory", "0")


def module(name, **functions):
    out = ModuleType(name)
    vars(out).update(functions)
    return out


def explained(solution, rulebook, step_id, deeper):
    step = find_step(solution, step_id)
    return Explanation(
        step, rulebook.get(step.rule, step.rule), solution.problem, statement=samples.call("Eq", step.before, step.after),
        bindings=step.bindings, conditions=step.conditions, without=("independence: with $A = B$ it breaks.",),
        proof=step.steps, example="With $d_1 = 2$ both sides are $2$.", rules_used={},
    )  # fmt: skip


@pytest.fixture
def solved(monkeypatch, tmp_path):
    """The sample problem as a file, and a solver that knows its answers."""
    asked = []

    def solve(problem, rulebook, *, task=None, using=None, methods=False):
        asked.append((task, using, methods))
        if using == "magic":
            raise ReadError("there is no rule or method called magic", 7, 1, "Find", ("entry by entry",))
        answers = [a for a in samples.solution().answers if task in (None, a.task.id)]
        return replace(samples.solution(), problem=samples.problem(), answers=tuple(answers))

    reading = module("derive.language.reading", read_problem=lambda text, *, file=None: read(text, file))

    def read(text, file):
        if "nonsense" in text:
            line = next(n for n, words in enumerate(text.splitlines(), 1) if "nonsense" in words)
            raise ReadError("this sentence is not understood", line, 5, "nonsense", ("Find $…$.",))
        return samples.problem()

    monkeypatch.setitem(sys.modules, "derive.language.reading", reading)
    monkeypatch.setitem(sys.modules, "derive.planner.solve", module("derive.planner.solve", solve=solve))
    monkeypatch.setitem(
        sys.modules, "derive.rulebook.load", module("derive.rulebook.load", load=lambda folder=None: samples.rules())
    )
    monkeypatch.setattr(derive.explaining, "explain", explained, raising=False)
    file = tmp_path / "q1a.md"
    file.write_text(samples.SOURCE, encoding="utf-8")
    return SimpleNamespace(file=str(file), asked=asked, folder=tmp_path)


def run(capsys, *words):
    status = main([*words, *(UNLIMITED if words[0] in ("solve", "explain") else ())])
    out, err = capsys.readouterr()
    return status, out, err


# solve
def test_exit_status_says_whether_everything_was_answered(solved, capsys):
    assert run(capsys, "solve", solved.file)[0] == 1  # task 5 is refused
    assert run(capsys, "solve", solved.file, "--task", "1")[0] == 0
    assert run(capsys, "solve", solved.file, "--task", "4")[0] == 0  # a question answered no is answered


def test_the_format_comes_from_the_option_the_ending_or_the_terminal(solved, capsys):
    assert run(capsys, "solve", solved.file)[1].startswith("# 1a")
    assert "Σ(i=1..d₂)" in run(capsys, "solve", solved.file, "--format", "text")[1]
    assert json.loads(run(capsys, "solve", solved.file, "--format", "json")[1])["schema"] == "derive-trace/1"
    for ending, start in ((".html", "<!DOCTYPE html>"), (".tex", "\\documentclass"), (".json", "{"), (".txt", "1a:")):
        target = solved.folder / f"out{ending}"
        status, out, _ = run(capsys, "solve", solved.file, "-o", str(target))
        assert (status, out) == (1, "") and target.read_text(encoding="utf-8").startswith(start)


def test_options_reach_the_solver(solved, capsys):
    run(capsys, "solve", solved.file, "--task", "2", "--using", "entry by entry", "--methods")
    assert solved.asked == [("2", "entry by entry", True)]
    brief, full = (run(capsys, "solve", solved.file, "--detail", d)[1] for d in ("brief", "full"))
    assert "by algebra" in full and "by algebra" not in brief
    assert "$`d_1`$" in run(capsys, "solve", solved.file, "--flavour", "github")[1]


def test_standard_input(solved, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(samples.SOURCE.encode())))
    assert run(capsys, "solve", "-", "--task", "1")[0] == 0


# errors
def test_what_cannot_be_read_is_shown_with_its_place(solved, capsys):
    Path(solved.file).write_text("# T\n\nLet nonsense be.\n", encoding="utf-8")
    status, out, err = run(capsys, "solve", solved.file)
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert lines[0] == f"{solved.file}:3:5: this sentence is not understood"
    assert lines[1].index("nonsense") == lines[2].index("^") and lines[2].count("^") == len("nonsense")
    assert "Find $…$." in lines[-1]


def test_errors_are_json_when_json_was_asked_for(solved, capsys):
    Path(solved.file).write_text("Let nonsense be.\n", encoding="utf-8")
    status, out, err = run(capsys, "solve", solved.file, "--format", "json")
    error = json.loads(out)
    assert status == 2 and "not understood" in err
    assert error == {"schema": "derive-error/1", "file": solved.file, "line": 1, "column": 5,
                     "message": "this sentence is not understood", "expected": ["Find $…$."]}  # fmt: skip
    status, out, _ = run(capsys, "solve", solved.file, "--format", "json", "--detial", "full")
    assert status == 2 and json.loads(out)["schema"] == "derive-error/1"


@pytest.mark.parametrize("words", [
    ["solve"], ["solve", "missing.md"], ["solve", "x\0y.md"], ["sovle", "q.md"], ["rules"], ["rules", "show"],
    ["solve", "{file}", "--task", "9"], ["solve", "{file}", "--timeout", "soon"], ["solve", "{file}", "--timeout", "-1"],
    ["solve", "{file}", "-o", "solution.docx"], ["solve", "{file}", "-o", "/nowhere/at/all.md"],
    ["solve", "{file}", "--rules", "/nowhere"], ["solve", "{file}", "--using", "magic"], ["explain", "{file}", "1.99"],
    ["rules", "show", "variance.of_prodcut"], ["solve", "{folder}"],
])  # fmt: skip
def test_every_mistake_ends_with_2_and_a_message(solved, capsys, words):
    words = [w.format(file=solved.file, folder=solved.folder) for w in words]
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and err.strip() and "Traceback" not in err


def test_a_near_name_is_offered(solved, capsys):
    assert "expectation.of_product" in run(capsys, "rules", "show", "expectation.of_prodcut")[2]
    assert "1.1, 1.2" in run(capsys, "explain", solved.file, "1.99")[2]


def test_bytes_that_are_not_utf8_are_placed(solved, capsys):
    Path(solved.file).write_bytes("# é\nLet x be\xff.\n".encode()[:-4] + b"\xff.\n")
    status, _, err = run(capsys, "solve", solved.file)
    assert status == 2 and f"{solved.file}:2:" in err and "UTF-8" in err


def test_a_long_line_is_cut_around_the_words(solved, capsys):
    from derive.hosts.errors import excerpt

    line = "a " * 200 + "nonsense" + " b" * 200
    shown, carets = excerpt(line, 3, 401, "nonsense")
    assert len(shown) < 120 and shown.index("nonsense") == carets.index("^")
    shown, carets = excerpt("\té nonsense", 3, 4, "nonsense")
    assert shown[carets.replace("|", " ").index("^") :].startswith("nonsense")


def test_an_unexpected_fault_is_one_line(solved, capsys, monkeypatch):
    monkeypatch.setattr(sys.modules["derive.planner.solve"], "solve", lambda *a, **k: 1 / 0)
    monkeypatch.delenv("DERIVE_DEBUG", raising=False)
    status, out, err = run(capsys, "solve", solved.file)
    assert (status, out) == (1, "") and len(err.splitlines()) == 1 and "ZeroDivisionError" in err


# explain, rules
@pytest.mark.parametrize("kind", ["text", "md", "html", "tex", "json"])
def test_explain_opens_a_step(solved, capsys, kind):
    status, out, _ = run(capsys, "explain", solved.file, "1.6", "--format", kind)
    assert status == 0 and "independence" in out
    if kind == "html":
        assert set(re.findall('href="#([^"]*)"', out)) <= set(re.findall('id="([^"]*)"', out))
    if kind == "json":
        shown = json.loads(out)
        assert shown["schema"] == "derive-explanation/1" and shown["rule"]["name"] == "normal.second_moment"
        assert [s["id"] for s in shown["proof"]] == ["1.6.p.1", "1.6.p.2"]


def test_explain_takes_an_anchor(solved, capsys):
    trace = json.loads(run(capsys, "solve", solved.file, "--format", "json")[1])
    step = trace["tasks"][0]["steps"][3]
    by_number = run(capsys, "explain", solved.file, step["id"])[1]
    assert by_number == run(capsys, "explain", solved.file, "#" + step["anchor"])[1] and "(1.4)" in by_number


def test_rules_are_listed_and_shown(solved, capsys):
    status, out, _ = run(capsys, "rules", "list", "moment")
    assert status == 0 and "normal.second_moment" in out and "sum.of_constant" not in out
    for kind in ("text", "md", "html"):
        status, out, _ = run(capsys, "rules", "show", "expectation.of_product", "--format", kind)
        assert status == 0 and "Fails without" in out and "Proof" in out
    listed = json.loads(run(capsys, "rules", "list", "--format", "json")[1])
    assert [r["name"] for r in listed["rules"]] == list(samples.rules())
    assert "polynomial" in run(capsys, "rules", "show", "algebra")[1]
    assert run(capsys, "rules", "list", "zeppelin")[0] == 1


def test_rules_check_reports_every_part(solved, capsys, monkeypatch):
    good = SimpleNamespace(
        name="a.b", ok=True, proof=("ok", ""), referee=("ok", ""), fails=("ok", ""), example=("ok", "")
    )
    bad = SimpleNamespace(name="a.c", ok=False, proof=("ok", ""), referee=("wrong", "at $d = 2$: 3, not 4"), fails=("ok", ""),
                          example=("none", ""))  # fmt: skip
    reports = [good]
    monkeypatch.setitem(
        sys.modules, "derive.checking.rules", module("derive.checking.rules", check=lambda book, file: reports)
    )
    words = ("rules", "check", *UNLIMITED)
    assert run(capsys, *words)[0] == 0
    reports.append(bad)
    status, out, _ = run(capsys, *words)
    assert status == 1 and "3, not 4" in out and "1 of 2 rules" in out
    shown = json.loads(run(capsys, *words, "--format", "json")[1])
    assert shown["rules"][1]["referee"] == {"status": "wrong", "message": "at $d = 2$: 3, not 4"}


def every_parser(p):
    yield p
    for action in p._actions:
        if hasattr(action, "choices") and isinstance(action.choices, dict):
            for inner in action.choices.values():
                yield from every_parser(inner)


def test_every_help_has_an_example():
    for p in every_parser(parser()):
        if p.prog != "derive rules":
            assert "example:" in p.format_help(), p.prog
    assert len(COMMANDS) >= 3


# Whole processes
def process(code, *words, **more):
    """A process that runs ``code`` (which may stand in for the solver) and then the command line."""
    script = f"import sys; sys.path[:0] = [{str(HERE)!r}, {str(ROOT)!r}]\n{textwrap.dedent(code)}\n"
    script += "from derive.hosts.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, encoding="utf-8",
                          timeout=60, **more)  # fmt: skip


STAND_IN = """
from types import ModuleType
import rendering_samples as samples
def stand_in(name, **functions):
    m = ModuleType(name); vars(m).update(functions); sys.modules[name] = m
stand_in("derive.rulebook.load", load=lambda folder=None: {})
stand_in("derive.language.reading", read_problem=lambda text, *, file=None: samples.problem())
stand_in("derive.planner.solve", solve=lambda *a, **k: work())
"""


@pytest.fixture
def document(tmp_path):
    file = tmp_path / "q.md"
    file.write_text(samples.SOURCE, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("work", ["while True: pass", "return pow(7, 10**9)"], ids=["Python", "inside C"])
def test_the_time_limit_stops_whatever_runs(document, work):
    began = time.monotonic()
    done = process(STAND_IN + f"def work():\n    {work}\n", "solve", document, "--timeout", "0.5", "--format", "json")
    assert done.returncode == 3 and "0.5 seconds" in done.stderr and time.monotonic() - began < 10
    assert json.loads(done.stdout)["schema"] == "derive-error/1"


def test_the_memory_limit_is_named(document):
    done = process(STAND_IN + "def work():\n    return bytearray(2**30)\n", "solve", document, "--memory", "300")
    assert done.returncode == 3 and "300 MiB" in done.stderr and "Traceback" not in done.stderr


def test_endless_recursion_is_a_limit_too(document):
    done = process(STAND_IN + "def work():\n    return work()\n", "solve", document)
    assert done.returncode == 3 and "nested too deeply" in done.stderr


def test_within_its_limits_it_says_the_same(document):
    done = process(STAND_IN + "work = samples.solution\n", "solve", document, env={"PATH": "", "LC_ALL": "C"})
    assert done.returncode == 1 and done.stdout.startswith("# 1a") and "✓" in done.stdout and not done.stderr


def test_a_reader_that_leaves_early_is_no_fault(document):
    script = f"import sys; sys.path[:0] = [{str(HERE)!r}, {str(ROOT)!r}]\n{STAND_IN}\nwork = samples.solution\n"
    script += "from derive.hosts.cli import main; sys.exit(main(sys.argv[1:]))"
    p = subprocess.Popen(
        [sys.executable, "-c", script, "solve", document], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    p.stdout.close()
    assert p.stderr.read() == b"" and p.wait() in (0, 1)


def test_help_is_quick_and_loads_nothing_heavy():
    code = "import sys, atexit\natexit.register(lambda: print(sorted(sys.modules)))"
    done = process(code, "--help")
    loaded = set(done.stdout[done.stdout.rindex("[") :].strip("[]\n").replace("'", "").split(", "))
    assert done.returncode == 0 and not loaded & {"numpy", "sympy", "jinja2", "lark", "derive.terms", "json"}


def test_text_and_markdown_do_without_templates(document):
    code = STAND_IN + "work = samples.solution\nimport os\nclean = os._exit\n"
    code += "def leave(status):\n    print('jinja2' in sys.modules, file=sys.stderr, flush=True); clean(status)\nos._exit = leave\n"
    for kind, used in (("text", "False"), ("md", "False"), ("html", "True")):
        assert process(code, "solve", document, "--format", kind).stderr.strip() == used
