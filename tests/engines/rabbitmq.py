"""A real RabbitMQ for the tests: one node on loopback in a folder of its own, with its own port mapper."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.engines.cache import Missing

MISSING = "needs rabbitmq-server: apt-get install rabbitmq-server"
START_SECONDS = 90.0
STARTED = "Server startup complete"


class NotThere(Missing):
    """This machine has no rabbitmq-server."""


class Server:
    """One node. Its data outlives `kill`; `wipe` takes them away."""

    def __init__(self, folder: Path, more: str = "") -> None:
        """`more` is added to its configuration."""
        found = shutil.which("rabbitmq-server")
        mapper = shutil.which("epmd")
        if found is None or mapper is None:
            raise NotThere(MISSING)
        # Debian's program changes user and folder; the real one lies beside what it points to.
        self._program, self._mapper = Path(found).resolve().with_name("rabbitmq-server"), mapper
        self._control = self._program.with_name("rabbitmqctl")
        self.folder, self.port, self._more = folder, _free_port(), more
        self._distribution, self._mapper_port = _free_port(), _free_port()
        self._node: subprocess.Popen[bytes] | None = None
        self._names: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.restart()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def vhost(self, name: str) -> str:
        """The URL of a new virtual host: queues of one's own."""
        for words in (["add_vhost", name], ["set_permissions", "-p", name, "guest", ".*", ".*", ".*"]):
            command = [str(self._control), "--quiet", *words]
            done = subprocess.run(
                command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
        return f"{self.url}{name}"

    def restart(self) -> None:
        """Start it, where it does not run, and wait until it answers."""
        if self._node is not None and self._node.poll() is None:
            return
        self.kill()
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.default = 127.0.0.1:{self.port}\nvm_memory_high_watermark.absolute = 512MiB\n"
            f"disk_free_limit.absolute = 50MB\n{self._more}"
        )
        log = self.folder / "log"
        with log.open("wb") as out:
            self._names = subprocess.Popen(
                [self._mapper, "-address", "127.0.0.1", "-port", str(self._mapper_port)], stdout=out, stderr=out
            )
            self._node = subprocess.Popen(
                [self._program], cwd=self.folder, env=self._environment, stdout=out, stderr=out, start_new_session=True
            )
        until = time.monotonic() + START_SECONDS
        while STARTED not in log.read_text(errors="replace"):
            assert self._node.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)

    @property
    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RABBITMQ_")}
        return kept | {
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "test@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_LOGS": "-",
        }

    def said(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def pause(self) -> None:
        """It hangs: connections stay open, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """It is gone at once; whoever connects is refused."""
        self._signal(signal.SIGKILL)
        for process in (self._node, self._names):
            if process is not None:
                with suppress(ProcessLookupError):
                    process.kill()
                process.wait()

    def wipe(self) -> None:
        """Everything in it is lost: queues and messages."""
        self.kill()
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        self.restart()

    def _signal(self, number: signal.Signals) -> None:
        """To the node and to those that it has started, which are in its session."""
        if self._node is not None and self._node.poll() is None:
            os.killpg(self._node.pid, number)


@contextmanager
def running(folder: Path, more: str = "") -> Iterator[Server]:
    """One node, until the block ends. Raises NotThere."""
    server = Server(folder, more)
    try:
        yield server
    finally:
        server.resume()
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
