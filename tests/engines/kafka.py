"""One Kafka broker on loopback for tests and benches: jars from Maven, each checked, KRaft, on Java 17 or later.

The broker's session is short: after `kill -9` it may register again only when its old session has ended.
"""

import gc
import shutil
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.engines import cache, process
from tests.engines.process import Process
from tests.engines.product import free_ports

LEAST_JAVA = 17


def close_forgotten() -> None:
    """Close what aiokafka forgets where its start is cut off before the first broker has answered.

    It closes when it is collected, which here has to be while the test's loop still runs.
    """
    gc.collect()


class Kafka(Process):
    """Broker and controller in one process, in a folder that keeps its data: `restart` finds it again."""

    start_limit = 90.0

    def __init__(self, folder: Path, java: Path, jars: Path, settings: str, formatting: Sequence[str]) -> None:
        """`settings` take the place of SETTINGS, `formatting` goes to the tool that makes the data folder."""
        super().__init__(folder)
        self.port = free_ports()
        self._java, self._jars = java, jars
        self._settings = folder / "server.properties"
        self._formatting = formatting
        self._settings.write_text(settings.format(port=self.port, controller=self.port + 1, data=folder / "data"))

    @property
    def url(self) -> str:
        """What `TINTYPE_KAFKA_URL` has to be."""
        return self.url_of("tintype")

    def url_of(self, prefix: str) -> str:
        """The same with topics and groups of one's own."""
        return f"kafka://127.0.0.1:{self.port}/{prefix}"

    def prepare(self) -> None:
        if not (self.folder / "data").exists():
            cluster = urlsafe_b64encode(uuid4().bytes).decode().rstrip("=").replace("-", "A")
            self._run("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._settings), *self._formatting)

    def command(self) -> list[str]:
        return self._command("kafka.Kafka", str(self._settings))

    def is_ready(self) -> bool:
        """Its port opens before."""
        return b"Kafka Server started" in self.log.read_bytes()

    def wipe(self) -> None:
        """Another cluster runs on the same port: topics, events and offsets are gone."""
        self.kill()
        shutil.rmtree(self.folder / "data")
        self.start()

    def _command(self, *arguments: str) -> list[str]:
        flags = ["-Xmx512m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        levels = {"defaultLogLevel": "warn", "log.kafka.server.KafkaRaftServer": "info"}
        logging = [f"-Dorg.slf4j.simpleLogger.{name}={level}" for name, level in levels.items()]
        return [str(self._java), *flags, *logging, "-cp", f"{self._jars}/*", *arguments]

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            self._command(*arguments),
            check=True,
            timeout=self.start_limit,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )


@contextmanager
def running(
    folder: Path | None = None, *, settings: str | None = None, formatting: Sequence[str] = ()
) -> Iterator[Kafka]:
    """A broker that runs, in this folder or in one of its own. Skips the test where a prerequisite is missing."""
    java, jars = _found()
    with process.running(
        "kafka", folder, lambda place: Kafka(place, java, jars, settings or SETTINGS, formatting)
    ) as broker:
        yield broker


def _found() -> tuple[Path, Path]:
    """A Java, and the folder with the jars."""
    try:
        return cache.java(LEAST_JAVA), cache.jars(cache.KAFKA)
    except cache.Missing as missing:
        pytest.skip(str(missing))


SETTINGS = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
log.dirs={data}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.min.isr=1
"""
