"""SIGTERM while people are busy: whatever was sent is answered, and what was answered is stored."""

import os
import signal
import time
from collections.abc import Iterator

import asyncpg
import pytest

from tests.engines import load
from tests.engines.product import Product, installed
from tests.faults.crowd import people, reads, writes

RATE, SECONDS, CLIENTS, BEFORE = 60, 6.0, 30, 2.0

pytestmark = [pytest.mark.faults, pytest.mark.paired, pytest.mark.timeout(120)]


@pytest.fixture
def product() -> Iterator[Product]:
    with installed(LOG_LEVEL="warning") as found:
        found.start()
        yield found


def test_the_api_answers_everything_before_it_ends(product: Product) -> None:
    generator = _busy(product)
    pid = product.pid_of("api")
    os.kill(pid, signal.SIGTERM)
    ended = _seconds_until_ended(pid)
    seen = generator.seen()
    assert ended < 5
    assert seen.lost == 0
    assert not [at for at in seen.failed_at if BEFORE <= at < BEFORE + ended], seen.failed_at
    assert seen.closed_politely > CLIENTS / 2
    product.wait_until_ready()


async def test_all_of_it_answers_everything_and_keeps_what_it_answered(product: Product) -> None:
    generator = _busy(product)
    assert product.stop() == 0
    seen = generator.seen()
    assert seen.lost == 0
    assert not [at for at in seen.failed_at if at >= BEFORE], seen.failed_at
    assert seen.closed_politely > CLIENTS / 2
    product.start()
    connection = await asyncpg.connect(product.database_url)
    try:
        stored = await connection.fetchval("select (select count(*) from posts) + (select count(*) from comments)")
    finally:
        await connection.close()
    assert stored >= seen.count(201) > 0


def _busy(product: Product) -> load.Generator:
    """A generator that has been at work for a while."""
    crowd = people(product, 5)
    generator = load.Generator(load.Plan(product.port, reads(crowd) + writes(crowd), RATE, SECONDS, CLIENTS))
    time.sleep(BEFORE)
    return generator


def _seconds_until_ended(pid: int) -> float:
    began = time.monotonic()
    while time.monotonic() - began < 20:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.01)
    return time.monotonic() - began
