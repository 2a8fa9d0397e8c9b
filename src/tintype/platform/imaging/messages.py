"""What the decoder process and its pool say to each other: frames of MessagePack, each with its length before it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from tintype.platform.imaging.edits import NO_EDIT, Edit, Plan

LARGEST_FRAME = 32 * 1024 * 1024
LENGTH_BYTES = 4

Size = Literal["large", "medium", "small", "thumb", "640", "320", "150"]
Extension = Literal["jpg", "webp", "avif"]

SIZES: dict[Size, int] = {"large": 1080, "medium": 640, "small": 320, "thumb": 150}
AVATARS: dict[Size, int] = {"640": 640, "320": 320, "150": 150}
EXTENSIONS: dict[Extension, str] = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}

Pixels = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class Order(msgspec.Struct, frozen=True):
    """What is to be made of an upload."""

    plan: Plan = "post"
    edit: Edit = NO_EDIT


PLAIN_ORDER = Order()


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """What an upload is, known once it is decoded and before any rendition is made.

    Width and height are those of what its edit leaves of it; those of the source are upright.
    """

    format: Annotated[str, msgspec.Meta(max_length=8)]
    width: Pixels
    height: Pixels
    source_width: Pixels
    source_height: Pixels
    blurhash: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[!-~]+$")]
    camera: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    taken_at: datetime | None = None
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None


class Rendition(msgspec.Struct, frozen=True, tag="rendition"):
    """One file to serve."""

    size: Size
    extension: Extension
    width: Pixels
    height: Pixels
    data: bytes

    @property
    def name(self) -> str:
        return f"{self.size}.{self.extension}"


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The upload is no usable picture; the code says why."""

    code: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[A-Z_]+$")]


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The last frame of a job: what it cost the decoder (and its FFmpeg)."""

    cpu_seconds: float
    peak_bytes: int


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """The decoder itself failed, and ends."""

    error: str


Message = Picture | Rendition | Refused | Finished | Broken

_orders = msgspec.msgpack.Decoder(Order)
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Message)


def frame(message: Message | Order) -> bytes:
    """A message as it goes over the wire."""
    body = _encoder.encode(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def parse(body: bytes) -> Message:
    """A message that arrived. Raises msgspec.DecodeError (or its ValidationError) for anything else."""
    found: Message = _decoder.decode(body)
    return found


def parse_order(body: bytes) -> Order:
    """An order that arrived at the decoder."""
    return _orders.decode(body)
