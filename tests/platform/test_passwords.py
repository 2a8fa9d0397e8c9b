"""Passwords: nothing is cut, nobody is recognised by time, and a crowd is told to come back."""

import asyncio
import statistics
import time
import unicodedata
from collections.abc import Iterator

import pytest

from tintype.platform import passwords
from tintype.platform.errors import Unavailable


@pytest.fixture(autouse=True)
def cheap() -> Iterator[None]:
    passwords.use_cost(4)
    yield
    passwords.use_cost(12)
    passwords.close()


@pytest.mark.parametrize(
    "password",
    ["x" * 8, "x" * 1024, "пароль-на-русском", "👩‍👩‍👧‍👦" * 40, "with\ttab and ünïcode", "x" * 71 + "ÿ" * 3],
)
async def test_the_whole_password_counts(password: str) -> None:
    hashed = await passwords.hash(password)
    assert await passwords.verify(password, hashed)
    assert not await passwords.verify(password + "!", hashed)
    assert not await passwords.verify(password[:-1], hashed)
    assert not await passwords.verify(password[:-1] + chr(ord(password[-1]) + 1), hashed)


async def test_the_way_of_typing_an_accent_does_not_count() -> None:
    hashed = await passwords.hash(unicodedata.normalize("NFD", "crème brûlée"))
    assert await passwords.verify(unicodedata.normalize("NFC", "crème brûlée"), hashed)


async def test_nobody_has_no_password() -> None:
    assert not await passwords.verify("anything", None)
    assert not await passwords.verify("", None)
    assert not await passwords.verify("anything", "not a hash")


async def test_cost_is_in_the_hash_and_an_old_one_shows() -> None:
    hashed = await passwords.hash("correct horse")
    assert hashed.startswith("$2b$04$")
    assert not passwords.outdated(hashed)
    passwords.use_cost(5)
    assert passwords.outdated(hashed)
    assert await passwords.verify("correct horse", hashed), "it still opens"


async def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    passwords.use_cost(9)
    hashed = await passwords.hash("correct horse")

    async def median(known: str | None) -> float:
        took = []
        for _ in range(9):
            began = time.perf_counter()
            assert not await passwords.verify("battery staple", known)
            took.append(time.perf_counter() - began)
        return statistics.median(took)

    wrong, unknown = await median(hashed), await median(None)
    assert 0.5 < unknown / wrong < 2, (wrong, unknown)


async def test_the_loop_goes_on_and_a_crowd_is_told_to_come_back() -> None:
    passwords.use_cost(10)
    crowd = passwords.THREADS + passwords.WAITING
    waiting = [asyncio.create_task(passwords.hash(f"password {n}")) for n in range(crowd)]
    began = time.perf_counter()
    await asyncio.sleep(0)
    assert time.perf_counter() - began < 0.5
    with pytest.raises(Unavailable) as refused:
        await passwords.hash("one too many")
    assert refused.value.headers["Retry-After"] == "2"
    for task in waiting[2:]:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    passwords.close()
    assert await passwords.hash("there is room again")
