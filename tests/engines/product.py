"""The real product as processes: `tintype serve` on ports and in a data folder of its own."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tintype.platform.embedded_postgres import EmbeddedPostgres

READY_SECONDS = 60.0


class Product:
    """One installation; `start` and `stop` may be called again and again."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_ports()
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings = settings

    def set(self, **settings: str) -> None:
        """Settings for the next start."""
        self._settings |= settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        return self._settings.get("DATABASE_URL") or EmbeddedPostgres(self.folder / "data").url

    @property
    def environment(self) -> dict[str, str]:
        """What leads the command `tintype` to this installation."""
        own = {"DATA_DIR": str(self.folder / "data"), "PORT": str(self.port), "BCRYPT_COST": "4", "RATE_LIMITS": "off"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TINTYPE_")}
        return kept | {f"TINTYPE_{name}": value for name, value in (own | self._settings).items()}

    def start(self) -> float:
        """Start it and wait until it is ready; returns the seconds that took."""
        began = time.monotonic()
        self.launch()
        self.wait_until_ready()
        return time.monotonic() - began

    def launch(self) -> None:
        """Start it, and leave it to become ready."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tintype", "serve"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            assert self.process is None or self.process.poll() is None, f"it ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"not ready:\n{self.said()}"
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether the API can serve, and the supervisor has said all it says at the start."""
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{self.port + 1}/readyz", timeout=2) as answer:
            return bool(answer.status == 200) and "Ctrl-C stops it" in self.said()
        return False

    def said(self) -> str:
        """Everything it has printed since its last start."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(30)
        self.process = None
        return code

    def kill(self) -> None:
        """`kill -9` of the supervisor."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)
        self.process = None

    def command(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run the command `tintype` on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "tintype", *arguments],
            cwd=self.folder,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def pid_of(self, part: str) -> int:
        """The process of `api`, `worker` or `postgres`; 0 when there is none."""
        wanted = f"-D {self.folder}/" if part == "postgres" else f"-m tintype {part}"
        parent = self.process.pid if self.process is not None else 1
        for pid, above, what in _processes():
            if wanted in what and above == parent:
                return pid
        return 0

    def remnants(self) -> list[str]:
        """Every process that belongs to this installation."""
        marker = f"TINTYPE_DATA_DIR={self.folder / 'data'}"
        found = [what for _, _, what in _processes() if f"-D {self.folder}/" in what]
        for pid, _, what in _processes():
            with suppress(OSError):
                if marker.encode() in Path(f"/proc/{pid}/environ").read_bytes():
                    found.append(f"{pid} {what}")
        return found


@contextmanager
def installed(**settings: str) -> Iterator[Product]:
    """A product, not yet started, in a folder that goes away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-"))
    folder.chmod(0o755)  # as root, the account of PostgreSQL passes through
    product = Product(folder, **settings)
    try:
        yield product
    finally:
        if product.process is not None and product.process.poll() is None:
            product.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_ports() -> int:
    """A port that is free, as is the next one; below those that outgoing connections are given."""
    while True:
        port = random.randrange(10_000, 30_000)
        with suppress(OSError), socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port


def _processes() -> list[tuple[int, int, str]]:
    """Process, parent and command line of everything that runs; zombies left out."""
    listed = subprocess.run(["ps", "axww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    return [(int(row[0]), int(row[1]), row[3]) for row in rows if len(row) == 4 and not row[2].startswith("Z")]
