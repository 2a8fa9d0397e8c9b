"""What only Kafka has: topics, records that others may read, offsets committed after effects."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewTopic

from tests.engines.kafka import Kafka as Broker
from tests.platform.log_bench import Elsewhere, Log, note, notes
from tintype.entry import preparing
from tintype.platform import db
from tintype.platform.clients.kafka import Kafka, WrongTopic
from tintype.platform.clients.kafka_url import place_of
from tintype.platform.config import Settings
from tintype.platform.event_log import admin
from tintype.platform.event_log.kafka import source
from tintype.platform.event_log.kafka.records import Chained
from tintype.platform.event_log.port import PARTITIONS, part_of, publish

TOPICS = ["graph", "views"]


@pytest.fixture
async def client(kafka_broker: Broker) -> AsyncIterator[Kafka]:
    one = Kafka(kafka_broker.url_of(f"t{uuid4().hex[:12]}"), topics=TOPICS)
    yield one
    await one.close()


@pytest.fixture
async def log(database: str, client: Kafka) -> AsyncIterator[Log]:
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table notes (id bigint generated always as identity, thing bigint, n bigint)")
    opened = await Log(database, client).start()
    yield opened
    await opened.stop()


async def test_offsets_are_committed_after_the_effects_and_the_next_worker_begins_there(
    log: Log, client: Kafka, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "COMMIT_SECONDS", 0.0)
    place = TopicPartition(client.topic("graph"), part_of(1))
    await note((1, 1), (1, 2))
    while await log.move():
        pass
    assert (await client.committed("notes", [place]))[place].offset == -1

    await log.settle()
    committed = (await client.committed("notes", [place]))[place]
    assert committed.offset == 2
    assert committed.metadata.split()[1] == "2"
    await note((1, 3))
    while await log.move():
        pass
    await log.consumers.close()
    beside = await log.beside().start_consumers()
    read: list[int] = []
    original = source.KafkaSource._read

    def reading(self: source.KafkaSource, at: TopicPartition, one: Chained) -> None:
        read.append(one.event.pos)
        original(self, at, one)

    monkeypatch.setattr(source.KafkaSource, "_read", reading)
    while await beside.handle():
        pass
    await beside.consumers.close()

    assert read == [3]
    assert await notes(database) == [(1, 1), (1, 2), (1, 3)]


async def test_a_record_says_where_it_belongs(log: Log, client: Kafka) -> None:
    await note((1, 1), (2**40, 1), (1, 2))
    while await log.move():
        pass
    reader = AIOKafkaConsumer(
        client.topic("graph"), auto_offset_reset="earliest", enable_auto_commit=False, **client.options
    )
    await reader.start()
    records: list[Any] = []
    while len(records) < 3:
        for some in (await reader.getmany(timeout_ms=500)).values():
            records += some
    await reader.stop()

    async with db.read() as r:
        rows = {row["pos"]: row for row in await r.rows("select * from event_log")}
        incarnation = await r.value("select incarnation from log_state")
    for record in records:
        headers = dict(record.headers)
        row = rows[int(headers["pos"])]
        assert record.partition == row["part"] == part_of(row["key"])
        assert int.from_bytes(record.key, "big") == row["key"]
        assert record.value == row["payload"]
        assert headers["event_id"].decode() == row["event_id"].hex
        assert headers["incarnation"].decode() == incarnation.hex
        assert headers["after"] == (b"1" if row["pos"] == 3 else b"0")


async def test_what_others_write_there_is_passed_over(log: Log, client: Kafka, database: str) -> None:
    producer = AIOKafkaProducer(**client.options)
    await producer.start()
    for headers in ([], [("pos", b"x")], [("pos", b"1"), ("after", b"0"), ("incarnation", b"another")]):
        await producer.send_and_wait(client.topic("graph"), b"?", key=b"k", partition=part_of(1), headers=headers)
    await producer.stop()
    await note((1, 1))

    await log.settle()

    assert await notes(database) == [(1, 1)]


async def test_what_is_asked_of_topics_does_not_wait_until_there_is_something_to_read(
    log: Log, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker answers each connection in order, and one that reads waits there for what comes next."""
    monkeypatch.setattr(source, "LONGEST_POLL_MS", 4_500)
    await note((1, 1))
    await log.settle()
    async with db.act(db.SYSTEM) as tx:
        await publish(tx, Elsewhere(thing=1))
    async with asyncio.timeout(3):
        await log.settle()

    assert await notes(database) == [(1, 1)]


async def test_a_topic_with_other_partitions_is_refused(client: Kafka) -> None:
    topics = await client.admin()
    await topics.create_topics([NewTopic(client.topic("graph"), PARTITIONS - 1, 1)])
    with pytest.raises(WrongTopic, match="graph"):
        await client.prepare()


async def test_before_the_start_too(client: Kafka, kafka_broker: Broker, tmp_path: Path) -> None:
    topics = await client.admin()
    await topics.create_topics([NewTopic(client.topic("graph"), PARTITIONS - 1, 1)])
    with pytest.raises(preparing.Unready) as unready:
        await preparing.check(Settings(data_dir=tmp_path, kafka_url=kafka_broker.url_of(client.prefix)))
    (wrong,) = unready.value.wrong
    assert (wrong.code, wrong.setting) == ("TOPICS_WRONG", "TINTYPE_KAFKA_URL")
    assert client.topic("graph") in wrong.said


async def test_lag_tells_of_what_kafka_has_not(log: Log) -> None:
    await note((1, 1))
    await log.sequencer.step()
    async with db.read() as r:
        behind = {one.group: one.events for one in await admin.lag(r, {"notes": ["graph"]}, is_relayed=True)}
    assert behind == {"sequencer": 0, "relay": 1, "notes": 1}
    await log.settle()
    async with db.read() as r:
        behind = {one.group: one.events for one in await admin.lag(r, {"notes": ["graph"]}, is_relayed=True)}
    assert behind == {"sequencer": 0, "relay": 0, "notes": 0}


async def test_an_installation_changes_to_kafka_and_back_with_what_it_has(log: Log, database: str) -> None:
    embedded = Log(database)
    await log.consumers.close()
    await note((1, 1))
    await log.sequencer.step()
    await embedded.consumers.renew()
    await embedded.handle()
    await note((1, 2))
    await log.sequencer.step()
    await embedded.consumers.close()

    carried = await log.beside().start_consumers()
    while await log.move() + await carried.handle():
        pass
    assert await notes(database) == [(1, 1), (1, 2)]
    await carried.consumers.close()
    await note((1, 3))
    await log.sequencer.step()
    again = Log(database)
    await again.consumers.renew()
    await again.handle()
    await again.consumers.close()

    assert await notes(database) == [(1, 1), (1, 2), (1, 3)]


@pytest.mark.parametrize(
    "url",
    ["http://host:9092/x", "kafka:///x", "kafka://host/x", "kafka://a:1,b/x", "kafka://a:1/x?mechanism=MD5",
     "kafka://a:1/x?replicas=many"],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="TINTYPE_KAFKA_URL"):
        place_of(url)


def test_an_address_says_where_and_how() -> None:
    place = place_of("kafkas://ann:p%40ss@a:9092,b:9093/photos?mechanism=SCRAM-SHA-512&replicas=2")
    assert (place.brokers, place.prefix, place.is_tls) == (["a:9092", "b:9093"], "photos", True)
    assert (place.user, place.password, place.mechanism, place.replicas) == ("ann", "p@ss", "SCRAM-SHA-512", 2)
