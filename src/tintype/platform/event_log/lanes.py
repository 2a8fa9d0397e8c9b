"""A lane: one task of one consumer group, with the partitions it holds, handling their events in order of position.

Effects and position commit together for `tx` and `once`; for `state` the position follows the effect.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress

import asyncpg
from opentelemetry import trace

from tintype.platform import db, telemetry
from tintype.platform.errors import Unavailable
from tintype.platform.event_log import parking
from tintype.platform.event_log.port import Delivered, Event, Subscription
from tintype.platform.event_log.sources import PostgresSource, Sources
from tintype.platform.guard import EngineDown
from tintype.platform.telemetry import log

IDLE_SECONDS = 0.5


class Fenced(Exception):
    """The partition is another worker's now; what was done in this transaction is rolled back."""


class Lane:
    """The events of `subscriptions` (all of one group) on the partitions in `epochs`."""

    def __init__(
        self, url: str, group: str, subscriptions: list[Subscription], sources: Sources = PostgresSource
    ) -> None:
        self.group = group
        self.epochs: dict[int, int] = {}
        self.kind = subscriptions[0].kind
        assert all(one.kind == self.kind for one in subscriptions), f"{group}: one kind a group"
        self._url = url
        self._by_topic = {one.topic: one for one in subscriptions}
        self._batch = min(one.batch for one in subscriptions)
        self.source = sources(group, list(self._by_topic), self._batch)
        self._stored = 0
        self._connection: asyncpg.Connection | None = None
        self._retry_at = 0.0
        self._assigned: tuple[dict[int, int], dict[int, int]] | None = None

    def hold(self, positions: dict[int, int], epochs: dict[int, int]) -> None:
        """Hold just these partitions from the next step on; a new one is read from its stored position."""
        self._assigned = (positions, epochs)
        self.wake()

    @property
    def assigned_parts(self) -> set[int]:
        """The partitions that this lane holds or will hold from its next step on."""
        return set(self.epochs if self._assigned is None else self._assigned[1])

    def wake(self) -> None:
        """Look for events at once."""
        self.source.wake()

    def retry_soon(self) -> None:
        """Look for parked keys that are due at the next step, whenever that was planned."""
        self._retry_at = 0.0
        self.wake()

    def _accept(self) -> None:
        if self._assigned is None:
            return
        (positions, epochs), self._assigned = self._assigned, None
        gained = {part: pos for part, pos in positions.items() if self.epochs.get(part) != epochs[part]}
        if gained:
            self._stored = min(gained.values())
            self._retry_at = 0.0
        if gained or epochs.keys() != self.epochs.keys():
            self.source.hold(gained, epochs)
        self.epochs = epochs

    async def run(self) -> None:
        """Step whenever woken, until cancelled."""
        outage = telemetry.Outage("lane.goes_on", group=self.group)
        while True:
            more = 0
            try:
                more = await self.step()
                outage.over()
            except (Unavailable, EngineDown) as error:
                outage.lost("lane.waits", error)
                await asyncio.sleep(1)
            except Fenced:
                self._let_go()
            except (*db.CONNECTION_LOST, TimeoutError) as error:
                outage.lost("lane.lost", error)
                await self._disconnect()
                await asyncio.sleep(0.3)
            if not more:
                await self.source.wait(IDLE_SECONDS)

    async def step(self) -> int:
        """Handle what is due of parked keys, then one batch; returns how many events that were."""
        self._accept()
        if not self.epochs:
            return 0
        if self._connection is None or self._connection.is_closed():
            self._connection = await db.connect(self._url, name=self.group)
            self.source.forget()
        again = await self._retry()
        events, upto = await self.source.next(self._connection)
        mine = [event for event in events if event.part in self.epochs]
        if mine:
            with telemetry.HANDLE_TIME.labels(self.group).time():
                await self._handle(mine)
        elif upto - self._stored > self._batch:
            await self._advance(upto)
            self._stored = upto
        await self.source.done()
        return len(mine) + again

    async def close(self) -> None:
        await self._disconnect()
        await self.source.close()

    async def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(Exception):
                await connection.close(timeout=1)

    def _let_go(self) -> None:
        self.epochs = {}
        self.source.hold({}, ())

    async def _handle(self, events: list[Delivered]) -> None:
        try:
            await self._effect(events)
        except (Fenced, Unavailable, EngineDown, *db.CONNECTION_LOST):
            raise
        except Exception as error:
            if len(events) > 1:
                for event in events:
                    await self._handle([event])
                return
            log.warning("consumer.failed", group=self.group, type=events[0].type, pos=events[0].pos, error=repr(error))
            telemetry.HANDLED.labels(self.group, "failed").inc()
            await self._park(events[0], error)

    async def _effect(self, events: list[Delivered]) -> None:
        """The consumers' work on these events, and the new position."""
        assert self._connection is not None
        if self.kind == "state":
            fresh = await self._unhandled_yet(events)
            await self._consume(None, fresh)
            await self._store_held(events)
        else:
            async with db.transaction(self._connection, db.SYSTEM) as tx:
                fresh = await self._unhandled(tx, events)
                await self._consume(tx, fresh)
                await self._store(tx, events)
        telemetry.HANDLED.labels(self.group, "done").inc(len(fresh))

    async def _unhandled(self, tx: db.Tx, events: list[Delivered]) -> list[Delivered]:
        """Lock the positions, check the lease, drop what was handled before, queue what a parked key holds back."""
        fresh, is_parked = self._fresh(events, await tx.rows(LOCK_POSITIONS, self.group, _parts(events)))
        return await parking.queue_behind(tx, self.group, fresh) if is_parked else fresh

    async def _unhandled_yet(self, events: list[Delivered]) -> list[Delivered]:
        """The same without locks, as a repetition is harmless; a transaction only where keys are parked."""
        assert self._connection is not None
        rows = await db.Reader(self._connection).rows(POSITIONS, self.group, _parts(events))
        fresh, is_parked = self._fresh(events, rows)
        if not is_parked:
            return fresh
        async with db.transaction(self._connection, db.SYSTEM) as tx:
            return await self._unhandled(tx, events)

    def _fresh(self, events: list[Delivered], rows: list[asyncpg.Record]) -> tuple[list[Delivered], bool]:
        """What lies behind the stored positions, and whether any key of these partitions is parked.

        Only who holds the lease parks, so this cannot change between the row's lock and the look at parked keys.
        """
        if any(row["epoch"] != self.epochs.get(row["part"]) for row in rows):
            raise Fenced
        stored = {row["part"]: row["pos"] for row in rows}
        return [event for event in events if event.pos > stored[event.part]], any(row["is_parked"] for row in rows)

    async def _store(self, tx: db.Tx, events: Iterable[Delivered]) -> None:
        last = _last(events)
        await tx.run(STORE, self.group, list(last), list(last.values()))

    async def _store_held(self, events: Iterable[Delivered]) -> None:
        """Positions and the check of the lease in one statement."""
        assert self._connection is not None
        last = _last(events)
        epochs = [self.epochs.get(part) for part in last]
        arguments = (self.group, list(last), list(last.values()), epochs)
        if len(await db.Reader(self._connection).rows(STORE_HELD, *arguments)) < len(last):
            raise Fenced

    async def _consume(self, tx: db.Tx | None, events: list[Delivered]) -> None:
        for topic, subscription in self._by_topic.items():
            batch = [one for one in events if one.topic == topic]
            typed = [one.event() for one in batch]
            wanted = [event for event in typed if not subscription.only or isinstance(event, subscription.only)]
            if wanted:
                await _call(subscription, tx, wanted, batch)

    async def _park(self, event: Delivered, error: Exception) -> None:
        assert self._connection is not None
        async with db.transaction(self._connection, db.SYSTEM) as tx:
            if await self._unhandled(tx, [event]):
                await parking.park(tx, self.group, event, error)
            await self._store(tx, [event])
        self._retry_at = 0.0

    async def _retry(self) -> int:
        """Try the parked keys that are due again, each in order of position."""
        if time.monotonic() < self._retry_at:
            return 0
        assert self._connection is not None
        done = 0
        for topic, key in await parking.due(self._connection, self.group, list(self.epochs)):
            done += await self._retry_key(topic, key)
        wait = await parking.next_due(self._connection, self.group, list(self.epochs))
        self._retry_at = time.monotonic() + (IDLE_SECONDS * 10 if wait is None else min(max(wait, 0.02), 5))
        return done

    async def _retry_key(self, topic: str, key: int) -> int:
        assert self._connection is not None
        done = 0
        while True:
            try:
                async with db.transaction(self._connection, db.SYSTEM) as tx:
                    await self._check_lease(tx)
                    event = await parking.head(tx, self.group, topic, key)
                    if event is None:
                        return done
                    await self._consume(tx if self.kind != "state" else None, [event])
                    await parking.release(tx, self.group, event)
                done += 1
            except (Fenced, Unavailable, EngineDown, *db.CONNECTION_LOST):
                raise
            except Exception as error:
                async with db.transaction(self._connection, db.SYSTEM) as tx:
                    await parking.failed(tx, self.group, topic, key, error)
                return done

    async def _check_lease(self, tx: db.Tx) -> None:
        for row in await tx.rows(LOCK_POSITIONS, self.group, sorted(self.epochs)):
            if row["epoch"] != self.epochs.get(row["part"]):
                raise Fenced

    async def _advance(self, upto: int) -> None:
        """Nothing for this group up to here: say so, so that the log may be dropped below."""
        assert self._connection is not None
        async with db.transaction(self._connection, db.SYSTEM) as tx:
            await self._check_lease(tx)
            await tx.run(STORE, self.group, list(self.epochs), [upto] * len(self.epochs))


def _parts(events: Iterable[Delivered]) -> list[int]:
    return sorted({event.part for event in events})


def _last(events: Iterable[Delivered]) -> dict[int, int]:
    """The last position of each partition."""
    last: dict[int, int] = {}
    for event in events:
        last[event.part] = max(event.pos, last.get(event.part, 0))
    return last


async def _call(subscription: Subscription, tx: db.Tx | None, events: list[Event], batch: list[Delivered]) -> None:
    links = [
        trace.Link(context)
        for one in batch[1:33]
        if one.headers and (context := telemetry.context_of(one.headers)) is not None
    ]
    name = f"{subscription.group} {subscription.topic}"
    with telemetry.span(name, batch[0].headers, links=links, events=len(events)):
        if tx is None:
            await subscription.consumer(events)
        else:
            await subscription.consumer(tx, events)


POSITIONS = """
-- event log: the stored positions of some partitions, and whether any key of theirs is parked
select part, pos, epoch, exists (
  select from log_parked p where p.group_name = g.group_name and p.part = any($2::smallint[])
) as is_parked
from log_groups g where group_name = $1 and part = any($2::smallint[]) order by part
"""

LOCK_POSITIONS = POSITIONS + "for update of g"

STORE = """
-- event log: handled up to here; a position only grows
update log_groups g set pos = new.pos
from unnest($2::smallint[], $3::bigint[]) as new (part, pos)
where g.group_name = $1 and g.part = new.part and g.pos < new.pos
"""

STORE_HELD = """
-- event log: the same where the lease is still held; locked in the order in which leases are
with held as materialized (
  select part, epoch from log_groups where group_name = $1 and part = any($2::smallint[]) order by part for update
)
update log_groups g set pos = greatest(g.pos, new.pos)
from held join unnest($2::smallint[], $3::bigint[], $4::bigint[]) as new (part, pos, epoch)
  on held.part = new.part and held.epoch = new.epoch
where g.group_name = $1 and g.part = new.part returning g.part
"""
