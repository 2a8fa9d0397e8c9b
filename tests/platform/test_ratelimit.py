"""Limits in memory and in PostgreSQL, and whose address counts."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tintype.platform import clock, ratelimit
from tintype.platform.config import Settings
from tintype.platform.errors import TooMany
from tintype.platform.ratelimit import (
    POSTS_PER_HOUR,
    REQUESTS_PER_IP,
    REQUESTS_PER_USER,
    State,
    client_ip,
    give_back,
    ip_subject,
    take,
)


@pytest.fixture(autouse=True)
def settings(tmp_path: Path) -> Iterator[Settings]:
    found = Settings(data_dir=tmp_path, limit_user_per_minute=5, limit_posts_per_hour=3)
    ratelimit.use(found)
    yield found
    clock.shift(timedelta())


async def test_requests_are_counted_for_each_person(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(clock, "monotonic", lambda: now)
    assert [(await take(REQUESTS_PER_USER, "1")).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
    now += 20
    with pytest.raises(TooMany) as refused:
        await take(REQUESTS_PER_USER, "1")
    assert refused.value.headers == {
        "Retry-After": "40",
        "RateLimit-Limit": "5",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "40",
    }
    assert (await take(REQUESTS_PER_USER, "2")).remaining == 4
    assert (await take(REQUESTS_PER_IP, "1")).remaining == 999, "another rule counts apart"
    now += 40
    assert await take(REQUESTS_PER_USER, "1") == State(5, 4, 60)


async def test_memory_is_bounded_and_lets_go_of_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimit, "SUBJECTS_MOST", 100)
    for n in range(1000):
        await take(REQUESTS_PER_USER, str(n))
    assert len(ratelimit._windows) <= 100
    assert ("requests", "999") in ratelimit._windows


async def test_switched_off_counts_nothing(tmp_path: Path) -> None:
    ratelimit.use(Settings(data_dir=tmp_path, rate_limits=False, limit_user_per_minute=1))
    for _ in range(3):
        assert await take(REQUESTS_PER_USER, "1") == State(1, 1, 0)


@pytest.mark.usefixtures("database")
async def test_acts_are_counted_in_the_database(settings: Settings) -> None:
    assert [(await take(POSTS_PER_HOUR, "1")).remaining for _ in range(3)] == [2, 1, 0]
    ratelimit.use(settings)  # as after a restart
    with pytest.raises(TooMany) as refused:
        await take(POSTS_PER_HOUR, "1")
    assert 0 < int(refused.value.headers["Retry-After"]) <= 3600
    clock.shift(timedelta(hours=1))
    assert (await take(POSTS_PER_HOUR, "1")).remaining == 2


@pytest.mark.usefixtures("database")
async def test_no_more_than_the_limit_gets_through_at_once() -> None:
    found = await asyncio.gather(*(take(POSTS_PER_HOUR, "7") for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(one, State) for one in found) == 3
    assert all(isinstance(one, State | TooMany) for one in found)


@pytest.mark.usefixtures("database")
async def test_what_came_to_nothing_is_given_back() -> None:
    await take(POSTS_PER_HOUR, "1")
    await give_back(POSTS_PER_HOUR, "1")
    await give_back(POSTS_PER_HOUR, "1")
    assert (await take(POSTS_PER_HOUR, "1")).remaining == 2
    await take(REQUESTS_PER_USER, "1")
    await give_back(REQUESTS_PER_USER, "1")
    await give_back(REQUESTS_PER_USER, "nobody")
    assert (await take(REQUESTS_PER_USER, "1")).remaining == 4


@pytest.mark.usefixtures("database")
async def test_a_limit_of_nothing_lets_nothing_through(tmp_path: Path) -> None:
    ratelimit.use(Settings(data_dir=tmp_path, limit_posts_per_hour=0))
    with pytest.raises(TooMany):
        await take(POSTS_PER_HOUR, "1")


def test_the_tightest_is_told() -> None:
    assert ratelimit.tightest(State(100, 7, 20), State(10, 2, 900), State(1000, 800, 5)) == State(10, 2, 900)
    assert ratelimit.tightest(State(100, 0, 20), State(10, 0, 900)) == State(10, 0, 900)


PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.1", None, "198.51.100.1"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9:1234", "203.0.113.9"),
        ("fd00::1", "[2001:db8::1]:443", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", None, "fe80::1"),
        (None, "203.0.113.9", "unknown"),
        ("", None, "unknown"),
    ],
)
def test_the_right_most_address_that_is_no_proxy_counts(peer: str | None, forwarded: str | None, client: str) -> None:
    assert client_ip(peer, forwarded, PROXIES) == client


addresses = st.ip_addresses().map(str)


@given(addresses, st.lists(addresses, max_size=5))
def test_without_trusted_proxies_nobody_can_pretend(peer: str, forwarded: list[str]) -> None:
    assert client_ip(peer, ", ".join(forwarded), ()) == client_ip(peer, None, ())


@given(st.lists(st.one_of(addresses, st.text(max_size=20)), max_size=6), st.ip_addresses(v=4).map(str))
def test_what_a_client_sends_does_not_change_its_own_address(claimed: list[str], own: str) -> None:
    """The proxy appends the address it saw; whatever stands before it came from the client."""
    trusted = (ip_network("10.1.2.3/32"),)
    if own == "10.1.2.3":
        return
    assert client_ip("10.1.2.3", ", ".join([*claimed, own]), trusted) == own


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_header_gives_some_subject(peer: str, forwarded: str) -> None:
    assert ip_subject(client_ip(peer, forwarded, PROXIES))


def test_ipv6_counts_by_network() -> None:
    assert ip_subject("2001:db8:1:2:3:4:5:6") == ip_subject("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert ip_subject("2001:db8:1:3::1") != ip_subject("2001:db8:1:2::1")
    assert ip_subject("192.0.2.1") == "192.0.2.1"
    assert ip_subject("unknown") == "unknown"


def test_names_are_not_stored_in_clear() -> None:
    assert "ana" not in ratelimit.name_subject("ana@example.org")
