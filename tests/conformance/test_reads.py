"""Plain reads: the same answers from the primary alone and with replicas, whatever becomes of these."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests import world as worlds
from tests.engines.replica import Pair
from tests.world import Person, World
from tintype.domains.feed.reads import entries, popular
from tintype.platform import db, guard, ids, replicas

KEY = b"k" * 32
PATIENCE = 20.0


class Place:
    """A world on a database of one's own, and the server that streams from it."""

    def __init__(self, pair: Pair, world: World, name: str, url: str) -> None:
        self.pair, self.world, self.name, self.url = pair, world, name, url

    @property
    def replica_url(self) -> str:
        return self.pair.replica.url.rpartition("/")[0] + f"/{self.name}"

    async def on_replica(self, sql: str) -> Any:
        connection = await asyncpg.connect(self.replica_url, timeout=5)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    @asynccontextmanager
    async def replay_paused(self) -> AsyncIterator[None]:
        await self.caught_up()
        await self.on_replica("select pg_wal_replay_pause()")
        await until(lambda: self._is_paused())
        try:
            yield
        finally:
            await self.on_replica("select pg_wal_replay_resume()")

    async def _is_paused(self) -> bool:
        return bool(await self.on_replica("select pg_get_wal_replay_pause_state() = 'paused'"))

    async def caught_up(self) -> None:
        """Until replicas are asked, and have everything."""
        async with db.read() as r:
            now = await r.value(replicas.PLACE)

        async def there() -> bool:
            await replicas.look()
            return all(one.fit and one.replayed >= now for one in replicas._replicas)

        await until(there)


async def until(there: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> float:
    """Wait for it; returns how long that took."""
    began = time.monotonic()
    while not await there():
        assert time.monotonic() - began < seconds, "it did not come about"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture
async def place(replicated: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    """Without replicas yet; marks are not waited out."""
    monkeypatch.setattr(replicas, "REST_SECONDS", 0.0)
    name = f"t{uuid4().hex[:12]}"
    admin = await asyncpg.connect(replicated.primary.url.rpartition("/")[0] + "/postgres")
    await admin.execute(f"create database {name} template tintype")
    url = replicated.primary.url.rpartition("/")[0] + f"/{name}"
    try:
        await db.open(url)
        async with ids.lease(url), worlds.opened(url, tmp_path / "data") as world:
            yield Place(replicated, world, name, url)
    finally:
        await db.close()
        replicated.replica.resume()
        replicated.replica.restart()
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


@pytest.fixture(params=["primary", "replica"])
async def reads(request: pytest.FixtureRequest, place: Place) -> AsyncIterator[Place]:
    """Both ways to read; with a replica, once it has everything."""
    urls = [place.replica_url] if request.param == "replica" else []
    async with replicas.opened(urls, KEY):
        await place.caught_up()
        yield place


@pytest.fixture
async def asked(place: Place) -> AsyncIterator[Place]:
    """With a replica."""
    async with replicas.opened([place.replica_url], KEY):
        await place.caught_up()
        yield place


def answered(by: str) -> float:
    """How many plain reads somebody has answered so far."""
    return sum(
        sample.value
        for metric in replicas.READS.collect()
        for sample in metric.samples
        if sample.name.endswith("_total") and sample.labels.get("place") == by
    )


async def texts(who: Any, post: dict[str, Any]) -> list[str]:
    return [one["text"] for one in await who.pages(f"/posts/{post['post_id']}/comments")]


async def names(who: Any, path: str, limit: int = 20) -> list[str]:
    return [one["username"] for one in await who.pages(path, limit)]


async def approved(world: World, author: Person, caption: str = "low tide") -> dict[str, Any]:
    post = await author.post(caption)
    await world.settle()
    return post


async def test_every_list_is_the_same(reads: Place) -> None:
    world = reads.world
    ana, ben, eve = await world.people("ana", "ben", "eve")
    posts = [await approved(world, ana, f"low tide {n} #sea") for n in range(5)]
    await ben.follow(ana)
    await eve.follow(ana)
    for n in range(7):
        await ben.comment(posts[0], f"comment {n} ü🌊")
    first = (await ben.pages(f"/posts/{posts[0]['post_id']}/comments"))[0]
    await eve.comment(posts[0], "reply", first)
    await ben.like(posts[0])
    await eve.like(posts[0])
    await world.settle()
    await reads.caught_up()
    newest_first = [one["post_id"] for one in reversed(posts)]
    for who in (ben, world.visitor):
        assert [one["post_id"] for one in await who.pages("/users/@ana/posts", 2)] == newest_first
        assert [one["post_id"] for one in await who.pages("/hashtags/sea/posts", 2)] == newest_first
        assert await texts(who, posts[0]) == [f"comment {n} ü🌊" for n in range(7)]
        assert [one["text"] for one in await who.pages(f"/comments/{first['comment_id']}/replies")] == ["reply"]
        assert await names(who, f"/posts/{posts[0]['post_id']}/likes", 1) == ["eve", "ben"]
        assert await names(who, "/users/@ana/followers", 1) == ["eve", "ben"]
        assert await names(who, "/users/@ben/following", 1) == ["ana"]
    assert [one["post_id"] for one in await ben.pages("/feed/home", 2)] == newest_first


async def test_own_writes_are_read_at_once_by_many(reads: Place) -> None:
    people = await reads.world.people(*(f"one{n}" for n in range(12)))
    post = await approved(reads.world, people[0])

    async def write_and_read(who: Person) -> None:
        for n in range(5):
            await who.comment(post, f"{who.name} {n}")
            assert f"{who.name} {n}" in await texts(who, post)

    await asyncio.gather(*map(write_and_read, people))


async def test_what_others_take_away_is_gone_at_once(reads: Place) -> None:
    ana, ben, eve = await reads.world.people("ana", "ben", "eve")
    post = await approved(reads.world, ana)
    kept, dropped = await ben.comment(post, "kept"), await ben.comment(post, "dropped")
    await ben.like(post)
    assert await texts(eve, post) == ["kept", "dropped"]
    await reads.caught_up()
    await ben.ask("DELETE", f"/comments/{dropped['comment_id']}")
    assert await texts(eve, post) == [kept["text"]]
    await ben.unlike(post)
    assert await names(eve, f"/posts/{post['post_id']}/likes") == []
    await ben.ask("POST", f"/users/{eve.id}/block")
    assert await texts(eve, post) == []


async def test_the_replica_answers_visitors_and_who_brings_a_mark(asked: Place) -> None:
    ana, ben = await asked.world.people("ana", "ben")
    post = await approved(asked.world, ana)
    await asked.caught_up()
    before = answered("replica 1")
    await texts(asked.world.visitor, post)
    assert answered("replica 1") == before + 1
    await texts(ben, post)  # signed in, and nobody knows what he has written
    assert answered("replica 1") == before + 1
    await asked.caught_up()
    await texts(ben, post)  # he brings the mark that he was given
    assert answered("replica 1") == before + 2


async def test_own_writes_are_seen_while_replay_is_paused(asked: Place) -> None:
    ana, ben, eve = await asked.world.people("ana", "ben", "eve")
    post = await approved(asked.world, ana)
    await texts(eve, post)  # gives her a mark
    async with asked.replay_paused():
        written = await ben.comment(post, "mine")
        before = answered("replica 1")
        assert await texts(ben, post) == ["mine"]
        assert answered("replica 1") == before
        assert await texts(eve, post) == []  # who has written nothing may read a moment later
        assert answered("replica 1") == before + 1
        await ben.ask("DELETE", f"/comments/{written['comment_id']}")
        assert await texts(ben, post) == []
        await ben.comment(post, "mine again")
    await asked.caught_up()
    before = answered("replica 1")
    assert await texts(ben, post) == await texts(eve, post) == ["mine again"]
    assert answered("replica 1") == before + 2


async def test_what_is_taken_away_is_gone_while_replay_is_paused(asked: Place) -> None:
    ana, ben, eve, dan = await asked.world.people("ana", "ben", "eve", "dan")
    post = await approved(asked.world, ana, "low tide #sea")
    dropped = await ben.comment(post, "dropped")
    await ben.like(post)
    for one in (dan, eve):
        await one.follow(ana)
        await texts(one, post)
    async with asked.replay_paused():
        before = answered("replica 1")
        assert await texts(eve, post) == ["dropped"]
        await ben.ask("DELETE", f"/comments/{dropped['comment_id']}")
        assert await texts(eve, post) == []
        await ben.unlike(post)
        assert await names(eve, f"/posts/{post['post_id']}/likes") == []
        await dan.ask("POST", f"/users/{eve.id}/block")
        assert await names(eve, "/users/@ana/followers", 5) == ["eve"]
        await ana.delete(post)
        assert await eve.pages("/hashtags/sea/posts") == await eve.pages("/users/@ana/posts") == []
        assert answered("replica 1") > before


async def test_a_session_stays_with_the_primary_for_a_while_after_a_write(
    asked: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, ben = await asked.world.people("ana", "ben")
    post = await approved(asked.world, ana)
    await ben.comment(post, "mine")
    await asked.caught_up()
    monkeypatch.setattr(replicas, "REST_SECONDS", 60.0)
    before = answered("replica 1")
    await texts(ben, post)
    assert answered("replica 1") == before
    monkeypatch.setattr(replicas, "REST_SECONDS", 0.0)
    await texts(ben, post)
    assert answered("replica 1") == before + 1


@pytest.mark.parametrize("mark", ["", "x", "AAAA", "A" * 43, "ü" * 10, "A" * 1000])
async def test_a_mark_that_is_not_ours_is_none(asked: Place, mark: str) -> None:
    ana, ben = await asked.world.people("ana", "ben")
    post = await approved(asked.world, ana)
    before = answered("replica 1")
    for sent in ({"X-Tintype-Seen": mark}, {"Cookie": f"tintype_seen={mark}"}):
        ben.http.cookies.clear()
        encoded = {name.encode(): value.encode() for name, value in sent.items()}
        found = await ben.http.get(f"/api/v1/posts/{post['post_id']}/comments", headers=encoded)
        assert found.status_code == 200
        assert found.headers["x-tintype-seen"]
    assert answered("replica 1") == before


async def test_a_dead_replica_is_left_and_rejoined(asked: Place) -> None:
    (ana,) = await asked.world.people("ana")
    post = await approved(asked.world, ana)
    await ana.comment(post, "here")
    await asked.caught_up()
    asked.pair.replica.kill()
    for _ in range(20):
        began = time.monotonic()
        assert await texts(asked.world.visitor, post) == ["here"]
        assert time.monotonic() - began < 2
    await until(lambda: _fits(False))
    await ana.comment(post, "meanwhile")
    asked.pair.replica.restart()
    await until(lambda: _fits(True))
    await asked.caught_up()
    before = answered("replica 1")
    assert await texts(asked.world.visitor, post) == ["here", "meanwhile"]
    assert answered("replica 1") == before + 1


async def test_a_hung_replica_is_left_and_rejoined(asked: Place) -> None:
    (ana,) = await asked.world.people("ana")
    post = await approved(asked.world, ana)
    asked.pair.replica.pause()
    began = time.monotonic()
    assert await asyncio.gather(*(texts(asked.world.visitor, post) for _ in range(10))) == [[]] * 10
    assert time.monotonic() - began < replicas.ANSWER_SECONDS + 1
    await until(lambda: _fits(False))
    began = time.monotonic()
    assert await texts(asked.world.visitor, post) == []
    assert time.monotonic() - began < 0.5
    asked.pair.replica.resume()
    await until(lambda: _fits(True))


@pytest.mark.parametrize("limit", ["LAG_BYTES", "LAG_SECONDS"])
async def test_a_lagging_replica_is_left_and_rejoined(
    asked: Place, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, limit, 1000 if limit == "LAG_BYTES" else 0.3)
    (ana,) = await asked.world.people("ana")
    post = await approved(asked.world, ana)
    async with asked.replay_paused():
        for n in range(20):
            await ana.comment(post, f"comment {n}")
        await until(lambda: _fits(False))
        assert len(await texts(asked.world.visitor, post)) == 20
    await until(lambda: _fits(True))


async def test_a_replica_that_lacks_a_table_answers_through_the_primary(asked: Place) -> None:
    async def from_nowhere(r: db.Reader) -> int:
        name = "pg_class" if await r.value("select not pg_is_in_recovery()") else "no_such_table"
        return int(await r.value(f"-- test: somewhere\nselect count(*) from {name}"))

    replicas.begin(signed_in=False)
    async with db.read() as r:
        assert await replicas.aside(r, from_nowhere) > 0


@pytest.mark.parametrize("wrong", ["the primary", "another database"])
async def test_what_is_no_replica_of_this_database_is_not_asked(place: Place, wrong: str) -> None:
    url = place.url if wrong == "the primary" else place.pair.replica.url
    async with replicas.opened([url], KEY):
        await asyncio.sleep(0.5)
        await replicas.look()
        assert await _fits(False)


async def test_a_replica_that_does_not_answer_is_told_as_down(asked: Place) -> None:
    assert guard.states()["replica 1"]
    asked.pair.replica.kill()
    await until(lambda: _told_as_up(False))
    asked.pair.replica.restart()
    await until(lambda: _told_as_up(True))


async def _told_as_up(wanted: bool) -> bool:
    return guard.states()["replica 1"] is wanted


async def test_a_feed_below_what_was_shown_is_the_same_from_a_replica(asked: Place) -> None:
    ana, ben = await asked.world.people("ana", "ben")
    await ben.follow(ana)
    posts = [await approved(asked.world, ana, f"low tide {n}") for n in range(4)]
    await asked.caught_up()
    before = answered("replica 1")
    replicas.begin(signed_in=False)
    below = int(posts[3]["post_id"])
    async with db.read() as r:
        feed_id = await r.value("-- test: where\nselect feed_id from posts where id = $1", below)
        wanted = await entries.page(r, int(ben.id), feed_id, 2)
    found = await entries.entries(int(ben.id), feed_id, 2, deep=True)
    assert answered("replica 1") == before + 1
    assert [str(one.post_id) for one in found.entries] == [one["post_id"] for one in (posts[2], posts[1])]
    assert (found.entries, found.more) == (wanted.entries, wanted.more)


async def test_popular_accounts_have_a_replica_of_their_own(place: Place) -> None:
    ana, ben = await place.world.people("ana", "ben")
    posts = [await approved(place.world, one) for one in (ana, ben)]
    async with db.act(db.SYSTEM) as tx:
        await tx.run(
            "-- test: popular\ninsert into author_delivery (author_id, mode, has_pull) values ($1, 'pull', true) "
            "on conflict (author_id) do update set mode = 'pull', has_pull = true",
            int(ana.id),
        )
    url = place.replica_url
    async with replicas.opened([url], KEY, popular_url=url, popular=popular):
        await place.caught_up()
        before = answered("replica 1"), answered(replicas.POPULAR)
        await texts(place.world.visitor, posts[0])
        assert (answered("replica 1"), answered(replicas.POPULAR)) == (before[0], before[1] + 1)
        await texts(place.world.visitor, posts[1])
        assert (answered("replica 1"), answered(replicas.POPULAR)) == (before[0] + 1, before[1] + 1)


async def _fits(wanted: bool) -> bool:
    return all(one.fit is wanted for one in replicas._replicas)
