"""The embedded PostgreSQL: its data outlive every end, and nobody but us comes in."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import unquote

import asyncpg
import pytest

from tintype.platform import embedded_postgres, migrations
from tintype.platform.embedded_postgres import EmbeddedPostgres, NotStarted


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can reach, which pytest's own are not when root runs the tests."""
    found = Path(tempfile.mkdtemp(prefix="tintype-it's-"))
    found.chmod(0o755)
    yield found
    shutil.rmtree(found)


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    made = EmbeddedPostgres(folder)
    await made.start()
    yield made
    await made.stop()


async def ask(server: EmbeddedPostgres, sql: str) -> object:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_it_is_what_the_product_needs(server: EmbeddedPostgres) -> None:
    assert str(await ask(server, "show server_version")).startswith("18")
    assert await ask(server, "select datlocale from pg_database where datname = current_database()") == "C.UTF-8"
    assert await ask(server, "show listen_addresses") == ""
    assert await ask(server, "show max_wal_size") == "2GB"


async def test_data_outlive_a_kill_and_a_stop(server: EmbeddedPostgres) -> None:
    await ask(server, "create table kept as select 42 as answer")
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    assert not server.is_running()
    await server.start()
    assert await ask(server, "select answer from kept") == 42
    await server.stop()
    await server.start()
    assert await ask(server, "select answer from kept") == 42


async def test_an_orphan_is_ended_and_taken_over(server: EmbeddedPostgres, folder: Path) -> None:
    orphan = server.process
    assert orphan is not None
    assert server._lock is not None
    server._lock.close()  # as it is when its supervisor dies
    reaping = asyncio.create_task(asyncio.to_thread(orphan.wait))
    heir = EmbeddedPostgres(folder)
    await heir.start()
    try:
        assert await reaping == 0
        assert await ask(heir, "select 1") == 1
    finally:
        await heir.stop()


async def test_a_pid_file_that_names_somebody_else_is_taken_away(server: EmbeddedPostgres) -> None:
    await server.stop()
    (server.cluster / "postmaster.pid").write_text("1\n")
    await server.start()
    assert await ask(server, "select 1") == 1


async def test_nobody_comes_in_without_the_password(server: EmbeddedPostgres, folder: Path) -> None:
    password = (folder / "secrets" / "database").read_text()
    assert (folder / "secrets" / "database").stat().st_mode & 0o077 == 0
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url.replace(password, "guess"))
    assert Path(unquote(server.url.partition("host=")[2])).stat().st_mode & 0o077 == 0


async def test_without_its_secrets_it_is_given_new_ones(server: EmbeddedPostgres, folder: Path) -> None:
    await server.stop()
    before = (folder / "secrets" / "database").read_text()
    shutil.rmtree(folder / "secrets")
    await server.start()
    assert (folder / "secrets" / "database").read_text() != before
    assert await ask(server, "select 1") == 1
    await test_nobody_comes_in_without_the_password(server, folder)


async def test_a_wrong_secret_says_how_to_go_on(server: EmbeddedPostgres, folder: Path) -> None:
    await server.stop()
    (folder / "secrets" / "database").write_text("wrong")
    with pytest.raises(NotStarted, match="delete it to have a new one made"):
        await server.start()


async def test_settings_of_the_operator_count(server: EmbeddedPostgres) -> None:
    await server.stop()
    (server.folder / "local.conf").write_text("max_connections = 33\n")
    await server.start()
    assert await ask(server, "show max_connections") == "33"


async def test_a_setting_that_is_wrong_is_quoted_from_the_log(server: EmbeddedPostgres) -> None:
    await server.stop()
    (server.folder / "local.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(NotStarted, match="no_such_setting"):
        await server.start()


async def test_a_deep_folder_has_its_socket_elsewhere(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("deep" * 30), durable=False)
    await server.start()
    try:
        assert await ask(server, "select 1") == 1
    finally:
        await server.stop()
    shutil.rmtree(unquote(server.url.partition("host=")[2]))


def test_where_root_keeps_the_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgres, "STATE", folder / "state")
    closed = folder / "closed" / "postgres"
    closed.parent.mkdir(mode=0o700)
    place = embedded_postgres._folder
    assert place(closed, as_root=False) == closed
    assert place(folder / "postgres", as_root=True) == folder / "postgres"
    elsewhere = place(closed, as_root=True)
    assert elsewhere.is_relative_to(folder / "state")
    closed.symlink_to(elsewhere)
    (folder / "closed").chmod(0o755)
    (folder / "closed").rename(folder / "moved")
    assert place(folder / "moved" / "postgres", as_root=True) == elsewhere


async def test_two_copies_of_a_folder_do_not_fight_over_its_database(server: EmbeddedPostgres, folder: Path) -> None:
    copy = folder / "copy"
    shutil.copytree(folder / "secrets", copy / "secrets")
    (copy / "postgres").symlink_to(server.folder)
    with pytest.raises(NotStarted, match="in use by another process"):
        await EmbeddedPostgres(copy).start()
    assert await ask(server, "select 1") == 1


async def test_migrations_are_made_once_whoever_comes_first(server: EmbeddedPostgres) -> None:
    wanted = await migrations.pending(server.url)
    assert wanted[0] == "0001"
    await asyncio.gather(*(migrations.upgrade(server.url) for _ in range(3)))
    assert await migrations.pending(server.url) == []
    assert await ask(server, "select version_num from alembic_version") == wanted[-1]


async def test_a_migration_that_fails_changes_nothing(server: EmbeddedPostgres) -> None:
    await ask(server, "create table accounts ()")
    with pytest.raises(migrations.MigrationFailed, match="accounts"):
        await migrations.upgrade(server.url)
    assert await migrations.pending(server.url) != []
    assert await ask(server, "select to_regclass('usernames')") is None
    await ask(server, "drop table accounts")
    await migrations.upgrade(server.url)
    assert await migrations.pending(server.url) == []
