"""Facts about likes and comments. Keyed by post; consumers read the rows, which may have moved on."""

from tintype.platform.event_log.port import Event


class ReactionChanged(Event, frozen=True):
    """An account's reaction on a post is another now, or none."""

    topic = "engagement"
    key = "post_id"

    post_id: int
    user_id: int
    reaction: str | None
    before: str | None = None


class CommentChanged(Event, frozen=True):
    """Comments of a post were written or deleted: a comment and, when it goes, its replies."""

    topic = "engagement"
    key = "post_id"

    post_id: int
    comment_id: int
    deleted: bool = False


class PostShared(Event, frozen=True):
    """An account shared a post for the first time."""

    topic = "engagement"
    key = "post_id"

    post_id: int
    user_id: int


class PostCounted(Event, frozen=True):
    """The stored counts of a post are these now; absolute, so that caches take them as they are."""

    topic = "counts"
    key = "post_id"

    post_id: int
    likes: int
    comments: int
    shares: int
    reactions: dict[str, int]


class CommentReactionChanged(Event, frozen=True):
    """An account's reaction on a comment is another now, or none."""

    topic = "engagement"
    key = "post_id"

    post_id: int
    comment_id: int
    user_id: int
    reaction: str | None


class CommentEdited(Event, frozen=True):
    """A comment has other words."""

    topic = "engagement"
    key = "post_id"

    post_id: int
    comment_id: int
