"""The cache port: bytes by key for a while. What is in it can be lost at any moment, and is then made again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol


class Cache(Protocol):
    """What every adapter does."""

    async def get(self, key: str) -> bytes | None:
        """The value, unless it was never there, has expired, was deleted or made room for others."""

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """The same for each of these, in order."""

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        """Keep a value for so long at most."""

    async def delete(self, *keys: str) -> None:
        """Forget these; what is not there is none the worse."""


_adapter: Cache | None = None


def use(adapter: Cache) -> None:
    """The adapter of this process, chosen once at the edge."""
    global _adapter
    _adapter = adapter


def cache() -> Cache:
    """The adapter in use."""
    assert _adapter is not None, "no cache adapter was chosen"
    return _adapter
