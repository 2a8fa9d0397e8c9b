"""The whole product with Redis: the same answers as without it, and nothing of value is lost with it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import world as worlds
from tests.engines.redis import Cluster, Server
from tests.world import Person, World
from tintype.domains.feed.reads import viewers
from tintype.domains.feed.reads.truth import Difference, difference
from tintype.platform import db
from tintype.platform.timelines.front import FrontedTimelines
from tintype.platform.timelines.port import timelines

Engine = Server | Cluster


@pytest.fixture
async def world(engine: Engine, database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.opened(database, tmp_path / "data", redis_url=engine.url) as opened:
        assert isinstance(timelines(), FrontedTimelines)
        yield opened


async def settle(world: World) -> None:
    await world.settle()
    feeds = timelines()
    assert isinstance(feeds, FrontedTimelines)
    await feeds.settled()


async def home(person: Person) -> list[str]:
    """What a process shows that remembers nothing of this reader."""
    viewers.clear()
    return await person.home()


async def assert_as_defined(*people: Person) -> None:
    async with db.read() as r:
        for one in people:
            found = await difference(r, int(one.id))
            assert found == Difference([], [], []), one.name


def feeds_in(engine: Engine) -> int:
    keys = [node.ask("KEYS", "feed:*") for node in engine.nodes]
    return sum(len(found) for found in keys if isinstance(found, list))


async def test_feeds_are_the_same_before_and_after_redis_is_lost(world: World, engine: Engine) -> None:
    ana, ben, cat = await world.people("ana", "ben", "cat")
    for reader in (ben, cat):
        await reader.follow(ana)
    await cat.follow(ben)
    posts = [(await ana.post(f"number {n}"))["post_id"] for n in range(25)]
    await settle(world)
    expected = posts[::-1]
    assert await home(ben) == expected
    assert feeds_in(engine) >= 1
    engine.wipe()
    assert await home(ben) == expected
    assert feeds_in(engine) >= 1, "made again by reading"
    more = (await ben.post("one more"))["post_id"]
    engine.wipe()
    await settle(world)
    assert await home(cat) == [more, *expected]
    await assert_as_defined(ana, ben, cat)


async def test_follows_unfollows_and_purges_reach_feeds_at_once(world: World) -> None:
    ana, ben, cat = await world.people("ana", "ben", "cat")
    await cat.follow(ana)
    first, second = [(await ana.post(f"a {n}"))["post_id"] for n in range(2)]
    third = (await ben.post("b"))["post_id"]
    await settle(world)
    assert await home(cat) == [second, first]
    await cat.follow(ben)
    await settle(world)
    assert await home(cat) == [third, second, first]
    await cat.unfollow(ana)
    await settle(world)
    assert await home(cat) == [third]
    await assert_as_defined(ana, ben, cat)


async def test_a_flush_in_the_middle_of_traffic(world: World, engine: Engine) -> None:
    ana, ben, cat, dan = people = await world.people("ana", "ben", "cat", "dan")
    for reader in (ben, cat, dan):
        await reader.follow(ana)
    await dan.follow(ben)
    await settle(world)
    stopped = asyncio.Event()

    async def flush_on() -> int:
        flushes = 0
        while not stopped.is_set():
            await asyncio.to_thread(engine.wipe)
            flushes += 1
            await asyncio.sleep(0.01)
        return flushes

    flushing = asyncio.create_task(flush_on())
    posts = []
    for n in range(12):
        posts.append(await (ana if n % 3 else ben).post(f"number {n}"))
        if n == 6:
            await dan.unfollow(ben)
        await settle(world)
        await assert_as_defined(*people)
        if n % 3:
            await cat.like(posts[-1])
        assert len(await ana.pages(f"/users/{ana.id}/followers")) == 3
    stopped.set()
    assert await flushing > 12
    await settle(world)
    await assert_as_defined(*people)
    mine = [one["post_id"] for n, one in enumerate(posts) if n % 3][::-1]
    assert await home(dan) == mine
    assert await home(cat) == mine
    for post_id in mine:
        assert (await dan.see({"post_id": post_id}))["like_count"] == 1


async def test_the_product_goes_on_while_redis_hangs(world: World, engine: Engine) -> None:
    ana, ben = await world.people("ana", "ben")
    await ben.follow(ana)
    first = (await ana.post("before"))["post_id"]
    await settle(world)
    assert await home(ben) == [first]
    engine.pause()
    try:
        async with asyncio.timeout(30):
            second = (await ana.post("meanwhile"))["post_id"]
            await settle(world)
            assert await home(ben) == [second, first]
    finally:
        engine.resume()
    for _ in range(10):
        await assert_as_defined(ana, ben)
        await asyncio.sleep(0.2)
    await settle(world)
    assert await home(ben) == [second, first]
