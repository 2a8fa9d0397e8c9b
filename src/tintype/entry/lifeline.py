"""The lifeline: a pipe from the supervisor whose end tells a child that its parent is gone, on any system."""

import asyncio
import os
from collections.abc import Callable

VARIABLE = "TINTYPE_LIFELINE"


def watch(stop: Callable[[], None]) -> None:
    """Call `stop` when the parent's end of the pipe closes; nothing, for a process that was started by hand."""
    if VARIABLE in os.environ:
        descriptor = int(os.environ[VARIABLE])
        loop = asyncio.get_running_loop()

        def ended() -> None:
            loop.remove_reader(descriptor)
            stop()

        loop.add_reader(descriptor, ended)
