"""Uploads in parts: put one, and ask which have arrived."""

import base64
import binascii
import re
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from tintype.domains.media import actions, reads, rules
from tintype.domains.media.routes.uploading import own
from tintype.platform import clock, db, ids
from tintype.platform.db import Actor
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import PART_BYTES, Part, PartWrong, part_length
from tintype.platform.telemetry import UPLOADED

Asked = Request[Any, Any, Any]
_SHA256 = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):", re.ASCII)


class PartState(msgspec.Struct, frozen=True):
    """A part of an upload: where it goes, how long it is, and whether it has arrived, with its SHA-256 then."""

    number: int
    url: str
    size: int
    arrived: bool
    sha256: str | None


class UploadParts(msgspec.Struct, frozen=True):
    """How far an upload in parts is."""

    media_id: str
    part_size: int
    parts: list[PartState]
    expires_at: str


@get("/media/{media_id:str}/parts", operation_id="getUploadParts")
async def parts(actor: NamedDependency[Actor], media_id: FromPath[str]) -> UploadParts:
    """Which parts of one's own upload have arrived, and where the others go: to go on after a lost connection."""
    row = await own(actor, ids.parse(media_id))
    if row.upload_id is None:
        raise rules.NotInParts
    if row.status != "waiting":
        raise rules.UploadClosed
    async with db.read() as r:
        ticket = await actions.ticket(r, actor, row.id)
    arrived = {one.number: one for one in await objects.store().parts(row.upload_id)}
    signed = objects.store().sign_parts(ticket, row.upload_id)
    states = [
        PartState(
            number=one.number,
            url=one.url,
            size=part_length(ticket, one.number),
            arrived=one.number in arrived,
            sha256=arrived[one.number].sha256 if one.number in arrived else None,
        )
        for one in signed.parts
    ]
    return UploadParts(str(row.id), PART_BYTES, states, clock.iso(ticket.expires_at))


@put(
    "/media/upload/{media_id:str}/parts/{number:int}",
    operation_id="uploadPart",
    own_auth=True,
    request_max_body_size=PART_BYTES,
)
async def put_part(request: Asked, media_id: FromPath[str], number: FromPath[int]) -> Part:
    """One part, as the raw body, in place of what arrived before. Its address is the right to send it.

    With `Content-Digest: sha-256=:…:` its checksum is compared.
    """
    wanted = ids.parse(media_id)
    ticket = objects.store().verify_part(dict(request.query_params), wanted, number)
    async with db.read() as r:
        found = (await reads.by_ids(r, [wanted])).get(wanted)
    if found is None:
        raise rules.MediaNotFound
    if found.status != "waiting":
        raise rules.UploadClosed
    sha256 = _sha256(request.headers.get("content-digest", ""))
    part = await objects.store().accept_part(ticket, number, sha256, _body(request))
    UPLOADED.inc(part.size)
    return part


async def _body(request: Asked) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


def _sha256(digest: str) -> str | None:
    """In hexadecimal; None where none was sent. Raises PartWrong for one that cannot be read."""
    if not digest:
        return None
    found = _SHA256.search(digest)
    try:
        return base64.b64decode(found[1], validate=True).hex() if found else _refuse()
    except binascii.Error:
        return _refuse()


def _refuse() -> str:
    raise PartWrong


ROUTES = [parts, put_part]
