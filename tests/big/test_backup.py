"""The product as processes on every engine: from its first start to a drill with its backup."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.big.homes import has, new_home, until
from tests.engines.big import Big
from tests.engines.people import Somebody, registered
from tests.engines.product import Product, installed
from tests.entry.test_backup import command
from tintype.platform.clients.cassandra import CassandraClient

pytestmark = pytest.mark.timeout(600)
QUICK = {"LOG_LEVEL": "warning", "VIDEO_NICENESS": "0", "LIMIT_POSTS_PER_HOUR": "100000"}


@pytest.fixture
def products() -> Iterator[tuple[Product, Product]]:
    with installed(**QUICK) as first, installed(**QUICK) as second:
        yield first, second


class Writers:
    """People who post, comment, like and delete until told to stop; `done` has what was accepted and stays."""

    def __init__(self, people: list[Somebody]) -> None:
        self._stop = asyncio.Event()
        self.done: list[str] = []
        self._tasks = [asyncio.create_task(self._write(one)) for one in people]

    async def _write(self, person: Somebody) -> None:
        n = 0
        while not self._stop.is_set():
            n += 1
            post = await person.post(f"number {n} #sea", pictures=n % 2)
            await person.comment(post, "well said")
            await person.like(post)
            self.done.append(post["post_id"])
            if n % 3 == 0:
                await person.delete(await person.post("taken back", pictures=1))

    async def have_posted(self, number: int) -> None:
        while len(self.done) < number:
            await asyncio.sleep(0.02)
            for task in self._tasks:
                if task.done():
                    task.result()

    async def end(self) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)


async def test_a_first_start_and_a_drill(products: tuple[Product, Product], big: Big, tmp_path: Path) -> None:
    first, second = products
    home = await new_home(big)
    first.set(**home.environment)
    await made_ready_by_many(first)
    await asyncio.to_thread(first.start)
    ana, ben = [await registered(first.url, name) for name in ("ana", "ben")]
    await ana.ask("PUT", "/users/me", json={"is_private": True})
    await ben.follow(ana)
    await ana.ask("POST", f"/users/me/follow-requests/{ben.id}/accept")
    film, gone = await ana.published(await ana.films("low tide")), await ana.post("to be forgotten", pictures=1)
    picture = await ana.published(await ana.post("high tide", pictures=1))
    await until(lambda: has(ben, film))
    await until(lambda: has(ben, picture))
    client = CassandraClient(home.more["cassandra_url"], seconds=20)
    await until(lambda: holds(client, ben, film))
    await client.close()
    assert any(f"feed:{{{ben.id}}}" in str(node.ask("KEYS", "*")) for node in big.redis.nodes)

    writers = Writers([ana, ben])
    await writers.have_posted(6)
    before = set(writers.done)
    made = await asyncio.to_thread(command, first, "backup", str(tmp_path / "taken"))
    await writers.have_posted(len(writers.done) + 2)
    await writers.end()
    assert made["missing"] == []
    assert made["position"] > 0
    await ana.delete(gone)
    seen = [await ben.see(one) for one in (film, picture)]
    await asyncio.to_thread(first.stop)

    other = (await new_home(big)).environment
    for name, said in (("S3_URL", "media in the bucket"), ("CASSANDRA_URL", "timelines in the keyspace")):
        second.set(**other | {name: first.environment[f"TINTYPE_{name}"]})
        answer = await asyncio.to_thread(second.command, "restore", str(tmp_path / "taken"))
        assert (answer.returncode, said in answer.stderr) == (1, True), answer.stderr
    second.set(**other)
    done = await asyncio.to_thread(command, second, "restore", str(tmp_path / "taken"))
    assert done["objects"] > 10
    await asyncio.to_thread(second.start)
    ana, ben = ana.at(second.url), ben.at(second.url)
    addresses = [address for one in seen for address in one["media"][0]["urls"].values()]
    assert set((await ben.statuses(addresses)).values()) == {200}
    assert {film["post_id"], picture["post_id"]} <= set(await ben.home())
    connection = await asyncpg.connect(second.environment["TINTYPE_DATABASE_URL"])
    there = {str(row["id"]) for row in await connection.fetch("select id from posts")}
    assert await connection.fetchval("select incarnation::text from log_state") != made["incarnation"]
    await connection.close()
    assert before | {film["post_id"], picture["post_id"], gone["post_id"]} <= there
    newer = await ana.published(await ana.post("from the copy", pictures=1))
    await until(lambda: has(ben, newer))
    assert await asyncio.to_thread(command, second, "verify") == []
    await asyncio.to_thread(second.stop)


async def made_ready_by_many(product: Product) -> None:
    """Of several that prepare a new home at once none stumbles over another, and again it changes nothing."""
    for _ in range(2):
        answers = await asyncio.gather(*(asyncio.to_thread(product.command, "migrate") for _ in range(2)))
        for one in answers:
            assert one.returncode == 0, one.stderr
            assert "every engine is ready" in one.stdout


async def holds(client: CassandraClient, reader: Somebody, post: dict[str, Any]) -> bool:
    """Whether a post is in a timeline in Cassandra."""
    rows = await client.rows("select post_id from user_feed where user_id = ?", int(reader.id))
    return (int(post["post_id"]),) in rows
