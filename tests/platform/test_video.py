"""Looking at videos and encoding them: rungs, rotation, odd sizes, unsteady rates, HDR, no sound, black beginnings."""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pyvips

from tests import clips
from tintype.platform.imaging.messages import Rendition
from tintype.platform.imaging.pool import DecoderFailed, PictureRefused
from tintype.platform.video import command, encoder, fragments, probe, streams
from tintype.platform.video.messages import Video

X264 = ("-c:v", "libx264", "-preset", "ultrafast")


@pytest.fixture(autouse=True)
def in_a_hurry() -> None:
    encoder.use(0)


@asynccontextmanager
async def opened(body: bytes) -> AsyncIterator[int]:
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        yield file.fileno()


async def looked(body: bytes) -> tuple[Video, list[Rendition]]:
    async with opened(body) as upload:
        return await encoder.look(upload)


async def encoded(body: bytes) -> tuple[Video, streams.Stream, dict[str, bytes]]:
    files: dict[str, bytes] = {}

    async def keep(name: str, data: bytes) -> None:
        files[name] = data

    async def progress() -> None:
        return None

    async with opened(body) as upload:
        video, _ = await encoder.look(upload)
        stream = command.planned(video, "0" * 8)
        await encoder.encode(upload, video, stream, keep, progress, 120)
    return video, stream, files


def colour(made: list[Rendition]) -> tuple[float, ...]:
    """The mean of the poster."""
    picture = pyvips.Image.new_from_buffer(next(one.data for one in made if one.name == "large.jpg"), "")
    return tuple(picture[band].avg() for band in range(3))


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((1920, 1080), [(426, 240), (640, 360), (854, 480), (1280, 720), (1920, 1080)]),
        ((1080, 1920), [(240, 426), (360, 640), (480, 854), (720, 1280), (1080, 1920)]),
        ((3840, 2160), [(426, 240), (640, 360), (854, 480), (1280, 720), (1920, 1080)]),
        ((960, 540), [(426, 240), (640, 360), (854, 480)]),
        ((101, 77), [(100, 76)]),
        ((1, 1), [(2, 2)]),
        ((8000, 240), [(4096, 122)]),
    ],
)
def test_which_rungs_a_source_allows(size: tuple[int, int], sizes: list[tuple[int, int]]) -> None:
    assert [(one.width, one.height) for one in command.rungs(*size)] == sizes


async def test_what_is_turned_comes_upright_and_without_sound_there_is_none() -> None:
    flat = clips.made(["-f", "lavfi", "-i", "testsrc2=s=320x240:r=10:d=1", *X264])
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(flat)
        file.flush()
        turned = clips.made(["-display_rotation", "90", "-i", file.name, "-c", "copy"])
    video, stream, files = await encoded(turned)
    assert (video.width, video.height, video.has_sound) == (240, 320, False)
    assert [(one.name, one.width, one.height) for one in stream.tracks] == [("240", 240, 320)]
    assert set(files) == {"00000000-240.mp4", "00000000-240-0.m4s"} == set(stream.files())
    assert stream.bytes == sum(map(len, files.values()))


async def test_odd_sizes_and_pixels_that_are_not_square() -> None:
    shape = ("-vf", "format=yuv444p,scale=161:121,setsar=2/1", *X264)
    odd, _ = await looked(clips.clip(*shape))
    assert (odd.width, odd.height) == (322, 121)
    _, stream, _ = await encoded(clips.clip("-vf", "format=yuv444p,scale=161:121", *X264, seconds=1))
    assert [(one.width, one.height) for one in stream.rungs] == [(160, 120)]


async def test_segments_are_two_seconds_long_also_where_pictures_come_unsteadily() -> None:
    unsteady = clips.clip("-vf", "select='lt(mod(n,25),5)'", "-fps_mode", "vfr", *X264, seconds=6, rate=25)
    _, stream, _ = await encoded(unsteady)
    (rung,) = stream.rungs
    assert len(rung.seconds) == 3
    assert all(one == pytest.approx(2, abs=0.1) for one in rung.seconds[:-1])
    assert streams.playlist(stream, rung, "", ended=True).count("#EXTINF") == 3


async def test_what_is_very_short_stands_still_at_its_end() -> None:
    video, stream, _ = await encoded(clips.clip(seconds=0.2))
    assert video.seconds == pytest.approx(0.2, abs=0.15)
    assert [track.length for track in stream.tracks] == [pytest.approx(1, abs=0.06)] * 2


async def test_webm_of_a_browser_does_not_say_how_long_it_is() -> None:
    live = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-live", "1")
    video, stream, _ = await encoded(clips.clip(*live, form="webm"))
    assert (video.format, video.seconds) == ("WEBM", None)
    assert stream.length == pytest.approx(2, abs=0.2)


async def test_hdr_is_shown_as_ordinary_range() -> None:
    marked = "format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
    hdr = ["-vf", marked, "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1"]
    video, stream, files = await encoded(clips.clip(*hdr, seconds=1))
    assert video.is_hdr
    head = files[streams.init_name(stream, stream.rungs[0])]
    at = head.index(b"colrnclx") + 8
    assert [int.from_bytes(head[at + n : at + n + 2], "big") for n in (0, 2, 4)] == [1, 1, 1], "BT.709 throughout"


async def test_the_poster_is_the_first_picture_that_is_not_black() -> None:
    sources = [
        "-f",
        "lavfi",
        "-i",
        "color=black:s=320x240:r=10:d=1",
        "-f",
        "lavfi",
        "-i",
        "color=red:s=320x240:r=10:d=1",
    ]
    late = clips.made([*sources, "-filter_complex", "[0][1]concat=n=2:v=1:a=0", *X264])
    video, made = await looked(late)
    red, green, blue = colour(made)
    assert red > 200 > 60 > max(green, blue)
    assert video.seconds == pytest.approx(2, abs=0.1)
    _, made = await looked(clips.made([*sources[:4], *X264]))
    assert max(colour(made)) < 8, "of what is black throughout, the first"
    assert {one.name for one in made} == {
        f"{size}.{form}" for size in ("large", "medium", "small", "thumb") for form in ("jpg", "webp")
    }


async def test_what_the_confined_processes_may_not() -> None:
    async with opened(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n") as upload:
        with pytest.raises(PictureRefused, match="NOT_A_VIDEO"):
            await encoder.look(upload)
    too_slow = encoder.LOOK_SECONDS
    try:
        encoder.LOOK_SECONDS = 0
        async with opened(clips.clip()) as upload:
            with pytest.raises((DecoderFailed, PictureRefused)):
                await encoder.look(upload)
    finally:
        encoder.LOOK_SECONDS = too_slow


async def test_an_encoder_that_takes_too_long_is_refused() -> None:
    async def keep(_: str, data: bytes) -> None:
        await asyncio.sleep(60)

    async def progress() -> None:
        return None

    async with opened(clips.clip()) as upload:
        video, _ = await encoder.look(upload)
        with pytest.raises(PictureRefused, match="VIDEO_TOO_COMPLEX"):
            await encoder.encode(upload, video, command.planned(video, "0" * 8), keep, progress, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\x04moov",
        b"\x7f\xff\xff\xffmdat",
        b"\0\0\0\x08moof",
        b"\0\0\0\x10moov\0\0\0\x20trak" + b"\0\0\0\x08moof",
        random.Random(7).randbytes(64),
    ],
)
def test_what_is_no_fragmented_mp4(data: bytes) -> None:
    with pytest.raises(fragments.Nonsense):
        list(fragments.Splitter().feed(data + b"\0" * 64))


@pytest.mark.parametrize(
    ("head", "code"),
    [(b"", "DAMAGED_VIDEO"), (b"RIFF\0\0\0\0AVI ", "UNSUPPORTED_VIDEO"), (b"GIF89a", "NOT_A_VIDEO")],
)
def test_containers_by_content(head: bytes, code: str) -> None:
    with pytest.raises(probe.Unusable) as refused:
        probe.sniff(head)
    assert refused.value.code == code
