"""What may be said and by whom it may be taken back."""

from datetime import timedelta
from typing import Literal

from tintype.platform.errors import Forbidden, Invalid, NotFound

COMMENT = 2_200
PURGE_AFTER = timedelta(hours=24)

Reaction = Literal["LIKE"]


class CommentsOff(Forbidden):
    code, message = "COMMENTS_OFF", "Comments are switched off for this post."


class CommentNotFound(NotFound):
    code, message = "COMMENT_NOT_FOUND", "This comment is not here any more."


class ParentElsewhere(Invalid):
    code, message = "PARENT_NOT_FOUND", "The comment to reply to is not on this post."


def may_delete(actor_id: int, *, comment_author: int, post_author: int) -> bool:
    """One's own comments, and any under one's own post."""
    return actor_id in {comment_author, post_author}
