"""The home feed over HTTP on every engine, against the same on the embedded parts.

    python -m benches.feed_read_big

Two products side by side on one machine, over copies of one database: the musae-github graph (37,700 people) with 20
celebrities, two posts of everybody, 5,000 readers drawn by Zipf. One has Cassandra, Kafka, three masters of Redis, a
replica, a bucket, RabbitMQ and clamd, the other none of these; each has one API process and one worker. After everybody
has read once, wrk with 64 connections asks one and the other in turn, every request with the reader's own token and
both limits counted.

Last figures (2 cores that the engines share): latest 0.97, ranked 1.08; 0.84 (12.9 k against 9.9 k requests/s, 90 and
112 us of CPU) and 0.86 while redis-py packed and read in Python, 0.77 and 0.84 while limits were told to Redis four
times a second and not once. Everybody's first read: 560 against 130 a second, since timelines in Cassandra begin empty
here and are filled as their readers come.
"""

import asyncio
import shutil
import statistics
import tempfile
from collections import deque
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
from tests.engines import big as engines
from tests.engines.big import Big, Place

from benches import town
from benches.feed_read import API, HOME, RANKED, Readers, Run
from benches.harness import SLICES, report
from benches.server import Served, processes
from tintype.entry import preparing
from tintype.platform import auth, db, ids, secrets
from tintype.platform.config import Settings

GRAPH = town.GRAPH.with_name("musae-github.npz")
READERS, AT_ONCE = 5_000, 8
GOAL = ">=0.8"


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="tintype-bench-data-"))
    try:
        with engines.running() as found:
            await _compare(found, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _compare(found: Big, folder: Path) -> None:
    tokens = await _peopled(found.postgres.url, folder / "small")
    shutil.copytree(folder / "small/secrets", folder / "big/secrets")
    place, small = found.place(), Place(found.database(), {})
    chosen: dict[str, Any] = {"data_dir": folder / "big", "database_url": place.url, **place.more}
    await preparing.prepare(Settings(**chosen), place.url)
    async with (
        processes(folder / "small", tokens, API, **_named(small)) as embedded,
        processes(folder / "big", tokens, API, **_named(place)) as everything,
    ):
        small_one, big_one = _readers(embedded), _readers(everything)
        for path in (HOME, RANKED):
            for which, served in (("small", embedded), ("big", everything)):
                print(f"cold, {path} on {which}: {await _read_by_all(served, path):,.0f} requests/s", flush=True)
        for name, path, goal in (("latest", HOME, GOAL), ("ranked", RANKED, "")):
            pairs = [(await small_one.run(path), await big_one.run(path)) for _ in range(SLICES)]
            for which, runs in (("small", [one for one, _ in pairs]), ("big", [one for _, one in pairs])):
                rate, cpu = (statistics.median(each(one) for one in runs) for each in (_rate, _cpu))
                print(f"{name} on {which}: {rate:,.0f} requests/s, {cpu:.0f} us of CPU each")
            report(f"feed_read_big.{name}_cpu_ratio", statistics.median(_cpu(b) / _cpu(a) for a, b in pairs))
            report(f"feed_read_big.{name}_ratio", statistics.median(_rate(b) / _rate(a) for a, b in pairs), goal)


async def _peopled(url: str, folder: Path) -> dict[int, str]:
    """The town, in the database that others are made of."""
    auth.use(secrets.load(Settings(data_dir=folder)), secure=False)
    await db.open(url, name="bench")
    try:
        async with ids.lease(url):
            return (await town.built(url, GRAPH, readers=READERS)).tokens
    finally:
        await db.close()


async def _read_by_all(served: Served, path: str) -> float:
    """Each reader reads this for the first time, until it is answered; how many a second are."""
    waiting, began = deque(served.tokens.values()), monotonic()

    async def read(client: httpx2.AsyncClient) -> None:
        while waiting:
            token = waiting.popleft()
            answer = await client.get(served.base_url + path, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code != 200:
                waiting.append(token)

    async with httpx2.AsyncClient(timeout=30) as client:
        await asyncio.gather(*(read(client) for _ in range(AT_ONCE)))
    return len(served.tokens) / (monotonic() - began)


def _readers(served: Served) -> Readers:
    return Readers(served, town.by_zipf(len(served.tokens), 200_000))


def _named(place: Place) -> dict[str, str]:
    return {f"TINTYPE_{name}": value for name, value in place.environment.items()}


def _rate(one: Run) -> float:
    return one.rate


def _cpu(one: Run) -> float:
    return one.cpu_us


if __name__ == "__main__":
    asyncio.run(main())
