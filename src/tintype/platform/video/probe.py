"""What a video is: its container by content, the rest by PyAV. Run inside the confined process only.

PyAV (0.27 s to import, then 10 to 80 ms a clip) rather than what FFmpeg prints (39 ms): it gives numbers with names,
where the printed lines are for people, change with every release, and hold text of the uploader's.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import av
import av.error

from tintype.platform.video.command import CONTAINERS, DECODERS, PIXELS_MOST
from tintype.platform.video.messages import Video

BYTES_MOST = 250 * 1024 * 1024
RATE_MOST, RATE_UNSTEADY = 60.0, 30.0
HDR = {16, 18}  # SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG)
_PLACE = re.compile(r"([+-]\d{1,3}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")


class Unusable(Exception):
    """The upload cannot become a video; `code` is told to its owner."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def probe(upload: int) -> Video:
    """Raises Unusable."""
    if os.fstat(upload).st_size > BYTES_MOST:
        raise Unusable("VIDEO_TOO_LARGE")
    form = sniff(os.pread(upload, 4096, 0))
    os.lseek(upload, 0, os.SEEK_SET)  # everybody who has read it shares one position
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "", "codec_whitelist": DECODERS}
    try:
        with (
            os.fdopen(os.dup(upload), "rb") as file,
            av.open(file, options=options, metadata_errors="replace") as opened,
        ):
            return _video(form, opened)
    except (av.error.InvalidDataError, av.error.EOFError, StopIteration) as error:
        raise Unusable("DAMAGED_VIDEO") from error
    except (av.error.FFmpegError, ValueError, OverflowError) as error:
        raise Unusable("UNSUPPORTED_VIDEO") from error


def sniff(head: bytes) -> str:
    """The container by content. Raises Unusable for what is none of ours."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "MOV" if head[8:10] == b"qt" or head[4:8] != b"ftyp" else "MP4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "WEBM"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        raise Unusable("UNSUPPORTED_VIDEO")
    raise Unusable("NOT_A_VIDEO" if head else "DAMAGED_VIDEO")


def _video(form: str, opened: Any) -> Video:
    shown = [one for one in opened.streams.video if not one.disposition & av.stream.Disposition.attached_pic]
    if not shown:
        raise Unusable("NOT_A_VIDEO")
    stream = shown[0]
    context = stream.codec_context
    if context is None or context.name not in DECODERS.split(","):
        raise Unusable("UNSUPPORTED_VIDEO")
    if not 0 < stream.width * stream.height <= PIXELS_MOST:
        raise Unusable("TOO_MANY_PIXELS")
    context.thread_count = 1
    first = next(opened.decode(stream))
    pixel = float(stream.sample_aspect_ratio or 1) or 1.0
    width, height = max(1, round(first.width * pixel)), first.height
    if first.rotation % 180:
        width, height = height, width
    about = {name.lower(): value for name, value in {**stream.metadata, **opened.metadata}.items()}
    where = _place(about)
    return Video(
        format=form,
        width=width,
        height=height,
        rate=_rate(stream),
        seconds=_seconds(opened, stream),
        has_sound=any(_sounds(one) for one in opened.streams.audio[:1]),
        is_hdr=bool({context.color_trc, first.color_trc} & HDR),
        camera=_camera(about),
        taken_at=_taken_at(about),
        latitude=where[0] if where else None,
        longitude=where[1] if where else None,
    )


def _sounds(stream: Any) -> bool:
    context = stream.codec_context
    return context is not None and context.name in DECODERS.split(",") and context.sample_rate > 0


def _rate(stream: Any) -> float:
    """Pictures a second of what is made: those of the source; where they come unsteadily, as many as make it smooth."""
    usual, base = float(stream.average_rate or 0), float(stream.base_rate or stream.average_rate or 0)
    if usual <= 0 or base <= 0:
        return RATE_UNSTEADY
    if abs(base - usual) / base > 0.1:
        usual = max(usual, min(base, RATE_UNSTEADY))
    return min(max(round(usual, 3), 1.0), RATE_MOST)


def _seconds(opened: Any, stream: Any) -> float | None:
    if opened.duration and opened.duration > 0:
        return float(opened.duration) / float(av.time_base)
    if stream.duration and stream.duration > 0:
        return float(stream.duration * stream.time_base)
    return None


def _camera(about: Mapping[str, str]) -> str | None:
    make, model = (about.get(f"com.apple.quicktime.{one}") or about.get(one, "") for one in ("make", "model"))
    name = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    return "".join(one for one in name if one.isprintable()).strip()[:100] or None


def _taken_at(about: Mapping[str, str]) -> datetime | None:
    for name in ("com.apple.quicktime.creationdate", "creation_time"):
        try:
            moment = datetime.fromisoformat(about.get(name, ""))
        except ValueError:
            continue
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if moment.year > 1980:  # encoders without a clock write the first moment of theirs
            return moment.astimezone(UTC)
    return None


def _place(about: Mapping[str, str]) -> tuple[float, float] | None:
    found = _PLACE.match(about.get("com.apple.quicktime.location.iso6709") or about.get("location", ""))
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    fits = -90 <= latitude <= 90 and -180 <= longitude <= 180 and not latitude == longitude == 0
    return (latitude, longitude) if fits else None
