"""The histories of feeds on every engine: what SQL defines a feed to be, it is there as well."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase

from tests.engines.big import Big
from tests.properties import feed_histories
from tests.properties.test_feed_machine import FeedMachine, play
from tintype.platform import replicas
from tintype.platform.timelines import cassandra

CHOSEN = {
    "max_examples": 12,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.reuse, Phase.generate),  # looking for the shortest history would take long here
}


class OnEveryEngine(FeedMachine):
    """The same rules."""


@pytest.mark.timeout(900)
def test_the_feed_is_what_sql_defines_it_to_be(big: Big, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed_histories.narrow(monkeypatch)
    monkeypatch.setattr(cassandra, "READ_SECONDS", 10.0)
    monkeypatch.setattr(replicas, "REST_SECONDS", 0.0)
    place = big.place()
    play(OnEveryEngine, feed_histories.opened_on(place.url, tmp_path, **place.more), **CHOSEN)
