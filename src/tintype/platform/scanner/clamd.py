"""ClamAV's daemon, by its INSTREAM command: `<length><bytes>` again and again, a length of 0, one line back.

clamd(8) documents the protocol.
"""

import asyncio
import os
from contextlib import suppress
from urllib.parse import urlsplit

from tintype.platform.guard import Guard
from tintype.platform.scanner.port import NotScannable

ENGINE, PORT = "clamav", 3310
SECONDS = 120.0  # for the largest upload, a video of 250 MB
PING_SECONDS = 5.0
PING_SECONDS = 5.0
CHUNK_BYTES = 256 * 1024
ANSWER_BYTES = 4096


class ScanFailed(Exception):
    """clamd answered something else than what it found."""


class Clamd:
    """A clamd at `tcp://host:port` or `unix:///path/of/its/socket`."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        self._where = urlsplit(url)
        self._guard = Guard(ENGINE, seconds, quiet=(NotScannable,), probe=self._ping)

    async def scan(self, descriptor: int) -> str | None:
        async with self._guard.call():
            reader, writer = await self._connected()
            try:
                answer = await _asked(reader, writer, descriptor)
            finally:
                writer.close()
            return _found(answer)

    async def answers(self) -> None:
        """Raises EngineDown where it does not."""
        async with self._guard.call(PING_SECONDS):
            reader, writer = await self._connected()
            try:
                writer.write(b"zPING\0")
                answer = await reader.read(ANSWER_BYTES)
            finally:
                writer.close()
            if answer.rstrip(b"\0\n") != b"PONG":
                raise ScanFailed(f"clamd says: {answer[:80]!r}")

    async def _ping(self) -> None:
        async with self._guard.call(PING_SECONDS):
            reader, writer = await self._connected()
            try:
                writer.write(b"zPING\0")
                if await reader.read(ANSWER_BYTES) != b"PONG\0":
                    raise ScanFailed("clamd does not answer PING")
            finally:
                writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._where.scheme == "unix":
            return await asyncio.open_unix_connection(self._where.path)
        return await asyncio.open_connection(self._where.hostname, self._where.port or PORT)


async def _asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, descriptor: int) -> bytes:
    """clamd's answer: of a file that is too large it comes before the end, and then clamd hangs up."""
    answering = asyncio.create_task(reader.read(ANSWER_BYTES))
    try:
        with suppress(ConnectionError):
            await _send(writer, descriptor, answering)
        return await answering
    finally:
        answering.cancel()


async def _send(writer: asyncio.StreamWriter, descriptor: int, answering: asyncio.Task[bytes]) -> None:
    at = 0
    writer.write(b"zINSTREAM\0")
    while chunk := await asyncio.to_thread(os.pread, descriptor, CHUNK_BYTES, at):
        at += len(chunk)
        writer.write(len(chunk).to_bytes(4, "big") + chunk)
        await writer.drain()
        if answering.done():
            return
    writer.write(bytes(4))
    await writer.drain()


def _found(answer: bytes) -> str | None:
    text = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if text == "stream: OK":
        return None
    if text.endswith(" FOUND"):
        return text.removeprefix("stream: ").removesuffix(" FOUND")
    if "size limit exceeded" in text:
        raise NotScannable(f"clamd says: {text}; raise its StreamMaxLength")
    raise ScanFailed(f"clamd says: {text!r}")
