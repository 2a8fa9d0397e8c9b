"""`tintype restore`: a backup put into an empty installation, or in place of the one that is there.

Files first and the database last, in one transaction: what is interrupted is done again from its start. Then what was
deleted for good since the backup is deleted again, and the log gets a new incarnation, by which every store outside of
the database knows that it has to be made anew.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path

import asyncpg
import msgspec

from tintype.domains.accounts import actions as accounts
from tintype.domains.engagement import actions as engagement
from tintype.domains.posts import actions as posts
from tintype.entry import backup, engines, erased, folder, preparing, process, timeline_store
from tintype.entry.backup import Manifest, Refused
from tintype.entry.erased import KINDS, Kind
from tintype.entry.moved import RESTORING
from tintype.entry.preparing import Say, silent
from tintype.platform import db, dumping, migrations, secrets
from tintype.platform.config import Settings
from tintype.platform.embedded_postgres import EmbeddedPostgres
from tintype.platform.event_log.sequencer import RENEW
from tintype.platform.jobs import postgres as jobs
from tintype.platform.jobs.port import enqueue
from tintype.platform.objects import port as objects

AT_ONCE, LARGE_BYTES = 4, 16 * 1024 * 1024  # objects are held in memory: of those that are larger, one at a time
Lists = dict[Kind, set[int]]


class Restored(msgspec.Struct, frozen=True):
    """What was put back: the backup's manifest, its media, and what of it was deleted again."""

    backup: Manifest
    objects: int
    forgotten: dict[str, int]


async def restore(
    settings: Settings, source: Path, *, replace: bool = False, lists: Sequence[Path] = (), say: Say = silent
) -> Restored:
    """Put a backup back. `lists` are later backups, or their `erased` folders, whose deletions count too.

    Raises Refused, folder.Held, dumping.DumpFailed, migrations.MigrationFailed, preparing.Unready, EngineDown, OSError.
    """
    manifest, sums = backup.read(source)
    if manifest.schema not in migrations.known():
        raise Refused(
            f"{source} was made by Tintype {manifest.version} with schema {manifest.schema}, "
            "which this version does not know: use that one, or a newer one."
        )
    if harmed := await asyncio.to_thread(backup.harmed, source, sums):
        more = f" and {len(harmed) - 3} more" if len(harmed) > 3 else ""
        raise Refused(f"{source} is harmed: {', '.join(harmed[:3])}{more} differ from {backup.SUMS}.")
    gone = {kind: set().union(*(_listed(one, kind) for one in (source, *lists))) for kind in KINDS}
    async with _database(settings) as url:
        begun = settings.data_dir / RESTORING
        again = begun.exists() and begun.read_text() == manifest.sums
        await preparing.check(settings, say)
        await _make_room(settings, url, gone, replace=replace or again)
        begun.write_text(manifest.sums)
        await asyncio.to_thread(_put_folders, settings, source, sums)
        async with engines.opened(settings, secrets.load(settings)):
            for kind in KINDS:
                gone[kind] |= await erased.remembered(kind)
            count = await _put_objects(source, sums)
        await _clear(url)
        await dumping.restore(url, source / backup.DUMP)
        await migrations.upgrade(url)
        await preparing.empty_redis(settings)
        quiet = settings.model_copy(update={"log_level": "error"})
        async with process.opened(quiet, url, "restore"):
            forgotten = await forget(gone)
            if replace or again:
                await _give_up_media()
        await timeline_store.prepare(settings, url, takes=True)
        begun.unlink()
    return Restored(manifest, count, forgotten)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[str]:
    """The database to restore into, held from everybody else where it is embedded."""
    async with AsyncExitStack() as stack:
        stack.enter_context(folder.held(settings.data_dir, "restore"))
        if settings.database_url:
            yield settings.direct_url
            return
        postgres = EmbeddedPostgres(settings.data_dir)
        stack.push_async_callback(postgres.stop)
        await postgres.start()
        yield postgres.url


async def _make_room(settings: Settings, url: str, gone: Lists, *, replace: bool) -> None:
    """Nobody may be at work there, and nothing may be there that was not given up; what it knows as erased is kept."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=60)
    try:
        if at_work := await connection.fetchval(AT_WORK):
            raise Refused(f"{at_work} processes of Tintype use this database: stop them first.")
        if not replace:
            await _is_empty(settings)
        if not await connection.fetchval(HAS_TABLES):
            return
        if not replace:
            raise Refused("There is an installation here already: --replace gives it up for the backup.")
        if await connection.fetchval("select to_regclass('erasures') is not null"):
            gone["accounts"] |= {row["account_id"] for row in await connection.fetch(ERASED_HERE)}
    finally:
        await connection.close(timeout=5)


async def _is_empty(settings: Settings) -> None:
    """What is in a bucket or a keyspace may be what another installation lives on."""
    if settings.s3_url and await preparing.bucket_holds(settings):
        raise Refused("There are media in the bucket already: --replace gives up what is there for the backup.")
    if settings.cassandra_url and await timeline_store.is_taken(settings):
        raise Refused("There are timelines in the keyspace already: --replace gives them up for the backup.")


async def _clear(url: str) -> None:
    """Take away what was given up, or what an earlier try left."""
    connection = await asyncpg.connect(url, timeout=10, command_timeout=600)
    try:
        await connection.execute("drop schema public cascade; create schema public")
    finally:
        await connection.close(timeout=5)


def _put_folders(settings: Settings, source: Path, sums: dict[str, str]) -> None:
    """Keys, policy and models."""
    places = {"secrets": settings.secrets_dir} | {one: settings.data_dir / one for one in backup.FOLDERS}
    for name in sums:
        area, _, rest = name.partition("/")
        if area in places:
            path = places[area] / rest
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.restored")
            shutil.copyfile(source / name, draft)
            draft.chmod(0o600)
            draft.rename(path)
    os.sync()


async def _put_objects(source: Path, sums: dict[str, str]) -> int:
    """Every object into the store; those that are there in the right size, from an earlier try, stay."""
    store, gate, alone = objects.store(), asyncio.Semaphore(AT_ONCE), asyncio.Lock()
    keys = backup.keys_in(sums)

    async def one(key: str) -> None:
        async with gate:
            path = source / "media" / backup.spread(key) / key
            there, size = await store.stat(key), path.stat().st_size
            if there is None or there.size != size:
                async with alone if size > LARGE_BYTES else nullcontext():
                    await store.put({key: await asyncio.to_thread(path.read_bytes)})

    for at in range(0, len(keys), 1_000):
        await asyncio.gather(*map(one, keys[at : at + 1_000]))
    return len(keys)


async def _give_up_media() -> None:
    """Take away what came after the backup: nobody knows it any more, so that nobody could delete it later."""
    store = objects.store()
    async for there in store.media():
        async with db.read() as r:
            known = {row["id"] for row in await r.rows(KNOWN, sorted(there))}
        for media_id in there - known:
            await store.delete(objects.upload_key(media_id))
            for prefix in (objects.files_prefix(media_id), objects.parts_prefix(media_id)):
                await store.delete_prefix(prefix)


async def forget(gone: Lists) -> dict[str, int]:
    """Delete again what is listed: out of sight at once; rows and files follow as after any deletion."""
    forgotten: dict[str, int] = dict.fromkeys(KINDS, 0)
    for account_id in sorted(gone["accounts"]):
        async with db.act(db.SYSTEM) as tx:
            if await accounts.erase_again(tx, account_id):
                await enqueue(tx, "accounts.erase", {"account_id": account_id})
                forgotten["accounts"] += 1
    for post_id in sorted(gone["posts"]):
        async with db.act(db.SYSTEM) as tx:
            forgotten["posts"] += await posts.delete_again(tx, post_id)
    async with db.act(db.SYSTEM) as tx:
        forgotten["comments"] = await engagement.delete_again(tx, sorted(gone["comments"]))
        await jobs.release(tx)
        await tx.run(RENEW, True)
        await timeline_store.forget(tx)
    for kind in KINDS:
        await erased.remember(kind, sorted(gone[kind]))
    return forgotten


def _listed(source: Path, kind: Kind) -> set[int]:
    for path in (source / "erased" / kind, source / kind):
        if path.is_file():
            return erased.ids_read(path.read_bytes())
    return set()


KNOWN = """
-- entry: which of these are media
select id from media where id = any($1::bigint[])
"""

AT_WORK = """
-- entry: who is at work in this database
select count(*) from pg_stat_activity
where datname = current_database() and application_name like 'tintype %' and pid <> pg_backend_pid()
"""

HAS_TABLES = """
-- entry: whether anything is there
select exists (select from pg_tables where schemaname = 'public')
"""

ERASED_HERE = """
-- entry: whom this installation has forgotten
select account_id from erasures where erased_at is not null
"""
