"""Child processes that the kernel tells when their parent has died, where it can (Linux)."""

import ctypes
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None  # found before any fork: it takes a lock


def dies_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the child is sent this signal when the thread that started it ends."""
    prctl = _prctl
    if prctl is None:
        return None

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, number)

    return ask
