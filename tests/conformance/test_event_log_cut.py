"""What every event log does when a worker or its engine is cut off: nothing is lost, nothing has its effect twice."""

import asyncio
from contextlib import suppress
from time import monotonic

import asyncpg
import pytest

from tests.engines.hanging import TOLD, Hangs, hung
from tests.platform.log_bench import Log, Noted, make_overdue, note, notes
from tintype.platform import db
from tintype.platform.event_log.lanes import Fenced
from tintype.platform.event_log.port import on, state

TAKEOVER_SECONDS = 10
PATIENCE = 60.0


@pytest.mark.parametrize("kill_at", range(1, 9))
async def test_a_worker_killed_at_any_statement_loses_and_doubles_nothing(
    log: Log, database: str, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks at the n-th statement of the consumer's step; a new lane goes on from what was stored."""
    log.poisonous = {3}
    await note((1, 1), (2, 1), (3, 1), (1, 2))
    while await log.move():
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
    successor = await log.beside().start_consumers()
    while await successor.handle():
        pass
    log.poisonous = set()
    for _ in range(3):
        successor.retry_now()
        await make_overdue(database)
        await successor.handle()
    await successor.consumers.close()

    assert sorted(await notes(database)) == [(1, 1), (1, 2), (2, 1), (3, 1)]


async def test_two_workers_share_and_one_takes_over_when_the_other_is_gone(log: Log, database: str) -> None:
    other = log.beside()
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
    while await log.move() + await other.handle():
        pass
    await other.consumers.close()
    assert len(await notes(database)) == 20


async def test_a_worker_whose_lease_was_taken_is_fenced(log: Log, database: str) -> None:
    await note((1, 1))
    await log.move()
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update log_groups set epoch = epoch + 1")
    with pytest.raises(Fenced):
        await log.handle()
    assert await notes(database) == []


async def test_a_state_group_whose_lease_was_taken_stores_no_position(log: Log, database: str) -> None:
    handled: list[Noted] = []

    async def take_lease_away(batch: list[Noted]) -> None:
        handled.extend(batch)
        async with db.act(db.SYSTEM) as transaction:
            await transaction.run("update log_groups set epoch = epoch + 1 where group_name = 'slow'")

    consumers = log.consumers_of(on("graph", "slow", take_lease_away, state))
    await consumers.renew()
    await note((1, 1))
    await log.move()

    with pytest.raises(Fenced):
        await consumers.lanes["slow"][0].step()

    assert len(handled) == 1
    async with db.read() as r:
        assert await r.value("select max(pos) from log_groups where group_name = 'slow'") == 0
    await consumers.close()


@pytest.mark.usefixtures("impatient")
async def test_an_engine_that_hangs_is_given_up_in_time_and_what_was_accepted_is_handled_once(
    log: Log, carrier: Hangs, database: str
) -> None:
    await note((1, 1))
    accepted = {1}
    with hung(carrier):
        for call in (note((1, 2)), log.move(), log.handle()):
            began = monotonic()
            with suppress(*TOLD, *db.CONNECTION_LOST):
                if await call is None:
                    accepted.add(2)
            assert monotonic() - began < 10
        if len(accepted) == 2:
            await note((1, 3))
            accepted.add(3)
    await log.stop()
    until = monotonic() + PATIENCE
    while not accepted <= {n for _, n in await notes(database)}:
        assert monotonic() < until
        successor = Log(database, log.broker)
        with suppress(*TOLD, *db.CONNECTION_LOST):
            await successor.start()
            await successor.settle()
        await successor.stop()
    handled = [n for _, n in await notes(database)]

    assert handled == sorted(set(handled)), "in order, and each once"
    assert accepted <= set(handled) <= {1, 2, 3}
