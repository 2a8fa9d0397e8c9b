"""Load shedding: what could not be answered in time is refused at once, so that what is let in stays fast.

Two queues grow when too much is asked: that of the event loop and that for a connection to the database. Both waits are
looked at many times a second; while one is long, fewer requests are let in at once, and gradually more afterwards.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import IntEnum

from litestar.types import HTTPScope, Send

from tintype.entry.envelope import told
from tintype.platform import db, telemetry
from tintype.platform.errors import Unavailable
from tintype.platform.telemetry import IN_FLIGHT, SHED

LOOK_SECONDS = 0.02
LOOP_SECONDS, POOL_SECONDS = 0.015, 0.05  # a request waits for the loop some ten times, for the pool once or twice
SLOW_SECONDS, AVERAGED = 0.03, 16  # long waits are no harm as long as the last requests were answered so soon
FEWEST, MOST, MORE, FEWER = 16, 96, 1, 0.8
FILES = 4  # for one of the others: a page asks for many at once, and a browser does not ask again
PATIENT_MOST = 500
RETRY_SECONDS = (1, 2, 3)
FILE_PATHS = ("/m/", "/p/", "/avatars/", "/stories/")
PATHS = ("/api/", "/docs/", *FILE_PATHS)
FEEDS = frozenset({"/api/v1/feed/home", "/api/v1/feed"})  # which need nobody else's answer, and come from memory
UPLOADS, LONG_POLL = "/api/v1/media/upload/", "/wait"


class Overloaded(Unavailable):
    code, message = "OVERLOADED", "Too much is asked of Tintype just now. Try again in a moment."


class Kind(IntEnum):
    """How a request counts: not at all, among those that are answered soon, as a file, or among those that wait.

    Home feeds are counted apart: while the database hangs, what waits for it must not keep out what does not.
    """

    FREE, SOON, FEED, FILE, PATIENT = range(5)


_shed = {kind: SHED.labels(kind.name.lower()) for kind in Kind}


class Gate:
    """Lets requests in, up to a number that follows how long they have to wait."""

    def __init__(self) -> None:
        self.inside = [0] * len(Kind)
        self.came = 0
        self.took = 0.0
        self._limits: list[float] = [float("inf"), MOST, MOST, MOST * FILES, PATIENT_MOST]

    def enter(self, path: str) -> Kind | None:
        """Let a request in, and say how it counts; None when there are too many inside. What entered has to leave."""
        kind = kind_of(path)
        self.came += 1
        if self.inside[kind] >= self._limits[kind]:
            _shed[kind].inc()
            return None
        self.inside[kind] += 1
        return kind

    def leave(self, kind: Kind, took: float) -> None:
        """A request has been answered, after so many seconds."""
        self.inside[kind] -= 1
        if kind in (Kind.SOON, Kind.FEED):
            self.took += (took - self.took) / AVERAGED

    def look(self, *, loop: float, pool: float) -> None:
        """Let fewer in at once after a long wait that slows answers, a few more after short ones."""
        limit = self._limits[Kind.SOON]
        is_long = self.took > SLOW_SECONDS and (loop > LOOP_SECONDS or pool > POOL_SECONDS)
        limit = max(limit * FEWER, FEWEST) if is_long else min(limit + MORE, MOST)
        # Who would only wait is not let in while there is no room for who is answered soon.
        patient = PATIENT_MOST if self.inside[Kind.SOON] < limit else 0
        self._limits[Kind.SOON :] = limit, limit, limit * FILES, patient


def kind_of(path: str) -> Kind:
    """The client's own files are in memory and cost no more than a refusal; long polls and uploads mostly wait."""
    if not path.startswith(PATHS):
        return Kind.FREE
    if path.endswith(LONG_POLL) or path.startswith(UPLOADS):
        return Kind.PATIENT
    if path in FEEDS:
        return Kind.FEED
    return Kind.FILE if path.startswith(FILE_PATHS) else Kind.SOON


@asynccontextmanager
async def watching(gate: Gate) -> AsyncIterator[None]:
    """Look at the waits until the block ends."""
    looking = asyncio.create_task(_watch(gate), name="shedding")
    try:
        yield
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


async def _watch(gate: Gate) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(LOOK_SECONDS)
        late = time.perf_counter() - began - LOOK_SECONDS
        gate.look(loop=late, pool=db.longest_wait())
        IN_FLIGHT.set(gate.inside[Kind.SOON] + gate.inside[Kind.FEED])


async def refuse(scope: HTTPScope, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    """The answer to a request that was not let in. Clients come back at different times."""
    request_id = telemetry.request_id()
    problem = Overloaded(retry_after=random.choice(RETRY_SECONDS))
    accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    body, media_type = told(problem, request_id, accept)
    own = [
        (b"content-type", media_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"retry-after", problem.headers["Retry-After"].encode()),
        (b"x-request-id", request_id.encode()),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": own + headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b"", "more_body": False})
