"""The cache on Redis: what all processes share. Without it everything is a miss, and is made again.

A deletion that Redis did not hear of is repeated until it does, and until then this process does not read those keys:
every process deletes what the log makes untrue, so each of them looks after itself. A value stands behind the identity
of the server that was told it: one that took over may not have heard of its deletion.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from tintype.platform import clock
from tintype.platform.clients.redis import IDENTITY, RedisClient, Script
from tintype.platform.guard import EngineDown
from tintype.platform.telemetry import CACHE

UNHEARD_MOST = 100_000
LONGEST = timedelta(days=1)
AGAIN_SECONDS = 0.5
AT_ONCE = 500
_hit, _missed = (CACHE.labels("shared", outcome) for outcome in ("hit", "miss"))

# value, milliseconds
SET = Script(IDENTITY + "return redis.call('SET', KEYS[1], identity() .. ARGV[1], 'PX', ARGV[2])")


class RedisCache:
    """Every process of the installation sees the same."""

    def __init__(self, client: RedisClient) -> None:
        self._client = client
        client.knows(SET)
        self._unheard: dict[str, None] = {}
        self._trusted_from = 0.0
        self._telling: asyncio.Task[None] | None = None

    async def get(self, key: str) -> bytes | None:
        return (await self.get_many([key]))[0]

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        wanted = [key for key in keys if key not in self._unheard] if clock.monotonic() >= self._trusted_from else []
        answers = await self._client.get_dated(wanted)
        found = {
            key: answer[len(whose) :]
            for key, (answer, whose) in zip(wanted, answers, strict=True)
            if whose and isinstance(answer, bytes) and answer.startswith(whose)
        }
        values = [None if key in self._unheard else found.get(key) for key in keys]
        missed = values.count(None)
        _hit.inc(len(values) - missed)
        _missed.inc(missed)
        return values

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        milliseconds = round(ttl.total_seconds() * 1000)
        if key in self._unheard or milliseconds <= 0:
            return
        with suppress(EngineDown):
            await self._client.run(*SET.on(key, value, milliseconds))

    async def delete(self, *keys: str) -> None:
        if not keys:
            return
        self._unheard |= dict.fromkeys(keys)
        if not await self._tell(keys):
            if len(self._unheard) > UNHEARD_MOST:
                self._unheard.clear()
                self._trusted_from = clock.monotonic() + LONGEST.total_seconds()
            if self._telling is None:
                self._telling = asyncio.create_task(self._tell_later(), name="redis-deletions")

    async def close(self) -> None:
        """Give up what Redis did not hear of: it expires."""
        if self._telling is not None:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling

    async def _tell(self, keys: Sequence[str]) -> bool:
        """Whether Redis heard of all of these."""
        answers = await self._client.many([("UNLINK", key) for key in keys])
        for key, answer in zip(keys, answers, strict=True):
            if not isinstance(answer, EngineDown):
                self._unheard.pop(key, None)
        return not any(isinstance(answer, EngineDown) for answer in answers)

    async def _tell_later(self) -> None:
        try:
            while self._unheard:
                await asyncio.sleep(AGAIN_SECONDS)
                for part in _parts(list(self._unheard), AT_ONCE):
                    await self._tell(part)
        finally:
            self._telling = None


def _parts(keys: list[str], size: int) -> Iterator[list[str]]:
    for n in range(0, len(keys), size):
        yield keys[n : n + size]
