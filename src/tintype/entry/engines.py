"""Which adapter stands behind each port in this process: the settings choose, here and nowhere else.

Without settings everything is embedded: this process's memory, PostgreSQL, a folder.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from tintype.domains.posts import reads as posts
from tintype.platform import auth, ratelimit
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.clients import trust
from tintype.platform.config import Settings
from tintype.platform.counters import port as counters
from tintype.platform.event_log.sources import PostgresSource, Sources
from tintype.platform.jobs import postgres as postgres_jobs
from tintype.platform.objects import port as objects
from tintype.platform.objects.folder import FolderObjects
from tintype.platform.scanner import port as scanner
from tintype.platform.scanner.none import NoScanner
from tintype.platform.secrets import Secrets
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.postgres import PostgresTimelines

if TYPE_CHECKING:
    from tintype.platform.event_log.kafka.relay import Relay


@asynccontextmanager
async def opened(settings: Settings, keys: Secrets) -> AsyncIterator[None]:
    """Every port has its adapter, until the block ends. An engine that is down is no error: its guard finds out."""
    trust.use(settings.engines_ca)
    async with AsyncExitStack() as stack:
        timelines.use(PostgresTimelines())
        if settings.cassandra_url:
            _use_cassandra(settings.cassandra_url, stack)
        cache.use(MemoryCache())
        if settings.redis_url:
            await _use_redis(settings.redis_url, stack)
        objects.use(FolderObjects(settings.media_dir, keys.upload))
        if settings.s3_url:
            objects.use(_bucket(settings, keys, stack))
        scanner.use(_scanner(settings), fails_open=settings.clamd_fail == "open")
        yield


class EventLog(NamedTuple):
    """Where lanes get their events from, and what brings them there when that is not the database."""

    sources: Sources
    relay: "Relay | None"


@asynccontextmanager
async def event_log(settings: Settings, url: str) -> AsyncIterator[EventLog]:
    """What carries events to this worker's consumers, until the block ends."""
    if not settings.kafka_url:
        yield EventLog(PostgresSource, None)
        return
    from tintype.platform.clients.kafka import Kafka
    from tintype.platform.event_log.kafka.relay import Relay
    from tintype.platform.event_log.kafka.source import sources

    broker = Kafka(settings.kafka_url, keep_days=settings.log_keep_days)
    relay = Relay(url, broker)
    try:
        yield EventLog(sources(broker), relay)
    finally:
        await relay.close()
        await broker.close()


def jobs_runner(settings: Settings) -> Callable[..., Coroutine[Any, Any, None]]:
    """How this process's jobs come to it: `run(url, handlers, at_once=…, started=…)` of an adapter."""
    if not settings.rabbitmq_url:
        return postgres_jobs.run
    from tintype.platform.jobs import rabbitmq as rabbitmq_jobs

    return partial(rabbitmq_jobs.run, broker=settings.rabbitmq_url)


def _bucket(settings: Settings, keys: Secrets, stack: AsyncExitStack) -> objects.Objects:
    """Files in a bucket; this machine's folder holds copies for the moment that somebody reads in them."""
    from tintype.platform.clients.s3 import Bucket
    from tintype.platform.objects.s3 import S3Objects

    bucket = Bucket(settings.s3_url, settings.s3_key, settings.s3_secret, settings.s3_region)
    public = replace(bucket, url=settings.upload_url) if settings.upload_url else None
    store = S3Objects(bucket, keys.upload, settings.media_dir / "drafts", public=public)
    stack.push_async_callback(store.close)
    return store


def _scanner(settings: Settings) -> scanner.Scanner:
    """What looks for malware in uploads."""
    if not settings.clamd_url:
        return NoScanner()
    from tintype.platform.scanner.clamd import Clamd

    return Clamd(settings.clamd_url)


def _use_cassandra(url: str, stack: AsyncExitStack) -> None:
    """The record of timelines."""
    from tintype.platform.clients.cassandra import CassandraClient
    from tintype.platform.timelines.cassandra import CassandraTimelines

    client = CassandraClient(url)
    stack.push_async_callback(client.close)
    store = CassandraTimelines(client)
    stack.push_async_callback(store.settled)
    timelines.use(store)


async def _use_redis(url: str, stack: AsyncExitStack) -> None:
    """What processes share, and what stands in front of timelines, wherever they are.

    Its client is imported here: the embedded product is installed without it.
    """
    from tintype.platform.cache.redis import RedisCache
    from tintype.platform.clients.redis import RedisClient
    from tintype.platform.counters.redis import RedisCounters
    from tintype.platform.ratelimit_redis import RedisWindows
    from tintype.platform.sessions_redis import RedisRevocations
    from tintype.platform.timelines.front import FrontedTimelines

    client = RedisClient(url)
    stack.push_async_callback(client.close)
    shared = RedisCache(client)
    stack.push_async_callback(shared.close)
    cache.use(shared)
    feeds = FrontedTimelines(timelines.timelines(), client, posts.authors_of)
    stack.push_async_callback(feeds.settled)
    timelines.use(feeds)
    counted = RedisCounters(client)
    stack.push_async_callback(counted.settled)
    counters.use(counted)
    stack.callback(counters.use, counters.StoredCounters())
    await stack.enter_async_context(ratelimit.shared(RedisWindows(client)))
    await stack.enter_async_context(auth.shared(RedisRevocations(client)))
