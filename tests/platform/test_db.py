"""A pooled connection that a killed server left unusable is not handed out again."""

import asyncpg
import pytest

from tintype.platform import db


async def test_a_broken_connection_leaves_the_pool(database: str) -> None:
    seen: list[int] = []

    async def break_one() -> None:
        async with db.read() as r:
            seen.append(await r.value("select pg_backend_pid()"))
            raise asyncpg.InternalClientError("another operation is in progress")

    with pytest.raises(asyncpg.InternalClientError):
        await break_one()
    for _ in range(20):
        async with db.read() as r:
            assert await r.value("select pg_backend_pid()") not in seen
