"""The lifeline: a pipe from the supervisor whose end tells a child that its parent is gone, on any system."""

import asyncio
import os
import select
import signal
import threading
import time
from collections.abc import Callable

VARIABLE = "TINTYPE_LIFELINE"
LAST_SECONDS = 8.0


def guard() -> None:
    """End this process soon after its parent, even while it starts, or when its event loop hangs."""
    if VARIABLE in os.environ:
        threading.Thread(target=_outlive_nobody, args=(int(os.environ[VARIABLE]),), daemon=True).start()


def _outlive_nobody(descriptor: int) -> None:
    select.select([descriptor], [], [])  # not a read: loops set the pipe non-blocking
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_SECONDS)
    os._exit(1)


def watch(stop: Callable[[], None]) -> None:
    """Call `stop` when the parent's end of the pipe closes; nothing, for a process that was started by hand."""
    if VARIABLE in os.environ:
        descriptor = int(os.environ[VARIABLE])
        loop = asyncio.get_running_loop()

        def ended() -> None:
            loop.remove_reader(descriptor)
            stop()

        loop.add_reader(descriptor, ended)
