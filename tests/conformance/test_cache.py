"""What every cache does: this process's memory, one Redis, a cluster."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.engines.redis import Cluster, Server
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.cache.port import Cache
from tintype.platform.cache.redis import RedisCache
from tintype.platform.clients.redis import RedisClient
from tintype.platform.guard import FAILURES

A_MINUTE = timedelta(minutes=1)
PATIENT_SECONDS = 5.0  # other tests keep the machine busy


@pytest.fixture(params=["memory", "redis_server", "redis_cluster"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[Cache]:
    """An empty one."""
    if request.param == "memory":
        yield MemoryCache()
        return
    engine: Server | Cluster = request.getfixturevalue(request.param)
    engine.wipe()
    client = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    adapter = RedisCache(client)
    yield adapter
    await adapter.close()
    await client.close()


async def test_what_was_set_is_got_until_it_is_deleted(cache: Cache) -> None:
    assert await cache.get("a") is None
    await cache.set("a", b"one", A_MINUTE)
    await cache.set("b", b"two", A_MINUTE)
    assert await cache.get("a") == b"one"
    await cache.delete("a", "never there")
    await cache.delete()
    assert await cache.get("a") is None
    assert await cache.get("b") == b"two"


async def test_the_last_value_counts(cache: Cache) -> None:
    await cache.set("a", b"one", A_MINUTE)
    await cache.set("a", b"two", timedelta(hours=1))
    assert await cache.get("a") == b"two"


async def test_values_end(cache: Cache) -> None:
    await cache.set("short", b"1", timedelta(milliseconds=50))
    await cache.set("long", b"1", A_MINUTE)
    await cache.set("none", b"1", timedelta(0))
    await asyncio.sleep(0.1)
    assert await cache.get_many(["short", "long", "none"]) == [None, b"1", None]


async def test_setting_again_renews_the_end(cache: Cache) -> None:
    await cache.set("a", b"1", timedelta(milliseconds=50))
    await cache.set("a", b"2", A_MINUTE)
    await asyncio.sleep(0.1)
    assert await cache.get("a") == b"2"


@pytest.mark.parametrize("key", ["päivä:一", "{tag}:x", "with space", "x" * 1000, "%s\r\n$3", "\N{SNOWMAN}\0"])
async def test_any_text_is_a_key(cache: Cache, key: str) -> None:
    await cache.set(key, key.encode(), A_MINUTE)
    assert await cache.get(key) == key.encode()
    assert await cache.get(key + "!") is None
    await cache.delete(key)
    assert await cache.get(key) is None


@pytest.mark.parametrize("value", [b"", b"\0\r\n\xff", b"x" * 4_000_000], ids=["empty", "bytes", "large"])
async def test_any_bytes_are_a_value(cache: Cache, value: bytes) -> None:
    await cache.set("a", value, A_MINUTE)
    assert await cache.get("a") == value


async def test_many_are_got_in_the_order_asked(cache: Cache) -> None:
    assert await cache.get_many([]) == []
    names = [f"key:{n}" for n in range(300)]
    for name in names[::2]:
        await cache.set(name, name.encode(), A_MINUTE)
    expected = [name.encode() if n % 2 == 0 else None for n, name in enumerate(names)]
    assert await cache.get_many(names) == expected
    assert await cache.get_many([*names[:2], names[0]]) == [expected[0], None, expected[0]]
    await cache.delete(*names)
    assert set(await cache.get_many(names)) == {None}


async def test_hundreds_at_once(cache: Cache) -> None:
    async def one(n: int) -> bytes | None:
        await cache.set(f"many:{n}", b"%d" % n, A_MINUTE)
        return await cache.get(f"many:{n}")

    assert await asyncio.gather(*map(one, range(500))) == [b"%d" % n for n in range(500)]


async def test_writers_of_one_key_leave_one_whole(cache: Cache) -> None:
    values = [bytes([n]) * 300_000 for n in range(20)]
    await asyncio.gather(*(cache.set("a", value, A_MINUTE) for value in values))
    assert await cache.get("a") in values
    await asyncio.gather(*(cache.delete("a") for _ in range(5)))
    assert await cache.get("a") is None


async def test_memory_is_bounded_and_what_was_used_last_stays() -> None:
    cache = MemoryCache(largest=10_000)
    await cache.set("kept", b"x" * 2_000, A_MINUTE)
    for n in range(20):
        await cache.set(f"other {n}", b"x" * 2_000, A_MINUTE)
        assert await cache.get("kept") is not None
    assert await cache.get_many(["other 0", "other 19"]) == [None, b"x" * 2_000]
    await cache.set("larger than all", b"x" * 20_000, A_MINUTE)
    assert await cache.get("larger than all") is None


async def test_one_that_hangs_is_a_miss_in_time_and_hears_of_deletions_later(engine: Server | Cluster) -> None:
    client = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    adapter = RedisCache(client)
    keys = [f"hung:{n}" for n in range(10)]
    try:
        for key in keys:
            await adapter.set(key, b"1", A_MINUTE)
        client.seconds = 0.2
        engine.pause()
        async with asyncio.timeout(0.2 * 2 * FAILURES + 5):
            await adapter.delete(keys[0])
            for key in keys:
                assert await adapter.get(key) is None
                await adapter.set(key, b"2", A_MINUTE)
        assert not client.is_up
        client.seconds = PATIENT_SECONDS
        engine.resume()
        async with asyncio.timeout(30):
            while await adapter.get(keys[1]) is None:
                await asyncio.sleep(0.05)
            while adapter._unheard:
                assert await adapter.get(keys[0]) is None
                await asyncio.sleep(0.05)
        assert await adapter.get(keys[0]) is None
    finally:
        engine.resume()
        await adapter.close()
        await client.close()


async def test_one_that_dies_is_a_miss_and_comes_back_empty(engine: Server | Cluster) -> None:
    client = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    adapter = RedisCache(client)
    try:
        await adapter.set("a", b"1", A_MINUTE)
        engine.kill()
        for _ in range(FAILURES + 1):
            assert await adapter.get("a") is None
        engine.restart()
        async with asyncio.timeout(30):
            while await adapter.get("b") is None:
                await adapter.set("b", b"2", A_MINUTE)
                await asyncio.sleep(0.05)
        assert await adapter.get("a") is None
    finally:
        engine.restart()
        await adapter.close()
        await client.close()


async def test_too_many_unheard_deletions_and_nothing_is_believed_for_a_day(
    engine: Server | Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tintype.platform.cache.redis.UNHEARD_MOST", 3)
    client = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    adapter = RedisCache(client)
    try:
        await adapter.set("a", b"1", A_MINUTE)
        for guard in client.guards:
            guard._failures, guard._tries_at = FAILURES, float("inf")
        await adapter.delete("b", "c", "d", "e")
        for guard in client.guards:
            guard._failures = 0
        assert await adapter.get("a") is None
    finally:
        await adapter.close()
        await client.close()


async def test_a_url_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="TINTYPE_REDIS_URL"):
        RedisClient("http://127.0.0.1:6379")


async def test_slots_that_move_are_found(redis_cluster: Cluster) -> None:
    redis_cluster.wipe()
    client = RedisClient(redis_cluster.url, seconds=PATIENT_SECONDS)
    try:
        await client.run("SET", "a", b"1")  # of slot 15495, at the last of the three
        before, after = redis_cluster.nodes[2], redis_cluster.nodes[0]
        before_id, after_id = (node.ask("CLUSTER", "MYID").decode() for node in (before, after))  # type: ignore[attr-defined]
        after.ask("CLUSTER", "SETSLOT", 15495, "IMPORTING", before_id)
        before.ask("CLUSTER", "SETSLOT", 15495, "MIGRATING", after_id)
        assert await client.run("GET", "a") == b"1"
        before.ask("MIGRATE", "127.0.0.1", after.port, "a", 0, 5000)
        assert await client.run("GET", "a") == b"1"  # asks there
        for node in (after, before, redis_cluster.nodes[1]):
            node.ask("CLUSTER", "SETSLOT", 15495, "NODE", after_id)
        assert await client.run("GET", "a") == b"1"  # has moved there
        for node, home in ((before, before_id), (after, before_id), (redis_cluster.nodes[1], before_id)):
            after.ask("DEL", "a") if node is before else None
            node.ask("CLUSTER", "SETSLOT", 15495, "NODE", home)
    finally:
        await client.close()
