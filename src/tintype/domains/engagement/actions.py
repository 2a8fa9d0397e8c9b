"""Writes of likes and comments."""

from collections.abc import Iterable

import msgspec

from tintype.domains.engagement import reads, rules
from tintype.domains.engagement.events import CommentChanged, CommentReactionChanged, PostCounted, ReactionChanged
from tintype.domains.posts import actions as posts
from tintype.platform import clock, ids, textpolicy
from tintype.platform.db import Actor, Tx
from tintype.platform.errors import Forbidden
from tintype.platform.event_log.port import publish
from tintype.platform.text import clean


class Reacted(msgspec.Struct, frozen=True):
    """One's reaction and the likes, one's own act included."""

    reaction: str | None
    like_count: int


async def react(tx: Tx, actor: Actor, post_id: int, reaction: str | None) -> Reacted:
    """Set the actor's reaction on a post, or take it back with None; the same twice changes nothing.

    Raises PostNotFound also where the actor may not see the post, so that its existence stays private.
    """
    post = await posts.lock_visible(tx, actor, post_id)
    before = await _set(tx, (SET_REACTION, UNSET_REACTION), (actor.id, post["id"]), reaction, actor.id)
    if before != reaction:
        await publish(tx, ReactionChanged(post_id=post["id"], user_id=actor.id, reaction=reaction, before=before))
    counts = (await reads.post_counts(tx, [post["id"]]))[post["id"]]
    own = (await reads.own_reactions(tx, actor.id, [post["id"]])).get(post["id"], reads.NO_REACTION)
    return Reacted(reaction, counts.likes + own.likes_delta)


async def react_to_comment(tx: Tx, actor: Actor, comment_id: int, reaction: str | None) -> Reacted:
    """Set the actor's reaction on a comment, or take it back with None."""
    comment = await _visible_comment(tx, actor, comment_id)
    statements = (SET_COMMENT_REACTION, UNSET_COMMENT_REACTION)
    before = await _set(tx, statements, (actor.id, comment.id), reaction, actor.id, comment.post_id)
    if before != reaction:
        event = CommentReactionChanged(
            post_id=comment.post_id, comment_id=comment.id, user_id=actor.id, reaction=reaction
        )
        await publish(tx, event)
    counts = (await reads.comment_counts(tx, [comment.id]))[comment.id]
    own = (await reads.own_comment_reactions(tx, actor.id, [comment.id])).get(comment.id, reads.NO_REACTION)
    return Reacted(reaction, counts.likes + own.likes_delta)


async def _set(
    tx: Tx, statements: tuple[str, str], key: tuple[int, int], reaction: str | None, actor_id: int, *more: int
) -> str | None:
    """Set or unset; returns the reaction that was there before."""
    before: str | None
    if reaction is None:
        before = await tx.value(statements[1], *key)
    else:
        before = await tx.value(statements[0], *key, reaction, ids.new(actor_id), *more)
    return before


async def comment(tx: Tx, actor: Actor, post_id: int, text: str, parent_id: int | None = None) -> int:
    """Write a comment, or a reply; a reply to a reply goes under the same top comment."""
    text = clean(text, "text", rules.COMMENT, least=1)
    textpolicy.check(text, "text")
    post = await posts.lock_visible(tx, actor, post_id)
    if not post["comments_enabled"] and actor.id != post["author_id"]:
        raise rules.CommentsOff
    if parent_id is not None:
        parent = await tx.row(LOCK_PARENT, post_id, parent_id, actor.id)
        if parent is None:
            raise rules.ParentElsewhere
        parent_id = parent["parent_id"] or parent["id"]
    comment_id = ids.new(post["author_id"])
    await tx.run(INSERT, post_id, comment_id, parent_id, actor.id, text, clock.now())
    await publish(tx, CommentChanged(post_id=post_id, comment_id=comment_id))
    return comment_id


async def delete_comment(tx: Tx, actor: Actor, comment_id: int) -> None:
    """Delete one's own comment or any under one's own post; its replies go with it."""
    found = await _visible_comment(tx, actor, comment_id)
    post = await posts.lock_visible(tx, actor, found.post_id)
    if not rules.may_delete(actor.id, comment_author=found.author_id, post_author=post["author_id"]):
        raise Forbidden
    await tx.run(LOCK_COMMENT, found.post_id, comment_id)
    if await tx.run(DELETE, found.post_id, comment_id, actor.id, clock.now()):
        await publish(tx, CommentChanged(post_id=found.post_id, comment_id=comment_id, deleted=True))


async def _visible_comment(tx: Tx, actor: Actor, comment_id: int) -> reads.CommentRow:
    found = await reads.comment(tx, actor.id, comment_id)
    if found is None:
        raise rules.CommentNotFound
    await posts.lock_visible(tx, actor, found.post_id)
    return found


async def count_reactions(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """Bring like counts of posts up to what the rows of these (user, post) say; twice is once."""
    users, things = _columns(pairs)
    await tx.run(COUNT_REACTIONS, users, things)
    await tx.run(DROP_REACTIONS, users, things)


async def count_comment_reactions(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """The same for comments: pairs of (user, comment)."""
    users, things = _columns(pairs)
    await tx.run(COUNT_COMMENT_REACTIONS, users, things)
    await tx.run(DROP_COMMENT_REACTIONS, users, things)


async def count_comments(tx: Tx, comment_ids: Iterable[int]) -> None:
    """Bring comment and reply counts up to what these comments and their replies say; twice is once."""
    await tx.run(COUNT_COMMENTS, sorted(set(comment_ids)))


async def tell_counts(tx: Tx, post_ids: Iterable[int]) -> None:
    """Tell the log what is stored now of these posts."""
    for post_id, now in (await reads.post_counts(tx, sorted(post_ids))).items():
        await publish(
            tx,
            PostCounted(
                post_id=post_id, likes=now.likes, comments=now.comments, shares=now.shares, reactions=now.reactions
            ),
        )


async def recount_post(tx: Tx, post_id: int) -> None:
    """Set a post's stored counts to what its rows have been counted as.

    The counts are locked first and the rows are read afterwards: what a consumer counts meanwhile is added to this.
    """
    await tx.run(LOCK_POST_COUNTS, post_id)
    await tx.run(RECOUNT_POST, post_id)
    await tell_counts(tx, [post_id])


async def recount_comment(tx: Tx, comment_id: int) -> None:
    """The same for a comment."""
    await tx.run(LOCK_COMMENT_COUNTS, comment_id)
    await tx.run(RECOUNT_COMMENT, comment_id)


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


def _columns(pairs: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    wanted = sorted(set(pairs))
    return [pair[0] for pair in wanted], [pair[1] for pair in wanted]


SET_REACTION = """
-- engagement: set a reaction, return the one it replaces
insert into reactions (user_id, post_id, reaction, reaction_id) values ($1, $2, $3, $4)
on conflict (user_id, post_id) do update set reaction = excluded.reaction,
  reaction_id = case when reactions.reaction is null then excluded.reaction_id else reactions.reaction_id end
returning old.reaction
"""

UNSET_REACTION = """
-- engagement: take a reaction back, return it; the row stays until it is uncounted
update reactions set reaction = null where user_id = $1 and post_id = $2 and reaction is not null returning old.reaction
"""

SET_COMMENT_REACTION = """
-- engagement: set a reaction on a comment, return the one it replaces
insert into comment_reactions (user_id, comment_id, reaction, reaction_id, post_id) values ($1, $2, $3, $4, $5)
on conflict (user_id, comment_id) do update set reaction = excluded.reaction
returning old.reaction
"""

UNSET_COMMENT_REACTION = """
-- engagement: take a reaction on a comment back
update comment_reactions set reaction = null where user_id = $1 and comment_id = $2 and reaction is not null
returning old.reaction
"""

LOCK_PARENT = """
-- engagement: the comment to reply to, and the one above it: both there, and not blocked from who replies
select c.id, c.parent_id from live_comments c left join live_comments top on top.id = c.parent_id
where c.post_id = $1 and c.id = $2 and not is_blocked($3, c.author_id) and not is_blocked($3, top.author_id)
for share of c
"""

INSERT = """
-- engagement: a new comment
insert into comments (post_id, id, parent_id, author_id, text, created_at) values ($1, $2, $3, $4, $5, $6)
"""

LOCK_COMMENT = """
-- engagement: a comment before it is deleted, so that the replies that are being written are seen afterwards
select from comments where post_id = $1 and id = $2 for update
"""

DELETE = """
-- engagement: delete a comment with its replies
update comments set deleted_at = $4, deleted_by = $3
where post_id = $1 and (id = $2 or parent_id = $2) and deleted_at is null
"""

COUNT_REACTIONS = """
-- engagement: apply to the counts what the rows say and the counts do not hold
with changed as (
  update reactions r set counted = r.reaction
  from unnest($1::bigint[], $2::bigint[]) as pair (user_id, post_id)
  where r.user_id = pair.user_id and r.post_id = pair.post_id and r.counted is distinct from r.reaction
  returning r.post_id, old.counted as before, new.counted as after
), steps as (
  select post_id, before as reaction, -1 as step from changed where before is not null
  union all select post_id, after, 1 from changed where after is not null
), each as (
  select post_id, reaction, sum(step)::int as step from steps group by post_id, reaction
), deltas as (
  select post_id, sum(step)::int as likes, jsonb_object_agg(reaction, step) as reactions
  from each group by post_id order by post_id
)
insert into post_counts as c (post_id, likes, reactions) select post_id, likes, reactions from deltas
on conflict (post_id) do update set likes = c.likes + excluded.likes, reactions = (
  select coalesce(jsonb_object_agg(key, n) filter (where n <> 0), '{}') from (
    select key, sum(value::int) as n from (
      select * from jsonb_each_text(c.reactions) union all select * from jsonb_each_text(excluded.reactions)
    ) each_side group by key
  ) summed
)
"""

DROP_REACTIONS = """
-- engagement: rows of reactions taken back that no count holds any more
delete from reactions r using unnest($1::bigint[], $2::bigint[]) as pair (user_id, post_id)
where r.user_id = pair.user_id and r.post_id = pair.post_id and r.reaction is null and r.counted is null
"""

COUNT_COMMENT_REACTIONS = (
    COUNT_REACTIONS.replace("update reactions r", "update comment_reactions r")
    .replace("post_counts", "comment_counts")
    .replace("post_id", "comment_id")
)

DROP_COMMENT_REACTIONS = DROP_REACTIONS.replace("from reactions r", "from comment_reactions r").replace(
    "post_id", "comment_id"
)

COUNT_COMMENTS = """
-- engagement: apply to comment and reply counts what the rows say and the counts do not hold
with changed as (
  update comments c set counted = (c.deleted_at is null)
  where (c.id = any($1::bigint[]) or c.parent_id = any($1::bigint[])) and c.counted <> (c.deleted_at is null)
  returning c.post_id, c.parent_id, case when new.counted then 1 else -1 end as step
), replies as (
  insert into comment_counts as r (comment_id, replies)
  select parent_id, sum(step)::int from changed where parent_id is not null group by parent_id order by parent_id
  on conflict (comment_id) do update set replies = r.replies + excluded.replies
)
insert into post_counts as p (post_id, comments)
select post_id, sum(step)::int from changed group by post_id order by post_id
on conflict (post_id) do update set comments = p.comments + excluded.comments
"""

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
    "-- engagement: purge counts\ndelete from post_counts where post_id = $1",
]

LOCK_POST_COUNTS = """
-- engagement: the counts of a post, there and locked
insert into post_counts (post_id) values ($1) on conflict (post_id) do update set likes = post_counts.likes
"""

RECOUNT_POST = """
-- engagement: counts of a post from its rows
update post_counts set likes = f.likes, reactions = f.reactions,
  comments = (select count(*) from comments where post_id = $1 and counted)
from (
  select coalesce(jsonb_object_agg(counted, n), '{}') as reactions, coalesce(sum(n), 0) as likes from (
    select counted, count(*) as n from reactions where post_id = $1 and counted is not null group by counted
  ) each
) f where post_counts.post_id = $1
"""

LOCK_COMMENT_COUNTS = """
-- engagement: the counts of a comment, there and locked
insert into comment_counts (comment_id) values ($1) on conflict (comment_id) do update set likes = comment_counts.likes
"""

RECOUNT_COMMENT = """
-- engagement: counts of a comment from its rows
update comment_counts set likes = f.likes, reactions = f.reactions,
  replies = (select count(*) from comments where parent_id = $1 and counted)
from (
  select coalesce(jsonb_object_agg(counted, n), '{}') as reactions, coalesce(sum(n), 0) as likes from (
    select counted, count(*) as n from comment_reactions where comment_id = $1 and counted is not null group by counted
  ) each
) f where comment_counts.comment_id = $1
"""
