"""Pages and cursors: opaque, signed, and bound to the viewer and the query that they continue."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from tintype.platform.errors import OUT_OF_RANGE, Invalid

T = TypeVar("T")
U = TypeVar("U")

LARGEST_LIMIT = 100


class CursorInvalid(Invalid):
    code, message = "CURSOR_INVALID", "This cursor does not belong to this list. Start again without one."


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list. `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None = None
    stale: bool = False

    def map(self, present: Callable[[list[T]], list[U]]) -> "Page[U]":
        """The same page of other things: what `present` makes of all items at once."""
        return Page(present(self.items), self.next_cursor, self.stale)


class Place(msgspec.Struct, frozen=True):
    """Where a page begins: which list it is of, for whom, and the position after which it goes on."""

    query: str
    viewer: int
    after: tuple[int, ...] | None
    limit: int

    def next(self, *after: int) -> str:
        """The cursor that continues behind `after`."""
        body = msgspec.msgpack.encode(after)
        return base64.urlsafe_b64encode(_sign(self.query, self.viewer, body) + body).rstrip(b"=").decode()

    def page(self, rows: Sequence[T], position: Callable[[T], tuple[int, ...]]) -> Page[T]:
        """A page from `limit + 1` rows: the one too many says that there is more."""
        kept = list(rows[: self.limit])
        return Page(kept, self.next(*position(kept[-1])) if len(rows) > self.limit else None)


_key = b""


def use_key(key: bytes) -> None:
    """The secret that signs cursors; the same in every process."""
    global _key
    _key = key


def place(query: str, viewer: int, cursor: str | None, limit: int, *, width: int | None = 1) -> Place:
    """Read a cursor whose position has `width` numbers (None: any).

    Raises CursorInvalid for one that was altered, or made for another viewer or list.
    """
    if not 1 <= limit <= LARGEST_LIMIT:
        raise Invalid.fields(limit=OUT_OF_RANGE(least=1, most=LARGEST_LIMIT))
    if cursor is None:
        return Place(query, viewer, None, limit)
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        mac, body = raw[:16], raw[16:]
        if not hmac.compare_digest(mac, _sign(query, viewer, body)):
            raise CursorInvalid
        after = msgspec.msgpack.decode(body, type=tuple[int, ...])
    except (ValueError, msgspec.DecodeError) as error:
        raise CursorInvalid from error
    if width is not None and len(after) != width:
        raise CursorInvalid
    return Place(query, viewer, after, limit)


def _sign(query: str, viewer: int, body: bytes) -> bytes:
    return hashlib.blake2b(b"cursor\0%d\0%s\0%s" % (viewer, query.encode(), body), key=_key, digest_size=16).digest()
