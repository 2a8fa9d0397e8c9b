"""What follows from changes of the graph, and of accounts for it."""

from tintype.domains.accounts.events import AccountPrivacyChanged
from tintype.domains.graph import actions
from tintype.domains.graph.events import FollowChanged
from tintype.platform import db
from tintype.platform.db import Tx


async def count_follows(tx: Tx, batch: list[FollowChanged]) -> None:
    """Kind tx: follower and following counts, one statement a batch."""
    await actions.count(tx, ((one.follower_id, one.followee_id) for one in batch))


async def accept_requests(batch: list[AccountPrivacyChanged]) -> None:
    """Kind state: who became public accepts everybody who still asks, in transactions of bounded size."""
    for account_id in dict.fromkeys(one.account_id for one in batch if not one.is_private):
        accepted = actions.PENDING_BATCH
        while accepted == actions.PENDING_BATCH:
            async with db.act(db.SYSTEM) as tx:
                accepted = await actions.accept_pending(tx, account_id)
