"""Posts held by who writes to them."""

import asyncpg

from tintype.domains.graph import reads as graph
from tintype.domains.posts import reads, rules
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import Forbidden


async def lock_visible(tx: Tx, actor: Actor, post_id: int) -> asyncpg.Record:
    """The post, kept from being deleted until this transaction ends.

    Raises PostNotFound also where the actor may not see it, so that its existence stays private.
    """
    row = await tx.row(LOCK_VISIBLE, post_id, actor.id)
    if row is None:
        raise rules.PostNotFound
    follows = row["is_private"] and await graph.is_following(tx, actor.id, row["author_id"])
    if not rules.visible(
        viewer_id=actor.id,
        author_id=row["author_id"],
        status=row["status"],
        author_live=row["author_status"] == "active",
        author_private=row["is_private"],
        follows=follows,
        blocked=row["blocked"],
    ):
        raise rules.PostNotFound
    return row


async def lock_there(tx: Tx, actor: Actor, post_id: int) -> asyncpg.Record:
    """The actor's own post, neither deleted nor removed by a moderator."""
    post = await lock_own(tx, actor, post_id)
    if post["deleted_at"] is not None:
        raise rules.PostNotFound
    if post["status"] == "removed":
        raise rules.PostRemovedByModerator
    return post


async def lock_deleted(tx: Tx, post_id: int) -> bool:
    """Whether the post is deleted; if so it stays so, and is there, until this transaction ends."""
    post = await tx.row(LOCK, post_id)
    return post is not None and post["deleted_at"] is not None


async def lock_own(tx: Tx, actor: Actor, post_id: int) -> asyncpg.Record:
    """The actor's own post. Raises Forbidden for another's that may be seen, and PostNotFound."""
    row = await tx.row(LOCK, post_id)
    if row is None:
        raise rules.PostNotFound
    if row["author_id"] != actor.id:
        viewable = await reads.find_visible(tx, actor.id, post_id)
        raise Forbidden if viewable is not None else rules.PostNotFound
    return row


LOCK = """
-- posts: one post, locked
select id, author_id, type, status, problem, revision, approved_revision, published_at, deleted_at, deleted_by
from posts where id = $1 for update
"""

LOCK_VISIBLE = """
-- posts: one post with its author, kept from being deleted
select p.id, p.author_id, p.status, p.comments_enabled, p.comments_from, p.hide_like_counts, a.is_private,
  a.status as author_status, is_blocked($2, p.author_id) as blocked
from live_posts p join accounts a on a.id = p.author_id and a.deleted_at is null
where p.id = $1 for share of p
"""
