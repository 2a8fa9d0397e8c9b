"""Forgetting an account: its timeline, and what ranking has learned of it and through it."""

from tintype.platform.db import Reader, Tx
from tintype.platform.ids import LARGEST
from tintype.platform.timelines.port import timelines

ERASES = frozenset({"explore_posts", "timelines", "timeline_state", "timeline_backfills", "impressions", "affinities"})
BATCH = 10_000


async def erase(tx: Tx, account_id: int) -> int:
    """Delete what the feed holds of an account; returns how many of its impressions are left.

    Its posts leave the timelines of others when they are purged.
    """
    await timelines().cut(tx, {account_id: LARGEST})
    for statement in FORGET:
        await tx.run(statement, account_id)
    await tx.run(FORGET_IMPRESSIONS, account_id, BATCH)
    left: int = await tx.value(LEFT, account_id)
    return left


async def ownerless(r: Reader, after: int, limit: int) -> list[int]:
    """Accounts that are gone and of which there are rows here, in order."""
    return [row["id"] for row in await r.rows(OWNERLESS, after, limit)]


FORGET = [
    "-- feed: erase where a timeline is complete\ndelete from timeline_state where user_id = $1",
    "-- feed: erase a stretch\ndelete from timeline_backfills where user_id = $1",
    "-- feed: erase affinities\ndelete from affinities where user_id = $1 or author_id = $1",
    "-- feed: erase what is explored\ndelete from explore_posts where author_id = $1",
]

FORGET_IMPRESSIONS = """
-- feed: erase impressions, a batch
delete from impressions where user_id = $1 and (at, post_id) in (
  select at, post_id from impressions where user_id = $1 limit $2)
"""

LEFT = """
-- feed: erase: what is left of an account
select count(*) from impressions where user_id = $1
"""

OWNERLESS = """
-- feed: what is left of accounts that are gone
select distinct id from (
  select user_id as id from timeline_state
  union all select user_id as id from timeline_backfills
  union all select user_id as id from impressions
  union all select user_id as id from affinities
  union all select author_id as id from affinities
  union all select author_id as id from explore_posts
) named
where id > $1 and not exists (select from accounts a where a.id = named.id) order by id limit $2
"""
