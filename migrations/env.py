"""Alembic runs in here: on an asyncpg connection, one transaction a migration, one migrator at a time."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

LOCK = 0x7117_0001


def run(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    url: str = context.config.attributes["url"]
    arguments: dict[str, Any] = {"dsn": url, "server_settings": {"application_name": "tintype migrations"}}
    engine = create_async_engine("postgresql+asyncpg://", connect_args=arguments)
    async with engine.connect() as lock:
        await lock.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
    await engine.dispose()


asyncio.run(main())
