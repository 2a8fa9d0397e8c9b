"""Reactions on posts and comments: one an account, the last one counts."""

import msgspec

from tintype.domains.engagement import reads
from tintype.domains.engagement.actions.visibility import visible_comment
from tintype.domains.engagement.events import CommentReactionChanged, ReactionChanged
from tintype.domains.posts import actions as posts
from tintype.platform import ids
from tintype.platform.db import Actor, Tx
from tintype.platform.event_log.port import publish


class Reacted(msgspec.Struct, frozen=True):
    """One's reaction and the likes, one's own act included; without numbers where the author keeps them."""

    reaction: str | None
    like_count: int | None
    reaction_counts: dict[str, int] | None


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
    hidden = post["hide_like_counts"] and post["author_id"] != actor.id
    if hidden:
        return Reacted(reaction, None, None)
    return Reacted(reaction, counts.likes + own.likes_delta, own.merged(counts.reactions))


async def react_to_comment(tx: Tx, actor: Actor, comment_id: int, reaction: str | None) -> Reacted:
    """Set the actor's reaction on a comment, or take it back with None."""
    comment = await visible_comment(tx, actor, comment_id)
    statements = (SET_COMMENT_REACTION, UNSET_COMMENT_REACTION)
    before = await _set(tx, statements, (actor.id, comment.id), reaction, actor.id, comment.post_id)
    if before != reaction:
        event = CommentReactionChanged(
            post_id=comment.post_id, comment_id=comment.id, user_id=actor.id, reaction=reaction
        )
        await publish(tx, event)
    counts = (await reads.comment_counts(tx, [comment.id]))[comment.id]
    own = (await reads.own_comment_reactions(tx, actor.id, [comment.id])).get(comment.id, reads.NO_REACTION)
    return Reacted(reaction, counts.likes + own.likes_delta, own.merged(counts.reactions))


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
