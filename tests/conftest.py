"""What all tests share: with ``DERIVE_CI=1`` nothing may be skipped.

A test that needs an outside program (a browser, LaTeX) skips where there is none; on the machine that decides whether
a change is good, everything is installed, and a skip would only hide that it is not.
"""

import os

import pytest

STRICT = os.environ.get("DERIVE_CI", "") not in ("", "0")


def _skip_fails(report):
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"DERIVE_CI allows no skipped test: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _skip_fails((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _skip_fails((yield))
