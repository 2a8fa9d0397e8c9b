"""The mathematics of filters and adjustments: an edit becomes tables, a matrix and a mask (docs/media.md, "Edits").

The client computes the same from the same `filters.json` (web/src/features/edit/recipe.ts). Values are 0 to 255; every
stage ends in whole numbers. Identity stages are None and left out, which changes nothing.
"""

import json
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import msgspec

from tintype.platform.imaging.edits import FULL, NO_FILTER, Edit

LUMA = (0.2126, 0.7152, 0.0722)
WARM_RED, WARM_GREEN, WARM_BLUE = 0.16, 0.03, -0.18

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
Point = tuple[int, int]
Tables = tuple[bytes, bytes, bytes]
Blend = Literal["multiply", "screen", "overlay", "normal"]

IDENTITY: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
PLAIN = bytes(range(256))


class Tint(msgspec.Struct, frozen=True):
    """A colour laid over a part of the picture."""

    tint: tuple[int, int, int]
    blend: Blend
    opacity: float


class Mask(msgspec.Struct, frozen=True):
    """Between `inner` and `outer`, in half sides from the middle, the tint of the edge takes over from the centre's."""

    inner: float
    outer: float
    edge: Tint
    centre: Tint | None = None


class Curves(msgspec.Struct, frozen=True):
    """Control points for each channel, from 0 to 255."""

    r: list[Point]
    g: list[Point]
    b: list[Point]


class Filter(msgspec.Struct, frozen=True):
    """A named look."""

    name: str
    label: str
    matrix: Matrix
    curves: Curves
    mask: Mask | None


class Recipe(msgspec.Struct, frozen=True):
    """What is done to the pixels, in this order: `adjust`, `matrix`, then `centre`; or where there is a mask, `edge`
    and `centre` in the shares that `weights` gives."""

    adjust: Tables | None
    matrix: Matrix | None
    centre: Tables | None
    edge: Tables | None
    inner: float
    outer: float

    @property
    def is_identity(self) -> bool:
        return self.adjust is None and self.matrix is None and self.centre is None and self.edge is None


@cache
def filters() -> dict[str, Filter]:
    """All filters by name, in the order in which they are offered."""
    text = (Path(__file__).parent / "filters.json").read_text(encoding="utf-8")
    return {one.name: one for one in msgspec.convert(json.loads(text), list[Filter])}


def recipe(edit: Edit) -> Recipe:
    """The tables, matrix and mask of an edit."""
    look = None if edit.filter == NO_FILTER or edit.strength == 0 else filters()[edit.filter]
    share = edit.strength / FULL
    adjust = _tables([[_adjusted(x, edit, channel) for x in range(256)] for channel in range(3)])
    matrix = _saturation(1 + edit.saturation / FULL)
    if look is None:
        return Recipe(_unless_plain(adjust), _unless_identity(matrix), None, None, 0.0, 1.0)
    matrix = _product(_towards(look.matrix, share), matrix)
    curves = [
        [x + share * (y - x) for x, y in enumerate(curve(points))]
        for points in (look.curves.r, look.curves.g, look.curves.b)
    ]
    mask = look.mask
    centre = _tinted(curves, mask.centre, share) if mask and mask.centre else _tables(curves)
    return Recipe(
        _unless_plain(adjust),
        _unless_identity(matrix),
        _unless_plain(centre) if mask is None else centre,
        None if mask is None else _tinted(curves, mask.edge, share),
        mask.inner if mask else 0.0,
        mask.outer if mask else 1.0,
    )


def curve(points: Sequence[Point]) -> list[float]:
    """The value at each of 0 to 255 of the monotone cubic through these points (Fritsch and Carlson)."""
    steps = [(x1 - x0, (y1 - y0) / (x1 - x0)) for (x0, y0), (x1, y1) in pairwise(points)]
    slopes = [steps[0][1]]
    for (_, before), (_, after) in pairwise(steps):
        slopes.append(0.0 if before * after <= 0 else 2 * before * after / (before + after))
    slopes.append(steps[-1][1])
    values = []
    at = 0
    for x in range(256):
        while at < len(steps) - 1 and x > points[at + 1][0]:
            at += 1
        width = steps[at][0]
        t = (x - points[at][0]) / width
        rest = 1 - t
        values.append(
            points[at][1] * rest * rest * (1 + 2 * t)
            + slopes[at] * width * t * rest * rest
            + points[at + 1][1] * t * t * (3 - 2 * t)
            - slopes[at + 1] * width * t * t * rest
        )
    return values


def weight(distance: float, inner: float, outer: float) -> int:
    """The share of the edge, of 255, so far from the middle: a smooth step."""
    t = min(max((distance - inner) / (outer - inner), 0.0), 1.0)
    return rounded(255 * t * t * (3 - 2 * t))


def rounded(value: float) -> int:
    """To the nearest whole number, halves up, within 0 to 255."""
    return min(max(int(value + 0.5), 0), 255) if value > 0 else 0


def _adjusted(x: int, edit: Edit, channel: int) -> float:
    """Warmth, then brightness, then contrast."""
    gain = (WARM_RED, WARM_GREEN, WARM_BLUE)[channel] * edit.warmth / FULL
    value: float = min(x / 255 * (1 + gain), 1.0)
    if edit.brightness:
        value = value ** (2.0 ** (-edit.brightness / FULL))
    contrast = edit.contrast / FULL
    if contrast > 0:
        value += contrast * (value * value * (3 - 2 * value) - value)
    elif contrast < 0:
        value = 0.5 + (value - 0.5) * (1 + contrast / 2)
    return 255 * value


def _saturation(share: float) -> Matrix:
    return _matrix([[(share if row == column else 0.0) + (1 - share) * LUMA[column] for column in range(3)]
                    for row in range(3)])  # fmt: skip


def _towards(matrix: Matrix, share: float) -> Matrix:
    return _matrix([[IDENTITY[i][j] + share * (matrix[i][j] - IDENTITY[i][j]) for j in range(3)] for i in range(3)])


def _product(a: Matrix, b: Matrix) -> Matrix:
    return _matrix([[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)])


def _matrix(rows: Sequence[Sequence[float]]) -> Matrix:
    found: Matrix = msgspec.convert(rows, Matrix)
    return found


def _tinted(curves: Sequence[Sequence[float]], tint: Tint, share: float) -> Tables:
    opacity = tint.opacity * share
    return _tables(
        [[value + opacity * (_blend(value, colour, tint.blend) - value) for value in values]
         for values, colour in zip(curves, tint.tint, strict=True)]
    )  # fmt: skip


def _blend(value: float, colour: int, blend: Blend) -> float:
    match blend:
        case "multiply":
            return value * colour / 255
        case "screen":
            return 255 - (255 - value) * (255 - colour) / 255
        case "overlay":
            return value * colour / 127.5 if value < 127.5 else 255 - (255 - value) * (255 - colour) / 127.5
        case "normal":
            return colour


def _table(values: Sequence[float]) -> bytes:
    return bytes(rounded(value) for value in values)


def _tables(channels: Sequence[Sequence[float]]) -> Tables:
    red, green, blue = (_table(values) for values in channels)
    return red, green, blue


def _unless_plain(tables: Tables) -> Tables | None:
    return None if all(table == PLAIN for table in tables) else tables


def _unless_identity(matrix: Matrix) -> Matrix | None:
    return None if matrix == IDENTITY else matrix
