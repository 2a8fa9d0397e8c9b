"""An open loop: requests leave when they are due, however slow the answers are, and latency counts from then.

`python -m benches.open_loop HOST PORT RATE SECONDS FILE` sends the requests of FILE (a JSON list of paths and tokens,
in turn) over kept connections and prints JSON: `{"p50":…, "p95":…, "p99":…, "failed":…, "sent":…}`, milliseconds.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import cast

import uvloop

CONNECTIONS = 64


class _Connection(asyncio.Protocol):
    """One kept HTTP/1.1 connection with at most one request under way."""

    def __init__(self, free: asyncio.Queue["_Connection"]) -> None:
        self._free = free
        self._due, self._wanted, self._got = 0.0, -1, b""
        self.latencies: list[float] = []
        self.failed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self._free.put_nowait(self)

    def send(self, request: bytes, due: float) -> None:
        self._due, self._wanted, self._got = due, -1, b""
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
            self.failed += not head.startswith(b"http/1.1 200")
        if len(self._got) >= self._wanted:
            self.latencies.append(time.perf_counter() - self._due)
            self._free.put_nowait(self)


async def main(host: str, port: int, rate: float, seconds: float, asked: list[tuple[str, str]]) -> None:
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    connections = [(await loop.create_connection(lambda: _Connection(free), host, port))[1] for _ in range(CONNECTIONS)]
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        for path, token in asked
    ]
    began, sent = time.perf_counter(), 0
    while (due := began + sent / rate) < began + seconds:
        wait = due - time.perf_counter()
        if wait > 0.0005:
            await asyncio.sleep(wait)
        (await free.get()).send(requests[sent % len(requests)], due)
        sent += 1
    await asyncio.sleep(1)
    latencies = sorted(1000 * one for connection in connections for one in connection.latencies)
    found = {f"p{share}": latencies[int(len(latencies) * share / 100)] for share in (50, 95, 99)}
    failed = sum(connection.failed for connection in connections) + sent - len(latencies)
    print(json.dumps({**found, "failed": failed, "sent": sent}))


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[5]).read_text(encoding="utf-8"))
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), given))
