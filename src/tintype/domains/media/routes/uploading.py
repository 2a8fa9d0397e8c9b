"""Asking to upload, saying that it is done, waiting until it is ready."""

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody

from tintype.domains.media import actions, reads, rules
from tintype.domains.media.reads import Media
from tintype.platform import clock, db, idempotency, ids, waiting
from tintype.platform.db import Actor
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import Ticket, Upload
from tintype.platform.ratelimit import UPLOADS_PER_HOUR

Asked = Request[Any, Any, Any]


class UploadTicket(msgspec.Struct, frozen=True):
    """Where and how to send the file, until when."""

    media_id: str
    upload: Upload
    expires_at: str


@post("/media/upload-url", operation_id="createUploadUrl", limit=UPLOADS_PER_HOUR, status_code=201)
async def create(
    actor: NamedDependency[Actor],
    data: JSONBody[rules.NewUpload],
    request: Asked,
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> UploadTicket:
    """Ask to upload: answers with a form, good for 15 minutes. Send its fields first and the part `file` last.

    For what is larger than 16 MB it answers with the addresses of its parts, good for 12 hours.
    """
    room = await objects.store().room()
    async with db.act(actor) as tx:
        media_id = await idempotency.begin(tx, "createUploadUrl", idempotency_key, await request.body())
        if media_id is None:
            media_id = await actions.create(tx, actor, data, room)
            await idempotency.keep(tx, "createUploadUrl", idempotency_key, await request.body(), 201, media_id)
        ticket = await actions.ticket(tx, actor, media_id)
    return UploadTicket(str(media_id), await _signed(actor, ticket), clock.iso(ticket.expires_at))


async def _signed(actor: Actor, ticket: Ticket) -> Upload:
    store = objects.store()
    if not rules.in_parts(ticket.size):
        return store.sign_upload(ticket)
    upload_id = (await own(actor, ticket.media_id)).upload_id
    if upload_id is None:
        opened = await store.begin_parts(ticket)
        async with db.act(actor) as tx:
            upload_id = await actions.keep_upload_id(tx, actor, ticket.media_id, opened)
    return store.sign_parts(ticket, upload_id)


@post("/media/{media_id:str}/complete", operation_id="completeUpload", status_code=202)
async def complete(actor: NamedDependency[Actor], media_id: FromPath[str]) -> Media:
    """The file is sent: have it made ready. What is wrong with it shows later, as `rejected`."""
    wanted = ids.parse(media_id)
    await completed(actor, await own(actor, wanted))
    async with db.read() as r:
        return reads.present_own(await reads.own(r, actor.id, wanted))


async def completed(actor: Actor, row: reads.MediaRow) -> None:
    """Have what has arrived made ready. Raises UploadMissing, and what joining parts raises."""
    if row.status != "waiting":
        return
    async with db.read() as r:
        ticket = await actions.ticket(r, actor, row.id)
    store = objects.store()
    if row.upload_id is None:
        arrived = await store.settle(ticket)
    else:
        arrived = await store.join(ticket, row.upload_id)
    async with db.act(actor) as tx:
        await actions.complete(tx, actor, row.id, arrived.size if arrived else None)


@get("/media/{media_id:str}", operation_id="getMedia")
async def read(actor: NamedDependency[Actor], media_id: FromPath[str]) -> Media:
    """One's own medium."""
    return reads.present_own(await own(actor, ids.parse(media_id)))


@get("/media/{media_id:str}/wait", operation_id="waitForMedia")
async def wait(actor: NamedDependency[Actor], media_id: FromPath[str], seconds: FromQuery[float] = 25) -> Media:
    """The medium once it is ready or rejected, or as it is when the time (at most 30 s) is up."""
    wanted = ids.parse(media_id)

    async def finished() -> reads.MediaRow | None:
        found = await own(actor, wanted)
        return found if found.status in rules.FINAL else None

    found = await waiting.until("media", wanted, seconds, finished) or await own(actor, wanted)
    return reads.present_own(found)


async def own(actor: Actor, media_id: int) -> reads.MediaRow:
    async with db.read() as r:
        return await reads.own(r, actor.id, media_id)


ROUTES = [create, complete, read, wait]
