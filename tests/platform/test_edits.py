"""Edits without a browser: what filters are, which way adjustments go, where turning and cutting put things."""

import io
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import pyvips
from numpy.typing import NDArray

from tests import data
from tests.platform.pictures import plain
from tintype.platform.imaging.edits import NO_EDIT, Crop, Edit
from tintype.platform.imaging.messages import Order
from tintype.platform.imaging.pool import Decoded, Pool
from tintype.platform.imaging.recipes import curve, filters, recipe, rounded, weight
from tintype.platform.imaging.shaping import shape, shaped
from tintype.platform.imaging.toning import toned

Pixels = NDArray[Any]
NAMED = [
    "clarendon",
    "gingham",
    "juno",
    "lark",
    "reyes",
    "moon",
    "ludwig",
    "aden",
    "perpetua",
    "slumber",
    "crema",
    "valencia",
    "xpro2",
    "lofi",
]


def image(pixels: Pixels) -> pyvips.Image:
    return pyvips.Image.new_from_array(pixels.astype(np.uint8)).copy(interpretation="srgb")


def grey(level: int) -> pyvips.Image:
    return image(np.full((9, 9, 3), level))


def middle(edit: Edit, *colour: int) -> list[float]:
    found = toned(image(np.full((9, 9, 3), colour)), recipe(edit))
    return [float(one) for one in found(4, 4)]


def test_the_filters_are_whole() -> None:
    assert set(NAMED) <= set(filters())
    for name, one in filters().items():
        assert name.isalnum()
        assert one.label
        for points in (one.curves.r, one.curves.g, one.curves.b):
            xs = [x for x, _ in points]
            assert xs == sorted(set(xs))
            assert (xs[0], xs[-1]) == (0, 255)
            values = curve(points)
            assert all(a <= b for a, b in pairwise(values)), name
        for row in one.matrix:
            assert sum(row) == pytest.approx(1, abs=0.25)


def test_no_edit_is_no_work() -> None:
    picture = grey(90)
    assert recipe(NO_EDIT).is_identity
    assert recipe(Edit(filter="moon", strength=0)).is_identity
    assert toned(picture, recipe(NO_EDIT)) is picture


@pytest.mark.parametrize("name", [*filters()])
def test_a_filter_keeps_light_above_dark_and_has_a_weaker_form(name: str) -> None:
    dark, light = (middle(Edit(filter=name), level, level, level) for level in (40, 215))
    assert light[1] - dark[1] > 60
    colour = np.array([200, 80, 40])
    whole, half = (np.array(middle(Edit(filter=name, strength=one), *colour)) for one in (100, 50))
    assert np.linalg.norm(half - colour) < np.linalg.norm(whole - colour)


def test_adjustments_go_in_the_direction_of_their_names() -> None:
    assert middle(Edit(brightness=50), 100, 100, 100)[0] > 110
    assert middle(Edit(brightness=-50), 0, 100, 255) == pytest.approx([0, 68, 255], abs=2)
    assert middle(Edit(contrast=50), 60, 128, 200)[0] < 60
    assert middle(Edit(contrast=-100), 0, 128, 255) == pytest.approx([64, 128, 191], abs=1)
    assert len(set(middle(Edit(saturation=-100), 200, 100, 50))) == 1
    red, _, blue = middle(Edit(warmth=60), 128, 128, 128)
    assert red > 128 > blue


def test_a_mask_darkens_the_corners_alone() -> None:
    found = toned(image(np.full((101, 80, 3), 180)), recipe(Edit(filter="lofi"))).numpy().astype(int)
    assert found[0, 0, 0] < found[50, 40, 0] - 40
    assert (found == found[::-1]).all()
    assert (found == found[:, ::-1]).all()
    assert [weight(0.2, 0.4, 1.4), weight(0.9, 0.4, 1.4), weight(2, 0.4, 1.4)] == [0, 128, 255]
    assert [rounded(one) for one in (-3, 0.5, 254.5, 300)] == [0, 1, 255, 255]


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 4)])
def test_the_smallest_pictures_have_masks_too(size: tuple[int, int]) -> None:
    found = toned(image(np.full((*size, 3), 180)), recipe(Edit(filter="xpro2")))
    assert (found.height, found.width) == size


@pytest.mark.parametrize("name", ["clarendon", "gingham", "moon", "inkwell", "lofi", "xpro2", "earlybird", "valencia"])
def test_the_looks_are_related_to_those_of_their_names(name: str) -> None:
    """Beside pilgram2, an oracle of another hand: nearer to its look than to the picture as it was, or of its kind."""
    pilgram = pytest.importorskip("pilgram2")
    from PIL import Image

    path = data.path("photos") / "lomiri-wallpapers-16.04__friends_by_Aitzol_Berasategi.jpg"
    picture = pyvips.Image.thumbnail(str(path), 240).colourspace("srgb").copy_memory()
    ours = toned(picture, recipe(Edit(filter=name))).numpy().astype(float)
    opened = Image.open(io.BytesIO(picture.pngsave_buffer())).convert("RGB")
    theirs = np.asarray(getattr(pilgram, name)(opened).convert("RGB")).astype(float)

    def spread(pixels: Pixels) -> float:
        return float((pixels.max(axis=2) - pixels.min(axis=2)).mean())

    flat = [one.mean(axis=2).ravel() for one in (ours, theirs)]
    assert np.corrcoef(flat[0], flat[1])[0, 1] > 0.9
    if name in ("moon", "inkwell"):
        assert spread(ours) < 3
        assert spread(theirs) < 3
    else:
        before = spread(picture.numpy().astype(float))
        assert np.sign(spread(ours) - before) == np.sign(spread(theirs) - before)


def ramp(width: int = 400, height: int = 300) -> pyvips.Image:
    """Red tells how far to the right a pixel is, green how far down."""
    pixels = np.zeros((height, width, 3))
    pixels[..., 0] = np.arange(width)[None] / width * 255
    pixels[..., 1] = np.arange(height)[:, None] / height * 255
    return image(pixels)


@pytest.mark.parametrize("straighten", [0.0, 10.0, -30.0, 45.0])
@pytest.mark.parametrize(("rotate", "right", "down"), [
    (0, (1, 0), (0, 1)), (90, (0, -1), (1, 0)), (180, (-1, 0), (0, -1)), (270, (0, 1), (-1, 0)),
])  # fmt: skip
@pytest.mark.parametrize("crop", [None, Crop(0.25, 0.1, 0.5, 0.3)])
def test_things_are_where_an_edit_puts_them(
    rotate: int, right: tuple[int, int], down: tuple[int, int], straighten: float, crop: Crop | None
) -> None:
    """The same by trigonometry alone: where in the source a pixel comes from."""
    width, height = 400, 300
    wanted = shape(width, height, Edit(rotate=rotate, straighten=straighten, crop=crop))
    found = shaped(ramp(width, height), wanted, 1080).numpy().astype(float)
    across, deep = wanted.frame
    assert found.shape[1::-1] == wanted.size
    part = crop or Crop()
    angle = np.radians(straighten)
    for x in (0.1, 0.5, 0.9):
        for y in (0.1, 0.5, 0.9):
            seen = found[int(y * found.shape[0]), int(x * found.shape[1])]
            off_x = (part.x + x * part.width - 0.5) * across / wanted.cover
            off_y = (part.y + y * part.height - 0.5) * deep / wanted.cover
            turned = (off_x * np.cos(angle) + off_y * np.sin(angle), off_y * np.cos(angle) - off_x * np.sin(angle))
            place = (turned[0] * right[0] + turned[1] * down[0], turned[0] * right[1] + turned[1] * down[1])
            assert seen[0] / 255 * width == pytest.approx(place[0] + width / 2, abs=4)
            assert seen[1] / 255 * height == pytest.approx(place[1] + height / 2, abs=4)


@pytest.fixture
async def pool() -> Any:
    async with Pool(size=1, timeout=30) as opened:
        yield opened


async def made(pool: Pool, path: Any, order: Order, tmp_path: Any) -> Decoded:
    body = path if isinstance(path, bytes) else path.read_bytes()
    file = tmp_path / "upload"
    file.write_bytes(body)
    with file.open("rb") as upload:
        return await pool.decode(upload.fileno(), _unseen, order)


async def _unseen(_: Any) -> None:
    return None


@pytest.mark.parametrize("name", [
    "heic/heic__mobile__HMD_Nokia_8.3_5G.heif", "heic/avif__32Bit-72dpi-sRGB-800x600.avif",
    "photos/gnome-backgrounds__adwaita-d.webp", "orientation/Landscape_6.jpg",
])  # fmt: skip
async def test_every_format_is_edited_alike(pool: Pool, tmp_path: Any, name: str) -> None:
    folder, _, file = name.partition("/")
    body = (data.path(folder) / file).read_bytes()
    bare = await made(pool, body, Order(), tmp_path)
    edit = Edit(filter="inkwell", rotate=90, straighten=3, crop=Crop(0.25, 0.25, 0.5, 0.25))
    found = await made(pool, body, Order("post", edit), tmp_path)
    picture = found.picture
    assert (picture.source_width, picture.source_height) == (bare.picture.width, bare.picture.height)
    assert picture.width == pytest.approx(bare.picture.height * 0.5, abs=1)
    assert picture.height == pytest.approx(bare.picture.width * 0.25, abs=1)
    assert picture.blurhash != bare.picture.blurhash
    large = next(one for one in found.renditions if one.name == "large.jpg")
    assert max(large.width, large.height) == min(1080, max(picture.width, picture.height))
    assert next(one for one in found.renditions if one.name == "thumb.jpg").width == min(
        150, picture.width, picture.height
    )
    square = await made(pool, body, Order("avatar", Edit(crop=Crop(0.5, 0, 0.5, 0.5))), tmp_path)
    side = min(bare.picture.width, bare.picture.height) / 2
    assert {one.name for one in square.renditions} == {
        f"{n}.{kind}" for n in (640, 320, 150) for kind in ("jpg", "webp")
    }
    assert all(one.width == one.height for one in square.renditions)
    assert square.picture.width == square.picture.height == pytest.approx(side, abs=1)


async def test_of_animations_the_first_picture_is_edited(pool: Pool, tmp_path: Any) -> None:
    pages = ramp(60, 40).join(ramp(60, 40), "vertical").copy()
    pages.set_type(pyvips.GValue.gint_type, "page-height", 40)
    found = await made(pool, pages.webpsave_buffer(), Order("post", Edit(filter="moon")), tmp_path)
    assert (found.picture.width, found.picture.height) == (60, 40)


async def test_a_long_panorama_has_a_whole_thumbnail(pool: Pool, tmp_path: Any) -> None:
    body = plain(4000, 200, [90, 120, 40]).jpegsave_buffer()
    found = await made(pool, body, Order("post", Edit(warmth=20)), tmp_path)
    thumb = next(one for one in found.renditions if one.name == "thumb.jpg")
    assert (thumb.width, thumb.height) == (150, 150)
