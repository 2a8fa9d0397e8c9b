"""Redis in front of timelines: what it may answer, what it must not, and that nothing depends on it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.redis import Cluster, Server
from tintype.platform import clock, db, ids, redis_epoch
from tintype.platform.clients.redis import RedisClient
from tintype.platform.db import Reader
from tintype.platform.guard import EngineDown
from tintype.platform.ids import LARGEST
from tintype.platform.timelines import front, packed
from tintype.platform.timelines.front import FrontedTimelines
from tintype.platform.timelines.port import Entry
from tintype.platform.timelines.postgres import PostgresTimelines

PATIENT_SECONDS = 5.0
LARGEST_BYTES = 20 * 1024


class Behind(PostgresTimelines):
    """Counts how often it is read; `held` keeps reads waiting once they have read."""

    def __init__(self) -> None:
        self.reads = 0
        self.held: asyncio.Event | None = None
        self.has_read = asyncio.Event()
        self.is_down = False

    async def read(self, r: Reader, user_id: int, before: int | None, limit: int, since: int = 0) -> list[Entry]:
        self.reads += 1
        if self.is_down:
            raise EngineDown("behind: it waits for nobody")
        found = await super().read(r, user_id, before, limit, since)
        if self.held is not None:
            self.has_read.set()
            await self.held.wait()
        return found


@pytest.fixture
async def client(engine: Server | Cluster) -> AsyncIterator[RedisClient]:
    found = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    yield found
    await found.close()


@pytest.fixture
def store(client: RedisClient, database: str, monkeypatch: pytest.MonkeyPatch) -> FrontedTimelines:
    monkeypatch.setattr(redis_epoch, "EPOCH_SECONDS", 0.0)
    return FrontedTimelines(Behind(), client, authors_of)


AUTHORS: dict[int, int] = {}


async def authors_of(_: Reader, post_ids: Sequence[int]) -> dict[int, int]:
    return {post_id: AUTHORS[post_id] for post_id in post_ids if post_id in AUTHORS}


def posts(n: int, author: int = 7, seconds: float = 5) -> list[Entry]:
    """So many posts, newest first, each made visible a while after it was made."""
    first = ids.at(clock.now()) + (3 << 7)
    later = int(seconds * 1000) << 22
    found = [Entry(first + (one << 22) + later, first + (one << 22) - 77, author) for one in reversed(range(n))]
    AUTHORS.update({one.post_id: author for one in found})
    return found


async def add(store: FrontedTimelines, user: int, *entries: Entry) -> None:
    async with db.act(db.SYSTEM) as tx:
        await store.add(tx, user, entries)
    await store.settled()


async def deliver(store: FrontedTimelines, users: Sequence[int], *entries: Entry) -> None:
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [(users, one) for one in entries])
    await store.settled()


async def read(store: FrontedTimelines, user: int, before: int | None = None, limit: int = 20) -> list[Entry]:
    async with db.read() as r:
        return await store.read(r, user, before, limit)


def reads(store: FrontedTimelines) -> int:
    assert isinstance(store.behind, Behind)
    return store.behind.reads


async def test_the_first_read_fills_it_and_the_next_ones_ask_nobody_else(store: FrontedTimelines) -> None:
    user, entries = ids.new_account(), posts(50)
    await add(store, user, *entries)
    assert await read(store, user) == entries[:20]
    assert await read(store, user) == entries[:20]
    assert await read(store, user, entries[19].feed_id) == entries[20:40]
    assert await read(store, user, entries[39].feed_id) == entries[40:], "it knows that there are no more"
    assert reads(store) == 1
    new = posts(3, seconds=60)
    await deliver(store, [user], *new)
    assert await read(store, user) == [*new, *entries[:17]]
    assert reads(store) == 1


async def test_what_is_behind_and_down_is_asked_once(store: FrontedTimelines) -> None:
    """Each time costs its deadline, and a feed has a second in all."""
    assert isinstance(store.behind, Behind)
    store.behind.is_down = True
    with pytest.raises(EngineDown):
        await read(store, 1)
    assert reads(store) == 1


async def test_whose_posts_they_are_another_process_looks_up(store: FrontedTimelines, client: RedisClient) -> None:
    user, entries = ids.new_account(), posts(5)
    await add(store, user, *entries)
    await read(store, user)
    other = FrontedTimelines(Behind(), client, authors_of)
    assert await read(other, user) == entries
    assert reads(other) == 0
    del AUTHORS[entries[2].post_id]
    third = FrontedTimelines(Behind(), client, authors_of)
    assert await read(third, user) == entries
    assert reads(third) == 1, "what nobody knows is read behind"


async def test_it_is_trimmed_and_what_is_below_is_read_behind(store: FrontedTimelines, client: RedisClient) -> None:
    user, entries = ids.new_account(), posts(1_001)
    await add(store, user, *entries[101:])
    await read(store, user)
    for one in reversed(entries[:101]):
        await deliver(store, [user], one)
    held = await client.run("ZCARD", f"feed:{{{user}}}")
    assert held == 801, "100 more fill it, and one more trims it; the mark is one"
    before = reads(store)
    assert await read(store, user, entries[779].feed_id, 20) == entries[780:800]
    assert reads(store) == before
    assert await read(store, user, entries[790].feed_id, 20) == entries[791:811]
    assert reads(store) == before + 1


async def test_a_full_feed_takes_no_more_than_20_kb(store: FrontedTimelines, client: RedisClient) -> None:
    user, entries = ids.new_account(), posts(900, seconds=3_600)
    await add(store, user, *entries[100:])
    await read(store, user)
    for one in reversed(entries[:100]):
        await deliver(store, [user], one)
    key = f"feed:{{{user}}}"
    assert await client.run("ZCARD", key) == 901
    assert await client.run("OBJECT ENCODING", key) == b"listpack"
    assert await client.run("MEMORY USAGE", key) <= LARGEST_BYTES
    assert 0 < await client.run("PTTL", key) <= timedelta(days=1).total_seconds() * 1000


async def test_what_is_delivered_while_a_feed_is_built_is_in_it(store: FrontedTimelines) -> None:
    user, entries = ids.new_account(), posts(5)
    await add(store, user, *entries[1:])
    behind = store.behind
    assert isinstance(behind, Behind)
    behind.held = asyncio.Event()
    building = asyncio.create_task(read(store, user))
    await behind.has_read.wait()
    await deliver(store, [user], entries[0])
    behind.held.set()
    assert await building == entries[1:]
    behind.held = None
    assert await read(store, user) == entries
    assert reads(store) == 1


async def test_a_feed_built_of_what_is_not_committed_yet_does_not_stay(store: FrontedTimelines) -> None:
    user, entries = ids.new_account(), posts(5)
    await add(store, user, *entries[1:])
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [([user], entries[0])])
        assert await read(store, user) == entries[1:]
    await store.settled()
    assert await read(store, user) == entries


async def test_no_feed_is_built_while_a_readers_timeline_changes(store: FrontedTimelines) -> None:
    user, mine, theirs = ids.new_account(), posts(3, author=1), posts(2, author=2, seconds=60)
    await add(store, user, *mine, *theirs)
    async with db.act(db.SYSTEM) as tx:
        await store.remove_authors(tx, user, [2])
        assert await read(store, user) == [*theirs, *mine], "not committed yet"
        assert await read(store, user) == [*theirs, *mine]
    assert await read(store, user) == mine
    await store.settled()
    assert await read(store, user) == mine
    before = reads(store)
    assert await read(store, user) == mine
    assert reads(store) == before


async def test_a_purged_post_leaves_feeds_and_those_being_built(store: FrontedTimelines) -> None:
    user, builder, entries = ids.new_account(), ids.new_account(), posts(3)
    await deliver(store, [user, builder], *entries)
    await read(store, user)
    behind = store.behind
    assert isinstance(behind, Behind)
    behind.held = asyncio.Event()
    building = asyncio.create_task(read(store, builder))
    await behind.has_read.wait()
    behind_held, behind.held = behind.held, None
    async with db.act(db.SYSTEM) as tx:
        await store.remove_post(tx, [user, builder], entries[1].feed_id)
    await store.settled()
    behind_held.set()
    await building
    left = [entries[0], entries[2]]
    assert [await read(store, one) for one in (user, builder)] == [left, left]


async def test_who_goes_away_and_comes_back_has_another_feed(store: FrontedTimelines) -> None:
    user, entries = ids.new_account(), posts(4)
    await add(store, user, *entries)
    await read(store, user)
    async with db.act(db.SYSTEM) as tx:
        await store.cut(tx, {user: LARGEST})
    assert await read(store, user) == []
    await add(store, user, entries[0])
    assert await read(store, user) == entries[:1]


async def test_writes_that_it_did_not_hear_of_make_it_worthless(
    store: FrontedTimelines, engine: Server | Cluster, client: RedisClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hangs, and what it held before is still there when it goes on."""
    user, entries = ids.new_account(), posts(6)
    await add(store, user, *entries[2:])
    assert await read(store, user) == entries[2:]
    client.seconds = 0.2
    for module in (front, redis_epoch):
        monkeypatch.setattr(module, "WRITE_SECONDS", 0.2)
    engine.pause()
    try:
        await deliver(store, [user], entries[1])
        async with asyncio.timeout(5):
            assert await read(store, user) == entries[1:]
        await deliver(store, [user], entries[0])
    finally:
        engine.resume()
    client.seconds = PATIENT_SECONDS
    for module in (front, redis_epoch):
        monkeypatch.setattr(module, "WRITE_SECONDS", PATIENT_SECONDS)
    for _ in range(20):
        assert await read(store, user) == entries
        await asyncio.sleep(0.1)
    before = reads(store)
    assert await read(store, user) == entries
    assert reads(store) == before, "and it is used again"


async def test_a_flush_in_the_middle_of_traffic_loses_nothing(
    store: FrontedTimelines, engine: Server | Cluster
) -> None:
    readers = [ids.new_account() for _ in range(20)]
    entries = posts(120)
    done: list[Entry] = []

    async def read_on() -> None:
        while len(done) < len(entries):
            for user in readers:
                known = set(done)
                page = await read(store, user, limit=len(entries))
                assert page == sorted(page, key=lambda one: -one.feed_id)
                assert known <= set(page)

    async def write() -> None:
        for n, one in enumerate(reversed(entries)):
            await deliver(store, readers, one)
            done.append(one)
            if n % 20 == 7:
                await asyncio.to_thread(engine.wipe)

    await asyncio.gather(write(), read_on(), read_on())
    for user in readers:
        assert await read(store, user, limit=200) == entries
    before = reads(store)
    for user in readers:
        assert await read(store, user, limit=200) == entries
    assert reads(store) == before, "everything is there again"


async def test_what_is_built_anew_before_a_commit_is_taken_away_after_it(
    store: FrontedTimelines, engine: Server | Cluster
) -> None:
    user, absent, entries = ids.new_account(), ids.new_account(), posts(4)
    for one in (user, absent):
        await add(store, one, *entries[2:])
    await read(store, user)
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [([user, absent], entries[1])])
        await asyncio.to_thread(engine.wipe)
        assert await read(store, user) == entries[2:]
        assert await read(store, absent) == entries[2:]
    await store.settled()
    for one in (user, absent):
        assert await read(store, one) == entries[1:]
    before = reads(store)
    await deliver(store, [user, absent], entries[0])
    for one in (user, absent):
        assert await read(store, one) == entries
    assert reads(store) == before, "and it is used again"


async def test_nobody_builds_what_a_delivery_found_absent_until_it_has_ended(store: FrontedTimelines) -> None:
    user, entries = ids.new_account(), posts(2)
    await add(store, user, entries[1])
    async with db.act(db.SYSTEM) as tx:
        await store.deliver(tx, [([user], entries[0])])
        before = reads(store)
        for _ in range(2):
            assert await read(store, user) == entries[1:]
        assert reads(store) == before + 2, "it is read behind"
    await store.settled()
    assert await read(store, user) == entries


sizes = st.integers(min_value=1, max_value=LARGEST)


@given(sizes, sizes)
def test_entries_are_unpacked_as_they_were_and_stand_in_the_order_of_feed_ids(feed_id: int, post_id: int) -> None:
    one = packed.packed(Entry(feed_id, post_id, 1))
    assert packed.unpacked(one) == (feed_id, post_id)
    assert len(one) <= 17
    if feed_id < LARGEST:
        assert one < packed.packed(Entry(feed_id + 1, post_id, 1))
    assert one > packed.NOTHING
