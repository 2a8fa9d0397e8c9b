"""What the product needs of an object store, and which one is in use.

Keys are paths: `uploads/{media_id}` is what a person sent, untouched and private; `files/{media_id}/{name}` is what was
made of it. Uploads go from the client to the store directly, by a form that the store has signed.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from tintype.platform.errors import Conflict, Forbidden


class Ticket(msgspec.Struct, frozen=True):
    """The right to upload one file: for which medium, of which type, of at most which size, until when."""

    media_id: int
    content_type: str
    size: int
    expires_at: datetime


class Upload(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a client uploads. `POST`: a form with `fields` first and the part `file` last; `PUT`: with `headers`."""

    method: Literal["POST", "PUT"]
    url: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    headers: dict[str, str] = msgspec.field(default_factory=dict)


class Stat(msgspec.Struct, frozen=True):
    """What is known of a stored object."""

    size: int


class UploadRefused(Forbidden):
    code, message = "UPLOAD_REFUSED", "This upload form is not valid, or has run out. Ask for another."


class UploadExists(Conflict):
    code, message = "UPLOAD_EXISTS", "Another file was uploaded with this form already."


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

    async def tidy(self, older_than: timedelta) -> None:
        """Take away what interrupted writes have left behind."""


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
    return f"uploads/{media_id}"


def file_key(media_id: int, name: str) -> str:
    """Where a file made of it is."""
    return f"files/{media_id}/{name}"


def files_prefix(media_id: int) -> str:
    """Where all files made of it are."""
    return f"files/{media_id}"
