"""Shares: who passed a post on, each counted once."""

from tintype.domains.engagement import reads
from tintype.domains.engagement.events import PostShared
from tintype.domains.posts import actions as posts
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def share(tx: Tx, actor: Actor, post_id: int) -> int:
    """Count the actor among those who shared a post, once, and return how many they are."""
    post = await posts.lock_visible(tx, actor, post_id)
    if await tx.run(SHARE, actor.id, post["id"], clock.now()):
        await publish(tx, PostShared(post_id=post["id"], user_id=actor.id))
    stored = (await reads.post_counts(tx, [post["id"]]))[post["id"]].shares
    return stored + (not await tx.value(IS_SHARE_COUNTED, actor.id, post["id"]))


SHARE = """
-- engagement: who shares a post, once
insert into shares (user_id, post_id, created_at) values ($1, $2, $3) on conflict (user_id, post_id) do nothing
"""

IS_SHARE_COUNTED = """
-- engagement: whether the counts hold this share
select counted from shares where user_id = $1 and post_id = $2
"""
