"""Whom a post is pushed to: followers who have not muted its author and are not away."""

from collections.abc import Sequence

from tintype.platform.db import Reader


async def feeds(r: Reader, follower_id: int, followee_id: int) -> bool:
    """Whether one account's posts belong into the other's feed: followed, accepted and not muted."""
    return bool(await r.value(FEEDS, follower_id, followee_id))


async def feeding(r: Reader, follower_id: int, followee_ids: Sequence[int]) -> set[int]:
    """Which of these accounts' posts belong into this one's feed."""
    return {row["followee_id"] for row in await r.rows(FEEDING, follower_id, list(followee_ids))}


async def chunk_starts(r: Reader, followee_id: int, size: int) -> list[int]:
    """The follower ids at which chunks of `size` begin; the first is 0, so that the ranges cover every id."""
    return [0, *(row["follower_id"] for row in await r.rows(CHUNK_STARTS, followee_id, size))]


async def followers_between(r: Reader, followee_id: int, low: int, high: int | None) -> list[int]:
    """Followers with low <= id < high."""
    return [row["follower_id"] for row in await r.rows(FOLLOWERS_BETWEEN, followee_id, low, high)]


FEEDS = """
-- graph: whether one account's posts belong into another's feed
select exists (
  select from follows where follower_id = $1 and followee_id = $2 and state = 'ACCEPTED' and not muted)
"""

FEEDING = """
-- graph: which accounts' posts belong into another's feed
select followee_id from follows
where follower_id = $1 and followee_id = any($2::bigint[]) and state = 'ACCEPTED' and not muted
"""

CHUNK_STARTS = """
-- graph: where chunks of followers begin, after the first
select follower_id from (
  select follower_id, row_number() over (order by follower_id) as n from follows
  where followee_id = $1 and state = 'ACCEPTED' and not muted and not away
) numbered
where n > 1 and (n - 1) % $2 = 0 order by follower_id
"""

FOLLOWERS_BETWEEN = """
-- graph: the followers of one chunk
select follower_id from follows
where followee_id = $1 and state = 'ACCEPTED' and not muted and not away
  and follower_id >= $2 and ($3::bigint is null or follower_id < $3) order by follower_id
"""
