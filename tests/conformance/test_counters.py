"""What every store of counters does: none (the table is read), one Redis, a cluster."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import msgspec
import pytest

from tests.engines.redis import Cluster, Server
from tintype.platform import db, redis_epoch
from tintype.platform.clients.redis import RedisClient
from tintype.platform.counters import redis as in_redis
from tintype.platform.counters.port import Counters, StoredCounters
from tintype.platform.counters.redis import LIVES, RedisCounters
from tintype.platform.db import Reader, Tx

Engine = Server | Cluster
PATIENT_SECONDS = 5.0


class Numbers(msgspec.Struct, frozen=True):
    """Of a thing that the tests count."""

    likes: int
    reactions: dict[str, int]


class Table:
    """The record: rows that transactions change under locks. `reads` counts how often it is asked."""

    def __init__(self) -> None:
        self.reads = 0
        self.held: asyncio.Event | None = None
        self.has_read = asyncio.Event()

    async def stored(self, r: Reader, ids: Sequence[int]) -> dict[int, Numbers]:
        self.reads += 1
        rows = await r.rows("-- tests: stored\nselect * from counted where id = any($1::bigint[])", list(ids))
        found = {row["id"]: row["likes"] for row in rows}
        if self.held is not None:
            self.has_read.set()
            await self.held.wait()
        return {one: numbers(found.get(one, 0)) for one in ids}


def numbers(likes: int) -> Numbers:
    return Numbers(likes, {"lïke \N{SNOWMAN}": likes})


@pytest.fixture(params=["stored", "redis_server", "redis_cluster"])
async def store(
    request: pytest.FixtureRequest, database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Counters]:
    """An empty one."""
    await table_made()
    if request.param == "stored":
        yield StoredCounters()
        return
    monkeypatch.setattr(redis_epoch, "EPOCH_SECONDS", 0.0)
    engine: Engine = request.getfixturevalue(request.param)
    engine.wipe()
    async with InRedis(engine) as adapter:
        yield adapter


class InRedis:
    """Counters with a client of their own, as a process has them."""

    def __init__(self, engine: Engine) -> None:
        self.client = RedisClient(engine.url, seconds=PATIENT_SECONDS)
        self.adapter = RedisCounters(self.client, seconds=PATIENT_SECONDS)

    async def __aenter__(self) -> RedisCounters:
        return self.adapter

    async def __aexit__(self, *_: object) -> None:
        await self.adapter.settled()
        await self.client.close()


async def table_made() -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: a table\ncreate table counted (id bigint primary key, likes int not null)")


async def count(tx: Tx, store: Counters, *ids: int, by: int = 1) -> dict[int, Numbers]:
    """Add to what is stored, and tell it."""
    rows = await tx.rows(
        "-- tests: count\ninsert into counted select id, $2 from unnest($1::bigint[]) as id"
        " on conflict (id) do update set likes = counted.likes + excluded.likes returning *",
        sorted(ids),
        by,
    )
    now = {row["id"]: numbers(row["likes"]) for row in rows}
    await store.write(tx, now)
    return now


async def counted(store: Counters, *ids: int, by: int = 1) -> None:
    async with db.act(db.SYSTEM) as tx:
        await count(tx, store, *ids, by=by)
    await settled(store)


async def settled(store: Counters) -> None:
    if isinstance(store, RedisCounters):
        await store.settled()


async def read(store: Counters, table: Table, *ids: int) -> Mapping[int, int]:
    async with db.read() as r:
        found = await store.read(r, ids, table.stored, Numbers)
    assert all(one == numbers(one.likes) for one in found.values())
    return {key: one.likes for key, one in found.items()}


async def test_what_is_committed_is_read_and_what_was_never_counted_is_nothing(store: Counters) -> None:
    table = Table()
    assert await read(store, table) == {}
    await counted(store, 1, 2**62)
    assert await read(store, table, 1, 2**62, 3) == {1: 1, 2**62: 1, 3: 0}
    await counted(store, 1, by=5)
    await counted(store, 2**62, by=-1)
    for _ in range(2):
        assert await read(store, table, 3, 1, 2**62, 1) == {3: 0, 1: 6, 2**62: 0}


async def test_many_at_once_and_large_numbers(store: Counters) -> None:
    table = Table()
    ids = list(range(1, 1_001))
    await counted(store, *ids[::2], by=2_000_000_000)
    for _ in range(2):
        found = await read(store, table, *ids)
        assert found == {one: 2_000_000_000 if one % 2 else 0 for one in ids}


async def test_what_was_not_committed_is_not_read(store: Counters) -> None:
    table = Table()
    await counted(store, 1)
    assert await read(store, table, 1) == {1: 1}
    with suppress(ZeroDivisionError):
        async with db.act(db.SYSTEM) as tx:
            assert await count(tx, store, 1) == {1: numbers(2)}
            assert await read(store, table, 1) == {1: 1}, "nor while it may still be"
            raise ZeroDivisionError
    assert await read(store, table, 1) == {1: 1}
    await counted(store, 1)
    assert await read(store, table, 1) == {1: 2}


async def test_what_is_at_hand_is_what_was_committed_or_nothing(store: Counters) -> None:
    await counted(store, 1, 2)
    there = {1: numbers(1), 2: numbers(1)} if isinstance(store, RedisCounters) else {}
    async with db.act(db.SYSTEM) as tx:
        assert await store.at_hand(tx, [1, 2, 3], Numbers) == there
        await count(tx, store, 1)
        there.pop(1, None)
        assert await store.at_hand(tx, [1, 2, 3], Numbers) == there, "while it changes"


async def test_who_counts_at_the_same_time_loses_nothing(store: Counters) -> None:
    table = Table()
    turns = iter(range(60))

    async def go_on() -> None:
        for n in turns:
            await counted(store, 1, 2 + n % 3)
            await read(store, table, 1, 2, 3, 4)

    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(go_on())
    await settled(store)
    for _ in range(2):
        assert await read(store, table, 1, 2, 3, 4) == {1: 60, 2: 20, 3: 20, 4: 20}


async def test_it_never_goes_back_behind_what_was_committed(store: Counters) -> None:
    table = Table()
    done = 0

    async def go_on() -> None:
        nonlocal done
        for _ in range(40):
            async with db.act(db.SYSTEM) as tx:
                await count(tx, store, 1)
            done += 1

    counting = asyncio.create_task(go_on())
    while not counting.done():
        least = done
        assert (await read(store, table, 1))[1] >= least
    await counting


@pytest.fixture
async def here(engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RedisCounters]:
    monkeypatch.setattr(redis_epoch, "EPOCH_SECONDS", 0.0)
    await table_made()
    async with InRedis(engine) as adapter:
        yield adapter


async def test_what_is_at_hand_is_not_asked_of_the_table(here: RedisCounters, engine: Engine) -> None:
    table = Table()
    assert await read(here, table, 1, 2) == {1: 0, 2: 0}
    assert await read(here, table, 1, 2) == {1: 0, 2: 0}
    await counted(here, 1, 2)
    assert await read(here, table, 1, 2) == {1: 1, 2: 1}
    assert table.reads == 1, "zeros are kept, and new numbers are set whole"
    async with InRedis(engine) as elsewhere:
        assert await read(elsewhere, table, 1, 2) == {1: 1, 2: 1}
    assert table.reads == 1
    left = await here._client.run("PTTL", "cnt:{1}")
    assert 0 < left <= LIVES.total_seconds() * 1000


async def test_after_a_flush_it_is_made_again_from_the_table(here: RedisCounters, engine: Engine) -> None:
    table = Table()
    await counted(here, 1, 2)
    engine.wipe()
    assert await read(here, table, 1, 2) == {1: 1, 2: 1}
    assert await read(here, table, 1, 2) == {1: 1, 2: 1}
    assert table.reads == 1


async def test_what_is_told_late_or_again_changes_nothing(here: RedisCounters) -> None:
    """A process that hung after its commit tells Redis when others have long told it more."""
    table = Table()
    async with db.act(db.SYSTEM) as tx:
        await count(tx, here, 1)
        late, tx.after_commit[:] = tx.after_commit[:], []
    assert await read(here, table, 1) == {1: 1}, "nobody believes a mark, and nobody waits for it"
    await counted(here, 1)
    for _ in range(2):
        for tell in late:
            tell()
        await here.settled()
        assert await read(here, table, 1) == {1: 2}
    async with db.act(db.SYSTEM) as tx:
        await here.write(tx, {1: numbers(2)})
        again = tx.after_commit[:]
    for tell in again:
        tell()
    await here.settled()
    assert await read(here, table, 1) == {1: 2}


@pytest.mark.parametrize("flushes", [False, True])
async def test_what_was_read_before_a_commit_does_not_stay(here: RedisCounters, engine: Engine, flushes: bool) -> None:
    """Someone has read the table to fill Redis, and is slow; with a flush Redis does not know of them any more."""
    table = Table()
    table.held = asyncio.Event()
    filling = asyncio.create_task(read(here, table, 1))
    await table.has_read.wait()
    async with db.act(db.SYSTEM) as tx:
        await count(tx, here, 1)
        if flushes:
            engine.wipe()
            other = Table()
            assert await read(here, other, 1) == {1: 0}, "this one fills Redis with what is not yet committed"
    await here.settled()
    table.held.set()
    assert await filling == {1: 0}, "it began before"
    table.held = None
    assert await read(here, table, 1) == {1: 1}


async def test_one_that_hangs_is_done_without_in_time_and_not_believed_afterwards(
    here: RedisCounters, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_redis, "CLOSED", timedelta(seconds=2))  # a mark may arrive when it goes on
    table = Table()
    await counted(here, 1)
    assert await read(here, table, 1) == {1: 1}
    here._seconds = 0.1
    engine.pause()
    try:
        async with asyncio.timeout(20):
            for n in range(1, 6):
                async with db.act(db.SYSTEM) as tx:
                    await count(tx, here, 1)
                assert await read(here, table, 1) == {1: 1 + n}
    finally:
        engine.resume()
    here._seconds = PATIENT_SECONDS
    await here.settled()
    async with asyncio.timeout(40):
        while not await at_hand(here, 1):
            assert await read(here, table, 1) == {1: 6}
            await asyncio.sleep(0.1)
    assert await read(here, table, 1) == {1: 6}


async def at_hand(store: RedisCounters, one: int) -> bool:
    table = Table()
    await read(store, table, one)
    return table.reads == 0


async def test_one_that_died_comes_back_empty_and_is_filled(here: RedisCounters, engine: Engine) -> None:
    table = Table()
    await counted(here, 1)
    engine.kill()
    try:
        await counted(here, 1)
        assert await read(here, table, 1) == {1: 2}
    finally:
        engine.restart()
    async with asyncio.timeout(30):
        while not await at_hand(here, 1):
            assert await read(here, table, 1) == {1: 2}
            await asyncio.sleep(0.1)
    assert await read(here, table, 1) == {1: 2}


async def test_a_database_that_was_put_back_begins_anew(here: RedisCounters) -> None:
    table = Table()
    await counted(here, 1, by=7)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: an older backup\nupdate counted set likes = 3")
        await tx.run("-- tests: put back\nupdate log_state set incarnation = gen_random_uuid()")
    assert await read(here, table, 1) == {1: 3}
    await counted(here, 1)
    assert await read(here, table, 1) == {1: 4}
