"""A log with one consumer group that writes down what it handles, for the tests of the event log."""

import asyncpg

from tintype.platform import db
from tintype.platform.db import Tx
from tintype.platform.event_log.leases import Consumers
from tintype.platform.event_log.port import Event, on, publish, tx
from tintype.platform.event_log.sequencer import Sequencer


class Noted(Event, frozen=True):
    """A fact of these tests: the n-th of its key."""

    topic = "graph"
    key = "thing"

    thing: int
    n: int


class Poisoned(RuntimeError):
    """What the consumer raises for things that are poisonous."""


class Log:
    """One sequencer and one worker, driven step by step."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.poisonous: set[int] = set()
        self.consumers = Consumers(url, [on("graph", "notes", self._note, tx)])
        self.sequencer = Sequencer(url, self.consumers.hand_over)

    async def _note(self, tx: Tx, batch: list[Noted]) -> None:
        for one in batch:
            if one.thing in self.poisonous:
                raise Poisoned(f"thing {one.thing}")
            await tx.run("insert into notes (thing, n) values ($1, $2)", one.thing, one.n)

    async def start(self) -> "Log":
        await self.sequencer.elect()
        await self.consumers.renew()
        return self

    async def start_consumers(self) -> "Log":
        await self.consumers.renew()
        return self

    async def stop(self) -> None:
        await self.sequencer.close()
        await self.consumers.close()

    async def settle(self) -> None:
        """Step until nothing moves."""
        while await self.sequencer.step() + await self.handle():
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
