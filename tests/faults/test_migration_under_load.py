"""The database is migrated while people read and write: an expanding migration fails no request."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.engines import load
from tests.engines.product import Product, installed
from tests.faults.crowd import people, reads, writes
from tests.repository.expansion import broken
from tintype.platform import migrations

RATE, SECONDS, CLIENTS, BEFORE = 40, 12.0, 16, 2.0
EXPANDING = """
alter table posts add column tried text, add column tried_at timestamptz not null default clock_timestamp();
alter table comments add column tried integer not null default 0;
alter table follows add column tried boolean not null default false;
create table tried (post_id bigint primary key, note text not null);
"""
INDEXING = """
create index concurrently if not exists posts_tried on posts (tried);
create index concurrently if not exists comments_tried on comments (tried);
"""
WHOLE = """
select (select count(*) from pg_inherits where inhparent = 'comments_tried'::regclass)
  = (select count(*) from pg_inherits where inhparent = 'comments'::regclass)
  and (select bool_and(x.indisvalid) from pg_index x join pg_class c on c.oid = x.indexrelid
       where c.relname like '%comments_tried')
"""
REVISION = '''"""Tried under load."""

from tintype.platform.migrations import run_sql, run_sql_apart

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    {how}("{name}")
'''
UPGRADE = """
import sys
from pathlib import Path
from tintype.platform import migrations
migrations.folder = lambda: Path(sys.argv[1])
migrations._main()
"""

pytestmark = [pytest.mark.faults, pytest.mark.paired, pytest.mark.timeout(120)]


@pytest.fixture
def product() -> Iterator[Product]:
    with installed(LOG_LEVEL="warning") as found:
        found.start()
        yield found


async def test_no_request_fails_while_the_schema_grows(product: Product, tmp_path: Path) -> None:
    assert not broken({"9998_expand.sql": EXPANDING, "9999_index.sql": INDEXING})
    url = product.database_url
    crowd = people(product, 5)
    generator = load.Generator(load.Plan(product.port, reads(crowd) + writes(crowd), RATE, SECONDS, CLIENTS))
    await asyncio.sleep(BEFORE)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():  # the migration has to wait for this, and nobody else
            await connection.execute("lock table posts in access share mode")
            upgrading = _upgrading(_longer(tmp_path / "migrations"), url)
            await asyncio.sleep(2.5)
            assert upgrading.poll() is None
        assert await asyncio.to_thread(upgrading.wait, 30) == 0
        assert generator.is_at_work, "the migration took longer than the load"
        assert await connection.fetchval("select to_regclass('posts_tried') is not null")
        assert await connection.fetchval(WHOLE), "of each partition, and of the table as a whole"
        assert await connection.fetchval("select version_num from alembic_version") == "9999"
    finally:
        await connection.close()
    seen = generator.seen()
    assert seen.lost == seen.refused == 0
    assert not seen.failed_at, seen.failed_at
    assert seen.count(201) > RATE


def _longer(folder: Path) -> Path:
    """The migrations as they are, and two more."""
    newest = max(path.stem for path in (migrations.folder() / "sql").glob("*.sql"))[:4]
    for part in ("sql", "versions"):
        (folder / part).mkdir(parents=True)
        for path in (migrations.folder() / part).glob("*.*"):
            (folder / part / path.name).write_text(path.read_text())
    (folder / "env.py").write_text((migrations.folder() / "env.py").read_text())
    more = [("9998", newest, "run_sql", EXPANDING), ("9999", "9998", "run_sql_apart", INDEXING)]
    for revision, before, how, statements in more:
        name = f"{revision}_tried.sql"
        (folder / "sql" / name).write_text(statements)
        text = REVISION.format(revision=revision, before=before, how=how, name=name)
        (folder / "versions" / f"{revision}_tried.py").write_text(text)
    return folder


def _upgrading(folder: Path, url: str) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "-c", UPGRADE, str(folder)], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(url.encode())
    process.stdin.close()
    return process
