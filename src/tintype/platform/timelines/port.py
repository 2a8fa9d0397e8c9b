"""The timelines port: one list of posts a reader, ordered by feed_id, newest first.

Adding twice is once, and removing what is not there is nothing: the fan-out may come late and repeatedly.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """One post in timelines."""

    feed_id: int
    post_id: int
    author_id: int


class Timelines(Protocol):
    """What every adapter does."""

    async def deliver(self, user_ids: Sequence[int], entry: Entry) -> None:
        """Put one post into many timelines."""

    async def add(self, user_id: int, entries: Sequence[Entry]) -> None:
        """Put many posts into one timeline."""

    async def read(self, user_id: int, before: int | None, limit: int) -> list[Entry]:
        """The next entries with feed_id < before, newest first."""

    async def remove_author(self, user_id: int, author_id: int) -> None:
        """Take an author's posts out of one timeline."""

    async def remove_post(self, user_ids: Sequence[int], feed_id: int) -> None:
        """Take one post out of many timelines."""


_adapter: Timelines | None = None


def use(adapter: Timelines) -> None:
    """The adapter of this process, chosen once at the edge."""
    global _adapter
    _adapter = adapter


def timelines() -> Timelines:
    """The adapter in use."""
    assert _adapter is not None, "no timelines adapter was chosen"
    return _adapter
