"""The worker: sequencer, consumers, jobs and chores, with health and metrics on its own port."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import asyncpg

from tintype.domains.media import actions as media
from tintype.domains.media.consumers import stop_filming
from tintype.entry import chores, health, lifeline, process
from tintype.entry.subscriptions import AT_ONCE, CHORES, JOBS, SUBSCRIPTIONS
from tintype.platform import db
from tintype.platform.config import Settings
from tintype.platform.event_log import admin
from tintype.platform.event_log.bell import SEQUENCER, TAIL, Bell, Ringer
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import Delivered
from tintype.platform.event_log.sequencer import Sequencer
from tintype.platform.jobs import postgres as jobs
from tintype.platform.telemetry import log


async def run(settings: Settings, url: str, groups: Sequence[str] = ()) -> None:
    """Work until SIGTERM, SIGINT or the end of the parent process; then finish what is under way."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(process.opened(settings, url, "worker"))
        await stack.enter_async_context(media.decoders(settings))
        chores.use(settings, admin.topics_of(SUBSCRIPTIONS))
        subscriptions = [one for one in SUBSCRIPTIONS if not groups or one.group in groups]
        consumers = Consumers(url, subscriptions)
        bell, heard = Bell(settings.run_dir, SEQUENCER), Bell(settings.run_dir, TAIL)
        stack.callback(bell.close)
        stack.callback(heard.close)
        tails = Ringer(settings.run_dir, TAIL, but=heard)
        stack.callback(tails.close)

        def moved(events: list[Delivered]) -> None:
            consumers.hand_over(events)
            tails.ring()

        sequencer = Sequencer(url, moved)
        db.on_commit(bell.rung.set)
        managers: list[Any] = []
        work = [
            asyncio.create_task(sequencer.run(bell), name="sequencer"),
            asyncio.create_task(consumers.run(), name="consumers"),
            asyncio.create_task(_relay(heard, consumers), name="relay"),
            asyncio.create_task(jobs.run(url, JOBS, at_once=AT_ONCE, started=managers.append), name="jobs"),
            *(asyncio.create_task(_repeat(*chore), name=chore[0]) for chore in CHORES),
        ]
        await stack.enter_async_context(
            health.served(settings.run_dir, "worker", process.database_answers, port=process.own_port(settings))
        )
        log.info("worker.ready", groups=sorted(consumers.lanes))
        await _until_stopped(work)
        stop_filming()
        for manager in managers[-1:]:
            manager.shutdown.set()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await sequencer.close()


async def _relay(heard: Bell, consumers: Consumers) -> None:
    """Another worker's sequencer moved something."""
    while True:
        await heard.wait(1)
        consumers.wake()


async def _until_stopped(work: list[asyncio.Task[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    lifeline.watch(stop.set)
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopping, *work], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in done:
        if task is not stopping:
            task.result()
            raise RuntimeError(f"{task.get_name()} ended by itself")


async def _repeat(name: str, every: timedelta, chore: Callable[[], Awaitable[None]]) -> None:
    """Run a chore again and again; safe to run in several workers at once."""
    while True:
        began = time.monotonic()
        try:
            await chore()
        except Exception:
            log.exception("chore.failed", chore=name)
        rest = every.total_seconds() * random.uniform(0.9, 1.1) - (time.monotonic() - began)
        await asyncio.sleep(max(rest, 1))


def main(settings: Settings, url: str, groups: Sequence[str] = ()) -> None:
    """`tintype worker`."""
    import uvloop

    try:
        uvloop.run(run(settings, url, groups))
    except asyncpg.PostgresError as error:
        log.error("worker.failed", error=repr(error))
        raise SystemExit(1) from error
