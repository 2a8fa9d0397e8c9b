"""Selects about likes and comments."""

from tintype.domains.engagement.reads.checks import (
    CommentTally,
    PostTally,
    comment_tallies,
    post_tallies,
    uncounted_comment_reactions,
    uncounted_comments,
    uncounted_reactions,
    uncounted_shares,
    without_post,
)
from tintype.domains.engagement.reads.comments import CommentRow, comment, comments_now, replies, top_comments
from tintype.domains.engagement.reads.counts import (
    NO_REACTION,
    Act,
    CommentCounts,
    OwnReaction,
    PostCounts,
    acts,
    comment_counts,
    counts_at_hand,
    own_comment_reactions,
    own_reactions,
    post_counts,
)
from tintype.domains.engagement.reads.likers import likers, likers_now

__all__ = [
    "NO_REACTION",
    "Act",
    "CommentCounts",
    "CommentRow",
    "CommentTally",
    "OwnReaction",
    "PostCounts",
    "PostTally",
    "acts",
    "comment",
    "comment_counts",
    "comment_tallies",
    "comments_now",
    "counts_at_hand",
    "likers",
    "likers_now",
    "own_comment_reactions",
    "own_reactions",
    "post_counts",
    "post_tallies",
    "replies",
    "top_comments",
    "uncounted_comment_reactions",
    "uncounted_comments",
    "uncounted_reactions",
    "uncounted_shares",
    "without_post",
]
