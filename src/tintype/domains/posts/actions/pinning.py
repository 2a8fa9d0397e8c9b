"""Posts that stand first on their author's page."""

from tintype.domains.posts import rules
from tintype.domains.posts.actions.locks import lock_own, lock_there
from tintype.domains.posts.events import PostPinned
from tintype.platform import clock
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


async def pin(tx: Tx, actor: Actor, post_id: int) -> None:
    """Let one's own published post stand first; twice is once. Raises NotPublished or PinsFull.

    The place of a post that nobody sees any more is free.
    """
    post = await lock_there(tx, actor, post_id)
    if post["status"] != "published":
        raise rules.NotPublished
    if await tx.value(IS_PINNED, actor.id, post_id):
        return
    await tx.run(FREE, actor.id)
    for slot in range(1, rules.PINS + 1):
        if await tx.run(PIN, actor.id, slot, post_id, clock.now()):
            await publish(tx, PostPinned(author_id=actor.id, post_id=post_id, pinned=True))
            return
    raise rules.PinsFull


async def unpin(tx: Tx, actor: Actor, post_id: int) -> None:
    """Let a post stand where it did before; twice is once."""
    await lock_own(tx, actor, post_id)
    if await tx.run(UNPIN, actor.id, post_id):
        await publish(tx, PostPinned(author_id=actor.id, post_id=post_id, pinned=False))


IS_PINNED = """
-- posts: whether it stands first already
select exists (select from post_pins where author_id = $1 and post_id = $2)
"""

FREE = """
-- posts: places of posts that are not shown any more
delete from post_pins pin where author_id = $1
  and not exists (select from live_posts p where p.id = pin.post_id and p.status = 'published')
"""

PIN = """
-- posts: first on its author's page
insert into post_pins (author_id, slot, post_id, pinned_at) values ($1, $2, $3, $4)
on conflict (author_id, slot) do nothing
"""

UNPIN = """
-- posts: no longer first on its author's page
delete from post_pins where author_id = $1 and post_id = $2
"""
