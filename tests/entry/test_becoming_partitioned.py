"""Tables in use become partitioned ones: every row and rule stays, and nobody at work notices."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from tests.engines import load
from tests.engines.postgres import TestServer
from tests.engines.product import Product, installed
from tests.entry.test_backup import emptied
from tests.faults.crowd import people, reads, writes
from tintype.entry import moving
from tintype.platform import clock, ids, migrations
from tintype.platform.embedded_postgres import EmbeddedPostgres

BEFORE = "0020"
TABLES = {"reactions": "0022_reactions.sql", "comments": "0023_comments.sql", "impressions": "0024_impressions.sql"}
TO = """
import sys
from alembic import command
from pathlib import Path
from tintype.platform import migrations
migrations.folder = lambda: Path(sys.argv[2])
command.upgrade(migrations.config(sys.stdin.read()), sys.argv[1])
"""
REVISION = '''"""Tried."""

from tintype.platform.migrations import run_sql_apart

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    run_sql_apart("{name}")
'''
RATE, SECONDS, CLIENTS, WARM_UP = 40, 30.0, 16, 2.0
FILL = """
insert into reactions (user_id, post_id, reaction, counted, reaction_id)
select n, {now} - (n % 400)::bigint * 86400000 * 4194304, 'LIKE', 'LIKE', {now} + n from generate_series(1, 3000) n;
insert into comments (post_id, id, parent_id, author_id, text, deleted_at)
select {now} - n, {now} - (n % 400)::bigint * 86400000 * 4194304 - n, nullif({now} - n - 1, {now} - 2), n % 7,
  'words ' || n, case when n % 10 = 0 then now() end from generate_series(1, 3000) n;
insert into impressions select n % 50, now() - n * interval '10 minutes', n, 3, n, 1, '{{0.5}}'
from generate_series(1, 3000) n;
"""


@pytest.fixture
async def old(postgres_server: TestServer) -> AsyncIterator[str]:
    """A database as the version before made it."""
    async with emptied(postgres_server) as url:
        await asyncio.to_thread(_to, url, BEFORE)
        yield url


def _to(url: str, revision: str, folder: Path | None = None) -> None:
    program = [sys.executable, "-c", TO, revision, str(folder or migrations.folder())]
    done = subprocess.run(program, input=url, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


async def test_every_row_and_rule_stays(old: str) -> None:
    connection = await asyncpg.connect(old)
    await connection.execute("create role looker; grant select on comments to looker")
    await connection.execute("alter table reactions set (fillfactor = 85)")
    await connection.execute(FILL.format(now=ids.at(clock.now())))
    rows = await _summed(connection)
    shown = await connection.fetchval("select count(*) from live_comments")
    indexes = await _indexes(connection)
    await migrations.upgrade(old)
    assert await migrations.current(old) == migrations.known()[0]

    assert await _summed(connection) == rows
    assert await connection.fetchval("select count(*) from live_comments") == shown
    assert await _indexes(connection) == indexes
    for table in TABLES:
        kind = await connection.fetchval("select relkind from pg_class where relname = $1", table)
        assert kind == b"p"
        there = await connection.fetch(f"select distinct tableoid::regclass::text from {table}")
        assert [row[0] for row in there] == [f"{table}_before"], "nothing was copied"
        ends = await connection.fetchval("select min(until) from partitions_of($1)", table)
        assert ends > clock.now() + timedelta(days=30)
    assert not await connection.fetchval(
        "select exists (select from pg_constraint where conname = 'partition_promise')"
    )
    options = "select reloptions from pg_class where relname = $1"
    assert await connection.fetchval(options, "reactions_before") == ["fillfactor=85"]
    assert await connection.fetchval(options, "reactions_rest") == ["fillfactor=85"]
    assert await connection.fetchval("select has_table_privilege('looker', 'comments', 'select')")
    assert await connection.fetchval("select count(*) = 0 from pg_index where not indisvalid")

    now = ids.at(clock.now())
    await connection.execute("insert into comments (post_id, id, author_id, text) values (1, $1, 2, 'new')", now + 10)
    assert await connection.fetchval("select count(*) from live_comments") == shown + 1
    for again in (
        "insert into reactions select * from reactions limit 1",
        "insert into comments select * from comments limit 1",
        "insert into impressions select * from impressions limit 1",
    ):
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(again)
    await connection.execute("revoke select on comments, comments_before from looker; drop role looker")
    await connection.close()


async def test_what_was_interrupted_goes_on(old: str) -> None:
    connection = await asyncpg.connect(old)
    await connection.execute(FILL.format(now=ids.at(clock.now())))
    rows = await _summed(connection)
    await asyncio.to_thread(_to, old, "0021")
    for table, key, unit in (("reactions", "post_id", "month"), ("impressions", "at", "day")):
        await connection.execute(f"select partition_promise('{table}', '{key}', '{unit}')")
    await connection.execute("select partition_promise_check('reactions')")
    promised = "select pg_get_constraintdef(oid) from pg_constraint where conname = 'partition_promise' order by 1"
    first = await connection.fetch(promised)
    await connection.execute("select partition_promise('reactions', 'post_id', 'month')")
    assert await connection.fetch(promised) == first
    assert len(first) == 2
    await migrations.upgrade(old)
    assert await _summed(connection) == rows
    await connection.close()


async def test_a_clock_that_ran_ahead_does_not_stand_in_the_way(old: str) -> None:
    """Ids of next year are there, and more of them will come."""
    ahead = clock.now() + timedelta(days=400)
    connection = await asyncpg.connect(old)
    await connection.execute("update id_nodes set high_water = $1 where node = 3", (ids.at(ahead) >> 22) + 3_000)
    await connection.execute("insert into reactions values (1, $1, 'LIKE', null, 5)", ids.at(ahead))
    await migrations.upgrade(old)
    await connection.execute("insert into reactions values (2, $1, 'LIKE', null, 6)", ids.at(ahead) + 1)
    there = await connection.fetch("select tableoid::regclass::text as name from reactions")
    assert [row["name"] for row in there] == ["reactions_before"] * 2
    await connection.close()


async def test_an_index_that_was_half_made_is_made_anew(database: str, tmp_path: Path) -> None:
    """Of a partitioned table, each partition's concurrently; and it may be taken away again."""
    connection = await asyncpg.connect(database)
    await connection.execute("create index reactions_before_reactions_tried on reactions_before (reaction)")
    half = "update pg_index set indisvalid = false where indexrelid = 'reactions_before_reactions_tried'::regclass"
    await connection.execute(half)
    shutil.copytree(migrations.folder(), tmp_path / "migrations")
    made = "create index concurrently if not exists reactions_tried on reactions (reaction) where user_id > 5"
    _add(tmp_path / "migrations", "9998", migrations.known()[0], f"-- As it was.\n{made};\n")
    await asyncio.to_thread(_to, database, "head", tmp_path / "migrations")
    indexes = await connection.fetch(TRIED)
    partitions = await connection.fetchval("select count(*) from partitions_of('reactions')")
    assert len(indexes) == partitions + 1
    assert all(row["indisvalid"] and "user_id > 5" in row["about"] for row in indexes)
    _add(tmp_path / "migrations", "9999", "9998", "drop index concurrently if exists reactions_tried;\n")
    await asyncio.to_thread(_to, database, "head", tmp_path / "migrations")
    assert await connection.fetch(TRIED) == []
    await connection.close()


def _add(folder: Path, revision: str, before: str, statements: str) -> None:
    name = f"{revision}_tried_indexes.sql"
    (folder / "sql" / name).write_text(statements)
    (folder / "versions" / f"{revision}_tried.py").write_text(
        REVISION.format(revision=revision, before=before, name=name)
    )


@pytest.mark.faults
@pytest.mark.paired
@pytest.mark.timeout(240)
async def test_no_request_fails_while_tables_become_partitioned(tmp_path: Path) -> None:
    with installed(LOG_LEVEL="warning") as product:
        product.start()
        await _under_load(product)


async def _under_load(product: Product) -> None:
    url = EmbeddedPostgres(product.folder / "data").url
    crowd = people(product, 5)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(FILL.format(now=ids.at(clock.now() - timedelta(hours=1))))
        for table, file in TABLES.items():
            await _as_it_was(connection, table, (migrations.folder() / "sql" / file).read_text(encoding="utf-8"))
        await connection.execute("update alembic_version set version_num = $1", BEFORE)
        seen = {"items": [{"post_id": crowd[0].post_id, "dwell_ms": 900, "at": clock.iso(clock.now())}]}
        looks = [load.request("POST", "/api/v1/feed/impressions", one.token, seen) for one in crowd]
        asked = reads(crowd) + writes(crowd) + looks
        generator = load.Generator(load.Plan(product.port, asked, RATE, SECONDS, CLIENTS))
        await asyncio.sleep(WARM_UP)
        await asyncio.to_thread(_to, url, "head")
        assert generator.is_at_work, "the migration took longer than the load"
        for table in TABLES:
            assert await connection.fetchval("select relkind from pg_class where relname = $1", table) == b"p"
        answers = generator.seen()
        assert answers.lost == answers.refused == 0
        assert not answers.failed_at, answers.failed_at
        assert answers.count(201) > RATE
        assert answers.count(201) <= await connection.fetchval(WRITTEN)
        assert await connection.fetchval("select count(*) from reactions where user_id > 100000") == len(crowd)
    finally:
        await connection.close()


async def _as_it_was(connection: asyncpg.Connection, table: str, migration: str) -> None:
    """A plain table of the same rows and indexes, under the names that the migration expects."""
    key = re.search(r"primary key \([^)]*\)", migration)
    assert key is not None
    made = re.findall(r"^create (?:unique )?index [^;]*;|^create or replace view [^;]*;", migration, re.MULTILINE)
    rest = [one for n, one in enumerate(made) if one not in made[:n]]
    await connection.execute(f"""
        begin;
        create table plain (like {table} including defaults, {key[0]});
        insert into plain select * from {table};
        drop table {table} cascade;
        alter table plain rename to {table};
        alter index plain_pkey rename to {table}_pkey;
        {" ".join(rest)}
        commit;
    """)


async def _summed(connection: asyncpg.Connection) -> dict[str, tuple[int, int]]:
    found = {}
    for table in TABLES:
        row = await connection.fetchrow(moving.COUNT.format(table=table))
        found[table] = (row["rows"], int(row["hash"]))
    return found


async def _indexes(connection: asyncpg.Connection) -> dict[str, str]:
    """Of the tables themselves, not of partitions: what each is on, and whether it is unique."""
    rows = await connection.fetch(INDEXES, list(TABLES))
    return {row["name"]: row["about"] for row in rows}


TRIED = """
select c.relname, x.indisvalid, pg_get_indexdef(c.oid) as about
from pg_index x join pg_class c on c.oid = x.indexrelid where c.relname like '%reactions_tried'
"""

WRITTEN = """
select (select count(*) from posts) + (select count(*) from comments where author_id > 100000)
"""

INDEXES = """
select i.relname as name, replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ') as about
from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
where t.relname = any($1)
"""
