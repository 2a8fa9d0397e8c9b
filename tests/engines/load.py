"""Load as many clients make it: requests at a given rate whatever the answers, each timed from when it was due.

A process of its own, so that the generator's waits are not the product's: `Generator(plan).seen()` is what it saw. A
request that was sent and got no whole answer is `lost`; one that could not be sent, since nobody listened, is
`refused`.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

import msgspec

TICK_SECONDS = 0.002
PATIENCE_SECONDS = 15.0
CONNECT_SECONDS = 10.0


class Plan(msgspec.Struct, frozen=True):
    """What to send where, how often a second (0: as fast as answers come) and for how long."""

    port: int
    requests: list[str]
    rate: float
    seconds: float
    connections: int


class Seen(msgspec.Struct):
    """What came back: seconds to answer by status, when failures came, and what got no answer."""

    took: dict[int, list[float]] = {}
    failed_at: list[float] = []
    without_retry_after: int = 0
    closed_politely: int = 0
    lost: int = 0
    refused: int = 0

    def count(self, *statuses: int) -> int:
        return sum(len(self.took.get(status, ())) for status in statuses)

    def share(self, status: int, share: float) -> float:
        """The time within which that share of the answers with a status came."""
        ordered = sorted(self.took[status])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, token: str = "", body: Any = None) -> str:
    """A request as it is sent."""
    sent = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(sent)}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json"] if sent else []
    return "\r\n".join(lines) + "\r\n\r\n" + sent


class Generator:
    """Load that is being made."""

    def __init__(self, plan: Plan) -> None:
        root = Path(__file__).resolve().parents[2]
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - `seen` closes it; an unread pipe would hold it up
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engines.load"], cwd=root, stdin=subprocess.PIPE, stdout=self._out
        )
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(plan))
        self._process.stdin.close()

    @property
    def is_at_work(self) -> bool:
        return self._process.poll() is None

    def seen(self) -> Seen:
        """Wait until it has done, and tell what it saw."""
        assert self._process.wait(120) == 0
        with self._out as out:
            out.seek(0)
            return msgspec.json.decode(out.read(), type=Seen, strict=False)


class _Client(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, crowd: "_Crowd") -> None:
        self._crowd = crowd
        self._received = b""
        self._due: float | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def send(self, due: float, request: bytes) -> None:
        self._due = due
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        fields = head.lower().split(b"\r\n")
        length = next((int(one[15:]) for one in fields if one.startswith(b"content-length:")), 0)
        if len(body) < length or self._due is None:
            return
        due, self._received, self._due = self._due, b"", None
        closes = b"connection: close" in fields
        self._crowd.answered(int(head[9:12]), time.perf_counter() - due, fields, closes=closes)
        if closes:
            self.close()
            self._crowd.left(self)
        else:
            self._crowd.free(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        if self._due is not None:
            self._crowd.seen.lost += 1
            self._due = None
        self._crowd.left(self)


class _Crowd:
    """All connections: idle ones are used first, new ones are opened up to the plan's number."""

    def __init__(self, plan: Plan) -> None:
        self.seen = Seen()
        self._plan = plan
        self._requests = [one.encode() for one in plan.requests]
        self._idle: list[_Client] = []
        self._open: set[_Client] = set()
        self._opening = 0
        self._due: deque[float] = deque()
        self._sent = self._done = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._given_up = False
        self._began = time.perf_counter()

    async def run(self) -> Seen:
        began = self._began
        while (now := time.perf_counter()) - began < self._plan.seconds:
            self._make_due(began, now)
            self._go_on()
            await asyncio.sleep(TICK_SECONDS)
        self._given_up = True
        self._due.clear()
        for client in self._idle:
            client.close()
        with_answer = time.perf_counter() + PATIENCE_SECONDS
        while self._done + self.seen.lost < self._sent and time.perf_counter() < with_answer:
            await asyncio.sleep(TICK_SECONDS)
        self.seen.lost = self._sent - self._done
        return self.seen

    def _make_due(self, began: float, now: float) -> None:
        if self._plan.rate:
            until = int((now - began) * self._plan.rate)
            have = self._sent + len(self._due) + self.seen.refused
            self._due.extend(began + n / self._plan.rate for n in range(have, until))
        else:
            waiting = self._plan.connections - len(self._open) + len(self._idle) - len(self._due)
            self._due.extend(now for _ in range(waiting))

    def _go_on(self) -> None:
        while self._due and self._idle:
            due = self._due.popleft()
            self._idle.pop().send(
                due if self._plan.rate else time.perf_counter(), self._requests[self._sent % len(self._requests)]
            )
            self._sent += 1
        room = self._plan.connections - len(self._open) - self._opening
        for _ in range(min(room, len(self._due) - self._opening)):
            self._opening += 1
            task = asyncio.create_task(self._connect())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, client = await loop.create_connection(lambda: _Client(self), "127.0.0.1", self._plan.port)
        except (OSError, TimeoutError):
            if self._due:
                self._due.popleft()
                self.seen.refused += 1
            return
        finally:
            self._opening -= 1
        self._open.add(client)
        self.free(client)

    def free(self, client: _Client) -> None:
        if self._given_up:
            client.close()
            return
        self._idle.append(client)
        if not self._plan.rate and not self._due:
            self._due.append(0.0)
        self._go_on()

    def left(self, client: _Client) -> None:
        self._open.discard(client)
        if client in self._idle:
            self._idle.remove(client)

    def answered(self, status: int, took: float, fields: list[bytes], *, closes: bool) -> None:
        self._done += 1
        self.seen.took.setdefault(status, []).append(took)
        if status >= 500:
            self.seen.failed_at.append(round(time.perf_counter() - self._began, 3))
        if status == 503 and not any(one.startswith(b"retry-after:") for one in fields):
            self.seen.without_retry_after += 1
        self.seen.closed_politely += closes


def main() -> None:
    """Read a plan, carry it out, write what was seen."""
    import uvloop

    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    seen = uvloop.run(_Crowd(plan).run())
    sys.stdout.buffer.write(msgspec.json.encode(seen))


if __name__ == "__main__":
    main()
