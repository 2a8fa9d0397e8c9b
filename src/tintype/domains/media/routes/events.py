"""What the store tells by itself: an upload has arrived, whether or not its client comes to say `complete`."""

import hmac
import re
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import unquote_plus

import msgspec
from litestar import Request, post
from litestar.params import FromQuery, HeaderParameter

from tintype.domains.media import reads, rules
from tintype.domains.media.routes.uploading import completed
from tintype.platform import db
from tintype.platform.db import Actor
from tintype.platform.errors import BadRequest, NotFound
from tintype.platform.objects.port import PartsMissing

Asked = Request[Any, Any, Any]
_KEY = re.compile(r"(?:landing|uploads)/([0-9]{1,19})", re.ASCII)
_token = ""


class _Object(msgspec.Struct):
    key: str = ""


class _Where(msgspec.Struct):
    object: _Object = msgspec.field(default_factory=_Object)


class _Record(msgspec.Struct, rename={"name": "eventName"}):
    name: str = ""
    s3: _Where = msgspec.field(default_factory=_Where)


class _Events(msgspec.Struct, rename={"records": "Records"}):
    """S3's event message, as far as it is used; a store's greeting has no records."""

    records: list[_Record] = msgspec.field(default_factory=list)


def use(token: str) -> None:
    """What events have to bring; without one none are taken."""
    global _token
    _token = token


@post("/media/upload/events", operation_id="storeEvents", own_auth=True, include_in_schema=False, status_code=200)
async def tell(
    request: Asked,
    token: FromQuery[str] = "",
    authorization: Annotated[str, HeaderParameter(name="Authorization")] = "",
) -> None:
    """The store's events, with the token as bearer or in the address. They are hints: the store itself is asked."""
    given = (token, authorization.removeprefix("Bearer "))
    if not _token or not any(hmac.compare_digest(one.encode(), _token.encode()) for one in given):
        raise NotFound
    try:
        told = msgspec.json.decode(await request.body(), type=_Events)
    except msgspec.DecodeError as error:
        raise BadRequest from error
    created = [unquote_plus(one.s3.object.key) for one in told.records if "ObjectCreated:" in one.name]
    arrived = {int(found[1]) for key in created if (found := _KEY.fullmatch(key))}
    async with db.read() as r:
        rows = await reads.by_ids(r, [one for one in arrived if one < 2**63])
    for row in rows.values():
        with suppress(rules.UploadMissing, PartsMissing):
            await completed(Actor(row.owner_id), row)


ROUTES = [tell]
