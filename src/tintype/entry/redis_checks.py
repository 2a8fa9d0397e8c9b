"""What `tintype doctor` looks at in Redis: whether it answers, its version, and the settings that cost memory."""

from collections.abc import Iterator

from tintype.entry.checks import Check
from tintype.platform.clients.redis import About, RedisClient
from tintype.platform.guard import EngineDown
from tintype.platform.timelines.front import FULL

SECONDS = 5.0
VERSION_LEAST = (6, 2)
LISTPACK_LEAST = FULL + 1  # the mark is a member too


async def look(url: str) -> list[Check]:
    """What is to be said of each server."""
    client = RedisClient(url, seconds=SECONDS)
    try:
        return [check for one in await client.about() for check in _checks(one)]
    finally:
        await client.close()


def _checks(one: About | EngineDown) -> Iterator[Check]:
    if isinstance(one, EngineDown):
        mend = "See whether it runs, TINTYPE_REDIS_URL, and TINTYPE_ENGINES_CA if it speaks TLS."
        yield Check("redis", "wrong", f"does not answer: {one}", mend)
        return
    said = f"{one.version} at {one.place}" if one.place != "redis" else one.version
    if tuple(int(part) for part in one.version.split(".")[:2]) < VERSION_LEAST:
        yield Check("redis", "wrong", said, "Redis 6.2 or newer is needed.")
        return
    if one.settings is None:
        mend = "See that zset-max-listpack-entries is 1000, and maxmemory-policy allkeys-lru."
        yield Check("redis", "note", f"{said} does not tell its settings", mend)
        return
    is_well = True
    name = next(name for name in ("zset-max-listpack-entries", "zset-max-ziplist-entries") if name in one.settings)
    if int(one.settings[name]) < LISTPACK_LEAST:
        is_well = False
        cost = "a full feed takes 96 kB instead of 16"
        mend = f"In redis.conf: {name} 1000"
        yield Check("redis", "note", f"{said} has {name} {one.settings[name]}: {cost}", mend)
    policy = one.settings.get("maxmemory-policy", "")
    if one.maxmemory and policy == "noeviction":
        is_well = False
        mend = "In redis.conf: maxmemory-policy allkeys-lru. All it holds can be made again."
        yield Check("redis", "wrong", f"{said} refuses writes when {one.maxmemory} bytes are full ({policy})", mend)
    elif not one.maxmemory:
        is_well = False
        mend = "In redis.conf: maxmemory, and maxmemory-policy allkeys-lru."
        yield Check("redis", "note", f"{said} takes any memory there is, as it has no maxmemory", mend)
    if is_well:
        yield Check("redis", "fine", f"{said}, at most {one.maxmemory} bytes ({policy})")
