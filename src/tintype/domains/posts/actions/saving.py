"""Posts kept for later: a private list of who saves."""

from tintype.domains.posts.actions.locks import lock_visible
from tintype.domains.posts.events import PostSaved
from tintype.platform import clock, ids
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def save(tx: Tx, actor: Actor, post_id: int) -> None:
    """Keep a post for later; twice is once. Raises PostNotFound also where the actor may not see it."""
    post = await lock_visible(tx, actor, post_id)
    if await tx.run(SAVE, actor.id, post["id"], ids.new(actor.id), clock.now()):
        await publish(tx, PostSaved(user_id=actor.id, post_id=post["id"], saved=True))


async def unsave(tx: Tx, actor: Actor, post_id: int) -> None:
    """Let go of a saved post, also of one that cannot be seen any more; twice is once."""
    if await tx.run(UNSAVE, actor.id, post_id):
        await publish(tx, PostSaved(user_id=actor.id, post_id=post_id, saved=False))


SAVE = """
-- posts: keep for later
insert into saves (user_id, post_id, save_id, created_at) values ($1, $2, $3, $4)
on conflict (user_id, post_id) do nothing
"""

UNSAVE = """
-- posts: no longer kept
delete from saves where user_id = $1 and post_id = $2
"""
