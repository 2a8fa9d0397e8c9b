"""The engines that conformance suites run against: each started once, where this machine has what it needs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.engines import cassandra, clamav, kafka, pgbouncer, rabbitmq, redis, replica, s3
from tests.engines.counted import Engines, used
from tests.engines.postgres import TestServer
from tests.platform.log_bench import Log
from tintype.platform import db, migrations
from tintype.platform.clients.kafka import Kafka

NewFolder = Callable[[], Path]


@pytest.fixture(scope="package")
def engines() -> Iterator[Engines]:
    """What runs for these tests, and ends with the last of them: others want the machine."""
    with ExitStack() as stack:
        yield Engines(stack)


@pytest.fixture(autouse=True)
def _named(request: pytest.FixtureRequest) -> None:
    """Tests that start an engine by themselves count for it by the marker `engine`."""
    for mark in request.node.iter_markers("engine"):
        used(request.node, mark.args[0])


@pytest.fixture
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> NewFolder:
    """For an engine, which outlives the test that starts it."""
    return lambda: tmp_path_factory.mktemp("engine")


@pytest.fixture
def database(request: pytest.FixtureRequest, database: str) -> str:
    """The same, and it counts for PostgreSQL."""
    used(request.node, "postgres")
    return database


@pytest.fixture
def redis_server(request: pytest.FixtureRequest, engines: Engines, new_folder: NewFolder) -> redis.Server:
    """One Redis."""
    return engines.of(request.node, "redis", "a redis-server", lambda: redis.running(new_folder()))


@pytest.fixture
def redis_cluster(request: pytest.FixtureRequest, engines: Engines, new_folder: NewFolder) -> redis.Cluster:
    """Three masters."""
    return engines.of(request.node, "redis", "a cluster of Redis", lambda: redis.cluster(new_folder()))


@pytest.fixture(params=["redis_server", "redis_cluster"])
def engine(request: pytest.FixtureRequest) -> redis.Server | redis.Cluster:
    """What adapters to Redis stand on, empty; suites about something else have one of their own."""
    found: redis.Server | redis.Cluster = request.getfixturevalue(request.param)
    found.wipe()
    return found


@pytest.fixture
def replicated(request: pytest.FixtureRequest, engines: Engines) -> replica.Pair:
    """A PostgreSQL with the product's schema, and its replica."""
    return engines.of(request.node, "postgres", "a replicated PostgreSQL", _replicated)


@contextmanager
def _replicated() -> Iterator[replica.Pair]:
    with replica.running() as pair:
        asyncio.run(migrations.upgrade(pair.url))
        yield pair


@pytest.fixture
def pooler_port(
    request: pytest.FixtureRequest, engines: Engines, replicated: replica.Pair, new_folder: NewFolder
) -> int:
    """A pooler before `replicated`."""
    primary = replicated.primary
    return engines.of(request.node, "postgres", "pgbouncer", lambda: pgbouncer.running(new_folder(), primary))


@pytest.fixture
def s3_store(request: pytest.FixtureRequest, engines: Engines, new_folder: NewFolder) -> s3.Store:
    """An S3 store with one bucket."""
    return engines.of(request.node, "s3", "versitygw", lambda: s3.running(new_folder()))


@pytest.fixture
def cassandra_node(request: pytest.FixtureRequest, engines: Engines, new_folder: NewFolder) -> cassandra.Cassandra:
    """One Cassandra."""
    return engines.of(request.node, "cassandra", "Cassandra", lambda: cassandra.running(new_folder()))


@pytest.fixture
def kafka_broker(request: pytest.FixtureRequest, engines: Engines, new_folder: NewFolder) -> kafka.Kafka:
    """One Kafka."""
    return engines.of(request.node, "kafka", "Kafka", lambda: kafka.running(new_folder()))


@pytest.fixture
def rabbitmq_server(request: pytest.FixtureRequest, engines: Engines, new_folder: NewFolder) -> rabbitmq.Server:
    """One node."""
    return engines.of(request.node, "rabbitmq", "RabbitMQ", lambda: rabbitmq.running(new_folder()))


@pytest.fixture
def clamd(request: pytest.FixtureRequest, engines: Engines) -> clamav.Clamd:
    """A scanner that knows the EICAR test file."""
    return engines.of(request.node, "clamav", "clamd", clamav.running)


@pytest.fixture(params=["postgres", "kafka_broker"])
def carrier(request: pytest.FixtureRequest) -> TestServer | kafka.Kafka:
    """What carries the events of `log`."""
    name = "postgres_server" if request.param == "postgres" else request.param
    found: TestServer | kafka.Kafka = request.getfixturevalue(name)
    return found


@pytest.fixture
async def log(database: str, carrier: TestServer | kafka.Kafka) -> AsyncIterator[Log]:
    """A log of one's own, with a table of what was handled."""
    async with db.act(db.SYSTEM) as tx:
        await tx.run("create table notes (id bigint generated always as identity, thing bigint, n bigint)")
    broker = None
    if isinstance(carrier, kafka.Kafka):
        broker = Kafka(carrier.url_of(f"t{uuid4().hex[:12]}"), topics=["graph", "views"])
    opened = await Log(database, broker).start()
    yield opened
    await opened.stop()
    if broker is not None:
        await broker.close()
        kafka.close_forgotten()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls have short deadlines; to be named before the fixtures that open what is called."""
    monkeypatch.setattr(db, "STATEMENT_SECONDS", 2.0)
    for name in ("clients.kafka.CALL", "event_log.kafka.source.CALL", "timelines.cassandra.WRITE"):
        monkeypatch.setattr(f"tintype.platform.{name}_SECONDS", 2.0)
    for name in ("clients.kafka", "event_log.kafka.source"):
        monkeypatch.setattr(f"tintype.platform.{name}.PREPARE_SECONDS", 5.0)
