"""Writes of what is explored: the heat of posts, brought up to what their rows say."""

from collections.abc import Sequence

from tintype.domains.feed.reads import exploring
from tintype.platform.db import Tx

LOCK_KEY = 0x711A_0000_0000  # an advisory lock: who reckons reads what the one before has written
AT_ONCE = 500


async def heat(tx: Tx, post_ids: Sequence[int]) -> None:
    """Reckon these posts anew, and leave out what is not public any more; twice is once."""
    wanted = sorted(set(post_ids))
    await tx.value(HOLD, LOCK_KEY)
    for at in range(0, len(wanted), AT_ONCE):
        some = wanted[at : at + AT_ONCE]
        await tx.run(PUT, some, exploring.half_life(), exploring.NEWEST_ACTS, exploring.NEAR)
        await tx.run(TAKE_OUT, some)


async def heat_of(tx: Tx, author_ids: Sequence[int]) -> None:
    """The same for everything of some authors, who became private, or public, or were suspended."""
    await heat(tx, await exploring.posts_of(tx, author_ids))


async def heat_otherwise(tx: Tx) -> int:
    """Reckon some posts anew that were reckoned with another half-life; returns how many."""
    found = await exploring.reckoned_otherwise(tx, AT_ONCE)
    if found:
        await heat(tx, found)
    return len(found)


HOLD = """
-- feed: one at a time, until the transaction ends
select pg_advisory_xact_lock($1)
"""

PUT = (
    "\n-- feed: the heat of posts, where it is another by more than a hair\nwith "
    + exploring.RECKON
    + """
insert into explore_posts as e (post_id, author_id, feed_id, heat, half_life)
select s.id, s.author_id, s.feed_id, h.heat, $2::float8 from shown s join heats h on h.id = s.id order by s.id
on conflict (post_id) do update set heat = excluded.heat, half_life = excluded.half_life
where abs(e.heat - excluded.heat) > $4::bigint or e.half_life <> excluded.half_life
"""
)

TAKE_OUT = """
-- feed: what is not public any more
delete from explore_posts e where e.post_id = any($1::bigint[]) and not exists (
  select from live_posts p join live_accounts a on a.id = p.author_id and not a.is_private
  where p.id = e.post_id and p.status = 'published')
"""
