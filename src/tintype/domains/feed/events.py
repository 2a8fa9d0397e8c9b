"""Facts about the fan-out."""

from tintype.platform.event_log.port import Event


class FanOutPlanned(Event, frozen=True):
    """One chunk of a post's fan-out: the followers with low <= id < high (None: no end)."""

    topic = "feed_updates"
    key = "chunk"

    chunk: int
    post_id: int
    feed_id: int
    author_id: int
    low: int
    high: int | None
