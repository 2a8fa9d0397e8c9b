"""Writes of feeds: the fan-out, and timelines as the graph changes."""

from tintype.domains.feed.actions.fan_out import deliver, follow_up, forget, plan, repair, restore

__all__ = ["deliver", "follow_up", "forget", "plan", "repair", "restore"]
