"""What a medium may be: its states, its limits, why it is rejected, which file suits a client, and signed addresses."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from tintype.platform.errors import Conflict, Invalid, NotFound, Problem, Rule, TooLarge, UnsupportedType, Wrong
from tintype.platform.imaging import edits, recipes
from tintype.platform.imaging.edits import Amount, Crop, Edit
from tintype.platform.imaging.messages import AVATARS
from tintype.platform.objects.signing import is_signed, sign
from tintype.platform.text import clean
from tintype.platform.video import captions, streams

IMAGE_BYTES = 32 * 1024 * 1024
IMAGE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic", "image/heif", "image/avif"}
)
VIDEO_BYTES = 250 * 1024 * 1024
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime", "video/webm", "video/x-msvideo"})
ALT_TEXT, FILENAME = 1_000, 255
WHOLE_BYTES = 16 * 1024 * 1024  # what is larger is uploaded in parts
TICKET_LASTS, PARTS_TICKET_LASTS = timedelta(minutes=15), timedelta(hours=12)
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
    ("processing", "rejected"): "the job, when it is no usable picture or video; the job or sweep, after three tries",
    ("ready", "uploaded"): "its owner, who edits it or makes it an avatar while nothing uses it",
}

INFECTED, NOT_SCANNED = "INFECTED", "NOT_SCANNED"

REJECTIONS = {
    "UPLOAD_EXPIRED": "The upload did not arrive in time. Upload the picture again.",
    "UPLOAD_LOST": "The uploaded file is not there any more. Upload the picture again.",
    "NOT_A_PICTURE": "This file is not a picture we can read. Use JPEG, PNG, WebP, GIF, HEIC or AVIF.",
    "DAMAGED": "This picture is damaged or incomplete. Try another copy of it.",
    "UNREADABLE_HEIC": "This HEIC picture is damaged, or of a kind we cannot read. Save it as JPEG and upload that.",
    "TOO_LARGE": "This file is larger than 32 MB. Make it smaller and upload it again.",
    "TOO_MANY_PIXELS": "This picture has more than 100 megapixels. Make it smaller and upload it again.",
    "TOO_COMPLEX": "This picture takes too long to read. Save it again in another format.",
    "NOT_A_VIDEO": "This file is not a video we can read. Use MP4, MOV or WebM.",
    "UNSUPPORTED_VIDEO": "We cannot read this kind of video. Save it as MP4 (H.264), MOV or WebM and upload that.",
    "DAMAGED_VIDEO": "This video is damaged or incomplete. Try another copy of it.",
    "VIDEO_TOO_LARGE": "This video is larger than 250 MB. Make it shorter or smaller and upload it again.",
    "VIDEO_TOO_COMPLEX": "This video takes too long to convert. Save it at a lower resolution and upload that.",
    "INFECTED": "This file contains malware. It was deleted.",
    "NOT_SCANNED": "This file could not be checked for malware. Make it smaller, or save it again and upload that.",
    "PROCESSING_FAILED": "We could not process this picture. Save it again in another format, or try another one.",
}


LANGUAGE = Rule("LANGUAGE", "must be a language tag like en or de-AT")
CAPTIONS_MOST = Rule("CAPTIONS_MOST", "a video has at most {most} captions")
FOR_PICTURES = Rule("FOR_PICTURES", "is for pictures")
NO_SUCH_FILTER = Rule("NO_SUCH_FILTER", "is none of the filters")
CROP_SMALL = Rule("CROP_SMALL", "each side must be at least {least} of the picture")
CROP_OUTSIDE = Rule("CROP_OUTSIDE", "must lie within the picture")


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


class NotInParts(Invalid):
    code, message = "UPLOAD_NOT_IN_PARTS", "This upload is not sent in parts."


class NotAFilm(Invalid):
    code, message = "MEDIA_NOT_A_VIDEO", "Only videos have captions."


class QuotaFull(Problem):
    status, code, message = 507, "QUOTA_FULL", "Your storage is full. Delete posts that you do not need any more."


CAPTION_TRACKS, CAPTION_LABEL = 20, 60
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)


class NewCaptions(msgspec.Struct, frozen=True):
    """The body of `PUT /media/{id}/captions`: WebVTT in one language, by its BCP 47 tag; the label is for people."""

    language: Annotated[str, msgspec.Meta(max_length=20)]
    text: str
    label: str = ""


def captions_checked(given: NewCaptions) -> NewCaptions:
    """The captions written anew from what was understood of them. Raises Invalid."""
    language = checked_language(given.language)
    label = clean(given.label, "label", CAPTION_LABEL, one_line=True) or language
    try:
        return NewCaptions(language, captions.written(captions.parse(given.text)), label)
    except captions.NotCaptions as error:
        raise Invalid.fields(text=error.wrong) from error


def checked_language(given: str) -> str:
    """Raises Invalid for what is no tag of a language."""
    if not _LANGUAGE.fullmatch(given):
        raise Invalid.fields(language=LANGUAGE())
    return given


def too_many_captions() -> Invalid:
    """What to say of a track too many."""
    return Invalid.fields(language=CAPTIONS_MOST(most=CAPTION_TRACKS))


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
    if content_type not in (IMAGE_TYPES if given.kind == "IMAGE" else VIDEO_TYPES):
        raise UnsupportedType("Pictures may be JPEG, PNG, WebP, GIF, HEIC and AVIF, videos MP4, MOV and WebM.")
    if given.size > (IMAGE_BYTES if given.kind == "IMAGE" else VIDEO_BYTES):
        raise TooLarge(REJECTIONS["TOO_LARGE" if given.kind == "IMAGE" else "VIDEO_TOO_LARGE"])
    if given.kind == "VIDEO" and given.filter is not None:
        raise Invalid.fields(filter=FOR_PICTURES())
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
    wrong: dict[str, Wrong] = {}
    if sent.get("filter", edits.NO_FILTER) not in {edits.NO_FILTER, *recipes.filters()}:
        wrong["filter"] = NO_SUCH_FILTER()
    if sent.get("crop") is not None:
        sent["crop"], problem = _cut(sent["crop"])
        if problem:
            wrong["crop"] = problem
    if wrong:
        raise Invalid.fields(**wrong)
    if "straighten" in sent:
        sent["straighten"] = round(sent["straighten"], 2)
    return msgspec.structs.replace(before, **sent)


def _cut(crop: Crop) -> tuple[Crop | None, Wrong | None]:
    """The crop, None where it is the whole frame; or what is wrong with it."""
    x, y, width, height = (round(one, 5) for one in (crop.x, crop.y, crop.width, crop.height))
    if min(width, height) < edits.SMALLEST_CROP:
        return None, CROP_SMALL(least=edits.SMALLEST_CROP)
    if max(x + width, y + height) > 1 + CROP_SLACK:
        return None, CROP_OUTSIDE()
    cut = Crop(x, y, min(width, 1 - x), min(height, 1 - y))
    return (None if cut == Crop() else cut), None


def in_parts(size: int) -> bool:
    """Whether an upload of this size is sent in parts."""
    return size > WHOLE_BYTES


def ticket_lasts(size: int) -> timedelta:
    """How long there is to upload so much."""
    return PARTS_TICKET_LASTS if in_parts(size) else TICKET_LASTS


def work(kind: str) -> str:
    """The job that makes a medium of this kind ready."""
    return "media.video" if kind == "VIDEO" else "media.process"


def reserve(wanted: int, total: int) -> int:
    """Bytes of a disk that uploads leave free: what the operator wants, of a small disk a twentieth."""
    return min(wanted, total // 20)


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
SERVED_AS = FORMATS | streams.TYPES | {"vtt": "text/vtt"}


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
