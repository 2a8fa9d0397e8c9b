"""One long story, told on the embedded parts and on every engine: each answer is the same."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.big.scenario import Story
from tests.engines.big import Place
from tests.engines.postgres import TestServer
from tests.properties import feed_histories
from tests.world import World
from tintype.platform import replicas

SEED, ROUNDS = 20261121, 12


async def told(opened: AbstractAsyncContextManager[World]) -> list[str]:
    async with opened as world:
        return await Story(world, SEED).play(ROUNDS)


def apart(number: int, small: str, big: str) -> str:
    """Where two answers part."""
    parted = next((n for n, (one, other) in enumerate(zip(small, big, strict=False)) if one != other), 0)
    at = max(parted - 60, 0)
    return f"answer {number}: …{small[at : at + 160]}… became …{big[at : at + 160]}…, of {small[:400]}"


@pytest.mark.timeout(600)
async def test_small_and_big_tell_the_same_story(
    postgres_server: TestServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed_histories.narrow(monkeypatch)
    monkeypatch.setattr(replicas, "REST_SECONDS", 0.0)
    by_replica = replicas.READS.labels("replica 1")
    small = await told(feed_histories.opened(postgres_server, tmp_path / "small"))
    before = by_replica.value
    big = await told(feed_histories.opened_on(place.url, tmp_path / "big", **place.more))

    differences = [n for n, (one, other) in enumerate(zip(small, big, strict=False)) if one != other]
    assert not differences, "\n".join(apart(n, small[n], big[n]) for n in differences[:9])
    assert len(small) == len(big)
    assert by_replica.value > before, "the replica has answered too"
    assert sum(": 4" in one for one in small) < len(small) / 2, "most of it comes to something"
