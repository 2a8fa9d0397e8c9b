"""The lines at the end: who counts where, and what a missing engine is said to need."""

from contextlib import contextmanager
from typing import Any

import pytest

from tests.engines.cache import Missing
from tests.engines.counted import STARTED, USED, Engines, lines, used


def report(name: str, outcome: Any, *engines: str, started: str = "", reason: str = "") -> pytest.TestReport:
    properties: list[tuple[str, object]] = [(USED, one) for one in engines]
    if started:
        properties.append((STARTED, started))
    longrepr = ("file", 1, f"Skipped: {reason}") if reason else None
    return pytest.TestReport(name, ("file", 1, name), {}, outcome, longrepr, "call", user_properties=properties)


def test_a_test_counts_for_the_engine_it_is_about() -> None:
    found = lines(
        {
            "passed": [
                report("a", "passed"),
                report("b", "passed", "postgres", started="postgres 2.34"),
                report("c", "passed", "postgres", "kafka", started="kafka 4.04"),
                report("d", "passed", "kafka", "kafka"),
                report("e", "passed", "redis", started="redis 0.1"),
                report("f", "passed", "redis", started="redis 2.2"),
            ],
            "failed": [report("g", "failed", "kafka")],
            "error": [report("d", "failed", "kafka")],
            "deselected": [object()],
        }
    )
    assert found == ["postgres passed=1 failed=0 start=2.3s", "redis passed=2 failed=0 start=2.2s",
                     "kafka passed=1 failed=2 start=4.0s"]  # fmt: skip


def test_what_is_skipped_is_named_with_what_would_bring_it() -> None:
    skipped = [report(name, "skipped", "postgres", "kafka", reason="needs Java 17") for name in "ab"]
    assert lines({"skipped": skipped}) == ["kafka passed=0 failed=0 skipped=2: needs Java 17"]
    assert lines({"passed": [report("a", "passed")]}) == []


class Test:
    """As much of a test as is written to."""

    __test__ = False

    def __init__(self) -> None:
        self.user_properties: list[tuple[str, object]] = []


def test_an_engine_is_started_once_and_one_that_fails_is_not_tried_again(engines: Engines) -> None:
    test: Any = Test()
    begun: list[str] = []

    @contextmanager
    def starting(name: str) -> Any:
        begun.append(name)
        if name == "bad":
            raise OSError(name)
        if name == "missing":
            raise Missing("needs it")
        yield name

    for _ in range(2):
        assert engines.of(test, "redis", "of this test", lambda: starting("good")) == "good"
        with pytest.raises((OSError, RuntimeError)):
            engines.of(test, "redis", "a bad one", lambda: starting("bad"))
        with pytest.raises(pytest.skip.Exception, match="needs it"):
            engines.of(test, "redis", "a missing one", lambda: starting("missing"))
    used(test, "kafka")
    assert begun == ["good", "bad", "missing", "missing"]
    assert [key for key, _ in test.user_properties].count(STARTED) == 1
    assert {value for key, value in test.user_properties if key == USED} == {"redis", "kafka"}
