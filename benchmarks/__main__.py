"""Prints the table of ratios. Every figure is a median; the two sides of a ratio take turns, so that both meet the
same weather on the machine."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from statistics import median
from time import perf_counter
from types import FrameType
from typing import Any

from benchmarks.problems import EXAMPLE, SIGN, sympy_of_a_product, sympy_of_a_sign

COMPILED = tempfile.TemporaryDirectory(prefix="derive-benchmarks-")


def seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def compare(ours: Callable[[], Any], theirs: Callable[[], Any], runs: int) -> tuple[float, float]:
    """The median seconds of each, taken in turns."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def process(*words: str) -> Callable[[], Any]:
    """A whole process, its modules compiled as those of an installed program are."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = COMPILED.name

    def work() -> None:
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=EXAMPLE.parents[1], env=env)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")

    return work


def solver(text: str) -> Callable[[], Any]:
    """Reading and solving in this process, the rules being loaded already."""
    from derive.language.reading import read_problem
    from derive.planner.solve import solve
    from derive.rulebook.load import load

    rules = load()

    def work() -> Any:
        solution = solve(read_problem(text), rules)
        open_ = [a.task.id for a in solution.answers if a.status not in ("solved", "shown")]
        if open_:
            raise SystemExit(f"not solved: task {', '.join(open_)}")
        return solution

    return work


def sympy_afresh(work: Callable[[], Any]) -> Callable[[], Any]:
    """sympy without what it remembers of the run before."""
    from sympy.core.cache import clear_cache

    def run() -> Any:
        clear_cache()
        return work()

    return run


def referee_share(work: Callable[[], Any], enough: int = 400) -> float:
    """The part of the time that is spent in the referee: where the program is, looked up each millisecond."""
    inside = looks = 0

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal inside, looks
        looks += 1
        while frame is not None:
            if frame.f_globals.get("__name__", "").startswith("derive.referee."):
                inside += 1
                return
            frame = frame.f_back

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    try:
        while looks < enough:
            work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return inside / looks


def row(what: str, times: tuple[float, float], against: str) -> str:
    ours, theirs = times
    return f"{what:<32} {ours * 1000:8.1f} ms   {against:<36} {theirs * 1000:8.1f} ms   {ours / theirs:8.3f}"


def main() -> None:
    p = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    p.add_argument("--runs", type=int, default=7, metavar="N", help="of which the median is taken (default 7)")
    runs = p.parse_args().runs
    print(f"{'derive':<32} {'median':>11}   {'against':<36} {'median':>11}   {'ratio':>8}")
    cold = process("-m", "derive", "solve", str(EXAMPLE))
    bare = process("-c", "import sympy")
    compare(cold, bare, 1)  # compiles what is not compiled yet
    print(row("the example, a whole process", compare(cold, bare, runs), 'python -c "import sympy"'))
    shares = []
    for name, text, theirs, says in (
        ("the example, any dimensions", EXAMPLE.read_text(encoding="utf-8"), sympy_of_a_product, "a part, three terms"),
        ("the sign step, any dimensions", SIGN, sympy_of_a_sign, "a part, three terms"),
    ):
        ours, reference = solver(text), sympy_afresh(theirs)
        compare(ours, reference, 1)
        print(row(name, compare(ours, reference, runs), f"sympy.stats, {says}"))
        shares.append(f"{referee_share(ours):.0%} of {name.partition(',')[0]}")
    print(f"\nThe referee takes {' and '.join(shares)}.")


if __name__ == "__main__":
    main()
