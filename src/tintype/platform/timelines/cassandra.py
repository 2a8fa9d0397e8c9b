"""Timelines on Cassandra or ScyllaDB: `user_feed`, a partition a reader.

Every write carries a version drawn from PostgreSQL under the locks that order writes, so that of two the later one wins
whichever arrives last, and the same one twice is once. An entry lives until its post is 30 days old; below that a
reader's feed is read from the posts, as it is below a floor. So is what stands where deletions left tombstones behind:
reads are bounded from below and do not walk over those.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from datetime import timedelta

from tintype.platform import clock, ids
from tintype.platform.clients.cassandra import CassandraClient
from tintype.platform.db import Reader, Tx
from tintype.platform.guard import EngineDown
from tintype.platform.telemetry import log
from tintype.platform.timelines.port import Entry

KEEPS = timedelta(days=30)
READ_SECONDS, WRITE_SECONDS = 0.5, 5.0
ROWS_AT_ONCE = 1_000


class CassandraTimelines:
    """The record of timelines at scale."""

    at_once = 500
    is_joined = False

    def __init__(self, client: CassandraClient, *, keeps: timedelta = KEEPS) -> None:
        """`keeps`: how old a post may be to have an entry."""
        self._client, self._keeps = client, keeps
        self._cutting: set[asyncio.Task[None]] = set()

    def reaches(self) -> int:
        """On a grid of days, at least half a day above what has gone: stretches that begin there stay of use."""
        grid = self._keeps / 30
        now = clock.now() + grid / 2
        since_the_first = now - ids.made_at(0)
        return ids.at(now - since_the_first % grid - 29 * grid)

    async def deliver(self, tx: Tx, deliveries: Sequence[tuple[Sequence[int], Entry]], *, again: bool = False) -> int:
        """The same for what comes `again`: a row is written over with itself."""
        del again
        due = [(users, one, ttl) for users, one in deliveries if (ttl := self._ttl(one.feed_id)) > 0]
        rows = [(user, one.feed_id, one.post_id, one.author_id, ttl) for users, one, ttl in due for user in users]
        if rows:
            version = await _version(tx)
            await self._client.write(PUT, [(*row, version) for row in rows], seconds=WRITE_SECONDS)
        return len(rows)

    async def add(self, tx: Tx, user_id: int, entries: Sequence[Entry]) -> None:
        due = [(one, ttl) for one in entries if (ttl := self._ttl(one.feed_id)) > 0]
        if due:
            version = await _version(tx)
            rows = [(user_id, one.feed_id, one.post_id, one.author_id, ttl, version) for one, ttl in due]
            await self._client.write_together(PUT, rows, seconds=WRITE_SECONDS)

    async def read(self, r: Reader, user_id: int, before: int | None, limit: int, since: int = 0) -> list[Entry]:
        """Half a second at most: there is a next place to read from."""
        del r
        found: list[Entry] = []
        place = ids.LARGEST if before is None else before
        while len(found) < limit:
            wanted = min(limit - len(found), ROWS_AT_ONCE)
            rows = await self._client.rows(READ, user_id, place, since, wanted, seconds=READ_SECONDS)
            found += [Entry(*row) for row in rows]
            if len(rows) < wanted:
                break
            place = found[-1].feed_id
        return found

    async def overfull(self, r: Reader, user_ids: Sequence[int], full: int, keep: int) -> Mapping[int, int]:
        del r
        since = self.reaches()
        asked = [(user_id, ids.LARGEST, since, full + 1) for user_id in user_ids]
        found = await self._client.each(READ, asked, seconds=WRITE_SECONDS)
        return {user: rows[keep - 1][0] for user, rows in zip(user_ids, found, strict=True) if len(rows) > full}

    async def cut(self, tx: Tx, floors: Mapping[int, int]) -> None:
        """One range a reader, which is one tombstone. What is not cut now is read by nobody, and goes with its age."""
        version = await _version(tx)
        rows = [(version, user_id, floor) for user_id, floor in floors.items()]
        tx.after_commit.append(lambda: self._begin_cutting(rows))

    async def remove_authors(self, tx: Tx, user_id: int, author_ids: Sequence[int]) -> None:
        """Row by row, of the rows that are there: a deletion for each, and none for what is not."""
        version = await _version(tx)
        gone = set(author_ids)
        found = await self.read(tx, user_id, None, ids.LARGEST)
        rows = [(version, user_id, one.feed_id) for one in found if one.author_id in gone]
        await self._client.write_together(REMOVE, rows, seconds=WRITE_SECONDS)

    async def remove_post(self, tx: Tx, user_ids: Sequence[int], feed_id: int) -> None:
        """Nothing for a post whose entries have gone with their age."""
        if self._ttl(feed_id) > 0:
            version = await _version(tx)
            rows = [(version, user_id, feed_id) for user_id in user_ids]
            await self._client.write(REMOVE, rows, seconds=WRITE_SECONDS)

    async def settled(self) -> None:
        """Wait for what is being cut."""
        while self._cutting:
            await asyncio.wait(self._cutting)

    def _ttl(self, feed_id: int) -> int:
        """The seconds until its entries go."""
        left = ids.made_at(feed_id) + self._keeps - clock.now()
        return math.ceil(min(left, self._keeps).total_seconds())

    def _begin_cutting(self, rows: list[tuple[int, int, int]]) -> None:
        task = asyncio.create_task(self._cut(rows))
        self._cutting.add(task)
        task.add_done_callback(self._cutting.discard)

    async def _cut(self, rows: list[tuple[int, int, int]]) -> None:
        try:
            await self._client.write(CUT, rows, seconds=WRITE_SECONDS)
        except EngineDown as error:
            log.warning("timelines.not_cut", readers=len(rows), error=str(error))


async def _version(tx: Tx) -> int:
    version: int = await tx.value(VERSION)
    return version


VERSION = """
-- timelines: what orders this write among others
select nextval('timeline_versions')
"""

PUT = "insert into user_feed (user_id, feed_id, post_id, author_id) values (?, ?, ?, ?) using ttl ? and timestamp ?"

READ = "select feed_id, post_id, author_id from user_feed where user_id = ? and feed_id < ? and feed_id >= ? limit ?"

CUT = "delete from user_feed using timestamp ? where user_id = ? and feed_id < ?"

REMOVE = "delete from user_feed using timestamp ? where user_id = ? and feed_id = ?"
