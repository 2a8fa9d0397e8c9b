"""The upload itself, in the form that was asked for."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Request, post
from litestar.params import FromPath
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from tintype.domains.media import reads, rules
from tintype.platform import db, ids
from tintype.platform.errors import BadRequest, TooLarge, UnsupportedType
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import UploadRefused
from tintype.platform.telemetry import UPLOADED

FORM_BYTES = 64 * 1024
FIELD_BYTES = 1024

Asked = Request[Any, Any, Any]
Parts = AsyncGenerator[MultipartSegment | bytearray | bytes | None]


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


ROUTES = [upload]
