"""How a picture is turned, straightened and cut: the geometry of an edit, and its way through libvips.

The frame is the upright picture after its quarter turns. Straightening turns the picture about the middle of the frame
and enlarges it until it covers the frame again; the crop is a part of the frame.
"""

import math
from collections.abc import Callable

import msgspec
import pyvips

from tintype.platform.imaging.edits import Crop, Edit

WHOLE = Crop()
MARGIN = 3.0  # pixels around a window, for the interpolation at its rim

Load = Callable[[int], pyvips.Image]


class Shape(msgspec.Struct, frozen=True):
    """The geometry of one edit of one picture, in pixels of the upright source."""

    width: int
    height: int
    rotate: int
    straighten: float
    crop: Crop

    @property
    def frame(self) -> tuple[int, int]:
        return (self.height, self.width) if self.rotate in (90, 270) else (self.width, self.height)

    @property
    def size(self) -> tuple[int, int]:
        """Of what is cut out."""
        width, height = self.frame
        return max(1, round(self.crop.width * width)), max(1, round(self.crop.height * height))

    @property
    def cover(self) -> float:
        """By how much straightening enlarges."""
        width, height = self.frame
        angle = math.radians(abs(self.straighten))
        return math.cos(angle) + max(width / height, height / width) * math.sin(angle)

    def scale(self, side: int) -> float:
        """From the source to what is cut out, where that has at most `side` on both sides; never more than 1."""
        return min(1.0, side / max(self.size))

    def load_side(self, side: int) -> int:
        """How long the source's longer side has to be for that."""
        longer = max(self.width, self.height)
        return max(1, min(longer, round(longer * self.scale(side) * self.cover)))

    @property
    def is_plain(self) -> bool:
        return not self.rotate and not self.straighten and self.crop == WHOLE


def shape(width: int, height: int, edit: Edit, *, square: bool = False) -> Shape:
    """The geometry of an edit; with `square`, the middle of what it would cut out."""
    found = Shape(width, height, edit.rotate, edit.straighten, edit.crop or WHOLE)
    if not square:
        return found
    across, down = found.frame
    crop = found.crop
    side = min(crop.width * across, crop.height * down)
    middle_x, middle_y = crop.x + crop.width / 2, crop.y + crop.height / 2
    cut = Crop(middle_x - side / across / 2, middle_y - side / down / 2, side / across, side / down)
    return msgspec.structs.replace(found, crop=cut)


def shaped(source: pyvips.Image, wanted: Shape, side: int) -> pyvips.Image:
    """The part of `source` that is wanted, at most `side` on both sides, in memory.

    `source` is upright, of any scale, and may be sequential: it is read once, and only where it is needed.
    """
    left, top, right, bottom = _window(wanted, source.width, source.height)
    cut = source.crop(left, top, right - left, bottom - top).copy_memory()
    turned = cut.rot(f"d{wanted.rotate}") if wanted.rotate else cut
    scale = wanted.scale(side)
    width, height = (max(1, round(one * scale)) for one in wanted.size)
    frame_width, frame_height = wanted.frame
    source_scale = max(source.width, source.height) / max(wanted.width, wanted.height)
    if not wanted.straighten:
        if (turned.width, turned.height) == (width, height):
            return turned.copy_memory()
        return turned.thumbnail_image(width, height=height, size="force", no_rotate=True).copy_memory()
    factor = scale * wanted.cover / source_scale
    angle = math.radians(wanted.straighten)
    cosine, sine = factor * math.cos(angle), factor * math.sin(angle)
    window_left, window_top = _turned_corner(wanted.rotate, (left, top, right, bottom), source.width, source.height)
    middle_x, middle_y = frame_width * source_scale / 2, frame_height * source_scale / 2
    return turned.affine(
        [cosine, -sine, sine, cosine],
        interpolate=pyvips.Interpolate.new("bicubic"),
        extend="copy",
        idx=window_left - middle_x,
        idy=window_top - middle_y,
        odx=(0.5 - wanted.crop.x) * frame_width * scale,
        ody=(0.5 - wanted.crop.y) * frame_height * scale,
        oarea=[0, 0, width, height],
    ).copy_memory()


def _window(wanted: Shape, width: int, height: int) -> tuple[int, int, int, int]:
    """What of the source is needed, in its own pixels: left, top, right, bottom."""
    corners = [_origin(wanted, x, y) for x in (wanted.crop.x, wanted.crop.x + wanted.crop.width)
               for y in (wanted.crop.y, wanted.crop.y + wanted.crop.height)]  # fmt: skip
    margin = MARGIN if wanted.straighten else -0.5  # without straightening to the nearest pixel
    left = min(x for x, _ in corners) * width - margin
    right = max(x for x, _ in corners) * width + margin
    top = min(y for _, y in corners) * height - margin
    bottom = max(y for _, y in corners) * height + margin
    if not wanted.straighten:
        left, top, right, bottom = (math.floor(one) for one in (left, top, right + 1, bottom + 1))
    start_x, start_y = min(max(0, math.floor(left)), width - 1), min(max(0, math.floor(top)), height - 1)
    end_x, end_y = min(width, math.ceil(right)), min(height, math.ceil(bottom))
    return start_x, start_y, max(start_x + 1, end_x), max(start_y + 1, end_y)


def _origin(wanted: Shape, x: float, y: float) -> tuple[float, float]:
    """Where a point of the frame is in the upright source, both in fractions."""
    if wanted.straighten:
        width, height = wanted.frame
        angle = math.radians(wanted.straighten)
        across, down = (x - 0.5) * width / wanted.cover, (y - 0.5) * height / wanted.cover
        x = 0.5 + (across * math.cos(angle) + down * math.sin(angle)) / width
        y = 0.5 + (down * math.cos(angle) - across * math.sin(angle)) / height
    match wanted.rotate:
        case 90:
            return y, 1 - x
        case 180:
            return 1 - x, 1 - y
        case 270:
            return 1 - y, x
        case _:
            return x, y


def _turned_corner(rotate: int, window: tuple[int, int, int, int], width: int, height: int) -> tuple[float, float]:
    """Where the window's left upper corner is in the whole source once both are turned."""
    left, top, right, bottom = window
    match rotate:
        case 90:
            return height - bottom, left
        case 180:
            return width - right, height - bottom
        case 270:
            return top, width - right
        case _:
            return left, top
