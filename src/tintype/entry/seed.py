"""`tintype seed`: people and follows of a ready-made graph, in bulk, for benches and drills.

No password is hashed and nothing is published: counts are loaded as the log would have made them.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import numpy as np

from tintype.platform import clock, db, ids
from tintype.platform.errors import Unavailable

COPY_SECONDS = 900.0


class Seeded(msgspec.Struct, frozen=True):
    """What was loaded: the ids of all people, in the order of the file's numbers, and how many follows."""

    account_ids: list[int]
    follows: int


class AlreadySeeded(ValueError):
    """There are people of this prefix already."""


async def graph(url: str, path: Path, *, prefix: str = "person") -> Seeded:
    """Load an edge list, all of it or nothing: arrays `follower` and `followee` of numbers in an `.npz` file.

    Person 7 is `@{prefix}7`. Needs an open database and a node for ids, as `process.opened` gives them.
    Raises AlreadySeeded, and ValueError for a file of another form.
    """
    edges = sorted({(a, b) for a, b in zip(*_columns(path), strict=True) if a != b})
    people = 1 + max((max(pair) for pair in edges), default=-1)
    account_ids = [await _paced_id(None) for _ in range(people)]
    following = Counter(a for a, _ in edges)
    followers = Counter(b for _, b in edges)
    now = clock.now()

    def accounts() -> Iterator[tuple[object, ...]]:
        for n, account_id in enumerate(account_ids):
            yield account_id, f"{prefix}{n}", f"Person {n}", f"{prefix}{n}@example.org", now

    async def follows() -> AsyncIterator[tuple[object, ...]]:
        for a, b in edges:
            follow_id = await _paced_id(account_ids[a])
            yield account_ids[a], account_ids[b], "ACCEPTED", follow_id, True, now

    connection = await db.connect(url, name="seed")
    try:
        async with db.transaction(connection, db.SYSTEM) as tx:
            if await tx.value(IS_TAKEN, f"{prefix}0"):
                raise AlreadySeeded("there are people of this prefix already")

            async def copy(table: str, columns: str, records: object) -> None:
                await connection.copy_records_to_table(
                    table, columns=columns.split(), records=records, timeout=COPY_SECONDS
                )

            await copy("accounts", "id username full_name email created_at", accounts())
            await copy("usernames", "username account_id", ((row[1], row[0]) for row in accounts()))
            await copy("emails", "email account_id", ((row[3], row[0]) for row in accounts()))
            counts = ((one, 0, followers[n], following[n]) for n, one in enumerate(account_ids))
            await copy("account_counts", "account_id posts followers following", counts)
            await copy("follows", "follower_id followee_id state follow_id counted created_at", follows())
    finally:
        await connection.close(timeout=5)
    return Seeded(account_ids, len(edges))


async def _paced_id(owner: int | None) -> int:
    """A new id; a moment is waited for where this one's are used up."""
    while True:
        try:
            return ids.new_account() if owner is None else ids.new(owner)
        except Unavailable:
            await asyncio.sleep(0.1)


def _columns(path: Path) -> list[list[int]]:
    """The arrays `follower` and `followee` as plain integers."""
    with np.load(path, allow_pickle=False) as archive:
        if not {"follower", "followee"} <= set(archive):
            raise ValueError(f"{path.name} has no arrays follower and followee")
        return [_integers(archive[name]) for name in ("follower", "followee")]


def _integers(found: object) -> list[int]:
    if not isinstance(found, np.ndarray):
        raise ValueError("not an array of NumPy")
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise ValueError(f"an array of {found.dtype} {found.shape}, not a list of integers")
    numbers: list[int] = found.tolist()
    return numbers


IS_TAKEN = """
-- entry: whether this seed was sown
select exists (select from usernames where username = $1)
"""
