"""Every post is judged before others see it."""

from tintype.domains.moderation import actions
from tintype.domains.posts.events import PostCreated
from tintype.platform.db import Tx


async def judge(tx: Tx, batch: list[PostCreated]) -> None:
    """Kind tx: the decision commits with the position."""
    for one in batch:
        await actions.judge(tx, one.post_id, one.revision)
