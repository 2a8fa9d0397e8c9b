"""What stands before every engine outside of this process: one total deadline a call, and a circuit breaker.

Closed, calls go through. After `FAILURES` failures in a row it opens: calls fail at once, without waiting for an engine
that is not there. Every `REST_SECONDS` one call may try; its success closes the breaker, its failure opens it again.
After Nygard, Release It! (2007), chapter 5. Where there is a probe it is the one that tries, so that nobody's request
waits for an engine that hangs, and it is known when one is back that nobody asks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic

from prometheus_client import Gauge

from tintype.platform.metrics import FastCounter, FastHistogram
from tintype.platform.telemetry import redacted

FAILURES, REST_SECONDS = 5, 1.0

CALLS = FastCounter("tintype_engine_calls_total", "Calls of an engine, by what became of them", ["engine", "outcome"])
SECONDS = FastHistogram(
    "tintype_engine_seconds",
    "How long calls of an engine took",
    ["engine"],
    buckets=[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
)
UP = Gauge("tintype_engine_up", "Whether an engine answers", ["engine"])

_guards: dict[str, "Guard"] = {}


class EngineDown(Exception):
    """An engine did not answer in time, failed, or has failed too often to be asked now."""


class Guard:
    """The way to one engine. `quiet` are errors that are answers: they count as success and pass through.

    `probe` asks the engine something small by `call`; it is repeated while the breaker is open, until `close`.
    """

    def __init__(
        self,
        engine: str,
        seconds: float,
        *,
        quiet: tuple[type[BaseException], ...] = (),
        probe: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self.engine, self.seconds = engine, seconds
        self._quiet, self._probe = quiet, probe
        self._probing: asyncio.Task[None] | None = None
        self._failures = 0
        self._tries_at = 0.0
        self._trying = False
        _guards[engine] = self
        UP.labels(engine).set(1)

    @property
    def is_up(self) -> bool:
        """Whether calls go through."""
        return self._failures < FAILURES

    @asynccontextmanager
    async def call(self, seconds: float | None = None) -> AsyncIterator[None]:
        """One call, from connecting to the last byte. Raises EngineDown for whatever goes wrong with the engine."""
        trial = self._enter()
        began = monotonic()
        try:
            async with asyncio.timeout(self.seconds if seconds is None else seconds):
                yield
        except self._quiet:
            self._succeeded()
            raise
        except Exception as error:
            self._failed()
            said = redacted(f"{self.engine}: {type(error).__name__}: {error}")  # some drivers show the address
            raise EngineDown(said[:300]) from error
        else:
            self._succeeded()
            SECONDS.labels(self.engine).observe(monotonic() - began)
        finally:
            if trial:
                self._trying = False

    def close(self) -> None:
        """Nobody asks any more."""
        if self._probing is not None:
            self._probing.cancel()

    def _enter(self) -> bool:
        if self.is_up:
            return False
        mine = monotonic() >= self._tries_at if self._probing is None else asyncio.current_task() is self._probing
        if self._trying or not mine:
            CALLS.labels(self.engine, "refused").inc()
            raise EngineDown(f"{self.engine} has not answered of late")
        self._trying = True
        return True

    def _succeeded(self) -> None:
        CALLS.labels(self.engine, "ok").inc()
        if not self.is_up:
            UP.labels(self.engine).set(1)
        self._failures = 0

    def _failed(self) -> None:
        CALLS.labels(self.engine, "failed").inc()
        self._failures += 1
        if not self.is_up:
            UP.labels(self.engine).set(0)
            self._tries_at = monotonic() + REST_SECONDS
            if self._probe is not None and self._probing is None:
                self._probing = asyncio.create_task(self._look(self._probe), name=f"{self.engine} probe")

    async def _look(self, probe: Callable[[], Awaitable[object]]) -> None:
        try:
            while not self.is_up:
                await asyncio.sleep(REST_SECONDS)
                with suppress(Exception):
                    await probe()
        finally:
            self._probing = None


def states() -> dict[str, bool]:
    """Every engine in use, and whether it answers: the lines of `/readyz`."""
    return {engine: guard.is_up for engine, guard in sorted(_guards.items())}
