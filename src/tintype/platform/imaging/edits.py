"""What may be done to a picture: a filter, how it is turned and cut, how its light and colours are set."""

from typing import Annotated, Literal

import msgspec

FULL = 100
SMALLEST_CROP = 0.05
TURNS = (0, 90, 180, 270)
STRAIGHTEN_MOST = 45
NO_FILTER = "none"

Amount = Annotated[int, msgspec.Meta(ge=-FULL, le=FULL)]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Plan = Literal["post", "avatar"]


class Crop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rectangle in fractions of the frame: of the picture once it is upright, turned and straightened."""

    x: Fraction = 0.0
    y: Fraction = 0.0
    width: Fraction = 1.0
    height: Fraction = 1.0


class Edit(msgspec.Struct, frozen=True):
    """An edit; what is left out is as the picture is.

    `rotate` turns clockwise by quarters, `straighten` by up to 45 degrees more, enlarging so that no corner is empty.
    """

    filter: Annotated[str, msgspec.Meta(max_length=32)] = NO_FILTER
    strength: Annotated[int, msgspec.Meta(ge=0, le=FULL)] = FULL
    crop: Crop | None = None
    rotate: Annotated[int, msgspec.Meta(ge=0, le=270)] = 0
    straighten: Annotated[float, msgspec.Meta(ge=-STRAIGHTEN_MOST, le=STRAIGHTEN_MOST)] = 0.0
    brightness: Amount = 0
    contrast: Amount = 0
    saturation: Amount = 0
    warmth: Amount = 0


NO_EDIT = Edit()
