"""Each engine killed, and some of them hung, while people go on: nothing lost or doubled, and feeds answer throughout.

At night (HYPOTHESIS_PROFILE=nightly) every cut of docs/operations/faults.md, whose table `make faults` makes.
"""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.engines import big
from tests.engines.big import Big, Place
from tests.engines.product import Product, installed
from tests.faults.cuts import cutting, truth
from tests.faults.cuts.cutting import Noticed
from tests.faults.cuts.traffic import Traffic

FEED_SECONDS = 1.0
LONGEST_FEED_SECONDS = 2.5  # a second in which the view grows old, the next look, the primary's half second; a moment
LONGEST_SECONDS = 16.0  # the longest deadline of a request that needs PostgreSQL, and a moment
HUNG_SECONDS = 4.0
A_FEW = 10  # one in so many: a busy machine may keep the log's heart from beating for a second
AT_NIGHT = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
ENGINES = ("redis", "kafka", "cassandra", "s3", "rabbitmq", "clamd", "replica", "postgres")
HUNG = ("redis", "cassandra", "replica", "postgres")
SHORT = [(name, "kill") for name in ENGINES] + [(name, "pause") for name in HUNG]
WHOLE = [(name, kind) for name in ENGINES for kind in cutting.CUTS if kind != "wipe" or name in cutting.WIPED]

pytestmark = [pytest.mark.faults, pytest.mark.alone, pytest.mark.timeout(3_600 if AT_NIGHT else 420)]


@pytest.fixture(scope="module")
def engines() -> Iterator[Big]:
    """A set of its own: it is killed."""
    with big.running() as found:
        yield found


@pytest.fixture(scope="module")
def place(engines: Big) -> Place:
    return engines.place()


@pytest.fixture(scope="module")
def product(place: Place) -> Iterator[Product]:
    with installed(**cutting.SETTINGS, **place.environment) as found:
        found.start()
        yield found


@pytest.fixture
async def traffic(product: Product) -> AsyncIterator[Traffic]:
    one = Traffic(product)
    await one.come()
    yield one
    await one.close()


async def test_every_engine_may_be_cut_while_people_go_on(
    engines: Big, place: Place, product: Product, traffic: Traffic
) -> None:
    for name, kind in WHOLE if AT_NIGHT else SHORT:
        await traffic.log_in()
        engine = cutting.engines(engines)[name]
        briefly: dict[str, float] = {} if AT_NIGHT else {"seconds": HUNG_SECONDS, "before": 1.0, "least": 4.0}
        _check_feeds(await cutting.cut(traffic, product, place.url, engine, name, kind, **briefly))
    feeds = [one for one in traffic.seen if one.kind == "feed"]
    assert cutting.share(feeds, 0.95) <= FEED_SECONDS
    found = await truth.found(traffic, product, place.url)
    assert found.acknowledged > 100
    assert found.is_right, found


def _check_feeds(seen: Noticed) -> None:
    """Feeds come from the next level; without PostgreSQL what is not remembered is refused, and at once."""
    assert seen.feeds_longest <= LONGEST_FEED_SECONDS, seen
    if AT_NIGHT or (seen.engine, seen.cut) != ("postgres", "pause"):  # so short that a twentieth is less than one feed
        assert seen.feeds_p95 <= FEED_SECONDS, seen
    assert seen.longest <= LONGEST_SECONDS, seen
    if seen.engine != "postgres":
        assert seen.feeds_failed == 0, seen
        assert seen.feeds_stale <= seen.feeds / A_FEW, seen
