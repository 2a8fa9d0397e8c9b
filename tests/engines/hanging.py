"""An engine that hangs for a while, as under SIGSTOP: it accepts connections, and answers nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tintype.platform.errors import Unavailable
from tintype.platform.guard import EngineDown

TOLD = (EngineDown, Unavailable, TimeoutError)  # how a call says that it got no answer in time


class Hangs(Protocol):
    """What can be stopped and goes on afterwards."""

    def pause(self) -> None: ...

    def resume(self) -> None: ...


@contextmanager
def hung(engine: Hangs) -> Iterator[None]:
    """Until the block ends."""
    engine.pause()
    try:
        yield
    finally:
        engine.resume()
