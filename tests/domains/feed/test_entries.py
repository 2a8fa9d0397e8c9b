"""Reading a home feed from all its places: timeline, pulled and own posts, stretches, and the posts themselves."""

import asyncio
import random
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from tests.domains.seen import account
from tests.engines.cassandra import sockets_closed
from tintype.domains.feed import reads
from tintype.domains.feed.reads import entries, recent
from tintype.domains.feed.rules import delivery
from tintype.domains.feed.rules.delivery import Limits
from tintype.domains.posts.events import PostPublished
from tintype.platform import db, ids
from tintype.platform.cache import port as cache
from tintype.platform.cache.memory import MemoryCache
from tintype.platform.clients.cassandra import CassandraClient
from tintype.platform.db import Actor, Reader
from tintype.platform.timelines import port as timelines
from tintype.platform.timelines.cassandra import CassandraTimelines
from tintype.platform.timelines.port import Timelines
from tintype.platform.timelines.postgres import PostgresTimelines

NUMBER = count()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_limits", Limits(3, 2, 5))
    cache.use(MemoryCache())
    timelines.use(PostgresTimelines())


async def put(author: Actor, how: str = "push", readers: list[Actor] | None = None) -> int:
    """A published post as the fan-out would leave it; returns its feed_id."""
    feed_id = ids.new(author.id)
    async with db.act(db.SYSTEM) as tx:
        await tx.run(
            "insert into posts (id, author_id, feed_id, type, status, delivery) values ($1, $2, $1, 'TEXT', $4, $3)",
            feed_id,
            author.id,
            how,
            "published",
        )
        if how == "pull":
            await tx.run("insert into author_delivery values ($1, 'pull', true) on conflict do nothing", author.id)
        for one in readers or []:
            await tx.run("insert into timelines values ($1, $2, $2, $3)", one.id, feed_id, author.id)
    return feed_id


async def run(sql: str, *args: object) -> None:
    async with db.act(db.SYSTEM) as tx:
        await tx.run(sql, *args)


async def follow(one: Actor, other: Actor) -> None:
    await run("insert into follows values ($1, $2, 'ACCEPTED', $3, true)", one.id, other.id, ids.new(one.id))


async def scrolled(user: Actor, limit: int) -> tuple[list[int], set[entries.Source]]:
    """Every page, as feed_ids, and the sources they came from."""
    found: list[int] = []
    sources: set[entries.Source] = set()
    before: int | None = None
    while True:
        page = await entries.entries(user.id, before, limit)
        assert len(page.entries) <= limit
        found += [one.feed_id for one in page.entries]
        sources.add(page.source)
        if not page.more:
            return found, sources
        before = found[-1]


async def test_every_place_gives_its_part_at_any_floor_and_page_size(database: str) -> None:
    reader, pushing, pulled, both, stranger = [await account(name) for name in ("ana", "ben", "cy", "dan", "eve")]
    for one in (pushing, pulled, both):
        await follow(reader, one)
    kinds = [(pushing, "push"), (pulled, "pull"), (both, "push"), (both, "pull"), (reader, "push"), (stranger, "push")]
    due = []
    for n in range(40):
        author, how = random.Random(n).choice(kinds)
        feed_id = await put(author, how, [reader] if how == "push" and author in (pushing, both) else [])
        due += [feed_id] if author is not stranger else []
    due.sort(reverse=True)
    async with db.read() as r:
        assert await reads.truth(r, reader.id) == due
    for floor in (0, due[-1], due[20], due[3], due[0] + 1, ids.LARGEST):
        await run("delete from timeline_state")
        await run("insert into timeline_state values ($1, $2)", reader.id, floor)
        for limit in (1, 2, 7, 39, 40, 100):
            found, sources = await scrolled(reader, limit)
            assert found == due, (floor, limit)
            assert sources <= {"timeline", "sql"}
            assert floor or sources == {"timeline"}


async def test_nobody_to_follow_and_nothing_posted(database: str) -> None:
    ana = await account("ana")
    assert await entries.entries(ana.id, None, 5) == entries.Stretch([], False, "timeline")
    own = await put(ana)
    assert [one.feed_id for one in (await entries.entries(ana.id, None, 5)).entries] == [own]
    assert (await entries.entries(ana.id, own, 5)).entries == []


async def test_the_last_posts_of_who_is_pulled_are_remembered_until_there_are_others(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MOST", 4)
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    posts = [await put(ana, "pull") for _ in range(7)][::-1]
    assert (await scrolled(ben, 2))[0] == posts, "also below what is remembered"
    assert (await scrolled(ben, 10))[0] == posts
    newer = await put(ana, "pull")
    assert [one.feed_id for one in (await entries.entries(ben.id, None, 2)).entries] == posts[:2]
    recent.heard(PostPublished(author_id=ana.id, post_id=newer, feed_id=newer))
    assert (await scrolled(ben, 2))[0] == [newer, *posts]
    async with db.read() as r:
        assert [one.feed_id for one in (await entries.page(r, ben.id, None, 1)).entries] == [newer]


async def test_what_was_read_while_there_came_a_new_post_is_not_remembered(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = await account("ana"), await account("ben")
    await follow(ben, ana)
    first = await put(ana, "pull")
    rows = Reader.rows

    async def slowly(self: Reader, sql: str, *args: object) -> Any:
        found = await rows(self, sql, *args)
        if sql == recent.RECENT:
            recent.heard(PostPublished(author_id=ana.id, post_id=1, feed_id=1))
            await asyncio.sleep(0)
        return found

    monkeypatch.setattr(Reader, "rows", slowly)
    assert (await scrolled(ben, 5))[0] == [first]
    assert await cache.cache().get(f"recent:{ana.id}") is None


@pytest.fixture
async def nothing_there() -> AsyncIterator[Timelines]:
    """Timelines of a store that does not answer."""
    with sockets_closed():
        client = CassandraClient("cassandra://127.0.0.1:9/tintype?replication=1")
        yield CassandraTimelines(client)
        await client.close()


async def test_where_timelines_are_down_a_feed_is_read_from_stretches_and_posts(
    database: str, nothing_there: Timelines
) -> None:
    reader, author = await account("ana"), await account("ben")
    await follow(reader, author)
    due = [await put(author, "pull" if n % 5 == 0 else "push", [reader]) for n in range(12)][::-1]
    timelines.use(nothing_there)
    assert await scrolled(reader, 5) == (due, {"sql"})
    assert not (await entries.entries(reader.id, None, 5)).returning, "nobody was away"
    stretch = [due[2:9]] * 2 + [[author.id] * 7]
    await run("insert into timeline_backfills values ($1, $2, $3, $4, $5, $6)", reader.id, due[1], due[8], *stretch)
    page = await entries.entries(reader.id, due[3], 4)
    assert (page.source, [one.feed_id for one in page.entries]) == ("backfill", due[4:8])
    assert await scrolled(reader, 2) == (due, {"sql", "backfill"})
