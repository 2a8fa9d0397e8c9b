"""An upgrade dumps first and may be taken back; a downgrade is refused, in words."""

import subprocess
from pathlib import Path

import asyncpg
import pytest

from tests.engines.postgres import TestServer
from tests.engines.product import installed
from tests.entry.test_backup import emptied
from tintype.entry import upgrading
from tintype.platform import dumping, migrations
from tintype.platform.config import Settings
from tintype.platform.migrations import MadeByNewer, MigrationFailed


@pytest.fixture
async def older(database: str) -> str:
    """A database that the newest migration has not seen; running it again does no harm to what this test looks at."""
    newest, before, *_ = migrations.known()
    connection = await asyncpg.connect(database)
    await connection.execute("update alembic_version set version_num = $1 where version_num = $2", before, newest)
    await connection.execute("create table kept (n int); insert into kept values (7)")
    await connection.close()
    return database


async def test_the_database_is_dumped_before_it_is_changed(
    older: str, tmp_path: Path, postgres_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, said = Settings(data_dir=tmp_path, database_url=older), list[str]()
    seen: list[str | None] = []

    async def upgrade(url: str) -> None:
        seen.append(await migrations.current(url))

    monkeypatch.setattr(migrations, "upgrade", upgrade)
    await upgrading.upgrade(settings, older, said.append)
    before = migrations.known()[1]
    assert seen == [before]
    (dump,) = (tmp_path / "upgrades").iterdir()
    assert dump.name.endswith(f"-{before}.dump")
    assert dump.stat().st_mode & 0o077 == 0
    assert said[0] == "dumping the database before it is changed"
    async with emptied(postgres_server) as empty:
        await dumping.restore(empty, dump)
        connection = await asyncpg.connect(empty)
        assert await connection.fetchval("select n from kept") == 7
        await connection.close()
    for n in range(3):
        dump.with_name(f"0{n}.dump").touch()
    await upgrading.upgrade(settings, older, said.append)
    assert len(list((tmp_path / "upgrades").iterdir())) == upgrading.KEPT


async def test_nothing_is_changed_where_the_dump_fails(older: str, tmp_path: Path) -> None:
    (tmp_path / "upgrades").write_text("in the way")
    with pytest.raises(MigrationFailed, match="the dump that comes first failed"):
        await upgrading.upgrade(Settings(data_dir=tmp_path, database_url=older), older)
    assert await migrations.current(older) == migrations.known()[1]


async def test_a_new_database_and_one_that_is_up_to_date_are_not_dumped(database: str, tmp_path: Path) -> None:
    await upgrading.upgrade(Settings(data_dir=tmp_path, database_url=database), database)
    assert not (tmp_path / "upgrades").exists()


async def test_a_downgrade_is_refused(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("update alembic_version set version_num = '9999_of_the_future'")
    await connection.close()
    with pytest.raises(MadeByNewer, match="made by a newer one"):
        await migrations.upgrade(database)
    with installed(DATABASE_URL=database) as product:
        for command in ("migrate", "serve"):
            answer: subprocess.CompletedProcess[str] = product.command(command)
            assert answer.returncode == 1
            assert "schema 9999_of_the_future, which this version of Tintype does not know" in answer.stderr
