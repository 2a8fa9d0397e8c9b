"""What may be said and by whom it may be taken back."""

from datetime import timedelta
from typing import Literal

from tintype.platform.errors import Conflict, Forbidden, Invalid, NotFound

COMMENT = 2_200
UNDO = timedelta(seconds=30)
PURGE_AFTER = timedelta(hours=24)

Reaction = Literal["LIKE", "LOVE", "HAHA", "WOW", "SAD", "ANGRY"]


class CommentsOff(Forbidden):
    code, message = "COMMENTS_OFF", "Comments are switched off for this post."


class CommentsRestricted(Forbidden):
    code, message = "COMMENTS_RESTRICTED", "Not everybody may comment on this post."


class LikesHidden(Forbidden):
    code, message = "LIKES_HIDDEN", "Who likes this post is for its author alone."


class CommentNotFound(NotFound):
    code, message = "COMMENT_NOT_FOUND", "This comment is not here any more."


class CommentNotRestorable(Conflict):
    code, message = "COMMENT_NOT_RESTORABLE", "The deletion of a comment can be taken back for 30 seconds only."


class ParentElsewhere(Invalid):
    code, message = "PARENT_NOT_FOUND", "The comment to reply to is not on this post."


def may_delete(actor_id: int, *, comment_author: int, post_author: int) -> bool:
    """One's own comments, and any under one's own post."""
    return actor_id in {comment_author, post_author}
