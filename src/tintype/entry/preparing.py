"""Before anything starts, every engine that is set answers, and has what the product needs there.

PostgreSQL is migrated; Cassandra's tables, Kafka's topics and RabbitMQ's queues are made where they are absent; the
bucket is looked at, Redis and the scanner are asked once. Again, or by several processes at once, it changes nothing.
An engine that is still starting is waited for, and everything that is wrong is told at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import asyncpg
import msgspec

from tintype.entry import timeline_store, upgrading
from tintype.platform.config import Settings
from tintype.platform.guard import EngineDown, Guard

READY = "engines.json"
LOOK_SECONDS, CONNECT_SECONDS = 1.0, 5.0
# A server that is starting, or that is not there yet.
NOT_YET = (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError)

Code = Literal["ENGINE_UNREACHABLE", "BUCKET_MISSING", "BUCKET_CLOSED", "KEYSPACE_TAKEN", "TOPICS_WRONG"]
Say = Callable[[str], None]


class Wrong(NamedTuple):
    """What is the matter with one engine: a stable code, the setting that leads to it, and what to do."""

    code: Code
    setting: str
    said: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.said} [{self.code}]"


class Unready(RuntimeError):
    """Engines that cannot be used: `wrong` has them all."""

    def __init__(self, wrong: list[Wrong]) -> None:
        self.wrong = wrong
        super().__init__("These engines cannot be used:\n" + "\n".join(f"  {one}" for one in wrong))


class _Answered(Exception):
    """An engine answers, and waiting would change nothing."""

    def __init__(self, code: Code, said: str) -> None:
        self.code, self.said = code, said
        super().__init__(said)


class Engine(NamedTuple):
    """One that is set: `ready` makes there what is absent, and raises EngineDown while it does not answer."""

    name: str
    setting: str
    place: str
    ready: Callable[[], Awaitable[object]]


def silent(_: str) -> None:
    """For who has nobody to tell."""


async def prepare(settings: Settings, url: str, say: Say = silent, *, known: Collection[str] = ()) -> None:
    """Make everything ready, waiting as long as `TINTYPE_ENGINE_WAIT` says for what does not answer yet.

    `known` are places (`places`) that were ready before: those may be down now, as the product goes on without them.
    Raises Unready, and what upgrading.upgrade raises.
    """
    until = monotonic() + settings.engine_wait
    found = await asyncio.gather(
        _database(settings, url, say, until, known),
        *(_tried(one, say, until, known) for one in _engines(settings)),
        return_exceptions=True,
    )
    for one in found:
        if isinstance(one, BaseException):
            raise one
    if wrong := [one for one in found if isinstance(one, Wrong)]:
        raise Unready(wrong)


async def prepare_again(settings: Settings, url: str, say: Say) -> None:
    """The same for who holds the data folder, and so knows what was ready before."""
    notes, here = settings.data_dir / READY, places(settings)
    known = set[str]()
    with suppress(FileNotFoundError, msgspec.DecodeError):
        known = msgspec.json.decode(notes.read_bytes(), type=set[str])
    await prepare(settings, url, say, known=known)
    if known != here:
        with suppress(OSError):  # then the next start waits for what is down
            notes.write_bytes(msgspec.json.encode(sorted(here)))


async def check(settings: Settings, say: Say = silent) -> None:
    """The same for the engines besides the database and its timelines. Raises Unready."""
    until = monotonic() + settings.engine_wait
    found = await asyncio.gather(*(_tried(one, say, until, ()) for one in _engines(settings)))
    if wrong := [one for one in found if one is not None]:
        raise Unready(wrong)


def places(settings: Settings) -> set[str]:
    """Where the engines are that the product can go on without for a while, without user and password."""
    return {one.place for one in [*_engines(settings), *_cassandra(settings, "")]}


async def _database(settings: Settings, url: str, say: Say, until: float, known: Collection[str]) -> Wrong | None:
    """Migrated, and then what is decided together with it: where timelines are."""
    wrong = await _tried(Engine("postgresql", "TINTYPE_DATABASE_URL", "", partial(_reach, url)), say, until, ())
    if wrong is not None:
        return wrong
    await upgrading.upgrade(settings, url, say)
    for one in _cassandra(settings, url):
        return await _tried(one, say, until, known)
    await timeline_store.prepare(settings, url)
    return None


async def _tried(one: Engine, say: Say, until: float, known: Collection[str]) -> Wrong | None:
    """Tried until it is ready, or the time is up; once, where it was ready before."""
    has_waited = False
    while True:
        try:
            if await one.ready() is False:
                raise EngineDown(f"{one.name} does not answer")
            return None
        except _Answered as answer:
            return Wrong(answer.code, one.setting, answer.said)
        except (EngineDown, *NOT_YET) as error:
            said = str(error).rstrip(". ") or type(error).__name__
            if one.place in known:
                say(f"{one.name} does not answer, and was ready before: going on without it ({said})")
                return None
            if monotonic() >= until:
                return Wrong("ENGINE_UNREACHABLE", one.setting, f"{said}. Start {one.name}, or correct the address")
            if not has_waited:
                say(f"waiting for {one.name} ({said})")
                has_waited = True
        await asyncio.sleep(LOOK_SECONDS)


def _engines(settings: Settings) -> list[Engine]:
    """Those that are set, but for the database and the store of timelines."""
    kinds: list[tuple[str, str, Callable[[Settings], Awaitable[object]]]] = [
        ("redis", "redis_url", _redis),
        ("kafka", "kafka_url", _kafka),
        ("s3", "s3_url", _bucket),
        ("rabbitmq", "rabbitmq_url", _rabbitmq),
        ("clamav", "clamd_url", _clamd),
    ]
    given = [(name, setting, getattr(settings, setting), ready) for name, setting, ready in kinds]
    return [
        Engine(name, f"TINTYPE_{setting.upper()}", place_of(url), partial(ready, settings))
        for name, setting, url, ready in given
        if url
    ]


def _cassandra(settings: Settings, url: str) -> list[Engine]:
    if not (address := settings.cassandra_url):
        return []
    return [Engine("cassandra", "TINTYPE_CASSANDRA_URL", place_of(address), partial(_timelines, settings, url))]


def place_of(url: str) -> str:
    """An address without user, password and options."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


async def _reach(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    await connection.close(timeout=CONNECT_SECONDS)


async def _timelines(settings: Settings, url: str) -> bool:
    try:
        return await timeline_store.prepare(settings, url)
    except timeline_store.Taken as taken:
        raise _Answered("KEYSPACE_TAKEN", str(taken)) from taken


async def _redis(settings: Settings) -> None:
    from tintype.platform.clients.redis import RedisClient

    client = RedisClient(settings.redis_url)
    try:
        await client.run("EXISTS", "tintype", seconds=CONNECT_SECONDS)
    finally:
        await client.close()


async def empty_redis(settings: Settings) -> None:
    """What it holds is made again. Raises EngineDown."""
    if not settings.redis_url:
        return
    from tintype.platform.clients.redis import RedisClient

    client = RedisClient(settings.redis_url)
    try:
        await client.flush()
    finally:
        await client.close()


async def _kafka(settings: Settings) -> None:
    from tintype.platform.clients.kafka import Kafka, WrongTopic

    kafka = Kafka(settings.kafka_url, keep_days=settings.log_keep_days)
    try:
        await kafka.prepare()
    except WrongTopic as wrong:
        raise _Answered("TOPICS_WRONG", f"{wrong}: name another prefix, or delete these") from wrong
    finally:
        await kafka.close()


async def _rabbitmq(settings: Settings) -> None:
    from tintype.entry.subscriptions import JOBS
    from tintype.platform.jobs import rabbitmq

    await rabbitmq.prepare(settings.rabbitmq_url, JOBS)


async def _bucket(settings: Settings) -> None:
    from tintype.platform.clients.s3 import Refusal

    try:
        await bucket_holds(settings)
    except Refusal as refusal:
        if refusal.status == 404:
            raise _Answered("BUCKET_MISSING", "there is no such bucket: make it, private") from refusal
        said = f"the store refuses ({refusal}): see TINTYPE_S3_KEY, TINTYPE_S3_SECRET, TINTYPE_S3_REGION"
        raise _Answered("BUCKET_CLOSED", said) from refusal


async def bucket_holds(settings: Settings) -> bool:
    """Whether there are media in the bucket. Raises EngineDown, and s3.Refusal."""
    from tintype.platform.clients.s3 import Bucket, Client, Refusal

    client = Client(Bucket(settings.s3_url, settings.s3_key, settings.s3_secret, settings.s3_region), CONNECT_SECONDS)
    try:
        async with Guard("s3", CONNECT_SECONDS, quiet=(Refusal,)).call():
            return await client.holds("uploads/") or await client.holds("files/")
    finally:
        await client.close()


async def _clamd(settings: Settings) -> None:
    from tintype.platform.scanner.clamd import Clamd

    await Clamd(settings.clamd_url).answers()
