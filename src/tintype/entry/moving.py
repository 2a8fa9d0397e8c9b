"""`tintype move`: what an embedded installation holds goes to the engines that its settings name now.

The product is stopped meanwhile. Each step is noted in `moved.json` of the data folder when it is whole, and what was
interrupted goes on where it was: a database arrives in one transaction, objects that are there in the right size stay,
timelines begin anew. The old database and folder stay as they are. At the end a worker of the new shape handles what
the log still held, and `tintype verify` compares everything.

The log needs no step of its own: it lies in the database, and a relay to Kafka begins with what nobody has handled.
What was moved without a bucket or without Cassandra may go there later, by the same command.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from tintype.entry import engines, folder, health, lifeline, preparing, process, timeline_store, upgrading, verify
from tintype.entry.backup import Refused
from tintype.entry.carrying import Carrier
from tintype.entry.moved import NOTES, Notes, Step, moved, note
from tintype.entry.preparing import place_of
from tintype.entry.restoring import AT_WORK
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import db, dumping, secrets
from tintype.platform.child import dies_with_parent
from tintype.platform.config import Settings
from tintype.platform.embedded_postgres import EmbeddedPostgres
from tintype.platform.event_log import admin
from tintype.platform.jobs.postgres import DUE
from tintype.platform.objects import port as objects
from tintype.platform.objects.folder import FolderObjects

READY_SECONDS, GONE_SECONDS, LOG_SECONDS = 90.0, 15.0, 600.0

Say = Callable[[str], None]


async def move(settings: Settings, say: Say) -> list[verify.Finding]:
    """Move, and return what does not agree afterwards.

    Raises Refused, folder.Held, dumping.DumpFailed, preparing.Unready, EngineDown, Taken and LogBehind.
    """
    if not settings.database_url:
        raise Refused("TINTYPE_DATABASE_URL is not set: give the settings of the new home, then move.")
    notes = moved(settings.data_dir)
    source = EmbeddedPostgres(settings.data_dir) if "database" not in notes.done else None
    if source is not None and not (settings.data_dir / "postgres").exists():
        raise Refused(f"There is no embedded installation in {settings.data_dir}.")
    _same_places(settings, notes)
    with folder.held(settings.data_dir, "move"):
        await _nobody_at_work(settings.direct_url)
        await preparing.check(settings, say)
        if source is not None:
            if settings.cassandra_url and await timeline_store.is_taken(settings):
                raise timeline_store.Taken
            say(await _database(settings, source))
            note(settings.data_dir, notes, "database")
        for step, carry in STEPS:
            if step not in notes.done:
                told, is_done = await carry(settings, notes)
                say(told)
                if is_done:
                    note(settings.data_dir, notes, step)
        say("comparing everything derived with the tables")
        findings = await _verify(settings)
    if not findings:
        note(settings.data_dir, notes, "verify")
    return findings


def _same_places(settings: Settings, notes: Notes) -> None:
    """What is on its way, or there, stays on its way to where it goes."""
    here = {"database": place_of(settings.direct_url), "bucket": place_of(settings.s3_url) if settings.s3_url else ""}
    for what, begun in (("database", notes.database), ("bucket", notes.bucket)):
        if begun and begun != here[what]:
            raise Refused(f"This installation is on its way to {begun}: finish that, or delete {NOTES}.")
    notes.database = here["database"]


async def _nobody_at_work(url: str) -> None:
    """The worker of a move that was killed ends by itself, in a moment."""
    deadline = time.monotonic() + GONE_SECONDS
    connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
    try:
        while at_work := await connection.fetchval(AT_WORK):
            if time.monotonic() > deadline:
                raise Refused(f"{at_work} processes of Tintype use the database to move to: stop them first.")
            await asyncio.sleep(0.2)
    finally:
        await connection.close(timeout=5)


async def _database(settings: Settings, source: EmbeddedPostgres) -> str:
    """All of it, or nothing."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(source.stop)
        await source.start()
        await upgrading.upgrade(settings, source.url)
        return await _database_from(settings, source.url, settings.direct_url)


async def _database_from(settings: Settings, source: str, target: str) -> str:
    wanted = await _tables(source)
    there = await _tables(target)
    if there and there != wanted:
        raise Refused("The database at TINTYPE_DATABASE_URL is not empty: move into an empty one.")
    if not there:
        file = settings.data_dir / "moving.dump"
        try:
            file.touch(mode=0o600)
            await dumping.dump(source, file)
            await dumping.restore(target, file)
        finally:
            file.unlink(missing_ok=True)
        there = await _tables(target)
    if there != wanted:
        differ = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
        raise Refused(f"These tables did not arrive as they were: {', '.join(differ)}.")
    return f"database: {sum(count for count, _ in wanted.values())} rows, all the same"


async def _tables(url: str) -> dict[str, tuple[int, int]]:
    """Of each table, how many rows it has and the sum of their hashes; of each sequence, where it is."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("set timezone = 'UTC'; set extra_float_digits = 1")
        found = {}
        for row in await connection.fetch(TABLES):
            counted = await connection.fetchrow(COUNT.format(table=row["name"]))
            found[row["name"]] = (counted["rows"], int(counted["hash"]))
        return found | {row["name"]: (0, row["last"]) for row in await connection.fetch(SEQUENCES)}
    finally:
        await connection.close(timeout=5)


async def _media(settings: Settings, notes: Notes) -> tuple[str, bool]:
    """Every object, into a bucket that was empty; without a bucket they stay, until there is one."""
    keys = secrets.load(settings)
    source = FolderObjects(settings.media_dir, keys.upload)
    async with engines.opened(settings, keys):
        if not settings.s3_url:
            return "media: stay in their folder", False
        if not notes.bucket:
            if await preparing.bucket_holds(settings):
                raise Refused("The bucket at TINTYPE_S3_URL is not empty: move into an empty one.")
            notes.bucket = place_of(settings.s3_url)
            note(settings.data_dir, notes)
        count = await Carrier(source, objects.store()).carry(settings.direct_url)
    return f"media: {count} objects", True


async def _timelines(settings: Settings, _: Notes) -> tuple[str, bool]:
    """Another store begins empty: feeds are read from the posts until each reader's timeline is filled again."""
    if not await timeline_store.prepare(settings, settings.direct_url):
        raise Refused("Cassandra does not answer: move again when it does.")
    if settings.cassandra_url:
        return "timelines: filled as readers look", True
    return "timelines: came with the database", False


async def _verify(settings: Settings) -> list[verify.Finding]:
    """With a worker of the new shape, which handles what the log held when the old one stopped."""
    quiet = settings.model_copy(update={"log_level": "error"})
    async with _worker(settings), process.opened(quiet, settings.direct_url, "move"):
        await _caught_up(is_relayed=bool(settings.kafka_url))
        return await verify.run()


async def _caught_up(*, is_relayed: bool) -> None:
    """What can still have its effect has had it; what was given up stays so."""
    deadline = time.monotonic() + LOG_SECONDS
    while time.monotonic() < deadline:
        async with db.read() as r:
            groups = await admin.lag(r, admin.topics_of(SUBSCRIPTIONS), is_relayed=is_relayed)
            if not any(one.events or one.retrying for one in groups) and not await r.value(DUE):
                return
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    """It ends with this process, however that ends."""
    log, (end, held) = settings.data_dir / "move.log", os.pipe()
    running = _start_worker(settings, log, end)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not await _is_ready(settings.run_dir / f"worker-{running.pid}.health"):
            if running.poll() is not None or time.monotonic() > deadline:
                raise Refused(f"The worker did not become ready with these settings: {log} has what it said.")
            await asyncio.sleep(0.1)
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(running.wait, 15)
        running.kill()
        running.wait()
        os.close(end)
        os.close(held)


def _start_worker(settings: Settings, log: Path, end: int) -> subprocess.Popen[bytes]:
    own = {"TINTYPE_SUPERVISED": "1", "TINTYPE_DATA_DIR": str(settings.data_dir), lifeline.VARIABLE: str(end)}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "tintype", "worker"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **own},
            pass_fds=(end,),
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )


async def _is_ready(socket: Path) -> bool:
    with suppress(OSError, TimeoutError, IndexError, ValueError):
        return (await health.ask(socket, "/readyz"))[0] == 200
    return False


STEPS: list[tuple[Step, Callable[[Settings, Notes], Awaitable[tuple[str, bool]]]]] = [
    ("media", _media),
    ("timelines", _timelines),
]

TABLES = """
-- entry: every table that holds rows
select quote_ident(relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and relkind = 'r' order by 1
"""

COUNT = """
-- entry: a table, summed up
select count(*) as rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as hash from {table} t
"""

SEQUENCES = """
-- entry: where every sequence is
select quote_ident(sequencename) as name, coalesce(last_value, 0) as last from pg_sequences where schemaname = 'public'
"""
