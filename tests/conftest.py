"""Fixtures: a database of one's own on a real PostgreSQL, and the world over it."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.engines import counted, postgres
from tintype.platform import db, ids

if TYPE_CHECKING:
    from tests.world import World


FAILED = pytest.StashKey[bool]()  # whether a test has failed already, for fixtures that then tell more
MEMORY, ROOM = "/dev/shm", 6 * 1024**3


def _into_memory() -> None:
    """Temporary files go there, where there is room: a database of one's own is made in a tenth of the time."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ROOM and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = MEMORY


_into_memory()


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
    """Each test gets an id of its own: Schemathesis gives one to all operations, and xdist would run only the first.

    Coverage, a fifth of a test's work, is counted where tests are near to what they test.
    """
    for item in items:
        if not item.nodeid.endswith(item.name) and item.parent is not None:
            item._id = item.parent.id.child(item.name)
        if item.nodeid.startswith(UNCOUNTED):
            item.add_marker("no_cover")
    if len({item.nodeid for item in items}) != len(items):
        raise pytest.UsageError("two tests have the same id")


UNCOUNTED = ("tests/big/", "tests/browser/", "tests/conformance/", "tests/deploy/", "tests/faults/")
SHARING = {  # files of tests/conformance whose engine takes its time to start
    "test_event_log.py": "kafka",
    "test_event_log_cut.py": "kafka",
    "test_event_log_on_kafka.py": "kafka",
    "test_feed_on_both.py": "cassandra",
    "test_timeline_store.py": "cassandra",
    "test_timelines.py": "cassandra",
    "test_jobs.py": "rabbitmq",
    "test_jobs_broker.py": "rabbitmq",
    "test_pooler.py": "replica",
    "test_reads.py": "replica",
}


WAITING = ("tests/big/", "tests/conformance/", "tests/faults/")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Who shares a server shares a worker: all browser tests, those of one or all slow engines, the tests of a file.

    The last of more than two begins with what waits for engines more than it works, and the others end with that.
    """

    def _split_scope(self, nodeid: str) -> str:
        for folder in ("browser", "big"):
            if nodeid.startswith(f"tests/{folder}/"):
                return folder
        file = nodeid.split("::", 1)[0]
        return SHARING.get(file.removeprefix("tests/conformance/"), file)

    def _assign_work_unit(self, node: Any) -> None:
        waits = self.numnodes > 2 and node.gateway.id == f"gw{self.numnodes - 1}"
        for scope, tests in self.workqueue.items():
            if next(iter(tests)).startswith(WAITING) == waits:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in counted.lines(terminalreporter.stats):
        terminalreporter.write_line(line)
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("TINTYPE_TEST_NO_SKIPS"):
        terminalreporter.write_line(f"{len(skipped)} skipped, and none may be skipped here", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    if exitstatus == 0 and skipped and os.environ.get("TINTYPE_TEST_NO_SKIPS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
