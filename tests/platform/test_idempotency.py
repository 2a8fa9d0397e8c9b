"""A creating request sent twice creates once."""

import asyncio
from datetime import timedelta

import pytest

from tintype.platform import clock, db, idempotency
from tintype.platform.db import Actor
from tintype.platform.errors import Invalid

ANA, BEN = Actor(1), Actor(2)

pytestmark = pytest.mark.usefixtures("database")


async def create(actor: Actor, key: str | None, body: bytes, resource: int, operation: str = "create") -> int:
    """As routes do it; returns the resource's id."""
    async with db.act(actor) as tx:
        seen = await idempotency.begin(tx, operation, key, body)
        if seen is not None:
            return seen
        await idempotency.keep(tx, operation, key, body, 201, resource)
        return resource


async def test_the_same_request_again_finds_what_the_first_made() -> None:
    assert await create(ANA, "k", b"{}", 10) == 10
    assert await create(ANA, "k", b"{}", 11) == 10


async def test_a_key_belongs_to_an_account_and_an_operation() -> None:
    assert await create(ANA, "k", b"{}", 10) == 10
    assert await create(BEN, "k", b"{}", 11) == 11
    assert await create(ANA, "k", b"{}", 12, operation="other") == 12


async def test_without_a_key_every_request_counts() -> None:
    assert await create(ANA, None, b"{}", 10) == 10
    assert await create(ANA, None, b"{}", 11) == 11


async def test_another_body_is_refused() -> None:
    await create(ANA, "k", b"{}", 10)
    with pytest.raises(idempotency.KeyReused) as refused:
        await create(ANA, "k", b'{"a":1}', 11)
    assert (refused.value.status, refused.value.code) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_a_failure_is_not_kept() -> None:
    async def fail() -> None:
        async with db.act(ANA) as tx:
            await idempotency.begin(tx, "create", "k", b"{}")
            await idempotency.keep(tx, "create", "k", b"{}", 201, 10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await create(ANA, "k", b"{}", 11) == 11


async def test_a_twin_in_another_transaction_is_told_to_ask_again() -> None:
    async with db.act(ANA) as tx:
        assert await idempotency.begin(tx, "create", "k", b"{}") is None
        with pytest.raises(idempotency.InProgress) as refused:
            await create(ANA, "k", b"{}", 11)
        assert (refused.value.status, refused.value.headers) == (409, {"Retry-After": "1"})
        await idempotency.keep(tx, "create", "k", b"{}", 201, 10)
    assert await create(ANA, "k", b"{}", 11) == 10


async def test_of_many_twins_one_creates() -> None:
    async def patient(resource: int) -> int:
        while True:
            try:
                return await create(ANA, "k", b"{}", resource)
            except idempotency.InProgress:
                await asyncio.sleep(0.01)

    assert len(set(await asyncio.gather(*(patient(n) for n in range(10))))) == 1


async def test_a_key_is_forgotten_after_a_day() -> None:
    await create(ANA, "k", b"{}", 10)
    try:
        clock.shift(timedelta(hours=23))
        assert await create(ANA, "k", b"{}", 11) == 10
        clock.shift(timedelta(hours=25))
        assert await create(ANA, "k", b"other", 12) == 12
        assert await create(ANA, "k", b"other", 13) == 12
    finally:
        clock.shift(timedelta())


@pytest.mark.parametrize("key", ["", "x" * 256, "ü", "a\nb"])
async def test_keys_are_short_and_plain(key: str) -> None:
    with pytest.raises(Invalid):
        await create(ANA, key, b"{}", 10)
