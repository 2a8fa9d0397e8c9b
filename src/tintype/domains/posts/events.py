"""Facts about posts. Keyed by author, so that one author's posts are handled in order."""

from tintype.platform.event_log.port import Event


class PostCreated(Event, frozen=True):
    """A post, or a revision of its text, waits to be judged."""

    topic = "raw_posts"
    key = "author_id"

    author_id: int
    post_id: int
    revision: int


class PostPublished(Event, frozen=True):
    """Approved, its media ready: visible from this commit on."""

    topic = "filtered_posts"
    key = "author_id"

    author_id: int
    post_id: int
    feed_id: int


class PostBlocked(Event, frozen=True):
    """Judged and not shown to others."""

    topic = "blocked_posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostEditRefused(Event, frozen=True):
    """An edit was judged and is not shown to others, who go on seeing what was approved before."""

    topic = "blocked_posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostEdited(Event, frozen=True):
    """Its author changed it, or a changed text was approved: everybody's card of it is another now."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostPinned(Event, frozen=True):
    """It stands first on its author's page now, or no longer."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int
    pinned: bool


class PostSaved(Event, frozen=True):
    """An account saved a post for later, or no longer does."""

    topic = "saves"
    key = "user_id"

    user_id: int
    post_id: int
    saved: bool


class PostFailed(Event, frozen=True):
    """It will never be published, since one of its media is unusable."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostDeleted(Event, frozen=True):
    """Gone from every read; its owner may undo for 30 s."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostRestored(Event, frozen=True):
    """The owner took the deletion back."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostRemoved(Event, frozen=True):
    """A moderator took it out of view; its author still sees it, with the reason."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostArchived(Event, frozen=True):
    """Its author put it away; nobody else sees it."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostUnarchived(Event, frozen=True):
    """Its author brought it back. What is published by that for the first time has a fact of that too."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int


class PostPurged(Event, frozen=True):
    """The rows of a deleted post are gone for good."""

    topic = "posts"
    key = "author_id"

    author_id: int
    post_id: int
