"""Selects about media, and how one is presented."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from tintype.domains.media import rules
from tintype.platform import clock
from tintype.platform.db import Reader
from tintype.platform.imaging.edits import Edit
from tintype.platform.objects.port import file_key
from tintype.platform.video import streams


class Rejection(msgspec.Struct, frozen=True):
    code: str
    message: str


class Exif(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a picture told about its making: for its owner alone."""

    taken_at: str | None = None
    camera: str | None = None
    lat: float | None = None
    lng: float | None = None


class CaptionTrack(msgspec.Struct, frozen=True):
    """Captions of a video in one language, as WebVTT."""

    language: str
    label: str
    url: str


class Media(msgspec.Struct, frozen=True, omit_defaults=True):
    """A medium as api.md gives it. Width and height are those of the original, upright, less what its edit cuts off."""

    media_id: str
    kind: str
    status: str
    width: int | None
    height: int | None
    duration: float | None
    blurhash: str | None
    alt_text: str
    urls: dict[str, str]
    sources: dict[str, dict[str, str]]
    rejection: Rejection | None
    taken_at: str | None = None
    exif: Exif | None = None
    edit: Edit | None = None
    progress: float | None = None
    captions: list[CaptionTrack] = msgspec.field(default_factory=list)


class MadeSize(msgspec.Struct, frozen=True):
    """One size of a medium: what it measures, the files it comes in, and what these take."""

    width: int
    height: int
    files: list[str]
    bytes: int = 0


class Captions(msgspec.Struct, frozen=True):
    """Captions as the row keeps them: for people, and the file they are in."""

    language: str
    label: str
    name: str
    size: int


class Storage(msgspec.Struct, frozen=True):
    """Bytes that an account has stored, and that uploads under way will take."""

    used: int
    waiting: int


class MediaRow(msgspec.Struct, frozen=True):
    """A medium with what presenting and serving it need."""

    id: int
    owner_id: int
    kind: str
    status: rules.Status
    content_type: str
    declared_size: int
    alt_text: str
    key: str
    post_id: int | None
    servable: rules.Servable
    rejection_code: str | None
    width: int | None
    height: int | None
    blurhash: str | None
    renditions: dict[str, MadeSize]
    expires_at: datetime
    filename: str
    camera: str | None
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    edits: dict[str, Any] | None
    duration: float | None
    progress: float | None
    playable: bool
    captions: list[Captions]
    upload_id: str | None

    @property
    def files(self) -> set[str]:
        return {name for size in self.renditions.values() for name in size.files}


_base = ""
_secret = b""
_members_only = False


def use(base: str, secret: bytes, *, members_only: bool = False) -> None:
    """Where files are served from (empty: here), what signs their addresses, and whether a session is needed, too."""
    global _base, _secret, _members_only
    _base, _secret, _members_only = base.rstrip("/"), secret, members_only


async def by_ids(r: Reader, media_ids: Iterable[int]) -> dict[int, MediaRow]:
    """Media by id; what is not there is left out."""
    wanted = list(set(media_ids))
    return {row["id"]: _row(row) for row in await r.rows(BY_IDS, wanted)} if wanted else {}


async def own(r: Reader, owner_id: int, media_id: int) -> MediaRow:
    """One's own medium. Raises MediaNotFound for anybody else's."""
    found = (await by_ids(r, [media_id])).get(media_id)
    if found is None or found.owner_id != owner_id:
        raise rules.MediaNotFound
    return found


async def largest(r: Reader, row: MediaRow) -> str | None:
    """Where the store keeps the largest JPEG of a picture that is ready; None for what has none, as videos."""
    name = rules.file_name(row.files, "large", "", "jpg") if row.kind == "IMAGE" and row.status == "ready" else None
    return None if name is None else file_key(row.id, name, await r.value(RENDER, row.id) or 0)


class Served(msgspec.Struct, frozen=True):
    """A file that may be served: to everybody, or for so many seconds under this very address.

    A playlist is written for the one who asks: it leads on to addresses that work for them. One that still grows may
    not be kept: its seconds are 0.
    """

    private: bool
    seconds: int
    render: int
    playlist: str | None = None


async def served(r: Reader, viewer_id: int, media_id: int, key: str, name: str, e: str, s: str) -> Served | None:
    """Whether the origin gives this file to this viewer, by the state of the row at this moment.

    Where nothing is for visitors, the edge wants a session besides, and no cache between may hand on what it has seen.
    """
    row = await r.row(SERVED, media_id, key)
    if row is None:
        return None
    servable, is_owner = row["servable"], viewer_id != 0 and row["owner_id"] == viewer_id
    if servable == "none" or not (row["owner_live"] or is_owner) or not (row["status"] == "ready" or is_owner):
        return None
    render, query = row["render"], ""
    if row["status"] != "ready":
        served = Served(private=True, seconds=YEAR, render=render)
    elif servable == "public":
        served = Served(private=_members_only, seconds=YEAR, render=render)
    elif servable == "signed" and (left := rules.seconds_left(_secret, media_id, key, e, s, clock.now())):
        served, query = Served(private=_members_only, seconds=left, render=render), f"?e={e}&s={s}"
    elif is_owner:
        served = Served(private=True, seconds=YEAR, render=render)
    else:
        return None
    return _named(row, name, served, query)


def _named(row: asyncpg.Record, name: str, served: Served, query: str) -> Served | None:
    """What this name is of this medium, if anything."""
    if any(name in size["files"] for size in row["renditions"].values()):
        return served
    if any(name == one["name"] for one in row["captions"]):
        return msgspec.structs.replace(served, render=0)
    if row["stream"] is None:
        return None
    stream = msgspec.convert(row["stream"], streams.Stream)
    match streams.find(stream, name):
        case None:
            return None
        case "file", _:
            return served
        case "master", _:
            playlist = streams.master(stream, query)
        case _, track:
            assert track is not None
            playlist = streams.playlist(stream, track, query, ended=row["status"] == "ready")
    seconds = served.seconds if row["status"] == "ready" else 0
    return msgspec.structs.replace(served, playlist=playlist, seconds=seconds)


async def storage(r: Reader, owner_id: int) -> Storage:
    """What an account takes: its uploads as they were sent, and every file that was made of them."""
    row = await r.row(STORAGE, owner_id)
    assert row is not None
    return Storage(int(row["used"]), int(row["waiting"]))


class Weighed(msgspec.Struct, frozen=True):
    """A medium with what its row says that it takes: its upload, and its files by name and together."""

    id: int
    status: str
    size: int | None
    files: set[str]
    made: int


class WrongAvatar(msgspec.Struct, frozen=True):
    """An account that is shown with a picture that is not there, or under another address."""

    id: int
    shown: str
    expected: str | None


async def wrong_avatars(r: Reader, after: int, limit: int) -> list[WrongAvatar]:
    """Accounts whose avatar is not what its medium says, in order."""
    return [WrongAvatar(**row) for row in await r.rows(WRONG_AVATARS, after, limit)]


async def weighed(r: Reader, after: int, limit: int) -> list[Weighed]:
    """Media that are done, behind an id."""
    found = []
    for row in await r.rows(WEIGHED, after, limit):
        made = [msgspec.convert(one, MadeSize) for one in row["renditions"].values()]
        files = {f"{row['render']}/{name}" if row["render"] else name for one in made for name in one.files}
        files |= {one["name"] for one in row["captions"]}
        total = sum(one.bytes for one in made) + sum(one["size"] for one in row["captions"]) + row["stream_size"]
        if row["stream"] is not None:
            files |= set(msgspec.convert(row["stream"], streams.Stream).files())
        found.append(Weighed(row["id"], row["status"], row["size"], files, total))
    return found


async def due(r: Reader, now: datetime, limit: int) -> list[tuple[int, str | None]]:
    """Media whose time has come to go, and what the store calls their uploads in parts."""
    return [(row["id"], row["upload_id"]) for row in await r.rows(DUE, now, limit)]


def present(row: MediaRow, *, viewer_is_owner: bool, signed: bool) -> Media:
    """The medium as a client gets it; with `signed`, at addresses that work without a session for 12 to 24 hours."""
    urls: dict[str, str] = {}
    sources: dict[str, dict[str, str]] = {}
    tracks: list[CaptionTrack] = []
    is_filming = row.kind == "VIDEO" and row.status == "processing" and viewer_is_owner
    if is_filming or (row.status == "ready" and (viewer_is_owner or row.servable in ("public", "signed"))):
        signature = _signature(row, signed)
        for size, made in row.renditions.items():
            for name in made.files:
                extension = name.rpartition(".")[2]
                into = urls if extension == "jpg" else sources.setdefault(extension, {})
                into[size] = _address(row, name, signature)
        if row.kind == "VIDEO" and "large" in urls:
            urls["poster"] = urls["large"]
            if row.playable:
                urls["hls"] = _address(row, streams.MASTER, signature)
            tracks = [CaptionTrack(one.language, one.label, _address(row, one.name, signature)) for one in row.captions]
    code = row.rejection_code if viewer_is_owner else None
    return Media(
        media_id=str(row.id),
        kind=row.kind,
        status=row.status,
        width=row.width,
        height=row.height,
        duration=row.duration,
        blurhash=row.blurhash,
        alt_text=row.alt_text,
        urls=urls,
        sources=sources,
        rejection=None if code is None else Rejection(code, rules.REJECTIONS[code]),
        progress=row.progress if viewer_is_owner else None,
        captions=tracks,
    )


def present_own(row: MediaRow) -> Media:
    """One's own medium, with what the picture tells about its making, and how it is edited."""
    exif = Exif(
        taken_at=None if row.taken_at is None else clock.iso(row.taken_at),
        camera=row.camera,
        lat=row.latitude,
        lng=row.longitude,
    )
    shown = present(row, viewer_is_owner=True, signed=False)
    return msgspec.structs.replace(
        shown,
        exif=None if exif == Exif() else exif,
        edit=None if row.edits is None else msgspec.convert(row.edits, Edit),
    )


def avatar_url(media_id: int | None, key: str | None, size: str = "150", extension: str = "jpg") -> str | None:
    """The address of an account's picture, square, `size` pixels a side; avatars are for everybody."""
    return None if media_id is None else f"{_base}/m/{media_id}/{key}/{size}.{extension}"


def rendition_name(row: MediaRow, size: str, accept: str, extension: str) -> str | None:
    """The file of this size that suits the client; `extension` (without dot, may be empty) wins over `accept`."""
    return rules.file_name(row.files, size, accept, extension)


def rendition_url(row: MediaRow, size: str, accept: str, extension: str, signed: bool) -> str | None:
    """The address of that file."""
    name = rendition_name(row, size, accept, extension) if row.status == "ready" else None
    return None if name is None else _address(row, name, _signature(row, signed))


def _signature(row: MediaRow, signed: bool) -> str:
    if not signed and row.servable != "signed":
        return ""
    expires = rules.address_expires(clock.now())
    return f"?e={expires}&s={rules.address_signature(_secret, row.id, row.key, expires)}"


def _address(row: MediaRow, name: str, signature: str) -> str:
    return f"{_base}/m/{row.id}/{row.key}/{name}{signature}"


def _row(row: asyncpg.Record) -> MediaRow:
    columns: dict[str, Any] = dict(row)
    columns["renditions"] = msgspec.convert(columns["renditions"], dict[str, MadeSize])
    columns["captions"] = msgspec.convert(columns["captions"], list[Captions]) if columns["captions"] else []
    return MediaRow(**columns)


YEAR = 365 * 24 * 3600

BY_IDS = """
-- media: by id
select id, owner_id, kind, status, content_type, declared_size, alt_text, key, post_id, servable, rejection_code,
  width, height, blurhash, renditions, expires_at, filename, camera, taken_at, latitude, longitude, edits,
  duration, progress, stream is not null as playable, captions, upload_id
from media where id = any($1::bigint[])
"""

RENDER = "-- media: which of its renders is the present one\nselect render from media where id = $1"

SERVED = """
-- media: one that is ready, to serve a file of it; of a video, its owner sees already what there is
select m.owner_id, m.servable, m.renditions, m.render, m.status, m.stream, m.captions,
  coalesce(a.status = 'active' and a.deleted_at is null, false) as owner_live
from media m left join accounts a on a.id = m.owner_id where m.id = $1 and m.key = $2
  and (m.status = 'ready' or (m.kind = 'VIDEO' and m.status = 'processing'))
"""

DUE = """
-- media: what is to be purged
select id, upload_id from media where purge_at <= $1 order by purge_at limit $2
"""

STORAGE = """
-- media: bytes of an account's uploads and of what was made of them, and what is still to come
select coalesce(sum(coalesce(m.size, 0) + m.stream_size + made.bytes + texts.bytes), 0)::bigint as used,
  coalesce(sum(m.declared_size) filter (where m.status = 'waiting'), 0)::bigint as waiting
from media m
cross join lateral (select coalesce(sum((one.value ->> 'bytes')::bigint), 0) as bytes
  from jsonb_each(m.renditions) one) made
cross join lateral (select coalesce(sum((one ->> 'size')::bigint), 0) as bytes
  from jsonb_array_elements(m.captions) one) texts
where m.owner_id = $1
"""

WEIGHED = """
-- media: verify: what rows say that media take
select id, status, size, renditions, render, captions, stream, stream_size from media
where id > $1 and status in ('ready', 'rejected') and purge_at is null order by id limit $2
"""

WRONG_AVATARS = """
-- media: accounts that are shown with a picture that is not there, or under another address
select a.id, a.avatar_id || '/' || a.avatar_key as shown, m.id || '/' || m.key as expected
from accounts a left join media m
  on m.id = a.avatar_id and m.owner_id = a.id and m.purpose = 'avatar' and m.purge_at is null
where a.avatar_id is not null and a.id > $1 and m.key is distinct from a.avatar_key
order by a.id limit $2
"""
