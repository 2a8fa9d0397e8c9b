"""Timelines on PostgreSQL: one row a reader and post."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

import asyncpg

from tintype.platform.db import Reader, Tx
from tintype.platform.timelines.port import Entry, Repeated


class PostgresTimelines:
    """The embedded default."""

    at_once = 2_500
    is_joined = True

    def reaches(self) -> int:
        return 0

    async def deliver(self, tx: Tx, deliveries: Sequence[tuple[Sequence[int], Entry]], *, again: bool = False) -> int:
        """Plain insert first: `on conflict` costs half as much again, and a repeated delivery is rare."""
        readers = [user_id for user_ids, _ in deliveries for user_id in user_ids]
        if not readers:
            return 0
        ends = list(accumulate(len(user_ids) for user_ids, _ in deliveries))
        columns = zip(*((one.feed_id, one.post_id, one.author_id) for _, one in deliveries), strict=True)
        sql = DELIVER_AGAIN if again else DELIVER
        try:
            return await tx.run(sql, readers, ends, *map(list, columns))
        except asyncpg.UniqueViolationError as error:
            raise Repeated from error

    async def add(self, tx: Tx, user_id: int, entries: Sequence[Entry]) -> None:
        columns = zip(*((one.feed_id, one.post_id, one.author_id) for one in entries), strict=True)
        if entries:
            await tx.run(ADD, user_id, *map(list, columns))

    async def read(self, r: Reader, user_id: int, before: int | None, limit: int, since: int = 0) -> list[Entry]:
        return [Entry(*row) for row in await r.rows(READ, user_id, before, limit, since)]

    async def overfull(self, r: Reader, user_ids: Sequence[int], full: int, keep: int) -> Mapping[int, int]:
        rows = await r.rows(OVERFULL, list(user_ids), full, keep)
        return {row["user_id"]: row["feed_id"] for row in rows}

    async def cut(self, tx: Tx, floors: Mapping[int, int]) -> None:
        await tx.run(CUT, list(floors), list(floors.values()))

    async def remove_authors(self, tx: Tx, user_id: int, author_ids: Sequence[int]) -> None:
        await tx.run(REMOVE_AUTHORS, user_id, list(author_ids))

    async def remove_post(self, tx: Tx, user_ids: Sequence[int], feed_id: int) -> None:
        await tx.run(REMOVE_POST, list(user_ids), feed_id)

    async def settled(self) -> None:
        """Everything is in the transaction."""


DELIVER = """
-- timelines: posts for many readers, each post's one after the other
insert into timelines (user_id, feed_id, post_id, author_id)
select user_id, one.feed_id, one.post_id, one.author_id
from (
  select *, lag(upto, 1, 0) over (order by upto) + 1 as since
  from unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[]) as e (upto, feed_id, post_id, author_id)
) one cross join lateral unnest(($1::bigint[])[one.since : one.upto]) as user_id
"""

DELIVER_AGAIN = DELIVER + "on conflict do nothing"

ADD = """
-- timelines: many posts for one reader
insert into timelines (user_id, feed_id, post_id, author_id)
select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[]) on conflict do nothing
"""

READ = """
-- timelines: the next entries of a reader
select feed_id, post_id, author_id from timelines
where user_id = $1 and ($2::bigint is null or feed_id < $2) and feed_id >= $4 order by feed_id desc limit $3
"""

OVERFULL = """
-- timelines: who has too many entries, and the oldest one to keep
select one.user_id, kept.feed_id from unnest($1::bigint[]) as one (user_id)
cross join lateral (select from timelines where user_id = one.user_id order by feed_id desc offset $2 limit 1) above
cross join lateral (
  select feed_id from timelines where user_id = one.user_id order by feed_id desc offset $3 - 1 limit 1
) kept
"""

CUT = """
-- timelines: what is too old, out of some timelines
delete from timelines t using unnest($1::bigint[], $2::bigint[]) as one (user_id, floor_id)
where t.user_id = one.user_id and t.feed_id < one.floor_id
"""

REMOVE_AUTHORS = """
-- timelines: the posts of some authors out of one timeline
delete from timelines where user_id = $1 and author_id = any($2::bigint[])
"""

REMOVE_POST = """
-- timelines: one post out of many timelines
delete from timelines where user_id = any($1::bigint[]) and feed_id = $2
"""
