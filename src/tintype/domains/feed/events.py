"""Facts about the fan-out and about timelines."""

from tintype.platform.event_log.port import Event


class FanOutPlanned(Event, frozen=True):
    """One chunk of a post's fan-out: the followers with low <= id < high (None: no end), about `followers` of them.

    With `only`, of these just those; with `but`, these without those: they had a chunk of their own, which came first.
    """

    topic = "feed_updates"
    key = "chunk"

    chunk: int
    post_id: int
    feed_id: int
    author_id: int
    low: int
    high: int | None
    followers: int = 2_500
    only: tuple[int, ...] = ()
    but: tuple[int, ...] = ()


class PostDeliveredLate(Event, frozen=True):
    """A chunk of a post's fan-out came long after the post: a head that was read in between does not have the post."""

    topic = "timelines"
    key = "author_id"

    author_id: int
    post_id: int
    feed_id: int


class TimelineRebuilt(Event, frozen=True):
    """A reader's timeline is another now than new posts alone would make it: whoever keeps its head reads it again."""

    topic = "timelines"
    key = "user_id"

    user_id: int


class ViewsRecorded(Event, frozen=True):
    """A reader's impressions were written: per author, how many milliseconds were spent with their posts."""

    topic = "views"
    key = "user_id"

    user_id: int
    dwell_ms: dict[int, int]
