"""The erasure list: what was deleted for good, by id alone, beside the media, where no restored database undoes it.

Each entry is an object `erased/{kind}/{name}` with an id a line. A backup carries those of its time; restoring one
forgets again what it, the store, or a later backup has on the list.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from tintype.platform.objects import port as objects

Kind = Literal["accounts", "posts", "comments"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def key(kind: Kind, name: str) -> str:
    """Where an entry lies."""
    return f"erased/{kind}/{name}"


async def remember(kind: Kind, ids: Sequence[int]) -> None:
    """Before the rows go, so that nothing goes unlisted; the same ones again change nothing."""
    if ids:
        await objects.store().put({key(kind, str(min(ids))): ids_written(ids)})


async def remembered(kind: Kind) -> set[int]:
    """Every id on the store's list."""
    found: set[int] = set()
    for name in await objects.store().sizes(f"erased/{kind}"):
        found.update(ids_read(b"".join([part async for part in objects.store().iter_range(key(kind, name))])))
    return found


def ids_written(ids: Iterable[int]) -> bytes:
    """The ids as they are kept."""
    return "".join(f"{one}\n" for one in sorted(ids)).encode()


def ids_read(text: bytes) -> set[int]:
    """The ids that are kept so."""
    return {int(line) for line in text.split() if line.isdigit()}
