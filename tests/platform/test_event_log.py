"""The event log under real concurrent transactions: order, nothing lost, nothing doubled, poison, takeover."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from tests.platform.log_bench import Log, Noted, note, notes
from tintype.platform import db
from tintype.platform.event_log import admin
from tintype.platform.event_log.lanes import Fenced, Lane
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import Event, on, publish, state, tx
from tintype.platform.event_log.sequencer import Sequencer

TAKEOVER_SECONDS = 10


class Elsewhere(Event, frozen=True):
    """A fact that no group of these tests handles."""

    topic = "views"
    key = "thing"

    thing: int


@pytest.fixture
async def log(database: str) -> AsyncIterator[Log]:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table notes (id bigint generated always as identity, thing bigint, n bigint)")
    opened = await Log(database).start()
    yield opened
    await opened.stop()


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
            await log.sequencer.step()
            await asyncio.sleep(0)

    moving = asyncio.create_task(move())
    await asyncio.gather(*(write(thing) for thing in (1, 2, 3) for _ in range(40)))
    moving.cancel()
    await asyncio.gather(moving, return_exceptions=True)
    await log.sequencer.close()
    await log.sequencer.elect()
    await log.settle()

    by_thing = defaultdict(list)
    for thing, n in await notes(database):
        by_thing[thing].append(n)
    assert by_thing == {thing: list(range(1, 41)) for thing in (1, 2, 3)}


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
        await _overdue(database)
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


async def _overdue(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("update log_parked set due_at = now() - interval '1 minute' where state = 'retrying'")
    await connection.close()


async def test_every_event_delivered_three_times_leaves_the_same_state(log: Log, database: str) -> None:
    handed: list[Any] = []
    log.sequencer._moved = handed.append
    await note(*((thing, n) for thing in range(5) for n in range(4)))
    while await log.sequencer.step():
        pass
    for _ in range(3):
        for events in handed:
            for lane in log.consumers.lanes["notes"]:
                lane._seen = 0
                lane.hand_over(events[0].pos - 1, events)
            await log.handle()
    handled = await notes(database)

    assert sorted(handled) == sorted({(thing, n) for thing in range(5) for n in range(4)})


@pytest.mark.parametrize("kill_at", range(1, 9))
async def test_a_worker_killed_at_any_statement_loses_and_doubles_nothing(
    log: Log, database: str, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks at the n-th statement of the consumer's step; a new lane goes on from what was stored."""
    log.poisonous = {3}
    await note((1, 1), (2, 1), (3, 1), (1, 2))
    while await log.sequencer.step():
        pass
    statements = 0
    original = db.Tx.run

    async def breaking(self: db.Tx, sql: str, *args: object) -> int:
        nonlocal statements
        statements += 1
        if statements == kill_at:
            self.connection.terminate()
            raise asyncpg.ConnectionDoesNotExistError("killed")
        return await original(self, sql, *args)

    monkeypatch.setattr(db.Tx, "run", breaking)
    with suppress(*db.CONNECTION_LOST):
        for _ in range(3):
            await log.handle()
    monkeypatch.undo()
    await log.consumers.close()
    successor = await Log(database).start_consumers()
    while await successor.handle():
        pass
    log.poisonous = set()
    for _ in range(3):
        successor.retry_now()
        await _overdue(database)
        await successor.handle()
    await successor.consumers.close()

    assert sorted(await notes(database)) == [(1, 1), (1, 2), (2, 1), (3, 1)]


async def test_a_sequencer_that_was_replaced_moves_nothing(log: Log, database: str) -> None:
    await note((1, 1))
    connection = await asyncpg.connect(database)
    await connection.execute("update log_state set epoch = epoch + 1")
    with pytest.raises(asyncpg.PostgresError, match="was replaced"):
        await log.sequencer.step()
    assert await connection.fetchval("select count(*) from event_inbox") == 1
    await connection.close()
    await log.sequencer.close()
    await log.sequencer.elect()

    await log.settle()

    assert await notes(database) == [(1, 1)]


async def test_only_one_sequencer_is_elected_and_the_next_takes_over(log: Log, database: str) -> None:
    second = Sequencer(database, log.consumers.hand_over)
    standing = asyncio.create_task(second.elect())
    await asyncio.sleep(0)
    assert not standing.done()
    await log.sequencer.close()
    await asyncio.wait_for(standing, TAKEOVER_SECONDS)
    await note((1, 1))
    assert await second.step() == 1
    await second.close()


async def test_two_workers_share_and_one_takes_over_when_the_other_is_gone(log: Log, database: str) -> None:
    other = Log(database)
    await other.consumers.renew()
    await log.consumers.renew()
    await other.consumers.renew()
    held = [len(lane.assigned_parts) for one in (log, other) for lane in one.consumers.lanes["notes"]]
    assert held == [4, 4]

    for lane in log.consumers.lanes["notes"]:
        await lane.close()  # killed: it gives nothing back
    deadline = asyncio.get_running_loop().time() + TAKEOVER_SECONDS
    while len(other.consumers.lanes["notes"][0].assigned_parts) < 8:
        assert asyncio.get_running_loop().time() < deadline, "not taken over in time"
        await asyncio.sleep(0.5)
        await other.consumers.renew()

    await note(*((thing, 1) for thing in range(20)))
    other.sequencer = log.sequencer
    other.sequencer._moved = other.consumers.hand_over
    await other.settle()
    await other.consumers.close()
    assert len(await notes(database)) == 20


async def test_a_worker_whose_lease_was_taken_is_fenced(log: Log, database: str) -> None:
    await note((1, 1))
    await log.sequencer.step()
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update log_groups set epoch = epoch + 1")
    from tintype.platform.event_log.lanes import Fenced

    with pytest.raises(Fenced):
        await log.handle()
    assert await notes(database) == []


async def test_lag_counts_what_is_not_handled(log: Log) -> None:
    await note((1, 1), (2, 1))
    async with db.read() as r:
        assert [one.events for one in await admin.lag(r, {"notes": ["graph"]})] == [2, 0]
    await log.sequencer.step()
    async with db.read() as r:
        assert [one.events for one in await admin.lag(r, {"notes": ["graph"]})] == [0, 2]
    await log.settle()
    async with db.read() as r:
        assert [one.events for one in await admin.lag(r, {"notes": ["graph"]})] == [0, 0]


async def test_old_partitions_go_unless_a_live_group_needs_them(log: Log, database: str) -> None:
    from datetime import timedelta

    await note((1, 1))
    await log.sequencer.step()
    connection = await asyncpg.connect(database)
    await connection.execute("update log_state set pos = 999999")
    await note((1, 2))
    await log.sequencer.step()
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


async def test_only_state_groups_may_be_replayed(log: Log) -> None:
    async with db.act(db.SYSTEM) as transaction:
        with pytest.raises(admin.NotReplayable):
            await admin.replay(transaction, [on("graph", "notes", log._note, tx)], "notes")


async def test_a_gap_in_what_is_handed_over_is_fetched(log: Log, database: str) -> None:
    handed: list[Any] = []
    log.sequencer._moved = handed.append
    await note((1, 1))
    await log.sequencer.step()
    await note((1, 2))
    await log.sequencer.step()
    lanes: list[Lane] = log.consumers.lanes["notes"]
    for lane in lanes:
        lane.hand_over(handed[1][0].pos - 1, handed[1])  # the first was never handed over

    await log.handle()
    await log.handle()

    assert await notes(database) == [(1, 1), (1, 2)]


async def test_a_woken_lane_finds_its_events_at_once_whatever_others_came_before(log: Log, database: str) -> None:
    (lane,) = log.consumers.lanes["notes"]
    await lane.step()
    for n in (1, 2):
        async with db.act(db.SYSTEM) as transaction:
            await publish(transaction, Elsewhere(thing=n))
        await log.sequencer.step()
    await note((1, 1))
    await log.sequencer.step()
    await note((1, 2))
    await log.sequencer.step()

    assert await lane.step() == 2
    assert await notes(database) == [(1, 1), (1, 2)]


async def test_a_state_group_whose_lease_was_taken_stores_no_position(log: Log, database: str) -> None:
    handled: list[Noted] = []

    async def take_lease_away(batch: list[Noted]) -> None:
        handled.extend(batch)
        async with db.act(db.SYSTEM) as transaction:
            await transaction.run("update log_groups set epoch = epoch + 1 where group_name = 'slow'")

    consumers = Consumers(database, [on("graph", "slow", take_lease_away, state)])
    await consumers.renew()
    await note((1, 1))
    await log.sequencer.step()

    with pytest.raises(Fenced):
        await consumers.lanes["slow"][0].step()

    assert len(handled) == 1
    async with db.read() as r:
        assert await r.value("select max(pos) from log_groups where group_name = 'slow'") == 0
    await consumers.close()
