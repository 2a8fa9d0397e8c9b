"""The counters port: numbers of many things at hand, beside the table that is their record.

What is at hand is what was committed, and never older than what the log has told of. All of it can be lost.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from tintype.platform.db import Reader, Tx

T = TypeVar("T", bound=msgspec.Struct)
Stored = Callable[[Reader, Sequence[int]], Awaitable[Mapping[int, T]]]


class Counters(Protocol):
    """What every adapter does."""

    async def read(self, r: Reader, ids: Sequence[int], stored: Stored[T], form: type[T]) -> Mapping[int, T]:
        """The numbers of each of these; `stored` reads from the table what is not at hand, each of which it knows."""

    async def at_hand(self, r: Reader, ids: Sequence[int], form: type[T]) -> Mapping[int, T]:
        """What would be read of these without the table."""

    async def write(self, tx: Tx, numbers: Mapping[int, msgspec.Struct]) -> None:
        """With the commit these are the numbers, absolutely; they were read under the locks that order changes."""


class StoredCounters:
    """The embedded default: nothing is at hand, as the table is near."""

    async def read(self, r: Reader, ids: Sequence[int], stored: Stored[T], form: type[T]) -> Mapping[int, T]:
        del form
        return await stored(r, ids)

    async def at_hand(self, r: Reader, ids: Sequence[int], form: type[T]) -> Mapping[int, T]:
        del r, ids, form
        return {}

    async def write(self, tx: Tx, numbers: Mapping[int, msgspec.Struct]) -> None:
        """There is nothing to be told."""


_adapter: Counters = StoredCounters()


def use(adapter: Counters) -> None:
    """The adapter of this process, chosen once at the edge."""
    global _adapter
    _adapter = adapter


def counters() -> Counters:
    """The adapter in use."""
    return _adapter
