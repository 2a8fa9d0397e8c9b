"""The object store in a bucket: S3, and whatever speaks as it does.

A whole upload lands under `landing/`, where its form may be sent again until it runs out; `settle` has the store copy
it to its place, on the condition that nothing is there. Parts become the upload when they are joined, and their
addresses are worth nothing afterwards. So in either case what was looked at once stays as it was.
"""

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

from tintype.platform import clock
from tintype.platform.clients import trust
from tintype.platform.clients.s3 import Bucket, Client, Refusal, post_form, presigned
from tintype.platform.errors import TooLarge
from tintype.platform.guard import Guard
from tintype.platform.objects.forms import Forms
from tintype.platform.objects.port import (
    AREAS,
    PART_BYTES,
    Part,
    PartAddress,
    PartsMissing,
    PartWrong,
    Room,
    Stat,
    Ticket,
    Upload,
    UploadExists,
    part_count,
    part_length,
    parts_prefix,
    upload_key,
)
from tintype.platform.together import task_group

ENGINE = "s3"
SECONDS, TRANSFER_SECONDS = 10.0, 120.0
CHUNK_BYTES = 1024 * 1024
AT_ONCE, LISTED = 16, 1000
ABANDONED = timedelta(hours=24)  # longer than any ticket lasts
JOIN_LOOKS, JOIN_LOOK_SECONDS = 10, 0.1
LANDING = "landing"
_KEY = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,99}/)+[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class S3Objects(Forms):
    """Objects in a bucket. Uploads go there directly, to the address `public`, or, without one, through us."""

    def __init__(
        self, bucket: Bucket, key: bytes, drafts: Path, *, public: Bucket | None, seconds: float = SECONDS
    ) -> None:
        super().__init__(key)
        self._public, self._drafts = public, drafts
        self._guard = Guard(ENGINE, seconds, quiet=(FileNotFoundError, AlreadyExistsError, Refusal), probe=self._probe)
        self._transfer_seconds = max(seconds, min(TRANSFER_SECONDS, seconds * 12))
        self._client = Client(bucket, seconds)
        self._store = _opened(bucket, seconds, self._transfer_seconds)
        self._keeping_part = asyncio.Lock()

    async def close(self) -> None:
        """Let go of the connections."""
        self._guard.close()
        await self._client.close()

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Each is there whole or not at all; where the store fails midway, some of them may be there."""
        keys = [_checked(key) for key in files]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(key: str) -> None:
            async with gate, self._guard.call(self._transfer_seconds):
                await obstore.put_async(self._store, key, files[key])

        if len(keys) == 1:
            await one(keys[0])
            return
        async with task_group() as group:
            for key in keys:
                group.create_task(one(key))

    @asynccontextmanager
    async def open(self, key: str) -> AsyncIterator[int]:
        """A copy of it on this machine, which goes with the block."""
        await asyncio.to_thread(self._drafts.mkdir, mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._drafts) as draft:
            async for chunk in self.iter_range(key):
                await asyncio.to_thread(draft.write, chunk)
            draft.flush()
            draft.seek(0)
            yield draft.fileno()

    async def iter_range(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        _checked(key)
        if end is not None and end <= start:
            return
        options: Any = {"range": (start, end) if end is not None else {"offset": start}} if start or end else None
        async with self._guard.call():
            found = await obstore.get_async(self._store, key, options=options)
        chunks = found.stream(min_chunk_size=CHUNK_BYTES).__aiter__()
        while True:
            async with self._guard.call():
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield bytes(chunk)

    async def stat(self, key: str) -> Stat | None:
        _checked(key)
        with suppress(FileNotFoundError):
            async with self._guard.call():
                return Stat((await obstore.head_async(self._store, key))["size"])
        return None

    async def delete(self, key: str) -> None:
        _checked(key)
        with suppress(FileNotFoundError):
            async with self._guard.call():
                await obstore.delete_async(self._store, key)

    async def delete_prefix(self, prefix: str) -> None:
        async for found in self._listed(prefix):
            async with self._guard.call(self._transfer_seconds):
                await obstore.delete_async(self._store, [one["path"] for one in found])

    def sign_upload(self, ticket: Ticket) -> Upload:
        if self._public is None:
            return super().sign_upload(ticket)
        key = _landing(ticket.media_id)
        fields = post_form(self._public, key, ticket.content_type, ticket.size, ticket.expires_at)
        return Upload("POST", self._public.url, fields)

    async def accept(self, ticket: Ticket, chunks: AsyncIterator[bytes]) -> int:
        data, key = await _received(chunks, ticket.size), upload_key(ticket.media_id)
        try:
            async with self._guard.call(self._transfer_seconds):
                await obstore.put_async(self._store, key, data, mode="create", use_multipart=False)
        except AlreadyExistsError as error:
            if await self.stat(key) != Stat(len(data)):
                raise UploadExists from error
        return len(data)

    async def settle(self, ticket: Ticket) -> Stat | None:
        key, landed = upload_key(ticket.media_id), _landing(ticket.media_id)
        with suppress(AlreadyExistsError, FileNotFoundError):
            async with self._guard.call(self._transfer_seconds):
                await obstore.copy_async(self._store, landed, key, overwrite=False)
        _, found = await asyncio.gather(self.delete(landed), self.stat(key))
        return found

    async def begin_parts(self, ticket: Ticket) -> str:
        if self._public is None:
            return parts_prefix(ticket.media_id)
        async with self._guard.call():
            return await self._client.begin(upload_key(ticket.media_id)) + f"@{upload_key(ticket.media_id)}"

    def sign_parts(self, ticket: Ticket, upload_id: str) -> Upload:
        name, _, key = upload_id.partition("@")
        if self._public is None or not key:
            return super().sign_parts(ticket, upload_id)
        addresses = [
            PartAddress(
                number,
                presigned(
                    self._public,
                    "PUT",
                    key,
                    ticket.expires_at,
                    {"partNumber": str(number), "uploadId": name},
                    {"content-length": str(part_length(ticket, number))},
                ),
            )
            for number in range(1, part_count(ticket) + 1)
        ]
        return Upload("MULTIPART", self._public.url, part_size=PART_BYTES, parts=addresses)

    async def accept_part(self, ticket: Ticket, number: int, sha256: str | None, chunks: AsyncIterator[bytes]) -> Part:
        wanted = part_length(ticket, number)
        data = await _received(chunks, wanted)
        found = hashlib.sha256(data).hexdigest()
        if len(data) != wanted or sha256 not in (None, found):
            raise PartWrong
        folder = parts_prefix(ticket.media_id)
        async with self._keeping_part:
            await self.put({f"{folder}/{number}.{found}": data})
            for old in await self.sizes(folder):
                if old.startswith(f"{number}.") and old != f"{number}.{found}":
                    await self.delete(f"{folder}/{old}")
        return Part(number, wanted, found)

    async def parts(self, upload_id: str) -> list[Part]:
        name, _, key = upload_id.partition("@")
        if key:
            return await self._listed_parts(key, name)
        found = {}
        for one, size in (await self.sizes(upload_id)).items():
            number, _, sha256 = one.partition(".")
            found[int(number)] = Part(int(number), size, sha256)
        return [part for _, part in sorted(found.items())]

    async def join(self, ticket: Ticket, upload_id: str) -> Stat:
        if (there := await self.stat(upload_key(ticket.media_id))) is not None:
            return there
        try:
            await self._join(ticket, upload_id)
        except Refusal as error:
            if not await self._joined_by_another(ticket):
                raise PartsMissing from error
        return Stat(ticket.size)

    async def drop_parts(self, media_id: int, upload_id: str) -> None:  # noqa: ARG002 - the key stands in the name
        name, _, key = upload_id.partition("@")
        if not key:
            await self.delete_prefix(upload_id)
            return
        async with self._guard.call():
            await self._client.abort(key, name)

    async def sizes(self, prefix: str) -> dict[str, int]:
        start = len(prefix) + 1
        return {one["path"][start:]: one["size"] async for found in self._listed(prefix) for one in found}

    async def media(self) -> AsyncIterator[set[int]]:
        for area in AREAS:
            async for found in self._listed(area):
                yield {int(name) for one in found if (name := one["path"].split("/")[1]).isdecimal()}

    async def room(self) -> Room | None:
        return None

    async def _probe(self) -> None:
        """Any answer will do, also that there is no such object."""
        await self.stat(_landing(0))

    async def tidy(self, older_than: timedelta) -> None:
        """Uploads that were never completed go once no ticket can be good any more."""
        before = clock.now() - max(older_than, ABANDONED)
        async with self._guard.call():
            begun = await self._client.begun_before(before)
        for key, name in begun:
            async with self._guard.call():
                await self._client.abort(key, name)
        async for found in self._listed(LANDING):
            for one in found:
                if one["last_modified"] < before:
                    await self.delete(one["path"])

    async def _listed(self, prefix: str) -> AsyncIterator[Sequence[Any]]:
        """What lies below `prefix/`, a thousand at a time."""
        _checked(f"{prefix}/x")
        pages = obstore.list(self._store, prefix, chunk_size=LISTED)
        while True:
            async with self._guard.call():
                page = await anext(pages, None)
            if page is None:
                return
            yield page

    async def _listed_parts(self, key: str, name: str) -> list[Part]:
        try:
            async with self._guard.call():
                return [Part(one.number, one.size, None) for one in await self._client.list_parts(key, name)]
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            return []

    async def _join(self, ticket: Ticket, upload_id: str) -> None:
        name, _, key = upload_id.partition("@")
        wanted = {n: part_length(ticket, n) for n in range(1, part_count(ticket) + 1)}
        if not key:
            await self._join_objects(ticket, upload_id, wanted)
            return
        async with self._guard.call(self._transfer_seconds):
            there = [one for one in await self._client.list_parts(key, name) if one.number in wanted]
            if {one.number: one.size for one in there} == wanted:
                await self._client.complete(key, name, there)
                return
        raise PartsMissing

    async def _join_objects(self, ticket: Ticket, folder: str, wanted: dict[int, int]) -> None:
        """Of objects that the store has, since they came through us: their bytes do not come here again."""
        there, key = {one.number: one for one in await self.parts(folder)}, upload_key(ticket.media_id)
        if {n: there[n].size for n in wanted if n in there} != wanted:
            raise PartsMissing
        async with self._guard.call(self._transfer_seconds):
            name = await self._client.begin(key)
            sources = [(n, f"{folder}/{n}.{there[n].sha256}") for n in wanted]
            copied = [await self._client.copy_part(key, name, n, source) for n, source in sources]
            await self._client.complete(key, name, copied)
        await self.delete_prefix(folder)

    async def _joined_by_another(self, ticket: Ticket) -> bool:
        """The upload in parts is not there any more; a moment later the object is, if another has joined it."""
        for _ in range(JOIN_LOOKS):
            if await self.stat(upload_key(ticket.media_id)) is not None:
                return True
            await asyncio.sleep(JOIN_LOOK_SECONDS)
        return False


def _landing(media_id: int) -> str:
    return f"{LANDING}/{media_id}"


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


async def _received(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """All of it, in memory: an upload through us is at most 16 MB, a part of one 8. Raises TooLarge."""
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > most:
            raise TooLarge("The file is larger than was declared.")
    return bytes(data)


def _opened(bucket: Bucket, seconds: float, transfer_seconds: float) -> S3Store:
    return S3Store(
        bucket.name,
        endpoint=bucket.origin,
        access_key_id=bucket.key,
        secret_access_key=bucket.secret,
        region=bucket.region,
        virtual_hosted_style_request=not bucket.path,
        copy_if_not_exists="multipart",
        client_options={
            "allow_http": bucket.url.startswith("http://"),
            "connect_timeout": timedelta(seconds=min(seconds, 5)),
            "timeout": timedelta(seconds=transfer_seconds),
            **({"root_certificate": own} if (own := trust.own()) else {}),
        },
        retry_config={
            "max_retries": 2,
            "retry_timeout": timedelta(seconds=seconds),
            "backoff": {"init_backoff": timedelta(milliseconds=50), "max_backoff": timedelta(seconds=1), "base": 2},
        },
    )
