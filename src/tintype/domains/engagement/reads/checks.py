"""What `tintype verify` compares: counts beside the rows that they are of."""

import msgspec

from tintype.domains.engagement.reads.counts import PostCounts, post_counts
from tintype.platform.counters.port import counters
from tintype.platform.db import Reader


class PostTally(msgspec.Struct, frozen=True):
    """Likes and comments of a post: by the rows, and as they are stored."""

    post_id: int
    reactions: dict[str, int]
    likes: int
    comments: int
    shares: int
    stored_reactions: dict[str, int]
    stored_likes: int
    stored_comments: int
    stored_shares: int

    @property
    def right(self) -> bool:
        rows, stored = self.sides()
        return rows == stored

    def sides(self) -> tuple[dict[str, object], dict[str, object]]:
        """What the rows say, and what is stored."""
        return (
            {"reactions": self.reactions, "likes": self.likes, "comments": self.comments, "shares": self.shares},
            {
                "reactions": self.stored_reactions,
                "likes": self.stored_likes,
                "comments": self.stored_comments,
                "shares": self.stored_shares,
            },
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


class PostAtHand(msgspec.Struct, frozen=True):
    """Counts of a post as they are at hand, None where they are not, and as they are stored."""

    post_id: int
    at_hand: PostCounts | None
    stored: PostCounts

    @property
    def right(self) -> bool:
        return self.at_hand is None or self.at_hand == self.stored


async def post_tallies(r: Reader, after: int, limit: int) -> list[PostTally]:
    """What the rows say of posts beside what is stored, in order of their ids."""
    return [PostTally(**row) for row in await r.rows(POST_TALLIES, after, limit)]


async def posts_at_hand(r: Reader, after: int, limit: int) -> list[PostAtHand]:
    """What is at hand of the next posts beside what is stored, in order of their ids.

    Before a commit that changes a count, it is at hand no more: what is the same before and after was so all along.
    """
    ids = [row["id"] for row in await r.rows(NEXT_POSTS, after, limit)]
    before = await counters().at_hand(r, ids, PostCounts)
    stored = await post_counts(r, ids)
    after_it = await counters().at_hand(r, ids, PostCounts)
    same = {one: found for one, found in after_it.items() if found == before.get(one)}
    return [PostAtHand(one, same.get(one), stored[one]) for one in ids]


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


async def uncounted_shares(r: Reader, after: tuple[int, int], limit: int) -> list[tuple[int, int]]:
    """(account, post) of shares that the counts do not hold, in order."""
    return [(row["user_id"], row["post_id"]) for row in await r.rows(UNCOUNTED_SHARES, *after, limit)]


NEXT_POSTS = """
-- engagement: the next posts
select id from posts where id > $1 order by id limit $2
"""

POST_TALLIES = """
-- engagement: likes and comments of the next posts, by the rows and as stored
select ids.id as post_id, f.reactions, f.likes::int,
  (select count(*) from live_comments where post_id = ids.id) as comments,
  (select count(*) from shares where post_id = ids.id) as shares,
  coalesce(c.reactions, '{}') as stored_reactions, coalesce(c.likes, 0) as stored_likes,
  coalesce(c.comments, 0) as stored_comments, coalesce(c.shares, 0) as stored_shares
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
  union select post_id from comment_reactions union select post_id from shares
) known
where post_id > $1 and not exists (select from posts where id = known.post_id) order by post_id limit $2
"""

UNCOUNTED_SHARES = """
-- engagement: shares that the counts do not hold
select user_id, post_id from shares
where (user_id, post_id) > ($1, $2) and not counted order by user_id, post_id limit $3
"""
