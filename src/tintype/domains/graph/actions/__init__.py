"""Writes to the graph: follows and requests, blocks, mutes, and the counts of follows."""

from tintype.domains.graph.actions.blocking import block, end_between, unblock
from tintype.domains.graph.actions.counting import count, recount
from tintype.domains.graph.actions.dismissing import dismiss
from tintype.domains.graph.actions.following import (
    PENDING_BATCH,
    accept,
    accept_pending,
    decline,
    follow,
    remove_follower,
    unfollow,
)
from tintype.domains.graph.actions.muting import mark_muted, mute, unmute

__all__ = [
    "PENDING_BATCH",
    "accept",
    "accept_pending",
    "block",
    "count",
    "decline",
    "dismiss",
    "end_between",
    "follow",
    "mark_muted",
    "mute",
    "recount",
    "remove_follower",
    "unblock",
    "unfollow",
    "unmute",
]
