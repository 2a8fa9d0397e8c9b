"""What the conformance suites say at the end: one line an engine, with what passed on it and how long it took to start.

Each test notes at itself which engines it used, so that the figures come together however many processes ran them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from time import monotonic
from typing import Any, TypeVar

import pytest

from tests.engines.cache import Missing

ENGINES = ("postgres", "redis", "kafka", "cassandra", "s3", "rabbitmq", "clamav")
USED, STARTED = "engine used", "engine started"
T = TypeVar("T")


class Engines:
    """Starts each engine once, when a first test wants it; all end with the block that `stack` stands for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[str, Any] = {}
        self._failed: dict[str, Exception] = {}

    def of(self, test: pytest.Item, engine: str, name: str, start: Callable[[], AbstractContextManager[T]]) -> T:
        """What `start` gives, the first time it is called for this name; skips the test where that is not to be had."""
        used(test, engine)
        if name in self._failed:
            raise RuntimeError(f"{name} did not start before") from self._failed[name]
        if name not in self._running:
            began = monotonic()
            try:
                self._running[name] = self._stack.enter_context(start())
            except Missing as missing:
                pytest.skip(str(missing))
            except Exception as error:
                self._failed[name] = error
                raise
            test.user_properties.append((STARTED, f"{engine} {monotonic() - began:.1f}"))
        found: T = self._running[name]
        return found


def used(test: pytest.Item, engine: str) -> None:
    """Note that this test runs on an engine."""
    test.user_properties.append((USED, engine))


def lines(reports: Mapping[str, Sequence[object]]) -> list[str]:
    """The lines for the engines that tests ran on, of the reports by outcome, as pytest collects them.

    PostgreSQL is there for every port: a test counts for it where it used no other engine.
    """
    outcomes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    seconds: dict[str, float] = {}
    reasons: dict[str, set[str]] = defaultdict(set)
    for outcome, name in (("passed", "passed"), ("failed", "failed"), ("error", "failed"), ("skipped", "skipped")):
        for report in _tests(reports.get(outcome, ())):
            properties = [(key, str(value)) for key, value in report.user_properties]
            engines = {value for key, value in properties if key == USED}
            for engine in engines - {"postgres"} or engines:
                outcomes[engine][name].add(report.nodeid)
                if outcome == "skipped" and isinstance(report.longrepr, tuple):
                    reasons[engine].add(str(report.longrepr[2]).removeprefix("Skipped: "))
            for engine, _, took in (value.partition(" ") for key, value in properties if key == STARTED):
                seconds[engine] = max(seconds.get(engine, 0.0), float(took))
    return [_line(one, outcomes[one], seconds.get(one), reasons[one]) for one in ENGINES if one in outcomes]


def _tests(reports: Iterable[object]) -> Iterable[pytest.TestReport]:
    return (one for one in reports if isinstance(one, pytest.TestReport))


def _line(engine: str, tests: Mapping[str, set[str]], seconds: float | None, reasons: set[str]) -> str:
    failed, skipped = tests.get("failed", set()), tests.get("skipped", set())
    line = f"{engine} passed={len(tests.get('passed', set()) - failed)} failed={len(failed)}"
    if seconds is not None:
        line += f" start={seconds:.1f}s"
    return f"{line} skipped={len(skipped)}: {'; '.join(sorted(reasons))}" if skipped else line
