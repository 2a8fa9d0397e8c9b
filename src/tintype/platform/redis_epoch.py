"""The epoch of what Redis holds of PostgreSQL's: what stands there of another epoch counts for nothing.

A transaction that Redis may not have heard of raises it with its commit. A database that was put back, or copied, is
another incarnation, and so another epoch. Processes read it at most a quarter of a second late.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from time import monotonic
from typing import Any

from tintype.platform import db
from tintype.platform.clients.redis import Command, RedisClient
from tintype.platform.db import Reader, Tx
from tintype.platform.guard import EngineDown
from tintype.platform.telemetry import log

EPOCH_SECONDS = 0.25
WRITE_SECONDS = 1.0


class Epoch:
    """What one store in Redis knows of it, and what it tells Redis when a transaction ends."""

    def __init__(self, client: RedisClient) -> None:
        self._client = client
        self._known, self._known_at = b"", -EPOCH_SECONDS
        self._working: set[asyncio.Task[None]] = set()

    async def now(self, r: Reader) -> bytes:
        """At most a quarter of a second old; ends with a colon."""
        if monotonic() >= self._known_at + EPOCH_SECONDS:
            asked_at = monotonic()
            self._known = await self.stored(r)
            self._known_at = asked_at
        return self._known

    async def stored(self, r: Reader) -> bytes:
        """As it stands in the database."""
        row = await r.row(EPOCH)
        assert row is not None
        return b"%d.%s:" % (row["epoch"], row["incarnation"].encode())

    async def heard(self, tx: Tx, answers: Sequence[Any]) -> None:
        """What Redis may not have heard of makes what it holds worthless with the commit."""
        if any(isinstance(answer, EngineDown) for answer in answers):
            await tx.run(RAISE_EPOCH)

    def after(self, tx: Tx, commands: Sequence[Command]) -> None:
        """Tell Redis so once it is committed."""
        if commands:
            tx.after_commit.append(lambda: self.begin(self.told(commands)))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done by the way."""
        task = asyncio.create_task(work, name="redis after commits")
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def told(self, commands: Sequence[Command]) -> None:
        """Tell Redis; where it may not have heard, the epoch is raised."""
        answers = await self._client.many(commands, seconds=WRITE_SECONDS)
        if not any(isinstance(answer, EngineDown) for answer in answers):
            return
        try:
            async with db.act(db.SYSTEM) as tx:
                await tx.run(RAISE_EPOCH)
        except Exception as error:
            log.warning("feeds.epoch_not_raised", error=repr(error))

    async def settled(self) -> None:
        """Wait for what is told to Redis after commits."""
        while self._working:
            await asyncio.wait(self._working)


EPOCH = """
-- redis: what of the things it holds counts
select front.epoch, left(log.incarnation::text, 8) as incarnation from timeline_front front, log_state log
"""

RAISE_EPOCH = """
-- redis: what it holds counts no more
update timeline_front set epoch = epoch + 1
"""
