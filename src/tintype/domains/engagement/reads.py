"""Selects about likes and comments."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from tintype.platform.db import Reader
from tintype.platform.paging import Page, Place


class PostCounts(msgspec.Struct, frozen=True):
    """What the log has counted of a post."""

    likes: int = 0
    comments: int = 0
    shares: int = 0
    reactions: dict[str, int] = msgspec.field(default_factory=dict)


class CommentCounts(msgspec.Struct, frozen=True):
    """What the log has counted of a comment."""

    likes: int = 0
    replies: int = 0
    reactions: dict[str, int] = msgspec.field(default_factory=dict)


class OwnReaction(msgspec.Struct, frozen=True):
    """A viewer's reaction, and what of it the counts hold."""

    reaction: str | None = None
    counted: str | None = None

    @property
    def likes_delta(self) -> int:
        """What to add to the stored count, so that one's own act shows at once."""
        return (self.reaction is not None) - (self.counted is not None)

    def merged(self, counts: dict[str, int]) -> dict[str, int]:
        """The stored counts by reaction with one's own act."""
        if self.reaction == self.counted:
            return counts
        found = dict(counts)
        for reaction, step in ((self.reaction, 1), (self.counted, -1)):
            if reaction is not None:
                found[reaction] = found.get(reaction, 0) + step
        return {reaction: number for reaction, number in found.items() if number > 0}


NO_REACTION = OwnReaction()


class CommentRow(msgspec.Struct, frozen=True):
    """A comment as it is stored."""

    id: int
    post_id: int
    parent_id: int | None
    author_id: int
    text: str
    created_at: datetime
    edited_at: datetime | None


async def post_counts(r: Reader, post_ids: Sequence[int]) -> dict[int, PostCounts]:
    """Counts of these posts; zeros where nothing was counted."""
    rows = {row["post_id"]: row for row in await r.rows(POST_COUNTS, list(post_ids))}
    return {
        one: PostCounts(row["likes"], row["comments"], row["shares"], row["reactions"]) if row else PostCounts()
        for one in post_ids
        for row in [rows.get(one)]
    }


async def comment_counts(r: Reader, comment_ids: Sequence[int]) -> dict[int, CommentCounts]:
    """Counts of these comments; zeros where nothing was counted."""
    rows = {row["comment_id"]: row for row in await r.rows(COMMENT_COUNTS, list(comment_ids))}
    return {
        one: CommentCounts(row["likes"], row["replies"], row["reactions"]) if row else CommentCounts()
        for one in comment_ids
        for row in [rows.get(one)]
    }


async def own_reactions(r: Reader, viewer_id: int, post_ids: Sequence[int]) -> dict[int, OwnReaction]:
    """The viewer's reactions on these posts."""
    rows = await r.rows(OWN_REACTIONS, viewer_id, list(post_ids))
    return {row["post_id"]: OwnReaction(row["reaction"], row["counted"]) for row in rows}


async def own_comment_reactions(r: Reader, viewer_id: int, comment_ids: Sequence[int]) -> dict[int, OwnReaction]:
    """The viewer's reactions on these comments."""
    rows = await r.rows(OWN_COMMENT_REACTIONS, viewer_id, list(comment_ids))
    return {row["comment_id"]: OwnReaction(row["reaction"], row["counted"]) for row in rows}


async def likers(r: Reader, post_id: int, where: Place) -> Page[int]:
    """Accounts that reacted to a post, newest first."""
    rows = await r.rows(LIKERS, post_id, where.after[0] if where.after else None, where.limit + 1)
    page = where.page(rows, lambda row: (row["reaction_id"],))
    return page.map(lambda kept: [row["user_id"] for row in kept])


async def comment(r: Reader, comment_id: int) -> CommentRow | None:
    """One comment that is not deleted."""
    row = await r.row(COMMENT, comment_id)
    return None if row is None else _comment(row)


async def top_comments(r: Reader, post_id: int, where: Place) -> Page[CommentRow]:
    """Comments of a post that are no replies, oldest first."""
    rows = await r.rows(TOP_COMMENTS, post_id, where.after[0] if where.after else 0, where.limit + 1)
    return where.page(rows, lambda row: (row["id"],)).map(lambda kept: [_comment(row) for row in kept])


async def replies(r: Reader, parent_id: int, where: Place) -> Page[CommentRow]:
    """Replies under a comment, oldest first."""
    rows = await r.rows(REPLIES, parent_id, where.after[0] if where.after else 0, where.limit + 1)
    return where.page(rows, lambda row: (row["id"],)).map(lambda kept: [_comment(row) for row in kept])


def _comment(row: asyncpg.Record) -> CommentRow:
    return CommentRow(**{name: row[name] for name in CommentRow.__struct_fields__})


POST_COUNTS = """
-- engagement: counts of some posts
select post_id, likes, comments, shares, reactions from post_counts where post_id = any($1::bigint[])
"""

COMMENT_COUNTS = """
-- engagement: counts of some comments
select comment_id, likes, replies, reactions from comment_counts where comment_id = any($1::bigint[])
"""

OWN_REACTIONS = """
-- engagement: a viewer's reactions on some posts
select post_id, reaction, counted from reactions where user_id = $1 and post_id = any($2::bigint[])
"""

OWN_COMMENT_REACTIONS = """
-- engagement: a viewer's reactions on some comments
select comment_id, reaction, counted from comment_reactions where user_id = $1 and comment_id = any($2::bigint[])
"""

LIKERS = """
-- engagement: a page of who reacted to a post
select r.user_id, r.reaction_id from reactions r join live_accounts a on a.id = r.user_id
where r.post_id = $1 and r.reaction is not null and ($2::bigint is null or r.reaction_id < $2)
order by r.reaction_id desc limit $3
"""

COMMENT = """
-- engagement: one comment
select * from live_comments where id = $1
"""

TOP_COMMENTS = """
-- engagement: a page of a post's comments
select c.* from live_comments c join live_accounts a on a.id = c.author_id
where c.post_id = $1 and c.parent_id is null and c.id > $2 order by c.id limit $3
"""

REPLIES = """
-- engagement: a page of replies
select c.* from live_comments c join live_accounts a on a.id = c.author_id
where c.parent_id = $1 and c.id > $2 order by c.id limit $3
"""
