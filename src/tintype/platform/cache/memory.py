"""The cache of the embedded default: this process's memory, bounded in bytes, least recently used goes first."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta

from tintype.platform import clock
from tintype.platform.telemetry import CACHE

LARGEST_BYTES = 64 * 1024 * 1024
OVERHEAD_BYTES = 200
_hit, _missed = (CACHE.labels("shared", outcome) for outcome in ("hit", "miss"))


class MemoryCache:
    """Several processes on one machine have one each: what is not found is made again."""

    def __init__(self, largest: int = LARGEST_BYTES) -> None:
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._largest, self._size = largest, 0

    async def get(self, key: str) -> bytes | None:
        found = self._kept.get(key)
        if found is None or found[0] <= clock.monotonic():
            _missed.inc()
            self._forget(key)
            return None
        _hit.inc()
        self._kept.move_to_end(key)
        return found[1]

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        return [await self.get(key) for key in keys]

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        self._forget(key)
        self._kept[key] = (clock.monotonic() + ttl.total_seconds(), value)
        self._size += _cost(key, value)
        while self._size > self._largest:
            self._forget(next(iter(self._kept)))

    async def delete(self, *keys: str) -> None:
        for key in keys:
            self._forget(key)

    def _forget(self, key: str) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._size -= _cost(key, found[1])


def _cost(key: str, value: bytes) -> int:
    return len(key) + len(value) + OVERHEAD_BYTES
