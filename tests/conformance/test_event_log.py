"""What every event log does under real concurrent transactions: PostgreSQL alone, and with Kafka to carry the events.

Order, nothing lost, nothing doubled, poison, lag and replay.
"""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest

from tests.platform.log_bench import Elsewhere, Log, Noted, make_overdue, note, notes
from tintype.platform import db
from tintype.platform.event_log import admin
from tintype.platform.event_log.lanes import Fenced
from tintype.platform.event_log.port import LARGEST_BYTES, Event, on, publish, state, tx


class Long(Event, frozen=True):
    """A fact that says much."""

    topic = "views"
    key = "thing"

    thing: int
    said: str


async def test_events_are_handled_once_and_in_order(log: Log, database: str) -> None:
    await note((1, 1), (2, 1), (1, 2))
    await note((1, 3), (2, 2))

    await log.settle()

    handled = await notes(database)
    assert [n for thing, n in handled if thing == 1] == [1, 2, 3]
    assert [n for thing, n in handled if thing == 2] == [1, 2]
    assert len(handled) == 5


async def test_publishing_outside_a_transaction_is_refused(log: Log) -> None:
    async with db.act(db.SYSTEM) as tx:
        pass
    with pytest.raises(RuntimeError, match="outside its transaction"):
        await publish(tx, Noted(thing=1, n=1))


async def test_a_transaction_that_fails_leaves_no_event(log: Log, database: str) -> None:
    async def fail() -> None:
        async with db.act(db.SYSTEM) as tx:
            await publish(tx, Noted(thing=1, n=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await log.settle()
    assert await notes(database) == []


async def test_order_by_key_follows_the_order_of_locks(log: Log, database: str) -> None:
    """Transactions that begin and write early, then wait for the row's lock, publish in the order they got it."""
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table things (id bigint primary key, n bigint not null)")
        await tx.run("insert into things select generate_series(1, 3), 0")
        await tx.run("create table scribbles (thing bigint)")

    async def write(thing: int) -> None:
        async with db.act(db.SYSTEM) as tx:
            await tx.run("insert into scribbles values ($1)", thing)  # an xid, and a place in line, before the lock
            await asyncio.sleep(random.random() / 100)
            n = await tx.value("update things set n = n + 1 where id = $1 returning n", thing)
            await publish(tx, Noted(thing=thing, n=n))
            await asyncio.sleep(random.random() / 100)

    async def move() -> None:
        while True:
            await log.move()
            await asyncio.sleep(0.005)

    moving = asyncio.create_task(move())
    await asyncio.gather(*(write(thing) for thing in (1, 2, 3) for _ in range(20)))
    moving.cancel()
    await asyncio.gather(moving, return_exceptions=True)
    await log.sequencer.close()
    await log.sequencer.elect()
    await log.settle()

    by_thing = defaultdict(list)
    for thing, n in await notes(database):
        by_thing[thing].append(n)
    assert by_thing == {thing: list(range(1, 21)) for thing in (1, 2, 3)}


async def test_an_open_transaction_elsewhere_delays_nothing_and_is_not_skipped(log: Log, database: str) -> None:
    connection = await asyncpg.connect(database)
    async with db.transaction(connection, db.SYSTEM) as late:
        await publish(late, Noted(thing=9, n=1))
        await late.flush()  # it has its inbox id now, and commits after the others
        await note((1, 1), (2, 1))
        await log.settle()
        assert sorted(await notes(database)) == [(1, 1), (2, 1)]
    await connection.close()

    await log.settle()

    assert (9, 1) in await notes(database)


async def test_a_poison_event_parks_its_key_while_others_flow(log: Log, database: str) -> None:
    log.poisonous = {7}
    await note((7, 1), (8, 1), (7, 2))
    await log.settle()
    await note((8, 2), (7, 3))
    await log.settle()
    assert [one for one in await notes(database) if one[0] == 8] == [(8, 1), (8, 2)]

    for _ in range(6):
        log.retry_now()
        await make_overdue(database)
        await log.settle()
    async with db.read() as r:
        (parked,) = await admin.parked(r)
        assert not await admin.caught_up(r, {"notes": ["graph"]})
    assert (parked.state, parked.tries, parked.waiting) == ("dead", 5, 2)

    log.poisonous = set()
    async with db.act(db.SYSTEM) as tx:
        assert await admin.redrive(tx, "notes") == 1
    log.retry_now()
    await log.settle()

    assert [n for thing, n in await notes(database) if thing == 7] == [1, 2, 3]
    async with db.read() as r:
        assert await admin.caught_up(r, {"notes": ["graph"]})


async def test_lag_counts_what_is_not_handled(log: Log) -> None:
    await note((1, 1), (2, 1))
    async with db.read() as r:
        assert [one.events for one in await admin.lag(r, {"notes": ["graph"]})] == [2, 0]
    await log.move()
    async with db.read() as r:
        assert [one.events for one in await admin.lag(r, {"notes": ["graph"]})] == [0, 2]
    await log.settle()
    async with db.read() as r:
        assert [one.events for one in await admin.lag(r, {"notes": ["graph"]})] == [0, 0]


async def test_only_state_groups_may_be_replayed(log: Log) -> None:
    async with db.act(db.SYSTEM) as transaction:
        with pytest.raises(admin.NotReplayable):
            await admin.replay(transaction, [on("graph", "notes", log._note, tx)], "notes")


async def test_old_partitions_go_unless_a_live_group_needs_them(log: Log, database: str) -> None:
    await note((1, 1))
    await log.move()
    connection = await asyncpg.connect(database)
    await connection.execute("update log_state set pos = 999999")
    await note((1, 2))
    await log.move()
    await connection.execute("update event_log set created_at = now() - interval '8 days' where pos < 1000000")

    async def dropped() -> list[str]:
        async with db.act(db.SYSTEM) as tx:
            return await admin.drop_old(tx, {"notes": ["graph"]}, timedelta(days=7))

    await connection.execute("update event_log set created_at = now() - interval '2 days'")
    assert await dropped() == []
    await log.settle()
    await connection.execute("update event_log set created_at = now() - interval '8 days'")
    assert await dropped() == ["event_log_p0"]
    await connection.close()
    assert [n for _, n in await notes(database)] == [1, 2]


async def test_what_is_delivered_again_has_its_effect_once(log: Log, database: str) -> None:
    await note(*((thing, n) for thing in range(5) for n in range(4)))
    await log.settle()
    for _ in range(2):
        await log.deliver_again()
        await note((9, 1))
        await log.settle()

    handled = await notes(database)
    assert sorted(handled) == sorted([*((thing, n) for thing in range(5) for n in range(4)), (9, 1), (9, 1)])


async def test_the_topics_of_a_group_come_in_the_order_of_the_log(log: Log) -> None:
    """One author's facts of two topics: PostgreSQL keeps their order, and so does who merges two of the broker's."""
    seen: list[tuple[int, int]] = []

    async def see(_: db.Tx, batch: list[Event]) -> None:
        seen.extend((one.thing, one.n if isinstance(one, Noted) else -1) for one in batch)  # type: ignore[attr-defined]

    consumers = log.consumers_of(on("graph", "both", see, tx, batch=1), on("views", "both", see, tx, batch=1))
    await consumers.renew()
    (lane,) = consumers.lanes["both"]
    for n in range(10):
        await note((1, n))
        async with db.act(db.SYSTEM) as transaction:
            await publish(transaction, Elsewhere(thing=1))
        while await log.move():
            pass
        if n % 3 == 0:
            while await lane.step():
                pass
    while await lane.step():
        pass
    await consumers.close()

    assert seen == [one for n in range(10) for one in ((1, n), (1, -1))]


async def test_a_replayed_group_handles_everything_again_from_where_it_is_told(log: Log) -> None:
    seen: list[int] = []

    async def see(batch: list[Noted]) -> None:
        seen.extend(one.n for one in batch)

    subscription = on("graph", "seers", see, state)
    consumers = log.consumers_of(subscription)
    await consumers.renew()
    (lane,) = consumers.lanes["seers"]
    await note((1, 1), (1, 2))
    await note((1, 3))
    while await log.move() + await lane.step():
        pass
    assert seen == [1, 2, 3]
    async with db.read() as r:
        since = await r.value("select pos from event_log order by pos offset 1 limit 1")
    seen.clear()

    async with db.act(db.SYSTEM) as transaction:
        assert await admin.replay(transaction, [subscription], "seers", since=since) == 8
    with suppress(Fenced):
        await lane.step()
    await consumers.renew()
    await note((1, 4))
    while await log.move() + await lane.step():
        pass
    await consumers.close()

    assert seen == [3, 4]


async def test_facts_of_any_size_arrive_as_they_were_published(log: Log) -> None:
    seen: list[Long] = []

    async def see(batch: list[Long]) -> None:
        seen.extend(batch)

    consumers = log.consumers_of(on("views", "readers", see, state))
    await consumers.renew()
    (lane,) = consumers.lanes["readers"]
    facts = [Long(thing=2**62 + n, said="żółw 🐢 " * size) for n, size in enumerate((0, 1, 20_000, 60_000))]
    async with db.act(db.SYSTEM) as transaction:
        for fact in facts:
            await publish(transaction, fact)
    while await log.move() + await lane.step():
        pass
    await consumers.close()

    assert sorted(seen, key=lambda one: one.thing) == facts


async def test_a_fact_that_not_every_engine_carries_is_refused_with_its_transaction(log: Log) -> None:
    async def say(length: int) -> None:
        async with db.act(db.SYSTEM) as transaction:
            await publish(transaction, Long(thing=1, said="x" * length))

    await say(LARGEST_BYTES - 100)
    with pytest.raises(ValueError, match="bytes"):
        await say(LARGEST_BYTES)
    while await log.move():
        pass
    async with db.read() as r:
        assert await r.value("select count(*) from event_log") == 1


async def test_many_who_write_at_once_lose_and_double_nothing(log: Log, database: str) -> None:
    async def write(thing: int) -> None:
        for n in range(25):
            await note((thing, n))

    writing = asyncio.gather(*(write(thing) for thing in range(8)))
    while not writing.done():
        await log.settle()
        await asyncio.sleep(0.01)
    await log.settle()

    by_thing = defaultdict(list)
    for thing, n in await notes(database):
        by_thing[thing].append(n)
    assert by_thing == {thing: list(range(25)) for thing in range(8)}
