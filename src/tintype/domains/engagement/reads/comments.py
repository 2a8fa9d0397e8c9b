"""Comments and replies, oldest first."""

from datetime import datetime

import asyncpg
import msgspec

from tintype.platform.db import Reader
from tintype.platform.paging import Page, Place


class CommentRow(msgspec.Struct, frozen=True):
    """A comment as it is stored."""

    id: int
    post_id: int
    parent_id: int | None
    author_id: int
    text: str
    created_at: datetime
    edited_at: datetime | None


async def comment(r: Reader, viewer_id: int, comment_id: int) -> CommentRow | None:
    """One comment that is not deleted, as long as neither its author nor the viewer has blocked the other."""
    row = await r.row(COMMENT, comment_id, viewer_id)
    return None if row is None else _comment(row)


async def top_comments(r: Reader, post_id: int, where: Place) -> Page[CommentRow]:
    """Comments of a post that are no replies, oldest first."""
    rows = await r.rows(TOP_COMMENTS, post_id, where.after[0] if where.after else 0, where.limit + 1, where.viewer)
    return where.page(rows, lambda row: (row["id"],)).map(lambda kept: [_comment(row) for row in kept])


async def replies(r: Reader, parent_id: int, where: Place) -> Page[CommentRow]:
    """Replies under a comment, oldest first."""
    rows = await r.rows(REPLIES, parent_id, where.after[0] if where.after else 0, where.limit + 1, where.viewer)
    return where.page(rows, lambda row: (row["id"],)).map(lambda kept: [_comment(row) for row in kept])


async def comments_now(r: Reader, viewer_id: int, page: Page[CommentRow]) -> Page[CommentRow]:
    """A page that may be a moment old, as it is now: without what was deleted since, and whom a block hides."""
    rows = await r.rows(COMMENTS_NOW, [one.id for one in page.items], viewer_id)
    return page.map(lambda _: [_comment(row) for row in rows])


def _comment(row: asyncpg.Record) -> CommentRow:
    return CommentRow(**{name: row[name] for name in CommentRow.__struct_fields__})


# `limit 1` tells the planner, which reckons a plan for any id as one that looks everywhere, that it may keep it.
COMMENT = """
-- engagement: one comment
select * from live_comments where id = $1 and not is_blocked($2, author_id) limit 1
"""

COMMENTS_NOW = """
-- engagement: some comments as they are now
select * from live_comments where id = any($1::bigint[]) and not is_blocked($2, author_id) order by id
"""

TOP_COMMENTS = """
-- engagement: a page of a post's comments
select c.* from live_comments c join live_accounts a on a.id = c.author_id
where c.post_id = $1 and c.parent_id is null and c.id > $2 and not is_blocked($4, c.author_id) order by c.id limit $3
"""

REPLIES = """
-- engagement: a page of replies
select c.* from live_comments c join live_accounts a on a.id = c.author_id
where c.parent_id = $1 and c.id > $2 and not is_blocked($4, c.author_id) order by c.id limit $3
"""
