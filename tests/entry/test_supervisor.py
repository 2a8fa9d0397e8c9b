"""`tintype serve` as processes: starting, stopping, being killed in part and whole, and who may not start."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import asyncpg
import pytest

from tests.engines.product import Product, installed
from tintype.entry.supervisor import BackOff, Supervisor
from tintype.platform.config import Settings

pytestmark = [pytest.mark.faults, pytest.mark.paired]


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with installed() as found:
        found.start()
        yield found


@pytest.fixture(autouse=True)
def _running(product: Product) -> None:
    if product.process is None:
        product.start()
    product.wait_until_ready()


def test_it_says_where_it_is_and_how_to_become_admin(product: Product) -> None:
    said = product.said()
    assert f"ready: {product.url}" in said
    assert f"data folder: {product.folder / 'data'}" in said
    assert "user promote YOUR_NAME" in said
    with urlopen(product.url, timeout=5) as page:
        assert page.status == 200


def test_it_stops_wholly_and_starts_again_quickly(product: Product) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        began = time.monotonic()
        assert product.stop(number) == 0
        assert time.monotonic() - began <= 10
        assert product.remnants() == []
        assert not (product.folder / "data" / "tintype.lock").exists()
        assert product.start() <= 8


@pytest.mark.parametrize("parts", [["api", "worker"], ["api", "worker", "postgres"]])
def test_what_hangs_is_ended_too(product: Product, parts: list[str]) -> None:
    for part in parts:
        os.kill(product.pid_of(part), signal.SIGSTOP)
    began = time.monotonic()
    assert product.stop() == 0
    assert time.monotonic() - began <= 10
    _until(lambda: product.remnants() == [], 2)
    product.start()


@pytest.mark.parametrize("seen", ["starting PostgreSQL", "migrating", "starting the API"])
def test_it_can_be_stopped_while_it_starts(seen: str) -> None:
    with installed() as other:
        other.launch()
        _until(lambda: seen in other.said())
        began = time.monotonic()
        assert other.stop() == 0
        assert time.monotonic() - began <= 10
        assert other.remnants() == []
        assert not (other.folder / "data" / "tintype.lock").exists()
        other.start()
        assert other.stop() == 0


def test_who_cannot_register_is_told_another_way_to_become_admin() -> None:
    with installed(REGISTRATION="closed") as other:
        other.start()
        assert "user create YOUR_NAME YOUR_EMAIL --admin" in other.said()
        assert other.stop() == 0


@pytest.mark.parametrize("part", ["api", "worker", "postgres"])
def test_a_part_that_is_killed_comes_back(product: Product, part: str) -> None:
    before = product.pid_of(part)
    os.kill(before, signal.SIGKILL)
    _until(lambda: product.pid_of(part) not in {0, before})
    _until(product.is_ready)
    made = product.command("user", "create", f"after.{part}", f"{part}@example.org")
    assert made.returncode == 0, made.stderr
    waited = product.command("log", "lag", "--wait", "20")
    assert waited.returncode == 0, waited.stdout + waited.stderr


async def test_a_database_that_dies_while_it_comes_up_is_started_again(tmp_path: Path) -> None:
    """asyncpg has words of its own for a server that goes between a question and its answer."""
    said: list[str] = []
    supervisor, tries = Supervisor(Settings(data_dir=tmp_path), said.append), 0

    async def start() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise asyncpg.InternalClientError("another operation is in progress")
        supervisor._stop.set()

    await supervisor._keep("PostgreSQL", BackOff(), lambda: -9, start)
    assert (tries, len(said)) == (3, 5), said
    assert said[1] == "PostgreSQL did not start: another operation is in progress"


def test_nothing_outlives_a_supervisor_that_is_killed(product: Product) -> None:
    made = product.command("user", "create", "survivor", "survivor@example.org")
    assert made.returncode == 0, made.stderr
    product.kill()
    _until(lambda: product.remnants() == [])
    product.start()
    again = product.command("user", "create", "survivor", "other@example.org")
    assert again.returncode == 1
    assert "This username is taken." in again.stderr


def test_a_supervisor_that_is_killed_may_be_started_again_at_once(product: Product) -> None:
    product.kill()
    product.start()
    assert product.pid_of("postgres") != 0


def test_a_second_one_on_the_same_folder_is_told_who_holds_it(product: Product) -> None:
    assert product.process is not None
    second = product.command("serve", "--port", str(product.port + 10))
    assert second.returncode == 1
    assert f"in use by `tintype serve`, process {product.process.pid}" in second.stderr


def test_a_second_one_runs_beside_it(product: Product) -> None:
    with installed() as other:
        other.start()
        assert product.is_ready()
        assert other.command("log", "lag").returncode == 0
        assert other.stop() == 0
    assert product.is_ready()


def test_a_port_that_is_taken_is_said_before_anything_is_started() -> None:
    with installed() as other, socket.socket() as taken:
        taken.bind(("127.0.0.1", other.port))
        taken.listen()
        answer = other.command("serve")
        assert answer.returncode == 1
        assert f"127.0.0.1:{other.port} cannot be used" in answer.stderr
        assert "TINTYPE_PORT" in answer.stderr
        assert not (other.folder / "data" / "postgres").exists()


def test_a_part_that_cannot_start_ends_the_whole() -> None:
    with installed(TLS_CERT="/none.pem", TLS_KEY="/none.pem") as other:
        answer = other.command("serve")
        assert answer.returncode == 1
        assert "The api ended 3 times" in answer.stderr
        assert other.remnants() == []


def test_commands_work_while_it_does_not_run(product: Product) -> None:
    assert product.stop() == 0
    made = product.command("user", "create", "early", "early@example.org", "--role", "admin")
    assert made.returncode == 0, made.stderr
    assert "starting its database" in made.stderr
    assert "/reset?token=" in made.stdout
    assert product.remnants() == []
    product.start()
    assert "user promote" not in product.said().rpartition("ready: ")[2]


def _until(fact: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)
