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


class Act(msgspec.Struct, frozen=True):
    """A viewer's reaction on a post and the stored counts, read in one statement: neither is ahead of the other."""

    own: OwnReaction
    stored: PostCounts

    @property
    def counts(self) -> PostCounts:
        """The counts as the viewer is to see them."""
        return PostCounts(
            self.stored.likes + self.own.likes_delta,
            self.stored.comments,
            self.stored.shares,
            self.own.merged(self.stored.reactions),
        )


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


async def acts(r: Reader, viewer_id: int, post_ids: Sequence[int]) -> dict[int, Act]:
    """The viewer's reactions on these posts, with the counts of the same moment."""
    return {
        row["post_id"]: Act(
            OwnReaction(row["reaction"], row["counted"]),
            PostCounts(row["likes"], row["comments"], row["shares"], row["reactions"]),
        )
        for row in await r.rows(ACTS, viewer_id, list(post_ids))
    }


async def own_comment_reactions(r: Reader, viewer_id: int, comment_ids: Sequence[int]) -> dict[int, OwnReaction]:
    """The viewer's reactions on these comments."""
    rows = await r.rows(OWN_COMMENT_REACTIONS, viewer_id, list(comment_ids))
    return {row["comment_id"]: OwnReaction(row["reaction"], row["counted"]) for row in rows}


async def likers(r: Reader, post_id: int, where: Place) -> Page[int]:
    """Accounts that reacted to a post, newest first."""
    rows = await r.rows(LIKERS, post_id, where.after[0] if where.after else None, where.limit + 1, where.viewer)
    page = where.page(rows, lambda row: (row["reaction_id"],))
    return page.map(lambda kept: [row["user_id"] for row in kept])


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


class PostTally(msgspec.Struct, frozen=True):
    """Likes and comments of a post: by the rows, and as they are stored."""

    post_id: int
    reactions: dict[str, int]
    likes: int
    comments: int
    stored_reactions: dict[str, int]
    stored_likes: int
    stored_comments: int

    @property
    def right(self) -> bool:
        rows, stored = self.sides()
        return rows == stored

    def sides(self) -> tuple[dict[str, object], dict[str, object]]:
        """What the rows say, and what is stored."""
        return (
            {"reactions": self.reactions, "likes": self.likes, "comments": self.comments},
            {"reactions": self.stored_reactions, "likes": self.stored_likes, "comments": self.stored_comments},
        )


class CommentTally(msgspec.Struct, frozen=True):
    """Likes and replies of a comment: by the rows, and as they are stored."""

    comment_id: int
    reactions: dict[str, int]
    likes: int
    replies: int
    stored_reactions: dict[str, int]
    stored_likes: int
    stored_replies: int

    @property
    def right(self) -> bool:
        rows, stored = self.sides()
        return rows == stored

    def sides(self) -> tuple[dict[str, object], dict[str, object]]:
        """What the rows say, and what is stored."""
        return (
            {"reactions": self.reactions, "likes": self.likes, "replies": self.replies},
            {"reactions": self.stored_reactions, "likes": self.stored_likes, "replies": self.stored_replies},
        )


async def post_tallies(r: Reader, after: int, limit: int) -> list[PostTally]:
    """What the rows say of posts beside what is stored, in order of their ids."""
    return [PostTally(**row) for row in await r.rows(POST_TALLIES, after, limit)]


async def comment_tallies(r: Reader, after: int, limit: int) -> list[CommentTally]:
    """The same for comments."""
    return [CommentTally(**row) for row in await r.rows(COMMENT_TALLIES, after, limit)]


async def uncounted_reactions(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """(account, post) of reactions that the counts do not hold as they are, in order."""
    return [(row["user_id"], row["post_id"]) for row in await r.rows(UNCOUNTED_REACTIONS, *after, limit)]


async def uncounted_comment_reactions(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """The same for comments: (account, comment)."""
    return [(row["user_id"], row["comment_id"]) for row in await r.rows(UNCOUNTED_COMMENT_REACTIONS, *after, limit)]


async def uncounted_comments(r: Reader, after: int, limit: int) -> list[tuple[int, int, int | None]]:
    """(comment, post, parent) of comments that the counts do not hold as they are, in order."""
    rows = await r.rows(UNCOUNTED_COMMENTS, after, limit)
    return [(row["id"], row["post_id"], row["parent_id"]) for row in rows]


async def without_post(r: Reader, after: int, limit: int) -> list[int]:
    """Posts that are gone while likes, comments or counts of them are still there, in order."""
    return [row["post_id"] for row in await r.rows(WITHOUT_POST, after, limit)]


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

ACTS = """
-- engagement: a viewer's reactions on some posts with the posts' counts
select r.post_id, r.reaction, r.counted, coalesce(c.likes, 0) as likes, coalesce(c.comments, 0) as comments,
  coalesce(c.shares, 0) as shares, coalesce(c.reactions, '{}') as reactions
from reactions r left join post_counts c on c.post_id = r.post_id
where r.user_id = $1 and r.post_id = any($2::bigint[])
"""

OWN_COMMENT_REACTIONS = """
-- engagement: a viewer's reactions on some comments
select comment_id, reaction, counted from comment_reactions where user_id = $1 and comment_id = any($2::bigint[])
"""

LIKERS = """
-- engagement: a page of who reacted to a post
select r.user_id, r.reaction_id from reactions r join live_accounts a on a.id = r.user_id
where r.post_id = $1 and r.reaction is not null and ($2::bigint is null or r.reaction_id < $2)
  and not is_blocked($4, r.user_id)
order by r.reaction_id desc limit $3
"""

COMMENT = """
-- engagement: one comment
select * from live_comments where id = $1 and not is_blocked($2, author_id)
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

POST_TALLIES = """
-- engagement: likes and comments of the next posts, by the rows and as stored
select ids.id as post_id, f.reactions, f.likes::int,
  (select count(*) from live_comments where post_id = ids.id) as comments,
  coalesce(c.reactions, '{}') as stored_reactions, coalesce(c.likes, 0) as stored_likes,
  coalesce(c.comments, 0) as stored_comments
from (select id from posts where id > $1 order by id limit $2) ids
left join post_counts c on c.post_id = ids.id
cross join lateral (
  select coalesce(jsonb_object_agg(reaction, n), '{}') as reactions, coalesce(sum(n), 0) as likes from (
    select reaction, count(*) as n from reactions where post_id = ids.id and reaction is not null group by reaction
  ) each
) f order by ids.id
"""

COMMENT_TALLIES = """
-- engagement: likes and replies of the next comments, by the rows and as stored
select ids.id as comment_id, f.reactions, f.likes::int,
  (select count(*) from live_comments where parent_id = ids.id) as replies,
  coalesce(c.reactions, '{}') as stored_reactions, coalesce(c.likes, 0) as stored_likes,
  coalesce(c.replies, 0) as stored_replies
from (select id from comments where id > $1 order by id limit $2) ids
left join comment_counts c on c.comment_id = ids.id
cross join lateral (
  select coalesce(jsonb_object_agg(reaction, n), '{}') as reactions, coalesce(sum(n), 0) as likes from (
    select reaction, count(*) as n from comment_reactions where comment_id = ids.id and reaction is not null
    group by reaction
  ) each
) f order by ids.id
"""

UNCOUNTED_REACTIONS = """
-- engagement: reactions that the counts do not hold as they are
select user_id, post_id from reactions
where (user_id, post_id) > ($1, $2) and counted is distinct from reaction order by user_id, post_id limit $3
"""

UNCOUNTED_COMMENT_REACTIONS = """
-- engagement: reactions on comments that the counts do not hold as they are
select user_id, comment_id from comment_reactions
where (user_id, comment_id) > ($1, $2) and counted is distinct from reaction order by user_id, comment_id limit $3
"""

UNCOUNTED_COMMENTS = """
-- engagement: comments that the counts do not hold as they are
select id, post_id, parent_id from comments where id > $1 and counted <> (deleted_at is null) order by id limit $2
"""

WITHOUT_POST = """
-- engagement: posts that are gone and not quite forgotten
select post_id from (
  select post_id from post_counts union select post_id from reactions union select post_id from comments
  union select post_id from comment_reactions
) known
where post_id > $1 and not exists (select from posts where id = known.post_id) order by post_id limit $2
"""
