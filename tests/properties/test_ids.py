"""Ids: grow, never repeat, carry their shard; whatever the clock does."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tintype.platform import clock, db, ids
from tintype.platform.errors import NotFound, Unavailable

SHARDS = st.integers(0, ids.SHARDS - 1)
MINUTES = st.integers(-20, 20)
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2010, 2070))


@pytest.fixture(autouse=True)
def clock_right() -> Iterator[None]:
    yield
    clock.shift(timedelta())


def generator(node: int) -> ids.Generator:
    now = clock.millis() - ids.EPOCH_MS
    return ids.Generator(node, now, now + 3_600_000)


@given(st.lists(st.tuples(SHARDS, MINUTES), min_size=2, max_size=300))
def test_ids_of_a_node_grow_whatever_the_clock_does(asked: list[tuple[int, int]]) -> None:
    clock.shift(timedelta())
    one = generator(3)
    made = []
    for shard, minutes in asked:
        clock.shift(timedelta(minutes=minutes))
        made.append(one.next(shard))
        assert ids.shard_of(made[-1]) == shard
        assert 0 < made[-1] <= ids.LARGEST
    times = [each >> 22 for each in made]
    assert times == sorted(times)
    order = [(each >> 22, each & 127) for each in made]
    assert order == sorted(set(order)), "strictly growing but for the shard"


@given(SHARDS, st.lists(st.integers(0, 31), min_size=2, max_size=300))
def test_ids_are_unique_across_nodes(shard: int, asked: list[int]) -> None:
    nodes = {node: generator(node) for node in set(asked)}
    made = [nodes[node].next(shard) for node in asked]
    assert len(set(made)) == len(made)


def test_a_spent_millisecond_borrows_the_next_up_to_what_is_stored() -> None:
    now = clock.millis() - ids.EPOCH_MS + 10_000
    one = ids.Generator(0, now, now + 2)
    made = [one.next(5) for _ in range(256)]
    assert made == sorted(set(made))
    with pytest.raises(Unavailable):
        one.next(5)


async def test_a_successor_never_repeats_after_a_clock_set_back(database: str) -> None:
    made = {ids.new(0) for _ in range(500)}
    async with db.act(db.SYSTEM) as tx:
        await tx.run("-- tests: one node only\ndelete from id_nodes where node not in (select min(node) from id_nodes)")
    for minutes in (0, -20, 20, -20):
        clock.shift(timedelta(minutes=minutes))
        last = max(made)
        async with OnlyNode(database) as only:
            fresh = [only.next(0) for _ in range(500)]
        assert min(fresh) > last
        assert made.isdisjoint(fresh)
        made |= set(fresh)


class OnlyNode:
    """Hold the node as a process does, spend all that it reserved, and die without a word."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def __aenter__(self) -> ids.Generator:
        self.connection = await db.connect(self.url, name="ids")
        row = await self.connection.fetchrow("select node, high_water from id_nodes")
        last = max(clock.millis() - ids.EPOCH_MS, row["high_water"])
        found = ids.Generator(row["node"], last, last)
        await ids._reserve(self.connection, found)
        return found

    async def __aexit__(self, *_: object) -> None:
        await self.connection.close()


def test_a_node_taken_over_at_its_high_water_does_not_repeat_its_last_millisecond() -> None:
    now = clock.millis() - ids.EPOCH_MS + 60_000
    before = ids.Generator(0, now - 1, now)
    spent = {before.next(1) for _ in range(128)}
    after = ids.Generator(0, now, now + 3_000)
    assert spent.isdisjoint(after.next(1) for _ in range(128))


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_the_smallest_id_of_a_moment_tells_the_moment(moment: datetime) -> None:
    assert abs(ids.made_at(ids.at(moment)) - moment) <= timedelta(milliseconds=1)


@given(st.text(max_size=25))
def test_what_is_no_id_is_not_found(text: str) -> None:
    try:
        found = ids.parse(text)
    except NotFound:
        return
    assert text.isascii()
    assert int(text) == found <= ids.LARGEST


@given(st.integers(0, ids.LARGEST))
def test_every_id_is_read(number: int) -> None:
    assert ids.parse(str(number)) == number


def test_without_a_node_there_are_no_ids() -> None:
    with pytest.raises(Unavailable):
        ids.new(1)
