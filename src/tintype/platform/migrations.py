"""Migrations: Alembic keeps the order, plain SQL does the work; expand first, contract a release later.

Alembic is loaded by the process that migrates alone: every command looks whether something is pending.
"""

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from tintype.platform import db
from tintype.platform.config import CHECKOUT

if TYPE_CHECKING:
    from alembic.config import Config

SECONDS = 600
MADE = re.compile(
    r"^create (unique )?index concurrently (?:if not exists )?(\w+) on (\w+)\b(.*)", re.DOTALL | re.MULTILINE
)
DROPPED = re.compile(r"^drop index concurrently (?:if exists )?(\w+)", re.MULTILINE)


class MigrationFailed(RuntimeError):
    """What the database said."""


def folder() -> Path:
    """`migrations/` of a checkout, or of the installed package."""
    packaged = Path(__file__).resolve().parents[1] / "migrations"
    return packaged if packaged.exists() else CHECKOUT / "migrations"


def run_sql(name: str) -> None:
    """Run one file of `migrations/sql` whole, in the migration's transaction (called by a revision)."""
    from alembic import op
    from sqlalchemy.util import await_only

    statements = (folder() / "sql" / name).read_text(encoding="utf-8")
    bind = op.get_bind()
    bind.exec_driver_sql("select 1")  # opens the transaction that the raw connection then is in
    raw = bind.connection.driver_connection
    assert raw is not None
    await_only(raw.execute(statements))


def run_sql_apart(name: str) -> None:
    """Run the statements of a file one by one, each by itself and none in a transaction: `create index concurrently`.

    What fails half-way is run again from its start, so each statement has to do no harm a second time. PostgreSQL makes
    no index of a partitioned table concurrently: there each partition's is, and the table's own consists of those.
    """
    from alembic import op

    text = (folder() / "sql" / name).read_text(encoding="utf-8")
    with op.get_context().autocommit_block():
        for statement in text.split(";\n"):
            for one in _by_partition(statement) if statement.strip() else ():
                op.get_bind().exec_driver_sql(one)


def _by_partition(statement: str) -> list[str]:
    """A statement as it is, unless it is about an index of a partitioned table."""
    if (made := MADE.search(statement)) and (partitions := _names(PARTITIONS, made[3])):
        unique, index, table, on = made.groups(default="")
        half_made = _names(HALF_MADE, index)
        own = [f"create {unique}index concurrently if not exists {one}_{index} on {one}{on}" for one in partitions]
        return [
            *(f"drop index {one}" for one in half_made),
            *own,
            f"create {unique}index if not exists {index} on {table}{on}",
        ]
    if (dropped := DROPPED.search(statement)) and _names(PARTITIONS, dropped[1]):
        return [f"drop index if exists {dropped[1]}"]
    return [statement]


def _names(query: str, name: str) -> list[str]:
    from alembic import op

    return [row[0] for row in op.get_bind().exec_driver_sql(query, (name,))]


async def upgrade(url: str) -> None:
    """Bring a database to the newest revision; of two that start together, one waits. Raises MigrationFailed."""
    try:
        await pending(url)
    except db.NO_ANSWER as error:
        raise MigrationFailed(str(error)) from error
    command = [sys.executable, "-m", "tintype.platform.migrations"]
    done = await asyncio.to_thread(
        subprocess.run, command, input=url, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.strip().splitlines() if not line.startswith("(Background on this error")]
        raise MigrationFailed(said[-1] if said else "no reason given")


class MadeByNewer(MigrationFailed):
    """The database has a schema that this version does not know."""

    def __init__(self, schema: str) -> None:
        super().__init__(
            f"it has schema {schema}, which this version of Tintype does not know: it was made by a newer one. "
            "Run that one, or restore a backup from before the upgrade."
        )


def known() -> list[str]:
    """Every revision of this version, newest first: their files begin with them, in order."""
    return sorted((one.stem.partition("_")[0] for one in (folder() / "versions").glob("[0-9]*.py")), reverse=True)


def config(url: str = "") -> "Config":
    """What Alembic wants to know."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(folder()))
    made.attributes["url"] = url
    return made


async def current(url: str) -> str | None:
    """The revision that the database has; None for one without any."""
    connection = await asyncpg.connect(url, timeout=5, command_timeout=5)
    try:
        has = await connection.fetchval("select to_regclass('alembic_version') is not null")
        found: str | None = await connection.fetchval("select version_num from alembic_version") if has else None
    finally:
        await connection.close()
    return found


async def pending(url: str) -> list[str]:
    """Revisions that the database has not seen, oldest first. Raises MadeByNewer."""
    have, heads = await current(url), known()
    if have is not None and have not in heads:
        raise MadeByNewer(have)
    return list(reversed(heads[: heads.index(have)] if have is not None else heads))


PARTITIONS = """
select i.inhrelid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhparent
where c.oid = to_regclass($1) and c.relkind in ('p', 'I') order by 1
"""

HALF_MADE = """
select x.indexrelid::regclass::text from pg_index x join pg_class c on c.oid = x.indexrelid
where not x.indisvalid and c.relkind = 'i' and right(c.relname, length($1) + 1) = '_' || $1
"""


def _main() -> None:
    """In a process of its own, since Alembic keeps its state in globals and its environment runs a loop."""
    from alembic import command

    command.upgrade(config(sys.stdin.read()), "head")


if __name__ == "__main__":
    _main()
