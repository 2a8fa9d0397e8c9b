"""Where a lane gets its events from: the port, and the adapter that reads the log in PostgreSQL.

The position of a group stays in PostgreSQL whatever carries its events, so that it can commit with the effects.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Protocol

import asyncpg

from tintype.platform.event_log.port import Delivered
from tintype.platform.event_log.sequencer import delivered

WAITING_CHUNKS = 64


class Source(Protocol):
    """The events of one lane. Of one key they come in order of position; the same may come more than once."""

    def hold(self, gained: Mapping[int, int], parts: Iterable[int]) -> None:
        """From now on give these partitions; those in `gained` from behind the position that is stored for them."""

    def hand_over(self, before: int, events: list[Delivered]) -> None:
        """Everything after position `before` up to the last of these, from the sequencer of this process."""

    async def next(self, connection: asyncpg.Connection) -> tuple[list[Delivered], int]:
        """The next events, and the position up to which there are no others; the same again until `done`."""

    async def done(self) -> None:
        """What `next` gave has had its effects, and its position is stored."""

    async def wait(self, seconds: float) -> None:
        """Until there may be something to give, or so long."""

    def wake(self) -> None:
        """End the wait: there is something to look at."""

    def forget(self) -> None:
        """The connection was lost: what was handed over since may have a gap."""

    async def close(self) -> None: ...


Sources = Callable[[str, list[str], int], Source]
"""Makes the source of a lane from its group, its topics and the most that it handles at a time."""


class PostgresSource:
    """Events handed over in memory by the sequencer of this process; a gap (start, lag, another process) is fetched."""

    def __init__(self, group: str, topics: list[str], batch: int) -> None:
        self.group = group
        self.seen = 0
        self._topics, self._batch = topics, batch
        self._chunks: deque[tuple[int, int, list[Delivered]]] = deque(maxlen=WAITING_CHUNKS)
        self._parts: list[int] = []
        self._upto = 0
        self._woken = asyncio.Event()

    def hold(self, gained: Mapping[int, int], parts: Iterable[int]) -> None:
        if gained:
            self.seen = min([*gained.values(), self.seen] if self._parts else gained.values())
        self._parts = list(parts)

    def hand_over(self, before: int, events: list[Delivered]) -> None:
        """What follows on what still waits joins it, up to a batch: a busy lane takes much at once, and a lane that is
        woken finds events at the next step.
        """
        mine = [event for event in events if event.topic in self._topics]
        if self._chunks:
            first, upto, waiting = self._chunks[-1]
            if upto == before and (not waiting or len(waiting) + len(mine) <= self._batch):
                before, mine = first, waiting + mine
                self._chunks.pop()
        self._chunks.append((before, events[-1].pos, mine))
        if mine:
            self.wake()

    async def next(self, connection: asyncpg.Connection) -> tuple[list[Delivered], int]:
        events, self._upto = await self._next(connection)
        return events, self._upto

    async def _next(self, connection: asyncpg.Connection) -> tuple[list[Delivered], int]:
        while self._chunks and self._chunks[0][1] <= self.seen:
            self._chunks.popleft()
        if self._chunks and self._chunks[0][0] <= self.seen:
            _, upto, events = self._chunks.popleft()
            return [event for event in events if event.pos > self.seen], upto
        upto = await connection.fetchval(POSITION)
        if upto <= self.seen:
            return [], self.seen
        rows = await connection.fetch(FETCH, self._topics, self._parts, self.seen, upto, self._batch)
        if len(rows) == self._batch:
            upto = rows[-1]["pos"]
        return [delivered(row) for row in rows], upto

    async def done(self) -> None:
        self.seen = max(self.seen, self._upto)

    async def wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()

    def wake(self) -> None:
        self._woken.set()

    def forget(self) -> None:
        self._chunks.clear()

    async def close(self) -> None:
        self.forget()


POSITION = """
-- event log: the last position
select pos from log_state
"""

FETCH = """
-- event log: the next events of some topics and partitions
select found.* from unnest($1::text[]) as t (topic) cross join unnest($2::smallint[]) as p (part)
cross join lateral (
  select * from event_log e
  where e.topic = t.topic and e.part = p.part and e.pos > $3 and e.pos <= $4 order by e.pos limit $5
) found
order by found.pos limit $5
"""
