"""Ids: 64 bits that sort by time and carry their owner's shard.

41 bits milliseconds since 2010-01-01 · 10 bits logical shard · 5 bits node · 7 bits sequence. After Twitter's Snowflake
and Instagram's sharded ids. A node is held by a session advisory lock; how far its clock may have come is kept in
`id_nodes`, ahead of use, so that neither a clock set back nor a killed process ever repeats or reorders an id.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import NewType

import asyncpg

from tintype.platform import clock, db
from tintype.platform.errors import NotFound, Unavailable

AccountId = NewType("AccountId", int)
MediaId = NewType("MediaId", int)
PostId = NewType("PostId", int)
FeedId = NewType("FeedId", int)
CommentId = NewType("CommentId", int)

EPOCH_MS = int(datetime(2010, 1, 1, tzinfo=UTC).timestamp() * 1000)
SHARDS = 1024
PAST_NODE = 31  # held by nobody
LARGEST = (1 << 63) - 1
AHEAD_MS = 3_000
RENEW_SECONDS = 1.0
LOCK_CLASS = 0x7117  # advisory locks (LOCK_CLASS, node)


class Generator:
    """Gives out ids for one node, never beyond the high-water mark that is already stored."""

    def __init__(self, node: int, last: int, allowed: int) -> None:
        self.node, self.last, self.allowed, self.sequence = node, last, allowed, 127  # `last` itself may have been used

    def next(self, shard: int) -> int:
        """One id for that shard; borrows the next millisecond when this one's 128 are used."""
        wall = min(clock.millis() - EPOCH_MS, self.allowed)
        if wall > self.last:
            self.last, self.sequence = wall, 0
        elif self.sequence < 127:
            self.sequence += 1
        elif self.last < self.allowed:
            self.last, self.sequence = self.last + 1, 0
        else:
            raise Unavailable("Ids are used up for this moment.")
        return self.last << 22 | shard << 12 | self.node << 7 | self.sequence


_generator: Generator | None = None


def new(owner: int) -> int:
    """An id that routes like its owner."""
    if _generator is None:
        raise Unavailable("No id node is held.")
    return _generator.next(shard_of(owner))


def new_account() -> AccountId:
    """An id for a new account, on a shard drawn at random."""
    return AccountId(new(secrets.randbelow(SHARDS) << 12))


def shard_of(any_id: int) -> int:
    return any_id >> 12 & (SHARDS - 1)


def made_at(any_id: int) -> datetime:
    return datetime.fromtimestamp(((any_id >> 22) + EPOCH_MS) / 1000, UTC)


def at(moment: datetime) -> int:
    """The smallest id of that moment."""
    return max(0, int(moment.timestamp() * 1000) - EPOCH_MS) << 22


def of_the_past(owner: int, moment: datetime) -> list[int]:
    """Ids of that millisecond, in order, for what is brought from elsewhere; no process ever gives out one of these."""
    first = at(moment) | shard_of(owner) << 12 | PAST_NODE << 7
    return list(range(first, first + 128))


def parse(text: str) -> int:
    """The id that a client sent; raises NotFound for what cannot be one, as nothing has that id."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19) or int(text) > LARGEST:
        raise NotFound
    return int(text)


@asynccontextmanager
async def lease(url: str) -> AsyncIterator[None]:
    """Hold a node for this process and keep its high-water mark ahead of the clock."""
    global _generator
    held = [connection := await db.connect(url, name="ids")]  # a lost one is replaced
    row = await _take_node(connection)
    start = clock.millis() - EPOCH_MS
    last = max(start, row["high_water"])
    _generator = Generator(row["node"], last, last)
    await _reserve(connection, _generator)
    renewal = asyncio.create_task(_renew(held, url, _generator))
    try:
        yield
    finally:
        renewal.cancel()
        with suppress(asyncio.CancelledError):
            await renewal
        _generator = None
        await held[0].close(timeout=2)


async def _take_node(connection: asyncpg.Connection) -> asyncpg.Record:
    row = await connection.fetchrow(TAKE_NODE, LOCK_CLASS)
    if row is None:
        raise Unavailable("All 31 id nodes are held by running processes.")
    return row


async def _reserve(connection: asyncpg.Connection, generator: Generator) -> None:
    target = max(clock.millis() - EPOCH_MS, generator.last) + AHEAD_MS
    if target > generator.allowed:
        await connection.execute(RESERVE, generator.node, target)
        generator.allowed = target


async def _renew(held: list[asyncpg.Connection], url: str, generator: Generator) -> None:
    """A lost connection loses the lock: what is reserved may still be used, then another node is taken."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            await _reserve(held[0], generator)
        except db.NO_ANSWER:
            with suppress(*db.NO_ANSWER, Unavailable):
                held[0].terminate()
                held[0] = await db.connect(url, name="ids")
                row = await _take_node(held[0])
                generator.last = max(generator.last, row["high_water"], clock.millis() - EPOCH_MS)
                generator.node, generator.sequence, generator.allowed = row["node"], 127, generator.last
                await _reserve(held[0], generator)


TAKE_NODE = """
-- ids: the free node that was used longest ago, locked for this session
with free as materialized (select node, high_water from id_nodes order by high_water, node)
select node, high_water from free where pg_try_advisory_lock($1, node) limit 1
"""

RESERVE = """
-- ids: how far this node's clock may go
update id_nodes set high_water = $2 where node = $1 and high_water < $2
"""
