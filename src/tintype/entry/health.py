"""Health and metrics of a process: `/livez`, `/readyz`, `/metrics`, on a listener of its own that no load can starve.

Every process answers on a unix socket in the run folder; the admin port shows the metrics of all of them in one page.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

READ_SECONDS = 5.0
PEER_SECONDS = 1.0

Ready = Callable[[], Awaitable[bool]]


@asynccontextmanager
async def served(run_dir: Path, role: str, ready: Ready, *, port: int | None = None) -> AsyncIterator[None]:
    """Answer until the block ends: on the socket of this role, and on a loopback port where one is given."""
    run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket = run_dir / f"{role}-{os.getpid()}.health"
    servers = [await asyncio.start_unix_server(_answer(ready, None), str(socket))]
    if port is not None:
        servers.append(await asyncio.start_server(_answer(ready, run_dir), "127.0.0.1", port))
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
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), READ_SECONDS)
            path = head.split(b" ", 2)[1].split(b"?")[0] if head.count(b" ") >= 2 else b""
            status, kind, body = await _page(path, ready, run_dir)
            fields = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nCache-Control: no-store"
            writer.write(f"HTTP/1.1 {status}\r\n{fields}\r\nConnection: close\r\n\r\n".encode() + body)
            await asyncio.wait_for(writer.drain(), READ_SECONDS)
        writer.close()

    return answer


async def _page(path: bytes, ready: Ready, run_dir: Path | None) -> tuple[str, str, bytes]:
    match path:
        case b"/livez":
            return "200 OK", "text/plain", b"alive\n"
        case b"/readyz":
            fine = False
            with suppress(TimeoutError):
                fine = await asyncio.wait_for(ready(), 2)
            return ("200 OK", "text/plain", b"ready\n") if fine else ("503 Unavailable", "text/plain", b"not ready\n")
        case b"/metrics":
            body = generate_latest() if run_dir is None else await _all_metrics(run_dir)
            return "200 OK", CONTENT_TYPE_LATEST, body
    return "404 Not Found", "text/plain", b"no such page\n"


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
