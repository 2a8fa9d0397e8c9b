"""Counts of posts and comments, and a viewer's own acts that they may not hold yet."""

from collections.abc import Mapping, Sequence

import msgspec

from tintype.platform.counters.port import counters
from tintype.platform.db import Reader


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


async def counts_at_hand(r: Reader, post_ids: Sequence[int]) -> Mapping[int, PostCounts]:
    """Counts of these posts, without asking the database where they are at hand: for showing, not for acting."""
    return await counters().read(r, post_ids, post_counts, PostCounts)


async def post_counts(r: Reader, post_ids: Sequence[int], *, lock: bool = False) -> dict[int, PostCounts]:
    """Counts of these posts as they are stored; zeros where nothing was counted."""
    rows = {row["post_id"]: row for row in await r.rows(LOCKED if lock else POST_COUNTS, list(post_ids))}
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


POST_COUNTS = """
-- engagement: counts of some posts
select post_id, likes, comments, shares, reactions from post_counts where post_id = any($1::bigint[])
"""

LOCKED = POST_COUNTS + "order by post_id for update"

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
