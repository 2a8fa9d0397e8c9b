"""Clips that tests make, and how a person uploads one."""

import io
import subprocess
from functools import cache
from typing import Any

import imageio_ffmpeg

from tests.world import Person, Refused


@cache
def clip(*options: str, size: str = "320x240", seconds: float = 2, rate: int = 10, form: str = "mp4") -> bytes:
    """A moving test picture with a tone, coded as `options` say; H.264 and AAC in MP4 without any."""
    source = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r={rate}:d={seconds}"]
    sound = ["-f", "lavfi", "-i", f"sine=f=440:d={seconds}"]
    return made([*source, *sound, *(options or ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"))], form)


def made(arguments: list[str], form: str = "mp4") -> bytes:
    """What FFmpeg makes of these arguments."""
    more = ["-movflags", "frag_keyframe+empty_moov"] if form in ("mp4", "mov") else []
    return subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", *arguments, *more, "-f", form, "pipe:1"],
        check=True, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip


async def ticket(person: Person, body: bytes, content_type: str = "video/mp4", **more: Any) -> dict[str, Any]:
    """The right to upload this clip."""
    wish = {"kind": "VIDEO", "content_type": content_type, "size": len(body), **more}
    found: dict[str, Any] = await person.ask("POST", "/media/upload-url", json=wish)
    return found


async def upload(person: Person, body: bytes, content_type: str = "video/mp4", **more: Any) -> str:
    """Upload a clip as a client does, and return its media id; it is not yet processed."""
    found = await ticket(person, body, content_type, **more)
    way = found["upload"]
    if way["method"] == "MULTIPART":
        for part in way["parts"]:
            at = (part["number"] - 1) * way["part_size"]
            sent = await person.http.put(part["url"], content=body[at : at + way["part_size"]])
            if not sent.is_success:
                raise Refused(sent)
    else:
        files = {"file": ("clip", io.BytesIO(body), content_type)}
        sent = await person.http.post(way["url"], data=way["fields"], files=files)
        if not sent.is_success:
            raise Refused(sent)
    await person.ask("POST", f"/media/{found['media_id']}/complete")
    return str(found["media_id"])
