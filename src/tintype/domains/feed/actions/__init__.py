"""Writes of feeds: the fan-out, and timelines as the graph changes."""

from tintype.domains.feed.actions.fan_out import deliver, forget, plan
from tintype.domains.feed.actions.repair import repair, start_over
from tintype.domains.feed.actions.stretches import expire, tend, tended
from tintype.domains.feed.actions.timelines import come_back, follow_up, leave, looking, notice, seen

__all__ = [
    "come_back",
    "deliver",
    "expire",
    "follow_up",
    "forget",
    "leave",
    "looking",
    "notice",
    "plan",
    "repair",
    "seen",
    "start_over",
    "tend",
    "tended",
]
