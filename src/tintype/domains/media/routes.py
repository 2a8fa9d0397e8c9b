"""Uploads: ask for a form, send the file, say that it is complete, wait until it is ready; and the files to look at."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody
from litestar.response import Stream
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from tintype.cards import account as account_card
from tintype.domains.media import actions, reads, rules
from tintype.domains.media.reads import Media
from tintype.platform import clock, db, idempotency, ids, ranges, waiting
from tintype.platform.config import Settings
from tintype.platform.db import Actor
from tintype.platform.errors import BadRequest, TooLarge, UnsupportedType
from tintype.platform.objects import port as objects
from tintype.platform.objects.folder import FolderObjects
from tintype.platform.objects.port import Upload, UploadRefused, file_key, upload_key
from tintype.platform.ratelimit import EDITS_PER_HOUR, UPLOADS_PER_HOUR
from tintype.platform.secrets import Secrets
from tintype.platform.telemetry import UPLOADED

FORM_BYTES = 64 * 1024
FIELD_BYTES = 1024

Asked = Request[Any, Any, Any]
Parts = AsyncGenerator[MultipartSegment | bytearray | bytes | None]


class UploadTicket(msgspec.Struct, frozen=True):
    """Where and how to send the file, until when."""

    media_id: str
    upload: Upload
    expires_at: str


def use(settings: Settings, keys: Secrets) -> None:
    """The store and the addresses of an API process."""
    objects.use(FolderObjects(settings.media_dir, keys.upload))
    reads.use(settings.media_url, keys.upload, members_only=settings.members_only)


@post("/media/upload-url", operation_id="createUploadUrl", limit=UPLOADS_PER_HOUR, status_code=201)
async def create(
    actor: NamedDependency[Actor],
    data: JSONBody[rules.NewUpload],
    request: Asked,
    idempotency_key: Annotated[str | None, HeaderParameter(name="Idempotency-Key")] = None,
) -> UploadTicket:
    """Ask to upload: answers with a form, good for 15 minutes. Send its fields first and the part `file` last."""
    async with db.act(actor) as tx:
        media_id = await idempotency.begin(tx, "createUploadUrl", idempotency_key, await request.body())
        if media_id is None:
            media_id = await actions.create(tx, actor, data)
            await idempotency.keep(tx, "createUploadUrl", idempotency_key, await request.body(), 201, media_id)
        ticket = await actions.ticket(tx, actor, media_id)
    return UploadTicket(str(media_id), objects.store().sign_upload(ticket), clock.iso(ticket.expires_at))


@post("/media/{media_id:str}/complete", operation_id="completeUpload", status_code=202)
async def complete(actor: NamedDependency[Actor], media_id: FromPath[str]) -> Media:
    """The file is sent: have it made ready. What is wrong with it shows later, as `rejected`."""
    wanted = ids.parse(media_id)
    async with db.read() as r:
        await reads.own(r, actor.id, wanted)
    arrived = await objects.store().stat(upload_key(wanted))
    async with db.act(actor) as tx:
        await actions.complete(tx, actor, wanted, arrived.size if arrived else None)
        return reads.present_own(await reads.own(tx, actor.id, wanted))


@get("/media/{media_id:str}", operation_id="getMedia")
async def read(actor: NamedDependency[Actor], media_id: FromPath[str]) -> Media:
    """One's own medium."""
    return reads.present_own(await _own(actor, ids.parse(media_id)))


@get("/media/{media_id:str}/wait", operation_id="waitForMedia")
async def wait(actor: NamedDependency[Actor], media_id: FromPath[str], seconds: FromQuery[float] = 25) -> Media:
    """The medium once it is ready or rejected, or as it is when the time (at most 30 s) is up."""
    wanted = ids.parse(media_id)

    async def finished() -> reads.MediaRow | None:
        found = await _own(actor, wanted)
        return found if found.status in rules.FINAL else None

    found = await waiting.until("media", wanted, seconds, finished) or await _own(actor, wanted)
    return reads.present_own(found)


async def _own(actor: Actor, media_id: int) -> reads.MediaRow:
    async with db.read() as r:
        return await reads.own(r, actor.id, media_id)


@get("/media/{media_id:str}/original", operation_id="getOriginal", include_in_schema=False)
async def original(actor: NamedDependency[Actor], request: Asked, media_id: FromPath[str]) -> Stream:
    """One's own upload, untouched, to be kept as a file; also in parts."""
    wanted = await _own(actor, ids.parse(media_id))
    key = upload_key(wanted.id)
    found = await objects.store().stat(key)
    if found is None:
        raise rules.MediaNotFound
    part = ranges.asked(request.headers.get("range"), found.size)
    start, end = part or (0, found.size)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": ranges.attachment(
            wanted.filename or rules.original_name(wanted.id, wanted.content_type)
        ),
        "Content-Length": str(end - start),
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    return Stream(
        objects.store().iter_range(key, start, end),
        status_code=200 if part is None else 206,
        media_type=wanted.content_type,
        headers=headers,
    )


@post(
    "/media/upload/{media_id:str}",
    operation_id="uploadFile",
    own_auth=True,
    status_code=200,
    request_max_body_size=rules.IMAGE_BYTES + FORM_BYTES,
)
async def upload(request: Asked, media_id: FromPath[str]) -> None:
    """The file itself, as multipart/form-data with the form's fields. Its signature is the right to send it."""
    wanted = ids.parse(media_id)
    async with aclosing(_parts(request)) as parts:
        fields: dict[str, str] = {}
        async for part in parts:
            if not isinstance(part, MultipartSegment):
                raise BadRequest
            if part.filename is not None or part.name == "file":
                ticket = objects.store().verify(fields, wanted)
                await _check_open(wanted)
                UPLOADED.inc(await objects.store().accept(ticket, _body(parts)))
                return
            fields[part.name] = await _text(parts)
    raise UploadRefused("The form has no part `file`.")


async def _check_open(media_id: int) -> None:
    async with db.read() as r:
        found = (await reads.by_ids(r, [media_id])).get(media_id)
    if found is None:
        raise rules.MediaNotFound
    if found.status != "waiting":
        raise rules.UploadClosed


async def _parts(request: Asked) -> Parts:
    """The form's parts as they arrive: a head, pieces of its body, None at its end."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise UnsupportedType("The file is sent as multipart/form-data.")
    most = rules.IMAGE_BYTES + 1
    try:
        with PushMultipartParser(options["boundary"], max_segment_size=most, max_segment_count=16) as parser:
            async for chunk in request.stream():
                if chunk and not parser.closed:
                    for event in parser.parse(chunk):
                        yield event
    except ParserLimitReached as error:
        raise TooLarge from error
    except MultipartError as error:
        raise BadRequest("The form could not be read.") from error


async def _text(parts: Parts) -> str:
    text = bytearray()
    async for piece in _body(parts):
        text += piece
        if len(text) > FIELD_BYTES:
            raise TooLarge
    return text.decode("utf-8", "replace")


async def _body(parts: Parts) -> AsyncIterator[bytes]:
    async for piece in parts:
        if piece is None:
            return
        assert not isinstance(piece, MultipartSegment), "a part began within a part"
        yield bytes(piece)


@put("/media/{media_id:str}/edit", operation_id="editMedia", limit=EDITS_PER_HOUR)
async def edit(actor: NamedDependency[Actor], media_id: FromPath[str], data: JSONBody[rules.EditChange]) -> Media:
    """Filter, crop and adjust one's own picture. In a post, its old files stay until the new ones are there."""
    return await _edit(actor, media_id, data)


@patch("/media/{media_id:str}/edit", operation_id="patchMediaEdit", limit=EDITS_PER_HOUR)
async def patch_edit(actor: NamedDependency[Actor], media_id: FromPath[str], data: JSONBody[rules.EditChange]) -> Media:
    """The same as PUT."""
    return await _edit(actor, media_id, data)


async def _edit(actor: Actor, media_id: str, change: rules.EditChange) -> Media:
    wanted = ids.parse(media_id)
    async with db.act(actor) as tx:
        await actions.edit(tx, actor, wanted, change)
        return reads.present_own(await reads.own(tx, actor.id, wanted))


@post("/users/me/avatar", operation_id="setAvatar", status_code=200, limit=EDITS_PER_HOUR)
async def set_avatar(actor: NamedDependency[Actor], data: JSONBody[rules.NewAvatar]) -> Media:
    """Be shown with this picture once its files are there, cut to a square: `wait` for the medium that is returned."""
    wanted = ids.parse(data.media_id)
    async with db.act(actor) as tx:
        await actions.set_avatar(tx, actor, wanted, data.crop)
        return reads.present_own(await reads.own(tx, actor.id, wanted))


@delete("/users/me/avatar", operation_id="removeAvatar", status_code=200)
async def remove_avatar(actor: NamedDependency[Actor]) -> None:
    """Be shown without a picture."""
    async with db.act(actor) as tx:
        await actions.remove_avatar(tx, actor)


@get("/avatars/{user_id:str}/{size:str}", operation_id="avatar", public=True, include_in_schema=False)
async def avatar(
    viewer: NamedDependency[Actor | None], request: Asked, user_id: FromPath[str], size: FromPath[str]
) -> Response[None]:
    """A redirect to the file that suits the client: `/avatars/{user_id}/{150,320,640}[.jpg|.webp]`."""
    async with db.read() as r:
        found = await account_card.find(r, user_id, viewer.id if viewer else 0)
    name, _, extension = size.partition(".")
    file_name = rules.file_name(rules.AVATAR_FILES, name, request.headers.get("accept", ""), extension)
    if file_name is None or found.avatar_id is None:
        raise rules.AvatarNotFound
    name, _, extension = file_name.partition(".")
    address = reads.avatar_url(found.avatar_id, found.avatar_key, name, extension)
    headers = {"Location": str(address), "Cache-Control": "no-cache", "Vary": "Accept"}
    return Response(None, status_code=302, headers=headers)


@get("/m/{media_id:str}/{key:str}/{name:str}", operation_id="mediaFile", public=True, include_in_schema=False)
async def file(
    viewer: NamedDependency[Actor | None],
    request: Asked,
    media_id: FromPath[str],
    key: FromPath[str],
    name: FromPath[str],
    e: FromQuery[str] = "",
    s: FromQuery[str] = "",
) -> Response[bytes]:
    """A rendition. Never changes under its address, yet is served only while its medium may be seen."""
    wanted = ids.parse(media_id)
    async with db.read() as r:
        found = await reads.served(r, viewer.id if viewer else 0, wanted, key, name, e, s)
    if found is None:
        raise rules.MediaNotFound
    tag = f'"{key}.{name}"'
    headers = {
        "Cache-Control": f"{'private' if found.private else 'public'}, max-age={found.seconds}, immutable",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    try:
        data = b"".join([chunk async for chunk in objects.store().iter_range(file_key(wanted, name, found.render))])
    except FileNotFoundError as error:
        raise rules.MediaNotFound from error
    return Response(data, media_type=rules.FORMATS[name.rpartition(".")[2]], headers=headers)


ROUTES = [create, complete, read, wait, original, upload, edit, patch_edit, set_avatar, remove_avatar]
FILE_ROUTES = [file, avatar]
