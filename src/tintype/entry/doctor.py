"""`tintype doctor`: looks at everything an installation stands on, says what is wrong and how to mend it."""

import asyncio
import os
import platform
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import asyncpg
from rich.console import Console

from tintype.entry import certificate, client, folder
from tintype.entry.checks import Check, State
from tintype.entry.subscriptions import SUBSCRIPTIONS
from tintype.platform import db, ids, migrations, partitions, textpolicy
from tintype.platform.config import Settings
from tintype.platform.embedded_postgres import EmbeddedPostgres, NotStarted
from tintype.platform.event_log import admin
from tintype.platform.jobs import postgres as jobs

GIB = 1024**3
FREE_LEAST, FREE_LITTLE = 1 * GIB, 5 * GIB
POSTGRES_LEAST = 18
LAG_SECONDS = 60.0
CLOCK_SECONDS = 5.0
LOADERS = ("jpegload_buffer", "pngload_buffer", "webpload_buffer", "gifload_buffer", "heifload_buffer")
ANYBODY = {ip_network("0.0.0.0/0"), ip_network("::/0")}

Found = AsyncIterator[Check]


async def examine(settings: Settings) -> list[Check]:
    """Every check; one that cannot be made is a finding, never an end."""
    found: list[Check] = []
    for look in (
        _python,
        _data_folder,
        _disk,
        _secrets,
        _client,
        _pictures,
        _films,
        _policy,
        _address,
        _ports,
        _database,
        _redis,
    ):
        try:
            seen = look(settings)
            found += list(seen) if isinstance(seen, Iterator) else await seen
        except Exception as error:
            name = look.__name__.strip("_").replace("_", " ")
            found.append(Check(name, "wrong", f"could not be looked at: {type(error).__name__}: {error}"))
    return found


def print_to(console: Console, checks: list[Check]) -> None:
    """One line a check, and how to mend it below what is not fine."""
    words = {"fine": "[green]fine [/]", "note": "[yellow]note [/]", "wrong": "[bold red]WRONG[/]"}
    for one in checks:
        console.print(f"{words[one.state]} [bold]{one.name}[/]: ", end="", soft_wrap=True)
        console.print(one.said, markup=False, soft_wrap=True)
        if one.mend and one.state != "fine":
            console.print(f"      {one.mend}", markup=False, soft_wrap=True)
    wrong = sum(one.state == "wrong" for one in checks)
    console.print(f"\n{wrong} wrong." if wrong else "\nNothing is wrong.")


def _python(_: Settings) -> Iterator[Check]:
    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Check("python", "fine" if sys.version_info >= (3, 11) else "wrong", said, "Install Python 3.11 or newer.")
    if os.getuid() == 0:
        yield Check("account", "note", "runs as root", "An account of its own is safer: it needs no rights.")


def _data_folder(settings: Settings) -> Iterator[Check]:
    path = settings.data_dir
    if not path.exists():
        yield Check("data folder", "note", f"{path} is not there yet", "`tintype serve` makes it.")
        return
    closed = [one for one in (path, settings.media_dir, settings.policy_dir) if one.exists() and not _writable(one)]
    if closed:
        names = " ".join(map(str, closed))
        yield Check("data folder", "wrong", f"cannot be written: {names}", f"chown -R {os.getuid()} {names}")
    else:
        holder = folder.holder(path)
        yield Check("data folder", "fine", f"{path}, {f'held by process {holder}' if holder else 'not in use now'}")


def _disk(settings: Settings) -> Iterator[Check]:
    place = next(one for one in (settings.data_dir, *settings.data_dir.parents) if one.exists())
    disk = shutil.disk_usage(place)
    parts = {"database": _size(EmbeddedPostgres(settings.data_dir).folder)}
    parts |= {one.name: _size(one) for one in _folders(settings.data_dir) if one.name != "postgres"}
    used = ", ".join(f"{name} {_bytes(size)}" for name, size in parts.items() if size)
    state: State = "wrong" if disk.free < FREE_LEAST else "note" if disk.free < FREE_LITTLE else "fine"
    said = f"{_bytes(disk.free)} free of {_bytes(disk.total)}; used: {used or 'nothing'}"
    mend = "Make room, or move the data folder to a larger disk (stop, copy it, set TINTYPE_DATA_DIR)."
    yield Check("disk", state, said, mend, {"free": disk.free, "total": disk.total, "used": parts})


def _secrets(settings: Settings) -> Iterator[Check]:
    path = settings.secrets_dir
    files = [one for one in path.rglob("*") if one.is_file()] if path.exists() else []
    loose = [one for one in (path, *files) if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077]
    if loose:
        names = ", ".join(one.name for one in loose)
        yield Check("secrets", "wrong", f"others can read {names}", f"chmod -R go= {path}")
    else:
        yield Check("secrets", "fine", f"{len(files)} files that nobody else can read" if files else "none yet")


def _client(_: Settings) -> Iterator[Check]:
    if client.is_built():
        yield Check("web client", "fine", f"{_bytes(_size(client.folder()))}")
    else:
        yield Check("web client", "wrong", "is not built", "Run `make run` (or `make client`) in the checkout.")


def _pictures(_: Settings) -> Iterator[Check]:
    import pyvips

    missing = [name.partition("load")[0] for name in LOADERS if not pyvips.type_find("VipsOperation", name)]
    version = ".".join(str(pyvips.version(part)) for part in range(3))
    mend = "Install the package pyvips-binary anew: `rm -r .venv && make run`."
    said = f"libvips {version}" + (f" cannot read {', '.join(missing)}" if missing else "")
    yield Check("pictures", "wrong" if missing else "fine", said, mend)


def _films(_: Settings) -> Iterator[Check]:
    import imageio_ffmpeg

    program = imageio_ffmpeg.get_ffmpeg_exe()
    done = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=20, check=False)
    said = done.stdout.partition(" Copyright")[0] if done.returncode == 0 else f"{program} does not run"
    mend = "HEIC photos need it. Install the package imageio-ffmpeg anew: `rm -r .venv && make run`."
    yield Check("ffmpeg", "fine" if done.returncode == 0 else "wrong", said, mend)


def _policy(settings: Settings) -> Iterator[Check]:
    bad = textpolicy.bad_lines(settings.policy_dir)
    mend = f"They do nothing as they stand: write them as RE2 takes them, in {settings.policy_dir}"
    said = f"{len(bad)} rules are no valid expression: {'  '.join(bad)}" if bad else "every rule can be used"
    yield Check("text policy", "wrong" if bad else "fine", said, mend)


def _address(settings: Settings) -> Iterator[Check]:
    """What browsers are told, what is listened on, and who stands between."""
    parts = urlsplit(settings.public_url)
    proxied = bool(settings.trusted_proxies)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        mend = "TINTYPE_PUBLIC_URL is a scheme, a name and perhaps a port: https://photos.example.org"
        yield Check("public address", "wrong", settings.public_url, mend)
    elif parts.scheme == "http" and not settings.is_loopback:
        mend = "Passwords travel in the clear. Use a proxy of deploy/ or TINTYPE_TLS_CERT, and an https address."
        yield Check("public address", "wrong", f"{settings.public_url} is not https", mend)
    elif settings.is_loopback and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        mend = "Set TINTYPE_PUBLIC_URL to what browsers open, or TINTYPE_HOST=127.0.0.1."
        said = f"listens on {settings.host}, but says {settings.public_url}"
        yield Check("public address", "wrong", said, mend)
    elif parts.scheme == "https" and not settings.tls_cert and not proxied:
        mend = "If a proxy is in front, name its address in TINTYPE_TRUSTED_PROXIES; else give TINTYPE_TLS_CERT."
        yield Check("public address", "wrong", f"{settings.public_url} without certificate and trusted proxy", mend)
    else:
        yield Check("public address", "fine", settings.public_url)
    if any(network in ANYBODY or network.num_addresses >= 2**24 for network in settings.trusted_proxies):
        mend = "Name the proxies' own addresses: whoever is in this list can claim any address."
        yield Check("trusted proxies", "wrong", ", ".join(map(str, settings.trusted_proxies)), mend)
    if settings.tls_cert and settings.tls_key:
        yield _certificate(settings.tls_cert, settings.tls_key, parts.hostname or "")


def _certificate(cert: Path, key: Path, name: str) -> Check:
    try:
        until = certificate.good_until(cert, key, name)
    except certificate.Unfit as error:
        return Check("certificate", "wrong", f"{cert}: {error}", "Renew it, and start Tintype again.")
    days = (until - datetime.now(UTC)).days
    mend = "Renew it, and start Tintype again."
    return Check("certificate", "note" if days < 14 else "fine", f"good for another {days} days", mend)


async def _ports(settings: Settings) -> list[Check]:
    """While it runs, that it is ready; while it does not, that its ports are free."""
    if folder.holder(settings.data_dir):
        try:
            ready = await asyncio.to_thread(_ready, settings.admin_port)
        except (URLError, OSError) as error:
            return [Check("running", "wrong", f"port {settings.admin_port} does not answer: {error}", _LOOK)]
        return [Check("running", "fine" if ready else "wrong", "ready" if ready else "not ready", _LOOK)]
    admin = (settings.admin_host, settings.admin_port)
    wanted = {"TINTYPE_PORT": (settings.host, settings.port), "TINTYPE_ADMIN_PORT": admin}
    taken = {name: at for name, at in wanted.items() if _bound(*at)}
    return [
        Check("ports", "wrong", f"{host}:{port} is taken", f"Stop what listens there, or set {name}.")
        for name, (host, port) in taken.items()
    ] or [Check("ports", "fine", f"{settings.port} and {settings.admin_port} are free")]


_LOOK = "See what it prints; if it is another product's port or folder, check TINTYPE_PORT and TINTYPE_DATA_DIR."


async def _database(settings: Settings) -> list[Check]:
    at_work = bool(settings.database_url or folder.holder(settings.data_dir))
    try:
        async with _reached(settings) as url:
            if url is None:
                return [Check("database", "note", "is not there yet", "`tintype serve` makes it.")]
            return [one async for one in _in_database(url, at_work)]
    except NotStarted as error:
        return [Check("database", "wrong", str(error), "What its log says stands here; ask with these lines.")]
    except db.NO_ANSWER as error:
        mend = "Check TINTYPE_DATABASE_URL." if settings.database_url else "See what `tintype serve` prints."
        return [Check("database", "wrong", f"does not answer: {error}", mend)]


@asynccontextmanager
async def _reached(settings: Settings) -> AsyncIterator[str | None]:
    """The database as it is: given, running, or started to be looked at; None where none was made yet."""
    postgres = EmbeddedPostgres(settings.data_dir)
    if settings.database_url:
        yield settings.direct_url
    elif not postgres.cluster.exists():
        yield None
    elif folder.holder(settings.data_dir):
        yield postgres.url
    else:
        with folder.held(settings.data_dir, "doctor"):
            try:
                await postgres.start()
                yield postgres.url
            finally:
                await postgres.stop()


async def _in_database(url: str, at_work: bool) -> Found:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        row = await connection.fetchrow(ABOUT)
        version, encoding = row["version"] // 10_000, row["encoding"]
        said = f"PostgreSQL {version}, {_bytes(row['size'])}, {row['connections']} connections"
        if version < POSTGRES_LEAST:
            yield Check("database", "wrong", said, f"PostgreSQL {POSTGRES_LEAST} or newer is needed.")
            return
        if encoding != "UTF8":
            yield Check("database", "wrong", f"{said}, {encoding}", "It must be made with the encoding UTF8.")
            return
        yield Check("database", "fine", said, facts={"bytes": row["size"]})
        ahead = abs((row["now"] - datetime.now(UTC)).total_seconds())
        if ahead > CLOCK_SECONDS:
            yield Check("time", "wrong", f"{ahead:.0f} s off the database's clock", "Let both follow a time server.")
        pending = await migrations.pending(url)
        if pending:
            said = f"{len(pending)} migrations are to be made: {', '.join(pending)}"
            yield Check("migrations", "wrong", said, "`tintype serve` makes them, or `tintype migrate`.")
            return
        yield Check("migrations", "fine", "all made")
        yield _clock(await connection.fetchval(HIGH_WATER))
        r = db.Reader(connection)
        for look in (_log, _jobs, _partitions):
            async for one in look(r, at_work):
                yield one
    finally:
        await connection.close(timeout=2)


def _clock(high_water: int | None) -> Check:
    """Ids never go back: a clock that was set back makes them run ahead of it."""
    behind = (high_water or 0) / 1000 + ids.EPOCH_MS / 1000 - datetime.now(UTC).timestamp() - ids.AHEAD_MS / 1000
    if behind > CLOCK_SECONDS:
        said = f"{behind:.0f} s behind the newest ids: it was set back"
        return Check("time", "note", said, "Let it follow a time server; ids stay right meanwhile.")
    return Check("time", "fine", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")


async def _log(r: db.Reader, at_work: bool) -> Found:
    """Without a running worker lag only means that there is something to do at the next start."""
    state: State = "wrong" if at_work else "note"
    groups = await admin.lag(r, admin.topics_of(SUBSCRIPTIONS))
    dead = sum(one.dead for one in groups)
    if dead:
        mend = "See `tintype log dlq list`; when the cause is gone, `tintype log dlq redrive`."
        yield Check("event log", "wrong", f"{dead} events were given up and hold back others", mend)
    late = [one for one in groups if one.oldest_seconds > LAG_SECONDS]
    if late:
        names = ", ".join(f"{one.group} {one.events} ({one.oldest_seconds:.0f} s)" for one in late)
        yield Check("event log", state, f"behind: {names}", "See whether the worker runs and what it prints.")
    if not dead and not late:
        yield Check("event log", "fine", f"{sum(one.events for one in groups)} events waiting")


async def _jobs(r: db.Reader, at_work: bool) -> Found:
    stuck = await jobs.stuck(r, LAG_SECONDS)
    state: State = "wrong" if at_work else "note"
    failed = ", ".join(f"{one.name} {one.failed}" for one in stuck if one.failed)
    if failed:
        mend = "The worker's log says why (jobs.failed). When the cause is gone: `tintype log dlq redrive`."
        yield Check("jobs", "wrong", f"given up after five tries: {failed}", mend)
    late = ", ".join(f"{one.name} {one.late}" for one in stuck if one.late)
    if late:
        yield Check("jobs", state, f"due and not done: {late}", "See whether the worker runs and what it prints.")
    if not stuck:
        yield Check("jobs", "fine", "none is stuck")


async def _partitions(r: db.Reader, at_work: bool) -> Found:
    """No write fails where there is no range for it: such rows are kept apart."""
    found = await partitions.reaches(r)
    short = ", ".join(one.table for one in found if one.is_short)
    rest = ", ".join(one.table for one in found if one.has_rest)
    if short:
        mend = "See whether the worker runs and what it prints."
        yield Check("partitions", "wrong" if at_work else "note", f"no ranges for what comes next: {short}", mend)
    if rest:
        yield Check("partitions", "note", f"rows came for which there was no range: {rest}", partitions.REST)
    if not short and not rest:
        yield Check("partitions", "fine", ", ".join(f"{one.table} until {one.until:%Y-%m-%d}" for one in found))


async def _redis(settings: Settings) -> list[Check]:
    if not settings.redis_url:
        return []
    from tintype.entry import redis_checks  # its client is not there with the embedded product

    return await redis_checks.look(settings.redis_url)


def _ready(port: int) -> bool:
    with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        return bool(answer.status == 200)


def _bound(host: str, port: int) -> bool:
    """Whether something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK | os.X_OK)


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir()) if path.exists() else []


def _size(path: Path) -> int:
    """Bytes on disk below a folder; what vanishes or is closed meanwhile counts nothing."""
    total = 0
    for where, _, names in os.walk(path):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_blocks * 512  # noqa: PTH118 - many files
    return total


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


ABOUT = """
-- entry: what the database is
select current_setting('server_version_num')::int as version, pg_encoding_to_char(encoding) as encoding,
  pg_database_size(oid) as size, clock_timestamp() as now,
  (select count(*) from pg_stat_activity where datname = current_database()) as connections
from pg_database where datname = current_database()
"""

HIGH_WATER = """
-- entry: how far ids have been reserved
select max(high_water) from id_nodes
"""
