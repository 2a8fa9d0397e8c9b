"""Redis before timelines on Cassandra: feeds are what SQL defines them to be, whichever of the two is cut."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests import world as worlds
from tests.conformance.test_redis_lost import assert_as_defined, home
from tests.engines.cassandra import Cassandra
from tests.engines.redis import Server
from tests.world import Person, World
from tintype.entry import timeline_store
from tintype.platform.guard import EngineDown
from tintype.platform.timelines.cassandra import CassandraTimelines
from tintype.platform.timelines.front import FrontedTimelines
from tintype.platform.timelines.port import timelines

pytestmark = pytest.mark.timeout(300)  # an engine is started, or started again
CUTS = [
    ("redis", "wipe"), ("redis", "kill"), ("redis", "pause"),
    ("cassandra", "kill"), ("cassandra", "pause"),
]  # fmt: skip


@pytest.fixture
async def world(redis_server: Server, cassandra_node: Cassandra, database: str, tmp_path: Path) -> AsyncIterator[World]:
    redis_server.wipe()
    keyspace = cassandra_node.url_of(f"t{uuid4().hex[:10]}")
    engines = {"redis_url": redis_server.url, "cassandra_url": keyspace}
    async with worlds.opened(database, tmp_path / "data", **engines) as opened:
        await timeline_store.prepare(opened.settings, database)
        feeds = timelines()
        assert isinstance(feeds, FrontedTimelines)
        assert isinstance(feeds.behind, CassandraTimelines)
        yield opened


async def settle(world: World) -> None:
    """As soon as what is down is back."""
    async with asyncio.timeout(120):
        while True:
            try:
                await world.settle()
                break
            except (EngineDown, TimeoutError):
                await asyncio.sleep(0.2)
    await timelines().settled()


async def traffic(ana: Person, ben: Person, cat: Person, n: int) -> None:
    """Posts, and one that goes; somebody follows or leaves."""
    first = await ana.post(f"a {n}")
    await ben.post(f"b {n}")
    await ana.delete(first)
    await ana.post(f"another {n}")
    await (cat.unfollow(ben) if n % 2 else cat.follow(ben))


@pytest.mark.parametrize(("which", "how"), CUTS)
async def test_feeds_are_as_defined_after_a_cut(
    world: World, redis_server: Server, cassandra_node: Cassandra, which: str, how: str
) -> None:
    people = await world.people("ana", "ben", "cat", "dan")
    ana, ben, cat, dan = people
    for one in (cat, dan):
        await one.follow(ana)
    await dan.follow(ben)
    for n in range(3):
        await traffic(ana, ben, cat, n)
    await settle(world)
    for one in people:
        await home(one)
    await assert_as_defined(*people)
    engine = redis_server if which == "redis" else cassandra_node
    getattr(engine, how)()
    try:
        for n in range(3, 6):
            await traffic(ana, ben, cat, n)
            async with asyncio.timeout(20):
                for one in people:
                    await home(one)
    finally:
        if how == "kill":
            await asyncio.to_thread(engine.restart)
        elif how == "pause":
            engine.resume()
    await settle(world)
    for _ in range(5):
        await assert_as_defined(*people)
        await asyncio.sleep(0.3)
    await traffic(ana, ben, cat, 6)
    await settle(world)
    expected = await home(dan)
    await assert_as_defined(*people)
    redis_server.wipe()
    assert await home(dan) == expected, "Cassandra has all of it too"
    await assert_as_defined(*people)
