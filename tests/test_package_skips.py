"""Where everything is installed a skipped test is a failed one, or it would hide that something is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

@pytest.mark.skipif(True, reason="no such program")
def test_without_its_program(): ...

def test_that_finds_out(): pytest.skip("no such browser")

@pytest.mark.xfail(reason="known")
def test_known_to_fail(): assert False

def test_good(): ...
"""


@pytest.mark.parametrize(("ci", "says"), [
    ("", "1 passed, 2 skipped, 1 xfailed"),
    ("1", "1 failed, 1 passed, 1 xfailed, 1 error"),
])  # fmt: skip
def test_skips_under_derive_ci(tmp_path, ci, says):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_inner.py").write_text(SKIPPING, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)], cwd=tmp_path,
        capture_output=True, text=True, env={**os.environ, "DERIVE_CI": ci},
    )  # fmt: skip
    assert says in done.stdout
    assert ("DERIVE_CI allows no skipped test" in done.stdout) == bool(ci)
    assert not ci or "no such browser" in done.stdout


def test_a_module_that_skips_itself(tmp_path):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_inner.py").write_text('import pytest\npytest.importorskip("no_such_package")\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)], cwd=tmp_path,
        capture_output=True, text=True, env={**os.environ, "DERIVE_CI": "1"},
    )  # fmt: skip
    assert done.returncode != 0 and "no_such_package" in done.stdout
