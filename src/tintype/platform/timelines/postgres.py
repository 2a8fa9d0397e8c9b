"""Timelines on PostgreSQL: one row a reader and post."""

from collections.abc import Sequence

import asyncpg

from tintype.platform import db
from tintype.platform.timelines.port import Entry


class PostgresTimelines:
    """The embedded default."""

    async def deliver(self, user_ids: Sequence[int], entry: Entry) -> None:
        """Plain insert first: `on conflict` costs half as much again, and a repeated delivery is rare."""
        arguments = (list(user_ids), entry.feed_id, entry.post_id, entry.author_id)
        async with db.act(db.SYSTEM) as tx:
            try:
                async with tx.connection.transaction():
                    await tx.run(DELIVER, *arguments)
            except asyncpg.UniqueViolationError:
                await tx.run(DELIVER_AGAIN, *arguments)

    async def add(self, user_id: int, entries: Sequence[Entry]) -> None:
        columns = zip(*((one.feed_id, one.post_id, one.author_id) for one in entries), strict=True)
        if entries:
            async with db.act(db.SYSTEM) as tx:
                await tx.run(ADD, user_id, *map(list, columns))

    async def read(self, user_id: int, before: int | None, limit: int) -> list[Entry]:
        async with db.read() as r:
            return [Entry(*row) for row in await r.rows(READ, user_id, before, limit)]

    async def remove_author(self, user_id: int, author_id: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(REMOVE_AUTHOR, user_id, author_id)

    async def remove_post(self, user_ids: Sequence[int], feed_id: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run(REMOVE_POST, list(user_ids), feed_id)


DELIVER = """
-- timelines: one post for many readers
insert into timelines (user_id, feed_id, post_id, author_id) select unnest($1::bigint[]), $2, $3, $4
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
where user_id = $1 and ($2::bigint is null or feed_id < $2) order by feed_id desc limit $3
"""

REMOVE_AUTHOR = """
-- timelines: an author's posts out of one timeline
delete from timelines where user_id = $1 and author_id = $2
"""

REMOVE_POST = """
-- timelines: one post out of many timelines
delete from timelines where user_id = any($1::bigint[]) and feed_id = $2
"""
