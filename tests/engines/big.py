"""Every engine at once: what an installation stands on once it has outgrown one machine, on loopback."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from tests.engines import cassandra, clamav, kafka, rabbitmq, redis, replica, s3
from tests.engines.cache import Missing
from tintype.platform import migrations


class Place(NamedTuple):
    """An installation's own part of the engines: its database and, in `more`, every other setting by its name."""

    url: str
    more: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """All settings, named as `tests.engines.product.installed` takes them."""
        return {name.upper(): value for name, value in {"database_url": self.url, **self.more}.items()}


class Big(NamedTuple):
    """The engines, running."""

    postgres: replica.Pair
    redis: redis.Cluster
    kafka: kafka.Kafka
    cassandra: cassandra.Cassandra
    s3: s3.Store
    rabbitmq: rabbitmq.Server
    clamd: clamav.Clamd

    def place(self) -> Place:
        """Room for a new installation: a migrated database, a keyspace, topics, queues and a bucket that nobody has.

        Redis is emptied, as it holds one installation at a time. Nobody may be in the database that others are made of.
        """
        name = _new_name()
        engines = {
            "redis_url": self.redis.url,
            "kafka_url": self.kafka.url_of(name),
            "cassandra_url": self.cassandra.url_of(name),
            "s3_url": self.s3.make(name),
            "s3_key": s3.KEY,
            "s3_secret": s3.SECRET,
            "rabbitmq_url": self.rabbitmq.vhost(name),
            "clamd_url": self.clamd.url,
        }
        return self.afresh(Place("", engines))

    def afresh(self, place: Place) -> Place:
        """The same with a new database, once nobody uses the old one: quicker to have, and as good as new."""
        self.redis.wipe()
        url = self.database()
        replica = self.postgres.replica.url_of(url.rpartition("/")[2])
        return Place(url, place.more | {"replica_urls": replica})

    def database(self) -> str:
        """The URL of a migrated database of one's own."""
        name = _new_name()
        self.postgres.make(name)
        return self.postgres.primary.url_of(name)


@contextmanager
def running() -> Iterator[Big]:
    """All of them, started side by side. Skips the test where one is missing, and names it."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-big-"))
    begun: dict[str, Any] = {
        "postgres": _migrated(),
        "redis": redis.cluster(folder / "redis"),
        "kafka": kafka.running(folder / "kafka"),
        "cassandra": cassandra.running(folder / "cassandra"),
        "s3": s3.running(folder / "s3"),
        "rabbitmq": rabbitmq.running(folder / "rabbitmq"),
        "clamd": clamav.running(),
    }
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        with ThreadPoolExecutor(len(begun)) as threads:
            starts = {name: threads.submit(stack.enter_context, one) for name, one in begun.items()}
        big = Big(**{name: _started(start) for name, start in starts.items()})
        try:
            yield big
        finally:
            for engine in big:
                engine.kill()  # nothing of theirs is wanted any more, and an end in good order takes them long


def _new_name() -> str:
    """One that is good for a database, a keyspace, topics, a virtual host and a bucket."""
    return f"t{uuid4().hex[:12]}"


@contextmanager
def _migrated() -> Iterator[replica.Pair]:
    with replica.running() as pair:
        asyncio.run(migrations.upgrade(pair.url))
        yield pair


def _started(start: Future[Any]) -> Any:
    try:
        return start.result()
    except Missing as missing:
        pytest.skip(str(missing))
