"""What follows from changes of the graph."""

from tintype.domains.graph import actions
from tintype.domains.graph.events import FollowChanged
from tintype.platform.db import Tx


async def count_follows(tx: Tx, batch: list[FollowChanged]) -> None:
    """Kind tx: follower and following counts, one statement a batch."""
    await actions.count(tx, ((one.follower_id, one.followee_id) for one in batch))
