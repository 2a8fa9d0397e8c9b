"""What a client does with the forms and addresses that a store has signed: over HTTP, or by our own endpoints' way."""

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx2

from tests.engines import s3
from tintype.platform.errors import TooLarge
from tintype.platform.objects.port import Objects, Ticket, UploadRefused
from tintype.platform.objects.s3 import S3Objects


@asynccontextmanager
async def opened(
    engine: s3.Store, key: bytes, folder: Path, *, direct: bool, seconds: float = 10
) -> AsyncIterator[S3Objects]:
    """The adapter over this engine."""
    public = engine.bucket if direct else None
    store = S3Objects(engine.bucket, key, folder / "drafts", public=public, seconds=seconds)
    try:
        yield store
    finally:
        await store.close()


async def form(store: Objects, ticket: Ticket, data: bytes, changed: Mapping[str, str | None] | None = None) -> None:
    """Send the form, with some of its fields changed, or left out. Raises UploadRefused, TooLarge."""
    signed = store.sign_upload(ticket)
    fields = {**signed.fields, **(changed or {})}
    kept = {name: value for name, value in fields.items() if value is not None}
    if signed.url.startswith("/"):
        await store.accept(store.verify(kept, ticket.media_id), _arriving(data))
        return
    async with httpx2.AsyncClient(trust_env=False) as http:
        _told(await http.post(signed.url, data=kept, files={"file": ("a.jpg", data, ticket.content_type)}))


async def part(
    store: Objects,
    ticket: Ticket,
    upload_id: str,
    number: int,
    data: bytes,
    *,
    number_sent: int | None = None,
    address_of: tuple[Ticket, str] | None = None,
) -> None:
    """Put a part to its address; to that of another part or upload, where one is named, as if it were its own."""
    signed = store.sign_parts(*(address_of or (ticket, upload_id)))
    url = next(one.url for one in signed.parts if one.number == number)
    sent = number_sent or number
    if url.startswith("/"):
        found = store.verify_part(dict(parse_qsl(urlsplit(url).query)), ticket.media_id, sent)
        await store.accept_part(found, sent, hashlib.sha256(data).hexdigest(), _arriving(data))
        return
    url = url.replace(f"partNumber={number}", f"partNumber={sent}")
    if address_of:
        url = url.replace(f"uploads/{address_of[0].media_id}?", f"uploads/{ticket.media_id}?")
    async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
        _told(await http.put(url, content=data))


def _told(answer: httpx2.Response) -> None:
    if b"EntityTooLarge" in answer.content:
        raise TooLarge
    if answer.status_code in (400, 403):
        raise UploadRefused(answer.text)
    answer.raise_for_status()


async def _arriving(data: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 700_000):
        yield data[at : at + 700_000]
