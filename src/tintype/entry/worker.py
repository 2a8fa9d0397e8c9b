"""The worker: sequencer, consumers, jobs and chores, with health and metrics on its own port."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from tintype.domains.media import actions as media
from tintype.domains.media.consumers import stop_filming
from tintype.entry import chores, engines, health, lifeline, process
from tintype.entry.subscriptions import AT_ONCE, CHORES, JOBS, SUBSCRIPTIONS
from tintype.platform import db
from tintype.platform.config import Settings
from tintype.platform.event_log import admin
from tintype.platform.event_log.bell import SEQUENCER, TAIL, Bell, Ringer
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import Delivered, Subscription
from tintype.platform.event_log.sequencer import Sequencer
from tintype.platform.event_log.ticker import Ticker
from tintype.platform.jobs.port import Handlers
from tintype.platform.telemetry import log

NONE = "none"


class NoSuchPart(ValueError):
    """What a worker was asked to do that nobody does."""


def consumed(groups: Sequence[str] = ()) -> list[Subscription]:
    """The subscriptions of these groups; all of them unless some are named, none for `none`. Raises NoSuchPart."""
    _known("group of consumers", groups, {one.group for one in SUBSCRIPTIONS})
    return [one for one in SUBSCRIPTIONS if not groups or one.group in groups]


def worked(kinds: Sequence[str] = ()) -> Handlers:
    """The jobs whose name begins with one of these words (`media`, `mail`, …); all or none as with groups."""
    _known("kind of jobs", kinds, {name.partition(".")[0] for name in JOBS})
    return {name: handler for name, handler in JOBS.items() if not kinds or name.partition(".")[0] in kinds}


def _known(what: str, asked: Sequence[str], there: set[str]) -> None:
    for one in asked:
        if one not in there and list(asked) != [NONE]:
            raise NoSuchPart(f"There is no {what} named {one}; there are {', '.join(sorted(there))}.")


async def run(settings: Settings, url: str, groups: Sequence[str] = (), kinds: Sequence[str] = ()) -> None:
    """Work until SIGTERM, SIGINT or the end of the parent process; then finish what is under way.

    Sequencer and chores run in every worker, since each is done by one at a time; consumers and jobs as they are named.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(process.opened(settings, url, "worker"))
        await stack.enter_async_context(media.decoders(settings))
        await media.pool().warm()
        chores.use(settings, admin.topics_of(SUBSCRIPTIONS))
        carried = await stack.enter_async_context(engines.event_log(settings, url))
        consumers, handlers = Consumers(url, consumed(groups), carried.sources), worked(kinds)
        bell, heard = Bell(settings.run_dir, SEQUENCER), Bell(settings.run_dir, TAIL)
        stack.callback(bell.close)
        stack.callback(heard.close)
        tails = Ringer(settings.run_dir, TAIL, but=heard)
        stack.callback(tails.close)

        ticker = Ticker(url, heard.rung.set)

        def moved(events: list[Delivered]) -> None:
            consumers.hand_over(events)
            ticker.wake()
            if carried.relay is not None:
                carried.relay.wake()
            tails.ring()

        sequencer = Sequencer(url, moved)
        db.on_commit(bell.rung.set)
        managers: list[Any] = []
        work = [
            asyncio.create_task(sequencer.run(bell), name="sequencer"),
            asyncio.create_task(consumers.run(), name="consumers"),
            asyncio.create_task(_listen(heard, consumers, carried.relay), name="listening"),
            *(asyncio.create_task(_repeat(*chore), name=chore[0]) for chore in CHORES),
        ]
        if urlsplit(url).hostname:  # other machines may use it; one behind a socket serves this machine only
            work.append(asyncio.create_task(ticker.run(), name="ticker"))
        if carried.relay is not None:
            work.append(asyncio.create_task(carried.relay.run(), name="relay"))
        if handlers:
            run_jobs = engines.jobs_runner(settings)
            taking = run_jobs(url, handlers, at_once=AT_ONCE, started=managers.append)
            work.append(asyncio.create_task(taking, name="jobs"))
        await stack.enter_async_context(
            health.served(
                settings.run_dir,
                "worker",
                process.database_answers,
                port=process.own_port(settings),
                host=settings.admin_host,
            )
        )
        log.info("worker.ready", groups=sorted(consumers.lanes), jobs=sorted(handlers))
        await _until_stopped(work)
        stop_filming()
        for manager in managers[-1:]:
            manager.shutdown.set()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await sequencer.close()


async def _listen(heard: Bell, consumers: Consumers, relay: Any) -> None:
    """Another worker's sequencer moved something."""
    while True:
        await heard.wait(1)
        consumers.wake()
        if relay is not None:
            relay.wake()


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


def main(settings: Settings, url: str, groups: Sequence[str] = (), kinds: Sequence[str] = ()) -> None:
    """`tintype worker`."""
    import uvloop

    try:
        uvloop.run(run(settings, url, groups, kinds))
    except asyncpg.PostgresError as error:
        log.error("worker.failed", error=repr(error))
        raise SystemExit(1) from error
