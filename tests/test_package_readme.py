"""What the README tells a reader to type is what there is."""

import re
from pathlib import Path

from derive.hosts.cli import COMMANDS, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_files_that_are_named_exist():
    named = set(re.findall(r"\]\(([^)#:]+)[^)]*\)", README)) | set(re.findall(r"derive \w+ ([\w/-]+\.md)", README))
    assert "examples/feature-scale.md" in named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_commands_that_are_named_exist(capsys):
    ours = {command.__name__.rsplit(".", 1)[-1] for command in COMMANDS}
    named = set(re.findall(r"^\| `derive (\w+)", README, flags=re.MULTILINE))
    assert named == ours, "the README's table of commands and the program differ"


def test_options_that_are_named_exist(capsys):
    for command, rest in re.findall(r"derive (solve|explain|check|whynot|rules|batch|serve)\b([^`\n|]*)", README):
        for option in re.findall(r"--[a-z]+", rest):
            assert main([command, *(["check"] if command == "rules" else []), "--help"]) == 0
            assert option in capsys.readouterr().out, f"derive {command} has no {option}"
