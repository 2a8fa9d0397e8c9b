"""An open loop: requests leave when they are due, however slow the answers are, and latency counts from then.

`python -m benches.open_loop HOST PORT RATE SECONDS FILE` sends the requests of FILE in turn over kept connections: a
JSON list of `[path, token]`, or `[path, token, kind, method, body]`. It prints JSON, latencies in milliseconds:
`{"p50":…, "p95":…, "p99":…, "failed":…, "sent":…, "kinds":{"read":{"p50":…, …}}}`; those that were answered by anything
but 2xx have failed, and so have those that were never answered.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop

CONNECTIONS = 64
READ = "read"


def run(base_url: str, rate: float, seconds: float, asked: list[Any]) -> dict[str, Any]:
    """The same in a process of its own: what it printed."""
    address = urlsplit(base_url)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asked, file)
        file.flush()
        arguments = ["127.0.0.1", str(address.port), str(rate), str(seconds), file.name]
        command = [sys.executable, "-m", "benches.open_loop", *arguments]
        found: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


class _Connection(asyncio.Protocol):
    """One kept HTTP/1.1 connection with at most one request under way."""

    def __init__(self, free: asyncio.Queue["_Connection"]) -> None:
        self._free = free
        self._kind, self._due, self._wanted, self._got = READ, 0.0, -1, b""
        self.latencies: dict[str, list[float]] = defaultdict(list)
        self.failed: dict[str, int] = defaultdict(int)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._free.put_nowait(self)

    def send(self, kind: str, request: bytes, due: float) -> None:
        self._kind, self._due, self._wanted, self._got = kind, due, -1, b""
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        if self._wanted < 0:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._got[:end].lower()
            at = head.index(b"content-length:") + 15
            self._wanted = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
            self.failed[self._kind] += not head.startswith(b"http/1.1 2")
        if len(self._got) >= self._wanted:
            self.latencies[self._kind].append(1000 * (time.perf_counter() - self._due))
            self._free.put_nowait(self)


def _request(
    where: str, path: str, token: str, kind: str = READ, method: str = "GET", body: Any = None
) -> tuple[str, bytes]:
    head = f"{method} {path} HTTP/1.1\r\nHost: {where}\r\nAuthorization: Bearer {token}\r\n"
    if body is None:
        return kind, f"{head}\r\n".encode()
    content = json.dumps(body).encode()
    return kind, f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


async def main(host: str, port: int, rate: float, seconds: float, asked: list[list[Any]]) -> None:
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    connections = [(await loop.create_connection(lambda: _Connection(free), host, port))[1] for _ in range(CONNECTIONS)]
    requests = [_request(f"{host}:{port}", *one) for one in asked]
    began, sent = time.perf_counter(), 0
    while (due := began + sent / rate) < began + seconds:
        wait = due - time.perf_counter()
        if wait > 0.0005:
            await asyncio.sleep(wait)
        (await free.get()).send(*requests[sent % len(requests)], due)
        sent += 1
    await asyncio.sleep(1)
    kinds = sorted({kind for connection in connections for kind in connection.latencies})
    latencies = {kind: sorted(one for each in connections for one in each.latencies[kind]) for kind in kinds}
    failed = {kind: sum(connection.failed[kind] for connection in connections) for kind in kinds}
    every = sorted(one for found in latencies.values() for one in found)
    told = {kind: {**_percentiles(latencies[kind]), "failed": failed[kind]} for kind in kinds}
    lost = sum(failed.values()) + sent - len(every)
    print(json.dumps({**_percentiles(every), "failed": lost, "sent": sent, "kinds": told}))


def _percentiles(latencies: list[float]) -> dict[str, float]:
    return {f"p{share}": latencies[int(len(latencies) * share / 100)] for share in (50, 95, 99)}


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[5]).read_text(encoding="utf-8"))
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), given))
