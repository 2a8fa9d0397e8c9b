"""The parent's side of video: looking at one, and the encoder run, each in a confined process of its own.

`await look(upload, …)` gives what a video is and its poster. `await encode(upload, …)` hands over every file of the
stream as it is written. A process that dies, hangs or writes nonsense costs this one call.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import imageio_ffmpeg
import msgspec

from tintype.platform.imaging import messages as frames
from tintype.platform.imaging.messages import Broken, Finished, Refused, Rendition
from tintype.platform.imaging.pool import DecoderFailed, PictureRefused, environment
from tintype.platform.telemetry import MEDIA_TIME, log
from tintype.platform.together import task_group
from tintype.platform.video import fragments, messages
from tintype.platform.video.command import LONGEST_SECONDS, encoding
from tintype.platform.video.messages import Video
from tintype.platform.video.streams import Stream, Track, init_name, segment_name

LOOK_SECONDS = 60
PIPE_BYTES = 256 * 1024
FRAMES_MOST = 16
COMPLAINTS_MOST = 4_000
LOOK, CONFINED = "tintype.platform.video.look", "tintype.platform.video.confined"

Store = Callable[[str, bytes], Awaitable[None]]
Progress = Callable[[], Awaitable[None]]


_niceness = 19


def use(niceness: int) -> None:
    """How far video stands behind whatever else there is to do; pictures are decoded at 10."""
    global _niceness
    _niceness = niceness


async def look(upload: int) -> tuple[Video, list[Rendition]]:
    """What this video is, and its poster. Raises PictureRefused, DecoderFailed."""
    began = time.perf_counter()
    arguments = ["-m", LOOK, imageio_ffmpeg.get_ffmpeg_exe(), str(LOOK_SECONDS), str(_niceness), str(upload)]
    async with _child(arguments, [upload], talks=True) as process:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await _collect(process.stdout)
        except TimeoutError as error:
            raise DecoderFailed(f"looking at a video took more than {LOOK_SECONDS} s") from error
        except asyncio.IncompleteReadError as error:
            raise DecoderFailed("the process that looks ended before it was done") from error
        except msgspec.DecodeError as error:
            raise DecoderFailed(f"the process that looks answered nonsense: {error}") from error
    MEDIA_TIME.labels("poster").observe(time.perf_counter() - began)
    return found


async def _collect(reader: asyncio.StreamReader) -> tuple[Video, list[Rendition]]:
    video: Video | None = None
    made: list[Rendition] = []
    refused: str | None = None
    for _ in range(FRAMES_MOST):
        length = int.from_bytes(await reader.readexactly(frames.LENGTH_BYTES), "big")
        if length > frames.LARGEST_FRAME:
            raise DecoderFailed("the process that looks answered too much")
        match messages.parse(await reader.readexactly(length)):
            case Video() as video:
                pass
            case Rendition() as one:
                made.append(one)
            case Refused(code):
                refused = code
            case Broken(error):
                raise DecoderFailed(error)
            case Finished() if refused is not None:
                raise PictureRefused(refused)
            case Finished() if video is not None and made:
                return video, made
            case other:
                raise DecoderFailed(f"out of turn: {type(other).__name__}")
    raise DecoderFailed("the process that looks would not come to an end")


async def encode(upload: int, video: Video, stream: Stream, store: Store, progress: Progress, timeout: int) -> None:
    """Fill this stream: each file is handed to `store` when it is whole, then `progress` is awaited.

    Raises PictureRefused for what cannot be encoded, DecoderFailed where the encoder did not finish.
    """
    began = time.perf_counter()
    os.lseek(upload, 0, os.SEEK_SET)
    ends = [os.pipe() for _ in stream.tracks]
    read, write = [one for one, _ in ends], [one for _, one in ends]
    try:
        arguments = encoding(video, stream, upload, write)
        arguments = ["-m", CONFINED, str(timeout * 2), str(_niceness), imageio_ffmpeg.get_ffmpeg_exe(), *arguments]
        async with _child(arguments, [upload, *write], talks=False) as process:
            while write:
                os.close(write.pop())
            try:
                async with asyncio.timeout(timeout):
                    code, complaints = await _run(process, stream, read, store, progress)
            except TimeoutError as error:
                raise PictureRefused("VIDEO_TOO_COMPLEX") from error
            except fragments.Nonsense as error:
                raise DecoderFailed(f"the encoder wrote nonsense: {error}") from error
    finally:
        for one in [*read, *write]:
            os.close(one)
    if code < 0:
        if code in (-signal.SIGXCPU, -signal.SIGKILL) and time.perf_counter() - began > timeout:
            raise PictureRefused("VIDEO_TOO_COMPLEX")
        raise DecoderFailed(f"the encoder ended by signal {-code}")
    _check(video, stream, code, complaints)
    MEDIA_TIME.labels("encode").observe(time.perf_counter() - began)


def _check(video: Video, stream: Stream, code: int, complaints: str) -> None:
    """Something has to be there, and most of what the source promised."""
    if code or not all(one.seconds for one in stream.rungs):
        log.info("video.refused", code=code, said=complaints[-500:])
        raise PictureRefused("DAMAGED_VIDEO")
    stream.tracks = [one for one in stream.tracks if one.seconds]
    promised = min(video.seconds or 0.0, LONGEST_SECONDS)
    if stream.length < promised * 0.9 - 2:
        raise PictureRefused("DAMAGED_VIDEO")


async def _run(
    process: asyncio.subprocess.Process, stream: Stream, read: list[int], store: Store, progress: Progress
) -> tuple[int, str]:
    assert process.stderr is not None
    async with task_group() as tasks:
        complaining = tasks.create_task(_complaints(process.stderr))
        for track in stream.tracks:
            tasks.create_task(_receive(stream, track, read.pop(0), store, progress))
    return await process.wait(), complaining.result()


async def _complaints(reader: asyncio.StreamReader) -> str:
    """What FFmpeg says, the end of it; all is read, so that it never waits for us."""
    kept = b""
    while said := await reader.read(COMPLAINTS_MOST):
        kept = (kept + said)[-COMPLAINTS_MOST:]
    return kept.decode("utf-8", "replace")


async def _receive(stream: Stream, track: Track, descriptor: int, store: Store, progress: Progress) -> None:
    reader = asyncio.StreamReader(limit=PIPE_BYTES)
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    try:
        splitter = fragments.Splitter()
        while data := await reader.read(PIPE_BYTES):
            for one in splitter.feed(data):
                if isinstance(one, fragments.Head):
                    await store(init_name(stream, track), one.data)
                    track.codecs = one.codecs
                else:
                    await store(segment_name(stream, track, len(track.seconds)), one.data)
                    track.seconds.append(round(one.seconds, 6))
                track.bytes += len(one.data)
                await progress()
    finally:
        transport.close()


@asynccontextmanager
async def _child(
    arguments: Sequence[str], descriptors: Sequence[int], *, talks: bool
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of ours that is killed, with everything it started, when the block ends.

    One that `talks` does so on standard output; of another, what it complains of is heard.
    """
    piped, silent = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-s", *arguments,
        stdin=silent, stdout=piped if talks else silent, stderr=silent if talks else piped,
        pass_fds=list(descriptors), start_new_session=True, cwd="/", env=environment(), limit=frames.LARGEST_FRAME,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())
