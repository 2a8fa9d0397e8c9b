"""Engagement whose deletion is final."""

from tintype.domains.engagement import rules
from tintype.domains.engagement.events import CommentChanged
from tintype.platform import clock
from tintype.platform.db import Tx
from tintype.platform.event_log.port import publish


async def purge_post(tx: Tx, post_id: int) -> None:
    """Delete all engagement of a post whose deletion is final."""
    for statement in PURGE:
        await tx.run(statement, post_id)


async def due_comments(tx: Tx) -> list[int]:
    """Comments under living posts whose deletion is a day old, at most a thousand."""
    return [row["id"] for row in await tx.rows(DELETED_LONG_AGO, clock.now() - rules.PURGE_AFTER)]


async def purge_comments(tx: Tx, comment_ids: list[int]) -> None:
    """Forget these comments, whose deletion is final, and what belongs to them."""
    for statement in PURGE_COMMENTS if comment_ids else ():
        await tx.run(statement, comment_ids)


async def delete_again(tx: Tx, comment_ids: list[int]) -> int:
    """Deletions of comments that a restored backup has undone; returns how many of them were there."""
    gone = await tx.rows(DELETE_AGAIN, comment_ids, clock.now())
    for row in gone:
        await publish(tx, CommentChanged(post_id=row["post_id"], comment_id=row["id"], deleted=True))
    return len(gone)


DELETED_LONG_AGO = """
-- engagement: comments whose deletion is final, and uncounted
select id from comments where deleted_at < $1 and not counted order by deleted_at limit 1000
"""

DELETE_AGAIN = """
-- engagement: comments that were deleted for good once already
update comments set deleted_at = $2, deleted_by = author_id where id = any($1) and deleted_at is null
returning id, post_id
"""

PURGE_COMMENTS = [
    "-- engagement: purge reactions on deleted comments\n"
    "delete from comment_reactions where comment_id = any($1::bigint[])",
    "-- engagement: purge counts of deleted comments\ndelete from comment_counts where comment_id = any($1::bigint[])",
    "-- engagement: purge deleted comments\ndelete from comments where id = any($1::bigint[])",
]

PURGE = [
    "-- engagement: purge reactions on comments\ndelete from comment_reactions where post_id = $1",
    "-- engagement: purge counts of comments\n"
    "delete from comment_counts where comment_id in (select id from comments where post_id = $1)",
    "-- engagement: purge comments\ndelete from comments where post_id = $1",
    "-- engagement: purge reactions\ndelete from reactions where post_id = $1",
    "-- engagement: purge shares\ndelete from shares where post_id = $1",
    "-- engagement: purge counts\ndelete from post_counts where post_id = $1",
]
