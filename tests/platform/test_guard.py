"""The breaker before an engine: when it opens, whom it lets try, and that it never waits longer than its deadline."""

import asyncio
from time import monotonic

import pytest

from tintype.platform import guard
from tintype.platform.guard import EngineDown, Guard


class Answer(Exception):
    """What an engine says on purpose."""


async def fail(to: Guard) -> None:
    with pytest.raises(EngineDown):
        async with to.call():
            raise OSError("refused")


async def test_it_opens_after_failures_in_a_row_and_one_call_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    to = Guard("a", 1)
    for _ in range(guard.FAILURES - 1):
        await fail(to)
    async with to.call():
        pass
    for _ in range(guard.FAILURES):
        await fail(to)
    assert not guard.states()["a"]
    with pytest.raises(EngineDown, match="of late"):
        async with to.call():
            raise AssertionError("asked while it rests")
    monkeypatch.setattr(guard, "monotonic", lambda: monotonic() + guard.REST_SECONDS)
    async with to.call():
        with pytest.raises(EngineDown, match="of late"):
            async with to.call():
                raise AssertionError("two may not try at once")
    assert guard.states()["a"]


async def test_where_there_is_a_probe_nobody_else_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "REST_SECONDS", 0.05)
    is_there = False

    async def probe() -> None:
        async with to.call():
            if not is_there:
                raise OSError("refused")

    to = Guard("e", 1, probe=probe)
    for _ in range(guard.FAILURES):
        await fail(to)
    await asyncio.sleep(0.12)
    with pytest.raises(EngineDown, match="of late"):
        async with to.call():
            raise AssertionError("asked instead of the probe")
    is_there = True
    await asyncio.sleep(0.12)
    assert guard.states()["e"], "nobody asked, and it is known to be back"
    async with to.call():
        pass


async def test_a_probe_ends_with_its_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "REST_SECONDS", 0.01)
    asked = 0

    async def probe() -> None:
        nonlocal asked
        asked += 1
        async with to.call():
            raise OSError("refused")

    to = Guard("f", 1, probe=probe)
    for _ in range(guard.FAILURES):
        await fail(to)
    await asyncio.sleep(0.05)
    to.close()
    await asyncio.sleep(0)
    before = asked
    await asyncio.sleep(0.05)
    assert asked == before > 0


async def test_one_deadline_holds_for_the_whole_call() -> None:
    to = Guard("b", 0.05)
    with pytest.raises(EngineDown, match="TimeoutError"):
        async with to.call():
            await asyncio.Event().wait()


async def test_an_answer_is_no_failure() -> None:
    to = Guard("c", 1, quiet=(Answer,))
    for _ in range(guard.FAILURES + 1):
        with pytest.raises(Answer):
            async with to.call():
                raise Answer
    assert to.is_up


async def test_a_caller_who_goes_away_is_no_failure() -> None:
    to = Guard("d", 5)

    async def wait() -> None:
        async with to.call():
            await asyncio.Event().wait()

    for _ in range(guard.FAILURES + 1):
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert to.is_up


async def test_what_a_driver_says_of_its_address_comes_without_the_password() -> None:
    to = Guard("e", 1)
    with pytest.raises(EngineDown) as told:
        async with to.call():
            raise OSError("cannot reach amqp://ana:hidden@one:5672/")
    assert str(told.value) == "e: OSError: cannot reach amqp://ana:…@one:5672/"
