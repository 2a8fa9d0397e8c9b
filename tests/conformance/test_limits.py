"""Limits and revoked sessions that processes share, and what holds while they cannot."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.engines.redis import Cluster, Server
from tintype.domains.accounts.events import SessionRevoked
from tintype.platform import auth, ratelimit, secrets, sessions_redis
from tintype.platform.clients.redis import RedisClient
from tintype.platform.config import Settings
from tintype.platform.errors import TooMany
from tintype.platform.guard import REST_SECONDS
from tintype.platform.ratelimit import (
    REQUESTS_PER_IP,
    REQUESTS_PER_USER,
    Count,
    Rule,
    State,
    give_back,
    take,
    take_each,
)
from tintype.platform.ratelimit_redis import RedisWindows
from tintype.platform.sessions_redis import RedisRevocations

PATIENT_SECONDS = 5.0
A_SECOND = Rule("of a test", "limit_user_per_minute", 1, "user", stored=False)


@pytest.fixture
async def client(engine: Server | Cluster) -> AsyncIterator[RedisClient]:
    found = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    yield found
    await found.close()


@pytest.fixture(params=["memory", "redis_server", "redis_cluster"])
async def limits(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[None]:
    """Five requests a minute for a person, a thousand for an address, counted where the adapter counts them."""
    ratelimit.use(Settings(data_dir=tmp_path, limit_user_per_minute=5, limit_ip_per_minute=1000))
    if request.param == "memory":
        yield
        return
    engine: Server | Cluster = request.getfixturevalue(request.param)
    engine.wipe()
    client = RedisClient(engine.url, seconds=PATIENT_SECONDS)
    async with ratelimit.shared(RedisWindows(client, seconds=PATIENT_SECONDS)):
        yield
    await client.close()


@pytest.mark.usefixtures("limits")
async def test_each_subject_has_its_own_window() -> None:
    assert [(await take(REQUESTS_PER_USER, "ünï:{1}")).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(TooMany) as refused:
        await take(REQUESTS_PER_USER, "ünï:{1}")
    assert 55 <= int(refused.value.headers["Retry-After"]) <= 60
    assert (await take(REQUESTS_PER_USER, "2")).remaining == 4
    assert (await take(REQUESTS_PER_IP, "2")).remaining == 999


@pytest.mark.usefixtures("limits")
async def test_the_tightest_of_several_is_told() -> None:
    found = await take_each((REQUESTS_PER_IP, "a"), (REQUESTS_PER_USER, "1"))
    assert (found.limit, found.remaining) == (5, 4)


@pytest.mark.usefixtures("limits")
async def test_what_is_given_back_can_be_taken_again() -> None:
    for _ in range(5):
        await take(REQUESTS_PER_USER, "1")
    await give_back(REQUESTS_PER_USER, "1")
    await give_back(REQUESTS_PER_USER, "nobody")
    assert (await take(REQUESTS_PER_USER, "1")).remaining == 0
    assert (await take(REQUESTS_PER_USER, "nobody")).remaining == 4


@pytest.mark.usefixtures("limits")
async def test_no_more_than_the_limit_pass_at_the_same_time() -> None:
    found = await asyncio.gather(*(take(REQUESTS_PER_USER, "1") for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(one, State) for one in found) == 5
    assert sum(isinstance(one, TooMany) for one in found) == 45


@pytest.mark.usefixtures("limits")
async def test_a_window_ends_and_the_next_one_is_whole() -> None:
    for _ in range(2):
        assert [(await take(A_SECOND, "1")).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
        with pytest.raises(TooMany) as refused:
            await take(A_SECOND, "1")
        assert refused.value.headers["Retry-After"] == "1"
        await asyncio.sleep(1.1)


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("subject", ["", "päivä:一", "{tag}", "a b\r\n$3", "\N{SNOWMAN}\0", "x" * 10_000])
async def test_any_text_is_a_subject(subject: str) -> None:
    assert [(await take(REQUESTS_PER_USER, subject)).remaining for _ in range(2)] == [4, 3]
    assert (await take(REQUESTS_PER_USER, subject + "!")).remaining == 4


@pytest.mark.usefixtures("limits")
async def test_what_is_refused_is_not_counted() -> None:
    for _ in range(5):
        await take(REQUESTS_PER_USER, "1")
    for _ in range(3):
        with pytest.raises(TooMany):
            await take_each((REQUESTS_PER_USER, "1"))
    await give_back(REQUESTS_PER_USER, "1")
    assert (await take(REQUESTS_PER_USER, "1")).remaining == 0


async def test_processes_count_together(client: RedisClient, tmp_path: Path) -> None:
    ratelimit.use(Settings(data_dir=tmp_path, limit_user_per_minute=5))
    beside = RedisWindows(client, seconds=PATIENT_SECONDS)
    async with ratelimit.shared(RedisWindows(client, seconds=PATIENT_SECONDS)):
        assert (await take(REQUESTS_PER_USER, "1")).remaining == 4
        await asyncio.sleep(ratelimit.TELL_SECONDS * 2)
        assert await beside.add([Count("requests", "2", 60, 5)]) == [(5, 60.0)]
        await beside.add([Count("requests", "1", 60, 2)])
        for left in (3, 0):
            assert (await take(REQUESTS_PER_USER, "1")).remaining == left
            await asyncio.sleep(ratelimit.TELL_SECONDS * 2)
        with pytest.raises(TooMany) as refused:
            await take(REQUESTS_PER_USER, "1")
        assert 50 <= int(refused.value.headers["Retry-After"]) <= 60
        await give_back(REQUESTS_PER_USER, "1")
    (found,) = await beside.add([Count("requests", "1", 60, 0)])
    assert found is not None
    assert found[0] == 4, "what was not told is told at the end"


async def test_nobody_waits_while_it_hangs_and_it_is_told_later(
    engine: Server | Cluster, client: RedisClient, tmp_path: Path
) -> None:
    ratelimit.use(Settings(data_dir=tmp_path, limit_user_per_minute=5))
    here, beside = RedisWindows(client, seconds=PATIENT_SECONDS), RedisWindows(client, seconds=PATIENT_SECONDS)
    async with ratelimit.shared(here):
        here._seconds = 0.05
        engine.pause()
        try:
            async with asyncio.timeout(1):
                assert [(await take(REQUESTS_PER_USER, "1")).remaining for _ in range(5)] == [4, 3, 2, 1, 0]
                with pytest.raises(TooMany):
                    await take(REQUESTS_PER_USER, "1")
            await asyncio.sleep(1)
        finally:
            engine.resume()
        here._seconds = PATIENT_SECONDS
        async with asyncio.timeout(20):
            while ((await beside.add([Count("requests", "1", 60, 0)]))[0] or (0,))[0] != 5:
                await asyncio.sleep(0.1)


async def test_what_one_process_revokes_the_others_soon_know(
    engine: Server | Cluster, client: RedisClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions_redis, "AT_ONCE", 2)
    auth.use(secrets.load(Settings(data_dir=tmp_path)), secure=False)
    before, later, mine, meanwhile, never = (random.getrandbits(60) for _ in range(5))
    here, beside = (RedisRevocations(client, seconds=PATIENT_SECONDS) for _ in range(2))
    for other in range(3):
        await beside.tell(other)
    await beside.tell(before)
    async with auth.shared(here):
        assert auth.is_revoked(before)
        await beside.tell(later)
        await _until_revoked(later)
        assert await beside.news() == [0, 1, 2, before, later]
        auth.heard(SessionRevoked(account_id=1, session_id=mine))
        async with asyncio.timeout(PATIENT_SECONDS):
            while await beside.news() != [mine]:
                await asyncio.sleep(0.01)
        here._seconds = 0.05
        engine.pause()
        await asyncio.sleep(1)
        engine.resume()
        here._seconds = PATIENT_SECONDS
        await asyncio.sleep(REST_SECONDS)
        await beside.tell(meanwhile)
        await _until_revoked(meanwhile)
    assert not auth.is_revoked(never)


async def _until_revoked(session_id: int) -> None:
    async with asyncio.timeout(PATIENT_SECONDS):
        while not auth.is_revoked(session_id):
            await asyncio.sleep(0.01)
