"""What the process that looks at a video says to its parent."""

from datetime import datetime
from typing import Annotated

import msgspec

from tintype.platform.imaging.messages import LENGTH_BYTES, Broken, Finished, Pixels, Refused, Rendition


class Video(msgspec.Struct, frozen=True, tag="video"):
    """What an upload is, before anything is made of it. Width and height are upright, in square pixels.

    `seconds` is what it says of itself; None where it says nothing, as recordings of browsers do.
    """

    format: Annotated[str, msgspec.Meta(max_length=8)]
    width: Pixels
    height: Pixels
    rate: Annotated[float, msgspec.Meta(gt=0, le=60)]
    seconds: Annotated[float, msgspec.Meta(gt=0)] | None
    has_sound: bool
    is_hdr: bool
    blurhash: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[!-~]+$")] = "0"
    camera: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    taken_at: datetime | None = None
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None


Message = Video | Rendition | Refused | Finished | Broken

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Message)


def frame(message: Message) -> bytes:
    """A message as it goes over the wire."""
    body = _encoder.encode(message)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def parse(body: bytes) -> Message:
    """A message that arrived. Raises msgspec.DecodeError (or its ValidationError) for anything else."""
    found: Message = _decoder.decode(body)
    return found
