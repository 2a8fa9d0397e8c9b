"""A real PostgreSQL with a streaming replica for the tests, on loopback, without fsync."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from tintype.platform.embedded_postgres import DATABASE, ROLE, EmbeddedPostgres

START_SECONDS, CATCH_UP_SECONDS = 60.0, 30.0
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "fsync": "off",
    "jit": "off",
}


class Server:
    """One PostgreSQL server in a folder of its own."""

    def __init__(self, folder: Path, tools: "_Tools") -> None:
        self.folder, self.port = folder, _free_port()
        self._tools = tools
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, name: str) -> str:
        return f"postgresql://{ROLE}@127.0.0.1:{self.port}/{name}"

    def restart(self) -> None:
        """Start it, where it does not run, and wait until it answers."""
        if self._process is not None and self._process.poll() is None:
            return
        options = [f"--{name}={value}" for name, value in (OPTIONS | {"port": str(self.port)}).items()]
        with self.folder.with_suffix(".log").open("ab") as log:
            self._process = self._tools.start("postgres", "-D", self.folder, *options, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while self._tools.run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False) != 0:
            assert self._process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        return self.folder.with_suffix(".log").read_text(errors="replace")[-3000:]

    def pause(self) -> None:
        """It hangs: connections stay open, and nothing answers."""
        for pid in self._pids():
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self._pids():
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """It is gone at once; whoever connects is refused."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGSTOP)  # it begins no more children
        pids = self._pids()
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        while any(map(_is_there, pids)):  # one that lives on has the memory that the next server wants
            time.sleep(0.02)

    def _pids(self) -> list[int]:
        if self._process is None or self._process.poll() is not None:
            return []
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [parent, *map(int, children)]


class Pair:
    """A primary, and what streams from it; `url` and `replica.url` are those of the product's database."""

    def __init__(self, folder: Path) -> None:
        self._tools = _Tools(folder)
        self.primary = Server(folder / "primary", self._tools)
        self.replica = Server(folder / "replica", self._tools)

    @property
    def url(self) -> str:
        return self.primary.url

    def start(self) -> None:
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        self._tools.run("initdb", "-D", self.primary.folder, "-U", ROLE, "-A", "trust", "--no-sync", *locale)
        self.primary.restart()
        self._tools.run("createdb", *self._primary, DATABASE)
        place = ("-D", self.replica.folder, "-R", "-X", "stream", "-C", "-S", "replica")
        self._tools.run("pg_basebackup", *self._primary, *place, "--checkpoint=fast", "--no-sync")
        self.replica.restart()

    def make(self, name: str) -> None:
        """A database as `url`'s stands now, on both: there must be nobody in that one."""
        self._tools.run("createdb", *self._primary, "--template", DATABASE, name)

    @property
    def _primary(self) -> tuple[str, ...]:
        return "-h", "127.0.0.1", "-p", str(self.primary.port), "-U", ROLE

    def kill(self) -> None:
        self.replica.kill()
        self.primary.kill()


class _Tools:
    """The programs of PostgreSQL, run as an account that it accepts."""

    def __init__(self, folder: Path) -> None:
        found = EmbeddedPostgres(folder / "unused")
        self._binaries, self._account = found.binaries, found._as_account()
        if self._account:
            os.chown(folder, self._account["user"], self._account["group"])

    def start(self, program: str, *arguments: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        command = [self._binaries / program, *arguments]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd="/", **more, **self._account)

    def run(self, program: str, *arguments: str | Path, check: bool = True) -> int:
        command = [self._binaries / program, *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", check=False, timeout=60, **self._account
        )
        assert done.returncode == 0 or not check, done.stderr
        return done.returncode


@contextmanager
def running() -> Iterator[Pair]:
    """Both, until the block ends, in a folder that the account of PostgreSQL can reach."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-replica-"))
    folder.chmod(0o755)
    pair = Pair(folder)
    try:
        pair.start()
        yield pair
    finally:
        pair.kill()
        shutil.rmtree(folder, ignore_errors=True)


async def caught_up(primary_url: str, replica_url: str) -> None:
    """Wait until the replica shows all that was written until now."""
    written = await asked(primary_url, "select pg_current_wal_lsn()::text")
    copy = await asyncpg.connect(replica_url)
    try:
        async with asyncio.timeout(CATCH_UP_SECONDS):
            while not await copy.fetchval("select pg_last_wal_replay_lsn() >= $1::text::pg_lsn", written):
                await asyncio.sleep(0.02)
    finally:
        await copy.close()


async def asked(url: str, statement: str) -> object:
    """One statement's one value, by a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def _is_there(pid: int) -> bool:
    """Whether a process runs; what nobody has waited for does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
