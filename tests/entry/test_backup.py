"""`tintype backup` and `restore`: the drill, and what they refuse."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests import world as worlds
from tests.engines.postgres import TestServer
from tests.engines.product import Product, installed
from tests.world import Person, World
from tintype.entry import backup, chores, erased, moved, restoring, verify
from tintype.entry.backup import Refused
from tintype.platform import db, ids
from tintype.platform.config import Settings
from tintype.platform.guard import EngineDown
from tintype.platform.objects import keeping

pytestmark = pytest.mark.timeout(500)


@pytest.fixture
def product(database: str) -> Iterator[Product]:
    """The installation that the commands look after."""
    with installed(DATABASE_URL=database) as found:
        yield found


@asynccontextmanager
async def emptied(server: TestServer) -> AsyncIterator[str]:
    """The URL of a database with nothing in it."""
    name = f"e{uuid4().hex[:12]}"
    admin = await asyncpg.connect(server.url_of("postgres"))
    try:
        await admin.execute(f"create database {name}")
        yield server.url_of(name)
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()


class Writers:
    """People who post, edit, comment and delete until told to stop; `done` has the ids of posts that were accepted."""

    def __init__(self, world: World, people: list[Person]) -> None:
        self._world, self._stop = world, asyncio.Event()
        self.done: list[str] = []
        self.pictured: list[str] = []
        self._tasks = [asyncio.create_task(self._write(one)) for one in people]
        self._tasks.append(asyncio.create_task(self._settle()))

    async def _write(self, person: Person) -> None:
        n = 0
        while not self._stop.is_set():
            n += 1
            post = await person.post(f"number {n} #sea", pictures=n % 2)
            self.done.append(post["post_id"])
            await person.comment(post, "well said")
            if post["media"]:
                self.pictured.append(post["post_id"])
                edit = {"filter": "clarendon", "rotate": 90}
                await person.ask("PUT", f"/media/{post['media'][0]['media_id']}/edit", json=edit)
            if n % 4 == 0:
                await person.delete(await person.post("taken back"))

    async def _settle(self) -> None:
        while not self._stop.is_set():
            await self._world.settle()

    async def have_posted(self, number: int) -> None:
        while len(self.done) < number:
            await asyncio.sleep(0.02)
            for task in self._tasks:
                if task.done():
                    task.result()

    async def end(self) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)
        await self._world.settle()


def command(product: Product, *arguments: str) -> Any:
    answer = product.command(*arguments, "--json")
    assert answer.returncode == 0, answer.stderr + answer.stdout
    return json.loads(answer.stdout)


async def test_the_drill(product: Product, database: str, postgres_server: TestServer, tmp_path: Path) -> None:
    taken, later = tmp_path / "taken", tmp_path / "later"
    async with worlds.opened(database, product.folder / "data") as world:
        ana, ben = await world.people("ana", "ben")
        await ben.follow(ana)
        gone = await ana.post("to be forgotten")
        await world.settle()
        writers = Writers(world, [ana, ben])
        await writers.have_posted(8)
        before, pictured = set(writers.done), set(writers.pictured)
        made = await asyncio.to_thread(command, product, "backup", str(taken))
        await writers.have_posted(len(writers.done) + 4)
        await writers.end()
        assert made["missing"] == []
        assert made["position"] > 0
        await ana.delete(gone)
        await chores.purge_post({"post_id": gone["post_id"]})
        assert (await asyncio.to_thread(command, product, "backup", str(later)))["missing"] == []

    async with emptied(postgres_server) as empty:
        with installed(DATABASE_URL=empty) as elsewhere:
            done = await asyncio.to_thread(command, elsewhere, "restore", str(taken), "--erased", str(later))
            assert done["forgotten"] == {"accounts": 0, "posts": 1, "comments": 0}
            assert done["objects"] > len(pictured)
            await db.close()
            await db.open(empty)
            async with ids.lease(empty), worlds.opened(empty, elsewhere.folder / "data") as world:
                await world.settle()
                assert await verify.run() == []
                ana = Person(world, "ana", int(ana.id), ana.token)
                mine = await ana.pages(f"/users/{ana.id}/posts")
                assert before & {one["post_id"] for one in mine}
                assert gone["post_id"] not in {one["post_id"] for one in mine}
                shown = [one for one in mine if one["post_id"] in pictured]
                assert shown
                for one in shown:
                    for address in one["media"][0]["urls"].values():
                        assert (await ana.http.get(address)).status_code == 200
                async with db.read() as r:
                    there = {str(row["id"]) for row in await r.rows("-- tests: posts\nselect id from posts")}
                    incarnation = await r.value("-- tests: incarnation\nselect incarnation::text from log_state")
                assert before <= there
                assert incarnation != made["incarnation"]
            await db.close()
            await db.open(database)


async def test_nothing_is_deleted_while_a_backup_is_taken(database: str, world: World) -> None:
    (ana,) = await world.people("ana")
    post = await ana.post("a picture", pictures=1)
    await world.settle()
    medium = post["media"][0]["media_id"]
    async with db.read() as r:
        files = {row["id"] for row in await r.rows("-- tests: media\nselect id from media")}
    assert files == {int(medium)}
    folder = world.settings.media_dir
    async with keeping.kept(database):
        assert await keeping.is_kept()
        await ana.ask("PUT", f"/media/{medium}/edit", json={"filter": "clarendon"})
        await world.settle()
        held = _files(folder)
    assert not await keeping.is_kept()
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: a minute later\nupdate pgqueuer set execute_after = now()")
    await world.settle()
    assert _files(folder) < held, "what waited has gone"


def _files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and "drafts" not in path.parts
    }


async def test_what_is_not_put_back(product: Product, database: str, world: World, tmp_path: Path) -> None:
    folder, settings = tmp_path / "backup", Settings(data_dir=product.folder / "data", database_url=database)
    await backup.make(settings, database, folder)
    with pytest.raises(Refused, match="is not empty"):
        await backup.make(settings, database, folder)
    with pytest.raises(Refused, match=r"processes of Tintype use this database"):
        await restoring.restore(settings, folder)
    await db.close()
    said = product.command("restore", str(folder)).stderr
    assert "processes of Tintype" in said or "There is an installation here already" in said

    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema": "9999_of_the_future"}))
    with pytest.raises(Refused, match="9999_of_the_future, which this version does not know"):
        await restoring.restore(settings, folder)
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 2}))
    with pytest.raises(Refused, match="has format 2"):
        await restoring.restore(settings, folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    key = folder / "secrets" / "access"
    kept = key.read_bytes()
    key.write_bytes(bytes(len(kept)))
    with pytest.raises(Refused, match="is harmed: secrets/access"):
        await restoring.restore(settings, folder)
    key.write_bytes(kept)
    (folder / "files.sha256").write_text("")
    with pytest.raises(Refused, match="not as it was written"):
        await restoring.restore(settings, folder)
    (folder / "manifest.json").unlink()
    with pytest.raises(Refused, match="no whole backup"):
        await restoring.restore(settings, folder)
    await db.open(database)


async def test_media_that_came_later_go_with_what_is_given_up(
    product: Product, database: str, postgres_server: TestServer, tmp_path: Path
) -> None:
    taken, settings = tmp_path / "taken", Settings(data_dir=product.folder / "data", database_url=database)
    async with worlds.opened(database, settings.data_dir) as world:
        (ana,) = await world.people("ana")
        await ana.post("before", pictures=1)
        await world.settle()
        before = _files(settings.media_dir)
        await backup.make(settings, database, taken)
    await db.close()
    async with emptied(postgres_server) as empty:
        elsewhere = Settings(data_dir=tmp_path / "elsewhere", database_url=empty)
        await restoring.restore(elsewhere, taken)
        assert _files(elsewhere.media_dir) == before
        await db.open(empty)
        async with ids.lease(empty), worlds.opened(empty, elsewhere.data_dir) as world:
            await Person(world, "ana", int(ana.id), ana.token).post("after", pictures=1)
            await world.settle()
        await db.close()
        assert len(_files(elsewhere.media_dir)) == 2 * len(before)
        await restoring.restore(elsewhere, taken, replace=True)
        assert _files(elsewhere.media_dir) == before
    await db.open(database)


async def test_half_a_restore_is_not_run_and_is_done_again(
    product: Product, database: str, postgres_server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=product.folder / "data", database_url=database)
    await backup.make(settings, database, tmp_path / "backup")
    async with emptied(postgres_server) as empty:
        elsewhere = Settings(data_dir=tmp_path / "elsewhere", database_url=empty)
        await db.close()
        with monkeypatch.context() as patch:
            patch.setattr(restoring, "forget", _cut_off)
            with pytest.raises(EngineDown):
                await restoring.restore(elsewhere, tmp_path / "backup")
        with pytest.raises(moved.LeftBehind, match="was interrupted: do it again"):
            moved.check(elsewhere)
        await restoring.restore(elsewhere, tmp_path / "backup")
        moved.check(elsewhere)
        with pytest.raises(Refused, match="There is an installation here already"):
            await restoring.restore(elsewhere, tmp_path / "backup")
    await db.open(database)


async def _cut_off(_: restoring.Lists) -> dict[str, int]:
    raise EngineDown("gone")


async def test_a_backup_that_fails_leaves_nothing(
    product: Product, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise EngineDown("gone")

    monkeypatch.setattr(backup, "_media", fails)
    settings, folder = Settings(data_dir=product.folder / "data", database_url=database), tmp_path / "backup"
    with pytest.raises(EngineDown):
        await backup.make(settings, database, folder)
    assert not folder.exists()
    folder.mkdir()
    (folder / "somebodys").touch()
    with pytest.raises(Refused, match="is not empty"):
        await backup.make(settings, database, folder)
    assert (folder / "somebodys").exists()


async def test_who_was_forgotten_is_forgotten_again(world: World) -> None:
    ana, ben = await world.people("ana", "ben")
    hers, his = await ana.post("hers", pictures=1), await ben.post("his")
    await world.settle()
    comment, kept = [await ben.comment(his, text) for text in ("one that was deleted", "one that stays")]
    await world.settle()
    gone: restoring.Lists = {"accounts": {int(ana.id), 7}, "posts": {9}, "comments": {int(comment["comment_id"]), 11}}
    assert await restoring.forget(gone) == {"accounts": 1, "posts": 0, "comments": 1}
    with pytest.raises(worlds.Refused):
        await ben.ask("GET", f"/users/{ana.id}")
    with pytest.raises(worlds.Refused):
        await ben.see(hers)
    seen = await ben.ask("GET", f"/posts/{his['post_id']}/comments")
    assert [one["comment_id"] for one in seen] == [kept["comment_id"]]
    await world.settle()
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: some seconds later\nupdate pgqueuer set execute_after = now()")
    await world.settle()
    async with db.read() as r:
        assert not await r.value(
            "-- tests: whether anybody\nselect exists (select from accounts where id = $1)", int(ana.id)
        )
    for kind, listed in gone.items():
        assert listed <= await erased.remembered(kind)
