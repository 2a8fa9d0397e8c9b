"""From a published post to the timelines of its author's followers."""

from tintype.domains.feed import actions
from tintype.domains.feed.events import FanOutPlanned
from tintype.domains.graph.events import FollowChanged
from tintype.domains.posts.events import PostPublished, PostRestored
from tintype.platform.db import Tx


async def plan_fan_out(tx: Tx, batch: list[PostPublished]) -> None:
    """Kind tx: how the post was delivered, and its chunks, commit with the position."""
    for one in batch:
        await actions.plan(tx, one.post_id)


async def deliver(batch: list[FanOutPlanned]) -> None:
    """Kind state: an entry that is there already stays as it is."""
    for one in batch:
        await actions.deliver(one)


async def follow_up(batch: list[FollowChanged]) -> None:
    """Kind state: timelines follow what the graph says now."""
    for pair in dict.fromkeys((one.follower_id, one.followee_id) for one in batch):
        await actions.follow_up(*pair)


async def restore(batch: list[PostRestored]) -> None:
    """Kind state: a post whose deletion was taken back is where it was."""
    for one in batch:
        await actions.restore(one.post_id)
