"""Fixtures: a database of one's own on a real PostgreSQL, and the world over it."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.engines import postgres
from tintype.platform import db, ids

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.TestServer]:
    """One server for the whole run."""
    with postgres.running() as server:
        yield server


@pytest.fixture
async def database(postgres_server: postgres.TestServer) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database; `db` is open on it and an id node is held."""
    async with postgres_server.clone() as url:
        await db.open(url)
        async with ids.lease(url):
            yield url
        await db.close()


@pytest.fixture
async def world(database: str, tmp_path: Path) -> AsyncIterator["World"]:
    """Named people over the whole product, in this process."""
    from tests import world as worlds

    async with worlds.opened(database, tmp_path / "data") as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test gets an id of its own: Schemathesis gives one to all operations, and xdist would run only the first."""
    for item in items:
        if not item.nodeid.endswith(item.name) and item.parent is not None:
            item._id = item.parent.id.child(item.name)
    if len({item.nodeid for item in items}) != len(items):
        raise pytest.UsageError("two tests have the same id")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Who shares a server shares a worker: all browser tests, and the tests of a file."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("TINTYPE_TEST_NO_SKIPS"):
        terminalreporter.write_line(f"{len(skipped)} skipped, and none may be skipped here", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    if exitstatus == 0 and skipped and os.environ.get("TINTYPE_TEST_NO_SKIPS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
