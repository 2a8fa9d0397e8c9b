"""The engines, what is done to each, and what people notice of it."""

import asyncio
import sys
from contextlib import suppress
from typing import Any, Protocol

import asyncpg
import httpx2
import msgspec

from tests.engines.big import Big
from tests.engines.product import Product
from tests.faults.cuts.traffic import Seen, Traffic
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import db
from tintype.platform.event_log import admin

BEFORE_SECONDS, AFTER_SECONDS, LEAST_SECONDS = 5.0, 2.0, 10.0
PAUSE_SECONDS, REFUSE_SECONDS = 30.0, 60.0
RECOVERY_SECONDS = 120.0
LOOK_SECONDS = 0.5
BEHIND_SECONDS = 2.0  # what the log or a job may be behind while people write
TOPICS = admin.topics_of(SUBSCRIPTIONS)
SETTINGS = {
    "LOG_LEVEL": "warning",
    "RATE_LIMITS": "on",  # each request asks Redis
    **{
        f"LIMIT_{name}": "1000000"
        for name in (
            *("USER_PER_MINUTE", "IP_PER_MINUTE", "MEDIA_PER_MINUTE", "POSTS_PER_HOUR", "FOLLOWS_PER_DAY"),
            *("LIKES_PER_DAY", "COMMENTS_PER_HOUR", "UPLOADS_PER_HOUR", "REGISTRATIONS_PER_HOUR", "LOGINS_PER_MINUTE"),
        )
    },
}


class Engine(Protocol):
    """What all of them can suffer."""

    def kill(self) -> None: ...
    def restart(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


def engines(big: Big) -> dict[str, Engine]:
    """By the names of the table."""
    return {
        "postgres": big.postgres.primary,
        "replica": big.postgres.replica,
        "redis": big.redis,
        "kafka": big.kafka,
        "cassandra": big.cassandra,
        "s3": big.s3,
        "rabbitmq": big.rabbitmq,
        "clamd": big.clamd,
    }


CUTS = ("kill", "pause", "refuse", "wipe")
WIPED = ("redis", "kafka", "rabbitmq")  # of which nothing is the record


class Noticed(msgspec.Struct):
    """What people noticed between a cut and the moment from which all was well again; feeds by themselves too.

    It is looked at for ten seconds at least. `recovered` are the seconds from the engine's return to that moment.
    """

    engine: str
    cut: str
    requests: int
    failed: int
    p95: float
    longest: float
    feeds: int
    feeds_failed: int
    feeds_stale: int
    feeds_p95: float
    feeds_longest: float
    recovered: float


async def cut(
    traffic: Traffic,
    product: Product,
    database: str,
    engine: Any,
    name: str,
    kind: str,
    *,
    seconds: float | None = None,
    before: float = BEFORE_SECONDS,
    least: float = LEAST_SECONDS,
) -> Noticed:
    """Do it in the middle of the traffic, and wait until all is well. Raises TimeoutError where it does not become so.

    `seconds`: how long a pause or a refusal lasts, instead of what is usual; `before` and `least`: for how long people
    go on before it, and from it on.
    """
    async with traffic.going_on():
        await asyncio.sleep(before)
        began = traffic.now()
        sys.stderr.write(f"{name} {kind}: at {began:.1f} s\n")
        match kind:
            case "kill":
                await asyncio.to_thread(engine.kill)
                await asyncio.to_thread(engine.restart)
            case "pause":
                engine.pause()
                await asyncio.sleep(seconds or PAUSE_SECONDS)
                await asyncio.to_thread(engine.resume)
            case "refuse":
                await asyncio.to_thread(engine.kill)
                await asyncio.sleep(seconds or REFUSE_SECONDS)
                await asyncio.to_thread(engine.restart)
            case "wipe":
                await asyncio.to_thread(engine.wipe)
        back = traffic.now()
        sys.stderr.write(f"{name} is back at {back:.1f} s\n")
        well = await _well_again(traffic, product, database, since=back)
        await asyncio.sleep(began + least - traffic.now())
    return noticed(traffic.seen, name, kind, began, max(well, began + least), well - back)


async def _well_again(traffic: Traffic, product: Product, database: str, *, since: float) -> float:
    """When nothing failed or was stale any more, nothing was behind, and every engine was up: for two seconds."""
    well_since: float | None = None
    async with asyncio.timeout(RECOVERY_SECONDS):
        while True:
            asked = traffic.now()
            wrong = await what_is_wrong(product, database)
            troubled = [one.ended for one in traffic.seen[-1_000:] if one.failed or one.stale]
            if wrong:
                well_since = None
            elif well_since is None:
                well_since = asked
            if well_since is not None:
                well = max(well_since, since, *troubled)
                if traffic.now() > well + AFTER_SECONDS:
                    return well
            await asyncio.sleep(LOOK_SECONDS)


async def what_is_wrong(product: Product, database: str) -> list[str]:
    """Engines that are down, groups that are behind, jobs and pictures that are overdue."""
    wrong = await asyncio.to_thread(_down, product)
    try:
        async with asyncio.timeout(5):
            connection = await asyncpg.connect(database)
            try:
                reader = db.Reader(connection)
                wrong += [
                    f"{one.group} behind" for one in await admin.lag(reader, TOPICS, is_relayed=True) if _behind(one)
                ]
                wrong += [row["what"] for row in await connection.fetch(OVERDUE, BEHIND_SECONDS)]
            finally:
                await connection.close(timeout=1)
    except (*db.CONNECTION_LOST, asyncpg.PostgresError, TimeoutError) as error:
        wrong.append(repr(error))
    return wrong


def _behind(one: admin.Lag) -> bool:
    return bool(one.oldest_seconds > BEHIND_SECONDS or one.retrying or one.dead)


def _down(product: Product) -> list[str]:
    """What the metrics of API and worker call down, and whether the API itself is not ready."""
    with suppress(httpx2.HTTPError):
        health = f"http://127.0.0.1:{product.port + 1}"
        if httpx2.get(f"{health}/readyz", timeout=5, trust_env=False).status_code == 200:
            lines = httpx2.get(f"{health}/metrics", timeout=5, trust_env=False).text.splitlines()
            return [line for line in lines if line.startswith("tintype_engine_up") and line.endswith(" 0.0")]
    return ["not ready"]


def noticed(seen: list[Seen], engine: str, kind: str, began: float, ended: float, recovered: float) -> Noticed:
    """Of the requests that were sent from the cut on until all was well."""
    during = [one for one in seen if began <= one.sent <= ended]
    ours = [one for one in during if one.kind != "store"]  # which people ask themselves
    feeds = [one for one in during if one.kind == "feed"]
    return Noticed(
        engine,
        kind,
        len(during),
        sum(one.failed for one in during),
        share(ours, 0.95),
        share(ours, 1.0),
        len(feeds),
        sum(one.failed for one in feeds),
        sum(one.stale for one in feeds),
        share(feeds, 0.95),
        share(feeds, 1.0),
        recovered,
    )


def share(seen: list[Seen], part: float) -> float:
    """The seconds within which this part of the requests was answered, or failed."""
    ordered = sorted(one.took for one in seen)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


OVERDUE = """
select entrypoint || ' is ' || status as what from pgqueuer
where status = 'failed' or (status = 'queued' and execute_after < now() - make_interval(secs => $1))
  or (status = 'picked' and heartbeat < now() - make_interval(secs => $1 * 4))
union all
select 'picture ' || id || ' is ' || status from media
where status in ('uploaded', 'processing') and uploaded_at < now() - make_interval(secs => $1 * 2)
"""
