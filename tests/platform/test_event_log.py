"""The log inside of PostgreSQL: its sequencer, and what is handed over in memory. tests/conformance has the rest."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.platform.log_bench import Elsewhere, Log, note, notes
from tintype.platform import db
from tintype.platform.event_log.lanes import Lane
from tintype.platform.event_log.port import publish
from tintype.platform.event_log.sequencer import Sequencer
from tintype.platform.event_log.sources import PostgresSource

TAKEOVER_SECONDS = 10


@pytest.fixture
async def log(database: str) -> AsyncIterator[Log]:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table notes (id bigint generated always as identity, thing bigint, n bigint)")
    opened = await Log(database).start()
    yield opened
    await opened.stop()


async def test_every_event_delivered_three_times_leaves_the_same_state(log: Log, database: str) -> None:
    handed: list[Any] = []
    log.sequencer._moved = handed.append
    await note(*((thing, n) for thing in range(5) for n in range(4)))
    while await log.sequencer.step():
        pass
    for _ in range(3):
        for events in handed:
            for lane in log.consumers.lanes["notes"]:
                assert isinstance(lane.source, PostgresSource)
                lane.source.seen = 0
                lane.source.hand_over(events[0].pos - 1, events)
            await log.handle()
    handled = await notes(database)

    assert sorted(handled) == sorted({(thing, n) for thing in range(5) for n in range(4)})


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


async def test_a_gap_in_what_is_handed_over_is_fetched(log: Log, database: str) -> None:
    handed: list[Any] = []
    log.sequencer._moved = handed.append
    await note((1, 1))
    await log.sequencer.step()
    await note((1, 2))
    await log.sequencer.step()
    lanes: list[Lane] = log.consumers.lanes["notes"]
    for lane in lanes:
        lane.source.hand_over(handed[1][0].pos - 1, handed[1])  # the first was never handed over

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
