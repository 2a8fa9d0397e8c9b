"""Queues of jobs on either engine, and handlers that tell what they were given."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from tests.engines import rabbitmq
from tintype.platform import db
from tintype.platform.jobs import postgres
from tintype.platform.jobs import rabbitmq as carried
from tintype.platform.jobs.port import Handlers, enqueue

PATIENCE = 40.0


class Queue:
    """A queue of one's own on one of the engines; `working` is a worker that takes from it."""

    def __init__(self, url: str, server: rabbitmq.Server | None) -> None:
        self.url, self.server, self.prefix = url, server, f"t{uuid4().hex[:12]}"

    @asynccontextmanager
    async def working(self, handlers: Handlers, at_once: Mapping[str, int] | None = None) -> AsyncIterator[Any]:
        """Yields the task, to be cancelled as a killed worker's would be; otherwise it finishes what is under way."""
        managers: list[Any] = []
        task = asyncio.create_task(self._run(handlers, at_once=at_once, started=managers.append))
        try:
            yield task
        finally:
            for one in managers:
                one.shutdown.set()
            if not task.done():
                await asyncio.wait([task], timeout=5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, handlers: Handlers, **more: Any) -> None:
        if self.server is None:
            await postgres.run(self.url, handlers, **more)
        else:
            await carried.run(self.url, handlers, broker=self.server.url, prefix=self.prefix, **more)

    async def drain(self, handlers: Handlers) -> None:
        if self.server is None:
            await postgres.drain(self.url, handlers)
        else:
            await carried.drain(self.url, handlers, broker=self.server.url, prefix=self.prefix)

    async def left(self) -> list[tuple[str, str]]:
        """(name, status) of the jobs that are there."""
        async with db.read() as r:
            rows = await r.rows("-- test: jobs\nselect entrypoint, status::text from pgqueuer order by id")
        return [(row["entrypoint"], row["status"]) for row in rows]

    async def empty(self) -> bool:
        return not await self.left()


async def until(there: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    ends = time.monotonic() + seconds
    while not await there():
        assert time.monotonic() < ends, "it did not come about"
        await asyncio.sleep(0.05)


async def add(*numbers: int, name: str = "count", **more: Any) -> None:
    async with db.act(db.SYSTEM) as tx:
        for n in numbers:
            await enqueue(tx, name, {"n": n}, **more)


class Done:
    """A handler that counts what it was given."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.order: list[int] = []
        self.most = self._now = 0
        self._seconds = seconds

    async def __call__(self, payload: dict[str, Any]) -> None:
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            await asyncio.sleep(self._seconds)
            self.order.append(payload["n"])
        finally:
            self._now -= 1

    @property
    def counts(self) -> Counter[int]:
        return Counter(self.order)


async def has(queue: Queue, wanted: list[tuple[str, str]]) -> bool:
    """Whether these are the jobs that are there."""
    return await queue.left() == wanted
