"""Requests counted in Redis, so that limits hold for all processes together."""

from collections.abc import Sequence

from tintype.platform.clients.redis import RedisClient, Script
from tintype.platform.guard import EngineDown
from tintype.platform.ratelimit import Count

SECONDS = 1.0

# used more, milliseconds of a window. One line is what redis-py reads fastest.
ADD = Script("""
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
if left < 1 then
  used, left = 0, ARGV[2]
end
used = math.max(used + tonumber(ARGV[1]), 0)
redis.call('SET', KEYS[1], used, 'PX', left)
return {ok = used .. ' ' .. left}
""")


class RedisWindows:
    """Keys `rl:{subject}:<rule>:<seconds>`; a window begins with its first request."""

    def __init__(self, client: RedisClient, *, seconds: float = SECONDS) -> None:
        self._client, self._seconds = client, seconds
        client.knows(ADD)

    async def add(self, counts: Sequence[Count]) -> list[tuple[int, float] | None]:
        commands = [ADD.on(_key(one), one.used, one.seconds * 1000) for one in counts]
        return [_read(answer) for answer in await self._client.many(commands, seconds=self._seconds)]


def _read(answer: bytes | EngineDown) -> tuple[int, float] | None:
    if isinstance(answer, EngineDown):
        return None
    used, left = answer.split()
    return int(used), int(left) / 1000


def _key(one: Count) -> str:
    return f"rl:{{{one.subject}}}:{one.rule}:{one.seconds}"
