"""What a decoder process gives up before it sees untrusted bytes."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

ADDRESS_SPACE = 4 << 30
OPEN_FILES = 64
NICENESS = 10

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000


def confine(niceness: int = NICENESS) -> None:
    """For this process and what it starts: no files written, no cores, bounded memory, low priority, no network."""
    os.nice(niceness)
    with suppress(OSError):  # where sessions are scheduled as groups, only this counts between them
        Path("/proc/self/autogroup").write_text(str(niceness))
    _limit(resource.RLIMIT_AS, ADDRESS_SPACE)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        die_with_parent()
        # Without privileges a network namespace needs a user namespace around it; some systems forbid both.
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def die_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends, however that happens."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)


def allow_seconds(seconds: int) -> None:
    """CPU time for the next job; the kernel ends the process that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds + 1, keep_hard=True)


def _limit(which: int, most: int, *, keep_hard: bool = False) -> None:
    hard = resource.getrlimit(which)[1]
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (wanted, hard if keep_hard else wanted))
