"""Limits of time and memory that hold whatever the program is doing.

The work is done in a child process; the parent only waits, so that a calculation that never comes back to
Python's own loop is stopped too. Where processes cannot be forked, a timer ends the program instead.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from derive.hosts.errors import LIMIT

BLAS_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def limited(work: Callable[[], int], seconds: float, megabytes: int, tell: Callable[[str], None]) -> int:
    """The exit status of ``work``, or 3 where a limit was reached; ``tell`` gets the message. 0: no limit."""
    for name in BLAS_THREADS:
        os.environ.setdefault(name, "1")  # many threads start slower here, and each reserves memory
    if seconds <= 0 and megabytes <= 0:
        return work()
    if not hasattr(os, "fork"):
        return _timed(work, seconds, tell)
    return _forked(work, seconds, megabytes, tell)


def too_long(seconds: float) -> str:
    return f"stopped: the time limit of {seconds:g} seconds was reached (--timeout)"


def too_much(megabytes: int) -> str:
    return f"stopped: the memory limit of {megabytes} MiB was reached (--memory)"


def _forked(work: Callable[[], int], seconds: float, megabytes: int, tell: Callable[[str], None]) -> int:
    import select
    import signal

    ended, alive = os.pipe()  # the child holds the writing end: it closes when the child ends, however it ends
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(ended)
        os._exit(_child(work, megabytes, tell))
    os.close(alive)
    try:
        ready, _, _ = select.select([ended], [], [], seconds if seconds > 0 else None)
    except KeyboardInterrupt:
        ready = []
        seconds = -1
    if not ready:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(ended)
    if not ready:
        if seconds < 0:
            return 130  # as shells report an interrupt
        tell(too_long(seconds))
        return LIMIT
    if os.WIFSIGNALED(status):
        tell(f"{too_much(megabytes)}, or the system ended the program (signal {os.WTERMSIG(status)})")
        return LIMIT
    return os.waitstatus_to_exitcode(status)


def _child(work: Callable[[], int], megabytes: int, tell: Callable[[str], None]) -> int:
    status = LIMIT
    try:
        _limit_memory(megabytes)
        status = work()
    except MemoryError:
        tell(too_much(megabytes))
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        status = 0
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        pass
    return status


def _limit_memory(megabytes: int) -> None:
    if megabytes <= 0:
        return
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _held() + megabytes * 1024 * 1024  # the work's own: what a program that calls this one holds is not its doing
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError):
        pass  # systems that know no such limit


def _held() -> int:
    """The address space that the process has already, in bytes; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as told:
            return int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _timed(work: Callable[[], int], seconds: float, tell: Callable[[str], None]) -> int:
    import threading

    if seconds <= 0:
        return work()

    def stop() -> None:
        tell(too_long(seconds))
        sys.stderr.flush()
        os._exit(LIMIT)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        return work()
    finally:
        timer.cancel()
