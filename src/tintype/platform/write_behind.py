"""Write-behind: things that may be lost, kept in memory for a second, and written many at a time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Generic, Protocol, TypeVar

from tintype.platform import db
from tintype.platform.telemetry import WRITE_BEHIND, log

A_BATCH = 1_000
MOST = 20_000
EVERY_SECONDS = 1.0
LAST_SECONDS = 5.0

T = TypeVar("T")


class _Writes(Protocol):
    async def write(self) -> None: ...


class Buffer(Generic[T]):
    """Waits in this process to be written; beyond MOST the oldest are dropped, and counted."""

    def __init__(self, name: str, writer: Callable[[list[T]], Awaitable[None]], most: int = MOST) -> None:
        self._name, self._writer, self._most = name, writer, most
        self._waiting: deque[T] = deque()
        _buffers.append(self)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, items: Iterable[T]) -> None:
        """Take these; they are written within a second, or at once when a whole batch waits."""
        self._waiting.extend(items)
        self._make_room()
        if len(self._waiting) >= A_BATCH and _woken is not None:
            _woken.set()

    async def write(self) -> None:
        """Write all that waits. What fails for want of a database waits on; what fails otherwise is dropped."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(A_BATCH, len(self._waiting)))]
            try:
                await self._writer(batch)
            except (*db.OUT_OF_REACH, asyncio.CancelledError):
                self._waiting.extendleft(reversed(batch))
                self._make_room()
                raise
            except Exception:
                WRITE_BEHIND.labels(self._name, "dropped").inc(len(batch))
                log.exception("write_behind.dropped", buffer=self._name, items=len(batch))
            else:
                WRITE_BEHIND.labels(self._name, "written").inc(len(batch))

    def _make_room(self) -> None:
        if (over := len(self._waiting) - self._most) > 0:
            for _ in range(over):
                self._waiting.popleft()
            WRITE_BEHIND.labels(self._name, "dropped").inc(over)


_buffers: list[_Writes] = []
_woken: asyncio.Event | None = None


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Write every second, or when a batch waits, until the block ends; and once more then."""
    writing = asyncio.create_task(_run(), name="write-behind")
    try:
        yield
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        await _finish()


async def write() -> None:
    """Write what waits in every buffer now."""
    for buffer in _buffers:
        await buffer.write()


async def _run() -> None:
    global _woken
    _woken = asyncio.Event()
    try:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await _woken.wait()
            _woken.clear()
            try:
                await write()
            except db.OUT_OF_REACH as error:
                log.warning("write_behind.waits", error=repr(error))
                await asyncio.sleep(EVERY_SECONDS)
    finally:
        _woken = None


async def _finish() -> None:
    """What cannot be written in a few seconds is lost."""
    try:
        async with asyncio.timeout(LAST_SECONDS):
            await write()
    except db.OUT_OF_REACH as error:
        log.warning("write_behind.lost", error=repr(error))
