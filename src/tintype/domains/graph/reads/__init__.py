"""Selects about the graph: how accounts stand to each other, the lists of both sides, and what checks need."""

from tintype.domains.graph.reads.checks import (
    FollowCounts,
    follow_counts,
    follows_between_blocked,
    mutes_unlike_follows,
    uncounted,
)
from tintype.domains.graph.reads.fan_out import chunk_starts, feeding, feeds, followers_between
from tintype.domains.graph.reads.lists import blocks, followers, following, mutes, requests
from tintype.domains.graph.reads.pages import forget_lists
from tintype.domains.graph.reads.standing import (
    Circle,
    Relation,
    among_blocked,
    check_may_see,
    circle,
    followed_among,
    is_blocked,
    is_following,
    relations,
)
from tintype.domains.graph.reads.suggestions import (
    Suggested,
    dismissed_among,
    forget_suggestions,
    popular,
    suggestions,
)

__all__ = [
    "Circle",
    "FollowCounts",
    "Relation",
    "Suggested",
    "among_blocked",
    "blocks",
    "check_may_see",
    "chunk_starts",
    "circle",
    "dismissed_among",
    "feeding",
    "feeds",
    "follow_counts",
    "followed_among",
    "followers",
    "followers_between",
    "following",
    "follows_between_blocked",
    "forget_lists",
    "forget_suggestions",
    "is_blocked",
    "is_following",
    "mutes",
    "mutes_unlike_follows",
    "popular",
    "relations",
    "requests",
    "suggestions",
    "uncounted",
]
