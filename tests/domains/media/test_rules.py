"""Rules of media: states, what is accepted, which file suits a client, signed addresses."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tintype.domains.media import rules
from tintype.platform.errors import Invalid, TooLarge, UnsupportedType

DOCS = Path(__file__).resolve().parents[3] / "docs" / "media.md"
NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
SECRET = b"s" * 32


def test_the_documented_states_are_those_of_the_data() -> None:
    assert f"```mermaid\n{rules.diagram()}\n```" in DOCS.read_text()


def test_the_documented_rejections_are_those_of_the_data() -> None:
    rows = "\n".join(f"| `{code}` | {message} |" for code, message in rules.REJECTIONS.items())
    assert f"| --- | --- |\n{rows}\n\n" in DOCS.read_text()


def test_every_state_can_be_reached_and_final_ones_are_left_by_their_owner_alone() -> None:
    reached = {"waiting"}
    while more := {target for source, target in rules.MOVES if source in reached} - reached:
        reached |= more
    assert reached == {"waiting", "uploaded", "processing", "ready", "rejected"}
    assert [move for move in rules.MOVES if move[0] in rules.FINAL] == [("ready", "uploaded")]
    assert rules.before("ready") == ["processing"]
    assert set(rules.before("processing")) == {"uploaded", "processing"}


def wish(**changes: object) -> rules.NewUpload:
    given: dict[str, object] = {"kind": "IMAGE", "content_type": "image/jpeg", "size": 10}
    return rules.NewUpload(**(given | changes))  # type: ignore[arg-type]


def test_what_is_accepted() -> None:
    found = rules.checked(wish(content_type="Image/JPEG; x=y", filename=" a.jpg ", alt_text="e\u0301"))
    assert (found.content_type, found.filename, found.alt_text) == ("image/jpeg", "a.jpg", "\u00e9")
    assert rules.checked(wish(size=rules.IMAGE_BYTES)).size == rules.IMAGE_BYTES


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "VIDEO", "content_type": "video/mp4", "size": rules.VIDEO_BYTES + 1}, TooLarge),
        ({"kind": "VIDEO"}, UnsupportedType),
        ({"content_type": "image/svg+xml"}, UnsupportedType),
        ({"content_type": ""}, UnsupportedType),
        ({"size": rules.IMAGE_BYTES + 1}, TooLarge),
        ({"alt_text": "x" * 1_001}, Invalid),
        ({"filename": "a\0b"}, Invalid),
    ],
)
def test_what_is_refused(changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        rules.checked(wish(**changes))


ALL = {f"{size}.{form}" for size in ("large", "thumb") for form in ("jpg", "webp", "avif")}
OLD = {"large.jpg", "large.webp"}


@pytest.mark.parametrize(
    ("files", "size", "accept", "extension", "name"),
    [
        (ALL, "large", "image/avif,image/webp,*/*;q=0.8", "", "large.avif"),
        (OLD, "large", "image/avif,image/webp,*/*;q=0.8", "", "large.webp"),
        (ALL, "large", "image/webp", "", "large.webp"),
        (ALL, "large", "image/avif;q=0, image/webp;q=0.0, image/*", "", "large.jpg"),
        (ALL, "large", "image/avif;q=0.5", "", "large.avif"),
        (ALL, "large", "*/*", "", "large.jpg"),
        (ALL, "large", "", "", "large.jpg"),
        (ALL, "thumb", "image/avif", "jpg", "thumb.jpg"),
        (ALL, "thumb", "", "avif", "thumb.avif"),
        (OLD, "large", "", "avif", "large.webp"),
        (ALL, "large", "", "gif", None),
        (ALL, "huge", "", "", None),
        (set(), "large", "", "", None),
    ],
)
def test_which_file_suits(files: set[str], size: str, accept: str, extension: str, name: str | None) -> None:
    assert rules.file_name(files, size, accept, extension) == name


def test_addresses_are_the_same_for_twelve_hours_and_good_for_twelve_more() -> None:
    ends = {rules.address_expires(NOW + timedelta(minutes=minutes)) for minutes in range(0, 7 * 60)}
    assert len(ends) == 1
    for hours in range(48):
        now = NOW + timedelta(hours=hours)
        left = rules.address_expires(now) - now.timestamp()
        assert 12 * 3600 < left <= 24 * 3600


def test_a_signed_address_is_good_for_one_medium_key_and_time() -> None:
    expires = rules.address_expires(NOW)
    e, s = str(expires), rules.address_signature(SECRET, 7, "key", expires)
    assert rules.seconds_left(SECRET, 7, "key", e, s, NOW) == expires - int(NOW.timestamp())
    assert rules.seconds_left(SECRET, 7, "key", e, s, NOW + timedelta(hours=25)) == 0
    assert rules.seconds_left(SECRET, 8, "key", e, s, NOW) == 0
    assert rules.seconds_left(SECRET, 7, "other", e, s, NOW) == 0
    assert rules.seconds_left(SECRET, 7, "key", str(expires + 1), s, NOW) == 0
    assert rules.seconds_left(SECRET, 7, "key", e, s[:-1], NOW) == 0
    assert rules.seconds_left(SECRET, 7, "key", "", "", NOW) == 0
    assert rules.seconds_left(SECRET, 7, "key", "٣", s, NOW) == 0
    assert rules.seconds_left(b"other" * 8, 7, "key", e, s, NOW) == 0
