"""What `tintype verify` finds, and how it walks through everything there is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from tintype.platform import db
from tintype.platform.db import Reader, Tx

BATCH = 500
T = TypeVar("T")
Mend = Callable[[Tx], Awaitable[Any]]


class Difference(msgspec.Struct, frozen=True):
    """A finding to be, with the act that mends it; None where only a person can."""

    kind: str
    subject: str
    expected: Any
    found: Any
    mend: Mend | None = None


Found = AsyncIterator[Difference]


async def walk(find: Callable[[Reader, Any, int], Awaitable[list[T]]], start: Any, key: Callable[[T], Any]) -> Any:
    """Everything that `find` finds behind a key, batch by batch."""
    while True:
        async with db.read() as r:
            batch = await find(r, start, BATCH)
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        start = key(batch[-1])


async def then(act: Callable[[Tx, int], Awaitable[object]], subject: int, tx: Tx) -> None:
    await act(tx, subject)
