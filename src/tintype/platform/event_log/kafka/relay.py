"""The relay: produces to Kafka what is in the log, in its order, and notes in PostgreSQL how far that was acknowledged.

One at a time, elected by a session advisory lock and fenced by an epoch. One that is cut off and goes on sending writes
records that every reader drops.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress

import asyncpg
from aiokafka import AIOKafkaProducer

from tintype.platform import clock, db
from tintype.platform.clients.kafka import REQUEST_MS, Kafka, started
from tintype.platform.event_log.kafka.records import headers_of, key_of
from tintype.platform.event_log.port import PARTITIONS
from tintype.platform.guard import EngineDown
from tintype.platform.telemetry import Outage, log

LOCK = 0x7117_1061
MOST = 5_000
BATCH_BYTES = 256 * 1024
POLL_SECONDS, STANDBY_SECONDS, STOP_SECONDS = 0.1, 0.5, 3.0

Rows = list[asyncpg.Record]


class Replaced(Exception):
    """Another relay was elected."""


class Relay:
    """`run` serves until cancelled and takes over when another relay is gone; `step` hands one batch on."""

    def __init__(self, url: str, kafka: Kafka, *, most: int = MOST) -> None:
        self._url, self._kafka, self._most = url, kafka, most
        self._connection: asyncpg.Connection | None = None
        self._producer: AIOKafkaProducer | None = None
        self._epoch = 0
        self._pos: int | None = None
        self._incarnation = b""
        self._last: dict[tuple[str, int], int] = {}
        self._under_way: tuple[asyncio.Task[None], int, int] | None = None
        self._ahead: Rows = []
        self._stopping: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something new in the log."""
        self._woken.set()

    async def run(self) -> None:
        """Elect, then step; whatever is lost is waited for."""
        outage = Outage("relay.goes_on")
        while True:
            try:
                await self.elect()
                while True:
                    sent = await self.step()
                    outage.over()
                    if not sent:
                        with suppress(TimeoutError):
                            async with asyncio.timeout(POLL_SECONDS):
                                await self._woken.wait()
                        self._woken.clear()
            except EngineDown as error:
                outage.lost("relay.waits", error)
            except (*db.NO_ANSWER, Replaced) as error:
                outage.lost("relay.lost", error)
                await self._step_down()
            await asyncio.sleep(STANDBY_SECONDS)

    async def elect(self) -> None:
        """Wait until this process is the only relay, and fence off those before it. Nothing where it is."""
        if self._connection is None or self._connection.is_closed():
            self._connection = connection = await db.connect(self._url, name="kafka relay")
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                await asyncio.sleep(STANDBY_SECONDS)
            self._epoch = await connection.fetchval(ELECT)
            self._pos = None
            log.info("relay.elected", epoch=self._epoch)
        await self._kafka.prepare()

    async def step(self) -> int:
        """Hand on at most `most` events and return how many there were.

        Raises EngineDown, and then goes on with the same ones; Replaced when fenced off.
        """
        connection = self._connection
        assert connection is not None, "not elected"
        if self._under_way is None:
            await self._look()
            rows = self._ahead or await connection.fetch(SINCE, self._pos, self._most)
            if not rows:
                return 0
            self._ahead = []
            sending = asyncio.create_task(self._send(rows))
            self._under_way = sending, rows[-1]["pos"], len(rows)
            if len(rows) == self._most:
                self._ahead = await connection.fetch(SINCE, rows[-1]["pos"], self._most)
        sending, upto, count = self._under_way
        await self._acknowledged(sending)
        before, self._pos, self._under_way = self._pos, upto, None
        if not await connection.fetchval(STORE, self._epoch, before, upto):
            self._pos = None
        return count

    async def close(self) -> None:
        """Step down; what is under way is left to the next."""
        await self._step_down()
        if self._stopping:
            await asyncio.wait(self._stopping, timeout=STOP_SECONDS)

    async def _step_down(self) -> None:
        self._drop_producer()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(Exception):
                await connection.close(timeout=1)

    async def _look(self) -> None:
        """Where the relay is: elsewhere than here when somebody missed events, or the database was restored."""
        assert self._connection is not None
        row = await self._connection.fetchrow(STATE)
        if row["epoch"] != self._epoch:
            raise Replaced(f"epoch {self._epoch} was replaced by {row['epoch']}")
        incarnation = row["incarnation"].hex.encode()
        if (row["pos"], incarnation) != (self._pos, self._incarnation):
            self._pos, self._incarnation, self._ahead = row["pos"], incarnation, []
            last = await self._connection.fetch(LAST, self._kafka.topics, self._pos, PARTITIONS)
            self._last = {(one["topic"], one["part"]): one["pos"] for one in last}

    async def _acknowledged(self, sending: asyncio.Task[None]) -> None:
        """Wait for every acknowledgement. After a time-out the same ones are still under way."""
        try:
            async with self._kafka.guard.call():
                await asyncio.shield(sending)
        except EngineDown:
            self._kafka.doubt_topics()
            if sending.done():
                self._drop_producer()
            raise

    async def _send(self, rows: Rows) -> None:
        """Batch by batch in each partition, all partitions side by side."""
        producer = await self._connected()
        by_partition: dict[tuple[str, int], list[tuple[asyncpg.Record, int]]] = defaultdict(list)
        for row in rows:
            place = row["topic"], row["part"]
            by_partition[place].append((row, self._last.get(place, 0)))
            self._last[place] = row["pos"]
        async with asyncio.TaskGroup() as group:
            for place, chain in by_partition.items():
                group.create_task(self._send_chain(producer, place, chain))

    async def _send_chain(
        self, producer: AIOKafkaProducer, place: tuple[str, int], chain: list[tuple[asyncpg.Record, int]]
    ) -> None:
        topic, part = self._kafka.topic(place[0]), place[1]
        batch = producer.create_batch()
        for row, after in chain:
            record = {
                "key": key_of(row),
                "value": row["payload"],
                "timestamp": int(row["created_at"].timestamp() * 1000),
                "headers": headers_of(row, after, self._incarnation),
            }
            if batch.append(**record) is None:
                await (await producer.send_batch(batch, topic, partition=part))
                batch = producer.create_batch()
                batch.append(**record)
        await (await producer.send_batch(batch, topic, partition=part))

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = await started(
                AIOKafkaProducer(
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=REQUEST_MS,
                    **self._kafka.options,
                )
            )
        return self._producer

    def _drop_producer(self) -> None:
        """Begin anew from the stored position; what the old one still sends, everybody drops."""
        self._pos, self._ahead = None, []
        if self._under_way is not None:
            self._under_way[0].cancel()
            self._under_way = None
        if self._producer is not None:
            producer, self._producer = self._producer, None
            stopping = asyncio.create_task(_stop(producer))
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopping.discard)


async def _stop(producer: AIOKafkaProducer) -> None:
    """It flushes first, which ends when its batches are too old."""
    began = clock.monotonic()
    with suppress(Exception):
        await producer.stop()
    log.info("relay.producer_stopped", seconds=round(clock.monotonic() - began, 1))


ELECT = """
-- event log: a new relay; the first begins where a group still has something to do
insert into log_relay (pos, epoch) select coalesce(min(pos), 0), 1 from log_groups
on conflict (one_row) do update set epoch = log_relay.epoch + 1
returning epoch
"""

STATE = """
-- event log: where the relay is
select r.pos, r.epoch, s.incarnation from log_relay r cross join log_state s
"""

LAST = """
-- event log: the last event of each partition up to a position
select t.topic, p.part, last.pos
from unnest($1::text[]) as t (topic) cross join generate_series(0, $3::int - 1) as p (part)
cross join lateral (
  select e.pos from event_log e where e.topic = t.topic and e.part = p.part and e.pos <= $2 order by e.pos desc limit 1
) last
"""

SINCE = """
-- event log: what the relay has not handed on
select * from event_log where pos > $1 order by pos limit $2
"""

STORE = """
-- event log: handed on up to here, unless another relay was elected or somebody asked for events again
update log_relay set pos = $3 where epoch = $1 and pos = $2 returning true
"""
