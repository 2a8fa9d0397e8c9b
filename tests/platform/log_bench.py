"""A log with one consumer group that writes down what it handles, for the tests of the event log."""

import asyncpg

from tintype.platform import db
from tintype.platform.clients.kafka import Kafka
from tintype.platform.db import Tx
from tintype.platform.event_log.kafka.relay import Relay
from tintype.platform.event_log.kafka.source import sources
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import Event, Subscription, on, publish, tx
from tintype.platform.event_log.sequencer import Sequencer, delivered
from tintype.platform.event_log.sources import PostgresSource


class Noted(Event, frozen=True):
    """A fact of these tests: the n-th of its key."""

    topic = "graph"
    key = "thing"

    thing: int
    n: int


class Elsewhere(Event, frozen=True):
    """A fact of another topic."""

    topic = "views"
    key = "thing"

    thing: int


class Poisoned(RuntimeError):
    """What the consumer raises for things that are poisonous."""


class Log:
    """One sequencer and one worker, driven step by step; with a broker its relay too."""

    def __init__(self, url: str, broker: Kafka | None = None) -> None:
        self.url, self.broker = url, broker
        self.poisonous: set[int] = set()
        self.relay = None if broker is None else Relay(url, broker)
        self.consumers = self.consumers_of(on("graph", "notes", self._note, tx))
        self.sequencer = Sequencer(url, self.consumers.hand_over)

    def consumers_of(self, *subscriptions: Subscription) -> Consumers:
        """Other consumers of the same log."""
        return Consumers(self.url, list(subscriptions), PostgresSource if self.broker is None else sources(self.broker))

    def beside(self) -> "Log":
        """Another worker on the same log."""
        return Log(self.url, self.broker)

    async def deliver_again(self) -> None:
        """Let consumers get once more all that they have had."""
        if self.relay is not None:
            async with db.act(db.SYSTEM) as tx:
                await tx.run("update log_relay set pos = 0")
            return
        async with db.read() as r:
            events = [delivered(row) for row in await r.rows("select * from event_log order by pos")]
        for lane in self.consumers.lanes["notes"]:
            assert isinstance(lane.source, PostgresSource)
            lane.source.seen = 0
            lane.source.hand_over(0, events)

    async def _note(self, tx: Tx, batch: list[Noted]) -> None:
        for one in batch:
            if one.thing in self.poisonous:
                raise Poisoned(f"thing {one.thing}")
            await tx.run("insert into notes (thing, n) values ($1, $2)", one.thing, one.n)

    async def start(self) -> "Log":
        await self.sequencer.elect()
        await self.consumers.renew()
        if self.relay is not None:
            await self.relay.elect()
        return self

    async def start_consumers(self) -> "Log":
        await self.consumers.renew()
        return self

    async def stop(self) -> None:
        await self.sequencer.close()
        await self.consumers.close()
        if self.relay is not None:
            await self.relay.close()

    async def move(self) -> int:
        """Make one batch of what is committed available to consumers."""
        moved = await self.sequencer.step()
        return moved + (0 if self.relay is None else await self.relay.step())

    async def settle(self) -> None:
        """Step until nothing moves."""
        while await self.move() + await self.handle():
            pass

    async def handle(self) -> int:
        return sum([await lane.step() for lanes in self.consumers.lanes.values() for lane in lanes])

    def retry_now(self) -> None:
        """Do not wait for the back-off of parked keys."""
        for lane in self.consumers.lanes["notes"]:
            lane.retry_soon()


async def note(*facts: tuple[int, int]) -> None:
    """Publish these (thing, n) in one transaction."""
    async with db.act(db.SYSTEM) as tx:
        for thing, n in facts:
            await publish(tx, Noted(thing=thing, n=n))


async def notes(url: str) -> list[tuple[int, int]]:
    """What was handled, in order."""
    connection = await asyncpg.connect(url)
    try:
        return [(row["thing"], row["n"]) for row in await connection.fetch("select thing, n from notes order by id")]
    finally:
        await connection.close()


async def make_overdue(url: str) -> None:
    """Parked keys are due for their next try."""
    connection = await asyncpg.connect(url)
    await connection.execute("update log_parked set due_at = now() - interval '1 minute' where state = 'retrying'")
    await connection.close()
