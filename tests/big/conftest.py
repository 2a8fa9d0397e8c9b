"""Every engine, once for all tests here, and the world on them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import world as worlds
from tests.browser.conftest import chromium, chromium_path, town
from tests.engines import big as engines
from tests.engines.big import Big, Place
from tests.world import World
from tintype.platform import db, ids, replicas

__all__ = ["chromium", "chromium_path", "town"]


@pytest.fixture(scope="package")
def big() -> Iterator[Big]:
    """All engines. They end with the last test here, as they take a third of the machine."""
    with engines.running() as found:
        yield found


@pytest.fixture(scope="package")
def shared(big: Big) -> Place:
    """A keyspace, topics, queues and a bucket for tests that write little."""
    return big.place()


@pytest.fixture
def place(big: Big, shared: Place) -> Place:
    """The same with a database of one's own."""
    return big.afresh(shared)


@pytest.fixture
async def world(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Named people over the whole product, in this process, on every engine."""
    monkeypatch.setattr(replicas, "REST_SECONDS", 0.0)  # people in tests read right after they have written
    await db.open(place.url)
    async with ids.lease(place.url), worlds.opened(place.url, tmp_path / "data", **place.more) as opened:
        yield opened
    await db.close()
