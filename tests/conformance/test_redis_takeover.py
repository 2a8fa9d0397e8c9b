"""A replica takes over and lacks what its master was told last: nothing of that is believed, and feeds are right."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests import world as worlds
from tests.conformance.test_redis_lost import assert_as_defined, home, settle
from tests.engines import redis
from tests.engines.redis import Cluster, Server
from tests.world import World
from tintype.cards import fragments
from tintype.platform.cache.redis import RedisCache
from tintype.platform.clients.redis import RedisClient
from tintype.platform.counters.port import counters
from tintype.platform.counters.redis import RedisCounters
from tintype.platform.guard import EngineDown

pytestmark = pytest.mark.engine("redis")
A_DAY = timedelta(days=1)
PATIENT_SECONDS = 5.0


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Three masters, each with a replica."""
    try:
        with redis.cluster(tmp_path / "redis", has_replicas=True) as nodes:
            yield nodes
    except redis.NotThere as missing:
        pytest.skip(str(missing))


@pytest.fixture
async def world(cluster: Cluster, database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.opened(database, tmp_path / "data", redis_url=cluster.url) as opened:
        yield opened


def cut_off(cluster: Cluster) -> None:
    """Replicas have everything up to here, and hear no more of their masters."""
    for master, replica in zip(cluster.nodes, cluster.replicas, strict=True):
        assert master.ask("WAIT", 1, 5_000) == 1
        replica.pause()
        master.ask("CLIENT", "KILL", "TYPE", "replica")


def take_over(cluster: Cluster, *, is_forced: bool) -> None:
    """Masters die, and replicas are masters with what they have: all by an order, or one by the cluster's election."""
    for master in cluster.nodes[: 3 if is_forced else 1]:
        master.kill()
    for replica in cluster.replicas:
        replica.resume()
    chosen = cluster.replicas[: 3 if is_forced else 1]
    until = time.monotonic() + 30
    for replica in chosen:
        if is_forced:
            replica.ask("CLUSTER", "FAILOVER", "TAKEOVER")
        while not is_master(replica) and time.monotonic() < until:
            time.sleep(0.05)
        assert is_master(replica)


def is_master(node: Server) -> bool:
    role = node.ask("ROLE")
    return isinstance(role, list) and role[0] == b"master"


async def test_feeds_and_counts_are_right_after_replicas_took_over(world: World, cluster: Cluster) -> None:
    people = await world.people("ana", "ben", "cat", "dan")
    ana, *readers = people
    for reader in readers:
        await reader.follow(ana)
    posts = [await ana.post(f"number {n}") for n in range(3)]
    await settle(world)
    for reader in readers:
        await home(reader)
        assert (await reader.see(posts[0]))["like_count"] == 0
    for reader in readers:
        assert len(await reader.pages(f"/users/{ana.id}/followers")) == 3
    cut_off(cluster)
    posts.append(await ana.post("the replicas do not hear of this one"))
    await ana.delete(posts.pop(0))
    for reader in readers[:2]:
        await reader.like(posts[0])
    await readers[2].unfollow(ana)
    await settle(world)
    await counted()
    expected = [one["post_id"] for one in posts[::-1]]
    assert await home(readers[0]) == expected
    await asyncio.to_thread(take_over, cluster, is_forced=True)
    for _ in range(8):
        fragments.clear()
        for reader in readers[:2]:
            assert await home(reader) == expected
            assert (await reader.see(posts[0]))["like_count"] == 2
        assert await home(readers[2]) == []
        assert (await ana.see(posts[0]))["like_count"] == 2
        assert len(await ana.pages(f"/users/{ana.id}/followers")) == 2
        await assert_as_defined(*people)
        await asyncio.sleep(0.3)
    more = (await ana.post("and so it goes on"))["post_id"]
    await settle(world)
    assert await home(readers[0]) == [more, *expected]
    held = [node.ask("KEYS", "feed:*") for node in cluster.replicas]
    assert any(held), "the new masters are used"
    await assert_as_defined(*people)


async def counted() -> None:
    here = counters()
    assert isinstance(here, RedisCounters)
    await here.settled()


@pytest.mark.parametrize("is_forced", [True, False], ids=["by order", "elected"])
async def test_a_process_that_knows_nothing_of_before_does_not_believe_it_either(
    cluster: Cluster, is_forced: bool
) -> None:
    """Deletions are lost with the master; who starts after that has never seen it."""
    before = RedisClient(cluster.url, seconds=PATIENT_SECONDS)
    caches = RedisCache(before)
    keys = [f"key:{n}" for n in range(50)]
    try:
        for key in keys:
            await caches.set(key, b"old", A_DAY)
        assert set(await caches.get_many(keys)) == {b"old"}
        cut_off(cluster)
        await caches.delete(*keys)
        assert set(await caches.get_many(keys)) == {None}
        await asyncio.to_thread(take_over, cluster, is_forced=is_forced)
        url = "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in cluster.replicas)
        after = RedisClient(url, seconds=PATIENT_SECONDS)
        anew = RedisCache(after)
        assert set(await anew.get_many(keys)) == {None}
        lying = sum(len(found) for node in cluster.replicas if isinstance(found := node.ask("KEYS", "key:*"), list))
        assert lying, "they do have it"
        async with asyncio.timeout(30):
            while set(await caches.get_many(keys)) != {b"new"}:
                for key in keys:
                    await anew.set(key, b"new", A_DAY)
                await asyncio.sleep(0.1)
        await anew.close()
        await after.close()
    finally:
        await caches.close()
        await before.close()


async def test_what_a_restart_brings_back_from_a_disk_is_not_believed(tmp_path: Path) -> None:
    try:
        with redis.running(tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "everysec") as server:
            client = RedisClient(server.url, seconds=PATIENT_SECONDS)
            cache = RedisCache(client)
            await cache.set("a", b"old", A_DAY)
            server.ask("CONFIG", "SET", "appendfsync", "always")
            await client.run("SET", "other", b"1")
            server.kill()
            server.restart()
            async with asyncio.timeout(30):
                while True:  # connections of before are gone
                    with suppress(EngineDown):
                        assert await client.run("EXISTS", "a") == 1
                        break
            assert await cache.get("a") is None
            await cache.set("a", b"new", A_DAY)
            assert await cache.get("a") == b"new"
            await cache.close()
            await client.close()
    except redis.NotThere as missing:
        pytest.skip(str(missing))
