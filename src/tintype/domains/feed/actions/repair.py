"""Timelines made what they should be."""

from tintype.domains.feed.actions import locks
from tintype.domains.feed.actions.timelines import DROP_STRETCH
from tintype.domains.feed.events import TimelineRebuilt
from tintype.domains.feed.reads.truth import Difference
from tintype.domains.graph.actions import absence
from tintype.domains.posts import actions as posts
from tintype.platform import db
from tintype.platform.event_log.port import publish
from tintype.platform.timelines.port import timelines


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
