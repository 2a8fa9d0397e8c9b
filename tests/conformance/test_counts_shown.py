"""Counts as people see them, wherever they are at hand: exact for who acts, told when repaired, and checked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import world as worlds
from tests.engines.redis import Cluster, Server
from tests.world import World
from tintype.cards import fragments
from tintype.domains.engagement import actions, reads
from tintype.domains.feed.reads import viewers
from tintype.entry import verify
from tintype.platform import db
from tintype.platform.counters.port import counters
from tintype.platform.counters.redis import RedisCounters


@pytest.fixture(params=["stored", "redis_server", "redis_cluster"])
async def world(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> AsyncIterator[World]:
    """The whole product, with counts where this says."""
    redis_url = ""
    if request.param != "stored":
        engine: Server | Cluster = request.getfixturevalue(request.param)
        engine.wipe()
        redis_url = engine.url
    async with worlds.opened(database, tmp_path / "data", redis_url=redis_url) as opened:
        yield opened


async def settle(world: World) -> None:
    await world.settle()
    if isinstance(told := counters(), RedisCounters):
        await told.settled()


async def test_ones_own_act_is_exact_whatever_is_at_hand(world: World) -> None:
    ana, ben, cat = await world.people("ana", "ben", "cat")
    await ben.follow(ana)
    post = await ana.post("low tide")
    await settle(world)

    async def likes() -> list[int]:
        """As ben, cat and ana see it: in a process that remembers, and in one that does not."""
        found = []
        for forget in (False, True):
            if forget:
                fragments.clear()
                viewers.clear()
            found.append([(await one.see(post))["like_count"] for one in (ben, cat, ana)])
        async with db.read() as r:
            shown = (await reads.counts_at_hand(r, [int(post["post_id"])]))[int(post["post_id"])]
        found.append([shown.likes])
        assert found[0] == found[1]
        return [*found[0], *found[2]]

    assert await likes() == [0, 0, 0, 0]
    await ben.like(post)
    assert await likes() == [1, 0, 0, 0], "only ben's own, while nobody has counted it"
    await settle(world)
    assert await likes() == [1, 1, 1, 1]
    await cat.like(post)
    await ben.unlike(post)
    assert await likes() == [0, 2, 1, 1]
    await settle(world)
    assert await likes() == [1, 1, 1, 1]
    for one in (ben, cat):
        await one.comment(post, "wet feet")
    await settle(world)
    fragments.clear()
    assert (await ana.see(post))["comment_count"] == 2
    assert (await ben.pages("/feed/home"))[0]["comment_count"] == 2


async def test_what_is_wrong_at_hand_is_found_and_mended(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("ebb")
    await settle(world)
    await ben.like(post)
    await settle(world)
    assert await verify.run(what="counts") == []
    one = int(post["post_id"])
    async with db.act(db.SYSTEM) as tx:
        await counters().write(tx, {one: reads.PostCounts(likes=9)})
    await settle(world)
    wrong = [("count.at_hand", f"post {one}", 9)] if isinstance(counters(), RedisCounters) else []
    found = await verify.run(what="counts", repair=True)
    assert [(each.kind, each.subject, each.found["likes"]) for each in found] == wrong
    await settle(world)
    assert await verify.run(what="counts") == []
    async with db.read() as r:
        assert (await reads.counts_at_hand(r, [one]))[one].likes == 1


async def test_counts_that_are_repaired_are_told_too(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    post = await ana.post("high tide")
    await settle(world)
    await ben.like(post)
    await settle(world)
    assert (await ana.see(post))["like_count"] == 1
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: damage\nupdate post_counts set likes = 7")
        await actions.recount_post(tx, int(post["post_id"]))
    await settle(world)
    fragments.clear()
    assert (await ana.see(post))["like_count"] == 1
