"""`tintype move`: an embedded installation goes to a PostgreSQL where it has no rights, and nothing is lost."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests import world as worlds
from tests.engines import external
from tests.engines.product import Product, installed
from tests.entry.test_backup import command
from tests.world import Person
from tintype.entry import verify
from tintype.entry.carrying import Carrier
from tintype.platform import db, dumping, ids
from tintype.platform.embedded_postgres import EmbeddedPostgres
from tintype.platform.objects import port as objects
from tintype.platform.objects.folder import FolderObjects

pytestmark = pytest.mark.timeout(500)
ADDRESS = "127.61.7.4"


@pytest.fixture
def server() -> Iterator[external.External]:
    with external.running(ADDRESS) as found:
        yield found


async def test_everything_arrives_and_works(server: external.External, database: str, tmp_path: Path) -> None:
    with installed(LOG_LEVEL="warning") as product:
        data = product.folder / "data"
        async with worlds.opened(database, data) as world:
            ana, ben = await world.people("ana", "ben")
            await ben.follow(ana)
            await ana.post("with a picture", pictures=1)
            await world.settle()
            late = await ana.post("not handled when the product was stopped")
        await _embedded(database, data, tmp_path / "dump")

        url = await server.make(ADDRESS)
        there = await asyncpg.connect(url)
        assert not await there.fetchval("select rolsuper from pg_roles where rolname = current_user")
        assert "TINTYPE_DATABASE_URL is not set" in _refused(product)
        product.set(DATABASE_URL=url)
        await there.execute("create table somebodys (n int)")
        assert "is not empty" in _refused(product)
        await there.execute("drop table somebodys")
        assert await asyncio.to_thread(command, product, "move") == []
        moved_at = await there.fetchval("select max(pos) from event_log")
        assert await asyncio.to_thread(command, product, "move") == [], "done again, it changes nothing"
        assert await there.fetchval("select count(*) from event_log where pos <= $1", moved_at) > 0
        await there.close()
        product.set(DATABASE_URL="")
        assert f"was moved to postgresql://{ADDRESS}:5432/photos: set TINTYPE_DATABASE_URL" in await asyncio.to_thread(
            _ends, product
        )

        await db.close()
        await db.open(url)
        async with ids.lease(url), worlds.opened(url, data) as world:
            ana, ben = (Person(world, one.name, int(one.id), one.token) for one in (ana, ben))
            seen = await ben.pages("/feed/home")
            assert late["post_id"] in {one["post_id"] for one in seen}
            (picture,) = (one["media"][0]["urls"] for one in seen if one["media"])
            for address in picture.values():
                assert (await ben.http.get(address)).status_code == 200
            newer = await ana.post("from the new home")
            await world.settle()
            assert newer["post_id"] in await ben.home()
            assert await verify.run() == []
        await db.close()
        await db.open(database)


async def test_objects_that_are_there_stay(tmp_path: Path) -> None:
    source, store = FolderObjects(tmp_path / "a", b"k"), FolderObjects(tmp_path / "b", b"k")
    key = objects.upload_key(7)
    carrier = Carrier(source, store)
    assert not await carrier.one(key)
    await source.put({key: b"what was sent"})
    await store.put({key: b"half of it"})
    assert await carrier.one(key)
    assert not await carrier.one(key)
    assert b"".join([part async for part in store.iter_range(key)]) == b"what was sent"


async def _embedded(database: str, data: Path, file: Path) -> None:
    """The same in a database of the data folder itself."""
    await dumping.dump(database, file)
    postgres = EmbeddedPostgres(data, durable=False)
    await postgres.start()
    await dumping.restore(postgres.url, file)
    await postgres.stop()


def _refused(product: Product) -> str:
    answer = product.command("move")
    assert answer.returncode == 1, answer.stdout
    return answer.stderr


def _ends(product: Product) -> str:
    product.launch()
    assert product.process is not None
    assert product.process.wait(60) == 1
    product.process = None
    return product.said()
