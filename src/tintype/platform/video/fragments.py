"""Fragmented MP4 as an encoder writes it to a pipe, cut into the head and the segments of a stream.

The encoder has read untrusted bytes, so what it writes is measured and bounded here, and nothing in it is believed
beyond its own length.
"""

import struct
from collections.abc import Iterator

import msgspec

LARGEST_BOX = 64 * 1024 * 1024
_HEAD = struct.Struct(">I4s")


class Nonsense(Exception):
    """What came is no fragmented MP4."""


class Head(msgspec.Struct, frozen=True):
    """What a player reads first: the boxes before the first fragment, and the codec they declare."""

    data: bytes
    codecs: str


class Segment(msgspec.Struct, frozen=True):
    """One fragment, and how long it plays."""

    data: bytes
    seconds: float


class Splitter:
    """Takes bytes as they arrive, gives what is whole."""

    def __init__(self) -> None:
        self._left = bytearray()
        self._parts = bytearray()
        self._timescale = 0
        self._seconds = 0.0

    def feed(self, data: bytes) -> Iterator[Head | Segment]:
        """Raises Nonsense."""
        self._left += data
        while (box := self._box()) is not None:
            kind, whole = box
            if kind == b"moof" and not self._timescale:
                yield self._head()
            self._parts += whole
            if kind == b"moof":
                self._seconds = _length(whole) / self._timescale
            elif kind == b"mdat":
                if not self._timescale or self._seconds <= 0:
                    raise Nonsense("media before its description")
                yield Segment(bytes(self._parts), self._seconds)
                self._parts.clear()
                self._seconds = 0.0

    def _box(self) -> tuple[bytes, bytes] | None:
        if len(self._left) < 8:
            return None
        size, kind = _HEAD.unpack_from(self._left)
        if size < 8 or size > LARGEST_BOX:
            raise Nonsense(f"a box of {size} bytes")
        if len(self._left) < size:
            return None
        whole = bytes(self._left[:size])
        del self._left[:size]
        return kind, whole

    def _head(self) -> Head:
        data = bytes(self._parts)
        self._parts.clear()
        described = _within(data, b"moov", b"trak", b"mdia", b"mdhd")
        if len(described) < 20:
            raise Nonsense("no time scale")
        self._timescale = int.from_bytes(described[20:24] if described[0] else described[12:16], "big")
        if not self._timescale:
            raise Nonsense("no time scale")
        return Head(data, _codecs(data))


def _codecs(data: bytes) -> str:
    """As RFC 6381 writes it: H.264 with its profile and level, AAC-LC."""
    at = data.find(b"avcC")
    if at >= 0 and len(data) >= at + 8:
        return f"avc1.{data[at + 5 : at + 8].hex()}"
    if b"mp4a" in data:
        return "mp4a.40.2"
    raise Nonsense("no codec of ours")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = _HEAD.unpack_from(data, at)
        if size < 8 or at + size > len(data):
            raise Nonsense("boxes that do not fit")
        yield kind, data[at + 8 : at + size]
        at += size


def _within(data: bytes, *path: bytes) -> bytes:
    for wanted in path:
        data = next((body for kind, body in _boxes(data) if kind == wanted), b"")
    return data


def _length(moof: bytes) -> int:
    """The duration of a fragment's samples, in its time scale."""
    total, usual = 0, 0
    for kind, body in _boxes(_within(moof[8:], b"traf")):
        if kind == b"tfhd":
            usual = _usual(body)
        elif kind == b"trun":
            total += _samples(body, usual)
    return total


def _usual(tfhd: bytes) -> int:
    flags = int.from_bytes(tfhd[1:4], "big")
    at = 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    return int.from_bytes(tfhd[at : at + 4], "big") if flags & 8 else 0


def _samples(trun: bytes, usual: int) -> int:
    flags, count = int.from_bytes(trun[1:4], "big"), int.from_bytes(trun[4:8], "big")
    if not flags & 0x100:
        return count * usual
    at = 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
    step = 4 * (flags >> 8 & 0xF).bit_count()
    if at + count * step > len(trun):
        raise Nonsense("samples that do not fit")
    return sum(int.from_bytes(trun[at + n * step : at + n * step + 4], "big") for n in range(count))
