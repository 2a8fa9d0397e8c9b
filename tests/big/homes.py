"""New homes on every engine, whose database is empty and belongs to a role without rights; and waiting there."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg

from tests.engines.big import Big, Place
from tests.engines.people import Somebody

ROLE = "photos"


async def new_home(big: Big) -> Place:
    """Room on the engines for an installation that is yet to come."""
    place, name = big.place(), f"e{uuid4().hex[:12]}"
    admin = await asyncpg.connect(big.postgres.primary.url_of("postgres"))
    try:
        if not await admin.fetchval("select exists (select from pg_roles where rolname = $1)", ROLE):
            await admin.execute(f"create role {ROLE} login nosuperuser nocreatedb nocreaterole noreplication")
        await admin.execute(f"create database {name} owner {ROLE} template template0")
    finally:
        await admin.close()
    primary, replica = (_as_role(one.url_of(name)) for one in (big.postgres.primary, big.postgres.replica))
    return Place(primary, place.more | {"replica_urls": replica})


async def until(fact: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Until something has come about."""
    deadline = time.monotonic() + seconds
    while not await fact():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.1)


async def has(reader: Somebody, post: dict[str, Any]) -> bool:
    """Whether a post is in somebody's home feed."""
    return post["post_id"] in await reader.home()


def _as_role(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{ROLE}@{rest.partition('@')[2]}"
