"""Comments that somebody may see, found before anything is done to them."""

from tintype.domains.engagement import reads, rules
from tintype.domains.posts import actions as posts
from tintype.platform.db import Actor, Tx


async def visible_comment(tx: Tx, actor: Actor, comment_id: int) -> reads.CommentRow:
    """The comment, its post kept from being deleted. Raises CommentNotFound, and PostNotFound where that is hidden."""
    found = await reads.comment(tx, actor.id, comment_id)
    if found is None:
        raise rules.CommentNotFound
    await posts.lock_visible(tx, actor, found.post_id)
    return found
