"""What follows from likes and comments."""

from tintype.domains.engagement import actions
from tintype.domains.engagement.events import (
    CommentChanged,
    CommentEdited,
    CommentReactionChanged,
    PostShared,
    ReactionChanged,
)
from tintype.platform.db import Tx

Engaged = ReactionChanged | CommentChanged | CommentReactionChanged | CommentEdited | PostShared


async def count(tx: Tx, batch: list[Engaged]) -> None:
    """Kind tx: one statement a kind and batch, so that a post liked by thousands is one row update."""
    reactions = [(one.user_id, one.post_id) for one in batch if isinstance(one, ReactionChanged)]
    on_comments = [(one.user_id, one.comment_id) for one in batch if isinstance(one, CommentReactionChanged)]
    comments = [one.comment_id for one in batch if isinstance(one, CommentChanged)]
    if reactions:
        await actions.count_reactions(tx, reactions)
    shares = [(one.user_id, one.post_id) for one in batch if isinstance(one, PostShared)]
    if shares:
        await actions.count_shares(tx, shares)
    if on_comments:
        await actions.count_comment_reactions(tx, on_comments)
    if comments:
        await actions.count_comments(tx, comments)
    told = {one.post_id for one in batch if not isinstance(one, CommentReactionChanged | CommentEdited)}
    await actions.tell_counts(tx, told)
