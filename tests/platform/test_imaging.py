"""The picture pipeline, through real decoder processes: formats, colours, orientation, sizes, privacy."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import numpy as np
import pytest
import pyvips

from tests import data
from tests.platform.pictures import decode, plain
from tintype.platform.imaging.messages import SIZES, Rendition
from tintype.platform.imaging.pool import Decoded, PictureRefused, Pool

BROKEN = {
    "jpg__ImageTestSuite__46f5d9c1b0fe352353688f736e5617b6.jpg": "DAMAGED",
    "jpg__ImageTestSuite__8e5e74dbf9b68a322fbb9512db837329.jpg": "DAMAGED",
    "jpg__ImageTestSuite__eecb78b937a7c5f04aae2f5b0f5b5acc.jpg": "DAMAGED",
    "jpg__ImageTestSuite__f8e19feecd246156b5d7e79efc455e99.jpg": "DAMAGED",
    "heic__IllegalArgumentException.HeifReader.processBoxes.heif": "DAMAGED",
    "heic__NullPointerException.HeifPictureHandler.processBox.heif": "UNREADABLE_HEIC",
    "heic__mobile__HMD_Nokia_8.3_5G_hdr.heif": "UNREADABLE_HEIC",  # FFmpeg 9.0.2 refuses its item properties
}


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    async with Pool(size=1, timeout=30) as opened:
        yield opened


def image(one: Rendition) -> pyvips.Image:
    return pyvips.Image.new_from_buffer(one.data, "")


def named(found: Decoded, name: str) -> Rendition:
    return next(one for one in found.renditions if one.name == name)


def check_files(found: Decoded) -> None:
    """What holds for every picture: which files there are, their sizes, and that they tell nothing."""
    names = {one.name for one in found.renditions}
    assert {f"{size}.{form}" for size in SIZES for form in ("jpg", "webp")} <= names
    assert sum(name.endswith(".avif") for name in names) in (0, len(SIZES))
    original = (found.picture.width, found.picture.height)
    for one in found.renditions:
        served = image(one)
        assert (served.width, served.height) == (one.width, one.height)
        if one.size == "thumb":
            assert one.width == one.height == min(150, *original)
        else:
            assert max(one.width, one.height) == min(SIZES[one.size], max(original))
            assert one.width / one.height == pytest.approx(
                original[0] / original[1], rel=2 / min(one.width, one.height)
            )
        told = [field for field in served.get_fields() if field.startswith(("exif", "xmp", "iptc", "icc", "gps"))]
        assert not told
        assert not any(mark in one.data for mark in (b"Exif\0\0", b"ns.adobe.com", b"ICC_PROFILE", b"GPSL"))


async def test_every_shared_picture_is_ready_or_refused_for_a_reason(pool: Pool) -> None:
    """Only files that are broken are refused, and one that FFmpeg cannot read."""
    refused: dict[str, str] = {}
    for file in data.pictures() or [data.path("photos")]:
        try:
            found, _ = await decode(pool, file.read_bytes())
        except PictureRefused as reason:
            refused[file.name] = reason.code
            continue
        check_files(found)
    assert refused == BROKEN


@pytest.mark.parametrize("orientation", range(9))
async def test_orientations_come_out_upright(pool: Pool, orientation: int) -> None:
    """All nine files are the same landscape once they are turned."""
    found, _ = await decode(pool, data.path(f"orientation/Landscape_{orientation}.jpg").read_bytes())
    upright, _ = await decode(pool, data.path("orientation/Landscape_1.jpg").read_bytes())
    assert (found.picture.width, found.picture.height) == (1800, 1200)
    difference = (image(named(found, "small.jpg")) - image(named(upright, "small.jpg"))).abs().avg()
    assert difference < 6


@pytest.mark.parametrize(
    ("name", "width", "height", "camera"),
    [
        ("heic__mobile__iphone_13_pro_max.HEIC", 3024, 4032, "Apple iPhone 13 Pro Max"),
        ("heic__Issue_263_dotnet.heic", 3024, 4032, "Apple iPhone XR"),
        ("heic__mobile__HMD_Nokia_8.3_5G.heif", 3456, 4608, None),
    ],
)
async def test_heic_of_phones(pool: Pool, name: str, width: int, height: int, camera: str | None) -> None:
    """Tiles are joined, turned once, and the metadata read, though libvips itself cannot decode them."""
    found, _ = await decode(pool, data.path(f"heic/{name}").read_bytes())
    assert (found.picture.format, found.picture.width, found.picture.height) == ("HEIC", width, height)
    assert found.picture.camera == camera
    assert named(found, "large.jpg").height == 1080
    assert image(named(found, "large.jpg")).deviate() > 30


async def test_metadata_are_read_and_not_served(pool: Pool) -> None:
    found, _ = await decode(pool, data.path("photos/jpg__Apple_iPhone_6.jpg").read_bytes())
    assert found.picture.camera == "Apple iPhone 6"
    assert found.picture.taken_at == datetime(2014, 9, 16, 14, 5, 12, tzinfo=UTC)
    assert found.picture.latitude == pytest.approx(51.76241, abs=1e-4)
    assert found.picture.longitude == pytest.approx(-0.31789, abs=1e-4)
    check_files(found)


RED = [200, 60, 30]


def _coloured() -> dict[str, bytes]:
    red = plain(400, 300, RED)
    wide = red.icc_transform("p3", input_profile="srgb")
    deep = red.icc_transform("p3", input_profile="srgb", depth=16)
    inks = red.icc_transform("cmyk", input_profile="srgb")
    return {
        "P3 JPEG": wide.jpegsave_buffer(Q=95, profile="p3"),
        "P3 WebP": wide.webpsave_buffer(lossless=True, profile="p3"),
        "P3 AVIF": wide.heifsave_buffer(Q=95, compression="av1", profile="p3"),
        "16-bit P3 PNG": deep.pngsave_buffer(bitdepth=16, profile="p3"),
        "CMYK": inks.jpegsave_buffer(Q=95, profile="cmyk"),
        "CMYK without a profile": inks.jpegsave_buffer(Q=95, keep="none"),
        "16-bit": red.colourspace("rgb16").pngsave_buffer(bitdepth=16),
        "palette": red.pngsave_buffer(palette=True),
        "GIF": red.gifsave_buffer(),
        "half transparent on white": red.linear(2, [-255] * 3).cast("uchar").bandjoin(128)
        .copy(interpretation="srgb").pngsave_buffer(),
    }  # fmt: skip


@pytest.mark.parametrize("name", [name for name in _coloured() if not name.startswith("half")])
async def test_colours_come_out_right(pool: Pool, name: str) -> None:
    """Whatever it is coded in, red is that red in sRGB. CMYK cannot quite print it."""
    found, _ = await decode(pool, _coloured()[name])
    for one in found.renditions:
        assert image(one).getpoint(20, 20) == pytest.approx(RED, abs=16 if "CMYK" in name else 6)


@pytest.mark.parametrize("depth", [8, 16])
async def test_grey(pool: Pool, depth: int) -> None:
    grey = plain(300, 200, [120] * 3).colourspace("b-w" if depth == 8 else "grey16")
    found, _ = await decode(pool, grey.pngsave_buffer(bitdepth=depth))
    for one in found.renditions:
        assert image(one).colourspace("srgb").getpoint(20, 20) == pytest.approx([120] * 3, abs=3)


async def test_transparency_is_on_white(pool: Pool) -> None:
    see_through = plain(300, 200, [0, 0, 0]).bandjoin(0).copy(interpretation="srgb")
    found, _ = await decode(pool, see_through.pngsave_buffer())
    for one in found.renditions:
        assert image(one).getpoint(20, 20) == pytest.approx([255] * 3, abs=2)


async def test_a_profile_that_makes_no_sense_is_left_out(pool: Pool) -> None:
    picture = plain(300, 200, RED).copy()
    picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", b"no profile at all" * 20)
    found, _ = await decode(pool, picture.pngsave_buffer())
    assert image(named(found, "large.jpg")).getpoint(20, 20) == pytest.approx(RED, abs=6)


async def test_only_the_first_picture_of_an_animation(pool: Pool) -> None:
    frames = [plain(64, 48, RED), plain(64, 48, [0, 0, 255])]
    film = frames[0].join(frames[1], "vertical").copy()
    film.set_type(pyvips.GValue.gint_type, "page-height", 48)
    for encoded in (film.gifsave_buffer(), film.webpsave_buffer(lossless=True)):
        found, _ = await decode(pool, encoded)
        assert (found.picture.width, found.picture.height) == (64, 48)
        assert image(named(found, "large.jpg")).getpoint(20, 20) == pytest.approx(RED, abs=6)


@pytest.mark.parametrize(
    ("width", "height", "large", "thumb"),
    [(1, 1, (1, 1), 1), (31, 20, (31, 20), 20), (500, 400, (500, 400), 150), (8000, 400, (1080, 54), 150),
     (100, 3000, (36, 1080), 100), (1, 5000, (1, 1080), 1), (1081, 1081, (1080, 1080), 150)],
)  # fmt: skip
async def test_sizes_limit_and_never_enlarge(
    pool: Pool, width: int, height: int, large: tuple[int, int], thumb: int
) -> None:
    """A long panorama still has a sharp square, cut from the original."""
    found, _ = await decode(pool, plain(width, height, RED).jpegsave_buffer())
    assert (found.picture.width, found.picture.height) == (width, height)
    made = {one.size: (one.width, one.height) for one in found.renditions}
    assert made["large"] == large
    assert made["thumb"] == (thumb, thumb)
    assert all(max(made[size]) <= SIZES[size] for size in made)


async def test_the_square_is_the_centre(pool: Pool) -> None:
    thirds = [plain(400, 300, colour) for colour in ([255, 0, 0], [0, 255, 0], [0, 0, 255])]
    striped = thirds[0].join(thirds[1], "horizontal").join(thirds[2], "horizontal")
    found, _ = await decode(pool, striped.pngsave_buffer())
    pixels = image(named(found, "thumb.jpg")).numpy()
    assert np.all(pixels[10:-10, 20:-20, 1] > 200)


async def test_what_is_no_picture(pool: Pool) -> None:
    photo = plain(2000, 1500, RED).jpegsave_buffer()
    cases = {
        b"hello": "NOT_A_PICTURE",
        b"": "DAMAGED",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>": "NOT_A_PICTURE",
        plain(20, 20, RED).tiffsave_buffer(): "NOT_A_PICTURE",
        photo[: len(photo) // 2]: "DAMAGED",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100: "DAMAGED",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100: "DAMAGED",
    }
    for body, code in cases.items():
        with pytest.raises(PictureRefused) as refusal:
            await decode(pool, body)
        assert refusal.value.code == code, body[:20]


@pytest.mark.parametrize("name", ["sample-5s.mp4", "with-gps.mov", "100_0306.avi"])
async def test_a_film_is_no_picture(pool: Pool, name: str) -> None:
    with pytest.raises(PictureRefused) as refusal:
        await decode(pool, data.path(f"videos/{name}").read_bytes())
    assert refusal.value.code == "NOT_A_PICTURE"


async def test_blurhash_comes_before_the_renditions(pool: Pool) -> None:
    """`seen` is awaited while the renditions are still to be made."""
    found, seen = await decode(pool, data.path("photos/jpg__Blackberry_Z10.jpg").read_bytes())
    assert seen == [found.picture]
    assert len(found.picture.blurhash) == 28


async def test_one_picture_takes_little_memory(pool: Pool) -> None:
    found, _ = await decode(
        pool, data.path("photos/lomiri-wallpapers-20.04__Kleiber_by_Lukas_Baubkus.jpg").read_bytes()
    )
    assert found.cost.peak_bytes < 150 << 20


async def test_the_blurhash_of_the_smallest_picture_is_its_colour(pool: Pool) -> None:
    found, _ = await decode(pool, plain(1, 1, [180, 80, 40]).pngsave_buffer())
    assert len(found.picture.blurhash) == 6, "one component"
