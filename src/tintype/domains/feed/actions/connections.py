"""Writes of top connections: acts as they come by the log, each losing weight with time."""

from collections.abc import Sequence

import msgspec

from tintype.domains.feed.reads import connections
from tintype.platform import clock
from tintype.platform.db import Tx

KEPT = 500
READERS_AT_ONCE = 1_000


class Act(msgspec.Struct, frozen=True):
    """What a reader did to an author, or took back; dwell in minutes."""

    user_id: int
    author_id: int
    likes: int = 0
    comments: int = 0
    visits: int = 0
    dwell: float = 0.0


async def add(tx: Tx, acts: Sequence[Act]) -> None:
    """Add these to affinities, what was there before decayed to now; nobody has affinity to themselves."""
    if acts:
        given = [msgspec.structs.asdict(one) for one in acts]
        await tx.run(ADD, given, clock.now(), connections.half_life())


async def add_likes(tx: Tx, likes: Sequence[tuple[int, int, int]]) -> None:
    """Reactions that came (1) or were taken back (-1), by reader and post."""
    authors = {row["id"]: row["author_id"] for row in await tx.rows(AUTHORS, [post_id for _, post_id, _ in likes])}
    await add(tx, [Act(user, authors[post], likes=change) for user, post, change in likes if post in authors])


async def add_comments(tx: Tx, comments: Sequence[tuple[int, int]]) -> None:
    """Comments that came (1) or were deleted (-1), by their id."""
    rows = {row["id"]: row for row in await tx.rows(COMMENTERS, [comment_id for comment_id, _ in comments])}
    found = [(rows[comment_id], change) for comment_id, change in comments if comment_id in rows]
    await add(tx, [Act(row["user_id"], row["author_id"], comments=change) for row, change in found])


async def trim(tx: Tx, after: int = 0) -> int | None:
    """Keep the closest KEPT of each of the next readers, and nothing that has faded away.

    Returns the last of these readers, or None when there are no more.
    """
    readers = [row["user_id"] for row in await tx.rows(READERS, after, READERS_AT_ONCE)]
    if not readers:
        return None
    await tx.run(TRIM, clock.now(), connections.half_life(), KEPT, after, readers[-1])
    return int(readers[-1])


AUTHORS = """
-- feed: authors of posts
select id, author_id from posts where id = any($1::bigint[])
"""

COMMENTERS = """
-- feed: who commented on whose post
select m.id, m.author_id as user_id, p.author_id from comments m join posts p on p.id = m.post_id
where m.id = any($1::bigint[])
"""

# In order of the key: workers that add to the same rows at once wait for each other instead of in a circle.
# What is taken back may leave less than nothing, which `decayed` reads as nothing.
ADD = """
-- feed: add to affinities
insert into affinities as a (user_id, author_id, likes, comments, visits, dwell, as_of)
select user_id, author_id, sum(likes), sum(comments), sum(visits), sum(dwell), $2
from jsonb_to_recordset($1) as v (
  user_id bigint, author_id bigint, likes integer, comments integer, visits integer, dwell real)
where user_id <> author_id group by user_id, author_id order by user_id, author_id
on conflict (user_id, author_id) do update set
  likes = decayed(a.likes, a.as_of, $2, $3) + excluded.likes,
  comments = decayed(a.comments, a.as_of, $2, $3) + excluded.comments,
  visits = decayed(a.visits, a.as_of, $2, $3) + excluded.visits,
  dwell = decayed(a.dwell, a.as_of, $2, $3) + excluded.dwell,
  as_of = greatest(a.as_of, $2)
"""

READERS = """
-- feed: the next readers with connections
select distinct user_id from affinities where user_id > $1 order by user_id limit $2
"""

TRIM = """
-- feed: keep the closest connections of some readers
delete from affinities a using (
  select user_id, author_id, strength, row_number() over (partition by user_id order by strength desc, author_id) as n
  from (
    select user_id, author_id, decayed(likes + 2 * comments + visits + dwell, as_of, $1, $2) as strength
    from affinities where user_id > $4 and user_id <= $5
  ) each
) weighed
where a.user_id = weighed.user_id and a.author_id = weighed.author_id and (weighed.n > $3 or weighed.strength < 0.001)
"""
