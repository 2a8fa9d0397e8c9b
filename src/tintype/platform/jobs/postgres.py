"""The job queue on PostgreSQL: pgqueuer, with back-off and a hard end after five tries.

A job that an engine did not answer (`EngineDown`) waits for it however long that takes: it is no try.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.queries import Queries

from tintype.platform import db
from tintype.platform.db import Reader, Tx
from tintype.platform.guard import EngineDown
from tintype.platform.jobs.port import OUTAGE_DELAY, Handler, Handlers
from tintype.platform.telemetry import log, span

HEARTBEAT = timedelta(seconds=8)


async def run(
    url: str,
    handlers: Handlers,
    *,
    at_once: Mapping[str, int] | None = None,
    started: Callable[[QueueManager], None] | None = None,
) -> None:
    """Take jobs until cancelled; a job whose worker was killed is taken again when its heartbeat is 8 s old.

    Of a name in `at_once` no more than so many are done at a time, over all workers; the others do not wait for them.
    """
    while True:
        connection = await db.connect(url, name="jobs")
        manager = _manager(connection, handlers, at_once or {})
        if started is not None:
            started(manager)
        try:
            await manager.run(dequeue_timeout=timedelta(seconds=5), heartbeat_timeout=HEARTBEAT)
            return
        except db.CONNECTION_LOST as error:
            log.warning("jobs.connection_lost", error=repr(error))
            await asyncio.sleep(1)
        finally:
            with suppress(Exception):
                await connection.close(timeout=2)


class Stuck(msgspec.Struct, frozen=True):
    """Jobs of one name that were given up, and those that should have been done by now."""

    name: str
    failed: int
    late: int


async def stuck(r: Reader, seconds: float) -> list[Stuck]:
    """What does not get done by itself, or not within so many seconds after it was due."""
    return [Stuck(**dict(row)) for row in await r.rows(STUCK, timedelta(seconds=seconds))]


async def redrive(tx: Tx) -> int:
    """Try given-up jobs again; returns how many."""
    return await tx.run(REDRIVE)


async def release(tx: Tx) -> int:
    """Let go of the jobs of workers that are not there, as after a restore; returns how many."""
    return await tx.run(RELEASE)


async def drain(url: str, handlers: Handlers) -> None:
    """Run what is due now and return (tests, and commands that settle); delayed jobs stay where they are."""
    connection, watch = await db.connect(url, name="jobs"), await db.connect(url, name="jobs")
    manager = _manager(connection, handlers, {})
    running = asyncio.create_task(manager.run(dequeue_timeout=timedelta(milliseconds=50)))
    try:
        while not running.done() and await watch.fetchval(DUE):
            await asyncio.sleep(0.01)
        manager.shutdown.set()
        await running
    finally:
        await connection.close(timeout=2)
        await watch.close(timeout=2)


def _manager(connection: Any, handlers: Handlers, at_once: Mapping[str, int]) -> QueueManager:
    manager = QueueManager(Queries(AsyncpgDriver(connection)))
    for name, handler in handlers.items():
        register = manager.entrypoint(
            name,
            concurrency_limit=at_once.get(name, 0),
            executor_factory=_retrying,
            on_failure="hold",
            accepts_context=False,
        )
        register(_entry(name, handler))
    return manager


def _retrying(parameters: Any) -> DatabaseRetryEntrypointExecutor:
    return DatabaseRetryEntrypointExecutor(parameters, max_attempts=5, initial_delay=timedelta(milliseconds=500))


def _entry(name: str, handler: Handler) -> Callable[[Job], Any]:
    async def entry(job: Job) -> None:
        with span(f"job {name}"):
            try:
                await handler(msgspec.json.decode(job.payload or b"{}"))
            except EngineDown as error:
                log.warning("jobs.waits", job=name, error=str(error))
                async with db.act(db.SYSTEM) as tx:
                    await tx.run(NO_TRY, job.id)
                raise RetryRequested(OUTAGE_DELAY, str(error)) from error
            except Exception:
                log.exception("jobs.failed", job=name, attempts=job.attempts)
                raise

    return entry


NO_TRY = """
-- jobs: what comes again for want of an engine is not counted as a try
update pgqueuer set attempts = attempts - 1 where id = $1
"""

HAS_DUE = """
-- jobs: whether anything is due or being done
select exists (
  select from pgqueuer where entrypoint = any($1::text[])
    and (status = 'picked' or (status = 'queued' and execute_after <= now()))
)
"""


DUE = """
-- jobs: whether one waits or runs
select exists (select from pgqueuer where status in ('queued', 'picked') and execute_after <= now())
"""


STUCK = """
-- jobs: by name, those given up, and those due or being done without a sign of life
select name, failed, late from (
  select entrypoint as name, count(*) filter (where status = 'failed') as failed,
    count(*) filter (where (status = 'queued' and execute_after < now() - $1::interval)
      or (status = 'picked' and heartbeat < now() - $1::interval)) as late
  from pgqueuer group by entrypoint) as counted
where failed > 0 or late > 0 order by name
"""

REDRIVE = """
-- jobs: try those given up again
update pgqueuer set status = 'queued', attempts = 0, execute_after = now(), updated = now(), queue_manager_id = null
where status = 'failed'
"""

RELEASE = """
-- jobs: nobody does these any more
update pgqueuer set status = 'queued', updated = now(), queue_manager_id = null where status = 'picked'
"""
