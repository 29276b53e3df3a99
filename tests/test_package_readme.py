"""What the README and the pages in ``docs`` tell a reader is what there is.

The trace in the README is the program's own; after a change of its looks, ``DERIVE_UPDATE=1 pytest -k readme`` puts the
new one there.
"""

import os
import re
from pathlib import Path

import pytest

from derive.hosts.cli import COMMANDS, main
from derive.language.reading import read_problem

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {page.relative_to(ROOT).as_posix(): page.read_text(encoding="utf-8")
         for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}  # fmt: skip
BLOCKS = [(name, block) for name, page in PAGES.items() for block in re.findall(r"```markdown\n(.*?)```", page, re.DOTALL)]
PROBLEMS = [(name, block) for name, block in BLOCKS if not block.startswith("## ")]
TRACE = re.compile(r"(?<=<!-- trace -->\n)(.*?)(?=<!-- end of trace -->)", re.DOTALL)
COMMAND = re.compile(r"`derive (solve [^`]+)` makes")


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page):
    links = re.findall(r"\]\(([^)#:]+)[^)]*\)", PAGES[page])
    assert [name for name in links if not ((ROOT / page).parent / name).exists()] == []


def test_the_trace_is_the_program_s(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    command = COMMAND.search(README)[1].split()
    assert main([*command, "--format", "text", "--timeout", "0", "--memory", "0"]) == 0
    block = f"\n```text\n{capsys.readouterr().out.strip()}\n```\n\n"
    if os.environ.get("DERIVE_UPDATE"):
        (ROOT / "README.md").write_text(TRACE.sub(lambda _: block, README), encoding="utf-8")
    else:
        assert TRACE.search(README)[1] == block


def test_problems_that_are_shown_are_understood():
    assert len(PROBLEMS) > 5
    for page, block in PROBLEMS:
        problem = read_problem(block, file=page)
        assert problem.tasks or problem.working, block


def test_the_problem_in_the_readme_is_the_example():
    example = (ROOT / "examples" / "feature-scale.md").read_text(encoding="utf-8")
    shown = [line for line in PROBLEMS[0][1].splitlines() if line]
    assert shown and [line for line in shown if line not in example.splitlines()] == []


def test_the_rule_in_the_readme_is_in_its_chapter():
    chapters = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "rules").glob("*.md"))
    shown = [block for name, block in BLOCKS if name == "README.md" and block.startswith("## ")]
    assert shown and all(block in chapters for block in shown)


def test_every_command_is_in_the_table_and_no_other():
    ours = {command.__name__.rsplit(".", 1)[-1] for command in COMMANDS}
    assert set(re.findall(r"^\| `derive (\w+)", README, flags=re.MULTILINE)) == ours


def test_options_that_are_named_exist(capsys):
    table = re.findall(r"^\| `derive (\w+).*$", README, flags=re.MULTILINE)
    lines = [line for line in README.splitlines() if line.startswith("| `derive ")]
    named = [(command, option) for command, line in zip(table, lines, strict=True) for option in re.findall(r"--[a-z]+", line)]
    assert named
    for command, option in named:
        assert main([command, "--help"]) == 0
        assert option in capsys.readouterr().out, f"derive {command} has no {option}"
