"""The object store in a folder: the embedded default."""

import asyncio
import errno
import hashlib
import os
import re
import secrets
import shutil
import threading
import time
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from tintype.platform.errors import StorageFull, TooLarge
from tintype.platform.objects.forms import Forms
from tintype.platform.objects.port import (
    AREAS,
    Part,
    PartsMissing,
    PartWrong,
    Room,
    Stat,
    Ticket,
    UploadExists,
    part_count,
    part_length,
    parts_prefix,
    upload_key,
)

CHUNK_BYTES = 1024 * 1024
SPREAD = 1024
STORE_SECONDS, UPLOAD_SECONDS, JOIN_SECONDS = 10.0, 900.0, 120.0

T = TypeVar("T")
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_FULL = {errno.ENOSPC, errno.EDQUOT}


class FolderObjects(Forms):
    """Objects as files below `root`, spread over sub-folders; drafts live beside them until they are whole."""

    def __init__(self, root: Path, key: bytes) -> None:
        super().__init__(key)
        self._root = root
        self._drafts = root / "drafts"
        self._keeping_part = threading.Lock()

    async def put(self, files: Mapping[str, bytes]) -> None:
        await _in_time(asyncio.to_thread(self._put, files))

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator[int]:
        descriptor = await _in_time(asyncio.to_thread(os.open, self._path(key), os.O_RDONLY | os.O_CLOEXEC))
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    async def iter_range(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        async with self.open(key) as descriptor:
            at, stop = start, os.fstat(descriptor).st_size if end is None else end
            while at < stop:
                chunk = await _in_time(asyncio.to_thread(os.pread, descriptor, min(CHUNK_BYTES, stop - at), at))
                if not chunk:
                    return
                at += len(chunk)
                yield chunk

    async def stat(self, key: str) -> Stat | None:
        with suppress(FileNotFoundError):
            return Stat((await _in_time(asyncio.to_thread(self._path(key).stat))).st_size)
        return None

    async def delete(self, key: str) -> None:
        await _in_time(asyncio.to_thread(self._path(key).unlink, missing_ok=True))

    async def delete_prefix(self, prefix: str) -> None:
        with suppress(FileNotFoundError):
            await asyncio.to_thread(shutil.rmtree, self._path(prefix))

    async def accept(self, ticket: Ticket, chunks: AsyncIterator[bytes]) -> int:
        draft = self._draft()
        with _room():
            descriptor = await _in_time(asyncio.to_thread(self._create, draft))
            try:
                async with asyncio.timeout(UPLOAD_SECONDS):
                    size = await _receive(descriptor, chunks, ticket.size)
                    await asyncio.to_thread(os.fsync, descriptor)
                await asyncio.to_thread(self._keep, draft, self._path(upload_key(ticket.media_id)), size)
            finally:
                os.close(descriptor)
                draft.unlink(missing_ok=True)
        return size

    async def settle(self, ticket: Ticket) -> Stat | None:
        return await self.stat(upload_key(ticket.media_id))

    async def begin_parts(self, ticket: Ticket) -> str:
        return parts_prefix(ticket.media_id)

    async def accept_part(self, ticket: Ticket, number: int, sha256: str | None, chunks: AsyncIterator[bytes]) -> Part:
        draft, wanted = self._draft(), part_length(ticket, number)
        with _room():
            descriptor = await _in_time(asyncio.to_thread(self._create, draft))
            try:
                async with asyncio.timeout(UPLOAD_SECONDS):
                    measured = _Measured(chunks)
                    size = await _receive(descriptor, measured, wanted)
                    found = measured.hash.hexdigest()
                    if size != wanted or sha256 not in (None, found):
                        raise PartWrong
                    await asyncio.to_thread(os.fsync, descriptor)
                part = Part(number, size, found)
                await asyncio.to_thread(self._keep_part, draft, self._path(parts_prefix(ticket.media_id)), part)
            finally:
                os.close(descriptor)
                draft.unlink(missing_ok=True)
        return part

    async def parts(self, upload_id: str) -> list[Part]:
        return await _in_time(asyncio.to_thread(_parts_in, self._path(upload_id)))

    async def join(self, ticket: Ticket, upload_id: str) -> Stat:
        if (there := await self.stat(upload_key(ticket.media_id))) is not None:
            return there
        with _room():
            async with asyncio.timeout(JOIN_SECONDS):
                await asyncio.to_thread(self._join, ticket, self._path(upload_id))
        return Stat(ticket.size)

    async def drop_parts(self, media_id: int, upload_id: str) -> None:  # noqa: ARG002 - other stores need it
        await self.delete_prefix(upload_id)

    async def sizes(self, prefix: str) -> dict[str, int]:
        return await _in_time(asyncio.to_thread(_sizes_in, self._path(prefix)))

    async def media(self) -> AsyncIterator[set[int]]:
        for area in AREAS:
            for spread in range(SPREAD):
                yield await _in_time(asyncio.to_thread(_media_in, self._root / area / f"{spread:03x}"))

    async def room(self) -> Room | None:
        found = await _in_time(asyncio.to_thread(self._disk))
        return Room(found.free, found.total)

    async def tidy(self, older_than: timedelta) -> None:
        await asyncio.to_thread(self._tidy, time.time() - older_than.total_seconds())

    def _put(self, files: Mapping[str, bytes]) -> None:
        """All drafts are on disk before the first is put in its place, so a full disk changes nothing."""
        drafts: dict[Path, Path] = {}
        with _room():
            try:
                for key, data in files.items():
                    drafts[draft := self._draft()] = self._path(key)
                    self._write(draft, data)
                for folder in {path.parent for path in drafts.values()}:
                    _make_folder(folder)
                for draft, path in drafts.items():
                    draft.rename(path)
                for folder in {path.parent for path in drafts.values()}:
                    _sync_folder(folder)
            finally:
                for draft in drafts:
                    draft.unlink(missing_ok=True)

    def _write(self, draft: Path, data: bytes) -> None:
        descriptor = self._create(draft)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _keep(self, draft: Path, path: Path, size: int) -> None:
        """The first whole upload stays; the same sent again, because its answer was lost, is no error."""
        _make_folder(path.parent)
        try:
            os.link(draft, path)
        except FileExistsError as error:
            if path.stat().st_size != size:
                raise UploadExists from error
        _sync_folder(path.parent)

    def _keep_part(self, draft: Path, folder: Path, part: Part) -> None:
        """Its name tells its checksum; the same part of before goes once this one is there."""
        _make_folder(folder)
        name = f"{part.number}.{part.sha256}"
        with self._keeping_part:
            draft.replace(folder / name)
            for old in folder.glob(f"{part.number}.*"):
                if old.name != name:
                    old.unlink(missing_ok=True)
        _sync_folder(folder)

    def _join(self, ticket: Ticket, folder: Path) -> None:
        """Whoever joined them meanwhile has taken the parts away, and the whole is there."""
        try:
            self._put_together(ticket, folder)
        except (PartsMissing, FileNotFoundError) as error:
            if not self._path(upload_key(ticket.media_id)).exists():
                raise PartsMissing from error
        shutil.rmtree(folder, ignore_errors=True)

    def _put_together(self, ticket: Ticket, folder: Path) -> None:
        there = {one.number: one for one in _parts_in(folder)}
        numbers = range(1, part_count(ticket) + 1)
        if any(one not in there or there[one].size != part_length(ticket, one) for one in numbers):
            raise PartsMissing
        draft = self._draft()
        descriptor = self._create(draft)
        try:
            for one in numbers:
                _append(descriptor, folder / f"{one}.{there[one].sha256}")
            os.fsync(descriptor)
            self._keep(draft, self._path(upload_key(ticket.media_id)), ticket.size)
        finally:
            os.close(descriptor)
            draft.unlink(missing_ok=True)

    def _disk(self) -> Any:
        _make_folder(self._root)
        return shutil.disk_usage(self._root)

    def _tidy(self, before: float) -> None:
        with suppress(FileNotFoundError):
            for draft in self._drafts.iterdir():
                with suppress(FileNotFoundError):
                    if draft.stat().st_mtime < before:
                        draft.unlink()

    def _create(self, draft: Path) -> int:
        _make_folder(draft.parent)
        return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def _draft(self) -> Path:
        return self._drafts / f"{os.getpid()}-{secrets.token_hex(8)}"

    def _path(self, key: str) -> Path:
        area, thing, *rest = parts = key.split("/")
        if not all(_PART.fullmatch(part) for part in parts):
            raise ValueError(f"not a key: {key!r}")
        return self._root.joinpath(area, f"{zlib.crc32(thing.encode()) % SPREAD:03x}", thing, *rest)


class _Measured:
    """Chunks as they pass, with their checksum."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self.hash = hashlib.sha256()
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.hash.update(chunk)
            yield chunk


def _parts_in(folder: Path) -> list[Part]:
    """What has arrived; where a crash has left a part twice, the newer one."""
    found: dict[int, tuple[int, Part]] = {}
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            number, _, sha256 = path.name.partition(".")
            about = path.stat()
            if number.isdigit() and about.st_mtime_ns >= found.get(int(number), (0, None))[0]:
                found[int(number)] = about.st_mtime_ns, Part(int(number), about.st_size, sha256)
    return [part for _, (_, part) in sorted(found.items())]


def _sizes_in(folder: Path) -> dict[str, int]:
    with suppress(FileNotFoundError):
        return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return {}


def _media_in(folder: Path) -> set[int]:
    with suppress(FileNotFoundError):
        return {int(path.name) for path in folder.iterdir() if path.name.isdecimal()}
    return set()


def _append(descriptor: int, path: Path) -> None:
    """By the kernel, without its bytes coming here."""
    source = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        at, left = 0, os.fstat(source).st_size
        while left:
            sent = os.sendfile(descriptor, source, at, left)
            at, left = at + sent, left - sent
    finally:
        os.close(source)


async def _in_time(work: Awaitable[T]) -> T:
    """Raises TimeoutError for a disk that does not answer; its thread is left to it."""
    async with asyncio.timeout(STORE_SECONDS):
        return await work


async def _receive(descriptor: int, chunks: AsyncIterable[bytes], most: int) -> int:
    """Write as it arrives, in pieces of about a megabyte."""
    size, waiting = 0, bytearray()
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise TooLarge("The file is larger than was declared.")
        waiting += chunk
        if len(waiting) >= CHUNK_BYTES:
            await asyncio.to_thread(_write_all, descriptor, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(_write_all, descriptor, bytes(waiting))
    return size


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _make_folder(folder: Path) -> None:
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(one.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise
