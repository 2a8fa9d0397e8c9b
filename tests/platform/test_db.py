"""A pooled connection that cannot be used is not handed out again, and nobody waits for the database for ever."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

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


@pytest.mark.parametrize("opened", [db.read, lambda: db.act(db.SYSTEM)])
async def test_the_whole_has_one_deadline_whatever_it_is_made_of(
    database: str, monkeypatch: pytest.MonkeyPatch, opened: Callable[[], Any]
) -> None:
    monkeypatch.setattr(db, "READ_SECONDS", db.ACQUIRE_SECONDS + 0.3)
    monkeypatch.setattr(db, "ACT_SECONDS", db.ACQUIRE_SECONDS + 0.3)

    async def look_again_and_again() -> None:
        async with opened() as r:
            for _ in range(100):
                await r.value("select pg_sleep(0.05)")

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await look_again_and_again()
    assert time.monotonic() - began < 2
    async with db.read() as r:
        assert await r.value("select true")


async def test_it_tells_the_longest_wait_for_a_connection_once(database: str) -> None:
    db.longest_wait()

    async def hold(seconds: float) -> None:
        async with db.read() as r:
            await r.value("select pg_sleep($1)", seconds)

    await asyncio.gather(*(hold(0.1) for _ in range(20)))
    assert db.longest_wait() > 0.05
    assert db.longest_wait() == 0
