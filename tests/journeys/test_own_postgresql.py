"""The shape for ten thousand people: a PostgreSQL of one's own without any right in it, one plain Redis, a folder."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests import world as worlds
from tests.engines import external, redis
from tintype.entry import verify
from tintype.platform import db, ids, migrations

ADDRESS = "127.61.7.5"


@pytest.fixture
def own() -> Iterator[str]:
    """The URL of an empty database that belongs to a role without rights."""
    with external.running(ADDRESS) as server:
        yield asyncio.run(server.make(ADDRESS))


@pytest.fixture
def plain_redis(tmp_path: Path) -> Iterator[str]:
    try:
        with redis.running(tmp_path / "redis") as server:
            yield server.url
    except redis.NotThere as missing:
        pytest.skip(str(missing))


@pytest.mark.timeout(240)
async def test_a_post_reaches_followers_there_too(own: str, plain_redis: str, tmp_path: Path) -> None:
    await migrations.upgrade(own)
    connection = await asyncpg.connect(own)
    rights = await connection.fetchrow(
        "select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles "
        "where rolname = current_user"
    )
    assert not any(rights)
    assert await connection.fetchval("select count(*) from pg_extension where extname <> 'plpgsql'") == 0
    await connection.close()
    await db.open(own)
    async with ids.lease(own), worlds.opened(own, tmp_path / "data", redis_url=plain_redis) as world:
        ana, ben, eve = await world.people("ana", "ben", "eve")
        await ben.follow(ana)
        photo = await ana.post("low tide #sea", pictures=1)
        await world.settle()
        await ben.like(photo)
        await ben.comment(photo, "well said")
        await world.settle()
        assert photo["post_id"] in await ben.home()
        assert photo["post_id"] not in await eve.home()
        seen = await ben.see(photo)
        assert (seen["like_count"], seen["comment_count"]) == (1, 1)
        assert (await ben.http.get(seen["media"][0]["urls"]["large"])).status_code == 200
        await ana.delete(photo)
        await world.settle()
        assert await ben.home() == []
        assert await verify.run() == []
    await db.close()
