"""What a lane reads of Kafka: for each partition the events of its topics, merged by position, none missing.

Which partitions a lane has, and how far its group is, PostgreSQL says: leases and positions are the same as without
Kafka, effects commit together with them, and the offset in Kafka is committed after. It only says where to begin.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from time import monotonic

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from tintype.platform import clock
from tintype.platform.clients.kafka import CALL_SECONDS, PREPARE_SECONDS, REQUEST_MS, Kafka, started
from tintype.platform.event_log.kafka.records import Chained, chained
from tintype.platform.event_log.port import Delivered
from tintype.platform.event_log.sources import Sources
from tintype.platform.guard import EngineDown
from tintype.platform.telemetry import log

POLL_MS, HELD_SECONDS, COMMIT_SECONDS, ASK_SECONDS = 100, 0.02, 1.0, 10.0
# A reader of one partition waits for a read of others that is under way, so no read may wait for long.
MOST_RECORDS, LONGEST_POLL_MS = 2_000, 500
CLOCKS_DIFFER_SECONDS = 3_600


def sources(kafka: Kafka) -> Sources:
    """The sources of all lanes of this process."""

    def of(group: str, topics: list[str], batch: int) -> "KafkaSource":
        return KafkaSource(kafka, group, topics, batch)

    return of


class KafkaSource:
    """A consumer of its own for each lane, since every group is somewhere else."""

    def __init__(self, kafka: Kafka, group: str, topics: list[str], batch: int) -> None:
        self._kafka, self._group, self._batch = kafka, group, batch
        self._names = {kafka.topic(name): name for name in topics}
        self._consumer: AIOKafkaConsumer | None = None
        self._waiting: dict[TopicPartition, deque[Chained]] = {}  # read, not given
        self._queues: dict[int, list[deque[Chained]]] = {}  # the same by partition
        self._offset: dict[TopicPartition, int] = {}  # the next to read
        self._seen: dict[TopicPartition, int] = {}  # the last position that was read
        self._had: dict[TopicPartition, int] = {}  # the last position that had its effects
        self._given: list[Delivered] = []
        self._complete = 0  # up to here nothing is missing in any partition
        self._incarnation = ""
        self._gained: dict[int, int] = {}
        self._parts: list[int] = []
        self._is_changed = False
        self._committed: dict[TopicPartition, int] = {}
        self._commit_at = 0.0
        self._asked = (0, 0.0)
        self._woken = asyncio.Event()

    def hold(self, gained: Mapping[int, int], parts: Iterable[int]) -> None:
        self._parts = list(parts)
        self._gained = {part: pos for part, pos in {**self._gained, **gained}.items() if part in self._parts}
        self._given = [one for one in self._given if one.part in self._parts and one.part not in self._gained]
        self._is_changed = True

    def hand_over(self, before: int, events: list[Delivered]) -> None:
        """What was just moved comes by way of Kafka."""

    def forget(self) -> None:
        """What was read stays read."""

    def wake(self) -> None:
        self._woken.set()

    async def next(self, connection: asyncpg.Connection) -> tuple[list[Delivered], int]:
        """Raises EngineDown."""
        if self._is_changed:
            await self._begin(connection)
        self._given = self._given or self._take()
        if not self._given:
            await self._catch_up(connection)
        return self._given, 0 if self._given else self._complete

    async def done(self) -> None:
        for event in self._given:
            self._had[TopicPartition(self._kafka.topic(event.topic), event.part)] = event.pos
        self._given = []
        if monotonic() >= self._commit_at:
            await self._commit()

    async def wait(self, seconds: float) -> None:
        if self._consumer is None or self._is_changed or not self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
        else:
            is_held = any(self._waiting.values())
            polling = asyncio.create_task(self._poll(HELD_SECONDS if is_held else seconds))
            waking = asyncio.create_task(self._woken.wait())
            await asyncio.wait({polling, waking}, return_when=asyncio.FIRST_COMPLETED)
            for task in (polling, waking):
                task.cancel()
            await asyncio.gather(polling, waking, return_exceptions=True)
        self._woken.clear()

    async def close(self) -> None:
        if self._consumer is not None:
            if self._kafka.guard.is_up and not self._is_changed and not self._given:
                await self._commit()
            consumer, self._consumer = self._consumer, None
            with suppress(Exception):
                async with asyncio.timeout(CALL_SECONDS):
                    await consumer.stop()

    @asynccontextmanager
    async def _called(self, seconds: float = CALL_SECONDS) -> AsyncIterator[None]:
        """Within the guard; after a failure everything is asked anew: the broker may have come back empty."""
        try:
            async with self._kafka.guard.call(seconds):
                yield
        except EngineDown:
            self._kafka.doubt_topics()
            self._is_changed = True
            raise

    # Which partitions, and where each begins

    async def _begin(self, connection: asyncpg.Connection) -> None:
        await self._kafka.prepare()
        stored, parts = dict(self._gained), self._parts
        self._incarnation = (await connection.fetchval(INCARNATION)).hex
        since = await connection.fetchval(BEGAN, min(stored.values(), default=0))
        places = [TopicPartition(topic, part) for topic in self._names for part in parts]
        gained = [place for place in places if place.partition in stored or place not in self._waiting]
        async with self._called(PREPARE_SECONDS):
            consumer = await self._connected()
            consumer.assign(places)
            starts = await self._starts(gained, stored, clock.millis() / 1000 if since is None else since)
            self._offset = {place: starts.get(place, self._offset.get(place, 0)) for place in places}
            for place, offset in self._offset.items():
                consumer.seek(place, offset)
        for place in gained:
            self._waiting[place] = deque()
            self._seen[place] = self._had[place] = stored.get(place.partition, 0)
        for kept in (self._waiting, self._seen, self._had, self._committed):
            for place in kept.keys() - set(places):
                kept.pop(place)
        self._queues = {part: [self._waiting[TopicPartition(topic, part)] for topic in self._names] for part in parts}
        if gained:
            self._complete = 0
        self._gained, self._is_changed = {}, False

    async def _connected(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            self._consumer = await started(
                AIOKafkaConsumer(
                    enable_auto_commit=False,
                    auto_offset_reset="earliest",
                    fetch_max_wait_ms=LONGEST_POLL_MS,
                    request_timeout_ms=REQUEST_MS,
                    **self._kafka.options,
                )
            )
        return self._consumer

    async def _starts(
        self, places: list[TopicPartition], stored: Mapping[int, int], since: float
    ) -> dict[TopicPartition, int]:
        """The committed offset where it lies before the stored position, else one found by the time of the events."""
        if not places:
            return {}
        committed = await self._kafka.committed(self._group, places)
        starts = {}
        for place, one in committed.items():
            incarnation, _, pos = one.metadata.partition(" ")
            if one.offset >= 0 and incarnation == self._incarnation and int(pos) <= stored.get(place.partition, 0):
                starts[place] = self._committed[place] = one.offset
        others = [place for place in places if place not in starts]
        if others:
            asker = await self._kafka.asker()
            ends = await asker.end_offsets(others)
            moment = int((since - CLOCKS_DIFFER_SECONDS) * 1000)
            found = await asker.offsets_for_times(dict.fromkeys(others, moment))
            starts |= {place: ends[place] if (one := found[place]) is None else one.offset for place in others}
        return starts

    # What comes next

    def _take(self) -> list[Delivered]:
        """At most a batch of what may be given, the oldest first."""
        heads = [(first[0].event.pos, part) for part in self._queues if (first := self._first(part)) is not None]
        heapq.heapify(heads)
        taken: list[Delivered] = []
        while heads and len(taken) < self._batch:
            _, part = heapq.heappop(heads)
            if (first := self._first(part)) is not None:
                taken.append(first.popleft().event)
            if (first := self._first(part)) is not None:
                heapq.heappush(heads, (first[0].event.pos, part))
        return taken

    def _first(self, part: int) -> deque[Chained] | None:
        """Where the oldest event of a partition waits, unless another topic may still have an older one."""
        queues = self._queues[part]
        filled = [queue for queue in queues if queue]
        if not filled:
            return None
        oldest = min(filled, key=_position) if len(filled) > 1 else filled[0]
        return oldest if len(filled) == len(queues) or _position(oldest) <= self._complete else None

    async def _catch_up(self, connection: asyncpg.Connection) -> None:
        """Read up to where the relay is, and see that nothing is missing."""
        row = await connection.fetchrow(RELAYED)
        if row is None or row["pos"] <= self._complete or not self._waiting:
            return
        self._incarnation = row["incarnation"].hex
        assert self._consumer is not None
        async with self._called():
            ends = await (await self._kafka.asker()).end_offsets(list(self._waiting))
            while not self._given and not await self._is_read(ends):
                await self._poll(POLL_MS / 1000)
                self._given = self._take()
        if not self._given:
            self._complete = await self._checked(connection, row["pos"])
            self._given = self._take()

    async def _is_read(self, ends: Mapping[TopicPartition, int]) -> bool:
        assert self._consumer is not None
        for place, end in ends.items():
            if self._offset[place] < end and await self._consumer.position(place) < end:
                return False
        return True

    async def _poll(self, seconds: float) -> None:
        assert self._consumer is not None
        wanted = [place for place, waiting in self._waiting.items() if len(waiting) < self._batch]
        if not wanted:
            await asyncio.sleep(HELD_SECONDS)
            return
        found = await self._consumer.getmany(*wanted, timeout_ms=int(seconds * 1000), max_records=MOST_RECORDS)
        for place, records in found.items():
            for record in records:
                self._offset[place] = record.offset + 1
                try:
                    self._read(place, chained(record, self._names[place.topic]))
                except (KeyError, ValueError, AssertionError) as error:
                    log.error("kafka.no_event", topic=place.topic, offset=record.offset, error=repr(error))

    def _read(self, place: TopicPartition, one: Chained) -> None:
        is_new = one.incarnation == self._incarnation and one.event.pos > self._seen[place]
        if is_new and one.after <= self._seen[place]:
            self._seen[place] = one.event.pos
            self._waiting[place].append(one)

    async def _checked(self, connection: asyncpg.Connection, upto: int) -> int:
        """Up to where nothing is missing, by the log itself; what is missing the relay is asked to send again."""
        places = list(self._waiting)
        missed: int | None = await connection.fetchval(
            MISSED,
            [self._names[place.topic] for place in places],
            [place.partition for place in places],
            [max(self._seen[place], self._complete) for place in places],
            upto,
        )
        if missed is None:
            return upto
        before, at = self._asked
        if missed != before or monotonic() - at > ASK_SECONDS:
            self._asked = missed, monotonic()
            log.warning("kafka.incomplete", group=self._group, missing=missed, upto=upto)
            await connection.execute(ASK_AGAIN, missed - 1)
        return missed - 1

    async def _commit(self) -> None:
        """Tell Kafka how far the group is: for who looks there, and for where to begin."""
        self._commit_at = monotonic() + COMMIT_SECONDS
        reached = {
            place: waiting[0].offset if waiting else self._offset[place] for place, waiting in self._waiting.items()
        }
        new = {place: offset for place, offset in reached.items() if offset != self._committed.get(place, 0)}
        if not new:
            return
        described = {
            place: OffsetAndMetadata(offset, f"{self._incarnation} {self._had[place]}") for place, offset in new.items()
        }
        try:
            async with self._kafka.guard.call():
                await self._kafka.commit(self._group, described)
        except EngineDown as error:  # the next says it too
            log.info("kafka.offsets_not_committed", group=self._group, error=str(error))
        else:
            self._committed |= new


def _position(queue: deque[Chained]) -> int:
    return queue[0].event.pos


INCARNATION = """
-- event log: which life of the database this is
select incarnation from log_state
"""

BEGAN = """
-- event log: when the first event behind a position was published
select extract(epoch from created_at)::float8 from event_log where pos > $1 order by pos limit 1
"""

RELAYED = """
-- event log: up to where a broker has everything
select r.pos, s.incarnation from log_relay r cross join log_state s
"""

MISSED = """
-- event log: the first event of some topics and partitions that a reader of the broker has not seen
select min(first.pos) from unnest($1::text[], $2::smallint[], $3::bigint[]) as place (topic, part, seen)
cross join lateral (
  select e.pos from event_log e
  where e.topic = place.topic and e.part = place.part and e.pos > place.seen and e.pos <= $4 order by e.pos limit 1
) first
"""

ASK_AGAIN = """
-- event log: let the relay begin again behind a position
update log_relay set pos = least(pos, $1)
"""
