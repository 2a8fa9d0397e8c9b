"""The job queue: tasks rather than facts (transcode, purge, mail), enqueued in the caller's transaction."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.queries import Queries

from tintype.platform.db import Tx

Handler = Callable[[dict[str, Any]], Awaitable[None]]
Handlers = Mapping[str, Handler]
OUTAGE_DELAY = timedelta(seconds=3)  # after which a job is done again that an engine did not answer: that is no try


async def enqueue(
    tx: Tx,
    name: str,
    payload: Mapping[str, Any],
    *,
    delay: timedelta = timedelta(0),
    priority: int = 0,
) -> None:
    """Save a job with the write it belongs to; it runs at least once, after `delay`, higher `priority` first."""
    queries = Queries(AsyncpgDriver(tx.connection))
    await queries.enqueue(name, msgspec.json.encode(payload), priority, execute_after=delay)


async def pending(tx: Tx, name: str) -> list[dict[str, Any]]:
    """The payloads of the jobs of this name that wait, or are being done."""
    return [msgspec.json.decode(row["payload"]) for row in await tx.rows(PENDING, name)]


PENDING = """
-- jobs: what waits or is being done under a name
select payload from pgqueuer where entrypoint = $1 and status in ('queued', 'picked')
"""
