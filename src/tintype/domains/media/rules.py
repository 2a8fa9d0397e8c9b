"""What a medium may be: its states, its limits, why it is rejected, which file suits a client, and signed addresses."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from tintype.platform.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedType
from tintype.platform.imaging import edits, recipes
from tintype.platform.imaging.edits import Amount, Crop, Edit
from tintype.platform.imaging.messages import AVATARS
from tintype.platform.objects.signing import is_signed, sign
from tintype.platform.text import clean

IMAGE_BYTES = 32 * 1024 * 1024
IMAGE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif", "image/avif"}
)
ALT_TEXT, FILENAME = 1_000, 255
TICKET_LASTS = timedelta(minutes=15)
TICKET_GRACE = timedelta(minutes=5)  # for an upload that began in time
TRIES = 3
STUCK_AFTER = timedelta(minutes=5)
READING_LASTS = timedelta(seconds=30)  # for who had asked for a file when another took its place
UNUSED_KEPT = timedelta(hours=24)

Status = Literal["waiting", "uploaded", "processing", "ready", "rejected"]
Servable = Literal["none", "owner", "signed", "public"]

FINAL: frozenset[Status] = frozenset({"ready", "rejected"})

# From which state to which, and who moves it there.
MOVES: dict[tuple[Status, Status], str] = {
    ("waiting", "uploaded"): "complete, when the bytes are there",
    ("waiting", "rejected"): "sweep, when the ticket has run out",
    ("uploaded", "processing"): "the job",
    ("uploaded", "rejected"): "the job or sweep, after three tries",
    ("processing", "processing"): "the job, taken again after its worker was killed",
    ("processing", "uploaded"): "the job, when the decoder failed; sweep, when it is stuck",
    ("processing", "ready"): "the job, when every rendition is stored",
    ("processing", "rejected"): "the job, when it is no usable picture; the job or sweep, after three tries",
    ("ready", "uploaded"): "its owner, who edits it or makes it an avatar while nothing uses it",
}

REJECTIONS = {
    "UPLOAD_EXPIRED": "The upload did not arrive in time. Upload the picture again.",
    "UPLOAD_LOST": "The uploaded file is not there any more. Upload the picture again.",
    "NOT_A_PICTURE": "This file is not a picture we can read. Use JPEG, PNG, WebP, GIF, HEIC or AVIF.",
    "DAMAGED": "This picture is damaged or incomplete. Try another copy of it.",
    "UNREADABLE_HEIC": "This HEIC picture is damaged, or of a kind we cannot read. Save it as JPEG and upload that.",
    "TOO_LARGE": "This file is larger than 32 MB. Make it smaller and upload it again.",
    "TOO_MANY_PIXELS": "This picture has more than 100 megapixels. Make it smaller and upload it again.",
    "TOO_COMPLEX": "This picture takes too long to read. Save it again in another format.",
    "PROCESSING_FAILED": "We could not process this picture. Save it again in another format, or try another one.",
}


class MediaNotFound(NotFound):
    code, message = "MEDIA_NOT_FOUND", "This picture is not here, or not for you."


class NotOwnMedia(Invalid):
    code, message = "MEDIA_NOT_YOURS", "One of the pictures is not there, or not yours."


class MediaUnusable(Invalid):
    code, message = "MEDIA_REJECTED", "One of the pictures was rejected. Leave it out or upload another."


class MediaInUse(Conflict):
    code, message = "MEDIA_IN_USE", "One of the pictures is in use already, in a post or as an avatar."


class AvatarNotFound(NotFound):
    code, message = "AVATAR_NOT_FOUND", "This account has no picture."


class MediaNotEditable(Invalid):
    code, message = "MEDIA_NOT_EDITABLE", "Only pictures can be edited."


class UploadMissing(Conflict):
    code, message = "UPLOAD_MISSING", "The file has not arrived yet. Upload it first."


class UploadClosed(Conflict):
    code, message = "UPLOAD_CLOSED", "This upload is complete already."


class NewUpload(msgspec.Struct, frozen=True):
    """The body of `POST /media/upload-url`."""

    kind: Literal["IMAGE", "VIDEO"]
    content_type: Annotated[str, msgspec.Meta(max_length=100)]
    size: Annotated[int, msgspec.Meta(ge=1, le=1 << 40)]
    filename: str = ""
    alt_text: str = ""
    filter: str | None = None


def checked(given: NewUpload) -> NewUpload:
    """The request with its texts normalised. Raises UnsupportedType, TooLarge or Invalid."""
    content_type = given.content_type.partition(";")[0].strip().lower()
    if given.kind != "IMAGE" or content_type not in IMAGE_TYPES:
        raise UnsupportedType("Only pictures are supported: JPEG, PNG, WebP, GIF, HEIC and AVIF.")
    if given.size > IMAGE_BYTES:
        raise TooLarge(REJECTIONS["TOO_LARGE"])
    filename = clean(given.filename, "filename", FILENAME, one_line=True)
    alt_text = clean(given.alt_text, "alt_text", ALT_TEXT)
    if given.filter is not None:
        edited(edits.NO_EDIT, EditChange(filter=given.filter))
    return msgspec.structs.replace(given, content_type=content_type, filename=filename, alt_text=alt_text)


class EditChange(msgspec.Struct, frozen=True):
    """The body of `PUT /media/{id}/edit`: what is sent changes, the rest stays; `crop: null` takes the crop away."""

    filter: str | UnsetType = UNSET
    strength: Annotated[int, msgspec.Meta(ge=0, le=edits.FULL)] | UnsetType = UNSET
    crop: Crop | UnsetType | None = UNSET
    rotate: Literal[0, 90, 180, 270] | UnsetType = UNSET
    straighten: Annotated[float, msgspec.Meta(ge=-edits.STRAIGHTEN_MOST, le=edits.STRAIGHTEN_MOST)] | UnsetType = UNSET
    brightness: Amount | UnsetType = UNSET
    contrast: Amount | UnsetType = UNSET
    saturation: Amount | UnsetType = UNSET
    warmth: Amount | UnsetType = UNSET


class NewAvatar(msgspec.Struct, frozen=True):
    """The body of `POST /users/me/avatar`; of the crop, and without one of the picture, the middle square is taken."""

    media_id: str
    crop: Crop | None = None


def edited(before: Edit, change: EditChange) -> Edit:
    """The edit after a change, with its parts brought to the precision that they have. Raises Invalid."""
    sent = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    wrong = {}
    if sent.get("filter", edits.NO_FILTER) not in {edits.NO_FILTER, *recipes.filters()}:
        wrong["filter"] = "is none of the filters"
    if sent.get("crop") is not None:
        sent["crop"], problem = _cut(sent["crop"])
        if problem:
            wrong["crop"] = problem
    if wrong:
        raise Invalid.fields(**wrong)
    if "straighten" in sent:
        sent["straighten"] = round(sent["straighten"], 2)
    return msgspec.structs.replace(before, **sent)


def _cut(crop: Crop) -> tuple[Crop | None, str | None]:
    """The crop, None where it is the whole frame; or what is wrong with it."""
    x, y, width, height = (round(one, 5) for one in (crop.x, crop.y, crop.width, crop.height))
    if min(width, height) < edits.SMALLEST_CROP:
        return None, f"each side must be at least {edits.SMALLEST_CROP} of the picture"
    if max(x + width, y + height) > 1 + CROP_SLACK:
        return None, "must lie within the picture"
    cut = Crop(x, y, min(width, 1 - x), min(height, 1 - y))
    return (None if cut == Crop() else cut), None


def original_name(media_id: int, content_type: str) -> str:
    """What an upload that came without a name is called when it is fetched."""
    kind = content_type.partition("/")[2]
    return f"{media_id}.{NAMED_OTHERWISE.get(kind, kind)}"


def before(status: Status) -> list[Status]:
    """The states from which a medium may come into this one."""
    return [source for source, target in MOVES if target == status]


def diagram() -> str:
    """The states as a Mermaid diagram, as `docs/media.md` shows them."""
    lines = ["stateDiagram-v2", "    [*] --> waiting: upload-url"]
    lines += [f"    {source} --> {target}: {who.replace(';', ',')}" for (source, target), who in MOVES.items()]
    lines += [f"    {status} --> [*]" for status in sorted(FINAL)]
    return "\n".join(lines)


NAMED_OTHERWISE = {"jpeg": "jpg", "quicktime": "mov", "x-msvideo": "avi"}
AVATAR_FILES = frozenset(f"{size}.{extension}" for size in AVATARS for extension in ("jpg", "webp"))
CROP_SLACK = 1e-4  # for what clients round
Sizes = dict[str, list[str]]
FORMATS = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}


def file_name(files: Collection[str], size: str, accept: str, extension: str) -> str | None:
    """Which of `files` to serve: by the extension asked for, else the smallest format that the client accepts.

    Where a format was not made for a medium (AVIF is made only where it pays), the next best is served.
    """
    if extension and extension not in FORMATS:
        return None
    wanted = [extension] if extension else _accepted(accept)
    orders = {"avif": ["avif", "webp", "jpg"], "webp": ["webp", "jpg"], "jpg": ["jpg"]}
    names = [f"{size}.{one}" for kind in wanted for one in orders[kind]]
    return next((name for name in names if name in files), None)


def _accepted(accept: str) -> list[str]:
    """Formats that are named with a weight above 0; JPEG always, since `*/*` promises nothing about newer ones."""
    named: set[str] = set()
    for part in accept.lower().split(","):
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        if weight.strip("0.") or not weight:
            named.add(kind)
    return [extension for extension in ("avif", "webp") if FORMATS[extension] in named] + ["jpg"]


GRID = timedelta(hours=12)
LASTS = timedelta(hours=24)
PURPOSE = "media address"


def address_expires(now: datetime) -> int:
    """The end of addresses signed now: the same for twelve hours, so that what holds them stays as it is."""
    grid = int(GRID.total_seconds())
    return int(now.timestamp()) // grid * grid + int(LASTS.total_seconds())


def address_signature(secret: bytes, media_id: int, key: str, expires: int) -> str:
    """What `s` of a signed address is."""
    return sign(secret, PURPOSE, media_id, key, expires)


def seconds_left(secret: bytes, media_id: int, key: str, e: str, s: str, now: datetime) -> int:
    """For how long an address is still good; 0 for one that is not, or never was."""
    if not (e.isascii() and e.isdigit() and len(e) <= 12 and is_signed(s, secret, PURPOSE, media_id, key, e)):
        return 0
    return max(0, int(e) - int(now.timestamp()))
