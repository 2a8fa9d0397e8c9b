"""Kafka as this process reaches it: the address with what it says, the topics, and one guard for every call."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.commit import OffsetCommitRequest
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from tintype.platform.clients import trust
from tintype.platform.clients.kafka_url import Place, place_of
from tintype.platform.event_log.port import PARTITIONS, TOPICS
from tintype.platform.guard import Guard

CALL_SECONDS, PREPARE_SECONDS, REQUEST_MS = 5.0, 20.0, 10_000
MOST_REPLICAS, SPARE_DAYS = 3, 1
EXISTS = 36

Offsets = dict[TopicPartition, OffsetAndMetadata]
T = TypeVar("T", AIOKafkaConsumer, AIOKafkaProducer)


class WrongTopic(Exception):
    """A topic is there with another number of partitions than the log has."""


class Kafka:
    """Cheap to make: nothing connects before something is asked. Raises ValueError for an address it cannot read."""

    def __init__(self, url: str, *, topics: Iterable[str] = TOPICS, keep_days: int = 7) -> None:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # an outage is some lines of ours, not ten a second
        self.guard = Guard("kafka", CALL_SECONDS)
        self.topics = sorted(topics)
        place = place_of(url)
        self.prefix, self.options, self._replicas = place.prefix, _options(place), place.replicas
        self._keep_days = keep_days
        self._admin: AIOKafkaAdminClient | None = None
        self._asker: AIOKafkaConsumer | None = None
        self._lock = asyncio.Lock()
        self._beginning = asyncio.Lock()
        self._is_prepared = False

    def topic(self, name: str) -> str:
        """What a topic of the log is called there."""
        return f"{self.prefix}.{name}"

    def group(self, name: str) -> str:
        """What a group of consumers is called there."""
        return f"{self.prefix}.{name}"

    async def prepare(self) -> None:
        """Make the topics that are missing. Raises EngineDown; WrongTopic where one has other partitions."""
        if self._is_prepared:
            return
        async with self.guard.call(PREPARE_SECONDS), self._lock:
            wrong = [] if self._is_prepared else await self._make_topics()
        if wrong:
            raise WrongTopic(f"topics with other than {PARTITIONS} partitions: {', '.join(wrong)}")
        self._is_prepared = True

    def doubt_topics(self) -> None:
        """Something went wrong: look again, as a broker may have come back empty."""
        self._is_prepared = False

    async def _make_topics(self) -> list[str]:
        """Returns those that are wrong."""
        admin = await self.admin()
        names = [self.topic(name) for name in self.topics]
        is_made = False
        while True:
            there = {one["topic"]: one for one in await admin.describe_topics(names) if not one["error_code"]}
            missing = [name for name in names if name not in there]
            if not missing:
                return [name for name in names if len(there[name]["partitions"]) != PARTITIONS]
            if not is_made:
                cluster = await admin.describe_cluster()
                made = await admin.create_topics(self._described(missing, len(cluster["brokers"])))
                for name, code, *_ in made.topic_errors:
                    if code not in {0, EXISTS}:
                        raise for_code(code)(name)
                is_made = True
            await asyncio.sleep(0.05)

    def _described(self, names: list[str], brokers: int) -> list[NewTopic]:
        replicas = self._replicas or min(MOST_REPLICAS, brokers)
        configuration = {
            "min.insync.replicas": str(2 if replicas > 2 else 1),
            "retention.ms": str((self._keep_days + SPARE_DAYS) * 86_400_000),
            "message.timestamp.type": "CreateTime",
        }
        return [NewTopic(name, PARTITIONS, replicas, topic_configs=configuration) for name in names]

    async def committed(self, group: str, places: list[TopicPartition]) -> Offsets:
        """What a group has committed, -1 where nothing; to be called within the guard, which ends the tries."""
        while True:
            try:
                admin = await self.admin()
                found: Offsets = await admin.list_consumer_group_offsets(self.group(group), partitions=places)
                if found.keys() >= set(places):
                    return found
            except KafkaError as error:  # a new broker makes the topic of offsets when it is first asked
                if not error.retriable:
                    raise
            await asyncio.sleep(0.1)

    async def commit(self, group: str, offsets: Offsets) -> None:
        """Note how far a group is; to be called within the guard.

        Not by way of a consumer: aiokafka's coordinator of groups, which nothing else here needs, is the part of it
        that does not come back from a broker that hangs.
        """
        admin = await self.admin()
        by_topic: dict[str, list[tuple[int, int, str]]] = {}
        for place, one in offsets.items():
            by_topic.setdefault(place.topic, []).append((place.partition, one.offset, one.metadata))
        nobody, forever = OffsetCommitRequest.DEFAULT_GENERATION_ID, OffsetCommitRequest.DEFAULT_RETENTION_TIME
        name = self.group(group)
        request = OffsetCommitRequest(name, nobody, "", forever, list(by_topic.items()))
        answer = await admin._send_request(request, await admin.find_coordinator(name))
        for topic, partitions in answer.topics:
            for _, code in partitions:
                if code:
                    raise for_code(code)(topic)

    async def admin(self) -> AIOKafkaAdminClient:
        """The client for topics and offsets; to be called within the guard."""
        if self._admin is None:
            admin = AIOKafkaAdminClient(request_timeout_ms=REQUEST_MS, **self.options)
            try:
                await admin.start()
            except BaseException:
                await admin.close()
                raise
            self._admin = admin
        return self._admin

    async def asker(self) -> AIOKafkaConsumer:
        """A consumer that reads nothing, for what one may ask of topics; to be called within the guard.

        A broker answers each connection in order: on one that reads, an answer waits until there is something to read.
        """
        async with self._beginning:
            if self._asker is None:
                self._asker = await started(
                    AIOKafkaConsumer(enable_auto_commit=False, request_timeout_ms=REQUEST_MS, **self.options)
                )
        return self._asker

    async def close(self) -> None:
        if self._asker is not None:
            asker, self._asker = self._asker, None
            with suppress(Exception):
                async with asyncio.timeout(CALL_SECONDS):
                    await asker.stop()
        if self._admin is not None:
            admin, self._admin = self._admin, None
            await admin.close()


async def started(client: T) -> T:
    """A producer or consumer that has started; one that fails to, or is given up meanwhile, is stopped."""
    try:
        await client.start()
    except BaseException:
        with suppress(Exception, asyncio.CancelledError):  # of its own tasks: it cancels them
            await client.stop()
        raise
    return client


def _options(place: Place) -> dict[str, Any]:
    """What every client of aiokafka is given."""
    options: dict[str, Any] = {"bootstrap_servers": place.brokers, "client_id": "tintype"}
    if place.is_tls:
        options["ssl_context"] = trust.context()
    secured = "SSL" if place.is_tls else "PLAINTEXT"
    if place.user:
        options["sasl_mechanism"] = place.mechanism
        options["sasl_plain_username"], options["sasl_plain_password"] = place.user, place.password
        secured = f"SASL_{secured}"
    return options | {"security_protocol": secured}
