"""Migrations: Alembic keeps the order, plain SQL does the work; expand first, contract a release later."""

import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
from alembic import op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.util import await_only

from tintype.platform.config import CHECKOUT

SECONDS = 600


class MigrationFailed(RuntimeError):
    """What the database said."""


def folder() -> Path:
    """`migrations/` of a checkout, or of the installed package."""
    packaged = Path(__file__).resolve().parents[1] / "migrations"
    return packaged if packaged.exists() else CHECKOUT / "migrations"


def run_sql(name: str) -> None:
    """Run one file of `migrations/sql` whole, in the migration's transaction (called by a revision)."""
    statements = (folder() / "sql" / name).read_text(encoding="utf-8")
    bind = op.get_bind()
    bind.exec_driver_sql("select 1")  # opens the transaction that the raw connection then is in
    raw = bind.connection.driver_connection
    assert raw is not None
    await_only(raw.execute(statements))


def run_sql_apart(name: str) -> None:
    """Run the statements of a file one by one, each by itself and none in a transaction: `create index concurrently`.

    What fails half-way is run again from its start, so each statement has to do no harm a second time.
    """
    text = (folder() / "sql" / name).read_text(encoding="utf-8")
    with op.get_context().autocommit_block():
        for statement in text.split(";\n"):
            if statement.strip():
                op.get_bind().exec_driver_sql(statement)


async def upgrade(url: str) -> None:
    """Bring a database to the newest revision; of two that start together, one waits. Raises MigrationFailed."""
    command = [sys.executable, "-m", "tintype.platform.migrations"]
    done = await asyncio.to_thread(
        subprocess.run, command, input=url, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.strip().splitlines() if not line.startswith("(Background on this error")]
        raise MigrationFailed(said[-1] if said else "no reason given")


async def pending(url: str) -> list[str]:
    """Revisions that the database has not seen, oldest first."""
    connection = await asyncpg.connect(url, timeout=5, command_timeout=5)
    try:
        known = await connection.fetchval("select to_regclass('alembic_version') is not null")
        current = await connection.fetchval("select version_num from alembic_version") if known else None
    finally:
        await connection.close()
    script = ScriptDirectory.from_config(_config(url))
    heads = [one.revision for one in script.walk_revisions("base", "heads")]
    return list(reversed(heads[: heads.index(current)] if current in heads else heads))


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder()))
    config.attributes["url"] = url
    return config


def _main() -> None:
    """In a process of its own, since Alembic keeps its state in globals and its environment runs a loop."""
    from alembic import command

    command.upgrade(_config(sys.stdin.read()), "head")


if __name__ == "__main__":
    _main()
