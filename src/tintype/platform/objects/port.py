"""What the product needs of an object store, and which one is in use.

Keys are paths: `uploads/{media_id}` is what a person sent, untouched and private; `files/{media_id}/{name}` is what was
made of it. Uploads go from the client to the store directly, by a form that the store has signed. A store that does
not answer makes every call raise EngineDown.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from tintype.platform.errors import Conflict, Forbidden, Invalid


class Ticket(msgspec.Struct, frozen=True):
    """The right to upload one file: for which medium, of which type, of at most which size, until when."""

    media_id: int
    content_type: str
    size: int
    expires_at: datetime


class PartAddress(msgspec.Struct, frozen=True):
    """Where one part goes, by PUT."""

    number: int
    url: str


class Upload(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a client uploads.

    `POST`: a form with `fields` first and the part `file` last; `PUT`: with `headers`; `MULTIPART`: each of `parts` is
    put to its own address, in any order and again if need be. All are `part_size` long, the last as long as is left.
    """

    method: Literal["POST", "PUT", "MULTIPART"]
    url: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    part_size: int | None = None
    parts: list[PartAddress] = msgspec.field(default_factory=list)


class Part(msgspec.Struct, frozen=True):
    """A part that has arrived: its size, and the SHA-256 of its bytes in hexadecimal, where the store tells it."""

    number: int
    size: int
    sha256: str | None


class Stat(msgspec.Struct, frozen=True):
    """What is known of a stored object."""

    size: int


class Room(msgspec.Struct, frozen=True):
    """Bytes that are left, and that there are in all."""

    free: int
    total: int


class UploadRefused(Forbidden):
    code, message = "UPLOAD_REFUSED", "This upload form is not valid, or has run out. Ask for another."


class UploadExists(Conflict):
    code, message = "UPLOAD_EXISTS", "Another file was uploaded with this form already."


class PartWrong(Invalid):
    code, message = "PART_WRONG", "This part has not the size or the checksum that it should have. Send it again."


class PartsMissing(Conflict):
    code, message = "UPLOAD_MISSING", "The file has not arrived yet. Upload it first."


class Objects(Protocol):
    """An object store. What is written is there whole or not at all, and survives a crash."""

    async def put(self, files: Mapping[str, bytes]) -> None:
        """Store each under its key, in place of what was there. Raises StorageFull, and then none of them is new."""

    def open(self, key: str) -> AbstractAsyncContextManager[int]:
        """The object as a descriptor to read and seek in. Raises FileNotFoundError."""

    def iter_range(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The object's bytes from `start` up to `end`. Raises FileNotFoundError."""

    async def stat(self, key: str) -> Stat | None:
        """What is stored under the key, if anything."""

    async def delete(self, key: str) -> None:
        """Delete; that nothing was there is no error."""

    async def delete_prefix(self, prefix: str) -> None:
        """Delete everything below `prefix/`."""

    def sign_upload(self, ticket: Ticket) -> Upload:
        """The form with which a client uploads to `uploads/{media_id}`."""

    def verify(self, fields: Mapping[str, str], media_id: int) -> Ticket:
        """The ticket that a form's fields prove. Raises UploadRefused."""

    async def accept(self, ticket: Ticket, chunks: AsyncIterator[bytes]) -> int:
        """Store what arrives as the upload of this ticket, once, and return its size.

        Raises TooLarge beyond the ticket's size, StorageFull, and UploadExists where a file of another size is there.
        """

    async def settle(self, ticket: Ticket) -> Stat | None:
        """What has arrived as the whole upload of this ticket, which nobody can change from here on; None: nothing."""

    async def begin_parts(self, ticket: Ticket) -> str:
        """Open an upload in parts, and return what names it from here on."""

    def sign_parts(self, ticket: Ticket, upload_id: str) -> Upload:
        """The addresses to which a client puts the parts."""

    def verify_part(self, query: Mapping[str, str], media_id: int, number: int) -> Ticket:
        """The ticket that the address of a part proves. Raises UploadRefused."""

    async def accept_part(self, ticket: Ticket, number: int, sha256: str | None, chunks: AsyncIterator[bytes]) -> Part:
        """Store what arrives as this part, in place of what was there.

        Raises PartWrong where size or checksum differ from what they should be, and StorageFull.
        """

    async def parts(self, upload_id: str) -> list[Part]:
        """What has arrived, by number."""

    async def join(self, ticket: Ticket, upload_id: str) -> Stat:
        """Make the parts the upload of this ticket; done again, it changes nothing.

        Raises PartsMissing, StorageFull.
        """

    async def drop_parts(self, media_id: int, upload_id: str) -> None:
        """Forget an upload in parts; that there was none is no error."""

    async def sizes(self, prefix: str) -> dict[str, int]:
        """What is stored below `prefix/`: sizes by name."""

    def media(self) -> AsyncIterator[set[int]]:
        """The media of which uploads, parts through us or files are stored, some at a time; one may come again."""

    async def room(self) -> Room | None:
        """How much can be stored; None for a store without an end."""

    async def tidy(self, older_than: timedelta) -> None:
        """Take away what interrupted writes have left behind."""


PART_BYTES = 8 * 1024 * 1024
AREAS = UPLOADS, PARTS, FILES = "uploads", "parts", "files"


def part_length(ticket: Ticket, number: int) -> int:
    """How long this part of an upload is; 0 for one that there is not."""
    return max(0, min(PART_BYTES, ticket.size - (number - 1) * PART_BYTES)) if number >= 1 else 0


def part_count(ticket: Ticket) -> int:
    """How many parts an upload has."""
    return -(-ticket.size // PART_BYTES)


_store: Objects | None = None


def use(store: Objects) -> None:
    """The store of this process."""
    global _store
    _store = store


def store() -> Objects:
    """The store of this process. Raises RuntimeError before `use`."""
    if _store is None:
        raise RuntimeError("objects.port.use was not called")
    return _store


def upload_key(media_id: int) -> str:
    """Where the untouched upload is."""
    return f"{UPLOADS}/{media_id}"


def parts_prefix(media_id: int) -> str:
    """Where parts of an upload are that come through us, until they are joined."""
    return f"{PARTS}/{media_id}"


def file_key(media_id: int, name: str, render: int = 0) -> str:
    """Where a file made of it is; those of a later render lie beside those of the first."""
    return f"{FILES}/{media_id}/{render}/{name}" if render else f"{FILES}/{media_id}/{name}"


def files_prefix(media_id: int) -> str:
    """Where all files made of it are."""
    return f"{FILES}/{media_id}"
