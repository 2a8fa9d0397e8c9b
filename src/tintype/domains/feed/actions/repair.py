"""Timelines made what they should be."""

from tintype.domains.feed.actions import locks
from tintype.domains.feed.actions.timelines import DROP_STRETCH
from tintype.domains.feed.events import TimelineRebuilt
from tintype.domains.feed.reads.truth import Difference
from tintype.domains.graph.actions import absence
from tintype.domains.posts import actions as posts
from tintype.platform import db
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish
from tintype.platform.ids import LARGEST
from tintype.platform.timelines.port import timelines

READERS_AT_ONCE = 1_000


async def start_over(tx: Tx, after: int = 0) -> int | None:
    """Take the timelines of the next readers to be empty: they read the posts until theirs is filled as they look.

    Returns the last of these readers, or None when there are no more.
    """
    last: int | None = await tx.value(START_OVER, after, READERS_AT_ONCE, LARGEST)
    return last


async def repair(user_id: int, found: Difference) -> None:
    """Make a reader's feed what it should be: what is missing comes into the timeline, or is read below it anew."""
    async with db.act(db.SYSTEM) as tx:
        floor = await locks.hold_reader(tx, user_id)
        if found.cut_off:
            await absence.set_away(tx, user_id, away=False)
        for one in [*found.foreign, *found.orphaned]:
            await timelines().remove_post(tx, [user_id], one.feed_id)
        await posts.mend_delivery(tx, [one.author_id for one in found.missing])
        await timelines().add(tx, user_id, [one for one in found.missing if one.feed_id >= floor])
        await tx.run(DROP_STRETCH, user_id)
        await publish(tx, TimelineRebuilt(user_id=user_id))


START_OVER = """
-- feed: nothing is known to be in the timelines of the next readers
with next as (select id from accounts where id > $1 order by id limit $2), unknown as (
  insert into timeline_state (user_id, floor_id) select id, $3 from next order by id
  on conflict (user_id) do update set floor_id = excluded.floor_id
)
select max(id) from next
"""
