"""The picture pipeline, run inside the decoder process only: header, one decode, cascade, encodings."""

import os
import subprocess
from collections.abc import Iterator

import pyvips
from blurhash_rs import encode_rgb  # type: ignore[attr-defined]

from tintype.platform.imaging import exif
from tintype.platform.imaging.edits import NO_EDIT
from tintype.platform.imaging.messages import AVATARS, SIZES, Extension, Message, Order, Picture, Rendition, Size
from tintype.platform.imaging.recipes import Recipe, recipe
from tintype.platform.imaging.shaping import Shape, shape, shaped
from tintype.platform.imaging.toning import toned

PIXELS_MOST = 100_000_000
BYTES_MOST = 32 * 1024 * 1024
LOADERS = {"JPEG": "Jpeg", "PNG": "Png", "WEBP": "Webp", "GIF": "Nsgif", "AVIF": "Heif", "HEIC": "Heif"}
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2"

pyvips.operation_block_set("VipsForeignLoad", True)
for _name in set(LOADERS.values()):
    pyvips.operation_block_set(f"VipsForeignLoad{_name}", False)
pyvips.cache_set_max(0)


class Unusable(Exception):
    """The upload cannot become a picture; `code` is told to its owner."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def work(upload: int, order: Order, ffmpeg: str, seconds: int) -> Iterator[Message]:
    """First what the picture is, then the renditions that were ordered, largest first."""
    size = os.fstat(upload).st_size
    if size > BYTES_MOST:
        raise Unusable("TOO_LARGE")
    data = os.pread(upload, size, 0)
    form = sniff(data)
    try:
        header = pyvips.Image.new_from_buffer(data, "", access="sequential")
        if header.width * header.height > PIXELS_MOST:
            raise Unusable("TOO_MANY_PIXELS")
        wanted = shape(*_upright(form, header), order.edit, square=order.plan == "avatar")
        largest = AVATARS["640"] if order.plan == "avatar" else SIZES["large"]
        shown: bytes | pyvips.Image = data
        if form == "HEIC":
            shown = _with_ffmpeg(upload, header, max(wanted.load_side(largest), SIZES["large"]), ffmpeg, seconds)
        if order.plan == "avatar":
            pictures = _squares(shown, wanted, recipe(order.edit))
        elif order.edit == NO_EDIT:
            pictures = _cascade(shown)
        else:
            pictures = _edited_cascade(shown, wanted, recipe(order.edit))
    except pyvips.Error as error:
        raise _reason(error) from error
    yield _picture(form, header, wanted, pictures["320" if order.plan == "avatar" else "small"])
    yield from _renditions(pictures, may_be_avif=order.plan == "post")


def sniff(data: bytes) -> str:
    """The format by content. Raises Unusable for what is none of ours."""
    head = data[:32]
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[4:8] == b"ftyp":
        brands = data[8 : min(int.from_bytes(head[:4], "big"), 512)]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        if any(brand in brands for brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")):
            return "HEIC"
    raise Unusable("NOT_A_PICTURE" if head else "DAMAGED")


def _reason(error: pyvips.Error) -> Exception:
    """Memory that ran out is a failure of this process, and says nothing about the file."""
    return error if "out of memory" in str(error) else Unusable("DAMAGED")


def _cascade(source: bytes | pyvips.Image) -> dict[Size, pyvips.Image]:
    """One decode that shrinks while it loads, then each size from the one above."""
    large = _fit(source, SIZES["large"])
    medium = _smaller(large, SIZES["medium"])
    small = _smaller(medium, SIZES["small"])
    return {"large": large, "medium": medium, "small": small, "thumb": _square(source, (small, medium, large))}


def _edited_cascade(source: bytes | pyvips.Image, wanted: Shape, look: Recipe) -> dict[Size, pyvips.Image]:
    """The same of an edited picture: shaped while it is large, then toned, and each size from the one above."""
    large = toned(shaped(_loaded(source, wanted.load_side(SIZES["large"])), wanted, SIZES["large"]), look)
    medium = _smaller(large, SIZES["medium"])
    small = _smaller(medium, SIZES["small"])
    base = large
    if min(large.width, large.height) < min(SIZES["thumb"], *wanted.size):  # a long panorama
        longer, shorter = max(wanted.size), min(wanted.size)
        side = -(-SIZES["thumb"] * longer // shorter)
        base = toned(shaped(_loaded(source, wanted.load_side(side)), wanted, side), look)
    return {"large": large, "medium": medium, "small": small, "thumb": _centre(base, SIZES["thumb"])}


def _squares(source: bytes | pyvips.Image, wanted: Shape, look: Recipe) -> dict[Size, pyvips.Image]:
    """An avatar's sizes."""
    side = AVATARS["640"]
    pictures: dict[Size, pyvips.Image] = {
        "640": toned(shaped(_loaded(source, wanted.load_side(side)), wanted, side), look)
    }
    pictures["320"] = _smaller(pictures["640"], AVATARS["320"])
    pictures["150"] = _smaller(pictures["320"], AVATARS["150"])
    return pictures


def _fit(source: bytes | pyvips.Image, side: int, crop: str = "none") -> pyvips.Image:
    """At most `side` on both sides, upright, in sRGB without alpha, in memory."""
    return _loaded(source, side, crop).copy_memory()  # what a loader gives is sequential: it can be read only once


def _loaded(source: bytes | pyvips.Image, side: int, crop: str = "none") -> pyvips.Image:
    """The same, not in memory yet."""
    if isinstance(source, bytes):
        # `fail_on` as an argument is ignored for buffers (libvips #5195).
        shrunk = pyvips.Image.thumbnail_buffer(
            source, side, height=side, size="down", crop=crop, option_string="[fail_on=truncated]"
        )
    else:
        shrunk = source.thumbnail_image(side, height=side, size="down", crop=crop, no_rotate=True)
    coloured = _in_srgb(shrunk)
    if coloured.hasalpha():
        coloured = coloured.flatten(background=255)
    return coloured.cast("uchar")


def _in_srgb(picture: pyvips.Image) -> pyvips.Image:
    """Through the embedded profile where there is one; asking for a transform without one costs 80 ms."""
    if picture.get_typeof("icc-profile-data"):
        try:
            return picture.icc_transform("srgb", embedded=True)
        except pyvips.Error:  # a profile that makes no sense: shown as if there were none
            picture = picture.copy()
            picture.remove("icc-profile-data")
    return picture.colourspace("srgb")


def _smaller(picture: pyvips.Image, side: int) -> pyvips.Image:
    if max(picture.width, picture.height) <= side:
        return picture
    return picture.thumbnail_image(side, height=side, size="down", no_rotate=True).copy_memory()


def _square(source: bytes | pyvips.Image, candidates: tuple[pyvips.Image, ...]) -> pyvips.Image:
    """The centre, 150 pixels a side, or as many as there are. A long panorama is decoded again for it."""
    side = SIZES["thumb"]
    wide = [one for one in candidates if min(one.width, one.height) >= side]
    whole = candidates[-1] if max(candidates[-1].width, candidates[-1].height) < SIZES["large"] else None
    base = wide[0] if wide else whole or _fit(source, side, crop="centre")
    return _centre(base, side)


def _centre(base: pyvips.Image, side: int) -> pyvips.Image:
    edge = min(base.width, base.height)
    centre = base.crop((base.width - edge) // 2, (base.height - edge) // 2, edge, edge)
    return centre.thumbnail_image(side, height=side, size="down", no_rotate=True).copy_memory()


def _upright(form: str, header: pyvips.Image) -> tuple[int, int]:
    lies = header.get("orientation") >= 5 if header.get_typeof("orientation") and form != "HEIC" else False
    return (header.height, header.width) if lies else (header.width, header.height)


def _picture(form: str, header: pyvips.Image, wanted: Shape, small: pyvips.Image) -> Picture:
    fields = {name: str(header.get(name)) for name in header.get_fields() if name.startswith("exif-ifd")}
    tiny = _smaller(small, 32)
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    across, down = min(across, tiny.width), min(down, tiny.height)  # more waves than pixels would be noise
    where = exif.place(fields)
    return Picture(
        format=form,
        width=wanted.size[0],
        height=wanted.size[1],
        source_width=wanted.width,
        source_height=wanted.height,
        blurhash=encode_rgb(bytes(tiny.write_to_memory()), tiny.width, tiny.height, across, down),
        camera=exif.camera(fields),
        taken_at=exif.taken_at(fields),
        latitude=where[0] if where else None,
        longitude=where[1] if where else None,
    )


def _renditions(pictures: dict[Size, pyvips.Image], *, may_be_avif: bool) -> Iterator[Rendition]:
    with_avif = False
    for size, picture in pictures.items():
        webp = picture.webpsave_buffer(Q=80, effort=2, keep="none")
        yield _rendition(size, "jpg", picture, picture.jpegsave_buffer(Q=80, keep="none"))
        yield _rendition(size, "webp", picture, webp)
        if size == "large" and may_be_avif:
            with_avif = avif_pays(len(webp), picture.width * picture.height)
        if with_avif:
            avif = picture.heifsave_buffer(compression="av1", Q=65, effort=0, keep="none")
            yield _rendition(size, "avif", picture, avif)


def avif_pays(webp: int, pixels: int) -> bool:
    """Whether a picture gets AVIF files: where its large WebP takes at least one bit a pixel.

    Of 43 shared photos, the 17 above that line are 11 to 25 % smaller as AVIF of the same likeness (SSIM 0.972, that
    of the JPEG), and none of the 26 below by more than 9 %. All four sizes take 54 CPU ms; effort 1 takes three times
    as long and saves 5 % more.
    """
    return webp * 8 >= pixels


def _rendition(size: Size, extension: Extension, picture: pyvips.Image, data: bytes) -> Rendition:
    return Rendition(size, extension, picture.width, picture.height, data)


def _with_ffmpeg(upload: int, header: pyvips.Image, side: int, ffmpeg: str, seconds: int) -> pyvips.Image:
    """HEVC pictures: FFmpeg joins the tiles, turns them upright and scales; libvips has read the header."""
    longer, shorter = max(header.width, header.height), min(header.width, header.height)
    scale = min(1.0, max(side / longer, SIZES["thumb"] / shorter))
    width, height = max(1, round(header.width * scale)), max(1, round(header.height * scale))
    arguments = ["-v", "quiet", "-nostdin", "-threads", "1", "-protocol_whitelist", "fd"]
    arguments += ["-format_whitelist", CONTAINERS, "-max_pixels", str(PIXELS_MOST), "-f", "mov"]
    arguments += ["-fd", str(upload), "-i", "fd:", "-frames:v", "1", "-s", f"{width}x{height}"]
    arguments += ["-c:v", "rawvideo", "-pix_fmt", "rgb24", "-f", "rawvideo", "pipe:1"]
    found = subprocess.run(
        [ffmpeg, *arguments], pass_fds=[upload], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, timeout=seconds * 0.75, check=False,
    )  # fmt: skip
    if found.returncode != 0 or len(found.stdout) != width * height * 3:
        raise Unusable("UNREADABLE_HEIC")
    picture = pyvips.Image.new_from_memory(found.stdout, width, height, 3, "uchar").copy(interpretation="srgb")
    if header.get_typeof("icc-profile-data"):
        picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", header.get("icc-profile-data"))
    return picture
