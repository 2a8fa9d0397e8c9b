"""The parent's side of decoding: a bounded number of decoder processes, kept, recycled, and killed when they misbehave.

`await pool.decode(descriptor, seen, order)` gives the upload to one child and returns the renditions. `seen` is
awaited with what the picture is before the renditions are made. A child that dies, hangs or answers nonsense costs
this one call.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import imageio_ffmpeg
import msgspec

import tintype
from tintype.platform.imaging import messages
from tintype.platform.imaging.messages import PLAIN_ORDER, Broken, Finished, Message, Order, Picture, Refused, Rendition
from tintype.platform.telemetry import MEDIA_TIME, log

RECYCLE_AFTER = 200
FRAMES_MOST = 16
COORDINATE_MOST = 100_000
DECODER = "tintype.platform.imaging.decoder"

Seen = Callable[[Picture], Awaitable[None]]


class PictureRefused(Exception):
    """The upload is no usable picture; trying again would not help."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DecoderFailed(Exception):
    """The decoder died, hung or broke on this upload; another try may do."""


class Decoded(msgspec.Struct, frozen=True):
    """What became of an upload, and what that cost."""

    picture: Picture
    renditions: list[Rendition]
    cost: Finished


class Pool:
    """At most `size` decoders at once, each given `timeout` seconds a picture."""

    def __init__(self, *, size: int, timeout: int, recycle_after: int = RECYCLE_AFTER) -> None:
        self._slots = asyncio.Semaphore(size)
        self._timeout = timeout
        self._recycle_after = recycle_after
        self._idle: list[_Child] = []
        self._children: set[_Child] = set()

    async def __aenter__(self) -> "Pool":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def pids(self) -> list[int]:
        """The decoder processes that there are now."""
        return sorted(child.process.pid for child in self._children)

    async def close(self) -> None:
        """End every child, also those at work."""
        self._idle.clear()
        for child in list(self._children):
            await self._end(child)

    async def warm(self) -> None:
        """Start one child ahead of the first upload."""
        async with self._slots:
            self._idle.append(await self._start())

    async def decode(self, upload: int, seen: Seen, order: Order = PLAIN_ORDER) -> Decoded:
        """Raises PictureRefused for what is no picture, DecoderFailed where the decoder did not finish."""
        queued = time.perf_counter()
        async with self._slots:
            began = time.perf_counter()
            MEDIA_TIME.labels("queue").observe(began - queued)
            child = await self._child()
            try:
                decoded = await child.decode(upload, seen, order)
            except PictureRefused:
                await self._keep(child)
                raise
            except BaseException:
                await self._end(child)
                raise
            await self._keep(child)
            MEDIA_TIME.labels("decode").observe(time.perf_counter() - began)
            return decoded

    async def _child(self) -> "_Child":
        while self._idle:
            child = self._idle.pop()
            if child.is_alive:
                return child
            await self._end(child)
        return await self._start()

    async def _keep(self, child: "_Child") -> None:
        if child.jobs < self._recycle_after and child.is_alive:
            self._idle.append(child)
        else:
            await self._end(child)

    async def _start(self) -> "_Child":
        child = await _Child.start(self._timeout)
        self._children.add(child)
        return child

    async def _end(self, child: "_Child") -> None:
        self._children.discard(child)
        await child.end()


class _Child:
    """One decoder process and the socket to it."""

    def __init__(self, process: asyncio.subprocess.Process, ours: socket.socket, timeout: int) -> None:
        self.process, self.jobs = process, 0
        self._socket, self._timeout, self._left = ours, timeout, float(timeout)
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    @classmethod
    async def start(cls, timeout: int) -> "_Child":
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-s", "-m", DECODER, imageio_ffmpeg.get_ffmpeg_exe(), str(timeout),
                stdin=theirs.fileno(), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True, cwd="/", env=environment(),
            )  # fmt: skip
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        child = cls(process, ours, timeout)
        child._reader, child._writer = await asyncio.open_unix_connection(sock=ours.dup(), limit=messages.LARGEST_FRAME)
        return child

    @property
    def is_alive(self) -> bool:
        return self.process.returncode is None and not self._reader.at_eof()

    async def decode(self, upload: int, seen: Seen, order: Order) -> Decoded:
        self.jobs += 1
        self._left = float(self._timeout)
        try:
            socket.send_fds(self._socket, [b"j"], [upload])
            self._writer.write(messages.frame(order))
            return await self._collect(seen)
        except TimeoutError as error:
            raise DecoderFailed(f"the decoder took more than {self._timeout} s") from error
        except (asyncio.IncompleteReadError, OSError) as error:
            raise DecoderFailed("the decoder ended before it was done") from error
        except msgspec.DecodeError as error:
            raise DecoderFailed(f"the decoder answered nonsense: {error}") from error

    async def _collect(self, seen: Seen) -> Decoded:
        picture: Picture | None = None
        renditions: list[Rendition] = []
        refused: str | None = None
        for _ in range(FRAMES_MOST):
            match await self._receive():
                case Picture() as picture:
                    await seen(picture)
                case Rendition() as made:
                    renditions.append(made)
                case Refused(code):
                    refused = code
                case Broken(error):
                    raise DecoderFailed(error)
                case Finished() as cost if refused is not None:
                    raise PictureRefused(refused)
                case Finished() as cost if picture is not None and renditions:
                    return Decoded(picture, renditions, cost)
                case other:
                    raise DecoderFailed(f"out of turn: {type(other).__name__}")
        raise DecoderFailed("the decoder would not come to an end")

    async def _receive(self) -> Message:
        """The next message; only time spent waiting for the child counts against it."""
        began = time.monotonic()
        async with asyncio.timeout(max(self._left, 0)):
            length = int.from_bytes(await self._reader.readexactly(messages.LENGTH_BYTES), "big")
            if length > messages.LARGEST_FRAME:
                raise DecoderFailed("the decoder answered too much")
            body = await self._reader.readexactly(length)
        self._left -= time.monotonic() - began
        return messages.parse(body)

    async def end(self) -> None:
        """Kill it with everything it started, and reap it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self._writer.close()
        self._socket.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        code = await self.process.wait()
        log.debug("decoder.ended", jobs=self.jobs, code=code)


def environment() -> dict[str, str]:
    """What a process gets that reads untrusted bytes. Nothing of the parent's: settings hold secrets."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(tintype.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/nonexistent",
        "MALLOC_ARENA_MAX": "1",  # halves the peak (239 to 113 MB over the shared photos) at the same CPU time
        "VIPS_CONCURRENCY": "1",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_MAX_COORD": str(COORDINATE_MOST),
        "VIPS_WARNING": "0",
    }
