"""Writes of likes and comments."""

from tintype.domains.engagement.actions.commenting import comment, delete_comment, edit_comment, restore_comment
from tintype.domains.engagement.actions.counting import (
    count_comment_reactions,
    count_comments,
    count_reactions,
    count_shares,
    recount_comment,
    recount_post,
    tell_counts,
)
from tintype.domains.engagement.actions.purging import delete_again, due_comments, purge_comments, purge_post
from tintype.domains.engagement.actions.reacting import Reacted, react, react_to_comment
from tintype.domains.engagement.actions.sharing import share

__all__ = [
    "Reacted",
    "comment",
    "count_comment_reactions",
    "count_comments",
    "count_reactions",
    "count_shares",
    "delete_again",
    "delete_comment",
    "due_comments",
    "edit_comment",
    "purge_comments",
    "purge_post",
    "react",
    "react_to_comment",
    "recount_comment",
    "recount_post",
    "restore_comment",
    "share",
    "tell_counts",
]
