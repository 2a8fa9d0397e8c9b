"""`tintype backup`: database, media and keys together as they are at one moment, while people go on writing.

    manifest.json       what it is, of which schema; written last, so that without it a backup is none
    files.sha256        the checksum of every other file, as `sha256sum -c` reads it
    database.dump       by pg_dump, within the snapshot that the rest is taken by
    media/NNN/KEY       every object that the snapshot names
    erased/KIND         the erasure list
    secrets/ policy/ ranking/

The store keeps what the snapshot names until the copy is done (`platform/objects/keeping.py`).
"""

import asyncio
import hashlib
import os
import shutil
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec

from tintype import __version__
from tintype.entry import engines, erased
from tintype.platform import db, dumping, secrets
from tintype.platform.config import Settings
from tintype.platform.objects import keeping
from tintype.platform.objects import port as objects

FORMAT = 1
MANIFEST, SUMS, DUMP = "manifest.json", "files.sha256", "database.dump"
FOLDERS = ("policy", "ranking")
AT_ONCE, BATCH = 8, 500


class Refused(RuntimeError):
    """Why no backup is taken or restored, and what to do about it."""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup is: `schema` is the database's newest migration, `position` where its log was, sizes in bytes."""

    format: int
    version: str
    schema: str
    made_at: datetime
    incarnation: str
    position: int
    files: int
    size: int
    sums: str
    missing: list[str] = []


async def make(settings: Settings, url: str, target: Path) -> Manifest:
    """Back up the product whose database is at `url` into an empty or new folder.

    What does not come to its end leaves nothing. Raises Refused, dumping.DumpFailed, EngineDown, OSError.
    """
    if target.exists() and any(target.iterdir()):
        raise Refused(f"{target} is not empty: a backup goes into a folder of its own.")
    try:
        return await _made(settings, url, target)
    except BaseException:
        _delete_partial(target)
        raise


async def _made(settings: Settings, url: str, target: Path) -> Manifest:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = _Copy(target)
    keys = secrets.load(settings)
    async with engines.opened(settings, keys), keeping.kept(url):
        connection = await db.connect(url, name="backup")
        try:
            await connection.execute("set idle_in_transaction_session_timeout = 0")
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                about = await connection.fetchrow(ABOUT)
                snapshot = await connection.fetchval("select pg_export_snapshot()")
                await dumping.dump(url, target / DUMP, snapshot=snapshot)
                await _media(connection, copy)
        finally:
            await connection.close(timeout=2)
        for kind in erased.KINDS:
            await copy.write(f"erased/{kind}", _once(erased.ids_written(await erased.remembered(kind))))
    for name in secrets.Secrets.__struct_fields__:
        await copy.file(f"secrets/{name}", settings.secrets_dir / name)
    for folder in FOLDERS:
        for path in sorted(one for one in (settings.data_dir / folder).rglob("*") if one.is_file()):
            await copy.file(str(path.relative_to(settings.data_dir)), path)
    copy.sums[DUMP] = await asyncio.to_thread(_sum_of, target / DUMP)
    return await asyncio.to_thread(_seal, copy, about)


class _Copy:
    """What has been written, by its checksum; `missing` is what the database names and the store has not."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.sums: dict[str, str] = {}
        self.missing: list[str] = []

    async def file(self, name: str, source: Path) -> None:
        await self.write(name, _parts_of(source))

    async def write(self, name: str, parts: AsyncIterable[bytes]) -> None:
        path = self.target / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = hashlib.sha256()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            async for part in parts:
                found.update(part)
                await asyncio.to_thread(out.write, part)
        self.sums[name] = found.hexdigest()

    async def object(self, key: str) -> None:
        name = f"media/{spread(key)}/{key}"
        try:
            await self.write(name, objects.store().iter_range(key))
        except FileNotFoundError:
            (self.target / name).unlink(missing_ok=True)
            self.missing.append(key)


async def _media(connection: asyncpg.Connection, copy: _Copy) -> None:
    """Every object of every medium that the snapshot knows."""
    last, gate = 0, asyncio.Semaphore(AT_ONCE)

    async def one(media_id: int, has_arrived: bool) -> None:
        async with gate:
            if has_arrived or await objects.store().stat(objects.upload_key(media_id)) is not None:
                await copy.object(objects.upload_key(media_id))
            for name in await objects.store().sizes(objects.files_prefix(media_id)):
                await copy.object(f"{objects.files_prefix(media_id)}/{name}")

    while rows := await connection.fetch(MEDIA, last, BATCH):
        await asyncio.gather(*(one(row["id"], row["has_arrived"]) for row in rows))
        last = rows[-1]["id"]


def _seal(copy: _Copy, about: asyncpg.Record) -> Manifest:
    """Everything is on the disk before the manifest says so."""
    lines = "".join(f"{value}  {name}\n" for name, value in sorted(copy.sums.items())).encode()
    (copy.target / SUMS).write_bytes(lines)
    manifest = Manifest(
        format=FORMAT,
        version=__version__,
        schema=about["schema"],
        made_at=datetime.now(UTC),
        incarnation=str(about["incarnation"]),
        position=about["pos"],
        files=len(copy.sums),
        size=sum((copy.target / name).stat().st_size for name in copy.sums),
        sums=hashlib.sha256(lines).hexdigest(),
        missing=sorted(copy.missing),
    )
    os.sync()
    draft = copy.target / f".{MANIFEST}"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    draft.rename(copy.target / MANIFEST)
    os.sync()
    return manifest


def read(source: Path) -> tuple[Manifest, dict[str, str]]:
    """A backup's manifest, and the checksums of its files by name. Raises Refused for what is none, or is harmed."""
    try:
        manifest = msgspec.json.decode((source / MANIFEST).read_bytes(), type=Manifest)
        lines = (source / SUMS).read_bytes()
    except FileNotFoundError as error:
        raise Refused(f"{source} is no whole backup: it has no {Path(error.filename).name}.") from error
    except msgspec.DecodeError as error:
        raise Refused(f"{source / MANIFEST} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise Refused(
            f"{source} has format {manifest.format}, and this version reads {FORMAT}: use Tintype {manifest.version}."
        )
    if hashlib.sha256(lines).hexdigest() != manifest.sums:
        raise Refused(f"{source / SUMS} is not as it was written.")
    sums = {name: value for value, _, name in (line.partition("  ") for line in lines.decode().splitlines())}
    return manifest, sums


def harmed(source: Path, sums: dict[str, str]) -> list[str]:
    """Files that are missing, or not as they were written."""
    return [name for name, value in sums.items() if not (source / name).is_file() or _sum_of(source / name) != value]


def spread(key: str) -> str:
    """The folder of an object, so that none has too many."""
    return f"{zlib.crc32('/'.join(key.split('/')[:2]).encode()) % 1000:03d}"


def keys_in(names: Iterable[str]) -> list[str]:
    """The objects among a backup's files."""
    return [name.split("/", 2)[2] for name in names if name.startswith("media/")]


def _delete_partial(target: Path) -> None:
    """Take away what a backup that did not come to its end has written."""
    if not (target / MANIFEST).exists():
        shutil.rmtree(target, ignore_errors=True)


def _sum_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


async def _parts_of(path: Path) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(path.read_bytes)


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


ABOUT = """
-- entry: which schema, and where its log is
select (select version_num from alembic_version) as schema, pos, incarnation from log_state
"""

MEDIA = """
-- entry: media of the snapshot
select id, status not in ('waiting', 'rejected') as has_arrived from media where id > $1 order by id limit $2
"""
