"""A real Redis for the tests: one server, or a cluster of three masters, on loopback, with nothing kept on disk.

A cluster may have a replica for each master, and a server a password and TLS.
"""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from tests.engines.cache import Missing

MISSING = "needs redis-server: apt-get install redis-server"
START_SECONDS, SLOTS = 30.0, 16384
AS_SHIPPED = ("--save", "", "--appendonly", "no", "--zset-max-listpack-entries", "1000")


class NotThere(Missing):
    """This machine has no redis-server."""


class Server:
    """One redis-server in a folder of its own. After `kill` it is gone with all it held; `restart` starts it anew."""

    def __init__(self, folder: Path, *options: str, **access: Any) -> None:
        """`access` is what a client of redis-py needs besides the port, where the options ask for it."""
        self.port = _free_port()
        self._folder, self._options, self._access = folder, options, access
        self._process: subprocess.Popen[bytes] | None = None
        self.restart()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def nodes(self) -> "Sequence[Server]":
        """The servers that this is made of."""
        return [self]

    def restart(self) -> None:
        """Start it, where it does not run, and wait until it answers."""
        if self._process is not None and self._process.poll() is None:
            return
        program = shutil.which("redis-server")
        if program is None:
            raise NotThere(MISSING)
        self._folder.mkdir(parents=True, exist_ok=True)
        port = ("--port", "0", "--tls-port") if self._access.get("ssl") else ("--port",)
        place = ("--bind", "127.0.0.1", *port, str(self.port), "--dir", str(self._folder))
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([program, *place, *AS_SHIPPED, *self._options], stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.ask("PING")
                return
            except redis.RedisError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def ask(self, *command: str | int) -> object:
        """The answer to one command, on a connection of its own."""
        with redis.Redis(port=self.port, socket_timeout=5, **self._access) as client:
            return client.execute_command(*command)

    def wipe(self) -> None:
        """Take everything out of it."""
        self.ask("FLUSHALL")

    def pause(self) -> None:
        """It hangs: connections stay open, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """It is gone at once; whoever connects is refused."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


class Cluster:
    """Three masters. What is done to it is done to all of them; `nodes` can be treated one by one.

    `replicas` has one for each of them where it was asked for, in the same order.
    """

    def __init__(self, folder: Path, *options: str, has_replicas: bool = False, **access: Any) -> None:
        """Options and access are those of each server."""
        self._scheme = "rediss+cluster" if access.get("ssl") else "redis+cluster"
        self.nodes: Sequence[Server] = []
        self.replicas: Sequence[Server] = []
        try:
            for n in range(3):
                self.nodes = [*self.nodes, _member(folder / str(n), *options, **access)]
            self._join()
            if has_replicas:
                for n in range(3):
                    self.replicas = [*self.replicas, _member(folder / f"{n}-replica", *options, **access)]
                self._follow()
        except BaseException:
            self.kill()
            raise

    @property
    def url(self) -> str:
        return f"{self._scheme}://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def _join(self) -> None:
        bounds = [SLOTS * n // len(self.nodes) for n in range(len(self.nodes) + 1)]
        for n, node in enumerate(self.nodes):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", n + 1)
            node.ask("CLUSTER", "ADDSLOTSRANGE", bounds[n], bounds[n + 1] - 1)
        first = self.nodes[0]
        for node in self.nodes[1:]:
            first.ask("CLUSTER", "MEET", "127.0.0.1", node.port, node._options[3])
        self._settle()

    def _follow(self) -> None:
        """Each replica joins, has what its master has, and is known to all."""
        for master, replica in zip(self.nodes, self.replicas, strict=True):
            replica.ask("CLUSTER", "MEET", "127.0.0.1", master.port, master._options[3])
            _until(_follows, replica, _text(master.ask("CLUSTER", "MYID")))
        for replica in self.replicas:
            _until(_is_linked, replica)
        for node in [*self.nodes, *self.replicas]:
            _until(_knows_replicas, node)

    def _settle(self) -> None:
        until = time.monotonic() + START_SECONDS
        for node in self.nodes:
            while True:
                info = str(node.ask("CLUSTER", "INFO"))
                if "cluster_state:ok" in info.replace("'", "") and _field(info, "cluster_slots_ok") == str(SLOTS):
                    break
                assert time.monotonic() < until, info
                time.sleep(0.05)

    def wipe(self) -> None:
        for node in self.nodes:
            node.wipe()

    def pause(self) -> None:
        for node in self.nodes:
            node.pause()

    def resume(self) -> None:
        for node in self.nodes:
            node.resume()
        self._settle()

    def kill(self) -> None:
        for node in [*self.nodes, *self.replicas]:
            node.kill()

    def restart(self) -> None:
        for node in self.nodes:
            node.restart()
        self._settle()


@contextmanager
def running(folder: Path, *options: str, **access: Any) -> Iterator[Server]:
    """One server, until the block ends. Raises NotThere."""
    server = Server(folder, *options, **access)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def cluster(folder: Path, *options: str, has_replicas: bool = False, **access: Any) -> Iterator[Cluster]:
    """Three masters, until the block ends. Raises NotThere."""
    if shutil.which("redis-server") is None:
        raise NotThere(MISSING)
    nodes = Cluster(folder, *options, has_replicas=has_replicas, **access)
    try:
        yield nodes
    finally:
        nodes.kill()


def _member(folder: Path, *more: str, **access: Any) -> Server:
    options = ("--cluster-enabled", "yes", "--cluster-port", str(_free_port()))
    patience = ("--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no")
    return Server(folder, *options, *patience, *more, **access)


def _follows(node: Server, master: str) -> bool:
    """Possible once it knows its master."""
    try:
        node.ask("CLUSTER", "REPLICATE", master)
    except redis.ResponseError:
        return False
    return True


def _is_linked(node: Server) -> bool:
    role = node.ask("ROLE")
    return isinstance(role, list) and b"connected" in role


def _knows_replicas(node: Server) -> bool:
    found = node.ask("CLUSTER", "SLOTS")
    return isinstance(found, list) and all(len(one) == 4 for one in found)


def _until(holds: Callable[..., bool], *given: object) -> None:
    until = time.monotonic() + START_SECONDS
    while not holds(*given):
        assert time.monotonic() < until, "a cluster did not settle"
        time.sleep(0.05)


def _text(answer: object) -> str:
    return answer.decode() if isinstance(answer, bytes) else str(answer)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _field(info: str, name: str) -> str:
    found: str = info.partition(f"{name}:")[2].partition("\r")[0].partition("\\r")[0]
    return found
