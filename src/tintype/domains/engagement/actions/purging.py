"""Engagement whose deletion is final."""

from tintype.domains.engagement import rules
from tintype.platform import clock
from tintype.platform.db import Tx


async def purge_post(tx: Tx, post_id: int) -> None:
    """Delete all engagement of a post whose deletion is final."""
    for statement in PURGE:
        await tx.run(statement, post_id)


async def purge_comments(tx: Tx) -> int:
    """Forget comments under living posts whose deletion is a day old, and what belongs to them."""
    gone = [row["id"] for row in await tx.rows(DELETED_LONG_AGO, clock.now() - rules.PURGE_AFTER)]
    for statement in PURGE_COMMENTS if gone else ():
        await tx.run(statement, gone)
    return len(gone)


DELETED_LONG_AGO = """
-- engagement: comments whose deletion is final, and uncounted
select id from comments where deleted_at < $1 and not counted order by deleted_at limit 1000
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
