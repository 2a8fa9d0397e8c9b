"""Alembic runs in here: on an asyncpg connection, one transaction a migration, one migrator at a time.

A statement that has to wait for a lock makes everybody queue behind it: it gives up after a second, lets them pass, and
the migration is tried again.
"""

import asyncio
from typing import Any

import asyncpg
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

LOCK = 0x7117_0001
LOCK_TIMEOUT = "set lock_timeout = '1s'"
TRIES, REST_SECONDS, WAIT_SECONDS = 40, 1.5, 0.1
PASSING = {asyncpg.LockNotAvailableError.sqlstate, asyncpg.DeadlockDetectedError.sqlstate}


def run(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    url: str = context.config.attributes["url"]
    arguments: dict[str, Any] = {"dsn": url, "server_settings": {"application_name": "tintype migrations"}}
    engine = create_async_engine("postgresql+asyncpg://", connect_args=arguments)
    async with engine.connect() as lock:
        # Nobody waits in a statement or in a transaction: that would keep indexes from being made concurrently.
        while not await lock.scalar(text("select pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            await lock.commit()
            await asyncio.sleep(WAIT_SECONDS)
        await lock.commit()
        for left in reversed(range(TRIES)):
            try:
                await once(engine)
                break
            except (asyncpg.PostgresError, DBAPIError) as error:
                if left == 0 or sqlstate(error) not in PASSING:
                    raise
                await asyncio.sleep(REST_SECONDS)
    await engine.dispose()


async def once(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text(LOCK_TIMEOUT))
        await connection.commit()
        await connection.run_sync(run)
        await connection.commit()


def sqlstate(error: asyncpg.PostgresError | DBAPIError) -> str | None:
    found = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(found, "sqlstate", None)
    return state


asyncio.run(main())
