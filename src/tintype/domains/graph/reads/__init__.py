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

__all__ = [
    "Circle",
    "FollowCounts",
    "Relation",
    "among_blocked",
    "blocks",
    "check_may_see",
    "chunk_starts",
    "circle",
    "feeding",
    "feeds",
    "follow_counts",
    "followed_among",
    "followers",
    "followers_between",
    "following",
    "follows_between_blocked",
    "forget_lists",
    "is_blocked",
    "is_following",
    "mutes",
    "mutes_unlike_follows",
    "relations",
    "requests",
    "uncounted",
]
