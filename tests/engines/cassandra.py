"""One Cassandra node on loopback for tests and benches: jars from Maven, each checked, on Java 17 with a small heap.

`commitlog_sync: batch`: a write is answered after its fsync. The shipped `periodic` loses answered writes on `kill -9`.
"""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.engines import cache, process
from tests.engines.process import Process
from tests.engines.product import free_ports


class Cassandra(Process):
    """A node in a folder, which keeps its data: `start` after `kill` finds it again."""

    start_limit = 150.0

    def __init__(self, folder: Path, java: Path, jars: Path, more: str) -> None:
        """`more` is added to its configuration."""
        super().__init__(folder)
        self.port = free_ports()
        self._java, self._jars = java, jars
        (folder / "cassandra.yaml").write_text(CONFIGURATION + more, encoding="utf-8")
        (folder / "logback.xml").write_text(LOGGING, encoding="utf-8")

    @property
    def url(self) -> str:
        """What `TINTYPE_CASSANDRA_URL` has to be, with a keyspace that one node can hold."""
        return f"cassandra://127.0.0.1:{self.port}/tintype?replication=1"

    def url_of(self, keyspace: str) -> str:
        return self.url.replace("/tintype?", f"/{keyspace}?")

    def is_ready(self) -> bool:
        return b"Startup complete" in self.log.read_bytes()

    def wipe(self) -> None:
        """All data is gone; it runs again."""
        self.kill()
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.start()

    def command(self) -> list[str]:
        properties = {
            "jdk.attach.allowAttachSelf": "true",
            "io.netty.tryReflectionSetAccessible": "true",
            "cassandra.native_transport_port": str(self.port),
            "cassandra.storage_port": str(self.port + 1),
            "cassandra-foreground": "yes",
            "cassandra.config": (self.folder / "cassandra.yaml").as_uri(),
            "cassandra.storagedir": str(self.folder / "data"),
            "cassandra.skip_wait_for_gossip_to_settle": "0",
            "cassandra.ring_delay_ms": "0",
            "cassandra.superuser_setup_delay_ms": "0",
            "logback.configurationFile": str(self.folder / "logback.xml"),
        }
        return [
            str(self._java),
            *("-Xms256m", "-Xmx512m", "-Xss512k", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            f"-javaagent:{self._jars}/jamm-0.4.0.jar",
            *(f"-D{name}={value}" for name, value in properties.items()),
            *(f"--add-exports={name}=ALL-UNNAMED" for name in EXPORTS),
            *(f"--add-opens={name}=ALL-UNNAMED" for name in OPENS),
            *("-cp", f"{self._jars}/*", "org.apache.cassandra.service.CassandraDaemon"),
        ]


@contextmanager
def running(folder: Path | None = None, *, more: str = "") -> Iterator[Cassandra]:
    """A node that runs, in this folder or in one of its own. Skips the test where a prerequisite is missing."""
    java, jars = _found()
    with (
        sockets_closed(),
        process.running("cassandra", folder, lambda place: Cassandra(place, java, jars, more)) as node,
    ):
        yield node


@contextmanager
def sockets_closed() -> Iterator[None]:
    """The driver leaves the sockets that wake its loop to the garbage collector, which pytest takes for a leak."""
    from acsylla._cython import cyacsylla as driver

    made: list[tuple[socket.socket, socket.socket]] = []
    pair = driver._wakeup_socketpair

    def kept() -> tuple[socket.socket, socket.socket]:
        made.append(pair())
        return made[-1]

    driver._wakeup_socketpair = kept
    try:
        yield
    finally:
        driver._wakeup_socketpair = pair
        for one, other in made:
            one.close()
            other.close()


def _found() -> tuple[Path, Path]:
    """A Java 17, and the folder with the jars."""
    try:
        return cache.java(17, 17), cache.jars(cache.CASSANDRA)
    except cache.Missing as missing:
        pytest.skip(str(missing))


CONFIGURATION = """
cluster_name: test
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: 127.0.0.1}]}]
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
commitlog_sync: batch
auto_snapshot: false
"""

LOGGING = """<configuration>
<appender name="out" class="ch.qos.logback.core.ConsoleAppender">
<encoder><pattern>%-5level %d %logger{0} %msg%n</pattern></encoder></appender>
<root level="INFO"><appender-ref ref="out"/></root>
</configuration>
"""

EXPORTS = [
    *(f"java.base/{name}" for name in ("jdk.internal.misc", "java.lang.ref")),
    *("java.management.rmi/com.sun.jmx.remote.internal.rmi", "java.sql/java.sql", "java.rmi/sun.rmi.registry"),
    *("java.rmi/sun.rmi.server", "jdk.unsupported/sun.misc", "jdk.attach/sun.tools.attach"),
]
OPENS = [
    *(f"java.base/java.{name}" for name in ("io", "lang", "lang.module", "lang.reflect", "util")),
    *(f"java.base/jdk.internal.{name}" for name in ("loader", "math", "module", "ref", "reflect", "util.jar")),
    *("java.base/sun.nio.ch", "jdk.management/com.sun.management.internal"),
]
