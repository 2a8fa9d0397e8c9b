"""Five times what it can do is asked of a running product: it answers what it lets in quickly, and refuses the rest."""

import time
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from tests.engines import load
from tests.engines.product import Product, installed
from tests.faults.crowd import people, reads

CAPACITY_SECONDS, OVERLOAD_SECONDS = 3.0, 6.0
TRIES = 3  # the machine may be busy with other things just then

pytestmark = [pytest.mark.faults, pytest.mark.alone, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with installed(LOG_LEVEL="warning") as found:
        found.start()
        yield found


@pytest.fixture(scope="module")
def requests(product: Product) -> list[str]:
    return reads(people(product, 6))


def test_what_is_let_in_stays_fast_and_the_rest_is_told_when_to_come_back(
    product: Product, requests: list[str]
) -> None:
    for attempt in range(TRIES):
        capacity = _capacity(product, requests)
        seen, alive = _overloaded(product, requests, 5 * capacity)
        answered, refused = seen.count(200), seen.count(503)
        within, slowest_alive = seen.share(200, 0.95), max(alive)
        print(  # noqa: T201 - the figures that this test is about
            f"capacity {capacity:.0f}/s, asked {5 * capacity:.0f}/s: {answered} answered, p95 {within * 1000:.0f} ms; "
            f"{refused} refused; /livez at most {slowest_alive * 1000:.0f} ms of {len(alive)}"
        )
        assert seen.lost == seen.refused == seen.without_retry_after == 0
        assert answered + refused == sum(map(len, seen.took.values())), list(seen.took)
        assert refused > answered
        if within < 0.2 and slowest_alive < 0.1 and answered > capacity * OVERLOAD_SECONDS / 5:
            break
        assert attempt < TRIES - 1, "too slow"


def test_it_is_itself_again_afterwards(product: Product, requests: list[str]) -> None:
    time.sleep(1)
    seen = load.Generator(load.Plan(product.port, requests, 20, 1.5, 4)).seen()
    assert seen.count(200) == sum(map(len, seen.took.values())) > 10
    with urlopen(f"http://127.0.0.1:{product.port + 1}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    shed = [line for line in lines if line.startswith("tintype_http_shed_total") and 'kind="soon"' in line]
    assert sum(float(line.rpartition(" ")[2]) for line in shed) > 0


def _capacity(product: Product, requests: list[str]) -> float:
    """Requests a second, as many as eight clients get answered."""
    load.Generator(load.Plan(product.port, requests, 0, 1.0, 8)).seen()
    seen = load.Generator(load.Plan(product.port, requests, 0, CAPACITY_SECONDS, 8)).seen()
    return seen.count(200) / CAPACITY_SECONDS


def _overloaded(product: Product, requests: list[str], rate: float) -> tuple[load.Seen, list[float]]:
    """What came back at that rate, and how long `/livez` took meanwhile."""
    generator = load.Generator(load.Plan(product.port, requests, rate, OVERLOAD_SECONDS, 500))
    alive: list[float] = []
    while generator.is_at_work and len(alive) < OVERLOAD_SECONDS / 0.06:
        began = time.perf_counter()
        with urlopen(f"http://127.0.0.1:{product.port + 1}/livez", timeout=5) as answer:
            assert answer.status == 200
        alive.append(time.perf_counter() - began)
        time.sleep(0.05)
    return generator.seen(), alive
