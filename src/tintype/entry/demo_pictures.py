"""Pictures for the demo where there are no photos: abstract landscapes and patterns, drawn by arithmetic."""

import math
import random
from typing import Any

import pyvips

SHAPES = [(1080, 1350), (1350, 1080), (1080, 1080), (1600, 900), (1080, 1440), (1440, 960)]
PALETTES = [
    ["#0b132b", "#1c2541", "#3a506b", "#5bc0be", "#f0f3bd"],
    ["#2d1e2f", "#79294f", "#e15a5a", "#f7a072", "#ffe9c9"],
    ["#12355b", "#420039", "#d72638", "#f46036", "#fff1d0"],
    ["#14342b", "#2f5d50", "#60935d", "#bbdf8c", "#f4f1de"],
    ["#231942", "#5e548e", "#9f86c0", "#e0b1cb", "#fdf0f5"],
    ["#003049", "#d62828", "#f77f00", "#fcbf49", "#eae2b7"],
    ["#22333b", "#5e503f", "#a9927d", "#d8c3a5", "#f2f4f3"],
]

Image = Any
Colour = list[float]


def drawn(n: int) -> bytes:
    """The n-th picture as a JPEG; the same every time."""
    dice = random.Random(n)
    width, height = SHAPES[n % len(SHAPES)]
    palette = [_colour(one) for one in PALETTES[(n * 3) % len(PALETTES)]]
    grid = pyvips.Image.xyz(width, height)
    x, y = (grid[0] - width / 2) / min(width, height), (grid[1] - height / 2) / min(width, height)
    style = STYLES[n % len(STYLES)]
    image = style(x, y, palette, dice)
    noise = pyvips.Image.gaussnoise(width, height, mean=0, sigma=3.0)
    image = (image + noise).cast("uchar").copy(interpretation="srgb")
    body: bytes = image.jpegsave_buffer(Q=88)
    return body


def _dunes(x: Image, y: Image, palette: list[Colour], dice: random.Random) -> Image:
    """Ridges behind each other under an evening sky, with a sun."""
    image = _ramp(y * 0.9 + 0.5, [palette[4], palette[3], palette[2]])
    cx, cy = dice.uniform(-0.3, 0.3), dice.uniform(-0.35, -0.1)
    image = _over(image, palette[4], _disc(x, y, cx, cy, dice.uniform(0.08, 0.14), 0.004))
    for layer in range(6):
        depth = layer / 5
        crest = sum(
            (_sin(x * (dice.uniform(1.2, 3.2) * (k + 1)) + dice.uniform(0, 6)) * (0.09 / (k + 1)) for k in range(3)),
            x * 0,
        )
        mask = _edge(y - (crest - 0.12 + depth * 0.5), 0.003)
        image = _over(image, _mix(palette[2], palette[0], depth), mask)
    return image


def _orbs(x: Image, y: Image, palette: list[Colour], dice: random.Random) -> Image:
    """Soft overlapping lights."""
    image = _ramp(x * 0.5 + y * 0.5 + 0.5, palette[:2])
    for _ in range(14):
        cx, cy = dice.uniform(-0.7, 0.7), dice.uniform(-0.7, 0.7)
        size = dice.uniform(0.06, 0.3)
        image = _over(image, dice.choice(palette[1:]), _disc(x, y, cx, cy, size, dice.choice([0.004, 0.03])) * 0.6)
    return image


def _marble(x: Image, y: Image, palette: list[Colour], dice: random.Random) -> Image:
    """Flowing bands of colour."""
    a, b, c = (dice.uniform(2, 5) for _ in range(3))
    bent = x + _sin(y * a + dice.uniform(0, 6)) * 0.25 + _sin(x * b + y * c) * 0.12
    flow = _sin(bent * dice.uniform(3, 6) + _sin(y * 3 + bent * 4) * 0.8) * 0.5 + 0.5
    return _ramp(flow, palette)


def _waves(x: Image, y: Image, palette: list[Colour], dice: random.Random) -> Image:
    """A low sun and its glitter on the sea."""
    horizon = dice.uniform(-0.05, 0.1)
    sky = _ramp((y - horizon) * 1.3 + 1, [palette[1], palette[2], palette[3], palette[4]])
    cx = dice.uniform(-0.2, 0.2)
    sky = _over(sky, palette[4], _disc(x, y, cx, horizon - 0.06, 0.13, 0.004))
    sea = _ramp((y - horizon) * 1.6, [palette[2], palette[1], palette[0]])
    ripples = _sin((y - horizon + 0.02) ** 0.5 * 90 + _sin(x * 16) * 1.2)
    glitter = (ripples > 0.35).ifthenelse(1.0, 0.0) * _bell((x - cx) / ((y - horizon) * 0.5 + 0.12))
    sea = _over(sea, palette[4], glitter * 0.75)
    return (y > horizon).ifthenelse(sea, sky)


def _petals(x: Image, y: Image, palette: list[Colour], dice: random.Random) -> Image:
    """A flower of turned rings."""
    image = _ramp((x**2 + y**2) ** 0.5, [palette[1], palette[0]])
    leaves = dice.choice([5, 6, 8, 9])
    angle = y.atan2(x) if hasattr(y, "atan2") else y.math2(x, "atan2")
    angle = angle * (math.pi / 180)
    distance = (x**2 + y**2) ** 0.5
    for ring in range(5, 0, -1):
        radius = _sin(angle * leaves + ring * 0.7) * 0.05 * (1 + ring * 0.3) + ring * 0.09
        image = _over(image, palette[1 + ring % 4], _edge(radius - distance, 0.003) * 0.92)
    return image


def _terraces(x: Image, y: Image, palette: list[Colour], dice: random.Random) -> Image:
    """Contour lines of a landscape seen from above."""
    height = sum(
        (
            _bell(((x - dice.uniform(-0.6, 0.6)) ** 2 + (y - dice.uniform(-0.6, 0.6)) ** 2) ** 0.5 / 0.28)
            * dice.uniform(0.5, 1)
            for _ in range(7)
        ),
        x * 0,
    )
    steps = (height * 9).floor() / 13
    line = (height * 9 - (height * 9).floor() < 0.06).ifthenelse(0.35, 0.0)
    return _over(_ramp(steps, palette), palette[0], line)


STYLES = [_dunes, _marble, _waves, _orbs, _terraces, _petals]


def _colour(text: str) -> Colour:
    return [float(int(text[at : at + 2], 16)) for at in (1, 3, 5)]


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    return [a + (b - a) * share for a, b in zip(one, other, strict=True)]


def _sin(radians: Image) -> Image:
    return (radians * (180 / math.pi)).sin()


def _bell(distance: Image) -> Image:
    return (distance**2 * -1).exp()


def _edge(inside: Image, soft: float) -> Image:
    """1 where `inside` is positive, 0 elsewhere, smooth between."""
    share = inside / soft + 0.5
    return (share > 1).ifthenelse(1.0, (share < 0).ifthenelse(0.0, share))


def _disc(x: Image, y: Image, cx: float, cy: float, radius: float, soft: float) -> Image:
    return _edge(radius - ((x - cx) ** 2 + (y - cy) ** 2) ** 0.5, soft)


def _over(image: Image, colour: Colour, mask: Image) -> Image:
    return image * (mask * -1 + 1) + mask * colour


def _ramp(position: Image, colours: list[Colour]) -> Image:
    """A gradient through all colours as `position` goes from 0 to 1."""
    inside = (position > 1).ifthenelse(1.0, (position < 0).ifthenelse(0.0, position)) * (len(colours) - 1)
    image = inside * 0 + colours[0]
    for n in range(1, len(colours)):
        share = inside - (n - 1)
        share = (share > 1).ifthenelse(1.0, (share < 0).ifthenelse(0.0, share))
        image = _over(image, colours[n], share)
    return image
