"""Kafka killed, hung, emptied, and consumers coming and going, while facts are published: none lost, none doubled.

Relay and consumers run as they do in a worker; what they did is compared with what was published, in order of each key.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from time import monotonic
from uuid import uuid4

import asyncpg
import pytest

from tests.engines import kafka
from tests.platform.log_bench import Log, Noted, note, notes
from tintype.platform import db
from tintype.platform.clients.kafka import Kafka
from tintype.platform.event_log import admin
from tintype.platform.event_log.bell import Bell
from tintype.platform.event_log.kafka.relay import SINCE
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import on, state

TOPICS = ["graph", "views"]
THINGS = 12
SETTLED_SECONDS = 60

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kafka.Kafka]:
    """One of its own: it is killed."""
    with kafka.running(tmp_path_factory.mktemp("kafka")) as one:
        yield one


class Town:
    """A log whose sequencer, relay and consumers run by themselves, and things whose facts are numbered."""

    def __init__(self, url: str, client: Kafka) -> None:
        self.log = Log(url, client)
        self.url, self.client = url, client
        self.published: Counter[int] = Counter()
        self.told: list[Noted] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def _tell(self, batch: list[Noted]) -> None:
        self.told.extend(batch)

    def start(self, bell: Bell) -> None:
        assert self.log.relay is not None
        others = self.log.consumers_of(on("graph", "told", self._tell, state))
        self._tasks = [
            asyncio.create_task(self.log.sequencer.run(bell)),
            asyncio.create_task(self.log.relay.run()),
            asyncio.create_task(self.log.consumers.run()),
            asyncio.create_task(others.run()),
        ]

    async def publish(self, seconds: float) -> None:
        """Facts of all things, one after the other, for so long."""
        until = monotonic() + seconds
        while monotonic() < until:
            facts = [(thing, self.published[thing] + 1) for thing in range(THINGS)]
            await note(*facts)
            self.published.update(range(THINGS))
            await asyncio.sleep(0.01)

    async def settled(self) -> float:
        """Wait until everything has been handled; returns how many seconds that took."""
        began = monotonic()
        while monotonic() < began + SETTLED_SECONDS:
            async with db.read() as r:
                if await admin.caught_up(r, {"notes": ["graph"], "told": ["graph"]}):
                    return monotonic() - began
            await asyncio.sleep(0.1)
        async with db.read() as r:
            raise AssertionError(f"not settled: {await admin.lag(r, {'notes': ['graph']}, is_relayed=True)}")

    async def check(self) -> None:
        """Every fact had its effect once, and in the order of its key; who may see one twice has seen each."""
        await self.settled()
        by_thing = defaultdict(list)
        for thing, n in await notes(self.url):
            by_thing[thing].append(n)
        assert by_thing == {thing: list(range(1, count + 1)) for thing, count in self.published.items()}
        assert {(one.thing, one.n) for one in self.told} == {
            (thing, n) for thing, count in self.published.items() for n in range(1, count + 1)
        }

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.log.stop()
        await self.client.close()
        kafka.close_forgotten()


@pytest.fixture
async def town(database: str, broker: kafka.Kafka, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table notes (id bigint generated always as identity, thing bigint, n bigint)")
    bell = Bell(tmp_path_factory.mktemp("b"), "sequencer")
    db.on_commit(bell.rung.set)
    one = Town(database, Kafka(broker.url_of(f"t{uuid4().hex[:12]}"), topics=TOPICS))
    one.start(bell)
    yield one
    await one.stop()
    bell.close()
    db.on_commit(lambda: None)


async def test_a_broker_that_is_killed_loses_and_doubles_nothing(town: Town, broker: kafka.Kafka) -> None:
    publishing = asyncio.create_task(town.publish(15))
    for _ in range(2):
        await asyncio.sleep(2)
        await asyncio.to_thread(broker.restart)
    await publishing
    await town.check()


async def test_a_broker_that_hangs_delays_and_nothing_more(town: Town, broker: kafka.Kafka) -> None:
    publishing = asyncio.create_task(town.publish(16))
    await asyncio.sleep(2)
    broker.pause()
    try:
        await asyncio.sleep(12)
    finally:
        broker.resume()
    await publishing
    await town.check()


async def test_a_broker_that_comes_back_empty_is_told_everything_that_is_still_needed(
    town: Town, broker: kafka.Kafka
) -> None:
    """Facts that Kafka had acknowledged and nobody had read are gone with it: PostgreSQL has them."""
    await town.publish(1)
    await town.settled()
    async with db.act(db.SYSTEM) as tx:  # nobody reads from here on
        await tx.run("update log_groups set worker = gen_random_uuid(), leased_until = now() + interval '40 seconds'")
        await tx.run("update log_groups set epoch = epoch + 1")
    await town.publish(2)
    async with db.read() as r:
        while await r.value("select max(e.pos) - (select pos from log_relay) from event_log e"):
            await asyncio.sleep(0.05)
        assert await r.value("select max(pos) from log_groups") < await r.value("select pos from log_relay")
    await asyncio.to_thread(broker.wipe)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("update log_groups set worker = null, leased_until = null, epoch = epoch + 1")
    await town.publish(2)
    await town.check()


async def test_consumers_that_come_and_go_lose_and_double_nothing(town: Town) -> None:
    publishing = asyncio.create_task(town.publish(14))
    await asyncio.sleep(1)
    beside = town.log.beside()
    working = asyncio.create_task(beside.consumers.run())
    await asyncio.sleep(5)
    async with db.read() as r:
        shares = [row["n"] for row in await r.rows(SHARES)]
    assert shares == [4, 4]
    working.cancel()  # it ends in good order and gives everything back
    await asyncio.gather(working, return_exceptions=True)
    killed = town.log.beside()
    await _killed_after(killed.consumers, 4)
    await publishing
    await town.check()


async def _killed_after(consumers: Consumers, seconds: float) -> None:
    """It takes its share and handles it, then is gone without giving anything back."""
    lanes = [lane for lanes in consumers.lanes.values() for lane in lanes]
    until = monotonic() + seconds
    while monotonic() < until:
        await consumers.renew()
        for lane in lanes:
            with suppress(Exception):
                await lane.step()
        await asyncio.sleep(0.05)
    for lane in lanes:
        await lane.close()
    await consumers._disconnect()


async def test_a_relay_that_was_cut_off_does_no_harm(town: Town) -> None:
    """Its successor has gone on when it wakes up, sends what it had before it, and then what nobody has sent yet."""
    await town.publish(1)
    await town.settled()
    zombie = town.log.beside().relay
    assert zombie is not None
    connection = await asyncpg.connect(town.url)
    rows = await connection.fetch(SINCE, 0, 5_000)
    incarnation = await connection.fetchval("select incarnation from log_state")
    zombie._incarnation = incarnation.hex.encode()

    await zombie._send(rows[: len(rows) // 2])
    publishing = asyncio.create_task(town.publish(3))
    await asyncio.sleep(0.5)
    await zombie._send(rows)
    newer = await connection.fetch(SINCE, rows[-1]["pos"] + 2, 5_000)
    await zombie._send(newer)
    await publishing

    await town.check()
    await connection.close()
    await zombie.close()


async def test_a_batch_that_was_lost_before_the_next_was_sent_is_sent_again(town: Town) -> None:
    """The relay's note runs ahead of what Kafka has, as after a broker that lost what it had acknowledged."""
    await town.publish(0.5)
    await town.settled()
    connection = await asyncpg.connect(town.url)
    async with db.act(db.SYSTEM) as tx:
        await tx.run("select from log_relay for update")  # the relay cannot note anything meanwhile
        await note(*((thing, town.published[thing] + 1) for thing in range(THINGS)))
        town.published.update(range(THINGS))
        while await connection.fetchval("select count(*) from event_inbox"):
            await asyncio.sleep(0.02)
        await tx.run("update log_relay set pos = (select pos from log_state), epoch = epoch + 1")
    await town.publish(1)

    await town.check()
    await connection.close()


SHARES = "select count(*) as n from log_groups where group_name = 'notes' group by worker order by 1"
