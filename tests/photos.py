"""Photographs as phones make them, from the shared data: twelve megapixels, with a place and a camera in the EXIF."""

import pyvips

from tests import data
from tests.world import drawn

LATITUDE, LONGITUDE = 43.2630, -2.9350
PLACE = {
    "exif-ifd0-Make": "Tintype",
    "exif-ifd0-Model": "Phone 7",
    "exif-ifd2-DateTimeOriginal": "2024:06:01 09:30:00",
    "exif-ifd3-GPSLatitudeRef": "N",
    "exif-ifd3-GPSLatitude": "43/1 15/1 468/10",
    "exif-ifd3-GPSLongitudeRef": "W",
    "exif-ifd3-GPSLongitude": "2/1 56/1 60/10",
}


def phone_photo(name: str = "jpg__Apple_iPhone_6.jpg", width: int = 4000, height: int = 3000) -> bytes:
    """A JPEG of this size made from a real photo, with a place in it. The test is skipped without the shared data."""
    source = pyvips.Image.new_from_file(str(data.path(f"photos/{name}"))).autorot()
    image = source.thumbnail_image(width, height=height, crop="centre", size="force").copy()
    return _with_place(image)


def taken(seed: int = 0) -> bytes:
    """A small drawn JPEG with the same camera, time and place in it."""
    return _with_place(pyvips.Image.new_from_buffer(drawn(seed), "").copy())


def _with_place(image: pyvips.Image) -> bytes:
    for field, value in PLACE.items():
        image.set_type(pyvips.GValue.gstr_type, field, value)
    body: bytes = image.jpegsave_buffer(Q=88)
    return body
