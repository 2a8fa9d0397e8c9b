"""Facts about the graph."""

from tintype.platform.event_log.port import Event


class FollowChanged(Event, frozen=True):
    """A follow is now NONE, PENDING or ACCEPTED; consumers read the row, which may have moved on."""

    topic = "graph"
    key = "follower_id"

    follower_id: int
    followee_id: int
    state: str


class BlockChanged(Event, frozen=True):
    """One account has blocked another, or no longer does. What either followed of the other has its own fact."""

    topic = "graph"
    key = "blocker_id"

    blocker_id: int
    blocked_id: int
    blocking: bool


class MuteChanged(Event, frozen=True):
    """One account has muted another, or no longer does."""

    topic = "graph"
    key = "muter_id"

    muter_id: int
    muted_id: int
    muting: bool


class SuggestionDismissed(Event, frozen=True):
    """Somebody does not want this account to be suggested again."""

    topic = "graph"
    key = "account_id"

    account_id: int
    dismissed_id: int
