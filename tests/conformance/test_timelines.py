"""What every store of timelines does: the same tests over PostgreSQL, Cassandra, and Redis in front of one."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from tests.engines.cassandra import Cassandra, sockets_closed
from tests.engines.hanging import TOLD, Hangs, hung
from tests.engines.postgres import TestServer
from tintype.platform import clock, db, ids
from tintype.platform.clients import cassandra_schema
from tintype.platform.clients.cassandra import CassandraClient
from tintype.platform.clients.redis import RedisClient
from tintype.platform.db import Reader
from tintype.platform.guard import EngineDown
from tintype.platform.timelines.cassandra import CassandraTimelines
from tintype.platform.timelines.front import FrontedTimelines
from tintype.platform.timelines.port import Entry, Repeated, Timelines
from tintype.platform.timelines.postgres import PostgresTimelines

pytestmark = pytest.mark.timeout(300)  # an engine is started, or started again
STORES = ["postgres_server", "cassandra_node", "redis_server", "redis_cluster"]
AUTHORS: dict[int, int] = {}
PATIENT_SECONDS = 5.0


@pytest.fixture(params=STORES)
def engine(request: pytest.FixtureRequest) -> Any:
    """What `store` stands on."""
    return request.getfixturevalue(request.param)


@pytest.fixture
async def store(database: str, engine: Any) -> AsyncIterator[Timelines]:
    """An adapter over its real engine; readers are new ones in each test."""
    if isinstance(engine, TestServer):
        yield PostgresTimelines()
    elif isinstance(engine, Cassandra):
        client = await _client(engine)
        yield CassandraTimelines(client)
        await client.close()
    else:
        engine.wipe()
        redis = RedisClient(engine.url, seconds=PATIENT_SECONDS)
        yield FrontedTimelines(PostgresTimelines(), redis, authors_of)
        await redis.close()


async def _client(node: Cassandra) -> CassandraClient:
    await cassandra_schema.make(node.url)
    return CassandraClient(node.url)


async def authors_of(_: Reader, post_ids: Sequence[int]) -> dict[int, int]:
    return {post_id: AUTHORS[post_id] for post_id in post_ids if post_id in AUTHORS}


async def settled(store: Timelines) -> None:
    if isinstance(store, CassandraTimelines | FrontedTimelines):
        await store.settled()


def posts(n: int, author: int = 7, ago: timedelta = timedelta()) -> list[Entry]:
    """So many new posts, newest first."""
    first = ids.at(clock.now() - ago)
    AUTHORS.update({first + one: author for one in range(n)})
    return [Entry(first + (one << 22), first + one, author) for one in reversed(range(n))]


async def add(store: Timelines, user: int, *entries: Entry) -> None:
    async with db.act(db.SYSTEM) as tx:
        await store.add(tx, user, entries)


async def read(
    store: Timelines, user: int, before: int | None = None, limit: int = 10_000, since: int = 0
) -> list[Entry]:
    async with db.read() as r:
        return await store.read(r, user, before, limit, since)


async def _deliver(store: Timelines, readers: list[int], one: Entry) -> None:
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [(readers, one)])


def reader() -> int:
    return ids.new_account()


async def test_entries_come_newest_first_and_in_pages_without_gap_or_overlap(store: Timelines) -> None:
    user, other = reader(), reader()
    entries = posts(50)
    await add(store, user, *entries[::2], *entries[1::2])
    assert await read(store, user) == entries
    assert await read(store, other) == []
    for limit in (1, 7, 49, 50, 51):
        found: list[Entry] = []
        before: int | None = None
        while page := await read(store, user, before, limit):
            assert len(page) <= limit
            found += page
            before = page[-1].feed_id
        assert found == entries, limit
    assert await read(store, user, entries[10].feed_id, 5, entries[13].feed_id) == entries[11:14]
    assert await read(store, user, entries[-1].feed_id) == []


async def test_a_long_timeline_is_read_whole(store: Timelines) -> None:
    user = reader()
    entries = posts(2_300)
    await add(store, user, *entries)
    assert await read(store, user) == entries


async def test_what_is_delivered_reaches_each_reader_once_however_often(store: Timelines) -> None:
    readers = [reader() for _ in range(300)]
    one, two = posts(2)
    deliveries = [(readers, one), (readers[:3], two), ([], one)]
    async with db.act(db.SYSTEM) as tx:
        assert await store.deliver(tx, deliveries) == 303
    for _ in range(2):
        try:
            async with db.act(db.SYSTEM) as tx:
                await store.deliver(tx, deliveries)
        except Repeated:
            async with db.act(db.SYSTEM) as tx:
                await store.deliver(tx, deliveries, again=True)
    assert await read(store, readers[2]) == [one, two]
    assert [await read(store, user) for user in readers[3:]] == [[one]] * 297
    async with db.act(db.SYSTEM) as tx:
        assert await store.deliver(tx, []) == 0


async def test_ids_of_every_size_are_kept_exactly(store: Timelines) -> None:
    entries = [Entry(ids.LARGEST - 1, ids.LARGEST, ids.LARGEST), posts(1)[0]]
    for user in (1, ids.LARGEST):
        await add(store, user, *entries)
        assert await read(store, user) == entries


async def test_what_was_taken_out_comes_back_when_it_is_added_again(store: Timelines) -> None:
    """A version that orders less than every single write would lose one of these."""
    user = reader()
    mine, theirs = posts(5, author=1), posts(5, author=2, ago=timedelta(hours=1))
    for _ in range(20):
        await add(store, user, *mine, *theirs)
        async with db.act(db.SYSTEM) as tx:
            await store.remove_authors(tx, user, [2, 3])
        assert await read(store, user) == mine
        async with db.act(db.SYSTEM) as tx:
            await store.remove_authors(tx, user, [1])
            await store.add(tx, user, mine[:1])
        assert await read(store, user) == mine[:1]


async def test_a_post_goes_from_many_timelines_and_only_it(store: Timelines) -> None:
    readers = [reader() for _ in range(100)]
    gone, stays = posts(2)
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [(readers, gone), (readers, stays)])
    for _ in range(2):
        async with db.act(db.SYSTEM) as tx:
            await store.remove_post(tx, [*readers[1:], reader()], gone.feed_id)
    assert await read(store, readers[0]) == [gone, stays]
    assert [await read(store, user) for user in readers[1:]] == [[stays]] * 99


async def test_who_has_too_many_is_told_with_the_lowest_to_keep_and_cut_down_to_it(store: Timelines) -> None:
    few, many, none = reader(), reader(), reader()
    entries = posts(12)
    await add(store, few, *entries[:9])
    await add(store, many, *entries)
    async with db.read() as r:
        floors = await store.overfull(r, [few, many, none], 9, 8)
        assert await store.overfull(r, [], 9, 8) == {}
    assert floors == {many: entries[7].feed_id}
    async with db.act(db.SYSTEM) as tx:
        await store.cut(tx, {**floors, none: ids.LARGEST})
    await settled(store)
    assert await read(store, many) == entries[:8]
    assert await read(store, few) == entries[:9]


async def test_what_is_cut_off_as_a_whole_may_be_filled_again_at_once(store: Timelines) -> None:
    user = reader()
    entries = posts(8)
    await add(store, user, *entries)
    async with db.act(db.SYSTEM) as tx:
        await store.cut(tx, {user: ids.LARGEST})
    await add(store, user, *entries[:3])
    await settled(store)
    assert await read(store, user) == entries[:3]


async def test_nothing_is_cut_by_a_transaction_that_is_lost(store: Timelines) -> None:
    user = reader()
    entries = posts(5)
    await add(store, user, *entries)
    await _cut_and_lose(store, user)
    await settled(store)
    assert await read(store, user) == entries


async def _cut_and_lose(store: Timelines, user: int) -> None:
    with suppress(ZeroDivisionError):
        async with db.act(db.SYSTEM) as tx:
            await store.cut(tx, {user: ids.LARGEST})
            raise ZeroDivisionError


async def test_many_write_to_the_same_timelines_at_once(store: Timelines) -> None:
    readers = [reader() for _ in range(20)]
    entries = posts(40)

    async def deliver(one: Entry) -> None:
        async with db.act(db.SYSTEM) as tx:
            await store.deliver(tx, [(readers, one)])

    await asyncio.gather(*(deliver(one) for one in entries))
    for user in readers:
        assert await read(store, user) == entries


async def test_from_where_on_it_reaches_nothing_is_lost_by_age(store: Timelines) -> None:
    user = reader()
    just_above = ids.made_at(store.reaches()) + timedelta(minutes=1)
    assert just_above < clock.now() - timedelta(days=28)
    old = posts(1, ago=clock.now() - just_above)
    await add(store, user, *old)
    assert await read(store, user) == old
    assert store.reaches() == store.reaches()


@pytest.mark.usefixtures("impatient")
async def test_while_its_engine_hangs_it_answers_right_or_says_in_time_that_it_cannot(
    store: Timelines, engine: Hangs
) -> None:
    user, entries = reader(), posts(30)
    await add(store, user, *entries[10:])
    there, tried = set(entries[10:]), set(entries[10:])
    with hung(engine):
        for one in entries[:2]:
            began = time.monotonic()
            with suppress(*TOLD):
                assert set(await read(store, user)) >= there
            tried.add(one)
            with suppress(*TOLD):
                await add(store, user, one)
                there.add(one)
            assert time.monotonic() - began < 15
    found = set(await _when_it_answers(store, user))
    assert there <= found <= tried
    await add(store, user, *entries)
    await settled(store)
    assert await _when_it_answers(store, user) == entries


# What only a store beside the database has to answer for.


@pytest.fixture
async def client(database: str, cassandra_node: Cassandra) -> AsyncIterator[CassandraClient]:
    client = await _client(cassandra_node)
    yield client
    await client.close()


async def test_an_entry_goes_when_its_post_is_old_and_reads_are_told_before(client: CassandraClient) -> None:
    store = CassandraTimelines(client, keeps=timedelta(seconds=180))
    user = reader()
    older, new = posts(1, ago=timedelta(seconds=168))[0], posts(1)[0]
    await add(store, user, older, new, posts(1, ago=timedelta(seconds=181))[0])
    assert await read(store, user) == [new, older]
    assert store.reaches() < older.feed_id
    deadline = time.monotonic() + 25
    while await read(store, user) != [new]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    assert older.feed_id < store.reaches() < new.feed_id, "it had been said before it went"


async def test_a_write_that_comes_late_loses_against_what_was_decided_after_it(
    client: CassandraClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CassandraTimelines(client)
    user = reader()
    entries = posts(3)
    late: list[Callable[[], object]] = []
    write = client.write

    async def held_up(*args: object, **more: object) -> None:
        late.append(lambda: write(*args, **more))  # type: ignore[arg-type]

    monkeypatch.setattr(client, "write", held_up)
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [([user], one) for one in entries])
    monkeypatch.undo()
    await add(store, user, entries[0])
    async with db.act(db.SYSTEM) as tx:
        await store.remove_post(tx, [user], entries[1].feed_id)
        await store.cut(tx, {user: entries[1].feed_id})
    await settled(store)
    for send in late:
        await send()  # type: ignore[misc]
    assert await read(store, user) == [entries[0]]


async def test_a_store_that_hangs_is_given_up_in_time_and_found_again(
    client: CassandraClient, cassandra_node: Cassandra
) -> None:
    store = CassandraTimelines(client)
    user = reader()
    entries = posts(2)
    await add(store, user, *entries)
    with hung(cassandra_node):
        began = time.monotonic()
        with pytest.raises(EngineDown):
            await _deliver(store, [reader() for _ in range(500)], entries[0])
        assert time.monotonic() - began < 6
        for _ in range(5):
            began = time.monotonic()
            with pytest.raises(EngineDown):
                await read(store, user)
            assert time.monotonic() - began < 1
        assert not client.guard.is_up
        began = time.monotonic()
        with pytest.raises(EngineDown):
            await add(store, user, *entries)
        assert time.monotonic() - began < 0.1, "it is not even asked"
    assert await _when_it_answers(store, user) == entries


async def test_what_was_answered_is_there_after_kill_9(client: CassandraClient, cassandra_node: Cassandra) -> None:
    store = CassandraTimelines(client)
    user = reader()
    entries = posts(200)
    await add(store, user, *entries[100:])
    writing = [asyncio.create_task(add(store, user, one)) for one in entries[:100]]
    await asyncio.wait(writing, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.to_thread(cassandra_node.kill)
    done = await asyncio.gather(*writing, return_exceptions=True)
    with pytest.raises(EngineDown):
        await read(store, user)
    await asyncio.to_thread(cassandra_node.restart)
    found = set(await _when_it_answers(store, user))
    acknowledged = {one for one, result in zip(entries, done, strict=False) if result is None}
    assert acknowledged
    assert {*acknowledged, *entries[100:]} <= found


async def test_where_nothing_listens_calls_fail(database: str) -> None:
    with sockets_closed():
        client = CassandraClient("cassandra://127.0.0.1:9/tintype?replication=1")
        with pytest.raises(EngineDown):
            await read(CassandraTimelines(client), reader())
        await client.close()


async def _when_it_answers(store: Timelines, user: int) -> list[Entry]:
    deadline = time.monotonic() + 60
    while True:
        try:
            return await read(store, user)
        except TOLD:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
