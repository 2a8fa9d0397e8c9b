"""Write-behind: soon, many at a time, bounded, once more at the end, and never in the way."""

import asyncio

import pytest
from prometheus_client import REGISTRY

from tintype.platform import write_behind
from tintype.platform.errors import Unavailable
from tintype.platform.write_behind import A_BATCH, Buffer


class Written:
    """A writer that remembers, and fails as told."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.failures: list[Exception] = []

    async def __call__(self, items: list[int]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.batches.append(items)


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def buffer(written: Written, monkeypatch: pytest.MonkeyPatch) -> Buffer[int]:
    monkeypatch.setattr(write_behind, "_buffers", [])
    return Buffer("test", written, most=2_500)


def counted(outcome: str) -> float:
    labels = {"buffer": "test", "outcome": outcome}
    return REGISTRY.get_sample_value("tintype_write_behind_items_total", labels) or 0.0


async def test_what_waits_is_written_in_batches(buffer: Buffer[int], written: Written) -> None:
    before = counted("written")
    buffer.put(range(A_BATCH + 1))
    await buffer.write()
    assert [len(one) for one in written.batches] == [A_BATCH, 1]
    assert counted("written") - before == A_BATCH + 1
    assert len(buffer) == 0


async def test_the_oldest_make_room(buffer: Buffer[int], written: Written) -> None:
    before = counted("dropped")
    buffer.put(range(3_000))
    assert len(buffer) == 2_500
    assert counted("dropped") - before == 500
    await buffer.write()
    assert written.batches[0][0] == 500


async def test_without_a_database_it_waits_on(buffer: Buffer[int], written: Written) -> None:
    written.failures = [Unavailable()]
    buffer.put([1, 2])
    with pytest.raises(Unavailable):
        await buffer.write()
    buffer.put([3])
    await buffer.write()
    assert written.batches == [[1, 2, 3]]


async def test_what_cannot_be_written_at_all_is_dropped(buffer: Buffer[int], written: Written) -> None:
    written.failures = [ValueError("a bad batch")]
    before = counted("dropped")
    buffer.put([1])
    await buffer.write()
    assert (len(buffer), written.batches, counted("dropped") - before) == (0, [], 1)


async def test_it_is_written_within_a_second_and_at_once_when_a_batch_waits(
    buffer: Buffer[int], written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_behind, "EVERY_SECONDS", 0.05)
    async with write_behind.running():
        buffer.put([1])
        await until(written, 1)
        monkeypatch.setattr(write_behind, "EVERY_SECONDS", 60)
        await asyncio.sleep(0.1)
        buffer.put(range(A_BATCH))
        await until(written, 2)


async def test_a_failure_is_tried_again_and_the_end_writes_the_rest(
    buffer: Buffer[int], written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_behind, "EVERY_SECONDS", 0.02)
    written.failures = [Unavailable()]
    async with write_behind.running():
        buffer.put([1])
        await until(written, 1)
        monkeypatch.setattr(write_behind, "EVERY_SECONDS", 60)
        await asyncio.sleep(0.05)
        buffer.put([2])
    assert written.batches == [[1], [2]]


async def test_the_end_does_not_wait_for_a_database_that_is_gone(buffer: Buffer[int], written: Written) -> None:
    written.failures = [Unavailable()]
    async with write_behind.running():
        buffer.put([1])
    assert written.batches == []


async def until(written: Written, batches: int) -> None:
    async with asyncio.timeout(5):
        while len(written.batches) < batches:
            await asyncio.sleep(0.01)
