"""Facts about the graph."""

from tintype.platform.event_log.port import Event


class FollowChanged(Event, frozen=True):
    """A follow is now NONE, PENDING or ACCEPTED; consumers read the row, which may have moved on."""

    topic = "graph"
    key = "follower_id"

    follower_id: int
    followee_id: int
    state: str
