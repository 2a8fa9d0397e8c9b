"""Counters in Redis: `cnt:{post}`, for an hour, set with the commit that changed them, read from the table on a miss.

A value stands behind the server's identity and the epoch: of another of either it counts for nothing. A transaction
closes its keys with a mark before it commits, so that nobody builds them of what it has not committed, and puts its
numbers there afterwards. Only who finds their own mark writes: what comes late, or again, changes nothing. A mark whose
process died ends by itself.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from tintype.platform.clients.redis import IDENTITY, RedisClient, Script
from tintype.platform.counters.port import Stored, T
from tintype.platform.db import Reader, Tx
from tintype.platform.guard import EngineDown
from tintype.platform.redis_epoch import Epoch
from tintype.platform.telemetry import CACHE

LIVES, BUILDS, CLOSED = timedelta(hours=1), timedelta(seconds=10), timedelta(seconds=20)
SECONDS, WRITE_SECONDS = 0.1, 1.0
BUILDING, CLOSING = b"?", b"!"
_hit, _missed = (CACHE.labels("counters", outcome) for outcome in ("hit", "miss"))

# epoch, mark, milliseconds: 1, or 0 where somebody else is at it or was faster
BEGIN = Script(
    IDENTITY
    + """
local now = redis.call('GET', KEYS[1])
local head = identity() .. ARGV[1]
if now and (string.find(now, '^[?!]') or string.sub(now, 1, #head) == head) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
)

# mark, epoch, numbers, milliseconds, whether it was committed: what was built meanwhile of what was there before goes
FILL = Script(
    IDENTITY
    + """
local now = redis.call('GET', KEYS[1])
if now == ARGV[1] then
  redis.call('SET', KEYS[1], identity() .. ARGV[2] .. ARGV[3], 'PX', ARGV[4])
  return 1
end
if now and ARGV[5] == '1' and string.sub(now, 1, 1) ~= '!' then
  redis.call('DEL', KEYS[1])
end
return 0
"""
)


class RedisCounters:
    """What all processes have at hand."""

    def __init__(self, client: RedisClient, *, seconds: float = SECONDS) -> None:
        self._client, self._seconds = client, seconds
        self._epoch = Epoch(client)
        client.knows(BEGIN, FILL)

    async def read(self, r: Reader, ids: Sequence[int], stored: Stored[T], form: type[T]) -> Mapping[int, T]:
        epoch = await self._epoch.now(r)
        answers = await self._asked(ids)
        found = _numbers(answers, epoch, form)
        missing = [one for one in answers if one not in found]
        _hit.inc(len(found))
        _missed.inc(len(missing))
        if missing:
            absent = [one for one in missing if not isinstance(answers[one][0], EngineDown)]
            found |= await self._filled(r, epoch, missing, absent, stored)
        return found

    async def at_hand(self, r: Reader, ids: Sequence[int], form: type[T]) -> Mapping[int, T]:
        epoch = await self._epoch.now(r)
        return _numbers(await self._asked(ids), epoch, form)

    async def write(self, tx: Tx, numbers: Mapping[int, msgspec.Struct]) -> None:
        epoch, mark = await self._epoch.stored(tx), CLOSING + secrets.token_bytes(8)
        closing = [("SET", _key(one), mark, "PX", _milliseconds(CLOSED)) for one in numbers]
        await self._epoch.heard(tx, await self._client.many(closing, seconds=WRITE_SECONDS))
        lives = _milliseconds(LIVES)
        self._epoch.after(
            tx, [FILL.on(_key(one), mark, epoch, _encoded(found), lives, 1) for one, found in numbers.items()]
        )

    async def settled(self) -> None:
        """Wait for what is told to Redis after commits."""
        await self._epoch.settled()

    async def _asked(self, ids: Sequence[int]) -> dict[int, tuple[Any, bytes]]:
        """What stands there of each, and its server's identity."""
        keys = [_key(one) for one in ids]
        return dict(zip(ids, await self._client.get_dated(keys, seconds=self._seconds), strict=True))

    async def _filled(
        self, r: Reader, epoch: bytes, missing: Sequence[int], absent: Sequence[int], stored: Stored[T]
    ) -> Mapping[int, T]:
        """From the table; what is absent, nobody else is building, and nobody changes meanwhile, is then at hand."""
        mark = BUILDING + secrets.token_bytes(8)
        begin = [BEGIN.on(_key(one), epoch, mark, _milliseconds(BUILDS)) for one in absent]
        begun = await self._client.many(begin, seconds=self._seconds) if begin else []
        found = await stored(r, missing)
        ours = [one for one, answer in zip(absent, begun, strict=True) if answer == 1]
        if ours:
            lives = _milliseconds(LIVES)
            fill = [FILL.on(_key(one), mark, epoch, _encoded(found[one]), lives, 0) for one in ours]
            await self._client.many(fill, seconds=self._seconds)
        return found


def _numbers(answers: Mapping[int, tuple[Any, bytes]], epoch: bytes, form: type[T]) -> dict[int, T]:
    """Those that count for something."""
    found: dict[int, T] = {}
    for one, (answer, identity) in answers.items():
        head = identity + epoch
        if identity and isinstance(answer, bytes) and answer.startswith(head):
            found[one] = msgspec.msgpack.decode(answer[len(head) :], type=form)
    return found


def _encoded(numbers: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(numbers)


def _key(one: int) -> str:
    return f"cnt:{{{one}}}"


def _milliseconds(time: timedelta) -> int:
    return round(time.total_seconds() * 1000)
