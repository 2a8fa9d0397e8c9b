"""Health and metrics of a process: `/livez`, `/readyz`, `/metrics`, on a listener of its own that no load can starve.

Every process answers on a unix socket in the run folder; the admin port shows the metrics of all of them in one page.
`/readyz` has a line for each engine besides, on the admin port also for those that only other processes here use:
one that is down makes nothing unready, as the next level answers.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from tintype.platform import guard

READ_SECONDS = 5.0
PEER_SECONDS, PROBED_SECONDS = 1.0, 0.3  # a probe that waits longer for a process that hangs would fail itself

Ready = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def served(
    run_dir: Path, role: str, ready: Ready, *, port: int | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[None]:
    """Answer until the block ends: on the socket of this role, and on a port where one is given."""
    run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = run_dir / f"{role}-{os.getpid()}.health"
    servers = [await asyncio.start_unix_server(_answer(ready, None), str(socket))]
    if port is not None:
        servers.append(await asyncio.start_server(_answer(ready, run_dir), host, port))
    try:
        yield
    finally:
        for server in servers:
            server.close()
        socket.unlink(missing_ok=True)


def _answer(
    ready: Ready, run_dir: Path | None
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(READ_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].split(b"?")[0] if head.count(b" ") >= 2 else b""
            status, kind, body = await _page(path, ready, run_dir)
            fields = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store"
            writer.write(f"HTTP/1.1 {status}\r\n{fields}\r\nConnection: close\r\n\r\n".encode() + body)
            async with asyncio.timeout(READ_SECONDS):
                await writer.drain()
        writer.close()

    return answer


async def _page(path: bytes, ready: Ready, run_dir: Path | None) -> tuple[str, str, bytes]:
    match path:
        case b"/livez":
            return "200 OK", "text/plain", b"alive\n"
        case b"/readyz":
            fine = False
            with suppress(TimeoutError):
                async with asyncio.timeout(2):
                    fine = await ready()
            states = await _engines(run_dir)
            engines = "".join(f"{name} {'up' if up else 'down'}\n" for name, up in sorted(states.items())).encode()
            return (
                ("200 OK", "text/plain", b"ready\n" + engines)
                if fine
                else ("503 Unavailable", "text/plain", b"not ready\n" + engines)
            )
        case b"/metrics":
            body = generate_latest() if run_dir is None else await _all_metrics(run_dir)
            return "200 OK", CONTENT_TYPE_LATEST, body
    return "404 Not Found", "text/plain", b"no such page\n"


async def _engines(run_dir: Path | None) -> dict[str, bool]:
    """The engines of this process, and where its page speaks for all here, those of the others: up where all say so."""
    found = guard.states()
    if run_dir is not None:
        others = [one for one in run_dir.glob("*.health") if one.stem.rpartition("-")[2] != str(os.getpid())]
        for page in await asyncio.gather(*map(_readiness, others)):
            for line in page.decode().splitlines()[1:]:
                name, _, state = line.rpartition(" ")
                found[name] = found.get(name, True) and state == "up"
    return found


async def _readiness(socket: Path) -> bytes:
    with suppress(OSError, TimeoutError, IndexError, ValueError):
        async with asyncio.timeout(PROBED_SECONDS):
            return (await ask(socket, "/readyz"))[1]
    return b""


async def ask(socket: Path, path: str) -> tuple[int, bytes]:
    """Status and body of a page on a process's health socket. Raises OSError or TimeoutError when nobody answers."""
    async with asyncio.timeout(PEER_SECONDS):
        reader, writer = await asyncio.open_unix_connection(str(socket))
        try:
            writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
    return int(head.split(b" ", 2)[1]), body


async def _all_metrics(run_dir: Path) -> bytes:
    pages: dict[str, bytes] = {}
    for socket in sorted(run_dir.glob("*.health")):
        role, number = socket.stem.rpartition("-")[0], 1
        while (name := role if number == 1 else f"{role}-{number}") in pages:
            number += 1
        try:
            pages[name] = (await ask(socket, "/metrics"))[1]
        except (ConnectionRefusedError, FileNotFoundError):  # its process is gone
            socket.unlink(missing_ok=True)
        except (OSError, TimeoutError, IndexError, ValueError):
            continue
    return merged(pages)


def merged(pages: dict[str, bytes]) -> bytes:
    """One page of the metrics of several processes, each sample labelled with its process."""
    families: dict[str, tuple[list[str], list[str]]] = {}
    for process, page in pages.items():
        name = ""
        for line in page.decode().splitlines():
            if line.startswith("# "):
                name = line.split(" ", 3)[2]
                about, _ = families.setdefault(name, ([], []))
                if line not in about and len(about) < 2:
                    about.append(line)
            elif line:
                families.setdefault(name, ([], []))[1].append(_labelled(line, process))
    return "".join(f"{line}\n" for about, samples in families.values() for line in (*about, *samples)).encode()


def _labelled(line: str, process: str) -> str:
    head, brace, rest = line.partition("{")
    if brace:
        return f'{head}{{process="{process}",{rest}'
    name, _, value = line.partition(" ")
    return f'{name}{{process="{process}"}} {value}'
