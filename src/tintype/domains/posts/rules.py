"""What a post may be: its states, its limits, who may see it, and what its text names."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from tintype.platform.errors import Conflict, Forbidden, Invalid, NotFound, Rule, Wrong
from tintype.platform.text import clean

CAPTION, ALT_TEXT, LOCATION_NAME, HASHTAG = 2_200, 1_000, 200, 100
HASHTAGS, MENTIONS, TAGGED, MEDIA = 30, 20, 20, 10
PINS = 3
UNDO = timedelta(seconds=30)
FINAL_AFTER = timedelta(hours=1)  # well above UNDO, and well below PURGE_AFTER
PURGE_AFTER = timedelta(hours=24)

CommentsFrom = Literal["EVERYONE", "FOLLOWERS", "FOLLOWED"]
Status = Literal["processing", "published", "blocked", "failed", "archived", "removed"]

# From which state to which, and who moves it there.
MOVES: dict[tuple[Status, Status], str] = {
    ("processing", "published"): "try_publish, when approved and all its media are ready",
    ("processing", "blocked"): "moderation, when its text or pictures break a rule",
    ("processing", "failed"): "the media topic, when one of its media is rejected",
    ("blocked", "processing"): "its author, by another text",
    ("published", "removed"): "a moderator",
    ("processing", "removed"): "a moderator",
    ("blocked", "removed"): "a moderator",
    ("failed", "removed"): "a moderator",
    ("archived", "removed"): "a moderator",
    ("processing", "archived"): "its author",
    ("published", "archived"): "its author",
    ("blocked", "archived"): "its author",
    ("failed", "archived"): "its author",
    ("archived", "processing"): "its author, what was never published; try_publish comes next",
    ("archived", "published"): "its author, what was published",
    ("archived", "blocked"): "its author, what was blocked before or meanwhile",
    ("archived", "failed"): "its author, what had failed",
}

PROBLEMS = {
    "TEXT_BLOCKED": "The words of this post are against the rules of this place.",
    "TOO_MANY_LINKS": "This post has too many links.",
    "REPEATED": "This says the same as several of your latest posts.",
    "REPETITIVE_TEXT": "This post repeats itself too much.",
    "MEDIA_REJECTED": "One of the pictures could not be used. Delete the post and try another picture.",
    "REMOVED": "A moderator has removed this post.",
}


CAPTION_REQUIRED = Rule("CAPTION_REQUIRED", "is required for a post of type TEXT")
HASHTAGS_MOST = Rule("HASHTAGS_MOST", "must name at most {most} hashtags")
MENTIONS_MOST = Rule("MENTIONS_MOST", "must mention at most {most} people")
NO_PICTURES = Rule("NO_PICTURES", "must be empty for a post of type TEXT")
PICTURES = Rule("PICTURES", "must hold 1 to {most} pictures")
PICTURES_ONLY = Rule("PICTURES_ONLY", "must hold pictures only")
PICTURE_TWICE = Rule("PICTURE_TWICE", "must not hold a picture twice")
SAME_PICTURES = Rule("SAME_PICTURES", "must hold the same pictures as before")
ONE_VIDEO = Rule("ONE_VIDEO", "must hold one video")
TAGGED_MOST = Rule("TAGGED_MOST", "must hold at most {most} people")
TAGGED_OUTSIDE = Rule("TAGGED_OUTSIDE", "must lie within a picture of the post")
TAGGED_TWICE = Rule("TAGGED_TWICE", "must not name a person twice in a picture")
COORDINATES = Rule("COORDINATES", "lat and lng go together, within ±90 and ±180")


class PostNotFound(NotFound):
    code, message = "POST_NOT_FOUND", "This post is not here, or not for you."


class NotRestorable(Conflict):
    code, message = "NOT_RESTORABLE", "A deletion can be taken back for 30 seconds only."


class PostRemovedByModerator(Conflict):
    code, message = "POST_REMOVED", "A moderator has removed this post."


class FieldProtected(Invalid):
    code, message = "FIELD_PROTECTED", "This cannot be changed here."


class PinsFull(Conflict):
    code, message = "PINS_FULL", f"{PINS} posts are pinned already. Take one down first."


class NotPublished(Conflict):
    code, message = "NOT_PUBLISHED", "Others do not see this post yet, or no longer."


class DownloadNotAllowed(Forbidden):
    code, message = "DOWNLOAD_NOT_ALLOWED", "The author does not give this picture away."


class MediaGiven(msgspec.Struct, frozen=True):
    media_id: str
    alt_text: str | None = None


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    name: str
    lat: float | None = None
    lng: float | None = None


class TagGiven(msgspec.Struct, frozen=True):
    user_id: str
    x: float
    y: float
    n: int = 1


class NewPost(msgspec.Struct, frozen=True):
    """The body of `POST /posts`."""

    type: Literal["TEXT", "IMAGE", "VIDEO"]
    caption: str = ""
    media: list[MediaGiven] = msgspec.field(default_factory=list)
    location: Place | None = None
    comments_enabled: bool = True
    download_allowed: bool = False
    tagged: list[TagGiven] = msgspec.field(default_factory=list)
    hide_like_counts: bool = False
    comments_from: CommentsFrom = "EVERYONE"
    show_taken_at: bool = False


class PostChange(msgspec.Struct, frozen=True):
    """Fields that are sent are changed, the others stay. `media` holds the same pictures, in any order."""

    caption: str | UnsetType | None = UNSET
    media: list[MediaGiven] | UnsetType = UNSET
    location: Place | UnsetType | None = UNSET
    tagged: list[TagGiven] | UnsetType | None = UNSET
    comments_enabled: bool | UnsetType = UNSET
    download_allowed: bool | UnsetType = UNSET
    hide_like_counts: bool | UnsetType = UNSET
    comments_from: CommentsFrom | UnsetType = UNSET
    show_taken_at: bool | UnsetType = UNSET
    author: Any = UNSET
    type: Any = UNSET
    status: Any = UNSET
    feed_id: Any = UNSET
    created_at: Any = UNSET
    like_count: Any = UNSET
    comment_count: Any = UNSET
    share_count: Any = UNSET


SWITCHES = ("comments_enabled", "download_allowed", "hide_like_counts", "comments_from", "show_taken_at")
PROTECTED = ("author", "type", "status", "feed_id", "created_at", "like_count", "comment_count", "share_count")


def checked_change(given: PostChange, kind: str, media_ids: Sequence[int]) -> PostChange:
    """The change with its texts normalised, for a post of this type with these media.

    Raises FieldProtected, or Invalid that names every field that is wrong.
    """
    protected = [name for name in PROTECTED if getattr(given, name) is not UNSET]
    if protected:
        raise FieldProtected.about(*protected)
    changes: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    if given.caption is not UNSET:
        changes["caption"] = caption = clean(given.caption or "", "caption", CAPTION)
        wrong |= _wrong_caption(caption, kind)
    if given.media is not UNSET:
        changes["media"] = [msgspec.structs.replace(one, alt_text=_alt_text(one)) for one in given.media]
        if sorted(one.media_id for one in given.media) != sorted(map(str, media_ids)):
            wrong["media"] = SAME_PICTURES()
    if given.tagged is not UNSET:
        changes["tagged"] = given.tagged or []
        wrong |= _wrong_tags(given.tagged or [], len(media_ids))
    if wrong:
        raise Invalid.fields(**wrong)
    if given.location is not UNSET:
        changes["location"] = _location(given.location)
    return msgspec.structs.replace(given, **changes)


def checked(given: NewPost) -> NewPost:
    """The post with its texts normalised. Raises Invalid, naming every field that is wrong."""
    wrong: dict[str, Wrong] = {}
    caption = clean(given.caption, "caption", CAPTION)
    media = [msgspec.structs.replace(one, alt_text=_alt_text(one)) for one in given.media]
    if given.type == "VIDEO" and len(media) != 1:
        wrong["media"] = ONE_VIDEO()
    if given.type == "TEXT" and media:
        wrong["media"] = NO_PICTURES()
    if given.type == "IMAGE" and not 1 <= len(media) <= MEDIA:
        wrong["media"] = PICTURES(most=MEDIA)
    if len({one.media_id for one in media}) < len(media):
        wrong["media"] = PICTURE_TWICE()
    wrong |= _wrong_tags(given.tagged, len(media))
    wrong |= _wrong_caption(caption, given.type)
    if wrong:
        raise Invalid.fields(**wrong)
    return msgspec.structs.replace(given, caption=caption, media=media, location=_location(given.location))


def _wrong_caption(caption: str, kind: str) -> dict[str, Wrong]:
    if kind == "TEXT" and not caption:
        return {"caption": CAPTION_REQUIRED()}
    if len(hashtags(caption)) > HASHTAGS:
        return {"caption": HASHTAGS_MOST(most=HASHTAGS)}
    if len(mentions(caption)) > MENTIONS:
        return {"caption": MENTIONS_MOST(most=MENTIONS)}
    return {}


def _wrong_tags(tagged: Sequence[TagGiven], pictures: int) -> dict[str, Wrong]:
    if len(tagged) > TAGGED:
        return {"tagged": TAGGED_MOST(most=TAGGED)}
    if any(not (0 <= one.x <= 1 and 0 <= one.y <= 1 and 1 <= one.n <= max(pictures, 1)) for one in tagged):
        return {"tagged": TAGGED_OUTSIDE()}
    if len({(one.user_id, one.n) for one in tagged}) < len(tagged):
        return {"tagged": TAGGED_TWICE()}
    return {}


def _alt_text(given: MediaGiven) -> str | None:
    return None if given.alt_text is None else clean(given.alt_text, "media", ALT_TEXT)


def _location(given: Place | None) -> Place | None:
    if given is None:
        return None
    name = clean(given.name, "location", LOCATION_NAME, least=1, one_line=True)
    inside = all(value is None or -limit <= value <= limit for value, limit in ((given.lat, 90), (given.lng, 180)))
    if not inside or (given.lat is None) != (given.lng is None):
        raise Invalid.fields(location=COORDINATES())
    return msgspec.structs.replace(given, name=name)


_HASHTAG = re.compile(rf"(?<![\w&/])[#＃](\w{{1,{HASHTAG}}})(?!\w)")
_MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9_](?:[A-Za-z0-9._]{0,28}[A-Za-z0-9_])?)(?![A-Za-z0-9_])")


def hashtags(text: str) -> list[str]:
    """The hashtags that a text names: lower-cased, without #, each once, in order; never digits only."""
    found = (match.group(1).lower() for match in _HASHTAG.finditer(text))
    return list(dict.fromkeys(tag for tag in found if not tag.isdigit()))


def mentions(text: str) -> list[str]:
    """The usernames that a text mentions: lower-cased, without @, each once, in order."""
    return list(dict.fromkeys(match.group(1).lower() for match in _MENTION.finditer(text)))


def visible(
    *,
    viewer_id: int,
    author_id: int,
    status: str,
    author_live: bool,
    author_private: bool,
    follows: bool,
    blocked: bool,
) -> bool:
    """Whether a post that is not deleted may be shown to this viewer (0: signed out)."""
    if viewer_id == author_id:
        return True
    return status == "published" and author_live and not blocked and (follows or not author_private)


def before_archive(problem: str | None, *, was_published: bool) -> Status:
    """The state that a post comes back to from the archive."""
    if problem is not None:
        return "failed" if problem == "MEDIA_REJECTED" else "blocked"
    return "published" if was_published else "processing"


def problem(code: str | None) -> dict[str, Any] | None:
    """What its author is told."""
    return None if code is None else {"code": code, "message": PROBLEMS.get(code, PROBLEMS["MEDIA_REJECTED"])}
