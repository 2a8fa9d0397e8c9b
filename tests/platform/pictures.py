"""Pictures that tests make, and the way through the pool."""

import os
import tempfile

import pyvips

from tintype.platform.imaging.messages import Picture
from tintype.platform.imaging.pool import Decoded, Pool


def plain(width: int, height: int, colour: list[int]) -> pyvips.Image:
    """One colour, in sRGB."""
    return (pyvips.Image.black(width, height, bands=3) + colour).cast("uchar").copy(interpretation="srgb")


async def decode(pool: Pool, body: bytes) -> tuple[Decoded, list[Picture]]:
    """Decode these bytes; also what was `seen` on the way."""
    seen: list[Picture] = []

    async def note(picture: Picture) -> None:
        seen.append(picture)

    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        return await pool.decode(file.fileno(), note), seen
