"""The files: what is served of a medium, where avatars are, and one's own uploads untouched."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from tintype.cards import account as account_card
from tintype.domains.media import reads, rules
from tintype.domains.media.routes.uploading import own
from tintype.platform import db, ids, ranges
from tintype.platform.db import Actor
from tintype.platform.objects import port as objects
from tintype.platform.objects.port import file_key, upload_key

Asked = Request[Any, Any, Any]


@get("/media/{media_id:str}/original", operation_id="getOriginal", include_in_schema=False)
async def original(actor: NamedDependency[Actor], request: Asked, media_id: FromPath[str]) -> Stream:
    """One's own upload, untouched, to be kept as a file; also in parts."""
    wanted = await own(actor, ids.parse(media_id))
    key = upload_key(wanted.id)
    found = None if wanted.rejection_code == rules.INFECTED else await objects.store().stat(key)
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
    """A rendition, a segment or playlist of a video, or its captions.

    It never changes under its address, yet is served only while its medium may be seen; playlists are written anew.
    """
    wanted = ids.parse(media_id)
    async with db.read() as r:
        found = await reads.served(r, viewer.id if viewer else 0, wanted, key, name, e, s)
    if found is None:
        raise rules.MediaNotFound
    tag = f'"{key}.{name}"'
    kept = f"{'private' if found.private else 'public'}, max-age={found.seconds}, immutable"
    headers = {"Cache-Control": kept if found.seconds else "no-store", "X-Content-Type-Options": "nosniff"}
    media_type = rules.SERVED_AS[name.rpartition(".")[2]]
    if found.playlist is not None:
        return Response(found.playlist.encode(), media_type=media_type, headers=headers)
    headers["ETag"] = tag
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers)
    try:
        data = b"".join([chunk async for chunk in objects.store().iter_range(file_key(wanted, name, found.render))])
    except FileNotFoundError as error:
        raise rules.MediaNotFound from error
    return Response(data, media_type=media_type, headers=headers)


OWN_ROUTES = [original]
ROUTES = [file, avatar]
