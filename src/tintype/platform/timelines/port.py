"""The timelines port: one list of posts a reader, ordered by feed_id, newest first.

Adding twice is once, and removing what is not there is nothing: the fan-out may come late and repeatedly. Writes come
with the transaction whose locks they stand under: PostgreSQL writes in it; another store writes while it is open, with
a version drawn under those locks, so that what was decided later wins whenever it arrives.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from tintype.platform.db import Reader, Tx


class Entry(msgspec.Struct, frozen=True):
    """One post in timelines."""

    feed_id: int
    post_id: int
    author_id: int


class Repeated(Exception):
    """Somebody has a post already that was taken to be new to all."""


class Timelines(Protocol):
    """What every adapter does. What fails with the store raises EngineDown."""

    @property
    def at_once(self) -> int:
        """How many timelines one transaction of the fan-out had best write to."""

    @property
    def is_joined(self) -> bool:
        """Whether this is the table `timelines` of the database that readers read, so that a statement may join it.

        A page then costs one statement. Where it is not, `read` is asked beside the statement, and gives the same.
        """

    def reaches(self) -> int:
        """The feed_id from which on nothing is dropped by age (0: nothing ever is); it seldom moves."""

    async def deliver(self, tx: Tx, deliveries: Sequence[tuple[Sequence[int], Entry]], *, again: bool = False) -> int:
        """Put each post into the timelines of many readers; returns at most how many of them did not have it.

        May raise Repeated where one of them has it: the transaction is lost, and the next says `again`.
        """

    async def add(self, tx: Tx, user_id: int, entries: Sequence[Entry]) -> None:
        """Put many posts into one timeline."""

    async def read(self, r: Reader, user_id: int, before: int | None, limit: int, since: int = 0) -> list[Entry]:
        """The next entries with since <= feed_id < before, newest first.

        As they were written: whether the reader may see their posts, and whether they are there, is not known here.
        """

    async def overfull(self, r: Reader, user_ids: Sequence[int], full: int, keep: int) -> Mapping[int, int]:
        """Of these readers, whose timelines have more than `full` entries, and the feed_id of the keep-th newest."""

    async def cut(self, tx: Tx, floors: Mapping[int, int]) -> None:
        """Take what is older than a feed_id out of each reader's timeline: with the commit, or soon after.

        Never before it, since nobody reads below a floor that was committed, and everybody above.
        """

    async def remove_authors(self, tx: Tx, user_id: int, author_ids: Sequence[int]) -> None:
        """Take the posts of some authors out of one timeline."""

    async def remove_post(self, tx: Tx, user_ids: Sequence[int], feed_id: int) -> None:
        """Take one post out of many timelines."""

    async def settled(self) -> None:
        """Wait for what goes on after commits."""


_adapter: Timelines | None = None


def use(adapter: Timelines) -> None:
    """The adapter of this process, chosen once at the edge."""
    global _adapter
    _adapter = adapter


def timelines() -> Timelines:
    """The adapter in use."""
    assert _adapter is not None, "no timelines adapter was chosen"
    return _adapter
