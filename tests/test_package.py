"""The wheel is all that a user gets: it is built, installed into an empty environment, and used from there."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MISSING = [name for name in ("hatchling", "pip") if importlib.util.find_spec(name) is None]

builds = pytest.mark.skipif(bool(MISSING), reason=f"building a wheel needs {' and '.join(MISSING)}")


def run(*command, **more):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
        "-w", str(folder), str(ROOT))  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an environment that holds the wheel; its dependencies are borrowed from ours."""
    home = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", str(home))
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    import numpy

    (site / "borrowed.pth").write_text(f"{Path(numpy.__file__).parents[1]}\n", encoding="utf-8")
    return programs


@builds
def test_the_wheel_holds_rules_templates_and_schema(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("rules", "templates"):
        there = {f.relative_to(ROOT).as_posix() for f in (ROOT / folder).rglob("*") if f.is_file()}
        assert there and {f"derive/{name}" for name in there} <= inside
    assert "derive/trace.schema.json" in inside
    assert not any(name.startswith(("tests/", "rules/", "templates/")) for name in inside)


@builds
def test_the_installed_package_is_the_wheel_s(installed):
    where = run(installed / "python", "-c", "import derive; print(derive.__file__)", cwd=installed)
    assert Path(where.strip()).is_relative_to(installed.parent)


@builds
def test_the_installed_command_lists_the_rules(installed, tmp_path):
    listed = run(installed / "derive", "rules", "list", "--format", "text", cwd=tmp_path)
    written = [line[3:].strip() for chapter in sorted((ROOT / "rules").glob("*.md"))
               for line in chapter.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]  # fmt: skip
    assert written
    assert [name for name in written if name not in listed] == []


@builds
@pytest.mark.parametrize("kind", ["text", "html", "tex"])
def test_the_installed_command_solves_the_example(installed, tmp_path, kind):
    """From another folder, so that nothing is found because the repository happens to be there."""
    example = ROOT / "examples" / "feature-scale.md"
    shown = run(installed / "derive", "solve", str(example), "--format", kind, cwd=tmp_path)
    assert "d_1" in shown or "d₁" in shown or "<mi>d</mi>" in shown


@builds
def test_the_installed_command_knows_its_version(installed, tmp_path):
    assert run(installed / "derive", "--version", cwd=tmp_path) == f"derive {PROJECT['version']}\n"


def third_party():
    """Top-level packages, neither ours nor Python's, that the package imports anywhere."""
    found = set()
    for file in (ROOT / "derive").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"derive"}


def plain(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", name, maxsplit=1)[0]).lower()


def test_what_is_imported_is_what_is_declared():
    """A forgotten dependency is found only on somebody else's machine; a needless one is downloaded by everybody."""
    from_module = packages_distributions()
    needed = {plain(name) for module in third_party() for name in from_module.get(module, [module])}
    optional = {plain(line) for name, extra in PROJECT["optional-dependencies"].items() if name != "test" for line in extra}
    declared = {plain(line) for line in PROJECT["dependencies"]}
    assert needed - optional == declared
