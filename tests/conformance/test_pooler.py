"""The product behind a transaction pooler: the same answers, though every transaction may have another server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tests import world as worlds
from tests.engines.replica import Pair
from tests.world import Person, World
from tintype.platform import db, ids
from tintype.platform.config import Settings


@pytest.fixture(params=["direct", "pooler"])
async def world(request: pytest.FixtureRequest, replicated: Pair, tmp_path: Path) -> AsyncIterator[World]:
    """Locks, leases and notifications go directly, whichever way the rest goes."""
    place, name = replicated.primary.url.rpartition("/")[0], f"t{uuid4().hex[:12]}"
    admin = await asyncpg.connect(f"{place}/postgres")
    await admin.execute(f"create database {name} template tintype")
    direct = f"{place}/{name}"
    port = replicated.primary.port
    if request.param == "pooler":
        port = request.getfixturevalue("pooler_port")
    try:
        await db.open(
            direct.replace(f":{replicated.primary.port}/", f":{port}/"), pooled=request.param == "pooler", size=12
        )
        async with ids.lease(direct), worlds.opened(direct, tmp_path / "data") as opened:
            yield opened
    finally:
        await db.close()
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


async def test_a_post_reaches_followers(world: World) -> None:
    ana, ben, eve = await world.people("ana", "ben", "eve")
    await ben.follow(ana)
    post = await ana.post("low tide #sea", pictures=1)
    await world.settle()
    assert await ben.home() == [post["post_id"]]
    assert await eve.home() == []
    await ben.comment(post, "nice 🌊")
    await ben.like(post)
    await world.settle()
    assert (await eve.see(post))["like_count"] == 1
    assert [one["post_id"] for one in await world.visitor.pages("/hashtags/sea/posts")] == [post["post_id"]]


async def test_many_at_once(world: World) -> None:
    people = await world.people(*(f"one{n}" for n in range(20)))
    post = await people[0].post("low tide")
    await world.settle()

    async def act(who: Person) -> None:
        for n in range(5):
            await who.comment(post, f"{who.name} {n}")
            await who.like(post)
            assert f"{who.name} {n}" in [one["text"] for one in await who.pages(f"/posts/{post['post_id']}/comments")]

    await asyncio.gather(*map(act, people))
    await world.settle()
    assert len(await people[0].pages(f"/posts/{post['post_id']}/comments", 100)) == 100
    assert (await people[0].see(post))["like_count"] == 20


async def test_what_is_rolled_back_leaves_nothing(world: World) -> None:
    (ana,) = await world.people("ana")

    async def fail() -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run("-- test: change\nupdate accounts set full_name = 'x' where id = $1", int(ana.id))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await fail()
    assert (await ana.ask("GET", "/users/me"))["full_name"] == "Ana"


def test_a_pooler_needs_the_way_past_it(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TINTYPE_DATABASE_DIRECT_URL"):
        Settings(data_dir=tmp_path, database_url="postgresql://pooler/x", database_pooled=True)
    given = Settings(
        data_dir=tmp_path,
        database_url="postgresql://pooler/x",
        database_direct_url="postgresql://server/x",
        database_pooled=True,
    )
    assert given.direct_url == "postgresql://server/x"
