"""A dump restored into a fresh cluster: the log goes on rightly, and says that it is another incarnation."""

import subprocess
from collections.abc import Iterator

import asyncpg
import pytest

from tests.engines import postgres
from tests.platform.log_bench import Log, note, notes
from tintype.platform import db, ids


@pytest.fixture
def fresh() -> Iterator[postgres.TestServer]:
    with postgres.running() as server:
        yield server


async def test_a_dump_restored_into_a_fresh_cluster_continues(
    postgres_server: postgres.TestServer, fresh: postgres.TestServer, database: str
) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table notes (id bigint generated always as identity, thing bigint, n bigint)")
    log = await Log(database).start()
    await note((1, 1), (2, 1))
    await log.settle()
    await note((1, 2))
    await log.sequencer.step()  # in the log, not handled
    await note((1, 3))  # in the inbox, not in the log
    await log.stop()
    old = await _state(database)

    async with fresh.clone() as restored:
        await _empty(restored)
        _copy(postgres_server, database, restored)
        await db.close()
        await db.open(restored)
        async with ids.lease(restored):
            log = await Log(restored).start()
            await note((1, 4), (2, 2))
            await log.settle()
            handled = await notes(restored)
            new = await _state(restored)
            await log.stop()

    assert [n for thing, n in handled if thing == 1] == [1, 2, 3, 4]
    assert [n for thing, n in handled if thing == 2] == [1, 2]
    assert new["pos"] == old["pos"] + 3
    assert new["incarnation"] != old["incarnation"], "external stores have to know"


def _copy(server: postgres.TestServer, source: str, target: str) -> None:
    tools = server.server.binaries
    dump = subprocess.run([tools / "pg_dump", "--format=custom", source], capture_output=True, check=True, timeout=60)
    command = [str(tools / "pg_restore"), "--no-owner", "--exit-on-error", "--dbname", target]
    subprocess.run(command, input=dump.stdout, check=True, timeout=60)


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("drop schema public cascade; create schema public")
    await connection.close()


async def _state(url: str) -> asyncpg.Record:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchrow("select pos, incarnation from log_state")
    finally:
        await connection.close()
