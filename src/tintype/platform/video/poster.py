"""The poster of a video: its first picture that is not black, in the sizes and formats that pictures have."""

import os
import subprocess
from collections.abc import Iterator

import msgspec
import pyvips
from blurhash_rs import encode_rgb  # type: ignore[attr-defined]

from tintype.platform.imaging.messages import SIZES, Rendition, Size
from tintype.platform.video.command import SDR, reading
from tintype.platform.video.messages import Message, Video
from tintype.platform.video.probe import Unusable

SEARCHED_SECONDS = "10"
# A tenth of it is lighter than this; 16 is black.
NOT_BLACK = "signalstats,metadata=mode=select:key=lavfi.signalstats.YHIGH:value=40:function=greater"


def made(video: Video, upload: int, ffmpeg: str, seconds: int) -> Iterator[Message]:
    """First the video with its blurhash, then the renditions. Raises Unusable, TimeoutExpired."""
    longer, shorter = max(video.width, video.height), min(video.width, video.height)
    scale = min(1.0, max(SIZES["large"] / longer, SIZES["thumb"] / shorter))
    width, height = max(1, round(video.width * scale)), max(1, round(video.height * scale))
    data = _frame(video, upload, ffmpeg, seconds, width, height, NOT_BLACK)
    data = data or _frame(video, upload, ffmpeg, seconds, width, height, "null")
    if len(data) != width * height * 3:
        raise Unusable("DAMAGED_VIDEO")
    picture = pyvips.Image.new_from_memory(data, width, height, 3, "uchar").copy(interpretation="srgb")
    large = _smaller(picture, SIZES["large"])
    medium = _smaller(large, SIZES["medium"])
    small = _smaller(medium, SIZES["small"])
    edge = min(width, height)
    centre = picture.crop((width - edge) // 2, (height - edge) // 2, edge, edge)
    sizes: dict[Size, pyvips.Image] = {
        "large": large, "medium": medium, "small": small, "thumb": _smaller(centre, SIZES["thumb"]),
    }  # fmt: skip
    yield msgspec.structs.replace(video, blurhash=_blurhash(small))
    for size, one in sizes.items():
        yield Rendition(size, "jpg", one.width, one.height, one.jpegsave_buffer(Q=80, keep="none"))
        yield Rendition(size, "webp", one.width, one.height, one.webpsave_buffer(Q=80, effort=2, keep="none"))


def _frame(video: Video, upload: int, ffmpeg: str, seconds: int, width: int, height: int, which: str) -> bytes:
    scaled = f"zscale=w={width}:h={height},{SDR}" if video.is_hdr else f"scale=w={width}:h={height}"
    os.lseek(upload, 0, os.SEEK_SET)  # everybody who has read it shares one position
    found = subprocess.run(
        [ffmpeg, *reading(upload), "-map", "0:V:0", "-t", SEARCHED_SECONDS,
         "-vf", f"{scaled},format=yuv420p,{which}", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"],
        pass_fds=[upload], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        timeout=seconds * 0.4, check=False,
    )  # fmt: skip
    return found.stdout


def _smaller(picture: pyvips.Image, side: int) -> pyvips.Image:
    if max(picture.width, picture.height) <= side:
        return picture
    return picture.thumbnail_image(side, height=side, size="down", no_rotate=True).copy_memory()


def _blurhash(small: pyvips.Image) -> str:
    tiny = _smaller(small, 32)
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    across, down = min(across, tiny.width), min(down, tiny.height)
    return str(encode_rgb(bytes(tiny.write_to_memory()), tiny.width, tiny.height, across, down))
