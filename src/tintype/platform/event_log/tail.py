"""The log's tail, as every API process reads it: events from now on, for caches, revoked sessions and long polls."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TypeVar

import asyncpg

from tintype.platform import clock, db
from tintype.platform.event_log.bell import Bell
from tintype.platform.event_log.port import Delivered
from tintype.platform.event_log.sequencer import delivered
from tintype.platform.telemetry import Outage, log

POLL_SECONDS = 0.1
FRESH_SECONDS, LOOK_SECONDS = 1.0, 0.25
MOST = 1_000
BEFORE = 2_000

T = TypeVar("T")

_newest: "Tail | None" = None


def age_of_view() -> float:
    """How many seconds old the view of this process may be: of its tail, large where there is none."""
    return float("inf") if _newest is None else _newest.age


async def while_fresh(work: Awaitable[T]) -> T:
    """What it gives. Raises TimeoutError once the view has grown old: the database answers nobody just now."""
    working = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({working}, timeout=LOOK_SECONDS))[0]:
            if age_of_view() > FRESH_SECONDS:
                raise TimeoutError
        return working.result()
    finally:
        working.cancel()


class Tail:
    """Hands every new event of `topics` to `seen`, at most 250 ms after its commit, and knows its age of view."""

    def __init__(self, url: str, topics: Iterable[str], seen: Callable[[Delivered], None]) -> None:
        self._url, self._topics, self._seen = url, sorted(topics), seen
        self._pos: int | None = None
        self._beat_at = 0.0

    @property
    def age(self) -> float:
        """Seconds since the last heartbeat that was read; large when the view may be stale."""
        return clock.millis() / 1000 - self._beat_at

    async def begin(self) -> None:
        """See the last events once more, and from here on every one; this tail now tells the age of view.

        What came just before may still have its effects under way: posts that are on their way to timelines, say.
        """
        global _newest
        _newest = self
        connection = await db.connect(self._url, name="tail")
        try:
            await self.step(connection)
        finally:
            await connection.close(timeout=1)

    async def run(self, bell: Bell) -> None:
        """Follow the log until cancelled, over lost connections."""
        outage = Outage("tail.goes_on")
        while True:
            connection = None
            try:
                connection = await db.connect(self._url, name="tail")
                while True:
                    await self.step(connection)
                    outage.over()
                    await bell.wait(POLL_SECONDS)
            except (*db.CONNECTION_LOST, TimeoutError) as error:
                outage.lost("tail.lost", error)
                await asyncio.sleep(0.5)
            finally:
                if connection is not None:
                    with suppress(Exception):
                        await connection.close(timeout=1)

    async def step(self, connection: asyncpg.Connection) -> None:
        """Read up to the present position."""
        state = await connection.fetchrow(STATE)
        if self._pos is None:
            self._pos = max(0, state["pos"] - BEFORE)
        while self._pos < state["pos"]:
            rows = await connection.fetch(SINCE, self._pos, state["pos"], self._topics, MOST)
            for row in rows:
                self._hand_on(delivered(row))
            self._pos = rows[-1]["pos"] if len(rows) == MOST else state["pos"]
        self._beat_at = state["beat_at"].timestamp()

    def _hand_on(self, event: Delivered) -> None:
        """An event that cannot be used (a newer version's, say) must not end the tail for all others."""
        try:
            self._seen(event)
        except Exception:
            log.exception("tail.unusable_event", type=event.type, pos=event.pos)


STATE = """
-- event log: where it is, and when its sequencer last lived
select pos, beat_at from log_state
"""

SINCE = """
-- event log: what came since, of some topics
select * from event_log where pos > $1 and pos <= $2 and topic = any($3) order by pos limit $4
"""
