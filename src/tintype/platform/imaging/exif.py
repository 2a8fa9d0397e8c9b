"""What a picture tells about its making, read from the fields that libvips parsed: camera, time and place."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

CAMERA_MOST = 100

_ASCII = re.compile(r", ASCII, \d+ components?, \d+ bytes?\)\s*$")
_RATIONAL = re.compile(r"(\d+)/(\d+)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def camera(fields: Mapping[str, str]) -> str | None:
    """Make and model as one name, the make not said twice."""
    make, model = _text(fields, "exif-ifd0-Make"), _text(fields, "exif-ifd0-Model")
    name = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    return name.strip()[:CAMERA_MOST] or None


def taken_at(fields: Mapping[str, str]) -> datetime | None:
    """When the shutter opened; taken as UTC where the camera did not say its time zone."""
    for name, offset in (("DateTimeOriginal", "OffsetTimeOriginal"), ("DateTimeDigitized", "OffsetTimeDigitized")):
        try:
            moment = datetime.strptime(_text(fields, f"exif-ifd2-{name}"), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
            return moment.replace(tzinfo=_zone(_text(fields, f"exif-ifd2-{offset}"))).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def place(fields: Mapping[str, str]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, where both are there and on the globe."""
    latitude = _degrees(fields, "GPSLatitude", "S", 90)
    longitude = _degrees(fields, "GPSLongitude", "W", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    return latitude, longitude


def _text(fields: Mapping[str, str], name: str) -> str:
    """libvips writes "raw (formatted, ASCII, n components, n bytes)", and the two are equal for text."""
    both = _ASCII.sub("", fields.get(name, ""))
    half = (len(both) - 2) // 2
    raw = both[:half] if half >= 0 and both[half : half + 2] == " (" else both
    return "".join(character for character in raw if character.isprintable()).strip()


def _zone(offset: str) -> timezone:
    found = _OFFSET.fullmatch(offset)
    if found is None:
        return UTC
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-ahead if found[1] == "-" else ahead)


def _degrees(fields: Mapping[str, str], name: str, negative: str, most: int) -> float | None:
    parts = _RATIONAL.findall(fields.get(f"exif-ifd3-{name}", "").partition("(")[0])[:3]
    if len(parts) != 3 or any(int(below) == 0 for _, below in parts):
        return None
    degrees = sum(int(above) / int(below) / 60**power for power, (above, below) in enumerate(parts))
    if _text(fields, f"exif-ifd3-{name}Ref").upper().startswith(negative):
        degrees = -degrees
    return degrees if -most <= degrees <= most else None
